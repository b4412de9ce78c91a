/* bolo-disk-numbers.h: enums as the numbers that stand in the files, for ever
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  BOLO_DISK_SIGHTING_STATE,
  BOLO_DISK_CAPTURED_BY,
  BOLO_DISK_FIX_HOW,
  BOLO_DISK_MATCH_KIND,
  BOLO_DISK_ACTION,
  BOLO_DISK_DISPOSITION,
  BOLO_DISK_PICTURE,
} BoloDiskEnum;

/* The enum value's number on disk; 0 for one that has none (a bug, caught by the tests). */
int bolo_disk_number_from_value (BoloDiskEnum which, int value);
/* The enum value of a number on disk; FALSE for one that this version does not know. */
gboolean bolo_disk_number_to_value (BoloDiskEnum which, gint64 number, int *value);

G_END_DECLS
