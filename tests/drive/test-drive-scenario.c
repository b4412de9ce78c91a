/* test-drive-scenario.c: scenario files load, and their mistakes are named where they stand
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>

#include "bolo-error.h"
#include "drive-test.h"

static void
test_loads (void)
{
  g_autoptr (BoloDriveScenario) scenario = drive_test_load (77);

  g_assert_cmpstr (scenario->title, ==, "A test");
  g_assert_cmpuint (scenario->seed, ==, 77);
  g_assert_cmpuint (scenario->n_vehicles, ==, 40);
  g_assert_cmpuint (bolo_drive_scenario_get_n_frames (scenario), ==, 900);
  g_assert_cmpint (scenario->start_us, ==, G_GINT64_CONSTANT (1773510000000000));
  g_assert_cmpuint (scenario->cameras->len, ==, 4);
  const BoloDriveCamera *camera = g_ptr_array_index (scenario->cameras, 1);
  g_assert_cmpstr (camera->name, ==, "oncoming");
  g_assert_cmpstr (camera->role, ==, "oncoming");
  g_assert_cmpstr (camera->overview, ==, "front");
  g_assert_true (camera->is_infrared);
  g_assert_cmpfloat (camera->heading_deg, ==, 14);
}

/* The shipped ones are good ones. */
static void
test_shipped (void)
{
  static const char *const names[] = {"demo.ini", "drives/long.ini", "drives/long-night.ini"};
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path = g_build_filename (g_getenv ("BOLO_DATA_DIR"), names[i], NULL);
    g_autoptr (BoloDriveScenario) scenario = bolo_drive_scenario_load (path, -1, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (scenario->cameras->len, ==, 4);
    g_assert_cmpint (scenario->width, ==, 1280);
    g_assert_cmpint (scenario->rate, ==, 15);
    g_assert_cmpfloat (scenario->duration_s, >=, 60);
  }
}

static void
test_stretches (void)
{
  g_autofree char *text =
    drive_test_make_text ("overtaking:20;town:20;overtaken:20", "town:10;overtaking:15",
                          "day:32;dusk:12;night:16", "day:3;night:1", NULL);
  g_autoptr (BoloDriveScenario) scenario = bolo_drive_scenario_load_data (text, "t", -1, NULL);

  g_assert_nonnull (scenario);
  /* Phases repeat: 10 + 15 + 10 + 15 + 10. */
  g_assert_cmpuint (scenario->phases->len, ==, 5);
  const BoloDriveStretch *last = &g_array_index (scenario->phases, BoloDriveStretch, 4);
  g_assert_cmpint (last->kind, ==, BOLO_DRIVE_PHASE_TOWN);
  g_assert_cmpfloat_with_epsilon (last->start_s, 50, 1e-6);
  g_assert_cmpfloat_with_epsilon (last->end_s, 60, 1e-6);
  /* Light is stretched: 45 and 15. */
  g_assert_cmpuint (scenario->lights->len, ==, 2);
  g_assert_cmpint (bolo_drive_scenario_find (scenario->lights, 44.9)->kind, ==,
                   BOLO_DRIVE_LIGHT_DAY);
  g_assert_cmpint (bolo_drive_scenario_find (scenario->lights, 45.1)->kind, ==,
                   BOLO_DRIVE_LIGHT_NIGHT);
  g_assert_cmpint (bolo_drive_scenario_find (scenario->lights, 999)->kind, ==,
                   BOLO_DRIVE_LIGHT_NIGHT);
}

typedef struct {
  const char *name;
  const char *old;
  const char *new;
  const char *const parts[4]; /* of the sentence */
} Mistake;

static const Mistake mistakes[] = {
  {"key", "vehicles=40", "vehicels=40", {"bad.ini:9", "vehicels", "vehicles", NULL}},
  {"group", "[wanted]", "[wnated]", {"bad.ini:12", "wnated", NULL}},
  {"phase", "town:20", "twon:20", {"bad.ini:10", "twon", "did you mean 'town'?", NULL}},
  {"phase-far", "town:20", "motorboat:20", {"bad.ini:10", "overtaking, overtaken, town", NULL}},
  {"phase-seconds", "town:20", "town:none", {"bad.ini:10", "town:none", NULL}},
  {"phase-nothing",
   "overtaking:20;town:20;overtaken:20",
   " ; ",
   {"bad.ini:10", "no stretch", NULL}},
  {"light", "dusk:12", "dusk", {"bad.ini:11", "NAME:SECONDS", NULL}},
  {"width", "width=1280", "width=1281", {"bad.ini:5", "even", NULL}},
  {"rate", "rate=15", "rate=0", {"bad.ini:7", "rate", NULL}},
  {"duration", "duration_s=60", "duration_s=nan", {"bad.ini:4", "duration_s", NULL}},
  {"start", "start=2026-03-14T17:40:00Z", "start=today", {"bad.ini:3", "UTC", NULL}},
  {"role", "role=oncoming", "role=watching", {"bad.ini:21", "watching", NULL}},
  {"overview", "overview=front", "overview=side", {"bad.ini:23", "another camera", NULL}},
  {"camera-name", "[camera left]", "[camera my left]", {"letters, digits", NULL}},
  {"wanted", "overt=5", "overt=60", {"bad.ini:9", "less than", NULL}},
  {"decoys",
   "overt=5\ncovert=1\nweeded=1",
   "overt=0\ncovert=0\nweeded=0",
   {"bad.ini", "to be like", NULL}},
};

static void
test_mistake (gconstpointer data)
{
  const Mistake *mistake = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = drive_test_make_text (mistake->old, mistake->new, NULL);
  g_autoptr (BoloDriveScenario) scenario =
    bolo_drive_scenario_load_data (text, "bad.ini", -1, &error);

  g_assert_null (scenario);
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  for (guint i = 0; mistake->parts[i] != NULL; i++) {
    g_test_message ("'%s' says '%s'", error->message, mistake->parts[i]);
    g_assert_nonnull (strstr (error->message, mistake->parts[i]));
  }
}

static void
test_no_file (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (bolo_drive_scenario_load ("/nowhere/none.ini", -1, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "/nowhere/none.ini"));
}

static void
test_no_camera (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (bolo_drive_scenario_load_data ("[drive]\nduration_s=5\n", "bad.ini", -1, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "[camera NAME]"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drive/scenario/loads", test_loads);
  g_test_add_func ("/drive/scenario/shipped", test_shipped);
  g_test_add_func ("/drive/scenario/stretches", test_stretches);
  g_test_add_func ("/drive/scenario/no-file", test_no_file);
  g_test_add_func ("/drive/scenario/no-camera", test_no_camera);
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++) {
    g_autofree char *path = g_strdup_printf ("/drive/scenario/mistake/%s", mistakes[i].name);
    g_test_add_data_func (path, &mistakes[i], test_mistake);
  }
  return g_test_run ();
}
