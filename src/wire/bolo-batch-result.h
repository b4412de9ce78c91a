/* bolo-batch-result.h: what became of the items of a batch, line by line
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-batch.h"

G_BEGIN_DECLS

/* BoloBatchOutcome: what became of an item. */
typedef enum {
  BOLO_BATCH_STORED,   /* committed now, and on the disk */
  BOLO_BATCH_KNOWN,    /* was committed before, with the same contents */
  BOLO_BATCH_PARTIAL,  /* of a picture offset bytes are kept */
  BOLO_BATCH_REJECTED, /* will never be taken */
  BOLO_BATCH_AGAIN,    /* could not be kept now */
  BOLO_BATCH_UNKNOWN,  /* only of /v1/have: nothing of it is kept */
} BoloBatchOutcome;

/* BoloBatchResult: one line of an answer. */
typedef struct {
  char *word; /* topic, as it was sent */
  char *id;
  gint64 state;
  BoloBatchOutcome outcome;
  gsize offset; /* of PARTIAL */
  char *reason; /* (nullable): of REJECTED and AGAIN */
} BoloBatchResult;

void bolo_batch_result_free (BoloBatchResult *self);
/* Adds the line with its line feed. */
void bolo_batch_result_write (const BoloBatchResult *self, GString *out);
/* A line without its line feed. INVALID_DATA where it is none. */
BoloBatchResult *bolo_batch_result_parse (const char *line, gsize length, GError **error);

/* The lines that ask /v1/have: {"topic","id","state"}. */
void bolo_batch_question_write (GString *out, BoloBatchTopic topic, const char *id, gint64 state);
/* outcome of what is parsed is UNKNOWN. INVALID_DATA where it is no question. */
BoloBatchResult *bolo_batch_question_parse (const char *line, gsize length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloBatchResult, bolo_batch_result_free)

G_END_DECLS
