/* bolo-position.c: where the car is and was, and how far its clock is from GPS time
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-position"

#include "bolo-position.h"

#include "bolo-clock-offset.h"
#include "bolo-fix-ring.h"
#include "bolo-gpsd-client.h"
#include "bolo-track.h"
#include "bolo-worker.h"

#include <string.h>

/* Ten minutes at one a second: longer than any sighting waits for its fix. */
#define RING_CAPACITY 600
#define DEFAULT_WARNING_US G_USEC_PER_SEC
/* Up to this the difference may be the receiver's own delay; fixes keep GPS time. */
#define DELAY_LIMIT_US G_USEC_PER_SEC
/* A clock that was set: what was measured before is on another clock. */
#define STEP_LIMIT_US G_USEC_PER_SEC
#define POLL_MS 200
/* Without a measurement for so long, the recording's receiver had lost its fix. */
#define SILENCE_US (2500 * 1000)

/* What the gpsd worker shares with the object; it may outlive it. */
typedef struct {
  BoloClock *clock;      /* (owned) */
  GMainContext *context; /* (owned) (nullable) */
  GWeakRef owner;        /* BoloPosition */
  gint64 warning_us;
  char *address; /* "host:port" */

  GMutex mutex;
  BoloFixRing *ring;      /* (owned) (mutex mutex) */
  BoloClockOffset offset; /* (mutex mutex) */
  gint64 applied_us;      /* (mutex mutex): added to GPS time to get our clock's */
  gint64 utc_base_us;     /* (mutex mutex): UTC less monotonic, at the last report */
  BoloHealth *gps;        /* (owned) (mutex mutex) */
  BoloHealth *time;       /* (owned) (mutex mutex) */
} Core;

struct _BoloPosition {
  GObject parent_instance;

  Core *core;             /* (owned): counted */
  BoloGpsdClient *client; /* (owned) (nullable) */
  gboolean is_replay;
  gboolean is_started;
  gint64 polled_us; /* time of the newest measurement told; replay */
  GSource *timer;   /* (owned) (nullable); replay */
};

G_DEFINE_FINAL_TYPE (BoloPosition, bolo_position, G_TYPE_OBJECT)

typedef enum {
  SIGNAL_FIX,
  SIGNAL_HEALTH,
} BoloPositionSignal;
static guint signals[SIGNAL_HEALTH + 1];

static void
core_clear (gpointer data)
{
  Core *core = data;

  g_clear_object (&core->clock);
  g_clear_pointer (&core->context, g_main_context_unref);
  g_clear_pointer (&core->ring, bolo_fix_ring_free);
  g_clear_pointer (&core->gps, bolo_health_unref);
  g_clear_pointer (&core->time, bolo_health_unref);
  g_clear_pointer (&core->address, g_free);
  g_weak_ref_clear (&core->owner);
  g_mutex_clear (&core->mutex);
}

static void
core_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, core_clear);
}

/* A signal on its way to the context. */
typedef struct {
  Core *core;
  BoloFix *fix;       /* (nullable) */
  BoloHealth *health; /* (nullable) */
} News;

static void
news_free (gpointer data)
{
  News *news = data;

  g_clear_pointer (&news->fix, bolo_fix_unref);
  g_clear_pointer (&news->health, bolo_health_unref);
  core_unref (news->core);
  g_free (news);
}

static gboolean
on_news (gpointer user_data)
{
  News *news = user_data;
  g_autoptr (BoloPosition) self = g_weak_ref_get (&news->core->owner);

  if (self == NULL || !self->is_started)
    return G_SOURCE_REMOVE;
  if (news->health != NULL)
    g_signal_emit (self, signals[SIGNAL_HEALTH], 0, news->health);
  if (news->fix != NULL)
    g_signal_emit (self, signals[SIGNAL_FIX], 0, news->fix);
  return G_SOURCE_REMOVE;
}

static void
post_news (Core *core, const BoloFix *fix, const BoloHealth *health)
{
  News *news = g_new0 (News, 1);

  news->core = g_atomic_rc_box_acquire (core);
  news->fix = fix != NULL ? bolo_fix_ref (fix) : NULL;
  news->health = health != NULL ? bolo_health_ref (health) : NULL;
  bolo_context_post (core->context, on_news, news, news_free, "bolo-position-news");
}

