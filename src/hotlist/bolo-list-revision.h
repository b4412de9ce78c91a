/* bolo-list-revision.h: a list's revisions on the disk: opened, imported, merged, swapped, cleaned
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-import-options.h"
#include "bolo-list-layers.h"
#include "bolo-list-settings.h"

G_BEGIN_DECLS

/* BoloListStore: where lists are and by which rules. Lent. All that changes something is called
 * under the folder's lock. Inside the room only. */
typedef struct {
  const char *lists; /* folder */
  const char *keys;  /* folder of the trusted keys */
  const BoloListSettings *settings;
  BoloPlateRules *rules;
  gint64 now_us;
} BoloListStore;

/* Opens the revision that @name's manifest names. @title (nullable). */
BoloListLayers *bolo_list_revision_open (const BoloListStore *store,
                                         const char *name,
                                         const char *title,
                                         GError **error);
/* Makes a new revision of a file and swaps it in. @report is filled as far as it went. The old one
 * stays in force on any error. */
gboolean bolo_list_revision_import (const BoloListStore *store,
                                    const BoloImportOptions *options,
                                    BoloImportReport *report,
                                    GError **error);
/* Makes one base of @layers, which are what is in force, and swaps it in. */
gboolean
bolo_list_revision_merge (const BoloListStore *store, BoloListLayers *layers, GError **error);
/* As import, but kept nowhere: a recording's list. */
BoloListLayers *bolo_list_revision_replay (const BoloListStore *store,
                                           const BoloImportOptions *options,
                                           const char *title,
                                           BoloImportReport *report,
                                           GError **error);
/* Removes what a power cut or a kill left of imports: layers that no manifest names. */
void bolo_list_revision_clean (const BoloListStore *store, const char *name);

G_END_DECLS
