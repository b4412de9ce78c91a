/* bolo-hit-card.c: the hit over all else, in both levels
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-hit-card.h"

#include <glib/gi18n-lib.h>

#include "bolo-check-panel.h"
#include "bolo-desk-panel.h"
#include "bolo-evidence.h"
#include "bolo-hit-notes.h"
#include "bolo-hit-words.h"
#include "bolo-plate-view.h"
#include "bolo-symbol.h"

/* More than these would be no glance any more; the rest is counted. */
#define N_MARKERS 3
/* The border of a hit of priority 1 that nobody has answered: 2 Hz for 5 s, below the 3 Hz that
 * harm the photosensitive. Not in the driver-safe level, where nothing moves. */
#define FLASH_HALF_MS 250
#define FLASH_HALVES 20

struct _BoloHitCard {
  GtkWidget parent_instance;

  GtkStack *pages; /* "card", "check", "desk" */
  GtkWidget *card;
  BoloCheckPanel *check;
  BoloDeskPanel *desk;
  GtkBox *markers;
  BoloSymbol *symbol;
  GtkLabel *category;
  GtkLabel *list;
  GtkLabel *state;
  GtkLabel *waiting;
  GtkStack *body; /* "operator", "driver" */

  BoloEvidence *overview;
  GtkLabel *where;
  BoloEvidence *patch;
  GtkWidget *read_caption;
  BoloPlateView *read;
  BoloPlateView *listed;
  GtkLabel *match;
  GtkLabel *vehicle;
  GtkLabel *reason;
  GtkLabel *sightings;
  GtkLabel *warnings;
  GtkLabel *more;
  GtkLabel *others;
  GtkWidget *entry_wrong;

  BoloPlateView *driver_plate;
  GtkLabel *driver_vehicle;
  GtkLabel *driver_list;
  GtkLabel *driver_match;
  GtkLabel *driver_warning;

  GtkButton *first_action;
  GtkWidget *record_check;
  GtkWidget *put_aside;
  GtkStack *last_place; /* record_check, or driver_state */
  GtkWidget *driver_state;
  GtkLabel *driver_waiting;

  BoloFace *face;        /* (owned) (nullable) */
  BoloHitCase *hit_case; /* (owned) (nullable) */
  BoloLevel level;
  guint n_waiting;
  guint flash;     /* source */
  guint n_flashed; /* halves of this case */
};

G_DEFINE_FINAL_TYPE (BoloHitCard, bolo_hit_card, GTK_TYPE_WIDGET)

typedef enum {
  SIGNAL_CHECK_RECORDED,
  N_SIGNALS,
} BoloHitCardSignal;
static guint signals[N_SIGNALS];

static void
set_class_if (gpointer widget, const char *class, gboolean is_set)
{
  if (is_set)
    gtk_widget_add_css_class (GTK_WIDGET (widget), class);
  else
    gtk_widget_remove_css_class (GTK_WIDGET (widget), class);
}

static void
add_marker (BoloHitCard *self, const char *icon_name, const char *words)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (words);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (box, "marker");
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (icon_name));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (self->markers, box);
}

/* Warning markers of all entries that matched stand first. */
static void
update_markers (BoloHitCard *self, const BoloHit *hit)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GtkWidget *child;
  guint n_left_out = 0;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->markers))) != NULL)
    gtk_box_remove (self->markers, child);

  for (guint i = 0; i < hit->matches->len; i++) {
    const BoloMatch *match = g_ptr_array_index (hit->matches, i);

    for (guint j = 0; match->entry->markers != NULL && match->entry->markers[j] != NULL; j++) {
      g_autofree char *words = bolo_marker_get_words (match->entry->markers[j]);

      if (*words == '\0' || !g_hash_table_add (seen, g_strdup (words)))
        continue;
      if (g_hash_table_size (seen) <= N_MARKERS)
        add_marker (self, bolo_marker_get_symbol (match->entry->markers[j]), words);
      else
        n_left_out++;
    }
  }
  if (n_left_out > 0) {
    g_autofree char *words = g_strdup_printf ("+%u", n_left_out);

    add_marker (self, "bolo-marker-warning-symbolic", words);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->markers), g_hash_table_size (seen) > 0);
}

