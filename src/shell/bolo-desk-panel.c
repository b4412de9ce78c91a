/* bolo-desk-panel.c: asks for a watch entry, a search or a silence, by touch
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-desk-panel.h"

#include <glib/gi18n-lib.h>

#include "bolo-alert-policy.h"
#include "bolo-hit-notes.h"
#include "bolo-text-pad.h"
#include "bolo-watch.h"

#define N_FIELDS 3
#define N_SPANS 4

struct _BoloDeskPanel {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkToggleButton *first; /* which field the keypad writes */
  GtkToggleButton *second;
  GtkToggleButton *third;
  GtkButton *accept;
  GtkBox *kinds; /* of search reasons, of silences, or the category of a watch entry */
  GtkBox *spans;
  GtkLabel *message;
  GtkStack *body; /* "pad", "answer" */
  BoloTextPad *pad;
  GtkLabel *answer_title;
  GtkListBox *answers;

  BoloFace *face; /* (owned) (nullable) */
  BoloDeskPanelKind kind;
  BoloMatch *match;       /* (owned) (nullable) */
  char *fields[N_FIELDS]; /* (owned) */
  guint field;            /* that the keypad writes */
  guint chosen_kind;
  guint chosen_span;
  GPtrArray *categories;     /* (owned) (nullable): of const BoloAlertRule *, lent by the policy */
  gboolean is_filling;       /* the pad is being set, not typed on */
  GCancellable *cancellable; /* (owned) (nullable): of the ask on its way */
};

G_DEFINE_FINAL_TYPE (BoloDeskPanel, bolo_desk_panel, GTK_TYPE_WIDGET)

typedef enum {
  SIGNAL_LEFT,
  N_SIGNALS,
} BoloDeskPanelSignal;
static guint signals[N_SIGNALS];

/* What each kind asks for. Words are translated where they are shown. */
typedef struct {
  const char *captions[N_FIELDS]; /* NULL: no such field */
  guint n_needed;                 /* of the fields, the first ones */
  const char *accept;
  const char *spans[N_SPANS]; /* NULL: no more */
  int span_h[N_SPANS];
} Form;

static const Form forms[] = {
  /* Translators: what a watch entry, a search, a silence asks for */
  [BOLO_DESK_PANEL_WATCH] = {{N_ ("Mark"), N_ ("Reason"), N_ ("Description")},
                             2,
                             N_ ("Watch for it"),
                             {N_ ("1 h"), N_ ("8 h"), N_ ("24 h"), N_ ("7 days")},
                             {1, 8, 24, 7 * 24}},
  [BOLO_DESK_PANEL_SEARCH] = {{N_ ("Mark"), N_ ("Reference")},
                              2,
                              N_ ("Search"),
                              {N_ ("24 h"), N_ ("7 days"), N_ ("90 days")},
                              {24, 7 * 24, 90 * 24 - 1}},
  [BOLO_DESK_PANEL_SILENCE] = {{N_ ("What is so")},
                               1,
                               N_ ("Silence entry"),
                               {N_ ("1 h"), N_ ("8 h"), N_ ("24 h")},
                               {1, 8, 24}},
};

static BoloDesk *
get_desk (BoloDeskPanel *self)
{
  return bolo_engine_get_desk (bolo_face_get_engine (self->face));
}

static gboolean
is_complete (BoloDeskPanel *self)
{
  for (guint i = 0; i < forms[self->kind].n_needed; i++)
    if (*self->fields[i] == '\0')
      return FALSE;
  return TRUE;
}

static void
update_field (BoloDeskPanel *self, GtkToggleButton *button, guint i)
{
  const char *caption = forms[self->kind].captions[i];
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (button), caption != NULL);
  if (caption == NULL)
    return;
  /* Translators: what is asked for, and what has been written so far */
  text = g_strdup_printf (_ ("%s: %s"), _ (caption), self->fields[i]);
  gtk_label_set_text (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button))), text);
}

static void
update (BoloDeskPanel *self)
{
  update_field (self, self->first, 0);
  update_field (self, self->second, 1);
  update_field (self, self->third, 2);
  gtk_widget_set_sensitive (GTK_WIDGET (self->accept),
                            self->cancellable == NULL && is_complete (self));
}

static void
say (BoloDeskPanel *self, const char *text)
{
  gtk_label_set_text (self->message, text);
  gtk_widget_set_visible (GTK_WIDGET (self->message), *text != '\0');
}

