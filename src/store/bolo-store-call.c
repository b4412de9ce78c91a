/* bolo-store-call.c: one question to the store's worker, waited for or answered later
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-store-call"

#include "bolo-store-call.h"

#include "bolo-error.h"

/* Atomically counted: one reference for the worker, one for who waits. */
struct _BoloStoreCall {
  BoloWorker *worker;      /* (owned) */
  BoloStoreWriter *writer; /* (owned) */
  BoloStoreCallFunc func;
  gpointer data; /* (owned) */
  GDestroyNotify free_data;
  GMainContext *context; /* (owned) */

  GMutex mutex;
  GCond changed;
  gboolean is_answered; /* (mutex mutex) */
  gpointer result;
  GError *error; /* (owned) (nullable) */

  GTask *task; /* (owned) (nullable) */
  GDestroyNotify free_result;
};

BoloStoreCall *
bolo_store_call_new (BoloWorker *worker,
                     BoloStoreWriter *writer,
                     BoloStoreCallFunc func,
                     gpointer data,
                     GDestroyNotify free_data,
                     GMainContext *context)
{
  BoloStoreCall *self = g_atomic_rc_box_new0 (BoloStoreCall);

  self->worker = g_object_ref (worker);
  self->writer = bolo_store_writer_ref (writer);
  self->func = func;
  self->data = data;
  self->free_data = free_data;
  self->context = g_main_context_ref (context);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  return self;
}

static void
call_clear (gpointer data)
{
  BoloStoreCall *self = data;

  self->free_data (self->data);
  bolo_store_writer_unref (self->writer);
  g_object_unref (self->worker);
  g_main_context_unref (self->context);
  g_clear_error (&self->error);
  g_clear_object (&self->task);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
}

static void
call_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, call_clear);
}

static gboolean
on_worker (gpointer user_data)
{
  BoloStoreCall *self = user_data;

  self->result = self->func (self->writer, self->data, &self->error);
  return G_SOURCE_REMOVE;
}

/* Also when the worker was stopped before it came to this one. */
static void
fill_error (BoloStoreCall *self)
{
  if (self->result == NULL && self->error == NULL)
    g_set_error (&self->error, BOLO_ERROR, BOLO_ERROR_BUSY, "The records are being closed");
}

static void
answer_waiting (gpointer user_data)
{
  BoloStoreCall *self = user_data;

  g_mutex_lock (&self->mutex);
  fill_error (self);
  self->is_answered = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  call_unref (self);
}

gpointer
bolo_store_call_run_until (BoloStoreCall *self, gint64 until_us, GError **error)
{
  gboolean is_in_time = TRUE;
  gpointer result = NULL;

  bolo_worker_post (self->worker, on_worker, g_atomic_rc_box_acquire (self), answer_waiting);
  g_mutex_lock (&self->mutex);
  while (!self->is_answered && is_in_time) {
    if (until_us < 0)
      g_cond_wait (&self->changed, &self->mutex);
    else
      is_in_time = g_cond_wait_until (&self->changed, &self->mutex, until_us);
  }
  if (!self->is_answered)
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_TIMED_OUT, "The disk did not answer in time");
  else if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else
    result = self->result;
  g_mutex_unlock (&self->mutex);
  call_unref (self);
  return result;
}

gpointer
bolo_store_call_run_and_wait (BoloStoreCall *self, GError **error)
{
  return bolo_store_call_run_until (self, -1, error);
}

static gboolean
answer_task (gpointer user_data)
{
  BoloStoreCall *self = user_data;

  if (self->error != NULL)
    g_task_return_error (self->task, g_steal_pointer (&self->error));
  else
    g_task_return_pointer (self->task, g_steal_pointer (&self->result), self->free_result);
  return G_SOURCE_REMOVE;
}

static void
post_answer (gpointer user_data)
{
  BoloStoreCall *self = user_data;

  fill_error (self);
  bolo_context_post (self->context, answer_task, self, call_unref, "bolo-store-answer");
}

void
bolo_store_call_run (BoloStoreCall *self, GTask *task, GDestroyNotify free_result)
{
  self->task = task;
  self->free_result = free_result;
  bolo_worker_post (self->worker, on_worker, self, post_answer);
}
