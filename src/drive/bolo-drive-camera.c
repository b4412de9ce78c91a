/* bolo-drive-camera.c: renders one camera's frames
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-camera.h"

#include <math.h>

#include "bolo-drive-car.h"
#include "bolo-drive-light.h"
#include "bolo-drive-sensor.h"
#include "bolo-drive-warp.h"

/* A plate narrower than this is not drawn: its colour is a pixel or two. */
#define NARROWEST_PX 4.0

/* A plate's picture is made when it comes into view and let go when it is gone for so long:
 * hundreds of them would fill a gigabyte. */
#define KEEP_FRAMES 30

struct _BoloDriveCameraman {
  const BoloDriveScenario *scenario;
  const BoloDriveCamera *camera;
  const BoloDriveRoad *road;
  const BoloDriveTraffic *traffic;
  BoloOutlines *outlines;
  guint n_plates;
  BoloDrivePlate **plates; /* (owned) front and rear of each vehicle, NULL when out of view */
  guint *seen_frames;      /* (owned) when each was last in view */
  BoloDriveView view;
  BoloDriveShot shot;
  const BoloDriveScenery *scenery;
  BoloDriveSensor *sensor; /* (owned) */
  cairo_surface_t *canvas; /* (owned) */
  guint8 *i420;            /* (owned) */
};

BoloDriveCameraman *
bolo_drive_cameraman_new (const BoloDriveScenario *scenario,
                          const BoloDriveRoad *road,
                          const BoloDriveTraffic *traffic,
                          BoloOutlines *outlines,
                          const BoloDriveScenery *scenery,
                          guint camera)
{
  g_return_val_if_fail (scenario != NULL && camera < scenario->cameras->len, NULL);
  BoloDriveCameraman *self = g_new0 (BoloDriveCameraman, 1);

  self->scenario = scenario;
  self->camera = g_ptr_array_index (scenario->cameras, camera);
  self->road = road;
  self->traffic = traffic;
  self->outlines = outlines;
  self->n_plates = traffic->vehicles->len * 2;
  self->plates = g_new0 (BoloDrivePlate *, self->n_plates);
  self->seen_frames = g_new0 (guint, self->n_plates);
  bolo_drive_view_init (&self->view, scenario, self->camera);
  bolo_drive_shot_init (&self->shot);
  self->scenery = scenery;
  self->sensor = bolo_drive_sensor_new (scenario->seed + camera * 7919);
  self->canvas = cairo_image_surface_create (CAIRO_FORMAT_RGB24, scenario->width, scenario->height);
  self->i420 = g_malloc (bolo_drive_sensor_get_size (scenario->width, scenario->height));
  return self;
}

void
bolo_drive_cameraman_free (BoloDriveCameraman *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_plates; i++)
    bolo_drive_plate_free (self->plates[i]);
  g_free (self->plates);
  g_free (self->seen_frames);
  bolo_drive_shot_clear (&self->shot);
  g_clear_pointer (&self->sensor, bolo_drive_sensor_free);
  cairo_surface_destroy (self->canvas);
  g_free (self->i420);
  g_free (self);
}

static void
light_plate (const BoloDriveSeen *seen,
             const BoloDrivePlate *plate,
             const BoloDriveLighting *lighting,
             BoloDrivePlateLight *light)
{
  float reach = bolo_drive_lighting_get_reach (lighting, seen->distance_m);
  /* Sheeting throws our own lamps' light back where it came from; paint does not. */
  float back = plate->is_reflecting ? 2.2f * reach : 0.45f * reach;
  float least = lighting->plate;

  if (lighting->is_infrared)
    least = plate->is_reflecting ? lighting->plate : lighting->ambient[0] + 0.25f;
  for (guint c = 0; c < 3; c++) {
    float gain = MAX (least, lighting->ambient[c]) + (lighting->is_infrared ? 0 : back);
    light->gain[c] = MIN (gain, 1.0f);
    light->glare[c] = !seen->is_rear && seen->vehicle->way.motion != BOLO_DRIVE_MOTION_PARKED
                        ? 22 * MAX (lighting->lamps - 0.2f, 0)
                        : 0;
    if (lighting->is_infrared)
      light->glare[c] /= 4;
  }
  light->is_grey = lighting->is_infrared;
}

