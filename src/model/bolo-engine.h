/* bolo-engine.h: what a face (window, command line) sees of the patrol's engine
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "bolo-camera-info.h"
#include "bolo-clock.h"
#include "bolo-desk.h"
#include "bolo-health.h"
#include "bolo-hit-case.h"
#include "bolo-mailbox.h"
#include "bolo-sync-state.h"

G_BEGIN_DECLS

/* What may be on a screen that the driver sees (UK regulation 109). */
typedef enum {
  BOLO_LEVEL_DRIVER_SAFE,
  BOLO_LEVEL_OPERATOR,
} BoloLevel;

/* Who may see the screen, as declared at sign-on. */
typedef enum {
  BOLO_SEAT_NONE,     /* nobody said: driver-safe always */
  BOLO_SEAT_DRIVER,   /* single crew: everything only while the car is known to stand */
  BOLO_SEAT_OPERATOR, /* a seated operator whose screen the driver does not see: everything */
} BoloSeat;

/* Driver-safe unless an operator's seat is declared, or the driver's is and the car is known to
 * stand: speed at most 0.5 m/s (a receiver at rest wanders below it) and no older than 3 s.
 * @fix is nullable. Pure. */
BoloLevel bolo_level_decide (const BoloFix *fix, gint64 now_us, BoloSeat seat);

/* BoloEngine: interface; the patrol room implements it, tests/lib has a scripted one. Everything
 * on main. Signals (all arguments transfer none, immutable):
 *  "sighting" (BoloSighting *)    each state of each sighting
 *  "hit" (BoloHit *)              overt hits only: covert ones never reach a face
 *  "alarm" (BoloHitCase *)        an encounter sounds now, once
 *  "stored" (char **ids)          what a commit has made durable
 *  "health" (BoloHealth *)        a part's state changed
 *  "fix" (BoloFix * nullable)     at least once a second
 *  "problem" (BoloProblem *)
 *  "finished" ()                  a recording has ended and everything is stored */
#define BOLO_TYPE_ENGINE (bolo_engine_get_type ())
G_DECLARE_INTERFACE (BoloEngine, bolo_engine, BOLO, ENGINE, GObject)

struct _BoloEngineInterface {
  GTypeInterface parent;

  BoloClock *(*get_clock) (BoloEngine *self);
  GPtrArray *(*get_cameras) (BoloEngine *self);
  BoloMailbox *(*get_preview) (BoloEngine *self, const char *camera);
  BoloLookBoard *(*get_looks) (BoloEngine *self, const char *camera);
  GListModel *(*get_cases) (BoloEngine *self);
  GPtrArray *(*get_health) (BoloEngine *self);
  const BoloFix *(*get_fix) (BoloEngine *self);
  BoloDesk *(*get_desk) (BoloEngine *self);
  BoloSyncState *(*get_sync) (BoloEngine *self);
  const char *(*get_officer) (BoloEngine *self);
  void (*set_officer) (BoloEngine *self, const char *officer);
  void (*dispose_of) (BoloEngine *self,
                      const char *hit,
                      BoloDispositionKind kind,
                      const char *checked_by,
                      const char *checked_how);
  void (*set_discreet) (BoloEngine *self, gboolean is_discreet);
  void (*set_volume) (BoloEngine *self, double volume);
};

/* (transfer none) each. Cameras: BoloCameraInfo; health: BoloHealth, newest state of each part. */
BoloClock *bolo_engine_get_clock (BoloEngine *self);
GPtrArray *bolo_engine_get_cameras (BoloEngine *self);
/* RGB frames, small, newest wins; a face takes what is there on its own frame clock. */
BoloMailbox *bolo_engine_get_preview (BoloEngine *self, const char *camera);
BoloLookBoard *bolo_engine_get_looks (BoloEngine *self, const char *camera);
/* Of BoloHitCase, newest last. */
GListModel *bolo_engine_get_cases (BoloEngine *self);
GPtrArray *bolo_engine_get_health (BoloEngine *self);
const BoloFix *bolo_engine_get_fix (BoloEngine *self);
/* (nullable) (transfer none): lists and records, as officers ask of them. */
BoloDesk *bolo_engine_get_desk (BoloEngine *self);
/* (nullable) (transfer none): how it stands with the back office; NULL where nothing is kept. */
BoloSyncState *bolo_engine_get_sync (BoloEngine *self);
/* NULL until one has signed on. */
const char *bolo_engine_get_officer (BoloEngine *self);
void bolo_engine_set_officer (BoloEngine *self, const char *officer);
/* Records what the officer said of a hit; the case changes at once, "stored" follows. */
void bolo_engine_dispose_of (BoloEngine *self,
                             const char *hit,
                             BoloDispositionKind kind,
                             const char *checked_by,
                             const char *checked_how);
/* Speech names no category and no mark. */
void bolo_engine_set_discreet (BoloEngine *self, gboolean is_discreet);
/* 0 to 1 of the configured level. */
void bolo_engine_set_volume (BoloEngine *self, double volume);

/* For implementations. */
void bolo_engine_emit_sighting (BoloEngine *self, const BoloSighting *sighting);
void bolo_engine_emit_hit (BoloEngine *self, const BoloHit *hit);
void bolo_engine_emit_alarm (BoloEngine *self, BoloHitCase *hit_case);
void bolo_engine_emit_stored (BoloEngine *self, const char *const *ids);
void bolo_engine_emit_health (BoloEngine *self, const BoloHealth *health);
void bolo_engine_emit_fix (BoloEngine *self, const BoloFix *fix);
void bolo_engine_emit_problem (BoloEngine *self, const BoloProblem *problem);
void bolo_engine_emit_finished (BoloEngine *self);

G_END_DECLS
