/* test-station-lists.c: what a station signs for this car is taken, and nothing else, whoever
 * forges SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "bolo-envelope.h"
#include "bolo-error.h"
#include "bolo-list-case.h"
#include "bolo-pushed-policy.h"
#include "bolo-station-lists.h"

#define GOOD_POLICY "[tone t]\\nlow_hz=800\\n[kind default]\\ntone=t\\n"
#define BAD_POLICY "[tone t]\\nlow_hz=800\\n[kind default]\\ntoone=t\\n"

typedef struct {
  ListCase lists; /* its key "hq" is trusted */
  BoloListKey *stranger;
  BoloRemote remote;
  BoloListTaker *taker;
  BoloStationLists parts;
  char *file; /* (owned) (nullable): the configuration as it is fetched */
  char *failure;
  BoloListArrival *policy; /* (owned) (nullable) */
} Fixture;

static void
on_arrival (const BoloListArrival *arrival, gpointer user_data)
{
  Fixture *fixture = user_data;

  if (arrival->kind == BOLO_ARRIVAL_POLICY) {
    g_clear_pointer (&fixture->policy, bolo_list_arrival_free);
    fixture->policy = bolo_list_arrival_copy (arrival);
    return;
  }
  g_free (fixture->failure);
  fixture->failure = g_strdup (arrival->failure);
}

static gboolean
fetch (const BoloStationDownload *download, gpointer data, GError **error)
{
  Fixture *fixture = data;

  g_assert_nonnull (fixture->file);
  return g_file_set_contents (download->path, fixture->file, -1, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static char *keys[] = {(char *) "hq", NULL};

  list_case_set_up (&fixture->lists, NULL);
  /* Of the same name, and by nobody whom the car knows. */
  fixture->stranger = bolo_list_key_generate ("hq", NULL);
  fixture->remote = (BoloRemote){.name = (char *) "north", .station_keys = keys};
  fixture->taker = bolo_list_taker_new (fixture->lists.hotlist, fixture->lists.state, "north",
                                        fixture->lists.clock, on_arrival, fixture);
  fixture->parts = (BoloStationLists){.remote = &fixture->remote,
                                      .state_dir = fixture->lists.state,
                                      .clock = fixture->lists.clock,
                                      .taker = fixture->taker,
                                      .fetch = fetch,
                                      .data = fixture};
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  static const char *const files[] = {"lists.conf", "policy-waiting", "policy-in-force"};

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = g_build_filename (fixture->lists.state, files[i], NULL);

    g_unlink (path);
  }
  bolo_list_taker_free (fixture->taker);
  bolo_list_key_free (fixture->stranger);
  g_clear_pointer (&fixture->policy, bolo_list_arrival_free);
  g_free (fixture->file);
  g_free (fixture->failure);
  list_case_tear_down (&fixture->lists, NULL);
}

/* A good one, for this car and now. */
static BoloStationManifest *
make_manifest (guint64 serial)
{
  BoloStationManifest *manifest = bolo_station_manifest_new ();

  manifest->serial = serial;
  manifest->issued_us = LIST_CASE_ISSUED_US;
  manifest->expires_us = LIST_CASE_NOW_US + G_TIME_SPAN_DAY;
  manifest->station = g_strdup ("Northshire");
  manifest->car = g_strdup ("KT12");
  g_strfreev (manifest->removed);
  g_strfreev (manifest->denied);
  manifest->removed = g_new0 (char *, 1);
  manifest->denied = g_new0 (char *, 1);
  return manifest;
}

/* As the car reads it. */
static BoloStationManifest *
receive (Fixture *fixture,
         const BoloStationManifest *manifest,
         const BoloListKey *key,
         const char *purpose,
         GError **error)
{
  g_autofree char *text = bolo_station_manifest_to_text (manifest);
  g_autofree char *json = bolo_envelope_seal (purpose, text, key, NULL);

  return bolo_station_lists_read_manifest (&fixture->parts, json, strlen (json), "KT12", error);
}

static void
expect_refused (Fixture *fixture,
                const BoloStationManifest *manifest,
                const BoloListKey *key,
                const char *purpose,
                BoloError code,
                const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloStationManifest) read = receive (fixture, manifest, key, purpose, &error);

  g_assert_null (read);
  g_assert_error (error, BOLO_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, words));
}