static const BoloDrivePlate *
get_plate (BoloDriveCameraman *self, const BoloDriveSeen *seen, guint frame)
{
  guint index = seen->index * 2 + seen->is_rear;

  if (self->plates[index] == NULL)
    self->plates[index] =
      bolo_drive_plate_new (&seen->vehicle->plates[seen->is_rear], self->outlines);
  self->seen_frames[index] = frame;
  return self->plates[index];
}

static void
drop_plates (BoloDriveCameraman *self, guint frame)
{
  for (guint i = 0; i < self->n_plates; i++) {
    if (self->plates[i] != NULL && frame > self->seen_frames[i] + KEEP_FRAMES)
      g_clear_pointer (&self->plates[i], bolo_drive_plate_free);
  }
}

static void
draw_plate (BoloDriveCameraman *self,
            const BoloDriveSeen *seen,
            const BoloDriveLighting *lighting,
            guint frame)
{
  const BoloDrivePlate *plate = get_plate (self, seen, frame);
  double corners[BOLO_DRIVE_WARP_MAX_SHUTTER][4][2];
  double ends[2][4][2];
  double half_s = lighting->exposure_s / 2;
  BoloDrivePlateLight light;
  guint n_shutter = 1;

  if (!bolo_drive_seen_get_corners_at (seen, &self->view, self->road, self->shot.time_s - half_s,
                                       ends[0]) ||
      !bolo_drive_seen_get_corners_at (seen, &self->view, self->road, self->shot.time_s + half_s,
                                       ends[1]))
    return;
  double moved = hypot (ends[1][0][0] - ends[0][0][0], ends[1][0][1] - ends[0][0][1]);
  n_shutter = (guint) CLAMP (ceil (moved * 1.5), 1, BOLO_DRIVE_WARP_MAX_SHUTTER);
  /* Within the shutter's time the movement is straight and even. */
  for (guint i = 0; i < n_shutter; i++) {
    double part = (i + 0.5) / n_shutter;
    for (guint k = 0; k < 4; k++) {
      for (guint axis = 0; axis < 2; axis++)
        corners[i][k][axis] = ends[0][k][axis] + part * (ends[1][k][axis] - ends[0][k][axis]);
    }
  }
  light_plate (seen, plate, lighting, &light);
  bolo_drive_warp_plate (cairo_image_surface_get_data (self->canvas), self->view.width,
                         self->view.height, plate, (const double (*)[4][2]) corners, n_shutter,
                         &light);
}

/* Near infra-red has no colours: what was painted becomes grey. */
static void
make_grey (guint8 *pixels, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    guint8 *p = pixels + i * 4;
    p[0] = p[1] = p[2] = (guint8) ((p[0] + 2 * p[1] + p[2]) / 4);
  }
}

const guint8 *
bolo_drive_cameraman_render (BoloDriveCameraman *self, guint frame)
{
  g_return_val_if_fail (self != NULL, NULL);
  double time_s = (double) frame / self->scenario->rate;
  BoloDriveLighting lighting;

  bolo_drive_lighting_get (self->scenario, self->camera, time_s, &lighting);
  bolo_drive_shot_take (&self->shot, &self->view, self->road, self->traffic, time_s);
  cairo_surface_flush (self->canvas);
  guint8 *pixels = cairo_image_surface_get_data (self->canvas);
  bolo_drive_scenery_paint (self->scenery, pixels, &self->view, self->road, &self->shot.ego,
                            &lighting);
  if (lighting.is_infrared)
    make_grey (pixels, (gsize) self->view.width * self->view.height);
  cairo_surface_mark_dirty (self->canvas);
  cairo_t *cr = cairo_create (self->canvas);
  for (guint i = 0; i < self->shot.seen->len; i++) {
    const BoloDriveSeen *seen = &g_array_index (self->shot.seen, BoloDriveSeen, i);
    bolo_drive_car_paint (cr, seen, &self->view, &lighting);
    if (seen->has_plate && seen->plate_width_px > NARROWEST_PX) {
      cairo_surface_flush (self->canvas);
      draw_plate (self, seen, &lighting, frame);
      cairo_surface_mark_dirty (self->canvas);
    }
    bolo_drive_car_paint_glare (cr, seen, &self->view, &lighting);
  }
  cairo_destroy (cr);
  cairo_surface_flush (self->canvas);
  drop_plates (self, frame);
  bolo_drive_sensor_expose (self->sensor, pixels, self->view.width, self->view.height, &lighting,
                            frame, self->i420);
  return self->i420;
}
