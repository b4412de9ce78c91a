/* bolo-store-writer.h: takes records from any thread, commits them on its worker, never gives up
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-archive.h"
#include "bolo-health.h"
#include "bolo-record.h"
#include "bolo-retention.h"
#include "bolo-worker.h"

G_BEGIN_DECLS

/* What a writer has to say; called on its worker. All arguments lent. */
typedef struct {
  void (*stored) (char **ids, gpointer user_data);
  void (*health) (const BoloHealth *health, gpointer user_data);
  void (*problem) (const BoloProblem *problem, gpointer user_data);
  gpointer user_data;
  GDestroyNotify destroy; /* of @user_data, with the writer */
} BoloWriterNotify;

/* BoloStoreWriter: atomically counted. */
typedef struct _BoloStoreWriter BoloStoreWriter;

BoloStoreWriter *bolo_store_writer_new (const char *state_dir,
                                        const char *vfs,
                                        BoloClock *clock,
                                        BoloWorker *worker,
                                        const BoloWriterNotify *notify);
BoloStoreWriter *bolo_store_writer_ref (BoloStoreWriter *self);
void bolo_store_writer_unref (BoloStoreWriter *self);

/* Before the first record: only bolo_store_writer_write_all () writes, so that what one commit
 * holds does not depend on the machine's speed. */
void bolo_store_writer_set_waits_for_flush (BoloStoreWriter *self);

/* Any thread; @record (transfer full). */
void bolo_store_writer_add (BoloStoreWriter *self, BoloRecord *record);
guint bolo_store_writer_get_n_waiting (BoloStoreWriter *self);
guint bolo_store_writer_get_n_lost (BoloStoreWriter *self);
double bolo_store_writer_get_commit_ms (BoloStoreWriter *self, double fraction);

/* On the worker from here on. */

/* Before open. */
void bolo_store_writer_set_receivers (BoloStoreWriter *self, const char *const *receivers);
gboolean bolo_store_writer_open (BoloStoreWriter *self, gboolean is_read_only, GError **error);
/* The open archive; an error (the last failure) while there is none. (transfer none) */
BoloArchive *bolo_store_writer_get_archive (BoloStoreWriter *self, GError **error);
/* Commits everything that waits; FALSE: something is left, and why. */
gboolean bolo_store_writer_write_all (BoloStoreWriter *self, GError **error);
gboolean bolo_store_writer_purge (BoloStoreWriter *self,
                                  gint64 older_than_us,
                                  const char *officer,
                                  BoloPurgeReport *report,
                                  GError **error);
/* Commits what it can, closes the files; no timer is left. */
gboolean bolo_store_writer_close (BoloStoreWriter *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloStoreWriter, bolo_store_writer_unref)

G_END_DECLS
