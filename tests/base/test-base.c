/* test-base.c: errors, ids, metrics and paths
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-id.h"
#include "bolo-sum.h"
#include "bolo-metric.h"
#include "bolo-paths.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

static void
test_errno_becomes_what_to_do (void)
{
  const struct {
    int number;
    BoloError code;
  } cases[] = {
    {ENOENT, BOLO_ERROR_NOT_FOUND},     {EACCES, BOLO_ERROR_PERMISSION},
    {EROFS, BOLO_ERROR_PERMISSION},     {ENOSPC, BOLO_ERROR_NO_SPACE},
    {ECONNREFUSED, BOLO_ERROR_OFFLINE}, {ENODEV, BOLO_ERROR_DEVICE_LOST},
    {ETIMEDOUT, BOLO_ERROR_TIMED_OUT},  {EBUSY, BOLO_ERROR_BUSY},
    {EDOM, BOLO_ERROR_INTERNAL},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    bolo_error_set_errno (&error, cases[i].number, "Cannot do it");
    g_assert_error (error, BOLO_ERROR, (int) cases[i].code);
    g_assert_true (g_str_has_prefix (error->message, "Cannot do it: "));
  }
}

static void
test_foreign_errors_keep_their_words (void)
{
  const struct {
    GQuark domain;
    int code;
    BoloError expected;
  } cases[] = {
    {G_FILE_ERROR, G_FILE_ERROR_NOENT, BOLO_ERROR_NOT_FOUND},
    {G_FILE_ERROR, G_FILE_ERROR_ACCES, BOLO_ERROR_PERMISSION},
    {G_FILE_ERROR, G_FILE_ERROR_NOSPC, BOLO_ERROR_NO_SPACE},
    {G_FILE_ERROR, G_FILE_ERROR_FAULT, BOLO_ERROR_INTERNAL},
    {G_IO_ERROR, G_IO_ERROR_NOT_FOUND, BOLO_ERROR_NOT_FOUND},
    {G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, BOLO_ERROR_OFFLINE},
    {G_IO_ERROR, G_IO_ERROR_READ_ONLY, BOLO_ERROR_PERMISSION},
    {G_IO_ERROR, G_IO_ERROR_TIMED_OUT, BOLO_ERROR_TIMED_OUT},
    {G_IO_ERROR, G_IO_ERROR_NO_SPACE, BOLO_ERROR_NO_SPACE},
    {G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_PARSE, BOLO_ERROR_INVALID_DATA},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    bolo_error_take_foreign (&error, g_error_new_literal (cases[i].domain, cases[i].code, "words"),
                             "Reading");
    g_assert_error (error, BOLO_ERROR, (int) cases[i].expected);
    g_assert_cmpstr (error->message, ==, "Reading: words");
  }
}

static void
test_seeded_ids_repeat (void)
{
  g_autoptr (BoloIdSource) first = bolo_id_source_new ("seed");
  g_autoptr (BoloIdSource) second = bolo_id_source_new ("seed");
  g_autoptr (BoloIdSource) other = bolo_id_source_new ("other");
  g_autofree char *a = bolo_id_source_next (first, "hit");
  g_autofree char *b = bolo_id_source_next (first, "hit");
  g_autofree char *again = bolo_id_source_next (second, "hit");
  g_autofree char *kind = bolo_id_source_next (second, "sighting");
  g_autofree char *seed = bolo_id_source_next (other, "hit");

  g_assert_true (g_uuid_string_is_valid (a));
  g_assert_cmpstr (a, ==, again);
  g_assert_cmpstr (a, !=, b);
  g_assert_cmpstr (a, !=, kind);
  g_assert_cmpstr (a, !=, seed);
}

static void
test_unseeded_ids_never_repeat (void)
{
  g_autoptr (BoloIdSource) source = bolo_id_source_new (NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 1000; i++)
    g_assert_true (g_hash_table_add (seen, bolo_id_source_next (source, "hit")));
}

static void
test_percentiles (void)
{
  g_autoptr (BoloMetric) metric = bolo_metric_new ();

  g_assert_cmpfloat (bolo_metric_get_percentile (metric, 0.5), ==, 0);
  for (guint i = 1; i <= 1000; i++)
    bolo_metric_add (metric, i);
  g_assert_cmpuint (bolo_metric_get_count (metric), ==, 1000);
  g_assert_cmpfloat_with_epsilon (bolo_metric_get_mean (metric), 500.5, 1e-9);
  g_assert_cmpfloat (bolo_metric_get_maximum (metric), ==, 1000);
  /* Bins are 2 % wide. */
  g_assert_cmpfloat_with_epsilon (bolo_metric_get_percentile (metric, 0.5), 500, 10.1);
  g_assert_cmpfloat_with_epsilon (bolo_metric_get_percentile (metric, 0.99), 990, 20.1);
  g_assert_cmpfloat (bolo_metric_get_percentile (metric, 1), ==, 1000);
}

