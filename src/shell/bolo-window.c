/* bolo-window.c: the terminal's one window: what is on it, in which level
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-window.h"

#include <glib/gi18n-lib.h>

#include "bolo-dimmer.h"
#include "bolo-driver-page.h"
#include "bolo-equipment-page.h"
#include "bolo-fit.h"
#include "bolo-hit-card.h"
#include "bolo-hits-page.h"
#include "bolo-lists-page.h"
#include "bolo-rehearsal.h"
#include "bolo-sign-on.h"
#include "bolo-sync-page.h"
#include "bolo-status-line.h"
#include "bolo-theme-keeper.h"

struct _BoloWindow {
  AdwApplicationWindow parent_instance;

  BoloDimmer *dimmer;
  GtkStack *front; /* "content", "card", "sign-on" */
  GtkWidget *content;
  BoloHitCard *card;
  BoloSignOn *sign_on;
  GtkStack *pages; /* "live", "hits", "lists", "station", "equipment", "driver" */
  BoloLivePage *live;
  BoloHitsPage *hits;
  BoloListsPage *lists;
  BoloSyncPage *station;
  BoloEquipmentPage *equipment;
  BoloDriverPage *driver;
  GtkToggleButton *show_live;
  GtkToggleButton *show_hits;
  GtkToggleButton *show_lists;
  GtkToggleButton *show_station;
  GtkToggleButton *show_equipment;
  GtkWidget *officer_button;
  GtkLabel *officer;
  GtkLabel *open_hits;
  GtkWidget *theme_button; /* this and the next: in driver-safe only; else on the equipment page */
  GtkWidget *sound_button;
  GtkLabel *theme_words;
  GtkImage *theme_icon;
  GtkImage *sound_icon;
  GtkLabel *sound_words;
  GtkWidget *problem_bar;
  GtkLabel *problem_title;
  GtkLabel *problem_text;
  BoloStatusLine *status;

  BoloFace *face;           /* (owned) */
  BoloSettings *settings;   /* (owned) */
  BoloThemeKeeper *theme;   /* (owned) */
  BoloCaseQueue *queue;     /* (owned) */
  BoloRehearsal *rehearsal; /* (owned) (nullable) */
  BoloLevel level;
  BoloSeat seat;
  gboolean took_seat; /* declared by a tap, nobody has signed on with it yet */
  gboolean is_discreet;
  gboolean may_sign_on;   /* as decided last */
  gboolean wants_sign_on; /* the officer asked to sign on anew */
  guint second;           /* source */
  guint guard;            /* source: 0 while taps are taken */
};

G_DEFINE_FINAL_TYPE (BoloWindow, bolo_window, ADW_TYPE_APPLICATION_WINDOW)

typedef enum {
  SIGNAL_HIT_SHOWN,
  N_SIGNALS,
} BoloWindowSignal;
static guint signals[N_SIGNALS];

/* Actions of the card, by name: what may be activated follows case, level and guard. */
static const char *const card_actions[] = {"plate-matches", "misread",   "silence",
                                           "record-check",  "put-aside", "seen"};

static void
set_enabled (BoloWindow *self, const char *name, gboolean is_enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), is_enabled);
}

static void
update_actions (BoloWindow *self)
{
  BoloHitCase *hit_case = bolo_case_queue_get_current (self->queue);
  gboolean is_operator = self->level == BOLO_LEVEL_OPERATOR;
  BoloHitState state;

  if (hit_case == NULL || self->guard != 0) {
    for (gsize i = 0; i < G_N_ELEMENTS (card_actions); i++)
      set_enabled (self, card_actions[i], FALSE);
    return;
  }
  state = bolo_hit_case_get_state (hit_case);
  set_enabled (self, "put-aside", TRUE);
  set_enabled (self, "seen", bolo_hit_case_is_open (hit_case));
  /* A mistake found later can be recorded too: nothing is edited, the record is added to. */
  set_enabled (self, "misread", state != BOLO_HIT_MISREAD);
  set_enabled (self, "silence", bolo_hit_case_is_open (hit_case));
  set_enabled (self, "plate-matches",
               is_operator && state != BOLO_HIT_PLATE_MATCHES && state != BOLO_HIT_CONFIRMED);
  set_enabled (self, "record-check", is_operator && state == BOLO_HIT_PLATE_MATCHES);
}

