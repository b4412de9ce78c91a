/* test-store.c: what becomes of items, on each database: with $BOLO_TEST_POSTGRES on that one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-batch-parser.h"
#include "bolo-clock.h"
#include "bolo-error.h"
#include "bolo-station-judge.h"
#include "bolo-station-place.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define NOW_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)
#define SESSION "c0ffee00-0000-4000-8000-000000000001"
#define OTHER_SESSION "c0ffee00-0000-4000-8000-000000000002"
#define PICTURE "/patch"
#define HIT_OF_OLD "{\"event\":\"hit\",\"time\":\"1971-02-05T00:00:00.000Z\",\"mark\":\"AB12CDE\"}"

typedef struct {
  char *folder;
  char *path;
  char *tag; /* makes the ids of this test its own: a database may be shared */
  BoloStationPlace place;
  BoloStationStore *store;
  GByteArray *batch; /* items that wait */
  gint64 now_us;
  gboolean is_summed; /* jobs are hashed before they are judged */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("bolo-store-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "station.db", NULL);
  fixture->tag = g_strdup_printf ("%08x", g_random_int ());
  fixture->place.path = fixture->path;
  fixture->place.postgres = g_getenv ("BOLO_TEST_POSTGRES");
  fixture->store = bolo_station_place_open (&fixture->place, FALSE, &error);
  fixture->batch = g_byte_array_new ();
  fixture->now_us = NOW_US;
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  g_assert_finalize_object (fixture->store);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (fixture->folder);
  g_byte_array_unref (fixture->batch);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->tag);
}

static char *
make_id (Fixture *fixture, guint number, const char *suffix)
{
  return g_strdup_printf ("%s-0000-4000-8000-%012u%s", fixture->tag, number, suffix);
}

static char *
make_car (Fixture *fixture, const char *name)
{
  return g_strdup_printf ("%s-%s", name, fixture->tag);
}

static void
put (Fixture *fixture, BoloBatchTopic topic, guint number, gint64 state, const char *body)
{
  g_autofree char *id = make_id (fixture, number, "");

  g_assert_true (bolo_batch_write_record (fixture->batch, topic, id, state, body, NULL));
}

static void
put_piece (Fixture *fixture, guint number, const char *whole, gsize offset, gsize length)
{
  g_autofree char *id = make_id (fixture, number, PICTURE);
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, whole, -1);

  g_assert_true (bolo_batch_write_picture (fixture->batch, id, 1, sha256, strlen (whole), offset,
                                           (const guint8 *) whole + offset, length, NULL));
}

static BoloStationJob *
make_job (Fixture *fixture, const char *name, const char *session)
{
  g_autofree char *car = make_car (fixture, name);
  g_autoptr (BoloBatchParser) parser = bolo_batch_parser_new (65536);
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_batch_item_unref);
  BoloBatchItem *item;
  BoloStationJob *job;
  g_autoptr (GError) error = NULL;

  bolo_batch_parser_push (parser, fixture->batch->data, fixture->batch->len);
  while ((item = bolo_batch_parser_next (parser, &error)) != NULL)
    g_ptr_array_add (items, item);
  g_assert_no_error (error);
  g_byte_array_set_size (fixture->batch, 0);
  job = bolo_station_job_new (car, session, items);
  if (fixture->is_summed)
    bolo_station_job_sum (job);
  return job;
}

/* "stored known rejected …" of one commit, with offsets of what is partial. */
static char *
commit_jobs (Fixture *fixture, GPtrArray *jobs)
{
  static const char *const words[] = {"stored", "known", "partial", "rejected", "again"};
  g_autoptr (GString) said = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_station_store_begin (fixture->store, fixture->now_us, &error));
  bolo_station_judge (fixture->store, jobs, &error);
  g_assert_no_error (error);
  g_assert_true (bolo_station_store_commit (fixture->store, &error));
  for (guint i = 0; i < jobs->len; i++) {
    const BoloStationJob *job = jobs->pdata[i];

    for (guint j = 0; j < job->results->len; j++) {
      const BoloBatchResult *result = job->results->pdata[j];

      g_string_append_printf (said, "%s%s", said->len > 0 ? " " : "", words[result->outcome]);
      if (result->outcome == BOLO_BATCH_PARTIAL)
        g_string_append_printf (said, "=%" G_GSIZE_FORMAT, result->offset);
      g_assert_cmpint (result->outcome == BOLO_BATCH_REJECTED, ==, result->reason != NULL);
    }
  }
  return g_string_free (g_steal_pointer (&said), FALSE);
}

