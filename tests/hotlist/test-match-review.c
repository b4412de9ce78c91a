/* test-match-review.c: what becomes of matches here and now, what is said of them, what is counted
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-match-review.h"
#include "bolo-match-rules.h"
#include "bolo-watch-list.h"
#include "bolo-watch.h"

#define NOW_US G_GINT64_CONSTANT (1773508800000000)
#define HOUR_US G_TIME_SPAN_HOUR

typedef struct {
  BoloPlateRules *rules;
  BoloMatchReview *review;
  BoloSighting *sighting;
  GPtrArray *matches;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GError) error = NULL;

  fixture->rules = bolo_plate_rules_load (folder, &error);
  g_assert_no_error (error);
  fixture->review = bolo_match_review_new (fixture->rules, utc);
  fixture->sighting = bolo_sighting_new ();
  fixture->sighting->id = g_strdup ("s");
  fixture->sighting->text = g_strdup ("AB12CDE");
  fixture->matches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_ptr_array_unref (fixture->matches);
  bolo_sighting_unref (fixture->sighting);
  bolo_match_review_free (fixture->review);
  bolo_plate_rules_unref (fixture->rules);
}

/* (transfer none): may be changed until it is taken. */
static BoloListEntry *
add_match (Fixture *fixture, const char *list, const char *reference)
{
  BoloMatch *match = g_new0 (BoloMatch, 1);
  BoloListEntry *entry = bolo_list_entry_new ();

  entry->list = g_strdup (list);
  entry->plate = g_strdup ("AB12CDE");
  entry->source_reference = g_strdup (reference);
  entry->list_dated_us = NOW_US - 10 * HOUR_US;
  match->entry = entry;
  match->score = 1;
  g_ptr_array_add (fixture->matches, match);
  return entry;
}

static GPtrArray *
take (Fixture *fixture, gint64 at_us)
{
  return bolo_match_review_take (fixture->review, fixture->matches, fixture->sighting, at_us);
}

static const BoloMatch *
at (GPtrArray *matches, guint i)
{
  return g_ptr_array_index (matches, i);
}

static void
test_time_and_place (Fixture *fixture, gconstpointer data)
{
  const BoloReviewCounts *counts = bolo_match_review_get_counts (fixture->review);
  g_autoptr (GPtrArray) taken = NULL;
  BoloListEntry *area;

  add_match (fixture, "plain", NULL);
  add_match (fixture, "weeded", NULL)->weed_us = NOW_US;
  add_match (fixture, "later", NULL)->valid_from_us = NOW_US + 1;
  add_match (fixture, "over", NULL)->valid_until_us = NOW_US;
  add_match (fixture, "sunday", NULL)->days = 1 << 6;
  area = add_match (fixture, "area", NULL);
  g_assert_true (bolo_area_set_circle (&area->area, (BoloAreaPoint){52, -1.9}, 500));

  taken = take (fixture, NOW_US);
  g_assert_cmpuint (fixture->matches->len, ==, 6);
  g_assert_cmpuint (taken->len, ==, 2);
  g_assert_cmpstr (at (taken, 0)->entry->list, ==, "plain");
  g_assert_false (at (taken, 0)->is_place_unknown);
  g_assert_cmpstr (at (taken, 1)->entry->list, ==, "area");
  g_assert_true (at (taken, 1)->is_place_unknown);
  g_assert_cmpuint (counts->n_weeded, ==, 1);
  g_assert_cmpuint (counts->n_out_of_time, ==, 3);
  g_assert_cmpuint (counts->n_place_unknown, ==, 1);

  {
    const BoloFix far = {.latitude_deg = 53, .longitude_deg = -1.9, .accuracy_m = 5};

    fixture->sighting->fix = bolo_fix_new (&far);
  }
  g_clear_pointer (&taken, g_ptr_array_unref);
  taken = take (fixture, NOW_US);
  g_assert_cmpuint (taken->len, ==, 1);
  g_assert_cmpuint (counts->n_elsewhere, ==, 1);
}

