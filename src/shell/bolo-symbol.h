/* bolo-symbol.h: a category's symbol on its colour
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* BoloSymbol: an icon on a coloured field; both are data of the alert policy. Its size comes from
 * CSS (-gtk-icon-size and padding). Main. */
#define BOLO_TYPE_SYMBOL (bolo_symbol_get_type ())
G_DECLARE_FINAL_TYPE (BoloSymbol, bolo_symbol, BOLO, SYMBOL, GtkWidget)

/* @colour: "#rrggbb". @words: what it stands for, for the accessible name. */
void
bolo_symbol_set (BoloSymbol *self, const char *icon_name, const char *colour, const char *words);
const char *bolo_symbol_get_icon_name (BoloSymbol *self);

G_END_DECLS
