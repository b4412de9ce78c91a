/* test-application.c: the whole application: a run, its screenshot and its measurements
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <math.h>

#include "bolo-application.h"
#include "bolo-error.h"
#include "bolo-fake-engine.h"

#define FRAME_MS 66
#define HIT_MS 1500
#define END_MS 3200

typedef struct {
  BoloFakeEngine *engine;
  BoloApplication *application;
  char *folder;
  char *screenshot;
  char *measure;
  int n_frames;
  int n_ups;
  gboolean has_hit;
  guint sources[3];
} Fixture;

static gboolean
on_frame (gpointer data)
{
  Fixture *fixture = data;

  bolo_fake_engine_put_frame (fixture->engine, "front", "AB12CDE",
                              fmod (fixture->n_frames++ * 0.03, 1), TRUE);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_hit (gpointer data)
{
  Fixture *fixture = data;
  BoloFakeHit hit = {.read = "KX68YZT", .reason = "Stolen in Digbeth."};

  fixture->sources[1] = 0;
  bolo_fake_engine_add_hit (fixture->engine, &hit);
  return G_SOURCE_REMOVE;
}

static gboolean
on_end (gpointer data)
{
  Fixture *fixture = data;

  fixture->sources[2] = 0;
  bolo_fake_engine_finish (fixture->engine);
  return G_SOURCE_REMOVE;
}

/* Nothing of a recording comes before there is a window, once. */
static void
on_up (BoloApplication *application, Fixture *fixture)
{
  /* Set for sanitised builds, which take several times as long for a picture. */
  guint slowness = g_getenv ("BOLO_TEST_PATIENCE") != NULL ? 5 : 1;

  g_assert_cmpint (++fixture->n_ups, ==, 1);
  g_assert_true (
    gtk_widget_get_mapped (GTK_WIDGET (bolo_application_get_main_window (application))));
  if (fixture->has_hit)
    fixture->sources[1] = g_timeout_add (HIT_MS * slowness, on_hit, fixture);
  fixture->sources[2] = g_timeout_add (END_MS * slowness, on_end, fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->engine = bolo_fake_engine_new (NULL);
  bolo_fake_engine_add_camera (fixture->engine, "front", "Front");
  bolo_fake_engine_set_all_well (fixture->engine);
  bolo_fake_engine_set_speed (fixture->engine, 0);
  bolo_engine_set_officer (BOLO_ENGINE (fixture->engine), "PC 4127");
  fixture->folder = g_dir_make_tmp ("bolo-shell-XXXXXX", NULL);
  fixture->screenshot = g_build_filename (fixture->folder, "shot.png", NULL);
  fixture->measure = g_build_filename (fixture->folder, "measure.json", NULL);
  fixture->sources[0] = g_timeout_add (FRAME_MS, on_frame, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fixture->sources); i++)
    g_clear_handle_id (&fixture->sources[i], g_source_remove);
  g_object_unref (fixture->application);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (fixture->engine);
  g_unlink (fixture->screenshot);
  g_unlink (fixture->measure);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->screenshot);
  g_free (fixture->measure);
}

static void
run (Fixture *fixture, BoloShellOptions *options, gboolean has_hit)
{
  options->seat = BOLO_SEAT_OPERATOR;
  options->quit_at_end = TRUE;
  options->theme = "night";
  fixture->application = bolo_application_new (BOLO_ENGINE (fixture->engine), options);
  fixture->has_hit = has_hit;
  g_signal_connect (fixture->application, "up", G_CALLBACK (on_up), fixture);
  g_assert_null (bolo_application_get_main_window (fixture->application));
  g_assert_cmpint (g_application_run (G_APPLICATION (fixture->application), 0, NULL), ==, 0);
  /* A run that is to end soon may end before there is a window. */
  g_assert_cmpint (fixture->n_ups, <=, 1);
}

/* The number that follows "name": in the JSON. */
static double
get_number (const char *json, const char *group, const char *name)
{
  g_autofree char *group_key = g_strdup_printf ("\"%s\":{", group);
  g_autofree char *key = g_strdup_printf ("\"%s\":", name);
  const char *found = *group != '\0' ? strstr (json, group_key) : json;

  g_assert_nonnull (found);
  found = strstr (found, key);
  g_assert_nonnull (found);
  return g_ascii_strtod (found + strlen (key), NULL);
}

