/* bolo-station-lists.h: what a station's manifest names, taken into the car whatever way it comes
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-key.h"
#include "bolo-list-taker.h"
#include "bolo-station-manifest.h"
#include "bolo-sync-config.h"

G_BEGIN_DECLS

/* BoloStationDownload: a file that the manifest names. Plain data, lent. */
typedef struct {
  const char *path; /* where it is to be; what had come before may lie there */
  const char *name; /* of the list, or "configuration" */
  const char *file;
  const char *sha256;
  gint64 bytes;
} BoloStationDownload;

/* BoloStationLists: what the taking stands on. Plain data, lent; sync's worker. */
typedef struct {
  const BoloRemote *remote;
  const char *state_dir;
  BoloClock *clock;
  BoloListTaker *taker;
  GCancellable *cancellable; /* (nullable) */
  /* Brings it to its path. Size and hash are proved afterwards. */
  gboolean (*fetch) (const BoloStationDownload *download, gpointer data, GError **error);
  gpointer data;
} BoloStationLists;

/* An envelope in @json that one of the remote's keys made for @purpose. (transfer full): its text.
 */
char *bolo_station_lists_open_envelope (const BoloRemote *remote,
                                        const char *state_dir,
                                        const char *json,
                                        gsize length,
                                        const char *purpose,
                                        const char *source,
                                        GError **error);
/* The public half of one of the remote's station_keys; @source: what it is to prove. (transfer
 * full). SIGNATURE: it is not trusted for that. */
BoloListKey *bolo_station_lists_load_key (const BoloRemote *remote,
                                          const char *state_dir,
                                          const char *name,
                                          const char *source,
                                          GError **error);
/* A manifest for @car, not older than the newest that was taken. */
BoloStationManifest *bolo_station_lists_read_manifest (
  const BoloStationLists *self, const char *json, gsize length, const char *car, GError **error);
/* Remembers its serial and whom it denies, drops and takes lists, takes a configuration. TRUE
 * although single lists were refused: the taker knows. */
gboolean bolo_station_lists_take (const BoloStationLists *self,
                                  const BoloStationManifest *manifest,
                                  GError **error);
/* (transfer full): certificates that the newest manifest has withdrawn, kept over a restart. */
char **bolo_station_lists_load_denied (const BoloRemote *remote, const char *state_dir);

G_END_DECLS
