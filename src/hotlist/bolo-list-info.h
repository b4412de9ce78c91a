/* bolo-list-info.h: what there is to say of a list that is in force
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-entry.h"
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
} BoloListInfo;

G_END_DECLS
