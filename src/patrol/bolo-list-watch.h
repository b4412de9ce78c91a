/* bolo-list-watch.h: notices lists that another program imported or removed, and takes them in
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-hotlist.h"

G_BEGIN_DECLS

/* BoloListWatch: looks every two seconds, on a worker of its own, whether a list's manifest under
 * STATE/lists was swapped; then loads, so that the new index is in force without a restart.
 * Signal "changed" (), in the context that was the thread's default at new: what is in force now
 * differs, or could not be read (the index's health tells). */
#define BOLO_TYPE_LIST_WATCH (bolo_list_watch_get_type ())
G_DECLARE_FINAL_TYPE (BoloListWatch, bolo_list_watch, BOLO, LIST_WATCH, GObject)

/* What is there at this call counts as loaded. */
BoloListWatch *bolo_list_watch_new (BoloHotlist *hotlist, const char *state_dir);
/* Owner; before the last unref. FALSE when it was still at work after @deadline_ms. */
gboolean bolo_list_watch_stop (BoloListWatch *self, guint deadline_ms);

G_END_DECLS
