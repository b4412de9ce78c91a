/* fuzz-list-csv.c: any bytes as a delimited list
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz-list.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  static const char *const words[] = {"csv", "pips", "ncic-mn", "ncic-tx"};

  if (size > 0)
    fuzz_list (words[data[0] % G_N_ELEMENTS (words)], data + 1, size - 1);
  return 0;
}