static void
check (Fixture *fixture, const char *car, const char *session, const char *wanted)
{
  g_autoptr (GPtrArray) jobs =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_station_job_free);
  g_autofree char *said = NULL;

  g_ptr_array_add (jobs, make_job (fixture, car, session));
  said = commit_jobs (fixture, jobs);
  g_assert_cmpstr (said, ==, wanted);
}

/* What a fresh reader, as after a crash, says of items that were asked for. */
static void
check_kept (Fixture *fixture,
            const char *name,
            BoloBatchTopic topic,
            guint number,
            const char *suffix,
            gint64 state,
            BoloBatchOutcome wanted,
            gsize offset)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloStationStore) reader = bolo_station_place_open (&fixture->place, TRUE, &error);
  g_autoptr (GPtrArray) questions =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_batch_result_free);
  BoloBatchResult *question = g_new0 (BoloBatchResult, 1);
  g_autofree char *car = make_car (fixture, name);

  question->word = g_strdup (bolo_batch_topic_get_word (topic));
  question->id = make_id (fixture, number, suffix);
  question->state = state;
  g_ptr_array_add (questions, question);
  g_assert_true (bolo_station_answer (reader, car, questions, &error));
  g_assert_no_error (error);
  g_assert_cmpint (question->outcome, ==, wanted);
  g_assert_cmpuint (question->offset, ==, offset);
}

static void
test_outcomes (Fixture *fixture, gconstpointer data)
{
  put (fixture, BOLO_BATCH_SIGHTING, 1, 1, "{\"a\":1}");
  put (fixture, BOLO_BATCH_SIGHTING, 1, 2, "{\"a\":2}");
  put (fixture, BOLO_BATCH_SIGHTING, 1, 1, "{\"a\":1}");
  put (fixture, BOLO_BATCH_SIGHTING, 1, 1, "{\"a\":3}");
  check (fixture, "one", SESSION, "stored stored known rejected");
  put (fixture, BOLO_BATCH_SIGHTING, 1, 1, "{\"a\":1}");
  put (fixture, BOLO_BATCH_SIGHTING, 1, 1, "{\"a\": 1}");
  put (fixture, BOLO_BATCH_HEALTH, 1, 1, "{}");
  check (fixture, "one", NULL, "known rejected stored");
  /* Another car's is another item. */
  put (fixture, BOLO_BATCH_SIGHTING, 1, 1, "{\"a\":3}");
  check (fixture, "two", NULL, "stored");
  check_kept (fixture, "one", BOLO_BATCH_SIGHTING, 1, "", 2, BOLO_BATCH_KNOWN, 0);
  check_kept (fixture, "one", BOLO_BATCH_SIGHTING, 1, "", 3, BOLO_BATCH_UNKNOWN, 0);
  check_kept (fixture, "two", BOLO_BATCH_HEALTH, 1, "", 1, BOLO_BATCH_UNKNOWN, 0);
  check_kept (fixture, "nobody", BOLO_BATCH_HEALTH, 1, "", 1, BOLO_BATCH_UNKNOWN, 0);
}

