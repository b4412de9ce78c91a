/* bolo-camera-info.c: what a camera is and where it looks
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-camera-info.h"

#include <math.h>

static void
camera_info_clear (gpointer data)
{
  BoloCameraInfo *self = data;

  g_free (self->name);
  g_free (self->title);
  g_free (self->looks);
  g_free (self->mounting);
  g_free (self->overview);
}

BoloCameraInfo *
bolo_camera_info_new (const char *name)
{
  BoloCameraInfo *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_atomic_rc_box_new0 (BoloCameraInfo);
  self->name = g_strdup (name);
  self->title = g_strdup (name);
  self->heading_deg = NAN;
  return self;
}

BoloCameraInfo *
bolo_camera_info_ref (const BoloCameraInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire ((BoloCameraInfo *) self);
}

void
bolo_camera_info_unref (const BoloCameraInfo *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full ((BoloCameraInfo *) self, camera_info_clear);
}

const char *
bolo_camera_role_to_string (BoloCameraRole role)
{
  switch (role) {
  case BOLO_CAMERA_ROLE_LANE:
    return "lane";
  case BOLO_CAMERA_ROLE_ONCOMING:
    return "oncoming";
  case BOLO_CAMERA_ROLE_PARKED:
    return "parked";
  case BOLO_CAMERA_ROLE_OVERVIEW:
    return "overview";
  default:
    g_return_val_if_reached (NULL);
  }
}