/* Whatever becomes of a covert entry, no count tells. */
static void
test_covert_is_not_counted (Fixture *fixture, gconstpointer data)
{
  const BoloReviewCounts *counts = bolo_match_review_get_counts (fixture->review);
  const char *const own[] = {"AB12 CDE", NULL};
  g_autoptr (GPtrArray) taken = NULL;
  g_autoptr (GPtrArray) silences =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_silence_unref);
  BoloSilence *silence = bolo_silence_new ();
  BoloListEntry *entry;

  silence->list = g_strdup ("hidden");
  silence->plate = g_strdup ("AB12CDE");
  silence->until_us = G_MAXINT64;
  g_ptr_array_add (silences, silence);
  bolo_match_review_set_silences (fixture->review, silences);
  bolo_match_review_set_own_marks (fixture->review, own);
  entry = add_match (fixture, "hidden", NULL);
  entry->is_covert = TRUE;
  entry->weed_us = NOW_US;
  entry = add_match (fixture, "hidden", NULL);
  entry->is_covert = TRUE;
  entry->days = 1 << 6;
  entry = add_match (fixture, "hidden", NULL);
  entry->is_covert = TRUE;
  g_assert_true (bolo_area_set_circle (&entry->area, (BoloAreaPoint){52, -1.9}, 500));
  taken = take (fixture, NOW_US);
  g_assert_cmpuint (taken->len, ==, 1);
  g_assert_cmpuint (counts->n_weeded + counts->n_out_of_time + counts->n_elsewhere +
                      counts->n_place_unknown + counts->n_silenced + counts->n_own,
                    ==, 0);
}

static gboolean
hides_kind (const BoloListEntry *entry, gpointer user_data)
{
  return g_strcmp0 (entry->list, user_data) == 0;
}

/* A kind that the policy hides is no less covert than an entry that says so itself. */
static void
test_hidden_kind (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) taken = NULL;

  bolo_match_review_set_hides (fixture->review, hides_kind, (gpointer) "secret");
  add_match (fixture, "secret", NULL)->weed_us = NOW_US;
  add_match (fixture, "stolen", NULL)->weed_us = NOW_US;
  taken = take (fixture, NOW_US);
  g_assert_cmpuint (taken->len, ==, 0);
  g_assert_cmpuint (bolo_match_review_get_counts (fixture->review)->n_weeded, ==, 1);
}

static BoloSilence *
make_silence (const char *list, const char *reference, gint64 until_us)
{
  BoloSilence *silence = bolo_silence_new ();

  silence->id = g_strdup (list);
  silence->list = g_strdup (list);
  silence->plate = g_strdup ("AB12CDE");
  silence->reference = g_strdup (reference);
  silence->until_us = until_us;
  return silence;
}

static void
test_silences (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) silences =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_silence_unref);
  g_autoptr (GPtrArray) taken = NULL;

  g_ptr_array_add (silences, make_silence ("stolen", "CR/1", NOW_US + HOUR_US));
  g_ptr_array_add (silences, make_silence ("stolen", "CR/1", NOW_US + 2 * HOUR_US));
  bolo_match_review_set_silences (fixture->review, silences);
  add_match (fixture, "stolen", "CR/1");
  add_match (fixture, "stolen", "CR/2"); /* another crime */
  add_match (fixture, "voi", "CR/1");    /* another list */
  taken = take (fixture, NOW_US);
  g_assert_cmpuint (taken->len, ==, 3);
  g_assert_nonnull (at (taken, 0)->silence);
  g_assert_cmpint (at (taken, 0)->silence->until_us, ==, NOW_US + 2 * HOUR_US);
  g_assert_null (at (taken, 1)->silence);
  g_assert_null (at (taken, 2)->silence);
  g_assert_cmpuint (bolo_match_review_get_counts (fixture->review)->n_silenced, ==, 1);
  /* It comes back by itself. */
  g_clear_pointer (&taken, g_ptr_array_unref);
  taken = take (fixture, NOW_US + 2 * HOUR_US);
  g_assert_null (at (taken, 0)->silence);
  bolo_match_review_set_silences (fixture->review, NULL);
  g_clear_pointer (&taken, g_ptr_array_unref);
  taken = take (fixture, NOW_US);
  g_assert_null (at (taken, 0)->silence);
}

static void
test_own (Fixture *fixture, gconstpointer data)
{
  const char *const own[] = {"xy34 zzz", "ab12-cde", NULL};
  g_autoptr (GPtrArray) taken = NULL;

  bolo_match_review_set_own_marks (fixture->review, own);
  add_match (fixture, "stolen", NULL);
  taken = take (fixture, NOW_US);
  g_assert_true (at (taken, 0)->is_own);
  g_assert_cmpuint (bolo_match_review_get_counts (fixture->review)->n_own, ==, 1);
  /* A mark that only looks like one's own is somebody else's. */
  g_free (fixture->sighting->text);
  fixture->sighting->text = g_strdup ("ABI2CDE");
  g_clear_pointer (&taken, g_ptr_array_unref);
  taken = take (fixture, NOW_US);
  g_assert_false (at (taken, 0)->is_own);
}

