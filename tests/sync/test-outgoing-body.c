/* test-outgoing-body.c: the same state is the same bytes, and the bytes are what was stored
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <json-glib/json-glib.h>
#include <string.h>

#include "bolo-json-reader.h"
#include "bolo-outgoing-body.h"
#include "bolo-store-samples.h"

typedef struct {
  char *folder;
  BoloClock *clock;
  BoloStore *store;
} Fixture;

static void
open_store (Fixture *fixture)
{
  static const char *const receivers[] = {"hq", NULL};

  fixture->store = sample_open_store (fixture->folder, fixture->clock, receivers);
}

static void
close_store (Fixture *fixture)
{
  g_assert_true (bolo_store_close (fixture->store, 10000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&fixture->store);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloSighting) sighting =
    sample_sighting (1, BOLO_SIGHTING_CLOSED, SAMPLE_START_US + 1);
  g_autoptr (BoloHit) hit = NULL;
  g_autoptr (BoloDisposition) said = NULL;

  sighting->clone = sample_clone ();
  hit = sample_hit (1, sighting);
  said = sample_disposition (1, hit->id, BOLO_DISPOSITION_PLATE_MATCHES);
  fixture->folder = sample_make_folder ();
  fixture->clock = bolo_clock_new_manual (SAMPLE_START_US);
  open_store (fixture);
  bolo_store_add_hit (fixture->store, hit);
  bolo_store_add_disposition (fixture->store, said);
  bolo_store_add_note (fixture->store, "health", NULL, "gps lost: \"no\nfix\"", SAMPLE_START_US);
  sample_flush (fixture->store);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  close_store (fixture);
  g_object_unref (fixture->clock);
  sample_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

/* (transfer full): of char *, one a text item. */
static GPtrArray *
format_all (Fixture *fixture)
{
  const BoloUnsentQuery query = {"hq", G_MAXINT64 - 1, BOLO_URGENCY_REST, 100, 1000000, FALSE};
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = bolo_store_list_unsent (fixture->store, &query, &error);
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);

  g_assert_no_error (error);
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (texts, bolo_outgoing_body_format (items->pdata[i]));
  return texts;
}

/* What JSON-GLib makes of it: our own writer's bytes are the same, so that a state that was sent by
 * an earlier Bolo is known again. */
static void
assert_as_json_glib (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = json_from_string (text, &error);
  g_autofree char *again = NULL;

  g_assert_no_error (error);
  again = json_to_string (root, FALSE);
  g_assert_cmpstr (text, ==, again);
}

static BoloJsonReader *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  BoloJsonReader *reader;

  g_assert_null (strchr (text, '\n'));
  assert_as_json_glib (text);
  reader = bolo_json_reader_new (text, strlen (text), "body", &error);
  g_assert_no_error (error);
  return reader;
}

static void
assert_text (BoloJsonReader *reader, const char *name, const char *expected)
{
  g_autofree char *text = bolo_json_reader_dup_text (reader, name);

  g_assert_cmpstr (text, ==, expected);
}

/* Back from the journal, in the hit and in its sighting. */
static void
assert_clone (BoloJsonReader *body)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloJsonReader) clone = bolo_json_reader_get_object (body, "possible_clone", &error);
  g_autofree char *id = sample_id ("sighting", 99);

  g_assert_no_error (error);
  assert_text (clone, "sighting", id);
  assert_text (clone, "camera", "rear");
  assert_text (clone, "captured", "2026-03-14T17:10:00.000Z");
  g_assert_cmpfloat (bolo_json_reader_peek_number (clone, "distance_m", 0), ==, 80500);
  g_assert_cmpfloat (bolo_json_reader_peek_number (clone, "needed_mps", 0), ==, 134.2);
}

static void
test_contents (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) texts = format_all (fixture);
  g_autoptr (BoloJsonReader) hit = NULL;
  g_autoptr (BoloJsonReader) said = NULL;
  g_autoptr (BoloJsonReader) sighting = NULL;
  g_autoptr (BoloJsonReader) health = NULL;
  g_autofree char *hit_id = sample_id ("hit", 1);
  g_autofree char *sighting_id = sample_id ("sighting", 1);

  g_assert_cmpuint (texts->len, ==, 4);
  hit = parse (texts->pdata[0]);
  said = parse (texts->pdata[1]);
  sighting = parse (texts->pdata[2]);
  health = parse (texts->pdata[3]);
  assert_text (hit, "event", "hit");
  assert_text (hit, "id", hit_id);
  assert_text (hit, "sighting", sighting_id);
  assert_text (hit, "officer", "PC 4711");
  assert_clone (hit);
  assert_clone (sighting);
  assert_text (sighting, "region", "GB");
  assert_text (sighting, "region_by", "plate");
  g_assert_cmpfloat (bolo_json_reader_peek_number (sighting, "region_confidence", 0), ==, 0.75);
  assert_text (hit, "time", "2026-03-14T17:20:00.150Z");
  assert_text (said, "hit", hit_id);
  g_assert_cmpfloat (bolo_json_reader_peek_number (said, "kind", 0), ==, 2);
  assert_text (sighting, "event", "sighting");
  assert_text (sighting, "id", sighting_id);
  g_assert_true (bolo_json_reader_has (sighting, "corners"));
  g_assert_nonnull (strstr (texts->pdata[2], "\"overview_camera\":"));
  assert_text (health, "text", "gps lost: \"no\nfix\"");
  assert_text (health, "at", "2026-03-14T17:20:00.000Z");
}

/* A station refuses the same identity with other bytes: a restart must change none. */
static void
test_same_bytes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) before = format_all (fixture);
  g_autoptr (GPtrArray) after = NULL;

  close_store (fixture);
  open_store (fixture);
  after = format_all (fixture);
  g_assert_cmpuint (after->len, ==, before->len);
  for (guint i = 0; i < before->len; i++)
    g_assert_cmpstr (after->pdata[i], ==, before->pdata[i]);
}

static void
test_pictures_have_none (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloOutgoing) picture = bolo_outgoing_new (BOLO_TOPIC_PICTURE, "x/patch", 1);

  g_assert_null (bolo_outgoing_body_format (picture));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/outgoing-body/contents", test_contents);
  ADD ("/outgoing-body/same-bytes", test_same_bytes);
  ADD ("/outgoing-body/pictures-have-none", test_pictures_have_none);
  return g_test_run ();
}
