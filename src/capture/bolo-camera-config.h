/* bolo-camera-config.h: one camera as its key file describes it, checked
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-camera-info.h"
#include "bolo-key-file.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_CAMERA_SOURCE_LIBCAMERA,
  BOLO_CAMERA_SOURCE_V4L2,
  BOLO_CAMERA_SOURCE_RTSP,
  BOLO_CAMERA_SOURCE_REPLAY,
} BoloCameraSourceKind;

typedef enum {
  BOLO_CAMERA_TRANSPORT_TCP,
  BOLO_CAMERA_TRANSPORT_UDP,
  BOLO_CAMERA_TRANSPORT_AUTO,
} BoloCameraTransport;

typedef struct {
  double x;
  double y;
} BoloCameraPoint;

/* BoloCameraConfig: everything that a camera needs to be opened. Immutable once a camera has it;
 * its maker may set the plain fields before (patrol sets clip_start_us, clip_ms, is_looping,
 * max_rate and has_preview for recordings and benches). Atomically counted. */
typedef struct {
  BoloCameraInfo *info;
  char *file; /* the key file that it came from, for sentences */
  BoloCameraSourceKind source;
  char *device;   /* libcamera id (may be ""), device node, clip path, or URI without credentials */
  char *user;     /* (nullable) */
  char *password; /* (nullable): from the URI; else password_file is read at each opening */
  char *password_file; /* (nullable) absolute */
  BoloCameraTransport transport;
  int width; /* asked of the camera; 0: as it comes */
  int height;
  double frame_rate; /* asked of the camera; 0: as it comes */
  char *exposure;    /* (nullable): "auto" or microseconds */
  char *gain;        /* (nullable): "auto" or the driver's steps */
  int crop[4];       /* x, y, width, height in pixels of the source; width 0: none; even numbers */
  GPtrArray *masks;  /* of GArray of BoloCameraPoint, pixels of the source; painted black */
  int delay_ms;      /* light to arrival, where only arrival is known */
  int latency_ms;    /* RTSP jitter buffer */
  int preview_width; /* at most; 0: no preview */
  double preview_rate; /* frames a second, at most 15 */
  gboolean has_preview;
  double max_rate;      /* frames a second that are let in; 0: all */
  gint64 clip_start_us; /* replay: UTC of the clip's first instant */
  gint64 clip_ms;       /* replay: length of the recording for looping; 0: the clip's own */
  gboolean is_looping;  /* replay: starts again at the end, time going on */
} BoloCameraConfig;

/* NULL-terminated keys of a [camera] group, for those who embed such groups (recording.ini). */
const char *const *bolo_camera_config_get_keys (void);

/* A camera's own key file, group [camera]; its name is `name`, else the file's without .conf.
 * One sentence with FILE:LINE on a mistake. (transfer full) */
BoloCameraConfig *bolo_camera_config_load (const char *path, GError **error);
/* All *.conf of @directory in the order of their names, of BoloCameraConfig; two cameras of one
 * name, or an `overview` that names none, are mistakes. (transfer full) */
GPtrArray *bolo_camera_config_load_directory (const char *directory, GError **error);
/* From @group of a loaded @file; @name (nullable) when the group does not say; `file=CLIP` or a
 * relative replay: path is taken from the folder that @file lies in. (transfer full) */
BoloCameraConfig *bolo_camera_config_new_from_group (BoloKeyFile *file,
                                                     const char *group,
                                                     const char *name,
                                                     GError **error);
/* A clip as a camera; no preview. (transfer full) */
BoloCameraConfig *
bolo_camera_config_new_replay (const char *name, const char *path, gint64 clip_start_us);
/* "rtsp://10.0.0.5/s1", "clip front.mkv": for sentences and doctor, never with credentials.
 * (transfer full) */
char *bolo_camera_config_describe_source (const BoloCameraConfig *self);

BoloCameraConfig *bolo_camera_config_ref (const BoloCameraConfig *self);
void bolo_camera_config_unref (const BoloCameraConfig *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloCameraConfig, bolo_camera_config_unref)

G_END_DECLS
