/* bolo-receipt-sum.c: what a session's receipt is over: sorted lines TOPIC ID STATE, hashed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-receipt-sum.h"

#include <string.h>

struct _BoloReceiptSum {
  GStringChunk *texts; /* (owned) */
  GPtrArray *lines;    /* (owned): in texts */
};

BoloReceiptSum *
bolo_receipt_sum_new (void)
{
  BoloReceiptSum *self = g_new0 (BoloReceiptSum, 1);

  self->texts = g_string_chunk_new (65536);
  self->lines = g_ptr_array_new ();
  return self;
}

void
bolo_receipt_sum_free (BoloReceiptSum *self)
{
  g_return_if_fail (self != NULL);

  g_string_chunk_free (self->texts);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

void
bolo_receipt_sum_add (BoloReceiptSum *self, const char *word, const char *id, gint64 state)
{
  g_autofree char *line = NULL;

  g_return_if_fail (self != NULL && word != NULL && id != NULL);

  line = g_strdup_printf ("%s %s %" G_GINT64_FORMAT "\n", word, id, state);
  g_ptr_array_add (self->lines, g_string_chunk_insert (self->texts, line));
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char *
bolo_receipt_sum_get (BoloReceiptSum *self, guint64 *n_items)
{
  g_autoptr (GChecksum) checksum = NULL;
  const char *last = NULL;

  g_return_val_if_fail (self != NULL && n_items != NULL, NULL);

  checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_ptr_array_sort (self->lines, compare_lines);
  *n_items = 0;
  for (guint i = 0; i < self->lines->len; i++) {
    const char *line = self->lines->pdata[i];

    if (last != NULL && strcmp (last, line) == 0)
      continue;
    g_checksum_update (checksum, (const guchar *) line, (gssize) strlen (line));
    (*n_items)++;
    last = line;
  }
  return g_strdup (g_checksum_get_string (checksum));
}
