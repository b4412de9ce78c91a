/* bolo-watch.h: what officers add to the lists in the car: watch entries, and silences of entries
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-entry.h"

G_BEGIN_DECLS

#define BOLO_WATCH_LIST                                                                            \
  "watch" /* the list that watch entries stand on, and its kind by default                         \
           */

/* BoloWatch: a mark that an officer asked to be told of. Immutable, atomically counted. */
typedef struct {
  char *id;       /* UUID */
  char *mark;     /* normalised mark, or pattern ("AB?2*") */
  char *reason;   /* why, in the officer's words */
  char *category; /* key of the alert policy */
  char *description;
  char *officer;
  gint64 added_us;   /* UTC */
  gint64 expires_us; /* UTC */
} BoloWatch;

BoloWatch *bolo_watch_new (void);
BoloWatch *bolo_watch_ref (const BoloWatch *self);
void bolo_watch_unref (const BoloWatch *self);
/* (transfer full): as a list's row, on the list BOLO_WATCH_LIST. */
BoloListEntry *bolo_watch_make_entry (const BoloWatch *self, const char *plate_folded);

typedef enum {
  BOLO_SILENCE_RECOVERED,
  BOLO_SILENCE_NOT_THIS_VEHICLE,
} BoloSilenceKind;

/* BoloSilence: an officer's word that an entry does not hold (any more). The entry stays, and is
 * shown with this word, but makes no alarm until @until_us. Immutable, atomically counted. */
typedef struct {
  char *id; /* UUID */
  char *list;
  char *plate;     /* of the entry, as listed */
  char *reference; /* (nullable): of the entry; another crime of the same mark is another entry */
  BoloSilenceKind kind;
  char *reason; /* in the officer's words */
  char *officer;
  gint64 added_us; /* UTC */
  gint64 until_us; /* UTC */
} BoloSilence;

BoloSilence *bolo_silence_new (void);
BoloSilence *bolo_silence_ref (const BoloSilence *self);
void bolo_silence_unref (const BoloSilence *self);
gboolean bolo_silence_covers (const BoloSilence *self, const BoloListEntry *entry, gint64 now_us);
/* What tells an entry from others of the same list and mark, over all revisions. (transfer none)
 * (nullable) */
const char *bolo_list_entry_get_reference (const BoloListEntry *entry);
const char *bolo_silence_kind_to_string (BoloSilenceKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloWatch, bolo_watch_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloSilence, bolo_silence_unref)

G_END_DECLS
