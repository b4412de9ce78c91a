/* test-bof2-lists.c: lists and their changes come from a BOF2 back office into a match in the car
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>
#include <zip.h>

#include "bof2-double.h"
#include "bolo-bof2-transport.h"
#include "bolo-error.h"
#include "bolo-list-case.h"

#define SETTINGS                                                                                   \
  "[lists]\ntake=yes\ntrust=connection\nrestrict_bytes=2000\n[list Stolen Vehicles]\n"             \
  "name=stolen\nkind=stolen\n"
#define ROW(mark) mark ",FORD,FOCUS,BLUE,STOP,,STOLEN,,,,,,,,,\n"

typedef struct {
  ListCase lists;
  Bof2Double *office;
  BoloClock *clock;
  BoloListTaker *taker;
  BoloTransport *transport;
} Fixture;

static void
open_all (Fixture *self, const char *settings)
{
  g_autofree char *path = bof2_double_make_config (self->office, settings);
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->transport);
  g_clear_pointer (&self->taker, bolo_list_taker_free);
  self->taker =
    bolo_list_taker_new (self->lists.hotlist, self->lists.state, "hq", self->clock, NULL, NULL);
  self->transport = BOLO_TRANSPORT (
    bolo_bof2_transport_new (path, bolo_list_taker_get_folder (self->taker), "hq", self->clock));
  bolo_transport_connect (self->transport, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  list_case_set_up (&self->lists, NULL);
  self->office = bof2_double_start (TRUE);
  self->clock = bolo_clock_new_system ();
  open_all (self, SETTINGS);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) wrong = bof2_double_read (self->office, "wrong.jsonl");

  g_assert_cmpuint (wrong->len, ==, 0);
  g_clear_object (&self->transport);
  g_clear_pointer (&self->taker, bolo_list_taker_free);
  g_object_unref (self->clock);
  bof2_double_stop (self->office);
  list_case_tear_down (&self->lists, NULL);
}

/* @members: name, text, name, text, …, NULL. */
static void
make_zip (Fixture *self, const char *name, const char *const *members)
{
  g_autofree char *path = bof2_double_get_path (self->office, name);
  int code = 0;
  zip_t *zip = zip_open (path, ZIP_CREATE | ZIP_TRUNCATE, &code);

  g_assert_nonnull (zip);
  for (; *members != NULL; members += 2)
    g_assert_cmpint (zip_file_add (zip, members[0],
                                   zip_source_buffer (zip, members[1], strlen (members[1]), 0), 0),
                     >=, 0);
  g_assert_cmpint (zip_close (zip), ==, 0);
}

static void
make_first (Fixture *self)
{
  static const char *const whole[] = {"34_Stolen Vehicles_R.dat",
                                      ROW ("AB12CDE") ROW ("AB34CDE") ROW ("AB56CDE"), NULL};

  make_zip (self, "whole-1.zip", whole);
  bof2_double_write (self->office, "lists.json",
                     "{\"repo\": 5, \"lists\": {\"Stolen Vehicles\": {\"revisions\": ["
                     "{\"revision\": \"a-1\", \"whole\": \"whole-1.zip\", \"delta\": null}]}}}");
}

/* AB34CDE is found, XY99ZZZ was stolen. */
static void
make_second (Fixture *self)
{
  static const char *const whole[] = {"34_Stolen Vehicles_R.dat",
                                      ROW ("AB12CDE") ROW ("AB56CDE") ROW ("XY99ZZZ"), NULL};
  static const char *const delta[] = {"34_Stolen Vehicles_D.dat", ROW ("AB34CDE"),
                                      "34_Stolen Vehicles_I.dat", ROW ("XY99ZZZ"), NULL};

  make_zip (self, "whole-2.zip", whole);
  make_zip (self, "delta-2.zip", delta);
  bof2_double_write (
    self->office, "lists.json",
    "{\"repo\": 6, \"lists\": {\"Stolen Vehicles\": {\"revisions\": ["
    "{\"revision\": \"a-1\", \"whole\": \"whole-1.zip\", \"delta\": null},"
    "{\"revision\": \"a-2\", \"whole\": \"whole-2.zip\", \"delta\": \"delta-2.zip\"}]}}}");
}

