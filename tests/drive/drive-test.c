/* drive-test.c: scenarios that the tests of drive share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "drive-test.h"

static const char *const text = "[drive]\n"
                                "title=A test\n"
                                "start=2026-03-14T17:40:00Z\n"
                                "duration_s=60\n"
                                "width=1280\n"
                                "height=720\n"
                                "rate=15\n"
                                "[traffic]\n"
                                "vehicles=40\n"
                                "phases=overtaking:20;town:20;overtaken:20\n"
                                "light=day:32;dusk:12;night:16\n"
                                "[wanted]\n"
                                "overt=5\n"
                                "covert=1\n"
                                "weeded=1\n"
                                "decoys=3\n"
                                "other_rows=50\n"
                                "[camera front]\n"
                                "view_deg=40\n"
                                "[camera oncoming]\n"
                                "role=oncoming\n"
                                "spectrum=infrared\n"
                                "overview=front\n"
                                "heading_deg=14\n"
                                "view_deg=25\n"
                                "left_m=-0.4\n"
                                "[camera left]\n"
                                "role=parked\n"
                                "heading_deg=-60\n"
                                "view_deg=60\n"
                                "left_m=0.8\n"
                                "[camera rear]\n"
                                "heading_deg=180\n"
                                "forward_m=-1.2\n"
                                "view_deg=40\n";

static const char *const short_text = "[drive]\n"
                                      "duration_s=4\n"
                                      "width=640\n"
                                      "height=360\n"
                                      "rate=10\n"
                                      "[traffic]\n"
                                      "vehicles=2\n"
                                      "phases=overtaking:4\n"
                                      "light=day:4\n"
                                      "[wanted]\n"
                                      "overt=1\n"
                                      "covert=0\n"
                                      "weeded=0\n"
                                      "decoys=0\n"
                                      "other_rows=4\n"
                                      "[camera front]\n"
                                      "view_deg=22\n"
                                      "[camera rear]\n"
                                      "heading_deg=180\n"
                                      "forward_m=-1.2\n"
                                      "view_deg=22\n"
                                      "spectrum=infrared\n"
                                      "overview=front\n";

char *
drive_test_make_text (const char *first, ...)
{
  GString *made = g_string_new (text);
  va_list pairs;

  va_start (pairs, first);
  for (const char *old = first; old != NULL; old = va_arg (pairs, const char *)) {
    const char *new = va_arg (pairs, const char *);
    g_assert_cmpuint (g_string_replace (made, old, new, 1), ==, 1);
  }
  va_end (pairs);
  return g_string_free (made, FALSE);
}

static BoloDriveScenario *
load (const char *from, guint32 seed)
{
  g_autoptr (GError) error = NULL;
  BoloDriveScenario *scenario = bolo_drive_scenario_load_data (from, "test.ini", seed, &error);

  g_assert_no_error (error);
  g_assert_nonnull (scenario);
  return scenario;
}

BoloDriveScenario *
drive_test_load (guint32 seed)
{
  return load (text, seed);
}

BoloDriveScenario *
drive_test_load_short (guint32 seed)
{
  return load (short_text, seed);
}
