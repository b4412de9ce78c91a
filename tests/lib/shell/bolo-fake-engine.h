/* bolo-fake-engine.h: a scripted engine, so that the shell can be tested without one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-engine.h"
#include "bolo-fake-desk.h"

G_BEGIN_DECLS

/* BoloFakeEngine: does what the test says and remembers what the shell asked for. Main. */
#define BOLO_TYPE_FAKE_ENGINE (bolo_fake_engine_get_type ())
G_DECLARE_FINAL_TYPE (BoloFakeEngine, bolo_fake_engine, BOLO, FAKE_ENGINE, GObject)

/* @clock: (nullable): the system's. */
BoloFakeEngine *bolo_fake_engine_new (BoloClock *clock);
void bolo_fake_engine_add_camera (BoloFakeEngine *self, const char *name, const char *title);
void bolo_fake_engine_set_health (BoloFakeEngine *self,
                                  const char *what,
                                  BoloHealthState state,
                                  const char *detail,
                                  const char *remedy);
/* All parts work. */
void bolo_fake_engine_set_all_well (BoloFakeEngine *self);
/* A fix at the clock's now; @speed_mps negative: there is no fix. Emits "fix". */
void bolo_fake_engine_set_speed (BoloFakeEngine *self, double speed_mps);
/* A street with a car and @mark on it, in the preview of @camera, with a box if @is_read. Returns
 * its capture time. */
gint64 bolo_fake_engine_put_frame (
  BoloFakeEngine *self, const char *camera, const char *mark, double phase, gboolean is_read);
/* Emits "sighting" with pictures. */
void bolo_fake_engine_add_sighting (BoloFakeEngine *self, const char *camera, const char *mark);

/* What a hit is to be; zeroes and NULLs are fit for most. */
typedef struct {
  const char *read;      /* "AB12CDE" */
  const char *listed;    /* NULL: as read */
  const char *list_kind; /* NULL: "stolen" */
  int priority;          /* 0: 2 */
  const char *markers;   /* comma-separated */
  const char *make;
  const char *model;
  const char *colour;
  const char *reason;
  const char *camera; /* NULL: the first one */
  gboolean is_quiet;
  gboolean has_no_pictures;
  BoloMatchKind kind;   /* where it is none of exact and folded */
  gboolean has_more;    /* two more entries: of another list, and a pattern */
  gboolean is_stale;    /* the list is; it is unsigned too */
  gboolean is_doubtful; /* place unknown, another colour, possible clone */
  const char *silence;  /* (nullable): an officer's words against the entry */
} BoloFakeHit;

/* A new encounter: in the cases, "hit" and, unless quiet, "alarm". (transfer none) */
BoloHitCase *bolo_fake_engine_add_hit (BoloFakeEngine *self, const BoloFakeHit *what);
/* (transfer none) */
BoloFakeDesk *bolo_fake_engine_get_desk (BoloFakeEngine *self);
/* Nobody is signed on any more. */
void bolo_fake_engine_sign_off (BoloFakeEngine *self);
void bolo_fake_engine_finish (BoloFakeEngine *self);
void bolo_fake_engine_raise_problem (BoloFakeEngine *self,
                                     const char *title,
                                     const char *consequence,
                                     const char *remedy);

/* What the shell asked for. (transfer none): of BoloDisposition, in order. */
GPtrArray *bolo_fake_engine_get_dispositions (BoloFakeEngine *self);
gboolean bolo_fake_engine_get_discreet (BoloFakeEngine *self);
double bolo_fake_engine_get_volume (BoloFakeEngine *self);

G_END_DECLS
