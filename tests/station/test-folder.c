/* test-folder.c: an operator's folders as manifests: what is offered, what is not, what comes next
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-envelope.h"
#include "bolo-error.h"
#include "bolo-list-signature.h"
#include "bolo-station-folder.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define NOW_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)
#define RENEW_US G_TIME_SPAN_HOUR

typedef struct {
  char *root;
  char *state;
  char *lists;
  char *configuration;
  BoloListKey *key;   /* the station's */
  BoloListKey *owner; /* of the lists */
  BoloStationFolder *folder;
  gint64 now_us;
} Fixture;

static void
open_folder (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&fixture->folder, bolo_station_folder_free);
  fixture->folder = bolo_station_folder_new (fixture->state, fixture->lists, fixture->configuration,
                                             "Northshire", fixture->key, &error);
  g_assert_no_error (error);
}

static char *
make_folder (Fixture *fixture, const char *name)
{
  char *path = g_build_filename (fixture->root, name, NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  return path;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("bolo-folder-XXXXXX", NULL);
  fixture->state = make_folder (fixture, "state");
  fixture->lists = make_folder (fixture, "lists");
  fixture->configuration = make_folder (fixture, "configuration");
  fixture->key = bolo_list_key_generate ("station", NULL);
  fixture->owner = bolo_list_key_generate ("owner", NULL);
  fixture->now_us = NOW_US;
  open_folder (fixture);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *inner = g_build_filename (path, name, NULL);

    remove_tree (inner);
  }
  g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bolo_station_folder_free (fixture->folder);
  remove_tree (fixture->root);
  g_free (fixture->root);
  g_free (fixture->state);
  g_free (fixture->lists);
  g_free (fixture->configuration);
  bolo_list_key_free (fixture->key);
  bolo_list_key_free (fixture->owner);
}

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
remove_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

/* FILE and FILE.sig, as boloctl hotlist sign makes them. */
static void
put_list (Fixture *fixture,
          const char *file,
          const char *name,
          guint64 number,
          guint64 base,
          const char *text)
{
  g_autoptr (BoloListSignature) signature = g_new0 (BoloListSignature, 1);
  g_autofree char *signature_name = g_strconcat (file, ".sig", NULL);
  g_autofree char *signed_text = NULL;
  g_autoptr (GError) error = NULL;

  signature->name = g_strdup (name);
  signature->kind = g_strdup ("stolen");
  signature->format = g_strdup ("csv");
  signature->revision = g_strdup_printf ("r%" G_GUINT64_FORMAT, number);
  signature->number = number;
  signature->issued_us = NOW_US;
  signature->size = strlen (text);
  signature->sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  signature->is_delta = base > 0;
  signature->base = base;
  signed_text = bolo_list_signature_sign (signature, fixture->owner, &error);
  g_assert_no_error (error);
  write_file (fixture->lists, file, text);
  write_file (fixture->lists, signature_name, signed_text);
}

/* As the station does it every two seconds. (transfer full) (nullable): the new manifest. */
static BoloStationManifest *
look (Fixture *fixture, char **previous)
{
  g_autoptr (BoloStationDenied) denied = NULL;
  g_autoptr (BoloStationManifest) manifest = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *envelope = NULL;
  g_autofree char *before = NULL;

  fixture->now_us += 2 * G_USEC_PER_SEC;
  if (!bolo_station_folder_has_changed (fixture->folder, fixture->now_us, RENEW_US))
    return NULL;
  denied = bolo_station_folder_load_denied (fixture->folder, &error);
  g_assert_no_error (error);
  manifest = bolo_station_folder_make_manifest (fixture->folder, denied, fixture->now_us,
                                                G_TIME_SPAN_DAY, &error);
  g_assert_no_error (error);
  text = bolo_station_manifest_to_text (manifest);
  envelope = bolo_envelope_seal (BOLO_ENVELOPE_MANIFEST, text, fixture->key, &error);
  g_assert_true (bolo_station_folder_keep (fixture->folder, manifest, envelope, &before, &error));
  g_assert_no_error (error);
  if (previous != NULL)
    *previous = g_steal_pointer (&before);
  return g_steal_pointer (&manifest);
}

static BoloStationManifest *
look_anew (Fixture *fixture)
{
  BoloStationManifest *manifest = look (fixture, NULL);

  g_assert_nonnull (manifest);
  return manifest;
}

static const BoloStationList *
get_list (const BoloStationManifest *manifest, guint index)
{
  g_assert_cmpuint (manifest->lists->len, >, index);
  return manifest->lists->pdata[index];
}