static void
on_text_changed (BoloDeskPanel *self)
{
  if (self->is_filling)
    return;
  g_free (self->fields[self->field]);
  self->fields[self->field] = g_strstrip (g_strdup (bolo_text_pad_get_text (self->pad)));
  say (self, "");
  update (self);
}

static void
write_field (BoloDeskPanel *self, guint i)
{
  self->field = i;
  self->is_filling = TRUE;
  bolo_text_pad_set_text (self->pad, self->fields[i]);
  bolo_text_pad_set_wildcards (self->pad, self->kind != BOLO_DESK_PANEL_SILENCE && i == 0);
  g_object_set (self->pad, "caption", _ (forms[self->kind].captions[i]), NULL);
  self->is_filling = FALSE;
}

static void
on_field_toggled (BoloDeskPanel *self)
{
  guint i = gtk_toggle_button_get_active (self->third)    ? 2
            : gtk_toggle_button_get_active (self->second) ? 1
                                                          : 0;

  if (self->face != NULL && i != self->field && forms[self->kind].captions[i] != NULL)
    write_field (self, i);
}

/* ---- choices ------------------------------------------------------------------------------- */

static void
on_choice_toggled (GtkToggleButton *button, guint *chosen)
{
  if (gtk_toggle_button_get_active (button))
    *chosen = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "choice"));
}

static void
add_choice (GtkBox *box, const char *words, guint nth, guint *chosen)
{
  GtkWidget *first = gtk_widget_get_first_child (GTK_WIDGET (box));
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *label = gtk_label_new (words);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_set_hexpand (button, TRUE);
  gtk_widget_add_css_class (button, "choice");
  g_object_set_data (G_OBJECT (button), "choice", GUINT_TO_POINTER (nth));
  if (first != NULL)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (first));
  gtk_box_append (box, button);
  /* The boxes are the panel's own, and so is what they write to. */
  g_signal_connect (button, "toggled", G_CALLBACK (on_choice_toggled), chosen);
  if (first == NULL)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
}