static void
fetch (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  bolo_transport_fetch_lists (self->transport, self->taker, NULL, &error);
  g_assert_no_error (error);
}

static void
fetch_in_vain (Fixture *self, BoloError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (bolo_transport_fetch_lists (self->transport, self->taker, NULL, &error));
  g_assert_error (error, BOLO_ERROR, (int) code);
}

/* "ping getRepoStatus …": what was called since the last time. */
static void
assert_calls (Fixture *self, const char *wanted)
{
  g_autoptr (GPtrArray) calls = bof2_double_read (self->office, "calls.jsonl");
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *path = bof2_double_get_path (self->office, "calls.jsonl");

  for (guint i = 0; i < calls->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? " " : "",
                            json_object_get_string_member (g_ptr_array_index (calls, i), "call"));
  g_assert_cmpstr (names->str, ==, wanted);
  g_unlink (path);
}

static void
assert_told (Fixture *self, const char *wanted)
{
  g_autofree char *path = bof2_double_get_path (self->office, "held.json");
  g_autofree char *told = NULL;

  g_file_get_contents (path, &told, NULL, NULL);
  g_assert_cmpstr (told, ==, wanted);
}

static const BoloMatch *
find_match (GPtrArray *matches)
{
  g_assert_cmpuint (matches->len, ==, 1);
  return g_ptr_array_index (matches, 0);
}

static void
test_whole_and_changes (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) matches = NULL;
  const BoloListEntry *entry;

  make_first (self);
  fetch (self);
  assert_calls (self, "ping getRepoStatus getHotlistStatus getHotlistUpdatesRestrictSize "
                      "setHotlistStatus");
  assert_told (self, "{\"Stolen Vehicles\": \"a-1\"}");
  g_assert_cmpuint (list_case_count (&self->lists, "AB34CDE"), ==, 1);
  fetch (self); /* nothing new: one question */
  assert_calls (self, "getRepoStatus");
  make_second (self);
  fetch (self);
  assert_calls (self, "getRepoStatus getHotlistStatus getHotlistUpdatesRestrictSize "
                      "setHotlistStatus");
  assert_told (self, "{\"Stolen Vehicles\": \"a-2\"}");
  g_assert_true (list_case_is_whole (&self->lists, "XY99ZZZ", "AB34CDE"));
  matches = bolo_hotlist_match (self->lists.hotlist, "xy99 zzz", LIST_CASE_NOW_US);
  entry = find_match (matches)->entry;
  /* Every hit says who answers for it. */
  g_assert_cmpint (entry->list_trust, ==, BOLO_TRUST_UNSIGNED);
  g_assert_cmpstr (entry->list_signer, ==, "the connection to hq (BOF2)");
  g_assert_cmpstr (entry->list, ==, "stolen");
}

/* The link goes between the commit and telling it: it is told first of all in the next round, so
 * that the back office's changes are changes to what is held. */
static void
test_told_late (Fixture *self, gconstpointer data)
{
  make_first (self);
  bof2_double_write (self->office, "script.json",
                     "{\"setHotlistStatus\": [{\"status\": 503}, {}]}");
  fetch_in_vain (self, BOLO_ERROR_BUSY);
  g_assert_cmpuint (list_case_count (&self->lists, "AB12CDE"), ==, 1);
  assert_told (self, NULL);
  make_second (self);
  open_all (self, SETTINGS);
  fetch (self);
  assert_calls (self, "ping getRepoStatus getHotlistStatus getHotlistUpdatesRestrictSize "
                      "ping setHotlistStatus getRepoStatus getHotlistStatus "
                      "getHotlistUpdatesRestrictSize setHotlistStatus");
  assert_told (self, "{\"Stolen Vehicles\": \"a-2\"}");
  g_assert_true (list_case_is_whole (&self->lists, "XY99ZZZ", "AB34CDE"));
}

/* The car lost its list, and the back office sends changes to it: it is told, and the whole list
 * comes. */
static void
test_lost_base (Fixture *self, gconstpointer data)
{
  make_first (self);
  fetch (self);
  g_assert_true (bolo_hotlist_remove (self->lists.hotlist, "stolen", NULL));
  make_second (self);
  g_test_expect_message ("bolo-list-taker", G_LOG_LEVEL_WARNING, "*list stolen*");
  fetch (self);
  g_test_assert_expected_messages ();
  assert_told (self, "{\"Stolen Vehicles\": \"a-2\"}");
  g_assert_true (list_case_is_whole (&self->lists, "XY99ZZZ", "AB34CDE"));
}

