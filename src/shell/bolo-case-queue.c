/* bolo-case-queue.c: which hit is on the card now, and how many wait
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-case-queue.h"

/* Quiet hits of this priority or a lower one raise no card. */
#define QUIET_PRIORITY 3

struct _BoloCaseQueue {
  GObject parent_instance;

  GListModel *cases;    /* (owned) */
  GPtrArray *watched;   /* (owned) of BoloHitCase: those whose changes we hear */
  GHashTable *aside;    /* (owned) of BoloHitCase, referenced: put aside by the officer */
  BoloHitCase *current; /* (owned) (nullable) */
  gboolean is_opened;   /* the officer asked for the current one */
  guint waiting;
  guint open;
};

G_DEFINE_FINAL_TYPE (BoloCaseQueue, bolo_case_queue, G_TYPE_OBJECT)

typedef enum {
  PROP_CURRENT = 1,
  PROP_WAITING,
  PROP_OPEN,
} BoloCaseQueueProperty;
static GParamSpec *props[PROP_OPEN + 1];

static int
priority_of (BoloHitCase *hit_case)
{
  return bolo_hit_case_get_hit (hit_case)->priority;
}

static gboolean
raises_card (BoloHitCase *hit_case)
{
  const BoloHit *hit = bolo_hit_case_get_hit (hit_case);

  return !hit->is_covert && !(hit->is_quiet && hit->priority >= QUIET_PRIORITY);
}

static gboolean
is_candidate (BoloCaseQueue *self, BoloHitCase *hit_case)
{
  return bolo_hit_case_is_open (hit_case) && raises_card (hit_case) &&
         !g_hash_table_contains (self->aside, hit_case);
}

/* A case that was misread or silenced leaves with that tap. A confirmed one stays to be seen so. */
static gboolean
may_stay (BoloCaseQueue *self)
{
  BoloHitState state;

  if (self->current == NULL)
    return FALSE;
  state = bolo_hit_case_get_state (self->current);
  return self->is_opened || (state != BOLO_HIT_MISREAD && state != BOLO_HIT_SILENCED);
}

static void
set_current (BoloCaseQueue *self, BoloHitCase *hit_case, gboolean is_opened)
{
  self->is_opened = is_opened;
  if (g_set_object (&self->current, hit_case))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CURRENT]);
}

static void
set_counts (BoloCaseQueue *self, guint waiting, guint open)
{
  if (self->waiting != waiting) {
    self->waiting = waiting;
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_WAITING]);
  }
  if (self->open != open) {
    self->open = open;
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_OPEN]);
  }
}

static void
update (BoloCaseQueue *self)
{
  guint n_cases = g_list_model_get_n_items (self->cases);
  BoloHitCase *best = NULL;
  guint waiting = 0;
  guint open = 0;

  for (guint i = 0; i < n_cases; i++) {
    g_autoptr (BoloHitCase) hit_case = g_list_model_get_item (self->cases, i);

    open += bolo_hit_case_is_open (hit_case) ? 1 : 0;
    if (hit_case == self->current || !is_candidate (self, hit_case))
      continue;
    waiting++;
    if (best == NULL || priority_of (hit_case) < priority_of (best))
      best = hit_case;
  }

  if (best != NULL && (!may_stay (self) || priority_of (best) < priority_of (self->current))) {
    g_autoptr (BoloHitCase) before = self->current != NULL ? g_object_ref (self->current) : NULL;

    set_current (self, best, FALSE);
    waiting--;
    if (before != NULL && is_candidate (self, before))
      waiting++;
  } else if (!may_stay (self)) {
    set_current (self, NULL, FALSE);
  }
  set_counts (self, waiting, open);
}

static void
on_state_changed (BoloHitCase *hit_case, GParamSpec *pspec, BoloCaseQueue *self)
{
  /* An answer given to a case that the officer had opened again sends it back to the list. */
  if (hit_case == self->current && !bolo_hit_case_is_open (hit_case))
    self->is_opened = FALSE;
  update (self);
}

static void
on_hit_changed (BoloHitCase *hit_case, GParamSpec *pspec, BoloCaseQueue *self)
{
  update (self);
}

static void
forget (gpointer data, gpointer user_data)
{
  g_signal_handlers_disconnect_by_data (data, user_data);
}

