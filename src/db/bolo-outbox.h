/* bolo-outbox.h: what of a file is still to be sent; one table, the same in every file
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-db.h"

G_BEGIN_DECLS

/* BoloOutboxItem: one record that the other side has not acknowledged. Plain data. */
typedef struct {
  gint64 number;
  char *topic;  /* "hit", "sighting", … */
  char *record; /* UUID; sending it twice does no harm */
  int urgency;  /* 0 goes first */
  int attempts;
  gint64 added_us; /* UTC */
  gint64 next_us;  /* UTC before which it is not tried again */
} BoloOutboxItem;

void bolo_outbox_item_free (BoloOutboxItem *self);

/* A schema step: makes the table. All functions: the connection's thread. */
gboolean bolo_outbox_create (BoloDb *db, GError **error);
/* Once for each topic and record; a second time changes nothing. */
gboolean bolo_outbox_add (
  BoloDb *db, const char *topic, const char *record, int urgency, gint64 now_us, GError **error);
/* (transfer full): of BoloOutboxItem, due at @now_us, most urgent and oldest first. */
GPtrArray *bolo_outbox_list_due (BoloDb *db, gint64 now_us, guint max, GError **error);
/* It did not get through: try again at @next_us. */
gboolean bolo_outbox_postpone (BoloDb *db, gint64 number, gint64 next_us, GError **error);
/* The other side has acknowledged it, or the record was purged. */
gboolean bolo_outbox_remove (BoloDb *db, const char *topic, const char *record, GError **error);
gboolean bolo_outbox_get_count (BoloDb *db, gint64 *count, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloOutboxItem, bolo_outbox_item_free)

G_END_DECLS
