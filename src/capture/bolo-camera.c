/* bolo-camera.c: a camera that is kept alive: frames and previews in mailboxes, its health told
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-capture"

#include "bolo-camera.h"

#include <gst/gst.h>

#include "bolo-camera-feed.h"
#include "bolo-camera-pipeline.h"
#include "bolo-worker.h"

/* How often the watch looks; a state is due within 3 s. */
#define WATCH_INTERVAL_MS 100
/* No new frame for this long is a freeze (the figure). */
#define FROZEN_AFTER_US (2 * G_USEC_PER_SEC)
/* USB cameras take up to 2 s to their first frame, network ones a key frame's interval more, and
 * a machine that starts four of them at once takes its time. */
#define START_DEADLINE_US (10 * G_USEC_PER_SEC)
/* The first of its back-off; doubled each time. */
#define FIRST_RETRY_US (G_USEC_PER_SEC / 2)
#define MAX_RETRY_US (10 * G_USEC_PER_SEC)
/* For one that worked this shift: so that its return is seen within 3 s. */
#define MAX_RETRY_KNOWN_US G_USEC_PER_SEC
/* A clip whose first frame takes longer holds none; reading one takes milliseconds. */
#define MAX_SILENT_WATCHES (20 * 1000 / WATCH_INTERVAL_MS)
/* A clip may end this much before its header says so: the sound may be longer. */
#define TORN_AFTER_US (3 * G_USEC_PER_SEC / 2)

struct _BoloCamera {
  GObject parent_instance;

  BoloCameraFeed *feed;  /* (owned) */
  BoloWorker *worker;    /* (owned) (nullable) until started */
  GMainContext *context; /* (owned) (nullable) */
  gboolean is_live;

  GMutex mutex;
  BoloHealth *health; /* (mutex mutex) (owned) */

  /* The worker's: */
  BoloCameraPipeline *pipeline; /* (owned) (nullable) */
  BoloCameraFault *fault;       /* (owned) (nullable): told by the pipeline, not yet acted on */
  GSource *watch;               /* (owned) (nullable) */
  gboolean has_ended;           /* told by the pipeline, not yet acted on */
  gboolean is_working;          /* as told in health */
  gboolean has_worked;          /* this shift */
  guint n_failures;             /* since it worked last */
  guint n_silent_watches;       /* since it was opened */
  gint64 opened_us;
  gint64 retry_us;
};

G_DEFINE_FINAL_TYPE (BoloCamera, bolo_camera, G_TYPE_OBJECT)

enum {
  SIGNAL_HEALTH,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

/* --- health ---------------------------------------------------------------------------------- */

typedef struct {
  BoloCamera *camera; /* (owned) */
  BoloHealth *health; /* (owned) */
} Telling;

static gboolean
on_tell (gpointer user_data)
{
  Telling *telling = user_data;

  if (!atomic_load (&telling->camera->feed->is_stopping))
    g_signal_emit (telling->camera, signals[SIGNAL_HEALTH], 0, telling->health);
  return G_SOURCE_REMOVE;
}

static void
telling_free (gpointer user_data)
{
  Telling *telling = user_data;

  bolo_health_unref (telling->health);
  g_object_unref (telling->camera);
  g_free (telling);
}

static BoloHealth *
make_health (BoloCamera *self, BoloHealthState state, const char *detail, const char *remedy)
{
  g_autofree char *what = g_strconcat ("camera:", self->feed->config->info->name, NULL);

  return bolo_health_new (what, state, bolo_clock_get_utc_us (self->feed->clock), detail, remedy);
}

/* FALSE: it was so already. */
static gboolean
replace_health (BoloCamera *self, BoloHealth *health)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->health->state == health->state && g_strcmp0 (self->health->detail, health->detail) == 0)
    return FALSE;
  bolo_health_unref (self->health);
  self->health = bolo_health_ref (health);
  return TRUE;
}

