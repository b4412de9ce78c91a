/* test-store.c: what is added is stored, announced after its commit, and read back as it was
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "bolo-error.h"
#include "bolo-health.h"
#include "bolo-store-samples.h"

typedef struct {
  char *folder;
  BoloClock *clock;
  BoloStore *store;
  GHashTable *stored; /* id to how often */
  guint n_announcements;
} Fixture;

static void
on_stored (BoloStore *store, char **ids, Fixture *fixture)
{
  fixture->n_announcements++;
  for (; *ids != NULL; ids++) {
    guint n = GPOINTER_TO_UINT (g_hash_table_lookup (fixture->stored, *ids));
    g_hash_table_insert (fixture->stored, g_strdup (*ids), GUINT_TO_POINTER (n + 1));
  }
}

static void
open_store (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->store = bolo_store_new (fixture->folder, fixture->clock);
  g_signal_connect (fixture->store, "stored", G_CALLBACK (on_stored), fixture);
  g_assert_true (bolo_store_open (fixture->store, &error));
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = sample_make_folder ();
  fixture->clock = bolo_clock_new_manual (SAMPLE_START_US);
  fixture->stored = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  open_store (fixture);
}

static void
close_store (Fixture *fixture)
{
  g_assert_true (bolo_store_close (fixture->store, 10000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->store);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->store != NULL)
    close_store (fixture);
  g_assert_finalize_object (fixture->clock);
  g_hash_table_unref (fixture->stored);
  sample_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static guint
times_stored (Fixture *fixture, const char *kind, guint number)
{
  g_autofree char *id = sample_id (kind, number);

  return GPOINTER_TO_UINT (g_hash_table_lookup (fixture->stored, id));
}

static void
add (Fixture *fixture, guint number, BoloSightingState state)
{
  g_autoptr (BoloSighting) sighting =
    sample_sighting (number, state, SAMPLE_START_US + (gint64) number * 1000000);

  bolo_store_add_sighting (fixture->store, sighting);
}

static void
check_picture (BoloStore *store, guint number, BoloPictureKind kind, GBytes *expected)
{
  g_autofree char *id = sample_id ("sighting", number);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) found = bolo_store_load_picture (store, id, kind, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (found, expected));
}

static void
check_same_fix (const BoloFix *a, const BoloFix *b)
{
  g_assert_nonnull (b);
  g_assert_cmpint (a->time_us, ==, b->time_us);
  g_assert_cmpfloat (a->latitude_deg, ==, b->latitude_deg);
  g_assert_cmpfloat (a->longitude_deg, ==, b->longitude_deg);
  g_assert_cmpfloat (a->accuracy_m, ==, b->accuracy_m);
  g_assert_cmpfloat (a->speed_mps, ==, b->speed_mps);
  g_assert_cmpfloat (a->heading_deg, ==, b->heading_deg);
  g_assert_cmpint (a->age_ms, ==, b->age_ms);
  g_assert_cmpint (a->clock_offset_us, ==, b->clock_offset_us);
  g_assert_cmpint (a->how, ==, b->how);
}

static void
check_same_clone (const BoloClone *a, const BoloClone *b)
{
  g_assert_cmpint (a != NULL, ==, b != NULL);
  if (a == NULL)
    return;
  g_assert_cmpstr (a->sighting, ==, b->sighting);
  g_assert_cmpstr (a->camera, ==, b->camera);
  g_assert_cmpint (a->at_us, ==, b->at_us);
  g_assert_cmpfloat (a->distance_m, ==, b->distance_m);
  g_assert_cmpfloat (a->needed_mps, ==, b->needed_mps);
}

