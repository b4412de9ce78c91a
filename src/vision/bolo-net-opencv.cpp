/* bolo-net-opencv.cpp: runs a net with OpenCV
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-net.hpp"

#include <cstring>
#include <stdexcept>

#include <opencv2/dnn.hpp>

namespace bolo
{

namespace
{

class OpencvNet : public Net
{
public:
  OpencvNet (const uint8_t *onnx, size_t length)
      : net (cv::dnn::readNetFromONNX (reinterpret_cast<const char *> (onnx), length))
  {
    if (net.empty ())
      throw std::runtime_error ("OpenCV finds no net in it");
    net.setPreferableBackend (cv::dnn::DNN_BACKEND_OPENCV);
    net.setPreferableTarget (cv::dnn::DNN_TARGET_CPU);
  }

  void
  run (const float *input, int width, int height, Maps &maps) override
  {
    const int sizes[] = {1, 1, height, width};

    net.setInput (cv::Mat (4, sizes, CV_32F, const_cast<float *> (input)));
    cv::Mat output = net.forward ();

    if (output.dims != 4 || output.type () != CV_32F || output.size[0] != 1)
      throw std::runtime_error ("the net's output is not a stack of maps");
    maps.channels = output.size[1];
    maps.height = output.size[2];
    maps.width = output.size[3];
    maps.values.resize (output.total ());
    std::memcpy (maps.values.data (), output.ptr<float> (), output.total () * sizeof (float));
  }

private:
  cv::dnn::Net net;
};

} // namespace

std::unique_ptr<Net>
make_opencv_net (const uint8_t *onnx, size_t length)
{
  return std::make_unique<OpencvNet> (onnx, length);
}

} // namespace bolo
