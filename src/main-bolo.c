/* main-bolo.c: the officer's program
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-shell-main.h"

int
main (int argc, char **argv)
{
  /* libcamera tells of each device that it tries on standard error. */
  g_setenv ("LIBCAMERA_LOG_LEVELS", "*:ERROR", FALSE);
  return bolo_shell_main (argc, argv);
}
