/* bolo-camera-tap.h: takes decoded buffers out of a pipeline as stamped frames
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gst/video/video.h>

#include "bolo-camera-feed.h"

G_BEGIN_DECLS

/* BoloCameraTap: sits on the pad behind the decoder. Made and freed by the pipeline's owner while
 * nothing streams; all else is the streaming threads'. */
typedef struct _BoloCameraTap BoloCameraTap;

/* @pipeline (transfer none): for its clock; must outlive the tap. */
BoloCameraTap *bolo_camera_tap_new (BoloCameraFeed *feed, GstElement *pipeline);
void bolo_camera_tap_free (BoloCameraTap *self);
/* Frames come from a small driver pool unless a decoder stands before us. */
void bolo_camera_tap_set_has_decoder (BoloCameraTap *self);

/* Stamps, paces, masks and hands over the reading frame of *@buffer, which it may replace by a
 * masked copy. FALSE: drop the buffer. */
gboolean bolo_camera_tap_take (BoloCameraTap *self, GstPad *pad, GstBuffer **buffer);
/* Whether the buffer taken last is to be scaled for the preview (rate, and whether one looks). */
gboolean bolo_camera_tap_wants_preview (BoloCameraTap *self);
/* Hands over a scaled sample with the stamp of the frame that it was scaled from. */
void bolo_camera_tap_take_preview (BoloCameraTap *self, GstSample *sample);

G_END_DECLS
