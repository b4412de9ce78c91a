/* bolo-match-rules.c: how loosely a list's marks may be met, as its key file says
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-match-rules"

#include "bolo-match-rules.h"

#include "bolo-plate-confusions.h"

#include <string.h>

/* Score that a near match must reach, from this length of the listed mark on. Shorter marks lie so
 * close together that another vehicle's is nearer than a misread one. Measured: docs/matching.md.
 */
static const struct {
  guint length;
  double score;
} defaults[] = {{6, 0.1}};

static void
set_from (BoloMatchRules *self, guint length, double score)
{
  for (; length <= BOLO_PLATE_LENGTH_MAX; length++)
    self->near_limit[length] = bolo_plate_confusions_make_cost (score) + 1;
}

void
bolo_match_rules_init (BoloMatchRules *self)
{
  g_return_if_fail (self != NULL);

  *self = (BoloMatchRules){.has_folded = TRUE, .has_edits = TRUE};
  for (gsize i = 0; i < G_N_ELEMENTS (defaults); i++)
    set_from (self, defaults[i].length, defaults[i].score);
}

/* "5:0.25;6:0.1": in order of length; shorter marks than the first are not near. */
static gboolean
load_scores (BoloMatchRules *self, BoloKeyFile *file, const char *group, GError **error)
{
  g_auto (GStrv) texts = bolo_key_file_get_list (file, group, "near_score");
  guint64 last = 0;

  memset (self->near_limit, 0, sizeof self->near_limit);
  for (guint i = 0; texts[i] != NULL; i++) {
    const char *text = g_strstrip (texts[i]);
    char *colon = NULL;
    char *end = NULL;
    guint64 length = g_ascii_strtoull (text, &colon, 10);
    double score = colon != text && *colon == ':' ? g_ascii_strtod (colon + 1, &end) : 0;

    if (end == NULL || end == colon + 1 || *end != '\0' || length <= last ||
        length > BOLO_PLATE_LENGTH_MAX || !(score > 0 && score < 1)) {
      bolo_key_file_set_error (file, group, "near_score",
                               "write LENGTH:SCORE;LENGTH:SCORE, lengths from 1 to 12 in rising "
                               "order, scores above 0 and below 1",
                               error);
      return FALSE;
    }
    set_from (self, (guint) length, score);
    last = length;
  }
  return TRUE;
}

gboolean
bolo_match_rules_load (BoloMatchRules *self, BoloKeyFile *file, const char *group, GError **error)
{
  static const char *const choices[] = {"off", "alternatives", "edits", NULL};
  int near = 2;

  g_return_val_if_fail (self != NULL && file != NULL && group != NULL, FALSE);

  bolo_match_rules_init (self);
  if (!bolo_key_file_get_boolean (file, group, "folded", TRUE, &self->has_folded, error) ||
      !bolo_key_file_get_choice (file, group, "near", choices, 2, &near, error))
    return FALSE;
  if (bolo_key_file_has_key (file, group, "near_score") && !load_scores (self, file, group, error))
    return FALSE;
  self->has_edits = near == 2;
  if (near == 0)
    memset (self->near_limit, 0, sizeof self->near_limit);
  return TRUE;
}

void
bolo_match_rules_widen (BoloMatchRules *self, const BoloMatchRules *other)
{
  g_return_if_fail (self != NULL && other != NULL);

  self->has_folded = self->has_folded || other->has_folded;
  self->has_edits = self->has_edits || other->has_edits;
  for (guint i = 0; i <= BOLO_PLATE_LENGTH_MAX; i++)
    self->near_limit[i] = MAX (self->near_limit[i], other->near_limit[i]);
}
