/* bolo-store-samples.c: sightings, hits and folders to store in tests
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-store-samples.h"

#include <glib/gstdio.h>
#include <string.h>

#define WAIT_S 30

char *
sample_id (const char *kind, guint number)
{
  guint first = (guint) kind[0];

  return g_strdup_printf ("%08x-0000-4000-8000-%012x", first, number);
}

gboolean
sample_parse_id (const char *id, const char *kind, guint *number)
{
  g_autofree char *prefix = g_strdup_printf ("%08x-0000-4000-8000-", (guint) kind[0]);

  if (!g_str_has_prefix (id, prefix))
    return FALSE;
  *number = (guint) g_ascii_strtoull (id + strlen (prefix), NULL, 16);
  return TRUE;
}

char *
sample_text (guint number)
{
  return g_strdup_printf ("%c%c%02u%c%c%c", 'A' + (int) (number / 17576 % 26),
                          'B' + (int) (number / 676 % 24), number % 100,
                          'A' + (int) (number / 26 % 26), 'A' + (int) (number % 26), 'X');
}

GBytes *
sample_picture (const char *what, guint number, gsize size)
{
  static const guint8 head[] = {0xff, 0xd8, 0xff, 0xe0};
  static const guint8 tail[] = {0xff, 0xd9};
  g_autofree char *words = g_strdup_printf ("<%s %u>", what, number);
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, head, sizeof head);
  while (bytes->len + sizeof tail < size)
    g_byte_array_append (bytes, (const guint8 *) words, (guint) strlen (words));
  g_byte_array_append (bytes, tail, sizeof tail);
  return g_byte_array_free_to_bytes (bytes);
}

static void
fill_reading (BoloSighting *sighting, guint number)
{
  sighting->text = sample_text (number);
  sighting->confidence = 0.875f;
  sighting->looks = 3 + number % 5;
  sighting->n_characters = (guint) strlen (sighting->text);
  for (guint i = 0; i < sighting->n_characters; i++) {
    sighting->characters[i].character = sighting->text[i];
    sighting->characters[i].probability = 0.9f;
  }
  sighting->characters[0].alternatives[0].character = '4';
  sighting->characters[0].alternatives[0].probability = 0.033f;
  sighting->syntax = g_strdup ("gb-current");
  sighting->region = g_strdup ("GB");
  sighting->region_confidence = 0.75f;
  sighting->is_region_read = TRUE;
  for (int i = 0; i < 8; i++)
    sighting->corners[i / 2][i % 2] = 100.25f + (float) i;
  sighting->width_px = 96.5f;
}

static BoloFix *
make_fix (gint64 time_us)
{
  const BoloFix values = {
    .time_us = time_us,
    .latitude_deg = 51.4816,
    .longitude_deg = -3.1791,
    .accuracy_m = 4.5,
    .speed_mps = 13.4,
    .heading_deg = 271.0,
    .age_ms = 120,
    .clock_offset_us = -1500,
    .how = BOLO_FIX_HOW_INTERPOLATED,
  };

  return bolo_fix_new (&values);
}

BoloSighting *
sample_sighting (guint number, BoloSightingState state, gint64 captured_us)
{
  BoloSighting *sighting = bolo_sighting_new ();

  sighting->id = sample_id ("sighting", number);
  sighting->camera = g_strdup (number % 2 == 0 ? "front" : "rear");
  sighting->state = state;
  fill_reading (sighting, number);
  sighting->first_us = captured_us - 400000;
  sighting->last_us = captured_us + 400000;
  sighting->captured_us = captured_us;
  sighting->captured_by = BOLO_CAPTURED_BY_DRIVER;
  sighting->track = number;
  sighting->agreed_us = captured_us;
  sighting->published_us = captured_us + 150000 + (gint64) state;
  sighting->latency_ms = 150;
  sighting->fix = make_fix (captured_us);
  sighting->patch_jpeg = sample_picture ("patch", number, 900 + number % 2000);
  sighting->overview_jpeg = sample_picture ("overview", number, 9000 + number % 7000);
  sighting->officer = g_strdup ("PC 4711");
  return sighting;
}

BoloClone *
sample_clone (void)
{
  BoloClone *clone = bolo_clone_new ();

  clone->sighting = sample_id ("sighting", 99);
  clone->camera = g_strdup ("rear");
  clone->at_us = SAMPLE_START_US - 600 * G_USEC_PER_SEC;
  clone->distance_m = 80500;
  clone->needed_mps = 134.2;
  return clone;
}

BoloHit *
sample_hit (guint number, const BoloSighting *sighting)
{
  BoloHit *hit = bolo_hit_new ();
  BoloMatch *match = g_new0 (BoloMatch, 1);
  BoloListEntry *entry = bolo_list_entry_new ();

  entry->list = g_strdup ("stolen");
  entry->list_kind = g_strdup ("stolen");
  entry->entry_id = g_strdup_printf ("stolen/%u", number);
  entry->plate = g_strdup (sighting->text);
  entry->make = g_strdup ("FORD");
  entry->action = BOLO_ACTION_STOP;
  entry->markers = g_strsplit ("FIREARMS,VIOLENT", ",", -1);
  entry->reason = g_strdup ("Taken in the night");
  entry->weed_us = G_MAXINT64;
  entry->list_loaded_us = SAMPLE_START_US;
  match->entry = entry;
  match->kind = BOLO_MATCH_FOLDED;
  match->n_differs = 2;
  match->differs[0] = 1;
  match->differs[1] = 4;
  hit->id = sample_id ("hit", number);
  hit->encounter = sample_id ("encounter", number);
  hit->sighting = bolo_sighting_ref (sighting);
  hit->matches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);
  g_ptr_array_add (hit->matches, match);
  hit->category = g_strdup ("stolen");
  hit->words = g_strdup ("Stolen vehicle");
  hit->priority = 2;
  hit->list_age_s = 3600;
  hit->created_us = sighting->published_us;
  return hit;
}

BoloDisposition *
sample_disposition (guint number, const char *hit, BoloDispositionKind kind)
{
  BoloDisposition *disposition = bolo_disposition_new ();

  disposition->id = sample_id ("disposition", number);
  disposition->hit = g_strdup (hit);
  disposition->kind = kind;
  disposition->officer = g_strdup ("PC 4711");
  disposition->at_us = SAMPLE_START_US + number;
  return disposition;
}

char *
sample_make_folder (void)
{
  char *folder = g_dir_make_tmp ("bolo-store-XXXXXX", NULL);

  g_assert_nonnull (folder);
  return folder;
}

void
sample_save (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

BoloStore *
sample_open_store (const char *folder, BoloClock *clock, const char *const *receivers)
{
  BoloStore *store = bolo_store_new (folder, clock);
  g_autoptr (GError) error = NULL;

  bolo_store_set_receivers (store, receivers);
  bolo_store_open (store, &error);
  g_assert_no_error (error);
  return store;
}

void
sample_remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    g_assert_cmpint (g_unlink (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

gboolean
sample_folder_has_bytes (const char *folder, gconstpointer bytes, gsize size)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *content = NULL;
    gsize length = 0;

    g_assert_true (g_file_get_contents (path, &content, &length, NULL));
    if (memmem (content, length, bytes, size) != NULL)
      return TRUE;
  }
  return FALSE;
}

gboolean
sample_folder_has_text (const char *folder, const char *text)
{
  return sample_folder_has_bytes (folder, text, strlen (text));
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
sample_wait (gboolean (*condition) (gpointer data), gpointer data)
{
  gint64 until_us = g_get_monotonic_time () + WAIT_S * G_USEC_PER_SEC;
  guint tick = g_timeout_add (5, on_tick, NULL);

  while (!condition (data)) {
    g_assert_cmpint (g_get_monotonic_time (), <, until_us);
    g_main_context_iteration (NULL, TRUE);
  }
  g_source_remove (tick);
}

static void
on_ready (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **found = data;

  *found = g_object_ref (result);
}

static gboolean
is_there (gpointer data)
{
  return *(gpointer *) data != NULL;
}

void
sample_flush (BoloStore *store)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  bolo_store_flush_async (store, NULL, on_ready, &result);
  sample_wait (is_there, &result);
  g_assert_true (bolo_store_flush_finish (store, result, &error));
  g_assert_no_error (error);
}

BoloPurgeReport *
sample_purge (BoloStore *store, gint64 older_than_us)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  BoloPurgeReport *report;

  bolo_store_purge_async (store, older_than_us, "PC 4711", NULL, on_ready, &result);
  sample_wait (is_there, &result);
  report = bolo_store_purge_finish (store, result, &error);
  g_assert_no_error (error);
  return report;
}
