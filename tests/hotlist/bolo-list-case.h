/* bolo-list-case.h: a car's lists, and a list's owner who signs
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-hotlist.h"
#include "bolo-list-signature.h"

G_BEGIN_DECLS

#define LIST_CASE_NOW_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)
#define LIST_CASE_ISSUED_US (LIST_CASE_NOW_US - G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

/* ListCase: a fixture. The options are for the list "voi", signed, and may be changed. */
typedef struct {
  char *state;
  char *list_path;
  char *signature_path;
  BoloPlateRules *rules;
  BoloClock *clock;
  BoloHotlist *hotlist;
  BoloListKey *key; /* "hq", trusted */
  BoloImportOptions options;
} ListCase;

void list_case_set_up (ListCase *self, gconstpointer data);
void list_case_tear_down (ListCase *self, gconstpointer data);
/* The list's file from now on. (transfer none) */
const char *list_case_rename (ListCase *self, const char *name);
void list_case_write (ListCase *self, const char *text);
void list_case_write_bytes (const char *path, const void *bytes, gsize length);
/* Signs what was written; a base above 0 makes it a delta. */
void list_case_sign (
  ListCase *self, const BoloListKey *key, const char *name, guint64 number, guint64 base);
void list_case_configure (ListCase *self, const char *text);
gboolean list_case_import (ListCase *self, BoloImportReport **report, GError **error);
guint list_case_count (ListCase *self, const char *mark);
/* As after a restart. */
void list_case_reopen (ListCase *self);
/* @there is listed once and @gone is not, now and after a restart. */
gboolean list_case_is_whole (ListCase *self, const char *there, const char *gone);

G_END_DECLS
