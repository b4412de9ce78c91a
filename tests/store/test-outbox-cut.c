/* test-outbox-cut.c: the power cut while items are settled: none is lost, none comes back for long
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cut-vfs.h"
#include "bolo-outbox.h"
#include "bolo-store-samples.h"

#define N_ITEMS 120
/* No part of the items: cuts fall upon every kind of act. */
#define N_CUTS 97
/* One of so many is settled at once; the next one to come is on the disk, and that with it. */
#define SETTLED_EVERY 3

/* From which act on: it is kept; it may be gone; it is gone for ever. 0: never. */
typedef struct {
  guint kept;
  guint may_be_gone;
  guint gone;
} Promise;

static BoloDb *
open_db (const char *folder, const char *vfs, BoloDbFlags flags)
{
  static const char *const hq[] = {"hq", NULL};
  const BoloDbStep steps[] = {bolo_outbox_create, bolo_outbox_add_receivers};
  g_autofree char *path = g_build_filename (folder, "a.db", NULL);
  g_autoptr (GError) error = NULL;
  BoloDb *db = bolo_db_open (path, vfs, flags, &error);

  g_assert_no_error (error);
  if (flags & BOLO_DB_CREATE) {
    g_assert_true (bolo_db_migrate (db, steps, G_N_ELEMENTS (steps), &error));
    g_assert_true (
      bolo_outbox_set_receivers (db, hq, "SELECT 'hit', 'x', 1, 0, 1, 1 WHERE 0", &error));
    g_assert_true (bolo_db_sync_directory (db, &error));
  }
  g_assert_no_error (error);
  return db;
}

static char *
make_name (guint number)
{
  return g_strdup_printf ("item-%03u", number);
}

static void
add (BoloDb *db, guint number)
{
  g_autofree char *name = make_name (number);
  const BoloOutboxItem item = {
    .topic = (char *) "sighting", .record = name, .state = 1, .urgency = 4, .bytes = 10};
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_db_begin (db, &error));
  g_assert_true (bolo_outbox_add (db, &item, &error));
  g_assert_true (bolo_db_commit (db, &error));
  g_assert_no_error (error);
}

/* The newest. */
static void
settle (BoloDb *db, guint number)
{
  g_autofree char *name = make_name (number);
  BoloOutboxAnswer answer = {0, name, 1, BOLO_OUTBOX_TAKEN, NULL};
  g_autoptr (GError) error = NULL;

  g_assert_true (
    bolo_db_get_int64 (db, "SELECT max (number) FROM outbox", 0, &answer.number, &error));
  g_assert_true (bolo_outbox_settle (db, "hq", &answer, 1, 0, &error));
  g_assert_no_error (error);
}

static void
drive (BoloDb *db, BoloCutVfs *vfs, Promise *promises)
{
  for (guint i = 0; i < N_ITEMS; i++) {
    add (db, i);
    promises[i].kept = bolo_cut_vfs_get_position (vfs);
    if (i > 0 && promises[i - 1].may_be_gone != 0)
      promises[i - 1].gone = promises[i].kept;
    if (i % SETTLED_EVERY != 0)
      continue;
    promises[i].may_be_gone = bolo_cut_vfs_get_position (vfs) + 1;
    settle (db, i);
  }
}

static void
check_folder (const char *folder, const Promise *promises, guint cut)
{
  const BoloOutboxQuery query = {"hq", 1, 9, N_ITEMS, G_MAXINT32, NULL, NULL};
  g_autoptr (BoloDb) db = open_db (folder, NULL, 0);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_db_check (db, -1, &error));
  items = bolo_outbox_list_due (db, &query, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < items->len; i++)
    g_hash_table_add (names, ((BoloOutboxItem *) items->pdata[i])->record);
  for (guint i = 0; i < N_ITEMS; i++) {
    g_autofree char *name = make_name (i);
    gboolean is_there = g_hash_table_contains (names, name);

    if (promises[i].kept <= cut && (promises[i].may_be_gone == 0 || promises[i].may_be_gone > cut))
      g_assert_true (is_there);
    if (promises[i].gone != 0 && promises[i].gone <= cut)
      g_assert_false (is_there);
  }
}

static void
test_cuts (void)
{
  g_autofree char *folder = sample_make_folder ();
  g_autoptr (BoloCutVfs) vfs = bolo_cut_vfs_new ("bolo-cut");
  g_autoptr (BoloCutReplay) replay = bolo_cut_replay_new (vfs);
  g_autoptr (GRand) random = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  BoloDb *db = open_db (folder, "bolo-cut", BOLO_DB_CREATE);
  guint first = bolo_cut_vfs_get_position (vfs);
  Promise promises[N_ITEMS] = {0};
  guint n_dropped = 0;
  guint last;

  drive (db, vfs, promises);
  last = bolo_cut_vfs_get_position (vfs);
  bolo_db_close (db);
  sample_remove_folder (folder);
  for (guint i = 1; i <= N_CUTS; i++) {
    g_autofree char *after = sample_make_folder ();
    guint cut = first + (last - first) * i / N_CUTS;

    bolo_cut_replay_advance (replay, cut);
    n_dropped += bolo_cut_replay_write (replay, random, after);
    check_folder (after, promises, cut);
    sample_remove_folder (after);
  }
  g_assert_cmpuint (n_dropped, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outbox/cut", test_cuts);
  return g_test_run ();
}
