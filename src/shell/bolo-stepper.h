/* bolo-stepper.h: less, a word with its figure, more: a setting for a gloved finger
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* BoloStepper: main. Properties: "value" (double, 0 to 1, notified; moves in steps of 0.2 from
 * "least" to 1), "least" (double), "shows-title" (TRUE at first), and, written only, the strings
 * "title", "icon-name", "less-name" and "more-name" (what a screen reader says of the buttons). */
#define BOLO_TYPE_STEPPER (bolo_stepper_get_type ())
G_DECLARE_FINAL_TYPE (BoloStepper, bolo_stepper, BOLO, STEPPER, GtkWidget)

G_END_DECLS