static void
show_text (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), *text != '\0');
}

/* What must be known before acting on it, and the other entries, all of them. */
static void
update_notes (BoloHitCard *self, const BoloHit *hit)
{
  g_autofree char *warnings = bolo_hit_notes_get_warnings (self->face, hit);
  g_autofree char *more = bolo_hit_notes_get_more (hit);
  g_autofree char *others = bolo_hit_notes_get_others (self->face, hit);

  show_text (self->warnings, warnings);
  show_text (self->more, more);
  show_text (self->others, others);
  gtk_widget_set_visible (self->entry_wrong,
                          bolo_engine_get_desk (bolo_face_get_engine (self->face)) != NULL);
}

static void
update_operator_body (BoloHitCard *self, const BoloHit *hit)
{
  const BoloListEntry *entry = bolo_hit_get_leading (hit)->entry;
  gboolean is_exact = bolo_hit_words_is_exact (hit);
  guint differs = bolo_hit_words_get_differs (hit);
  guint n_sightings = bolo_hit_case_get_sightings (self->hit_case);
  g_autofree char *read = bolo_face_format_mark (self->face, hit->sighting->text);
  g_autofree char *listed = bolo_face_format_mark (self->face, entry->plate);
  g_autofree char *match = bolo_hit_words_get_match (hit);
  g_autofree char *vehicle = bolo_hit_words_get_vehicle (hit);
  g_autofree char *reason = bolo_hit_words_get_reason (hit);
  g_autofree char *where = bolo_hit_words_get_where (self->face, hit->sighting);
  g_autofree char *sightings = NULL;

  bolo_evidence_set_picture (self->overview, self->face, hit->sighting->overview_jpeg);
  bolo_evidence_set_picture (self->patch, self->face, hit->sighting->patch_jpeg);
  bolo_plate_view_set_outlines (self->read, bolo_face_get_outlines (self->face));
  bolo_plate_view_set_outlines (self->listed, bolo_face_get_outlines (self->face));
  bolo_plate_view_set_mark (self->read, read, differs);
  bolo_plate_view_set_mark (self->listed, listed, differs);
  gtk_widget_set_visible (GTK_WIDGET (self->read), !is_exact);
  gtk_widget_set_visible (self->read_caption, !is_exact);
  gtk_label_set_text (self->match, match);
  set_class_if (self->match, "doubtful", !is_exact || hit->sighting->is_single_look);
  gtk_label_set_text (self->vehicle, vehicle);
  gtk_widget_set_visible (GTK_WIDGET (self->vehicle), *vehicle != '\0');
  gtk_label_set_text (self->reason, reason);
  update_notes (self, hit);
  gtk_label_set_text (self->where, where);
  if (n_sightings > 1) {
    sightings = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "Seen %u time: %s", "Seen %u times: %s", n_sightings),
      n_sightings, bolo_hit_case_get_cameras (self->hit_case));
  }
  gtk_label_set_text (self->sightings, sightings != NULL ? sightings : "");
  gtk_widget_set_visible (GTK_WIDGET (self->sightings), sightings != NULL);
}

/* Symbol, mark, make and colour, list, warning markers: no picture, no sentence of the list's. */
static void
update_driver_body (BoloHitCard *self, const BoloHit *hit)
{
  g_autofree char *mark =
    bolo_face_format_mark (self->face, bolo_hit_get_leading (hit)->entry->plate);
  g_autofree char *vehicle = bolo_hit_words_get_vehicle (hit);
  g_autofree char *match = bolo_hit_words_get_match (hit);
  g_autofree char *warning = bolo_hit_notes_get_warning_word (hit);

  bolo_plate_view_set_outlines (self->driver_plate, bolo_face_get_outlines (self->face));
  bolo_plate_view_set_mark (self->driver_plate, mark, bolo_hit_words_get_differs (hit));
  gtk_label_set_text (self->driver_vehicle, vehicle);
  gtk_label_set_text (self->driver_list, gtk_label_get_text (self->list));
  gtk_label_set_text (self->driver_match, match);
  gtk_widget_set_visible (GTK_WIDGET (self->driver_match), !bolo_hit_words_is_exact (hit));
  show_text (self->driver_warning, warning);
}

