/* bolo-reader-pool.c: shares the cores among the cameras' frames, live or in lock-step
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-vision"

#include "bolo-reader-pool.h"

#include "bolo-error.h"
#include "bolo-paths.h"
#include "bolo-pool-camera.h"
#include "bolo-priority.h"
#include "bolo-worker.h"

#define DEFAULT_NET_WIDTH 640
#define DEFAULT_NET_HEIGHT 384
#define MAX_THREADS 16
#define WAIT_US (100 * G_TIME_SPAN_MILLISECOND)
/* Live: a camera that gives nothing for this long has its passes closed. */
#define SILENCE_US (3 * G_USEC_PER_SEC)
/* Lock-step: frames this near to the earliest one belong to the same batch. */
#define SAME_INSTANT_US (20 * G_TIME_SPAN_MILLISECOND)

struct _BoloReaderPool {
  GObject parent_instance;

  BoloMailboxMode mode;
  BoloPlateRules *rules; /* (owned) (nullable) */
  BoloIdSource *ids;     /* (owned) */
  BoloCameraReaderOptions options;
  GMainContext *context; /* (owned) (nullable) */
  GPtrArray *cameras;    /* (owned) of Camera; fixed once started */
  GPtrArray *cvs;        /* (owned) of BoloCv, one a worker */
  GPtrArray *threads;    /* (owned) of GThread */
  BoloMetric *detect_ms; /* (owned) */
  BoloMetric *read_ms;   /* (owned) */
  BoloMetric *frame_ms;  /* (owned) */

  GMutex mutex;
  GCond changed;
  guint n_running;      /* (mutex mutex) threads */
  guint n_jobs;         /* (mutex mutex) lock-step: given out and not done */
  gboolean is_stopping; /* (mutex mutex) */
  gboolean is_released; /* (mutex mutex) */
  gboolean has_failed;  /* (mutex mutex) */
  gboolean is_finished; /* (mutex mutex) said so */
  gboolean is_started;
};

G_DEFINE_FINAL_TYPE (BoloReaderPool, bolo_reader_pool, G_TYPE_OBJECT)

typedef enum {
  SIGNAL_SIGHTING,
  SIGNAL_BATCH,
  SIGNAL_FINISHED,
  SIGNAL_FAILED,
} BoloReaderPoolSignal;
static guint signals[SIGNAL_FAILED + 1];

/* What is on its way to the context. */
typedef struct {
  BoloReaderPool *pool;
  BoloReaderPoolSignal kind;
  gint64 captured_us;
  GPtrArray *sightings;
  GError *error;
} Emission;

typedef struct {
  BoloReaderPool *pool; /* (owned) */
  BoloCv *cv;           /* lent by the pool; NULL for the conductor */
} ThreadStart;

static void
free_emission (gpointer data)
{
  Emission *emission = data;

  g_clear_pointer (&emission->sightings, g_ptr_array_unref);
  g_clear_error (&emission->error);
  g_object_unref (emission->pool);
  g_free (emission);
}

static gboolean
is_stopping (BoloReaderPool *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  return self->is_stopping;
}

static gboolean
on_emit (gpointer data)
{
  Emission *emission = data;
  BoloReaderPool *self = emission->pool;

  if (is_stopping (self))
    return G_SOURCE_REMOVE;
  switch (emission->kind) {
  case SIGNAL_SIGHTING:
    for (guint i = 0; i < emission->sightings->len; i++)
      g_signal_emit (self, signals[SIGNAL_SIGHTING], 0, g_ptr_array_index (emission->sightings, i));
    break;
  case SIGNAL_BATCH:
    g_signal_emit (self, signals[SIGNAL_BATCH], 0, emission->captured_us, emission->sightings);
    break;
  case SIGNAL_FINISHED:
    g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
    break;
  case SIGNAL_FAILED:
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, emission->error);
    break;
  default:
    g_assert_not_reached ();
  }
  return G_SOURCE_REMOVE;
}