static void
clear_box (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

static void
show_category (BoloDeskPanel *self, GtkButton *button)
{
  const BoloAlertRule *rule = g_ptr_array_index (self->categories, self->chosen_kind);
  g_autofree char *words = NULL;

  /* Translators: what a watch entry counts as; a tap brings the next one */
  words = g_strdup_printf (_ ("Category: %s"), _ (rule->title));
  gtk_button_set_label (button, words);
}

static void
on_next_category (GtkButton *button, BoloDeskPanel *self)
{
  self->chosen_kind = (self->chosen_kind + 1) % self->categories->len;
  show_category (self, button);
}

/* One button for all of them: they would not fit beside each other. */
static void
fill_categories (BoloDeskPanel *self)
{
  BoloAlertPolicy *policy = bolo_face_get_policy (self->face);
  GtkWidget *button;

  g_clear_pointer (&self->categories, g_ptr_array_unref);
  if (policy != NULL)
    self->categories = bolo_alert_policy_list_overt (policy);
  if (self->categories == NULL || self->categories->len == 0)
    return;
  for (guint i = 0; i < self->categories->len; i++) {
    const BoloAlertRule *rule = g_ptr_array_index (self->categories, i);

    if (g_str_equal (rule->kind, BOLO_WATCH_LIST))
      self->chosen_kind = i;
  }
  button = gtk_button_new ();
  gtk_widget_set_hexpand (button, TRUE);
  gtk_widget_add_css_class (button, "choice");
  /* As with the choices above: the box is the panel's own. */
  g_signal_connect (button, "clicked", G_CALLBACK (on_next_category), self);
  gtk_box_append (self->kinds, button);
  show_category (self, GTK_BUTTON (button));
}

static void
fill_choices (BoloDeskPanel *self)
{
  const Form *form = &forms[self->kind];

  clear_box (self->kinds);
  clear_box (self->spans);
  self->chosen_kind = 0;
  self->chosen_span = 0;
  if (self->kind == BOLO_DESK_PANEL_SEARCH) {
    const char *const *reasons = bolo_desk_get_reasons (get_desk (self));

    for (guint i = 0; reasons[i] != NULL; i++)
      add_choice (self->kinds, _ (reasons[i]), i, &self->chosen_kind);
  }
  if (self->kind == BOLO_DESK_PANEL_SILENCE) {
    add_choice (self->kinds, _ ("Recovered"), BOLO_SILENCE_RECOVERED, &self->chosen_kind);
    add_choice (self->kinds, _ ("Not this vehicle"), BOLO_SILENCE_NOT_THIS_VEHICLE,
                &self->chosen_kind);
  }
  if (self->kind == BOLO_DESK_PANEL_WATCH)
    fill_categories (self);
  gtk_widget_set_visible (GTK_WIDGET (self->kinds),
                          gtk_widget_get_first_child (GTK_WIDGET (self->kinds)) != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (form->spans) && form->spans[i] != NULL; i++)
    add_choice (self->spans, _ (form->spans[i]), i, &self->chosen_span);
}

/* ---- asking -------------------------------------------------------------------------------- */

static void
show_sighting (BoloDeskPanel *self, const BoloSighting *sighting)
{
  g_autofree char *mark = bolo_face_format_mark (self->face, sighting->text);
  g_autofree char *when = bolo_format_day (sighting->captured_us);
  g_autofree char *text = NULL;
  GtkWidget *label;

  /* Translators: a mark that was seen, day and time, camera */
  text = g_strdup_printf (_ ("%s    %s, %s"), mark, when,
                          bolo_face_get_camera_title (self->face, sighting->camera));
  label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_list_box_append (self->answers, label);
}

static void
show_answer (BoloDeskPanel *self, GPtrArray *found)
{
  g_autofree char *seen = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "Seen %u time", "Seen %u times", found->len), found->len);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->answers))) != NULL)
    gtk_list_box_remove (self->answers, row);
  for (guint i = 0; i < found->len; i++)
    show_sighting (self, g_ptr_array_index (found, i));
  if (found->len > 0)
    gtk_label_set_text (self->answer_title, seen);
  else if (self->kind == BOLO_DESK_PANEL_WATCH)
    gtk_label_set_text (self->answer_title, _ ("It is watched for. Not seen before."));
  else
    gtk_label_set_text (self->answer_title, _ ("Not seen in this time."));
  gtk_stack_set_visible_child_name (self->body, "answer");
  gtk_widget_set_visible (GTK_WIDGET (self->accept), FALSE);
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoloDeskPanel) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = bolo_desk_ask_finish (BOLO_DESK (source), result, &error);
  gboolean is_left = g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result)));

  if (is_left || self->box == NULL)
    return;
  g_clear_object (&self->cancellable);
  update (self);
  if (found == NULL)
    say (self, error->message);
  else if (self->kind == BOLO_DESK_PANEL_SILENCE)
    g_signal_emit (self, signals[SIGNAL_LEFT], 0);
  else
    show_answer (self, found);
}

/* (nullable) (transfer none): Bolo's own where there is no policy. */
static const char *
get_category (BoloDeskPanel *self)
{
  const BoloAlertRule *rule;

  if (self->categories == NULL || self->categories->len == 0)
    return NULL;
  rule = g_ptr_array_index (self->categories, self->chosen_kind);
  return rule->kind;
}

static BoloAsk
make_ask (BoloDeskPanel *self)
{
  gint64 now_us = bolo_face_get_utc_us (self->face);
  gint64 span_us = (gint64) forms[self->kind].span_h[self->chosen_span] * G_TIME_SPAN_HOUR;

  switch (self->kind) {
  case BOLO_DESK_PANEL_SEARCH:
    return (BoloAsk){.what = BOLO_ASK_SEARCH,
                     .mark = self->fields[0],
                     .reason = bolo_desk_get_reasons (get_desk (self))[self->chosen_kind],
                     .reference = self->fields[1],
                     .from_us = now_us - span_us,
                     .to_us = now_us + G_TIME_SPAN_SECOND};
  case BOLO_DESK_PANEL_SILENCE:
    return (BoloAsk){.what = BOLO_ASK_SILENCE,
                     .list = self->match->entry->list,
                     .mark = self->match->entry->plate,
                     .entry_reference = bolo_list_entry_get_reference (self->match->entry),
                     .kind = (BoloSilenceKind) self->chosen_kind,
                     .reason = self->fields[0],
                     .until_us = now_us + span_us};
  case BOLO_DESK_PANEL_WATCH:
  default:
    return (BoloAsk){.what = BOLO_ASK_ADD_WATCH,
                     .mark = self->fields[0],
                     .reason = self->fields[1],
                     .description = *self->fields[2] != '\0' ? self->fields[2] : NULL,
                     .category = get_category (self),
                     .until_us = now_us + span_us};
  }
}

