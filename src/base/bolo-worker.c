/* bolo-worker.c: a named thread with its own main context, for ordered work off the main loop
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-worker"

#include "bolo-worker.h"

#include "bolo-error.h"
#include "bolo-priority.h"

struct _BoloWorker {
  GObject parent_instance;

  char *name;            /* (owned) */
  GMainContext *context; /* (owned) */
  GMainLoop *loop;       /* (owned) */
  GThread *thread;       /* (owned) (nullable) */

  GMutex mutex;
  GCond changed;
  gboolean is_stopping; /* (mutex mutex) */
  gboolean has_ended;   /* (mutex mutex) */
};

G_DEFINE_FINAL_TYPE (BoloWorker, bolo_worker, G_TYPE_OBJECT)

/* What the thread needs; it may outlive the object when a stop ran into its deadline. */
static gpointer
worker_main (gpointer data)
{
  g_autoptr (BoloWorker) self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  self->has_ended = TRUE;
  g_cond_broadcast (&self->changed);
  return NULL;
}

static void
bolo_worker_finalize (GObject *object)
{
  BoloWorker *self = BOLO_WORKER (object);

  g_clear_pointer (&self->thread, g_thread_unref);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->name, g_free);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  G_OBJECT_CLASS (bolo_worker_parent_class)->finalize (object);
}

static void
bolo_worker_class_init (BoloWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bolo_worker_finalize;
}

static void
bolo_worker_init (BoloWorker *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
}

BoloWorker *
bolo_worker_new (const char *name)
{
  BoloWorker *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (BOLO_TYPE_WORKER, NULL);
  self->name = g_strdup (name);
  self->thread = g_thread_new (name, worker_main, g_object_ref (self));
  return self;
}

GMainContext *
bolo_worker_get_context (BoloWorker *self)
{
  g_return_val_if_fail (BOLO_IS_WORKER (self), NULL);

  return self->context;
}

typedef struct {
  GSourceFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Post;

static gboolean
on_post (gpointer user_data)
{
  Post *post = user_data;

  post->func (post->data);
  return G_SOURCE_REMOVE;
}

static void
post_free (gpointer user_data)
{
  Post *post = user_data;

  if (post->destroy != NULL)
    post->destroy (post->data);
  g_free (post);
}

void
bolo_context_post (
  GMainContext *context, GSourceFunc func, gpointer data, GDestroyNotify destroy, const char *name)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Post *post;

  g_return_if_fail (func != NULL);

  post = g_new0 (Post, 1);
  post->func = func;
  post->data = data;
  post->destroy = destroy;
  g_source_set_callback (source, on_post, post, post_free);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, name);
  g_source_attach (source, context);
}

static gboolean
is_stopping (BoloWorker *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  return self->is_stopping;
}

void
bolo_worker_post (BoloWorker *self, GSourceFunc func, gpointer data, GDestroyNotify destroy)
{
  g_return_if_fail (BOLO_IS_WORKER (self));
  g_return_if_fail (func != NULL);

  if (is_stopping (self)) {
    if (destroy != NULL)
      destroy (data);
    return;
  }
  bolo_context_post (self->context, func, data, destroy, "bolo-worker-post");
}

typedef struct {
  GTask *task;
  GTaskThreadFunc func;
} TaskRun;

static gboolean
on_run_task (gpointer user_data)
{
  TaskRun *run = user_data;

  run->func (run->task, g_task_get_source_object (run->task), g_task_get_task_data (run->task),
             g_task_get_cancellable (run->task));
  return G_SOURCE_REMOVE;
}

static void
task_run_free (gpointer user_data)
{
  TaskRun *run = user_data;

  g_object_unref (run->task);
  g_free (run);
}

void
bolo_worker_run_task (BoloWorker *self, GTask *task, GTaskThreadFunc func)
{
  TaskRun *run;

  g_return_if_fail (BOLO_IS_WORKER (self));
  g_return_if_fail (G_IS_TASK (task));
  g_return_if_fail (func != NULL);

  if (is_stopping (self)) {
    g_task_return_new_error (task, BOLO_ERROR, BOLO_ERROR_BUSY, "%s is shutting down", self->name);
    return;
  }
  run = g_new0 (TaskRun, 1);
  run->task = g_object_ref (task);
  run->func = func;
  bolo_context_post (self->context, on_run_task, run, task_run_free, "bolo-worker-task");
}

gboolean
bolo_worker_is_current (BoloWorker *self)
{
  g_return_val_if_fail (BOLO_IS_WORKER (self), FALSE);

  return g_main_context_is_owner (self->context);
}

static gboolean
on_lower (gpointer user_data)
{
  bolo_priority_lower (GPOINTER_TO_INT (user_data));
  return G_SOURCE_REMOVE;
}

void
bolo_worker_lower (BoloWorker *self, int nice)
{
  g_return_if_fail (BOLO_IS_WORKER (self));

  bolo_worker_post (self, on_lower, GINT_TO_POINTER (nice), NULL);
}

static gboolean
on_quit (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

gboolean
bolo_worker_stop (BoloWorker *self, guint deadline_ms)
{
  gint64 deadline_us = g_get_monotonic_time () + (gint64) deadline_ms * 1000;

  g_return_val_if_fail (BOLO_IS_WORKER (self), FALSE);
  g_return_val_if_fail (!bolo_worker_is_current (self), FALSE);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  if (!self->is_stopping) {
    self->is_stopping = TRUE;
    bolo_context_post (self->context, on_quit, g_main_loop_ref (self->loop),
                       (GDestroyNotify) g_main_loop_unref, "bolo-worker-quit");
  }
  while (!self->has_ended) {
    if (!g_cond_wait_until (&self->changed, &self->mutex, deadline_us))
      return self->has_ended;
  }
  if (self->thread != NULL)
    g_thread_join (g_steal_pointer (&self->thread));
  return TRUE;
}
