/* bolo-drive-shot.c: what stands in a camera's picture at an instant, far things first
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-shot.h"

#include <math.h>
#include <string.h>

/* A plate seen flatter than this (cosine to its normal) is not one to read. */
#define FLATTEST 0.2
#define EDGE_PX 1.0

void
bolo_drive_shot_init (BoloDriveShot *self)
{
  memset (self, 0, sizeof *self);
  self->seen = g_array_new (FALSE, TRUE, sizeof (BoloDriveSeen));
}

void
bolo_drive_shot_clear (BoloDriveShot *self)
{
  g_clear_pointer (&self->seen, g_array_unref);
}

static double
cross (const double a[2], const double b[2], const double c[2])
{
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

static int
compare_points (gconstpointer a, gconstpointer b)
{
  const double *p = a;
  const double *q = b;
  if (p[0] != q[0])
    return p[0] < q[0] ? -1 : 1;
  return (p[1] > q[1]) - (p[1] < q[1]);
}

/* Monotone chain; @hull has room for BOLO_DRIVE_HULL_MAX. */
static guint
make_hull (double (*points)[2], guint n, double (*hull)[2])
{
  guint k = 0;

  if (n < 3)
    return 0;
  qsort (points, n, sizeof *points, compare_points);
  for (guint i = 0; i < n; i++) {
    while (k >= 2 && cross (hull[k - 2], hull[k - 1], points[i]) <= 0)
      k--;
    hull[k][0] = points[i][0];
    hull[k++][1] = points[i][1];
  }
  guint lower = k + 1;
  for (guint i = n - 1; i-- > 0;) {
    while (k >= lower && cross (hull[k - 2], hull[k - 1], points[i]) <= 0)
      k--;
    hull[k][0] = points[i][0];
    hull[k++][1] = points[i][1];
  }
  return k - 1;
}

static void
find_hull (BoloDriveSeen *seen, const BoloDriveView *view)
{
  const BoloDriveBody *body = bolo_drive_body_get (seen->vehicle->make->body);
  double points[BOLO_DRIVE_N_RIBS * 2][2];
  double hull[BOLO_DRIVE_N_RIBS * 4][2];
  guint n = 0;

  for (guint rib = 0; rib < BOLO_DRIVE_N_RIBS; rib++) {
    for (int side = -1; side <= 1; side += 2) {
      BoloDrivePoint point = bolo_drive_body_map_rib (body, &seen->frame, rib, side);
      if (bolo_drive_view_project (view, &point, &points[n][0], &points[n][1], NULL))
        n++;
    }
  }
  seen->n_hull = MIN (make_hull (points, n, hull), BOLO_DRIVE_HULL_MAX);
  memcpy (seen->hull, hull, seen->n_hull * sizeof *hull);
}

/* Two convex outlines apart: some edge of one has the other wholly on its far side. */
static gboolean
has_parting_edge (const double (*a)[2], guint n_a, const double (*b)[2], guint n_b, double turn)
{
  for (guint i = 0; i < n_a; i++) {
    gboolean is_parting = TRUE;
    for (guint k = 0; k < n_b && is_parting; k++)
      is_parting = turn * cross (a[i], a[(i + 1) % n_a], b[k]) < 0;
    if (is_parting)
      return TRUE;
  }
  return FALSE;
}

static gboolean
overlap (const BoloDriveSeen *before, const double corners[4][2])
{
  if (before->n_hull < 3)
    return FALSE;
  /* Both run the same way round in the picture: clockwise seen, y down. */
  return !has_parting_edge (before->hull, before->n_hull, corners, 4, 1) &&
         !has_parting_edge (corners, 4, before->hull, before->n_hull, 1);
}

static gboolean
get_corners (const BoloDriveSeen *seen,
             const BoloDriveFrame *frame,
             const BoloDriveView *view,
             double corners[4][2])
{
  const BoloDriveBody *body = bolo_drive_body_get (seen->vehicle->make->body);
  BoloDrivePoint points[4];
  double width_mm;
  double height_mm;

  bolo_drive_plate_get_size (&seen->vehicle->plates[seen->is_rear], &width_mm, &height_mm);
  bolo_drive_body_get_plate (body, frame, seen->is_rear, width_mm, height_mm, points);
  for (guint i = 0; i < 4; i++) {
    if (!bolo_drive_view_project (view, &points[i], &corners[i][0], &corners[i][1], NULL))
      return FALSE;
  }
  return TRUE;
}

static gboolean
faces_eye (const BoloDriveSeen *seen, const BoloDriveView *view, gboolean is_rear)
{
  const BoloDriveBody *body = bolo_drive_body_get (seen->vehicle->make->body);
  double sign = is_rear ? -1 : 1;
  BoloDrivePoint at =
    bolo_drive_frame_map (&seen->frame, sign * body->length / 2, 0, body->rear_plate_up);
  double x = view->eye.x - at.x;
  double y = view->eye.y - at.y;
  double along = sign * (x * seen->frame.cosine + y * seen->frame.sine);

  return along > FLATTEST * hypot (x, y);
}

static void
find_plate (BoloDriveSeen *seen, const BoloDriveView *view)
{
  seen->has_plate = FALSE;
  for (int is_rear = 0; is_rear <= 1; is_rear++) {
    if (!faces_eye (seen, view, is_rear))
      continue;
    seen->is_rear = is_rear;
    seen->has_plate = get_corners (seen, &seen->frame, view, seen->corners);
    break;
  }
  if (!seen->has_plate)
    return;
  seen->plate_width_px =
    (hypot (seen->corners[1][0] - seen->corners[0][0], seen->corners[1][1] - seen->corners[0][1]) +
     hypot (seen->corners[2][0] - seen->corners[3][0], seen->corners[2][1] - seen->corners[3][1])) /
    2;
  seen->is_whole = TRUE;
  for (guint i = 0; i < 4; i++) {
    if (seen->corners[i][0] < EDGE_PX || seen->corners[i][0] > view->width - EDGE_PX ||
        seen->corners[i][1] < EDGE_PX || seen->corners[i][1] > view->height - EDGE_PX)
      seen->is_whole = FALSE;
  }
}

static int
compare_distance (gconstpointer a, gconstpointer b)
{
  double distance_a = ((const BoloDriveSeen *) a)->distance_m;
  double distance_b = ((const BoloDriveSeen *) b)->distance_m;
  return (distance_a < distance_b) - (distance_a > distance_b);
}

/* At least partly before the camera and inside its angle. */
static gboolean
is_in_view (const BoloDriveSeen *seen, const BoloDriveView *view)
{
  double low = G_MAXDOUBLE;
  double high = -G_MAXDOUBLE;
  for (guint i = 0; i < seen->n_hull; i++) {
    low = MIN (low, seen->hull[i][0]);
    high = MAX (high, seen->hull[i][0]);
  }
  return seen->n_hull >= 3 && high > 0 && low < view->width;
}

void
bolo_drive_shot_take (BoloDriveShot *self,
                      const BoloDriveView *view,
                      const BoloDriveRoad *road,
                      const BoloDriveTraffic *traffic,
                      double time_s)
{
  g_return_if_fail (self != NULL && view != NULL && traffic != NULL);
  const GArray *vehicles = traffic->vehicles;

  self->time_s = time_s;
  bolo_drive_road_get_ego (road, time_s, &self->ego);
  g_array_set_size (self->seen, 0);
  for (guint i = 0; i < vehicles->len; i++) {
    BoloDriveSeen seen = {0};
    BoloDrivePose pose;
    seen.index = i;
    seen.vehicle = &g_array_index (vehicles, BoloDriveVehicle, i);
    bolo_drive_way_get_pose (&seen.vehicle->way, &self->ego, time_s, &pose);
    if (fabs (pose.along_m - self->ego.along_m) > BOLO_DRIVE_SIGHT_M)
      continue;
    bolo_drive_frame_init (&seen.frame, &self->ego, &pose);
    seen.distance_m = hypot (seen.frame.x - view->eye.x, seen.frame.y - view->eye.y);
    find_hull (&seen, view);
    if (!is_in_view (&seen, view))
      continue;
    find_plate (&seen, view);
    g_array_append_val (self->seen, seen);
  }
  g_array_sort (self->seen, compare_distance);
  for (guint i = 0; i < self->seen->len; i++) {
    BoloDriveSeen *seen = &g_array_index (self->seen, BoloDriveSeen, i);
    for (guint k = i + 1; k < self->seen->len && seen->has_plate && seen->is_whole; k++) {
      if (overlap (&g_array_index (self->seen, BoloDriveSeen, k), seen->corners))
        seen->is_whole = FALSE;
    }
  }
}

gboolean
bolo_drive_seen_is_readable (const BoloDriveSeen *seen)
{
  return seen->has_plate && seen->is_whole && seen->plate_width_px >= BOLO_DRIVE_READABLE_PX;
}

gboolean
bolo_drive_seen_get_corners_at (const BoloDriveSeen *seen,
                                const BoloDriveView *view,
                                const BoloDriveRoad *road,
                                double time_s,
                                double corners[4][2])
{
  BoloDriveEgo ego;
  BoloDrivePose pose;
  BoloDriveFrame frame;

  bolo_drive_road_get_ego (road, time_s, &ego);
  bolo_drive_way_get_pose (&seen->vehicle->way, &ego, time_s, &pose);
  bolo_drive_frame_init (&frame, &ego, &pose);
  return get_corners (seen, &frame, view, corners);
}