static void
test_group (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) jobs =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_station_job_free);
  static const char wrong[] = "{\"topic\":\"gossip\",\"id\":\"7\",\"state\":1,\"body\":{}}\n";
  g_autofree char *said = NULL;

  put (fixture, BOLO_BATCH_WATCH, 1, 1, "{}");
  g_byte_array_append (fixture->batch, (const guint8 *) wrong, strlen (wrong));
  put (fixture, BOLO_BATCH_WATCH, 2, 1, "{}");
  g_ptr_array_add (jobs, make_job (fixture, "one", SESSION));
  put (fixture, BOLO_BATCH_WATCH, 1, 1, "{}");
  g_ptr_array_add (jobs, make_job (fixture, "two", SESSION));
  /* The same car's answer was lost, and it tries again in the same instant. */
  put (fixture, BOLO_BATCH_WATCH, 1, 1, "{}");
  g_ptr_array_add (jobs, make_job (fixture, "one", SESSION));
  said = commit_jobs (fixture, jobs);
  g_assert_cmpstr (said, ==, "stored rejected stored stored known");
}

static void
test_pictures (Fixture *fixture, gconstpointer data)
{
  static const char whole[] = "0123456789abcdefghij";
  static const char other[] = "0123456789ABCDEFGHIJ";

  put_piece (fixture, 1, whole, 0, 20);
  put_piece (fixture, 2, whole, 0, 8);
  check (fixture, "one", NULL, "stored partial=8");
  check_kept (fixture, "one", BOLO_BATCH_PICTURE, 2, PICTURE, 1, BOLO_BATCH_PARTIAL, 8);
  /* A gap, what is there already, and what goes over the end of it. */
  put_piece (fixture, 2, whole, 12, 4);
  put_piece (fixture, 2, whole, 2, 4);
  put_piece (fixture, 2, whole, 4, 8);
  check (fixture, "one", NULL, "partial=8 partial=8 partial=12");
  put_piece (fixture, 2, whole, 12, 8);
  put_piece (fixture, 2, whole, 12, 8);
  check (fixture, "one", NULL, "stored known");
  check_kept (fixture, "one", BOLO_BATCH_PICTURE, 2, PICTURE, 1, BOLO_BATCH_KNOWN, 0);
  /* Other contents before the end begin anew; after it they are refused. */
  put_piece (fixture, 3, whole, 0, 8);
  put_piece (fixture, 3, other, 0, 4);
  put_piece (fixture, 3, other, 4, 16);
  put_piece (fixture, 3, whole, 0, 20);
  check (fixture, "one", NULL, "partial=8 partial=4 stored rejected");
  /* Begun in parts, then sent whole. */
  put_piece (fixture, 4, whole, 0, 8);
  put_piece (fixture, 4, whole, 0, 20);
  check (fixture, "one", NULL, "partial=8 stored");
  put_piece (fixture, 5, whole, 0, 0);
  check (fixture, "one", NULL, "partial=0");
}

/* Bytes that do not have the hash that was said are never kept. */
static void
test_wrong_hash (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = make_id (fixture, 1, PICTURE);
  g_autofree char *wrong = g_strnfill (64, '1');
  const guint8 *bytes = (const guint8 *) "0123456789";

  g_assert_true (bolo_batch_write_picture (fixture->batch, id, 1, wrong, 10, 0, bytes, 10, NULL));
  g_assert_true (bolo_batch_write_picture (fixture->batch, id, 1, wrong, 10, 0, bytes, 5, NULL));
  g_assert_true (
    bolo_batch_write_picture (fixture->batch, id, 1, wrong, 10, 5, bytes + 5, 5, NULL));
  check (fixture, "one", NULL, "rejected partial=5 rejected");
  check_kept (fixture, "one", BOLO_BATCH_PICTURE, 1, PICTURE, 1, BOLO_BATCH_UNKNOWN, 0);
}

/* The same where what came was hashed beforehand; and those sums are what counts. */
static void
test_summed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) jobs =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_station_job_free);
  g_autofree char *said = NULL;
  BoloStationJob *job;

  fixture->is_summed = TRUE;
  test_pictures (fixture, data);
  put_piece (fixture, 11, "0123456789", 0, 10);
  put_piece (fixture, 12, "0123456789", 0, 10);
  job = make_job (fixture, "one", NULL);
  job->sums->data[0] ^= 1;
  g_ptr_array_add (jobs, job);
  said = commit_jobs (fixture, jobs);
  g_assert_cmpstr (said, ==, "rejected stored");
}

