/* bolo-list-taker.h: takes lists that a transport has brought into the hotlist room
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-hotlist.h"
#include "bolo-sync-state.h"

G_BEGIN_DECLS

/* BoloListFile: a list's file as it lies in the staging folder. Plain data, texts lent. */
typedef struct {
  const char *name; /* of the list */
  const char *path;
  const char *kind;      /* (nullable): of the alert policy */
  const char *signature; /* (nullable): path of its signature file */
  const char *map;       /* (nullable): path of a column map */
  const char *format;    /* (nullable) */
  gboolean is_delta;
  gint64 number; /* of the revision that it leads to, as the remote counts; 0: none */
} BoloListFile;

/* BoloListTaker: one remote's. Every function belongs to sync's worker. It keeps, in
 * STATE/sync/REMOTE/, a staging folder and what this remote last said of each list. */
typedef struct _BoloListTaker BoloListTaker;

/* @notify: in the worker, with each change of a list's standing. */
typedef void (*BoloListTakerNotify) (const BoloListArrival *arrival, gpointer user_data);

BoloListTaker *bolo_list_taker_new (BoloHotlist *hotlist,
                                    const char *state_dir,
                                    const char *remote,
                                    BoloClock *clock,
                                    BoloListTakerNotify notify,
                                    gpointer user_data);
void bolo_list_taker_free (BoloListTaker *self);
/* Where to load to; files stay over a restart, so that a broken download can go on. */
const char *bolo_list_taker_get_folder (BoloListTaker *self);
/* Who answers for lists that bring no signature (BOF2); NULL: nobody, and they are refused. */
void bolo_list_taker_set_word (BoloListTaker *self, const char *unsigned_by);

/* The number of the revision in force that came from this remote; 0: none. */
gint64 bolo_list_taker_get_held (BoloListTaker *self, const char *name);
/* Through the same import, with the same checks, as a list from a stick. TRUE: it is in force, or
 * was already; what was refused is kept as the list's standing. The file is removed in any case but
 * NO_SPACE. */
gboolean bolo_list_taker_take (BoloListTaker *self, const BoloListFile *file, GError **error);
/* The remote has it no more. */
gboolean bolo_list_taker_drop (BoloListTaker *self, const char *name, GError **error);
/* The remote says that @number is the newest. */
void bolo_list_taker_note_newest (BoloListTaker *self, const char *name, gint64 number);
/* Progress of a download, in bytes. */
void
bolo_list_taker_note_progress (BoloListTaker *self, const char *name, gint64 done, gint64 total);
/* It could not be fetched: one sentence. */
void bolo_list_taker_note_failure (BoloListTaker *self, const char *name, const char *failure);
/* It could be, later. */
void bolo_list_taker_clear_failure (BoloListTaker *self, const char *name);
/* Hands on how something else than a list stands. */
void bolo_list_taker_tell (BoloListTaker *self, const BoloListArrival *arrival);
/* Small numbers that a transport must not forget ("serial"); durable. */
gint64 bolo_list_taker_get_number (BoloListTaker *self, const char *key);
gboolean
bolo_list_taker_set_number (BoloListTaker *self, const char *key, gint64 value, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListTaker, bolo_list_taker_free)

G_END_DECLS