static void
check_same_sighting (const BoloSighting *a, const BoloSighting *b)
{
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpstr (a->camera, ==, b->camera);
  g_assert_cmpint (a->state, ==, b->state);
  g_assert_cmpstr (a->text, ==, b->text);
  g_assert_cmpstr (a->previous_text, ==, b->previous_text);
  g_assert_cmpfloat (a->confidence, ==, b->confidence);
  g_assert_cmpuint (a->looks, ==, b->looks);
  g_assert_cmpuint (a->n_characters, ==, b->n_characters);
  g_assert_cmpmem (a->characters, sizeof a->characters[0] * a->n_characters, b->characters,
                   sizeof b->characters[0] * b->n_characters);
  g_assert_cmpstr (a->syntax, ==, b->syntax);
  g_assert_cmpstr (a->region, ==, b->region);
  g_assert_cmpfloat (a->region_confidence, ==, b->region_confidence);
  g_assert_cmpint (a->is_region_read, ==, b->is_region_read);
  g_assert_cmpmem (a->corners, sizeof a->corners, b->corners, sizeof b->corners);
  g_assert_cmpfloat (a->width_px, ==, b->width_px);
  g_assert_cmpint (a->first_us, ==, b->first_us);
  g_assert_cmpint (a->last_us, ==, b->last_us);
  g_assert_cmpint (a->captured_us, ==, b->captured_us);
  g_assert_cmpint (a->captured_by, ==, b->captured_by);
  g_assert_cmpint (a->first_media_ms, ==, b->first_media_ms);
  g_assert_cmpint (a->published_us, ==, b->published_us);
  g_assert_cmpint (a->latency_ms, ==, b->latency_ms);
  g_assert_cmpint (a->since_readable_ms, ==, b->since_readable_ms);
  g_assert_cmpuint (a->track, ==, b->track);
  g_assert_cmpstr (a->officer, ==, b->officer);
  check_same_fix (a->fix, b->fix);
  check_same_clone (a->clone, b->clone);
}

static GPtrArray *
list (BoloStore *store, const char *text)
{
  const BoloStoreQuery query = {text, G_MININT64, G_MAXINT64, 0, NULL};
  g_autoptr (GError) error = NULL;
  GPtrArray *found = bolo_store_list_sightings (store, &query, &error);

  g_assert_no_error (error);
  return found;
}

static void
test_sighting (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloSighting) sighting =
    sample_sighting (7, BOLO_SIGHTING_PROVISIONAL, SAMPLE_START_US);
  g_autoptr (GPtrArray) found = NULL;

  sighting->clone = sample_clone ();
  bolo_store_add_sighting (fixture->store, sighting);
  g_assert_cmpuint (bolo_store_get_n_waiting (fixture->store), ==, 1);
  g_assert_cmpuint (times_stored (fixture, "sighting", 7), ==, 0);
  sample_flush (fixture->store);
  g_assert_cmpuint (bolo_store_get_n_waiting (fixture->store), ==, 0);
  g_assert_cmpuint (times_stored (fixture, "sighting", 7), ==, 1);

  /* As it was, and after opening again. */
  close_store (fixture);
  open_store (fixture);
  found = list (fixture->store, NULL);
  g_assert_cmpuint (found->len, ==, 1);
  check_same_sighting (sighting, found->pdata[0]);
  check_picture (fixture->store, 7, BOLO_PICTURE_PATCH, sighting->patch_jpeg);
  check_picture (fixture->store, 7, BOLO_PICTURE_OVERVIEW, sighting->overview_jpeg);
}

static void
test_bare_sighting (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloSighting) sighting = bolo_sighting_new ();
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) error = NULL;

  /* No fix is no fix, never 0,0; no picture is an error of its own. */
  sighting->id = g_strdup ("a");
  sighting->camera = g_strdup ("front");
  sighting->text = g_strdup ("AB12CDE");
  sighting->captured_us = SAMPLE_START_US;
  bolo_store_add_sighting (fixture->store, sighting);
  sample_flush (fixture->store);
  found = list (fixture->store, "AB12CDE");
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_null (((BoloSighting *) found->pdata[0])->fix);
  g_assert_null (((BoloSighting *) found->pdata[0])->officer);
  g_assert_null (bolo_store_load_picture (fixture->store, "a", BOLO_PICTURE_PATCH, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
}

/* Reads need nobody to ask for their commit. */
static gboolean
is_seventh_stored (gpointer data)
{
  return times_stored (data, "sighting", 7) == 1;
}

static void
test_group_commit (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 8; i++)
    add (fixture, i, BOLO_SIGHTING_CLOSED);
  sample_wait (is_seventh_stored, fixture);
  for (guint i = 0; i < 8; i++)
    g_assert_cmpuint (times_stored (fixture, "sighting", i), ==, 1);
  /* A group, not one commit each. */
  g_assert_cmpuint (fixture->n_announcements, ==, 1);
}

