/* bolo-plate-pattern.h: a small pattern language for marks, unrolled to one mask a character
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-plate-mark.h"

G_BEGIN_DECLS

/* BoloPlateForm: one exact length; bit n of a mask allows character n of 0-9 A-Z. */
typedef struct {
  guint length;
  guint64 masks[BOLO_PLATE_LENGTH_MAX];
} BoloPlateForm;

/* Bit of @character, 0 when it is none of 0-9 A-Z. Any thread. */
guint64 bolo_plate_form_get_bit (char character);
/* Unrolls "[A-HJ-PR-Y]{2}[0-9]{1,3}X" into every form it can take, longer ones first, appended to
 * @forms (of BoloPlateForm). A part is a class or a character, then {n} or {m,n}. FALSE with a
 * sentence in @message (transfer full) when the text is no such pattern. Any thread. */
gboolean bolo_plate_pattern_unroll (const char *pattern, GArray *forms, char **message);
gboolean bolo_plate_form_matches (const BoloPlateForm *form, const char *text);

G_END_DECLS
