/* test-report.c: events and summaries as they are printed, for people and for programs
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-patrol-private.h"
#include "bolo-report.h"
#include "test-clip.h"

#include <string.h>

#define START_US G_GINT64_CONSTANT (1773508800000000)

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* A recording whose clip is never played: sightings are put in by hand. */
static char *
make_recording (void)
{
  char *folder = test_clip_make_folder ();

  write_file (folder, "recording.ini",
              "[recording]\ntitle=Test\nstart=2026-03-14T17:20:00.000Z\nduration_ms=1000\n"
              "[camera front]\nfile=front.mkv\nlooks=front\n"
              "[list stolen]\nfile=stolen.csv\nkind=stolen\n");
  write_file (folder, "stolen.csv",
              "AB12CDE,FORD,FOCUS,BLUE,STOP,FI,STOLEN,,,ANYSHIRE,,,,,,\n"
              "AB12CDF,FORD,FOCUS,BLUE,STOP,,STOLEN,,,ANYSHIRE,,,,,,\n");
  write_file (folder, "truth.jsonl",
              "{\"vehicle\":\"v1\",\"camera\":\"front\",\"plate\":\"AB12CDE\",\"first_ms\":0,"
              "\"last_ms\":900,\"wanted\":\"overt\"}\n"
              "{\"vehicle\":\"v2\",\"camera\":\"front\",\"plate\":\"AB12CDF\",\"first_ms\":20000,"
              "\"last_ms\":20900,\"wanted\":\"decoy\"}\n");
  return folder;
}

static BoloPatrol *
make_patrol (const char *folder)
{
  g_autoptr (GError) error = NULL;
  BoloPatrolOptions options = {.is_silent = TRUE};
  BoloPatrolConfig *config = bolo_patrol_config_load_recording (folder, &error);
  BoloPatrol *patrol;

  g_assert_no_error (error);
  config->officer = g_strdup ("1234");
  patrol = bolo_patrol_new (config, &options, &error);
  g_assert_no_error (error);
  return patrol;
}

static void
see (BoloPatrol *patrol, const char *id, const char *text, gint64 media_ms)
{
  g_autoptr (BoloSighting) sighting = bolo_sighting_new ();

  sighting->id = g_strdup (id);
  sighting->camera = g_strdup ("front");
  sighting->text = g_strdup (text);
  sighting->state = BOLO_SIGHTING_CLOSED;
  sighting->confidence = 0.97f;
  sighting->looks = 4;
  sighting->first_us = START_US + media_ms * 1000;
  sighting->last_us = sighting->first_us + 400000;
  sighting->captured_us = sighting->first_us + 200000;
  sighting->agreed_us = sighting->captured_us;
  sighting->captured_by = BOLO_CAPTURED_BY_RECORDING;
  bolo_patrol_take_sighting (patrol, sighting);
}

/* Prints to standard output what a patrol that met @text would; exits as the summary says. */
static void
print_run (gboolean is_json, const char *text, gint64 media_ms)
{
  char *folder = make_recording ();
  g_autoptr (BoloPatrol) patrol = make_patrol (folder);
  BoloReport *report = bolo_report_new (patrol, is_json);
  g_autoptr (BoloHealth) health =
    bolo_health_new ("camera:front", BOLO_HEALTH_LOST, START_US, "No frame.", "Look at the cable.");
  gboolean is_sound;

  bolo_engine_emit_health (BOLO_ENGINE (patrol), health);
  see (patrol, "s1", text, media_ms);
  is_sound = bolo_report_print_summary (report, TRUE);
  bolo_report_free (report);
  bolo_patrol_stop (patrol);
  test_clip_remove_folder (folder);
  g_assert_true (is_sound);
}

static void
test_words (void)
{
  if (g_test_subprocess ()) {
    print_run (FALSE, "AB12CDE", 100);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*lost      camera:front: No frame. - Look at the cable.*");
  g_test_trap_assert_stdout ("*ALARM     AB12CDE*Stolen vehicle*");
  g_test_trap_assert_stdout ("*HIT       AB12CDE    front*FI - stolen (exact match)*");
  g_test_trap_assert_stdout ("*sighting  AB12 CDE   front*closed, 4 looks, 97 %*");
  g_test_trap_assert_stdout ("*Vehicles read exactly        1 of 2 (50.0 %); passes 1 of 2*");
  g_test_trap_assert_stdout ("*Wanted, overt and current    1 of 1 were hits (1 exact)*");
  g_test_trap_assert_stdout ("*miss  v2 front - AB12CDF unseen, in view 20000 to 20900 ms*");
}

static void
test_lines_of_json (void)
{
  if (g_test_subprocess ()) {
    print_run (TRUE, "AB12CDE", 100);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*{\"event\":\"health\"*\"state\":\"lost\"*");
  g_test_trap_assert_stdout ("*{\"event\":\"alarm\"*\"tone\":null,\"words\":*");
  g_test_trap_assert_stdout ("*{\"event\":\"hit\"*\"kind\":\"exact\"*");
  g_test_trap_assert_stdout ("*{\"event\":\"sighting\",\"id\":\"s1\"*");
  g_test_trap_assert_stdout ("*{\"event\":\"summary\"*\"vehicles_exact\":1*");
}

/* An exact hit on a decoy is what must never happen: the summary fails the run. */
static void
test_what_must_never_happen (void)
{
  if (g_test_subprocess ()) {
    print_run (FALSE, "AB12CDF", 20100);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stdout ("*decoys exact 1*");
}

static void
test_nothing_is_printed_after_it_is_freed (void)
{
  if (g_test_subprocess ()) {
    char *folder = make_recording ();
    g_autoptr (BoloPatrol) patrol = make_patrol (folder);
    BoloReport *report = bolo_report_new (patrol, FALSE);

    bolo_report_free (report);
    see (patrol, "s1", "ZZ99ZZZ", 100);
    bolo_patrol_stop (patrol);
    test_clip_remove_folder (folder);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout_unmatched ("*ZZ99*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/words", test_words);
  g_test_add_func ("/report/json", test_lines_of_json);
  g_test_add_func ("/report/never", test_what_must_never_happen);
  g_test_add_func ("/report/freed", test_nothing_is_printed_after_it_is_freed);
  return g_test_run ();
}
