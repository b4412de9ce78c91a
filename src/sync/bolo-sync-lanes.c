/* bolo-sync-lanes.c: connections over which batches go while others wait for their answers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-sync-lanes"

#include "bolo-sync-lanes.h"

#include "bolo-worker.h"

/* One sends while the other side writes down what the other has sent; more would only keep a new
 * hit waiting. */
#define N_LANES 2
/* A call ends by itself before this. */
#define STOP_MS 90000

typedef struct {
  BoloSyncLanes *lanes;      /* lent */
  BoloWorker *worker;        /* (owned) */
  BoloTransport *transport;  /* (owned) */
  gboolean is_connected;     /* (thread worker) */
  BoloSyncLoad *load;        /* (owned) (nullable): on its way, or through */
  GPtrArray *names;          /* (owned) (nullable): of its items, which change meanwhile */
  GCancellable *cancellable; /* (owned) (nullable): for it */
  gboolean has_turn;         /* (mutex mutex) */
  gboolean is_done;          /* (mutex mutex) */
} Lane;

struct _BoloSyncLanes {
  GMutex mutex;
  GCond changed;
  gboolean is_sending; /* (mutex mutex): it is a lane's turn */
  Lane lanes[N_LANES];
  guint first; /* the oldest one that is busy */
  guint n_busy;
};

/* ---- a load -------------------------------------------------------------------------------- */

BoloSyncLoad *
bolo_sync_load_new (GPtrArray *items, gsize bytes, gsize room)
{
  BoloSyncLoad *self;

  g_return_val_if_fail (items != NULL, NULL);

  self = g_new0 (BoloSyncLoad, 1);
  self->items = g_ptr_array_ref (items);
  self->bytes = bytes;
  self->room = room;
  self->begin_us = g_get_monotonic_time ();
  return self;
}

void
bolo_sync_load_free (BoloSyncLoad *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->items);
  g_clear_error (&self->error);
  g_free (self);
}

void
bolo_sync_load_send (BoloSyncLoad *self, BoloTransport *transport, GCancellable *cancellable)
{
  g_return_if_fail (self != NULL && self->error == NULL);

  self->is_sent = bolo_transport_send (transport, self->items, cancellable, &self->error);
  self->done_us = g_get_monotonic_time ();
}

/* ---- on a lane's worker -------------------------------------------------------------------- */

/* Packed. One sends at a time, while the other's batch is written down there. Side by side both
 * would send, and then both wait. */
static void
take_turn (Lane *lane)
{
  g_mutex_lock (&lane->lanes->mutex);
  while (lane->lanes->is_sending)
    g_cond_wait (&lane->lanes->changed, &lane->lanes->mutex);
  lane->lanes->is_sending = TRUE;
  lane->has_turn = TRUE;
  g_mutex_unlock (&lane->lanes->mutex);
}

/* When all is sent, or there was nothing to send, or it has failed. */
static void
give_turn (Lane *lane)
{
  g_mutex_lock (&lane->lanes->mutex);
  if (lane->has_turn)
    lane->lanes->is_sending = FALSE;
  lane->has_turn = FALSE;
  g_cond_broadcast (&lane->lanes->changed);
  g_mutex_unlock (&lane->lanes->mutex);
}

static gboolean
on_worker (gpointer user_data)
{
  Lane *lane = user_data;
  BoloSyncLoad *load = lane->load;

  /* Who is there is looked at for each connection, before anything is sent over it. */
  if (!lane->is_connected)
    lane->is_connected = bolo_transport_connect (lane->transport, lane->cancellable, &load->error);
  if (lane->is_connected)
    bolo_sync_load_send (load, lane->transport, lane->cancellable);
  give_turn (lane);
  lane->is_connected = load->is_sent;
  g_mutex_lock (&lane->lanes->mutex);
  lane->is_done = TRUE;
  g_cond_broadcast (&lane->lanes->changed);
  g_mutex_unlock (&lane->lanes->mutex);
  return G_SOURCE_REMOVE;
}

static gboolean
on_end (gpointer user_data)
{
  bolo_transport_disconnect (((Lane *) user_data)->transport);
  return G_SOURCE_REMOVE;
}

/* ---- in front of them ---------------------------------------------------------------------- */

static void
add_names (GPtrArray *names, GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (names, bolo_outgoing_copy_name (items->pdata[i]));
}

BoloSyncLanes *
bolo_sync_lanes_new (BoloTransport *transport)
{
  BoloTransport *second = bolo_transport_make_second (transport);
  BoloSyncLanes *self;

  if (second == NULL)
    return NULL;
  self = g_new0 (BoloSyncLanes, 1);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  for (guint i = 0; i < N_LANES; i++) {
    self->lanes[i].lanes = self;
    self->lanes[i].worker = bolo_worker_new ("bolo-lane");
    self->lanes[i].transport = i == 0 ? second : bolo_transport_make_second (transport);
    g_signal_connect_swapped (self->lanes[i].transport, "body-ready", G_CALLBACK (take_turn),
                              &self->lanes[i]);
    g_signal_connect_swapped (self->lanes[i].transport, "body-sent", G_CALLBACK (give_turn),
                              &self->lanes[i]);
  }
  return self;
}

void
bolo_sync_lanes_free (BoloSyncLanes *self)
{
  if (self == NULL)
    return;
  while (self->n_busy > 0)
    bolo_sync_load_free (bolo_sync_lanes_take (self));
  for (guint i = 0; i < N_LANES; i++) {
    bolo_worker_post (self->lanes[i].worker, on_end, &self->lanes[i], NULL);
    bolo_worker_stop (self->lanes[i].worker, STOP_MS);
    g_object_unref (self->lanes[i].worker);
    g_object_unref (self->lanes[i].transport);
  }
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_free (self);
}

guint
bolo_sync_lanes_get_n_busy (BoloSyncLanes *self)
{
  return self != NULL ? self->n_busy : 0;
}

gboolean
bolo_sync_lanes_are_full (BoloSyncLanes *self)
{
  return bolo_sync_lanes_get_n_busy (self) == N_LANES;
}

void
bolo_sync_lanes_begin (BoloSyncLanes *self, BoloSyncLoad *load, GCancellable *cancellable)
{
  Lane *lane;

  g_return_if_fail (self != NULL && load != NULL && self->n_busy < N_LANES);

  lane = &self->lanes[(self->first + self->n_busy) % N_LANES];
  self->n_busy++;
  lane->load = load;
  lane->names = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_outgoing_free);
  add_names (lane->names, load->items);
  g_set_object (&lane->cancellable, cancellable);
  lane->is_done = FALSE;
  bolo_worker_post (lane->worker, on_worker, lane, NULL);
}

BoloSyncLoad *
bolo_sync_lanes_take (BoloSyncLanes *self)
{
  Lane *lane;

  g_return_val_if_fail (self != NULL && self->n_busy > 0, NULL);

  lane = &self->lanes[self->first];
  g_mutex_lock (&self->mutex);
  while (!lane->is_done)
    g_cond_wait (&self->changed, &self->mutex);
  g_mutex_unlock (&self->mutex);
  self->first = (self->first + 1) % N_LANES;
  self->n_busy--;
  g_clear_object (&lane->cancellable);
  g_clear_pointer (&lane->names, g_ptr_array_unref);
  return g_steal_pointer (&lane->load);
}

GPtrArray *
bolo_sync_lanes_list (BoloSyncLanes *self)
{
  GPtrArray *names = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_outgoing_free);

  for (guint i = 0; i < bolo_sync_lanes_get_n_busy (self); i++)
    add_names (names, self->lanes[(self->first + i) % N_LANES].names);
  return names;
}