static void
test_wrong_hash_summed (Fixture *fixture, gconstpointer data)
{
  fixture->is_summed = TRUE;
  test_wrong_hash (fixture, data);
}

static void
test_roll_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) jobs =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_station_job_free);
  g_autoptr (GError) error = NULL;

  put (fixture, BOLO_BATCH_HIT, 1, 1, "{}");
  put_piece (fixture, 2, "0123456789", 0, 5);
  g_ptr_array_add (jobs, make_job (fixture, "one", SESSION));
  g_assert_true (bolo_station_store_begin (fixture->store, NOW_US, &error));
  g_assert_true (bolo_station_judge (fixture->store, jobs, &error));
  bolo_station_store_roll_back (fixture->store);
  check_kept (fixture, "one", BOLO_BATCH_HIT, 1, "", 1, BOLO_BATCH_UNKNOWN, 0);
  check_kept (fixture, "one", BOLO_BATCH_PICTURE, 2, PICTURE, 1, BOLO_BATCH_UNKNOWN, 0);
  put (fixture, BOLO_BATCH_HIT, 1, 1, "{}");
  check (fixture, "one", SESSION, "stored");
}

static void
test_old_parts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  put_piece (fixture, 1, "0123456789", 0, 5);
  check (fixture, "one", NULL, "partial=5");
  fixture->now_us += G_TIME_SPAN_HOUR;
  put_piece (fixture, 2, "0123456789", 0, 5);
  check (fixture, "one", NULL, "partial=5");
  g_assert_true (bolo_station_store_begin (fixture->store, fixture->now_us, &error));
  g_assert_true (bolo_station_store_drop_old_parts (fixture->store, NOW_US + 1, &error));
  g_assert_true (bolo_station_store_commit (fixture->store, &error));
  check_kept (fixture, "one", BOLO_BATCH_PICTURE, 1, PICTURE, 1, BOLO_BATCH_UNKNOWN, 0);
  check_kept (fixture, "one", BOLO_BATCH_PICTURE, 2, PICTURE, 1, BOLO_BATCH_PARTIAL, 5);
}

static char *
make_hit (const char *mark, const char *extra)
{
  return g_strdup_printf ("{\"text\":\"%s\",\"category\":\"stolen\",\"time\":"
                          "\"2026-03-14T17:40:23.933Z\",\"covert\":false,\"match\":{\"kind\":"
                          "\"exact\"},\"position\":{\"lat\":51.5,\"lon\":-0.1}%s}",
                          mark, extra);
}

static const BoloStationHit *
find_hit (GPtrArray *hits, const char *id)
{
  for (guint i = 0; i < hits->len; i++)
    if (strcmp (((BoloStationHit *) hits->pdata[i])->id, id) == 0)
      return hits->pdata[i];
  return NULL;
}

