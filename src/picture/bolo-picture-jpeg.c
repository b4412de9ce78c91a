/* bolo-picture-jpeg.c: JPEG to pixels and back, through libjpeg
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-picture"

#include "bolo-picture.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#include "bolo-error.h"
#include "bolo-picture-private.h"

/* A progressive file may ask for any number of passes over all its pixels; honest ones have 10. */
#define MAX_SCANS 100
#define BEST_QUALITY 88
#define WORST_QUALITY 30

/* libjpeg reports by jumping: everything that the jump must not lose lives in the job. */
typedef struct {
  struct jpeg_error_mgr manager;
  jmp_buf back;
  gboolean is_cut_short;
  char message[JMSG_LENGTH_MAX];
} Reporter;

typedef struct {
  Reporter reporter;
  struct jpeg_decompress_struct jpeg;
  struct jpeg_progress_mgr progress;
  guint8 *row;
  BoloPicture *picture;
} DecodeJob;

typedef struct {
  Reporter reporter;
  struct jpeg_compress_struct jpeg;
  unsigned char *bytes;
  unsigned long n_bytes;
} EncodeJob;

static void
on_error_exit (j_common_ptr jpeg)
{
  Reporter *reporter = (Reporter *) jpeg->err;

  reporter->manager.format_message (jpeg, reporter->message);
  longjmp (reporter->back, 1);
}

static void
on_message (j_common_ptr jpeg, int level)
{
  Reporter *reporter = (Reporter *) jpeg->err;

  if (level >= 0)
    return;
  reporter->manager.num_warnings++;
  if (reporter->manager.msg_code == JWRN_JPEG_EOF) {
    reporter->is_cut_short = TRUE;
    g_strlcpy (reporter->message, "the file ends before the picture does",
               sizeof reporter->message);
    longjmp (reporter->back, 1);
  }
}

static void
on_output_message (j_common_ptr jpeg)
{
}

static void
on_progress (j_common_ptr jpeg)
{
  Reporter *reporter = (Reporter *) jpeg->err;

  if (jpeg->is_decompressor && ((j_decompress_ptr) jpeg)->input_scan_number > MAX_SCANS) {
    g_strlcpy (reporter->message, "it has too many scans", sizeof reporter->message);
    longjmp (reporter->back, 1);
  }
}

static void
init_reporter (Reporter *reporter)
{
  jpeg_std_error (&reporter->manager);
  reporter->manager.error_exit = on_error_exit;
  reporter->manager.emit_message = on_message;
  reporter->manager.output_message = on_output_message;
}

static void
choose_colours (DecodeJob *job, BoloPictureFormat format)
{
  gboolean has_black =
    job->jpeg.jpeg_color_space == JCS_CMYK || job->jpeg.jpeg_color_space == JCS_YCCK;

  if (has_black)
    job->jpeg.out_color_space = JCS_CMYK;
  else
    job->jpeg.out_color_space = format == BOLO_PICTURE_RGB ? JCS_RGB : JCS_GRAYSCALE;
}

/* Four inks to light. Adobe's files hold them inverted, and nearly all CMYK files are Adobe's. */
static void
convert_inks (const DecodeJob *job, guint8 *out, BoloPictureFormat format)
{
  gboolean is_inverted = job->jpeg.saw_Adobe_marker;

  for (int x = 0; x < (int) job->jpeg.output_width; x++) {
    const guint8 *ink = job->row + 4 * x;
    guint light[3];

    for (int i = 0; i < 3; i++) {
      guint one = is_inverted ? ink[i] : 255u - ink[i];
      guint black = is_inverted ? ink[3] : 255u - ink[3];

      light[i] = one * black / 255;
    }
    if (format == BOLO_PICTURE_RGB) {
      for (int i = 0; i < 3; i++)
        out[3 * x + i] = (guint8) light[i];
    } else {
      out[x] = bolo_picture_get_luma (light[0], light[1], light[2]);
    }
  }
}

static gboolean
run_decode (DecodeJob *job, const guint8 *data, gsize length, BoloPictureFormat format)
{
  if (setjmp (job->reporter.back) != 0)
    return FALSE;

  jpeg_create_decompress (&job->jpeg);
  job->progress.progress_monitor = on_progress;
  job->jpeg.progress = &job->progress;
  jpeg_mem_src (&job->jpeg, (unsigned char *) data, (unsigned long) length);
  jpeg_read_header (&job->jpeg, TRUE);
  choose_colours (job, format);
  jpeg_start_decompress (&job->jpeg);
  job->picture =
    bolo_picture_new (format, (int) job->jpeg.output_width, (int) job->jpeg.output_height);
  if (job->jpeg.out_color_space == JCS_CMYK)
    job->row = g_malloc ((gsize) job->jpeg.output_width * 4);
  while (job->jpeg.output_scanline < job->jpeg.output_height) {
    guint8 *out =
      job->picture->pixels + (gsize) job->jpeg.output_scanline * (gsize) job->picture->stride;
    JSAMPROW row = job->row != NULL ? job->row : out;

    jpeg_read_scanlines (&job->jpeg, &row, 1);
    if (job->row != NULL)
      convert_inks (job, out, format);
  }
  jpeg_finish_decompress (&job->jpeg);
  return TRUE;
}

