/* bolo-disk-texts.h: small values of a reading as text in one column, and back
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-hit.h"
#include "bolo-reading.h"

G_BEGIN_DECLS

/* Pure; any thread. What cannot be read back is left out, never guessed. */

/* "A:0.991/4:0.006/R:0.002 B:1": each character with its probability, then its alternatives. */
char *bolo_disk_text_from_characters (const BoloReadCharacter *characters, guint n_characters);
/* @characters: room for BOLO_MARK_MAX; returns how many there are. */
guint bolo_disk_text_to_characters (const char *text, BoloReadCharacter *characters);
/* "x y x y x y x y" */
char *bolo_disk_text_from_corners (const float corners[4][2]);
void bolo_disk_text_to_corners (const char *text, float corners[4][2]);
/* "3 4": the indices that differ. */
char *bolo_disk_text_from_differs (const BoloMatch *match);
void bolo_disk_text_to_differs (const char *text, BoloMatch *match);

G_END_DECLS