/* What was received before goes, whatever it is, but for audit records; what came later stays. */
static void
test_purge (Fixture *fixture, gconstpointer data)
{
  const gint64 long_ago_us = 400 * G_TIME_SPAN_DAY; /* so that no other test's items are older */
  g_autofree char *hit = make_id (fixture, 2, "");
  g_autoptr (GPtrArray) hits = NULL;
  g_autoptr (GError) error = NULL;
  gint64 n = -1;
  gint64 sum = 0;

  fixture->now_us = long_ago_us;
  put (fixture, BOLO_BATCH_SIGHTING, 1, 1, "{}");
  put (fixture, BOLO_BATCH_HIT, 2, 1, HIT_OF_OLD);
  put (fixture, BOLO_BATCH_DISPOSITION, 3, 1, "{}");
  put_piece (fixture, 4, "jpeg", 0, 4);
  check (fixture, "one", NULL, "stored stored stored stored");
  g_assert_true (bolo_batch_write_record (fixture->batch, BOLO_BATCH_AUDIT, "77", 1, "{}", NULL));
  check (fixture, "one", NULL, "stored");
  fixture->now_us += G_TIME_SPAN_HOUR;
  put (fixture, BOLO_BATCH_SIGHTING, 5, 1, "{}");
  check (fixture, "one", NULL, "stored");
  for (guint i = 0; i < 5 && n != 0; i++) {
    g_assert_true (bolo_station_store_begin (fixture->store, NOW_US, &error));
    bolo_station_store_purge (fixture->store, long_ago_us + 1, 3, &n, &error);
    g_assert_no_error (error);
    g_assert_true (bolo_station_store_commit (fixture->store, &error));
    g_assert_cmpint (n, <=, 3);
    sum += n;
  }
  g_assert_cmpint (n, ==, 0);
  g_assert_cmpint (sum, ==, 4);
  check_kept (fixture, "one", BOLO_BATCH_SIGHTING, 1, "", 1, BOLO_BATCH_UNKNOWN, 0);
  check_kept (fixture, "one", BOLO_BATCH_HIT, 2, "", 1, BOLO_BATCH_UNKNOWN, 0);
  check_kept (fixture, "one", BOLO_BATCH_PICTURE, 4, PICTURE, 1, BOLO_BATCH_UNKNOWN, 0);
  check_kept (fixture, "one", BOLO_BATCH_SIGHTING, 5, "", 1, BOLO_BATCH_KNOWN, 0);
  hits = bolo_station_store_list_hits (fixture->store, 0, 0, 10000, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < hits->len; i++)
    g_assert_cmpstr (((BoloStationHit *) hits->pdata[i])->id, !=, hit);
  /* The same item, sent by a car that was away for a year, is taken once more. */
  put (fixture, BOLO_BATCH_SIGHTING, 1, 1, "{}");
  check (fixture, "one", NULL, "stored");
}

static void
test_hits (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = make_hit ("AB12CDE", "");
  g_autofree char *second = make_hit ("AB12CDF", "");
  g_autofree char *id = make_id (fixture, 1, "");
  g_autofree char *bare_id = make_id (fixture, 2, "");
  g_autofree char *disposition = g_strdup_printf ("{\"hit\":\"%s\",\"kind\":3}", id);
  g_autofree char *seen = g_strdup_printf ("{\"hit\":\"%s\",\"kind\":1}", id);
  g_autoptr (GPtrArray) hits = NULL;
  const BoloStationHit *hit;
  gint64 number;

  /* The disposition came first; the states in the wrong order; one body says next to nothing. */
  put (fixture, BOLO_BATCH_DISPOSITION, 3, 1, disposition);
  put (fixture, BOLO_BATCH_HIT, 1, 2, second);
  put (fixture, BOLO_BATCH_HIT, 1, 1, first);
  put (fixture, BOLO_BATCH_HIT, 2, 1, "{\"text\":7}");
  check (fixture, "one", NULL, "stored stored stored stored");
  hits = bolo_station_store_list_hits (fixture->store, 0, 0, 10000, NULL);
  hit = find_hit (hits, id);
  g_assert_cmpstr (hit->mark, ==, "AB12CDF");
  g_assert_cmpstr (hit->category, ==, "stolen");
  g_assert_cmpstr (hit->match, ==, "exact");
  g_assert_cmpfloat (hit->latitude_deg, ==, 51.5);
  g_assert_cmpint (hit->at_us % G_USEC_PER_SEC, ==, 933000);
  g_assert_cmpint (hit->kind, ==, 3);
  g_assert_false (hit->is_covert);
  number = hit->number;
  hit = find_hit (hits, bare_id);
  g_assert_null (hit->mark);
  g_assert_true (isnan (hit->latitude_deg));
  g_assert_true (hit->is_covert); /* what does not say that it may be seen is not shown around */
  g_clear_pointer (&hits, g_ptr_array_unref);
  /* That an officer has seen it says nothing of what it is worth. */
  put (fixture, BOLO_BATCH_DISPOSITION, 4, 1, seen);
  check (fixture, "one", NULL, "stored");
  hits = bolo_station_store_list_hits (fixture->store, number, 0, 10000, NULL);
  g_assert_null (find_hit (hits, id));
  g_clear_pointer (&hits, g_ptr_array_unref);
  /* A new word makes it new to those who ask for what came since. */
  g_free (disposition);
  disposition = g_strdup_printf ("{\"hit\":\"%s\",\"kind\":4}", id);
  put (fixture, BOLO_BATCH_DISPOSITION, 5, 1, disposition);
  check (fixture, "one", NULL, "stored");
  hits = bolo_station_store_list_hits (fixture->store, number, 0, 10000, NULL);
  g_assert_cmpint (find_hit (hits, id)->kind, ==, 4);
  g_clear_pointer (&hits, g_ptr_array_unref);
  hits = bolo_station_store_list_hits (fixture->store, 0, NOW_US + 1, 10000, NULL);
  g_assert_null (find_hit (hits, id));
}

