/* test-both.c: random jobs through SQLite and through PostgreSQL: the same answers, the same rows
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-batch-parser.h"
#include "bolo-clock.h"
#include "bolo-station-judge.h"
#include "bolo-station-place.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define SEED 20260314
#define N_ROUNDS 150
#define NOW_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)

typedef struct {
  char *folder;
  char *path;
  BoloStationPlace places[2]; /* SQLite, PostgreSQL */
  BoloStationStore *stores[2];
  GRand *random;
  gint64 now_us;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bolo-both-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "station.db", NULL);
  fixture->places[0].path = fixture->path;
  fixture->places[1].path = fixture->path;
  fixture->places[1].postgres = g_getenv ("BOLO_TEST_POSTGRES");
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;

    fixture->stores[i] = bolo_station_place_open (&fixture->places[i], FALSE, &error);
    g_assert_no_error (error);
  }
  fixture->random = g_rand_new_with_seed (SEED);
  fixture->now_us = NOW_US;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  for (guint i = 0; i < 2; i++)
    g_assert_finalize_object (fixture->stores[i]);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (fixture->folder);
  g_rand_free (fixture->random);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static guint
throw_dice (Fixture *fixture, guint sides)
{
  return (guint) g_rand_int_range (fixture->random, 0, (gint32) sides);
}

static char *
make_uuid (guint number)
{
  return g_strdup_printf ("00000000-0000-4000-8000-%012u", number);
}

static char *
make_body (Fixture *fixture, BoloBatchTopic topic)
{
  g_autofree char *hit = make_uuid (throw_dice (fixture, 20));
  g_autofree char *time =
    bolo_time_format_utc (NOW_US + throw_dice (fixture, 72) * G_TIME_SPAN_HOUR);

  if (topic == BOLO_BATCH_DISPOSITION)
    return g_strdup_printf ("{\"hit\":\"%s\",\"kind\":%u}", hit, throw_dice (fixture, 7));
  if (topic == BOLO_BATCH_HIT)
    return g_strdup_printf (
      "{\"text\":\"A%u\",\"category\":\"c\\\"%u\",\"time\":\"%s\",\"covert\":%s,"
      "\"position\":%s}",
      throw_dice (fixture, 5), throw_dice (fixture, 3), time,
      throw_dice (fixture, 2) ? "true" : "false",
      throw_dice (fixture, 2) ? "null" : "{\"lat\":51.25,\"lon\":-0.125}");
  return g_strdup_printf ("{\"v\":%u}", throw_dice (fixture, 2));
}

static void
add_record (Fixture *fixture, GByteArray *batch)
{
  BoloBatchTopic topic = 1 + throw_dice (fixture, BOLO_BATCH_PICTURE - 1);
  g_autofree char *id = topic == BOLO_BATCH_AUDIT
                          ? g_strdup_printf ("%u", 1 + throw_dice (fixture, 20))
                          : make_uuid (throw_dice (fixture, 20));
  g_autofree char *body = make_body (fixture, topic);

  g_assert_true (
    bolo_batch_write_record (batch, topic, id, 1 + throw_dice (fixture, 3), body, NULL));
}

static void
add_picture (Fixture *fixture, GByteArray *batch)
{
  g_autofree char *uuid = make_uuid (throw_dice (fixture, 20));
  g_autofree char *id = g_strconcat (uuid, throw_dice (fixture, 2) ? "/patch" : "/overview", NULL);
  g_autofree char *whole = g_strnfill (200, (char) ('a' + throw_dice (fixture, 2)));
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, whole, -1);
  gsize begin = throw_dice (fixture, 4) * 50;
  gsize length =
    throw_dice (fixture, 3) == 0 ? 200 - begin : throw_dice (fixture, 201 - (guint) begin);

  g_assert_true (bolo_batch_write_picture (batch, id, 1, sha256, 200, begin,
                                           (const guint8 *) whole + begin, length, NULL));
}

static GPtrArray *
make_items (Fixture *fixture)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_batch_item_unref);
  g_autoptr (BoloBatchParser) parser = bolo_batch_parser_new (1000);
  g_autoptr (GByteArray) batch = g_byte_array_new ();
  guint n = throw_dice (fixture, 25);
  BoloBatchItem *item;

  for (guint i = 0; i < n; i++) {
    if (throw_dice (fixture, 3) == 0)
      add_picture (fixture, batch);
    else
      add_record (fixture, batch);
  }
  bolo_batch_parser_push (parser, batch->data, batch->len);
  while ((item = bolo_batch_parser_next (parser, NULL)) != NULL)
    g_ptr_array_add (items, item);
  g_assert_cmpuint (items->len, ==, n);
  return items;
}