static void
test_states (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloSighting) corrected =
    sample_sighting (3, BOLO_SIGHTING_CORRECTED, SAMPLE_START_US + 2000000);
  g_autofree char *old_text = sample_text (3);
  g_autoptr (GBytes) first_overview = sample_picture ("overview", 3, 9003);
  g_autoptr (GPtrArray) by_old = NULL;
  g_autoptr (GPtrArray) all = NULL;

  g_free (corrected->text);
  corrected->text = g_strdup ("ZZ99ZZZ");
  corrected->previous_text = g_strdup (old_text);
  g_clear_pointer (&corrected->patch_jpeg, g_bytes_unref);
  corrected->patch_jpeg = sample_picture ("better", 3, 2000);
  g_clear_pointer (&corrected->overview_jpeg, g_bytes_unref);

  add (fixture, 3, BOLO_SIGHTING_PROVISIONAL);
  bolo_store_add_sighting (fixture->store, corrected);
  bolo_store_add_sighting (fixture->store, corrected);
  sample_flush (fixture->store);
  g_assert_cmpuint (times_stored (fixture, "sighting", 3), ==, 2);
  all = list (fixture->store, NULL);
  g_assert_cmpuint (all->len, ==, 1);
  check_same_sighting (corrected, all->pdata[0]);
  /* Only newest states are met. */
  by_old = list (fixture->store, old_text);
  g_assert_cmpuint (by_old->len, ==, 0);
  check_picture (fixture->store, 3, BOLO_PICTURE_PATCH, corrected->patch_jpeg);
  check_picture (fixture->store, 3, BOLO_PICTURE_OVERVIEW, first_overview);
}

static gboolean
is_hit_stored (gpointer data)
{
  return times_stored (data, "hit", 1) > 0;
}

static void
check_hit (const BoloHit *hit, const BoloHit *found)
{
  const BoloMatch *match = bolo_hit_get_leading (found);

  g_assert_cmpstr (hit->id, ==, found->id);
  g_assert_cmpstr (hit->encounter, ==, found->encounter);
  g_assert_cmpstr (hit->category, ==, found->category);
  g_assert_cmpstr (hit->words, ==, found->words);
  g_assert_cmpint (hit->priority, ==, found->priority);
  g_assert_cmpint (hit->list_age_s, ==, found->list_age_s);
  g_assert_cmpint (hit->created_us, ==, found->created_us);
  check_same_sighting (hit->sighting, found->sighting);
  g_assert_cmpuint (found->matches->len, ==, 1);
  g_assert_cmpint (match->kind, ==, BOLO_MATCH_FOLDED);
  g_assert_cmpuint (match->n_differs, ==, 2);
  g_assert_cmpuint (match->differs[1], ==, 4);
  g_assert_cmpstr (match->entry->entry_id, ==, "stolen/1");
  g_assert_cmpstr (match->entry->markers[1], ==, "VIOLENT");
  g_assert_null (match->entry->markers[2]);
  g_assert_cmpstr (match->entry->reason, ==, "Taken in the night");
  g_assert_null (match->entry->colour);
  g_assert_cmpint (match->entry->weed_us, ==, G_MAXINT64);
}