/* @sightings and @error (transfer full) (nullable). */
static void
emit (BoloReaderPool *self,
      BoloReaderPoolSignal kind,
      gint64 captured_us,
      GPtrArray *sightings,
      GError *error)
{
  Emission *emission = g_new0 (Emission, 1);

  emission->pool = g_object_ref (self);
  emission->kind = kind;
  emission->captured_us = captured_us;
  emission->sightings = sightings;
  emission->error = error;
  bolo_context_post (self->context, on_emit, emission, free_emission, "bolo-reader-pool");
}

static void
fail (BoloReaderPool *self, GError *error)
{
  gboolean is_first;

  g_mutex_lock (&self->mutex);
  is_first = !self->has_failed;
  self->has_failed = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  if (is_first)
    emit (self, SIGNAL_FAILED, 0, NULL, error);
  else
    g_error_free (error);
}

/* The paired camera's frame that is nearest in time, (transfer full) (nullable). */
static BoloFrame *
find_overview (BoloReaderPool *self, BoloPoolCamera *camera, gint64 captured_us)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (camera->partner < 0)
    return NULL;
  return bolo_pool_camera_get_nearest (g_ptr_array_index (self->cameras, camera->partner),
                                       captured_us);
}

/* Without the lock; the camera's job is ours. */
static void
read_frame (BoloReaderPool *self, BoloPoolCamera *camera, BoloCv *cv, BoloFrame *frame)
{
  g_autoptr (BoloFrame) overview = find_overview (self, camera, frame->captured_us);
  g_autoptr (GError) error = NULL;
  const char *overview_camera = camera->info->overview;
  BoloFrameWork work;
  BoloLooks looks;
  gint64 started = g_get_monotonic_time ();

  if (!bolo_camera_reader_read (camera->reader, cv, frame, overview, overview_camera,
                                camera->looks != NULL ? &looks : NULL, &work, camera->sightings,
                                &error)) {
    g_prefix_error (&error, "Camera %s: ", camera->info->name);
    fail (self, g_steal_pointer (&error));
    return;
  }
  if (camera->looks != NULL)
    bolo_look_board_push (camera->looks, &looks);
  bolo_metric_add (self->detect_ms, work.detect_ms);
  bolo_metric_add (self->read_ms, work.read_ms);
  bolo_metric_add (self->frame_ms, (double) (g_get_monotonic_time () - started) / 1000.0);
  g_mutex_lock (&self->mutex);
  camera->n_frames_read++;
  camera->n_plates += work.n_plates;
  g_mutex_unlock (&self->mutex);
}

static void
run_job (
  BoloReaderPool *self, BoloPoolCamera *camera, BoloPoolJob kind, BoloCv *cv, BoloFrame *frame)
{
  if (kind == BOLO_POOL_JOB_FRAME && camera->info->role != BOLO_CAMERA_ROLE_OVERVIEW)
    read_frame (self, camera, cv, frame);
  else if (kind == BOLO_POOL_JOB_CLOSE)
    bolo_camera_reader_close (camera->reader, camera->sightings);
}

/* Live, with the lock held: the job that is most due, its camera or NULL. Waiting time counts by
 * role, so that oncoming traffic gets its looks and nobody starves. */
static BoloPoolCamera *
choose_live_job (BoloReaderPool *self)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 most = -1;
  BoloPoolCamera *chosen = NULL;

  for (guint i = 0; i < self->cameras->len; i++) {
    BoloPoolCamera *camera = g_ptr_array_index (self->cameras, i);
    gint64 due = (now_us - camera->last_read_us + 1) * camera->weight;
    BoloPoolJob kind = BOLO_POOL_JOB_NONE;

    if (camera->is_busy)
      continue;
    if (!bolo_mailbox_is_empty (camera->frames)) {
      kind = BOLO_POOL_JOB_FRAME;
    } else if (bolo_mailbox_is_closed (camera->frames)) {
      if (!camera->has_ended)
        kind = BOLO_POOL_JOB_CLOSE;
    } else if (!camera->is_silent && now_us - camera->last_read_us > SILENCE_US) {
      kind = BOLO_POOL_JOB_CLOSE;
    }
    if (kind != BOLO_POOL_JOB_NONE && due > most) {
      most = due;
      chosen = camera;
      camera->job = kind;
    }
  }
  return chosen;
}

