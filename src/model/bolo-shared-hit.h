/* bolo-shared-hit.h: what another car met, as the station relays it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

#include "bolo-fix.h"

G_BEGIN_DECLS

/* BoloSharedHit: what another car met, as the station relays it: information, never an alarm.
 * Immutable. */
#define BOLO_TYPE_SHARED_HIT (bolo_shared_hit_get_type ())
G_DECLARE_FINAL_TYPE (BoloSharedHit, bolo_shared_hit, BOLO, SHARED_HIT, GObject)

typedef enum {
  BOLO_VERIFICATION_UNCONFIRMED,
  BOLO_VERIFICATION_PLATE_MATCHES,
  BOLO_VERIFICATION_CONFIRMED,
  BOLO_VERIFICATION_MISREAD,
} BoloVerification;

/* "unconfirmed", "plate-matches", "confirmed", "misread". Any thread. */
const char *bolo_verification_to_string (BoloVerification verification);
gboolean bolo_verification_from_string (const char *text, BoloVerification *verification);

/* BoloSharedHitFields: plain data, texts lent. */
typedef struct {
  gint64 number; /* the station's, ascending */
  const char *car;
  const char *id;
  const char *mark;
  const char *category;
  const char *match; /* "exact", "folded", "near", "pattern" */
  gint64 time_us;    /* UTC of the sighting */
  double latitude_deg;
  double longitude_deg; /* NaN both: not known */
  BoloVerification verification;
} BoloSharedHitFields;

BoloSharedHit *bolo_shared_hit_new (const BoloSharedHitFields *fields);
/* (transfer none) */
const BoloSharedHitFields *bolo_shared_hit_get_fields (BoloSharedHit *self);
/* From @fix (nullable) to there: metres, and bearing in degrees; FALSE: a place is not known. */
gboolean bolo_shared_hit_get_way (BoloSharedHit *self,
                                  const BoloFix *fix,
                                  double *distance_m,
                                  double *bearing_deg);

G_END_DECLS
