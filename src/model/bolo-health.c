/* bolo-health.c: the state of a part of the car's equipment, and problems for the officer
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-health.h"

static void
health_clear (gpointer data)
{
  BoloHealth *self = data;

  g_free (self->what);
  g_free (self->detail);
  g_free (self->remedy);
}

BoloHealth *
bolo_health_new (
  const char *what, BoloHealthState state, gint64 since_us, const char *detail, const char *remedy)
{
  BoloHealth *self;

  g_return_val_if_fail (what != NULL && detail != NULL, NULL);

  self = g_atomic_rc_box_new0 (BoloHealth);
  self->what = g_strdup (what);
  self->state = state;
  self->since_us = since_us;
  self->detail = g_strdup (detail);
  self->remedy = g_strdup (remedy);
  return self;
}

BoloHealth *
bolo_health_ref (const BoloHealth *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire ((BoloHealth *) self);
}

void
bolo_health_unref (const BoloHealth *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full ((BoloHealth *) self, health_clear);
}

const char *
bolo_health_state_to_string (BoloHealthState state)
{
  switch (state) {
  case BOLO_HEALTH_OK:
    return "ok";
  case BOLO_HEALTH_STARTING:
    return "starting";
  case BOLO_HEALTH_DEGRADED:
    return "degraded";
  case BOLO_HEALTH_LOST:
    return "lost";
  default:
    g_return_val_if_reached (NULL);
  }
}

static void
problem_clear (gpointer data)
{
  BoloProblem *self = data;

  g_free (self->title);
  g_free (self->consequence);
  g_free (self->remedy);
  g_free (self->details);
}

BoloProblem *
bolo_problem_new (const char *title,
                  const char *consequence,
                  const char *remedy,
                  const char *details)
{
  BoloProblem *self;

  g_return_val_if_fail (title != NULL, NULL);

  self = g_atomic_rc_box_new0 (BoloProblem);
  self->title = g_strdup (title);
  self->consequence = g_strdup (consequence);
  self->remedy = g_strdup (remedy);
  self->details = g_strdup (details);
  return self;
}

BoloProblem *
bolo_problem_ref (const BoloProblem *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire ((BoloProblem *) self);
}

void
bolo_problem_unref (const BoloProblem *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full ((BoloProblem *) self, problem_clear);
}
