/* bolo-sound.c: keeps the sound device open and fed, so that an alarm starts within milliseconds
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-sound"

#include "bolo-sound.h"

#include "bolo-health.h"
#include "bolo-sound-sink.h"
#include "bolo-worker.h"

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#define CHUNK                                                                                      \
  (BOLO_MIXER_RATE / 50) /* 20 ms: what lies between the mixer and the device's buffer */
#define RETRY_MS 2000
#define CHECK_MS 1000
#define WATCH_MS 500
/* A device that takes longer is said not to answer. PulseAudio's null sink takes 2 s of silence at
 * once when nothing else uses it. */
#define ANSWER_US (3 * G_USEC_PER_SEC)
#define REMEDY                                                                                     \
  "Start the sound server, or name a device with audio_sink= in [alert]; alarms are shown "        \
  "meanwhile."

#define NO_ANSWER "Alarms make no sound: the sound device does not answer."

/* BoloSound: the worker builds and rebuilds the pipeline; its streaming thread asks for samples;
 * the context is told. */
struct _BoloSound {
  GObject parent_instance;

  char *sink;            /* (owned) */
  BoloMixer *mixer;      /* (owned) */
  BoloClock *clock;      /* (owned) */
  GMainContext *context; /* (owned) (nullable) */
  BoloWorker *worker;    /* (owned) */

  GstElement *pipeline; /* (owned) (nullable) (thread worker) */
  GSource *bus_source;  /* (owned) (nullable) (thread worker) */
  GSource *check;       /* (owned) (nullable) (thread worker) */
  char *title;          /* (owned) (nullable) (thread worker) */
  GSource *retry;       /* (owned) (nullable) (thread worker) */
  gboolean is_closing;  /* (thread worker) */

  guint64 position; /* (thread streaming): samples since the pipeline began */

  GMutex lock;
  gint64 asked_us; /* (mutex lock): monotonic; when we last asked something of the device, 0: not */
  gint64 fed_us;   /* (mutex lock): monotonic; when it last asked for samples, 0: never */

  GSource *watch;             /* (owned) (nullable) (thread context) */
  BoloHealthState said_state; /* (thread context): what the worker said last */
  char *said_detail;          /* (owned) (nullable) (thread context) */
  gboolean is_stuck;          /* (thread context): it says nothing any more */
  BoloHealthState state;      /* (thread context): told last */
  char *detail;               /* (owned) (nullable) (thread context) */
};

G_DEFINE_FINAL_TYPE (BoloSound, bolo_sound, G_TYPE_OBJECT)

typedef enum {
  SIGNAL_STARTED,
  SIGNAL_HEALTH,
  N_SIGNALS,
} BoloSoundSignal;
static guint signals[N_SIGNALS];

/* What a thread has to say in the context: a tone that started, or a state. */
typedef struct {
  BoloSound *sound;
  char *tag; /* (nullable): a started tone */
  gint64 due_utc_us;
  BoloHealthState state;
  char *detail;
} Post;

static void
post_free (gpointer user_data)
{
  Post *post = user_data;

  g_clear_pointer (&post->tag, g_free);
  g_clear_pointer (&post->detail, g_free);
  g_clear_object (&post->sound);
  g_free (post);
}

/* Tells what the worker said, or that the device holds even the worker up. */
static void
tell (BoloSound *self)
{
  BoloHealthState state = self->is_stuck ? BOLO_HEALTH_LOST : self->said_state;
  const char *detail = self->is_stuck ? NO_ANSWER : self->said_detail;
  g_autoptr (BoloHealth) health = NULL;

  if (detail == NULL || (self->state == state && g_strcmp0 (self->detail, detail) == 0))
    return;
  self->state = state;
  g_free (self->detail);
  self->detail = g_strdup (detail);
  health = bolo_health_new ("sound", state, bolo_clock_get_utc_us (self->clock), detail,
                            state == BOLO_HEALTH_OK ? NULL : REMEDY);
  g_signal_emit (self, signals[SIGNAL_HEALTH], 0, health);
}

static gboolean
on_posted (gpointer user_data)
{
  Post *post = user_data;

  if (post->tag != NULL) {
    g_signal_emit (post->sound, signals[SIGNAL_STARTED], 0, post->tag, post->due_utc_us);
    return G_SOURCE_REMOVE;
  }
  post->sound->said_state = post->state;
  g_free (post->sound->said_detail);
  post->sound->said_detail = g_steal_pointer (&post->detail);
  tell (post->sound);
  return G_SOURCE_REMOVE;
}

