/* bolo-disposition.h: what an officer said of a hit
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  BOLO_DISPOSITION_SEEN,          /* acknowledged: the sound stops, the card stays reachable */
  BOLO_DISPOSITION_PLATE_MATCHES, /* compared with the picture; still UNCONFIRMED */
  BOLO_DISPOSITION_CONFIRMED,     /* control room or PNC check recorded */
  BOLO_DISPOSITION_MISREAD,
  BOLO_DISPOSITION_SILENCED,
} BoloDispositionKind;

/* BoloDisposition: a record; never edited, a later one adds to it. Immutable, counted. */
typedef struct {
  char *id;
  char *hit;
  BoloDispositionKind kind;
  char *officer;
  char *checked_by;  /* (nullable): CONFIRMED: who said so */
  char *checked_how; /* (nullable): CONFIRMED: "control room", "PNC" */
  gint64 at_us;      /* UTC */
} BoloDisposition;

BoloDisposition *bolo_disposition_new (void);
BoloDisposition *bolo_disposition_ref (const BoloDisposition *self);
void bolo_disposition_unref (const BoloDisposition *self);
const char *bolo_disposition_kind_to_string (BoloDispositionKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloDisposition, bolo_disposition_unref)

G_END_DECLS