static void
set_health (BoloCamera *self, BoloHealthState state, const char *detail, const char *remedy)
{
  g_autoptr (BoloHealth) health = make_health (self, state, detail, remedy);
  Telling *telling;

  if (!replace_health (self, health))
    return;
  g_info ("%s: %s: %s", health->what, bolo_health_state_to_string (state), detail);
  telling = g_new0 (Telling, 1);
  telling->camera = g_object_ref (self);
  telling->health = g_steal_pointer (&health);
  bolo_context_post (self->context, on_tell, telling, telling_free, "bolo-camera-health");
}

static void
set_working (BoloCamera *self)
{
  g_autofree char *source = NULL;
  g_autofree char *detail = NULL;

  if (self->is_working)
    return;
  source = bolo_camera_config_describe_source (self->feed->config);
  detail = g_strdup_printf ("Pictures come from %s.", source);
  self->is_working = TRUE;
  self->has_worked = TRUE;
  self->n_failures = 0;
  set_health (self, BOLO_HEALTH_OK, detail, NULL);
}

/* --- the watch, on the worker ---------------------------------------------------------------- */

static void
close_mailboxes (BoloCamera *self)
{
  bolo_mailbox_close (self->feed->frames);
  bolo_mailbox_close (self->feed->preview);
}

static gint64
get_retry_delay_us (BoloCamera *self)
{
  gint64 maximum_us = self->has_worked ? MAX_RETRY_KNOWN_US : MAX_RETRY_US;

  return MIN (FIRST_RETRY_US << MIN (self->n_failures, 8), maximum_us);
}

/* Takes @fault. A live source is tried again, a clip is over. */
static void
fail (BoloCamera *self, BoloCameraFault *fault)
{
  g_autoptr (BoloCameraFault) owned = fault;

  g_clear_pointer (&self->pipeline, bolo_camera_pipeline_free);
  g_clear_pointer (&self->fault, bolo_camera_fault_free);
  self->has_ended = FALSE;
  self->is_working = FALSE;
  set_health (self, BOLO_HEALTH_LOST, owned->detail, owned->remedy);
  if (!self->is_live) {
    close_mailboxes (self);
    return;
  }
  self->retry_us = bolo_clock_get_monotonic_us (self->feed->clock) + get_retry_delay_us (self);
  self->n_failures++;
}

/* At once; not from within the pipeline's own callback, which the watch may free. */
static void
hasten_watch (BoloCamera *self)
{
  g_source_set_ready_time (self->watch, 0);
}

static void
on_failed (BoloCameraFault *fault, gpointer user_data)
{
  BoloCamera *self = user_data;

  /* The first message names the cause, those after it the consequences. */
  if (self->fault == NULL)
    self->fault = fault;
  else
    bolo_camera_fault_free (fault);
  hasten_watch (self);
}

static void
on_ended (gpointer user_data)
{
  BoloCamera *self = user_data;

  self->has_ended = TRUE;
  hasten_watch (self);
}

static void
open_source (BoloCamera *self)
{
  static const BoloCameraPipelineEvents events = {on_failed, on_ended};
  BoloCameraFault *fault = NULL;

  self->opened_us = bolo_clock_get_monotonic_us (self->feed->clock);
  self->n_silent_watches = 0;
  atomic_store (&self->feed->newest_us, 0);
  self->pipeline = bolo_camera_pipeline_new (self->feed, bolo_worker_get_context (self->worker),
                                             &events, self, &fault);
  if (self->pipeline != NULL)
    bolo_camera_pipeline_start (self->pipeline);
  else
    fail (self, fault);
}

/* A whole clip gave frames up to about where its header says that it ends. */
static BoloCameraFault *
find_tear (BoloCamera *self)
{
  gint64 end_us = atomic_load (&self->feed->clip_end_us);
  gint64 length_us = bolo_camera_pipeline_get_length_us (self->pipeline);

  if (atomic_load (&self->feed->newest_us) == 0 || end_us + TORN_AFTER_US < length_us)
    return bolo_camera_fault_new_torn (self->feed->config, end_us / 1000, length_us / 1000);
  return NULL;
}

