/* bolo-station-keys.h: certificates and the signing key of a station, read or made
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "bolo-list-key.h"

G_BEGIN_DECLS

#define BOLO_STATION_KEY_NAME "station"
/* In the certificate of someone who may see the web page, as its organisational unit. */
#define BOLO_STATION_OPERATOR "operator"

/* Makes in @folder what is not there yet: an authority, the station's certificate for @hosts (names
 * and addresses), one for an operator and one for each of @cars, and the key that signs manifests
 * and receipts. For development and tests: a force has an authority of its own. @days: how long
 * they are valid. @cars and @hosts may be empty. Any thread. */
gboolean bolo_station_keys_make (
  const char *folder, char *const *cars, char *const *hosts, guint days, GError **error);
/* The secret half that make made, or that boloctl hotlist keygen made and was put there. */
BoloListKey *bolo_station_keys_load (const char *folder, GError **error);
/* SHA-256 of a certificate's DER: 64 digits. (transfer full) */
char *bolo_station_keys_get_fingerprint (GTlsCertificate *certificate);
/* The one common name, where it can name a car; else NULL. (transfer full) */
char *bolo_station_keys_get_car (GTlsCertificate *certificate);
/* Whether it may be shown by a client: a server's may not. */
gboolean bolo_station_keys_is_for_clients (GTlsCertificate *certificate);
gboolean bolo_station_keys_is_operator (GTlsCertificate *certificate);

G_END_DECLS
