/* test-plate-confusions.c: what is read of confusions.ini, and what is refused
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-plate-confusions.h"
#include "bolo-plate-rules.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char no_fold[256] = {0};

static BoloPlateConfusions *
load (const char *text, const char *fold, GError **error)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "bolo-confusions-XXXXXX", NULL);
  BoloPlateConfusions *self;
  int fd = g_mkstemp (path);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  self = bolo_plate_confusions_load (path, fold, error);
  remove (path);
  return self;
}

static void
test_costs (void)
{
  g_assert_cmpuint (bolo_plate_confusions_make_cost (1), ==, 0);
  g_assert_cmpuint (bolo_plate_confusions_make_cost (2), ==, 0);
  g_assert_cmpuint (bolo_plate_confusions_make_cost (0), ==, BOLO_CONFUSION_NEVER);
  g_assert_cmpuint (bolo_plate_confusions_make_cost (-1), ==, BOLO_CONFUSION_NEVER);
  g_assert_cmpuint (bolo_plate_confusions_make_cost (NAN), ==, BOLO_CONFUSION_NEVER);
  g_assert_cmpuint (bolo_plate_confusions_make_cost (0.5), ==, 693);
}

static void
test_table (void)
{
  static const char text[] = "[reader]\nwrong=0.1\nfloor=0.01\n"
                             "[instead]\n8=B:0.5;3:0.25\n"
                             "[extra]\nedge=0.5\ninner=0.1\n1=2\n"
                             "[missing]\nedge=0.01\n1=10\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloPlateConfusions) self = load (text, no_fold, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (bolo_plate_confusions_get_instead (self, '8', 'B'), ==, 693);
  g_assert_cmpuint (bolo_plate_confusions_get_instead (self, '8', '3'), ==, 1386);
  /* What is left, a quarter, is shared by the 33 others. */
  g_assert_cmpuint (bolo_plate_confusions_get_instead (self, '8', 'Z'), ==,
                    bolo_plate_confusions_make_cost (0.25 / 33));
  g_assert_cmpuint (bolo_plate_confusions_get_instead (self, 'A', 'B'), ==,
                    bolo_plate_confusions_make_cost (1.0 / 35));
  g_assert_cmpuint (bolo_plate_confusions_get_extra (self, 'A', TRUE), ==, 693);
  g_assert_cmpuint (bolo_plate_confusions_get_extra (self, '1', TRUE), ==, 0);
  g_assert_cmpuint (bolo_plate_confusions_get_extra (self, '1', FALSE), ==, 1609);
  g_assert_cmpuint (bolo_plate_confusions_get_missing (self, '1', TRUE), ==, 2303);
  g_assert_cmpuint (bolo_plate_confusions_get_wrong (self, -1), ==, 2303);
  g_assert_cmpuint (bolo_plate_confusions_get_wrong (self, 1), ==, 4605);
  g_assert_cmpuint (bolo_plate_confusions_get_wrong (self, 0.5), ==, 693);
  g_assert_cmpuint (bolo_plate_confusions_get_right (self, 1), ==, 0);
  g_assert_cmpuint (bolo_plate_confusions_get_right (self, 0), ==, 4605);
}

/* A class is as easily taken for another as the likeliest of its members. */
static void
test_folded (void)
{
  char fold[256] = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloPlateConfusions) self = NULL;

  fold['0'] = fold['O'] = '0';
  self = load ("[instead]\n0=D:0.1\nO=D:0.5;Q:0.3\nD=0:0.2;O:0.4\n", fold, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bolo_plate_confusions_get_instead (self, '0', 'D'), ==, 693);
  g_assert_cmpuint (bolo_plate_confusions_get_instead (self, '0', 'Q'), ==, 1204);
  g_assert_cmpuint (bolo_plate_confusions_get_instead (self, 'D', '0'), ==, 916);
}

static void
test_without_file (void)
{
  g_autoptr (BoloPlateConfusions) self = bolo_plate_confusions_load (NULL, no_fold, NULL);
  g_autoptr (BoloPlateConfusions) none =
    bolo_plate_confusions_load ("/nowhere/confusions.ini", no_fold, NULL);

  g_assert_cmpuint (bolo_plate_confusions_get_instead (self, '8', 'B'), ==,
                    bolo_plate_confusions_get_instead (none, 'X', 'Y'));
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "[instead]\n88=B:0.5\n",  "[instead]\n8=B:0.5;B:0.1\n", "[instead]\n8=B:0.8;3:0.4\n",
    "[instead]\n8=8:0.1\n",   "[instead]\n8=b:0.1\n",       "[instead]\n8=B:x\n",
    "[instead]\n8=B\n",       "[instead]\n8=B:2\n",         "[reader]\nwrong=2\n",
    "[reader]\nwrnog=0.1\n",  "[extra]\nedge=-1\n",         "[missing]\nA=none\n",
    "[unknown]\nwrong=0.1\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (load (texts[i], no_fold, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_true (strstr (error->message, ":2:") != NULL ||
                   strstr (error->message, ":1:") != NULL);
  }
}

/* The shipped table knows what people know too. */
static void
test_shipped (void)
{
  g_autofree char *directory = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  g_autoptr (BoloPlateRules) rules = bolo_plate_rules_load (directory, NULL);
  const BoloPlateConfusions *self = bolo_plate_rules_get_confusions (rules);

  g_assert_cmpuint (bolo_plate_confusions_get_instead (self, '8', 'B'), <,
                    bolo_plate_confusions_get_instead (self, '8', 'L'));
  g_assert_cmpuint (bolo_plate_confusions_get_instead (self, 'M', 'W'), <,
                    bolo_plate_confusions_get_instead (self, 'M', '7'));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plate-confusions/costs", test_costs);
  g_test_add_func ("/plate-confusions/table", test_table);
  g_test_add_func ("/plate-confusions/folded", test_folded);
  g_test_add_func ("/plate-confusions/without-file", test_without_file);
  g_test_add_func ("/plate-confusions/refused", test_refused);
  g_test_add_func ("/plate-confusions/shipped", test_shipped);
  return g_test_run ();
}
