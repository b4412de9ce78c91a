/* bolo-shell-main.h: the officer's program: options, patrol, window
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The whole program; returns its exit code. */
int bolo_shell_main (int argc, char **argv);

G_END_DECLS
