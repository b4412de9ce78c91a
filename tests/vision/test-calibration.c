/* test-calibration.c: stated confidence follows what is known of a reading, and the file is checked
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-calibration.h"

#include <glib/gstdio.h>
#include <string.h>

#include "bolo-error.h"

#define CURVE "[calibration]\nraw=0.5;1\nright=0.2;0.9\n"
#define ODDS "[still]\nsure=1.5\ndoubt=1\nstart=0.5\nunfit=-2\nmissing=-1\nword=-0.7\ncut=-0.4\n"

typedef struct {
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer unused)
{
  (void) unused;
  self->folder = g_dir_make_tmp ("bolo-calibration-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "calibration.ini", NULL);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  (void) unused;
  g_unlink (self->path);
  g_rmdir (self->folder);
  g_free (self->path);
  g_free (self->folder);
}

static BoloCalibration
load (const Fixture *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  BoloCalibration calibration;

  g_assert_true (g_file_set_contents (self->path, text, -1, NULL));
  g_assert_true (bolo_calibration_load (&calibration, self->folder, &error));
  g_assert_no_error (error);
  return calibration;
}

static void
assert_refused (const Fixture *self, const char *text, const char *words)
{
  g_autoptr (GError) error = NULL;
  BoloCalibration calibration;

  g_assert_true (g_file_set_contents (self->path, text, -1, NULL));
  g_assert_false (bolo_calibration_load (&calibration, self->folder, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "calibration.ini"));
  if (strstr (error->message, words) == NULL)
    g_test_message ("'%s' does not say '%s'", error->message, words);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_curve (void)
{
  const BoloCalibration none = {0};
  const BoloCalibration curve = {.n = 2, .raw = {0.5f, 1.0f}, .right = {0.2f, 0.98f}};

  g_assert_cmpfloat (bolo_calibration_apply (&none, 0.3f, 0), ==, 0.3f);
  g_assert_cmpfloat (bolo_calibration_apply (&none, 7, 0), ==, 1);
  g_assert_cmpfloat_with_epsilon (bolo_calibration_apply (&curve, 0.25f, 0), 0.1, 1e-5);
  g_assert_cmpfloat_with_epsilon (bolo_calibration_apply (&curve, 0.75f, 0), 0.59, 1e-5);
  g_assert_cmpfloat_with_epsilon (bolo_calibration_apply (&curve, 1, 0), 0.98, 1e-5);
  g_assert_cmpfloat (bolo_calibration_apply (&curve, -1, 0), ==, 0);
}

/* Each fact that speaks against a reading makes it less sure, and the nets' doubt does. */
static void
test_odds (Fixture *self, gconstpointer unused)
{
  const BoloReadingFacts whole = {
    .raw = 0.9f, .n_characters = 7, .has_digit = TRUE, .fits_syntax = TRUE};
  BoloCalibration calibration = load (self, CURVE ODDS);
  BoloReadingFacts facts = whole;
  float sure = bolo_calibration_judge (&calibration, &whole);

  (void) unused;
  /* 1 / (1 + exp (-(1.5 ln 0.9 - ln 0.1 + 0.5))) */
  g_assert_cmpfloat_with_epsilon (sure, 0.9337, 1e-4);
  facts.raw = 0.5f;
  g_assert_cmpfloat (bolo_calibration_judge (&calibration, &facts), <, sure - 0.1f);
  facts = whole;
  facts.fits_syntax = FALSE;
  g_assert_cmpfloat_with_epsilon (bolo_calibration_judge (&calibration, &facts), 0.6558, 1e-4);
  facts = whole;
  facts.has_digit = FALSE;
  g_assert_cmpfloat (bolo_calibration_judge (&calibration, &facts), <, sure);
  facts = whole;
  facts.is_cut = TRUE;
  g_assert_cmpfloat (bolo_calibration_judge (&calibration, &facts), <, sure);
  facts = whole;
  facts.n_characters = 5;
  g_assert_cmpfloat (bolo_calibration_judge (&calibration, &facts), ==, sure);
  for (guint n = 4; n > 0; n--) {
    float before = bolo_calibration_judge (&calibration, &facts);

    facts.n_characters = n;
    g_assert_cmpfloat (bolo_calibration_judge (&calibration, &facts), <, before);
  }
}

