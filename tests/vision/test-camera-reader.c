/* test-camera-reader.c: one camera's frames become sightings, whatever their format
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-camera-reader.h"

#include <math.h>
#include <string.h>

#include "bolo-picture.h"
#include "vision-fixtures.h"
#include "vision-scene.h"

#define FRAME_US 100000

typedef struct {
  BoloPlateRules *rules;
  BoloCv *cv;
  BoloCameraReader *reader;
  GPtrArray *sightings;
  BoloLooks looks;
  BoloFrameWork work;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const BoloCameraReaderOptions options = {640, 384, TRUE};
  g_autofree char *models = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "models", NULL);
  g_autoptr (GError) error = NULL;

  fixture->rules = load_rules ();
  fixture->cv = bolo_cv_new (models, BOLO_CV_BACKEND_BEST, &error);
  g_assert_no_error (error);
  fixture->reader = bolo_camera_reader_new ("front", fixture->rules, &options);
  fixture->sightings = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_sighting_unref);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_ptr_array_unref (fixture->sightings);
  bolo_camera_reader_free (fixture->reader);
  bolo_cv_free (fixture->cv);
  bolo_plate_rules_unref (fixture->rules);
}

static void
read_frame (Fixture *fixture, BoloFrame *frame, BoloFrame *overview)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_camera_reader_read (fixture->reader, fixture->cv, frame, overview,
                                          overview != NULL ? "wide" : NULL, &fixture->looks,
                                          &fixture->work, fixture->sightings, &error));
  g_assert_no_error (error);
}

static BoloFrame *
paint (int index, const char *first, const char *second)
{
  g_autoptr (VisionScene) scene = vision_scene_new (1280, 720);

  if (first != NULL)
    vision_scene_add_car (scene, first, FALSE, 340 + 6 * index, 420, 130 + 4 * index, 1);
  if (second != NULL)
    vision_scene_add_car (scene, second, FALSE, 930 - 5 * index, 400, 110, -1);
  return vision_scene_make_frame (scene, index * FRAME_US, (guint64) index);
}

static BoloSighting *
find (Fixture *fixture, const char *text, BoloSightingState state)
{
  for (guint i = 0; i < fixture->sightings->len; i++) {
    BoloSighting *sighting = g_ptr_array_index (fixture->sightings, i);

    if (g_str_equal (sighting->text, text) && sighting->state == state)
      return sighting;
  }
  return NULL;
}

static void
test_two_cars (Fixture *fixture, gconstpointer data)
{
  BoloSighting *closed;

  for (int index = 0; index < 4; index++) {
    g_autoptr (BoloFrame) frame = paint (index, "KX64ABH", "YH07TKE");

    read_frame (fixture, frame, NULL);
    g_assert_cmpuint (fixture->work.n_plates, ==, 2);
    g_assert_cmpuint (fixture->looks.n_boxes, ==, 2);
    g_assert_cmpint (fixture->looks.captured_us, ==, index * FRAME_US);
    g_assert_cmpuint (fixture->looks.boxes[0].track, !=, fixture->looks.boxes[1].track);
  }
  g_assert_nonnull (find (fixture, "KX64ABH", BOLO_SIGHTING_PROVISIONAL));
  g_assert_nonnull (find (fixture, "YH07TKE", BOLO_SIGHTING_PROVISIONAL));
  g_assert_cmpuint (bolo_camera_reader_get_n_passes (fixture->reader), ==, 2);
  bolo_camera_reader_close (fixture->reader, fixture->sightings);
  g_assert_cmpuint (bolo_camera_reader_get_n_passes (fixture->reader), ==, 0);
  closed = find (fixture, "KX64ABH", BOLO_SIGHTING_CLOSED);
  g_assert_nonnull (closed);
  g_assert_cmpuint (closed->looks, >=, 3);
  g_assert_cmpint (closed->first_us, ==, 0);
  g_assert_cmpint (closed->last_us, ==, 3 * FRAME_US);
  g_assert_cmpfloat (fabsf (closed->width_px - 138), <, 25);
}

/* Gone for two seconds of the frames' time: closed without being asked. */
static void
test_closes_by_itself (Fixture *fixture, gconstpointer data)
{
  for (int index = 0; index < 3; index++) {
    g_autoptr (BoloFrame) frame = paint (index, "KX64ABH", NULL);

    read_frame (fixture, frame, NULL);
  }
  for (int index = 3; index < 25; index += 3) {
    g_autoptr (BoloFrame) frame = paint (index, NULL, NULL);

    read_frame (fixture, frame, NULL);
    g_assert_cmpuint (fixture->looks.n_boxes, ==, 0);
  }
  g_assert_nonnull (find (fixture, "KX64ABH", BOLO_SIGHTING_CLOSED));
  g_assert_cmpuint (bolo_camera_reader_get_n_passes (fixture->reader), ==, 0);
}

