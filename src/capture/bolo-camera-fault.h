/* bolo-camera-fault.h: puts what GStreamer says of a failed source into one sentence and a remedy
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-camera-config.h"

G_BEGIN_DECLS

/* BoloCameraFault: why a source does not work. Plain data; sentences hold no credentials. */
typedef struct {
  char *detail;
  char *remedy;
} BoloCameraFault;

BoloCameraFault *bolo_camera_fault_new (const char *detail, const char *remedy);
void bolo_camera_fault_free (BoloCameraFault *self);
/* From a GStreamer @error of a source of @config. */
BoloCameraFault *bolo_camera_fault_new_from_error (const BoloCameraConfig *config,
                                                   const GError *error);
/* A live source that closed by itself. */
BoloCameraFault *bolo_camera_fault_new_closed (const BoloCameraConfig *config);
BoloCameraFault *bolo_camera_fault_new_frozen (const BoloCameraConfig *config, double silent_s);
/* Opened, but never gave a frame. */
BoloCameraFault *bolo_camera_fault_new_silent (const BoloCameraConfig *config);
/* A clip that ends before its header says so; @length_ms 0 when not even that is known. */
BoloCameraFault *
bolo_camera_fault_new_torn (const BoloCameraConfig *config, gint64 end_ms, gint64 length_ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloCameraFault, bolo_camera_fault_free)

G_END_DECLS
