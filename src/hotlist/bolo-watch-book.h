/* bolo-watch-book.h: STATE/watch.db: what officers added to the lists in the car
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-outgoing.h"
#include "bolo-watch.h"

G_BEGIN_DECLS

/* BoloWatchBook: watch entries and silences, each durable before it is called so, and waiting for
 * the back office in the same transaction. All functions: the thread that opened it. */
typedef struct _BoloWatchBook BoloWatchBook;

/* Makes the file if it is not there. A damaged one is set aside under another name, and *set_aside
 * (nullable, out, transfer full) is that name. */
BoloWatchBook *
bolo_watch_book_open (const char *state_dir, gint64 now_us, char **set_aside, GError **error);
void bolo_watch_book_close (BoloWatchBook *self);

gboolean bolo_watch_book_add (BoloWatchBook *self, const BoloWatch *watch, GError **error);
/* @officer NULL: it expired. NOT_FOUND. */
gboolean bolo_watch_book_remove (
  BoloWatchBook *self, const char *id, const char *officer, gint64 now_us, GError **error);
gboolean bolo_watch_book_silence (BoloWatchBook *self, const BoloSilence *silence, GError **error);
gboolean bolo_watch_book_end_silence (
  BoloWatchBook *self, const char *id, const char *officer, gint64 now_us, GError **error);
/* Forgets what ended before @ended_before_us, but for what is still to be sent: it is gone from the
 * file then. @n_purged (nullable, out). */
gboolean bolo_watch_book_purge (BoloWatchBook *self,
                                gint64 ended_before_us,
                                guint *n_purged,
                                GError **error);
/* (transfer full): of BoloWatch, those that nobody has removed, the oldest first; expired ones are
 * there until they are removed. */
GPtrArray *bolo_watch_book_list (BoloWatchBook *self, GError **error);
/* (transfer full): of BoloSilence, likewise. */
GPtrArray *bolo_watch_book_list_silences (BoloWatchBook *self, GError **error);
/* Another number than before: another program has changed the file. */
gboolean bolo_watch_book_get_change (BoloWatchBook *self, gint64 *change, GError **error);

/* What of it is still to be sent, and to whom. */
gboolean
bolo_watch_book_set_receivers (BoloWatchBook *self, const char *const *receivers, GError **error);
/* (transfer full): of BoloOutgoing, by urgency. */
GPtrArray *
bolo_watch_book_list_unsent (BoloWatchBook *self, const BoloUnsentQuery *query, GError **error);
/* Takes the answers of @items, those that are this file's; what is to be tried again is due at
 * @later_us. */
gboolean bolo_watch_book_settle (
  BoloWatchBook *self, const char *receiver, GPtrArray *items, gint64 later_us, GError **error);
/* Adds to @counts. */
gboolean bolo_watch_book_count_unsent (BoloWatchBook *self,
                                       const char *receiver,
                                       BoloUnsentCounts *counts,
                                       GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloWatchBook, bolo_watch_book_close)

G_END_DECLS
