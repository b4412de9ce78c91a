/* bolo-new-file.h: a file that is wholly there or not at all, whenever its medium is pulled out
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloNewFile: written under another name, ".NAME.part", made durable, then renamed. One thread at
 * a time; all functions wait for the disk. Errors: NO_SPACE, PERMISSION, NOT_FOUND, DEVICE_LOST,
 * each with the path. */
typedef struct _BoloNewFile BoloNewFile;

/* Replaces what an earlier try left under the other name. Mode 0600. */
BoloNewFile *bolo_new_file_open (const char *folder, const char *name, GError **error);
gboolean bolo_new_file_write (BoloNewFile *self, const void *bytes, gsize length, GError **error);
/* It is there, durable, under its name; what was there before is replaced. */
gboolean bolo_new_file_commit (BoloNewFile *self, GError **error);
/* What a pulled medium or a kill has left of files whose names begin with @start and end with @end:
 * where each try has a name of its own, nothing else takes it away. */
void bolo_new_file_remove_unfinished (const char *folder, const char *start, const char *end);
/* Without a commit nothing of it stays. */
void bolo_new_file_free (BoloNewFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloNewFile, bolo_new_file_free)

G_END_DECLS
