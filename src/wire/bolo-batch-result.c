/* bolo-batch-result.c: what became of the items of a batch, line by line
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-batch-result"

#include "bolo-batch-result.h"

#include "bolo-error.h"
#include "bolo-json-scan.h"
#include "bolo-json-writer.h"

static const char *const words[] = {"stored", "known", "partial", "rejected", "again", "unknown"};
G_STATIC_ASSERT (G_N_ELEMENTS (words) == BOLO_BATCH_UNKNOWN + 1);

void
bolo_batch_result_free (BoloBatchResult *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->word);
  g_free (self->id);
  g_free (self->reason);
  g_free (self);
}

static BoloJsonWriter *
begin_line (const char *word, const char *id, gint64 state)
{
  BoloJsonWriter *writer = bolo_json_writer_new ();

  bolo_json_writer_add_text (writer, "topic", word);
  bolo_json_writer_add_text (writer, "id", id);
  bolo_json_writer_add_int (writer, "state", state);
  return writer;
}

static void
end_line (BoloJsonWriter *writer, GString *out)
{
  g_autofree char *line = bolo_json_writer_finish (writer);

  g_string_append (out, line);
  g_string_append_c (out, '\n');
}

void
bolo_batch_result_write (const BoloBatchResult *self, GString *out)
{
  BoloJsonWriter *writer;

  g_return_if_fail (self != NULL && out != NULL && self->outcome <= BOLO_BATCH_UNKNOWN);

  writer = begin_line (self->word, self->id, self->state);
  bolo_json_writer_add_text (writer, "result", words[self->outcome]);
  if (self->outcome == BOLO_BATCH_PARTIAL)
    bolo_json_writer_add_int (writer, "offset", (gint64) self->offset);
  if (self->reason != NULL)
    bolo_json_writer_add_text (writer, "reason", self->reason);
  end_line (writer, out);
}

/* What a line may say. */
enum {
  TOPIC,
  ID,
  STATE,
  RESULT,
  OFFSET,
  REASON,
};

static const char *const names[] = {"topic", "id", "state", "result", "offset", "reason"};

static BoloBatchResult *
read_identity (const BoloJsonSpan *said, const char *what, GError **error)
{
  g_autoptr (BoloBatchResult) self = g_new0 (BoloBatchResult, 1);

  self->outcome = BOLO_BATCH_UNKNOWN;
  self->word = bolo_json_span_dup_text (&said[TOPIC]);
  self->id = bolo_json_span_dup_text (&said[ID]);
  if (self->word != NULL && self->id != NULL &&
      bolo_json_span_get_int (&said[STATE], 0, G_MAXINT64, &self->state))
    return g_steal_pointer (&self);
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "%s must have the texts \"topic\" and \"id\" and a \"state\" that is a number",
               what);
  return NULL;
}

static BoloBatchResult *
read_line (const char *line, gsize length, const char *what, BoloJsonSpan *said, GError **error)
{
  if (bolo_json_scan (line, length, names, said, G_N_ELEMENTS (names)))
    return read_identity (said, what, error);
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "%s is not a JSON object", what);
  return NULL;
}

static gboolean
read_outcome (BoloBatchResult *self, const BoloJsonSpan *said, GError **error)
{
  g_autofree char *word = bolo_json_span_dup_text (&said[RESULT]);
  gint64 offset = 0;
  guint i = 0;

  while (i < G_N_ELEMENTS (words) && g_strcmp0 (words[i], word) != 0)
    i++;
  if (i == G_N_ELEMENTS (words)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "the station's answer has the result \"%s\", which this version does not know",
                 word != NULL ? word : "");
    return FALSE;
  }
  self->outcome = i;
  if (self->outcome == BOLO_BATCH_PARTIAL &&
      !bolo_json_span_get_int (&said[OFFSET], 0, BOLO_BATCH_PICTURE_MAX, &offset)) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                         "the station's answer \"partial\" must have an \"offset\"");
    return FALSE;
  }
  self->offset = (gsize) offset;
  self->reason = bolo_json_span_dup_text (&said[REASON]);
  return TRUE;
}

BoloBatchResult *
bolo_batch_result_parse (const char *line, gsize length, GError **error)
{
  g_autoptr (BoloBatchResult) self = NULL;
  BoloJsonSpan said[G_N_ELEMENTS (names)];

  g_return_val_if_fail (line != NULL, NULL);

  self = read_line (line, length, "a line of the station's answer", said, error);
  return self != NULL && read_outcome (self, said, error) ? g_steal_pointer (&self) : NULL;
}

void
bolo_batch_question_write (GString *out, BoloBatchTopic topic, const char *id, gint64 state)
{
  g_return_if_fail (out != NULL && id != NULL);

  end_line (begin_line (bolo_batch_topic_get_word (topic), id, state), out);
}

BoloBatchResult *
bolo_batch_question_parse (const char *line, gsize length, GError **error)
{
  BoloJsonSpan said[G_N_ELEMENTS (names)];

  g_return_val_if_fail (line != NULL, NULL);

  return read_line (line, length, "a line of the question", said, error);
}
