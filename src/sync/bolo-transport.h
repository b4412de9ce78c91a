/* bolo-transport.h: a way to a back office: takes batches of items, brings lists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "bolo-list-taker.h"
#include "bolo-outgoing.h"

G_BEGIN_DECLS

/* BoloTransportTraits: what a way can and wants; looked at after each connect. Plain data. */
typedef struct {
  const char *topics;       /* static (nullable): words of the topics that it takes, "hit picture";
                             * NULL: all. sync.conf's types say the same to the outboxes */
  gsize batch_bytes;        /* that one send may hold, about */
  guint batch_items;        /* likewise; 0: as many as fit */
  gsize piece_bytes;        /* of pictures: the most that goes at a time, from an offset. 0: only
                             * whole pictures are taken */
  gboolean wants_sightings; /* a picture brings its sighting's newest state with it */
  gboolean is_local;        /* a stick: no link, no measuring */
  gboolean has_lists;       /* fetch_lists does something */
  gboolean has_shared;      /* fetch_shared does */
  gboolean has_receipts;    /* get_receipt does */
  gint64 clock_off_ms;      /* ours less theirs, where it is worth saying; else 0 */
  guint asked_s;            /* after a failure: how long they asked us to wait */
} BoloTransportTraits;

/* What a failed call means for the next try. */
typedef enum {
  BOLO_TRANSPORT_RETRY,   /* no link, no answer, cut off: wait, try again */
  BOLO_TRANSPORT_REFUSED, /* certificate, key, clock, password: somebody must do something; tried
                           * again at the longest interval */
} BoloTransportFailure;

/* BoloTransport: interface. Every function blocks and belongs to sync's worker, one call at a time;
 * each ends within seconds of @cancellable, and by itself when nothing has moved for
 * BOLO_TRANSPORT_STALL_S. Errors: OFFLINE, TIMED_OUT, BUSY (told to wait) are tried again; AUTH,
 * SIGNATURE, PERMISSION, INVALID_DATA, NOT_SUPPORTED, STALE are refusals: their sentence goes to
 * the screen as it is. A function that is NULL is not called.
 *
 * Signal "body-ready": a batch is packed, and goes out when this returns. On the caller's thread.
 * Signal "body-sent": of a batch nothing is left to be sent, and its answer is waited for. On a
 * thread of the transport's; not for every batch. */
#define BOLO_TYPE_TRANSPORT (bolo_transport_get_type ())
G_DECLARE_INTERFACE (BoloTransport, bolo_transport, BOLO, TRANSPORT, GObject)

#define BOLO_TRANSPORT_STALL_S 8

struct _BoloTransportInterface {
  GTypeInterface parent;

  void (*get_traits) (BoloTransport *self, BoloTransportTraits *traits);
  gboolean (*connect) (BoloTransport *self, GCancellable *cancellable, GError **error);
  gboolean (*send) (BoloTransport *self,
                    GPtrArray *items,
                    GCancellable *cancellable,
                    GError **error);
  gboolean (*ask) (BoloTransport *self,
                   GPtrArray *items,
                   GCancellable *cancellable,
                   GError **error);
  gboolean (*fetch_lists) (BoloTransport *self,
                           BoloListTaker *taker,
                           GCancellable *cancellable,
                           GError **error);
  GPtrArray *(*fetch_shared) (BoloTransport *self,
                              gint64 *after,
                              GCancellable *cancellable,
                              GError **error);
  char *(*get_receipt) (BoloTransport *self,
                        guint64 n_items,
                        const char *sha256,
                        GCancellable *cancellable,
                        GError **error);
  void (*note_backlog) (BoloTransport *self, const BoloUnsentCounts *counts);
  BoloTransport *(*make_second) (BoloTransport *self);
  void (*disconnect) (BoloTransport *self);
};

void bolo_transport_get_traits (BoloTransport *self, BoloTransportTraits *traits);

/* Before anything else of a run, and after every failure: proves who is there and that our clock is
 * right, before any record is sent. */
gboolean bolo_transport_connect (BoloTransport *self, GCancellable *cancellable, GError **error);

/* @items: of BoloOutgoing, the most urgent first; gives each its answer with
 * bolo_outgoing_answer (). Those at the end that are too many for one send are cut off @items.
 *
 * FALSE: the batch broke off; what was answered before counts all the same, everything else stays
 * unknown and is asked for or sent again: what a transport sends must bear being sent twice.
 * STORED and KNOWN take an item out of the outbox for ever: only on the other side's explicit word
 * for that very id and state. PARTIAL sets ->kept too. A picture whose @length is not 0 is to be
 * sent from @offset for @length bytes only. */
gboolean bolo_transport_send (BoloTransport *self,
                              GPtrArray *items,
                              GCancellable *cancellable,
                              GError **error);

/* What has the other side of these? After a send that broke off. Answers KNOWN, PARTIAL, or leaves
 * them unknown. */
gboolean bolo_transport_ask (BoloTransport *self,
                             GPtrArray *items,
                             GCancellable *cancellable,
                             GError **error);

/* Looks for newer lists and hands each to @taker. TRUE although single lists were refused: the
 * taker knows of them. */
gboolean bolo_transport_fetch_lists (BoloTransport *self,
                                     BoloListTaker *taker,
                                     GCancellable *cancellable,
                                     GError **error);

/* (transfer full): of BoloSharedHit, those above *after, which is brought forward. */
GPtrArray *bolo_transport_fetch_shared (BoloTransport *self,
                                        gint64 *after,
                                        GCancellable *cancellable,
                                        GError **error);

/* A signed word of the other side for everything that was acknowledged since the first connect:
 * @sha256 over the lines "TOPIC ID STATE\n", sorted. (transfer full): its text, verified. */
char *bolo_transport_get_receipt (BoloTransport *self,
                                  guint64 n_items,
                                  const char *sha256,
                                  GCancellable *cancellable,
                                  GError **error);

/* What waits in the car now, for who wants to tell the other side. */
void bolo_transport_note_backlog (BoloTransport *self, const BoloUnsentCounts *counts);

/* (transfer full) (nullable): another connection to the same other side, for connect, send and
 * disconnect on a thread of its own, while no receipt is fetched; it lives no longer than @self.
 * NULL where one is all there may be. */
BoloTransport *bolo_transport_make_second (BoloTransport *self);

/* Ends what is open; connect may follow. */
void bolo_transport_disconnect (BoloTransport *self);

/* What an error of a transport means. Any thread. */
BoloTransportFailure bolo_transport_judge (const GError *error);

/* For implementations. */
void bolo_transport_emit_body_ready (BoloTransport *self);
void bolo_transport_emit_body_sent (BoloTransport *self);

G_END_DECLS
