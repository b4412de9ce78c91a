/* bolo-mark-key.c: a folded mark as one number, and that number scattered for the index
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-mark-key"

#include "bolo-mark-key.h"

guint
bolo_mark_key_digit (char character)
{
  if (character >= '0' && character <= '9')
    return (guint) (character - '0') + 1;
  if (character >= 'A' && character <= 'Z')
    return (guint) (character - 'A') + 11;
  return 0;
}

char
bolo_mark_key_character (guint digit)
{
  g_return_val_if_fail (digit > 0 && digit < BOLO_MARK_KEY_BASE, '\0');

  return (char) (digit <= 10 ? '0' + (int) digit - 1 : 'A' + (int) digit - 11);
}

guint64
bolo_mark_key_pack (const char *mark)
{
  guint64 key = 0;
  guint64 weight = 1;

  g_return_val_if_fail (mark != NULL, 0);

  for (guint i = 0; i < BOLO_PLATE_LENGTH_MAX && mark[i] != '\0'; i++) {
    key += bolo_mark_key_digit (mark[i]) * weight;
    weight *= BOLO_MARK_KEY_BASE;
  }
  return key;
}

/* Two rounds of xor-shift and an odd factor: each step can be undone, hence one to one. */
guint64
bolo_mark_key_hash (guint64 key)
{
  key ^= key >> 33;
  key *= G_GUINT64_CONSTANT (0xff51afd7ed558ccd);
  key ^= key >> 33;
  key *= G_GUINT64_CONSTANT (0xc4ceb9fe1a85ec53);
  key ^= key >> 33;
  return key;
}

guint
bolo_mark_key_fold (BoloPlateRules *rules, const char *mark, char folded[BOLO_PLATE_LENGTH_MAX + 1])
{
  guint length;

  g_return_val_if_fail (rules != NULL && mark != NULL, 0);

  for (length = 0; length < BOLO_PLATE_LENGTH_MAX && mark[length] != '\0'; length++)
    folded[length] = bolo_plate_rules_fold_character (rules, mark[length]);
  folded[length] = '\0';
  return length;
}

guint32
bolo_mark_key_get_fold_id (BoloPlateRules *rules)
{
  guint32 id = 2166136261u; /* FNV-1a over what each character becomes */

  g_return_val_if_fail (rules != NULL, 0);

  for (guint digit = 1; digit < BOLO_MARK_KEY_BASE; digit++) {
    char folded = bolo_plate_rules_fold_character (rules, bolo_mark_key_character (digit));

    id = (id ^ (guchar) folded) * 16777619u;
  }
  return id;
}