/* What a car would be served under the name of that file. */
static char *
read_served (Fixture *fixture, const char *name)
{
  g_autoptr (GHashTable) paths = NULL;
  g_autoptr (GHashTable) hashes = NULL;
  char *text = NULL;

  bolo_station_folder_get_files (fixture->folder, &paths, &hashes);
  if (!g_hash_table_contains (paths, name))
    return NULL;
  g_assert_true (g_file_get_contents (g_hash_table_lookup (paths, name), &text, NULL, NULL));
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  g_assert_cmpstr (hash, ==, g_hash_table_lookup (hashes, name));
  return text;
}

static void
test_lists (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloStationManifest) empty = look_anew (fixture);
  g_autoptr (BoloStationManifest) two = NULL;
  const BoloStationFile *file;
  g_autofree char *served = NULL;

  g_assert_cmpuint (empty->serial, ==, 1);
  g_assert_cmpuint (empty->lists->len, ==, 0);
  g_assert_null (look (fixture, NULL)); /* nothing has changed */
  put_list (fixture, "stolen.csv", "stolen", 417, 0, "AB12CDE\n");
  put_list (fixture, "stolen-delta.csv", "stolen", 417, 416, "+AB12CDE\n");
  put_list (fixture, "old.csv", "stolen", 416, 0, "\n");
  put_list (fixture, "insurance.csv", "insurance", 9, 0, "XY99ZZZ\n");
  write_file (fixture->lists, "README", "not a list\n");
  two = look_anew (fixture);
  g_assert_cmpuint (two->serial, ==, 2);
  g_assert_cmpuint (two->lists->len, ==, 2);
  g_assert_cmpstr (get_list (two, 0)->name, ==, "insurance");
  g_assert_cmpuint (get_list (two, 1)->number, ==, 417);
  g_assert_cmpuint (get_list (two, 1)->files->len, ==, 2);
  file = get_list (two, 1)->files->pdata[0];
  g_assert_cmpuint (file->base, ==, 0);
  g_assert_cmpuint (file->bytes, ==, strlen ("AB12CDE\n"));
  g_assert_true (bolo_station_file_name_is_good (file->file));
  g_assert_true (g_str_has_prefix (file->signature, "bolo-list-signature 1\n"));
  served = read_served (fixture, file->file);
  g_assert_cmpstr (served, ==, "AB12CDE\n");
  g_assert_cmpuint (((BoloStationFile *) get_list (two, 1)->files->pdata[1])->base, ==, 416);
}

/* What cars of the manifest before still fetch is served; what is older is not. */
static void
test_replaced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloStationManifest) first = NULL;
  g_autoptr (BoloStationManifest) second = NULL;
  g_autoptr (BoloStationManifest) third = NULL;
  g_autofree char *before = NULL;
  g_autofree char *old = NULL;
  g_autofree char *gone = NULL;
  g_autofree char *name = NULL;
  g_autoptr (BoloEnvelope) envelope = NULL;

  put_list (fixture, "stolen.csv", "stolen", 1, 0, "first\n");
  first = look_anew (fixture);
  name = g_strdup (((BoloStationFile *) get_list (first, 0)->files->pdata[0])->file);
  put_list (fixture, "stolen.csv", "stolen", 2, 0, "second\n");
  second = look (fixture, &before);
  g_assert_cmpuint (get_list (second, 0)->number, ==, 2);
  old = read_served (fixture, name);
  g_assert_cmpstr (old, ==, "first\n");
  envelope = bolo_envelope_parse (before, strlen (before), "x", NULL);
  g_assert_nonnull (strstr (envelope->text, "\"serial\":1"));
  g_assert_true (bolo_envelope_verify (envelope, BOLO_ENVELOPE_MANIFEST, fixture->key, NULL));
  put_list (fixture, "stolen.csv", "stolen", 3, 0, "third\n");
  third = look_anew (fixture);
  g_assert_cmpuint (third->serial, ==, 3);
  gone = read_served (fixture, name);
  g_assert_null (gone);
}