static void
clear_pictures (BoloHitCard *self)
{
  bolo_evidence_set_picture (self->overview, self->face, NULL);
  bolo_evidence_set_picture (self->patch, self->face, NULL);
}

static void
update_state (BoloHitCard *self)
{
  static const char *const classes[] = {"unconfirmed", "confirmed", "closed"};
  BoloHitState state = bolo_hit_case_get_state (self->hit_case);
  const char *class = bolo_hit_words_get_state_class (self->hit_case);

  gtk_label_set_text (self->state, bolo_hit_words_get_state (self->hit_case));
  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    set_class_if (self->state, classes[i], g_str_equal (classes[i], class));
  set_class_if (self->first_action, "done",
                self->level == BOLO_LEVEL_OPERATOR &&
                  (state == BOLO_HIT_PLATE_MATCHES || state == BOLO_HIT_CONFIRMED));
  set_class_if (self->record_check, "next", state == BOLO_HIT_PLATE_MATCHES);
}

static gboolean
on_flash (gpointer user_data)
{
  BoloHitCard *self = user_data;

  self->n_flashed++;
  set_class_if (self, "flash", self->n_flashed % 2 == 1 && self->n_flashed < FLASH_HALVES);
  if (self->n_flashed < FLASH_HALVES)
    return G_SOURCE_CONTINUE;
  self->flash = 0;
  return G_SOURCE_REMOVE;
}

static void
update_flash (BoloHitCard *self)
{
  gboolean is_due = self->hit_case != NULL && self->level == BOLO_LEVEL_OPERATOR &&
                    bolo_hit_case_get_hit (self->hit_case)->priority == 1 &&
                    bolo_hit_case_get_state (self->hit_case) == BOLO_HIT_NEW &&
                    self->n_flashed < FLASH_HALVES;

  if (is_due && self->flash == 0) {
    self->flash = g_timeout_add (FLASH_HALF_MS, on_flash, self);
    g_source_set_name_by_id (self->flash, "bolo-hit-card-flash");
  } else if (!is_due) {
    g_clear_handle_id (&self->flash, g_source_remove);
    set_class_if (self, "flash", FALSE);
  }
}

static void
update (BoloHitCard *self)
{
  const BoloHit *hit;
  g_autofree char *category = NULL;
  g_autofree char *list = NULL;

  if (self->hit_case == NULL)
    return;
  hit = bolo_hit_case_get_hit (self->hit_case);
  category = bolo_hit_words_get_category (self->face, hit);
  list = bolo_hit_words_get_list (hit);

  update_markers (self, hit);
  bolo_symbol_set (self->symbol, bolo_hit_words_get_symbol (self->face, hit),
                   bolo_hit_words_get_colour (self->face, hit), category);
  gtk_label_set_text (self->category, category);
  set_class_if (self, "not-exact", !bolo_hit_words_is_exact (hit));
  for (int priority = 1; priority <= 4; priority++) {
    g_autofree char *class = g_strdup_printf ("priority-%d", priority);

    set_class_if (self, class, hit->priority == priority);
  }
  gtk_label_set_text (self->list, list);
  set_class_if (self->list, "doubtful",
                bolo_hit_get_leading (hit)->age == BOLO_LIST_STALE ||
                  bolo_hit_get_leading (hit)->entry->list_trust == BOLO_TRUST_UNSIGNED);
  /* Pictures are not even decoded while a driver may see the screen. */
  if (self->level == BOLO_LEVEL_OPERATOR) {
    update_operator_body (self, hit);
  } else {
    clear_pictures (self);
    update_driver_body (self, hit);
  }
  update_state (self);
  update_flash (self);
}

