/* test-power-cut.c: cuts the power at random instants; what was announced as stored is there
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <stdlib.h>
#include <string.h>

#include "bolo-cut-vfs.h"
#include "bolo-db.h"
#include "bolo-health.h"
#include "bolo-store-samples.h"

#define N_STEPS 160
/* Steps apart by this much, so that the drive passes two midnights. */
#define STEP_US (20 * G_TIME_SPAN_MINUTE)
#define PURGE_AT_STEP 110
#define PURGE_UP_TO 30

/* What was promised, and from which act on. */
typedef struct {
  guint provisional; /* 0: never */
  guint closed;
  guint hit;
  guint disposition;
} Promise;

typedef struct {
  BoloCutVfs *vfs;
  Promise promises[N_STEPS];
  guint purge_began;
  guint n_problems;
} Drive;

static void
on_stored (BoloStore *store, char **ids, Drive *drive)
{
  guint position = bolo_cut_vfs_get_position (drive->vfs);
  guint number;

  for (; *ids != NULL; ids++) {
    if (sample_parse_id (*ids, "sighting", &number)) {
      Promise *promise = &drive->promises[number];

      if (promise->provisional == 0)
        promise->provisional = position;
      else
        promise->closed = position;
    } else if (sample_parse_id (*ids, "hit", &number)) {
      drive->promises[number].hit = position;
    } else if (sample_parse_id (*ids, "disposition", &number)) {
      drive->promises[number].disposition = position;
    }
  }
}

static void
on_problem (BoloStore *store, const BoloProblem *problem, guint *n_problems)
{
  g_test_message ("%s: %s", problem->title, problem->details);
  (*n_problems)++;
}

static gint64
time_of (guint number)
{
  return SAMPLE_START_US + number * STEP_US;
}

static void
step (BoloStore *store, guint number)
{
  g_autoptr (BoloSighting) first =
    sample_sighting (number, BOLO_SIGHTING_PROVISIONAL, time_of (number));

  if (number % 4 == 0) {
    g_autoptr (BoloHit) hit = sample_hit (number, first);
    g_autoptr (BoloDisposition) said = sample_disposition (number, hit->id, BOLO_DISPOSITION_SEEN);

    bolo_store_add_hit (store, hit);
    bolo_store_add_disposition (store, said);
  }
  bolo_store_add_sighting (store, first);
  /* The closing state of an earlier one, which has been announced by now. */
  if (number % 8 == 7) {
    sample_flush (store);
    for (guint i = number - 7; i <= number; i++) {
      g_autoptr (BoloSighting) last = sample_sighting (i, BOLO_SIGHTING_CLOSED, time_of (i));

      bolo_store_add_sighting (store, last);
    }
    sample_flush (store);
  }
}

static void
drive (Drive *self, const char *folder)
{
  g_autoptr (BoloClock) clock = bolo_clock_new_manual (SAMPLE_START_US);
  g_autoptr (BoloStore) store = bolo_store_new (folder, clock);
  g_autoptr (GError) error = NULL;

  bolo_store_set_vfs (store, "bolo-cut");
  g_signal_connect (store, "stored", G_CALLBACK (on_stored), self);
  g_signal_connect (store, "problem", G_CALLBACK (on_problem), &self->n_problems);
  g_assert_true (bolo_store_open (store, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < N_STEPS; i++) {
    step (store, i);
    while (g_main_context_iteration (NULL, FALSE))
      ;
    if (i == PURGE_AT_STEP) {
      sample_flush (store);
      self->purge_began = bolo_cut_vfs_get_position (self->vfs);
      bolo_purge_report_free (sample_purge (store, time_of (PURGE_UP_TO)));
    }
  }
  sample_flush (store);
  g_assert_true (bolo_store_close (store, 10000));
  g_assert_cmpuint (self->n_problems, ==, 0);
}

/* ---- after the cut ---- */

static GHashTable *
index_sightings (BoloStore *store)
{
  const BoloStoreQuery query = {NULL, G_MININT64, G_MAXINT64, 0, NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = bolo_store_list_sightings (store, &query, &error);
  GHashTable *index =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) bolo_sighting_unref);

  g_assert_no_error (error);
  for (guint i = 0; i < found->len; i++) {
    BoloSighting *sighting = found->pdata[i];

    g_hash_table_insert (index, g_strdup (sighting->id), bolo_sighting_ref (sighting));
  }
  return index;
}

