/* bolo-list-format-private.h: a list's format as the room's parser sees it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-format.h"

G_BEGIN_DECLS

#define BOLO_LIST_EXTRA_MAX 32

/* Where a field stands. Delimited: @index, or @name of the header. Fixed: @index is the first
 * byte and @length how many, 0: all that follow. */
typedef struct {
  int index; /* -1: nowhere, or by name */
  int length;
  char *name; /* (owned) (nullable) */
} BoloListField;

/* What a type code stands for. */
typedef struct {
  char *category;
  char *reason; /* (nullable) */
  int priority;
} BoloListType;

/* What rows of this format have, by which it is known. */
typedef struct {
  guint32 columns; /* bit mask: of BoloListColumn: filled, and as such a column looks */
  guint n_fields;  /* 0: any number */
  char **names;    /* (owned) (nullable): globs of file names */
} BoloListSigns;

struct _BoloListFormat {
  gatomicrefcount references;
  char *title;
  BoloListLayout layout;
  BoloListField fields[BOLO_LIST_N_COLUMNS];
  char *constants[BOLO_LIST_N_COLUMNS]; /* (owned) (nullable) each */
  guint n_extra;
  BoloListField extra[BOLO_LIST_EXTRA_MAX];
  char *extra_names[BOLO_LIST_EXTRA_MAX]; /* (owned) */
  BoloListHeader header;
  char *footer; /* (owned) (nullable): a row that begins so is none */
  char delimiter;
  char quote;
  char marker_delimiter;
  char *encoding; /* (owned) (nullable) */
  gboolean is_covert;
  gboolean has_zero_for_o;
  char **dates;      /* (owned) */
  GTimeZone *zone;   /* (owned) (nullable): whose clocks the dates are of; UTC */
  GHashTable *types; /* (owned) (nullable): code to BoloListType */
  BoloListSigns signs;
};

/* With nothing in it but the defaults; for load. */
BoloListFormat *bolo_list_format_new_empty (void);

G_END_DECLS
