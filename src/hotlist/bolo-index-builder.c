/* bolo-index-builder.c: makes a layer of a list, entry by entry, in little memory
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-index-builder"

#include "bolo-index-builder.h"

#include "bolo-entry-codec.h"
#include "bolo-error.h"
#include "bolo-index-layout.h"
#include "bolo-index-masks.h"
#include "bolo-index-patterns.h"
#include "bolo-index-sorter.h"
#include "bolo-index-writer.h"
#include "bolo-mark-key.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

struct _BoloIndexBuilder {
  char *directory;
  BoloPlateRules *rules;
  BoloIndexMasks *masks;   /* (owned): what is taken away below */
  BoloIndexSorter *sorter; /* (owned) */
  GArray *patterns;        /* (owned): of BoloIndexPattern */
  GByteArray *record;      /* (owned): of the entry at hand */
  BoloIndexWriter rows;
  BoloIndexLayout layout;
  guint64 rows_bytes;
  guint64 row_base;
  int rows_fd;
  gboolean is_finished;
};

static int
create_file (const char *directory, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *what = g_strdup_printf ("Cannot write %s", path);
  int fd = open (path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    bolo_error_set_errno (error, errno, what);
  return fd;
}

static void
remove_file (const char *directory, const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  g_unlink (path);
}

BoloIndexBuilder *
bolo_index_builder_new (const char *directory,
                        BoloPlateRules *rules,
                        GPtrArray *below,
                        GError **error)
{
  const BoloIndexRowsHeader head = {.magic = BOLO_INDEX_ROWS_MAGIC, .version = BOLO_INDEX_VERSION};
  g_autoptr (BoloIndexBuilder) self = NULL;

  g_return_val_if_fail (directory != NULL && rules != NULL, NULL);

  self = g_new0 (BoloIndexBuilder, 1);
  self->rows_fd = -1;
  self->directory = g_strdup (directory);
  self->rules = bolo_plate_rules_ref (rules);
  self->masks = bolo_index_masks_new (rules, below);
  self->row_base = bolo_index_masks_get_row_max (self->masks);
  self->sorter = bolo_index_sorter_new (directory, BOLO_INDEX_RUN_PAIRS);
  self->patterns = g_array_new (FALSE, FALSE, sizeof (BoloIndexPattern));
  self->record = g_byte_array_new ();
  bolo_index_layout_init (&self->layout);
  self->rows_fd = create_file (directory, BOLO_INDEX_ROWS_FILE, error);
  if (self->rows_fd < 0)
    return NULL;
  bolo_index_writer_init (&self->rows, self->rows_fd, 0);
  bolo_index_writer_put (&self->rows, &head, sizeof head);
  self->rows_bytes = sizeof head;
  return g_steal_pointer (&self);
}

void
bolo_index_builder_free (BoloIndexBuilder *self)
{
  g_return_if_fail (self != NULL);

  if (self->rows_fd >= 0)
    close (self->rows_fd);
  if (!self->is_finished && self->rows_fd >= 0) {
    remove_file (self->directory, BOLO_INDEX_ROWS_FILE);
    remove_file (self->directory, BOLO_INDEX_FILE);
  }
  bolo_index_writer_clear (&self->rows);
  bolo_index_layout_clear (&self->layout);
  g_clear_pointer (&self->masks, bolo_index_masks_free);
  g_clear_pointer (&self->sorter, bolo_index_sorter_free);
  g_clear_pointer (&self->patterns, g_array_unref);
  g_clear_pointer (&self->record, g_byte_array_unref);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_free (self->directory);
  g_free (self);
}

/* Appends the record to the rows; @place (out) is where it stands. */
static gboolean
put_record (BoloIndexBuilder *self, guint32 *place, GError **error)
{
  static const guint8 zeros[BOLO_INDEX_ROW_ALIGN] = {0};
  const BoloIndexRowHead head = {
    .length = self->record->len,
    .checksum = (guint32) bolo_index_sum (self->record->data, self->record->len)};
  gsize length = sizeof head + self->record->len;
  gsize padding = (BOLO_INDEX_ROW_ALIGN - length % BOLO_INDEX_ROW_ALIGN) % BOLO_INDEX_ROW_ALIGN;

  if (self->rows_bytes + length + padding > BOLO_INDEX_ROWS_BYTES_MAX ||
      bolo_index_sorter_get_count (self->sorter) >= BOLO_INDEX_ENTRIES_MAX) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED,
                         "the list is larger than 32 GiB; split it");
    return FALSE;
  }
  *place = (guint32) (self->rows_bytes / BOLO_INDEX_ROW_ALIGN);
  bolo_index_writer_put (&self->rows, &head, sizeof head);
  bolo_index_writer_put (&self->rows, self->record->data, self->record->len);
  bolo_index_writer_put (&self->rows, zeros, padding);
  self->rows_bytes += length + padding;
  if (self->rows.failed != 0)
    return bolo_index_writer_flush (&self->rows, error);
  return TRUE;
}

