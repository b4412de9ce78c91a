/* bolo-ctc.c: decodes the reader's columns (connectionist temporal classification)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-vision"

#include "bolo-ctc.h"

#include <math.h>
#include <string.h>

#define LEAST_ALTERNATIVE 0.005f

/* Columns as rows of probabilities that add up to one. */
static void
compute_probabilities (const float *logits, int n_classes, int n_columns, float *probabilities)
{
  for (int column = 0; column < n_columns; column++) {
    float *row = probabilities + column * n_classes;
    float most = -INFINITY;
    float sum = 0;

    for (int k = 0; k < n_classes; k++)
      most = MAX (most, logits[k * n_columns + column]);
    for (int k = 0; k < n_classes; k++) {
      row[k] = expf (logits[k * n_columns + column] - most);
      sum += row[k];
    }
    for (int k = 0; k < n_classes; k++)
      row[k] /= sum;
  }
}

static int
get_best_class (const float *row, int n_classes)
{
  int best = 0;

  for (int k = 1; k < n_classes; k++)
    if (row[k] > row[best])
      best = k;
  return best;
}

/* What else the run of columns [@from, @to) might be: the mean of each class over them. */
static void
fill_alternatives (BoloReadCharacter *character,
                   const float *probabilities,
                   int n_classes,
                   int from,
                   int to,
                   int own,
                   const char *alphabet)
{
  float means[BOLO_CTC_MAX_CLASSES] = {0};

  for (int column = from; column < to; column++)
    for (int k = 0; k < n_classes - 1; k++)
      means[k] += probabilities[column * n_classes + k] / (float) (to - from);
  means[own] = 0;
  for (int i = 0; i < BOLO_ALTERNATIVES_MAX; i++) {
    int best = get_best_class (means, n_classes - 1);

    if (means[best] < LEAST_ALTERNATIVE)
      break;
    character->alternatives[i].character = alphabet[best];
    character->alternatives[i].probability = means[best];
    means[best] = 0;
  }
}

double
bolo_ctc_get_probability (
  const float *probabilities, int n_classes, int n_columns, const int *classes, guint n)
{
  /* states: blank, first, blank, second, … blank */
  double now[2 * BOLO_MARK_MAX + 1] = {0};
  guint n_states = 2 * n + 1;
  int blank = n_classes - 1;

  g_return_val_if_fail (n <= BOLO_MARK_MAX, 0);

  for (int column = 0; column < n_columns; column++) {
    const float *row = probabilities + column * n_classes;
    double next[2 * BOLO_MARK_MAX + 1] = {0};

    for (guint s = 0; s < n_states; s++) {
      int k = s % 2 == 0 ? blank : classes[s / 2];
      double sum = now[s];

      if (column == 0) {
        sum = s <= 1 ? 1 : 0;
      } else {
        if (s > 0)
          sum += now[s - 1];
        if (s > 2 && s % 2 == 1 && classes[s / 2] != classes[s / 2 - 1])
          sum += now[s - 2];
      }
      next[s] = sum * row[k];
    }
    memcpy (now, next, sizeof now);
  }
  return now[n_states - 1] + (n_states > 1 ? now[n_states - 2] : 0);
}

void
bolo_ctc_decode (const float *logits,
                 int n_classes,
                 int n_columns,
                 const char *alphabet,
                 BoloReading *reading,
                 BoloCtcRoom *room)
{
  g_autofree float *probabilities = NULL;
  BoloCtcRoom unwanted;
  int classes[BOLO_MARK_MAX];
  guint n = 0;
  int column = 0;

  g_return_if_fail (logits != NULL && alphabet != NULL && reading != NULL);
  g_return_if_fail (n_classes > 1 && n_classes <= BOLO_CTC_MAX_CLASSES);
  g_return_if_fail (n_columns > 0 && n_columns <= BOLO_CTC_MAX_COLUMNS);

  if (room == NULL)
    room = &unwanted;
  room->left = room->right = (float) n_columns;
  reading->n_characters = 0;
  reading->confidence = 0;
  reading->text[0] = '\0';
  memset (reading->characters, 0, sizeof reading->characters);
  probabilities = g_new (float, (gsize) n_classes *(gsize) n_columns);
  compute_probabilities (logits, n_classes, n_columns, probabilities);
  while (column < n_columns) {
    int from = column;
    int own = get_best_class (probabilities + column * n_classes, n_classes);
    float most = 0;

    while (column < n_columns &&
           get_best_class (probabilities + column * n_classes, n_classes) == own) {
      most = MAX (most, probabilities[column * n_classes + own]);
      column++;
    }
    if (own == n_classes - 1)
      continue;
    room->right = (float) n_columns - (float) (from + column) / 2;
    if (n == 0)
      room->left = (float) (from + column) / 2;
    if (n == BOLO_MARK_MAX) {
      reading->text[0] = '\0';
      return;
    }
    classes[n] = own;
    reading->text[n] = alphabet[own];
    reading->text[n + 1] = '\0';
    reading->characters[n].character = alphabet[own];
    reading->characters[n].probability = most;
    fill_alternatives (&reading->characters[n], probabilities, n_classes, from, column, own,
                       alphabet);
    n++;
  }
  reading->n_characters = n;
  if (n > 0)
    reading->confidence =
      (float) bolo_ctc_get_probability (probabilities, n_classes, n_columns, classes, n);
}

int
bolo_ctc_choose_whole (
  const float *logits, int n_classes, int n_columns, float temperature, float *probability)
{
  float means[BOLO_CTC_MAX_CLASSES] = {0};
  float sum = 0;
  int best;

  g_return_val_if_fail (logits != NULL && probability != NULL, 0);
  g_return_val_if_fail (n_classes > 0 && n_classes <= BOLO_CTC_MAX_CLASSES, 0);
  g_return_val_if_fail (n_columns > 0 && temperature > 0, 0);

  for (int k = 0; k < n_classes; k++)
    for (int column = 0; column < n_columns; column++)
      means[k] += logits[k * n_columns + column] / ((float) n_columns * temperature);
  best = get_best_class (means, n_classes);
  for (int k = 0; k < n_classes; k++)
    sum += expf (means[k] - means[best]);
  *probability = 1 / sum;
  return best;
}

float
bolo_ctc_find_covered (const float *logits, int n_columns, float rare)
{
  float most = -INFINITY;

  g_return_val_if_fail (logits != NULL && n_columns > 0, 0);

  for (int column = 0; column < n_columns; column++)
    most = MAX (most, logits[column]);
  return 1 / (1 + expf (rare - most));
}
