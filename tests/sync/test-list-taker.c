/* test-list-taker.c: lists from a remote go through the same import, and how each stands is said
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>

#include "bolo-error.h"
#include "bolo-list-case.h"
#include "bolo-list-taker.h"
#include "bolo-transport.h"

#define FIRST "VRM,Reason\nAB12CDE,stolen\n"
#define SECOND "VRM,Reason\nXY34ZZZ,stolen\n"

typedef struct {
  ListCase lists;
  BoloListTaker *taker;
  BoloListArrival *last; /* of what was told */
  guint n_told;
} Fixture;

static void
on_arrival (const BoloListArrival *arrival, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_clear_pointer (&fixture->last, bolo_list_arrival_free);
  fixture->last = bolo_list_arrival_copy (arrival);
  fixture->n_told++;
}

static void
open_taker (Fixture *fixture)
{
  g_clear_pointer (&fixture->taker, bolo_list_taker_free);
  fixture->taker = bolo_list_taker_new (fixture->lists.hotlist, fixture->lists.state, "hq",
                                        fixture->lists.clock, on_arrival, fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  list_case_set_up (&fixture->lists, NULL);
  open_taker (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->taker, bolo_list_taker_free);
  g_clear_pointer (&fixture->last, bolo_list_arrival_free);
  list_case_tear_down (&fixture->lists, NULL);
}

static gboolean
take (Fixture *fixture, const char *text, guint64 number, gboolean is_signed, GError **error)
{
  BoloListFile file = {.name = "voi", .number = (gint64) number};

  list_case_write (&fixture->lists, text);
  if (is_signed)
    list_case_sign (&fixture->lists, fixture->lists.key, "voi", number, 0);
  file.path = fixture->lists.list_path;
  file.signature = is_signed ? fixture->lists.signature_path : NULL;
  return bolo_list_taker_take (fixture->taker, &file, error);
}

static void
test_signed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (bolo_list_taker_get_held (fixture->taker, "voi"), ==, 0);
  bolo_list_taker_note_newest (fixture->taker, "voi", 4);
  g_assert_cmpint (fixture->last->number, ==, 4);
  g_assert_cmpint (fixture->last->held, ==, 0);
  g_assert_cmpint (fixture->last->checked_us, ==, LIST_CASE_NOW_US);
  g_assert_true (take (fixture, FIRST, 4, TRUE, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (list_case_count (&fixture->lists, "AB12CDE"), ==, 1);
  g_assert_cmpint (bolo_list_taker_get_held (fixture->taker, "voi"), ==, 4);
  g_assert_cmpint (fixture->last->held, ==, 4);
  g_assert_false (g_file_test (fixture->lists.list_path, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (fixture->lists.signature_path, G_FILE_TEST_EXISTS));
  /* The very same again is no failure. */
  g_assert_true (take (fixture, FIRST, 4, TRUE, &error));
  g_assert_no_error (error);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (take (fixture, FIRST, 4, TRUE, &error));
  g_test_expect_message ("bolo-list-taker", G_LOG_LEVEL_WARNING, "*");
  g_assert_false (take (fixture, SECOND, 3, TRUE, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_STALE);
  g_assert_cmpstr (fixture->last->failure, ==, error->message);
  g_clear_error (&error);
  g_test_expect_message ("bolo-list-taker", G_LOG_LEVEL_WARNING, "*");
  g_assert_false (take (fixture, SECOND, 5, FALSE, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_SIGNATURE);
  g_test_assert_expected_messages ();
  g_clear_error (&error);
  g_assert_true (list_case_is_whole (&fixture->lists, "AB12CDE", "XY34ZZZ"));
  g_assert_cmpint (bolo_list_taker_get_held (fixture->taker, "voi"), ==, 4);
  /* A later good one takes the failure back. */
  open_taker (fixture);
  g_assert_true (take (fixture, SECOND, 6, TRUE, &error));
  g_assert_no_error (error);
  g_assert_null (fixture->last->failure);
}

static void
test_word (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  bolo_list_taker_set_word (fixture->taker, "remote hq");
  g_assert_true (take (fixture, FIRST, 12, FALSE, &error));
  g_assert_no_error (error);
  g_assert_cmpint (bolo_list_taker_get_held (fixture->taker, "voi"), ==, 12);
  open_taker (fixture);
  g_assert_cmpint (bolo_list_taker_get_held (fixture->taker, "voi"), ==, 12);
}

static void
test_drop (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (take (fixture, FIRST, 4, TRUE, &error));
  g_assert_true (bolo_list_taker_drop (fixture->taker, "voi", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (list_case_count (&fixture->lists, "AB12CDE"), ==, 0);
  g_assert_cmpint (bolo_list_taker_get_held (fixture->taker, "voi"), ==, 0);
  g_assert_true (bolo_list_taker_drop (fixture->taker, "voi", &error));
  g_assert_no_error (error);
}

static void
test_numbers (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (bolo_list_taker_get_number (fixture->taker, "serial"), ==, 0);
  g_assert_true (bolo_list_taker_set_number (fixture->taker, "serial", 41, &error));
  open_taker (fixture);
  g_assert_cmpint (bolo_list_taker_get_number (fixture->taker, "serial"), ==, 41);
  /* A torn file costs a serial, and is said. */
  path = g_build_filename (bolo_list_taker_get_folder (fixture->taker), "numbers.ini", NULL);
  g_assert_true (g_file_set_contents (path, "[numbers\nserial", -1, &error));
  g_test_expect_message ("bolo-list-taker", G_LOG_LEVEL_WARNING, "*begun anew*");
  open_taker (fixture);
  g_assert_cmpint (bolo_list_taker_get_number (fixture->taker, "serial"), ==, 0);
  g_test_assert_expected_messages ();
}

/* A link and a stick, each with a taker of its own: neither forgets what the other has kept. */
static void
test_two (Fixture *fixture, gconstpointer data)
{
  BoloListTaker *first = g_steal_pointer (&fixture->taker);
  g_autoptr (GError) error = NULL;

  open_taker (fixture);
  g_assert_true (bolo_list_taker_set_number (first, "serial", 7, &error));
  g_assert_true (bolo_list_taker_set_number (fixture->taker, "configuration", 3, &error));
  g_assert_cmpint (bolo_list_taker_get_number (fixture->taker, "serial"), ==, 7);
  g_assert_cmpint (bolo_list_taker_get_number (first, "configuration"), ==, 3);
  g_assert_true (bolo_list_taker_set_number (first, "serial", 8, &error));
  bolo_list_taker_free (first);
  open_taker (fixture);
  g_assert_cmpint (bolo_list_taker_get_number (fixture->taker, "serial"), ==, 8);
  g_assert_cmpint (bolo_list_taker_get_number (fixture->taker, "configuration"), ==, 3);
}

static void
test_judge (void)
{
  const struct {
    BoloError code;
    BoloTransportFailure failure;
  } cases[] = {
    {BOLO_ERROR_OFFLINE, BOLO_TRANSPORT_RETRY},     {BOLO_ERROR_TIMED_OUT, BOLO_TRANSPORT_RETRY},
    {BOLO_ERROR_BUSY, BOLO_TRANSPORT_RETRY},        {BOLO_ERROR_AUTH, BOLO_TRANSPORT_REFUSED},
    {BOLO_ERROR_SIGNATURE, BOLO_TRANSPORT_REFUSED}, {BOLO_ERROR_STALE, BOLO_TRANSPORT_REFUSED},
    {BOLO_ERROR_DEVICE_LOST, BOLO_TRANSPORT_RETRY},
  };
  g_autoptr (GError) foreign = g_error_new (G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "no");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = g_error_new (BOLO_ERROR, (int) cases[i].code, "no");

    g_assert_cmpint (bolo_transport_judge (error), ==, cases[i].failure);
  }
  g_assert_cmpint (bolo_transport_judge (foreign), ==, BOLO_TRANSPORT_RETRY);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/list-taker/signed", test_signed);
  ADD ("/list-taker/refused", test_refused);
  ADD ("/list-taker/word", test_word);
  ADD ("/list-taker/drop", test_drop);
  ADD ("/list-taker/numbers", test_numbers);
  ADD ("/list-taker/two", test_two);
  g_test_add_func ("/transport/judge", test_judge);
  return g_test_run ();
}
