/* bolo-calibration.c: reads and applies calibration.ini
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-vision"

#include "bolo-calibration.h"

#include <math.h>

#include "bolo-error.h"
#include "bolo-key-file.h"

#define USUAL_LENGTH 5
#define LEAST_RAW 1e-3f /* and 1 less that at most: logarithms stay small */
#define MAX_ODDS 20.0   /* either way: certain enough */

static const char *const curve_keys[] = {"raw", "right", NULL};
static const char *const odds_keys[] = {"sure",    "doubt", "start", "unfit",
                                        "missing", "word",  "cut",   NULL};
static const char *const region_keys[] = {"temperature", NULL};
static const char *const cover_keys[] = {"rare", NULL};
static const BoloKeySpec specs[] = {
  {"calibration", curve_keys}, {"still", odds_keys}, {"region", region_keys},
  {"cover", cover_keys},       {NULL, NULL},
};

/* [calibration] raw=0.1;0.5;… right=0.02;0.3;… */
static gboolean
parse_curve (BoloCalibration *self, BoloKeyFile *file, GError **error)
{
  g_auto (GStrv) raw = bolo_key_file_get_list (file, "calibration", "raw");
  g_auto (GStrv) right = bolo_key_file_get_list (file, "calibration", "right");
  guint n = g_strv_length (raw);

  if (n != g_strv_length (right) || n > BOLO_CALIBRATION_MAX) {
    bolo_key_file_set_error (file, "calibration", "right",
                             "must have as many numbers as raw, at most 24", error);
    return FALSE;
  }
  for (guint i = 0; i < n; i++) {
    self->raw[i] = (float) g_ascii_strtod (raw[i], NULL);
    self->right[i] = (float) g_ascii_strtod (right[i], NULL);
    if (!(self->raw[i] >= 0 && self->raw[i] <= 1 && self->right[i] >= 0 && self->right[i] <= 1) ||
        (i > 0 && (self->raw[i] <= self->raw[i - 1] || self->right[i] < self->right[i - 1]))) {
      bolo_key_file_set_error (file, "calibration", "raw",
                               "must rise, and right must not fall, from 0 to 1", error);
      return FALSE;
    }
  }
  self->n = n;
  return TRUE;
}

/* [still] sure=1.4 doubt=1.0 … */
static gboolean
parse_odds (BoloCalibration *self, BoloKeyFile *file, GError **error)
{
  BoloOdds *odds = &self->odds;
  float *const values[] = {&odds->sure,    &odds->doubt, &odds->start, &odds->unfit,
                           &odds->missing, &odds->word,  &odds->cut};

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    /* a surer reading is never less often right */
    double least = i < 2 ? 0 : -MAX_ODDS;
    double number;

    if (!bolo_key_file_get_double (file, "still", odds_keys[i], least, MAX_ODDS, 0, &number, error))
      return FALSE;
    *values[i] = (float) number;
  }
  self->has_odds = odds->sure > 0 || odds->doubt > 0;
  return TRUE;
}

/* [region] temperature=1.4 */
static gboolean
parse_region (BoloCalibration *self, BoloKeyFile *file, GError **error)
{
  double number;

  if (!bolo_key_file_get_double (file, "region", "temperature", 0.1, 10, 1, &number, error))
    return FALSE;
  self->temperature = (float) number;
  return TRUE;
}

/* [cover] rare=2 */
static gboolean
parse_cover (BoloCalibration *self, BoloKeyFile *file, GError **error)
{
  double number;

  if (!bolo_key_file_get_double (file, "cover", "rare", -MAX_ODDS, MAX_ODDS, 0, &number, error))
    return FALSE;
  self->rare = (float) number;
  self->has_cover = bolo_key_file_has_group (file, "cover");
  return TRUE;
}

gboolean
bolo_calibration_load (BoloCalibration *self, const char *directory, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (BoloKeyFile) file = NULL;

  g_return_val_if_fail (self != NULL && directory != NULL, FALSE);

  *self = (BoloCalibration){.temperature = 1};
  path = g_build_filename (directory, "calibration.ini", NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  file = bolo_key_file_load (path, specs, error);
  return file != NULL && parse_curve (self, file, error) && parse_odds (self, file, error) &&
         parse_region (self, file, error) && parse_cover (self, file, error);
}

static float
follow_curve (const BoloCalibration *self, float raw)
{
  float below_raw = 0;
  float below_right = 0;

  if (self->n == 0)
    return raw;
  for (guint i = 0; i < self->n; i++) {
    if (raw <= self->raw[i]) {
      float span = self->raw[i] - below_raw;

      if (span <= 0)
        return self->right[i];
      return below_right + (self->right[i] - below_right) * (raw - below_raw) / span;
    }
    below_raw = self->raw[i];
    below_right = self->right[i];
  }
  return below_right;
}

/* The chance that nothing is hidden; the rest of what is known tells how often such is right. */
static float
get_clear (const BoloCalibration *self, float covered)
{
  return self->has_cover ? 1 - CLAMP (covered, 0.0f, 1.0f) : 1;
}

float
bolo_calibration_apply (const BoloCalibration *self, float raw, float covered)
{
  g_return_val_if_fail (self != NULL, 0);

  return follow_curve (self, CLAMP (raw, 0.0f, 1.0f)) * get_clear (self, covered);
}

float
bolo_calibration_judge (const BoloCalibration *self, const BoloReadingFacts *facts)
{
  const BoloOdds *odds;
  float raw, sum;

  g_return_val_if_fail (self != NULL && facts != NULL, 0);

  if (!self->has_odds)
    return bolo_calibration_apply (self, facts->raw, facts->covered);
  odds = &self->odds;
  raw = CLAMP (facts->raw, LEAST_RAW, 1.0f - LEAST_RAW);
  sum = odds->sure * logf (raw) - odds->doubt * logf (1.0f - raw) + odds->start;
  if (!facts->fits_syntax)
    sum += odds->unfit;
  if (facts->n_characters < USUAL_LENGTH)
    sum += odds->missing * (float) (USUAL_LENGTH - facts->n_characters);
  if (!facts->has_digit)
    sum += odds->word;
  if (facts->is_cut)
    sum += odds->cut;
  return get_clear (self, facts->covered) / (1.0f + expf (-sum));
}