static gboolean
refuse (const char *reason, GError **error)
{
  g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, reason);
  return FALSE;
}

static gboolean
compile (BoloIndexBuilder *self, const char *text, BoloIndexPattern *pattern, GError **error)
{
  g_autofree char *message = NULL;

  if (!bolo_pattern_compile (self->rules, text, pattern, &message))
    return refuse (message, error);
  if (self->patterns->len >= BOLO_INDEX_PATTERNS_MAX)
    return refuse ("the list has more than 1,000,000 patterns", error);
  return TRUE;
}

gboolean
bolo_index_builder_add (BoloIndexBuilder *self,
                        const BoloListEntry *entry,
                        guint64 row,
                        GError **error)
{
  char folded[BOLO_PLATE_LENGTH_MAX + 1];
  BoloIndexPattern pattern;

  g_return_val_if_fail (self != NULL && entry != NULL && !self->is_finished, FALSE);

  if (entry->plate == NULL || (!entry->is_pattern && !bolo_plate_is_mark (entry->plate)))
    return refuse ("a mark has 1 to 12 letters and digits", error);
  if (entry->is_pattern && !compile (self, entry->plate, &pattern, error))
    return FALSE;
  g_byte_array_set_size (self->record, 0);
  if (!bolo_entry_encode (entry, self->row_base + row, self->record))
    return refuse ("the entry is too large", error);
  if (entry->is_pattern) {
    if (!put_record (self, &pattern.place, error))
      return FALSE;
    g_array_append_val (self->patterns, pattern);
  } else {
    guint32 place;

    bolo_mark_key_fold (self->rules, entry->plate, folded);
    if (!put_record (self, &place, error) ||
        !bolo_index_sorter_add (self->sorter, bolo_mark_key_hash (bolo_mark_key_pack (folded)),
                                place, error))
      return FALSE;
  }
  bolo_index_layout_count (&self->layout, entry, self->row_base + row, 1);
  return TRUE;
}

gboolean
bolo_index_builder_remove (BoloIndexBuilder *self,
                           const char *mark,
                           const char *pnc_id,
                           GError **error)
{
  g_return_val_if_fail (self != NULL && !self->is_finished, FALSE);
  g_return_val_if_fail (mark != NULL || pnc_id != NULL, FALSE);

  return bolo_index_masks_remove (self->masks, mark, pnc_id, &self->layout, error);
}

gboolean
bolo_index_builder_remove_place (BoloIndexBuilder *self, guint layer, guint32 place, GError **error)
{
  g_return_val_if_fail (self != NULL && !self->is_finished, FALSE);

  return bolo_index_masks_remove_place (self->masks, layer, place, &self->layout, error);
}

guint64
bolo_index_builder_get_row_base (const BoloIndexBuilder *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->row_base;
}

static gboolean
make_durable (BoloIndexBuilder *self, int fd, GError **error)
{
  int directory = open (self->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean is_done =
    fsync (self->rows_fd) == 0 && fsync (fd) == 0 && directory >= 0 && fsync (directory) == 0;

  if (!is_done)
    bolo_error_set_errno (error, errno, "Cannot make the list's index durable");
  if (directory >= 0)
    close (directory);
  return is_done;
}

static gboolean
write_index (BoloIndexBuilder *self, int fd, GError **error)
{
  BoloIndexLayout *layout = &self->layout;

  layout->header.rows_bytes = self->rows_bytes;
  layout->header.rows_checksum = bolo_index_sum_get (&self->rows.sum);
  layout->header.fold_id = bolo_mark_key_get_fold_id (self->rules);
  layout->header.below_id = bolo_index_masks_get_below_id (self->masks);
  return bolo_index_sorter_sort (self->sorter, error) &&
         bolo_index_layout_write (layout, fd, self->sorter, self->patterns,
                                  bolo_index_masks_get (self->masks), error);
}

gboolean
bolo_index_builder_finish (BoloIndexBuilder *self, BoloIndexSummary *summary, GError **error)
{
  int fd;

  g_return_val_if_fail (self != NULL && !self->is_finished, FALSE);

  if (!bolo_index_masks_finish (self->masks, &self->layout, error) ||
      !bolo_index_writer_flush (&self->rows, error))
    return FALSE;
  fd = create_file (self->directory, BOLO_INDEX_FILE, error);
  if (fd < 0)
    return FALSE;
  self->is_finished = write_index (self, fd, error) && make_durable (self, fd, error);
  close (fd);
  if (self->is_finished && summary != NULL) {
    const BoloIndexHeader *header = &self->layout.header;
    const BoloIndexSection *last = &header->sections[BOLO_INDEX_N_SECTIONS - 1];

    *summary = (BoloIndexSummary){.n_entries = header->n_entries + header->n_patterns,
                                  .n_patterns = header->n_patterns,
                                  .n_covert = header->n_covert,
                                  .n_removed = header->n_masks,
                                  .rows_bytes = header->rows_bytes,
                                  .index_bytes = last->offset + last->length};
  }
  return self->is_finished;
}