/* @tag, @detail (transfer full) (nullable) */
static void
post (BoloSound *self, char *tag, gint64 due_utc_us, BoloHealthState state, char *detail)
{
  Post *posted = g_new0 (Post, 1);

  posted->sound = g_object_ref (self);
  posted->tag = tag;
  posted->due_utc_us = due_utc_us;
  posted->state = state;
  posted->detail = detail;
  bolo_context_post (self->context, on_posted, posted, post_free, "bolo-sound-post");
}

static void
note_times (BoloSound *self, gint64 asked_us, gint64 fed_us)
{
  g_mutex_lock (&self->lock);
  if (asked_us >= 0)
    self->asked_us = asked_us;
  if (fed_us >= 0)
    self->fed_us = fed_us;
  g_mutex_unlock (&self->lock);
}

/* UTC at which the sample at @running_ns of the stream is heard. The sink's clock is that of the
 * device, so what the device holds ahead is in it; what the sink adds is asked of it. */
static gint64
get_due_utc_us (BoloSound *self, GstElement *source, guint64 running_ns)
{
  g_autoptr (GstClock) clock = gst_element_get_clock (source);
  gint64 now_utc_us = bolo_clock_get_utc_us (self->clock);
  gint64 ahead_ns;

  if (clock == NULL)
    return now_utc_us;
  ahead_ns = (gint64) (gst_element_get_base_time (source) + running_ns) -
             (gint64) gst_clock_get_time (clock);
  return now_utc_us + MAX (ahead_ns, 0) / 1000;
}

/* Moves on to now where we are late: samples for the past would be thrown away by the device. */
static gboolean
catch_up (BoloSound *self, GstElement *source)
{
  g_autoptr (GstClock) clock = gst_element_get_clock (source);
  GstClockTime base = gst_element_get_base_time (source);
  guint64 now;

  if (clock == NULL || base == GST_CLOCK_TIME_NONE || GST_STATE (source) != GST_STATE_PLAYING)
    return FALSE;
  now = gst_clock_get_time (clock);
  if (now <= base)
    return FALSE;
  now = gst_util_uint64_scale (now - base, BOLO_MIXER_RATE, GST_SECOND);
  if (self->position >= now)
    return FALSE;
  self->position = now + CHUNK;
  return TRUE;
}

/* In appsrc's streaming thread: it never gets ahead of the device by more than one chunk. */
static void
on_need_data (GstAppSrc *source, guint length, gpointer user_data)
{
  BoloSound *self = user_data;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, CHUNK * sizeof (gint16), NULL);
  gint16 samples[CHUNK];
  gsize offset = 0;
  char *tag;

  if (catch_up (self, GST_ELEMENT (source)))
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  tag = bolo_mixer_read (self->mixer, samples, CHUNK, &offset);
  gst_buffer_fill (buffer, 0, samples, sizeof samples);
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (self->position, GST_SECOND, BOLO_MIXER_RATE);
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (CHUNK, GST_SECOND, BOLO_MIXER_RATE);
  if (tag != NULL) {
    guint64 running_ns =
      gst_util_uint64_scale (self->position + offset, GST_SECOND, BOLO_MIXER_RATE);

    post (self, tag, get_due_utc_us (self, GST_ELEMENT (source), running_ns), BOLO_HEALTH_OK, NULL);
  }
  self->position += CHUNK;
  note_times (self, -1, g_get_monotonic_time ());
  gst_app_src_push_buffer (source, buffer);
}

static void
close_pipeline (BoloSound *self)
{
  if (self->bus_source != NULL)
    g_source_destroy (self->bus_source);
  g_clear_pointer (&self->bus_source, g_source_unref);
  if (self->check != NULL)
    g_source_destroy (self->check);
  g_clear_pointer (&self->check, g_source_unref);
  g_clear_pointer (&self->title, g_free);
  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object (&self->pipeline);
  note_times (self, 0, 0);
}

static gboolean on_open (gpointer user_data);

static void
retry_later (BoloSound *self)
{
  if (self->is_closing || self->retry != NULL)
    return;
  self->retry = g_timeout_source_new (RETRY_MS);
  g_source_set_callback (self->retry, on_open, self, NULL);
  g_source_set_static_name (self->retry, "bolo-sound-retry");
  g_source_attach (self->retry, bolo_worker_get_context (self->worker));
}

