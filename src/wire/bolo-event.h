/* bolo-event.h: what happens on patrol, as one JSON object a line
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-health.h"
#include "bolo-hit.h"
#include "bolo-json-writer.h"

G_BEGIN_DECLS

/* One line of JSON without the newline, each with event, id, time (UTC, ms, Z) and camera.
 * All (transfer full). Any thread.
 *
 * Corners, pictures and officers stay out of events; everything else that contract and
 * documentation name is there, with null where it is unknown. */
char *bolo_event_format_sighting (const BoloSighting *sighting, gint64 time_us);
char *bolo_event_format_hit (const BoloHit *hit, gint64 time_us);
/* The same as records that leave the car, with officer, corners and overview_camera, at the time of
 * their publication: the same state gives the same bytes for ever. */
char *bolo_event_format_sighting_record (const BoloSighting *sighting);
char *bolo_event_format_hit_record (const BoloHit *hit);
/* @first_sample_us: UTC at which the tone's first sample is due at the ear, sink latency counted;
 * -1 where no sound is made (lock-step replay). */
char *bolo_event_format_alarm (
  const BoloHit *hit, const char *id, const char *tone, gint64 first_sample_us, gint64 time_us);
char *bolo_event_format_stored (const char *const *ids, const char *id, gint64 time_us);
char *bolo_event_format_health (const BoloHealth *health, const char *id, gint64 time_us);

/* Parts of such objects, for whoever writes one.
 * "chars":[{"c":"A","p":0.99,"alt":[{"c":"4","p":0.01}]}] */
void
bolo_event_add_characters (BoloJsonWriter *writer, const BoloReadCharacter *characters, guint n);
/* "region":"GB","region_confidence":0.97,"region_by":"plate"; without a @region (nullable) null, 0
 * and "not read". @is_read: off the plate's look; else "syntax", a guess from the order of letters
 * and digits. */
void bolo_event_add_region (BoloJsonWriter *writer,
                            const char *region,
                            float confidence,
                            gboolean is_read);

G_END_DECLS
