/* bolo-station-server.h: the station's HTTPS server: who may speak, and who answers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "bolo-station-parts.h"

G_BEGIN_DECLS

/* BoloStationServer: main thread. */
#define BOLO_TYPE_STATION_SERVER (bolo_station_server_get_type ())
G_DECLARE_FINAL_TYPE (BoloStationServer, bolo_station_server, BOLO, STATION_SERVER, GObject)

/* To be called once, before any thread and any TLS: TLS 1.3 and nothing older in this process. */
void bolo_station_server_harden (void);
BoloStationServer *bolo_station_server_new (const BoloStationParts *parts, GError **error);
/* @address NULL: all. @port 0: any; (out) the one that it is. */
gboolean bolo_station_server_listen (BoloStationServer *self,
                                     const char *address,
                                     guint *port,
                                     GError **error);
/* The web page in clear, on loopback only: for development. */
gboolean bolo_station_server_listen_page (BoloStationServer *self, guint *port, GError **error);
/* No new connections; those that are there end. */
void bolo_station_server_stop (BoloStationServer *self);

/* "GET /v1/hello", …: all that the server answers; NULL-terminated, static. */
const char *const *bolo_station_server_get_paths (void);

G_END_DECLS
