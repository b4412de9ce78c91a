/* bolo-drive-sensor.h: from painted colours to what a camera's chip gives: I420 with noise
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-light.h"

G_BEGIN_DECLS

/* BoloDriveSensor: noise made once. Immutable, any thread. */
typedef struct _BoloDriveSensor BoloDriveSensor;

BoloDriveSensor *bolo_drive_sensor_new (guint32 seed);
void bolo_drive_sensor_free (BoloDriveSensor *self);
/* Bytes of an I420 picture, planes one after the other, rows without gaps. */
gsize bolo_drive_sensor_get_size (int width, int height);
/* @pixels: 4 bytes each (blue, green, red, -); @frame chooses the noise. */
void bolo_drive_sensor_expose (const BoloDriveSensor *self,
                               const guint8 *pixels,
                               int width,
                               int height,
                               const BoloDriveLighting *lighting,
                               guint32 frame,
                               guint8 *i420);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloDriveSensor, bolo_drive_sensor_free)

G_END_DECLS
