/* bolo-cli-bench-list.h: a made-up list of any size on disk, for benches
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-cli.h"
#include "bolo-list-index.h"

G_BEGIN_DECLS

#define BOLO_BENCH_ENTRIES_MAX G_GINT64_CONSTANT (100000000)
#define BOLO_BENCH_PATTERNS 1000 /* watch entries of a busy force */

/* BoloBenchList: marks of bolo_cli_make_mark, in a folder of its own below --state. */
typedef struct {
  BoloPlateRules *rules;  /* (owned) */
  char *folder;           /* (owned) (nullable) */
  GPtrArray *files;       /* (owned): of BoloIndexFile, the layers that are open */
  BoloListLayers *layers; /* (owned) (nullable): the same as one list */
  GMutex lock;            /* for index, where others read while a layer is added */
  BoloListIndex *index;   /* (owned) (nullable): in force */
  BoloIndexSummary summary;
  gint64 n_entries;
  guint64 seed;
} BoloBenchList;

/* Makes the folder and builds the base in it; tells progress. */
gboolean bolo_bench_list_build (
  BoloBenchList *self, BoloCli *cli, gint64 n_entries, guint64 seed, GError **error);
/* Removes the folder too. */
void bolo_bench_list_clear (BoloBenchList *self);
/* (transfer full): what is in force, as the terminal's readers take it. Any thread. */
BoloListIndex *bolo_bench_list_ref_index (BoloBenchList *self);
/* Opens the base anew and puts it in force. */
gboolean bolo_bench_list_open (BoloBenchList *self, GError **error);
/* (transfer full): a new folder @name in ours. */
char *bolo_bench_list_make_folder (BoloBenchList *self, const char *name, GError **error);
/* Opens an overlay that was built in the folder @name and puts it in force with the rest. */
gboolean bolo_bench_list_add_layer (BoloBenchList *self, const char *name, GError **error);
/* Has the system forget what it holds of the base in memory: the next look waits for the disk. */
void bolo_bench_list_forget (BoloBenchList *self);
/* Has it hold all of the base in memory, as after a day's work. */
void bolo_bench_list_warm (BoloBenchList *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BoloBenchList, bolo_bench_list_clear)

G_END_DECLS
