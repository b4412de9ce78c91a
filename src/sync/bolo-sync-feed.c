/* bolo-sync-feed.c: the queues on a thread of their own: reads ahead, settles behind
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-sync-feed"

#include "bolo-sync-feed.h"

#include "bolo-error.h"
#include "bolo-worker.h"

/* Longer than any commit: the worker is waited for, for what is answered must not be sent again. */
#define STOP_MS 60000

struct _BoloSyncFeed {
  BoloWorker *worker; /* (owned) */
  char *state_dir;    /* (owned) */
  char *receiver;     /* (owned) */
  BoloStore *store;   /* (nullable) lent */
  BoloClock *clock;   /* (owned) */

  BoloSyncQueues *queues; /* (owned) (thread worker) */
  GError *behind;         /* (owned) (nullable) (thread worker): why a settle failed */

  GMutex mutex;
  GCond changed;
  const char *problem; /* (mutex mutex) (nullable) lent by queues, and stays while they do */
  struct _Job *ahead;  /* (owned) (nullable): what is read ahead, or was */
};

/* What the worker is to do, and what came of it. */
typedef struct _Job {
  BoloSyncFeed *feed; /* lent */
  gboolean (*func) (BoloSyncFeed *feed, struct _Job *job, GError **error);
  BoloUnsentQuery query; /* without its receiver */
  GPtrArray *items;      /* (owned) (nullable): to settle, or what was read */
  gint64 later_us;
  BoloUnsentCounts counts;

  gatomicrefcount references;
  gboolean is_done;      /* (mutex mutex) */
  gboolean is_forgotten; /* (mutex mutex) */
  gboolean is_good;
  GError *error; /* (owned) (nullable) */
} Job;

static Job *
job_new (BoloSyncFeed *feed, gboolean (*func) (BoloSyncFeed *, Job *, GError **))
{
  Job *job = g_new0 (Job, 1);

  job->feed = feed;
  job->func = func;
  g_atomic_ref_count_init (&job->references);
  return job;
}

static void
job_unref (gpointer data)
{
  Job *job = data;

  if (!g_atomic_ref_count_dec (&job->references))
    return;
  g_clear_pointer (&job->items, g_ptr_array_unref);
  g_clear_pointer (&job->query.under_way, g_ptr_array_unref);
  g_clear_error (&job->error);
  g_free (job);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_unref)

/* ---- on the worker ------------------------------------------------------------------------- */

static gboolean
on_worker (gpointer user_data)
{
  Job *job = user_data;
  BoloSyncFeed *self = job->feed;
  gboolean is_wanted;

  g_mutex_lock (&self->mutex);
  is_wanted = !job->is_forgotten;
  g_mutex_unlock (&self->mutex);
  if (is_wanted)
    job->is_good = job->func (self, job, &job->error);
  g_mutex_lock (&self->mutex);
  job->is_done = TRUE;
  self->problem = self->queues != NULL ? bolo_sync_queues_get_problem (self->queues) : NULL;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  return G_SOURCE_REMOVE;
}

static gboolean
do_open (BoloSyncFeed *self, Job *job, GError **error)
{
  self->queues = bolo_sync_queues_open (self->state_dir, self->store, self->clock, error);
  return self->queues != NULL;
}

static gboolean
do_close (BoloSyncFeed *self, Job *job, GError **error)
{
  g_clear_pointer (&self->queues, bolo_sync_queues_close);
  return TRUE;
}

static gboolean
do_list (BoloSyncFeed *self, Job *job, GError **error)
{
  if (self->behind != NULL) {
    g_propagate_error (error, g_error_copy (self->behind));
    return FALSE;
  }
  job->query.receiver = self->receiver;
  job->items = bolo_sync_queues_list (self->queues, &job->query, error);
  return job->items != NULL;
}

/* What fails here is said to who asks next. */
static gboolean
do_settle (BoloSyncFeed *self, Job *job, GError **error)
{
  return self->behind != NULL || bolo_sync_queues_settle (self->queues, self->receiver, job->items,
                                                          job->later_us, &self->behind);
}

static gboolean
do_flush (BoloSyncFeed *self, Job *job, GError **error)
{
  if (self->behind == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->behind));
  return FALSE;
}

static gboolean
do_count (BoloSyncFeed *self, Job *job, GError **error)
{
  return bolo_sync_queues_count (self->queues, self->receiver, &job->counts, error);
}

/* ---- in front of it ------------------------------------------------------------------------ */

static void
post (BoloSyncFeed *self, Job *job)
{
  g_atomic_ref_count_inc (&job->references);
  bolo_worker_post (self->worker, on_worker, job, job_unref);
}

static gboolean
wait_for (BoloSyncFeed *self, Job *job, GError **error)
{
  g_mutex_lock (&self->mutex);
  while (!job->is_done)
    g_cond_wait (&self->changed, &self->mutex);
  g_mutex_unlock (&self->mutex);
  if (!job->is_good && job->error != NULL)
    g_propagate_error (error, g_steal_pointer (&job->error));
  return job->is_good;
}

