/* test-list-entry.c: entries and areas are copied, compared, written and read whole
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-entry.h"

#include <math.h>

#define TEXT(member) G_STRUCT_OFFSET (BoloListEntry, member)

static const gsize texts[] = {
  TEXT (list),
  TEXT (list_kind),
  TEXT (entry_id),
  TEXT (plate),
  TEXT (plate_folded),
  TEXT (region),
  TEXT (plate_type),
  TEXT (make),
  TEXT (model),
  TEXT (colour),
  TEXT (body),
  TEXT (type_code),
  TEXT (category),
  TEXT (action_text),
  TEXT (reason),
  TEXT (grading),
  TEXT (handling),
  TEXT (information),
  TEXT (force),
  TEXT (ori),
  TEXT (pnc_id),
  TEXT (marking),
  TEXT (cad),
  TEXT (instructions),
  TEXT (source_reference),
  TEXT (list_revision),
  TEXT (list_signer),
};

static BoloListEntry *
make_full_entry (void)
{
  BoloListEntry *entry = bolo_list_entry_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    G_STRUCT_MEMBER (char *, entry, texts[i]) = g_strdup_printf ("text %" G_GSIZE_FORMAT, i);
  entry->markers = g_strsplit ("FIREARMS;VIOLENT", ";", 0);
  entry->extra = g_strsplit ("Fleet;7", ";", 0);
  g_assert_true (bolo_area_set_circle (&entry->area, (BoloAreaPoint){51.5, -0.12}, 500));
  return entry;
}

static void
test_copy_is_whole (void)
{
  g_autoptr (BoloListEntry) entry = make_full_entry ();
  g_autoptr (BoloListEntry) copy = bolo_list_entry_copy (entry);

  g_assert_true (bolo_list_entry_equal (entry, copy));
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_true (G_STRUCT_MEMBER (char *, entry, texts[i]) !=
                   G_STRUCT_MEMBER (char *, copy, texts[i]));
  g_assert_true (entry->markers != copy->markers && entry->area.points != copy->area.points);
}

/* Each text alone makes entries differ, whether changed or missing. */
static void
test_each_text_counts (void)
{
  g_autoptr (BoloListEntry) entry = make_full_entry ();

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (BoloListEntry) other = bolo_list_entry_copy (entry);
    char **text = &G_STRUCT_MEMBER (char *, other, texts[i]);

    (*text)[0] = 'T';
    g_assert_false (bolo_list_entry_equal (entry, other));
    g_clear_pointer (text, g_free);
    g_assert_false (bolo_list_entry_equal (entry, other));
  }
}

static void
check_differs (const BoloListEntry *entry, const BoloListEntry *other)
{
  g_assert_false (bolo_list_entry_equal (entry, other));
  g_assert_false (bolo_list_entry_equal (other, entry));
}

static void
test_each_value_counts (void)
{
  g_autoptr (BoloListEntry) entry = make_full_entry ();
  gint64 *times[] = {&entry->event_us, &entry->valid_from_us,  &entry->valid_until_us,
                     &entry->weed_us,  &entry->list_loaded_us, &entry->list_dated_us};
  int *numbers[] = {&entry->is_pattern, &entry->year, &entry->priority, &entry->is_covert};
  g_autoptr (BoloListEntry) before = bolo_list_entry_copy (entry);

  for (gsize i = 0; i < G_N_ELEMENTS (times); i++) {
    gint64 kept = *times[i];

    *times[i] = 42;
    check_differs (entry, before);
    *times[i] = kept;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++) {
    *numbers[i] += 1;
    check_differs (entry, before);
    *numbers[i] -= 1;
  }
  entry->days = 1;
  check_differs (entry, before);
  entry->days = BOLO_DAYS_ALL;
  entry->list_trust = BOLO_TRUST_SIGNED;
  check_differs (entry, before);
  entry->list_trust = BOLO_TRUST_UNSIGNED;
  entry->action = BOLO_ACTION_UNKNOWN;
  check_differs (entry, before);
  entry->action = BOLO_ACTION_STOP;
  bolo_area_clear (&entry->area);
  check_differs (entry, before);
  bolo_area_copy (&before->area, &entry->area);
  g_assert_true (bolo_list_entry_equal (entry, before));
  g_clear_pointer (&entry->extra, g_strfreev);
  check_differs (entry, before);
}

