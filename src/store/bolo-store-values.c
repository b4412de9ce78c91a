/* bolo-store-values.c: the plain values in which the store answers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-store-values.h"

void
bolo_purge_report_free (BoloPurgeReport *self)
{
  g_free (self);
}

void
bolo_store_counts_free (BoloStoreCounts *self)
{
  g_free (self);
}
