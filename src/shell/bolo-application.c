/* bolo-application.c: the terminal on the officer's screen
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-application.h"

#include <glib/gi18n-lib.h>

#include "bolo-config.h"
#include "bolo-error.h"
#include "bolo-measure.h"
#include "bolo-screenshot.h"
#include "bolo-shell-setup.h"
#include "bolo-window.h"

#define DEFAULT_WIDTH 1024
#define DEFAULT_HEIGHT 600
/* Pictures of a card are decoded and painted well before. */
#define SCREENSHOT_DELAY_MS 700
/* While measuring: long enough to look at a card, short enough for the tiles to be seen. */
#define MEASURE_ASIDE_MS 3000
/* What came last is still painted before the window closes. */
#define END_DELAY_MS 1000
/* A window that nobody paints (the panel is off, another lies over it) must not hold up a
 * recording. */
#define UP_DELAY_MS 2000

struct _BoloApplication {
  AdwApplication parent_instance;

  BoloEngine *engine;       /* (owned) */
  BoloShellOptions options; /* its texts are owned below, its objects by face */
  char *theme;              /* (owned) (nullable) */
  char *measure_path;       /* (owned) (nullable) */
  char *screenshot_path;    /* (owned) (nullable) */
  BoloFace *face;           /* (owned) */
  BoloSettings *settings;   /* (owned) (nullable) */
  BoloWindow *window;       /* (owned) (nullable) */
  BoloMeasure *measure;     /* (owned) (nullable) */
  GdkTexture *screenshot;   /* (owned) (nullable): the last hit card */
  guint screenshot_source;
  guint aside_source;
  guint end_source;
  GdkFrameClock *clock; /* (owned) (nullable): until the window is up */
  gulong paint_handler;
  guint up_source;
};

G_DEFINE_FINAL_TYPE (BoloApplication, bolo_application, ADW_TYPE_APPLICATION)

typedef enum {
  UP,
  N_SIGNALS,
} BoloApplicationSignal;
static guint signals[N_SIGNALS];

static void
stop_waiting_for_paint (BoloApplication *self)
{
  g_clear_handle_id (&self->up_source, g_source_remove);
  if (self->clock != NULL)
    g_clear_signal_handler (&self->paint_handler, self->clock);
  g_clear_object (&self->clock);
}

static gboolean
on_up (gpointer user_data)
{
  BoloApplication *self = user_data;

  self->up_source = 0;
  stop_waiting_for_paint (self);
  g_signal_emit (self, signals[UP], 0);
  return G_SOURCE_REMOVE;
}

static void
on_painted (BoloApplication *self)
{
  if (bolo_window_is_rehearsing (self->window))
    return;
  stop_waiting_for_paint (self);
  self->up_source = g_idle_add (on_up, self);
  g_source_set_name_by_id (self->up_source, "bolo-application-up");
}

static void
wait_for_paint (BoloApplication *self)
{
  self->clock = g_object_ref (gtk_widget_get_frame_clock (GTK_WIDGET (self->window)));
  self->paint_handler =
    g_signal_connect_swapped (self->clock, "after-paint", G_CALLBACK (on_painted), self);
  self->up_source = g_timeout_add (UP_DELAY_MS, on_up, self);
  g_source_set_name_by_id (self->up_source, "bolo-application-up");
}

static gboolean
on_screenshot_due (gpointer user_data)
{
  BoloApplication *self = user_data;
  g_autoptr (GdkTexture) texture = bolo_screenshot_take (GTK_WINDOW (self->window));

  /* A compositor that has much to do has not shown the window yet: once more. */
  if (texture == NULL)
    return G_SOURCE_CONTINUE;
  self->screenshot_source = 0;
  g_set_object (&self->screenshot, texture);
  if (self->options.screenshot_at_s > 0 && self->options.quit_at_end)
    g_application_quit (G_APPLICATION (self));
  return G_SOURCE_REMOVE;
}

static void
on_hit_shown (BoloWindow *window, BoloHitCase *hit_case, BoloApplication *self)
{
  if (self->measure != NULL)
    bolo_measure_add_hit (self->measure, bolo_hit_case_get_hit (hit_case));
}

static gboolean
on_aside_due (gpointer user_data)
{
  BoloApplication *self = user_data;

  self->aside_source = 0;
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.put-aside", NULL);
  return G_SOURCE_REMOVE;
}