static gboolean
on_guard_over (gpointer user_data)
{
  BoloWindow *self = user_data;

  self->guard = 0;
  bolo_hit_card_set_guarded (self->card, FALSE);
  gtk_widget_set_can_target (GTK_WIDGET (self->front), TRUE);
  update_actions (self);
  return G_SOURCE_REMOVE;
}

/* A tap meant for what was there before must not fall on what is there now. */
static void
start_guard (BoloWindow *self)
{
  g_clear_handle_id (&self->guard, g_source_remove);
  self->guard = g_timeout_add (BOLO_GUARD_MS, on_guard_over, self);
  g_source_set_name_by_id (self->guard, "bolo-window-guard");
  bolo_hit_card_set_guarded (self->card, TRUE);
  gtk_widget_set_can_target (GTK_WIDGET (self->front), FALSE);
  update_actions (self);
}

/* Nothing is typed on a screen that the driver sees unless the car is known to stand; where nobody
 * has declared a seat yet, this is how it is done. */
static gboolean
can_sign_on (BoloWindow *self)
{
  BoloSeat seat = self->seat == BOLO_SEAT_NONE ? BOLO_SEAT_DRIVER : self->seat;

  return bolo_level_decide (bolo_engine_get_fix (bolo_face_get_engine (self->face)),
                            bolo_face_get_utc_us (self->face), seat) == BOLO_LEVEL_OPERATOR;
}

/* The page that the rail has chosen; a driver has one only. */
static void
update_page (BoloWindow *self)
{
  const struct {
    GtkToggleButton *button;
    const char *name;
  } pages[] = {
    {self->show_live, "live"},           {self->show_hits, "hits"},
    {self->show_lists, "lists"},         {self->show_station, "station"},
    {self->show_equipment, "equipment"},
  };
  gboolean is_operator = self->level == BOLO_LEVEL_OPERATOR;
  const char *name = "driver";

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++) {
    if (is_operator && gtk_toggle_button_get_active (pages[i].button))
      name = pages[i].name;
    gtk_widget_set_visible (GTK_WIDGET (pages[i].button), is_operator);
  }
  gtk_widget_set_visible (self->theme_button, !is_operator);
  gtk_widget_set_visible (self->sound_button, !is_operator);
  gtk_stack_set_visible_child_name (self->pages, name);
}

/* What is in front: a hit, then the sign-on, then the page. */
static void
update_front (BoloWindow *self)
{
  BoloEngine *engine = bolo_face_get_engine (self->face);
  gboolean may_sign_on = can_sign_on (self);
  GtkWidget *front = self->content;

  if (may_sign_on && (bolo_engine_get_officer (engine) == NULL || self->wants_sign_on))
    front = GTK_WIDGET (self->sign_on);
  if (bolo_case_queue_get_current (self->queue) != NULL || self->rehearsal != NULL)
    front = GTK_WIDGET (self->card);
  gtk_stack_set_visible_child (self->front, front);
  bolo_sign_on_set_can_leave (self->sign_on,
                              self->took_seat || bolo_engine_get_officer (engine) != NULL);
  bolo_driver_page_set_offers_seat (self->driver, !may_sign_on && self->seat == BOLO_SEAT_NONE &&
                                                    bolo_engine_get_officer (engine) == NULL);

  update_page (self);
  gtk_widget_set_visible (self->officer_button, may_sign_on);
  if (bolo_engine_get_officer (engine) != NULL)
    gtk_label_set_text (self->officer, bolo_engine_get_officer (engine));
}

static void
set_level (BoloWindow *self, BoloLevel level)
{
  if (self->level == level)
    return;
  self->level = level;
  self->wants_sign_on = FALSE;
  bolo_status_line_set_level (self->status, level);
  bolo_hit_card_set_level (self->card, level);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_text), level == BOLO_LEVEL_OPERATOR);
  if (level == BOLO_LEVEL_OPERATOR)
    gtk_widget_remove_css_class (GTK_WIDGET (self), "driver");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self), "driver");
  update_front (self);
  if (bolo_case_queue_get_current (self->queue) != NULL)
    start_guard (self);
}

static void
decide_level (BoloWindow *self)
{
  const BoloFix *fix = bolo_engine_get_fix (bolo_face_get_engine (self->face));
  gint64 now_us = bolo_face_get_utc_us (self->face);

  set_level (self, bolo_level_decide (fix, now_us, self->seat));
  if (self->may_sign_on != can_sign_on (self)) {
    self->may_sign_on = !self->may_sign_on;
    self->wants_sign_on = self->wants_sign_on && self->may_sign_on;
    update_front (self);
  }
  bolo_theme_keeper_update (self->theme, fix, now_us);
}

