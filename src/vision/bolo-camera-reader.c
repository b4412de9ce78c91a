/* bolo-camera-reader.c: from one camera's frames to sightings: look, read, follow, vote
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-vision"

#include "bolo-camera-reader.h"

#include <math.h>
#include <string.h>

#include "bolo-boxes.h"
#include "bolo-gaze.h"
#include "bolo-pass.h"
#include "bolo-picture.h"
#include "bolo-readings.h"
#include "bolo-tracker.h"

#define THRESHOLD 0.3f  /* every candidate is read: the reader is the second stage */
#define MAX_BOXES 16    /* of one frame */
#define MIN_WIDTH 24.0f /* pixels of the frame: narrower plates cannot be read */
#define MAX_TILT 0.6f   /* height lost over the width of a plate: steeper is no plate */
/* Near plates are missed at full size and found at half: looked for so every so many frames, and
 * when nothing was found. */
#define NEAR_EVERY 4
#define NEAR_SHARE 0.2f /* of the frame's width */
#define SAME_IOU 0.65f
#define BAND_STEP 64     /* pixels of the net's input, by which the band that is looked at grows */
#define CUT_PX 3.0f      /* a box that ends this near to the band's edge is cut by it */
#define PART_SHARE 0.85f /* of a plate's area */
/* A box whose reading is less sure than this is other lettering; nothing is followed there. */
#define LEAST_CONFIDENCE 0.12f
/* A part of a plate that was read as a vehicle of its own, once or twice, beside the whole. */
#define RECENT 8
#define RECENT_US (10 * G_USEC_PER_SEC)
#define PART_LOOKS 2
#define PATCH_WIDTH 400
#define PATCH_MARGIN 0.3f
#define OVERVIEW_WIDTH 640

typedef struct {
  guint64 track;
  gint64 at_us;
  char text[BOLO_MARK_MAX + 1];
} Recent;

struct _BoloCameraReader {
  char *camera;          /* (owned) */
  BoloPlateRules *rules; /* (owned) (nullable) */
  BoloCameraReaderOptions options;
  BoloTracker *tracker;  /* (owned) */
  BoloGaze *gaze;        /* (owned) */
  GPtrArray *passes;     /* (owned) of BoloPass, oldest first */
  Recent recent[RECENT]; /* texts published last, a ring */
  guint n_recent;
  guint64 n_frames;
};

/* What one frame needs on its way through. */
typedef struct {
  const BoloFrame *frame;
  BoloPicture *grey; /* (owned) (nullable): of an RGB frame */
  BoloCvImage image;
  BoloCvBox boxes[MAX_BOXES];
  guint n_boxes;
  BoloReading readings[MAX_BOXES];
  guint64 tracks[MAX_BOXES];
  guint n_readings;
  BoloPicture *overview; /* (owned) (nullable): made once, for all passes that want it */
} Job;

BoloCameraReader *
bolo_camera_reader_new (const char *camera,
                        BoloPlateRules *rules,
                        const BoloCameraReaderOptions *options)
{
  BoloCameraReader *self;

  g_return_val_if_fail (camera != NULL && options != NULL, NULL);

  self = g_new0 (BoloCameraReader, 1);
  self->camera = g_strdup (camera);
  self->rules = rules != NULL ? bolo_plate_rules_ref (rules) : NULL;
  self->options = *options;
  self->tracker = bolo_tracker_new ();
  self->gaze = bolo_gaze_new ();
  self->passes = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_pass_free);
  return self;
}

void
bolo_camera_reader_free (BoloCameraReader *self)
{
  if (self == NULL)
    return;
  g_free (self->camera);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  bolo_tracker_free (self->tracker);
  bolo_gaze_free (self->gaze);
  g_ptr_array_unref (self->passes);
  g_free (self);
}

guint
bolo_camera_reader_get_n_passes (BoloCameraReader *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->passes->len;
}

/* Cameras give luma as a plane of its own, lent as it is. */
static void
init_job (Job *job, const BoloFrame *frame)
{
  memset (job, 0, sizeof *job);
  job->frame = frame;
  job->image = (BoloCvImage){frame->planes[0], frame->width, frame->height, frame->strides[0]};
  if (frame->format != BOLO_FRAME_FORMAT_RGB)
    return;
  job->grey = bolo_picture_new (BOLO_PICTURE_GRAY8, frame->width, frame->height);
  for (int y = 0; y < frame->height; y++) {
    const guint8 *in = frame->planes[0] + (gsize) y * (gsize) frame->strides[0];
    guint8 *out = job->grey->pixels + (gsize) y * (gsize) job->grey->stride;

    for (int x = 0; x < frame->width; x++)
      out[x] = (guint8) ((in[3 * x] * 77 + in[3 * x + 1] * 150 + in[3 * x + 2] * 29 + 128) >> 8);
  }
  job->image.data = job->grey->pixels;
  job->image.stride = job->grey->stride;
}

