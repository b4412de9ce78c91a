/* bolo-camera-tile.c: one camera's live picture with its title and state
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-camera-tile.h"

#include <glib/gi18n-lib.h>

#include "bolo-preview.h"

/* All our cameras are 16:9 on screen; others are fitted in with black beside them. */
#define ASPECT_WIDTH 16
#define ASPECT_HEIGHT 9
#define NATURAL_WIDTH 320
#define MINIMUM_WIDTH 160

struct _BoloCameraTile {
  GtkWidget parent_instance;

  GtkOverlay *overlay;
  GtkPicture *picture;
  GtkLabel *title;
  GtkWidget *trouble;
  GtkImage *trouble_icon;
  GtkLabel *trouble_text;

  BoloFramePaintable *paintable; /* (owned) */
  BoloPreview *preview;          /* (owned) (nullable) */
  char *camera;                  /* (owned) (nullable) */
  guint tick;
  guint64 n_shown;
  gboolean is_lost;
};

G_DEFINE_FINAL_TYPE (BoloCameraTile, bolo_camera_tile, GTK_TYPE_WIDGET)

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  BoloCameraTile *self = BOLO_CAMERA_TILE (widget);
  BoloLooks looks;
  gboolean has_looks;
  g_autoptr (BoloFrame) frame = NULL;

  if (self->preview == NULL || self->is_lost)
    return G_SOURCE_CONTINUE;
  frame =
    (BoloFrame *) bolo_preview_step (self->preview, g_get_monotonic_time (), &looks, &has_looks);
  if (frame == NULL)
    return G_SOURCE_CONTINUE;
  bolo_frame_paintable_set_frame (self->paintable, frame, has_looks ? &looks : NULL);
  self->n_shown++;
  return G_SOURCE_CONTINUE;
}

static void
bolo_camera_tile_map (GtkWidget *widget)
{
  BoloCameraTile *self = BOLO_CAMERA_TILE (widget);

  GTK_WIDGET_CLASS (bolo_camera_tile_parent_class)->map (widget);
  self->tick = gtk_widget_add_tick_callback (widget, on_tick, NULL, NULL);
}

static void
bolo_camera_tile_unmap (GtkWidget *widget)
{
  BoloCameraTile *self = BOLO_CAMERA_TILE (widget);

  gtk_widget_remove_tick_callback (widget, self->tick);
  self->tick = 0;
  if (self->preview != NULL)
    bolo_preview_clear (self->preview);
  /* Coming back, an old picture must not pass for the live one. */
  bolo_frame_paintable_set_frame (self->paintable, NULL, NULL);
  GTK_WIDGET_CLASS (bolo_camera_tile_parent_class)->unmap (widget);
}

static GtkSizeRequestMode
bolo_camera_tile_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
bolo_camera_tile_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = MINIMUM_WIDTH;
    *natural = NATURAL_WIDTH;
  } else {
    *minimum = MINIMUM_WIDTH * ASPECT_HEIGHT / ASPECT_WIDTH;
    *natural = MAX (for_size, MINIMUM_WIDTH) * ASPECT_HEIGHT / ASPECT_WIDTH;
  }
}

static void
bolo_camera_tile_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GtkWidget *child = GTK_WIDGET (BOLO_CAMERA_TILE (widget)->overlay);

  /* Said so that GTK need not wonder; the overlay takes what the tile gives. */
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
  gtk_widget_size_allocate (child, &(GtkAllocation){0, 0, width, height}, baseline);
}

static void
bolo_camera_tile_dispose (GObject *object)
{
  BoloCameraTile *self = BOLO_CAMERA_TILE (object);

  g_clear_pointer (&self->preview, bolo_preview_free);
  if (self->overlay != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->overlay)));
  g_clear_object (&self->paintable);

  G_OBJECT_CLASS (bolo_camera_tile_parent_class)->dispose (object);
}

static void
bolo_camera_tile_finalize (GObject *object)
{
  g_free (BOLO_CAMERA_TILE (object)->camera);
  G_OBJECT_CLASS (bolo_camera_tile_parent_class)->finalize (object);
}

