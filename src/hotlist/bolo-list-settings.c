/* bolo-list-settings.c: what a force wants of its lists: ages, bad rows, who may sign
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-settings"

#include "bolo-list-settings.h"

#include "bolo-key-file.h"
#include "bolo-list-manifest.h"

#define ALL "lists"    /* the group for all lists */
#define ONE "list "    /* … and the beginning of those for one */
#define HOURS_MAX 8784 /* a year: who wants more wants no limit */
#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define MAX_BAD_PERCENT 50 /* a file of another kind has bad rows only */

struct _BoloListSettings {
  BoloListRules all;
  GHashTable *lists; /* (owned): name to BoloListRules */
};

static void
rules_free (gpointer data)
{
  BoloListRules *rules = data;

  g_strfreev (rules->keys);
  g_free (rules);
}

BoloListSettings *
bolo_list_settings_new_default (void)
{
  BoloListSettings *self = g_new0 (BoloListSettings, 1);

  self->all.max_bad_percent = MAX_BAD_PERCENT;
  self->all.takes_unsigned = TRUE;
  self->lists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, rules_free);
  return self;
}

void
bolo_list_settings_free (BoloListSettings *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->all.keys, g_strfreev);
  g_clear_pointer (&self->lists, g_hash_table_unref);
  g_free (self);
}

static gboolean
load_hours (BoloKeyFile *file, const char *group, const char *key, gint64 *age_us, GError **error)
{
  gint64 hours;

  if (!bolo_key_file_get_int (file, group, key, 0, HOURS_MAX, *age_us / HOUR_US, &hours, error))
    return FALSE;
  *age_us = hours * HOUR_US;
  return TRUE;
}

static gboolean
load_keys (BoloKeyFile *file, const char *group, BoloListRules *rules, GError **error)
{
  if (!bolo_key_file_has_key (file, group, "keys"))
    return TRUE;
  g_strfreev (rules->keys);
  rules->keys = bolo_key_file_get_list (file, group, "keys");
  for (guint i = 0; rules->keys[i] != NULL; i++)
    if (!bolo_list_name_is_good (g_strstrip (rules->keys[i]))) {
      bolo_key_file_set_error (file, group, "keys", "name keys as boloctl hotlist trust told them",
                               error);
      return FALSE;
    }
  return TRUE;
}

/* @rules hold what counts where the group says nothing. */
static gboolean
load_rules (BoloKeyFile *file, const char *group, BoloListRules *rules, GError **error)
{
  static const char *const unsigned_choices[] = {"refuse", "ask", NULL};
  gint64 percent;
  int choice;

  if (!load_hours (file, group, "warn_age_h", &rules->warn_age_us, error) ||
      !load_hours (file, group, "stale_age_h", &rules->stale_age_us, error) ||
      !bolo_key_file_get_int (file, group, "max_bad_percent", 0, 100, rules->max_bad_percent,
                              &percent, error) ||
      !bolo_key_file_get_choice (file, group, "unsigned", unsigned_choices, rules->takes_unsigned,
                                 &choice, error) ||
      !load_keys (file, group, rules, error))
    return FALSE;
  rules->max_bad_percent = (guint) percent;
  rules->takes_unsigned = choice == 1;
  if (rules->warn_age_us > 0 && rules->stale_age_us > 0 &&
      rules->warn_age_us > rules->stale_age_us) {
    bolo_key_file_set_error (file, group, "warn_age_h",
                             "a list is to be warned of before it is stale", error);
    return FALSE;
  }
  return TRUE;
}

static gboolean
load_list (BoloListSettings *self, BoloKeyFile *file, const char *group, GError **error)
{
  const char *name = group + sizeof ONE - 1;
  BoloListRules *rules = g_memdup2 (&self->all, sizeof self->all);

  rules->keys = g_strdupv (self->all.keys);
  g_hash_table_insert (self->lists, g_strdup (name), rules);
  return load_rules (file, group, rules, error);
}

BoloListSettings *
bolo_list_settings_load (const char *path, GError **error)
{
  static const char *const keys[] = {"warn_age_h", "stale_age_h", "max_bad_percent",
                                     "unsigned",   "keys",        NULL};
  static const BoloKeySpec specs[] = {{ALL, keys}, {ONE "*", keys}, {NULL, NULL}};
  g_autoptr (BoloListSettings) self = NULL;
  g_autoptr (BoloKeyFile) file = NULL;
  g_auto (GStrv) groups = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = bolo_list_settings_new_default ();
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&self);
  file = bolo_key_file_load (path, specs, error);
  if (file == NULL || !load_rules (file, ALL, &self->all, error))
    return NULL;
  groups = bolo_key_file_get_groups (file);
  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], ONE) && !load_list (self, file, groups[i], error))
      return NULL;
  return g_steal_pointer (&self);
}

const BoloListRules *
bolo_list_settings_find (const BoloListSettings *self, const char *name)
{
  const BoloListRules *rules;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  rules = g_hash_table_lookup (self->lists, name);
  return rules != NULL ? rules : &self->all;
}