/* A frame and a still alike are right as often as nothing is hidden, and then as usual. */
static void
test_covered (Fixture *self, gconstpointer unused)
{
  BoloCalibration calibration = load (self, CURVE ODDS "[cover]\nrare=2\n");
  BoloReadingFacts facts = {.raw = 0.9f, .n_characters = 7, .has_digit = TRUE, .fits_syntax = TRUE};

  (void) unused;
  g_assert_cmpfloat (calibration.rare, ==, 2);
  g_assert_cmpfloat_with_epsilon (bolo_calibration_apply (&calibration, 1, 0), 0.9, 1e-5);
  g_assert_cmpfloat_with_epsilon (bolo_calibration_apply (&calibration, 1, 0.75f), 0.225, 1e-5);
  g_assert_cmpfloat (bolo_calibration_apply (&calibration, 1, 7), ==, 0);
  g_assert_cmpfloat_with_epsilon (bolo_calibration_judge (&calibration, &facts), 0.9337, 1e-4);
  facts.covered = 0.75f;
  g_assert_cmpfloat_with_epsilon (bolo_calibration_judge (&calibration, &facts), 0.2334, 1e-4);
  calibration = load (self, CURVE ODDS); /* one that knows nothing of covers */
  g_assert_cmpfloat_with_epsilon (bolo_calibration_judge (&calibration, &facts), 0.9337, 1e-4);
  g_assert_cmpfloat_with_epsilon (bolo_calibration_apply (&calibration, 1, 1), 0.9, 1e-5);
}

/* Neither end is quite certain, whatever the nets say. */
static void
test_ends (Fixture *self, gconstpointer unused)
{
  BoloCalibration calibration = load (self, CURVE ODDS);
  BoloReadingFacts facts = {.raw = 1, .n_characters = 7, .has_digit = TRUE, .fits_syntax = TRUE};
  float most = bolo_calibration_judge (&calibration, &facts);

  (void) unused;
  g_assert_cmpfloat (most, <, 1);
  facts.raw = 7;
  g_assert_cmpfloat (bolo_calibration_judge (&calibration, &facts), ==, most);
  facts.raw = -1;
  g_assert_cmpfloat (bolo_calibration_judge (&calibration, &facts), >=, 0);
  g_assert_cmpfloat (bolo_calibration_judge (&calibration, &facts), <, 0.01);
}

/* Without odds a still is judged by the curve; without a file the nets are believed. */
static void
test_absent (Fixture *self, gconstpointer unused)
{
  const BoloReadingFacts facts = {.raw = 0.75f, .n_characters = 3};
  BoloCalibration calibration = load (self, CURVE);
  g_autoptr (GError) error = NULL;

  (void) unused;
  g_assert_cmpfloat_with_epsilon (bolo_calibration_judge (&calibration, &facts), 0.55, 1e-5);
  g_unlink (self->path);
  g_assert_true (bolo_calibration_load (&calibration, self->folder, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (bolo_calibration_judge (&calibration, &facts), ==, 0.75f);
}

static void
test_bad (Fixture *self, gconstpointer unused)
{
  (void) unused;
  assert_refused (self, "[calibration]\nraw=0.5;1\nright=0.2\n", "as many numbers as raw");
  assert_refused (self, "[calibration]\nraw=0.5;0.4\nright=0.2;0.9\n", "must rise");
  assert_refused (self, "[calibration]\nrow=0.5;0.4\n", "did you mean 'raw'");
  assert_refused (self, CURVE "[still]\nsure=-1\n", "sure");
  assert_refused (self, CURVE "[still]\ncut=many\n", "cut");
  assert_refused (self, CURVE "[cover]\nrare=often\n", "rare");
  assert_refused (self, CURVE "[still]\nunift=-1\n", "did you mean 'unfit'");
}

static void
test_shipped (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "models", NULL);
  const BoloReadingFacts good = {
    .raw = 0.95f, .n_characters = 7, .has_digit = TRUE, .fits_syntax = TRUE};
  const BoloReadingFacts bad = {.raw = 0.95f, .n_characters = 2};
  g_autoptr (GError) error = NULL;
  BoloCalibration calibration;

  g_assert_true (bolo_calibration_load (&calibration, folder, &error));
  g_assert_no_error (error);
  g_assert_true (calibration.n > 0 && calibration.has_odds);
  g_assert_cmpfloat (bolo_calibration_judge (&calibration, &good), >, 0.9);
  g_assert_cmpfloat (bolo_calibration_judge (&calibration, &bad), <, 0.5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vision/calibration/curve", test_curve);
  g_test_add ("/vision/calibration/odds", Fixture, NULL, set_up, test_odds, tear_down);
  g_test_add ("/vision/calibration/covered", Fixture, NULL, set_up, test_covered, tear_down);
  g_test_add ("/vision/calibration/ends", Fixture, NULL, set_up, test_ends, tear_down);
  g_test_add ("/vision/calibration/absent", Fixture, NULL, set_up, test_absent, tear_down);
  g_test_add ("/vision/calibration/bad", Fixture, NULL, set_up, test_bad, tear_down);
  g_test_add_func ("/vision/calibration/shipped", test_shipped);
  return g_test_run ();
}
