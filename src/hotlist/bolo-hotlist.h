/* bolo-hotlist.h: the lists that the car holds: import, revisions, the index in force
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "bolo-clock.h"
#include "bolo-import-options.h"
#include "bolo-list-index.h"
#include "bolo-plate-rules.h"

G_BEGIN_DECLS

/* BoloHotlist: owns the lists under STATE/lists and publishes the index in force. ref_index, match
 * and get_rules from any thread; the rest does file work: from a worker or a program without a
 * screen, one call at a time (calls wait for each other). */
#define BOLO_TYPE_HOTLIST (bolo_hotlist_get_type ())
G_DECLARE_FINAL_TYPE (BoloHotlist, bolo_hotlist, BOLO, HOTLIST, GObject)

BoloHotlist *bolo_hotlist_new (const char *state_dir, BoloPlateRules *rules, BoloClock *clock);
/* Opens all current revisions. A list that cannot be read keeps the others working: TRUE, with its
 * trouble in the index's health and in @problems (nullable): of char *, sentences, appended. FALSE
 * when the folder cannot be read at all. No lists: TRUE. */
gboolean bolo_hotlist_load (BoloHotlist *self, GPtrArray *problems, GError **error);
/* Reads the file as a new revision of the list, makes it durable, swaps it in and publishes it;
 * many changes are then merged with what they change. Bad rows are in the report and the rest is
 * loaded. @report (out) (nullable): also of a list that was refused, as far as it was read. What
 * was in force stays on any error. Errors: NOT_FOUND; INVALID_DATA (no list at all, no usable row,
 * too many bad ones); SIGNATURE (not signed, and nobody's word for it, or not by a trusted key);
 * STALE (older than what is held, or changes to something else); NOTHING_TO_DO (the very same list
 * is in force); NO_SPACE; PERMISSION. */
gboolean bolo_hotlist_import (BoloHotlist *self,
                              const BoloImportOptions *options,
                              BoloImportReport **report,
                              GError **error);
/* As import, but nothing is stored and nobody need answer for it: a recording's lists. @map_path
 * (nullable). */
gboolean bolo_hotlist_load_recording_list (BoloHotlist *self,
                                           const char *path,
                                           const char *name,
                                           const char *kind,
                                           const char *map_path,
                                           BoloImportReport **report,
                                           GError **error);
/* Trusts the public key in the file: lists that it signed are taken. @name (out) (nullable). */
gboolean bolo_hotlist_trust (BoloHotlist *self, const char *path, char **name, GError **error);
/* (transfer full): names of the trusted keys; NULL-terminated. */
char **bolo_hotlist_get_trusted (BoloHotlist *self);
/* Takes a list out of force and removes its files. NOT_FOUND if there is none. */
gboolean bolo_hotlist_remove (BoloHotlist *self, const char *name, GError **error);
/* Titles for the screen, by list name; before load. */
void bolo_hotlist_set_title (BoloHotlist *self, const char *name, const char *title);
/* (transfer full), never NULL */
BoloListIndex *bolo_hotlist_ref_index (BoloHotlist *self);
/* Shortcut: normalises @text and matches it against the index in force. (transfer full) */
GPtrArray *bolo_hotlist_match (BoloHotlist *self, const char *text, gint64 now_us);

G_END_DECLS