static void
check_picture (BoloStore *store,
               const char *id,
               BoloPictureKind kind,
               const char *what,
               guint number,
               gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) expected = sample_picture (what, number, size);
  g_autoptr (GBytes) found = bolo_store_load_picture (store, id, kind, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (found, expected));
}

/* A row that is there, announced or not, has its pictures. */
static void
check_rows (BoloStore *store, GHashTable *sightings)
{
  GHashTableIter iter;
  gpointer id;
  guint number;

  g_hash_table_iter_init (&iter, sightings);
  while (g_hash_table_iter_next (&iter, &id, NULL)) {
    g_assert_true (sample_parse_id (id, "sighting", &number));
    check_picture (store, id, BOLO_PICTURE_PATCH, "patch", number, 900 + number % 2000);
    check_picture (store, id, BOLO_PICTURE_OVERVIEW, "overview", number, 9000 + number % 7000);
  }
}

static void
check_hits (BoloStore *store, const Drive *self, guint cut)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) hits = bolo_store_list_hits (store, 0, G_MAXINT64, &error);
  g_autoptr (GHashTable) index = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_no_error (error);
  for (guint i = 0; i < hits->len; i++)
    g_hash_table_add (index, ((BoloHit *) hits->pdata[i])->id);
  for (guint number = 0; number < N_STEPS; number++) {
    g_autofree char *id = sample_id ("hit", number);
    const Promise *promise = &self->promises[number];
    g_autoptr (GPtrArray) said = NULL;

    if (number < PURGE_UP_TO && cut >= self->purge_began)
      continue;
    if (promise->hit != 0 && promise->hit <= cut)
      g_assert_true (g_hash_table_contains (index, id));
    if (promise->disposition == 0 || promise->disposition > cut)
      continue;
    said = bolo_store_list_dispositions (store, id, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (said->len, ==, 1);
  }
}

static void
check_promises (BoloStore *store, GHashTable *sightings, const Drive *self, guint cut)
{
  for (guint number = 0; number < N_STEPS; number++) {
    g_autofree char *id = sample_id ("sighting", number);
    const Promise *promise = &self->promises[number];
    const BoloSighting *sighting = g_hash_table_lookup (sightings, id);

    if (number < PURGE_UP_TO && cut >= self->purge_began)
      continue;
    if (promise->provisional != 0 && promise->provisional <= cut)
      g_assert_nonnull (sighting);
    if (promise->closed != 0 && promise->closed <= cut)
      g_assert_cmpint (sighting->state, ==, BOLO_SIGHTING_CLOSED);
  }
  check_hits (store, self, cut);
}

static void
check_foreign_keys (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "journal.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloDb) db = bolo_db_open (path, NULL, 0, &error);
  gint64 n_broken = -1;

  g_assert_no_error (error);
  g_assert_true (
    bolo_db_get_int64 (db, "SELECT count(*) FROM pragma_foreign_key_check", 0, &n_broken, &error));
  g_assert_cmpint (n_broken, ==, 0);
}