static gboolean
have_all_ended (BoloReaderPool *self)
{
  for (guint i = 0; i < self->cameras->len; i++) {
    BoloPoolCamera *camera = g_ptr_array_index (self->cameras, i);

    if (!camera->has_ended || camera->is_busy)
      return FALSE;
  }
  return TRUE;
}

/* With the lock held, which is given up while the job runs. */
static void
run_live_job (BoloReaderPool *self, BoloPoolCamera *camera, BoloCv *cv)
{
  g_autoptr (BoloFrame) frame = NULL;
  GPtrArray *sightings = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_sighting_unref);
  BoloPoolJob kind = camera->job;

  camera->is_busy = TRUE;
  if (kind == BOLO_POOL_JOB_FRAME) {
    frame = bolo_mailbox_take (camera->frames);
    camera->has_ended = FALSE; /* it may have come back */
    camera->is_silent = FALSE;
    if (frame != NULL && camera->is_partner)
      bolo_pool_camera_remember (camera, frame);
  }
  g_mutex_unlock (&self->mutex);

  if (frame != NULL || kind == BOLO_POOL_JOB_CLOSE)
    run_job (self, camera, kind, cv, frame);
  g_clear_pointer (&frame, bolo_frame_unref);

  g_mutex_lock (&self->mutex);
  bolo_pool_camera_collect (camera, self->ids, sightings);
  if (kind == BOLO_POOL_JOB_CLOSE) {
    camera->is_silent = TRUE;
    camera->has_ended = bolo_mailbox_is_closed (camera->frames);
    bolo_pool_camera_forget (camera);
  } else {
    camera->last_read_us = g_get_monotonic_time ();
  }
  camera->job = BOLO_POOL_JOB_NONE;
  camera->is_busy = FALSE;
  g_cond_broadcast (&self->changed);
  if (sightings->len > 0)
    emit (self, SIGNAL_SIGHTING, 0, sightings, NULL);
  else
    g_ptr_array_unref (sightings);
  if (have_all_ended (self) && !self->is_finished) {
    self->is_finished = TRUE;
    emit (self, SIGNAL_FINISHED, 0, NULL, NULL);
  } else if (!have_all_ended (self)) {
    self->is_finished = FALSE;
  }
}

static void
wait_for_change (BoloReaderPool *self)
{
  g_cond_wait_until (&self->changed, &self->mutex, g_get_monotonic_time () + WAIT_US);
}

static void
work_live (BoloReaderPool *self, BoloCv *cv)
{
  g_mutex_lock (&self->mutex);
  while (!self->is_stopping && !self->has_failed) {
    BoloPoolCamera *camera = choose_live_job (self);

    if (camera != NULL)
      run_live_job (self, camera, cv);
    else
      wait_for_change (self);
  }
  g_mutex_unlock (&self->mutex);
}

/* Lock-step, with the lock held: a job that waits to be taken. */
static BoloPoolCamera *
choose_step_job (BoloReaderPool *self)
{
  for (guint i = 0; i < self->cameras->len; i++) {
    BoloPoolCamera *camera = g_ptr_array_index (self->cameras, i);

    if (camera->job != BOLO_POOL_JOB_NONE && !camera->is_busy)
      return camera;
  }
  return NULL;
}

static void
work_in_step (BoloReaderPool *self, BoloCv *cv)
{
  g_mutex_lock (&self->mutex);
  while (!self->is_stopping) {
    BoloPoolCamera *camera = choose_step_job (self);
    BoloFrame *frame;
    BoloPoolJob kind;

    if (camera == NULL) {
      wait_for_change (self);
      continue;
    }
    kind = camera->job;
    camera->is_busy = TRUE;
    frame = kind == BOLO_POOL_JOB_FRAME ? g_steal_pointer (&camera->head) : NULL;
    g_mutex_unlock (&self->mutex);

    run_job (self, camera, kind, cv, frame);
    g_clear_pointer (&frame, bolo_frame_unref);

    g_mutex_lock (&self->mutex);
    camera->job = BOLO_POOL_JOB_NONE;
    camera->is_busy = FALSE;
    self->n_jobs--;
    g_cond_broadcast (&self->changed);
  }
  g_mutex_unlock (&self->mutex);
}