static gboolean
on_bus_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  BoloSound *self = user_data;
  g_autoptr (GError) error = NULL;

  switch (GST_MESSAGE_TYPE (message)) {
  case GST_MESSAGE_ERROR:
    gst_message_parse_error (message, &error, NULL);
    post (self, NULL, 0, BOLO_HEALTH_LOST,
          g_strdup_printf ("Alarms make no sound: %s", error->message));
    break;
  case GST_MESSAGE_EOS:
    post (self, NULL, 0, BOLO_HEALTH_LOST,
          g_strdup ("Alarms make no sound: the sound device ended."));
    break;
  default:
    return G_SOURCE_CONTINUE;
  }
  close_pipeline (self);
  retry_later (self);
  return G_SOURCE_REMOVE;
}

/* (transfer full) (nullable): source ! convert ! resample ! @sink (consumed). */
static GstElement *
build_pipeline (BoloSound *self, GstElement *sink)
{
  g_autoptr (GstElement) pipeline = gst_object_ref_sink (gst_pipeline_new ("bolo-sound"));
  GstElement *source = gst_element_factory_make ("appsrc", "samples");
  GstElement *convert = gst_element_factory_make ("audioconvert", NULL);
  GstElement *resample = gst_element_factory_make ("audioresample", NULL);
  g_autoptr (GstCaps) caps = gst_caps_new_simple (
    "audio/x-raw", "format", G_TYPE_STRING, G_BYTE_ORDER == G_LITTLE_ENDIAN ? "S16LE" : "S16BE",
    "layout", G_TYPE_STRING, "interleaved", "rate", G_TYPE_INT, BOLO_MIXER_RATE, "channels",
    G_TYPE_INT, 1, NULL);
  GstAppSrcCallbacks callbacks = {.need_data = on_need_data};

  if (source == NULL || convert == NULL || resample == NULL) {
    gst_clear_object (&source);
    gst_clear_object (&convert);
    gst_clear_object (&resample);
    gst_object_unref (gst_object_ref_sink (sink));
    return NULL;
  }
  gst_bin_add_many (GST_BIN (pipeline), source, convert, resample, sink, NULL);
  if (!gst_element_link_many (source, convert, resample, sink, NULL))
    return NULL;
  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, "max-bytes", (guint64) 1, NULL);
  gst_app_src_set_callbacks (GST_APP_SRC (source), &callbacks, g_object_ref (self), g_object_unref);
  return g_steal_pointer (&pipeline);
}

/* A sound server without a loudspeaker plays into nothing, and all looks well: it has to be asked.
 * The server may be given one later, or lose it. */
static gboolean
on_check (gpointer user_data)
{
  BoloSound *self = user_data;

  if (bolo_sound_sink_is_audible (self->pipeline))
    post (self, NULL, 0, BOLO_HEALTH_OK, g_strdup_printf ("Alarms sound through %s.", self->title));
  else
    post (self, NULL, 0, BOLO_HEALTH_LOST,
          g_strdup ("Alarms make no sound: the sound server has no loudspeaker."));
  return G_SOURCE_CONTINUE;
}

static gboolean
open_pipeline (BoloSound *self, GError **error)
{
  g_autoptr (GstBus) bus = NULL;
  GstElement *sink;

  if (!gst_init_check (NULL, NULL, error))
    return FALSE;
  note_times (self, g_get_monotonic_time (), 0);
  sink = bolo_sound_sink_make (self->sink, &self->title, error);
  if (sink == NULL)
    return FALSE;
  self->position = 0;
  self->pipeline = build_pipeline (self, sink);
  if (self->pipeline == NULL) {
    g_set_error_literal (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN,
                         "GStreamer's base plugins are not installed");
    return FALSE;
  }
  bus = gst_pipeline_get_bus (GST_PIPELINE (self->pipeline));
  self->bus_source = gst_bus_create_watch (bus);
  g_source_set_callback (self->bus_source, G_SOURCE_FUNC (on_bus_message), self, NULL);
  g_source_set_static_name (self->bus_source, "bolo-sound-bus");
  g_source_attach (self->bus_source, bolo_worker_get_context (self->worker));
  if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE ||
      gst_element_get_state (self->pipeline, NULL, NULL, 2 * GST_SECOND) !=
        GST_STATE_CHANGE_SUCCESS) {
    g_set_error_literal (error, GST_CORE_ERROR, GST_CORE_ERROR_STATE_CHANGE,
                         "the sound device does not start");
    return FALSE;
  }
  on_check (self);
  self->check = g_timeout_source_new (CHECK_MS);
  g_source_set_callback (self->check, on_check, self, NULL);
  g_source_set_static_name (self->check, "bolo-sound-check");
  g_source_attach (self->check, bolo_worker_get_context (self->worker));
  return TRUE;
}