static void
test_results (Fixture *fixture, gconstpointer data)
{
  BoloShellOptions options = {.screenshot_path = fixture->screenshot,
                              .measure_path = fixture->measure};
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) picture = NULL;
  g_autofree char *json = NULL;

  run (fixture, &options, TRUE);
  g_assert_true (bolo_application_write_results (fixture->application, &error));
  g_assert_no_error (error);

  picture = gdk_texture_new_from_filename (fixture->screenshot, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (picture), ==, 1024);
  g_assert_cmpint (gdk_texture_get_height (picture), ==, 600);

  g_assert_true (g_file_get_contents (fixture->measure, &json, NULL, &error));
  g_assert_true (g_str_has_prefix (json, "{\"seconds\":") && g_str_has_suffix (json, "}\n"));
  g_assert_cmpfloat (get_number (json, "", "seconds"), >, 1);
  g_assert_cmpfloat (get_number (json, "frame_clock_ms", "count"), >, 3);
  g_assert_cmpfloat (get_number (json, "main_loop_late_ms", "count"), >, 10);
  g_assert_cmpfloat (get_number (json, "tiles", "count"), ==, 1);
  g_assert_cmpfloat (get_number (json, "tiles", "fps_each"), >, 0);
  g_assert_cmpfloat (get_number (json, "hit_to_card_ms", "count"), ==, 1);
  g_assert_cmpfloat (get_number (json, "hit_to_card_ms", "max"), >, 0);
}

/* Whether the picture is of the hit card: its lower left is the button that says yes. */
static gboolean
shows_card (GdkTexture *picture)
{
  gsize stride = (gsize) gdk_texture_get_width (picture) * 4;
  g_autofree guint8 *pixels = g_malloc (stride * (gsize) gdk_texture_get_height (picture));
  const guint8 *at;

  gdk_texture_download (picture, pixels, stride);
  at = pixels + 520 * stride + 40 * 4;
  return at[1] > at[0] + 20 && at[1] > at[2] + 20;
}

static void
test_screenshot_of_card (Fixture *fixture, gconstpointer data)
{
  BoloShellOptions options = {.screenshot_path = fixture->screenshot};
  g_autoptr (GdkTexture) picture = NULL;

  run (fixture, &options, TRUE);
  g_assert_true (bolo_application_write_results (fixture->application, NULL));
  picture = gdk_texture_new_from_filename (fixture->screenshot, NULL);
  g_assert_true (shows_card (picture));
}

static void
test_screenshot_without_hit (Fixture *fixture, gconstpointer data)
{
  BoloShellOptions options = {.screenshot_path = fixture->screenshot};
  g_autoptr (GdkTexture) picture = NULL;

  run (fixture, &options, FALSE);
  g_assert_true (bolo_application_write_results (fixture->application, NULL));
  picture = gdk_texture_new_from_filename (fixture->screenshot, NULL);
  g_assert_nonnull (picture);
  g_assert_false (shows_card (picture));
}

static void
test_screenshot_at (Fixture *fixture, gconstpointer data)
{
  BoloShellOptions options = {.screenshot_path = fixture->screenshot, .screenshot_at_s = 0.4};
  g_autoptr (GdkTexture) picture = NULL;

  run (fixture, &options, TRUE);
  g_assert_true (bolo_application_write_results (fixture->application, NULL));
  picture = gdk_texture_new_from_filename (fixture->screenshot, NULL);
  g_assert_false (shows_card (picture));
}

static void
test_unwritable (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (fixture->folder, "not", "there.png", NULL);
  BoloShellOptions options = {.screenshot_path = nowhere, .screenshot_at_s = 0.3};
  g_autoptr (GError) error = NULL;

  run (fixture, &options, FALSE);
  g_assert_false (bolo_application_write_results (fixture->application, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_PERMISSION);
  g_assert_nonnull (strstr (error->message, nowhere));
}

static void
test_nothing_asked_for (Fixture *fixture, gconstpointer data)
{
  BoloShellOptions options = {.px_per_mm = 6.65};
  g_autoptr (GError) error = NULL;

  run (fixture, &options, TRUE);
  g_assert_true (bolo_application_write_results (fixture->application, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define add_test(name, func)                                                                       \
  g_test_add ("/shell/application/" name, Fixture, NULL, set_up, func, tear_down)
  add_test ("results", test_results);
  add_test ("screenshot-of-card", test_screenshot_of_card);
  add_test ("screenshot-without-hit", test_screenshot_without_hit);
  add_test ("screenshot-at", test_screenshot_at);
  add_test ("unwritable", test_unwritable);
  add_test ("nothing-asked-for", test_nothing_asked_for);
  return g_test_run ();
}