static void
on_current_changed (BoloApplication *self)
{
  BoloCaseQueue *queue = bolo_window_get_queue (self->window);

  if (self->measure_path != NULL && bolo_case_queue_get_current (queue) != NULL) {
    g_clear_handle_id (&self->aside_source, g_source_remove);
    self->aside_source = g_timeout_add (MEASURE_ASIDE_MS, on_aside_due, self);
    g_source_set_name_by_id (self->aside_source, "bolo-application-aside");
  }
  if (self->options.screenshot_at_s > 0)
    return;

  if (self->screenshot_path == NULL || bolo_case_queue_get_current (queue) == NULL)
    return;
  g_clear_handle_id (&self->screenshot_source, g_source_remove);
  self->screenshot_source = g_timeout_add (SCREENSHOT_DELAY_MS, on_screenshot_due, self);
  g_source_set_name_by_id (self->screenshot_source, "bolo-application-screenshot");
}

static gboolean
on_end (gpointer user_data)
{
  BoloApplication *self = user_data;

  self->end_source = 0;
  if (self->screenshot_path != NULL && self->screenshot == NULL)
    self->screenshot = bolo_screenshot_take (GTK_WINDOW (self->window));
  g_application_quit (G_APPLICATION (self));
  return G_SOURCE_REMOVE;
}

static void
on_finished (BoloEngine *engine, BoloApplication *self)
{
  if (!self->options.quit_at_end || self->end_source != 0)
    return;
  self->end_source = g_timeout_add (END_DELAY_MS, on_end, self);
  g_source_set_name_by_id (self->end_source, "bolo-application-end");
}

static void
bolo_application_startup (GApplication *application)
{
  BoloApplication *self = BOLO_APPLICATION (application);
  static const struct {
    const char *action;
    const char *keys[2];
  } keys[] = {
    {"win.plate-matches", {"F1", NULL}},     {"win.misread", {"F2", NULL}},
    {"win.silence", {"F3", NULL}},           {"win.record-check", {"F4", NULL}},
    {"win.put-aside", {"Escape", NULL}},     {"win.seen", {"F5", NULL}},
    {"win.page('live')", {"F6", NULL}},      {"win.page('hits')", {"F7", NULL}},
    {"win.page('equipment')", {"F8", NULL}}, {"win.theme", {"F9", NULL}},
    {"win.discreet", {"F10", NULL}},
  };

  G_APPLICATION_CLASS (bolo_application_parent_class)->startup (application);
  bolo_shell_setup (gdk_display_get_default (), self->options.px_per_mm);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), keys[i].action, keys[i].keys);
}

