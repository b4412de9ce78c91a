/* bolo-engine.c: the interface between the patrol's engine and its faces
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-engine.h"

#include <math.h>

/* A receiver at rest reports up to about 0.5 m/s; walking pace is three times that. */
#define STANDSTILL_MPS 0.5
/* Three missed reports of a 1 Hz receiver. */
#define SPEED_STALE_US (3 * G_USEC_PER_SEC)

G_DEFINE_INTERFACE (BoloEngine, bolo_engine, G_TYPE_OBJECT)

typedef enum {
  SIGNAL_SIGHTING,
  SIGNAL_HIT,
  SIGNAL_ALARM,
  SIGNAL_STORED,
  SIGNAL_HEALTH,
  SIGNAL_FIX,
  SIGNAL_PROBLEM,
  SIGNAL_FINISHED,
} BoloEngineSignal;

static guint signals[SIGNAL_FINISHED + 1];

static guint
make_signal (const char *name, GType argument)
{
  return g_signal_new (name, BOLO_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       1, argument);
}

static void
bolo_engine_default_init (BoloEngineInterface *iface)
{
  signals[SIGNAL_SIGHTING] = make_signal ("sighting", G_TYPE_POINTER);
  signals[SIGNAL_HIT] = make_signal ("hit", G_TYPE_POINTER);
  signals[SIGNAL_ALARM] = make_signal ("alarm", BOLO_TYPE_HIT_CASE);
  signals[SIGNAL_STORED] = make_signal ("stored", G_TYPE_STRV);
  signals[SIGNAL_HEALTH] = make_signal ("health", G_TYPE_POINTER);
  signals[SIGNAL_FIX] = make_signal ("fix", G_TYPE_POINTER);
  signals[SIGNAL_PROBLEM] = make_signal ("problem", G_TYPE_POINTER);
  signals[SIGNAL_FINISHED] = g_signal_new ("finished", BOLO_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 0);
}

static gboolean
is_known_to_stand (const BoloFix *fix, gint64 now_us)
{
  if (fix == NULL || !isfinite (fix->speed_mps))
    return FALSE;
  if (now_us - fix->time_us > SPEED_STALE_US || fix->age_ms * 1000 > SPEED_STALE_US)
    return FALSE;
  return fix->speed_mps <= STANDSTILL_MPS;
}

BoloLevel
bolo_level_decide (const BoloFix *fix, gint64 now_us, BoloSeat seat)
{
  switch (seat) {
  case BOLO_SEAT_OPERATOR:
    return BOLO_LEVEL_OPERATOR;
  case BOLO_SEAT_DRIVER:
    return is_known_to_stand (fix, now_us) ? BOLO_LEVEL_OPERATOR : BOLO_LEVEL_DRIVER_SAFE;
  case BOLO_SEAT_NONE:
  default:
    return BOLO_LEVEL_DRIVER_SAFE;
  }
}

BoloClock *
bolo_engine_get_clock (BoloEngine *self)
{
  g_return_val_if_fail (BOLO_IS_ENGINE (self), NULL);

  return BOLO_ENGINE_GET_IFACE (self)->get_clock (self);
}

GPtrArray *
bolo_engine_get_cameras (BoloEngine *self)
{
  g_return_val_if_fail (BOLO_IS_ENGINE (self), NULL);

  return BOLO_ENGINE_GET_IFACE (self)->get_cameras (self);
}

BoloMailbox *
bolo_engine_get_preview (BoloEngine *self, const char *camera)
{
  g_return_val_if_fail (BOLO_IS_ENGINE (self), NULL);
  g_return_val_if_fail (camera != NULL, NULL);

  return BOLO_ENGINE_GET_IFACE (self)->get_preview (self, camera);
}

BoloLookBoard *
bolo_engine_get_looks (BoloEngine *self, const char *camera)
{
  g_return_val_if_fail (BOLO_IS_ENGINE (self), NULL);
  g_return_val_if_fail (camera != NULL, NULL);

  return BOLO_ENGINE_GET_IFACE (self)->get_looks (self, camera);
}

GListModel *
bolo_engine_get_cases (BoloEngine *self)
{
  g_return_val_if_fail (BOLO_IS_ENGINE (self), NULL);

  return BOLO_ENGINE_GET_IFACE (self)->get_cases (self);
}

GPtrArray *
bolo_engine_get_health (BoloEngine *self)
{
  g_return_val_if_fail (BOLO_IS_ENGINE (self), NULL);

  return BOLO_ENGINE_GET_IFACE (self)->get_health (self);
}