static void
test_removed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloStationManifest) first = NULL;
  g_autoptr (BoloStationManifest) second = NULL;
  g_autoptr (BoloStationManifest) third = NULL;
  g_autoptr (BoloStationManifest) fourth = NULL;

  put_list (fixture, "stolen.csv", "stolen", 1, 0, "x\n");
  put_list (fixture, "other.csv", "other", 1, 0, "y\n");
  first = look_anew (fixture);
  g_assert_cmpuint (first->lists->len, ==, 2);
  g_assert_null (first->removed[0]);
  remove_file (fixture->lists, "stolen.csv");
  remove_file (fixture->lists, "stolen.csv.sig");
  second = look_anew (fixture);
  g_assert_cmpuint (second->lists->len, ==, 1);
  g_assert_cmpstr (second->removed[0], ==, "stolen");
  g_assert_null (second->removed[1]);
  /* Cars that were away learn of it later too, even from a station that was restarted. */
  put_list (fixture, "other.csv", "other", 2, 0, "z\n");
  open_folder (fixture);
  third = look_anew (fixture);
  g_assert_cmpstr (third->removed[0], ==, "stolen");
  /* It comes back. */
  put_list (fixture, "stolen.csv", "stolen", 2, 0, "x\n");
  fourth = look_anew (fixture);
  g_assert_cmpuint (fourth->lists->len, ==, 2);
  g_assert_null (fourth->removed[0]);
}

static void
expect_warning (void)
{
  g_test_expect_message ("bolo-station-folder", G_LOG_LEVEL_WARNING, "A list is not offered*");
}

/* The operator has not finished copying, or has damaged something. */
static void
test_half_copied (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloStationManifest) first = NULL;
  g_autoptr (BoloStationManifest) half = NULL;
  g_autoptr (BoloStationManifest) nonsense = NULL;
  g_autoptr (BoloStationManifest) missing = NULL;
  g_autoptr (BoloStationManifest) whole = NULL;

  put_list (fixture, "stolen.csv", "stolen", 1, 0, "first\n");
  first = look_anew (fixture);
  put_list (fixture, "stolen.csv", "stolen", 2, 0, "second, and more of it\n");
  write_file (fixture->lists, "stolen.csv", "second, and");
  expect_warning ();
  half = look_anew (fixture);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (get_list (half, 0)->number, ==, 1); /* as it was */
  g_assert_null (half->removed[0]);
  write_file (fixture->lists, "stolen.csv.sig", "nonsense");
  expect_warning ();
  nonsense = look_anew (fixture);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (get_list (nonsense, 0)->number, ==, 1);
  put_list (fixture, "stolen.csv", "stolen", 3, 0, "third\n");
  remove_file (fixture->lists, "stolen.csv");
  expect_warning ();
  missing = look_anew (fixture);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (get_list (missing, 0)->number, ==, 1);
  put_list (fixture, "stolen.csv", "stolen", 4, 0, "fourth\n");
  whole = look_anew (fixture);
  g_assert_cmpuint (get_list (whole, 0)->number, ==, 4);
  g_assert_cmpuint (whole->serial, ==, 5);
}

