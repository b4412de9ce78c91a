/* bolo-station-denied.h: the signed list of certificates that are lost or withdrawn
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-key.h"

G_BEGIN_DECLS

/* BoloStationDenied: owned, never changed once it is loaded. */
typedef struct {
  guint64 number;     /* grows with every change */
  GPtrArray *hashes;  /* of texts: SHA-256 of certificates */
  GHashTable *set;    /* the same, for looking up */
  GPtrArray *reasons; /* of texts, one a hash */
} BoloStationDenied;

/* No file: nobody is denied. A file without a good signature by @key, or damaged: SIGNATURE or
 * INVALID_DATA; the caller keeps what it had, or does not start. */
BoloStationDenied *
bolo_station_denied_load (const char *path, const BoloListKey *key, GError **error);
void bolo_station_denied_free (BoloStationDenied *self);
gboolean bolo_station_denied_has (const BoloStationDenied *self, const char *hash);
/* Adds @hash to the file, or takes it out, signs it again and replaces it. NOTHING_TO_DO where it
 * is so already. */
gboolean bolo_station_denied_change (const char *path,
                                     const BoloListKey *key,
                                     const char *hash,
                                     const char *reason,
                                     gboolean is_denied,
                                     GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloStationDenied, bolo_station_denied_free)

G_END_DECLS
