/* bolo-camera-discovery.h: which cameras this machine has
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloCameraFound: plain data. @source is what a key file's `source=` takes. */
typedef struct {
  char *source; /* "v4l2:/dev/video0", "libcamera:…" */
  char *title;  /* what the driver calls it */
} BoloCameraFound;

void bolo_camera_found_free (BoloCameraFound *self);

/* Of BoloCameraFound, by source; empty when there are none. Blocks (probes devices): not on
 * main. Fails only when GStreamer itself cannot start. (transfer full) */
GPtrArray *bolo_camera_discover (GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloCameraFound, bolo_camera_found_free)

G_END_DECLS