static gboolean
on_second (gpointer user_data)
{
  BoloWindow *self = user_data;

  decide_level (self);
  bolo_status_line_update (self->status);
  return G_SOURCE_CONTINUE;
}

static void
on_fix (BoloEngine *engine, const BoloFix *fix, BoloWindow *self)
{
  decide_level (self);
}

static void
on_problem (BoloEngine *engine, const BoloProblem *problem, BoloWindow *self)
{
  g_autofree char *text =
    g_strdup_printf ("%s %s", problem->consequence != NULL ? problem->consequence : "",
                     problem->remedy != NULL ? problem->remedy : "");

  gtk_label_set_text (self->problem_title, problem->title);
  gtk_label_set_text (self->problem_text, g_strstrip (text));
  gtk_widget_set_visible (self->problem_bar, TRUE);
}

static void
on_alarm (BoloEngine *engine, BoloHitCase *hit_case, BoloWindow *self)
{
  bolo_case_queue_raise (self->queue, hit_case);
}

static void
on_current_state_changed (BoloWindow *self)
{
  update_actions (self);
}

static void
end_rehearsal (BoloWindow *self)
{
  if (self->rehearsal == NULL)
    return;
  g_clear_pointer (&self->rehearsal, bolo_rehearsal_free);
  bolo_hit_card_set_level (self->card, self->level);
  update_front (self);
}

static void
on_current_changed (BoloCaseQueue *queue, GParamSpec *pspec, BoloWindow *self)
{
  BoloHitCase *hit_case = bolo_case_queue_get_current (queue);
  BoloHitCase *before;

  end_rehearsal (self);
  before = bolo_hit_card_get_case (self->card);
  if (before != NULL)
    g_signal_handlers_disconnect_by_func (before, on_current_state_changed, self);
  if (hit_case != NULL) {
    g_signal_connect_object (hit_case, "notify::state", G_CALLBACK (on_current_state_changed), self,
                             G_CONNECT_SWAPPED);
  }
  bolo_hit_card_set_case (self->card, hit_case);
  update_front (self);
  start_guard (self);
}

static void
on_counts_changed (BoloCaseQueue *queue, GParamSpec *pspec, BoloWindow *self)
{
  guint open = bolo_case_queue_get_open (queue);
  g_autofree char *text = g_strdup_printf ("%u", open);

  bolo_hit_card_set_waiting (self->card, bolo_case_queue_get_waiting (queue));
  gtk_label_set_text (self->open_hits, text);
  gtk_widget_set_visible (GTK_WIDGET (self->open_hits), open > 0);
  bolo_sync_page_set_open_hits (self->station, open);
}

static void
on_cases_changed (GListModel *cases, guint position, guint removed, guint added, BoloWindow *self)
{
  for (guint i = 0; i < added; i++) {
    g_autoptr (BoloHitCase) hit_case = g_list_model_get_item (cases, position + i);

    if (hit_case == bolo_case_queue_get_current (self->queue))
      g_signal_emit (self, signals[SIGNAL_HIT_SHOWN], 0, hit_case);
  }
}

static void
on_case_chosen (BoloWindow *self, BoloHitCase *hit_case)
{
  bolo_case_queue_open (self->queue, hit_case);
}

static void
on_declared (BoloWindow *self, const char *officer, int seat)
{
  bolo_engine_set_officer (bolo_face_get_engine (self->face), officer);
  self->seat = (BoloSeat) seat;
  self->took_seat = FALSE;
  self->wants_sign_on = FALSE;
  decide_level (self);
  update_front (self);
}

static void
on_sign_on_left (BoloWindow *self)
{
  if (self->took_seat)
    self->seat = BOLO_SEAT_NONE;
  self->took_seat = FALSE;
  self->wants_sign_on = FALSE;
  decide_level (self);
  update_front (self);
}

static void
on_page_toggled (BoloWindow *self)
{
  update_front (self);
}

static void
on_hits_asked (BoloWindow *self)
{
  gtk_toggle_button_set_active (self->show_hits, TRUE);
}

static void
dispose_of (BoloWindow *self, BoloDispositionKind kind, const char *by, const char *how)
{
  BoloHitCase *hit_case = bolo_case_queue_get_current (self->queue);

  if (hit_case == NULL)
    return;
  bolo_engine_dispose_of (bolo_face_get_engine (self->face), bolo_hit_case_get_hit (hit_case)->id,
                          kind, by, how);
  update_actions (self);
}

