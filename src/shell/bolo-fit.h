/* bolo-fit.h: keeps what is in it from asking for more room than the panel has
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* BoloFit: one child, whose least size it does not pass on. A full-screen window that asks for more
 * than the panel has, if only until its style is known, is ended by the compositor; here it is cut
 * off at the right and the bottom instead. Main. Property "child". */
#define BOLO_TYPE_FIT (bolo_fit_get_type ())
G_DECLARE_FINAL_TYPE (BoloFit, bolo_fit, BOLO, FIT, GtkWidget)

/* Whether the child fits into what it was given last. */
gboolean bolo_fit_is_enough (BoloFit *self);

G_END_DECLS
