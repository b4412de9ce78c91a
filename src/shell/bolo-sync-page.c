/* bolo-sync-page.c: what is to go to the station, how far it has come, and the end of a shift
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-sync-page.h"

#include <glib/gi18n-lib.h>

#include "bolo-config.h"
#include "bolo-sync-words.h"

struct _BoloSyncPage {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel *headline;
  GtkLabel *detail;
  GtkProgressBar *progress;
  GtkWidget *end_shift;
  GtkWidget *try_now;
  GtkWidget *write_stick;
  GtkWidget *safety;
  GtkWidget *show_hits;
  GtkLabel *open_hits;
  GtkListBox *list;

  BoloFace *face; /* (owned) (nullable) */
  guint n_open;
};

G_DEFINE_FINAL_TYPE (BoloSyncPage, bolo_sync_page, GTK_TYPE_WIDGET)

typedef enum {
  SIGNAL_HITS_ASKED,
  N_SIGNALS,
} BoloSyncPageSignal;
static guint signals[N_SIGNALS];

/* (nullable) */
static BoloSyncState *
get_state (BoloSyncPage *self)
{
  return bolo_engine_get_sync (bolo_face_get_engine (self->face));
}

static GtkWidget *
make_label (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, class);
  return label;
}

/* @state: nullable. */
static void
add_row (BoloSyncPage *self,
         const char *icon_name,
         const char *title,
         const char *detail,
         const char *state,
         const char *class)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 16);
  gtk_grid_attach (GTK_GRID (grid), gtk_image_new_from_icon_name (icon_name), 0, 0, 1, 2);
  gtk_grid_attach (GTK_GRID (grid), make_label (title, "part"), 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), make_label (detail, "detail"), 1, 1, 1, 1);
  if (state != NULL) {
    GtkWidget *last = gtk_label_new (state);

    gtk_widget_add_css_class (last, "state");
    gtk_widget_set_valign (last, GTK_ALIGN_CENTER);
    gtk_grid_attach (GTK_GRID (grid), last, 2, 0, 1, 2);
  }
  gtk_widget_set_css_classes (grid, (const char *[]){"equipment", class, NULL});
  gtk_list_box_append (self->list, grid);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (gtk_widget_get_parent (grid)), FALSE);
}

static void
add_heading (BoloSyncPage *self, const char *text)
{
  GtkWidget *label = make_label (text, "heading");

  gtk_list_box_append (self->list, label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (gtk_widget_get_parent (label)), FALSE);
}

static void
add_unsent (BoloSyncPage *self, const BoloSyncFigures *figures)
{
  g_autofree char *records = bolo_sync_words_get_unsent (figures);
  g_autofree char *pictures = bolo_sync_words_get_unsent_pictures (figures);

  add_row (self, "bolo-storage-symbolic", records, pictures, NULL, "ok");
  if (figures->rejected > 0) {
    g_autofree char *rejected = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%lu record is refused by the station",
                   "%lu records are refused by the station", (gulong) figures->rejected),
      (gulong) figures->rejected);

    add_row (self, "bolo-storage-full-symbolic", rejected,
             figures->rejection != NULL ? figures->rejection : _ ("Tell the control room"),
             _ ("Kept here"), "degraded");
  }
}

/* Each remote but the first, which the page's head tells of. */
static void
add_remotes (BoloSyncPage *self, BoloSyncState *state, gint64 now_us)
{
  GPtrArray *remotes = bolo_sync_state_get_remotes (state);

  for (guint i = 0; i < remotes->len; i++) {
    const BoloSyncFigures *figures = remotes->pdata[i];
    g_autofree char *detail = NULL;

    if (i > 0) {
      gboolean is_bad = figures->phase == BOLO_SYNC_REFUSED || figures->phase == BOLO_SYNC_WAITING;

      detail = bolo_sync_words_get_detail (figures, now_us);
      add_heading (self, figures->remote);
      add_row (self, "bolo-link-symbolic", detail, "", NULL, is_bad ? "degraded" : "ok");
    }
    add_unsent (self, figures);
  }
}

