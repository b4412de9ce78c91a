/* bolo-drive-truth.c: what can be read where and when, exactly, from the geometry
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-truth.h"

#include <math.h>
#include <string.h>

#define NO_PASS G_MAXUINT

static const char *const wanted_names[] = {"none", "overt", "covert", "weeded", "decoy"};
static const char *const light_names[] = {"day", "dusk", "night"};

/* The pass that a vehicle is in before one camera. */
typedef struct {
  guint pass; /* index, NO_PASS if none */
  guint seen_frame;
} Current;

static void
note_readable (
  GArray *passes, Current *current, const BoloDriveSeen *seen, guint camera, guint frame)
{
  if (current->pass == NO_PASS) {
    BoloDrivePass pass = {0};
    pass.vehicle = seen->index;
    pass.camera = camera;
    pass.first_frame = frame;
    pass.is_rear = seen->is_rear;
    current->pass = passes->len;
    g_array_append_val (passes, pass);
  }
  BoloDrivePass *pass = &g_array_index (passes, BoloDrivePass, current->pass);
  pass->last_frame = frame;
  pass->n_readable++;
  if (seen->plate_width_px > pass->best_width_px) {
    pass->best_width_px = seen->plate_width_px;
    pass->best_frame = frame;
    memcpy (pass->best_corners, seen->corners, sizeof pass->best_corners);
  }
}

static void
find_for_camera (const BoloDriveScenario *scenario,
                 const BoloDriveRoad *road,
                 const BoloDriveTraffic *traffic,
                 guint camera,
                 GArray *passes)
{
  guint n_frames = bolo_drive_scenario_get_n_frames (scenario);
  g_autofree Current *currents = g_new0 (Current, traffic->vehicles->len);
  BoloDriveView view;
  BoloDriveShot shot;

  for (guint i = 0; i < traffic->vehicles->len; i++)
    currents[i].pass = NO_PASS;
  bolo_drive_view_init (&view, scenario, g_ptr_array_index (scenario->cameras, camera));
  bolo_drive_shot_init (&shot);
  for (guint frame = 0; frame < n_frames; frame++) {
    bolo_drive_shot_take (&shot, &view, road, traffic, (double) frame / scenario->rate);
    for (guint i = 0; i < shot.seen->len; i++) {
      const BoloDriveSeen *seen = &g_array_index (shot.seen, BoloDriveSeen, i);
      Current *current = &currents[seen->index];
      if (!seen->has_plate || !seen->is_whole || seen->plate_width_px < BOLO_DRIVE_SEEN_PX)
        continue;
      /* Gone for a second: what comes then is another pass. */
      if (current->pass != NO_PASS && frame > current->seen_frame + (guint) scenario->rate)
        current->pass = NO_PASS;
      current->seen_frame = frame;
      if (bolo_drive_seen_is_readable (seen))
        note_readable (passes, current, seen, camera, frame);
    }
  }
  bolo_drive_shot_clear (&shot);
}

static int
compare_passes (gconstpointer a, gconstpointer b)
{
  const BoloDrivePass *p = a;
  const BoloDrivePass *q = b;
  if (p->first_frame != q->first_frame)
    return p->first_frame < q->first_frame ? -1 : 1;
  if (p->camera != q->camera)
    return p->camera < q->camera ? -1 : 1;
  return (p->vehicle > q->vehicle) - (p->vehicle < q->vehicle);
}

GArray *
bolo_drive_truth_find (const BoloDriveScenario *scenario,
                       const BoloDriveRoad *road,
                       const BoloDriveTraffic *traffic)
{
  g_return_val_if_fail (scenario != NULL && road != NULL && traffic != NULL, NULL);
  GArray *passes = g_array_new (FALSE, TRUE, sizeof (BoloDrivePass));

  for (guint camera = 0; camera < scenario->cameras->len; camera++)
    find_for_camera (scenario, road, traffic, camera, passes);
  g_array_sort (passes, compare_passes);
  return passes;
}

static gint64
get_ms (const BoloDriveScenario *scenario, guint frame)
{
  return ((gint64) frame * 1000 + scenario->rate / 2) / scenario->rate;
}

/* Numbers with a point whatever the locale. */
static void
append_number (GString *text, const char *before, const char *format, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append (text, before);
  g_string_append (text, g_ascii_formatd (buffer, sizeof buffer, format, value));
}

static void
append_pass (GString *text,
             const BoloDrivePass *pass,
             const BoloDriveScenario *scenario,
             const BoloDriveRoad *road,
             const BoloDriveTraffic *traffic)
{
  const BoloDriveVehicle *vehicle =
    &g_array_index (traffic->vehicles, BoloDriveVehicle, pass->vehicle);
  const BoloDriveCamera *camera = g_ptr_array_index (scenario->cameras, pass->camera);
  const BoloDrivePlateStyle *style = &vehicle->plates[pass->is_rear];
  double first_s = (double) pass->first_frame / scenario->rate;
  double latitude;
  double longitude;
  gboolean is_listed = vehicle->list != NULL && vehicle->wanted != BOLO_DRIVE_WANTED_DECOY;

  bolo_drive_road_get_place (road, first_s, &latitude, &longitude);
  g_string_append_printf (
    text,
    "{\"vehicle\":\"%s\",\"camera\":\"%s\",\"plate\":\"%s\",\"first_ms\":%" G_GINT64_FORMAT
    ",\"last_ms\":%" G_GINT64_FORMAT ",\"first_frame\":%u,\"last_frame\":%u,\"frames\":%u"
    ",\"readable_ms\":%" G_GINT64_FORMAT,
    vehicle->id, camera->name, style->mark.text, get_ms (scenario, pass->first_frame),
    get_ms (scenario, pass->last_frame), pass->first_frame, pass->last_frame, pass->n_readable,
    get_ms (scenario, pass->first_frame));
  append_number (text, ",\"lat\":", "%.7f", latitude);
  append_number (text, ",\"lon\":", "%.7f", longitude);
  g_string_append_printf (text, ",\"wanted\":\"%s\"", wanted_names[vehicle->wanted]);
  if (is_listed)
    g_string_append_printf (text, ",\"list\":\"%s\",\"kind\":\"%s\"", vehicle->list, vehicle->list);
  else
    g_string_append (text, ",\"list\":null,\"kind\":null");
  g_string_append_printf (text,
                          ",\"scene\":\"%s\",\"side\":\"%s\",\"lines\":%d,\"best_frame\":%u,\"best_"
                          "ms\":%" G_GINT64_FORMAT,
                          light_names[bolo_drive_scenario_find (scenario->lights, first_s)->kind],
                          pass->is_rear ? "rear" : "front", style->is_two_line ? 2 : 1,
                          pass->best_frame, get_ms (scenario, pass->best_frame));
  append_number (text, ",\"best_width_px\":", "%.1f", pass->best_width_px);
  g_string_append (text, ",\"corners_at_best\":[");
  for (guint i = 0; i < 4; i++) {
    append_number (text, i == 0 ? "[" : ",[", "%.2f", pass->best_corners[i][0]);
    append_number (text, ",", "%.2f", pass->best_corners[i][1]);
    g_string_append_c (text, ']');
  }
  g_string_append (text, "]}\n");
}

char *
bolo_drive_truth_format (const GArray *passes,
                         const BoloDriveScenario *scenario,
                         const BoloDriveRoad *road,
                         const BoloDriveTraffic *traffic)
{
  g_return_val_if_fail (passes != NULL && scenario != NULL, NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < passes->len; i++)
    append_pass (text, &g_array_index (passes, BoloDrivePass, i), scenario, road, traffic);
  return g_string_free (text, FALSE);
}
