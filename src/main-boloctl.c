/* main-boloctl.c: the program without a screen
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli.h"

int
main (int argc, char **argv)
{
  return bolo_cli_main (argc, argv);
}
