/* test-store-failures.c: full disks, refused folders, damaged files: said, survived, nothing lost
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "bolo-cut-vfs.h"
#include "bolo-db.h"
#include "bolo-error.h"
#include "bolo-health.h"
#include "bolo-store-samples.h"

typedef struct {
  char *folder;
  BoloClock *clock;
  BoloCutVfs *vfs;
  BoloStore *store;
  GHashTable *stored;
  GPtrArray *problems;
  BoloHealth *health; /* newest */
} Fixture;

static void
on_stored (BoloStore *store, char **ids, Fixture *fixture)
{
  for (; *ids != NULL; ids++)
    g_hash_table_add (fixture->stored, g_strdup (*ids));
}

static void
on_health (BoloStore *store, const BoloHealth *health, Fixture *fixture)
{
  g_test_message ("%s: %s", bolo_health_state_to_string (health->state), health->detail);
  g_assert_cmpstr (health->what, ==, "storage");
  g_clear_pointer (&fixture->health, bolo_health_unref);
  fixture->health = bolo_health_ref (health);
}

static void
on_problem (BoloStore *store, const BoloProblem *problem, Fixture *fixture)
{
  g_ptr_array_add (fixture->problems, bolo_problem_ref (problem));
}

static void
make_store (Fixture *fixture, const char *vfs)
{
  fixture->store = bolo_store_new (fixture->folder, fixture->clock);
  if (vfs != NULL)
    bolo_store_set_vfs (fixture->store, vfs);
  g_signal_connect (fixture->store, "stored", G_CALLBACK (on_stored), fixture);
  g_signal_connect (fixture->store, "health", G_CALLBACK (on_health), fixture);
  g_signal_connect (fixture->store, "problem", G_CALLBACK (on_problem), fixture);
}

static void
open_store (Fixture *fixture, const char *vfs)
{
  g_autoptr (GError) error = NULL;

  make_store (fixture, vfs);
  g_assert_true (bolo_store_open (fixture->store, &error));
  g_assert_no_error (error);
}

static void
close_store (Fixture *fixture)
{
  if (fixture->store == NULL)
    return;
  g_assert_true (bolo_store_close (fixture->store, 10000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->store);
  fixture->store = NULL;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = sample_make_folder ();
  fixture->clock = bolo_clock_new_manual (SAMPLE_START_US);
  fixture->vfs = bolo_cut_vfs_new ("bolo-cut");
  fixture->stored = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  fixture->problems = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_problem_unref);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  close_store (fixture);
  bolo_cut_vfs_free (fixture->vfs);
  g_assert_finalize_object (fixture->clock);
  g_hash_table_unref (fixture->stored);
  g_ptr_array_unref (fixture->problems);
  g_clear_pointer (&fixture->health, bolo_health_unref);
  sample_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static gboolean
is_stored (Fixture *fixture, const char *kind, guint number)
{
  g_autofree char *id = sample_id (kind, number);

  return g_hash_table_contains (fixture->stored, id);
}

static void
add (Fixture *fixture, guint number, gboolean with_hit)
{
  g_autoptr (BoloSighting) sighting =
    sample_sighting (number, BOLO_SIGHTING_CLOSED, SAMPLE_START_US + number);

  if (with_hit) {
    g_autoptr (BoloHit) hit = sample_hit (number, sighting);

    bolo_store_add_hit (fixture->store, hit);
  } else {
    bolo_store_add_sighting (fixture->store, sighting);
  }
}

static gboolean
is_lost (gpointer data)
{
  Fixture *fixture = data;

  return fixture->health != NULL && fixture->health->state == BOLO_HEALTH_LOST;
}

static gboolean
is_well (gpointer data)
{
  Fixture *fixture = data;

  return fixture->health != NULL && fixture->health->state != BOLO_HEALTH_LOST;
}

static gboolean
is_first_hit_stored (gpointer data)
{
  return is_stored (data, "hit", 1);
}

static gboolean
is_nothing_waiting (gpointer data)
{
  return bolo_store_get_n_waiting (((Fixture *) data)->store) == 0;
}

/* Whatever the disk says: kept, said with its remedy, tried again, then announced. */
static void
check_refusal (Fixture *fixture, int code, const char *words)
{
  open_store (fixture, "bolo-cut");
  sample_wait (is_well, fixture);
  bolo_cut_vfs_fail_writes (fixture->vfs, code);
  add (fixture, 1, TRUE);
  add (fixture, 2, FALSE);
  sample_wait (is_lost, fixture);
  g_assert_nonnull (strstr (fixture->health->detail, words));
  g_assert_nonnull (strstr (fixture->health->detail, fixture->folder));
  g_assert_null (strchr (fixture->health->detail, '\n'));
  g_assert_nonnull (fixture->health->remedy);
  add (fixture, 3, TRUE);
  g_assert_cmpuint (bolo_store_get_n_waiting (fixture->store), >=, 2);
  g_assert_cmpuint (g_hash_table_size (fixture->stored), ==, 0);

  bolo_cut_vfs_fail_writes (fixture->vfs, SQLITE_OK);
  sample_wait (is_well, fixture);
  sample_wait (is_nothing_waiting, fixture);
  sample_flush (fixture->store);
  for (guint i = 1; i <= 3; i++)
    g_assert_true (is_stored (fixture, "sighting", i));
  g_assert_true (is_stored (fixture, "hit", 1));
  g_assert_true (is_stored (fixture, "hit", 3));
  g_assert_cmpuint (fixture->problems->len, ==, 0);
  g_assert_true (bolo_store_verify (fixture->store, NULL));
}

static void
test_full (Fixture *fixture, gconstpointer data)
{
  check_refusal (fixture, SQLITE_FULL, "the disk is full");
}

static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  check_refusal (fixture, SQLITE_READONLY, "not writable");
}