static void
test_load (Fixture *fixture, gconstpointer data)
{
  /* An hour that no other test uses. */
  gint64 hour_us = NOW_US + (gint64) (g_random_int () % 1000000) * G_TIME_SPAN_HOUR;
  g_autofree char *time = bolo_time_format_utc (hour_us + G_TIME_SPAN_MINUTE);
  g_autofree char *body = g_strdup_printf ("{\"time\":\"%s\"}", time);
  g_autoptr (GArray) load = NULL;
  gint64 found = 0;

  put (fixture, BOLO_BATCH_HIT, 1, 1, body);
  put (fixture, BOLO_BATCH_HIT, 1, 2, body);
  put (fixture, BOLO_BATCH_HIT, 2, 1, body);
  check (fixture, "one", NULL, "stored stored stored");
  load = bolo_station_store_list_load (fixture->store, hour_us, NULL);
  for (guint i = 0; i < load->len; i++)
    if (g_array_index (load, BoloStationLoad, i).hour_us == hour_us)
      found = g_array_index (load, BoloStationLoad, i).n_hits;
  g_assert_cmpint (found, ==, 2);
}

typedef struct {
  guint n;
  gsize bytes;
} Account;

static void
count_item (BoloBatchTopic topic, const char *id, gint64 state, gsize bytes, gpointer user_data)
{
  Account *account = user_data;

  account->n++;
  account->bytes += bytes;
}