static void
bolo_camera_tile_class_init (BoloCameraTileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bolo_camera_tile_dispose;
  object_class->finalize = bolo_camera_tile_finalize;
  widget_class->map = bolo_camera_tile_map;
  widget_class->unmap = bolo_camera_tile_unmap;
  widget_class->get_request_mode = bolo_camera_tile_get_request_mode;
  widget_class->measure = bolo_camera_tile_measure;
  widget_class->size_allocate = bolo_camera_tile_size_allocate;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-camera-tile.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloCameraTile, overlay);
  gtk_widget_class_bind_template_child (widget_class, BoloCameraTile, picture);
  gtk_widget_class_bind_template_child (widget_class, BoloCameraTile, title);
  gtk_widget_class_bind_template_child (widget_class, BoloCameraTile, trouble);
  gtk_widget_class_bind_template_child (widget_class, BoloCameraTile, trouble_icon);
  gtk_widget_class_bind_template_child (widget_class, BoloCameraTile, trouble_text);
  gtk_widget_class_set_css_name (widget_class, "tile");
}

static void
bolo_camera_tile_init (BoloCameraTile *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->paintable = bolo_frame_paintable_new ();
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (self->paintable));
}

BoloCameraTile *
bolo_camera_tile_new (void)
{
  return g_object_new (BOLO_TYPE_CAMERA_TILE, NULL);
}

void
bolo_camera_tile_set_camera (BoloCameraTile *self, BoloFace *face, const BoloCameraInfo *info)
{
  BoloEngine *engine;
  const char *title;
  BoloMailbox *frames;
  g_autofree char *name = NULL;

  g_return_if_fail (BOLO_IS_CAMERA_TILE (self));
  g_return_if_fail (BOLO_IS_FACE (face));
  g_return_if_fail (info != NULL);

  engine = bolo_face_get_engine (face);
  title = bolo_face_get_camera_title (face, info->name);
  g_free (self->camera);
  self->camera = g_strdup (info->name);
  gtk_label_set_text (self->title, title);
  /* Translators: accessible name of a camera's live picture; %s is the camera's title */
  name = g_strdup_printf (_ ("Camera %s"), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_picture_set_alternative_text (self->picture, name);

  g_clear_pointer (&self->preview, bolo_preview_free);
  frames = bolo_engine_get_preview (engine, info->name);
  if (frames != NULL)
    self->preview = bolo_preview_new (frames, bolo_engine_get_looks (engine, info->name));
}

void
bolo_camera_tile_set_health (BoloCameraTile *self, const BoloHealth *health)
{
  gboolean is_fine;

  g_return_if_fail (BOLO_IS_CAMERA_TILE (self));
  g_return_if_fail (health != NULL);

  is_fine = health->state == BOLO_HEALTH_OK;
  self->is_lost = health->state == BOLO_HEALTH_LOST;
  gtk_widget_set_visible (self->trouble, !is_fine);
  gtk_image_set_from_icon_name (self->trouble_icon, self->is_lost ? "bolo-camera-lost-symbolic"
                                                                  : "bolo-camera-symbolic");
  gtk_label_set_text (self->trouble_text, health->detail != NULL ? health->detail : "");
  if (self->is_lost) {
    if (self->preview != NULL)
      bolo_preview_clear (self->preview);
    bolo_frame_paintable_set_frame (self->paintable, NULL, NULL);
    gtk_widget_add_css_class (GTK_WIDGET (self), "lost");
  } else {
    gtk_widget_remove_css_class (GTK_WIDGET (self), "lost");
  }
}

const char *
bolo_camera_tile_get_camera (BoloCameraTile *self)
{
  g_return_val_if_fail (BOLO_IS_CAMERA_TILE (self), NULL);
  return self->camera;
}

guint64
bolo_camera_tile_get_n_shown (BoloCameraTile *self)
{
  g_return_val_if_fail (BOLO_IS_CAMERA_TILE (self), 0);
  return self->n_shown;
}

BoloFramePaintable *
bolo_camera_tile_get_paintable (BoloCameraTile *self)
{
  g_return_val_if_fail (BOLO_IS_CAMERA_TILE (self), NULL);
  return self->paintable;
}
