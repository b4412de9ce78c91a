/* test-drive-traffic.c: vehicles move smoothly, keep apart, and who is chosen has what it needs
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>
#include <string.h>

#include "bolo-drive-render.h"
#include "bolo-drive-slots.h"
#include "bolo-drive-truth.h"
#include "bolo-error.h"
#include "drive-test.h"

static BoloDrive *
make_drive (const BoloDriveScenario *scenario)
{
  g_autoptr (GError) error = NULL;
  BoloDrive *drive = bolo_drive_new (scenario, &error);
  g_assert_no_error (error);
  return drive;
}

static const BoloDriveVehicle *
get_vehicle (const BoloDrive *drive, guint i)
{
  return &g_array_index (drive->traffic->vehicles, BoloDriveVehicle, i);
}

static void
test_smooth (void)
{
  g_autoptr (BoloDriveScenario) scenario = drive_test_load (11);
  g_autoptr (BoloDrive) drive = make_drive (scenario);

  for (guint i = 0; i < drive->traffic->vehicles->len; i++) {
    const BoloDriveVehicle *vehicle = get_vehicle (drive, i);
    double before_m = 0;
    double before_mps = 0;
    for (guint k = 0; k < 600; k++) {
      BoloDriveEgo ego;
      BoloDrivePose pose;
      bolo_drive_road_get_ego (drive->road, k * 0.1, &ego);
      bolo_drive_way_get_pose (&vehicle->way, &ego, k * 0.1, &pose);
      double speed_mps = (pose.along_m - before_m) / 0.1;
      if (vehicle->way.motion == BOLO_DRIVE_MOTION_PARKED && k > 0)
        g_assert_cmpfloat (speed_mps, ==, 0);
      /* Far away the companions hurry: nobody sees them. */
      if (k > 1 && fabs (pose.along_m - ego.along_m) < 60)
        g_assert_cmpfloat (fabs (speed_mps - before_mps), <, 2.5);
      before_m = pose.along_m;
      before_mps = speed_mps;
    }
  }
}

/* In sight, no two vehicles in the same place, and none in ours. */
static void
test_apart (void)
{
  for (guint32 seed = 20; seed < 24; seed++) {
    g_autoptr (BoloDriveScenario) scenario = drive_test_load (seed);
    g_autoptr (BoloDrive) drive = make_drive (scenario);
    guint n = drive->traffic->vehicles->len;
    for (guint k = 0; k < 240; k++) {
      double time_s = k * 0.25;
      BoloDriveEgo ego;
      BoloDrivePose poses[64];
      g_assert_cmpuint (n, <=, G_N_ELEMENTS (poses));
      bolo_drive_road_get_ego (drive->road, time_s, &ego);
      for (guint i = 0; i < n; i++) {
        bolo_drive_way_get_pose (&get_vehicle (drive, i)->way, &ego, time_s, &poses[i]);
        double ahead_m = fabs (poses[i].along_m - ego.along_m);
        double beside_m = fabs (poses[i].left_m - ego.left_m);
        g_assert_true (ahead_m > 4.2 || beside_m > 1.7);
        /* Parked ones can stand side by side, across. */
        double length_m =
          get_vehicle (drive, i)->way.motion == BOLO_DRIVE_MOTION_PARKED ? 2.2 : 4.5;
        for (guint j = 0; j < i; j++) {
          gboolean are_near = ahead_m < 40 &&
                              fabs (poses[i].along_m - poses[j].along_m) < length_m &&
                              fabs (poses[i].left_m - poses[j].left_m) < 1.2;
          g_assert_false (are_near);
        }
      }
    }
  }
}

static void
test_chosen (void)
{
  for (guint32 seed = 30; seed < 36; seed++) {
    g_autoptr (BoloDriveScenario) scenario = drive_test_load (seed);
    g_autoptr (BoloDrive) drive = make_drive (scenario);
    g_autoptr (GHashTable) marks = g_hash_table_new (g_str_hash, g_str_equal);
    guint n_by_wanted[5] = {0};
    guint n_by_syntax[BOLO_DRIVE_N_SYNTAXES] = {0};
    g_assert_cmpuint (drive->traffic->vehicles->len, ==, 40);
    for (guint i = 0; i < 40; i++) {
      const BoloDriveVehicle *vehicle = get_vehicle (drive, i);
      const BoloDriveMark *mark = &vehicle->plates[0].mark;
      guint best = 0;
      g_assert_true (g_hash_table_add (marks, (gpointer) mark->text));
      g_assert_cmpstr (mark->text, ==, vehicle->plates[1].mark.text);
      g_assert_true (vehicle->plates[1].is_rear && !vehicle->plates[0].is_rear);
      n_by_wanted[vehicle->wanted]++;
      n_by_syntax[mark->syntax]++;
      for (guint k = 0; k < drive->passes->len; k++) {
        const BoloDrivePass *pass = &g_array_index (drive->passes, BoloDrivePass, k);
        if (pass->vehicle == i)
          best = MAX (best, pass->n_readable);
      }
      g_assert_cmpuint (best, >=, 4);
      if (vehicle->wanted != BOLO_DRIVE_WANTED_NONE)
        g_assert_cmpuint (best, >=, 6);
    }
    g_assert_cmpuint (n_by_wanted[BOLO_DRIVE_WANTED_OVERT], ==, 5);
    g_assert_cmpuint (n_by_wanted[BOLO_DRIVE_WANTED_COVERT], ==, 1);
    g_assert_cmpuint (n_by_wanted[BOLO_DRIVE_WANTED_WEEDED], ==, 1);
    g_assert_cmpuint (n_by_wanted[BOLO_DRIVE_WANTED_DECOY], ==, 3);
    for (guint i = 0; i < BOLO_DRIVE_N_SYNTAXES; i++)
      g_assert_cmpuint (n_by_syntax[i], >=, 1);
  }
}

