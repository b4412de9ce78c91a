/* bolo-station-door.h: lets cars in: who they are, and not too many at once
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* BoloStationLimits: so that whoever holds connections and says nothing keeps no other out. */
typedef struct {
  guint handshake_s;   /* until it must be known who calls */
  guint idle_s;        /* a connection on which nothing moves for so long is closed */
  guint n_handshakes;  /* callers not known yet; of more the one that takes longest is let go */
  guint n_per_caller;  /* connections of one certificate */
  guint n_connections; /* of all */
} BoloStationLimits;

/* As bolo-station(1) says. */
extern const BoloStationLimits bolo_station_limits;

/* BoloStationDoor: on the thread that opened it. A connection whose certificate does not hold is
 * closed before a byte is read from it. */
typedef struct _BoloStationDoor BoloStationDoor;

/* Is given @connection, which is through its handshake. */
typedef void (*BoloStationEnter) (GTlsConnection *connection,
                                  GSocketAddress *local,
                                  GSocketAddress *remote,
                                  gpointer data);

/* Takes a reference to each; @listener already listens. */
BoloStationDoor *bolo_station_door_new (GSocket *listener,
                                        GTlsCertificate *certificate,
                                        GTlsDatabase *authority,
                                        const BoloStationLimits *limits,
                                        BoloStationEnter enter,
                                        gpointer data);
/* Nobody comes in any more; those who are in stay. */
void bolo_station_door_free (BoloStationDoor *self);
/* Who is in, and who is not known yet. */
guint bolo_station_door_get_n_connections (BoloStationDoor *self);
guint bolo_station_door_get_n_handshakes (BoloStationDoor *self);

/* The certificate of who is at the other end of a connection that came in. (nullable) */
GTlsCertificate *bolo_station_door_get_certificate (GSocketAddress *remote);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloStationDoor, bolo_station_door_free)

G_END_DECLS