const BoloFix *
bolo_engine_get_fix (BoloEngine *self)
{
  g_return_val_if_fail (BOLO_IS_ENGINE (self), NULL);

  return BOLO_ENGINE_GET_IFACE (self)->get_fix (self);
}

BoloDesk *
bolo_engine_get_desk (BoloEngine *self)
{
  g_return_val_if_fail (BOLO_IS_ENGINE (self), NULL);

  return BOLO_ENGINE_GET_IFACE (self)->get_desk != NULL
           ? BOLO_ENGINE_GET_IFACE (self)->get_desk (self)
           : NULL;
}

BoloSyncState *
bolo_engine_get_sync (BoloEngine *self)
{
  g_return_val_if_fail (BOLO_IS_ENGINE (self), NULL);

  return BOLO_ENGINE_GET_IFACE (self)->get_sync != NULL
           ? BOLO_ENGINE_GET_IFACE (self)->get_sync (self)
           : NULL;
}

const char *
bolo_engine_get_officer (BoloEngine *self)
{
  g_return_val_if_fail (BOLO_IS_ENGINE (self), NULL);

  return BOLO_ENGINE_GET_IFACE (self)->get_officer (self);
}

void
bolo_engine_set_officer (BoloEngine *self, const char *officer)
{
  g_return_if_fail (BOLO_IS_ENGINE (self));
  g_return_if_fail (officer != NULL && *officer != '\0');

  BOLO_ENGINE_GET_IFACE (self)->set_officer (self, officer);
}

void
bolo_engine_dispose_of (BoloEngine *self,
                        const char *hit,
                        BoloDispositionKind kind,
                        const char *checked_by,
                        const char *checked_how)
{
  g_return_if_fail (BOLO_IS_ENGINE (self));
  g_return_if_fail (hit != NULL);
  g_return_if_fail (kind != BOLO_DISPOSITION_CONFIRMED ||
                    (checked_by != NULL && checked_how != NULL));

  BOLO_ENGINE_GET_IFACE (self)->dispose_of (self, hit, kind, checked_by, checked_how);
}

void
bolo_engine_set_discreet (BoloEngine *self, gboolean is_discreet)
{
  g_return_if_fail (BOLO_IS_ENGINE (self));

  BOLO_ENGINE_GET_IFACE (self)->set_discreet (self, is_discreet);
}

void
bolo_engine_set_volume (BoloEngine *self, double volume)
{
  g_return_if_fail (BOLO_IS_ENGINE (self));
  g_return_if_fail (volume >= 0 && volume <= 1);

  BOLO_ENGINE_GET_IFACE (self)->set_volume (self, volume);
}

void
bolo_engine_emit_sighting (BoloEngine *self, const BoloSighting *sighting)
{
  g_return_if_fail (BOLO_IS_ENGINE (self));

  g_signal_emit (self, signals[SIGNAL_SIGHTING], 0, sighting);
}

void
bolo_engine_emit_hit (BoloEngine *self, const BoloHit *hit)
{
  g_return_if_fail (BOLO_IS_ENGINE (self));

  g_signal_emit (self, signals[SIGNAL_HIT], 0, hit);
}

void
bolo_engine_emit_alarm (BoloEngine *self, BoloHitCase *hit_case)
{
  g_return_if_fail (BOLO_IS_ENGINE (self));

  g_signal_emit (self, signals[SIGNAL_ALARM], 0, hit_case);
}

void
bolo_engine_emit_stored (BoloEngine *self, const char *const *ids)
{
  g_return_if_fail (BOLO_IS_ENGINE (self));

  g_signal_emit (self, signals[SIGNAL_STORED], 0, ids);
}

void
bolo_engine_emit_health (BoloEngine *self, const BoloHealth *health)
{
  g_return_if_fail (BOLO_IS_ENGINE (self));

  g_signal_emit (self, signals[SIGNAL_HEALTH], 0, health);
}

void
bolo_engine_emit_fix (BoloEngine *self, const BoloFix *fix)
{
  g_return_if_fail (BOLO_IS_ENGINE (self));

  g_signal_emit (self, signals[SIGNAL_FIX], 0, fix);
}

void
bolo_engine_emit_problem (BoloEngine *self, const BoloProblem *problem)
{
  g_return_if_fail (BOLO_IS_ENGINE (self));

  g_signal_emit (self, signals[SIGNAL_PROBLEM], 0, problem);
}

void
bolo_engine_emit_finished (BoloEngine *self)
{
  g_return_if_fail (BOLO_IS_ENGINE (self));

  g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
}