static void
open_window (BoloApplication *self)
{
  const BoloShellOptions *options = &self->options;

  self->settings = bolo_settings_new ();
  self->window = g_object_ref (bolo_window_new (GTK_APPLICATION (self), self->face, self->settings,
                                                options->seat, self->theme));
  gtk_window_set_default_size (GTK_WINDOW (self->window),
                               options->width > 0 ? options->width : DEFAULT_WIDTH,
                               options->height > 0 ? options->height : DEFAULT_HEIGHT);
  if (!options->is_windowed)
    gtk_window_fullscreen (GTK_WINDOW (self->window));
  g_signal_connect_object (self->window, "hit-shown", G_CALLBACK (on_hit_shown), self, 0);
  g_signal_connect_object (bolo_window_get_queue (self->window), "notify::current",
                           G_CALLBACK (on_current_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->engine, "finished", G_CALLBACK (on_finished), self, 0);
  bolo_window_rehearse (self->window);
  gtk_window_present (GTK_WINDOW (self->window));
  wait_for_paint (self);
  if (self->measure_path != NULL) {
    self->measure = bolo_measure_new (self->face, GTK_WIDGET (self->window),
                                      bolo_window_get_live_page (self->window));
  }
  if (self->screenshot_path != NULL && self->options.screenshot_at_s > 0) {
    self->screenshot_source =
      g_timeout_add ((guint) (self->options.screenshot_at_s * 1000), on_screenshot_due, self);
    g_source_set_name_by_id (self->screenshot_source, "bolo-application-screenshot");
  }
  on_current_changed (self);
}

static void
bolo_application_activate (GApplication *application)
{
  BoloApplication *self = BOLO_APPLICATION (application);

  if (self->window == NULL)
    open_window (self);
  else
    gtk_window_present (GTK_WINDOW (self->window));
}

static void
bolo_application_shutdown (GApplication *application)
{
  BoloApplication *self = BOLO_APPLICATION (application);

  g_clear_handle_id (&self->screenshot_source, g_source_remove);
  g_clear_handle_id (&self->aside_source, g_source_remove);
  g_clear_handle_id (&self->end_source, g_source_remove);
  stop_waiting_for_paint (self);
  if (self->screenshot_path != NULL && self->screenshot == NULL && self->window != NULL)
    self->screenshot = bolo_screenshot_take (GTK_WINDOW (self->window));
  if (self->measure != NULL)
    bolo_measure_stop (self->measure);
  if (self->window != NULL)
    gtk_window_destroy (GTK_WINDOW (self->window));
  g_clear_object (&self->window);
  bolo_face_stop (self->face);
  G_APPLICATION_CLASS (bolo_application_parent_class)->shutdown (application);
}

static void
bolo_application_dispose (GObject *object)
{
  BoloApplication *self = BOLO_APPLICATION (object);

  g_clear_pointer (&self->measure, bolo_measure_free);
  g_clear_object (&self->screenshot);
  g_clear_object (&self->window);
  g_clear_object (&self->settings);
  g_clear_object (&self->face);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (bolo_application_parent_class)->dispose (object);
}

static void
bolo_application_finalize (GObject *object)
{
  BoloApplication *self = BOLO_APPLICATION (object);

  g_free (self->theme);
  g_free (self->measure_path);
  g_free (self->screenshot_path);

  G_OBJECT_CLASS (bolo_application_parent_class)->finalize (object);
}

static void
bolo_application_class_init (BoloApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  object_class->dispose = bolo_application_dispose;
  object_class->finalize = bolo_application_finalize;
  application_class->startup = bolo_application_startup;
  application_class->activate = bolo_application_activate;
  application_class->shutdown = bolo_application_shutdown;
  signals[UP] = g_signal_new ("up", BOLO_TYPE_APPLICATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 0);
}

static void
bolo_application_init (BoloApplication *self)
{
}

BoloApplication *
bolo_application_new (BoloEngine *engine, const BoloShellOptions *options)
{
  BoloApplication *self;

  g_return_val_if_fail (BOLO_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (options != NULL, NULL);

  /* Alone in its car: no D-Bus name, so that it starts without a session bus too. */
  self = g_object_new (BOLO_TYPE_APPLICATION, "application-id", BOLO_APPLICATION_ID, "flags",
                       G_APPLICATION_NON_UNIQUE, "resource-base-path", "/org/boloanpr/Bolo", NULL);
  self->engine = g_object_ref (engine);
  self->options = *options;
  self->theme = g_strdup (options->theme);
  self->measure_path = g_strdup (options->measure_path);
  self->screenshot_path = g_strdup (options->screenshot_path);
  self->face = bolo_face_new (engine, options->rules, options->outlines, options->policy);
  return self;
}

GtkWindow *
bolo_application_get_main_window (BoloApplication *self)
{
  g_return_val_if_fail (BOLO_IS_APPLICATION (self), NULL);
  return GTK_WINDOW (self->window);
}

gboolean
bolo_application_write_results (BoloApplication *self, GError **error)
{
  g_return_val_if_fail (BOLO_IS_APPLICATION (self), FALSE);

  if (self->screenshot_path != NULL) {
    if (self->screenshot == NULL) {
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND,
                   "Cannot write the screenshot %s: the window was never on screen",
                   self->screenshot_path);
      return FALSE;
    }
    if (!bolo_screenshot_save (self->screenshot, self->screenshot_path, error))
      return FALSE;
  }
  if (self->measure_path != NULL && self->measure != NULL) {
    g_autofree char *json = bolo_measure_to_json (self->measure);
    g_autoptr (GError) failure = NULL;

    if (!g_file_set_contents (self->measure_path, json, -1, &failure)) {
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_PERMISSION, "Cannot write the measurements: %s",
                   failure->message);
      return FALSE;
    }
  }
  return TRUE;
}