static void
on_cases_changed (
  GListModel *cases, guint position, guint removed, guint added, BoloCaseQueue *self)
{
  if (removed > 0) {
    for (guint i = 0; i < removed; i++)
      forget (g_ptr_array_index (self->watched, position + i), self);
    g_ptr_array_remove_range (self->watched, position, removed);
  }
  for (guint i = 0; i < added; i++) {
    BoloHitCase *hit_case = g_list_model_get_item (cases, position + i);

    g_signal_connect_object (hit_case, "notify::state", G_CALLBACK (on_state_changed), self, 0);
    g_signal_connect_object (hit_case, "notify::hit", G_CALLBACK (on_hit_changed), self, 0);
    g_ptr_array_insert (self->watched, (int) (position + i), hit_case);
  }
  update (self);
}

static void
bolo_case_queue_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BoloCaseQueue *self = BOLO_CASE_QUEUE (object);

  switch ((BoloCaseQueueProperty) id) {
  case PROP_CURRENT:
    g_value_set_object (value, self->current);
    break;
  case PROP_WAITING:
    g_value_set_uint (value, self->waiting);
    break;
  case PROP_OPEN:
    g_value_set_uint (value, self->open);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
bolo_case_queue_dispose (GObject *object)
{
  BoloCaseQueue *self = BOLO_CASE_QUEUE (object);

  g_ptr_array_foreach (self->watched, forget, self);
  g_ptr_array_set_size (self->watched, 0);
  g_hash_table_remove_all (self->aside);
  g_clear_object (&self->current);
  g_clear_object (&self->cases);

  G_OBJECT_CLASS (bolo_case_queue_parent_class)->dispose (object);
}

static void
bolo_case_queue_finalize (GObject *object)
{
  BoloCaseQueue *self = BOLO_CASE_QUEUE (object);

  g_ptr_array_unref (self->watched);
  g_hash_table_unref (self->aside);

  G_OBJECT_CLASS (bolo_case_queue_parent_class)->finalize (object);
}

static void
bolo_case_queue_class_init (BoloCaseQueueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bolo_case_queue_get_property;
  object_class->dispose = bolo_case_queue_dispose;
  object_class->finalize = bolo_case_queue_finalize;

  props[PROP_CURRENT] = g_param_spec_object ("current", NULL, NULL, BOLO_TYPE_HIT_CASE, flags);
  props[PROP_WAITING] = g_param_spec_uint ("waiting", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_OPEN] = g_param_spec_uint ("open", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
bolo_case_queue_init (BoloCaseQueue *self)
{
  self->watched = g_ptr_array_new_with_free_func (g_object_unref);
  self->aside = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

BoloCaseQueue *
bolo_case_queue_new (GListModel *cases)
{
  g_autoptr (BoloCaseQueue) self = g_object_new (BOLO_TYPE_CASE_QUEUE, NULL);

  g_return_val_if_fail (G_IS_LIST_MODEL (cases), NULL);

  self->cases = g_object_ref (cases);
  g_signal_connect_object (cases, "items-changed", G_CALLBACK (on_cases_changed), self, 0);
  on_cases_changed (cases, 0, 0, g_list_model_get_n_items (cases), self);
  return g_steal_pointer (&self);
}

BoloHitCase *
bolo_case_queue_get_current (BoloCaseQueue *self)
{
  g_return_val_if_fail (BOLO_IS_CASE_QUEUE (self), NULL);
  return self->current;
}

guint
bolo_case_queue_get_waiting (BoloCaseQueue *self)
{
  g_return_val_if_fail (BOLO_IS_CASE_QUEUE (self), 0);
  return self->waiting;
}

guint
bolo_case_queue_get_open (BoloCaseQueue *self)
{
  g_return_val_if_fail (BOLO_IS_CASE_QUEUE (self), 0);
  return self->open;
}

void
bolo_case_queue_open (BoloCaseQueue *self, BoloHitCase *hit_case)
{
  g_return_if_fail (BOLO_IS_CASE_QUEUE (self));
  g_return_if_fail (BOLO_IS_HIT_CASE (hit_case));

  g_hash_table_remove (self->aside, hit_case);
  set_current (self, hit_case, TRUE);
  update (self);
}

void
bolo_case_queue_put_aside (BoloCaseQueue *self)
{
  g_return_if_fail (BOLO_IS_CASE_QUEUE (self));

  if (self->current == NULL)
    return;
  g_hash_table_add (self->aside, g_object_ref (self->current));
  set_current (self, NULL, FALSE);
  update (self);
}

void
bolo_case_queue_raise (BoloCaseQueue *self, BoloHitCase *hit_case)
{
  g_return_if_fail (BOLO_IS_CASE_QUEUE (self));
  g_return_if_fail (BOLO_IS_HIT_CASE (hit_case));

  if (g_hash_table_remove (self->aside, hit_case))
    update (self);
}
