/* bolo-desk-work.h: what an officer asks of records and lists: checked, audited, then done
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-clock.h"
#include "bolo-desk-rules.h"
#include "bolo-desk.h"
#include "bolo-id.h"
#include "bolo-plate-rules.h"

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
/* Opens the files, making them if they are not there. *set_aside (nullable, out, transfer full):
 * the new name of a damaged book. */
gboolean bolo_desk_work_open (BoloDeskWork *self, char **set_aside, GError **error);

/* BoloLookBack: which own sightings to show for what was asked. */
typedef struct {
  char *glob; /* (owned) (nullable): none */
  gint64 from_us;
  gint64 to_us;
} BoloLookBack;

void bolo_look_back_clear (BoloLookBack *self);

/* Checks what @officer asks (INVALID_DATA; PERMISSION where somebody must authorise it; NOT_FOUND),
 * puts it into the audit, and does it. Nothing may be shown before this has returned TRUE; then
 * @look_back (out) says what. */
gboolean bolo_desk_work_do (BoloDeskWork *self,
                            const BoloAsk *ask,
                            const char *officer,
                            BoloLookBack *look_back,
                            GError **error);
/* Ends what is over, each audited; *n_ended (nullable, out): how many. Forgets what has ended long
 * ago. */
gboolean bolo_desk_work_expire (BoloDeskWork *self, guint *n_ended, GError **error);
/* (transfer full): of BoloWatch and of BoloSilence, those in force. */
GPtrArray *bolo_desk_work_list_watches (BoloDeskWork *self, GError **error);
GPtrArray *bolo_desk_work_list_silences (BoloDeskWork *self, GError **error);
/* Another number than before: another program has changed the book. */
gboolean bolo_desk_work_get_change (BoloDeskWork *self, gint64 *change, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloDeskWork, bolo_desk_work_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BoloLookBack, bolo_look_back_clear)

G_END_DECLS
