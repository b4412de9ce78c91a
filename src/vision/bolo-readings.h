/* bolo-readings.h: the readings of one picture, each plate once and as a whole
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include "bolo-plate-rules.h"
#include "bolo-reading.h"

G_BEGIN_DECLS

/* Sorts @readings (@n of them), surest first, and drops what repeats a surer one of the same plate
 * or reads only a part of it. Returns how many are left. Pure. */
guint bolo_readings_drop_repeated (BoloReading *readings, guint n);
/* Takes off what stands beside the mark and was read with it: the letters of its band, and a border
 * read as an unsure I or 1 at either end; only from a text that fits no syntax while the rest fits
 * one. @rules (nullable). Pure. */
void bolo_reading_trim (BoloReading *reading, BoloPlateRules *rules);
/* Replaces the characters that the law draws alike by those that fit a syntax. @rules (nullable).
 * Pure. */
void bolo_reading_resolve (BoloReading *reading, BoloPlateRules *rules);

G_END_DECLS
