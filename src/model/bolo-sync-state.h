/* bolo-sync-state.h: how it stands between the car and its back office, for whoever shows it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "bolo-outgoing.h"
#include "bolo-shared-hit.h"

G_BEGIN_DECLS

/* What sync does now. */
typedef enum {
  BOLO_SYNC_OFF,        /* no remote is configured */
  BOLO_SYNC_IDLE,       /* everything is sent; it listens for more */
  BOLO_SYNC_CONNECTING, /* the first contact since it was lost */
  BOLO_SYNC_SENDING,
  BOLO_SYNC_FETCHING, /* lists */
  BOLO_SYNC_WAITING,  /* it did not get through; tried again at @next_try_us */
  BOLO_SYNC_REFUSED,  /* one side refuses the other: somebody must do something, see @remedy */
  BOLO_SYNC_BY_STICK, /* there is no link: what waits is written to a stick */
} BoloSyncPhase;

/* "off", "idle" … Any thread. */
const char *bolo_sync_phase_to_string (BoloSyncPhase phase);

/* BoloSyncFigures: the whole state at one instant. Plain data; texts lent while it is with its
 * BoloSyncState. */
typedef struct {
  BoloSyncPhase phase;
  const char *remote;           /* (nullable): its name in sync.conf */
  gint64 last_contact_us;       /* UTC; -1: never since the start */
  gint64 next_try_us;           /* UTC, WAITING; else -1 */
  gint64 unsent[BOLO_N_TOPICS]; /* items, by topic */
  gint64 unsent_bytes;          /* of all of them, about */
  gint64 unsent_picture_bytes;  /* of those, the pictures */
  gint64 oldest_us;             /* UTC since when the oldest waits; -1: nothing waits */
  gint64 rejected;              /* items that the other side will never take; kept, set aside */
  gint64 sent;                  /* items acknowledged in this run */
  gint64 sent_bytes;
  double rate_bps;            /* bytes a second, of the last while; 0: not known */
  gint64 left_s;              /* until everything is sent at that rate; -1: not known */
  const char *failure;        /* (nullable): one sentence, what went wrong last */
  const char *remedy;         /* (nullable): one sentence, what to do */
  const char *rejection;      /* (nullable): the last reason for a rejection */
  gboolean is_metered;        /* the link costs by volume */
  gboolean is_holding_images; /* pictures wait for an unmetered link, or are not to be sent */
} BoloSyncFigures;

typedef enum {
  BOLO_ARRIVAL_LIST,
  BOLO_ARRIVAL_POLICY, /* the alert policy that a station pushes */
} BoloArrivalKind;

/* BoloListArrival: how one list of the remote's, or what else it gives, stands. Plain data. */
typedef struct {
  BoloArrivalKind kind;
  char *name;
  gint64 number;     /* of the revision that the remote has; 0: it says none */
  gint64 held;       /* of the one in force; 0: none */
  gint64 checked_us; /* UTC when the remote last said so; -1: never */
  gint64 bytes;      /* to fetch, and fetched */
  gint64 bytes_done;
  char *failure;       /* (nullable): why it could not be taken */
  char *from;          /* (nullable): of a policy, the station that it came from */
  gboolean is_waiting; /* number is here, and used from the next start */
} BoloListArrival;

BoloListArrival *bolo_list_arrival_new (const char *name);
BoloListArrival *bolo_list_arrival_copy (const BoloListArrival *self);
void bolo_list_arrival_free (BoloListArrival *self);

/* BoloReceipt: what a station has signed for. Plain data, texts owned. */
typedef struct {
  char *path; /* of the signed text, which is kept */
  char *station;
  gint64 time_us;
  gint64 counts[BOLO_N_TOPICS];
  gint64 bytes; /* of bodies and pictures; 0: it does not say */
  char *sha256; /* over the lines TOPIC ID STATE of all of them, sorted */
} BoloReceipt;

