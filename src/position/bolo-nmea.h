/* bolo-nmea.h: what a GPS receiver says, sentence by sentence
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-fix.h"

G_BEGIN_DECLS

/* NMEA 0183 allows 82; receivers with more digits send a little more. */
#define BOLO_NMEA_MAX_LENGTH 120

typedef enum {
  BOLO_NMEA_IGNORED, /* sound, but of a kind that does not matter here, or an empty line */
  BOLO_NMEA_FIX,     /* a measurement */
  BOLO_NMEA_NO_FIX,  /* the receiver says that it has none */
  BOLO_NMEA_REFUSED, /* no sentence, too long, wrong checksum, or nonsense in it */
} BoloNmeaResult;

/* BoloNmeaParser: plain struct, zeroed at the start; not thread-safe. */
typedef struct {
  gint64 quality_at_ms; /* time of day of the last GGA */
  double hdop;          /* of it; 0 when there was none */
} BoloNmeaParser;

/* One line, without its end. RMC gives the measurement, GGA before it the accuracy. With
 * BOLO_NMEA_FIX, *fix holds it; otherwise it is left alone. */
BoloNmeaResult
bolo_nmea_parser_push (BoloNmeaParser *self, const char *line, gsize length, BoloFix *fix);

G_END_DECLS
