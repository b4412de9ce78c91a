/* bolo-priority.c: which threads go first where the cores do not suffice
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-priority.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

void
bolo_priority_lower (int nice)
{
  /* On Linux a nice value belongs to a thread, and the process' number names its main one. */
  int main_nice = getpriority (PRIO_PROCESS, (id_t) getpid ());

  if (setpriority (PRIO_PROCESS, (id_t) syscall (SYS_gettid), main_nice + nice) != 0)
    g_debug ("cannot lower the priority of a thread");
}
