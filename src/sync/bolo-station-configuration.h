/* bolo-station-configuration.h: the files that a station pushes, tried and put in their places
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloStationPush: a configuration that came. Plain data, lent. */
typedef struct {
  const char *state_dir;
  const char *remote;  /* of sync.conf */
  const char *station; /* what it calls itself */
  gint64 number;
  const char *text; /* JSON, proved to be the station's */
} BoloStationPush;

/* Each of its files is tried before any takes its place: one that may not be pushed, or cannot be
 * read, and nothing is changed. lists.conf and sync.conf are in the state folder then, the alert
 * policy waits for the next start. Cut on the way it is done again, whole. Sync's worker. */
gboolean bolo_station_configuration_apply (const BoloStationPush *push, GError **error);

G_END_DECLS
