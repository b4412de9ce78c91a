/* bolo-store.h: the journal with its pictures: what was announced as stored is stored
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "bolo-clock.h"
#include "bolo-disposition.h"
#include "bolo-hit.h"
#include "bolo-outgoing.h"
#include "bolo-sighting.h"
#include "bolo-store-values.h"

G_BEGIN_DECLS

/* BoloStore: the face of the journal, on main; a worker of its own holds the files. Adding never
 * waits and never fails: what cannot be written now is kept in memory (up to a cap), tried again
 * every second, and said in "health". Signals, in the main context that was the thread's default
 * at bolo_store_new ():
 *  "stored" (char **ids)       sightings, hits and dispositions that a commit has made durable
 *  "health" (BoloHealth *)     "storage": OK, DEGRADED (disk nearly full), LOST; on change
 *  "problem" (BoloProblem *)   a damaged file was set aside, a record was lost */
#define BOLO_TYPE_STORE (bolo_store_get_type ())
G_DECLARE_FINAL_TYPE (BoloStore, bolo_store, BOLO, STORE, GObject)

BoloStore *bolo_store_new (const char *state_dir, BoloClock *clock);
/* Before open; for tests: another SQLite VFS. */
void bolo_store_set_vfs (BoloStore *self, const char *vfs);
/* Before open; for lock-step: nothing is committed but by a flush (or the close), so that "stored"
 * tells the same groups whatever the machine's speed. */
void bolo_store_set_waits_for_flush (BoloStore *self);
/* Before open: whom there is to send to, of "NAME" or "NAME TOPIC TOPIC…"; from then on everything
 * that is stored waits for each of them, and what is kept already for those who are new. Without
 * this call whoever was there before stays. */
void bolo_store_set_receivers (BoloStore *self, const char *const *receivers);

/* Blocks (at start only): makes the folder, takes its lock, opens the journal, sets a damaged file
 * aside. FALSE: PERMISSION, NO_SPACE, BUSY (another Bolo has it), NOT_SUPPORTED (newer schema).
 * One may go on after a FALSE: records are kept in memory and opening is tried again. */
gboolean bolo_store_open (BoloStore *self, GError **error);
/* Blocks: opens to read only, also beside a running patrol. NOT_FOUND when there is no journal. */
gboolean bolo_store_open_for_reading (BoloStore *self, GError **error);

/* Queued; committed in groups every 50 ms, pictures first. A state that is already there (as the
 * sighting of a hit, say) is not written twice. */
void bolo_store_add_sighting (BoloStore *self, const BoloSighting *sighting);
/* Committed at once, with its sighting and that one's pictures. */
void bolo_store_add_hit (BoloStore *self, const BoloHit *hit);
/* Committed at once. */
void bolo_store_add_disposition (BoloStore *self, const BoloDisposition *disposition);
/* What else the log must say ("sign-on", "health"); never a mark. At once; not announced. */
void bolo_store_add_note (
  BoloStore *self, const char *kind, const char *officer, const char *text, gint64 at_us);
/* Records that wait for their commit, and records lost because the memory's cap was reached. */
guint bolo_store_get_n_waiting (BoloStore *self);
guint bolo_store_get_n_lost (BoloStore *self);

/* TRUE: everything added before the call is durable; "stored" has been emitted for it. */
void bolo_store_flush_async (BoloStore *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean bolo_store_flush_finish (BoloStore *self, GAsyncResult *result, GError **error);

/* Deletes what is older, from the disk's files too, and writes that down. @officer (nullable): who
 * asked. Records added meanwhile are committed in between. */
void bolo_store_purge_async (BoloStore *self,
                             gint64 older_than_us,
                             const char *officer,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
/* (transfer full): free with bolo_purge_report_free () */
BoloPurgeReport *bolo_store_purge_finish (BoloStore *self, GAsyncResult *result, GError **error);

/* A picture of the newest state that has one; NOT_FOUND if there is none. */
void bolo_store_load_picture_async (BoloStore *self,
                                    const char *sighting,
                                    BoloPictureKind kind,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
GBytes *bolo_store_load_picture_finish (BoloStore *self, GAsyncResult *result, GError **error);

/* The newest states of BoloSighting without pictures, newest capture first, those that still waited
 * for their commit among them. (transfer full) */
void bolo_store_search_async (BoloStore *self,
                              const BoloStoreQuery *query,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GPtrArray *bolo_store_search_finish (BoloStore *self, GAsyncResult *result, GError **error);

/* Blocking, for the command line and for tests; (transfer full) each. */
GBytes *bolo_store_load_picture (BoloStore *self,
                                 const char *sighting,
                                 BoloPictureKind kind,
                                 GError **error);
/* Newest states of BoloSighting without pictures, newest capture first. */
GPtrArray *bolo_store_list_sightings (BoloStore *self, const BoloStoreQuery *query, GError **error);
/* Of BoloHit (newest states, with their sightings), oldest first. */
GPtrArray *bolo_store_list_hits (BoloStore *self, gint64 from_us, gint64 to_us, GError **error);
/* Of BoloDisposition for one hit, in order. */
GPtrArray *bolo_store_list_dispositions (BoloStore *self, const char *hit, GError **error);
/* What there is; @due_before_us: what a purge of that age would take. */
BoloStoreCounts *bolo_store_count (BoloStore *self, gint64 due_before_us, GError **error);
/* Looks through every file to its end; INVALID_DATA names the damaged one. */
gboolean bolo_store_verify (BoloStore *self, GError **error);
/* For the thread that sends; blocking, from any thread but the store's own, between open and close.
 * What waits for a receiver, text before pictures: of BoloOutgoing, loaded. (transfer full) */
GPtrArray *bolo_store_list_unsent (BoloStore *self, const BoloUnsentQuery *query, GError **error);
/* Takes the answers of those @items that are the store's; what is to be tried again is due at
 * @later_us. */
gboolean bolo_store_settle (
  BoloStore *self, const char *receiver, GPtrArray *items, gint64 later_us, GError **error);
/* Adds to @counts. */
gboolean bolo_store_count_unsent (BoloStore *self,
                                  const char *receiver,
                                  BoloUnsentCounts *counts,
                                  GError **error);
/* Commit times so far, in milliseconds; 0 where none. */
double bolo_store_get_commit_ms (BoloStore *self, double fraction);

/* Commits what waits and closes the files; FALSE if something is left in memory or the deadline
 * passed. Adding after it is an error of the caller. */
gboolean bolo_store_close (BoloStore *self, guint deadline_ms);

G_END_DECLS
