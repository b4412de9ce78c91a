/* bolo-list-settings.h: what a force wants of its lists: ages, bad rows, who may sign
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloListSettings: STATE/lists.conf, immutable after load. */
typedef struct _BoloListSettings BoloListSettings;

/* Of one list. Lent. */
typedef struct {
  gint64 warn_age_us;  /* 0: no limit */
  gint64 stale_age_us; /* 0: no limit */
  guint max_bad_percent;
  gboolean takes_unsigned; /* on an administrator's word */
  char **keys;             /* (nullable): names of the keys that may sign it; NULL: any trusted */
} BoloListRules;

/* Where there is no file all is as it comes. A mistake names file, line and key. */
BoloListSettings *bolo_list_settings_load (const char *path, GError **error);
BoloListSettings *bolo_list_settings_new_default (void);
void bolo_list_settings_free (BoloListSettings *self);
/* (transfer none): of [list NAME], with [lists] where that says nothing. */
const BoloListRules *bolo_list_settings_find (const BoloListSettings *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListSettings, bolo_list_settings_free)

G_END_DECLS