/* A wanted one is there to be read within the first 15 seconds. */
static void
test_first_hit_soon (void)
{
  for (guint32 seed = 40; seed < 50; seed++) {
    g_autoptr (BoloDriveScenario) scenario = drive_test_load (seed);
    g_autoptr (BoloDrive) drive = make_drive (scenario);
    guint soonest = G_MAXUINT;
    for (guint k = 0; k < drive->passes->len; k++) {
      const BoloDrivePass *pass = &g_array_index (drive->passes, BoloDrivePass, k);
      if (get_vehicle (drive, pass->vehicle)->wanted == BOLO_DRIVE_WANTED_OVERT &&
          pass->n_readable >= 6)
        soonest = MIN (soonest, pass->first_frame);
    }
    g_assert_cmpuint (soonest, <, 15 * 15);
  }
}

/* Every seed makes a drive, also where chance at first leaves too little room (126 is one). */
static void
test_any_seed (void)
{
  static const guint32 seeds[] = {0, 1, 126, 4711, G_MAXINT32, G_MAXUINT32};
  for (guint i = 0; i < G_N_ELEMENTS (seeds); i++) {
    g_autoptr (BoloDriveScenario) scenario = drive_test_load (seeds[i]);
    g_autoptr (BoloDrive) drive = make_drive (scenario);
    g_assert_cmpuint (drive->traffic->vehicles->len, ==, 40);
  }
}

static void
test_too_many (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = drive_test_make_text ("vehicles=40", "vehicles=400", NULL);
  g_autoptr (BoloDriveScenario) scenario = bolo_drive_scenario_load_data (text, "t", 1, NULL);
  g_autoptr (BoloDrive) drive = bolo_drive_new (scenario, &error);
  g_assert_null (drive);
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "400 vehicles do not fit into 60 s"));
}

static void
test_too_many_wanted (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = drive_test_make_text ("overt=5", "overt=33", NULL);
  g_autoptr (BoloDriveScenario) scenario = bolo_drive_scenario_load_data (text, "t", 1, NULL);
  g_autoptr (BoloDrive) drive = bolo_drive_new (scenario, &error);
  g_assert_null (drive);
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "[wanted]"));
}

/* Is somebody close ahead in our lane? */
static gboolean
is_led (const GArray *slots, const BoloDriveRoad *road, double time_s)
{
  BoloDriveEgo ego;
  BoloDrivePose pose;

  bolo_drive_road_get_ego (road, time_s, &ego);
  for (guint i = 0; i < slots->len; i++) {
    const BoloDriveSlot *slot = &g_array_index (slots, BoloDriveSlot, i);
    bolo_drive_way_get_pose (&slot->way, &ego, time_s, &pose);
    if (slot->must_be && fabs (pose.left_m - ego.left_m) < 1 && pose.along_m > ego.along_m + 5 &&
        pose.along_m < ego.along_m + 25)
      return TRUE;
  }
  return FALSE;
}

/* The front camera has a plate before it but for the few seconds in which we change lanes. */
static void
test_led (void)
{
  for (guint32 seed = 30; seed < 36; seed++) {
    g_autoptr (BoloDriveScenario) scenario = drive_test_load (seed);
    g_autoptr (BoloDriveRoad) road = bolo_drive_road_new (scenario);
    g_autoptr (GArray) slots = bolo_drive_slots_find (scenario, road, 0);
    guint n_led = 0;

    for (guint k = 0; k < 600; k++)
      n_led += is_led (slots, road, k * 0.1);
    g_assert_cmpuint (n_led, >, 400);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drive/traffic/smooth", test_smooth);
  g_test_add_func ("/drive/traffic/apart", test_apart);
  g_test_add_func ("/drive/traffic/led", test_led);
  g_test_add_func ("/drive/traffic/chosen", test_chosen);
  g_test_add_func ("/drive/traffic/first-hit-soon", test_first_hit_soon);
  g_test_add_func ("/drive/traffic/any-seed", test_any_seed);
  g_test_add_func ("/drive/traffic/too-many", test_too_many);
  g_test_add_func ("/drive/traffic/too-many-wanted", test_too_many_wanted);
  return g_test_run ();
}
