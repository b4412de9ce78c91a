/* test-disk-values.c: numbers and texts on disk mean the same for ever
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "bolo-disk-numbers.h"
#include "bolo-disk-texts.h"

/* Each enum with its number of values; the number on disk is one more than the value today. */
static const struct {
  BoloDiskEnum which;
  int n_values;
} enums[] = {
  {BOLO_DISK_SIGHTING_STATE, 3}, {BOLO_DISK_CAPTURED_BY, 4}, {BOLO_DISK_FIX_HOW, 3},
  {BOLO_DISK_MATCH_KIND, 4},     {BOLO_DISK_ACTION, 3},      {BOLO_DISK_DISPOSITION, 5},
  {BOLO_DISK_PICTURE, 2},
};

static void
test_numbers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (enums); i++) {
    int value = -1;

    for (int v = 0; v < enums[i].n_values; v++) {
      g_assert_cmpint (bolo_disk_number_from_value (enums[i].which, v), ==, v + 1);
      g_assert_true (bolo_disk_number_to_value (enums[i].which, v + 1, &value));
      g_assert_cmpint (value, ==, v);
    }
    g_assert_cmpint (bolo_disk_number_from_value (enums[i].which, enums[i].n_values), ==, 0);
    g_assert_false (bolo_disk_number_to_value (enums[i].which, 0, &value));
    g_assert_false (bolo_disk_number_to_value (enums[i].which, 99, &value));
  }
}

static void
test_characters (void)
{
  BoloReadCharacter out[BOLO_MARK_MAX];
  BoloReadCharacter in[3] = {
    {'A', 0.991f, {{'4', 0.006f}, {'R', 0.002f}}},
    {'B', 1.0f, {{0}}},
    {'7', 0.3333333f, {{'1', 0.3f}, {'T', 0.2f}, {'Z', 0.1f}}},
  };
  g_autofree char *text = bolo_disk_text_from_characters (in, 3);
  g_autofree char *none = bolo_disk_text_from_characters (in, 0);

  g_assert_true (g_str_has_prefix (text, "A:0.99"));
  g_assert_cmpuint (bolo_disk_text_to_characters (text, out), ==, 3);
  g_assert_cmpmem (in, sizeof in, out, sizeof in);
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpuint (bolo_disk_text_to_characters ("", out), ==, 0);
  g_assert_cmpuint (bolo_disk_text_to_characters (NULL, out), ==, 0);
  g_assert_cmpuint (bolo_disk_text_to_characters ("A:0.5 B", out), ==, 1);
  g_assert_cmpuint (bolo_disk_text_to_characters ("A:x", out), ==, 0);
  g_assert_cmpuint (bolo_disk_text_to_characters (
                      "A:1 A:1 A:1 A:1 A:1 A:1 A:1 A:1 A:1 A:1 A:1 A:1 A:1 A:1 A:1", out),
                    ==, BOLO_MARK_MAX);
}

static void
test_corners (void)
{
  const float in[4][2] = {{0.1f, -2.5f}, {1280.0f, 3.14159274f}, {7, 8}, {1e-7f, 1e7f}};
  float out[4][2];
  g_autofree char *text = bolo_disk_text_from_corners (in);

  bolo_disk_text_to_corners (text, out);
  g_assert_cmpmem (in, sizeof in, out, sizeof out);
  bolo_disk_text_to_corners ("1 2 rubbish", out);
  g_assert_cmpfloat (out[0][1], ==, 2.0f);
  g_assert_cmpfloat (out[3][1], ==, 0.0f);
}

static void
test_differs (void)
{
  BoloMatch in = {.n_differs = 2, .differs = {0, 11}};
  BoloMatch out = {0};
  g_autofree char *text = bolo_disk_text_from_differs (&in);

  g_assert_cmpstr (text, ==, "0 11");
  bolo_disk_text_to_differs (text, &out);
  g_assert_cmpuint (out.n_differs, ==, 2);
  g_assert_cmpuint (out.differs[1], ==, 11);
  bolo_disk_text_to_differs ("", &out);
  g_assert_cmpuint (out.n_differs, ==, 0);
  bolo_disk_text_to_differs ("3 400", &out);
  g_assert_cmpuint (out.n_differs, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/disk-values/numbers", test_numbers);
  g_test_add_func ("/disk-values/characters", test_characters);
  g_test_add_func ("/disk-values/corners", test_corners);
  g_test_add_func ("/disk-values/differs", test_differs);
  return g_test_run ();
}
