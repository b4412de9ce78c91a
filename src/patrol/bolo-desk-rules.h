/* bolo-desk-rules.h: what an officer may ask of records and lists, as bolo.conf says it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-key-file.h"

G_BEGIN_DECLS

/* BoloDeskRules: typed and checked. Immutable after load. */
typedef struct {
  char *officer;         /* (nullable): of [patrol], for who does not say who he is */
  char **search_reasons; /* codes, at least one */
  gint64 watch_max_us;   /* the longest that a watch entry may last */
  gint64 silence_max_us; /* the longest that an entry may be silenced */
  gint64 ended_kept_us;  /* for how long what has ended is kept; of [store], see patrol's config */
  char **own_marks;      /* as written; of vehicles that raise nothing */
} BoloDeskRules;

/* For the specs of a whole bolo.conf; NULL-terminated. */
extern const char *const bolo_desk_search_keys[];
extern const char *const bolo_desk_watch_keys[];
extern const char *const bolo_desk_own_keys[];

/* The defaults. (transfer full) */
BoloDeskRules *bolo_desk_rules_new (void);
void bolo_desk_rules_free (BoloDeskRules *self);
/* Takes what an open bolo.conf says. */
gboolean bolo_desk_rules_read (BoloDeskRules *self, BoloKeyFile *file, GError **error);
/* Of a bolo.conf (@path NULL: the defaults); other groups are not looked at. (transfer full) */
BoloDeskRules *bolo_desk_rules_load (const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloDeskRules, bolo_desk_rules_free)

G_END_DECLS
