/* fill-store.c: makes a car's records to send, or says what an officer says of a hit
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fill-store STATE SIGHTINGS HITS PICTURE-BYTES|jpeg
 * fill-store STATE --confirm HIT
 */
#include <stdio.h>
#include <stdlib.h>

#include "bolo-picture.h"
#include "bolo-store-samples.h"
#include "bolo-sync-config.h"

/* Records of the last hours, with ids that no other run gives. */
/* A picture that can be looked at; noise, so that it is not small. */
static GBytes *
make_jpeg (int width, int height, guint number)
{
  g_autoptr (BoloPicture) picture = bolo_picture_new (BOLO_PICTURE_RGB, width, height);
  g_autoptr (GRand) random = g_rand_new_with_seed (number);

  for (int i = 0; i < picture->stride * height; i++)
    picture->pixels[i] = (guint8) g_rand_int_range (random, 0, 256);
  return bolo_picture_encode_jpeg (picture, 4 << 20, NULL);
}

static BoloSighting *
make_sighting (guint number, gsize picture_bytes, gboolean is_jpeg, gint64 now_us)
{
  g_autoptr (BoloSighting) sample =
    sample_sighting (number, BOLO_SIGHTING_CLOSED, now_us - (gint64) number * 1000);
  BoloSighting *sighting = bolo_sighting_copy (sample);

  g_free (sighting->id);
  sighting->id = g_uuid_string_random ();
  g_clear_pointer (&sighting->patch_jpeg, g_bytes_unref);
  g_clear_pointer (&sighting->overview_jpeg, g_bytes_unref);
  if (is_jpeg) {
    sighting->patch_jpeg = make_jpeg (160, 60, number);
    sighting->overview_jpeg = make_jpeg (480, 270, number);
  } else if (picture_bytes > 0) {
    sighting->patch_jpeg = sample_picture ("patch", number, picture_bytes / 8);
    sighting->overview_jpeg =
      sample_picture ("overview", number, picture_bytes - picture_bytes / 8);
  }
  return sighting;
}

static void
add (BoloStore *store, BoloSighting *sighting, gboolean is_hit, guint number)
{
  if (is_hit) {
    g_autoptr (BoloHit) sample = sample_hit (number, sighting);
    g_autoptr (BoloHit) hit = bolo_hit_copy (sample);

    g_free (hit->id);
    hit->id = g_uuid_string_random ();
    g_free (hit->encounter);
    hit->encounter = g_uuid_string_random ();
    bolo_store_add_hit (store, hit);
  } else {
    bolo_store_add_sighting (store, sighting);
  }
}

/* What an officer says of a hit. */
static void
confirm (BoloStore *store, const char *hit)
{
  g_autoptr (BoloDisposition) sample = sample_disposition (1, hit, BOLO_DISPOSITION_CONFIRMED);

  bolo_store_add_disposition (store, sample);
  sample_flush (store);
}

int
main (int argc, char **argv)
{
  gboolean is_confirming = argc == 4 && g_str_equal (argv[2], "--confirm");
  g_autoptr (BoloClock) clock = bolo_clock_new_system ();
  g_autoptr (BoloSyncConfig) config = NULL;
  g_auto (GStrv) receivers = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloStore) store = NULL;
  guint sightings, hits, bytes;

  if (argc != 5 && !is_confirming)
    return 2;
  sightings = is_confirming ? 0 : (guint) atoi (argv[2]);
  hits = is_confirming ? 0 : (guint) atoi (argv[3]);
  bytes = is_confirming ? 0 : (guint) atoi (argv[4]);
  config = bolo_sync_config_load_state (argv[1], &error);
  store = bolo_store_new (argv[1], clock);
  if (config != NULL) {
    receivers = bolo_sync_config_get_receivers (config);
    bolo_store_set_receivers (store, (const char *const *) receivers);
  }
  if (config == NULL || !bolo_store_open (store, &error)) {
    fprintf (stderr, "fill-store: %s\n", error->message);
    return 1;
  }
  for (guint i = 0; i < sightings + hits; i++) {
    g_autoptr (BoloSighting) sighting =
      make_sighting (i + 1, bytes, g_str_equal (argv[4], "jpeg"), bolo_clock_get_utc_us (clock));

    add (store, sighting, i >= sightings, i + 1);
    if (i % 500 == 499)
      sample_flush (store);
  }
  if (is_confirming)
    confirm (store, argv[3]);
  sample_flush (store);
  return bolo_store_close (store, 60000) ? 0 : 1;
}
