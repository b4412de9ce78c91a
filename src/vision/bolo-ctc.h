/* bolo-ctc.h: from the reader's columns to characters
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include "bolo-reading.h"

G_BEGIN_DECLS

#define BOLO_CTC_MAX_CLASSES 64
#define BOLO_CTC_MAX_COLUMNS 512

/* How much of the picture is beyond the text: columns from either border to the middle of the
 * nearest character. */
typedef struct {
  float left;
  float right;
} BoloCtcRoom;

/* Takes the best class of each column, merges runs and drops blanks; fills the text, its
 * characters with their alternatives, and the raw confidence: the probability of the text over
 * all ways to write it into the columns. More characters than BOLO_MARK_MAX: no text. @room
 * (nullable) is that of the text, all columns where there is none.
 * @logits: @n_classes rows of @n_columns; the last class is the blank. Pure. */
void bolo_ctc_decode (const float *logits,
                      int n_classes,
                      int n_columns,
                      const char *alphabet,
                      BoloReading *reading,
                      BoloCtcRoom *room);
/* Which of @n_classes kinds the picture as a whole is: each column's logits count alike, divided by
 * @temperature. Gives the likeliest with its probability. @logits: rows of @n_columns. Pure. */
int bolo_ctc_choose_whole (
  const float *logits, int n_classes, int n_columns, float temperature, float *probability);
/* That something covers a character: of the column of which it is likeliest, 0 to 1. @logits: one
 * row of @n_columns; @rare: log-odds by which covers are rarer than where the net learnt them.
 * Pure. */
float bolo_ctc_find_covered (const float *logits, int n_columns, float rare);
/* Probability of @classes (@n of them) over all alignments. @probabilities: @n_columns rows of
 * @n_classes. Pure. */
double bolo_ctc_get_probability (
  const float *probabilities, int n_classes, int n_columns, const int *classes, guint n);

G_END_DECLS