static void
test_serial (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloStationManifest) first = look_anew (fixture);
  g_autoptr (BoloStationManifest) after_restart = NULL;
  g_autoptr (BoloStationManifest) renewed = NULL;
  g_autofree char *path = g_build_filename (fixture->state, "manifest.json", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (first->issued_us, ==, fixture->now_us);
  g_assert_cmpint (first->expires_us, ==, fixture->now_us + G_TIME_SPAN_DAY);
  g_assert_cmpstr (first->station, ==, "Northshire");
  g_assert_cmpstr (first->car, ==, "*");
  open_folder (fixture);
  after_restart = look_anew (fixture);
  g_assert_cmpuint (after_restart->serial, ==, 2);
  fixture->now_us += RENEW_US;
  renewed = look_anew (fixture);
  g_assert_cmpuint (renewed->serial, ==, 3);
  /* A damaged one is not begun anew: all cars would call us a replay. */
  g_assert_true (g_file_set_contents (path, "{\"signed\":\"", -1, NULL));
  g_clear_pointer (&fixture->folder, bolo_station_folder_free);
  g_assert_null (bolo_station_folder_new (fixture->state, NULL, NULL, "x", fixture->key, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_unlink (path);
  open_folder (fixture);
}

/* What the file that is pushed says of alert.conf, verified as a car does it. */
static char *
read_pushed (Fixture *fixture, const BoloStationManifest *manifest)
{
  g_autofree char *json = read_served (fixture, manifest->configuration_file);
  g_autoptr (BoloEnvelope) envelope = bolo_envelope_parse (json, strlen (json), "x", NULL);

  g_assert_cmpuint (manifest->configuration_bytes, ==, strlen (json));
  g_assert_true (bolo_envelope_verify (envelope, BOLO_ENVELOPE_CONFIGURATION, fixture->key, NULL));
  return g_strdup (envelope->text);
}

static void
test_configuration (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloStationManifest) none = look_anew (fixture);
  g_autoptr (BoloStationManifest) first = NULL;
  g_autoptr (BoloStationManifest) same = NULL;
  g_autoptr (BoloStationManifest) second = NULL;
  g_autofree char *pushed = NULL;
  g_autofree char *next = NULL;

  g_assert_null (none->configuration_file);
  write_file (fixture->configuration, "alert.conf", "[tone]\nvolume=7\n");
  write_file (fixture->configuration, "notes.txt", "not pushed");
  first = look_anew (fixture);
  g_assert_cmpuint (first->configuration_number, ==, 1);
  pushed = read_pushed (fixture, first);
  g_assert_cmpstr (pushed, ==,
                   "{\"number\":1,\"files\":{\"alert.conf\":\"[tone]\\nvolume=7\\n\"}}");
  /* Another manifest, the same configuration. */
  put_list (fixture, "stolen.csv", "stolen", 1, 0, "x\n");
  same = look_anew (fixture);
  g_assert_cmpuint (same->configuration_number, ==, 1);
  g_assert_cmpstr (same->configuration_sha256, ==, first->configuration_sha256);
  write_file (fixture->configuration, "alert.conf", "[tone]\nvolume=8\n");
  second = look_anew (fixture);
  g_assert_cmpuint (second->configuration_number, ==, 2);
  next = read_pushed (fixture, second);
  g_assert_nonnull (strstr (next, "volume=8"));
}

/* The alert policy goes beside the .conf files, and nothing else does; what is taken away again is
 * news, and the number goes on. */
static void
test_policy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->configuration, "policy.ini", NULL);
  g_autoptr (BoloStationManifest) first = NULL;
  g_autoptr (BoloStationManifest) empty = NULL;
  g_autoptr (BoloStationManifest) again = NULL;
  g_autofree char *pushed = NULL;
  g_autofree char *nothing = NULL;

  write_file (fixture->configuration, "policy.ini", "[limits]\n");
  write_file (fixture->configuration, "other.ini", "not pushed");
  first = look_anew (fixture);
  pushed = read_pushed (fixture, first);
  g_assert_cmpstr (pushed, ==, "{\"number\":1,\"files\":{\"policy.ini\":\"[limits]\\n\"}}");
  g_assert_cmpint (g_unlink (path), ==, 0);
  empty = look_anew (fixture);
  nothing = read_pushed (fixture, empty);
  g_assert_cmpstr (nothing, ==, "{\"number\":2,\"files\":{}}");
  write_file (fixture->configuration, "policy.ini", "[limits]\n");
  again = look_anew (fixture);
  g_assert_cmpuint (again->configuration_number, ==, 3);
}

static void
test_configuration_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloStationDenied) denied = bolo_station_folder_load_denied (fixture->folder, NULL);
  g_autofree char *much = g_strnfill (1024 * 1024 + 1, 'x');
  const char *const texts[] = {"caf\351", much};

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    write_file (fixture->configuration, "alert.conf", texts[i]);
    g_assert_null (
      bolo_station_folder_make_manifest (fixture->folder, denied, NOW_US, G_TIME_SPAN_DAY, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, "alert.conf"));
  }
}

static void
test_denied (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloStationManifest) first = look_anew (fixture);
  g_autoptr (BoloStationManifest) second = NULL;
  g_autofree char *path = g_build_filename (fixture->state, "denied.json", NULL);
  g_autofree char *hash = g_strnfill (64, 'a');

  g_assert_null (first->denied[0]);
  g_assert_true (bolo_station_denied_change (path, fixture->key, hash, "stolen", TRUE, NULL));
  second = look_anew (fixture);
  g_assert_cmpstr (second->denied[0], ==, hash);
  g_assert_null (second->denied[1]);
}

static void
test_no_folders (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloStationManifest) manifest = NULL;

  g_clear_pointer (&fixture->folder, bolo_station_folder_free);
  fixture->folder =
    bolo_station_folder_new (fixture->state, NULL, NULL, "Northshire", fixture->key, &error);
  g_assert_no_error (error);
  manifest = look_anew (fixture);
  g_assert_cmpuint (manifest->lists->len, ==, 0);
  g_assert_null (manifest->configuration_file);
}

static void
add_test (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/station/folder/lists", test_lists);
  add_test ("/station/folder/replaced", test_replaced);
  add_test ("/station/folder/removed", test_removed);
  add_test ("/station/folder/half-copied", test_half_copied);
  add_test ("/station/folder/serial", test_serial);
  add_test ("/station/folder/configuration", test_configuration);
  add_test ("/station/folder/policy", test_policy);
  add_test ("/station/folder/configuration-refused", test_configuration_refused);
  add_test ("/station/folder/denied", test_denied);
  add_test ("/station/folder/no-folders", test_no_folders);
  return g_test_run ();
}
