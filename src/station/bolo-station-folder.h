/* bolo-station-folder.h: the operator's folders as a manifest, and the copies that are served
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-station-denied.h"
#include "bolo-station-manifest.h"

G_BEGIN_DECLS

/* BoloStationFolder: one thread at a time. What is offered is copied below the state first, so that
 * a file that is replaced while cars read it does no harm, and what they get has the hash that the
 * manifest says. */
typedef struct _BoloStationFolder BoloStationFolder;

/* @key is lent. Reads the serial that was given last. */
BoloStationFolder *bolo_station_folder_new (const char *state,
                                            const char *lists,
                                            const char *configuration,
                                            const char *station,
                                            const BoloListKey *key,
                                            GError **error);
void bolo_station_folder_free (BoloStationFolder *self);
/* Whether a file came, went or changed since the last manifest, or that is older than @renew_us. */
gboolean bolo_station_folder_has_changed (BoloStationFolder *self, gint64 now_us, gint64 renew_us);
BoloStationDenied *bolo_station_folder_load_denied (BoloStationFolder *self, GError **error);
/* Copies what is new. A list whose file and signature do not agree is left as it was offered
 * before, with a warning: an operator who is copying has not finished. The serial is the next one.
 */
BoloStationManifest *bolo_station_folder_make_manifest (BoloStationFolder *self,
                                                        const BoloStationDenied *denied,
                                                        gint64 now_us,
                                                        gint64 valid_us,
                                                        GError **error);
/* Makes the manifest the offered one, durable, before anybody sees it. @previous (out) (transfer
 * full) (nullable). */
gboolean bolo_station_folder_keep (BoloStationFolder *self,
                                   const BoloStationManifest *manifest,
                                   const char *envelope,
                                   char **previous,
                                   GError **error);
/* (out) (transfer full): by name, of this manifest and the one before it. */
void
bolo_station_folder_get_files (BoloStationFolder *self, GHashTable **paths, GHashTable **hashes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloStationFolder, bolo_station_folder_free)

G_END_DECLS