static gboolean
on_open (gpointer user_data)
{
  BoloSound *self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->retry != NULL)
    g_source_destroy (self->retry);
  g_clear_pointer (&self->retry, g_source_unref);
  if (self->is_closing)
    return G_SOURCE_REMOVE;
  if (open_pipeline (self, &error)) {
    note_times (self, 0, -1);
    return G_SOURCE_REMOVE;
  }
  close_pipeline (self);
  post (self, NULL, 0, BOLO_HEALTH_LOST,
        g_strdup_printf ("Alarms make no sound: %s.", error->message));
  retry_later (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_close (gpointer user_data)
{
  BoloSound *self = user_data;

  self->is_closing = TRUE;
  if (self->retry != NULL)
    g_source_destroy (self->retry);
  g_clear_pointer (&self->retry, g_source_unref);
  close_pipeline (self);
  return G_SOURCE_REMOVE;
}

/* A device that hung keeps a clock that ran on without it: once it thaws, what is played for that
 * clock's now is heard as late as the hang was long. So it is opened anew. Ending the old pipeline
 * may wait for the device; the worker may. */
static gboolean
on_reopen (gpointer user_data)
{
  BoloSound *self = user_data;

  if (self->is_closing || self->pipeline == NULL)
    return G_SOURCE_REMOVE;
  post (self, NULL, 0, BOLO_HEALTH_LOST, g_strdup (NO_ANSWER));
  close_pipeline (self);
  return on_open (self);
}

/* In the context: a device that hangs posts nothing, so its silence is what is looked at. */
static gboolean
on_watch (gpointer user_data)
{
  BoloSound *self = user_data;
  gboolean was_stuck = self->is_stuck;
  gint64 now_us = g_get_monotonic_time ();

  g_mutex_lock (&self->lock);
  self->is_stuck = (self->asked_us > 0 && now_us - self->asked_us > ANSWER_US) ||
                   (self->fed_us > 0 && now_us - self->fed_us > ANSWER_US);
  g_mutex_unlock (&self->lock);
  if (self->is_stuck && !was_stuck)
    bolo_worker_post (self->worker, on_reopen, g_object_ref (self), g_object_unref);
  tell (self);
  return G_SOURCE_CONTINUE;
}

static void
bolo_sound_dispose (GObject *object)
{
  BoloSound *self = BOLO_SOUND (object);

  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
  g_clear_object (&self->worker);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->mixer, bolo_mixer_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  G_OBJECT_CLASS (bolo_sound_parent_class)->dispose (object);
}

static void
bolo_sound_finalize (GObject *object)
{
  BoloSound *self = BOLO_SOUND (object);

  g_clear_pointer (&self->sink, g_free);
  g_clear_pointer (&self->detail, g_free);
  g_clear_pointer (&self->said_detail, g_free);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (bolo_sound_parent_class)->finalize (object);
}

static void
bolo_sound_class_init (BoloSoundClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bolo_sound_dispose;
  object_class->finalize = bolo_sound_finalize;
  signals[SIGNAL_STARTED] = g_signal_new ("started", BOLO_TYPE_SOUND, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT64);
  signals[SIGNAL_HEALTH] = g_signal_new ("health", BOLO_TYPE_SOUND, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
bolo_sound_init (BoloSound *self)
{
  g_mutex_init (&self->lock);
  self->state = BOLO_HEALTH_STARTING;
}

BoloSound *
bolo_sound_new (const char *sink, BoloMixer *mixer, BoloClock *clock, GMainContext *context)
{
  BoloSound *self;

  g_return_val_if_fail (sink != NULL && mixer != NULL && BOLO_IS_CLOCK (clock), NULL);

  self = g_object_new (BOLO_TYPE_SOUND, NULL);
  self->sink = g_strdup (sink);
  self->mixer = bolo_mixer_ref (mixer);
  self->clock = g_object_ref (clock);
  self->context = context != NULL ? g_main_context_ref (context) : NULL;
  self->worker = bolo_worker_new ("bolo-sound");
  self->watch = g_timeout_source_new (WATCH_MS);
  g_source_set_callback (self->watch, on_watch, self, NULL);
  g_source_set_static_name (self->watch, "bolo-sound-watch");
  g_source_attach (self->watch, self->context);
  bolo_worker_post (self->worker, on_open, g_object_ref (self), g_object_unref);
  return self;
}

gboolean
bolo_sound_stop (BoloSound *self, guint deadline_ms)
{
  g_return_val_if_fail (BOLO_IS_SOUND (self), FALSE);

  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
  bolo_worker_post (self->worker, on_close, g_object_ref (self), g_object_unref);
  return bolo_worker_stop (self->worker, deadline_ms);
}
