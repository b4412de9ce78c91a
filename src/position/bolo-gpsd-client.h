/* bolo-gpsd-client.h: the connection to gpsd, kept up on a worker of its own
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include "bolo-fix.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_GPSD_CONNECTING, /* never connected yet */
  BOLO_GPSD_GONE,       /* no gpsd there, or it went away */
  BOLO_GPSD_NO_FIX,     /* gpsd answers, its receiver knows no position */
  BOLO_GPSD_FIX,
} BoloGpsdState;

/* Both are called on the client's worker. */
typedef struct {
  /* @fix: as measured; its time_us is GPS time. Called as the report comes. */
  void (*measured) (const BoloFix *fix, gpointer user_data);
  /* On each change only. */
  void (*changed) (BoloGpsdState state, gpointer user_data);
} BoloGpsdHandlers;

/* BoloGpsdClient: owned by one thread, which starts and stops it. */
typedef struct _BoloGpsdClient BoloGpsdClient;

/* @user_data is released with @release when the worker is done with it. (transfer full) */
BoloGpsdClient *bolo_gpsd_client_new (const char *host,
                                      const char *port,
                                      const BoloGpsdHandlers *handlers,
                                      gpointer user_data,
                                      GDestroyNotify release);
void bolo_gpsd_client_start (BoloGpsdClient *self);
/* Ends the worker, at most @deadline_ms; FALSE when it was still at it (it ends by itself). */
gboolean bolo_gpsd_client_stop (BoloGpsdClient *self, guint deadline_ms);
/* After stop. */
void bolo_gpsd_client_free (BoloGpsdClient *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloGpsdClient, bolo_gpsd_client_free)

G_END_DECLS
