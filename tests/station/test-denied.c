/* test-denied.c: the deny list grows, shrinks, and is believed only as it was signed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-envelope.h"
#include "bolo-error.h"
#include "bolo-station-denied.h"

#include <glib/gstdio.h>
#include <string.h>

#define ONE "1111111111111111111111111111111111111111111111111111111111111111"
#define TWO "2222222222222222222222222222222222222222222222222222222222222222"

typedef struct {
  char *folder;
  char *path;
  BoloListKey *key;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bolo-denied-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "denied.json", NULL);
  fixture->key = bolo_list_key_generate ("station", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  bolo_list_key_free (fixture->key);
}

static void
change (Fixture *fixture, const char *hash, gboolean is_denied, int code)
{
  g_autoptr (GError) error = NULL;
  gboolean is_done = bolo_station_denied_change (fixture->path, fixture->key, hash, "stolen \"x\"",
                                                 is_denied, &error);

  g_assert_cmpint (is_done, ==, code < 0);
  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, BOLO_ERROR, code);
}

static void
check (Fixture *fixture, guint64 number, gboolean has_one, gboolean has_two)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloStationDenied) denied =
    bolo_station_denied_load (fixture->path, fixture->key, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (denied->number, ==, number);
  g_assert_cmpint (bolo_station_denied_has (denied, ONE), ==, has_one);
  g_assert_cmpint (bolo_station_denied_has (denied, TWO), ==, has_two);
  g_assert_cmpuint (denied->hashes->len, ==, (guint) has_one + (guint) has_two);
  for (guint i = 0; i < denied->reasons->len; i++)
    g_assert_cmpstr (denied->reasons->pdata[i], ==, "stolen \"x\"");
}

static void
test_changes (Fixture *fixture, gconstpointer data)
{
  check (fixture, 0, FALSE, FALSE);
  change (fixture, ONE, FALSE, BOLO_ERROR_NOTHING_TO_DO);
  change (fixture, ONE, TRUE, -1);
  check (fixture, 1, TRUE, FALSE);
  change (fixture, ONE, TRUE, BOLO_ERROR_NOTHING_TO_DO);
  change (fixture, TWO, TRUE, -1);
  check (fixture, 2, TRUE, TRUE);
  change (fixture, ONE, FALSE, -1);
  check (fixture, 3, FALSE, TRUE);
  change (fixture, TWO, FALSE, -1);
  check (fixture, 4, FALSE, FALSE);
}

static void
check_refused (Fixture *fixture, const char *text, const BoloListKey *key, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  g_assert_null (bolo_station_denied_load (fixture->path, key, &error));
  g_assert_error (error, BOLO_ERROR, code);
  g_assert_nonnull (strstr (error->message, fixture->path));
  g_clear_error (&error);
  /* Nor is it a ground to build on. */
  g_assert_false (bolo_station_denied_change (fixture->path, key, ONE, "x", TRUE, &error));
  g_assert_error (error, BOLO_ERROR, code);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloListKey) other = bolo_list_key_generate ("station", NULL);
  g_autofree char *good = NULL;
  g_autofree char *manifest = bolo_envelope_seal (
    BOLO_ENVELOPE_MANIFEST, "{\"number\":1,\"certificates\":[]}", fixture->key, NULL);
  g_autofree char *bare =
    bolo_envelope_seal (BOLO_ENVELOPE_DENIED, "{\"number\":1}", fixture->key, NULL);
  g_autofree char *odd = bolo_envelope_seal (
    BOLO_ENVELOPE_DENIED, "{\"number\":1,\"certificates\":[{\"sha256\":7}]}", fixture->key, NULL);

  change (fixture, ONE, TRUE, -1);
  g_assert_true (g_file_get_contents (fixture->path, &good, NULL, NULL));
  check_refused (fixture, good, other, BOLO_ERROR_SIGNATURE);
  strstr (good, "1111")[0] = '3';
  check_refused (fixture, good, fixture->key, BOLO_ERROR_SIGNATURE);
  check_refused (fixture, manifest, fixture->key, BOLO_ERROR_SIGNATURE);
  check_refused (fixture, bare, fixture->key, BOLO_ERROR_INVALID_DATA);
  check_refused (fixture, odd, fixture->key, BOLO_ERROR_INVALID_DATA);
  check_refused (fixture, "", fixture->key, BOLO_ERROR_INVALID_DATA);
  check_refused (fixture, "nobody", fixture->key, BOLO_ERROR_INVALID_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/station/denied/changes", Fixture, NULL, set_up, test_changes, tear_down);
  g_test_add ("/station/denied/refused", Fixture, NULL, set_up, test_refused, tear_down);
  return g_test_run ();
}
