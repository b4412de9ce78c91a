/* bolo-screenshot.h: a picture of the window, as it is drawn
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Draws @window once more, into memory. (transfer full) (nullable): NULL when it is not on screen.
 * Main; some 20 ms. */
GdkTexture *bolo_screenshot_take (GtkWindow *window);
/* Encodes and writes a PNG. Blocks; not while the terminal is in use. */
gboolean bolo_screenshot_save (GdkTexture *texture, const char *path, GError **error);

G_END_DECLS