static const struct {
  const char *listed[3]; /* region, colour, body */
  const char *seen[3];
  guint doubts;
} doubts[] = {
  {{"GB", "BLUE", "SALOON"}, {"GB", "blue", "car"}, 0},
  {{NULL, NULL, NULL}, {"FR", "red", "van"}, 0},
  {{"GB", "BLUE", "SALOON"}, {NULL, NULL, NULL}, 0},
  {{"UK", NULL, NULL}, {"GB-NIR", NULL, NULL}, 0},
  {{"GB", NULL, NULL}, {"FR", NULL, NULL}, BOLO_DOUBT_REGION},
  {{"GB", NULL, NULL}, {"EU", NULL, NULL}, 0},
  {{"CA", NULL, NULL}, {"GB", NULL, NULL}, BOLO_DOUBT_REGION},
  {{"CA", NULL, NULL}, {"US", NULL, NULL}, 0},
  {{"HRV", NULL, NULL}, {"HR", NULL, NULL}, 0},
  {{"LUX", NULL, NULL}, {"GB", NULL, NULL}, BOLO_DOUBT_REGION},
  {{NULL, "DARK BLUE", NULL}, {NULL, "grey", NULL}, BOLO_DOUBT_COLOUR},
  {{NULL, "BLUE/GREY", NULL}, {NULL, "grey", NULL}, 0},
  {{NULL, "SILVER", NULL}, {NULL, "grey", NULL}, 0},
  {{NULL, "TARTAN", NULL}, {NULL, "grey", NULL}, 0},
  {{NULL, "BLK", NULL}, {NULL, "mauve", NULL}, 0},
  {{NULL, "BLK", NULL}, {NULL, "white", NULL}, BOLO_DOUBT_COLOUR},
  {{NULL, NULL, "HATCHBACK"}, {NULL, NULL, "van"}, BOLO_DOUBT_TYPE},
  {{"GB", "RED", "MC"},
   {"IE", "black", "car"},
   BOLO_DOUBT_REGION | BOLO_DOUBT_COLOUR | BOLO_DOUBT_TYPE},
};

/* A double of a reader that sees more than ours does today. */
static void
test_doubts (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (doubts); i++) {
    g_autoptr (GPtrArray) taken = NULL;
    BoloListEntry *entry;

    g_ptr_array_set_size (fixture->matches, 0);
    entry = add_match (fixture, "stolen", NULL);
    entry->region = g_strdup (doubts[i].listed[0]);
    entry->colour = g_strdup (doubts[i].listed[1]);
    entry->body = g_strdup (doubts[i].listed[2]);
    g_free (fixture->sighting->region);
    g_free (fixture->sighting->colour);
    g_free (fixture->sighting->body);
    fixture->sighting->region = g_strdup (doubts[i].seen[0]);
    fixture->sighting->colour = g_strdup (doubts[i].seen[1]);
    fixture->sighting->body = g_strdup (doubts[i].seen[2]);
    taken = take (fixture, NOW_US);
    g_test_message ("case %" G_GSIZE_FORMAT, i);
    /* Never dropped, only asked about. */
    g_assert_cmpuint (taken->len, ==, 1);
    g_assert_cmpuint (at (taken, 0)->doubts, ==, doubts[i].doubts);
  }
}

static BoloWatch *
make_watch (const char *mark, gint64 expires_us)
{
  BoloWatch *watch = bolo_watch_new ();

  watch->id = g_strdup (mark);
  watch->mark = g_strdup (mark);
  watch->reason = g_strdup ("Why");
  watch->category = g_strdup (BOLO_WATCH_LIST);
  watch->officer = g_strdup ("PC 4127");
  watch->added_us = NOW_US;
  watch->expires_us = expires_us;
  return watch;
}

