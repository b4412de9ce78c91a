/* bolo-desk-rules.c: what an officer may ask of records and lists, as bolo.conf says it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-desk-rules.h"

#include <string.h>

/* A watch entry is a stopgap until a list has it; a silence lasts until the list's owner has
 * answered. Both can be made anew. */
#define ENDED_KEPT_DEFAULT_DAYS 7
#define WATCH_DEFAULT_H 72
#define WATCH_MOST_H (31 * 24)
#define SILENCE_DEFAULT_H 24
#define SILENCE_MOST_H (7 * 24)

const char *const bolo_desk_search_keys[] = {"reasons", NULL};
const char *const bolo_desk_watch_keys[] = {"max_h", "silence_max_h", NULL};
const char *const bolo_desk_own_keys[] = {"marks", NULL};

static const char *const default_reasons[] = {"crime",   "missing-person", "intelligence",
                                              "traffic", "safety",         NULL};

BoloDeskRules *
bolo_desk_rules_new (void)
{
  BoloDeskRules *self = g_new0 (BoloDeskRules, 1);

  self->search_reasons = g_strdupv ((char **) default_reasons);
  self->watch_max_us = WATCH_DEFAULT_H * G_TIME_SPAN_HOUR;
  self->silence_max_us = SILENCE_DEFAULT_H * G_TIME_SPAN_HOUR;
  self->ended_kept_us = ENDED_KEPT_DEFAULT_DAYS * G_TIME_SPAN_DAY;
  self->own_marks = g_new0 (char *, 1);
  return self;
}

void
bolo_desk_rules_free (BoloDeskRules *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->officer);
  g_strfreev (self->search_reasons);
  g_strfreev (self->own_marks);
  g_free (self);
}

static gboolean
read_hours (BoloKeyFile *file, const char *key, gint64 most_h, gint64 *value_us, GError **error)
{
  gint64 hours;

  if (!bolo_key_file_get_int (file, "watch", key, 1, most_h, *value_us / G_TIME_SPAN_HOUR, &hours,
                              error))
    return FALSE;
  *value_us = hours * G_TIME_SPAN_HOUR;
  return TRUE;
}

static gboolean
read_reasons (BoloDeskRules *self, BoloKeyFile *file, GError **error)
{
  g_auto (GStrv) reasons = NULL;

  if (!bolo_key_file_has_key (file, "search", "reasons"))
    return TRUE;
  reasons = bolo_key_file_get_list (file, "search", "reasons");
  if (reasons[0] == NULL) {
    bolo_key_file_set_error (file, "search", "reasons",
                             "name at least one reason for a search: reasons=crime;traffic", error);
    return FALSE;
  }
  g_strfreev (self->search_reasons);
  self->search_reasons = g_steal_pointer (&reasons);
  return TRUE;
}

static void
read_own_marks (BoloDeskRules *self, BoloKeyFile *file)
{
  g_auto (GStrv) groups = bolo_key_file_get_groups (file);
  g_autoptr (GStrvBuilder) marks = g_strv_builder_new ();

  for (guint i = 0; groups[i] != NULL; i++) {
    if (g_str_has_prefix (groups[i], "own ")) {
      g_auto (GStrv) some = bolo_key_file_get_list (file, groups[i], "marks");

      g_strv_builder_addv (marks, (const char **) some);
    }
  }
  g_strfreev (self->own_marks);
  self->own_marks = g_strv_builder_end (marks);
}

gboolean
bolo_desk_rules_read (BoloDeskRules *self, BoloKeyFile *file, GError **error)
{
  g_return_val_if_fail (self != NULL && file != NULL, FALSE);

  g_free (self->officer);
  self->officer = bolo_key_file_get_string (file, "patrol", "officer", NULL);
  read_own_marks (self, file);
  return read_reasons (self, file, error) &&
         read_hours (file, "max_h", WATCH_MOST_H, &self->watch_max_us, error) &&
         read_hours (file, "silence_max_h", SILENCE_MOST_H, &self->silence_max_us, error);
}

BoloDeskRules *
bolo_desk_rules_load (const char *path, GError **error)
{
  static const char *const any[] = {"*", NULL};
  const BoloKeySpec specs[] = {{"search", bolo_desk_search_keys},
                               {"watch", bolo_desk_watch_keys},
                               {"own *", bolo_desk_own_keys},
                               {"*", any},
                               {NULL, NULL}};
  g_autoptr (BoloDeskRules) self = bolo_desk_rules_new ();
  g_autoptr (BoloKeyFile) file = NULL;

  if (path == NULL)
    return g_steal_pointer (&self);
  file = bolo_key_file_load (path, specs, error);
  if (file == NULL || !bolo_desk_rules_read (self, file, error))
    return NULL;
  return g_steal_pointer (&self);
}