static void
check_folder (const char *folder, const Drive *self, guint cut)
{
  g_autoptr (BoloClock) clock = bolo_clock_new_manual (SAMPLE_START_US);
  g_autoptr (BoloStore) store = bolo_store_new (folder, clock);
  g_autoptr (GHashTable) sightings = NULL;
  g_autoptr (GError) error = NULL;
  guint n_problems = 0;

  g_signal_connect (store, "problem", G_CALLBACK (on_problem), &n_problems);
  g_assert_true (bolo_store_open (store, &error));
  g_assert_no_error (error);
  g_assert_true (bolo_store_verify (store, &error));
  g_assert_no_error (error);
  sightings = index_sightings (store);
  check_rows (store, sightings);
  check_promises (store, sightings, self, cut);
  g_assert_true (bolo_store_close (store, 10000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_problems, ==, 0);
  check_foreign_keys (folder);
}

static int
compare_positions (gconstpointer a, gconstpointer b)
{
  return *(const int *) a - *(const int *) b;
}

/* In memory where there is such a folder: nothing here depends on a real disk. */
static char *
make_folder (void)
{
  char *folder = g_strdup ("/dev/shm/bolo-cut-XXXXXX");

  if (g_mkdtemp (folder) != NULL)
    return folder;
  g_free (folder);
  return sample_make_folder ();
}

static void
test_cuts (gconstpointer data)
{
  guint n_cuts = GPOINTER_TO_UINT (data);
  g_autofree char *folder = make_folder ();
  g_autofree int *cuts = g_new (int, n_cuts);
  g_autoptr (BoloCutVfs) vfs = bolo_cut_vfs_new ("bolo-cut");
  g_autoptr (BoloCutReplay) replay = bolo_cut_replay_new (vfs);
  g_autoptr (GRand) random = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  Drive self = {.vfs = vfs};
  guint n_dropped = 0;

  drive (&self, folder);
  sample_remove_folder (folder);
  for (guint i = 0; i < N_STEPS; i++)
    g_assert_cmpuint (self.promises[i].closed, !=, 0);
  for (guint i = 0; i < n_cuts; i++)
    cuts[i] = g_rand_int_range (random, 0, (gint32) bolo_cut_vfs_get_position (vfs) + 1);
  qsort (cuts, n_cuts, sizeof cuts[0], compare_positions);
  for (guint i = 0; i < n_cuts; i++) {
    g_autofree char *after = make_folder ();

    g_test_message ("cut after act %d of %u", cuts[i], bolo_cut_vfs_get_position (vfs));
    bolo_cut_replay_advance (replay, (guint) cuts[i]);
    n_dropped += bolo_cut_replay_write (replay, random, after);
    check_folder (after, &self, (guint) cuts[i]);
    sample_remove_folder (after);
  }
  g_test_message ("%u cuts, %u sectors dropped", n_cuts, n_dropped);
  g_assert_cmpuint (n_dropped, >, 0);
}

/* The cut is sharp: the same acts without syncs do lose what was committed. */
static void
test_finds_loss (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "a.db", NULL);
  g_autoptr (BoloCutVfs) vfs = bolo_cut_vfs_new ("bolo-cut");
  g_autoptr (BoloCutReplay) replay = bolo_cut_replay_new (vfs);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GError) error = NULL;
  BoloDb *db = bolo_db_open (path, "bolo-cut", BOLO_DB_CREATE, &error);
  guint n_lost = 0;

  g_assert_no_error (error);
  g_assert_true (bolo_db_execute (db, "CREATE TABLE t (i INTEGER) STRICT", &error));
  g_assert_true (bolo_db_sync_directory (db, &error));
  g_assert_true (bolo_db_execute (db, "PRAGMA synchronous=NORMAL", &error));
  for (int i = 0; i < 20; i++)
    g_assert_true (bolo_db_execute (db, "INSERT INTO t VALUES (1)", &error));
  bolo_cut_replay_advance (replay, bolo_cut_vfs_get_position (vfs));
  bolo_db_close (db);
  sample_remove_folder (folder);
  for (int i = 0; i < 20; i++) {
    g_autofree char *after = make_folder ();
    g_autofree char *copy = g_build_filename (after, "a.db", NULL);
    gint64 count = -1;

    bolo_cut_replay_write (replay, random, after);
    db = bolo_db_open (copy, NULL, 0, &error);
    g_assert_no_error (error);
    bolo_db_get_int64 (db, "SELECT count(*) FROM t", 0, &count, NULL);
    n_lost += count < 20;
    bolo_db_close (db);
    sample_remove_folder (after);
  }
  g_assert_cmpuint (n_lost, >, 0);
}

int
main (int argc, char **argv)
{
  guint n_cuts = 30;

  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    n_cuts = (guint) atoi (argv[1]);
  g_test_add_func ("/power-cut/finds-loss", test_finds_loss);
  g_test_add_data_func ("/power-cut/store", GUINT_TO_POINTER (n_cuts), test_cuts);
  return g_test_run ();
}