/* The frame as RGB, NV12 and grey, with rows that are longer than the picture. */
static BoloFrame *
convert (BoloFrame *frame, BoloFrameFormat format)
{
  int stride = frame->width * (format == BOLO_FRAME_FORMAT_RGB ? 3 : 1) + 32;
  g_autofree guint8 *pixels = g_malloc0 ((gsize) stride * (gsize) frame->height);
  g_autofree guint8 *chroma = g_malloc ((gsize) stride * (gsize) frame->height / 2);
  BoloFrame description = *frame;

  memset (chroma, 128, (gsize) stride * (gsize) frame->height / 2);
  for (int y = 0; y < frame->height; y++)
    for (int x = 0; x < frame->width; x++) {
      guint8 value = frame->planes[0][(gsize) y * (gsize) frame->strides[0] + (gsize) x];
      guint8 *row = pixels + (gsize) y * (gsize) stride;

      if (format == BOLO_FRAME_FORMAT_RGB)
        row[3 * x] = row[3 * x + 1] = row[3 * x + 2] = value;
      else
        row[x] = value;
    }
  description.format = format;
  description.planes[0] = pixels;
  description.strides[0] = stride;
  description.planes[1] = chroma;
  description.strides[1] = stride;
  return bolo_frame_new_copy (&description);
}

static void
test_formats (Fixture *fixture, gconstpointer data)
{
  const BoloFrameFormat formats[] = {BOLO_FRAME_FORMAT_RGB, BOLO_FRAME_FORMAT_NV12,
                                     BOLO_FRAME_FORMAT_GRAY8};

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autoptr (BoloFrame) painted = paint ((int) i, "KX64ABH", NULL);
    g_autoptr (BoloFrame) frame = convert (painted, formats[i]);

    read_frame (fixture, frame, NULL);
    g_assert_cmpuint (fixture->looks.n_boxes, ==, 1);
    g_assert_cmpstr (fixture->looks.boxes[0].text, ==, "KX64ABH");
  }
}

static int
get_width (GBytes *jpeg)
{
  BoloPictureInfo info;
  gsize length;
  const guint8 *data = g_bytes_get_data (jpeg, &length);

  g_assert_true (bolo_picture_probe (data, length, "jpeg", &info, NULL));
  return info.width;
}

/* The patch shows the plate and what is around it; the overview is the paired camera's frame. */
static void
test_pictures (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VisionScene) wide = vision_scene_new (320, 240);
  g_autoptr (BoloFrame) overview = vision_scene_make_frame (wide, 0, 0);
  BoloSighting *sighting;

  for (int index = 0; index < 3; index++) {
    g_autoptr (BoloFrame) frame = paint (index, "KX64ABH", NULL);

    read_frame (fixture, frame, overview);
  }
  sighting = find (fixture, "KX64ABH", BOLO_SIGHTING_PROVISIONAL);
  g_assert_nonnull (sighting);
  g_assert_cmpstr (sighting->overview_camera, ==, "wide");
  g_assert_cmpint (get_width (sighting->overview_jpeg), ==, 320);
  g_assert_cmpint (get_width (sighting->patch_jpeg), >, 160);
  g_assert_cmpint (get_width (sighting->patch_jpeg), <, 300);
  g_assert_cmpuint (g_bytes_get_size (sighting->patch_jpeg), <=, 24576);
}

