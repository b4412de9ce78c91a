/* bolo-station-visit.h: one request of a car: who it is, what it sent, and what the answer needs
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libsoup/soup.h>

#include "bolo-station-batch.h"
#include "bolo-station-parts.h"

G_BEGIN_DECLS

/* BoloStationVisit: belongs to its message, and ends with it. Main thread. */
typedef struct {
  const BoloStationParts *parts; /* (lent) */
  SoupServerMessage *message;    /* (lent) */
  const char *rest;              /* (lent): of the path, behind what the route names */
  GHashTable *query;             /* (lent) (nullable) */
  char *car;                     /* (owned) (nullable): NULL on the web page */
  BoloStationBatch *batch;       /* (owned) (nullable) */
  GByteArray *body;              /* (owned) (nullable): collected */
  gsize body_max;
  gsize n_bytes; /* that came */
} BoloStationVisit;

G_END_DECLS
