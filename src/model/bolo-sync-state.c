/* bolo-sync-state.c: how it stands between the car and its back office, for whoever shows it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-sync-state.h"

#include <string.h>

#define SHARED_US G_TIME_SPAN_HOUR

struct _BoloSyncState {
  GObject parent_instance;

  GPtrArray *remotes;   /* (owned) of BoloSyncFigures, whose texts are owned */
  BoloSyncFigures none; /* before a remote has told anything */
  GPtrArray *lists;     /* (owned) of BoloListArrival */
  GListStore *shared;   /* (owned) of BoloSharedHit */
  BoloReceipt *receipt; /* (owned) (nullable) */
  BoloStick stick;      /* its texts are owned */
};

G_DEFINE_FINAL_TYPE (BoloSyncState, bolo_sync_state, G_TYPE_OBJECT)

typedef enum {
  SIGNAL_CHANGED,
  SIGNAL_ASKED,
} BoloSyncStateSignal;

static guint signals[SIGNAL_ASKED + 1];

static const char *const phases[] = {
  [BOLO_SYNC_OFF] = "off",
  [BOLO_SYNC_IDLE] = "idle",
  [BOLO_SYNC_CONNECTING] = "connecting",
  [BOLO_SYNC_SENDING] = "sending",
  [BOLO_SYNC_FETCHING] = "fetching",
  [BOLO_SYNC_WAITING] = "waiting",
  [BOLO_SYNC_REFUSED] = "refused",
  [BOLO_SYNC_BY_STICK] = "stick",
};

const char *
bolo_sync_phase_to_string (BoloSyncPhase phase)
{
  g_return_val_if_fail ((guint) phase < G_N_ELEMENTS (phases), NULL);

  return phases[phase];
}

BoloListArrival *
bolo_list_arrival_new (const char *name)
{
  BoloListArrival *self = g_new0 (BoloListArrival, 1);

  self->name = g_strdup (name);
  self->checked_us = -1;
  return self;
}

BoloListArrival *
bolo_list_arrival_copy (const BoloListArrival *self)
{
  BoloListArrival *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->name = g_strdup (self->name);
  copy->failure = g_strdup (self->failure);
  copy->from = g_strdup (self->from);
  return copy;
}

void
bolo_list_arrival_free (BoloListArrival *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->failure);
  g_free (self->from);
  g_free (self);
}

/* The texts of figures, one after the other. */
static void
get_texts (BoloSyncFigures *figures, const char **texts[4])
{
  texts[0] = &figures->remote;
  texts[1] = &figures->failure;
  texts[2] = &figures->remedy;
  texts[3] = &figures->rejection;
}

static void
figures_free (gpointer data)
{
  BoloSyncFigures *figures = data;
  const char **texts[4];

  get_texts (figures, texts);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free ((char *) *texts[i]);
  g_free (figures);
}

static BoloSyncFigures *
figures_copy (const BoloSyncFigures *figures)
{
  BoloSyncFigures *copy = g_memdup2 (figures, sizeof *figures);
  const char **texts[4];

  get_texts (copy, texts);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    *texts[i] = g_strdup (*texts[i]);
  return copy;
}

BoloReceipt *
bolo_receipt_copy (const BoloReceipt *self)
{
  BoloReceipt *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->path = g_strdup (self->path);
  copy->station = g_strdup (self->station);
  copy->sha256 = g_strdup (self->sha256);
  return copy;
}

void
bolo_receipt_free (BoloReceipt *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_free (self->station);
  g_free (self->sha256);
  g_free (self);
}

gint64
bolo_receipt_get_n_items (const BoloReceipt *self)
{
  gint64 sum = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < BOLO_N_TOPICS; i++)
    sum += self->counts[i];
  return sum;
}

static void
clear_stick (BoloStick *stick)
{
  g_free ((char *) stick->notice);
  g_free ((char *) stick->failure);
}