static void
on_check_recorded (BoloWindow *self, const char *by, const char *how)
{
  dispose_of (self, BOLO_DISPOSITION_CONFIRMED, by, how);
}

static void
on_plate_matches (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  dispose_of (user_data, BOLO_DISPOSITION_PLATE_MATCHES, NULL, NULL);
}

static void
on_misread (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  dispose_of (user_data, BOLO_DISPOSITION_MISREAD, NULL, NULL);
}

static void
on_silence (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  dispose_of (user_data, BOLO_DISPOSITION_SILENCED, NULL, NULL);
}

/* Said once; in the driver-safe level it makes room for the next, as the driver has no more to do.
 */
static void
on_seen (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BoloWindow *self = user_data;
  BoloHitCase *hit_case = bolo_case_queue_get_current (self->queue);

  if (hit_case == NULL)
    return;
  if (bolo_hit_case_get_state (hit_case) == BOLO_HIT_NEW)
    dispose_of (self, BOLO_DISPOSITION_SEEN, NULL, NULL);
  if (self->level == BOLO_LEVEL_DRIVER_SAFE)
    bolo_case_queue_put_aside (self->queue);
}

static void
on_put_aside (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BoloWindow *self = user_data;
  BoloHitCase *hit_case = bolo_case_queue_get_current (self->queue);

  if (hit_case != NULL && bolo_hit_case_get_state (hit_case) == BOLO_HIT_NEW)
    dispose_of (self, BOLO_DISPOSITION_SEEN, NULL, NULL);
  bolo_case_queue_put_aside (self->queue);
}

static void
on_record_check (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  bolo_hit_card_open_check (BOLO_WINDOW (user_data)->card);
}

static void
on_theme_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BoloWindow *self = user_data;
  gboolean is_day = bolo_theme_keeper_is_day (self->theme);

  bolo_settings_set_theme (self->settings, is_day ? BOLO_THEME_NIGHT : BOLO_THEME_DAY);
  bolo_theme_keeper_set_theme (self->theme, is_day ? BOLO_THEME_NIGHT : BOLO_THEME_DAY);
}

static void
update_sound (BoloWindow *self)
{
  const char *words;

  gtk_image_set_from_icon_name (self->sound_icon, self->is_discreet ? "bolo-discreet-symbolic"
                                                                    : "bolo-sound-symbolic");
  /* Translators: speech says "Alert" only (Discreet), or category and mark (Speaks) */
  words = self->is_discreet ? _ ("Discreet") : _ ("Speaks");
  gtk_label_set_text (self->sound_words, words);
  bolo_equipment_page_set_speech (self->equipment, words);
  bolo_status_line_set_discreet (self->status, self->is_discreet);
}

static void
on_discreet_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BoloWindow *self = user_data;

  self->is_discreet = !self->is_discreet;
  bolo_engine_set_discreet (bolo_face_get_engine (self->face), self->is_discreet);
  update_sound (self);
}

static void
on_sign_on_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BoloWindow *self = user_data;

  self->wants_sign_on = TRUE;
  update_front (self);
}

/* Where the speed is not known no driver can sign on; a passenger can, and says so by this. */
static void
on_take_seat_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BoloWindow *self = user_data;

  if (self->seat != BOLO_SEAT_NONE)
    return;
  self->seat = BOLO_SEAT_OPERATOR;
  self->took_seat = TRUE;
  decide_level (self);
  update_front (self);
}

static void
on_page_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BoloWindow *self = user_data;
  const char *page = g_variant_get_string (parameter, NULL);
  GtkToggleButton *button = g_str_equal (page, "hits")        ? self->show_hits
                            : g_str_equal (page, "lists")     ? self->show_lists
                            : g_str_equal (page, "station")   ? self->show_station
                            : g_str_equal (page, "equipment") ? self->show_equipment
                                                              : self->show_live;

  gtk_toggle_button_set_active (button, TRUE);
}

static void
on_dismiss_problem (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_widget_set_visible (BOLO_WINDOW (user_data)->problem_bar, FALSE);
}

