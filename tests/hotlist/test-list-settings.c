/* test-list-settings.c: limits of lists: what counts for all, what for one, and what is a mistake
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-settings.h"

#include "bolo-error.h"

#include <glib/gstdio.h>
#include <string.h>

#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

static BoloListSettings *
load (const char *text, GError **error)
{
  g_autofree char *folder = g_dir_make_tmp ("bolo-settings-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "lists.conf", NULL);
  BoloListSettings *settings;

  if (text != NULL)
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
  settings = bolo_list_settings_load (path, error);
  g_unlink (path);
  g_rmdir (folder);
  return settings;
}

static void
check_defaults (const BoloListRules *rules)
{
  g_assert_cmpint (rules->warn_age_us, ==, 0);
  g_assert_cmpint (rules->stale_age_us, ==, 0);
  g_assert_cmpuint (rules->max_bad_percent, ==, 50);
  g_assert_true (rules->takes_unsigned);
  g_assert_null (rules->keys);
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListSettings) none = load (NULL, &error);
  g_autoptr (BoloListSettings) empty = load ("# nothing\n", &error);

  g_assert_no_error (error);
  check_defaults (bolo_list_settings_find (none, "voi"));
  check_defaults (bolo_list_settings_find (empty, "voi"));
}

/* A list has what its own group says, and what all have where that says nothing. */
static void
test_one_and_all (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListSettings) settings =
    load ("[list voi]\nstale_age_h=48\nkeys=hq; desk\nunsigned=ask\n"
          "[lists]\nwarn_age_h=24\nmax_bad_percent=5\nunsigned=refuse\nkeys=hq\n",
          &error);
  const BoloListRules *voi;
  const BoloListRules *other;

  g_assert_no_error (error);
  voi = bolo_list_settings_find (settings, "voi");
  other = bolo_list_settings_find (settings, "other");
  g_assert_cmpint (voi->warn_age_us, ==, 24 * HOUR_US);
  g_assert_cmpint (voi->stale_age_us, ==, 48 * HOUR_US);
  g_assert_cmpuint (voi->max_bad_percent, ==, 5);
  g_assert_true (voi->takes_unsigned);
  g_assert_cmpuint (g_strv_length (voi->keys), ==, 2);
  g_assert_cmpstr (voi->keys[1], ==, "desk");
  g_assert_cmpint (other->stale_age_us, ==, 0);
  g_assert_false (other->takes_unsigned);
  g_assert_cmpuint (g_strv_length (other->keys), ==, 1);
}

static void
test_mistakes (void)
{
  static const struct {
    const char *text;
    const char *where;
    const char *what;
  } cases[] = {
    {"[lists]\nwarn_age=1\n", "lists.conf:2", "warn_age_h"},
    {"[list]\nwarn_age_h=1\n", "lists.conf:1", "list"},
    {"[lists]\n\nwarn_age_h=soon\n", "lists.conf:3", "warn_age_h"},
    {"[lists]\nstale_age_h=-1\n", "lists.conf:2", "stale_age_h"},
    {"[lists]\nmax_bad_percent=101\n", "lists.conf:2", "max_bad_percent"},
    {"[lists]\nunsigned=yes\n", "lists.conf:2", "unsigned"},
    {"[lists]\nkeys=a b\n", "lists.conf:2", "keys"},
    {"[lists]\nkeys=../x\n", "lists.conf:2", "keys"},
    {"[list voi]\nwarn_age_h=48\nstale_age_h=24\n", "lists.conf:2", "before it is stale"},
    {"[lists]\nstale_age_h=24\n[list voi]\nwarn_age_h=48\n", "lists.conf:4", "before it is stale"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (BoloListSettings) settings = load (cases[i].text, &error);

    g_assert_null (settings);
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, cases[i].where));
    g_assert_nonnull (strstr (error->message, cases[i].what));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/list-settings/defaults", test_defaults);
  g_test_add_func ("/list-settings/one-and-all", test_one_and_all);
  g_test_add_func ("/list-settings/mistakes", test_mistakes);
  return g_test_run ();
}