static void
add_stick (BoloSyncPage *self, const BoloStick *stick)
{
  g_autofree char *detail = NULL;
  g_autofree char *title = NULL;

  if (stick->phase == BOLO_STICK_NONE)
    return;
  title = bolo_sync_words_get_stick (stick, &detail);
  add_row (self, "bolo-storage-symbolic", title, detail, NULL,
           stick->phase == BOLO_STICK_FAILED ? "degraded" : "ok");
}

static void
add_receipt (BoloSyncPage *self, BoloSyncState *state)
{
  const BoloReceipt *receipt = bolo_sync_state_get_receipt (state);
  g_autofree char *detail = NULL;
  g_autofree char *title = NULL;

  if (receipt == NULL)
    return;
  detail = bolo_sync_words_get_receipt (receipt);
  /* Translators: the station of this name has signed what it received */
  title = g_strdup_printf (_ ("Receipt signed by %s"), receipt->station);
  add_row (self, "bolo-list-symbolic", title, detail, NULL, "ok");
}

static void
add_list (BoloSyncPage *self, const BoloListArrival *arrival, gint64 now_us)
{
  g_autofree char *title = NULL;
  g_autofree char *detail = NULL;
  gboolean is_newest = arrival->held == arrival->number && arrival->failure == NULL;

  /* Translators: name of a list, number of the revision that is held */
  title = g_strdup_printf (_ ("%s, number %lu"), arrival->name, (gulong) arrival->held);
  if (arrival->failure != NULL) {
    detail = g_strdup (arrival->failure);
  } else if (arrival->bytes > 0 && arrival->bytes_done < arrival->bytes) {
    g_autofree char *done = g_format_size ((guint64) arrival->bytes_done);
    g_autofree char *bytes = g_format_size ((guint64) arrival->bytes);

    /* Translators: bytes fetched, of how many */
    detail = g_strdup_printf (_ ("Fetching: %s of %s"), done, bytes);
  } else if (arrival->checked_us >= 0) {
    g_autofree char *ago = bolo_sync_words_get_ago (arrival->checked_us, now_us);

    /* Translators: "3 min ago" */
    detail = g_strdup_printf (_ ("Compared with the station %s"), ago);
  } else {
    detail = g_strdup (_ ("Not compared with the station yet"));
  }
  add_row (self, is_newest ? "bolo-list-symbolic" : "bolo-list-stale-symbolic", title, detail,
           is_newest ? _ ("Newest") : _ ("Older"), is_newest ? "ok" : "degraded");
}

/* What sounds in the car does not change in the middle of a shift. */
static void
add_policy (BoloSyncPage *self, const BoloListArrival *arrival)
{
  g_autofree char *title = NULL;
  g_autofree char *detail = NULL;

  if (arrival->number == 0)
    return;
  /* Translators: number of the alert policy that a station has sent */
  title = g_strdup_printf (_ ("Alert policy, number %lu"), (gulong) arrival->number);
  if (arrival->is_waiting) {
    /* Translators: name of the station */
    detail =
      g_strdup_printf (_ ("A new alert policy from %s is used from the next start"), arrival->from);
  } else {
    /* Translators: name of the station */
    detail = g_strdup_printf (_ ("From %s"), arrival->from);
  }
  add_row (self, "bolo-sound-symbolic", title, detail,
           arrival->is_waiting ? _ ("Next start") : _ ("In force"), "ok");
}

/* Another car's hit is information: never an alarm, and it says how far one may rely on it. */
static void
add_shared (BoloSyncPage *self, BoloSharedHit *hit, gint64 now_us)
{
  const BoloSharedHitFields *fields = bolo_shared_hit_get_fields (hit);
  g_autofree char *mark = bolo_face_format_mark (self->face, fields->mark);
  g_autofree char *ago = bolo_sync_words_get_ago (fields->time_us, now_us);
  g_autofree char *way = NULL;
  g_autofree char *title = NULL;
  g_autofree char *detail = NULL;
  double distance_m, bearing_deg;

  if (bolo_shared_hit_get_way (hit, bolo_engine_get_fix (bolo_face_get_engine (self->face)),
                               &distance_m, &bearing_deg))
    way = bolo_sync_words_get_way (distance_m, bearing_deg);
  /* Translators: a mark, and the category of its list */
  title = g_strdup_printf (_ ("%s: %s"), mark, fields->category);
  /* Translators: seen by another car: its id, "3 min ago", "1.3 km north" */
  detail = g_strdup_printf (_ ("Seen by %s %s, %s"), fields->car, ago,
                            way != NULL ? way : _ ("place not known"));
  add_row (self, "bolo-camera-symbolic", title, detail,
           bolo_sync_words_get_verification (fields->verification),
           fields->verification == BOLO_VERIFICATION_CONFIRMED ? "ok" : "degraded");
}

