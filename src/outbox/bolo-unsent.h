/* bolo-unsent.h: a file's outbox and the items that leave the car, one to the other
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-outbox.h"
#include "bolo-outgoing.h"

G_BEGIN_DECLS

/* All functions: the connection's thread. */

/* Bits of topics, for BoloUnsentFile. */
#define BOLO_TOPIC_BIT(topic) (1u << (topic))

/* BoloUnsentFile: a file whose outbox it is. Plain data, lent. */
typedef struct {
  BoloDb *db;
  guint topics;      /* BOLO_TOPIC_BIT () of those that wait in it */
  const char *queue; /* (nullable): what tells it from others of its kind, as in BoloOutgoing */
  /* Fills the contents of an item; NOT_FOUND when they are gone. */
  gboolean (*load) (gpointer owner, BoloOutgoing *item, GError **error);
  gpointer owner;
} BoloUnsentFile;

/* Inside the transaction of the record. */
gboolean bolo_unsent_add (BoloDb *db,
                          BoloTopic topic,
                          const char *id,
                          gint64 state,
                          int urgency,
                          gsize bytes,
                          gint64 now_us,
                          GError **error);
/* (transfer full): of BoloOutgoing, by urgency, loaded. What has lost its contents is taken out of
 * the outbox with a warning: it must not hold up the others. */
GPtrArray *
bolo_unsent_list (const BoloUnsentFile *file, const BoloUnsentQuery *query, GError **error);
/* Takes the answers of those @items that are this file's; what is to be tried again is due at
 * @later_us. One commit. */
gboolean bolo_unsent_settle (const BoloUnsentFile *file,
                             const char *receiver,
                             GPtrArray *items,
                             gint64 later_us,
                             GError **error);
/* Adds to @counts. */
gboolean bolo_unsent_count (const BoloUnsentFile *file,
                            const char *receiver,
                            BoloUnsentCounts *counts,
                            GError **error);

G_END_DECLS
