/* bolo-shared-hit.c: what another car met, as the station relays it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-shared-hit.h"

#include <math.h>

struct _BoloSharedHit {
  GObject parent_instance;

  BoloSharedHitFields fields; /* its texts are owned */
};

G_DEFINE_FINAL_TYPE (BoloSharedHit, bolo_shared_hit, G_TYPE_OBJECT)

static const char *const verifications[] = {
  [BOLO_VERIFICATION_UNCONFIRMED] = "unconfirmed",
  [BOLO_VERIFICATION_PLATE_MATCHES] = "plate-matches",
  [BOLO_VERIFICATION_CONFIRMED] = "confirmed",
  [BOLO_VERIFICATION_MISREAD] = "misread",
};

const char *
bolo_verification_to_string (BoloVerification verification)
{
  g_return_val_if_fail ((guint) verification < G_N_ELEMENTS (verifications), NULL);

  return verifications[verification];
}

gboolean
bolo_verification_from_string (const char *text, BoloVerification *verification)
{
  g_return_val_if_fail (verification != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (verifications); i++) {
    if (g_strcmp0 (text, verifications[i]) == 0) {
      *verification = (BoloVerification) i;
      return TRUE;
    }
  }
  return FALSE;
}

static void
bolo_shared_hit_finalize (GObject *object)
{
  BoloSharedHitFields *fields = &BOLO_SHARED_HIT (object)->fields;

  g_free ((char *) fields->car);
  g_free ((char *) fields->id);
  g_free ((char *) fields->mark);
  g_free ((char *) fields->category);
  g_free ((char *) fields->match);
  G_OBJECT_CLASS (bolo_shared_hit_parent_class)->finalize (object);
}

static void
bolo_shared_hit_class_init (BoloSharedHitClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bolo_shared_hit_finalize;
}

static void
bolo_shared_hit_init (BoloSharedHit *self)
{
}

BoloSharedHit *
bolo_shared_hit_new (const BoloSharedHitFields *fields)
{
  BoloSharedHit *self;

  g_return_val_if_fail (fields != NULL, NULL);

  self = g_object_new (BOLO_TYPE_SHARED_HIT, NULL);
  self->fields = *fields;
  self->fields.car = g_strdup (fields->car);
  self->fields.id = g_strdup (fields->id);
  self->fields.mark = g_strdup (fields->mark);
  self->fields.category = g_strdup (fields->category);
  self->fields.match = g_strdup (fields->match);
  return self;
}

const BoloSharedHitFields *
bolo_shared_hit_get_fields (BoloSharedHit *self)
{
  g_return_val_if_fail (BOLO_IS_SHARED_HIT (self), NULL);

  return &self->fields;
}

static double
get_bearing_deg (double lat1, double lon1, double lat2, double lon2)
{
  const double radians = G_PI / 180;
  double across = (lon2 - lon1) * radians;
  double y = sin (across) * cos (lat2 * radians);
  double x = cos (lat1 * radians) * sin (lat2 * radians) -
             sin (lat1 * radians) * cos (lat2 * radians) * cos (across);
  double bearing = atan2 (y, x) / radians;

  return bearing < 0 ? bearing + 360 : bearing;
}

gboolean
bolo_shared_hit_get_way (BoloSharedHit *self,
                         const BoloFix *fix,
                         double *distance_m,
                         double *bearing_deg)
{
  const BoloSharedHitFields *fields;
  BoloFix there = {0};

  g_return_val_if_fail (BOLO_IS_SHARED_HIT (self), FALSE);
  g_return_val_if_fail (distance_m != NULL && bearing_deg != NULL, FALSE);

  fields = &self->fields;
  if (fix == NULL || !isfinite (fields->latitude_deg) || !isfinite (fields->longitude_deg))
    return FALSE;
  there.latitude_deg = fields->latitude_deg;
  there.longitude_deg = fields->longitude_deg;
  *distance_m = bolo_fix_get_distance_m (fix, &there);
  *bearing_deg = get_bearing_deg (fix->latitude_deg, fix->longitude_deg, there.latitude_deg,
                                  there.longitude_deg);
  return TRUE;
}