/* Waits until each camera has a next frame or has ended; FALSE when stopped meanwhile. */
static gboolean
fetch_heads (BoloReaderPool *self)
{
  for (guint i = 0; i < self->cameras->len; i++) {
    BoloPoolCamera *camera = g_ptr_array_index (self->cameras, i);

    while (camera->head == NULL && !camera->has_ended) {
      if (is_stopping (self))
        return FALSE;
      camera->head = bolo_mailbox_wait (camera->frames, WAIT_US);
      if (camera->head == NULL && bolo_mailbox_is_closed (camera->frames) &&
          bolo_mailbox_is_empty (camera->frames)) {
        g_mutex_lock (&self->mutex);
        camera->has_ended = TRUE;
        camera->job = BOLO_POOL_JOB_CLOSE;
        self->n_jobs++;
        g_mutex_unlock (&self->mutex);
      }
    }
  }
  return TRUE;
}

/* Gives out the frames of the earliest instant; returns the time of the latest among them,
 * @before when there is none. */
static gint64
give_out_jobs (BoloReaderPool *self, gint64 before)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gint64 earliest = G_MAXINT64;
  gint64 latest = before;

  for (guint i = 0; i < self->cameras->len; i++) {
    BoloPoolCamera *camera = g_ptr_array_index (self->cameras, i);

    if (camera->head != NULL)
      earliest = MIN (earliest, camera->head->captured_us);
  }
  for (guint i = 0; i < self->cameras->len; i++) {
    BoloPoolCamera *camera = g_ptr_array_index (self->cameras, i);

    if (camera->head == NULL || camera->head->captured_us - earliest > SAME_INSTANT_US)
      continue;
    latest = MAX (latest, camera->head->captured_us);
    if (camera->is_partner)
      bolo_pool_camera_remember (camera, camera->head);
    camera->job = BOLO_POOL_JOB_FRAME;
    self->n_jobs++;
  }
  g_cond_broadcast (&self->changed);
  return latest;
}

/* FALSE when stopped or failed meanwhile. */
static gboolean
wait_for_jobs (BoloReaderPool *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  while (self->n_jobs > 0 && !self->is_stopping)
    wait_for_change (self);
  self->is_released = FALSE;
  return !self->is_stopping && !self->has_failed;
}

static gboolean
wait_for_release (BoloReaderPool *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  while (!self->is_released && !self->is_stopping)
    wait_for_change (self);
  return !self->is_stopping;
}

static gboolean
conduct_batch (BoloReaderPool *self, gint64 *captured_us)
{
  GPtrArray *sightings;

  if (!fetch_heads (self))
    return FALSE;
  *captured_us = give_out_jobs (self, *captured_us);
  if (!wait_for_jobs (self))
    return FALSE;
  sightings = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_sighting_unref);
  for (guint i = 0; i < self->cameras->len; i++)
    bolo_pool_camera_collect (g_ptr_array_index (self->cameras, i), self->ids, sightings);
  emit (self, SIGNAL_BATCH, *captured_us, sightings, NULL);
  return wait_for_release (self);
}

/* Lock-step: one thread deals the frames out and waits for the slowest. */
static void
conduct (BoloReaderPool *self)
{
  gint64 captured_us = G_MININT64;

  while (!have_all_ended (self))
    if (!conduct_batch (self, &captured_us))
      return;
  emit (self, SIGNAL_FINISHED, 0, NULL, NULL);
}

static gpointer
run_thread (gpointer data)
{
  g_autofree ThreadStart *start = data;
  g_autoptr (BoloReaderPool) self = start->pool;

  bolo_priority_lower (BOLO_NICE_READ);
  if (start->cv == NULL)
    conduct (self);
  else if (self->mode == BOLO_MAILBOX_LIVE)
    work_live (self, start->cv);
  else
    work_in_step (self, start->cv);
  g_mutex_lock (&self->mutex);
  self->n_running--;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  return NULL;
}

