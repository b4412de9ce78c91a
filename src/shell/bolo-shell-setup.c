/* bolo-shell-setup.c: what the widgets need before the first one is made
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-shell-setup.h"

#include "bolo-shell-resources.h"

#define DEFAULT_PX_PER_MM 5.9
#define MM_PER_INCH 25.4

void
bolo_shell_setup (GdkDisplay *display, double px_per_mm)
{
  g_return_if_fail (GDK_IS_DISPLAY (display));

  g_resources_register (bolo_shell_get_resource ());
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (display),
                                    "/org/boloanpr/Bolo/icons");
  if (px_per_mm <= 0)
    px_per_mm = DEFAULT_PX_PER_MM;
  /* Nothing moves by itself on a screen in a car. */
  g_object_set (gtk_settings_get_for_display (display), "gtk-xft-dpi",
                (int) (px_per_mm * MM_PER_INCH * 1024 + 0.5), "gtk-enable-animations", FALSE, NULL);
}
