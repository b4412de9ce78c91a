/* fuzz-batch.c: any bytes as the body of a batch, as its answer, as an envelope and as a manifest
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz-list.h"

#include "bolo-batch-parser.h"
#include "bolo-batch-result.h"
#include "bolo-envelope.h"
#include "bolo-station-manifest.h"

#include <string.h>

#define ITEM_BYTES_MAX 4096

static void
check_item (const BoloBatchItem *item)
{
  g_assert_nonnull (item->word);
  g_assert_nonnull (item->id);
  if (item->problem != NULL) {
    g_assert_null (item->bytes);
    g_assert_null (item->body);
    return;
  }
  g_assert_true (bolo_batch_id_is_good (item->topic, item->id));
  g_assert_cmpint (item->state, >=, 1);
  g_assert_true ((item->body != NULL) == (item->topic != BOLO_BATCH_PICTURE));
  g_assert_true ((item->bytes != NULL) == (item->topic == BOLO_BATCH_PICTURE));
  if (item->bytes != NULL)
    g_assert_cmpuint (item->offset + g_bytes_get_size (item->bytes), <=, item->total);
}

/* What a body says, whatever the pieces that it comes in. */
static char *
read_body (const guint8 *data, size_t size, size_t piece)
{
  g_autoptr (BoloBatchParser) parser = bolo_batch_parser_new (ITEM_BYTES_MAX);
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  BoloBatchItem *item;

  for (size_t at = 0; at < size && error == NULL; at += piece) {
    bolo_batch_parser_push (parser, data + at, MIN (piece, size - at));
    while ((item = bolo_batch_parser_next (parser, &error)) != NULL) {
      check_item (item);
      g_string_append_printf (seen, "%s %s %" G_GINT64_FORMAT " %s %s\n", item->word, item->id,
                              item->state, item->body != NULL ? item->body : "-",
                              item->problem != NULL ? item->problem : "good");
      bolo_batch_item_unref (item);
    }
  }
  if (error != NULL)
    fuzz_check_error (error);
  g_string_append (seen, bolo_batch_parser_finish (parser, &item) ? "whole" : "broken");
  if (item != NULL) {
    g_assert_cmpuint (g_bytes_get_size (item->bytes), >, 0);
    check_item (item);
    g_string_append_printf (seen, " %s", item->id);
    bolo_batch_item_unref (item);
  }
  return g_string_free (g_steal_pointer (&seen), FALSE);
}

static void
try_lines (const char *text, gsize length)
{
  g_autoptr (GError) first = NULL;
  g_autoptr (GError) second = NULL;
  g_autoptr (BoloBatchResult) result = bolo_batch_result_parse (text, length, &first);
  g_autoptr (BoloBatchResult) question = bolo_batch_question_parse (text, length, &second);

  if (result == NULL)
    fuzz_check_error (first);
  if (question == NULL)
    fuzz_check_error (second);
}

static void
try_signed (const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloEnvelope) envelope = bolo_envelope_parse (text, length, "x", &error);
  g_autoptr (BoloStationManifest) manifest = NULL;
  g_autofree char *again = NULL;

  if (envelope == NULL)
    fuzz_check_error (error);
  g_clear_error (&error);
  manifest = bolo_station_manifest_parse (text, length, "x", &error);
  if (manifest == NULL) {
    fuzz_check_error (error);
    return;
  }
  again = bolo_station_manifest_to_text (manifest);
  g_clear_pointer (&manifest, bolo_station_manifest_free);
  manifest = bolo_station_manifest_parse (again, strlen (again), "x", &error);
  g_assert_no_error (error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autofree char *whole = read_body (data, size, size + 1);
  g_autofree char *torn = read_body (data, size, 7);

  g_assert_cmpstr (whole, ==, torn);
  try_lines ((const char *) data, size);
  try_signed ((const char *) data, size);
  return 0;
}