/* Each is refused before anything of it is used, with one sentence. */
static void
test_manifests (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloStationManifest) manifest = make_manifest (5);
  const BoloListKey *key = fixture->lists.key;
  g_autoptr (BoloStationManifest) good =
    receive (fixture, manifest, key, BOLO_ENVELOPE_MANIFEST, NULL);

  g_assert_nonnull (good);
  g_assert_true (bolo_station_lists_take (&fixture->parts, good, NULL));
  expect_refused (fixture, manifest, fixture->stranger, BOLO_ENVELOPE_MANIFEST,
                  BOLO_ERROR_SIGNATURE, "The station's manifest");
  expect_refused (fixture, manifest, key, BOLO_ENVELOPE_CONFIGURATION, BOLO_ERROR_SIGNATURE,
                  "The station's manifest");
  manifest->serial = 4;
  expect_refused (fixture, manifest, key, BOLO_ENVELOPE_MANIFEST, BOLO_ERROR_STALE, "replay");
  manifest->serial = 6;
  g_free (manifest->car);
  manifest->car = g_strdup ("KT13");
  expect_refused (fixture, manifest, key, BOLO_ENVELOPE_MANIFEST, BOLO_ERROR_PERMISSION,
                  "another car");
  g_free (manifest->car);
  manifest->car = g_strdup ("*");
  manifest->expires_us = LIST_CASE_NOW_US - G_USEC_PER_SEC;
  expect_refused (fixture, manifest, key, BOLO_ENVELOPE_MANIFEST, BOLO_ERROR_STALE, "expired");
  manifest->issued_us = LIST_CASE_NOW_US + G_TIME_SPAN_HOUR;
  manifest->expires_us = LIST_CASE_NOW_US + G_TIME_SPAN_DAY;
  expect_refused (fixture, manifest, key, BOLO_ENVELOPE_MANIFEST, BOLO_ERROR_STALE, "clocks");
  g_assert_cmpint (bolo_list_taker_get_number (fixture->taker, "serial"), ==, 5);
}

/* ---- configurations ------------------------------------------------------------------------ */

/* Takes a manifest that names a configuration of these @files, an object of JSON; it says of itself
 * that it is @inner. */
static void
push (Fixture *fixture,
      guint64 number,
      guint64 inner,
      const char *files,
      const BoloListKey *key,
      const char *purpose)
{
  g_autoptr (BoloStationManifest) manifest = make_manifest (number);
  g_autofree char *text =
    g_strdup_printf ("{\"number\":%" G_GUINT64_FORMAT ",\"files\":%s}", inner, files);
  g_autoptr (GError) error = NULL;

  g_free (fixture->file);
  fixture->file = bolo_envelope_seal (purpose, text, key, NULL);
  manifest->configuration_number = number;
  manifest->configuration_file = g_strdup ("configuration.json");
  manifest->configuration_bytes = strlen (fixture->file);
  manifest->configuration_sha256 =
    g_compute_checksum_for_string (G_CHECKSUM_SHA256, fixture->file, -1);
  g_assert_true (bolo_station_lists_take (&fixture->parts, manifest, &error));
  g_assert_no_error (error);
}

static void
push_good (Fixture *fixture, guint64 number, const char *files)
{
  push (fixture, number, number, files, fixture->lists.key, BOLO_ENVELOPE_CONFIGURATION);
  g_assert_null (fixture->failure);
}

static void
push_bad (Fixture *fixture,
          guint64 number,
          guint64 inner,
          const char *files,
          const BoloListKey *key,
          const char *purpose,
          const char *words)
{
  g_autofree char *start = g_strdup_printf (
    "Configuration %" G_GUINT64_FORMAT " from Northshire is refused whole, ", number);

  g_test_expect_message ("bolo-list-taker", G_LOG_LEVEL_WARNING, "*refused whole*");
  push (fixture, number, inner, files, key, purpose);
  g_test_assert_expected_messages ();
  g_assert_true (g_str_has_prefix (fixture->failure, start));
  g_assert_nonnull (strstr (fixture->failure, words));
  g_assert_nonnull (strstr (fixture->failure, "stays in force"));
}

