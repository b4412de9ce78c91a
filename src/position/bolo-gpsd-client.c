/* bolo-gpsd-client.c: the connection to gpsd, kept up on a worker of its own
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-position"

#include "bolo-gpsd-client.h"

#include "bolo-worker.h"

#include <glib-unix.h>
#include <gps.h>
#include <math.h>

#define RECONNECT_MS 1000
#define WATCH_MS 500
/* Receivers report each second; two that stay away are a loss. */
#define SILENCE_US (2500 * 1000)
#define UNKNOWN_ACCURACY_M 20.0
#define BEST_ACCURACY_M 3.0

/* What lives on the worker; it outlives the client where a stop ran into its deadline. */
typedef struct {
  char *host;
  char *port;
  BoloGpsdHandlers handlers;
  gpointer user_data;
  GDestroyNotify release;
  GMainContext *context; /* (not owned): the worker's */

  struct gps_data_t *gps; /* (owned) (nullable): while connected */
  GSource *readable;      /* (owned) (nullable) */
  GSource *timer;         /* (owned) (nullable) */
  BoloGpsdState state;
  gint64 tried_us;    /* monotonic */
  gint64 last_fix_us; /* monotonic, when it came; 0 for never on this connection */
} Link;

struct _BoloGpsdClient {
  BoloWorker *worker; /* (owned) */
  Link *link;         /* (owned): counted, shared with the worker */
};

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
disconnect (Link *link)
{
  clear_source (&link->readable);
  if (link->gps != NULL)
    gps_close (link->gps);
  g_clear_pointer (&link->gps, g_free);
  link->last_fix_us = 0;
}

static void
link_clear (gpointer data)
{
  Link *link = data;

  g_assert (link->gps == NULL && link->timer == NULL);
  if (link->release != NULL)
    link->release (link->user_data);
  g_free (link->host);
  g_free (link->port);
}

static void
link_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, link_clear);
}

static void
set_state (Link *link, BoloGpsdState state)
{
  if (link->state == state)
    return;
  link->state = state;
  link->handlers.changed (state, link->user_data);
}

/* The 95 % radius that gpsd states, else one of the two axes, else an honest guess. */
static double
get_accuracy_m (const struct gps_fix_t *fix)
{
  if (isfinite (fix->eph) && fix->eph > 0)
    return MAX (BEST_ACCURACY_M, fix->eph);
  if (isfinite (fix->epx) && isfinite (fix->epy) && fix->epx > 0)
    return MAX (BEST_ACCURACY_M, hypot (fix->epx, fix->epy));
  return UNKNOWN_ACCURACY_M;
}

/* The first report of a connection may hold a mode, the year 1970 and no place: all must be there.
 */
static gboolean
is_measurement (const struct gps_data_t *gps)
{
  const struct gps_fix_t *fix = &gps->fix;

  return (gps->set & TIME_SET) != 0 && (gps->set & LATLON_SET) != 0 && fix->mode >= MODE_2D &&
         isfinite (fix->latitude) && isfinite (fix->longitude) && fabs (fix->latitude) <= 90 &&
         fabs (fix->longitude) <= 180 && (fix->latitude != 0 || fix->longitude != 0) &&
         fix->time.tv_sec > 0;
}

static void
take_report (Link *link)
{
  const struct gps_fix_t *report = &link->gps->fix;
  BoloFix fix;

  if (!is_measurement (link->gps)) {
    if ((link->gps->set & MODE_SET) != 0 && report->mode <= MODE_NO_FIX)
      set_state (link, BOLO_GPSD_NO_FIX);
    return;
  }
  fix = (BoloFix){
    .time_us = (gint64) report->time.tv_sec * G_USEC_PER_SEC + report->time.tv_nsec / 1000,
    .latitude_deg = report->latitude,
    .longitude_deg = report->longitude,
    .accuracy_m = get_accuracy_m (report),
    .speed_mps = isfinite (report->speed) ? report->speed : NAN,
    .heading_deg = isfinite (report->track) ? fmod (report->track + 360, 360) : NAN,
    .clock_offset_us = G_MININT64,
    .how = BOLO_FIX_HOW_MEASURED,
  };
  link->last_fix_us = g_get_monotonic_time ();
  link->handlers.measured (&fix, link->user_data);
  set_state (link, BOLO_GPSD_FIX);
}

