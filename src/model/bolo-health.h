/* bolo-health.h: the state of a part of the car's equipment, honest and with its remedy
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  BOLO_HEALTH_OK,
  BOLO_HEALTH_STARTING,
  BOLO_HEALTH_DEGRADED, /* works, with a loss that the text names */
  BOLO_HEALTH_LOST,     /* does not work */
} BoloHealthState;

/* BoloHealth: immutable, counted. @what: "camera:front", "gps", "clock", "lists", "storage",
 * "sound", "speech", "notification", "vision", "policy". */
typedef struct {
  char *what;
  BoloHealthState state;
  gint64 since_us; /* UTC */
  char *detail;    /* one sentence: what is so */
  char *remedy;    /* (nullable) one sentence: what to do */
} BoloHealth;

BoloHealth *bolo_health_new (
  const char *what, BoloHealthState state, gint64 since_us, const char *detail, const char *remedy);
BoloHealth *bolo_health_ref (const BoloHealth *self);
void bolo_health_unref (const BoloHealth *self);
const char *bolo_health_state_to_string (BoloHealthState state);

/* BoloProblem: an error for the officer; shown in one place by the shell. Immutable, counted. */
typedef struct {
  char *title;
  char *consequence;
  char *remedy;
  char *details; /* (nullable) for the technician */
} BoloProblem;

BoloProblem *bolo_problem_new (const char *title,
                               const char *consequence,
                               const char *remedy,
                               const char *details);
BoloProblem *bolo_problem_ref (const BoloProblem *self);
void bolo_problem_unref (const BoloProblem *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloHealth, bolo_health_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloProblem, bolo_problem_unref)

G_END_DECLS
