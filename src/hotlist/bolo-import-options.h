/* bolo-import-options.h: what an import is asked, and what it tells
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-entry.h"
#include "bolo-list-problem.h"

G_BEGIN_DECLS

#define BOLO_IMPORT_PROBLEMS_MAX                                                                   \
  1000 /* a wrong file has one a row; a person reads the first few                                 \
        */

/* @fraction: from 0 to 1, or -1 where it is not known. In the thread that imports. */
typedef void (*BoloImportProgress) (guint64 n_rows, double fraction, gpointer data);
/* Every problem as it is found, also those beyond the report's first ones. */
typedef void (*BoloImportProblem) (const BoloListProblem *problem, gpointer data);

/* BoloImportOptions: all lent for the call. */
typedef struct {
  const char *path;
  const char *name;        /* of the list */
  const char *kind;        /* (nullable): what its signature says, or what it was, or its name */
  const char *format;      /* (nullable): "csv", "ncic" …; "auto" by itself */
  const char *map;         /* (nullable): path of a column map, instead of a format */
  const char *signature;   /* (nullable): path */
  const char *unsigned_by; /* (nullable): who takes it on his word, unsigned */
  gboolean is_delta;       /* changes to what is held; some formats say so themselves */
  BoloImportProgress on_progress; /* (nullable) */
  BoloImportProblem on_problem;   /* (nullable) */
  gpointer data;
} BoloImportOptions;

/* BoloImportReport: what an import made of a file. */
typedef struct {
  char *name;
  char *kind;
  char *revision;
  char *format; /* a sentence: how the file was read, and why so */
  BoloTrust trust;
  char *signer;
  gboolean is_delta;
  guint64 n_rows;
  guint64 n_inserted;
  guint64 n_deleted; /* entries that a delta took away */
  guint64 n_entries; /* of the whole list, now */
  guint64 n_rejected;
  guint64 n_warnings; /* rows that were kept without a field that made no sense */
  guint64 n_weeded;   /* past their weed date already */
  guint64 n_covert;
  GPtrArray *problems; /* of BoloListProblem, the first BOLO_IMPORT_PROBLEMS_MAX */
} BoloImportReport;

BoloImportReport *bolo_import_report_new (const char *name);
void bolo_import_report_free (BoloImportReport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloImportReport, bolo_import_report_free)

G_END_DECLS
