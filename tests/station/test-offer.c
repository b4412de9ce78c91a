/* test-offer.c: what is offered follows the operator's folders while the station runs
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-envelope.h"
#include "bolo-error.h"
#include "bolo-station-manifest.h"
#include "bolo-station-offer.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define START_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)
#define PATIENCE_MS 60000

typedef struct {
  char *state;
  char *denied;
  BoloListKey *key; /* a copy of the station's own */
  BoloClock *clock;
  BoloStationOffers *offers;
} Fixture;

static BoloListKey *
copy_key (const BoloListKey *key)
{
  g_autofree char *text = bolo_list_key_to_text (key, TRUE);

  return bolo_list_key_parse (text, strlen (text), "key", NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->state = g_dir_make_tmp ("bolo-offer-XXXXXX", NULL);
  fixture->denied = g_build_filename (fixture->state, "denied.json", NULL);
  fixture->key = bolo_list_key_generate ("station", NULL);
  fixture->clock = bolo_clock_new_manual (START_US);
  fixture->offers = bolo_station_offers_new (fixture->state, NULL, NULL, "Test",
                                             copy_key (fixture->key), fixture->clock, &error);
  g_assert_no_error (error);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *inner = g_build_filename (path, name, NULL);

    remove_tree (inner);
  }
  g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bolo_station_offers_stop (fixture->offers);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->offers);
  remove_tree (fixture->state);
  g_free (fixture->state);
  g_free (fixture->denied);
  g_object_unref (fixture->clock);
  bolo_list_key_free (fixture->key);
}

static gboolean
on_late (gpointer user_data)
{
  g_assert_not_reached ();
}

/* (transfer full) */
static BoloStationOffer *
wait_for_serial (Fixture *fixture, guint64 serial)
{
  guint late = g_timeout_add (PATIENCE_MS, on_late, NULL);
  BoloStationOffer *offer = bolo_station_offers_get (fixture->offers);

  while (offer->serial < serial) {
    bolo_station_offer_unref (offer);
    g_main_context_iteration (NULL, TRUE);
    offer = bolo_station_offers_get (fixture->offers);
  }
  g_source_remove (late);
  g_assert_cmpuint (offer->serial, ==, serial);
  return offer;
}

static BoloStationManifest *
open_envelope (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloEnvelope) envelope = bolo_envelope_parse (text, strlen (text), "x", &error);
  BoloStationManifest *manifest;

  g_assert_true (bolo_envelope_verify (envelope, BOLO_ENVELOPE_MANIFEST, fixture->key, &error));
  manifest = bolo_station_manifest_parse (envelope->text, strlen (envelope->text), "x", &error);
  g_assert_no_error (error);
  return manifest;
}

static void
test_follows (Fixture *fixture, gconstpointer data)
{
  g_autofree char *hash = g_strnfill (64, 'a');
  g_autoptr (BoloStationOffer) first = bolo_station_offers_get (fixture->offers);
  g_autoptr (BoloStationOffer) second = NULL;
  g_autoptr (BoloStationManifest) manifest = NULL;
  g_autoptr (BoloStationManifest) previous = NULL;

  g_assert_cmpuint (first->serial, ==, 1);
  g_assert_null (first->previous);
  g_assert_false (bolo_station_denied_has (first->denied, hash));
  g_assert_true (
    bolo_station_denied_change (fixture->denied, fixture->key, hash, "stolen", TRUE, NULL));
  second = wait_for_serial (fixture, 2);
  g_assert_true (bolo_station_denied_has (second->denied, hash));
  manifest = open_envelope (fixture, second->envelope);
  g_assert_cmpstr (manifest->denied[0], ==, hash);
  previous = open_envelope (fixture, second->previous);
  g_assert_cmpuint (previous->serial, ==, 1);
  /* Who holds the old one keeps it. */
  g_assert_false (bolo_station_denied_has (first->denied, hash));
}

static GLogWriterOutput
count_warnings (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  for (gsize i = 0; level == G_LOG_LEVEL_WARNING && i < n_fields; i++)
    if (strcmp (fields[i].key, "MESSAGE") == 0 && strstr (fields[i].value, "is not signed") != NULL)
      (*(guint *) user_data)++;
  return G_LOG_WRITER_HANDLED;
}

/* Somebody else writes the deny list: who was denied stays so, and it is said in the log. A process
 * of its own: the log's writer is one for all. */
static void
test_forged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *hash = g_strnfill (64, 'a');
  g_autofree char *forged = NULL;
  g_autoptr (BoloListKey) other = bolo_list_key_generate ("station", NULL);
  g_autoptr (BoloStationOffer) denied = NULL;
  g_autoptr (BoloStationOffer) later = NULL;
  guint n_warnings = 0;
  guint late;

  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, 0);
    g_test_trap_assert_passed ();
    return;
  }
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_log_set_writer_func (count_warnings, &n_warnings, NULL);
  bolo_station_denied_change (fixture->denied, fixture->key, hash, "stolen", TRUE, NULL);
  denied = wait_for_serial (fixture, 2);
  forged =
    bolo_envelope_seal (BOLO_ENVELOPE_DENIED, "{\"number\":9,\"certificates\":[]}", other, NULL);
  g_assert_true (g_file_set_contents (fixture->denied, forged, -1, NULL));
  late = g_timeout_add (PATIENCE_MS, on_late, NULL);
  while (n_warnings == 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late);
  later = bolo_station_offers_get (fixture->offers);
  g_assert_true (bolo_station_denied_has (later->denied, hash));
  g_assert_cmpuint (later->serial, ==, 2);
}

/* A manifest is made anew long before it expires. */
static void
test_renewed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloStationOffer) offer = NULL;
  g_autoptr (BoloStationManifest) manifest = NULL;

  bolo_clock_advance_to (fixture->clock, START_US + 7 * G_TIME_SPAN_HOUR);
  offer = wait_for_serial (fixture, 2);
  manifest = open_envelope (fixture, offer->envelope);
  g_assert_cmpint (manifest->issued_us, ==, START_US + 7 * G_TIME_SPAN_HOUR);
  g_assert_cmpint (manifest->expires_us, ==, manifest->issued_us + G_TIME_SPAN_DAY);
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
  add_test ("/station/offer/follows", test_follows);
  add_test ("/station/offer/forged", test_forged);
  add_test ("/station/offer/renewed", test_renewed);
  return g_test_run ();
}
