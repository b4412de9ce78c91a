/* bolo-index-layout.c: counts what goes into an index, and writes it out
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-index-layout"

#include "bolo-index-layout.h"

#include "bolo-error.h"
#include "bolo-index-patterns.h"
#include "bolo-index-writer.h"
#include "bolo-mark-key.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Weed dates are days; a list that has more of them than this is counted by the hour, and then by
 * the day. */
#define WEEDS_MAX 65536
#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define DAY_US (24 * HOUR_US)
/* Keys a bucket, on average, at most: a cache line. Why a table of buckets: docs/matching.md. */
#define BUCKET_KEYS 8

void
bolo_index_layout_init (BoloIndexLayout *self)
{
  g_return_if_fail (self != NULL);

  *self = (BoloIndexLayout){.weed_unit_us = 1};
  self->weeds = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
}

void
bolo_index_layout_clear (BoloIndexLayout *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->weeds, g_hash_table_unref);
}

static gint64
round_up (gint64 time_us, gint64 unit_us)
{
  gint64 rest = time_us % unit_us;

  if (rest < 0)
    rest += unit_us;
  return rest == 0 || time_us > G_MAXINT64 - unit_us ? time_us : time_us - rest + unit_us;
}

static gint64 *
ref_weed (GHashTable *weeds, gint64 weed_us)
{
  gint64 *change = g_hash_table_lookup (weeds, &weed_us);

  if (change == NULL) {
    gint64 *key = g_new (gint64, 1);

    *key = weed_us;
    change = g_new0 (gint64, 1);
    g_hash_table_insert (weeds, key, change);
  }
  return change;
}

static void
coarsen (BoloIndexLayout *self)
{
  GHashTable *coarse = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  self->weed_unit_us = self->weed_unit_us == 1 ? HOUR_US : DAY_US;
  g_hash_table_iter_init (&iter, self->weeds);
  while (g_hash_table_iter_next (&iter, &key, &value))
    *ref_weed (coarse, round_up (*(gint64 *) key, self->weed_unit_us)) += *(gint64 *) value;
  g_hash_table_unref (self->weeds);
  self->weeds = coarse;
  self->weed_last = NULL;
}

static void
count_weed (BoloIndexLayout *self, gint64 weed_us, int change)
{
  if (weed_us == G_MAXINT64)
    return;
  weed_us = round_up (weed_us, self->weed_unit_us);
  if (self->weed_last == NULL || weed_us != self->weed_last_us) {
    self->weed_last = ref_weed (self->weeds, weed_us);
    self->weed_last_us = weed_us;
  }
  *self->weed_last += change;
  if (g_hash_table_size (self->weeds) > WEEDS_MAX && self->weed_unit_us != DAY_US)
    coarsen (self);
}

void
bolo_index_layout_count (BoloIndexLayout *self, const BoloListEntry *entry, guint64 row, int change)
{
  g_return_if_fail (self != NULL && entry != NULL);

  count_weed (self, entry->weed_us, change);
  if (entry->is_covert && change > 0)
    self->header.n_covert++;
  if (entry->is_covert && change < 0)
    self->header.n_masked_covert++;
  if (change > 0)
    self->header.row_max = MAX (self->header.row_max, row);
}

static void
place_sections (BoloIndexHeader *header)
{
  guint64 lengths[BOLO_INDEX_N_SECTIONS];
  guint64 offset = sizeof *header;

  bolo_index_header_get_lengths (header, lengths);
  for (guint i = 0; i < BOLO_INDEX_N_SECTIONS; i++) {
    offset +=
      (BOLO_INDEX_SECTION_ALIGN - offset % BOLO_INDEX_SECTION_ALIGN) % BOLO_INDEX_SECTION_ALIGN;
    header->sections[i] = (BoloIndexSection){.offset = offset, .length = lengths[i]};
    offset += lengths[i];
  }
}

static gboolean
write_section (BoloIndexLayout *self,
               BoloIndexSectionKind kind,
               BoloIndexWriter *writer,
               GError **error)
{
  if (!bolo_index_writer_flush (writer, error))
    return FALSE;
  self->header.sections[kind].checksum = bolo_index_sum_get (&writer->sum);
  return TRUE;
}

