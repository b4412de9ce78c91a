/* bolo-cli-bench-records.c: records of a car's day, to measure with
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli-bench-records.h"

#include "bolo-id.h"

#include <string.h>

#define PATCH_BYTES 3000
/* Incompressible bytes that all pictures are cut from. */
#define NOISE_BYTES (1 << 20)

struct _BoloBenchRecords {
  BoloIdSource *ids; /* (owned) */
  GRand *random;     /* (owned) */
  GBytes *noise;     /* (owned) */
  gint64 n_records;
  gint64 first_us;
  gint64 span_us;
  gsize overview_bytes;
};

static GBytes *
make_noise (GRand *random)
{
  guint32 *words = g_new (guint32, NOISE_BYTES / sizeof (guint32));

  for (gsize i = 0; i < NOISE_BYTES / sizeof (guint32); i++)
    words[i] = g_rand_int (random);
  return g_bytes_new_take (words, NOISE_BYTES);
}

BoloBenchRecords *
bolo_bench_records_new (
  gint64 n_records, gint64 first_us, gint64 span_us, gsize overview_bytes, const char *seed)
{
  BoloBenchRecords *self = g_new0 (BoloBenchRecords, 1);

  self->n_records = MAX (n_records, 1);
  self->first_us = first_us;
  self->span_us = span_us;
  self->overview_bytes = MIN (overview_bytes, NOISE_BYTES / 2);
  self->ids = bolo_id_source_new (seed);
  self->random = g_rand_new_with_seed (1);
  self->noise = make_noise (self->random);
  return self;
}

void
bolo_bench_records_free (BoloBenchRecords *self)
{
  if (self == NULL)
    return;
  bolo_id_source_unref (self->ids);
  g_rand_free (self->random);
  g_bytes_unref (self->noise);
  g_free (self);
}

static GBytes *
cut_picture (BoloBenchRecords *self, gsize size)
{
  gsize offset = (gsize) g_rand_int_range (self->random, 0, NOISE_BYTES - (gint32) size);

  return g_bytes_new_from_bytes (self->noise, offset, size);
}

char *
bolo_bench_records_make_text (gint64 number)
{
  return g_strdup_printf ("%c%c%02dX%c%c", 'A' + (int) (number / 67600 % 26),
                          'A' + (int) (number / 2600 % 26), (int) (number % 100),
                          'A' + (int) (number / 100 % 26), 'A' + (int) (number / 1757600 % 26));
}

BoloSighting *
bolo_bench_records_make_sighting (BoloBenchRecords *self, gint64 number)
{
  BoloSighting *sighting = bolo_sighting_new ();

  sighting->id = bolo_id_source_next (self->ids, "sighting");
  sighting->camera = g_strdup ("front");
  sighting->state = BOLO_SIGHTING_CLOSED;
  sighting->text = bolo_bench_records_make_text (number);
  sighting->n_characters = (guint) strlen (sighting->text);
  for (guint i = 0; i < sighting->n_characters; i++) {
    sighting->characters[i].character = sighting->text[i];
    sighting->characters[i].probability = 0.9f;
  }
  sighting->captured_us = self->first_us + self->span_us / self->n_records * number;
  sighting->published_us = sighting->captured_us;
  sighting->officer = g_strdup ("bench");
  sighting->patch_jpeg = cut_picture (self, PATCH_BYTES);
  sighting->overview_jpeg = cut_picture (self, self->overview_bytes);
  return sighting;
}

BoloHit *
bolo_bench_records_make_hit (BoloBenchRecords *self, const BoloSighting *sighting)
{
  BoloHit *hit = bolo_hit_new ();
  BoloMatch *match = g_new0 (BoloMatch, 1);

  match->entry = bolo_list_entry_new ();
  match->entry->plate = g_strdup (sighting->text);
  match->entry->weed_us = G_MAXINT64;
  hit->id = bolo_id_source_next (self->ids, "hit");
  hit->encounter = bolo_id_source_next (self->ids, "encounter");
  hit->sighting = bolo_sighting_ref (sighting);
  hit->category = g_strdup ("stolen");
  hit->created_us = sighting->captured_us;
  hit->matches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);
  g_ptr_array_add (hit->matches, match);
  return hit;
}
