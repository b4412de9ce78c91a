/* bolo-drive-scenario.h: what is to be driven: a documented key file, loaded and checked
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the car does for a while. */
typedef enum {
  BOLO_DRIVE_PHASE_OVERTAKING, /* fast in the middle lane: slower ones left, oncoming ones right */
  BOLO_DRIVE_PHASE_OVERTAKEN,  /* left lane: faster ones pass */
  BOLO_DRIVE_PHASE_TOWN,       /* slow along parked rows, with a stop */
} BoloDrivePhase;

typedef enum {
  BOLO_DRIVE_LIGHT_DAY,
  BOLO_DRIVE_LIGHT_DUSK,
  BOLO_DRIVE_LIGHT_NIGHT,
} BoloDriveLight;

/* A stretch of the drive, from the end of the one before. */
typedef struct {
  int kind; /* BoloDrivePhase or BoloDriveLight */
  double start_s;
  double end_s;
} BoloDriveStretch;

/* A camera and how it is fixed to the car. */
typedef struct {
  char *name;
  char *title;
  char *looks;
  char *role;
  char *overview; /* (nullable) */
  gboolean is_infrared;
  double heading_deg; /* clockwise from the nose */
  double view_deg;    /* horizontal angle of view */
  double forward_m;   /* from the middle of the car */
  double left_m;
  double height_m;
  double horizon; /* where the horizon stands, 0 top to 1 bottom of the picture */
} BoloDriveCamera;

/* BoloDriveScenario: immutable after load; any thread may read it. */
typedef struct {
  char *title;
  gint64 start_us; /* UTC */
  guint32 seed;
  double duration_s;
  guint n_vehicles;
  int width;
  int height;
  int rate; /* frames a second */
  double latitude_deg;
  double longitude_deg;
  double heading_deg;
  guint n_overt;
  guint n_covert;
  guint n_weeded;
  guint n_decoys;
  guint n_other_rows; /* a list's rows whose vehicles are elsewhere */
  GPtrArray *cameras; /* of BoloDriveCamera */
  GArray *phases;     /* of BoloDriveStretch */
  GArray *lights;     /* of BoloDriveStretch */
} BoloDriveScenario;

/* BOLO_ERROR_INVALID_DATA names file, line and key. A @seed >= 0 replaces the file's. */
BoloDriveScenario *bolo_drive_scenario_load (const char *path, gint64 seed, GError **error);
BoloDriveScenario *
bolo_drive_scenario_load_data (const char *text, const char *name, gint64 seed, GError **error);
void bolo_drive_scenario_free (BoloDriveScenario *self);
guint bolo_drive_scenario_get_n_frames (const BoloDriveScenario *self);
/* The stretch in which @time_s lies. */
const BoloDriveStretch *bolo_drive_scenario_find (const GArray *stretches, double time_s);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloDriveScenario, bolo_drive_scenario_free)

G_END_DECLS