static void
loop_clip (BoloCamera *self)
{
  gint64 clip_us = self->feed->config->clip_ms * G_TIME_SPAN_MILLISECOND;

  if (clip_us == 0)
    clip_us = MAX (bolo_camera_pipeline_get_length_us (self->pipeline),
                   atomic_load (&self->feed->clip_end_us));
  atomic_fetch_add (&self->feed->loop_offset_us, clip_us);
  bolo_camera_pipeline_rewind (self->pipeline);
}

static void
end_clip (BoloCamera *self)
{
  BoloCameraFault *fault = find_tear (self);

  if (fault != NULL) {
    fail (self, fault);
    return;
  }
  if (self->feed->config->is_looping) {
    loop_clip (self);
    return;
  }
  set_working (self);
  g_clear_pointer (&self->pipeline, bolo_camera_pipeline_free);
  close_mailboxes (self);
}

/* A clip's clock may stand still, so its watches are counted. */
static void
watch_silence (BoloCamera *self, gint64 now_us)
{
  self->n_silent_watches++;
  if (self->is_live && now_us - self->opened_us > START_DEADLINE_US)
    fail (self, bolo_camera_fault_new_silent (self->feed->config));
  else if (!self->is_live && self->n_silent_watches > MAX_SILENT_WATCHES)
    fail (self, bolo_camera_fault_new_torn (self->feed->config, 0, 0));
}

static void
watch_frames (BoloCamera *self)
{
  gint64 newest_us = atomic_load (&self->feed->newest_us);
  gint64 now_us = bolo_clock_get_monotonic_us (self->feed->clock);

  if (newest_us == 0) {
    watch_silence (self, now_us);
    return;
  }
  if (self->is_live && now_us - newest_us > FROZEN_AFTER_US)
    fail (self, bolo_camera_fault_new_frozen (self->feed->config,
                                              (double) (now_us - newest_us) / G_USEC_PER_SEC));
  else
    set_working (self);
}

