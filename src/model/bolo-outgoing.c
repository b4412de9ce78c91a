/* bolo-outgoing.c: one item on its way out of the car: what it is, and what was answered
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-outgoing.h"

#include <string.h>

#define OVERVIEW "/overview"

static const char *const topics[BOLO_N_TOPICS] = {
  [BOLO_TOPIC_HIT] = "hit",           [BOLO_TOPIC_DISPOSITION] = "disposition",
  [BOLO_TOPIC_WATCH] = "watch",       [BOLO_TOPIC_WATCH_END] = "watch-end",
  [BOLO_TOPIC_SILENCE] = "silence",   [BOLO_TOPIC_SILENCE_END] = "silence-end",
  [BOLO_TOPIC_SIGHTING] = "sighting", [BOLO_TOPIC_AUDIT] = "audit",
  [BOLO_TOPIC_HEALTH] = "health",     [BOLO_TOPIC_PICTURE] = "picture",
};

const char *
bolo_topic_to_string (BoloTopic topic)
{
  g_return_val_if_fail ((guint) topic < BOLO_N_TOPICS, NULL);

  return topics[topic];
}

gboolean
bolo_topic_from_string (const char *text, BoloTopic *topic)
{
  g_return_val_if_fail (topic != NULL, FALSE);

  for (guint i = 0; i < BOLO_N_TOPICS; i++) {
    if (g_strcmp0 (text, topics[i]) == 0) {
      *topic = (BoloTopic) i;
      return TRUE;
    }
  }
  return FALSE;
}

void
bolo_unsent_counts_add (BoloUnsentCounts *self,
                        const char *topic,
                        gint64 items,
                        gint64 bytes,
                        gint64 oldest_us,
                        gint64 rejected)
{
  BoloTopic known;

  g_return_if_fail (self != NULL);

  if (!bolo_topic_from_string (topic, &known))
    return;
  self->items[known] += items;
  self->bytes += bytes;
  if (known == BOLO_TOPIC_PICTURE)
    self->picture_bytes += bytes;
  if (oldest_us >= 0 && (self->oldest_us < 0 || oldest_us < self->oldest_us))
    self->oldest_us = oldest_us;
  self->rejected += rejected;
}

/* ---- a walk -------------------------------------------------------------------------------- */

struct _BoloUnsentWalk {
  GHashTable *marks; /* (owned): "FILE QUEUE" to Mark */
};

typedef struct {
  int urgency;
  gint64 number;
} Mark;

BoloUnsentWalk *
bolo_unsent_walk_new (void)
{
  BoloUnsentWalk *self = g_new0 (BoloUnsentWalk, 1);

  self->marks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
bolo_unsent_walk_free (BoloUnsentWalk *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->marks);
  g_free (self);
}

static char *
make_mark_key (guint file, const char *queue)
{
  return g_strdup_printf ("%u %s", file, queue != NULL ? queue : "");
}

void
bolo_unsent_walk_pass (BoloUnsentWalk *self, const BoloOutgoing *item)
{
  Mark *mark;

  g_return_if_fail (self != NULL && item != NULL);

  mark = g_new (Mark, 1);
  *mark = (Mark){item->urgency, item->number};
  g_hash_table_insert (self->marks, make_mark_key (item->file, item->queue), mark);
}

gboolean
bolo_unsent_walk_get (
  const BoloUnsentWalk *self, guint file, const char *queue, int *urgency, gint64 *number)
{
  g_autofree char *key = make_mark_key (file, queue);
  const Mark *mark;

  g_return_val_if_fail (self != NULL, FALSE);

  mark = g_hash_table_lookup (self->marks, key);
  if (mark == NULL)
    return FALSE;
  *urgency = mark->urgency;
  *number = mark->number;
  return TRUE;
}

/* ---- an item ------------------------------------------------------------------------------- */

BoloOutgoing *
bolo_outgoing_new (BoloTopic topic, const char *id, gint64 state)
{
  BoloOutgoing *self = g_new0 (BoloOutgoing, 1);

  self->topic = topic;
  self->id = g_strdup (id);
  self->state = state;
  return self;
}

BoloOutgoing *
bolo_outgoing_copy_name (const BoloOutgoing *self)
{
  BoloOutgoing *copy;

  g_return_val_if_fail (self != NULL, NULL);
  copy = bolo_outgoing_new (self->topic, self->id, self->state);
  copy->queue = g_strdup (self->queue);
  copy->number = self->number;
  copy->urgency = self->urgency;
  copy->attempts = self->attempts;
  copy->bytes = self->bytes;
  return copy;
}

void
bolo_outgoing_free (BoloOutgoing *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->hit, bolo_hit_unref);
  g_clear_pointer (&self->sighting, bolo_sighting_unref);
  g_clear_pointer (&self->disposition, bolo_disposition_unref);
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  g_clear_pointer (&self->picture, g_bytes_unref);
  g_free (self->sha256);
  g_free (self->reason);
  g_free (self->queue);
  g_free (self->id);
  g_free (self);
}

void
bolo_outgoing_answer (BoloOutgoing *self, BoloResult result, const char *reason)
{
  g_return_if_fail (self != NULL);

  self->result = result;
  g_free (self->reason);
  self->reason = g_strdup (reason);
}

static void
column_free (gpointer data)
{
  BoloColumn *column = data;

  g_free (column->text);
  g_free (column);
}

static BoloColumn *
add_column (BoloOutgoing *self, const char *name, BoloColumnKind kind)
{
  BoloColumn *column = g_new0 (BoloColumn, 1);

  column->name = name;
  column->kind = kind;
  if (self->columns == NULL)
    self->columns = g_ptr_array_new_with_free_func (column_free);
  g_ptr_array_add (self->columns, column);
  return column;
}

void
bolo_outgoing_add_text (BoloOutgoing *self, const char *name, const char *text)
{
  g_return_if_fail (self != NULL && name != NULL);

  add_column (self, name, BOLO_COLUMN_TEXT)->text = g_strdup (text);
}

void
bolo_outgoing_add_number (BoloOutgoing *self, const char *name, gint64 number)
{
  g_return_if_fail (self != NULL && name != NULL);

  add_column (self, name, BOLO_COLUMN_NUMBER)->number = number;
}

void
bolo_outgoing_add_time (BoloOutgoing *self, const char *name, gint64 utc_us)
{
  g_return_if_fail (self != NULL && name != NULL);

  add_column (self, name, BOLO_COLUMN_TIME)->number = utc_us;
}

char *
bolo_outgoing_get_sighting_id (const BoloOutgoing *self)
{
  const char *slash;

  g_return_val_if_fail (self != NULL, NULL);

  slash = strchr (self->id, '/');
  return slash != NULL ? g_strndup (self->id, (gsize) (slash - self->id)) : NULL;
}

gboolean
bolo_outgoing_is_overview (const BoloOutgoing *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_str_has_suffix (self->id, OVERVIEW);
}
