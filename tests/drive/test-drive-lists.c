/* test-drive-lists.c: the lists are good lists, and say what the truth says
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "bolo-drive-render.h"
#include "bolo-drive-wanted.h"
#include "bolo-list-parser.h"
#include "bolo-paths.h"
#include "drive-test.h"

/* All rows of a list by mark, of BoloListEntry. Fails the test on a problem in any row. */
static GHashTable *
read_list (const BoloDrive *drive, const char *name)
{
  g_autofree char *rules_path = bolo_paths_get_data_file ("plate");
  g_autofree char *text = bolo_drive_wanted_format (drive->scenario, drive->traffic, name);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (text, -1, NULL);
  g_autoptr (BoloPlateRules) rules = bolo_plate_rules_load (rules_path, NULL);
  g_autoptr (BoloListFormat) format = bolo_list_format_new_uk ();
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListParser) parser =
    bolo_list_parser_new (stream, format, rules, BOLO_LIST_INSERT, &error);
  g_autoptr (GPtrArray) problems =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_problem_free);
  GHashTable *entries =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) bolo_list_entry_unref);

  g_assert_no_error (error);
  for (;;) {
    BoloListRow row;
    BoloListParsed step = bolo_list_parser_next (parser, &row, problems, NULL);
    if (step == BOLO_LIST_PARSED_END)
      break;
    g_assert_cmpint (step, ==, BOLO_LIST_PARSED_ROW);
    g_assert_true (g_hash_table_insert (entries, g_strdup (row.entry->plate), row.entry));
  }
  g_assert_cmpuint (problems->len, ==, 0);
  return entries;
}

static void
check_wanted (const BoloDriveVehicle *vehicle, const BoloListEntry *entry, gint64 start_us)
{
  g_assert_nonnull (entry);
  g_assert_cmpstr (entry->make, ==, vehicle->make->make);
  g_assert_cmpstr (entry->model, ==, vehicle->make->model);
  g_assert_cmpstr (entry->colour, ==, vehicle->paint->name);
  g_assert_nonnull (entry->reason);
  g_assert_nonnull (entry->information);
  g_assert_nonnull (entry->force);
  g_assert_cmpint (entry->is_covert, ==, vehicle->wanted == BOLO_DRIVE_WANTED_COVERT);
  g_assert_cmpint (entry->action, ==,
                   vehicle->wanted == BOLO_DRIVE_WANTED_COVERT ? BOLO_ACTION_SILENT
                                                               : BOLO_ACTION_STOP);
  g_assert_cmpint (bolo_list_entry_is_weeded (entry, start_us), ==,
                   vehicle->wanted == BOLO_DRIVE_WANTED_WEEDED);
}

static void
test_lists (void)
{
  for (guint32 seed = 80; seed < 84; seed++) {
    g_autoptr (BoloDriveScenario) scenario = drive_test_load (seed);
    g_autoptr (GError) error = NULL;
    g_autoptr (BoloDrive) drive = bolo_drive_new (scenario, &error);
    g_assert_no_error (error);
    g_autoptr (GHashTable) stolen = read_list (drive, BOLO_DRIVE_LIST_STOLEN);
    g_autoptr (GHashTable) voi = read_list (drive, BOLO_DRIVE_LIST_VOI);
    guint n_listed = 0;
    guint n_firearms = 0;
    for (guint i = 0; i < drive->traffic->vehicles->len; i++) {
      const BoloDriveVehicle *vehicle =
        &g_array_index (drive->traffic->vehicles, BoloDriveVehicle, i);
      const char *mark = vehicle->plates[0].mark.text;
      const BoloListEntry *in_stolen = g_hash_table_lookup (stolen, mark);
      const BoloListEntry *in_voi = g_hash_table_lookup (voi, mark);
      if (vehicle->wanted == BOLO_DRIVE_WANTED_NONE || vehicle->wanted == BOLO_DRIVE_WANTED_DECOY) {
        g_assert_null (in_stolen);
        g_assert_null (in_voi);
        continue;
      }
      gboolean is_stolen = strcmp (vehicle->list, BOLO_DRIVE_LIST_STOLEN) == 0;
      g_assert_null (is_stolen ? in_voi : in_stolen);
      check_wanted (vehicle, is_stolen ? in_stolen : in_voi, scenario->start_us);
      n_listed++;
      if (in_voi != NULL && in_voi->markers != NULL && in_voi->markers[0] != NULL) {
        g_assert_cmpstr (in_voi->markers[0], ==, "FIREARMS");
        g_assert_cmpint (vehicle->wanted, ==, BOLO_DRIVE_WANTED_OVERT);
        n_firearms++;
      }
    }
    g_assert_cmpuint (n_listed, ==, 7);
    g_assert_cmpuint (n_firearms, ==, 1);
    g_assert_cmpuint (g_hash_table_size (stolen) + g_hash_table_size (voi), ==, 2 * 50 + 7);
  }
}

/* Each decoy is one character from a wanted mark. */
static void
test_decoys (void)
{
  g_autoptr (BoloDriveScenario) scenario = drive_test_load (85);
  g_autoptr (BoloDrive) drive = bolo_drive_new (scenario, NULL);
  guint n_near = 0;

  g_assert_nonnull (drive);
  for (guint i = 0; i < 40 * 40; i++) {
    const BoloDriveVehicle *a = &g_array_index (drive->traffic->vehicles, BoloDriveVehicle, i / 40);
    const BoloDriveVehicle *b = &g_array_index (drive->traffic->vehicles, BoloDriveVehicle, i % 40);
    const char *mark_a = a->plates[0].mark.text;
    const char *mark_b = b->plates[0].mark.text;
    guint n_different = 0;
    if (a->wanted != BOLO_DRIVE_WANTED_DECOY || b->wanted != BOLO_DRIVE_WANTED_OVERT ||
        strlen (mark_a) != strlen (mark_b))
      continue;
    for (guint k = 0; mark_a[k] != '\0'; k++)
      n_different += mark_a[k] != mark_b[k];
    n_near += n_different == 1;
  }
  g_assert_cmpuint (n_near, ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drive/lists", test_lists);
  g_test_add_func ("/drive/decoys", test_decoys);
  return g_test_run ();
}