static void
add_lists (BoloSyncPage *self, GPtrArray *lists, gint64 now_us)
{
  gboolean has_heading = FALSE;

  for (guint i = 0; i < lists->len; i++) {
    const BoloListArrival *arrival = lists->pdata[i];

    if (arrival->kind == BOLO_ARRIVAL_POLICY) {
      add_policy (self, arrival);
      continue;
    }
    if (!has_heading)
      add_heading (self, _ ("Lists"));
    has_heading = TRUE;
    add_list (self, arrival, now_us);
  }
}

static void
fill_list (BoloSyncPage *self, BoloSyncState *state, gint64 now_us)
{
  GListModel *shared = bolo_sync_state_get_shared (state);
  guint n_shared = g_list_model_get_n_items (shared);

  add_stick (self, bolo_sync_state_get_stick (state));
  add_remotes (self, state, now_us);
  add_receipt (self, state);
  if (n_shared > 0)
    add_heading (self, _ ("Hits of other cars"));
  for (guint i = 0; i < n_shared; i++) {
    g_autoptr (BoloSharedHit) hit = g_list_model_get_item (shared, n_shared - 1 - i);

    add_shared (self, hit, now_us);
  }
  add_lists (self, bolo_sync_state_get_lists (state), now_us);
}

static void
update_open_hits (BoloSyncPage *self)
{
  g_autofree char *text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u hit is not resolved",
                                                        "%u hits are not resolved", self->n_open),
                                           self->n_open);

  gtk_label_set_text (self->open_hits, text);
  gtk_widget_set_visible (self->show_hits, self->n_open > 0);
}

/* @state: nullable. */
static void
update_buttons (BoloSyncPage *self, BoloSyncState *state, BoloSyncPhase phase)
{
  BoloStickPhase stick = state != NULL ? bolo_sync_state_get_stick (state)->phase : BOLO_STICK_NONE;
  gboolean has_link = phase != BOLO_SYNC_OFF && phase != BOLO_SYNC_BY_STICK;

  gtk_widget_set_sensitive (self->end_shift, has_link);
  gtk_widget_set_sensitive (self->try_now, phase == BOLO_SYNC_WAITING ||
                                             phase == BOLO_SYNC_REFUSED || phase == BOLO_SYNC_IDLE);
  gtk_widget_set_visible (self->write_stick, stick != BOLO_STICK_NONE);
  gtk_widget_set_sensitive (self->write_stick, stick != BOLO_STICK_BUSY);
  gtk_widget_set_visible (self->safety, phase != BOLO_SYNC_OFF);
}

static void
update (BoloSyncPage *self)
{
  BoloSyncState *state = get_state (self);
  gint64 now_us = bolo_face_get_utc_us (self->face);
  g_autofree char *headline = NULL;
  g_autofree char *detail = NULL;
  g_autofree char *progress = NULL;
  BoloSyncPhase phase = BOLO_SYNC_OFF;
  double fraction = 0;
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  if (state != NULL) {
    const BoloSyncFigures *figures = bolo_sync_state_get_figures (state);

    phase = figures->phase;
    headline = bolo_sync_words_get_headline (state);
    detail = bolo_sync_words_get_detail (figures, now_us);
    progress = bolo_sync_words_get_progress (state, &fraction);
    if (phase != BOLO_SYNC_OFF)
      fill_list (self, state, now_us);
  }
  gtk_label_set_text (self->headline, headline != NULL ? headline : _ ("No station is set up"));
  gtk_label_set_text (self->detail, detail != NULL ? detail : "");
  gtk_progress_bar_set_text (self->progress, progress);
  gtk_progress_bar_set_fraction (self->progress, fraction);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), progress != NULL);
  update_buttons (self, state, phase);
}

