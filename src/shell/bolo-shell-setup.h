/* bolo-shell-setup.h: what the widgets need before the first one is made
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Registers templates, style sheets and icons, and declares the panel's resolution, by which style
 * sheets turn millimetres into pixels. @px_per_mm 0: the default of 5.9. Main, once. */
void bolo_shell_setup (GdkDisplay *display, double px_per_mm);

G_END_DECLS
