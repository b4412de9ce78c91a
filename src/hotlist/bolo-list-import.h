/* bolo-list-import.h: makes a layer of a list from a file
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-import-options.h"
#include "bolo-index-builder.h"

G_BEGIN_DECLS

/* BoloListImport: what one import is given, and what it finds. Inside the room only. */
typedef struct {
  const BoloImportOptions *options;
  BoloPlateRules *rules;
  const char *path;         /* of the list's file, which nobody else changes now */
  const char *layer;        /* folder, empty, for the files that are made */
  const char *format;       /* a word, or "auto" */
  gboolean is_delta;        /* what the list's owner says; … */
  gboolean is_delta_signed; /* … and whether nothing else may be found */
  GPtrArray *below;         /* (nullable): of BoloIndexFile: the layers that are in force */
  guint max_bad_percent;
  BoloImportReport *report; /* its counts and problems are filled */
} BoloListImport;

/* Builds the layer's files, durable. INVALID_DATA for a list that cannot be used: its report says
 * why, row by row. */
gboolean bolo_list_import_run (BoloListImport *self, BoloIndexSummary *summary, GError **error);

G_END_DECLS
