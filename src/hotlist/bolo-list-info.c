/* bolo-list-info.c: what there is to say of a list that is in force
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-info.h"

BoloListAge
bolo_list_info_get_age (const BoloListInfo *self, gint64 now_us)
{
  gint64 age_us;

  g_return_val_if_fail (self != NULL, BOLO_LIST_STALE);

  age_us = now_us - self->dated_us;
  if (self->stale_age_us > 0 && age_us > self->stale_age_us)
    return BOLO_LIST_STALE;
  return self->warn_age_us > 0 && age_us > self->warn_age_us ? BOLO_LIST_OLD : BOLO_LIST_FRESH;
}