static void
test_a_new_entry_has_no_bounds (void)
{
  g_autoptr (BoloListEntry) entry = bolo_list_entry_new ();
  g_autofree char *area = bolo_area_to_string (&entry->area);

  g_assert_false (bolo_list_entry_is_weeded (entry, G_MAXINT64 - 1));
  g_assert_cmpint (entry->valid_from_us, ==, G_MININT64);
  g_assert_cmpint (entry->valid_until_us, ==, G_MAXINT64);
  g_assert_cmpint (entry->days, ==, 0x7f);
  g_assert_null (area);
  g_assert_cmpstr (bolo_trust_to_string (entry->list_trust), ==, "unsigned");
  g_assert_cmpstr (bolo_trust_to_string (BOLO_TRUST_SIGNED), ==, "signed");
  g_assert_cmpstr (bolo_trust_to_string (BOLO_TRUST_OWN), ==, "own");
  g_assert_cmpstr (bolo_trust_to_string (BOLO_TRUST_REPLAY), ==, "replay");
}

static void
test_areas_are_written_and_read (void)
{
  static const char *const good[] = {
    "circle 51.5 -0.125 500",
    "polygon 51.5 -0.125 51.75 -0.125 51.75 0.25",
    "polygon -90 -180 90 180 0 0 1 1",
  };
  static const char *const bad[] = {
    "",
    "circle",
    "circle 51.5 -0.12",
    "circle 91 0 500",
    "circle 0 181 500",
    "circle 0 0 0",
    "circle 0 0 -1",
    "circle 0 0 nan",
    "circle 0 0 5 5",
    "circle 0 0 1e99",
    "polygon 0 0 1 1",
    "polygon 0 0 1 1 2",
    "polygon 0 0 1 1 2 x",
    "square 0 0 1",
    "circle 0 0 5m",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++) {
    g_auto (BoloArea) area = {0};
    g_auto (BoloArea) again = {0};
    g_autofree char *text = NULL;

    g_assert_true (bolo_area_parse (&area, good[i]));
    text = bolo_area_to_string (&area);
    g_assert_cmpstr (text, ==, good[i]);
    g_assert_true (bolo_area_parse (&again, text));
    g_assert_true (bolo_area_equal (&area, &again));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_auto (BoloArea) area = {0};

    g_test_message ("%s", bad[i]);
    g_assert_false (bolo_area_parse (&area, bad[i]));
    g_assert_cmpint (area.kind, ==, BOLO_AREA_NONE);
  }
}

/* What is refused leaves what was there. */
static void
test_a_refused_area_changes_nothing (void)
{
  BoloAreaPoint points[BOLO_AREA_POINTS_MAX + 1] = {{0}};
  g_auto (BoloArea) area = {0};

  g_assert_true (bolo_area_set_polygon (&area, points, BOLO_AREA_POINTS_MAX));
  g_assert_false (bolo_area_set_polygon (&area, points, BOLO_AREA_POINTS_MAX + 1));
  g_assert_false (bolo_area_set_polygon (&area, points, 2));
  points[1].latitude = NAN;
  g_assert_false (bolo_area_set_polygon (&area, points, 3));
  g_assert_cmpint (area.n_points, ==, BOLO_AREA_POINTS_MAX);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/list-entry/copy", test_copy_is_whole);
  g_test_add_func ("/list-entry/equal/texts", test_each_text_counts);
  g_test_add_func ("/list-entry/equal/values", test_each_value_counts);
  g_test_add_func ("/list-entry/new", test_a_new_entry_has_no_bounds);
  g_test_add_func ("/area/text", test_areas_are_written_and_read);
  g_test_add_func ("/area/refused", test_a_refused_area_changes_nothing);
  return g_test_run ();
}