static void
clear_job (Job *job)
{
  g_clear_pointer (&job->grey, bolo_picture_unref);
  g_clear_pointer (&job->overview, bolo_picture_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, clear_job)

static float
get_area (const BoloCvBox *box)
{
  return (box->right - box->left) * (box->bottom - box->top);
}

/* Has it been found already? A notably larger box that fits badly may be the whole of a part. */
static gboolean
is_covered (const Job *job, const BoloCvBox *box)
{
  for (guint i = 0; i < job->n_boxes; i++) {
    const BoloCvBox *other = &job->boxes[i];
    float iou = bolo_box_get_iou (other, box);

    if (iou > SAME_IOU)
      return TRUE;
    if ((iou > 0.2f || bolo_box_holds_centre (other, box) || bolo_box_holds_centre (box, other)) &&
        get_area (other) > PART_SHARE * get_area (box))
      return TRUE;
  }
  return FALSE;
}

/* A smaller look now and then, when nothing was found, and when something very near may have been
 * found in parts. */
static gboolean
wants_near_look (BoloCameraReader *self, const Job *job)
{
  if (self->n_frames % NEAR_EVERY == 0 || job->n_boxes == 0)
    return TRUE;
  for (guint i = 0; i < job->n_boxes; i++)
    if (job->boxes[i].right - job->boxes[i].left > NEAR_SHARE * (float) job->image.width)
      return TRUE;
  return FALSE;
}

static int
halve_to_32 (int size)
{
  return MAX (size / 2 / 32 * 32, 32);
}

/* A smaller look at all of the frame, for what is near: adds what was not found yet. */
static gboolean
look_near (BoloCameraReader *self, BoloCv *cv, Job *job, GError **error)
{
  BoloCvBox boxes[MAX_BOXES];
  guint n = 0;

  if (!bolo_cv_detect (cv, &job->image, halve_to_32 (self->options.net_width),
                       halve_to_32 (self->options.net_height), THRESHOLD, boxes, MAX_BOXES, &n,
                       error))
    return FALSE;
  for (guint i = 0; i < n && job->n_boxes < MAX_BOXES; i++)
    if (!is_covered (job, &boxes[i]))
      job->boxes[job->n_boxes++] = boxes[i];
  return TRUE;
}

/* Does the box end where only the band does? It is a part of something. */
static gboolean
is_cut_off (const BoloCvBox *box, const BoloCvImage *band, int y, int frame_height)
{
  return (y > 0 && box->top < CUT_PX) ||
         (y + band->height < frame_height && box->bottom > (float) band->height - CUT_PX);
}

/* The fine look at a band of the frame only; of few heights, since each is planned for. */
static gboolean
look_at_band (
  BoloCameraReader *self, BoloCv *cv, Job *job, const BoloGazeArea *area, GError **error)
{
  const BoloCvImage *image = &job->image;
  double scale = MIN ((double) self->options.net_width / image->width,
                      (double) self->options.net_height / image->height);
  int steps = (int) ceil (area->height * scale / BAND_STEP);
  int net_height = MIN (steps * BAND_STEP, self->options.net_height);
  int height = MIN ((int) (net_height / scale), image->height);
  int y = CLAMP (area->y - (height - area->height) / 2, 0, image->height - height);
  BoloCvImage band = {image->data + (gsize) y * (gsize) image->stride, image->width, height,
                      image->stride};
  BoloCvBox boxes[MAX_BOXES];
  guint n = 0;

  if (!bolo_cv_detect (cv, &band, self->options.net_width, net_height, THRESHOLD, boxes, MAX_BOXES,
                       &n, error))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    if (is_cut_off (&boxes[i], &band, y, image->height))
      continue;
    bolo_box_move (&boxes[i], 0, (float) y);
    job->boxes[job->n_boxes++] = boxes[i];
  }
  return TRUE;
}

static gboolean
find_boxes (BoloCameraReader *self, BoloCv *cv, Job *job, GError **error)
{
  BoloGazeArea area;

  if (bolo_gaze_next (self->gaze, job->image.width, job->image.height, job->frame->captured_us,
                      &area))
    return look_at_band (self, cv, job, &area, error) && look_near (self, cv, job, error);
  if (!bolo_cv_detect (cv, &job->image, self->options.net_width, self->options.net_height,
                       THRESHOLD, job->boxes, MAX_BOXES, &job->n_boxes, error))
    return FALSE;
  return !wants_near_look (self, job) || look_near (self, cv, job, error);
}

static gboolean
is_readable (const BoloCvBox *box)
{
  float width;
  float height;

  bolo_box_get_quad_size (box, &width, &height);
  return width >= MIN_WIDTH && height >= MIN_WIDTH / 6 &&
         fabsf (box->corners[1][1] - box->corners[0][1]) <= MAX_TILT * width;
}

