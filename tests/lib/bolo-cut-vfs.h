/* bolo-cut-vfs.h: an SQLite VFS that remembers every write, to cut the power afterwards
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloCutVfs: passes everything on to the default VFS and records creations, writes, truncations,
 * deletions and syncs, of databases and their logs. Nothing is really synced, so it is fast.
 * It must outlive all connections through it. Any thread. */
typedef struct _BoloCutVfs BoloCutVfs;

BoloCutVfs *bolo_cut_vfs_new (const char *name);
void bolo_cut_vfs_free (BoloCutVfs *self);
/* How many acts were recorded so far. */
guint bolo_cut_vfs_get_position (BoloCutVfs *self);
/* From now on every write gives this SQLite result; SQLITE_OK (0) ends it. */
void bolo_cut_vfs_fail_writes (BoloCutVfs *self, int code);

/* BoloCutReplay: what a disk may hold when the power is cut; goes forward only. */
typedef struct _BoloCutReplay BoloCutReplay;

BoloCutReplay *bolo_cut_replay_new (BoloCutVfs *vfs);
void bolo_cut_replay_free (BoloCutReplay *self);
/* To right after the act number @position. */
void bolo_cut_replay_advance (BoloCutReplay *self, guint position);
/* Writes to @folder what is durable, and of what is not synced each 512-byte sector, truncation,
 * new name and removal by chance. Returns how many sectors were dropped. */
guint bolo_cut_replay_write (BoloCutReplay *self, GRand *random, const char *folder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloCutVfs, bolo_cut_vfs_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloCutReplay, bolo_cut_replay_free)

G_END_DECLS
