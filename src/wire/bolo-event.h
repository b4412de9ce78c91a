/* bolo-event.h: what happens on patrol, as one JSON object a line
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-health.h"
#include "bolo-hit.h"

G_BEGIN_DECLS

/* One line of JSON without the newline, each with event, id, time (UTC, ms, Z) and camera.
 * All (transfer full). Any thread.
 *
 * Corners, pictures and officers stay out of events; everything else that contract and
 * documentation name is there, with null where it is unknown. */
char *bolo_event_format_sighting (const BoloSighting *sighting, gint64 time_us);
char *bolo_event_format_hit (const BoloHit *hit, gint64 time_us);
/* @first_sample_us: UTC at which the tone's first sample is due at the ear, sink latency counted;
 * -1 where no sound is made (lock-step replay). */
char *bolo_event_format_alarm (
  const BoloHit *hit, const char *id, const char *tone, gint64 first_sample_us, gint64 time_us);
char *bolo_event_format_stored (const char *const *ids, const char *id, gint64 time_us);
char *bolo_event_format_health (const BoloHealth *health, const char *id, gint64 time_us);

G_END_DECLS
