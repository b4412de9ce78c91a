/* bolo-list-info.h: what there is to say of a list that is in force
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-hit.h"
#include "bolo-match-rules.h"

G_BEGIN_DECLS

/* BoloListInfo: one list as it is loaded. Lent by its index. */
typedef struct {
  char *name;
  char *title; /* for the screen; the name where none was given */
  char *kind;
  char *revision;
  char *signer; /* (nullable): who answers for it, as trust says */
  BoloTrust trust;
  guint64 n_entries;
  guint64 n_rejected;
  guint64 n_covert;
  gint64 loaded_us;                  /* UTC when this revision was imported */
  gint64 dated_us;                   /* UTC as of which the list is */
  const BoloMatchRules *match_rules; /* (nullable): how loosely it is met; NULL: as by default */
  /* By lists.conf; 0: no limit. */
  gint64 warn_age_us;
  gint64 stale_age_us;
} BoloListInfo;

/* By these limits. Any thread. */
BoloListAge bolo_list_info_get_age (const BoloListInfo *self, gint64 now_us);

G_END_DECLS
