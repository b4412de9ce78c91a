/* bolo-dimmer.h: darkens what is in it, for a panel whose own light cannot be turned down
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* BoloDimmer: main. Properties: "child" (GtkWidget), "brightness" (double, 1 at first; kept from
 * BOLO_BRIGHTNESS_LEAST to 1). At 1 it draws nothing of its own. */
#define BOLO_BRIGHTNESS_LEAST 0.4 /* an eighth of the light; darker, a mark is lost to any lamp */
#define BOLO_TYPE_DIMMER (bolo_dimmer_get_type ())
G_DECLARE_FINAL_TYPE (BoloDimmer, bolo_dimmer, BOLO, DIMMER, GtkWidget)

G_END_DECLS