static void
on_is_day_changed (BoloWindow *self)
{
  gboolean is_day = bolo_theme_keeper_is_day (self->theme);

  /* The button says what a tap would bring. */
  gtk_image_set_from_icon_name (self->theme_icon,
                                is_day ? "bolo-night-symbolic" : "bolo-day-symbolic");
  gtk_label_set_text (self->theme_words, is_day ? _ ("Night") : _ ("Day"));
  bolo_equipment_page_set_theme (self->equipment, is_day ? _ ("Night") : _ ("Day"));
}

static void
on_volume_changed (BoloWindow *self)
{
  bolo_engine_set_volume (bolo_face_get_engine (self->face),
                          bolo_settings_get_volume (self->settings));
}

static void
bolo_window_dispose (GObject *object)
{
  BoloWindow *self = BOLO_WINDOW (object);

  g_clear_handle_id (&self->second, g_source_remove);
  g_clear_handle_id (&self->guard, g_source_remove);
  g_clear_pointer (&self->rehearsal, bolo_rehearsal_free);
  if (self->queue != NULL)
    g_signal_handlers_disconnect_by_data (self->queue, self);
  g_clear_object (&self->queue);
  g_clear_object (&self->theme);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (bolo_window_parent_class)->dispose (object);
  g_clear_object (&self->face);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, dimmer);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, front);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, content);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, card);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, sign_on);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, live);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, hits);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, lists);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, equipment);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, station);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, driver);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, show_live);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, show_hits);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, show_lists);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, show_equipment);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, show_station);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, officer_button);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, officer);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, open_hits);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, theme_words);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, theme_button);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, sound_button);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, theme_icon);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, sound_icon);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, sound_words);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, problem_bar);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, problem_title);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, problem_text);
  gtk_widget_class_bind_template_child (widget_class, BoloWindow, status);
  gtk_widget_class_bind_template_callback (widget_class, on_case_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_declared);
  gtk_widget_class_bind_template_callback (widget_class, on_sign_on_left);
  gtk_widget_class_bind_template_callback (widget_class, on_page_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_hits_asked);
  gtk_widget_class_bind_template_callback (widget_class, on_check_recorded);
}

static void
bolo_window_class_init (BoloWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bolo_window_dispose;

  signals[SIGNAL_HIT_SHOWN] = g_signal_new ("hit-shown", BOLO_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 1, BOLO_TYPE_HIT_CASE);

  g_type_ensure (BOLO_TYPE_FIT);
  g_type_ensure (BOLO_TYPE_DIMMER);
  g_type_ensure (BOLO_TYPE_HIT_CARD);
  g_type_ensure (BOLO_TYPE_SIGN_ON);
  g_type_ensure (BOLO_TYPE_LIVE_PAGE);
  g_type_ensure (BOLO_TYPE_HITS_PAGE);
  g_type_ensure (BOLO_TYPE_LISTS_PAGE);
  g_type_ensure (BOLO_TYPE_SYNC_PAGE);
  g_type_ensure (BOLO_TYPE_EQUIPMENT_PAGE);
  g_type_ensure (BOLO_TYPE_DRIVER_PAGE);
  g_type_ensure (BOLO_TYPE_STATUS_LINE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-window.ui");
  bind_children (widget_class);
}

static void
bolo_window_init (BoloWindow *self)
{
  static const GActionEntry actions[] = {
    {"plate-matches", on_plate_matches},
    {"misread", on_misread},
    {"silence", on_silence},
    {"seen", on_seen},
    {"put-aside", on_put_aside},
    {"record-check", on_record_check},
    {"theme", on_theme_action},
    {"discreet", on_discreet_action},
    {"sign-on", on_sign_on_action},
    {"take-seat", on_take_seat_action},
    {"dismiss-problem", on_dismiss_problem},
    {"page", on_page_action, "s"},
  };

  self->level = BOLO_LEVEL_DRIVER_SAFE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "driver");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_text), FALSE);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
}

