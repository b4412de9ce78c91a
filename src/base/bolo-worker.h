/* bolo-worker.h: a named thread with its own main context, for ordered work off the main loop
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* BoloWorker: runs tasks one after the other, in the order in which they came.
 * Any thread may post; stop is for the owner. */
#define BOLO_TYPE_WORKER (bolo_worker_get_type ())
G_DECLARE_FINAL_TYPE (BoloWorker, bolo_worker, BOLO, WORKER, GObject)

BoloWorker *bolo_worker_new (const char *name);
/* (transfer none); for sources (sockets, timers) that live on the worker */
GMainContext *bolo_worker_get_context (BoloWorker *self);
/* Runs @func (data) on the worker; @destroy runs there after it, or at once if it is stopped. */
void bolo_worker_post (BoloWorker *self, GSourceFunc func, gpointer data, GDestroyNotify destroy);
/* Runs @func for @task on the worker; the task returns to the context it was made in.
 * A stopped worker returns BOLO_ERROR_BUSY through the task. */
void bolo_worker_run_task (BoloWorker *self, GTask *task, GTaskThreadFunc func);
gboolean bolo_worker_is_current (BoloWorker *self);
/* Lowers the worker's thread (bolo-priority.h); call before heavy work. */
void bolo_worker_lower (BoloWorker *self, int nice);
/* Finishes what was posted, then ends the thread; FALSE if it was still at work after
 * @deadline_ms (the thread is then left to end by itself). Idempotent. */
gboolean bolo_worker_stop (BoloWorker *self, guint deadline_ms);

/* Runs @func (data) once in @context (NULL: the default one), never inline; any thread. */
void bolo_context_post (
  GMainContext *context, GSourceFunc func, gpointer data, GDestroyNotify destroy, const char *name);

G_END_DECLS