static void
test_hit (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloSighting) sighting =
    sample_sighting (1, BOLO_SIGHTING_PROVISIONAL, SAMPLE_START_US);
  g_autoptr (BoloHit) hit = sample_hit (1, sighting);
  g_autoptr (BoloDisposition) first = sample_disposition (1, hit->id, BOLO_DISPOSITION_SEEN);
  g_autoptr (BoloDisposition) second = sample_disposition (2, hit->id, BOLO_DISPOSITION_CONFIRMED);
  g_autoptr (GPtrArray) hits = NULL;
  g_autoptr (GPtrArray) said = NULL;
  g_autoptr (GError) error = NULL;

  second->checked_by = g_strdup ("control 12");
  second->checked_how = g_strdup ("PNC");
  bolo_store_add_hit (fixture->store, hit);
  bolo_store_add_sighting (fixture->store, sighting);
  bolo_store_add_disposition (fixture->store, first);
  bolo_store_add_disposition (fixture->store, second);
  sample_wait (is_hit_stored, fixture);
  sample_flush (fixture->store);
  g_assert_cmpuint (times_stored (fixture, "sighting", 1), ==, 1);
  g_assert_cmpuint (times_stored (fixture, "disposition", 2), ==, 1);

  hits = bolo_store_list_hits (fixture->store, 0, G_MAXINT64, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (hits->len, ==, 1);
  check_hit (hit, hits->pdata[0]);
  said = bolo_store_list_dispositions (fixture->store, hit->id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (said->len, ==, 2);
  g_assert_cmpint (((BoloDisposition *) said->pdata[0])->kind, ==, BOLO_DISPOSITION_SEEN);
  g_assert_cmpint (((BoloDisposition *) said->pdata[1])->kind, ==, BOLO_DISPOSITION_CONFIRMED);
  g_assert_cmpstr (((BoloDisposition *) said->pdata[1])->checked_how, ==, "PNC");
  g_assert_cmpstr (((BoloDisposition *) said->pdata[0])->officer, ==, "PC 4711");
}

/* What the officer was told beside the entry is kept with it. */
static void
test_hit_notes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloSighting) sighting =
    sample_sighting (1, BOLO_SIGHTING_PROVISIONAL, SAMPLE_START_US);
  g_autoptr (BoloHit) hit = sample_hit (1, sighting);
  BoloMatch *match = g_ptr_array_index (hit->matches, 0);
  BoloSilence *silence = bolo_silence_new ();
  g_autoptr (GPtrArray) hits = NULL;
  g_autoptr (GError) error = NULL;
  const BoloMatch *found;

  silence->kind = BOLO_SILENCE_NOT_THIS_VEHICLE;
  silence->reason = g_strdup ("A Golf");
  silence->officer = g_strdup ("PC 99");
  silence->until_us = SAMPLE_START_US + 5;
  match->silence = silence;
  match->score = 0.25;
  match->age = BOLO_LIST_STALE;
  match->is_place_unknown = TRUE;
  match->doubts = BOLO_DOUBT_COLOUR | BOLO_DOUBT_TYPE;
  match->entry->list_trust = BOLO_TRUST_SIGNED;
  g_free (match->entry->list_signer);
  match->entry->list_signer = g_strdup ("force-2026");
  hit->is_own = TRUE;
  bolo_store_add_hit (fixture->store, hit);
  sample_flush (fixture->store);
  hits = bolo_store_list_hits (fixture->store, 0, G_MAXINT64, &error);
  g_assert_no_error (error);
  g_assert_true (((BoloHit *) hits->pdata[0])->is_own);
  found = g_ptr_array_index (((BoloHit *) hits->pdata[0])->matches, 0);
  g_assert_cmpfloat (found->score, ==, 0.25);
  g_assert_cmpint (found->age, ==, BOLO_LIST_STALE);
  g_assert_true (found->is_place_unknown);
  g_assert_cmpuint (found->doubts, ==, BOLO_DOUBT_COLOUR | BOLO_DOUBT_TYPE);
  g_assert_cmpint (found->entry->list_trust, ==, BOLO_TRUST_SIGNED);
  g_assert_cmpstr (found->entry->list_signer, ==, "force-2026");
  g_assert_cmpint (found->silence->kind, ==, BOLO_SILENCE_NOT_THIS_VEHICLE);
  g_assert_cmpstr (found->silence->reason, ==, "A Golf");
  g_assert_cmpstr (found->silence->officer, ==, "PC 99");
  g_assert_cmpint (found->silence->until_us, ==, SAMPLE_START_US + 5);
}