static void
check_session (Fixture *fixture, const char *name, const char *session, guint n, gsize bytes)
{
  g_autofree char *car = make_car (fixture, name);
  Account account = {0};
  g_autoptr (GError) error = NULL;

  g_assert_true (
    bolo_station_store_visit_session (fixture->store, car, session, count_item, &account, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (account.n, ==, n);
  g_assert_cmpuint (account.bytes, ==, bytes);
}

static void
test_sessions (Fixture *fixture, gconstpointer data)
{
  put (fixture, BOLO_BATCH_WATCH, 1, 1, "{\"a\":\"\303\251\"}");
  put (fixture, BOLO_BATCH_WATCH, 2, 1, "{}");
  put_piece (fixture, 3, "0123456789", 0, 10);
  put_piece (fixture, 4, "0123456789", 0, 4);
  check (fixture, "one", SESSION, "stored stored stored partial=4");
  check_session (fixture, "one", SESSION, 3, 10 + 2 + 10);
  check_session (fixture, "two", SESSION, 0, 0);
  /* What is acknowledged in a later session belongs to that. */
  put (fixture, BOLO_BATCH_WATCH, 2, 1, "{}");
  put_piece (fixture, 4, "0123456789", 4, 6);
  check (fixture, "one", OTHER_SESSION, "known stored");
  check_session (fixture, "one", SESSION, 2, 10 + 10);
  check_session (fixture, "one", OTHER_SESSION, 2, 2 + 10);
  put (fixture, BOLO_BATCH_WATCH, 2, 1, "{}");
  check (fixture, "one", NULL, "known");
  check_session (fixture, "one", OTHER_SESSION, 2, 2 + 10);
}

static const BoloStationCar *
find_car (GPtrArray *cars, const char *name)
{
  for (guint i = 0; i < cars->len; i++)
    if (strcmp (((BoloStationCar *) cars->pdata[i])->name, name) == 0)
      return cars->pdata[i];
  return NULL;
}

static void
test_cars (Fixture *fixture, gconstpointer data)
{
  g_autofree char *name = make_car (fixture, "one");
  BoloStationCar notes[] = {
    {0, name, NOW_US, 12, NOW_US - 5, (char *) "stolen=417", 3, NOW_US - 7},
    {0, name, NOW_US + 1, -1, 0, NULL, 0, 0},
    {0, name, NOW_US + 2, 0, 0, NULL, 0, 0},
  };
  g_autoptr (GPtrArray) cars = NULL;
  const BoloStationCar *car;
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_station_store_begin (fixture->store, NOW_US, &error));
  g_assert_true (bolo_station_store_save_car (fixture->store, &notes[0], &error));
  g_assert_true (bolo_station_store_save_car (fixture->store, &notes[1], &error));
  g_assert_true (bolo_station_store_commit (fixture->store, &error));
  cars = bolo_station_store_list_cars (fixture->store, &error);
  car = find_car (cars, name);
  g_assert_cmpint (car->last_us, ==, NOW_US + 1);
  g_assert_cmpint (car->backlog, ==, 12);
  g_assert_cmpint (car->oldest_us, ==, NOW_US - 5);
  g_assert_cmpstr (car->lists, ==, "stolen=417");
  g_assert_cmpint (car->manifest, ==, 3);
  g_assert_cmpint (car->manifest_us, ==, NOW_US - 7);
  g_clear_pointer (&cars, g_ptr_array_unref);
  g_assert_true (bolo_station_store_begin (fixture->store, NOW_US, &error));
  g_assert_true (bolo_station_store_save_car (fixture->store, &notes[2], &error));
  g_assert_true (bolo_station_store_commit (fixture->store, &error));
  cars = bolo_station_store_list_cars (fixture->store, &error);
  car = find_car (cars, name);
  g_assert_cmpint (car->backlog, ==, 0);
  g_assert_cmpint (car->oldest_us, ==, 0);
  g_assert_no_error (error);
}

/* Much in one commit, over two months. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  for (guint month = 0; month < 2; month++) {
    g_autoptr (GString) wanted = g_string_new (NULL);

    for (guint i = 0; i < 1500; i++) {
      put (fixture, BOLO_BATCH_SIGHTING, month * 10000 + i, 1,
           "{\"tab\\t\":\"back\\\\slash \\\"\"}");
      g_string_append (wanted, i == 0 ? "stored" : " stored");
    }
    check (fixture, "one", SESSION, wanted->str);
    fixture->now_us += 32 * G_TIME_SPAN_DAY;
  }
  check_session (fixture, "one", SESSION, 3000,
                 3000 * strlen ("{\"tab\\t\":\"back\\\\slash \\\"\"}"));
  put (fixture, BOLO_BATCH_SIGHTING, 0, 1, "{\"tab\\t\":\"back\\\\slash \\\"\"}");
  check (fixture, "one", SESSION, "known");
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
  add_test ("/station/store/outcomes", test_outcomes);
  add_test ("/station/store/group", test_group);
  add_test ("/station/store/pictures", test_pictures);
  add_test ("/station/store/summed", test_summed);
  add_test ("/station/store/wrong-hash-summed", test_wrong_hash_summed);
  add_test ("/station/store/wrong-hash", test_wrong_hash);
  add_test ("/station/store/roll-back", test_roll_back);
  add_test ("/station/store/old-parts", test_old_parts);
  add_test ("/station/store/purge", test_purge);
  add_test ("/station/store/hits", test_hits);
  add_test ("/station/store/load", test_load);
  add_test ("/station/store/sessions", test_sessions);
  add_test ("/station/store/cars", test_cars);
  add_test ("/station/store/many", test_many);
  return g_test_run ();
}
