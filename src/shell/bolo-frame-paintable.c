/* bolo-frame-paintable.c: a camera's frame with the boxes of its plates, to be painted
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-frame-paintable.h"

/* Lines of a box in pixels of the frame, and how far it stands off the characters. */
#define LINE_PX 2.0
#define MARGIN_PX 3.0

struct _BoloFramePaintable {
  GObject parent_instance;

  GdkTexture *texture; /* (owned) (nullable) */
  gint64 captured_us;
  BoloLooks looks; /* n_boxes 0 when there are none */
  int width;
  int height;
};

static void paintable_interface_init (GdkPaintableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BoloFramePaintable,
                               bolo_frame_paintable,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GDK_TYPE_PAINTABLE, paintable_interface_init))

/* An upright frame around the four corners: four rectangles cost the renderer nothing. */
static void
snapshot_box (
  BoloFramePaintable *self, GtkSnapshot *snapshot, guint index, double scale_x, double scale_y)
{
  static const GdkRGBA line = {0.25f, 1.0f, 0.55f, 1.0f};
  static const GdkRGBA edge = {0.0f, 0.0f, 0.0f, 0.75f};
  float (*corners)[2] = self->looks.boxes[index].corners;
  double left = corners[0][0], right = left, top = corners[0][1], bottom = top;
  GskRoundedRect outline;

  for (int i = 1; i < 4; i++) {
    left = MIN (left, corners[i][0]);
    right = MAX (right, corners[i][0]);
    top = MIN (top, corners[i][1]);
    bottom = MAX (bottom, corners[i][1]);
  }
  left = left * scale_x - MARGIN_PX;
  right = right * scale_x + MARGIN_PX;
  top = top * scale_y - MARGIN_PX;
  bottom = bottom * scale_y + MARGIN_PX;

  gsk_rounded_rect_init_from_rect (&outline,
                                   &GRAPHENE_RECT_INIT ((float) (left - 1), (float) (top - 1),
                                                        (float) (right - left + 2),
                                                        (float) (bottom - top + 2)),
                                   0);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){4, 4, 4, 4},
                              (GdkRGBA[4]){edge, edge, edge, edge});
  gsk_rounded_rect_init_from_rect (
    &outline,
    &GRAPHENE_RECT_INIT ((float) left, (float) top, (float) (right - left), (float) (bottom - top)),
    0);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){LINE_PX, LINE_PX, LINE_PX, LINE_PX},
                              (GdkRGBA[4]){line, line, line, line});
}

static void
bolo_frame_paintable_snapshot (GdkPaintable *paintable,
                               GdkSnapshot *snapshot,
                               double width,
                               double height)
{
  BoloFramePaintable *self = BOLO_FRAME_PAINTABLE (paintable);

  if (self->texture == NULL)
    return;
  gtk_snapshot_append_texture (GTK_SNAPSHOT (snapshot), self->texture,
                               &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  if (self->looks.width <= 0 || self->looks.height <= 0)
    return;
  for (guint i = 0; i < self->looks.n_boxes; i++)
    snapshot_box (self, GTK_SNAPSHOT (snapshot), i, width / self->looks.width,
                  height / self->looks.height);
}

static int
bolo_frame_paintable_get_width (GdkPaintable *paintable)
{
  return BOLO_FRAME_PAINTABLE (paintable)->width;
}

static int
bolo_frame_paintable_get_height (GdkPaintable *paintable)
{
  return BOLO_FRAME_PAINTABLE (paintable)->height;
}

static void
paintable_interface_init (GdkPaintableInterface *iface)
{
  iface->snapshot = bolo_frame_paintable_snapshot;
  iface->get_intrinsic_width = bolo_frame_paintable_get_width;
  iface->get_intrinsic_height = bolo_frame_paintable_get_height;
}

static void
bolo_frame_paintable_dispose (GObject *object)
{
  BoloFramePaintable *self = BOLO_FRAME_PAINTABLE (object);

  g_clear_object (&self->texture);

  G_OBJECT_CLASS (bolo_frame_paintable_parent_class)->dispose (object);
}

static void
bolo_frame_paintable_class_init (BoloFramePaintableClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bolo_frame_paintable_dispose;
}

static void
bolo_frame_paintable_init (BoloFramePaintable *self)
{
  self->captured_us = G_MININT64;
}

BoloFramePaintable *
bolo_frame_paintable_new (void)
{
  return g_object_new (BOLO_TYPE_FRAME_PAINTABLE, NULL);
}

static void
release_frame (gpointer frame)
{
  bolo_frame_unref (frame);
}

void
bolo_frame_paintable_set_frame (BoloFramePaintable *self,
                                const BoloFrame *frame,
                                const BoloLooks *looks)
{
  g_return_if_fail (BOLO_IS_FRAME_PAINTABLE (self));
  g_return_if_fail (frame == NULL || frame->format == BOLO_FRAME_FORMAT_RGB);

  g_clear_object (&self->texture);
  self->captured_us = G_MININT64;
  self->looks.n_boxes = 0;
  if (frame != NULL) {
    g_autoptr (GBytes) bytes = g_bytes_new_with_free_func (
      frame->planes[0],
      (gsize) frame->strides[0] * (gsize) (frame->height - 1) + (gsize) frame->width * 3,
      release_frame, (gpointer) bolo_frame_ref (frame));
    int width = frame->width, height = frame->height;

    self->texture =
      gdk_memory_texture_new (width, height, GDK_MEMORY_R8G8B8, bytes, (gsize) frame->strides[0]);
    self->captured_us = frame->captured_us;
    if (width != self->width || height != self->height) {
      self->width = width;
      self->height = height;
      gdk_paintable_invalidate_size (GDK_PAINTABLE (self));
    }
    if (looks != NULL)
      self->looks = *looks;
  }
  gdk_paintable_invalidate_contents (GDK_PAINTABLE (self));
}

gint64
bolo_frame_paintable_get_captured_us (BoloFramePaintable *self)
{
  g_return_val_if_fail (BOLO_IS_FRAME_PAINTABLE (self), G_MININT64);
  return self->captured_us;
}

guint
bolo_frame_paintable_get_n_boxes (BoloFramePaintable *self)
{
  g_return_val_if_fail (BOLO_IS_FRAME_PAINTABLE (self), 0);
  return self->looks.n_boxes;
}
