/* bolo-outbox.h: what of a file is still to be sent, and to whom; the same in every file
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-db.h"

G_BEGIN_DECLS

/* BoloOutboxItem: one state of a record that somebody has not acknowledged. Each state is an item
 * of its own, so that an acknowledgement is for exactly the state that was sent. Plain data. */
typedef struct {
  gint64 number; /* of the row; may be given anew once it is gone */
  char *topic;   /* "hit", "sighting", … */
  char *record;  /* its id; sending it twice does no harm */
  gint64 state;
  int urgency;  /* 0 goes first, the newest of them first */
  gint64 bytes; /* of its contents, about */
  guint attempts;
  gint64 added_us; /* UTC */
} BoloOutboxItem;

void bolo_outbox_item_free (BoloOutboxItem *self);

/* Schema steps: the table, and in a later version whom each item is for. What waited before that
 * step is dropped; set_receivers () makes its owner queue all that is kept. All functions: the
 * connection's thread. */
gboolean bolo_outbox_create (BoloDb *db, GError **error);
gboolean bolo_outbox_add_receivers (BoloDb *db, GError **error);

/* Who there is to send to, from now on, in one transaction of its own: of "NAME" (everything) or
 * "NAME TOPIC TOPIC…". Items wait for each of them; for one that is not named any more nothing
 * waits. Where one is new, all that is kept is queued for it: @fill is a SELECT of topic, record,
 * state, urgency, bytes, added_us. Several SELECTs are joined by UNION ALL. At most 60 receivers.
 */
gboolean bolo_outbox_set_receivers (BoloDb *db,
                                    const char *const *receivers,
                                    const char *fill,
                                    GError **error);
/* Inside the transaction of the record itself. With no receiver that takes the topic nothing is
 * queued. Once for each topic, record and state. */
gboolean bolo_outbox_add (BoloDb *db, const BoloOutboxItem *item, GError **error);

/* BoloOutboxMark: a place in the order in which a file's items go. */
typedef struct {
  int urgency;
  gint64 number;
} BoloOutboxMark;

/* BoloOutboxQuery: plain data, lent. */
typedef struct {
  const char *receiver;
  gint64 now_us; /* UTC: what is due by now */
  int max_urgency;
  guint max;
  gint64 max_bytes;
  const BoloOutboxMark *after; /* (nullable): only those behind this place */
  GHashTable *except;          /* (nullable): set of gint64: rows by number that are passed over */
} BoloOutboxQuery;

/* (transfer full): of BoloOutboxItem, most urgent first, the most urgent ones newest first, all
 * others oldest first; at most max and about max_bytes, but one. */
GPtrArray *bolo_outbox_list_due (BoloDb *db, const BoloOutboxQuery *query, GError **error);
/* What a receiver said of an item. */
typedef enum {
  BOLO_OUTBOX_UNSAID,
  BOLO_OUTBOX_TAKEN,   /* it has acknowledged exactly this state */
  BOLO_OUTBOX_REFUSED, /* it will never take it: set aside for it, with the reason */
  BOLO_OUTBOX_LATER,   /* it could not take it now */
} BoloOutboxWord;

/* BoloOutboxAnswer: plain data, lent. */
typedef struct {
  gint64 number;
  const char *record;
  gint64 state;
  BoloOutboxWord word;
  const char *reason; /* (nullable) */
} BoloOutboxAnswer;

/* All of them in one transaction; those to be tried again are not due before @later_us. */
gboolean bolo_outbox_settle (BoloDb *db,
                             const char *receiver,
                             const BoloOutboxAnswer *answers,
                             guint n_answers,
                             gint64 later_us,
                             GError **error);

/* BoloOutboxCount: of one topic, for one receiver. */
typedef struct {
  const char *topic; /* lent */
  gint64 items;
  gint64 bytes;
  gint64 oldest_us;
  gint64 refused;
} BoloOutboxCount;

typedef void (*BoloOutboxCountFunc) (const BoloOutboxCount *count, gpointer user_data);

gboolean bolo_outbox_count (
  BoloDb *db, const char *receiver, BoloOutboxCountFunc func, gpointer user_data, GError **error);
/* Whether there is nothing that anybody waits for or has refused. */
gboolean bolo_outbox_is_empty (BoloDb *db, gboolean *is_empty, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloOutboxItem, bolo_outbox_item_free)

G_END_DECLS