/* What a store says to the jobs, as a car reads it. (transfer full) */
static char *
keep (Fixture *fixture, BoloStationStore *store, GPtrArray *jobs, gboolean is_kept)
{
  GString *said = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_station_store_begin (store, fixture->now_us, &error));
  bolo_station_judge (store, jobs, &error);
  g_assert_no_error (error);
  if (is_kept)
    g_assert_true (bolo_station_store_commit (store, &error));
  else
    bolo_station_store_roll_back (store);
  for (guint i = 0; i < jobs->len; i++) {
    const BoloStationJob *job = jobs->pdata[i];

    for (guint j = 0; j < job->results->len; j++)
      bolo_batch_result_write (job->results->pdata[j], said);
  }
  return g_string_free (said, FALSE);
}

static void
describe_item (BoloBatchTopic topic, const char *id, gint64 state, gsize bytes, gpointer user_data)
{
  g_ptr_array_add (user_data, g_strdup_printf ("%d %s %" G_GINT64_FORMAT " %" G_GSIZE_FORMAT, topic,
                                               id, state, bytes));
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* All that can be asked of a store, but numbers, which are its own. (transfer full) */
static char *
describe (BoloStationStore *store)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GPtrArray) hits = bolo_station_store_list_hits (store, 0, 0, 1000, NULL);
  g_autoptr (GArray) load = bolo_station_store_list_load (store, 0, NULL);
  g_autoptr (GPtrArray) cars = bolo_station_store_list_cars (store, NULL);

  for (guint i = 0; i < hits->len; i++) {
    const BoloStationHit *hit = hits->pdata[i];

    g_string_append_printf (text, "%s %s %s %s %s %" G_GINT64_FORMAT " %d %d %d %g\n", hit->car,
                            hit->id, hit->mark, hit->category, hit->match, hit->at_us,
                            hit->is_covert, hit->kind, isnan (hit->latitude_deg),
                            isnan (hit->longitude_deg) ? 0 : hit->longitude_deg);
  }
  for (guint i = 0; i < load->len; i++)
    g_string_append_printf (text, "%" G_GINT64_FORMAT ": %" G_GINT64_FORMAT "\n",
                            g_array_index (load, BoloStationLoad, i).hour_us,
                            g_array_index (load, BoloStationLoad, i).n_hits);
  for (guint i = 0; i < cars->len; i++) {
    const BoloStationCar *car = cars->pdata[i];
    g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_free);

    g_assert_true (bolo_station_store_visit_session (
      store, car->name, "00000000-0000-4000-8000-00000000000a", describe_item, items, NULL));
    g_ptr_array_sort (items, compare_texts);
    for (guint j = 0; j < items->len; j++)
      g_string_append_printf (text, "%s %s\n", car->name, (char *) items->pdata[j]);
  }
  return g_string_free (text, FALSE);
}

static void
check_same (Fixture *fixture)
{
  g_autofree char *first = describe (fixture->stores[0]);
  g_autofree char *second = describe (fixture->stores[1]);

  g_assert_cmpstr (first, ==, second);
  g_assert_cmpuint (strlen (first), >, 0);
}

static void
test_same (Fixture *fixture, gconstpointer data)
{
  static const char *const sessions[] = {NULL, "00000000-0000-4000-8000-00000000000a",
                                         "00000000-0000-4000-8000-00000000000b"};
  static const char *const cars[] = {"one", "two"};

  for (guint round = 0; round < N_ROUNDS; round++) {
    g_autoptr (GPtrArray) jobs =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_station_job_free);
    gboolean is_kept = throw_dice (fixture, 10) != 0;
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;
    guint n = 1 + throw_dice (fixture, 3);

    for (guint i = 0; i < n; i++)
      g_ptr_array_add (jobs, bolo_station_job_new (cars[throw_dice (fixture, 2)],
                                                   sessions[throw_dice (fixture, 3)],
                                                   make_items (fixture)));
    first = keep (fixture, fixture->stores[0], jobs, is_kept);
    second = keep (fixture, fixture->stores[1], jobs, is_kept);
    g_assert_cmpstr (first, ==, second);
    fixture->now_us += throw_dice (fixture, 100) * G_TIME_SPAN_HOUR;
  }
  check_same (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/station/both/same", Fixture, NULL, set_up, test_same, tear_down);
  return g_test_run ();
}