static void
on_accept (BoloDeskPanel *self)
{
  BoloAsk ask;

  if (self->cancellable != NULL || !is_complete (self))
    return;
  ask = make_ask (self);
  self->cancellable = g_cancellable_new ();
  update (self);
  bolo_desk_ask_async (get_desk (self), &ask, self->cancellable, on_answered, g_object_ref (self));
}

static void
forget_ask (BoloDeskPanel *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
on_back (BoloDeskPanel *self)
{
  forget_ask (self);
  g_signal_emit (self, signals[SIGNAL_LEFT], 0);
}

/* ---- the widget ---------------------------------------------------------------------------- */

static void
bolo_desk_panel_dispose (GObject *object)
{
  BoloDeskPanel *self = BOLO_DESK_PANEL (object);

  forget_ask (self);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->face);
  G_OBJECT_CLASS (bolo_desk_panel_parent_class)->dispose (object);
}

static void
bolo_desk_panel_finalize (GObject *object)
{
  BoloDeskPanel *self = BOLO_DESK_PANEL (object);

  g_clear_pointer (&self->match, bolo_match_free);
  g_clear_pointer (&self->categories, g_ptr_array_unref);
  for (guint i = 0; i < N_FIELDS; i++)
    g_free (self->fields[i]);
  G_OBJECT_CLASS (bolo_desk_panel_parent_class)->finalize (object);
}

static void
bolo_desk_panel_class_init (BoloDeskPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bolo_desk_panel_dispose;
  G_OBJECT_CLASS (klass)->finalize = bolo_desk_panel_finalize;
  signals[SIGNAL_LEFT] = g_signal_new ("left", BOLO_TYPE_DESK_PANEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (BOLO_TYPE_TEXT_PAD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-desk-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloDeskPanel, box);
  gtk_widget_class_bind_template_child (widget_class, BoloDeskPanel, first);
  gtk_widget_class_bind_template_child (widget_class, BoloDeskPanel, second);
  gtk_widget_class_bind_template_child (widget_class, BoloDeskPanel, third);
  gtk_widget_class_bind_template_child (widget_class, BoloDeskPanel, accept);
  gtk_widget_class_bind_template_child (widget_class, BoloDeskPanel, kinds);
  gtk_widget_class_bind_template_child (widget_class, BoloDeskPanel, spans);
  gtk_widget_class_bind_template_child (widget_class, BoloDeskPanel, message);
  gtk_widget_class_bind_template_child (widget_class, BoloDeskPanel, body);
  gtk_widget_class_bind_template_child (widget_class, BoloDeskPanel, pad);
  gtk_widget_class_bind_template_child (widget_class, BoloDeskPanel, answer_title);
  gtk_widget_class_bind_template_child (widget_class, BoloDeskPanel, answers);
  gtk_widget_class_bind_template_callback (widget_class, on_field_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_text_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_accept);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_set_css_name (widget_class, "deskpanel");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bolo_desk_panel_init (BoloDeskPanel *self)
{
  for (guint i = 0; i < N_FIELDS; i++)
    self->fields[i] = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
bolo_desk_panel_start (BoloDeskPanel *self,
                       BoloFace *face,
                       BoloDeskPanelKind kind,
                       const BoloMatch *match)
{
  g_return_if_fail (BOLO_IS_DESK_PANEL (self) && BOLO_IS_FACE (face));
  g_return_if_fail (kind != BOLO_DESK_PANEL_SILENCE || match != NULL);

  forget_ask (self);
  g_set_object (&self->face, face);
  self->kind = kind;
  g_clear_pointer (&self->match, bolo_match_free);
  self->match = match != NULL ? bolo_match_copy (match) : NULL;
  for (guint i = 0; i < N_FIELDS; i++) {
    g_free (self->fields[i]);
    self->fields[i] = g_strdup ("");
  }
  fill_choices (self);
  gtk_button_set_label (self->accept, _ (forms[kind].accept));
  gtk_widget_set_visible (GTK_WIDGET (self->accept), TRUE);
  gtk_stack_set_visible_child_name (self->body, "pad");
  gtk_toggle_button_set_active (self->first, TRUE);
  write_field (self, 0);
  say (self, "");
  update (self);
}
