/* bolo-cv.cpp: finds, rectifies and reads plates with OpenCV and oneDNN; no exception leaves it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cv.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "bolo-boxes.h"
#include "bolo-ctc.h"
#include "bolo-error.h"
#include "bolo-model-card.h"
#include "bolo-net.hpp"

/* A reading surer than this is not read a second time. */
#define SURE_CONFIDENCE 0.9f
/* Lettering on vans and signs reads well and scores less than this as a plate. */
#define WEAK_BOX 0.5f
/* Texts that a plate may have. */
#define MIN_TEXT 2
/* A text whose first or last character is that near to its cut's border, in columns, may go on: the
 * cut is made wider there by this much of its width, about a character, so many times. What is read
 * then counts from this confidence on. */
#define NEAR_END 4.5f
#define WIDER 0.15f
#define MAX_WIDER 3
#define WIDER_CONFIDENCE 0.5f
#define LEAST_TO_FOLLOW 3 /* characters */
/* A straight look: a window of the net's, the plate this wide in its middle. */
#define STRAIGHT_WIDTH 192
#define STRAIGHT_HEIGHT 96
#define STRAIGHT_PLATE 100.0f
#define STRAIGHT_LOWEST 20.0f
#define STRAIGHT_HIGHEST 56.0f
/* Its lines lean at most so much, tried in so many steps each way; so much clearer than upright. */
#define LEAN_MOST 0.6
#define LEAN_STEPS 12
#define LEAN_CLEAR 1.03

struct _BoloCv {
  BoloModelCard *detector_card;
  BoloModelCard *reader_card;
  std::unique_ptr<bolo::Net> detector;
  std::unique_ptr<bolo::Net> reader;
  const char *backend;
  /* kept from call to call, so that a frame allocates little */
  cv::Mat canvas;
  std::vector<float> input;
  bolo::Maps maps;
};

namespace
{

typedef float Corners[4][2];

/* Runs @work; whatever it throws becomes @error. */
template <typename Work>
gboolean
fence (const char *what, GError **error, Work work)
{
  try {
    work ();
    return TRUE;
  } catch (const cv::Exception &exception) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INTERNAL, "%s: %s", what, exception.err.c_str ());
  } catch (const std::exception &exception) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INTERNAL, "%s: %s", what, exception.what ());
  } catch (...) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INTERNAL, "%s: unknown failure", what);
  }
  return FALSE;
}

/* Subtracts the mean, divides by standard deviation + 4: the nets were trained so. */
void
normalise (const cv::Mat &grey, std::vector<float> &out)
{
  size_t n = grey.total ();
  const uint8_t *pixels = grey.ptr<uint8_t> ();
  uint64_t sum = 0;
  uint64_t squares = 0;

  for (size_t i = 0; i < n; i++) {
    sum += pixels[i];
    squares += static_cast<uint64_t> (pixels[i]) * pixels[i];
  }
  double mean = static_cast<double> (sum) / static_cast<double> (n);
  double variance = static_cast<double> (squares) / static_cast<double> (n) - mean * mean;
  float scale = static_cast<float> (1.0 / (std::sqrt (std::max (variance, 0.0)) + 4.0));
  float shift = static_cast<float> (mean);

  out.resize (n);
  for (size_t i = 0; i < n; i++)
    out[i] = (static_cast<float> (pixels[i]) - shift) * scale;
}

cv::Mat
wrap (const BoloCvImage *image)
{
  return cv::Mat (image->height, image->width, CV_8UC1, const_cast<guint8 *> (image->data),
                  static_cast<size_t> (image->stride));
}

