/* bolo-archive.h: the journal and the day files together, on the store's worker
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-db.h"
#include "bolo-media.h"
#include "bolo-outgoing.h"
#include "bolo-record.h"
#include "bolo-store-values.h"

#include "bolo-clock.h"

G_BEGIN_DECLS

/* BoloArchive: holds the files of a state folder; the store's worker only. */
typedef struct _BoloArchive BoloArchive;

BoloArchive *bolo_archive_new (const char *state_dir, const char *vfs, BoloClock *clock);
void bolo_archive_free (BoloArchive *self);
/* Before open: whom there is to send to, as in bolo_outbox_set_receivers (). Without it whoever was
 * there before stays. */
void bolo_archive_set_receivers (BoloArchive *self, const char *const *receivers);
const char *bolo_archive_get_state_dir (BoloArchive *self);
/* NULL while it is not open. (transfer none) */
BoloDb *bolo_archive_get_journal (BoloArchive *self);
/* How often it was opened: another number means another journal. */
guint bolo_archive_get_generation (BoloArchive *self);
BoloMedia *bolo_archive_get_media (BoloArchive *self);
BoloClock *bolo_archive_get_clock (BoloArchive *self);

/* Takes the folder's lock and opens the journal. @problems: a BoloProblem is added for each file
 * that was set aside. */
gboolean
bolo_archive_open (BoloArchive *self, gboolean is_read_only, GPtrArray *problems, GError **error);
gboolean bolo_archive_is_open (BoloArchive *self);
/* Empties the logs, closes the files, gives the lock back. */
void bolo_archive_close (BoloArchive *self);

/* Writes all of @records (of BoloRecord) as one commit, pictures first. TRUE: it is on the disk,
 * and @ids has got what is new in it; a record that cannot be stored by our own mistake is marked
 * is_lost. FALSE: nothing of it counts; a damaged file was set aside (@problems). */
gboolean bolo_archive_write (
  BoloArchive *self, GPtrArray *records, GPtrArray *ids, GPtrArray *problems, GError **error);

/* (transfer full); NOT_FOUND. */
GBytes *bolo_archive_load_picture (BoloArchive *self,
                                   const char *sighting,
                                   BoloPictureKind kind,
                                   GError **error);
gboolean bolo_archive_count (BoloArchive *self,
                             gint64 due_before_us,
                             BoloStoreCounts *counts,
                             GError **error);
/* What is still to be sent: the journal's, and of pictures the days' one after the other. */
GPtrArray *
bolo_archive_list_unsent (BoloArchive *self, const BoloUnsentQuery *query, GError **error);
gboolean bolo_archive_settle (
  BoloArchive *self, const char *receiver, GPtrArray *items, gint64 later_us, GError **error);
gboolean bolo_archive_count_unsent (BoloArchive *self,
                                    const char *receiver,
                                    BoloUnsentCounts *counts,
                                    GError **error);
gboolean bolo_archive_verify (BoloArchive *self, GError **error);
/* Files were removed: forget where pictures lie. */
void bolo_archive_forget_placed (BoloArchive *self);
/* (transfer full): paths of databases that were set aside; without their -wal and -shm. */
GPtrArray *bolo_archive_list_set_aside (BoloArchive *self);
/* Bytes of all our files. */
gint64 bolo_archive_get_bytes (BoloArchive *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloArchive, bolo_archive_free)

G_END_DECLS
