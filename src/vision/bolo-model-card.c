/* bolo-model-card.c: reads a model's card and checks the model file against it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-vision"

#include "bolo-model-card.h"

#include <stdlib.h>
#include <string.h>

#include "bolo-error.h"
#include "bolo-key-file.h"
#include "bolo-reading.h"

static const char *const any_key[] = {"*", NULL};
static const BoloKeySpec card_specs[] = {
  {"model", any_key},
  {"card", any_key},
  {NULL, NULL},
};

static gboolean
load_contents (BoloModelCard *self, BoloKeyFile *file, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GMappedFile) mapped = g_mapped_file_new (self->path, FALSE, &local_error);
  g_autofree char *expected = bolo_key_file_get_string (file, "model", "sha256", "");
  g_autofree char *actual = NULL;

  if (mapped == NULL) {
    gboolean is_missing = g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT);

    g_set_error (error, BOLO_ERROR, is_missing ? BOLO_ERROR_NOT_FOUND : BOLO_ERROR_INVALID_DATA,
                 "The model %s %s; install Bolo's models again", self->path,
                 is_missing ? "is not there" : "cannot be read");
    return FALSE;
  }
  self->contents = g_mapped_file_get_bytes (mapped);
  actual = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, self->contents);
  if (g_strcmp0 (actual, expected) != 0) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "The model %s is not the one that %s describes: its SHA-256 begins %.12s, not "
                 "%.12s; install Bolo's models again",
                 self->path, bolo_key_file_get_name (file), actual, expected);
    return FALSE;
  }
  return TRUE;
}

static gboolean
get_float (BoloKeyFile *file,
           const char *key,
           double minimum,
           double maximum,
           double fallback,
           float *value,
           GError **error)
{
  double number;

  if (!bolo_key_file_get_double (file, "model", key, minimum, maximum, fallback, &number, error))
    return FALSE;
  *value = (float) number;
  return TRUE;
}

static gboolean
get_int (BoloKeyFile *file,
         const char *key,
         gint64 minimum,
         gint64 maximum,
         gint64 fallback,
         int *value,
         GError **error)
{
  gint64 number;

  if (!bolo_key_file_get_int (file, "model", key, minimum, maximum, fallback, &number, error))
    return FALSE;
  *value = (int) number;
  return TRUE;
}

static gboolean
load_detector (BoloModelCard *self, BoloKeyFile *file, GError **error)
{
  return get_int (file, "stride", 8, 8, 8, &self->stride, error) &&
         get_float (file, "unit", 1, 1024, 32, &self->unit, error) &&
         get_float (file, "nms_iou", 0, 1, 0.3, &self->nms_iou, error) &&
         get_float (file, "threshold", 0, 1, 0.3, &self->threshold, error);
}

static gboolean
load_alphabet (BoloModelCard *self, BoloKeyFile *file, GError **error)
{
  g_autofree char *alphabet = bolo_key_file_get_string (file, "model", "alphabet", "");

  for (const char *c = alphabet; *c != '\0'; c++)
    if (!g_ascii_isdigit (*c) && !g_ascii_isupper (*c)) {
      bolo_key_file_set_error (file, "model", "alphabet", "only 0-9 and A-Z can be read", error);
      return FALSE;
    }
  if (*alphabet == '\0' || strlen (alphabet) >= sizeof self->alphabet) {
    bolo_key_file_set_error (file, "model", "alphabet", "must name 1 to 64 characters", error);
    return FALSE;
  }
  g_strlcpy (self->alphabet, alphabet, sizeof self->alphabet);
  return TRUE;
}

/* regions=GB;IE;…, in the order of the classes. */
static gboolean
load_regions (BoloModelCard *self, BoloKeyFile *file, GError **error)
{
  g_auto (GStrv) regions = bolo_key_file_get_list (file, "model", "regions");
  guint n = regions != NULL ? g_strv_length (regions) : 0;

  for (guint i = 0; i < n; i++)
    if (*regions[i] == '\0' || strlen (regions[i]) > BOLO_REGION_MAX) {
      bolo_key_file_set_error (file, "model", "regions", "must name codes like GB", error);
      return FALSE;
    }
  if (n == 0)
    return TRUE;
  self->regions = g_steal_pointer (&regions);
  self->n_regions = (int) n + 1;
  return TRUE;
}

static gboolean
load_reader (BoloModelCard *self, BoloKeyFile *file, GError **error)
{
  g_autofree char *input = bolo_key_file_get_string (file, "model", "input", "");
  g_auto (GStrv) sizes = g_strsplit (input, "x", -1);

  if (g_strv_length (sizes) != 4 || atoi (sizes[2]) < 8 || atoi (sizes[2]) > 512 ||
      atoi (sizes[3]) < 8 || atoi (sizes[3]) > 1024) {
    bolo_key_file_set_error (file, "model", "input", "must be like 1x1x48x160", error);
    return FALSE;
  }
  self->height = atoi (sizes[2]);
  self->width = atoi (sizes[3]);
  return load_alphabet (self, file, error) && load_regions (self, file, error) &&
         get_int (file, "columns", 1, 512, 40, &self->columns, error) &&
         bolo_key_file_get_boolean (file, "model", "cover", FALSE, &self->has_cover, error) &&
         get_int (file, "blank", (gint64) strlen (self->alphabet), (gint64) strlen (self->alphabet),
                  (gint64) strlen (self->alphabet), &self->blank, error) &&
         get_float (file, "crop_margin_x", 0, 0.5, 0.03, &self->margin_x, error) &&
         get_float (file, "crop_margin_y", 0, 0.5, 0.06, &self->margin_y, error) &&
         get_float (file, "box_margin", 0, 0.5, 0.02, &self->box_margin, error) &&
         get_float (file, "two_line_below_aspect", 0, 10, 2.4, &self->two_line_below_aspect,
                    error) &&
         get_float (file, "two_line_part", 0.4, 0.8, 0.56, &self->two_line_part, error);
}

BoloModelCard *
bolo_model_card_load (const char *directory, const char *kind, GError **error)
{
  g_autoptr (BoloModelCard) self = g_new0 (BoloModelCard, 1);
  g_autofree char *card_name = g_strconcat (kind, ".ini", NULL);
  g_autofree char *model_name = g_strconcat (kind, ".onnx", NULL);
  g_autofree char *card_path = NULL;
  g_autofree char *said = NULL;
  g_autoptr (BoloKeyFile) file = NULL;

  g_return_val_if_fail (directory != NULL && kind != NULL, NULL);

  card_path = g_build_filename (directory, card_name, NULL);
  self->path = g_build_filename (directory, model_name, NULL);
  if (!g_file_test (card_path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND,
                 "The card %s of the %s model is not there; install Bolo's models again", card_path,
                 kind);
    return NULL;
  }
  file = bolo_key_file_load (card_path, card_specs, error);
  if (file == NULL)
    return NULL;
  said = bolo_key_file_get_string (file, "model", "kind", "");
  if (g_strcmp0 (said, kind) != 0) {
    g_autofree char *message = g_strdup_printf ("this card must be of a %s", kind);

    bolo_key_file_set_error (file, "model", "kind", message, error);
    return NULL;
  }
  if (!load_contents (self, file, error) ||
      !bolo_calibration_load (&self->calibration, directory, error))
    return NULL;
  if (g_str_equal (kind, "reader") ? !load_reader (self, file, error)
                                   : !load_detector (self, file, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
bolo_model_card_free (BoloModelCard *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->contents, g_bytes_unref);
  g_strfreev (self->regions);
  g_free (self->path);
  g_free (self);
}