static void
on_frames (gpointer data)
{
  BoloReaderPool *self = data;

  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

static void
bolo_reader_pool_finalize (GObject *object)
{
  BoloReaderPool *self = BOLO_READER_POOL (object);

  g_ptr_array_unref (self->cameras);
  g_ptr_array_unref (self->cvs);
  g_ptr_array_unref (self->threads);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_clear_pointer (&self->ids, bolo_id_source_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  bolo_metric_free (self->detect_ms);
  bolo_metric_free (self->read_ms);
  bolo_metric_free (self->frame_ms);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);

  G_OBJECT_CLASS (bolo_reader_pool_parent_class)->finalize (object);
}

static void
bolo_reader_pool_class_init (BoloReaderPoolClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bolo_reader_pool_finalize;
  signals[SIGNAL_SIGHTING] = g_signal_new ("sighting", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_BATCH] = g_signal_new ("batch", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_POINTER);
  signals[SIGNAL_FINISHED] =
    g_signal_new ("finished", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
bolo_reader_pool_init (BoloReaderPool *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->cameras = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_pool_camera_free);
  self->cvs = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_cv_free);
  self->threads = g_ptr_array_new ();
  self->detect_ms = bolo_metric_new ();
  self->read_ms = bolo_metric_new ();
  self->frame_ms = bolo_metric_new ();
}

BoloReaderPool *
bolo_reader_pool_new (const BoloReaderConfig *config, GMainContext *context, GError **error)
{
  g_autoptr (BoloReaderPool) self = NULL;
  g_autofree char *shipped = NULL;
  guint n_threads;

  g_return_val_if_fail (config != NULL && config->ids != NULL, NULL);

  self = g_object_new (BOLO_TYPE_READER_POOL, NULL);
  self->mode = config->mode;
  self->rules = config->rules != NULL ? bolo_plate_rules_ref (config->rules) : NULL;
  self->ids = bolo_id_source_ref (config->ids);
  self->options.net_width = config->net_width > 0 ? config->net_width : DEFAULT_NET_WIDTH;
  self->options.net_height = config->net_height > 0 ? config->net_height : DEFAULT_NET_HEIGHT;
  self->options.with_pictures = config->with_pictures;
  self->context = context != NULL ? g_main_context_ref (context) : NULL;
  if (self->options.net_width % 32 != 0 || self->options.net_height % 32 != 0) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "The detector's size %d x %d must be multiples of 32", self->options.net_width,
                 self->options.net_height);
    return NULL;
  }
  shipped = bolo_paths_get_data_file ("models");
  n_threads = config->n_threads > 0 ? config->n_threads : g_get_num_processors ();
  for (guint i = 0; i < MIN (n_threads, MAX_THREADS); i++) {
    BoloCv *cv =
      bolo_cv_new (config->models != NULL ? config->models : shipped,
                   config->use_opencv ? BOLO_CV_BACKEND_OPENCV : BOLO_CV_BACKEND_BEST, error);

    if (cv == NULL)
      return NULL;
    g_ptr_array_add (self->cvs, cv);
  }
  return g_steal_pointer (&self);
}

guint
bolo_reader_pool_add_camera (BoloReaderPool *self,
                             const BoloCameraInfo *info,
                             BoloMailbox *frames,
                             BoloLookBoard *looks)
{
  BoloPoolCamera *camera;

  g_return_val_if_fail (BOLO_IS_READER_POOL (self), 0);
  g_return_val_if_fail (info != NULL && frames != NULL && !self->is_started, 0);

  camera = bolo_pool_camera_new (info, frames, looks,
                                 bolo_camera_reader_new (info->name, self->rules, &self->options));
  g_ptr_array_add (self->cameras, camera);
  return self->cameras->len - 1;
}

static void
pair_cameras (BoloReaderPool *self)
{
  for (guint i = 0; i < self->cameras->len; i++) {
    BoloPoolCamera *camera = g_ptr_array_index (self->cameras, i);

    for (guint j = 0; j < self->cameras->len; j++) {
      BoloPoolCamera *other = g_ptr_array_index (self->cameras, j);

      if (i != j && camera->info->overview != NULL &&
          g_str_equal (other->info->name, camera->info->overview)) {
        camera->partner = (int) j;
        other->is_partner = TRUE;
      }
    }
  }
}