static void
update_waiting (BoloHitCard *self)
{
  g_autofree char *text = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "%u more hit", "%u more hits", self->n_waiting), self->n_waiting);
  gboolean is_operator = self->level == BOLO_LEVEL_OPERATOR;

  gtk_label_set_text (self->waiting, text);
  gtk_label_set_text (self->driver_waiting, text);
  gtk_widget_set_visible (GTK_WIDGET (self->waiting), self->n_waiting > 0 && is_operator);
  gtk_widget_set_visible (GTK_WIDGET (self->driver_waiting), self->n_waiting > 0);
}

static void
update_level (BoloHitCard *self)
{
  gboolean is_operator = self->level == BOLO_LEVEL_OPERATOR;
  GtkLabel *first;

  gtk_stack_set_visible_child_name (self->body, is_operator ? "operator" : "driver");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->first_action),
                                  is_operator ? "win.plate-matches" : "win.seen");
  first = GTK_LABEL (gtk_button_get_child (self->first_action));
  /* Translators: two lines, so that the row of buttons is as high in both levels */
  gtk_label_set_text (first, is_operator ? _ ("Plate matches\npicture") : _ ("Seen"));
  /* The last place stays taken, so that the other buttons stand where they stood. */
  gtk_stack_set_visible_child (self->last_place,
                               is_operator ? self->record_check : self->driver_state);
  /* "Seen" does as much; the category needs the room. */
  gtk_widget_set_visible (self->put_aside, is_operator);
  gtk_widget_set_visible (GTK_WIDGET (self->list), is_operator);
  update_waiting (self);
  set_class_if (self, "driver", !is_operator);
  if (!is_operator)
    gtk_stack_set_visible_child (self->pages, self->card);
}

static void
on_case_changed (BoloHitCase *hit_case, GParamSpec *pspec, BoloHitCard *self)
{
  update (self);
}

static void
on_check_recorded (BoloHitCard *self, const char *by, const char *how)
{
  gtk_stack_set_visible_child (self->pages, self->card);
  g_signal_emit (self, signals[SIGNAL_CHECK_RECORDED], 0, by, how);
}

/* Nothing is typed where a driver may see it: the button is in the operator's body only. */
static void
on_entry_wrong (BoloHitCard *self)
{
  if (self->hit_case == NULL || self->level != BOLO_LEVEL_OPERATOR)
    return;
  bolo_desk_panel_start (self->desk, self->face, BOLO_DESK_PANEL_SILENCE,
                         bolo_hit_get_leading (bolo_hit_case_get_hit (self->hit_case)));
  gtk_stack_set_visible_child (self->pages, GTK_WIDGET (self->desk));
}

static void
on_check_left (BoloHitCard *self)
{
  gtk_stack_set_visible_child (self->pages, self->card);
}

static void
on_card_released (BoloHitCard *self, int n_press, double x, double y)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.seen", NULL);
}

static void
bolo_hit_card_dispose (GObject *object)
{
  BoloHitCard *self = BOLO_HIT_CARD (object);

  if (self->hit_case != NULL)
    g_signal_handlers_disconnect_by_data (self->hit_case, self);
  g_clear_handle_id (&self->flash, g_source_remove);
  g_clear_object (&self->hit_case);
  if (self->pages != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->pages)));
  g_clear_object (&self->face);

  G_OBJECT_CLASS (bolo_hit_card_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, pages);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, card);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, check);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, desk);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, markers);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, symbol);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, category);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, list);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, state);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, waiting);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, body);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, overview);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, where);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, patch);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, read_caption);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, read);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, listed);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, match);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, vehicle);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, reason);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, sightings);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, warnings);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, more);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, others);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, entry_wrong);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, driver_plate);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, driver_vehicle);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, driver_list);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, driver_match);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, driver_warning);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, first_action);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, record_check);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, put_aside);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, last_place);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, driver_state);
  gtk_widget_class_bind_template_child (widget_class, BoloHitCard, driver_waiting);
  gtk_widget_class_bind_template_callback (widget_class, on_check_recorded);
  gtk_widget_class_bind_template_callback (widget_class, on_check_left);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_wrong);
  gtk_widget_class_bind_template_callback (widget_class, on_card_released);
}

