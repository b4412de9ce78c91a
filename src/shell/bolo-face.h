/* bolo-face.h: what all widgets of the terminal share: the engine, the data for looks, the decoder
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "bolo-engine.h"

G_BEGIN_DECLS

typedef struct _BoloAlertPolicy BoloAlertPolicy;
typedef struct _BoloPlateRules BoloPlateRules;
typedef struct _BoloOutlines BoloOutlines;

/* BoloFace: given to each widget by its parent. Main; pictures are decoded on its own worker. */
#define BOLO_TYPE_FACE (bolo_face_get_type ())
G_DECLARE_FINAL_TYPE (BoloFace, bolo_face, BOLO, FACE, GObject)

/* @rules, @outlines and @policy are (nullable); each is referenced. */
BoloFace *bolo_face_new (BoloEngine *engine,
                         BoloPlateRules *rules,
                         BoloOutlines *outlines,
                         BoloAlertPolicy *policy);
/* (transfer none) each */
BoloEngine *bolo_face_get_engine (BoloFace *self);
BoloOutlines *bolo_face_get_outlines (BoloFace *self);
BoloAlertPolicy *bolo_face_get_policy (BoloFace *self);
gint64 bolo_face_get_utc_us (BoloFace *self);
gint64 bolo_face_get_monotonic_us (BoloFace *self);
/* A mark as its country spaces it, "AB12 CDE". (transfer full) */
char *bolo_face_format_mark (BoloFace *self, const char *text);
/* The camera's title, its name when it is unknown. (transfer none) */
const char *bolo_face_get_camera_title (BoloFace *self, const char *camera);
/* Decodes JPEG or PNG on the worker; the callback comes on main. */
void bolo_face_decode_async (BoloFace *self,
                             GBytes *picture,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
/* (transfer full) */
GdkTexture *bolo_face_decode_finish (BoloFace *self, GAsyncResult *result, GError **error);
/* Cancels what is being decoded and ends the worker. */
void bolo_face_stop (BoloFace *self);

/* Millimetres of the panel in pixels, by the resolution that the application declared. */
int bolo_px_from_mm (GtkWidget *widget, double mm);
/* "17:20:31", local time. (transfer full) */
char *bolo_format_clock (gint64 utc_us);

G_END_DECLS