BoloPicture *
bolo_picture_decode_jpeg (
  const guint8 *data, gsize length, const char *name, BoloPictureFormat format, GError **error)
{
  g_autofree DecodeJob *job = g_new0 (DecodeJob, 1);
  g_autoptr (BoloPicture) picture = NULL;
  gboolean is_done;

  init_reporter (&job->reporter);
  job->jpeg.err = &job->reporter.manager;
  is_done = run_decode (job, data, length, format);
  picture = g_steal_pointer (&job->picture);
  g_free (job->row);
  jpeg_destroy_decompress (&job->jpeg);
  if (!is_done) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "%s is a damaged JPEG picture: %s",
                 name, job->reporter.message);
    return NULL;
  }
  return g_steal_pointer (&picture);
}

static gboolean
run_encode (EncodeJob *job, const BoloPicture *picture, int quality)
{
  if (setjmp (job->reporter.back) != 0)
    return FALSE;

  jpeg_create_compress (&job->jpeg);
  jpeg_mem_dest (&job->jpeg, &job->bytes, &job->n_bytes);
  job->jpeg.image_width = (JDIMENSION) picture->width;
  job->jpeg.image_height = (JDIMENSION) picture->height;
  job->jpeg.input_components = bolo_picture_format_get_bytes (picture->format);
  job->jpeg.in_color_space = picture->format == BOLO_PICTURE_RGB ? JCS_RGB : JCS_GRAYSCALE;
  jpeg_set_defaults (&job->jpeg);
  jpeg_set_quality (&job->jpeg, quality, TRUE);
  jpeg_start_compress (&job->jpeg, TRUE);
  while (job->jpeg.next_scanline < job->jpeg.image_height) {
    JSAMPROW row = picture->pixels + (gsize) job->jpeg.next_scanline * (gsize) picture->stride;

    jpeg_write_scanlines (&job->jpeg, &row, 1);
  }
  jpeg_finish_compress (&job->jpeg);
  return TRUE;
}

static GBytes *
encode_once (const BoloPicture *picture, int quality, GError **error)
{
  g_autofree EncodeJob *job = g_new0 (EncodeJob, 1);
  GBytes *bytes = NULL;

  init_reporter (&job->reporter);
  job->jpeg.err = &job->reporter.manager;
  if (run_encode (job, picture, quality))
    bytes = g_bytes_new (job->bytes, job->n_bytes);
  else
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INTERNAL, "Cannot make a JPEG picture: %s",
                 job->reporter.message);
  jpeg_destroy_compress (&job->jpeg);
  free (job->bytes);
  return bytes;
}

/* The best quality that fits, by halving; NULL with @error unset when none does. */
static GBytes *
encode_under_cap (const BoloPicture *picture, gsize max_bytes, GError **error)
{
  g_autoptr (GBytes) best = encode_once (picture, BEST_QUALITY, error);
  int low = WORST_QUALITY;
  int high = BEST_QUALITY - 1;

  if (best == NULL)
    return NULL;
  if (g_bytes_get_size (best) <= max_bytes)
    return g_steal_pointer (&best);
  g_clear_pointer (&best, g_bytes_unref);
  while (low <= high) {
    int middle = (low + high) / 2;
    g_autoptr (GBytes) bytes = encode_once (picture, middle, error);

    if (bytes == NULL)
      return NULL;
    if (g_bytes_get_size (bytes) <= max_bytes) {
      g_clear_pointer (&best, g_bytes_unref);
      best = g_steal_pointer (&bytes);
      low = middle + 4; /* four steps of quality are not worth another encoding */
    } else {
      high = middle - 1;
    }
  }
  return g_steal_pointer (&best);
}

GBytes *
bolo_picture_encode_jpeg (const BoloPicture *self, gsize max_bytes, GError **error)
{
  g_autoptr (BoloPicture) smaller = NULL;
  const BoloPicture *picture = self;

  g_return_val_if_fail (self != NULL, NULL);

  for (;;) {
    g_autoptr (GError) local_error = NULL;
    GBytes *bytes = encode_under_cap (picture, max_bytes, &local_error);
    BoloPicture *next;

    if (bytes != NULL)
      return bytes;
    if (local_error != NULL) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
    if (picture->width < 32 || picture->height < 16) {
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_NO_SPACE,
                   "A picture does not fit into %" G_GSIZE_FORMAT " bytes", max_bytes);
      return NULL;
    }
    next = bolo_picture_scale (picture, picture->width * 3 / 4, picture->height * 3 / 4);
    g_clear_pointer (&smaller, bolo_picture_unref);
    smaller = next;
    picture = smaller;
  }
}
