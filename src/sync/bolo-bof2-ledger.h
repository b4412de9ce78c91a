/* bolo-bof2-ledger.h: by which mark and time each read is known to a BOF2 back office
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloBof2Read: one read as it was, or will be, sent. Lent by its ledger until the next change. */
typedef struct {
  char *sighting;
  char *vrm;
  char *time; /* the one text of its capture: written before it is first sent, never made again */
  int camera;
  gint64 added_us;    /* UTC */
  gboolean is_sent;   /* the back office has acknowledged its text … */
  gboolean has_plate; /* … with this picture in it */
  gboolean has_overview;
} BoloBof2Read;

/* BoloBof2Ledger: FOLDER/reads.txt, appended to; durable with sync. Only its owner can read it: it
 * holds marks. sync's worker. */
typedef struct _BoloBof2Ledger BoloBof2Ledger;

/* Reads of before @oldest_us are forgotten. A last line that was cut off is, too. */
BoloBof2Ledger *bolo_bof2_ledger_open (const char *folder, gint64 oldest_us, GError **error);
void bolo_bof2_ledger_free (BoloBof2Ledger *self);
/* (nullable): of that sighting and mark; @vrm NULL: its newest that is sent. */
const BoloBof2Read *
bolo_bof2_ledger_find (BoloBof2Ledger *self, const char *sighting, const char *vrm);
/* Not on the disk before the next sync. */
const BoloBof2Read *bolo_bof2_ledger_add (BoloBof2Ledger *self, const BoloBof2Read *read);
void bolo_bof2_ledger_note_sent (BoloBof2Ledger *self,
                                 const char *sighting,
                                 const char *vrm,
                                 gboolean has_plate,
                                 gboolean has_overview);
/* Makes all of that durable. */
gboolean bolo_bof2_ledger_sync (BoloBof2Ledger *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloBof2Ledger, bolo_bof2_ledger_free)

G_END_DECLS