static void
test_broken_disk (Fixture *fixture, gconstpointer data)
{
  check_refusal (fixture, SQLITE_IOERR_WRITE, "the disk gave an error");
}

/* A real full file system, where we may mount one. */
static void
test_real_full (Fixture *fixture, gconstpointer data)
{
  g_autofree char *ballast = g_build_filename (fixture->folder, "ballast", NULL);
  g_autofree char *zeros = g_malloc0 (4 * 1024 * 1024);

  if (mount ("bolo-test", fixture->folder, "tmpfs", 0, "size=4m") != 0) {
    g_test_skip ("this machine lets us mount nothing");
    return;
  }
  open_store (fixture, NULL);
  add (fixture, 9, FALSE);
  sample_flush (fixture->store);
  /* Takes what is left; it is refused whole, but the space is gone. */
  g_file_set_contents_full (ballast, zeros, 4 * 1024 * 1024, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
  for (gsize size = 3500 * 1024; size >= 4096; size -= 4096) {
    if (g_file_set_contents_full (ballast, zeros, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600,
                                  NULL))
      break;
  }
  for (guint i = 100; i < 140; i++)
    add (fixture, i, FALSE);
  add (fixture, 1, TRUE);
  sample_wait (is_lost, fixture);
  g_assert_nonnull (strstr (fixture->health->detail, "the disk is full"));
  g_unlink (ballast);
  sample_wait (is_first_hit_stored, fixture);
  sample_wait (is_well, fixture);
  g_assert_true (bolo_store_verify (fixture->store, NULL));
  close_store (fixture);
  g_assert_cmpint (umount (fixture->folder), ==, 0);
}

static void
test_refused_folder (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_chmod (fixture->folder, 0555);
  if (geteuid () == 0)
    g_assert_cmpint (seteuid (65534), ==, 0);
  make_store (fixture, NULL);
  g_assert_false (bolo_store_open (fixture->store, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_PERMISSION);
  g_assert_nonnull (strstr (error->message, fixture->folder));
  add (fixture, 1, TRUE);
  sample_wait (is_lost, fixture);
  g_assert_cmpuint (bolo_store_get_n_waiting (fixture->store), ==, 1);

  /* Mended from outside: it goes on by itself. */
  if (getuid () == 0)
    g_assert_cmpint (seteuid (0), ==, 0);
  g_chmod (fixture->folder, 0700);
  sample_wait (is_first_hit_stored, fixture);
  sample_wait (is_well, fixture);
}

static void
test_no_journal_to_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  make_store (fixture, NULL);
  g_assert_false (bolo_store_open_for_reading (fixture->store, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
}

/* ---- damage ---- */

static void
fill (Fixture *fixture, guint n)
{
  open_store (fixture, NULL);
  for (guint i = 0; i < n; i++)
    add (fixture, i, FALSE);
  sample_flush (fixture->store);
  close_store (fixture);
  g_hash_table_remove_all (fixture->stored);
}

static void
scribble (const char *path, gsize from)
{
  g_autofree char *content = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  g_assert_cmpuint (length, >, from);
  memset (content + from, 0x5a, length - from);
  g_assert_true (g_file_set_contents (path, content, (gssize) length, NULL));
}

/* The name that a damaged file was given: the clock stands still. */
static char *
get_aside (Fixture *fixture, const char *name)
{
  g_autofree char *aside = g_strconcat (name, ".damaged-20260314T172000Z", NULL);

  return g_build_filename (fixture->folder, aside, NULL);
}

static void
check_set_aside (Fixture *fixture, const char *name, gsize scribbled_from)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *aside = get_aside (fixture, name);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize before_length = 0;
  gsize after_length = 0;

  fill (fixture, 200);
  scribble (path, scribbled_from);
  g_assert_true (g_file_get_contents (path, &before, &before_length, NULL));
  g_test_expect_message ("bolo-archive", G_LOG_LEVEL_WARNING, "*was damaged; it was set aside*");
  open_store (fixture, NULL);
  add (fixture, 1000, TRUE);
  while (!is_stored (fixture, "hit", 1000))
    g_main_context_iteration (NULL, TRUE);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (fixture->problems->len, ==, 1);
  g_assert_nonnull (strstr (((BoloProblem *) fixture->problems->pdata[0])->title, name));
  g_assert_nonnull (strstr (((BoloProblem *) fixture->problems->pdata[0])->remedy, aside));
  /* Kept byte for byte. */
  g_assert_true (g_file_get_contents (aside, &after, &after_length, NULL));
  g_assert_cmpmem (before, before_length, after, after_length);
  g_assert_true (bolo_store_verify (fixture->store, NULL));
}

static void
test_damaged_head (Fixture *fixture, gconstpointer data)
{
  check_set_aside (fixture, "journal.db", 0);
}

static void
test_damaged_pages (Fixture *fixture, gconstpointer data)
{
  check_set_aside (fixture, "journal.db", 20000);
}

static void
test_damaged_media (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *old = sample_id ("sighting", 1);
  g_autofree char *first_new = sample_id ("sighting", 1000);
  g_autoptr (GBytes) expected = sample_picture ("patch", 1000, 900 + 1000);
  g_autoptr (GBytes) found = NULL;

  check_set_aside (fixture, "media-2026-03-14.db", 0);
  /* The numbers of the new file begin again; an old row never gets another's picture. */
  g_assert_null (bolo_store_load_picture (fixture->store, old, BOLO_PICTURE_PATCH, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  found = bolo_store_load_picture (fixture->store, first_new, BOLO_PICTURE_PATCH, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (found, expected));
}

/* Retention holds for what was set aside too: all in it is older than its setting aside. */
static void
test_aside_is_purged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *aside = get_aside (fixture, "journal.db");
  g_autofree char *mark = sample_text (150);

  check_set_aside (fixture, "journal.db", 20000);
  bolo_purge_report_free (sample_purge (fixture->store, SAMPLE_START_US));
  g_assert_true (g_file_test (aside, G_FILE_TEST_EXISTS));
  bolo_purge_report_free (sample_purge (fixture->store, SAMPLE_START_US + G_USEC_PER_SEC));
  g_assert_false (g_file_test (aside, G_FILE_TEST_EXISTS));
  g_assert_false (sample_folder_has_text (fixture->folder, mark));
}

static void
test_newer_schema (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "journal.db", NULL);
  g_autoptr (GError) error = NULL;
  BoloDb *db;

  fill (fixture, 3);
  db = bolo_db_open (path, NULL, 0, &error);
  g_assert_true (bolo_db_execute (db, "PRAGMA user_version=900", &error));
  bolo_db_close (db);
  make_store (fixture, NULL);
  g_assert_false (bolo_store_open (fixture->store, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED);
  /* Not ours to set aside. */
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (fixture->problems->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/store-failures/full", test_full);
  ADD ("/store-failures/read-only", test_read_only);
  ADD ("/store-failures/broken-disk", test_broken_disk);
  ADD ("/store-failures/real-full", test_real_full);
  ADD ("/store-failures/refused-folder", test_refused_folder);
  ADD ("/store-failures/no-journal-to-read", test_no_journal_to_read);
  ADD ("/store-failures/damaged-head", test_damaged_head);
  ADD ("/store-failures/damaged-pages", test_damaged_pages);
  ADD ("/store-failures/damaged-media", test_damaged_media);
  ADD ("/store-failures/aside-is-purged", test_aside_is_purged);
  ADD ("/store-failures/newer-schema", test_newer_schema);
  return g_test_run ();
}
