/* bolo-text-pad.h: a keypad on the screen for ids and references
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* BoloTextPad: digits, letters, '/', '-' and a space under a finger, and the same from a keyboard
 * while the window has one. No text widget of GTK, so nothing of it can come up on the driver's
 * screen. Main. Property "text" (notified), "caption" (what is asked for). Signal "activated":
 * Return on a keyboard. */
#define BOLO_TYPE_TEXT_PAD (bolo_text_pad_get_type ())
G_DECLARE_FINAL_TYPE (BoloTextPad, bolo_text_pad, BOLO, TEXT_PAD, GtkWidget)

const char *bolo_text_pad_get_text (BoloTextPad *self);
void bolo_text_pad_set_text (BoloTextPad *self, const char *text);
/* '?' and '*' in the places of '/' and '-', for a part of a mark. */
void bolo_text_pad_set_wildcards (BoloTextPad *self, gboolean has_wildcards);

G_END_DECLS
