/* bolo-paths.h: where Bolo's data and state lie
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Path of a shipped data file ("models/detector.onnx"): $BOLO_DATA_DIR, else the source tree's
 * data/ when run from a build, else the installed folder. (transfer full). Any thread. */
char *bolo_paths_get_data_file (const char *relative);
/* $XDG_DATA_HOME/bolo. (transfer full). Any thread. */
char *bolo_paths_get_default_state (void);
/* Makes the folder (mode 0700) and proves that it can be written; one clear sentence if not. */
gboolean bolo_paths_ensure_state (const char *state, GError **error);
/* Free bytes where @path lies, -1 if unknown. */
gint64 bolo_paths_get_free_bytes (const char *path);

G_END_DECLS
