/* main-bolo.c: the officer's program
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-shell-main.h"

int
main (int argc, char **argv)
{
  return bolo_shell_main (argc, argv);
}