static gboolean
read_boxes (BoloCameraReader *self, BoloCv *cv, Job *job, GError **error)
{
  for (guint i = 0; i < job->n_boxes; i++) {
    BoloReading *reading = &job->readings[job->n_readings];

    if (!is_readable (&job->boxes[i]))
      continue;
    if (!bolo_cv_read (cv, &job->image, &job->boxes[i], reading, error))
      return FALSE;
    if (reading->n_characters == 0 || reading->confidence < LEAST_CONFIDENCE)
      continue;
    bolo_reading_trim (reading, self->rules);
    bolo_reading_resolve (reading, self->rules);
    reading->captured_us = job->frame->captured_us;
    reading->media_ms = job->frame->media_ms;
    reading->sequence = job->frame->sequence;
    job->n_readings++;
  }
  job->n_readings = bolo_readings_drop_repeated (job->readings, job->n_readings);
  bolo_gaze_learn (self->gaze, job->readings, job->n_readings);
  return TRUE;
}

static BoloPass *
get_pass (BoloCameraReader *self, guint64 track)
{
  BoloPass *pass;

  for (guint i = 0; i < self->passes->len; i++) {
    pass = g_ptr_array_index (self->passes, i);
    if (bolo_pass_get_track (pass) == track)
      return pass;
  }
  pass = bolo_pass_new (self->camera, track, self->rules);
  g_ptr_array_add (self->passes, pass);
  return pass;
}

static BoloPicture *
cut_picture (const BoloFrame *frame, int x, int y, int width, int height, int max_width)
{
  BoloPicturePlanes planes = {.width = frame->width,
                              .height = frame->height,
                              .luma = frame->planes[0],
                              .luma_stride = frame->strides[0],
                              .chroma_stride = frame->strides[1]};
  int out_width;

  x = CLAMP (x, 0, frame->width - 1);
  y = CLAMP (y, 0, frame->height - 1);
  width = CLAMP (width, 1, frame->width - x);
  height = CLAMP (height, 1, frame->height - y);
  out_width = MIN (width, max_width);
  if (frame->format == BOLO_FRAME_FORMAT_RGB) {
    BoloPicture whole = {BOLO_PICTURE_RGB, frame->width, frame->height, frame->strides[0],
                         (guint8 *) frame->planes[0]};
    g_autoptr (BoloPicture) part = bolo_picture_crop (&whole, x, y, width, height);

    return bolo_picture_scale (part, out_width, MAX (height * out_width / width, 1));
  }
  if (frame->format == BOLO_FRAME_FORMAT_I420) {
    planes.u = frame->planes[1];
    planes.v = frame->planes[2];
  } else if (frame->format == BOLO_FRAME_FORMAT_NV12) {
    planes.uv = frame->planes[1];
  }
  return bolo_picture_new_from_planes (&planes, x, y, width, height, out_width,
                                       MAX (height * out_width / width, 1));
}

static void
take_pictures (BoloPass *pass,
               Job *job,
               const BoloReading *reading,
               const BoloFrame *overview,
               const char *overview_camera)
{
  g_autoptr (BoloPicture) patch = NULL;
  float left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
  float margin = reading->width_px * PATCH_MARGIN;

  for (int i = 0; i < 4; i++) {
    left = MIN (left, reading->corners[i][0]);
    right = MAX (right, reading->corners[i][0]);
    top = MIN (top, reading->corners[i][1]);
    bottom = MAX (bottom, reading->corners[i][1]);
  }
  patch =
    cut_picture (job->frame, (int) (left - margin), (int) (top - margin),
                 (int) (right - left + 2 * margin), (int) (bottom - top + 2 * margin), PATCH_WIDTH);
  if (job->overview == NULL) {
    const BoloFrame *from = overview != NULL ? overview : job->frame;

    job->overview = cut_picture (from, 0, 0, from->width, from->height, OVERVIEW_WIDTH);
  }
  bolo_pass_set_pictures (pass, patch, job->overview, overview != NULL ? overview_camera : NULL);
}

static void
fill_looks (BoloCameraReader *self, const Job *job, BoloLooks *looks)
{
  memset (looks, 0, sizeof *looks);
  looks->captured_us = job->frame->captured_us;
  looks->width = job->frame->width;
  looks->height = job->frame->height;
  looks->n_boxes = MIN (job->n_readings, G_N_ELEMENTS (looks->boxes));
  for (guint i = 0; i < looks->n_boxes; i++) {
    BoloPass *pass = get_pass (self, job->tracks[i]);

    memcpy (looks->boxes[i].corners, job->readings[i].corners, sizeof looks->boxes[i].corners);
    looks->boxes[i].track = job->tracks[i];
    g_strlcpy (looks->boxes[i].text, bolo_pass_get_text (pass), sizeof looks->boxes[i].text);
  }
}

