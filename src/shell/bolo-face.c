/* bolo-face.c: what all widgets of the terminal share: the engine, the data for looks, the decoder
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-face.h"

#include "bolo-alert-policy.h"
#include "bolo-error.h"
#include "bolo-outlines.h"
#include "bolo-plate-rules.h"
#include "bolo-worker.h"

/* A picture that is still being decoded when the window closes is not waited for longer. */
#define STOP_DEADLINE_MS 500

struct _BoloFace {
  GObject parent_instance;

  BoloEngine *engine;      /* (owned) */
  BoloPlateRules *rules;   /* (owned) (nullable) */
  BoloOutlines *outlines;  /* (owned) (nullable) */
  BoloAlertPolicy *policy; /* (owned) (nullable) */
  BoloWorker *decoder;     /* (owned) */
};

G_DEFINE_FINAL_TYPE (BoloFace, bolo_face, G_TYPE_OBJECT)

static void
bolo_face_dispose (GObject *object)
{
  BoloFace *self = BOLO_FACE (object);

  bolo_face_stop (self);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_clear_pointer (&self->outlines, bolo_outlines_unref);
  g_clear_pointer (&self->policy, bolo_alert_policy_unref);

  G_OBJECT_CLASS (bolo_face_parent_class)->dispose (object);
}

static void
bolo_face_class_init (BoloFaceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bolo_face_dispose;
}

static void
bolo_face_init (BoloFace *self)
{
  self->decoder = bolo_worker_new ("bolo-pictures");
}

BoloFace *
bolo_face_new (BoloEngine *engine,
               BoloPlateRules *rules,
               BoloOutlines *outlines,
               BoloAlertPolicy *policy)
{
  BoloFace *self;

  g_return_val_if_fail (BOLO_IS_ENGINE (engine), NULL);

  self = g_object_new (BOLO_TYPE_FACE, NULL);
  self->engine = g_object_ref (engine);
  self->rules = rules != NULL ? bolo_plate_rules_ref (rules) : NULL;
  self->outlines = outlines != NULL ? bolo_outlines_ref (outlines) : NULL;
  self->policy = policy != NULL ? bolo_alert_policy_ref (policy) : NULL;
  return self;
}

BoloEngine *
bolo_face_get_engine (BoloFace *self)
{
  g_return_val_if_fail (BOLO_IS_FACE (self), NULL);
  return self->engine;
}

BoloOutlines *
bolo_face_get_outlines (BoloFace *self)
{
  g_return_val_if_fail (BOLO_IS_FACE (self), NULL);
  return self->outlines;
}

BoloAlertPolicy *
bolo_face_get_policy (BoloFace *self)
{
  g_return_val_if_fail (BOLO_IS_FACE (self), NULL);
  return self->policy;
}

gint64
bolo_face_get_utc_us (BoloFace *self)
{
  g_return_val_if_fail (BOLO_IS_FACE (self), 0);
  return bolo_clock_get_utc_us (bolo_engine_get_clock (self->engine));
}

gint64
bolo_face_get_monotonic_us (BoloFace *self)
{
  g_return_val_if_fail (BOLO_IS_FACE (self), 0);
  return bolo_clock_get_monotonic_us (bolo_engine_get_clock (self->engine));
}

char *
bolo_face_format_mark (BoloFace *self, const char *text)
{
  g_return_val_if_fail (BOLO_IS_FACE (self), NULL);

  if (text == NULL)
    return g_strdup ("");
  return self->rules != NULL ? bolo_plate_rules_format (self->rules, text) : g_strdup (text);
}

const char *
bolo_face_get_camera_title (BoloFace *self, const char *camera)
{
  GPtrArray *cameras;

  g_return_val_if_fail (BOLO_IS_FACE (self), NULL);

  cameras = bolo_engine_get_cameras (self->engine);
  for (guint i = 0; cameras != NULL && i < cameras->len; i++) {
    const BoloCameraInfo *info = g_ptr_array_index (cameras, i);

    if (g_strcmp0 (info->name, camera) == 0)
      return info->title != NULL ? info->title : info->name;
  }
  return camera != NULL ? camera : "";
}

static void
decode (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  GdkTexture *texture;

  if (g_task_return_error_if_cancelled (task))
    return;
  texture = gdk_texture_new_from_bytes (task_data, &error);
  if (texture == NULL) {
    g_task_return_new_error (task, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                             "The picture cannot be shown: %s", error->message);
    return;
  }
  g_task_return_pointer (task, texture, g_object_unref);
}

void
bolo_face_decode_async (BoloFace *self,
                        GBytes *picture,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (BOLO_IS_FACE (self));
  g_return_if_fail (picture != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bolo_face_decode_async);
  g_task_set_task_data (task, g_bytes_ref (picture), (GDestroyNotify) g_bytes_unref);
  if (self->decoder == NULL) {
    g_task_return_new_error (task, BOLO_ERROR, BOLO_ERROR_BUSY, "The window is closing");
    return;
  }
  bolo_worker_run_task (self->decoder, task, decode);
}

GdkTexture *
bolo_face_decode_finish (BoloFace *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
bolo_face_stop (BoloFace *self)
{
  g_return_if_fail (BOLO_IS_FACE (self));

  if (self->decoder == NULL)
    return;
  if (!bolo_worker_stop (self->decoder, STOP_DEADLINE_MS))
    g_message ("A picture was still being decoded when the window closed");
  g_clear_object (&self->decoder);
}

int
bolo_px_from_mm (GtkWidget *widget, double mm)
{
  int dpi = 0;

  g_object_get (gtk_widget_get_settings (widget), "gtk-xft-dpi", &dpi, NULL);
  if (dpi <= 0)
    dpi = 96 * 1024;
  return (int) (mm * dpi / 1024.0 / 25.4 + 0.5);
}

char *
bolo_format_clock (gint64 utc_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (utc_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%H:%M:%S") : g_strdup ("");
}
