/* bolo-sound-sink.h: finds a sound device that really is one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* (transfer floating): a sink for @name: "auto", "pulse", "alsa", "fake" or a gst-launch
 * description; "auto" is the first one that opens, and never GStreamer's silent stand-in. Waits for
 * the device: on a worker only. @device_title (out) (transfer full): for the officer. */
GstElement *bolo_sound_sink_make (const char *name, char **device_title, GError **error);
/* FALSE where the pipeline's sink is known to play into nothing: a sound server without a device.
 */
gboolean bolo_sound_sink_is_audible (GstElement *pipeline);

G_END_DECLS