static gboolean
on_readable (gint fd, GIOCondition condition, gpointer user_data)
{
  Link *link = user_data;

  do {
    link->gps->set = 0;
    if (gps_read (link->gps, NULL, 0) < 0) {
      disconnect (link);
      set_state (link, BOLO_GPSD_GONE);
      return G_SOURCE_REMOVE;
    }
    if (link->gps->set != 0)
      take_report (link);
  } while (gps_waiting (link->gps, 0));
  return G_SOURCE_CONTINUE;
}

static void
try_connect (Link *link)
{
  link->tried_us = g_get_monotonic_time ();
  link->gps = g_new0 (struct gps_data_t, 1);
  if (gps_open (link->host, link->port, link->gps) != 0) {
    /* Nothing was opened, so there is nothing to close. */
    g_clear_pointer (&link->gps, g_free);
    set_state (link, BOLO_GPSD_GONE);
    return;
  }
  if (gps_stream (link->gps, WATCH_ENABLE | WATCH_JSON, NULL) != 0) {
    disconnect (link);
    set_state (link, BOLO_GPSD_GONE);
    return;
  }
  link->readable = g_unix_fd_source_new (link->gps->gps_fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
  g_source_set_static_name (link->readable, "bolo-gpsd-readable");
  /* A GSource of a file descriptor takes this shape of callback. */
  g_source_set_callback (link->readable, G_SOURCE_FUNC (on_readable), link, NULL);
  g_source_attach (link->readable, link->context);
  link->last_fix_us = 0;
}

static gboolean
on_timer (gpointer user_data)
{
  Link *link = user_data;
  gint64 now_us = g_get_monotonic_time ();

  if (link->gps == NULL) {
    if (now_us - link->tried_us >= RECONNECT_MS * 1000)
      try_connect (link);
  } else if (now_us - MAX (link->last_fix_us, link->tried_us) > SILENCE_US) {
    set_state (link, BOLO_GPSD_NO_FIX);
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
on_start (gpointer user_data)
{
  Link *link = user_data;

  link->timer = g_timeout_source_new (WATCH_MS);
  g_source_set_static_name (link->timer, "bolo-gpsd-watch");
  g_source_set_callback (link->timer, on_timer, link, NULL);
  g_source_attach (link->timer, link->context);
  try_connect (link);
  return G_SOURCE_REMOVE;
}

static gboolean
on_stop (gpointer user_data)
{
  Link *link = user_data;

  clear_source (&link->timer);
  disconnect (link);
  return G_SOURCE_REMOVE;
}

BoloGpsdClient *
bolo_gpsd_client_new (const char *host,
                      const char *port,
                      const BoloGpsdHandlers *handlers,
                      gpointer user_data,
                      GDestroyNotify release)
{
  BoloGpsdClient *self;

  g_return_val_if_fail (host != NULL && port != NULL && handlers != NULL, NULL);

  self = g_new0 (BoloGpsdClient, 1);
  self->link = g_atomic_rc_box_new0 (Link);
  self->link->host = g_strdup (host);
  self->link->port = g_strdup (port);
  self->link->handlers = *handlers;
  self->link->user_data = user_data;
  self->link->release = release;
  return self;
}

void
bolo_gpsd_client_start (BoloGpsdClient *self)
{
  g_return_if_fail (self != NULL && self->worker == NULL);

  self->worker = bolo_worker_new ("bolo-gpsd");
  self->link->context = bolo_worker_get_context (self->worker);
  bolo_worker_post (self->worker, on_start, g_atomic_rc_box_acquire (self->link), link_unref);
}

gboolean
bolo_gpsd_client_stop (BoloGpsdClient *self, guint deadline_ms)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->worker == NULL)
    return TRUE;
  bolo_worker_post (self->worker, on_stop, g_atomic_rc_box_acquire (self->link), link_unref);
  return bolo_worker_stop (self->worker, deadline_ms);
}

void
bolo_gpsd_client_free (BoloGpsdClient *self)
{
  g_return_if_fail (self != NULL);

  g_clear_object (&self->worker);
  link_unref (self->link);
  g_free (self);
}
