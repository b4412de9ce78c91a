/* bolo-plate-confusions.h: how likely the reader is to take one character for another
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-plate-mark.h"

G_BEGIN_DECLS

/* BoloPlateConfusions: a table measured from the reader's errors. Immutable, any thread.
 *
 * All is told as a cost in thousandths of a nat: -1000 ln (likelihood), so that likelihoods
 * multiply by adding whole numbers, the same on every machine. */
typedef struct _BoloPlateConfusions BoloPlateConfusions;

#define BOLO_CONFUSION_NEVER 1000000 /* a cost that no rule allows */

/* @path: confusions.ini. Without the file (NULL, or NOT_FOUND is not an error here): all mistakes
 * of one sort are equally likely. Characters fold as @fold says (256 characters, 0: itself). */
BoloPlateConfusions *
bolo_plate_confusions_load (const char *path, const char fold[256], GError **error);
void bolo_plate_confusions_free (BoloPlateConfusions *self);
/* The reader is wrong at a character, its own probability being @probability (below 0: it gave
 * none). */
guint32 bolo_plate_confusions_get_wrong (const BoloPlateConfusions *self, double probability);
/* ... and right. */
guint32 bolo_plate_confusions_get_right (const BoloPlateConfusions *self, double probability);
/* It is wrong about @read, which is @listed in truth. Folded characters. */
guint32 bolo_plate_confusions_get_instead (const BoloPlateConfusions *self, char read, char listed);
/* It is wrong about @read, because nothing is there; at the first or last place of the mark. */
guint32
bolo_plate_confusions_get_extra (const BoloPlateConfusions *self, char read, gboolean is_at_edge);
/* It passed over @listed. */
guint32 bolo_plate_confusions_get_missing (const BoloPlateConfusions *self,
                                           char listed,
                                           gboolean is_at_edge);
/* Of any likelihood. Any thread. */
guint32 bolo_plate_confusions_make_cost (double likelihood);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloPlateConfusions, bolo_plate_confusions_free)

G_END_DECLS
