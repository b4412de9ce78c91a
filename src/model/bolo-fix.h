/* bolo-fix.h: where, when, how well known
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  BOLO_FIX_HOW_MEASURED,
  BOLO_FIX_HOW_INTERPOLATED,
  BOLO_FIX_HOW_EXTRAPOLATED,
} BoloFixHow;

/* BoloFix: WGS 84. Never 0,0 for "unknown": unknown is a NULL fix. Immutable, counted. */
typedef struct {
  gint64 time_us; /* UTC that the position is for */
  double latitude_deg;
  double longitude_deg;
  double accuracy_m;  /* 95 %; widened when extrapolated */
  double speed_mps;   /* NaN when unknown */
  double heading_deg; /* true, 0 to 360; NaN when unknown */
  gint64 age_ms;      /* from the newest measurement behind it to time_us; 0 when interpolated */
  gint64 clock_offset_us; /* our clock less GPS time; G_MININT64 when unknown */
  BoloFixHow how;
} BoloFix;

BoloFix *bolo_fix_new (const BoloFix *values);
BoloFix *bolo_fix_ref (const BoloFix *self);
void bolo_fix_unref (const BoloFix *self);
/* Great-circle metres. */
double bolo_fix_get_distance_m (const BoloFix *a, const BoloFix *b);
const char *bolo_fix_how_to_string (BoloFixHow how);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloFix, bolo_fix_unref)

G_END_DECLS
