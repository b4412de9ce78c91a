/* bolo-plate-mark.c: what can be a mark at all
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-plate-mark"

#include "bolo-plate-mark.h"

gboolean
bolo_plate_is_mark (const char *normalised)
{
  guint length = 0;

  g_return_val_if_fail (normalised != NULL, FALSE);

  for (; normalised[length] != '\0'; length++)
    if (length == BOLO_PLATE_LENGTH_MAX ||
        !(g_ascii_isdigit (normalised[length]) || g_ascii_isupper (normalised[length])))
      return FALSE;
  return length > 0;
}
