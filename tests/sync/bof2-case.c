/* bof2-case.c: a transport before a BOF2 double, and items for it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bof2-case.h"

#include "bolo-picture.h"
#include "bolo-store-samples.h"

void
bof2_case_reopen (Bof2Case *self, const char *settings)
{
  g_autofree char *path = bof2_double_make_config (self->office, settings != NULL ? settings : "");
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->transport);
  self->transport =
    BOLO_TRANSPORT (bolo_bof2_transport_new (path, self->folder, "hq", self->clock));
  bolo_transport_connect (self->transport, NULL, &error);
  g_assert_no_error (error);
}

void
bof2_case_set_up (Bof2Case *self, gconstpointer data)
{
  self->office = bof2_double_start (TRUE);
  self->clock = bolo_clock_new_system ();
  self->folder = sample_make_folder ();
  bof2_case_reopen (self, data);
}

void
bof2_case_tear_down (Bof2Case *self, gconstpointer data)
{
  g_autoptr (GPtrArray) wrong = bof2_double_read (self->office, "wrong.jsonl");

  /* Whatever a test did: each request was one that the checker takes. */
  for (guint i = 0; i < wrong->len; i++)
    g_test_message ("%s", json_object_get_string_member (g_ptr_array_index (wrong, i), "why"));
  g_assert_cmpuint (wrong->len, ==, 0);
  g_assert_finalize_object (self->transport);
  sample_remove_folder (self->folder);
  g_free (self->folder);
  g_object_unref (self->clock);
  bof2_double_stop (self->office);
}

BoloSighting *
bof2_case_sighting (guint number, const char *text, BoloSightingState state)
{
  BoloSighting *sighting = sample_sighting (number, state, SAMPLE_START_US + number * 1000000);

  g_free (sighting->text);
  sighting->text = g_strdup (text);
  return sighting;
}

BoloOutgoing *
bof2_case_read (BoloSighting *sighting, gint64 state)
{
  BoloOutgoing *item = bolo_outgoing_new (BOLO_TOPIC_SIGHTING, sighting->id, state);

  item->sighting = bolo_sighting_ref (sighting);
  return item;
}

BoloOutgoing *
bof2_case_hit (BoloSighting *sighting)
{
  g_autoptr (BoloHit) hit = sample_hit (7, sighting);
  BoloOutgoing *item = bolo_outgoing_new (BOLO_TOPIC_HIT, hit->id, 1);

  item->hit = bolo_hit_ref (hit);
  return item;
}

GBytes *
bof2_case_jpeg (int width, int height)
{
  g_autoptr (BoloPicture) picture = bolo_picture_new (BOLO_PICTURE_RGB, width, height);
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  g_autoptr (GError) error = NULL;
  GBytes *bytes;

  for (int i = 0; i < picture->stride * height; i++)
    picture->pixels[i] = (guint8) g_rand_int_range (random, 0, 256);
  bytes = bolo_picture_encode_jpeg (picture, 4 << 20, &error);
  g_assert_no_error (error);
  return bytes;
}

BoloOutgoing *
bof2_case_picture (BoloSighting *sighting, gboolean is_overview)
{
  g_autofree char *id = g_strconcat (sighting->id, is_overview ? "/overview" : "/patch", NULL);
  BoloOutgoing *item = bolo_outgoing_new (BOLO_TOPIC_PICTURE, id, 1);

  item->picture = is_overview ? bof2_case_jpeg (640, 360) : bof2_case_jpeg (200, 80);
  item->sighting = bolo_sighting_ref (sighting);
  return item;
}

GPtrArray *
bof2_case_items (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_outgoing_free);
}

void
bof2_case_send (Bof2Case *self, GPtrArray *items, gboolean is_whole)
{
  g_autoptr (GError) error = NULL;
  gboolean is_done = bolo_transport_send (self->transport, items, NULL, &error);

  if (is_whole)
    g_assert_no_error (error);
  else
    g_assert_nonnull (error);
  g_assert_cmpint (is_done, ==, is_whole);
}

void
bof2_case_assert_result (GPtrArray *items, guint nth, BoloResult result)
{
  const BoloOutgoing *item = g_ptr_array_index (items, nth);

  g_assert_cmpint (item->result, ==, result);
  if (result == BOLO_RESULT_AGAIN || result == BOLO_RESULT_REJECTED)
    g_assert_nonnull (item->reason);
}

GPtrArray *
bof2_case_get_reads (Bof2Case *self)
{
  g_autoptr (GPtrArray) calls = bof2_double_read (self->office, "calls.jsonl");
  GPtrArray *reads = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);

  for (guint i = 0; i < calls->len; i++) {
    JsonObject *call = g_ptr_array_index (calls, i);
    JsonObject *values = json_object_get_object_member (call, "values");
    JsonArray *list = json_object_has_member (values, "reads")
                        ? json_object_get_array_member (values, "reads")
                        : NULL;

    if (g_str_equal (json_object_get_string_member (call, "call"), "sendCapture"))
      g_ptr_array_add (reads, json_object_ref (values));
    for (guint j = 0; list != NULL && j < json_array_get_length (list); j++)
      g_ptr_array_add (reads, json_object_ref (json_array_get_object_element (list, j)));
  }
  return reads;
}

guint
bof2_case_count_calls (Bof2Case *self, const char *operation)
{
  g_autoptr (GPtrArray) calls = bof2_double_read (self->office, "calls.jsonl");
  guint n = 0;

  for (guint i = 0; i < calls->len; i++)
    n +=
      g_str_equal (json_object_get_string_member (g_ptr_array_index (calls, i), "call"), operation);
  return n;
}
