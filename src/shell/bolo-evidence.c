/* bolo-evidence.c: a kept picture (plate patch, overview), decoded off the main loop
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-evidence.h"

#include <glib/gi18n-lib.h>

struct _BoloEvidence {
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkPicture *picture;
  GtkLabel *nothing;

  char *label;               /* (owned) (nullable) */
  GBytes *bytes;             /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable): of the decoding under way */
};

G_DEFINE_FINAL_TYPE (BoloEvidence, bolo_evidence, GTK_TYPE_WIDGET)

typedef enum {
  PROP_LABEL = 1,
  PROP_FILLS,
} BoloEvidenceProperty;
static GParamSpec *props[PROP_FILLS + 1];

static void
on_decoded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoloEvidence) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = bolo_face_decode_finish (BOLO_FACE (source), result, &error);

  /* A newer picture was set meanwhile, or the widget is gone. */
  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->cancellable);
  if (texture == NULL) {
    g_info ("%s", error->message);
    gtk_label_set_text (self->nothing, _ ("Picture cannot be shown"));
    return;
  }
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->picture));
}

/* As large as its place, however large the picture is: the sizes come from the style sheet. */
static void
bolo_evidence_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  *minimum = *natural = 0;
}

static void
bolo_evidence_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GtkWidget *child = GTK_WIDGET (BOLO_EVIDENCE (widget)->stack);
  int minimum_width, minimum_height;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum_width, NULL, NULL, NULL);
  width = MAX (width, minimum_width);
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, &minimum_height, NULL, NULL, NULL);
  gtk_widget_size_allocate (child, &(GtkAllocation){0, 0, width, MAX (height, minimum_height)},
                            baseline);
}

static void
bolo_evidence_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BoloEvidence *self = BOLO_EVIDENCE (object);

  switch ((BoloEvidenceProperty) id) {
  case PROP_LABEL:
    g_value_set_string (value, self->label);
    break;
  case PROP_FILLS:
    g_value_set_boolean (value,
                         gtk_picture_get_content_fit (self->picture) == GTK_CONTENT_FIT_COVER);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
bolo_evidence_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BoloEvidence *self = BOLO_EVIDENCE (object);

  switch ((BoloEvidenceProperty) id) {
  case PROP_LABEL:
    g_free (self->label);
    self->label = g_value_dup_string (value);
    gtk_picture_set_alternative_text (self->picture, self->label);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    self->label != NULL ? self->label : "", -1);
    break;
  case PROP_FILLS:
    gtk_picture_set_content_fit (
      self->picture, g_value_get_boolean (value) ? GTK_CONTENT_FIT_COVER : GTK_CONTENT_FIT_CONTAIN);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
bolo_evidence_dispose (GObject *object)
{
  BoloEvidence *self = BOLO_EVIDENCE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->stack != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->stack)));

  G_OBJECT_CLASS (bolo_evidence_parent_class)->dispose (object);
}

static void
bolo_evidence_finalize (GObject *object)
{
  BoloEvidence *self = BOLO_EVIDENCE (object);

  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->label);

  G_OBJECT_CLASS (bolo_evidence_parent_class)->finalize (object);
}

static void
bolo_evidence_class_init (BoloEvidenceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bolo_evidence_get_property;
  object_class->set_property = bolo_evidence_set_property;
  object_class->dispose = bolo_evidence_dispose;
  object_class->finalize = bolo_evidence_finalize;
  widget_class->measure = bolo_evidence_measure;
  widget_class->size_allocate = bolo_evidence_size_allocate;

  props[PROP_LABEL] =
    g_param_spec_string ("label", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_FILLS] =
    g_param_spec_boolean ("fills", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-evidence.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloEvidence, stack);
  gtk_widget_class_bind_template_child (widget_class, BoloEvidence, picture);
  gtk_widget_class_bind_template_child (widget_class, BoloEvidence, nothing);
  gtk_widget_class_set_css_name (widget_class, "evidence");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bolo_evidence_init (BoloEvidence *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
bolo_evidence_set_picture (BoloEvidence *self, BoloFace *face, GBytes *picture)
{
  g_return_if_fail (BOLO_IS_EVIDENCE (self));
  g_return_if_fail (BOLO_IS_FACE (face));

  if (self->bytes == picture ||
      (self->bytes != NULL && picture != NULL && g_bytes_equal (self->bytes, picture)))
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  gtk_picture_set_paintable (self->picture, NULL);
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->nothing));
  gtk_label_set_text (self->nothing, picture == NULL ? _ ("No picture") : "");
  if (picture == NULL)
    return;

  self->bytes = g_bytes_ref (picture);
  self->cancellable = g_cancellable_new ();
  bolo_face_decode_async (face, picture, self->cancellable, on_decoded, g_object_ref (self));
}

gboolean
bolo_evidence_has_picture (BoloEvidence *self)
{
  g_return_val_if_fail (BOLO_IS_EVIDENCE (self), FALSE);
  return gtk_picture_get_paintable (self->picture) != NULL;
}
