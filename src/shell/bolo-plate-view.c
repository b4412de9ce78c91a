/* bolo-plate-view.c: a mark drawn as a UK number plate
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-plate-view.h"

#include <adwaita.h>
#include <math.h>

#include "bolo-outlines.h"

/* Proportions of a plate where no outlines tell, mm (standard car plate, 2001/561). */
#define PLATE_WIDTH_MM 520.0
#define PLATE_HEIGHT_MM 111.0
#define CHARACTER_HEIGHT_MM 79.0
#define CORNER_MM 9.0
#define BORDER_MM 3.0
#define SIDE_MM 20.0
#define DEFAULT_HEIGHT_MM 9.0

struct _BoloPlateView {
  GtkWidget parent_instance;

  BoloOutlines *outlines; /* (owned) (nullable) */
  char *text;             /* (owned) */
  char *label;            /* (owned) (nullable) */
  guint differs;
  double height_mm;
};

G_DEFINE_FINAL_TYPE (BoloPlateView, bolo_plate_view, GTK_TYPE_WIDGET)

typedef enum {
  PROP_HEIGHT_MM = 1,
  PROP_LABEL,
} BoloPlateViewProperty;
static GParamSpec *props[PROP_LABEL + 1];

static void
update_accessible (BoloPlateView *self)
{
  g_autofree char *name = NULL;

  name = self->label != NULL ? g_strdup_printf ("%s: %s", self->label, self->text)
                             : g_strdup (self->text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
set_source (cairo_t *cr, guint32 rgb)
{
  cairo_set_source_rgb (cr, ((rgb >> 16) & 0xff) / 255.0, ((rgb >> 8) & 0xff) / 255.0,
                        (rgb & 0xff) / 255.0);
}

static void
rounded_rectangle (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

static void
trace_glyph (cairo_t *cr, const BoloOutlineGlyph *glyph)
{
  for (guint i = 0; i < glyph->n_steps; i++) {
    const double (*p)[2] = glyph->steps[i].points;

    switch (glyph->steps[i].command) {
    case BOLO_OUTLINE_MOVE:
      cairo_move_to (cr, p[0][0], p[0][1]);
      break;
    case BOLO_OUTLINE_LINE:
      cairo_line_to (cr, p[0][0], p[0][1]);
      break;
    case BOLO_OUTLINE_CURVE:
      cairo_curve_to (cr, p[0][0], p[0][1], p[1][0], p[1][1], p[2][0], p[2][1]);
      break;
    case BOLO_OUTLINE_CLOSE:
      cairo_close_path (cr);
      break;
    default:
      break;
    }
  }
}

/* A light block behind and a bar below: seen without colour as well. */
static void
draw_difference (cairo_t *cr, double x, double width)
{
  set_source (cr, 0xffb000);
  cairo_rectangle (cr, x - 4, -10, width + 8, CHARACTER_HEIGHT_MM + 20);
  cairo_fill (cr);
  set_source (cr, 0x101010);
  cairo_rectangle (cr, x - 4, CHARACTER_HEIGHT_MM + 5, width + 8, 6);
  cairo_fill (cr);
}

static void
draw_outlined (BoloPlateView *self, cairo_t *cr, double room_mm)
{
  const BoloOutlineSizes *sizes = bolo_outlines_get_sizes (self->outlines);
  double width = bolo_outlines_get_width_mm (self->outlines, self->text);
  double squeeze = width > room_mm ? room_mm / width : 1.0;
  double x = -width / 2;
  guint index = 0;

  cairo_scale (cr, squeeze, squeeze);
  cairo_translate (cr, 0, -sizes->height / 2);
  cairo_set_line_width (cr, sizes->stroke);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_MITER);
  cairo_set_miter_limit (cr, 4);

  for (const char *c = self->text; *c != '\0'; c++) {
    const BoloOutlineGlyph *glyph = bolo_outlines_get_glyph (self->outlines, *c);

    if (*c == ' ') {
      x += sizes->group_gap - sizes->character_gap;
      continue;
    }
    if (glyph != NULL) {
      if ((self->differs & (1u << index)) != 0)
        draw_difference (cr, x, glyph->advance_mm);
      set_source (cr, 0x101010);
      cairo_save (cr);
      cairo_translate (cr, x, 0);
      trace_glyph (cr, glyph);
      cairo_restore (cr);
      cairo_stroke (cr);
      x += glyph->advance_mm + sizes->character_gap;
    }
    index++;
  }
}

static void
draw_in_font (BoloPlateView *self, cairo_t *cr, double room_mm)
{
  double x = 0;
  double width = 0;
  guint index = 0;
  double squeeze;

  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
  cairo_set_font_size (cr, CHARACTER_HEIGHT_MM / 0.73);
  for (int pass = 0; pass < 2; pass++) {
    if (pass == 1) {
      squeeze = width > room_mm ? room_mm / width : 1.0;
      cairo_scale (cr, squeeze, 1);
      cairo_translate (cr, -width / 2, -CHARACTER_HEIGHT_MM / 2);
    }
    for (const char *c = self->text; *c != '\0'; c++) {
      char one[2] = {*c, '\0'};
      cairo_text_extents_t extents;

      cairo_text_extents (cr, one, &extents);
      if (pass == 0) {
        width += extents.x_advance;
        continue;
      }
      if (*c != ' ' && (self->differs & (1u << index++)) != 0)
        draw_difference (cr, x, extents.x_advance);
      set_source (cr, 0x101010);
      cairo_move_to (cr, x, CHARACTER_HEIGHT_MM);
      cairo_show_text (cr, one);
      x += extents.x_advance;
    }
  }
}

static void
bolo_plate_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BoloPlateView *self = BOLO_PLATE_VIEW (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  gboolean is_dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  double scale = MIN (height / PLATE_HEIGHT_MM, width / PLATE_WIDTH_MM);
  cairo_t *cr;

  if (width <= 0 || height <= 0)
    return;

  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  /* In the upper left of a larger place, under its caption. */
  cairo_translate (cr, scale * PLATE_WIDTH_MM / 2, scale * PLATE_HEIGHT_MM / 2);
  cairo_scale (cr, scale, scale);

  rounded_rectangle (cr, -PLATE_WIDTH_MM / 2, -PLATE_HEIGHT_MM / 2, PLATE_WIDTH_MM, PLATE_HEIGHT_MM,
                     CORNER_MM);
  /* At night a white plate would be the brightest thing in the car. */
  set_source (cr, is_dark ? 0xd9d6cc : 0xffffff);
  cairo_fill (cr);
  rounded_rectangle (cr, -PLATE_WIDTH_MM / 2 + BORDER_MM, -PLATE_HEIGHT_MM / 2 + BORDER_MM,
                     PLATE_WIDTH_MM - 2 * BORDER_MM, PLATE_HEIGHT_MM - 2 * BORDER_MM,
                     CORNER_MM - BORDER_MM);
  set_source (cr, 0x3a3d40);
  cairo_set_line_width (cr, 2);
  cairo_stroke (cr);

  if (self->outlines != NULL)
    draw_outlined (self, cr, PLATE_WIDTH_MM - 2 * SIDE_MM);
  else
    draw_in_font (self, cr, PLATE_WIDTH_MM - 2 * SIDE_MM);
  cairo_destroy (cr);
}

static void
bolo_plate_view_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  BoloPlateView *self = BOLO_PLATE_VIEW (widget);
  double mm = orientation == GTK_ORIENTATION_VERTICAL
                ? self->height_mm
                : self->height_mm * PLATE_WIDTH_MM / PLATE_HEIGHT_MM;

  *minimum = *natural = bolo_px_from_mm (widget, mm);
}

static void
on_dark_changed (AdwStyleManager *manager, GParamSpec *pspec, GtkWidget *widget)
{
  gtk_widget_queue_draw (widget);
}

static void
bolo_plate_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BoloPlateView *self = BOLO_PLATE_VIEW (object);

  switch ((BoloPlateViewProperty) id) {
  case PROP_HEIGHT_MM:
    g_value_set_double (value, self->height_mm);
    break;
  case PROP_LABEL:
    g_value_set_string (value, self->label);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
bolo_plate_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BoloPlateView *self = BOLO_PLATE_VIEW (object);

  switch ((BoloPlateViewProperty) id) {
  case PROP_HEIGHT_MM:
    self->height_mm = g_value_get_double (value);
    gtk_widget_queue_resize (GTK_WIDGET (self));
    break;
  case PROP_LABEL:
    g_free (self->label);
    self->label = g_value_dup_string (value);
    update_accessible (self);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
bolo_plate_view_dispose (GObject *object)
{
  BoloPlateView *self = BOLO_PLATE_VIEW (object);

  g_clear_pointer (&self->outlines, bolo_outlines_unref);

  G_OBJECT_CLASS (bolo_plate_view_parent_class)->dispose (object);
}

static void
bolo_plate_view_finalize (GObject *object)
{
  BoloPlateView *self = BOLO_PLATE_VIEW (object);

  g_free (self->text);
  g_free (self->label);

  G_OBJECT_CLASS (bolo_plate_view_parent_class)->finalize (object);
}

static void
bolo_plate_view_class_init (BoloPlateViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bolo_plate_view_get_property;
  object_class->set_property = bolo_plate_view_set_property;
  object_class->dispose = bolo_plate_view_dispose;
  object_class->finalize = bolo_plate_view_finalize;
  widget_class->snapshot = bolo_plate_view_snapshot;
  widget_class->measure = bolo_plate_view_measure;

  props[PROP_HEIGHT_MM] = g_param_spec_double ("height-mm", NULL, NULL, 1, 200, DEFAULT_HEIGHT_MM,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_LABEL] =
    g_param_spec_string ("label", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  gtk_widget_class_set_css_name (widget_class, "plate");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bolo_plate_view_init (BoloPlateView *self)
{
  self->text = g_strdup ("");
  self->height_mm = DEFAULT_HEIGHT_MM;
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (on_dark_changed), self, 0);
}

void
bolo_plate_view_set_outlines (BoloPlateView *self, BoloOutlines *outlines)
{
  g_return_if_fail (BOLO_IS_PLATE_VIEW (self));

  if (self->outlines == outlines)
    return;
  g_clear_pointer (&self->outlines, bolo_outlines_unref);
  self->outlines = outlines != NULL ? bolo_outlines_ref (outlines) : NULL;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
bolo_plate_view_set_mark (BoloPlateView *self, const char *text, guint differs)
{
  g_return_if_fail (BOLO_IS_PLATE_VIEW (self));

  if (g_strcmp0 (self->text, text != NULL ? text : "") == 0 && self->differs == differs)
    return;
  g_free (self->text);
  self->text = g_strdup (text != NULL ? text : "");
  self->differs = differs;
  update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const char *
bolo_plate_view_get_text (BoloPlateView *self)
{
  g_return_val_if_fail (BOLO_IS_PLATE_VIEW (self), NULL);
  return self->text;
}

guint
bolo_plate_view_get_differs (BoloPlateView *self)
{
  g_return_val_if_fail (BOLO_IS_PLATE_VIEW (self), 0);
  return self->differs;
}
