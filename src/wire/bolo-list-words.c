/* bolo-list-words.c: the words that lists use for actions, days and operations
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-words.h"

#include <string.h>

#define DAY_LETTERS_MIN 2

gboolean
bolo_list_words_contain (const char *text, const char *word)
{
  gsize length;

  g_return_val_if_fail (word != NULL, FALSE);

  length = strlen (word);
  for (; text != NULL && *text != '\0'; text++) {
    if (g_ascii_strncasecmp (text, word, length) == 0 && !g_ascii_isalnum (text[length]))
      return TRUE;
    while (g_ascii_isalnum (*text) && text[1] != '\0')
      text++;
  }
  return FALSE;
}

BoloAction
bolo_list_words_read_action (const char *text)
{
  if (text == NULL)
    return BOLO_ACTION_UNKNOWN;
  if (bolo_list_words_contain (text, "SILENT") || bolo_list_words_contain (text, "COVERT"))
    return BOLO_ACTION_SILENT;
  return g_ascii_strcasecmp (text, "STOP") == 0 ? BOLO_ACTION_STOP : BOLO_ACTION_UNKNOWN;
}

static gboolean
is_one_of (const char *text, const char *const *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (g_ascii_strcasecmp (text, words[i]) == 0)
      return TRUE;
  return FALSE;
}

gboolean
bolo_list_words_read_boolean (const char *text, gboolean *value)
{
  static const char *const yes[] = {"yes", "true", "y", "t", "1", "covert", "silent", NULL};
  static const char *const no[] = {"no", "false", "n", "f", "0", "overt", NULL};

  g_return_val_if_fail (text != NULL && value != NULL, FALSE);

  *value = is_one_of (text, yes);
  return *value || is_one_of (text, no);
}

gboolean
bolo_list_words_read_operation (const char *text, BoloListOperation *operation)
{
  static const char *const inserts[] = {"i", "ins", "insert", "a", "add", "+", NULL};
  static const char *const deletes[] = {"d", "del", "delete", "remove", "-", NULL};

  g_return_val_if_fail (text != NULL && operation != NULL, FALSE);

  if (is_one_of (text, inserts))
    *operation = BOLO_LIST_INSERT;
  else if (is_one_of (text, deletes))
    *operation = BOLO_LIST_DELETE;
  else
    return FALSE;
  return TRUE;
}

/* 0 is Monday; -1 where no day's name begins so. @text is moved behind it. */
static int
read_day (const char **text)
{
  static const char *const names[] = {"monday", "tuesday",  "wednesday", "thursday",
                                      "friday", "saturday", "sunday"};
  gsize length = strspn (*text, G_CSET_a_2_z G_CSET_A_2_Z);

  for (int i = 0; i < (int) G_N_ELEMENTS (names) && length >= DAY_LETTERS_MIN; i++)
    if (length <= strlen (names[i]) && g_ascii_strncasecmp (*text, names[i], length) == 0) {
      *text += length;
      return i;
    }
  return -1;
}

gboolean
bolo_list_words_read_days (const char *text, guint8 *days)
{
  guint mask = 0;

  g_return_val_if_fail (text != NULL && days != NULL, FALSE);

  for (;;) {
    int first;
    int last;

    text += strspn (text, " ,;/+");
    if (*text == '\0')
      break;
    first = read_day (&text);
    last = first;
    if (*text == '-') {
      text++;
      last = read_day (&text);
    }
    if (first < 0 || last < 0 || (*text != '\0' && strchr (" ,;/+", *text) == NULL))
      return FALSE;
    for (int day = first;; day = (day + 1) % 7) { /* "Fri-Mon" goes over the weekend */
      mask |= 1u << day;
      if (day == last)
        break;
    }
  }
  if (mask == 0)
    return FALSE;
  *days = (guint8) mask;
  return TRUE;
}