static void
bolo_hit_card_class_init (BoloHitCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bolo_hit_card_dispose;

  signals[SIGNAL_CHECK_RECORDED] =
    g_signal_new ("check-recorded", BOLO_TYPE_HIT_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);

  g_type_ensure (BOLO_TYPE_SYMBOL);
  g_type_ensure (BOLO_TYPE_EVIDENCE);
  g_type_ensure (BOLO_TYPE_PLATE_VIEW);
  g_type_ensure (BOLO_TYPE_CHECK_PANEL);
  g_type_ensure (BOLO_TYPE_DESK_PANEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-hit-card.ui");
  bind_children (widget_class);
  gtk_widget_class_set_css_name (widget_class, "hitcard");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT);
}

static void
bolo_hit_card_init (BoloHitCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->level = BOLO_LEVEL_DRIVER_SAFE;
  update_level (self);
}

void
bolo_hit_card_set_face (BoloHitCard *self, BoloFace *face)
{
  g_return_if_fail (BOLO_IS_HIT_CARD (self));
  g_set_object (&self->face, face);
}

void
bolo_hit_card_set_case (BoloHitCard *self, BoloHitCase *hit_case)
{
  g_return_if_fail (BOLO_IS_HIT_CARD (self));
  g_return_if_fail (self->face != NULL);

  if (self->hit_case == hit_case)
    return;
  if (self->hit_case != NULL)
    g_signal_handlers_disconnect_by_data (self->hit_case, self);
  g_set_object (&self->hit_case, hit_case);
  self->n_flashed = 0;
  gtk_stack_set_visible_child (self->pages, self->card);
  if (hit_case == NULL) {
    clear_pictures (self);
    update_flash (self);
    return;
  }
  g_signal_connect_object (hit_case, "notify::hit", G_CALLBACK (on_case_changed), self, 0);
  g_signal_connect_object (hit_case, "notify::state", G_CALLBACK (on_case_changed), self, 0);
  update (self);
}

BoloHitCase *
bolo_hit_card_get_case (BoloHitCard *self)
{
  g_return_val_if_fail (BOLO_IS_HIT_CARD (self), NULL);
  return self->hit_case;
}

void
bolo_hit_card_set_level (BoloHitCard *self, BoloLevel level)
{
  g_return_if_fail (BOLO_IS_HIT_CARD (self));

  if (self->level == level)
    return;
  self->level = level;
  update_level (self);
  update (self);
}

void
bolo_hit_card_set_waiting (BoloHitCard *self, guint waiting)
{
  g_return_if_fail (BOLO_IS_HIT_CARD (self));

  self->n_waiting = waiting;
  update_waiting (self);
}

void
bolo_hit_card_open_check (BoloHitCard *self)
{
  g_return_if_fail (BOLO_IS_HIT_CARD (self));

  if (self->hit_case == NULL || self->level != BOLO_LEVEL_OPERATOR)
    return;
  bolo_check_panel_start (self->check, self->face, bolo_hit_case_get_hit (self->hit_case));
  gtk_stack_set_visible_child (self->pages, GTK_WIDGET (self->check));
}

gboolean
bolo_hit_card_is_checking (BoloHitCard *self)
{
  g_return_val_if_fail (BOLO_IS_HIT_CARD (self), FALSE);
  return gtk_stack_get_visible_child (self->pages) == GTK_WIDGET (self->check);
}

void
bolo_hit_card_set_guarded (BoloHitCard *self, gboolean is_guarded)
{
  g_return_if_fail (BOLO_IS_HIT_CARD (self));
  set_class_if (self, "guarded", is_guarded);
}
