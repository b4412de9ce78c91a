/* bolo-index-format.c: the checksum of index and rows files
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-index-format"

#include "bolo-index-format.h"

#include <string.h>

#define FACTOR G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)

static guint64
mix (guint64 state, guint64 word)
{
  state = (state ^ word) * FACTOR;
  return state ^ (state >> 32);
}

/* Takes single bytes until a whole word is done. */
static void
update_bytes (BoloIndexSum *self, const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    self->tail |= (guint64) bytes[i] << (self->length % 8 * 8);
    self->length++;
    if (self->length % 8 == 0) {
      self->state = mix (self->state, self->tail);
      self->tail = 0;
    }
  }
}

void
bolo_index_sum_update (BoloIndexSum *self, gconstpointer bytes, gsize length)
{
  const guint8 *at = bytes;
  gsize n_before;
  gsize n_words;

  g_return_if_fail (self != NULL && (bytes != NULL || length == 0));

  n_before = MIN ((8 - self->length % 8) % 8, length);
  n_words = (length - n_before) / 8;
  update_bytes (self, at, n_before);
  at += n_before;
  for (gsize i = 0; i < n_words; i++, at += 8) {
    guint64 word;

    memcpy (&word, at, sizeof word);
    self->state = mix (self->state, word);
  }
  self->length += n_words * 8;
  update_bytes (self, at, length - n_before - n_words * 8);
}

guint64
bolo_index_sum_get (const BoloIndexSum *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return mix (mix (self->state, self->tail), self->length);
}

guint64
bolo_index_sum (gconstpointer bytes, gsize length)
{
  BoloIndexSum sum = {0};

  bolo_index_sum_update (&sum, bytes, length);
  return bolo_index_sum_get (&sum);
}

void
bolo_index_header_get_lengths (const BoloIndexHeader *self, guint64 lengths[BOLO_INDEX_N_SECTIONS])
{
  lengths[BOLO_INDEX_DIRECTORY] = ((G_GUINT64_CONSTANT (1) << self->directory_bits) + 1) * 4;
  lengths[BOLO_INDEX_KEYS] = self->n_entries * 8;
  lengths[BOLO_INDEX_VALUES] = self->n_entries * 4;
  lengths[BOLO_INDEX_PATTERNS] =
    BOLO_INDEX_N_STARTS * 4 + 8 + self->n_patterns * sizeof (BoloIndexPattern);
  lengths[BOLO_INDEX_MASKS] = self->n_masks * 8;
  lengths[BOLO_INDEX_WEEDS] = self->n_weeds * sizeof (BoloIndexWeed);
}
