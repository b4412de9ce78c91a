/* test-ctc.c: from the reader's columns to characters
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-ctc.h"

#include <math.h>
#include <string.h>

#define ALPHABET "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define CLASSES 37
#define COLUMNS 40

/* One column a character of @columns, '-' being the blank; its class gets @logit, others 0. */
static void
fill (float *logits, const char *columns, float logit)
{
  memset (logits, 0, sizeof (float) * CLASSES * COLUMNS);
  for (int i = 0; i < COLUMNS; i++) {
    char c = i < (int) strlen (columns) ? columns[i] : '-';
    int class = c == '-' ? CLASSES - 1 : (int) (strchr (ALPHABET, c) - ALPHABET);

    logits[class * COLUMNS + i] = logit;
  }
}

static void
test_runs (void)
{
  float logits[CLASSES * COLUMNS];
  BoloReading reading;

  fill (logits, "--AAA--B--11-1222--C-DDD-E", 12);
  bolo_ctc_decode (logits, CLASSES, COLUMNS, ALPHABET, &reading, NULL);
  g_assert_cmpstr (reading.text, ==, "AB112CDE");
  g_assert_cmpuint (reading.n_characters, ==, 8);
  g_assert_cmpfloat (reading.confidence, >, 0.98);
  g_assert_cmpfloat (reading.characters[0].probability, >, 0.99);
  g_assert_cmpint (reading.characters[0].alternatives[0].character, ==, 0);
}

static void
test_blank (void)
{
  float logits[CLASSES * COLUMNS];
  BoloReading reading;

  fill (logits, "", 10);
  bolo_ctc_decode (logits, CLASSES, COLUMNS, ALPHABET, &reading, NULL);
  g_assert_cmpstr (reading.text, ==, "");
  g_assert_cmpuint (reading.n_characters, ==, 0);
  g_assert_cmpfloat (reading.confidence, ==, 0);
}

static void
test_alternatives (void)
{
  float logits[CLASSES * COLUMNS];
  BoloReading reading;

  fill (logits, "--888--C", 8);
  for (int column = 2; column < 5; column++) {
    logits[11 * COLUMNS + column] = 7; /* B */
    logits[3 * COLUMNS + column] = 5;
  }
  bolo_ctc_decode (logits, CLASSES, COLUMNS, ALPHABET, &reading, NULL);
  g_assert_cmpstr (reading.text, ==, "8C");
  g_assert_cmpint (reading.characters[0].alternatives[0].character, ==, 'B');
  g_assert_cmpint (reading.characters[0].alternatives[1].character, ==, '3');
  g_assert_cmpfloat (reading.characters[0].probability, >,
                     reading.characters[0].alternatives[0].probability);
  g_assert_cmpfloat (reading.characters[0].alternatives[0].probability, >, 0.2);
  g_assert_cmpfloat (reading.confidence, <, 0.8);
  g_assert_cmpint (reading.characters[1].alternatives[0].character, ==, 0);
}

static void
test_unsure_is_unsure (void)
{
  float logits[CLASSES * COLUMNS];
  BoloReading sure;
  BoloReading unsure;

  fill (logits, "--AA--BB--11--22--CC", 12);
  bolo_ctc_decode (logits, CLASSES, COLUMNS, ALPHABET, &sure, NULL);
  fill (logits, "--AA--BB--11--22--CC", 4);
  bolo_ctc_decode (logits, CLASSES, COLUMNS, ALPHABET, &unsure, NULL);
  g_assert_cmpstr (sure.text, ==, unsure.text);
  g_assert_cmpfloat (unsure.confidence, <, 0.3);
  g_assert_cmpfloat (sure.confidence, >, 0.95);
}

/* More characters than a mark may have are no mark. */
static void
test_too_many (void)
{
  float logits[CLASSES * COLUMNS];
  BoloReading reading;

  fill (logits, "A-B-C-D-E-F-G-H-I-J-K-L-M-N-O", 12);
  bolo_ctc_decode (logits, CLASSES, COLUMNS, ALPHABET, &reading, NULL);
  g_assert_cmpstr (reading.text, ==, "");
  g_assert_cmpuint (reading.n_characters, ==, 0);
}