static void
test_metric_takes_odd_values (void)
{
  g_autoptr (BoloMetric) metric = bolo_metric_new ();

  bolo_metric_add (metric, -5);
  bolo_metric_add (metric, 0);
  bolo_metric_add (metric, 1e12);
  g_assert_cmpuint (bolo_metric_get_count (metric), ==, 3);
  g_assert_cmpfloat (bolo_metric_get_maximum (metric), ==, 1e12);
}

static void
test_process_figures (void)
{
  g_assert_cmpfloat (bolo_process_get_cpu_s (), >, 0);
  g_assert_cmpfloat (bolo_process_get_peak_rss_mb (), >, 1);
}

static void
test_state_folder (void)
{
  g_autofree char *base = g_dir_make_tmp ("bolo-paths-XXXXXX", NULL);
  g_autofree char *state = g_build_filename (base, "deep", "state", NULL);
  g_autofree char *file = g_build_filename (base, "file", NULL);
  g_autofree char *below = g_build_filename (file, "state", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_paths_ensure_state (state, &error));
  g_assert_no_error (error);
  g_assert_cmpint (bolo_paths_get_free_bytes (state), >, 0);
  g_assert_cmpint (bolo_paths_get_free_bytes ("/nonexistent"), ==, -1);

  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  g_assert_false (bolo_paths_ensure_state (below, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "--state"));
  g_unlink (file);
  g_rmdir (state);
  g_free (state);
  state = g_build_filename (base, "deep", NULL);
  g_rmdir (state);
  g_rmdir (base);
}

static void
test_data_files_follow_the_environment (void)
{
  g_autofree char *path = NULL;

  g_setenv ("BOLO_DATA_DIR", "/somewhere", TRUE);
  path = bolo_paths_get_data_file ("models/reader.onnx");
  g_assert_cmpstr (path, ==, "/somewhere/models/reader.onnx");
}

/* FIPS 180-4's own examples. */
static void
test_sums_are_known (void)
{
  g_autoptr (GBytes) abc = g_bytes_new_static ("abc", 3);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autofree char *of_abc = bolo_sum_bytes_to_text (abc);
  g_autofree char *of_nothing = bolo_sum_bytes_to_text (nothing);

  g_assert_cmpstr (of_abc, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  g_assert_cmpstr (of_nothing, ==,
                   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/errno", test_errno_becomes_what_to_do);
  g_test_add_func ("/error/foreign", test_foreign_errors_keep_their_words);
  g_test_add_func ("/sum/known", test_sums_are_known);
  g_test_add_func ("/id/seeded", test_seeded_ids_repeat);
  g_test_add_func ("/id/random", test_unseeded_ids_never_repeat);
  g_test_add_func ("/metric/percentiles", test_percentiles);
  g_test_add_func ("/metric/odd", test_metric_takes_odd_values);
  g_test_add_func ("/metric/process", test_process_figures);
  g_test_add_func ("/paths/state", test_state_folder);
  g_test_add_func ("/paths/data", test_data_files_follow_the_environment);
  return g_test_run ();
}
