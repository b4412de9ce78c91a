/* bolo-clock.c: the time of day and the monotonic time, fakeable for replay and tests
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-clock.h"

#include <time.h>

typedef enum {
  CLOCK_SYSTEM,
  CLOCK_RUNNING,
  CLOCK_MANUAL,
} ClockMode;

struct _BoloClock {
  GObject parent_instance;

  ClockMode mode;
  gint64 start_utc_us;
  gint64 start_monotonic_us;
  double rate;

  GMutex mutex;
  GCond moved;
  gint64 now_utc_us; /* (mutex mutex) manual mode */
  guint releases;    /* (mutex mutex) */
};

G_DEFINE_FINAL_TYPE (BoloClock, bolo_clock, G_TYPE_OBJECT)

static void
bolo_clock_finalize (GObject *object)
{
  BoloClock *self = BOLO_CLOCK (object);

  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->moved);
  G_OBJECT_CLASS (bolo_clock_parent_class)->finalize (object);
}

static void
bolo_clock_class_init (BoloClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bolo_clock_finalize;
}

static void
bolo_clock_init (BoloClock *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->moved);
  self->rate = 1.0;
}

BoloClock *
bolo_clock_new_system (void)
{
  return g_object_new (BOLO_TYPE_CLOCK, NULL);
}

BoloClock *
bolo_clock_new_running (gint64 start_utc_us, double rate)
{
  BoloClock *self;

  g_return_val_if_fail (rate > 0, NULL);

  self = g_object_new (BOLO_TYPE_CLOCK, NULL);
  self->mode = CLOCK_RUNNING;
  self->start_utc_us = start_utc_us;
  self->start_monotonic_us = g_get_monotonic_time ();
  self->rate = rate;
  return self;
}

BoloClock *
bolo_clock_new_manual (gint64 start_utc_us)
{
  BoloClock *self = g_object_new (BOLO_TYPE_CLOCK, NULL);

  self->mode = CLOCK_MANUAL;
  self->start_utc_us = start_utc_us;
  self->now_utc_us = start_utc_us;
  return self;
}

gint64
bolo_clock_get_utc_us (BoloClock *self)
{
  g_return_val_if_fail (BOLO_IS_CLOCK (self), 0);

  if (self->mode == CLOCK_SYSTEM)
    return g_get_real_time ();
  if (self->mode == CLOCK_RUNNING)
    return self->start_utc_us +
           (gint64) ((double) (g_get_monotonic_time () - self->start_monotonic_us) * self->rate);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  return self->now_utc_us;
}

gint64
bolo_clock_get_monotonic_us (BoloClock *self)
{
  g_return_val_if_fail (BOLO_IS_CLOCK (self), 0);

  if (self->mode == CLOCK_SYSTEM)
    return g_get_monotonic_time ();
  return bolo_clock_get_utc_us (self) - self->start_utc_us + G_USEC_PER_SEC;
}

gboolean
bolo_clock_is_manual (BoloClock *self)
{
  g_return_val_if_fail (BOLO_IS_CLOCK (self), FALSE);

  return self->mode == CLOCK_MANUAL;
}

void
bolo_clock_advance_to (BoloClock *self, gint64 utc_us)
{
  g_return_if_fail (BOLO_IS_CLOCK (self));
  g_return_if_fail (self->mode == CLOCK_MANUAL);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  if (utc_us <= self->now_utc_us)
    return;
  self->now_utc_us = utc_us;
  g_cond_broadcast (&self->moved);
}

/* Monotonic deadline at which a system or running clock will show @utc_us. */
static gint64
deadline_for (BoloClock *self, gint64 utc_us)
{
  gint64 missing_us = utc_us - bolo_clock_get_utc_us (self);

  return g_get_monotonic_time () + (gint64) ((double) missing_us / self->rate);
}

gboolean
bolo_clock_wait_until (BoloClock *self, gint64 utc_us)
{
  guint releases;

  g_return_val_if_fail (BOLO_IS_CLOCK (self), FALSE);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  releases = self->releases;
  if (self->mode == CLOCK_MANUAL) {
    while (self->now_utc_us < utc_us && self->releases == releases)
      g_cond_wait (&self->moved, &self->mutex);
    return self->releases == releases;
  }

  while (self->releases == releases && bolo_clock_get_utc_us (self) < utc_us)
    g_cond_wait_until (&self->moved, &self->mutex, deadline_for (self, utc_us));
  return self->releases == releases;
}

void
bolo_clock_release_waiters (BoloClock *self)
{
  g_return_if_fail (BOLO_IS_CLOCK (self));

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  self->releases++;
  g_cond_broadcast (&self->moved);
}

char *
bolo_time_format_utc (gint64 utc_us)
{
  gint64 seconds = utc_us / G_USEC_PER_SEC;
  gint64 rest_us = utc_us % G_USEC_PER_SEC;

  if (rest_us < 0) {
    seconds--;
    rest_us += G_USEC_PER_SEC;
  }

  const time_t whole = (time_t) seconds;
  struct tm date;

  /* Not GDateTime, which is slow at it: every record that is sent has two or three. */
  g_return_val_if_fail (gmtime_r (&whole, &date) != NULL, NULL);
  g_return_val_if_fail (date.tm_year >= 1 - 1900 && date.tm_year <= 9999 - 1900, NULL);
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", date.tm_year + 1900,
                          date.tm_mon + 1, date.tm_mday, date.tm_hour, date.tm_min, date.tm_sec,
                          (int) (rest_us / 1000));
}

gint64
bolo_time_parse_utc (const char *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) date = NULL;

  g_return_val_if_fail (text != NULL, -1);

  date = g_date_time_new_from_iso8601 (text, utc);
  if (date == NULL)
    return -1;
  return g_date_time_to_unix (date) * G_USEC_PER_SEC + g_date_time_get_microsecond (date);
}
