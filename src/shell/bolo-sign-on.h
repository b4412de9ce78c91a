/* bolo-sign-on.h: asks who answers for what is done from now on
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "bolo-engine.h"

G_BEGIN_DECLS

/* BoloSignOn: main. Signal "declared" (char *officer, int seat): an id that is not empty,
 * and the BoloSeat that was declared with it. Signal "left": back without. */
#define BOLO_TYPE_SIGN_ON (bolo_sign_on_get_type ())
G_DECLARE_FINAL_TYPE (BoloSignOn, bolo_sign_on, BOLO, SIGN_ON, GtkWidget)

/* Whether there is anything to go back to. */
void bolo_sign_on_set_can_leave (BoloSignOn *self, gboolean can_leave);

G_END_DECLS