BoloReceipt *bolo_receipt_copy (const BoloReceipt *self);
void bolo_receipt_free (BoloReceipt *self);
gint64 bolo_receipt_get_n_items (const BoloReceipt *self);

typedef enum {
  BOLO_STICK_NONE, /* none is in, or none is to be used */
  BOLO_STICK_IN,
  BOLO_STICK_BUSY,
  BOLO_STICK_DONE, /* it may be pulled out; until then */
  BOLO_STICK_FAILED,
} BoloStickPhase;

/* BoloStick: how it stands with the stick that is in. Plain data; texts lent while it is with its
 * BoloSyncState. */
typedef struct {
  BoloStickPhase phase;
  gint64 items; /* written, of so many; BUSY, DONE */
  gint64 of_items;
  gint64 bytes;
  gint64 of_bytes;
  gint64 acknowledged; /* items that left the car on the word of the station; DONE, FAILED */
  gint64 on_stick;     /* items that lie on it from before; DONE */
  guint n_lists;       /* in force from it */
  const char *notice;  /* (nullable): one sentence, what on it is not for this car */
  const char *failure; /* (nullable): one sentence, FAILED */
} BoloStick;

/* BoloSyncState: on main. Signal "changed" (): figures or lists are others than before, at most
 * some times a second. What is asked of sync goes through "asked" (BoloSyncAsk), which its owner
 * connects to. */
#define BOLO_TYPE_SYNC_STATE (bolo_sync_state_get_type ())
G_DECLARE_FINAL_TYPE (BoloSyncState, bolo_sync_state, BOLO, SYNC_STATE, GObject)

typedef enum {
  BOLO_SYNC_ASK_NOW,          /* try now, do not wait for the next time */
  BOLO_SYNC_ASK_END_OF_SHIFT, /* everything, also pictures that wait for another link; then a
                               * receipt */
  BOLO_SYNC_ASK_STICK,        /* takes what is on the stick, and writes what waits */
} BoloSyncAsk;

BoloSyncState *bolo_sync_state_new (void);
/* (transfer none): of the first remote. */
const BoloSyncFigures *bolo_sync_state_get_figures (BoloSyncState *self);
/* (transfer none): of BoloSyncFigures, one a remote, in the order in which they were first told. */
GPtrArray *bolo_sync_state_get_remotes (BoloSyncState *self);
/* (transfer none): of BoloListArrival, by name. */
GPtrArray *bolo_sync_state_get_lists (BoloSyncState *self);
/* (transfer none): of BoloSharedHit, newest last, of the last hour. */
GListModel *bolo_sync_state_get_shared (BoloSyncState *self);
gint64 bolo_sync_figures_get_n_unsent (const BoloSyncFigures *figures);
/* Of the remote for which most waits, all topics together. */
gint64 bolo_sync_state_get_n_unsent (BoloSyncState *self);
/* (transfer none) (nullable): the last one that a station signed. */
const BoloReceipt *bolo_sync_state_get_receipt (BoloSyncState *self);
/* (transfer none) */
const BoloStick *bolo_sync_state_get_stick (BoloSyncState *self);
void bolo_sync_state_ask (BoloSyncState *self, BoloSyncAsk ask);

/* For its owner; each copies (figures take the place of those of the same remote), and says
 * "changed" where something did. */
void bolo_sync_state_set_figures (BoloSyncState *self, const BoloSyncFigures *figures);
void bolo_sync_state_set_list (BoloSyncState *self, const BoloListArrival *arrival);
void bolo_sync_state_set_receipt (BoloSyncState *self, const BoloReceipt *receipt);
void bolo_sync_state_set_stick (BoloSyncState *self, const BoloStick *stick);
/* Adds what is new, in place of an older word on the same hit; drops what is older than an hour. */
void bolo_sync_state_add_shared (BoloSyncState *self, GPtrArray *hits, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListArrival, bolo_list_arrival_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloReceipt, bolo_receipt_free)

G_END_DECLS
