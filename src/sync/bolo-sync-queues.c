/* bolo-sync-queues.c: all outboxes of the car together, for one receiver; sync's worker
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-sync-queues"

#include "bolo-sync-queues.h"

#include "bolo-audit.h"
#include "bolo-error.h"
#include "bolo-watch-book.h"

struct _BoloSyncQueues {
  BoloStore *store;     /* (nullable) lent */
  BoloAudit *audit;     /* (owned) (nullable): it is damaged */
  BoloWatchBook *watch; /* (owned) */
  char *problem;        /* (owned) (nullable) */
};

/* An audit that is damaged stays as it is, for who looks into it; it keeps nothing else in the car.
 * FALSE: it is another trouble. */
static gboolean
give_up_audit (BoloSyncQueues *self, GError *owned, GError **error)
{
  if (!g_error_matches (owned, BOLO_ERROR, BOLO_ERROR_INVALID_DATA)) {
    g_propagate_error (error, owned);
    return FALSE;
  }
  self->problem = g_strdup_printf ("No audit records are sent: %s", owned->message);
  g_message ("%s", self->problem);
  g_error_free (owned);
  g_clear_pointer (&self->audit, bolo_audit_close);
  return TRUE;
}

BoloSyncQueues *
bolo_sync_queues_open (const char *state_dir, BoloStore *store, BoloClock *clock, GError **error)
{
  g_autoptr (BoloSyncQueues) self = NULL;
  GError *local = NULL;

  g_return_val_if_fail (state_dir != NULL, NULL);

  self = g_new0 (BoloSyncQueues, 1);
  self->store = store;
  self->audit = bolo_audit_open (state_dir, &local);
  if (self->audit == NULL && !give_up_audit (self, local, error))
    return NULL;
  self->watch = bolo_watch_book_open (state_dir, bolo_clock_get_utc_us (clock), NULL, error);
  return self->watch != NULL ? g_steal_pointer (&self) : NULL;
}

void
bolo_sync_queues_close (BoloSyncQueues *self)
{
  if (self == NULL)
    return;
  bolo_audit_close (self->audit);
  bolo_watch_book_close (self->watch);
  g_free (self->problem);
  g_free (self);
}

const char *
bolo_sync_queues_get_problem (BoloSyncQueues *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->problem;
}

gboolean
bolo_sync_queues_prepare (const char *state_dir,
                          const BoloSyncConfig *config,
                          BoloClock *clock,
                          GError **error)
{
  g_autoptr (BoloSyncQueues) self = NULL;
  g_auto (GStrv) receivers = NULL;
  GError *local = NULL;

  g_return_val_if_fail (state_dir != NULL && config != NULL, FALSE);

  self = bolo_sync_queues_open (state_dir, NULL, clock, error);
  if (self == NULL)
    return FALSE;
  receivers = bolo_sync_config_get_receivers (config);
  if (self->audit != NULL &&
      !bolo_audit_set_receivers (self->audit, (const char *const *) receivers, &local) &&
      !give_up_audit (self, local, error))
    return FALSE;
  return bolo_watch_book_set_receivers (self->watch, (const char *const *) receivers, error);
}

/* Stable: of equal urgency in the order in which they came. */
static int
compare_urgencies (gconstpointer a, gconstpointer b)
{
  const BoloOutgoing *left = *(BoloOutgoing *const *) a;
  const BoloOutgoing *right = *(BoloOutgoing *const *) b;

  return left->urgency - right->urgency;
}

static void
trim (GPtrArray *items, const BoloUnsentQuery *query)
{
  gsize bytes = 0;

  for (guint i = 0; i < items->len; i++) {
    bytes += ((BoloOutgoing *) items->pdata[i])->bytes;
    if (i >= query->max || (i > 0 && bytes > query->max_bytes)) {
      g_ptr_array_set_size (items, (int) i);
      return;
    }
  }
}

/* (transfer full) (nullable) */
static GPtrArray *
list_acts (BoloSyncQueues *self, const BoloUnsentQuery *query, GError **error)
{
  GError *local = NULL;
  GPtrArray *acts =
    self->audit != NULL ? bolo_audit_list_unsent (self->audit, query, &local) : NULL;

  if (local != NULL && !give_up_audit (self, local, error))
    return NULL;
  return acts != NULL ? acts : g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_outgoing_free);
}

GPtrArray *
bolo_sync_queues_list (BoloSyncQueues *self, const BoloUnsentQuery *query, GError **error)
{
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GPtrArray) watches = NULL;
  g_autoptr (GPtrArray) acts = NULL;

  g_return_val_if_fail (self != NULL && query != NULL, NULL);

  items = self->store != NULL
            ? bolo_store_list_unsent (self->store, query, error)
            : g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_outgoing_free);
  if (items == NULL)
    return NULL;
  watches = bolo_watch_book_list_unsent (self->watch, query, error);
  acts = watches != NULL ? list_acts (self, query, error) : NULL;
  if (acts == NULL)
    return NULL;
  if (watches->len > 0 || acts->len > 0) {
    g_ptr_array_extend_and_steal (items, g_steal_pointer (&watches));
    g_ptr_array_extend_and_steal (items, g_steal_pointer (&acts));
    g_ptr_array_sort (items, compare_urgencies);
    trim (items, query);
  }
  return g_steal_pointer (&items);
}

gboolean
bolo_sync_queues_settle (
  BoloSyncQueues *self, const char *receiver, GPtrArray *items, gint64 later_us, GError **error)
{
  GError *local = NULL;

  g_return_val_if_fail (self != NULL && receiver != NULL && items != NULL, FALSE);

  if (self->audit != NULL && !bolo_audit_settle (self->audit, receiver, items, later_us, &local) &&
      !give_up_audit (self, local, error))
    return FALSE;
  return (self->store == NULL ||
          bolo_store_settle (self->store, receiver, items, later_us, error)) &&
         bolo_watch_book_settle (self->watch, receiver, items, later_us, error);
}

gboolean
bolo_sync_queues_count (BoloSyncQueues *self,
                        const char *receiver,
                        BoloUnsentCounts *counts,
                        GError **error)
{
  GError *local = NULL;

  g_return_val_if_fail (self != NULL && receiver != NULL && counts != NULL, FALSE);

  *counts = (BoloUnsentCounts){.oldest_us = -1};
  if (self->audit != NULL && !bolo_audit_count_unsent (self->audit, receiver, counts, &local) &&
      !give_up_audit (self, local, error))
    return FALSE;
  return (self->store == NULL || bolo_store_count_unsent (self->store, receiver, counts, error)) &&
         bolo_watch_book_count_unsent (self->watch, receiver, counts, error);
}
