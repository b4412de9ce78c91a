/* fuzz-list-fixed.c: any bytes as a list of fixed width, and as one whose format nobody tells
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz-list.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  static const char *const words[] = {"ncic", "ncic-wa", "ca-doj", "oh-leads"};

  /* To recognise one takes all formats' files each time: one input in sixteen. */
  if (size > 0)
    fuzz_list (data[0] % 16 == 4 ? "auto" : words[data[0] % G_N_ELEMENTS (words)], data + 1,
               size - 1);
  return 0;
}