/* Keys and values as the sorter gives them, and where each bucket begins. */
static gboolean
write_keys (BoloIndexLayout *self, int fd, BoloIndexSorter *sorter, GError **error)
{
  BoloIndexHeader *header = &self->header;
  guint64 n_buckets = G_GUINT64_CONSTANT (1) << header->directory_bits;
  g_auto (BoloIndexWriter) directory = {0};
  g_auto (BoloIndexWriter) keys = {0};
  g_auto (BoloIndexWriter) values = {0};
  g_autoptr (GError) local = NULL;
  guint64 next = 0; /* bucket whose begin is not written yet */
  guint32 count = 0;
  BoloIndexPair pair;

  bolo_index_writer_init (&directory, fd, header->sections[BOLO_INDEX_DIRECTORY].offset);
  bolo_index_writer_init (&keys, fd, header->sections[BOLO_INDEX_KEYS].offset);
  bolo_index_writer_init (&values, fd, header->sections[BOLO_INDEX_VALUES].offset);
  while (bolo_index_sorter_next (sorter, &pair, &local)) {
    guint64 bucket = header->directory_bits == 0 ? 0 : pair.hash >> (64 - header->directory_bits);

    for (; next <= bucket; next++)
      bolo_index_writer_put (&directory, &count, sizeof count);
    bolo_index_writer_put (&keys, &pair.hash, sizeof pair.hash);
    bolo_index_writer_put (&values, &pair.place, sizeof pair.place);
    count++;
  }
  if (local != NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  for (; next <= n_buckets; next++)
    bolo_index_writer_put (&directory, &count, sizeof count);
  return write_section (self, BOLO_INDEX_DIRECTORY, &directory, error) &&
         write_section (self, BOLO_INDEX_KEYS, &keys, error) &&
         write_section (self, BOLO_INDEX_VALUES, &values, error);
}

static int
compare_patterns (gconstpointer a, gconstpointer b)
{
  const BoloIndexPattern *first = a;
  const BoloIndexPattern *second = b;
  guint first_digit = bolo_pattern_get_first (first);
  guint second_digit = bolo_pattern_get_first (second);

  if (first_digit != second_digit)
    return first_digit < second_digit ? -1 : 1;
  return first->place < second->place ? -1 : 1;
}

static gboolean
write_patterns (BoloIndexLayout *self, int fd, GArray *patterns, GError **error)
{
  g_auto (BoloIndexWriter) writer = {0};
  guint32 starts[BOLO_INDEX_N_STARTS + 2] = {0}; /* two more keep the patterns in line */
  guint32 at = 0;

  g_array_sort (patterns, compare_patterns);
  for (guint first = 0; first < BOLO_MARK_KEY_BASE; first++) {
    starts[first] = at;
    while (at < patterns->len &&
           bolo_pattern_get_first (&g_array_index (patterns, BoloIndexPattern, at)) == first)
      at++;
  }
  starts[BOLO_MARK_KEY_BASE] = at;
  bolo_index_writer_init (&writer, fd, self->header.sections[BOLO_INDEX_PATTERNS].offset);
  bolo_index_writer_put (&writer, starts, sizeof starts);
  bolo_index_writer_put (&writer, patterns->data, patterns->len * sizeof (BoloIndexPattern));
  return write_section (self, BOLO_INDEX_PATTERNS, &writer, error);
}

static gboolean
write_masks (BoloIndexLayout *self, int fd, GArray *masks, GError **error)
{
  g_auto (BoloIndexWriter) writer = {0};

  bolo_index_writer_init (&writer, fd, self->header.sections[BOLO_INDEX_MASKS].offset);
  bolo_index_writer_put (&writer, masks->data, masks->len * sizeof (guint64));
  return write_section (self, BOLO_INDEX_MASKS, &writer, error);
}

static int
compare_weeds (gconstpointer a, gconstpointer b)
{
  gint64 first = ((const BoloIndexWeed *) a)->weed_us;
  gint64 second = ((const BoloIndexWeed *) b)->weed_us;

  return first < second ? -1 : first > second;
}

static gboolean
write_weeds (BoloIndexLayout *self, int fd, GError **error)
{
  g_auto (BoloIndexWriter) writer = {0};
  g_autoptr (GArray) weeds = g_array_new (FALSE, FALSE, sizeof (BoloIndexWeed));
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, self->weeds);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    BoloIndexWeed weed = {*(gint64 *) key, *(gint64 *) value};

    g_array_append_val (weeds, weed);
  }
  g_array_sort (weeds, compare_weeds);
  bolo_index_writer_init (&writer, fd, self->header.sections[BOLO_INDEX_WEEDS].offset);
  bolo_index_writer_put (&writer, weeds->data, weeds->len * sizeof (BoloIndexWeed));
  return write_section (self, BOLO_INDEX_WEEDS, &writer, error);
}

static gboolean
write_header (BoloIndexLayout *self, int fd, GError **error)
{
  BoloIndexHeader *header = &self->header;
  g_auto (BoloIndexWriter) writer = {0};
  const BoloIndexSection *last = &header->sections[BOLO_INDEX_N_SECTIONS - 1];

  memcpy (header->magic, BOLO_INDEX_MAGIC, sizeof header->magic);
  header->version = BOLO_INDEX_VERSION;
  header->id = bolo_index_sum (header, G_STRUCT_OFFSET (BoloIndexHeader, checksum));
  header->checksum = bolo_index_sum (header, G_STRUCT_OFFSET (BoloIndexHeader, checksum));
  /* An empty last section is part of the file too. */
  if (ftruncate (fd, (off_t) (last->offset + last->length)) != 0) {
    bolo_error_set_errno (error, errno, "Cannot write the list's index");
    return FALSE;
  }
  bolo_index_writer_init (&writer, fd, 0);
  bolo_index_writer_put (&writer, header, sizeof *header);
  return bolo_index_writer_flush (&writer, error);
}

gboolean
bolo_index_layout_write (BoloIndexLayout *self,
                         int fd,
                         BoloIndexSorter *sorter,
                         GArray *patterns,
                         GArray *masks,
                         GError **error)
{
  BoloIndexHeader *header;

  g_return_val_if_fail (self != NULL && sorter != NULL && patterns != NULL && masks != NULL, FALSE);

  header = &self->header;
  header->n_entries = bolo_index_sorter_get_count (sorter);
  header->n_patterns = patterns->len;
  header->n_masks = masks->len;
  header->n_weeds = g_hash_table_size (self->weeds);
  while ((header->n_entries >> header->directory_bits) > BUCKET_KEYS &&
         header->directory_bits < BOLO_INDEX_DIRECTORY_BITS_MAX)
    header->directory_bits++;
  place_sections (header);
  return write_keys (self, fd, sorter, error) && write_patterns (self, fd, patterns, error) &&
         write_masks (self, fd, masks, error) && write_weeds (self, fd, error) &&
         write_header (self, fd, error);
}
