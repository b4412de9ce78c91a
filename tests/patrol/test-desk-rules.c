/* test-desk-rules.c: what bolo.conf lets an officer ask, and what is wrong in it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "bolo-desk-rules.h"
#include "bolo-error.h"

static BoloDeskRules *
load (const char *text, GError **error)
{
  g_autofree char *folder = g_dir_make_tmp ("bolo-desk-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "bolo.conf", NULL);
  BoloDeskRules *rules;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  rules = bolo_desk_rules_load (path, error);
  g_unlink (path);
  g_rmdir (folder);
  return rules;
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloDeskRules) rules = bolo_desk_rules_load (NULL, &error);

  g_assert_no_error (error);
  g_assert_null (rules->officer);
  g_assert_true (g_strv_contains ((const char *const *) rules->search_reasons, "crime"));
  g_assert_cmpint (rules->watch_max_us, ==, 72 * G_TIME_SPAN_HOUR);
  g_assert_cmpint (rules->silence_max_us, ==, 24 * G_TIME_SPAN_HOUR);
  g_assert_null (rules->own_marks[0]);
}

static void
test_all (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloDeskRules) rules = load ("[patrol]\nofficer=PC 9\ncameras=x\n"
                                          "[search]\nreasons=a;b\n"
                                          "[watch]\nmax_h=8\nsilence_max_h=2\n"
                                          "[own traffic]\nmarks=AB12 CDE; XY34ZZZ\n"
                                          "[own dogs]\nmarks=DOG 1\n",
                                          &error);

  g_assert_no_error (error);
  g_assert_cmpstr (rules->officer, ==, "PC 9");
  g_assert_cmpuint (g_strv_length (rules->search_reasons), ==, 2);
  g_assert_cmpint (rules->watch_max_us, ==, 8 * G_TIME_SPAN_HOUR);
  g_assert_cmpint (rules->silence_max_us, ==, 2 * G_TIME_SPAN_HOUR);
  g_assert_cmpuint (g_strv_length (rules->own_marks), ==, 3);
}

static const char *const mistakes[][2] = {
  {"[search]\nreason=a\n", ":2: "},
  {"[search]\nreasons=\n", ":2: "},
  {"[watch]\nmax_h=0\n", "max_h"},
  {"[watch]\nmax_h=100000\n", "max_h"},
  {"[watch]\nsilence_max_h=soon\n", "silence_max_h"},
  {"[own x]\nmark=AB12CDE\n", "did you mean 'marks'"},
};

static void
test_mistakes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mistakes); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (load (mistakes[i][0], &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, mistakes[i][1]));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desk-rules/defaults", test_defaults);
  g_test_add_func ("/desk-rules/all", test_all);
  g_test_add_func ("/desk-rules/mistakes", test_mistakes);
  return g_test_run ();
}
