/* test-desk-work.c: what an officer asks is checked and audited before it is done
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "bolo-audit.h"
#include "bolo-desk-work.h"
#include "bolo-error.h"
#include "test-clip.h"

#define NOW_US G_GINT64_CONSTANT (1773508800000000) /* 2026-03-14 17:20 UTC */

typedef struct {
  char *folder;
  BoloClock *clock;
  BoloPlateRules *rules;
  BoloDeskRules *desk;
  BoloIdSource *ids;
  BoloDeskWork *work;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *plate = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  g_autoptr (GError) error = NULL;

  fixture->folder = test_clip_make_folder ();
  fixture->clock = bolo_clock_new_manual (NOW_US);
  fixture->rules = bolo_plate_rules_load (plate, &error);
  g_assert_no_error (error);
  fixture->desk = bolo_desk_rules_new ();
  fixture->ids = bolo_id_source_new ("desk");
  fixture->work = bolo_desk_work_new (fixture->folder, fixture->rules, fixture->desk,
                                      fixture->clock, fixture->ids);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->work, bolo_desk_work_free);
  g_clear_pointer (&fixture->desk, bolo_desk_rules_free);
  g_clear_pointer (&fixture->rules, bolo_plate_rules_unref);
  g_clear_pointer (&fixture->ids, bolo_id_source_unref);
  g_clear_object (&fixture->clock);
  test_clip_remove_folder (fixture->folder);
}

/* (transfer full): what the audit holds, read by somebody else. */
static GPtrArray *
read_audit (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloAudit) audit = bolo_audit_open (fixture->folder, &error);
  GPtrArray *records;

  g_assert_no_error (error);
  g_assert_true (bolo_audit_verify (audit, NULL, &error));
  records = bolo_audit_list (audit, 1, &error);
  g_assert_no_error (error);
  return records;
}

static void
assert_n_audited (Fixture *fixture, guint n)
{
  g_autoptr (GPtrArray) records = read_audit (fixture);

  g_assert_cmpuint (records->len, ==, n);
}

static BoloSearch
make_search (void)
{
  return (BoloSearch){.mark = "ab0 ?1*",
                      .reason = "crime",
                      .reference = "CR/123",
                      .officer = "PC 4127",
                      .from_us = NOW_US - G_TIME_SPAN_DAY,
                      .to_us = NOW_US};
}

static void
test_search (Fixture *fixture, gconstpointer data)
{
  BoloSearch search = make_search ();
  g_autofree char *glob = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = NULL;
  const BoloAuditRecord *record;

  g_assert_true (bolo_desk_work_allow_search (fixture->work, &search, &glob, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (glob, ==, "AB[0O]?[1I]*");

  records = read_audit (fixture);
  g_assert_cmpuint (records->len, ==, 1);
  record = g_ptr_array_index (records, 0);
  g_assert_cmpint (record->act, ==, BOLO_AUDIT_SEARCHED);
  g_assert_cmpint (record->at_us, ==, NOW_US);
  g_assert_cmpstr (record->officer, ==, "PC 4127");
  g_assert_cmpstr (record->subject, ==, "AB0?1*");
  g_assert_cmpstr (record->reason, ==, "crime");
  g_assert_cmpstr (record->reference, ==, "CR/123");
  g_assert_null (record->authoriser);
  g_assert_cmpstr (record->details, ==,
                   "from 2026-03-13T17:20:00.000Z to 2026-03-14T17:20:00.000Z");
}

static void
refuse (Fixture *fixture, const BoloSearch *search, int code, const char *words)
{
  g_autofree char *glob = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (bolo_desk_work_allow_search (fixture->work, search, &glob, &error));
  g_assert_error (error, BOLO_ERROR, code);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (glob);
}

static void
test_search_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *long_text = g_strnfill (1000, 'x');
  BoloSearch search = make_search ();

  search.mark = "*";
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "known characters");
  search = make_search ();
  search.mark = NULL;
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "known characters");
  search = make_search ();
  search.reason = "curiosity";
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "crime");
  search.reason = NULL;
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "crime");
  search = make_search ();
  search.reference = "";
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "reference");
  search.reference = long_text;
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "reference");
  search.reference = "\xff";
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "reference");
  search = make_search ();
  search.officer = NULL;
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "officer");
  search = make_search ();
  search.to_us = search.from_us;
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "ends before it begins");
  assert_n_audited (fixture, 0);
}

static void
test_old_records (Fixture *fixture, gconstpointer data)
{
  BoloSearch search = make_search ();
  g_autofree char *glob = NULL;
  g_autoptr (GError) error = NULL;

  search.from_us = NOW_US - BOLO_SEARCH_OPEN_US - 1;
  refuse (fixture, &search, BOLO_ERROR_PERMISSION, "2025-12-14T17:20:00.000Z");
  search.authoriser = "";
  refuse (fixture, &search, BOLO_ERROR_PERMISSION, "90 days");
  search.authoriser = "PC 4127";
  refuse (fixture, &search, BOLO_ERROR_PERMISSION, "own search");
  assert_n_audited (fixture, 0);
  search.authoriser = "Supt 3";
  g_assert_true (bolo_desk_work_allow_search (fixture->work, &search, &glob, &error));
  g_assert_no_error (error);
  assert_n_audited (fixture, 1);
  search.from_us++;
  search.authoriser = NULL;
  g_clear_pointer (&glob, g_free);
  g_assert_true (bolo_desk_work_allow_search (fixture->work, &search, &glob, &error));
  assert_n_audited (fixture, 2);
}

/* What cannot be written down is not allowed. */
static void
test_no_audit (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "audit.db", NULL);
  BoloSearch search = make_search ();

  g_assert_true (g_file_set_contents (path, "no database", -1, NULL));
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "audit.db");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/desk-work/search", test_search);
  ADD ("/desk-work/search-refused", test_search_refused);
  ADD ("/desk-work/old-records", test_old_records);
  ADD ("/desk-work/no-audit", test_no_audit);
  return g_test_run ();
}
