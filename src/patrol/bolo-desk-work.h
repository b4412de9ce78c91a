/* bolo-desk-work.h: what an officer asks of records and lists: checked, audited, then done
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-clock.h"
#include "bolo-desk-rules.h"
#include "bolo-id.h"
#include "bolo-plate-rules.h"
#include "bolo-search.h"

G_BEGIN_DECLS

/* BoloDeskWork: holds the audit and the book of what was made in the car. All functions: the thread
 * that opened it, which waits for the disk. */
typedef struct _BoloDeskWork BoloDeskWork;

/* @desk is lent and outlives it. */
BoloDeskWork *bolo_desk_work_new (const char *state_dir,
                                  BoloPlateRules *rules,
                                  const BoloDeskRules *desk,
                                  BoloClock *clock,
                                  BoloIdSource *ids);
void bolo_desk_work_free (BoloDeskWork *self);
/* Opens the files, making them if they are not there. */
gboolean bolo_desk_work_open (BoloDeskWork *self, GError **error);

/* Checks the search (INVALID_DATA, or PERMISSION where somebody must authorise it) and puts it into
 * the audit. *glob (out, transfer full): what to ask the store. Nothing may be shown before this
 * has returned TRUE. */
gboolean bolo_desk_work_allow_search (BoloDeskWork *self,
                                      const BoloSearch *search,
                                      char **glob,
                                      GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloDeskWork, bolo_desk_work_free)

G_END_DECLS
