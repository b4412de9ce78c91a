/* test-bof2-ledger.c: what a read is known by outlives restarts and torn lines
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "bolo-bof2-ledger.h"
#include "bolo-store-samples.h"

#define OTHER "00000000-0000-4000-8000-000000000002"

static const BoloBof2Read sample = {.sighting = (char *) "00000000-0000-4000-8000-000000000001",
                                    .vrm = (char *) "AB12CDE",
                                    .time = (char *) "2026-03-14T17:20:00.123Z",
                                    .camera = 3,
                                    .added_us = 1000};

static BoloBof2Ledger *
open_ledger (const char *folder, gint64 oldest_us)
{
  g_autoptr (GError) error = NULL;
  BoloBof2Ledger *ledger = bolo_bof2_ledger_open (folder, oldest_us, &error);

  g_assert_no_error (error);
  return ledger;
}

static void
fill (const char *folder)
{
  g_autoptr (BoloBof2Ledger) ledger = open_ledger (folder, 0);
  BoloBof2Read second = sample;
  g_autoptr (GError) error = NULL;

  second.sighting = (char *) OTHER;
  second.added_us = 2000;
  bolo_bof2_ledger_add (ledger, &sample);
  bolo_bof2_ledger_add (ledger, &second);
  bolo_bof2_ledger_note_sent (ledger, OTHER, "AB12CDE", TRUE, FALSE);
  g_assert_true (bolo_bof2_ledger_sync (ledger, &error));
  g_assert_no_error (error);
}

static void
test_kept (void)
{
  g_autofree char *folder = sample_make_folder ();

  fill (folder);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (BoloBof2Ledger) ledger = open_ledger (folder, 0);
    const BoloBof2Read *read = bolo_bof2_ledger_find (ledger, sample.sighting, "AB12CDE");

    g_assert_cmpstr (read->time, ==, sample.time);
    g_assert_cmpint (read->camera, ==, 3);
    g_assert_false (read->is_sent);
    g_assert_null (bolo_bof2_ledger_find (ledger, sample.sighting, NULL));
    read = bolo_bof2_ledger_find (ledger, OTHER, NULL);
    g_assert_true (read->is_sent && read->has_plate && !read->has_overview);
    g_assert_null (bolo_bof2_ledger_find (ledger, OTHER, "AB12CDF"));
  }
  sample_remove_folder (folder);
}

static void
test_forgets (void)
{
  g_autofree char *folder = sample_make_folder ();
  g_autoptr (BoloBof2Ledger) ledger = NULL;

  fill (folder);
  ledger = open_ledger (folder, 1500);
  g_assert_null (bolo_bof2_ledger_find (ledger, sample.sighting, "AB12CDE"));
  g_assert_nonnull (bolo_bof2_ledger_find (ledger, OTHER, NULL));
  sample_remove_folder (folder);
}

/* Cut off at every ninth byte (each open waits for the disk), and at the end: what stands before
 * the cut is there, and nothing else. */
static void
test_torn (void)
{
  g_autofree char *folder = sample_make_folder ();
  g_autofree char *path = g_build_filename (folder, "reads.txt", NULL);
  g_autofree char *whole = NULL;
  gsize length = 0;

  fill (folder);
  g_assert_true (g_file_get_contents (path, &whole, &length, NULL));
  for (gsize cut = 0; cut <= length; cut = cut < length ? MIN (cut + 9, length) : cut + 1) {
    g_autoptr (BoloBof2Ledger) ledger = NULL;
    gboolean has_first = cut > (gsize) (strchr (whole, '\n') - whole);

    g_assert_true (g_file_set_contents (path, whole, (gssize) cut, NULL));
    ledger = open_ledger (folder, 0);
    g_assert_cmpint (bolo_bof2_ledger_find (ledger, sample.sighting, "AB12CDE") != NULL, ==,
                     has_first);
    g_assert_cmpint (bolo_bof2_ledger_find (ledger, OTHER, NULL) != NULL, ==, cut == length);
  }
  sample_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bof2-ledger/kept", test_kept);
  g_test_add_func ("/bof2-ledger/forgets", test_forgets);
  g_test_add_func ("/bof2-ledger/torn", test_torn);
  return g_test_run ();
}
