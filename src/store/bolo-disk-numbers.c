/* bolo-disk-numbers.c: enums as the numbers that stand in the files, for ever
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-disk-numbers.h"

#include "bolo-disposition.h"
#include "bolo-hit.h"
#include "bolo-sighting.h"
#include "bolo-store-values.h"

/* Append only: a number once written means the same in every later version, whatever becomes of
 * the enum in the code. */
static const struct {
  BoloDiskEnum which;
  int number;
  int value;
} numbers[] = {
  {BOLO_DISK_SIGHTING_STATE, 1, BOLO_SIGHTING_PROVISIONAL},
  {BOLO_DISK_SIGHTING_STATE, 2, BOLO_SIGHTING_CLOSED},
  {BOLO_DISK_SIGHTING_STATE, 3, BOLO_SIGHTING_CORRECTED},
  {BOLO_DISK_CAPTURED_BY, 1, BOLO_CAPTURED_BY_DRIVER},
  {BOLO_DISK_CAPTURED_BY, 2, BOLO_CAPTURED_BY_RTCP},
  {BOLO_DISK_CAPTURED_BY, 3, BOLO_CAPTURED_BY_ARRIVAL},
  {BOLO_DISK_CAPTURED_BY, 4, BOLO_CAPTURED_BY_RECORDING},
  {BOLO_DISK_FIX_HOW, 1, BOLO_FIX_HOW_MEASURED},
  {BOLO_DISK_FIX_HOW, 2, BOLO_FIX_HOW_INTERPOLATED},
  {BOLO_DISK_FIX_HOW, 3, BOLO_FIX_HOW_EXTRAPOLATED},
  {BOLO_DISK_MATCH_KIND, 1, BOLO_MATCH_EXACT},
  {BOLO_DISK_MATCH_KIND, 2, BOLO_MATCH_FOLDED},
  {BOLO_DISK_MATCH_KIND, 3, BOLO_MATCH_NEAR},
  {BOLO_DISK_MATCH_KIND, 4, BOLO_MATCH_PATTERN},
  {BOLO_DISK_ACTION, 1, BOLO_ACTION_STOP},
  {BOLO_DISK_ACTION, 2, BOLO_ACTION_SILENT},
  {BOLO_DISK_ACTION, 3, BOLO_ACTION_UNKNOWN},
  {BOLO_DISK_DISPOSITION, 1, BOLO_DISPOSITION_SEEN},
  {BOLO_DISK_DISPOSITION, 2, BOLO_DISPOSITION_PLATE_MATCHES},
  {BOLO_DISK_DISPOSITION, 3, BOLO_DISPOSITION_CONFIRMED},
  {BOLO_DISK_DISPOSITION, 4, BOLO_DISPOSITION_MISREAD},
  {BOLO_DISK_DISPOSITION, 5, BOLO_DISPOSITION_SILENCED},
  {BOLO_DISK_PICTURE, 1, BOLO_PICTURE_PATCH},
  {BOLO_DISK_PICTURE, 2, BOLO_PICTURE_OVERVIEW},
};

int
bolo_disk_number_from_value (BoloDiskEnum which, int value)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    if (numbers[i].which == which && numbers[i].value == value)
      return numbers[i].number;
  }
  return 0;
}

gboolean
bolo_disk_number_to_value (BoloDiskEnum which, gint64 number, int *value)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    if (numbers[i].which == which && numbers[i].number == number) {
      *value = numbers[i].value;
      return TRUE;
    }
  }
  return FALSE;
}