static void
test_midnight (Fixture *fixture, gconstpointer data)
{
  const gint64 midnight_us = bolo_time_parse_utc ("2026-03-15T00:00:00.000Z");
  g_autoptr (BoloSighting) before = sample_sighting (4, BOLO_SIGHTING_PROVISIONAL, midnight_us - 1);
  g_autoptr (BoloSighting) after = sample_sighting (4, BOLO_SIGHTING_CLOSED, midnight_us + 1);
  g_autoptr (BoloSighting) next = sample_sighting (5, BOLO_SIGHTING_CLOSED, midnight_us);
  g_autoptr (BoloStoreCounts) counts = NULL;
  g_autofree char *next_day = NULL;

  /* All of a sighting's pictures lie in the day of its first state, also within one commit. */
  bolo_store_add_sighting (fixture->store, before);
  if (data != NULL)
    sample_flush (fixture->store);
  bolo_store_add_sighting (fixture->store, after);
  sample_flush (fixture->store);
  next_day = g_build_filename (fixture->folder, "media-2026-03-15.db", NULL);
  g_assert_false (g_file_test (next_day, G_FILE_TEST_EXISTS));
  bolo_store_add_sighting (fixture->store, next);
  sample_flush (fixture->store);
  g_assert_true (g_file_test (next_day, G_FILE_TEST_EXISTS));
  counts = bolo_store_count (fixture->store, midnight_us, NULL);
  g_assert_cmpuint (counts->media_files, ==, 2);
  g_assert_cmpint (counts->sightings, ==, 2);
  g_assert_cmpint (counts->sightings_due, ==, 1);
  g_assert_cmpint (counts->oldest_us, ==, midnight_us - 1);
  check_picture (fixture->store, 4, BOLO_PICTURE_PATCH, after->patch_jpeg);
  check_picture (fixture->store, 5, BOLO_PICTURE_PATCH, next->patch_jpeg);
}

static void
test_one_writer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloStore) second = bolo_store_new (fixture->folder, fixture->clock);
  g_autoptr (BoloStore) reader = bolo_store_new (fixture->folder, fixture->clock);
  g_autoptr (BoloStoreCounts) counts = NULL;
  g_autoptr (GError) error = NULL;

  add (fixture, 1, BOLO_SIGHTING_CLOSED);
  sample_flush (fixture->store);
  g_assert_false (bolo_store_open (second, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, fixture->folder));
  g_clear_error (&error);
  g_assert_true (bolo_store_open_for_reading (reader, &error));
  g_assert_no_error (error);
  counts = bolo_store_count (reader, 0, &error);
  g_assert_cmpint (counts->sightings, ==, 1);

  /* It goes on by itself when the first one ends. */
  add (fixture, 2, BOLO_SIGHTING_CLOSED);
  close_store (fixture);
  fixture->store = g_object_ref (second);
  g_signal_connect (second, "stored", G_CALLBACK (on_stored), fixture);
  add (fixture, 7, BOLO_SIGHTING_CLOSED);
  sample_wait (is_seventh_stored, fixture);
  g_assert_true (bolo_store_close (reader, 1000));
  g_clear_object (&second);
}

static void
test_close_in_mid_work (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) found = NULL;

  for (guint i = 0; i < 200; i++)
    add (fixture, i, BOLO_SIGHTING_CLOSED);
  close_store (fixture);
  open_store (fixture);
  found = list (fixture->store, NULL);
  g_assert_cmpuint (found->len, ==, 200);
  g_assert_true (bolo_store_verify (fixture->store, NULL));
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  GBytes **bytes = data;

  *bytes = bolo_store_load_picture_finish (BOLO_STORE (source), result, NULL);
}

static gboolean
has_bytes (gpointer data)
{
  return *(GBytes **) data != NULL;
}

static void
test_load_async (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = sample_id ("sighting", 9);
  g_autoptr (GBytes) expected = sample_picture ("patch", 9, 909);
  g_autoptr (GBytes) bytes = NULL;

  add (fixture, 9, BOLO_SIGHTING_CLOSED);
  sample_flush (fixture->store);
  bolo_store_load_picture_async (fixture->store, id, BOLO_PICTURE_PATCH, NULL, on_loaded, &bytes);
  sample_wait (has_bytes, &bytes);
  g_assert_true (g_bytes_equal (bytes, expected));
}

/* What is asked and not answered when the store goes is answered all the same. */
static void
on_flushed (GObject *source, GAsyncResult *result, gpointer data)
{
  guint *n_answers = data;

  bolo_store_flush_finish (BOLO_STORE (source), result, NULL);
  (*n_answers)++;
}

