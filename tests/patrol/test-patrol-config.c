/* test-patrol-config.c: configurations and recordings as they are read, and what is wrong in them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-camera-config.h"
#include "bolo-error.h"
#include "bolo-match-rules.h"
#include "bolo-patrol-config.h"
#include "bolo-truth.h"
#include "test-clip.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  char *folder;
} Fixture;

static void
write_file (Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = test_clip_make_folder ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  test_clip_remove_folder (fixture->folder);
}

static BoloPatrolConfig *
load (Fixture *fixture, GError **error)
{
  g_autofree char *path = g_build_filename (fixture->folder, "bolo.conf", NULL);

  return bolo_patrol_config_load (path, error);
}

static void
test_everything_said (Fixture *fixture, gconstpointer data)
{
  const BoloMatchRules *rules;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloPatrolConfig) config = NULL;
  const BoloPatrolList *list;

  write_file (fixture, "bolo.conf",
              "[patrol]\nforce=Anyshire\nvehicle=TK01\nofficer=1234\nseat=driver\n"
              "[vision]\nthreads=1\n[position]\nsource=gpsd\nhost=10.0.0.9\nport=2948\n"
              "[store]\nretention_days=30\n"
              "[alert]\naudio_sink=fake\nspeech=discreet\nnotifications=no\n"
              "[list stolen]\nkind=stolen\ntitle=PNC stolen\n"
              "folded=false\nnear=alternatives\nnear_score=7:0.5\n"
              "[clock]\nwarn_offset_ms=250\n");
  write_file (fixture, "cameras.d/front.conf", "[camera]\nsource=rtsp://10.0.0.5/s1\n");
  config = load (fixture, &error);
  g_assert_no_error (error);
  rules = g_hash_table_lookup (config->match_rules, "stolen");
  g_assert_false (rules->has_folded);
  g_assert_false (rules->has_edits);
  g_assert_cmpuint (rules->near_limit[6], ==, 0);
  g_assert_cmpuint (rules->near_limit[7], >, 0);
  g_assert_cmpstr (config->officer, ==, "1234");
  g_assert_cmpint (config->seat, ==, BOLO_SEAT_DRIVER);
  g_assert_cmpuint (config->gpsd_port, ==, 2948);
  g_assert_cmpuint (config->retention_days, ==, 30);
  g_assert_cmpint (config->speech, ==, BOLO_SPEECH_DISCREET);
  g_assert_false (config->notify);
  g_assert_cmpuint (config->clock_warn_ms, ==, 250);
  g_assert_cmpuint (config->cameras->len, ==, 1);
  list = g_ptr_array_index (config->lists, 0);
  g_assert_cmpstr (list->name, ==, "stolen");
  g_assert_cmpstr (list->title, ==, "PNC stolen");
}

static void
test_defaults (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloPatrolConfig) config = NULL;

  write_file (fixture, "bolo.conf", "[patrol]\n");
  write_file (fixture, "cameras.d/front.conf", "[camera]\nsource=v4l2:/dev/video0\n");
  config = load (fixture, &error);
  g_assert_no_error (error);
  g_assert_null (config->officer);
  g_assert_cmpint (config->seat, ==, BOLO_SEAT_NONE);
  g_assert_cmpint (config->position, ==, BOLO_POSITION_SOURCE_GPSD);
  g_assert_cmpuint (config->retention_days, ==, 7);
  g_assert_true (config->notify);
}

static void
test_a_year_is_the_most (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  write_file (fixture, "bolo.conf", "[store]\nretention_days=366\n");
  write_file (fixture, "cameras.d/front.conf", "[camera]\nsource=v4l2:/dev/video0\n");
  g_assert_null (load (fixture, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "bolo.conf:2: retention_days=366"));
}

static void
test_mistyped_key (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  write_file (fixture, "bolo.conf", "[patrol]\nofficr=1\n");
  g_assert_null (load (fixture, &error));
  g_assert_nonnull (strstr (
    error->message, "bolo.conf:2: unknown key 'officr' in [patrol]; did you mean 'officer'?"));
}

static void
test_no_camera (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  write_file (fixture, "bolo.conf", "[patrol]\n");
  write_file (fixture, "cameras.d/README", "none yet\n");
  g_assert_null (load (fixture, &error));
  g_assert_nonnull (strstr (error->message, "no camera: put a NAME.conf into"));
}

static BoloPatrolConfig *
load_recording (Fixture *fixture, GError **error)
{
  return bolo_patrol_config_load_recording (fixture->folder, error);
}

static void
test_recording (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloPatrolConfig) config = NULL;
  const BoloCameraConfig *camera;
  const BoloPatrolList *list;

  write_file (fixture, "recording.ini",
              "[recording]\ntitle=Test\nstart=2026-03-14T17:20:00.000Z\nduration_ms=5000\n"
              "[camera front]\nfile=front.mkv\nlooks=front\n"
              "[list stolen]\nfile=lists/stolen.csv\nkind=stolen\n");
  write_file (fixture, "track.nmea", "");
  write_file (fixture, "truth.jsonl", "");
  config = load_recording (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (config->title, ==, "Test");
  g_assert_cmpint (config->duration_ms, ==, 5000);
  g_assert_cmpint (config->position, ==, BOLO_POSITION_SOURCE_TRACK);
  g_assert_cmpuint (config->truth->len, ==, 0);
  camera = g_ptr_array_index (config->cameras, 0);
  g_assert_cmpstr (camera->info->name, ==, "front");
  g_assert_cmpint (camera->clip_start_us, ==, config->start_us);
  list = g_ptr_array_index (config->lists, 0);
  g_assert_true (g_str_has_prefix (list->path, fixture->folder));
}

static void
test_recording_mistakes (Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *text;
    const char *sentence;
  } cases[] = {
    {"[recording]\nstart=soon\n", "recording.ini:2: start= must be a UTC time"},
    {"[recording]\nstart=2026-03-14T17:20:00.000Z\n", "has no [camera NAME] section"},
    {"[recording]\nstart=2026-03-14T17:20:00.000Z\n[camera a]\nfile=a.mkv\n[list x]\nkind=voi\n",
     "recording.ini:5: a recording's list needs file="},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    write_file (fixture, "recording.ini", cases[i].text);
    g_assert_null (load_recording (fixture, &error));
    g_assert_nonnull (strstr (error->message, cases[i].sentence));
  }
}

static void
test_no_recording (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (load_recording (fixture, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "is not a recording"));
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/patrol-config/everything", test_everything_said);
  ADD ("/patrol-config/defaults", test_defaults);
  ADD ("/patrol-config/retention", test_a_year_is_the_most);
  ADD ("/patrol-config/mistyped", test_mistyped_key);
  ADD ("/patrol-config/no-camera", test_no_camera);
  ADD ("/patrol-config/recording", test_recording);
  ADD ("/patrol-config/recording/mistakes", test_recording_mistakes);
  ADD ("/patrol-config/recording/none", test_no_recording);
  return g_test_run ();
}