static gboolean
has_lists_conf (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->lists.state, "lists.conf", NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* One bad file, or one that may not be pushed, and none is taken; what waits goes on waiting. */
static void
test_refused_whole (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *files, *words;
  } cases[] = {
    {"{\"lists.conf\":\"[lists]\\nwarn_age_h=24\\n\",\"policy.ini\":\"" BAD_POLICY "\"}",
     "policy.ini:4: unknown key 'toone' in [kind default]; did you mean 'tone'?"},
    {"{\"lists.conf\":\"[lists]\\nwarn_age=24\\n\",\"policy.ini\":\"" GOOD_POLICY "\"}",
     "warn_age"},
    {"{\"policy.ini\":\"" GOOD_POLICY "\",\"bolo.conf\":\"\"}", "bolo.conf, which may not be"},
    {"{\"policy.ini\":\"" GOOD_POLICY "\",\"../x\":\"\"}", ""},
    {"{\"policy.ini\":7}", "policy.ini"},
  };
  g_autofree char *kept = NULL;
  g_autofree char *path = g_build_filename (fixture->lists.state, "policy-waiting", NULL);

  push_good (fixture, 1, "{\"policy.ini\":\"# one\\n" GOOD_POLICY "\"}");
  g_assert_cmpint (fixture->policy->number, ==, 1);
  g_assert_true (fixture->policy->is_waiting);
  g_assert_true (g_file_get_contents (path, &kept, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *now = NULL;

    push_bad (fixture, i + 2, i + 2, cases[i].files, fixture->lists.key,
              BOLO_ENVELOPE_CONFIGURATION, cases[i].words);
    g_assert_false (has_lists_conf (fixture));
    g_assert_true (g_file_get_contents (path, &now, NULL, NULL));
    g_assert_cmpstr (now, ==, kept);
  }
  /* The next good one is taken, and nothing is left to say. */
  push_good (fixture, 20,
             "{\"lists.conf\":\"[lists]\\nwarn_age_h=24\\n\",\"policy.ini\":\"" GOOD_POLICY "\"}");
  g_assert_true (has_lists_conf (fixture));
  g_assert_cmpint (fixture->policy->number, ==, 20);
}

/* By a stranger, made for something else, or an old one under a new number. */
static void
test_forged (Fixture *fixture, gconstpointer data)
{
  const char *files = "{\"policy.ini\":\"" GOOD_POLICY "\"}";

  push_bad (fixture, 1, 1, files, fixture->stranger, BOLO_ENVELOPE_CONFIGURATION,
            "The pushed configuration");
  push_bad (fixture, 2, 2, files, fixture->lists.key, BOLO_ENVELOPE_RECEIPT,
            "The pushed configuration");
  push_bad (fixture, 4, 3, files, fixture->lists.key, BOLO_ENVELOPE_CONFIGURATION, "replay");
  g_assert_cmpint (fixture->policy->number, ==, 0);
  push_good (fixture, 5, files);
  g_assert_cmpint (fixture->policy->number, ==, 5);
}

/* A lower number than was taken is passed over, and so is one that was seen already. */
static void
test_numbers (Fixture *fixture, gconstpointer data)
{
  push_good (fixture, 9, "{\"policy.ini\":\"# nine\\n" GOOD_POLICY "\"}");
  push_good (fixture, 8, "{\"policy.ini\":\"# eight\\n" GOOD_POLICY "\"}");
  push_good (fixture, 9, "{\"policy.ini\":\"# other\\n" GOOD_POLICY "\"}");
  g_assert_cmpint (fixture->policy->number, ==, 9);
  /* Without a policy: what waits is taken back. */
  push_good (fixture, 10, "{\"lists.conf\":\"[lists]\\nwarn_age_h=24\\n\"}");
  g_assert_cmpint (fixture->policy->number, ==, 0);
  g_assert_false (fixture->policy->is_waiting);
}

/* Killed between what it keeps and the number: the same comes again, and does no harm. */
static void
test_again (Fixture *fixture, gconstpointer data)
{
  const char *files =
    "{\"lists.conf\":\"[lists]\\nwarn_age_h=24\\n\",\"policy.ini\":\"" GOOD_POLICY "\"}";
  g_autofree char *own = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "alert", "policy.ini", NULL);
  g_auto (BoloPolicyChoice) choice = {0};

  push_good (fixture, 3, files);
  g_assert_true (bolo_list_taker_set_number (fixture->taker, "configuration", 0, NULL));
  push_good (fixture, 3, files);
  g_assert_cmpint (fixture->policy->number, ==, 3);
  g_assert_true (bolo_pushed_policy_start (fixture->lists.state, own, &choice, NULL));
  g_assert_true (bolo_list_taker_set_number (fixture->taker, "configuration", 0, NULL));
  push_good (fixture, 3, files);
  g_assert_false (fixture->policy->is_waiting);
  g_assert_cmpint (fixture->policy->held, ==, 3);
}

/* A download that broke off goes on; of what is offered no more nothing stays. */
static void
test_downloads (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = {"stolen-6", "stolen-5", "stolen-5.sig"};
  g_autofree char *folder =
    g_build_filename (bolo_list_taker_get_folder (fixture->taker), "downloads", NULL);
  g_autoptr (BoloStationManifest) manifest = make_manifest (1);
  g_autofree char *hash = g_strnfill (64, 'a');
  BoloStationList *list = bolo_station_manifest_add_list (manifest, "stolen", 6);

  bolo_station_list_add_file (list, "stolen-6", 100, hash, 5, "x");
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);

    g_assert_true (g_file_set_contents (path, "half", -1, NULL));
  }
  g_assert_true (bolo_station_lists_take (&fixture->parts, manifest, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);

    g_assert_cmpint (g_file_test (path, G_FILE_TEST_EXISTS), ==, i == 0);
  }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/station-lists/manifests", test_manifests);
  ADD ("/station-lists/refused-whole", test_refused_whole);
  ADD ("/station-lists/forged", test_forged);
  ADD ("/station-lists/numbers", test_numbers);
  ADD ("/station-lists/again", test_again);
  ADD ("/station-lists/downloads", test_downloads);
  return g_test_run ();
}