static void
bolo_sync_state_finalize (GObject *object)
{
  BoloSyncState *self = BOLO_SYNC_STATE (object);

  g_clear_pointer (&self->remotes, g_ptr_array_unref);
  g_clear_pointer (&self->lists, g_ptr_array_unref);
  g_clear_object (&self->shared);
  g_clear_pointer (&self->receipt, bolo_receipt_free);
  clear_stick (&self->stick);
  G_OBJECT_CLASS (bolo_sync_state_parent_class)->finalize (object);
}

static void
bolo_sync_state_class_init (BoloSyncStateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bolo_sync_state_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", BOLO_TYPE_SYNC_STATE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ASKED] = g_signal_new ("asked", BOLO_TYPE_SYNC_STATE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
bolo_sync_state_init (BoloSyncState *self)
{
  self->none.last_contact_us = -1;
  self->none.next_try_us = -1;
  self->none.oldest_us = -1;
  self->none.left_s = -1;
  self->remotes = g_ptr_array_new_with_free_func (figures_free);
  self->lists = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_arrival_free);
  self->shared = g_list_store_new (BOLO_TYPE_SHARED_HIT);
}

BoloSyncState *
bolo_sync_state_new (void)
{
  return g_object_new (BOLO_TYPE_SYNC_STATE, NULL);
}

static void
say_changed (BoloSyncState *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

const BoloSyncFigures *
bolo_sync_state_get_figures (BoloSyncState *self)
{
  g_return_val_if_fail (BOLO_IS_SYNC_STATE (self), NULL);

  return self->remotes->len > 0 ? self->remotes->pdata[0] : &self->none;
}

GPtrArray *
bolo_sync_state_get_remotes (BoloSyncState *self)
{
  g_return_val_if_fail (BOLO_IS_SYNC_STATE (self), NULL);

  return self->remotes;
}

GPtrArray *
bolo_sync_state_get_lists (BoloSyncState *self)
{
  g_return_val_if_fail (BOLO_IS_SYNC_STATE (self), NULL);

  return self->lists;
}

GListModel *
bolo_sync_state_get_shared (BoloSyncState *self)
{
  g_return_val_if_fail (BOLO_IS_SYNC_STATE (self), NULL);

  return G_LIST_MODEL (self->shared);
}

gint64
bolo_sync_figures_get_n_unsent (const BoloSyncFigures *figures)
{
  gint64 sum = 0;

  g_return_val_if_fail (figures != NULL, 0);

  for (guint i = 0; i < BOLO_N_TOPICS; i++)
    sum += figures->unsent[i];
  return sum;
}

gint64
bolo_sync_state_get_n_unsent (BoloSyncState *self)
{
  gint64 most = 0;

  g_return_val_if_fail (BOLO_IS_SYNC_STATE (self), 0);

  for (guint i = 0; i < self->remotes->len; i++)
    most = MAX (most, bolo_sync_figures_get_n_unsent (self->remotes->pdata[i]));
  return most;
}

const BoloReceipt *
bolo_sync_state_get_receipt (BoloSyncState *self)
{
  g_return_val_if_fail (BOLO_IS_SYNC_STATE (self), NULL);

  return self->receipt;
}

const BoloStick *
bolo_sync_state_get_stick (BoloSyncState *self)
{
  g_return_val_if_fail (BOLO_IS_SYNC_STATE (self), NULL);

  return &self->stick;
}

void
bolo_sync_state_ask (BoloSyncState *self, BoloSyncAsk ask)
{
  g_return_if_fail (BOLO_IS_SYNC_STATE (self));

  g_signal_emit (self, signals[SIGNAL_ASKED], 0, (int) ask);
}

void
bolo_sync_state_set_figures (BoloSyncState *self, const BoloSyncFigures *figures)
{
  BoloSyncFigures *copy;
  guint at = 0;

  g_return_if_fail (BOLO_IS_SYNC_STATE (self));
  g_return_if_fail (figures != NULL);

  copy = figures_copy (figures);
  while (at < self->remotes->len &&
         g_strcmp0 (((BoloSyncFigures *) self->remotes->pdata[at])->remote, copy->remote) != 0)
    at++;
  if (at < self->remotes->len)
    g_ptr_array_remove_index (self->remotes, at);
  g_ptr_array_insert (self->remotes, (int) at, copy);
  say_changed (self);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(BoloListArrival *const *) a)->name, (*(BoloListArrival *const *) b)->name);
}

