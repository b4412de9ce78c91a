/* bolo-drive-mark.c: makes up UK registration marks of every syntax
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-mark.h"

#include <string.h>

#include "bolo-drive-random.h"

/* Local memory tags in use and age identifiers; the letters of each place after 2001/561 Sch 3. */
#define TAG_FIRST "ABCDEFGHKLMNOPRSVWY"
#define TAG_SECOND "ABCDEFGHJKLMNOPRSTUVWXY"
#define LAST_THREE "ABCDEFGHJKLMNOPRSTUVWXYZ"
#define AGE_PREFIX "ABCDEFGHJKLMNPRSTVWXY"
#define AGE_SUFFIX "ABCDEFGHJKLMNPRSTVWXY"
#define PLAIN "ABCDEFGHJKLMNPRSTUVWXY"

static const char *const look_alikes[] = {
  "0OQDCG", "1IL", "2Z",  "5S",  "8B3",  "6GC",  "4A",
  "7TY1",   "MNW", "VUY", "EFP", "HKNX", "PRFB", NULL,
};

static char
pick (GRand *random, const char *letters)
{
  return letters[g_rand_int_range (random, 0, (gint32) strlen (letters))];
}

static void
pick_letters (GRand *random, const char *letters, guint n, char *into)
{
  for (guint i = 0; i < n; i++)
    into[i] = pick (random, letters);
  into[n] = '\0';
}

static void
set_display (BoloDriveMark *mark, const char *format_first, const char *format_second)
{
  g_snprintf (mark->display, sizeof mark->display, "%s %s", format_first, format_second);
  guint n = 0;
  for (const char *c = mark->display; *c != '\0'; c++) {
    if (*c != ' ')
      mark->text[n++] = *c;
  }
  mark->text[n] = '\0';
}

static void
make_current (GRand *random, BoloDriveMark *mark)
{
  char first[5];
  char last[4];
  int year = g_rand_int_range (random, 2, 27);
  if (bolo_drive_random_chance (random, 0.5))
    year = year == 26 ? 75 : year + 50;
  g_snprintf (first, sizeof first, "%c%c%02d", pick (random, TAG_FIRST), pick (random, TAG_SECOND),
              year);
  pick_letters (random, LAST_THREE, 3, last);
  set_display (mark, first, last);
}

static void
make_number (GRand *random, guint max_digits, char *into, gsize size)
{
  static const int limits[] = {0, 10, 100, 1000, 10000};
  guint digits = (guint) g_rand_int_range (random, 1, (gint32) max_digits + 1);
  if (digits < max_digits && bolo_drive_random_chance (random, 0.6))
    digits = max_digits;
  int low = digits == 1 ? 1 : limits[digits - 1];
  g_snprintf (into, size, "%d", g_rand_int_range (random, low, limits[digits]));
}

static void
make_dateless (GRand *random, guint max_digits, BoloDriveMark *mark)
{
  char number[8];
  char letters[4];
  make_number (random, max_digits, number, sizeof number);
  guint n_letters = (guint) g_rand_int_range (random, 1, 4);
  if (strlen (number) == 4 && n_letters == 3)
    n_letters = 2; /* three letters with four digits are Northern Irish */
  pick_letters (random, PLAIN, n_letters, letters);
  if (bolo_drive_random_chance (random, 0.5))
    set_display (mark, number, letters);
  else
    set_display (mark, letters, number);
}

static void
make_northern (GRand *random, BoloDriveMark *mark)
{
  char letters[4];
  char number[8];
  letters[0] = pick (random, "ABCDEFGHJKLMNRSTUVWXY");
  letters[1] = 'I';
  letters[2] = pick (random, "ABGLJWZ");
  if (bolo_drive_random_chance (random, 0.4)) {
    letters[1] = pick (random, "ABCEGHJLNRX");
    letters[2] = 'Z';
  }
  letters[3] = '\0';
  g_snprintf (number, sizeof number, "%d", g_rand_int_range (random, 1000, 10000));
  if (bolo_drive_random_chance (random, 0.15))
    set_display (mark, number, letters);
  else
    set_display (mark, letters, number);
}

void
bolo_drive_mark_make (GRand *random, BoloDriveSyntax syntax, BoloDriveMark *mark)
{
  char number[8];
  char letters[4];
  char part[8];

  memset (mark, 0, sizeof *mark);
  mark->syntax = syntax;
  switch (syntax) {
  case BOLO_DRIVE_SYNTAX_CURRENT:
    make_current (random, mark);
    break;
  case BOLO_DRIVE_SYNTAX_PREFIX:
    make_number (random, 3, number, sizeof number);
    g_snprintf (part, sizeof part, "%c%.3s", pick (random, AGE_PREFIX), number);
    pick_letters (random, PLAIN, 3, letters);
    set_display (mark, part, letters);
    break;
  case BOLO_DRIVE_SYNTAX_SUFFIX:
    make_number (random, 3, number, sizeof number);
    g_snprintf (part, sizeof part, "%.3s%c", number, pick (random, AGE_SUFFIX));
    pick_letters (random, PLAIN, 3, letters);
    set_display (mark, letters, part);
    break;
  case BOLO_DRIVE_SYNTAX_DATELESS:
    make_dateless (random, 4, mark);
    break;
  case BOLO_DRIVE_SYNTAX_NORTHERN:
    make_northern (random, mark);
    break;
  case BOLO_DRIVE_SYNTAX_DIPLOMATIC:
    g_snprintf (part, sizeof part, "%d", g_rand_int_range (random, 101, 330));
    g_snprintf (number, sizeof number, "%c %d", pick (random, "DX"),
                g_rand_int_range (random, 101, 400));
    set_display (mark, part, number);
    break;
  case BOLO_DRIVE_SYNTAX_CHERISHED:
    make_dateless (random, 2, mark);
    break;
  }
}

static gboolean
looks_alike (char a, char b)
{
  for (guint i = 0; look_alikes[i] != NULL; i++) {
    if (strchr (look_alikes[i], a) != NULL && strchr (look_alikes[i], b) != NULL)
      return TRUE;
  }
  return a == b;
}

void
bolo_drive_mark_alter (GRand *random, const BoloDriveMark *mark, BoloDriveMark *altered)
{
  *altered = *mark;
  gsize n = strlen (mark->text);
  /* One of the last three: in each syntax these take any of their letters or, past the first, any
   * digit, so that the changed mark stays lawful. */
  gsize at = n - 1 - (gsize) g_rand_int_range (random, 0, (gint32) MIN (n - 1, 3));
  /* It is its I or Z that makes a Northern Irish mark one. */
  while (mark->syntax == BOLO_DRIVE_SYNTAX_NORTHERN && !g_ascii_isdigit (mark->text[at]))
    at = (gsize) g_rand_int_range (random, 0, (gint32) n);
  char old = mark->text[at];
  const char *choices = g_ascii_isdigit (old) ? "23456789" : PLAIN;
  if (mark->syntax == BOLO_DRIVE_SYNTAX_SUFFIX && !g_ascii_isdigit (old))
    choices = AGE_SUFFIX;
  char new = old;
  while (looks_alike (old, new))
    new = pick (random, choices);
  altered->text[at] = new;
  gsize seen = 0;
  for (char *c = altered->display; *c != '\0'; c++) {
    if (*c == ' ')
      continue;
    if (seen++ == at)
      *c = new;
  }
}