static void
start_thread (BoloReaderPool *self, const char *name, BoloCv *cv)
{
  ThreadStart *start = g_new0 (ThreadStart, 1);

  start->pool = g_object_ref (self);
  start->cv = cv;
  self->n_running++;
  g_ptr_array_add (self->threads, g_thread_new (name, run_thread, start));
}

void
bolo_reader_pool_start (BoloReaderPool *self)
{
  gint64 now_us = g_get_monotonic_time ();

  g_return_if_fail (BOLO_IS_READER_POOL (self));
  g_return_if_fail (!self->is_started);

  self->is_started = TRUE;
  pair_cameras (self);
  for (guint i = 0; i < self->cameras->len; i++) {
    BoloPoolCamera *camera = g_ptr_array_index (self->cameras, i);

    camera->last_read_us = now_us;
    if (self->mode == BOLO_MAILBOX_LIVE)
      bolo_mailbox_set_notify (camera->frames, on_frames, self);
  }
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->cvs->len; i++)
    start_thread (self, "bolo-reader", g_ptr_array_index (self->cvs, i));
  if (self->mode == BOLO_MAILBOX_LOCK_STEP)
    start_thread (self, "bolo-conductor", NULL);
  g_mutex_unlock (&self->mutex);
}

void
bolo_reader_pool_release_batch (BoloReaderPool *self)
{
  g_return_if_fail (BOLO_IS_READER_POOL (self));

  g_mutex_lock (&self->mutex);
  self->is_released = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

gboolean
bolo_reader_pool_stop (BoloReaderPool *self, guint deadline_ms)
{
  gint64 deadline_us = g_get_monotonic_time () + (gint64) deadline_ms * 1000;
  gboolean has_ended = TRUE;

  g_return_val_if_fail (BOLO_IS_READER_POOL (self), FALSE);

  for (guint i = 0; i < self->cameras->len; i++) {
    BoloPoolCamera *camera = g_ptr_array_index (self->cameras, i);

    if (self->mode == BOLO_MAILBOX_LIVE)
      bolo_mailbox_set_notify (camera->frames, NULL, NULL);
  }
  g_mutex_lock (&self->mutex);
  self->is_stopping = TRUE;
  g_cond_broadcast (&self->changed);
  while (self->n_running > 0 && has_ended)
    has_ended = g_cond_wait_until (&self->changed, &self->mutex, deadline_us);
  has_ended = self->n_running == 0;
  g_mutex_unlock (&self->mutex);

  for (guint i = 0; i < self->threads->len; i++) {
    GThread *thread = g_ptr_array_index (self->threads, i);

    if (has_ended)
      g_thread_join (thread);
    else
      g_thread_unref (thread);
  }
  g_ptr_array_set_size (self->threads, 0);
  return has_ended;
}

void
bolo_reader_pool_get_counts (BoloReaderPool *self, guint camera, BoloReaderCounts *counts)
{
  BoloPoolCamera *chosen;

  g_return_if_fail (BOLO_IS_READER_POOL (self) && counts != NULL);
  g_return_if_fail (camera < self->cameras->len);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  chosen = g_ptr_array_index (self->cameras, camera);
  counts->frames_read = chosen->n_frames_read;
  counts->plates = chosen->n_plates;
  counts->sightings = chosen->n_sightings;
}

BoloMetric *
bolo_reader_pool_get_detect_ms (BoloReaderPool *self)
{
  g_return_val_if_fail (BOLO_IS_READER_POOL (self), NULL);

  return self->detect_ms;
}

BoloMetric *
bolo_reader_pool_get_read_ms (BoloReaderPool *self)
{
  g_return_val_if_fail (BOLO_IS_READER_POOL (self), NULL);

  return self->read_ms;
}

BoloMetric *
bolo_reader_pool_get_frame_ms (BoloReaderPool *self)
{
  g_return_val_if_fail (BOLO_IS_READER_POOL (self), NULL);

  return self->frame_ms;
}

const char *
bolo_reader_pool_get_backend (BoloReaderPool *self)
{
  g_return_val_if_fail (BOLO_IS_READER_POOL (self), NULL);

  return bolo_cv_get_backend (g_ptr_array_index (self->cvs, 0));
}
