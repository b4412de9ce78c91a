/* bolo-drive-traffic.h: who else is on the road, and how each moves
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-body.h"
#include "bolo-drive-plate.h"
#include "bolo-drive-road.h"
#include "bolo-drive-way.h"

G_BEGIN_DECLS

/* Beyond this a vehicle is a few pixels: not drawn. */
#define BOLO_DRIVE_SIGHT_M 170.0

typedef enum {
  BOLO_DRIVE_WANTED_NONE,
  BOLO_DRIVE_WANTED_OVERT,
  BOLO_DRIVE_WANTED_COVERT,
  BOLO_DRIVE_WANTED_WEEDED,
  BOLO_DRIVE_WANTED_DECOY,
} BoloDriveWanted;

/* Make, model and colour as a list would give them. */
typedef struct {
  const char *make;
  const char *model;
  BoloDriveBodyKind body;
} BoloDriveMake;

typedef struct {
  const char *name;
  double red;
  double green;
  double blue;
} BoloDrivePaint;

typedef struct {
  char id[12]; /* "v017" */
  BoloDriveWay way;
  const BoloDriveMake *make;
  const BoloDrivePaint *paint;
  BoloDrivePlateStyle plates[2]; /* front, rear */
  BoloDriveWanted wanted;
  const char *list; /* (nullable): name of the list that wants it */
  guint32 seed;
  double meeting_s; /* about when it is seen first */
  gboolean must_be; /* long in view: keeps the cameras busy */
} BoloDriveVehicle;

/* BoloDriveTraffic: all of a drive. Read-only after it is made; any thread. */
typedef struct {
  GArray *vehicles; /* of BoloDriveVehicle, in order of their first meeting */
} BoloDriveTraffic;

/* Everyone whom the road has room for, not yet numbered nor given marks. Chance can leave room for
 * fewer than are wanted: try another @attempt then. */
BoloDriveTraffic *bolo_drive_traffic_new (const BoloDriveScenario *scenario,
                                          const BoloDriveRoad *road,
                                          guint attempt);
/* Keeps as many as the scenario asks for of those with @is_readable (an entry a vehicle) and gives
 * them their numbers and marks. BOLO_ERROR_INVALID_DATA when there are too few. */
gboolean bolo_drive_traffic_choose (BoloDriveTraffic *self,
                                    const BoloDriveScenario *scenario,
                                    const gboolean *is_readable,
                                    GError **error);
void bolo_drive_traffic_free (BoloDriveTraffic *self);
/* Gives both plates of the vehicle another mark. */
void bolo_drive_vehicle_set_mark (BoloDriveVehicle *self, const BoloDriveMark *mark);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloDriveTraffic, bolo_drive_traffic_free)

G_END_DECLS
