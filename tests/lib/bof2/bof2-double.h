/* bof2-double.h: a BOF2 back office beside a test
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Bof2Double: bof2_double.py in a process and a folder of its own; see there for its files. */
typedef struct {
  char *folder;
  char *url; /* of the services' folder */
  GPid process;
  int input; /* open while the test lives */
} Bof2Double;

#define BOF2_SECRET "open-sesame"

/* Aborts the test where it does not start. @is_plain: HTTP. */
Bof2Double *bof2_double_start (gboolean is_plain);
/* Ends the process and removes the folder. */
void bof2_double_stop (Bof2Double *self);
/* (transfer full) */
char *bof2_double_get_path (Bof2Double *self, const char *name);
void bof2_double_write (Bof2Double *self, const char *name, const char *text);
/* (transfer full): of JsonObject: the lines of calls.jsonl or wrong.jsonl. */
GPtrArray *bof2_double_read (Bof2Double *self, const char *name);
/* Writes a bof2.conf for it, with @more at its end, and the secret's file. (transfer full): path.
 */
char *bof2_double_make_config (Bof2Double *self, const char *more);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bof2Double, bof2_double_stop)

G_END_DECLS
