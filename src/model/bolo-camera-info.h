/* bolo-camera-info.h: what a camera is and where it looks
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What it is for; oncoming traffic needs the most looks a second. */
typedef enum {
  BOLO_CAMERA_ROLE_LANE,
  BOLO_CAMERA_ROLE_ONCOMING,
  BOLO_CAMERA_ROLE_PARKED,
  BOLO_CAMERA_ROLE_OVERVIEW, /* not read; gives overviews only */
} BoloCameraRole;

/* BoloCameraInfo: immutable, counted. */
typedef struct {
  char *name;     /* "front-left": letters, digits, '-' */
  char *title;    /* for the screen: "Front left" */
  char *looks;    /* "front", "rear", "left", "right", "front-left", … */
  char *mounting; /* (nullable) free text */
  BoloCameraRole role;
  gboolean is_infrared;
  double heading_deg; /* against the car's nose; NaN when not said */
  char *overview;     /* (nullable): paired camera whose nearest frame is the overview */
} BoloCameraInfo;

BoloCameraInfo *bolo_camera_info_new (const char *name);
BoloCameraInfo *bolo_camera_info_ref (const BoloCameraInfo *self);
void bolo_camera_info_unref (const BoloCameraInfo *self);
const char *bolo_camera_role_to_string (BoloCameraRole role);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloCameraInfo, bolo_camera_info_unref)

G_END_DECLS