static void
on_changed (BoloSyncPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    update (self);
}

static void
ask (BoloSyncPage *self, BoloSyncAsk what)
{
  BoloSyncState *state = get_state (self);

  if (state != NULL)
    bolo_sync_state_ask (state, what);
}

static void
on_end_shift (BoloSyncPage *self)
{
  ask (self, BOLO_SYNC_ASK_END_OF_SHIFT);
}

static void
on_try_now (BoloSyncPage *self)
{
  ask (self, BOLO_SYNC_ASK_NOW);
}

static void
on_write_stick (BoloSyncPage *self)
{
  ask (self, BOLO_SYNC_ASK_STICK);
}

static void
on_show_hits (BoloSyncPage *self)
{
  g_signal_emit (self, signals[SIGNAL_HITS_ASKED], 0);
}

/* "Ago" is of the moment: written anew when somebody comes to look. */
static void
bolo_sync_page_map (GtkWidget *widget)
{
  BoloSyncPage *self = BOLO_SYNC_PAGE (widget);

  if (self->face != NULL)
    update (self);
  GTK_WIDGET_CLASS (bolo_sync_page_parent_class)->map (widget);
}

static void
bolo_sync_page_dispose (GObject *object)
{
  BoloSyncPage *self = BOLO_SYNC_PAGE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->face);
  G_OBJECT_CLASS (bolo_sync_page_parent_class)->dispose (object);
}

static void
bolo_sync_page_class_init (BoloSyncPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bolo_sync_page_dispose;
  widget_class->map = bolo_sync_page_map;

  signals[SIGNAL_HITS_ASKED] = g_signal_new ("hits-asked", BOLO_TYPE_SYNC_PAGE, G_SIGNAL_RUN_LAST,
                                             0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-sync-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloSyncPage, box);
  gtk_widget_class_bind_template_child (widget_class, BoloSyncPage, headline);
  gtk_widget_class_bind_template_child (widget_class, BoloSyncPage, detail);
  gtk_widget_class_bind_template_child (widget_class, BoloSyncPage, progress);
  gtk_widget_class_bind_template_child (widget_class, BoloSyncPage, end_shift);
  gtk_widget_class_bind_template_child (widget_class, BoloSyncPage, try_now);
  gtk_widget_class_bind_template_child (widget_class, BoloSyncPage, write_stick);
  gtk_widget_class_bind_template_child (widget_class, BoloSyncPage, safety);
  gtk_widget_class_bind_template_child (widget_class, BoloSyncPage, show_hits);
  gtk_widget_class_bind_template_child (widget_class, BoloSyncPage, open_hits);
  gtk_widget_class_bind_template_child (widget_class, BoloSyncPage, list);
  gtk_widget_class_bind_template_callback (widget_class, on_end_shift);
  gtk_widget_class_bind_template_callback (widget_class, on_try_now);
  gtk_widget_class_bind_template_callback (widget_class, on_write_stick);
  gtk_widget_class_bind_template_callback (widget_class, on_show_hits);
  gtk_widget_class_set_css_name (widget_class, "syncpage");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bolo_sync_page_init (BoloSyncPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update_open_hits (self);
}

void
bolo_sync_page_set_face (BoloSyncPage *self, BoloFace *face)
{
  BoloSyncState *state;

  g_return_if_fail (BOLO_IS_SYNC_PAGE (self));
  g_return_if_fail (BOLO_IS_FACE (face) && self->face == NULL);

  self->face = g_object_ref (face);
  state = get_state (self);
  if (state != NULL)
    g_signal_connect_object (state, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
}

void
bolo_sync_page_set_open_hits (BoloSyncPage *self, guint n_open)
{
  g_return_if_fail (BOLO_IS_SYNC_PAGE (self));

  self->n_open = n_open;
  update_open_hits (self);
}
