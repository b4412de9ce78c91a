/* bolo-store-call.h: one question to the store's worker, waited for or answered later
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-store-writer.h"

G_BEGIN_DECLS

/* Runs on the worker; NULL means that @error is set. */
typedef gpointer (*BoloStoreCallFunc) (BoloStoreWriter *writer, gpointer data, GError **error);

/* BoloStoreCall: consumed by one of the run functions. */
typedef struct _BoloStoreCall BoloStoreCall;

/* @context: where a task is answered. */
BoloStoreCall *bolo_store_call_new (BoloWorker *worker,
                                    BoloStoreWriter *writer,
                                    BoloStoreCallFunc func,
                                    gpointer data,
                                    GDestroyNotify free_data,
                                    GMainContext *context);
/* Blocks until it is answered. */
gpointer bolo_store_call_run_and_wait (BoloStoreCall *self, GError **error);
/* Blocks until @until_us (monotonic), then TIMED_OUT; for answers that need no freeing. */
gpointer bolo_store_call_run_until (BoloStoreCall *self, gint64 until_us, GError **error);
/* Answers @task (transfer full) in the context, where its last reference goes too. */
void bolo_store_call_run (BoloStoreCall *self, GTask *task, GDestroyNotify free_result);

G_END_DECLS