/* Remembers a state; (transfer full): the new one, NULL where nothing changed. With the lock. */
static BoloHealth *
change_health (
  Core *core, const char *what, BoloHealthState state, const char *detail, const char *remedy)
{
  BoloHealth **slot = strcmp (what, "gps") == 0 ? &core->gps : &core->time;

  if (*slot != NULL && (*slot)->state == state && strcmp ((*slot)->detail, detail) == 0)
    return NULL;
  g_clear_pointer (slot, bolo_health_unref);
  *slot = bolo_health_new (what, state, bolo_clock_get_utc_us (core->clock), detail, remedy);
  return bolo_health_ref (*slot);
}

/* The clock's state from its difference. Once shown as wrong, it must come well inside again, so
 * that a difference at the threshold does not flicker. With the lock. */
static BoloHealth *
judge_clock (Core *core)
{
  gint64 offset_us = bolo_clock_offset_get_median_us (&core->offset);
  gboolean was_wrong = core->time != NULL && core->time->state == BOLO_HEALTH_DEGRADED;
  gint64 limit_us = was_wrong ? core->warning_us * 8 / 10 : core->warning_us;
  g_autofree char *detail = NULL;

  if (offset_us == G_MININT64)
    return change_health (core, "clock", BOLO_HEALTH_STARTING,
                          "The clock has not been compared with GPS time yet.", NULL);
  if (ABS (offset_us) <= limit_us)
    return change_health (core, "clock", BOLO_HEALTH_OK, "The clock agrees with GPS time.", NULL);
  /* Whole seconds from ten on, so that the wandering tenths are no news. */
  if (ABS (offset_us) >= 10 * G_USEC_PER_SEC)
    detail =
      g_strdup_printf ("The clock is %" G_GINT64_FORMAT " s %s GPS time.",
                       ABS (offset_us) / G_USEC_PER_SEC, offset_us > 0 ? "ahead of" : "behind");
  else
    detail = g_strdup_printf ("The clock is %.1f s %s GPS time.",
                              (double) ABS (offset_us) / G_USEC_PER_SEC,
                              offset_us > 0 ? "ahead of" : "behind");
  return change_health (core, "clock", BOLO_HEALTH_DEGRADED, detail,
                        "Have the clock set from GPS or the network (chrony).");
}

/* Notices a clock that was set, and which difference fixes are moved by. With the lock. */
static void
follow_clock (Core *core, gint64 now_us, gint64 difference_us)
{
  gint64 base_us = now_us - bolo_clock_get_monotonic_us (core->clock);
  gint64 median_us, applied_us;

  if (bolo_fix_ring_get_length (core->ring) > 0 &&
      ABS (base_us - core->utc_base_us) > STEP_LIMIT_US) {
    bolo_fix_ring_clear (core->ring);
    bolo_clock_offset_clear (&core->offset);
  }
  core->utc_base_us = base_us;
  bolo_clock_offset_add (&core->offset, difference_us);
  median_us = bolo_clock_offset_get_median_us (&core->offset);
  applied_us = ABS (median_us) > DELAY_LIMIT_US ? median_us : 0;
  if (ABS (applied_us - core->applied_us) > STEP_LIMIT_US)
    bolo_fix_ring_clear (core->ring);
  core->applied_us = applied_us;
}

static void
on_measured (const BoloFix *measured, gpointer user_data)
{
  Core *core = user_data;
  gint64 now_us = bolo_clock_get_utc_us (core->clock);
  BoloFix fix = *measured;
  g_autoptr (BoloHealth) health = NULL;
  gboolean is_new;

  g_mutex_lock (&core->mutex);
  follow_clock (core, now_us, now_us - measured->time_us);
  fix.time_us = measured->time_us + core->applied_us;
  fix.clock_offset_us = bolo_clock_offset_get_median_us (&core->offset);
  is_new = bolo_fix_ring_add (core->ring, &fix);
  health = judge_clock (core);
  g_mutex_unlock (&core->mutex);

  if (is_new || health != NULL) {
    g_autoptr (BoloFix) told = is_new ? bolo_fix_new (&fix) : NULL;

    post_news (core, told, health);
  }
}