static gboolean
on_watch (gpointer user_data)
{
  BoloCamera *self = user_data;
  gint64 now_us = bolo_clock_get_monotonic_us (self->feed->clock);

  if (self->pipeline == NULL) {
    if (self->is_live && now_us >= self->retry_us)
      open_source (self);
    return G_SOURCE_CONTINUE;
  }
  if (self->fault != NULL)
    fail (self, g_steal_pointer (&self->fault));
  else if (self->has_ended && self->is_live)
    fail (self, bolo_camera_fault_new_closed (self->feed->config));
  else if (self->has_ended) {
    self->has_ended = FALSE;
    end_clip (self);
  } else {
    watch_frames (self);
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
on_start (gpointer user_data)
{
  BoloCamera *self = user_data;

  if (atomic_load (&self->feed->is_stopping))
    return G_SOURCE_REMOVE;
  self->watch = g_timeout_source_new (WATCH_INTERVAL_MS);
  g_source_set_callback (self->watch, on_watch, self, NULL);
  g_source_set_static_name (self->watch, "bolo-camera-watch");
  g_source_attach (self->watch, bolo_worker_get_context (self->worker));
  open_source (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_stop (gpointer user_data)
{
  BoloCamera *self = user_data;

  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
  g_clear_pointer (&self->pipeline, bolo_camera_pipeline_free);
  g_clear_pointer (&self->fault, bolo_camera_fault_free);
  return G_SOURCE_REMOVE;
}

/* --- object ---------------------------------------------------------------------------------- */

static void
bolo_camera_dispose (GObject *object)
{
  BoloCamera *self = BOLO_CAMERA (object);

  g_clear_object (&self->worker);
  G_OBJECT_CLASS (bolo_camera_parent_class)->dispose (object);
}

static void
bolo_camera_finalize (GObject *object)
{
  BoloCamera *self = BOLO_CAMERA (object);

  g_clear_pointer (&self->health, bolo_health_unref);
  g_clear_pointer (&self->feed, bolo_camera_feed_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (bolo_camera_parent_class)->finalize (object);
}

static void
bolo_camera_class_init (BoloCameraClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bolo_camera_dispose;
  object_class->finalize = bolo_camera_finalize;
  signals[SIGNAL_HEALTH] = g_signal_new ("health", BOLO_TYPE_CAMERA, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
bolo_camera_init (BoloCamera *self)
{
  g_mutex_init (&self->mutex);
}

BoloCamera *
bolo_camera_new (const BoloCameraConfig *config,
                 BoloClock *clock,
                 BoloMailboxMode mode,
                 GMainContext *context)
{
  BoloCamera *self;

  g_return_val_if_fail (config != NULL, NULL);
  g_return_val_if_fail (BOLO_IS_CLOCK (clock), NULL);

  gst_init (NULL, NULL);
  self = g_object_new (BOLO_TYPE_CAMERA, NULL);
  self->feed = bolo_camera_feed_new (config, clock, mode);
  self->context = context != NULL ? g_main_context_ref (context) : NULL;
  self->is_live = config->source != BOLO_CAMERA_SOURCE_REPLAY;
  self->health = make_health (self, BOLO_HEALTH_STARTING, "The camera is being opened.", NULL);
  return self;
}

void
bolo_camera_start (BoloCamera *self)
{
  g_autofree char *name = NULL;

  g_return_if_fail (BOLO_IS_CAMERA (self));
  g_return_if_fail (self->worker == NULL);

  name = g_strdup_printf ("cam-%.10s", self->feed->config->info->name);
  self->worker = bolo_worker_new (name);
  bolo_worker_post (self->worker, on_start, g_object_ref (self), g_object_unref);
}

gboolean
bolo_camera_stop (BoloCamera *self, guint deadline_ms)
{
  g_return_val_if_fail (BOLO_IS_CAMERA (self), FALSE);

  bolo_camera_feed_stop (self->feed);
  if (self->worker == NULL)
    return TRUE;
  bolo_worker_post (self->worker, on_stop, g_object_ref (self), g_object_unref);
  return bolo_worker_stop (self->worker, deadline_ms);
}

const BoloCameraConfig *
bolo_camera_get_config (BoloCamera *self)
{
  g_return_val_if_fail (BOLO_IS_CAMERA (self), NULL);

  return self->feed->config;
}

BoloMailbox *
bolo_camera_get_frames (BoloCamera *self)
{
  g_return_val_if_fail (BOLO_IS_CAMERA (self), NULL);

  return self->feed->frames;
}

BoloMailbox *
bolo_camera_get_preview (BoloCamera *self)
{
  g_return_val_if_fail (BOLO_IS_CAMERA (self), NULL);

  return self->feed->preview;
}

void
bolo_camera_set_preview_wanted (BoloCamera *self, gboolean is_wanted)
{
  g_return_if_fail (BOLO_IS_CAMERA (self));

  atomic_store (&self->feed->is_preview_wanted, is_wanted != FALSE);
}

BoloHealth *
bolo_camera_get_health (BoloCamera *self)
{
  g_return_val_if_fail (BOLO_IS_CAMERA (self), NULL);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  return bolo_health_ref (self->health);
}

guint64
bolo_camera_get_frames_in (BoloCamera *self)
{
  g_return_val_if_fail (BOLO_IS_CAMERA (self), 0);

  return atomic_load (&self->feed->n_frames);
}

BoloMetric *
bolo_camera_get_decode_metric (BoloCamera *self)
{
  g_return_val_if_fail (BOLO_IS_CAMERA (self), NULL);

  return self->feed->decode;
}
