/* main-boloctl.c: the program without a screen
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli.h"

int
main (int argc, char **argv)
{
  /* libcamera tells of each device that it tries on standard error; ours is one line on failure. */
  g_setenv ("LIBCAMERA_LOG_LEVELS", "*:ERROR", FALSE);
  return bolo_cli_main (argc, argv);
}
