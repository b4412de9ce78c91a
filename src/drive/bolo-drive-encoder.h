/* bolo-drive-encoder.h: frames to an H.264 clip in Matroska
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloDriveEncoder: one clip being written; one thread. */
typedef struct _BoloDriveEncoder BoloDriveEncoder;

/* BOLO_ERROR_NOT_SUPPORTED names the package when no H.264 encoder is installed. */
BoloDriveEncoder *
bolo_drive_encoder_new (const char *path, int width, int height, int rate, GError **error);
/* @i420 is copied. Waits while the encoder is behind. */
gboolean bolo_drive_encoder_add (BoloDriveEncoder *self, const guint8 *i420, GError **error);
/* Ends the file and waits until it is whole. */
gboolean bolo_drive_encoder_finish (BoloDriveEncoder *self, GError **error);
void bolo_drive_encoder_free (BoloDriveEncoder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloDriveEncoder, bolo_drive_encoder_free)

G_END_DECLS
