/* bolo-hotlist.h: the lists that the car holds: import, revisions, the index in force
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "bolo-clock.h"
#include "bolo-list-index.h"
#include "bolo-plate-rules.h"

G_BEGIN_DECLS

/* BoloImportReport: what an import made of a file. */
typedef struct {
  char *name;
  char *kind;
  char *revision;
  guint64 n_entries;
  guint64 n_rejected;
  guint64 n_warnings; /* rows that were kept without a field that made no sense */
  guint64 n_weeded;   /* past their weed date already */
  guint64 n_covert;
  GPtrArray *problems; /* of BoloListProblem, the first 1000 */
} BoloImportReport;

void bolo_import_report_free (BoloImportReport *self);

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
/* Stages @path as a new revision of @name, makes it durable, swaps it in and publishes it. Bad rows
 * are in the report and the rest is loaded. @map_path (nullable): a column map. @report (out)
 * (nullable). Errors: NOT_FOUND, INVALID_DATA (no usable row, no list at all: the old revision
 * stays), NOTHING_TO_DO (the very same list is in force), NO_SPACE, PERMISSION. */
gboolean bolo_hotlist_import (BoloHotlist *self,
                              const char *path,
                              const char *name,
                              const char *kind,
                              const char *map_path,
                              BoloImportReport **report,
                              GError **error);
/* As import, in memory only: nothing is stored. For a recording's lists. */
gboolean bolo_hotlist_load_recording_list (BoloHotlist *self,
                                           const char *path,
                                           const char *name,
                                           const char *kind,
                                           const char *map_path,
                                           BoloImportReport **report,
                                           GError **error);
/* Takes a list out of force and removes its files. NOT_FOUND if there is none. */
gboolean bolo_hotlist_remove (BoloHotlist *self, const char *name, GError **error);
/* Titles for the screen, by list name; before load. */
void bolo_hotlist_set_title (BoloHotlist *self, const char *name, const char *title);
/* (transfer full), never NULL */
BoloListIndex *bolo_hotlist_ref_index (BoloHotlist *self);
/* Shortcut: normalises @text and matches it against the index in force. (transfer full) */
GPtrArray *bolo_hotlist_match (BoloHotlist *self, const char *text, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloImportReport, bolo_import_report_free)

G_END_DECLS