void
bolo_sync_state_set_list (BoloSyncState *self, const BoloListArrival *arrival)
{
  g_return_if_fail (BOLO_IS_SYNC_STATE (self));
  g_return_if_fail (arrival != NULL && arrival->name != NULL);

  for (guint i = 0; i < self->lists->len; i++) {
    BoloListArrival *old = self->lists->pdata[i];

    if (g_str_equal (old->name, arrival->name)) {
      g_ptr_array_remove_index (self->lists, i);
      break;
    }
  }
  g_ptr_array_add (self->lists, bolo_list_arrival_copy (arrival));
  g_ptr_array_sort (self->lists, compare_names);
  say_changed (self);
}

void
bolo_sync_state_set_receipt (BoloSyncState *self, const BoloReceipt *receipt)
{
  BoloReceipt *copy;

  g_return_if_fail (BOLO_IS_SYNC_STATE (self));
  g_return_if_fail (receipt != NULL);

  if (self->receipt != NULL && g_strcmp0 (self->receipt->path, receipt->path) == 0)
    return;
  copy = bolo_receipt_copy (receipt);
  g_clear_pointer (&self->receipt, bolo_receipt_free);
  self->receipt = copy;
  say_changed (self);
}

void
bolo_sync_state_set_stick (BoloSyncState *self, const BoloStick *stick)
{
  BoloStick copy;

  g_return_if_fail (BOLO_IS_SYNC_STATE (self));
  g_return_if_fail (stick != NULL);

  copy = *stick;
  copy.notice = g_strdup (stick->notice);
  copy.failure = g_strdup (stick->failure);
  clear_stick (&self->stick);
  self->stick = copy;
  say_changed (self);
}

/* Position of the same hit, or the number of all. */
static guint
find_shared (BoloSyncState *self, const BoloSharedHitFields *fields)
{
  GListModel *model = G_LIST_MODEL (self->shared);
  guint n = g_list_model_get_n_items (model);

  for (guint i = 0; i < n; i++) {
    g_autoptr (BoloSharedHit) hit = g_list_model_get_item (model, i);
    const BoloSharedHitFields *other = bolo_shared_hit_get_fields (hit);

    if (g_strcmp0 (other->id, fields->id) == 0 && g_strcmp0 (other->car, fields->car) == 0)
      return i;
  }
  return n;
}

static gboolean
drop_old (BoloSyncState *self, gint64 now_us)
{
  GListModel *model = G_LIST_MODEL (self->shared);
  gboolean is_changed = FALSE;

  for (guint i = g_list_model_get_n_items (model); i > 0; i--) {
    g_autoptr (BoloSharedHit) hit = g_list_model_get_item (model, i - 1);

    if (bolo_shared_hit_get_fields (hit)->time_us < now_us - SHARED_US) {
      g_list_store_remove (self->shared, i - 1);
      is_changed = TRUE;
    }
  }
  return is_changed;
}

void
bolo_sync_state_add_shared (BoloSyncState *self, GPtrArray *hits, gint64 now_us)
{
  gboolean is_changed;

  g_return_if_fail (BOLO_IS_SYNC_STATE (self));
  g_return_if_fail (hits != NULL);

  for (guint i = 0; i < hits->len; i++) {
    guint at = find_shared (self, bolo_shared_hit_get_fields (hits->pdata[i]));
    gboolean is_known = at < g_list_model_get_n_items (G_LIST_MODEL (self->shared));

    g_list_store_splice (self->shared, at, is_known ? 1 : 0, &hits->pdata[i], 1);
  }
  is_changed = drop_old (self, now_us);
  if (is_changed || hits->len > 0)
    say_changed (self);
}
