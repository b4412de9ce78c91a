/* bolo-list-entry.h: a wanted mark and why it is wanted
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  BOLO_ACTION_STOP,
  BOLO_ACTION_SILENT,  /* raises nothing in the car; journalled only */
  BOLO_ACTION_UNKNOWN, /* a word that we do not know: loud */
} BoloAction;

/* BoloListEntry: one row of one list. Texts are as the list gave them, NULL where it gave none.
 * Immutable, atomically counted. */
typedef struct {
  char *list;      /* list name */
  char *list_kind; /* key of the alert policy: "stolen", "response", "no-insurance", "voi" */
  char *entry_id;  /* "LISTNAME/ROW", stable within a revision */
  char *plate;     /* normalised */
  char *plate_folded;
  char *make;
  char *model;
  char *colour;
  BoloAction action;
  char *action_text;
  gboolean is_covert; /* marked covert, or silent */
  char **markers;     /* (nullable) NULL-terminated warning markers, gravest as the list orders */
  char *reason;
  char *grading;
  char *information;
  char *force;
  gint64 weed_us; /* UTC end of the weed day; G_MAXINT64 when it has none */
  char *pnc_id;
  char *marking;
  char *cad;
  char *instructions;
  char *source_reference;
  char *list_revision;
  gint64 list_loaded_us; /* UTC when this revision was imported */
  gint64 list_dated_us;  /* UTC that the list itself is as of (file time when it says none) */
} BoloListEntry;

BoloListEntry *bolo_list_entry_new (void);
BoloListEntry *bolo_list_entry_ref (const BoloListEntry *self);
void bolo_list_entry_unref (const BoloListEntry *self);
gboolean bolo_list_entry_is_weeded (const BoloListEntry *self, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListEntry, bolo_list_entry_unref)

G_END_DECLS
