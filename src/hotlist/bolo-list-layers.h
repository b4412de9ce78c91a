/* bolo-list-layers.h: one list as it is in force: a base and the overlays over it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-index-builder.h"
#include "bolo-index-file.h"
#include "bolo-list-info.h"

G_BEGIN_DECLS

/* An overlay takes its deletions from all below it before it adds its own. Together, overlays that
 * hold or take away more than this share of the base are due to be merged with it; fewer changes
 * in more layers than that, which each cost a match a look-up, are due to become one overlay. */
#define BOLO_LIST_MERGE_PERCENT 5
#define BOLO_LIST_LAYERS_MAX 8

/* What the layers of a list should become. */
typedef enum {
  BOLO_LIST_MERGE_NOTHING,
  BOLO_LIST_MERGE_CHANGES, /* one overlay over the base that is there */
  BOLO_LIST_MERGE_ALL,     /* one base */
} BoloListMerge;

/* BoloListLayers: immutable, atomically counted; all but merge lock-free from any thread. */
typedef struct _BoloListLayers BoloListLayers;

/* Where an entry stands. */
typedef struct {
  guint32 layer;
  guint32 place;
} BoloListPlace;

/* @info: texts, revision and times are copied, n_entries and n_covert are counted here.
 * @files: of BoloIndexFile, the base first. INVALID_DATA when an overlay is for other layers than
 * those below it. */
BoloListLayers *bolo_list_layers_new (const BoloListInfo *info,
                                      GPtrArray *files,
                                      BoloPlateRules *rules,
                                      GError **error);
BoloListLayers *bolo_list_layers_ref (BoloListLayers *self);
void bolo_list_layers_unref (BoloListLayers *self);
const BoloListInfo *bolo_list_layers_get_info (const BoloListLayers *self);
/* (transfer none): of BoloIndexFile, the base first. */
GPtrArray *bolo_list_layers_get_files (BoloListLayers *self);
guint64 bolo_list_layers_count_weeded (BoloListLayers *self, gint64 now_us);
guint bolo_list_layers_get_n_damaged (BoloListLayers *self);

/* Appends a BoloListPlace to @places for each entry of each of the @n @hashes, and the hash's index
 * to @which (nullable) (of guint32); what overlays took away is not among them. */
void bolo_list_layers_find (
  BoloListLayers *self, const guint64 *hashes, guint n, GArray *places, GArray *which);
/* Appends a BoloListPlace to @places for each pattern that @folded fits, and how many letters and
 * digits it gives to @literals (of guint32). */
void bolo_list_layers_find_patterns (
  BoloListLayers *self, const char *folded, guint length, GArray *places, GArray *literals);
/* (transfer full) (nullable): the whole entry, NULL where the disk's copy is damaged. */
BoloListEntry *bolo_list_layers_make_entry (BoloListLayers *self, BoloListPlace at);

BoloListMerge bolo_list_layers_get_due_merge (BoloListLayers *self);
/* Builds one layer in @directory, of all layers or of the changes; rows keep their numbers. On a
 * worker: takes about 2 s a million entries that are read. @is_cancelled (nullable) (atomic):
 * looked at between rows; BUSY when it is set. */
gboolean bolo_list_layers_merge (BoloListLayers *self,
                                 BoloListMerge merge,
                                 const char *directory,
                                 const int *is_cancelled,
                                 BoloIndexSummary *summary,
                                 GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListLayers, bolo_list_layers_unref)

G_END_DECLS