static void
test_close_with_questions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint n_answers = 0;

  for (guint i = 0; i < 10; i++) {
    add (fixture, i, BOLO_SIGHTING_CLOSED);
    bolo_store_flush_async (fixture->store, NULL, on_flushed, &n_answers);
  }
  g_assert_true (bolo_store_close (fixture->store, 10000));
  bolo_store_flush_async (fixture->store, NULL, on_flushed, &n_answers);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_answers, ==, 11);
  g_assert_null (bolo_store_count (fixture->store, 0, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_BUSY);
  g_assert_true (bolo_store_close (fixture->store, 10));
}

/* The last reference may go with work under way: nothing leaks, nothing is lost. */
static void
test_dispose_in_mid_work (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) found = NULL;

  for (guint i = 0; i < 40; i++)
    add (fixture, i, BOLO_SIGHTING_CLOSED);
  g_assert_finalize_object (fixture->store);
  open_store (fixture);
  found = list (fixture->store, NULL);
  g_assert_cmpuint (found->len, ==, 40);
}

static void
test_query (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = sample_text (5);
  g_autofree char *glob = g_strdup_printf ("[%c]?%s", text[0], text + 2);
  const BoloStoreQuery queries[] = {
    {NULL, SAMPLE_START_US + 2000000, SAMPLE_START_US + 5000000, 0, NULL}, /* 2, 3, 4 */
    {NULL, G_MININT64, G_MAXINT64, 4, NULL},                               /* the 4 newest */
    {text, G_MININT64, G_MAXINT64, 0, NULL},
    {text, SAMPLE_START_US + 6000000, G_MAXINT64, 0, NULL},
    {"NOSUCH1", G_MININT64, G_MAXINT64, 0, NULL},
    {NULL, G_MININT64, G_MAXINT64, 0, glob},
    {NULL, SAMPLE_START_US + 6000000, G_MAXINT64, 0, glob},
    {NULL, G_MININT64, G_MAXINT64, 0, "NOSUCH*"},
    {NULL, G_MININT64, G_MAXINT64, 3, "*"},
  };
  const guint expected[] = {3, 4, 1, 0, 0, 1, 0, 0, 3};

  for (guint i = 0; i < 10; i++)
    add (fixture, i, BOLO_SIGHTING_CLOSED);
  sample_flush (fixture->store);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) found = bolo_store_list_sightings (fixture->store, &queries[i], &error);

    g_assert_no_error (error);
    g_assert_cmpuint (found->len, ==, expected[i]);
    for (guint j = 1; j < found->len; j++)
      g_assert_cmpint (((BoloSighting *) found->pdata[j - 1])->captured_us, >,
                       ((BoloSighting *) found->pdata[j])->captured_us);
  }
}

static void
on_searched (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GPtrArray **found = data;

  *found = bolo_store_search_finish (BOLO_STORE (source), result, &error);
  g_assert_no_error (error);
}

/* The search finds what was added a moment ago and waits for its group's commit; what it was asked
 * by may be gone by then. */
static void
test_search (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = sample_text (3);
  BoloStoreQuery query = {text, G_MININT64, G_MAXINT64, 0, NULL};
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 10; i++)
    add (fixture, i, BOLO_SIGHTING_CLOSED);
  bolo_store_search_async (fixture->store, &query, NULL, on_searched, &found);
  g_clear_pointer (&text, g_free);
  query.text = NULL;
  query.glob = "NOSUCH*";
  bolo_store_search_async (fixture->store, &query, NULL, on_searched, &none);
  while (none == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (bolo_store_get_n_waiting (fixture->store), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/store/sighting", test_sighting);
  ADD ("/store/bare-sighting", test_bare_sighting);
  ADD ("/store/group-commit", test_group_commit);
  ADD ("/store/states", test_states);
  ADD ("/store/hit", test_hit);
  ADD ("/store/hit-notes", test_hit_notes);
  ADD ("/store/midnight/one-commit", test_midnight);
  g_test_add ("/store/midnight/two-commits", Fixture, "flush", set_up, test_midnight, tear_down);
  ADD ("/store/one-writer", test_one_writer);
  ADD ("/store/close-in-mid-work", test_close_in_mid_work);
  ADD ("/store/close-with-questions", test_close_with_questions);
  ADD ("/store/dispose-in-mid-work", test_dispose_in_mid_work);
  ADD ("/store/query", test_query);
  ADD ("/store/search", test_search);
  ADD ("/store/load-async", test_load_async);
  return g_test_run ();
}