static gboolean
is_part_of_recent (const BoloCameraReader *self, const BoloSighting *sighting)
{
  for (guint i = 0; i < MIN (self->n_recent, RECENT); i++) {
    const Recent *recent = &self->recent[i];

    if (recent->track != sighting->track && sighting->last_us - recent->at_us <= RECENT_US &&
        strlen (sighting->text) < strlen (recent->text) &&
        strstr (recent->text, sighting->text) != NULL)
      return TRUE;
  }
  return FALSE;
}

/* Adds @sighting (transfer full), unless it is the first of its pass (@is_first) and a part of a
 * vehicle that was told already. */
static gboolean
tell (BoloCameraReader *self, BoloSighting *sighting, gboolean is_first, GPtrArray *sightings)
{
  Recent *recent;

  if (is_first && sighting->looks <= PART_LOOKS && is_part_of_recent (self, sighting)) {
    bolo_sighting_unref (sighting);
    return FALSE;
  }
  recent = &self->recent[self->n_recent++ % RECENT];
  recent->track = sighting->track;
  recent->at_us = sighting->last_us;
  g_strlcpy (recent->text, sighting->text, sizeof recent->text);
  g_ptr_array_add (sightings, sighting);
  return TRUE;
}

/* Passes of tracks that were not seen for @now_us's sake are closed, in the order they began. */
static void
close_passes (BoloCameraReader *self, gint64 now_us, GPtrArray *sightings)
{
  g_autoptr (GArray) ended = g_array_new (FALSE, FALSE, sizeof (guint64));

  bolo_tracker_end (self->tracker, now_us, ended);
  for (guint i = 0; i < ended->len; i++) {
    BoloPass *pass = get_pass (self, g_array_index (ended, guint64, i));
    gboolean is_first = !bolo_pass_is_published (pass);
    g_autoptr (GPtrArray) last = g_ptr_array_new ();

    bolo_pass_close (pass, last);
    for (guint k = 0; k < last->len; k++)
      tell (self, g_ptr_array_index (last, k), is_first, sightings);
    g_ptr_array_remove (self->passes, pass);
  }
}

static void
follow (BoloCameraReader *self,
        Job *job,
        const BoloFrame *overview,
        const char *overview_camera,
        GPtrArray *sightings)
{
  gint64 now_us = job->frame->captured_us;

  bolo_tracker_assign (self->tracker, now_us, job->readings, job->n_readings, job->tracks);
  for (guint i = 0; i < job->n_readings; i++) {
    BoloPass *pass = get_pass (self, job->tracks[i]);

    if (bolo_pass_add (pass, &job->readings[i], job->frame->width, job->frame->height,
                       job->frame->captured_by) &&
        self->options.with_pictures)
      take_pictures (pass, job, &job->readings[i], overview, overview_camera);
  }
  for (guint i = 0; i < self->passes->len; i++) {
    BoloPass *pass = g_ptr_array_index (self->passes, i);
    gboolean is_first = !bolo_pass_is_published (pass);
    BoloSighting *sighting = bolo_pass_decide (pass, now_us);

    if (sighting != NULL && !tell (self, sighting, is_first, sightings))
      bolo_pass_withdraw (pass);
  }
  close_passes (self, now_us, sightings);
}

gboolean
bolo_camera_reader_read (BoloCameraReader *self,
                         BoloCv *cv,
                         const BoloFrame *frame,
                         const BoloFrame *overview,
                         const char *overview_camera,
                         BoloLooks *looks,
                         BoloFrameWork *work,
                         GPtrArray *sightings,
                         GError **error)
{
  g_auto (Job) job = {0};
  gint64 started = g_get_monotonic_time ();
  gint64 found;

  g_return_val_if_fail (self != NULL && cv != NULL && frame != NULL, FALSE);
  g_return_val_if_fail (work != NULL && sightings != NULL, FALSE);

  init_job (&job, frame);
  memset (work, 0, sizeof *work);
  if (!find_boxes (self, cv, &job, error))
    return FALSE;
  found = g_get_monotonic_time ();
  if (!read_boxes (self, cv, &job, error))
    return FALSE;
  work->detect_ms = (double) (found - started) / 1000.0;
  work->read_ms = (double) (g_get_monotonic_time () - found) / 1000.0;
  work->n_plates = job.n_readings;
  self->n_frames++;
  follow (self, &job, overview, overview_camera, sightings);
  if (looks != NULL)
    fill_looks (self, &job, looks);
  return TRUE;
}

void
bolo_camera_reader_close (BoloCameraReader *self, GPtrArray *sightings)
{
  g_return_if_fail (self != NULL && sightings != NULL);

  close_passes (self, G_MAXINT64, sightings);
}
