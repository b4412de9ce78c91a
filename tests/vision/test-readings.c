/* test-readings.c: each plate of a picture once, and as a whole
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-readings.h"

#include "vision-fixtures.h"

static void
test_order (void)
{
  BoloReading readings[] = {
    make_reading ("AB12CDE", 0.6f, 100, 100, 80),
    make_reading ("YF64ZZT", 0.9f, 500, 100, 80),
    make_reading ("KX09ABC", 0.7f, 900, 100, 80),
  };

  g_assert_cmpuint (bolo_readings_drop_repeated (readings, 3), ==, 3);
  g_assert_cmpstr (readings[0].text, ==, "YF64ZZT");
  g_assert_cmpstr (readings[1].text, ==, "KX09ABC");
  g_assert_cmpstr (readings[2].text, ==, "AB12CDE");
}

/* Two looks at one plate: the surer reading stays. */
static void
test_repeated (void)
{
  BoloReading readings[] = {
    make_reading ("AB12CDF", 0.5f, 102, 101, 84),
    make_reading ("AB12CDE", 0.8f, 100, 100, 80),
    make_reading ("YF64ZZT", 0.6f, 500, 100, 80),
  };

  g_assert_cmpuint (bolo_readings_drop_repeated (readings, 3), ==, 2);
  g_assert_cmpstr (readings[0].text, ==, "AB12CDE");
  g_assert_cmpstr (readings[1].text, ==, "YF64ZZT");
}

/* A look that is too near reads parts, and surely: the whole stays, though less sure. */
static void
test_parts (void)
{
  BoloReading readings[] = {
    make_reading ("CDE", 0.99f, 560, 400, 200),
    make_reading ("AB12", 0.97f, 320, 400, 220),
    make_reading ("AB12CDE", 0.7f, 430, 400, 480),
  };

  g_assert_cmpuint (bolo_readings_drop_repeated (readings, 3), ==, 1);
  g_assert_cmpstr (readings[0].text, ==, "AB12CDE");
}

/* A short text elsewhere in the picture is no part of anything, nor is the part of a guess. */
static void
test_no_parts (void)
{
  BoloReading apart[] = {
    make_reading ("CDE", 0.9f, 1000, 100, 60),
    make_reading ("AB12CDE", 0.7f, 430, 400, 480),
  };
  BoloReading guess[] = {
    make_reading ("AB12CDE", 0.9f, 430, 400, 480),
    make_reading ("AB12CDE1", 0.1f, 435, 400, 500),
  };

  g_assert_cmpuint (bolo_readings_drop_repeated (apart, 2), ==, 2);
  g_assert_cmpuint (bolo_readings_drop_repeated (guess, 2), ==, 1);
  g_assert_cmpstr (guess[0].text, ==, "AB12CDE");
  g_assert_cmpuint (bolo_readings_drop_repeated (NULL, 0), ==, 0);
  g_assert_cmpuint (bolo_readings_drop_repeated (apart, 1), ==, 1);
}

static void
test_resolve (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();
  BoloReading reading = make_reading ("L051ABC", 0.9f, 0, 0, 100);
  BoloReading foreign = make_reading ("WOB10O", 0.9f, 0, 0, 100);
  BoloReading nothing = make_reading ("", 0, 0, 0, 100);

  add_alternative (&reading, 1, 'O', 0.3f);
  bolo_reading_resolve (&reading, rules);
  g_assert_cmpstr (reading.text, ==, "LO51ABC");
  g_assert_cmpint (reading.characters[1].character, ==, 'O');
  g_assert_cmpint (reading.characters[1].alternatives[0].character, ==, '0');
  bolo_reading_resolve (&reading, NULL);
  g_assert_cmpstr (reading.text, ==, "LO51ABC");
  bolo_reading_resolve (&foreign, rules);
  g_assert_cmpuint (foreign.n_characters, ==, 6);
  bolo_reading_resolve (&nothing, rules);
  g_assert_cmpstr (nothing.text, ==, "");
}

/* What stands beside a mark goes only where the rest is a mark and the whole is none. */
static void
test_trim (void)
{
  static const struct {
    const char *read;
    guint unsure; /* character that the reader doubts; 99: none */
    const char *kept;
  } cases[] = {
    {"GBP445JRV", 99, "P445JRV"},
    {"UKAB12CDE", 99, "AB12CDE"},
    {"GB12ABC", 99, "GB12ABC"},
    {"GBXYZ", 99, "GBXYZ"},
    {"X346BLB1", 7, "X346BLB"},
    {"X346BLB1", 99, "X346BLB1"},
    {"IAB12CDE", 0, "AB12CDE"},
    {"AB12CDE8", 7, "AB12CDE8"},
    {"A1", 1, "A1"},
    {"1", 0, "1"},
    {"IABCDEFGH", 0, "IABCDEFGH"},
  };
  g_autoptr (BoloPlateRules) rules = load_rules ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    BoloReading reading = make_reading (cases[i].read, 0.9f, 0, 0, 100);

    for (guint k = 0; k < reading.n_characters; k++)
      reading.characters[k].probability = k == cases[i].unsure ? 0.7f : 0.99f;
    bolo_reading_trim (&reading, rules);
    g_assert_cmpstr (reading.text, ==, cases[i].kept);
    g_assert_cmpuint (reading.n_characters, ==, strlen (cases[i].kept));
    for (guint k = 0; k < reading.n_characters; k++)
      g_assert_cmpint (reading.characters[k].character, ==, cases[i].kept[k]);
    bolo_reading_trim (&reading, NULL);
    g_assert_cmpstr (reading.text, ==, cases[i].kept);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vision/readings/order", test_order);
  g_test_add_func ("/vision/readings/repeated", test_repeated);
  g_test_add_func ("/vision/readings/parts", test_parts);
  g_test_add_func ("/vision/readings/no-parts", test_no_parts);
  g_test_add_func ("/vision/readings/trim", test_trim);
  g_test_add_func ("/vision/readings/resolve", test_resolve);
  return g_test_run ();
}