static void
connect_engine (BoloWindow *self)
{
  BoloEngine *engine = bolo_face_get_engine (self->face);
  GListModel *cases = bolo_engine_get_cases (engine);

  self->queue = bolo_case_queue_new (cases);
  g_signal_connect_object (self->queue, "notify::current", G_CALLBACK (on_current_changed), self,
                           0);
  g_signal_connect_object (self->queue, "notify::waiting", G_CALLBACK (on_counts_changed), self, 0);
  g_signal_connect_object (self->queue, "notify::open", G_CALLBACK (on_counts_changed), self, 0);
  g_signal_connect_object (cases, "items-changed", G_CALLBACK (on_cases_changed), self, 0);
  g_signal_connect_object (engine, "fix", G_CALLBACK (on_fix), self, 0);
  g_signal_connect_object (engine, "alarm", G_CALLBACK (on_alarm), self, 0);
  g_signal_connect_object (engine, "problem", G_CALLBACK (on_problem), self, 0);

  bolo_hit_card_set_face (self->card, self->face);
  bolo_live_page_set_face (self->live, self->face);
  bolo_hits_page_set_face (self->hits, self->face);
  bolo_lists_page_set_face (self->lists, self->face);
  bolo_sync_page_set_face (self->station, self->face);
  bolo_equipment_page_set_face (self->equipment, self->face);
  bolo_driver_page_set_face (self->driver, self->face);
  bolo_status_line_set_face (self->status, self->face);
  bolo_status_line_set_level (self->status, self->level);
}

static BoloTheme
parse_theme (const char *theme, BoloTheme fallback)
{
  if (g_strcmp0 (theme, "day") == 0)
    return BOLO_THEME_DAY;
  if (g_strcmp0 (theme, "night") == 0)
    return BOLO_THEME_NIGHT;
  if (g_strcmp0 (theme, "auto") == 0)
    return BOLO_THEME_AUTO;
  return fallback;
}

BoloWindow *
bolo_window_new (GtkApplication *application,
                 BoloFace *face,
                 BoloSettings *settings,
                 BoloSeat seat,
                 const char *theme)
{
  BoloWindow *self;

  g_return_val_if_fail (BOLO_IS_FACE (face), NULL);
  g_return_val_if_fail (BOLO_IS_SETTINGS (settings), NULL);

  self = g_object_new (BOLO_TYPE_WINDOW, "application", application, NULL);
  self->face = g_object_ref (face);
  self->settings = g_object_ref (settings);
  self->seat = seat;
  self->theme = bolo_theme_keeper_new (gtk_widget_get_display (GTK_WIDGET (self)),
                                       parse_theme (theme, bolo_settings_get_theme (settings)));
  g_signal_connect_object (self->theme, "notify::is-day", G_CALLBACK (on_is_day_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "notify::volume", G_CALLBACK (on_volume_changed), self,
                           G_CONNECT_SWAPPED);

  bolo_equipment_page_set_settings (self->equipment, settings);
  bolo_driver_page_set_settings (self->driver, settings);
  g_object_bind_property (settings, "brightness", self->dimmer, "brightness",
                          G_BINDING_SYNC_CREATE);

  connect_engine (self);
  on_is_day_changed (self);
  on_volume_changed (self);
  update_sound (self);
  on_counts_changed (self->queue, NULL, self);
  if (bolo_case_queue_get_current (self->queue) != NULL)
    on_current_changed (self->queue, NULL, self);
  update_actions (self);
  decide_level (self);
  update_front (self);
  self->second = g_timeout_add_seconds (1, on_second, self);
  g_source_set_name_by_id (self->second, "bolo-window-second");
  return self;
}

BoloLevel
bolo_window_get_level (BoloWindow *self)
{
  g_return_val_if_fail (BOLO_IS_WINDOW (self), BOLO_LEVEL_DRIVER_SAFE);
  return self->level;
}

BoloCaseQueue *
bolo_window_get_queue (BoloWindow *self)
{
  g_return_val_if_fail (BOLO_IS_WINDOW (self), NULL);
  return self->queue;
}

BoloLivePage *
bolo_window_get_live_page (BoloWindow *self)
{
  g_return_val_if_fail (BOLO_IS_WINDOW (self), NULL);
  return self->live;
}

static void
on_rehearsed (gpointer user_data)
{
  end_rehearsal (user_data);
}

void
bolo_window_rehearse (BoloWindow *self)
{
  g_return_if_fail (BOLO_IS_WINDOW (self));

  if (self->rehearsal != NULL || bolo_case_queue_get_current (self->queue) != NULL)
    return;
  self->rehearsal = bolo_rehearsal_new (self->card, on_rehearsed, self);
  update_front (self);
}

gboolean
bolo_window_is_rehearsing (BoloWindow *self)
{
  g_return_val_if_fail (BOLO_IS_WINDOW (self), FALSE);
  return self->rehearsal != NULL;
}

gboolean
bolo_window_is_guarded (BoloWindow *self)
{
  g_return_val_if_fail (BOLO_IS_WINDOW (self), FALSE);
  return self->guard != 0;
}