/* Scales @grey into the top left of the canvas, the rest is its mean. Returns the factor. */
float
fill_canvas (BoloCv *self, const cv::Mat &grey, int net_width, int net_height)
{
  float factor =
    std::min ({static_cast<float> (net_width) / static_cast<float> (grey.cols),
               static_cast<float> (net_height) / static_cast<float> (grey.rows), 2.0f});
  int width = std::clamp (static_cast<int> (std::lround (grey.cols * factor)), 1, net_width);
  int height = std::clamp (static_cast<int> (std::lround (grey.rows * factor)), 1, net_height);

  self->canvas.create (net_height, net_width, CV_8UC1);
  cv::Mat part = self->canvas (cv::Rect (0, 0, width, height));

  cv::resize (grey, part, part.size (), 0, 0, factor < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  if (width < net_width || height < net_height) {
    double mean = cv::mean (part)[0];

    if (width < net_width)
      self->canvas (cv::Rect (width, 0, net_width - width, net_height)).setTo (std::round (mean));
    if (height < net_height)
      self->canvas (cv::Rect (0, height, width, net_height - height)).setTo (std::round (mean));
  }
  return factor;
}

void
scale_box (BoloCvBox *box, float scale)
{
  box->left *= scale;
  box->top *= scale;
  box->right *= scale;
  box->bottom *= scale;
  for (auto &corner : box->corners) {
    corner[0] *= scale;
    corner[1] *= scale;
  }
}

/* The quad moved outwards along its own sides: @margin_x of its width left and right, @margin_y
 * of its height at the top and the bottom. */
void
grow_quad (const Corners in, float margin_x, float margin_y, cv::Point2f out[4])
{
  cv::Point2f c[4];

  for (int i = 0; i < 4; i++)
    c[i] = cv::Point2f (in[i][0], in[i][1]);
  cv::Point2f top = (c[1] - c[0]) * margin_x;
  cv::Point2f bottom = (c[2] - c[3]) * margin_x;
  cv::Point2f left = (c[3] - c[0]) * margin_y;
  cv::Point2f right = (c[2] - c[1]) * margin_y;

  out[0] = c[0] - top - left;
  out[1] = c[1] + top - right;
  out[2] = c[2] + bottom + right;
  out[3] = c[3] - bottom + left;
}

/* Cuts the quad out straight; from a large one in steps, so that thin strokes do not alias. */
cv::Mat
rectify (const cv::Mat &grey, const cv::Point2f quad[4], int width, int height)
{
  double length = std::max (cv::norm (quad[1] - quad[0]), cv::norm (quad[2] - quad[3]));
  int times = length > 2.5 * width ? 4 : length > 1.25 * width ? 2 : 1;
  float w = static_cast<float> (width * times);
  float h = static_cast<float> (height * times);
  const cv::Point2f target[4] = {{0, 0}, {w, 0}, {w, h}, {0, h}};
  cv::Mat out;
  cv::Mat transform = cv::getPerspectiveTransform (quad, target);

  cv::warpPerspective (grey, out, transform, cv::Size (width * times, height * times),
                       cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  if (times > 1)
    cv::resize (out, out, cv::Size (width, height), 0, 0, cv::INTER_AREA);
  return out;
}

/* Takes the parallelogram nearest to the quad to a level rectangle in the middle of a window. */
cv::Matx33d
get_levelling (const Corners corners, float *height)
{
  cv::Point2f c[4];

  for (int i = 0; i < 4; i++)
    c[i] = cv::Point2f (corners[i][0], corners[i][1]);
  cv::Point2f across = (c[1] - c[0] + c[2] - c[3]) / 2;
  cv::Point2f down = (c[3] - c[0] + c[2] - c[1]) / 2;
  cv::Point2f middle = (c[0] + c[1] + c[2] + c[3]) / 4;
  double sides = cv::norm (down) / std::max (cv::norm (across), 1e-3);

  *height =
    std::clamp (static_cast<float> (sides) * STRAIGHT_PLATE, STRAIGHT_LOWEST, STRAIGHT_HIGHEST);
  const cv::Point2f from[3] = {middle, middle + across, middle + down};
  const cv::Point2f centre (STRAIGHT_WIDTH / 2.0f, STRAIGHT_HEIGHT / 2.0f);
  const cv::Point2f to[3] = {centre, centre + cv::Point2f (STRAIGHT_PLATE, 0),
                             centre + cv::Point2f (0, *height)};
  cv::Mat affine = cv::getAffineTransform (from, to);
  cv::Matx33d whole = cv::Matx33d::eye ();

  for (int y = 0; y < 2; y++)
    for (int x = 0; x < 3; x++)
      whole (y, x) = affine.at<double> (y, x);
  return whole;
}

/* Fills the canvas with what @levelling shows; from a large plate in steps, as when reading. */
void
fill_straight (BoloCv *self, const cv::Mat &grey, const cv::Matx33d &levelling, float width)
{
  int times = width > 2.5f * STRAIGHT_PLATE ? 4 : width > 1.25f * STRAIGHT_PLATE ? 2 : 1;
  const cv::Matx23d shown (levelling (0, 0) * times, levelling (0, 1) * times,
                           levelling (0, 2) * times, levelling (1, 0) * times,
                           levelling (1, 1) * times, levelling (1, 2) * times);
  cv::Mat large;

  cv::warpAffine (grey, large, shown, cv::Size (STRAIGHT_WIDTH * times, STRAIGHT_HEIGHT * times),
                  cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  cv::resize (large, self->canvas, cv::Size (STRAIGHT_WIDTH, STRAIGHT_HEIGHT), 0, 0,
              cv::INTER_AREA);
}

/* Back to the picture. */
void
move_corners (BoloCvBox *box, const cv::Matx33d &by)
{
  box->left = box->top = INFINITY;
  box->right = box->bottom = -INFINITY;
  for (auto &corner : box->corners) {
    cv::Vec3d moved = by * cv::Vec3d (corner[0], corner[1], 1);

    corner[0] = static_cast<float> (moved[0]);
    corner[1] = static_cast<float> (moved[1]);
    box->left = std::min (box->left, corner[0]);
    box->right = std::max (box->right, corner[0]);
    box->top = std::min (box->top, corner[1]);
    box->bottom = std::max (box->bottom, corner[1]);
  }
}

/* How sharply the profile of gradients stands out when the window's lines lean so much: the edges
 * of the plate and of its characters then fall into one place. Each row of @gradient crosses the
 * lines, the first of them @first before the middle of the window. */
double
get_alignment (const cv::Mat &gradient, int first, double lean)
{
  constexpr int room = STRAIGHT_WIDTH / 2; /* at either side, for what leans out */
  int sums[2 * STRAIGHT_WIDTH] = {0};
  double energy = 0;

  for (int y = 0; y < gradient.rows; y++) {
    const int32_t *row = gradient.ptr<int32_t> (y);
    int *into = sums + room - static_cast<int> (std::lround (lean * (y - first)));

    for (int x = 0; x < gradient.cols; x++)
      into[x] += row[x];
  }
  for (int sum : sums)
    energy += static_cast<double> (sum) * sum;
  return energy;
}

/* The lean at which the lines of the window stand out best; 0 when none does clearly. */
double
find_lean (const cv::Mat &window, const cv::Rect &part, bool is_down)
{
  const int first = is_down ? STRAIGHT_HEIGHT / 2 - part.y : STRAIGHT_WIDTH / 2 - part.x;
  cv::Mat soft, gradient, rows;
  double best = 0;

  cv::GaussianBlur (window, soft, cv::Size (3, 3), 0);
  cv::Sobel (soft, gradient, CV_16S, is_down ? 1 : 0, is_down ? 0 : 1);
  gradient = cv::min (cv::max (gradient (part), -200), 200);
  (is_down ? gradient : cv::Mat (gradient.t ())).convertTo (rows, CV_32S);
  double most = get_alignment (rows, first, 0) * LEAN_CLEAR;

  for (int i = -LEAN_STEPS; i <= LEAN_STEPS; i++) {
    double lean = LEAN_MOST * i / LEAN_STEPS;
    double energy = get_alignment (rows, first, lean);

    if (energy > most) {
      most = energy;
      best = lean;
    }
  }
  return best;
}

/* Corners of a plate seen from the side are rough, its lines are not: the rows made level by the
 * edges above and below, then the characters upright by theirs. The canvas holds the window. */
cv::Matx33d
align (BoloCv *self, const cv::Mat &grey, const cv::Matx33d &levelling, float width, float height)
{
  constexpr double middle_x = STRAIGHT_WIDTH / 2.0;
  constexpr double middle_y = STRAIGHT_HEIGHT / 2.0;
  const int margin = static_cast<int> (STRAIGHT_PLATE * 0.46f);
  const int half = static_cast<int> (height * 0.42f);
  const cv::Rect around (STRAIGHT_WIDTH / 2 - margin - 14, 8, 2 * (margin + 14),
                         STRAIGHT_HEIGHT - 16);
  const cv::Rect inside (STRAIGHT_WIDTH / 2 - margin, STRAIGHT_HEIGHT / 2 - half, 2 * margin,
                         2 * half);
  cv::Matx33d aligned = levelling;
  double slope = find_lean (self->canvas, around, false);

  if (slope != 0) {
    aligned = cv::Matx33d (1, 0, 0, -slope, 1, slope * middle_x, 0, 0, 1) * aligned;
    fill_straight (self, grey, aligned, width);
  }
  double lean = find_lean (self->canvas, inside, true);

  if (lean != 0) {
    aligned = cv::Matx33d (1, -lean, lean * middle_y, 0, 1, 0, 0, 0, 1) * aligned;
    fill_straight (self, grey, aligned, width);
  }
  return aligned;
}

/* Leaves of the heat only what is near the window's middle: a neighbour must not cover the plate.
 */
void
keep_middle (bolo::Maps &maps, int stride)
{
  for (int y = 0; y < maps.height; y++)
    for (int x = 0; x < maps.width; x++) {
      int from_x = std::abs ((x * 2 + 1) * stride - STRAIGHT_WIDTH) / 2;
      int from_y = std::abs ((y * 2 + 1) * stride - STRAIGHT_HEIGHT) / 2;

      if (from_x > STRAIGHT_WIDTH / 4 || from_y > STRAIGHT_HEIGHT / 4)
        maps.values[static_cast<size_t> (y * maps.width + x)] = -100;
    }
}

/* The best plate near the middle of a straight look. */
bool
look_straight (
  BoloCv *self, const cv::Mat &grey, const BoloCvBox *hint, float threshold, BoloCvBox *box)
{
  BoloBoxesRule rule = {self->detector_card->stride, self->detector_card->unit, threshold,
                        self->detector_card->nms_iou};
  float width, height, levelled;

  bolo_box_get_quad_size (hint, &width, &height);
  if (!(width >= 1 && height >= 1))
    return false;
  cv::Matx33d levelling = get_levelling (hint->corners, &levelled);
  if (std::fabs (cv::determinant (levelling)) < 1e-9)
    return false;
  fill_straight (self, grey, levelling, width);
  levelling = align (self, grey, levelling, width, levelled);
  normalise (self->canvas, self->input);
  self->detector->run (self->input.data (), STRAIGHT_WIDTH, STRAIGHT_HEIGHT, self->maps);
  keep_middle (self->maps, rule.stride);
  if (bolo_boxes_decode (self->maps.values.data (), self->maps.width, self->maps.height, &rule, box,
                         1) == 0)
    return false;
  move_corners (box, levelling.inv ());
  return true;
}

float
get_sharpness (const cv::Mat &crop)
{
  uint64_t sum = 0;

  for (int y = 0; y < crop.rows; y++) {
    const uint8_t *row = crop.ptr<uint8_t> (y);

    for (int x = 1; x < crop.cols; x++)
      sum += static_cast<uint64_t> (std::abs (row[x] - row[x - 1]));
  }
  return static_cast<float> (sum) / static_cast<float> (crop.rows * (crop.cols - 1));
}

/* Who issued the plate, from the same output as its characters. */
void
read_region (BoloCv *self, BoloReading *reading)
{
  const BoloModelCard *card = self->reader_card;
  int region;

  reading->region[0] = '\0';
  reading->region_confidence = 0;
  reading->is_region_read = FALSE;
  if (card->n_regions == 0 || reading->n_characters == 0)
    return;
  region = bolo_ctc_choose_whole (self->maps.values.data () + (card->blank + 1) * card->columns,
                                  card->n_regions, card->columns, card->calibration.temperature,
                                  &reading->region_confidence);
  if (region == card->n_regions - 1) { /* not read */
    reading->region_confidence = 0;
    return;
  }
  g_strlcpy (reading->region, card->regions[region], sizeof reading->region);
  reading->is_region_read = TRUE;
}

int
count_classes (const BoloModelCard *card)
{
  return card->blank + 1 + card->n_regions + (card->has_cover ? 1 : 0);
}

/* Reads one line of characters; the confidence stays raw. */
void
read_line (BoloCv *self, const cv::Mat &crop, BoloReading *reading, BoloCtcRoom *room = NULL)
{
  const BoloModelCard *card = self->reader_card;

  normalise (crop, self->input);
  self->reader->run (self->input.data (), crop.cols, crop.rows, self->maps);
  bolo_ctc_decode (self->maps.values.data (), card->blank + 1, card->columns, card->alphabet,
                   reading, room);
  read_region (self, reading);
  reading->covered = card->has_cover
                       ? bolo_ctc_find_covered (self->maps.values.data () +
                                                  (count_classes (card) - 1) * card->columns,
                                                card->columns, card->calibration.rare)
                       : 0;
}

bool
is_better (const BoloReading &one, const BoloReading &other)
{
  return one.n_characters >= MIN_TEXT &&
         (other.n_characters < MIN_TEXT || one.confidence > other.confidence);
}

/* Both readings of one text: characters as sure as the surer one, which is the usual case of two
 * cuts of the same plate. */
void
merge (BoloReading *into, const BoloReading &other)
{
  if (std::strcmp (into->text, other.text) != 0) {
    if (is_better (other, *into))
      *into = other;
    return;
  }
  into->confidence = std::max (into->confidence, other.confidence);
  into->covered = (into->covered + other.covered) / 2;
  for (guint i = 0; i < into->n_characters; i++)
    if (other.characters[i].probability > into->characters[i].probability)
      into->characters[i] = other.characters[i];
}

/* Moves the quad's left and right side outwards by so much of its width; FALSE if the picture ends
 * before. */
bool
widen (const cv::Mat &grey, const Corners in, float left, float right, Corners out)
{
  for (int i = 0; i < 4; i++) {
    bool is_left = i == 0 || i == 3;
    bool is_top = i < 2;
    float by = is_left ? -left : right;

    for (int k = 0; k < 2; k++)
      out[i][k] = in[i][k] + by * (is_top ? in[1][k] - in[0][k] : in[2][k] - in[3][k]);
    if (out[i][0] < 0 || out[i][0] >= static_cast<float> (grey.cols) || out[i][1] < 0 ||
        out[i][1] >= static_cast<float> (grey.rows))
      return false;
  }
  return true;
}

/* A box that holds a part of the plate only is followed to its ends, as long as the text grows. */
void
follow_text (BoloCv *self, const cv::Mat &grey, BoloCtcRoom room, BoloReading *reading)
{
  const BoloModelCard *card = self->reader_card;

  for (int i = 0; i < MAX_WIDER && reading->n_characters >= LEAST_TO_FOLLOW; i++) {
    float left = room.left < NEAR_END ? WIDER : 0;
    float right = room.right < NEAR_END ? WIDER : 0;
    BoloReading another = *reading;
    cv::Point2f quad[4];

    if (left + right == 0 || !widen (grey, reading->corners, left, right, another.corners))
      return;
    grow_quad (another.corners, card->margin_x, card->margin_y, quad);
    read_line (self, rectify (grey, quad, card->width, card->height), &another, &room);
    /* what covers the next character stands there */
    if (std::strcmp (another.text, reading->text) == 0)
      reading->covered = std::max (reading->covered, another.covered);
    if (another.n_characters <= reading->n_characters || another.confidence < WIDER_CONFIDENCE ||
        std::strstr (another.text, reading->text) == NULL)
      return;
    another.width_px *= 1 + left + right;
    *reading = another;
  }
}

/* Upper and lower part of a plate of two lines, joined. */
void
read_two_lines (BoloCv *self, const cv::Mat &grey, const cv::Point2f quad[4], BoloReading *reading)
{
  const BoloModelCard *card = self->reader_card;
  float part = card->two_line_part;
  BoloReading lines[2] = {};
  const cv::Point2f upper[4] = {quad[0], quad[1], quad[1] + (quad[2] - quad[1]) * part,
                                quad[0] + (quad[3] - quad[0]) * part};
  const cv::Point2f lower[4] = {quad[3] + (quad[0] - quad[3]) * part,
                                quad[2] + (quad[1] - quad[2]) * part, quad[2], quad[3]};

  read_line (self, rectify (grey, upper, card->width, card->height), &lines[0]);
  if (lines[0].n_characters == 0)
    return;
  read_line (self, rectify (grey, lower, card->width, card->height), &lines[1]);
  if (lines[1].n_characters == 0 || lines[0].n_characters + lines[1].n_characters > BOLO_MARK_MAX)
    return;
  *reading = lines[0];
  for (guint i = 0; i < lines[1].n_characters; i++)
    reading->characters[reading->n_characters + i] = lines[1].characters[i];
  reading->n_characters += lines[1].n_characters;
  reading->confidence = std::min (lines[0].confidence, lines[1].confidence);
  reading->covered = std::max (lines[0].covered, lines[1].covered);
  g_strlcat (reading->text, lines[1].text, sizeof reading->text);
}

void
read_plate (BoloCv *self, const BoloCvImage *image, const BoloCvBox *box, BoloReading *reading)
{
  const BoloModelCard *card = self->reader_card;
  cv::Mat grey = wrap (image);
  cv::Point2f quad[4];
  float width, height;

  bolo_box_get_quad_size (box, &width, &height);
  grow_quad (box->corners, card->margin_x, card->margin_y, quad);
  cv::Mat crop = rectify (grey, quad, card->width, card->height);

  reading->sharpness = get_sharpness (crop);
  reading->width_px = width;
  reading->detection = box->score;
  std::memcpy (reading->corners, box->corners, sizeof reading->corners);
  BoloReading best = *reading;
  BoloCtcRoom room, second_room;

  read_line (self, crop, &best, &room);
  /* lettering and leaves: no other cut makes a plate of what is neither read nor like one; two
   * lines are never read as one */
  if (best.n_characters < MIN_TEXT && box->score < WEAK_BOX &&
      width >= card->two_line_below_aspect * height)
    return;
  if (best.confidence < SURE_CONFIDENCE) {
    const Corners corners = {{box->left, box->top},
                             {box->right, box->top},
                             {box->right, box->bottom},
                             {box->left, box->bottom}};
    BoloReading second = *reading;

    grow_quad (corners, card->box_margin, card->box_margin, quad);
    read_line (self, rectify (grey, quad, card->width, card->height), &second, &second_room);
    if (std::strcmp (best.text, second.text) != 0 && is_better (second, best))
      room = second_room;
    merge (&best, second);
  }
  follow_text (self, grey, room, &best);
  if (width < card->two_line_below_aspect * height && best.confidence < SURE_CONFIDENCE) {
    BoloReading two = {};

    grow_quad (box->corners, card->margin_x, card->margin_y, quad);
    read_two_lines (self, grey, quad, &two);
    if (is_better (two, best)) {
      two.sharpness = reading->sharpness;
      two.width_px = reading->width_px;
      two.detection = reading->detection;
      std::memcpy (two.corners, reading->corners, sizeof two.corners);
      best = two;
    }
  }
  *reading = best;
  if (reading->n_characters < MIN_TEXT) {
    reading->n_characters = 0;
    reading->text[0] = '\0';
    reading->confidence = 0;
  }
  reading->raw_confidence = reading->confidence * std::min (1.0f, box->score / WEAK_BOX);
  reading->confidence =
    bolo_calibration_apply (&card->calibration, reading->raw_confidence, reading->covered);
}

std::unique_ptr<bolo::Net>
make_net (const BoloModelCard *card, BoloCvBackend backend, const char **name)
{
  gsize length;
  const auto *data = static_cast<const uint8_t *> (g_bytes_get_data (card->contents, &length));
  bool is_bfloat16 = backend == BOLO_CV_BACKEND_ONEDNN_BFLOAT16 ||
                     (backend == BOLO_CV_BACKEND_BEST && bolo::has_bfloat16 ());

  if (backend != BOLO_CV_BACKEND_OPENCV) {
    try {
      *name = is_bfloat16 ? "oneDNN in bfloat16" : "oneDNN";
      return bolo::make_onednn_net (data, length, is_bfloat16);
    } catch (const std::exception &exception) {
      if (backend != BOLO_CV_BACKEND_BEST)
        throw;
      g_debug ("%s: oneDNN cannot run it (%s); OpenCV does", card->path, exception.what ());
    }
  }
  *name = "OpenCV";
  return bolo::make_opencv_net (data, length);
}

/* The right shapes come out of a small input: a wrong model is found before the first frame. */
void
try_nets (BoloCv *self)
{
  const BoloModelCard *card = self->reader_card;
  size_t n_reader = static_cast<size_t> (card->width) * static_cast<size_t> (card->height);

  self->input.assign (64 * 64, 0.0f);
  self->detector->run (self->input.data (), 64, 64, self->maps);
  if (self->maps.channels != BOLO_BOXES_MAPS || self->maps.height != 8 || self->maps.width != 8)
    throw std::runtime_error ("the detector does not give 13 maps of an eighth of its input");
  self->input.assign (n_reader, 0.0f);
  self->reader->run (self->input.data (), card->width, card->height, self->maps);
  if (self->maps.channels != count_classes (card) ||
      self->maps.height * self->maps.width != card->columns)
    throw std::runtime_error ("the reader does not give the classes and columns of its card");
}

} // namespace

extern "C" BoloCv *
bolo_cv_new (const char *directory, BoloCvBackend backend, GError **error)
{
  g_return_val_if_fail (directory != NULL, NULL);

  BoloCv *self = NULL;
  g_autoptr (GError) local_error = NULL;
  gboolean is_made = fence ("Cannot use the models", &local_error, [&] {
    self = new BoloCv ();
    self->detector_card = bolo_model_card_load (directory, "detector", &local_error);
    if (self->detector_card != NULL)
      self->reader_card = bolo_model_card_load (directory, "reader", &local_error);
    if (self->reader_card == NULL)
      return;
    const char *reader_backend;

    cv::setNumThreads (1);
    self->detector = make_net (self->detector_card, backend, &self->backend);
    self->reader = make_net (self->reader_card, backend, &reader_backend);
    if (std::strcmp (reader_backend, "OpenCV") == 0)
      self->backend = reader_backend;
    try_nets (self);
  });

  if (is_made && self->reader_card != NULL)
    return self;
  bolo_cv_free (self);
  if (is_made) {
    g_propagate_error (error, g_steal_pointer (&local_error));
  } else {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "The models in %s cannot be used: %s",
                 directory, local_error->message);
  }
  return NULL;
}

extern "C" void
bolo_cv_free (BoloCv *self)
{
  if (self == NULL)
    return;
  fence ("Cannot free the models", NULL, [&] {
    bolo_model_card_free (self->detector_card);
    bolo_model_card_free (self->reader_card);
    delete self;
  });
}

extern "C" gboolean
bolo_cv_has_bfloat16 (void)
{
  return bolo::has_bfloat16 ();
}

extern "C" const char *
bolo_cv_get_backend (BoloCv *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->backend;
}

extern "C" gboolean
bolo_cv_detect (BoloCv *self,
                const BoloCvImage *image,
                int net_width,
                int net_height,
                float threshold,
                BoloCvBox *boxes,
                guint max,
                guint *n_boxes,
                GError **error)
{
  g_return_val_if_fail (self != NULL && image != NULL && image->data != NULL, FALSE);
  g_return_val_if_fail (net_width >= 32 && net_width % 32 == 0, FALSE);
  g_return_val_if_fail (net_height >= 32 && net_height % 32 == 0, FALSE);
  g_return_val_if_fail (boxes != NULL && n_boxes != NULL, FALSE);

  *n_boxes = 0;
  return fence ("Cannot look for plates", error, [&] {
    BoloBoxesRule rule = {self->detector_card->stride, self->detector_card->unit, threshold,
                          self->detector_card->nms_iou};
    float factor = fill_canvas (self, wrap (image), net_width, net_height);

    normalise (self->canvas, self->input);
    self->detector->run (self->input.data (), net_width, net_height, self->maps);
    *n_boxes = bolo_boxes_decode (self->maps.values.data (), self->maps.width, self->maps.height,
                                  &rule, boxes, max);
    for (guint i = 0; i < *n_boxes; i++)
      scale_box (&boxes[i], 1.0f / factor);
  });
}

extern "C" gboolean
bolo_cv_look_straight (BoloCv *self,
                       const BoloCvImage *image,
                       const BoloCvBox *hint,
                       float threshold,
                       BoloCvBox *box,
                       gboolean *is_found,
                       GError **error)
{
  g_return_val_if_fail (self != NULL && image != NULL && image->data != NULL, FALSE);
  g_return_val_if_fail (hint != NULL && box != NULL && is_found != NULL, FALSE);

  *is_found = FALSE;
  return fence ("Cannot look for a plate", error,
                [&] { *is_found = look_straight (self, wrap (image), hint, threshold, box); });
}

extern "C" gboolean
bolo_cv_read (BoloCv *self,
              const BoloCvImage *image,
              const BoloCvBox *box,
              BoloReading *reading,
              GError **error)
{
  g_return_val_if_fail (self != NULL && image != NULL && image->data != NULL, FALSE);
  g_return_val_if_fail (box != NULL && reading != NULL, FALSE);

  std::memset (reading, 0, sizeof *reading);
  return fence ("Cannot read a plate", error, [&] { read_plate (self, image, box, reading); });
}

extern "C" float
bolo_cv_calibrate (BoloCv *self, float raw_confidence, float covered)
{
  g_return_val_if_fail (self != NULL, 0);

  return bolo_calibration_apply (&self->reader_card->calibration, raw_confidence, covered);
}

extern "C" float
bolo_cv_judge (BoloCv *self, const BoloReadingFacts *facts)
{
  g_return_val_if_fail (self != NULL && facts != NULL, 0);

  return bolo_calibration_judge (&self->reader_card->calibration, facts);
}

extern "C" gboolean
bolo_cv_run_raw (BoloCv *self,
                 const char *net,
                 const float *input,
                 int width,
                 int height,
                 float **output,
                 gsize *n,
                 GError **error)
{
  g_return_val_if_fail (self != NULL && net != NULL && input != NULL, FALSE);
  g_return_val_if_fail (output != NULL && n != NULL, FALSE);

  *output = NULL;
  *n = 0;
  return fence ("Cannot run a net", error, [&] {
    bool is_reader = std::strcmp (net, "reader") == 0;

    (is_reader ? self->reader : self->detector)->run (input, width, height, self->maps);
    *n = self->maps.values.size ();
    *output = static_cast<float *> (g_memdup2 (self->maps.values.data (), *n * sizeof (float)));
  });
}
