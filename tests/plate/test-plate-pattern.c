/* test-plate-pattern.c: patterns unroll to the forms that they describe, and wrong ones say where
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-plate-pattern.h"

static gboolean
fits (const char *pattern, const char *text)
{
  g_autoptr (GArray) forms = g_array_new (FALSE, FALSE, sizeof (BoloPlateForm));
  g_autofree char *message = NULL;

  g_assert_true (bolo_plate_pattern_unroll (pattern, forms, &message));
  g_assert_null (message);
  for (guint i = 0; i < forms->len; i++)
    if (bolo_plate_form_matches (&g_array_index (forms, BoloPlateForm, i), text))
      return TRUE;
  return FALSE;
}

static void
test_matches (void)
{
  static const struct {
    const char *pattern;
    const char *text;
    gboolean fits;
  } cases[] = {
    {"[A-HJ-PR-Y]{2}[0-9]{2}[A-Z]{3}", "AB12CDE", TRUE},
    {"[A-HJ-PR-Y]{2}[0-9]{2}[A-Z]{3}", "IB12CDE", FALSE},
    {"[A-HJ-PR-Y]{2}[0-9]{2}[A-Z]{3}", "AB12CD", FALSE},
    {"[A-HJ-PR-Y]{2}[0-9]{2}[A-Z]{3}", "AB12CDEF", FALSE},
    {"[A-Z][0-9]{1,3}X", "A1X", TRUE},
    {"[A-Z][0-9]{1,3}X", "A123X", TRUE},
    {"[A-Z][0-9]{1,3}X", "AX", FALSE},
    {"[A-Z][0-9]{0,1}", "A", TRUE},
    {"[AEIOU]", "E", TRUE},
    {"[AEIOU]", "F", FALSE},
    {"A", "", FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (fits (cases[i].pattern, cases[i].text), ==, cases[i].fits);
}

static void
test_wrong (void)
{
  static const char *const patterns[] = {
    "",
    "[A-Z",
    "[]",
    "[Z-A]",
    "[a-z]",
    "A{",
    "A{2",
    "A{3,2}",
    "A{0}",
    "A{99}",
    "A-B",
    "A{1,}",
    "{2}",
    "é",
    "A{x}",
    "[A-Z]{12}A",
    "AAAAAAAAAAAAAAAAA",
  };

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++) {
    g_autoptr (GArray) forms = g_array_new (FALSE, FALSE, sizeof (BoloPlateForm));
    g_autofree char *message = NULL;

    g_test_message ("%s", patterns[i]);
    g_assert_false (bolo_plate_pattern_unroll (patterns[i], forms, &message));
    g_assert_nonnull (message);
  }
}

static void
test_explosion (void)
{
  g_autoptr (GArray) forms = g_array_new (FALSE, FALSE, sizeof (BoloPlateForm));
  g_autofree char *message = NULL;

  g_assert_false (bolo_plate_pattern_unroll ("A{0,9}B{0,9}C{0,9}D{0,9}E{0,9}F{0,9}G{0,9}H{0,9}",
                                             forms, &message));
  g_assert_cmpuint (forms->len, <, 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plate-pattern/matches", test_matches);
  g_test_add_func ("/plate-pattern/wrong", test_wrong);
  g_test_add_func ("/plate-pattern/explosion", test_explosion);
  return g_test_run ();
}