/* The room beside the text, to the middle of its outer characters. */
static void
test_room (void)
{
  float logits[CLASSES * COLUMNS];
  BoloReading reading;
  BoloCtcRoom room;

  fill (logits, "-AAA--B--1122", 12);
  bolo_ctc_decode (logits, CLASSES, COLUMNS, ALPHABET, &reading, &room);
  g_assert_cmpstr (reading.text, ==, "AB12");
  g_assert_cmpfloat (room.left, ==, 2.5f);
  g_assert_cmpfloat (room.right, ==, COLUMNS - 12);
  fill (logits, "", 12);
  bolo_ctc_decode (logits, CLASSES, COLUMNS, ALPHABET, &reading, &room);
  g_assert_cmpfloat (room.left, ==, COLUMNS);
  g_assert_cmpfloat (room.right, ==, COLUMNS);
}

/* What all columns say together, one against the other; a higher temperature says it less surely.
 */
static void
test_whole (void)
{
  const float logits[3][4] = {{0, 0, 8, 0}, {1, 1, 1, 1}, {0, 0, 0, 0}};
  float probability, cooler;

  g_assert_cmpint (bolo_ctc_choose_whole (logits[0], 3, 4, 1, &probability), ==, 0);
  g_assert_cmpfloat_with_epsilon (probability, expf (2) / (expf (2) + expf (1) + 1), 1e-5);
  g_assert_cmpint (bolo_ctc_choose_whole (logits[0], 3, 4, 3, &cooler), ==, 0);
  g_assert_cmpfloat (cooler, <, probability - 0.1f);
  g_assert_cmpint (bolo_ctc_choose_whole (logits[1], 2, 4, 1, &probability), ==, 0);
}

/* Against a count by hand: all ways of writing a text into three columns. */
static void
test_probability (void)
{
  const float probabilities[3][3] = {{0.5f, 0.2f, 0.3f}, {0.1f, 0.6f, 0.3f}, {0.3f, 0.3f, 0.4f}};
  const int ab[] = {0, 1};
  const int aa[] = {0, 0};
  double a_blank_a = 0.5 * 0.3 * 0.3;
  double all_ab =
    0.5 * 0.6 * 0.4 + 0.5 * 0.3 * 0.3 + 0.3 * 0.1 * 0.3 + 0.5 * 0.1 * 0.3 + 0.5 * 0.6 * 0.3;

  g_assert_cmpfloat_with_epsilon (bolo_ctc_get_probability (&probabilities[0][0], 3, 3, ab, 2),
                                  all_ab, 1e-6);
  g_assert_cmpfloat_with_epsilon (bolo_ctc_get_probability (&probabilities[0][0], 3, 3, aa, 2),
                                  a_blank_a, 1e-6);
  g_assert_cmpfloat_with_epsilon (bolo_ctc_get_probability (&probabilities[0][0], 3, 3, ab, 0),
                                  0.3 * 0.3 * 0.4, 1e-6);
}

static void
test_covered (void)
{
  float logits[COLUMNS];

  for (int i = 0; i < COLUMNS; i++)
    logits[i] = -4;
  logits[17] = 2;
  g_assert_cmpfloat_with_epsilon (bolo_ctc_find_covered (logits, COLUMNS, 0), 0.8808, 1e-4);
  g_assert_cmpfloat_with_epsilon (bolo_ctc_find_covered (logits, COLUMNS, 2), 0.5, 1e-4);
  g_assert_cmpfloat_with_epsilon (bolo_ctc_find_covered (logits, 17, 0), 0.018, 1e-4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vision/ctc/runs", test_runs);
  g_test_add_func ("/vision/ctc/blank", test_blank);
  g_test_add_func ("/vision/ctc/alternatives", test_alternatives);
  g_test_add_func ("/vision/ctc/unsure", test_unsure_is_unsure);
  g_test_add_func ("/vision/ctc/too-many", test_too_many);
  g_test_add_func ("/vision/ctc/room", test_room);
  g_test_add_func ("/vision/ctc/whole", test_whole);
  g_test_add_func ("/vision/ctc/probability", test_probability);
  g_test_add_func ("/vision/ctc/covered", test_covered);
  return g_test_run ();
}
