/* bolo-list-problem.c: what is wrong with one field of a list
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-problem.h"

#define VALUE_SHOWN_MAX 40 /* characters of a bad value that a sentence repeats */

/* What a person can read of a field: valid text without control characters, cut short. */
static char *
make_shown (const char *text, gsize length)
{
  g_autofree char *cut = g_utf8_make_valid (text, (gssize) MIN (length, 4 * VALUE_SHOWN_MAX));
  g_autoptr (GString) shown = g_string_new (NULL);
  guint n_characters = 0;

  for (const char *cursor = cut; *cursor != '\0'; cursor = g_utf8_next_char (cursor)) {
    gunichar character = g_utf8_get_char (cursor);

    if (n_characters++ == VALUE_SHOWN_MAX) {
      g_string_append (shown, "…");
      break;
    }
    g_string_append_unichar (shown, g_unichar_iscntrl (character) ? ' ' : character);
  }
  return g_string_free (g_steal_pointer (&shown), FALSE);
}

BoloListProblem *
bolo_list_problem_new (guint64 row,
                       guint64 line,
                       gboolean is_rejected,
                       const char *column,
                       const char *value,
                       gsize length,
                       const char *reason)
{
  BoloListProblem *self;

  g_return_val_if_fail (column != NULL && value != NULL && reason != NULL, NULL);

  self = g_new0 (BoloListProblem, 1);
  self->row = row;
  self->line = line;
  self->is_rejected = is_rejected;
  self->column = g_strdup (column);
  self->value = make_shown (value, length);
  self->reason = g_strdup (reason);
  return self;
}

void
bolo_list_problem_free (BoloListProblem *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->column, g_free);
  g_clear_pointer (&self->value, g_free);
  g_clear_pointer (&self->reason, g_free);
  g_free (self);
}

char *
bolo_list_problem_to_string (const BoloListProblem *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strdup_printf ("row %" G_GUINT64_FORMAT " (line %" G_GUINT64_FORMAT
                          "), column %s: '%s' %s; %s",
                          self->row, self->line, self->column, self->value, self->reason,
                          self->is_rejected ? "the row was left out" : "the row was kept");
}