/* Removed by hand, with nothing new at the back office: it comes again. */
static void
test_removed_here (Fixture *self, gconstpointer data)
{
  make_first (self);
  fetch (self);
  g_assert_true (bolo_hotlist_remove (self->lists.hotlist, "stolen", NULL));
  fetch (self);
  g_assert_cmpuint (list_case_count (&self->lists, "AB12CDE"), ==, 1);
}

static void
test_too_big (Fixture *self, gconstpointer data)
{
  make_first (self);
  open_all (self, "[lists]\ntake=yes\ntrust=connection\nrestrict_bytes=50\n");
  fetch (self);
  assert_calls (self, "ping ping getRepoStatus getHotlistStatus getHotlistUpdatesRestrictSize "
                      "getHotlistUpdates setHotlistStatus");
  g_assert_cmpuint (list_case_count (&self->lists, "AB12CDE"), ==, 1);
  make_second (self);
  open_all (self, "[lists]\ntake=yes\ntrust=connection\nrestrict_bytes=50\nwhen_too_big=wait\n");
  g_test_expect_message ("bolo-list-taker", G_LOG_LEVEL_WARNING, "*larger than restrict_bytes*");
  fetch (self);
  g_test_assert_expected_messages ();
  assert_calls (self, "ping getRepoStatus getHotlistStatus getHotlistUpdatesRestrictSize");
  g_assert_cmpuint (list_case_count (&self->lists, "AB34CDE"), ==, 1); /* the old one */
}

static void
test_withdrawn (Fixture *self, gconstpointer data)
{
  make_first (self);
  fetch (self);
  bof2_double_write (self->office, "lists.json", "{\"repo\": 9, \"lists\": {}}");
  fetch (self);
  g_assert_cmpuint (list_case_count (&self->lists, "AB12CDE"), ==, 0);
}

/* A list that is none, and one that is cut off: what was in force stays, nothing is told. */
static void
test_damaged (Fixture *self, gconstpointer data)
{
  make_first (self);
  fetch (self);
  make_second (self);
  bof2_double_write (self->office, "delta-2.zip", "PK\003\004 no ZIP at all");
  g_test_expect_message ("bolo-list-taker", G_LOG_LEVEL_WARNING, "*list stolen*");
  fetch (self);
  g_test_assert_expected_messages ();
  assert_told (self, "{\"Stolen Vehicles\": \"a-1\"}");
  bof2_double_write (self->office, "script.json",
                     "{\"getHotlistUpdatesRestrictSize\": [{\"cut\": 450}]}");
  g_test_expect_message ("bolo-list-taker", G_LOG_LEVEL_WARNING, "*list stolen*");
  fetch_in_vain (self, BOLO_ERROR_OFFLINE);
  g_test_assert_expected_messages ();
  assert_told (self, "{\"Stolen Vehicles\": \"a-1\"}");
  g_assert_true (list_case_is_whole (&self->lists, "AB34CDE", "XY99ZZZ"));
}

/* Where lists.conf says that nothing unsigned is taken, the connection's word does not count. */
static void
test_signed_only (Fixture *self, gconstpointer data)
{
  make_first (self);
  list_case_configure (&self->lists, "[lists]\nunsigned=refuse\n");
  list_case_reopen (&self->lists);
  open_all (self, SETTINGS);
  g_test_expect_message ("bolo-list-taker", G_LOG_LEVEL_WARNING, "*signature*");
  fetch (self);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (list_case_count (&self->lists, "AB12CDE"), ==, 0);
  assert_told (self, NULL);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/bof2-lists/whole-and-changes", test_whole_and_changes);
  ADD ("/bof2-lists/told-late", test_told_late);
  ADD ("/bof2-lists/lost-base", test_lost_base);
  ADD ("/bof2-lists/removed-here", test_removed_here);
  ADD ("/bof2-lists/too-big", test_too_big);
  ADD ("/bof2-lists/withdrawn", test_withdrawn);
  ADD ("/bof2-lists/damaged", test_damaged);
  ADD ("/bof2-lists/signed-only", test_signed_only);
  return g_test_run ();
}