static void
test_watch_list (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) watches =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_watch_unref);
  g_autoptr (BoloWatchList) list = NULL;
  g_autoptr (BoloWatchList) none = bolo_watch_list_new (NULL, fixture->rules);
  BoloMatchQuery query;
  const BoloMatch *match;

  g_ptr_array_add (watches, make_watch ("AB12CDE", NOW_US + 10));
  g_ptr_array_add (watches, make_watch ("ABI2CDE", NOW_US + 10));
  g_ptr_array_add (watches, make_watch ("AB?2*", NOW_US + 10));
  g_ptr_array_add (watches, make_watch ("AB1?*", NOW_US));
  g_ptr_array_add (watches, make_watch ("ZZ*", NOW_US + 10));
  list = bolo_watch_list_new (watches, fixture->rules);
  g_assert_cmpuint (bolo_watch_list_get_n_entries (list), ==, 5);
  query = (BoloMatchQuery){.text = "AB12CDE", .now_us = NOW_US, .loosest = BOLO_MATCH_PATTERN};
  bolo_watch_list_match (list, &query, fixture->matches);
  g_assert_cmpuint (fixture->matches->len, ==, 3);
  match = at (fixture->matches, 0);
  g_assert_cmpint (match->kind, ==, BOLO_MATCH_EXACT);
  g_assert_cmpint (match->entry->list_trust, ==, BOLO_TRUST_OWN);
  g_assert_cmpstr (match->entry->list_signer, ==, "PC 4127");
  g_assert_cmpstr (match->entry->list, ==, "watch");
  g_assert_cmpstr (match->entry->reason, ==, "Why");
  match = at (fixture->matches, 1);
  g_assert_cmpint (match->kind, ==, BOLO_MATCH_FOLDED);
  g_assert_cmpuint (match->n_differs, ==, 1);
  g_assert_cmpuint (match->differs[0], ==, 2);
  match = at (fixture->matches, 2);
  g_assert_cmpint (match->kind, ==, BOLO_MATCH_PATTERN);
  g_assert_true (match->entry->is_pattern);
  g_assert_cmpfloat_with_epsilon (match->score, 3.0 / 7, 1e-9);

  g_ptr_array_set_size (fixture->matches, 0);
  query.now_us = NOW_US + 10;
  bolo_watch_list_match (list, &query, fixture->matches);
  query.now_us = NOW_US;
  bolo_watch_list_match (none, &query, fixture->matches);
  g_assert_cmpuint (fixture->matches->len, ==, 0);
}

/* A watched mark is met near as a listed one is: not when a list has met the mark itself, not by
 * an expired entry, and not where the rules for watch entries say no. */
static void
test_watch_list_near (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) watches =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_watch_unref);
  g_autoptr (GHashTable) strict = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (BoloWatchList) list = NULL;
  BoloReadCharacter characters[7] = {0};
  BoloMatchQuery query = {.text = "AB12CDE",
                          .characters = characters,
                          .n_characters = 7,
                          .now_us = NOW_US,
                          .loosest = BOLO_MATCH_PATTERN};
  BoloMatchRules none = {.has_folded = TRUE};
  const BoloMatch *match;

  for (guint i = 0; i < 7; i++) {
    characters[i].character = query.text[i];
    characters[i].probability = 0.99F;
  }
  characters[5].probability = 0.5F;
  characters[5].alternatives[0].character = 'B';
  characters[5].alternatives[0].probability = 0.4F;
  g_ptr_array_add (watches, make_watch ("AB12CBE", NOW_US + 10));
  g_ptr_array_add (watches, make_watch ("XY12CBE", NOW_US + 10));
  list = bolo_watch_list_new (watches, fixture->rules);
  bolo_watch_list_match (list, &query, fixture->matches);
  g_assert_cmpuint (fixture->matches->len, ==, 1);
  match = at (fixture->matches, 0);
  g_assert_cmpint (match->kind, ==, BOLO_MATCH_NEAR);
  g_assert_cmpstr (match->entry->plate, ==, "AB12CBE");
  g_assert_cmpuint (match->n_differs, ==, 1);
  g_assert_cmpuint (match->differs[0], ==, 5);
  g_assert_cmpfloat (match->score, <, 1);
  g_assert_cmpfloat (match->score, >, 0.5);

  g_ptr_array_set_size (fixture->matches, 0);
  query.now_us = NOW_US + 10;
  bolo_watch_list_match (list, &query, fixture->matches);
  query.now_us = NOW_US;
  g_hash_table_insert (strict, (gpointer) BOLO_WATCH_LIST, &none);
  query.rules = strict;
  bolo_watch_list_match (list, &query, fixture->matches);
  query.rules = NULL;
  query.loosest = BOLO_MATCH_FOLDED;
  bolo_watch_list_match (list, &query, fixture->matches);
  g_assert_cmpuint (fixture->matches->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/match-review/time-and-place", test_time_and_place);
  ADD ("/match-review/covert-is-not-counted", test_covert_is_not_counted);
  ADD ("/match-review/hidden-kind", test_hidden_kind);
  ADD ("/match-review/silences", test_silences);
  ADD ("/match-review/own", test_own);
  ADD ("/match-review/doubts", test_doubts);
  ADD ("/match-review/watch-list", test_watch_list);
  ADD ("/match-review/watch-list-near", test_watch_list_near);
  return g_test_run ();
}