static gboolean
run (BoloSyncFeed *self, Job *job, GError **error)
{
  post (self, job);
  return wait_for (self, job, error);
}

BoloSyncFeed *
bolo_sync_feed_open (
  const char *state_dir, BoloStore *store, BoloClock *clock, const char *receiver, GError **error)
{
  BoloSyncFeed *self;
  g_autoptr (Job) job = NULL;

  g_return_val_if_fail (state_dir != NULL && receiver != NULL, NULL);

  self = g_new0 (BoloSyncFeed, 1);
  self->worker = bolo_worker_new ("bolo-feed");
  self->state_dir = g_strdup (state_dir);
  self->receiver = g_strdup (receiver);
  self->store = store;
  self->clock = g_object_ref (clock);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  job = job_new (self, do_open);
  if (run (self, job, error))
    return self;
  bolo_sync_feed_close (self);
  return NULL;
}

void
bolo_sync_feed_close (BoloSyncFeed *self)
{
  g_autoptr (Job) job = NULL;

  if (self == NULL)
    return;
  bolo_sync_feed_forget (self);
  job = job_new (self, do_close);
  run (self, job, NULL);
  bolo_worker_stop (self->worker, STOP_MS);
  g_object_unref (self->worker);
  if (self->behind != NULL)
    g_message ("What was acknowledged last could not be taken out: %s", self->behind->message);
  g_clear_error (&self->behind);
  g_object_unref (self->clock);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_free (self->state_dir);
  g_free (self->receiver);
  g_free (self);
}

void
bolo_sync_feed_forget (BoloSyncFeed *self)
{
  g_return_if_fail (self != NULL);

  if (self->ahead == NULL)
    return;
  g_mutex_lock (&self->mutex);
  self->ahead->is_forgotten = TRUE;
  g_mutex_unlock (&self->mutex);
  g_clear_pointer (&self->ahead, job_unref);
}

static Job *
make_list_job (BoloSyncFeed *self, const BoloUnsentQuery *query, GPtrArray *under_way)
{
  GPtrArray *names = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_outgoing_free);
  Job *job = job_new (self, do_list);

  for (guint i = 0; under_way != NULL && i < under_way->len; i++)
    g_ptr_array_add (names, bolo_outgoing_copy_name (under_way->pdata[i]));
  job->query = *query;
  job->query.under_way = names;
  return job;
}

void
bolo_sync_feed_read_ahead (BoloSyncFeed *self, const BoloUnsentQuery *query, GPtrArray *under_way)
{
  g_return_if_fail (self != NULL && query != NULL);

  bolo_sync_feed_forget (self);
  self->ahead = make_list_job (self, query, under_way);
  post (self, self->ahead);
}

/* (transfer full) (nullable) */
static GPtrArray *
take_ahead (BoloSyncFeed *self, const BoloUnsentQuery *query)
{
  g_autoptr (Job) job = NULL;

  if (self->ahead == NULL)
    return NULL;
  if (self->ahead->query.max_urgency != query->max_urgency) {
    bolo_sync_feed_forget (self);
    return NULL;
  }
  job = g_steal_pointer (&self->ahead);
  /* What is wrong is found once more by who asks now. */
  return wait_for (self, job, NULL) && job->items->len > 0 ? g_steal_pointer (&job->items) : NULL;
}

GPtrArray *
bolo_sync_feed_take (BoloSyncFeed *self,
                     const BoloUnsentQuery *query,
                     GPtrArray *under_way,
                     GError **error)
{
  GPtrArray *items;
  g_autoptr (Job) job = NULL;

  g_return_val_if_fail (self != NULL && query != NULL, NULL);

  items = take_ahead (self, query);
  if (items != NULL)
    return items;
  if (!bolo_sync_feed_flush (self, error))
    return NULL;
  job = make_list_job (self, query, under_way);
  return run (self, job, error) ? g_steal_pointer (&job->items) : NULL;
}

void
bolo_sync_feed_settle (BoloSyncFeed *self, GPtrArray *items, gint64 later_us)
{
  g_autoptr (Job) job = NULL;

  g_return_if_fail (self != NULL && items != NULL);

  job = job_new (self, do_settle);
  job->items = g_ptr_array_ref (items);
  job->later_us = later_us;
  post (self, job);
}

gboolean
bolo_sync_feed_flush (BoloSyncFeed *self, GError **error)
{
  g_autoptr (Job) job = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  job = job_new (self, do_flush);
  return run (self, job, error);
}

const char *
bolo_sync_feed_get_problem (BoloSyncFeed *self)
{
  const char *problem;

  g_return_val_if_fail (self != NULL, NULL);

  g_mutex_lock (&self->mutex);
  problem = self->problem;
  g_mutex_unlock (&self->mutex);
  return problem;
}

gboolean
bolo_sync_feed_count (BoloSyncFeed *self, BoloUnsentCounts *counts, GError **error)
{
  g_autoptr (Job) job = NULL;

  g_return_val_if_fail (self != NULL && counts != NULL, FALSE);

  job = job_new (self, do_count);
  if (!run (self, job, error))
    return FALSE;
  *counts = job->counts;
  return TRUE;
}