/* With the lock. */
static BoloHealth *
judge_gpsd (Core *core, BoloGpsdState state)
{
  g_autofree char *detail = NULL;

  switch (state) {
  case BOLO_GPSD_FIX:
    return change_health (core, "gps", BOLO_HEALTH_OK, "GPS knows the position.", NULL);
  case BOLO_GPSD_NO_FIX:
    return change_health (core, "gps", BOLO_HEALTH_LOST,
                          "gpsd answers, but its receiver has no fix.",
                          "Give the aerial a view of the sky; check its cable.");
  case BOLO_GPSD_GONE:
    detail = g_strdup_printf ("gpsd at %s does not answer.", core->address);
    return change_health (core, "gps", BOLO_HEALTH_LOST, detail,
                          "Start gpsd (systemctl start gpsd), or correct [position] in bolo.conf.");
  case BOLO_GPSD_CONNECTING:
  default:
    detail = g_strdup_printf ("Asking gpsd at %s.", core->address);
    return change_health (core, "gps", BOLO_HEALTH_STARTING, detail, NULL);
  }
}

static void
on_changed (BoloGpsdState state, gpointer user_data)
{
  Core *core = user_data;
  g_autoptr (BoloHealth) health = NULL;

  g_mutex_lock (&core->mutex);
  health = judge_gpsd (core, state);
  g_mutex_unlock (&core->mutex);
  if (health != NULL)
    post_news (core, NULL, health);
}

static void
bolo_position_dispose (GObject *object)
{
  BoloPosition *self = BOLO_POSITION (object);

  if (self->is_started)
    bolo_position_stop (self, 1000);
  g_clear_pointer (&self->client, bolo_gpsd_client_free);
  G_OBJECT_CLASS (bolo_position_parent_class)->dispose (object);
}

static void
bolo_position_finalize (GObject *object)
{
  BoloPosition *self = BOLO_POSITION (object);

  core_unref (self->core);
  G_OBJECT_CLASS (bolo_position_parent_class)->finalize (object);
}

