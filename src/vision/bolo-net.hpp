/* bolo-net.hpp: a net that runs on one core, whatever library runs it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace bolo
{

/* What a net gave: channels x height x width floats, in that order. */
struct Maps {
  int channels = 0;
  int height = 0;
  int width = 0;
  std::vector<float> values;
};

/* A net with one grey picture as input. Not thread-safe; throws std::exception on failure. */
class Net
{
public:
  virtual ~Net () = default;
  /* @input: @height rows of @width floats. */
  virtual void run (const float *input, int width, int height, Maps &maps) = 0;
};

/* Any net that OpenCV can import. */
std::unique_ptr<Net> make_opencv_net (const uint8_t *onnx, size_t length);
/* Chains of Conv, Relu, MaxPool, Add and doubling Resize only, which is what our nets are made
 * of; throws std::runtime_error on any other. Two to four times as fast as OpenCV's. In bfloat16
 * (eight bits of mantissa, sums in float) twice as fast again, where the processor has it. */
std::unique_ptr<Net> make_onednn_net (const uint8_t *onnx, size_t length, bool is_bfloat16);
/* Whether this processor multiplies in bfloat16. */
bool has_bfloat16 ();

} // namespace bolo
