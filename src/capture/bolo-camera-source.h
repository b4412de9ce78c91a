/* bolo-camera-source.h: the GStreamer elements that a kind of camera begins with
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gst/gst.h>

#include "bolo-camera-config.h"
#include "bolo-camera-fault.h"

G_BEGIN_DECLS

/* Adds the source of @config to @pipeline and links it with @decoder's sink (RTSP: once it tells
 * its streams). NULL when all is well, else why not (transfer full). Camera's worker. */
BoloCameraFault *
bolo_camera_source_add (GstBin *pipeline, GstElement *decoder, const BoloCameraConfig *config);
/* Lets a source that was held back begin; call when all behind it is awake. Camera's worker. */
void bolo_camera_source_release (GstBin *pipeline);
/* What is asked of a libcamera or V4L2 device, the best first. (transfer full) */
GstCaps *bolo_camera_source_make_caps (const BoloCameraConfig *config);

G_END_DECLS