static void
bolo_position_class_init (BoloPositionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bolo_position_dispose;
  object_class->finalize = bolo_position_finalize;
  signals[SIGNAL_FIX] = g_signal_new ("fix", BOLO_TYPE_POSITION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                      NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_HEALTH] = g_signal_new ("health", BOLO_TYPE_POSITION, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
bolo_position_init (BoloPosition *self)
{
  self->core = g_atomic_rc_box_new0 (Core);
  g_mutex_init (&self->core->mutex);
  g_weak_ref_init (&self->core->owner, self);
  self->core->warning_us = DEFAULT_WARNING_US;
  self->polled_us = G_MININT64;
}

static BoloPosition *
new_with_core (BoloClock *clock, GMainContext *context)
{
  BoloPosition *self = g_object_new (BOLO_TYPE_POSITION, NULL);

  self->core->clock = g_object_ref (clock);
  self->core->context = context != NULL ? g_main_context_ref (context) : NULL;
  return self;
}

BoloPosition *
bolo_position_new_gpsd (const char *host, const char *port, BoloClock *clock, GMainContext *context)
{
  static const BoloGpsdHandlers handlers = {on_measured, on_changed};
  BoloPosition *self;
  Core *core;

  g_return_val_if_fail (host != NULL && port != NULL, NULL);
  g_return_val_if_fail (BOLO_IS_CLOCK (clock), NULL);

  self = new_with_core (clock, context);
  core = self->core;
  core->ring = bolo_fix_ring_new (RING_CAPACITY);
  core->address = g_strdup_printf ("%s:%s", host, port);
  self->client =
    bolo_gpsd_client_new (host, port, &handlers, g_atomic_rc_box_acquire (core), core_unref);
  bolo_health_unref (judge_gpsd (core, BOLO_GPSD_CONNECTING));
  bolo_health_unref (judge_clock (core));
  return self;
}

BoloPosition *
bolo_position_new_replay (
  const char *path, gint64 start_utc_us, BoloClock *clock, GMainContext *context, GError **error)
{
  g_autoptr (BoloFixRing) ring = NULL;
  BoloPosition *self;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (BOLO_IS_CLOCK (clock), NULL);

  ring = bolo_track_load (path, start_utc_us, error);
  if (ring == NULL)
    return NULL;
  self = new_with_core (clock, context);
  self->is_replay = TRUE;
  self->core->ring = g_steal_pointer (&ring);
  bolo_clock_offset_add (&self->core->offset, 0);
  bolo_health_unref (change_health (self->core, "gps", BOLO_HEALTH_STARTING,
                                    "The recording's track has not begun.", NULL));
  bolo_health_unref (judge_clock (self->core));
  return self;
}

void
bolo_position_set_clock_warning (BoloPosition *self, gint64 difference_us)
{
  g_return_if_fail (BOLO_IS_POSITION (self));
  g_return_if_fail (!self->is_started && difference_us > 0);

  self->core->warning_us = difference_us;
}

void
bolo_position_poll (BoloPosition *self)
{
  Core *core;
  gint64 now_us;
  const BoloFix *newest;
  g_autoptr (BoloFix) fix = NULL;
  g_autoptr (BoloHealth) health = NULL;

  g_return_if_fail (BOLO_IS_POSITION (self));

  if (!self->is_started || !self->is_replay)
    return;
  core = self->core;
  now_us = bolo_clock_get_utc_us (core->clock);
  g_mutex_lock (&core->mutex);
  newest = bolo_fix_ring_get_newest (core->ring, now_us);
  if (newest != NULL && newest->time_us > self->polled_us) {
    fix = bolo_fix_new (newest);
    self->polled_us = newest->time_us;
  }
  if (newest != NULL && now_us - newest->time_us <= SILENCE_US)
    health = change_health (core, "gps", BOLO_HEALTH_OK, "GPS knows the position.", NULL);
  else if (newest != NULL)
    health = change_health (core, "gps", BOLO_HEALTH_LOST,
                            "The receiver had no fix here when this was recorded.", NULL);
  g_mutex_unlock (&core->mutex);

  if (health != NULL)
    g_signal_emit (self, signals[SIGNAL_HEALTH], 0, health);
  if (fix != NULL)
    g_signal_emit (self, signals[SIGNAL_FIX], 0, fix);
}

static gboolean
on_poll (gpointer user_data)
{
  bolo_position_poll (user_data);
  return G_SOURCE_CONTINUE;
}

void
bolo_position_start (BoloPosition *self)
{
  Core *core;

  g_return_if_fail (BOLO_IS_POSITION (self));
  g_return_if_fail (!self->is_started);

  self->is_started = TRUE;
  core = self->core;
  g_signal_emit (self, signals[SIGNAL_HEALTH], 0, core->gps);
  g_signal_emit (self, signals[SIGNAL_HEALTH], 0, core->time);
  if (self->client != NULL) {
    bolo_gpsd_client_start (self->client);
    return;
  }
  bolo_position_poll (self);
  if (!bolo_clock_is_manual (core->clock)) {
    self->timer = g_timeout_source_new (POLL_MS);
    g_source_set_static_name (self->timer, "bolo-position-poll");
    g_source_set_callback (self->timer, on_poll, self, NULL);
    g_source_attach (self->timer, core->context);
  }
}

gboolean
bolo_position_stop (BoloPosition *self, guint deadline_ms)
{
  g_return_val_if_fail (BOLO_IS_POSITION (self), FALSE);

  if (!self->is_started)
    return TRUE;
  self->is_started = FALSE;
  if (self->timer != NULL) {
    g_source_destroy (self->timer);
    g_clear_pointer (&self->timer, g_source_unref);
  }
  return self->client == NULL || bolo_gpsd_client_stop (self->client, deadline_ms);
}

BoloFix *
bolo_position_get_fix_at (BoloPosition *self, gint64 utc_us)
{
  gint64 until_us = G_MAXINT64;

  g_return_val_if_fail (BOLO_IS_POSITION (self), NULL);

  if (self->is_replay)
    until_us = bolo_clock_get_utc_us (self->core->clock);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->core->mutex);
  return bolo_fix_ring_get_at (self->core->ring, utc_us, until_us);
}

BoloFix *
bolo_position_get_current (BoloPosition *self)
{
  g_return_val_if_fail (BOLO_IS_POSITION (self), NULL);

  return bolo_position_get_fix_at (self, bolo_clock_get_utc_us (self->core->clock));
}

gint64
bolo_position_get_clock_offset_us (BoloPosition *self)
{
  g_return_val_if_fail (BOLO_IS_POSITION (self), G_MININT64);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->core->mutex);
  return bolo_clock_offset_get_median_us (&self->core->offset);
}

BoloHealth *
bolo_position_get_health (BoloPosition *self, const char *what)
{
  g_return_val_if_fail (BOLO_IS_POSITION (self), NULL);
  g_return_val_if_fail (g_strcmp0 (what, "gps") == 0 || g_strcmp0 (what, "clock") == 0, NULL);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->core->mutex);
  return bolo_health_ref (strcmp (what, "gps") == 0 ? self->core->gps : self->core->time);
}