/* A plate of most of the picture's width is found by the second, smaller look. */
static void
test_very_near (Fixture *fixture, gconstpointer data)
{
  for (int index = 0; index < 3; index++) {
    g_autoptr (VisionScene) scene = vision_scene_new (1280, 720);
    g_autoptr (BoloFrame) frame = NULL;

    vision_scene_add_car (scene, "KX64ABH", FALSE, 640, 380, 800 + 10 * index, 0);
    frame = vision_scene_make_frame (scene, index * FRAME_US, (guint64) index);
    read_frame (fixture, frame, NULL);
  }
  bolo_camera_reader_close (fixture->reader, fixture->sightings);
  g_assert_nonnull (find (fixture, "KX64ABH", BOLO_SIGHTING_CLOSED));
}

/* Two cars ahead for long enough: only their band is looked at finely, in which they are read as
 * before. What comes near is found in the same frame, what is small and elsewhere soon. */
static void
test_learned_band (Fixture *fixture, gconstpointer data)
{
  const gint64 slow_us = 350000;
  gboolean is_found = FALSE;
  int index = 0;

  for (; index < 64; index++) {
    g_autoptr (VisionScene) scene = vision_scene_new (1280, 720);
    g_autoptr (BoloFrame) frame = NULL;

    vision_scene_add_car (scene, "KX64ABH", FALSE, 400 + index % 5, 420, 110, 1);
    vision_scene_add_car (scene, "YH07TKE", FALSE, 900, 400 + index % 3, 100, -1);
    frame = vision_scene_make_frame (scene, index * slow_us, (guint64) index);
    read_frame (fixture, frame, NULL);
    g_assert_cmpuint (fixture->work.n_plates, ==, 2);
  }
  for (int extra = 0; extra < 3; extra++, index++) {
    g_autoptr (VisionScene) scene = vision_scene_new (1280, 720);
    g_autoptr (BoloFrame) frame = NULL;
    gboolean has_near = FALSE;

    vision_scene_add_car (scene, "LD51GHN", FALSE, 400, 420, 420, 0);
    vision_scene_add_car (scene, "BD61SMR", FALSE, 1050, 660, 100, 0);
    frame = vision_scene_make_frame (scene, index * slow_us, (guint64) index);
    read_frame (fixture, frame, NULL);
    for (guint i = 0; i < fixture->looks.n_boxes; i++) {
      has_near |= g_str_equal (fixture->looks.boxes[i].text, "LD51GHN");
      is_found |= g_str_equal (fixture->looks.boxes[i].text, "BD61SMR");
    }
    g_assert_true (has_near);
  }
  g_assert_true (is_found);
}

/* The end of a plate that was read whole, seen once more by itself, is no vehicle. */
static void
test_part_of_known (Fixture *fixture, gconstpointer data)
{
  for (int index = 0; index < 24; index++) {
    g_autoptr (VisionScene) scene = vision_scene_new (1280, 720);
    g_autoptr (BoloFrame) frame = NULL;

    if (index < 4)
      vision_scene_add_car (scene, "KX64ABH", FALSE, 340 + 6 * index, 420, 130, 0);
    else if (index == 5)
      vision_scene_add_car (scene, "64ABH", FALSE, 900, 560, 130, 0);
    frame = vision_scene_make_frame (scene, index * FRAME_US, (guint64) index);
    read_frame (fixture, frame, NULL);
    if (index == 5)
      g_assert_cmpstr (fixture->looks.boxes[0].text, ==, "64ABH");
  }
  bolo_camera_reader_close (fixture->reader, fixture->sightings);
  g_assert_nonnull (find (fixture, "KX64ABH", BOLO_SIGHTING_CLOSED));
  g_assert_null (find (fixture, "64ABH", BOLO_SIGHTING_PROVISIONAL));
  g_assert_null (find (fixture, "64ABH", BOLO_SIGHTING_CLOSED));
}

int
main (int argc, char **argv)
{
  const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    {"/vision/camera-reader/two-cars", test_two_cars},
    {"/vision/camera-reader/closes-by-itself", test_closes_by_itself},
    {"/vision/camera-reader/formats", test_formats},
    {"/vision/camera-reader/pictures", test_pictures},
    {"/vision/camera-reader/very-near", test_very_near},
    {"/vision/camera-reader/learned-band", test_learned_band},
    {"/vision/camera-reader/part-of-known", test_part_of_known},
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
