/* bolo-shell-stage.c: a window on a scripted engine, and the hands and eyes of a test
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-shell-stage.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "bolo-alert-policy.h"
#include "bolo-fit.h"
#include "bolo-outlines.h"
#include "bolo-plate-rules.h"
#include "bolo-shell-setup.h"

#define DEADLINE_US (10 * G_USEC_PER_SEC)
#define WAKE_MS 20

static gboolean
on_wake (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
bolo_stage_wait (BoloStageCondition condition, gpointer data, const char *what)
{
  gint64 deadline_us = g_get_monotonic_time () + DEADLINE_US;
  guint wake = g_timeout_add (WAKE_MS, on_wake, NULL);

  while (!condition (data)) {
    if (g_get_monotonic_time () > deadline_us) {
      g_printerr ("In 10 s it did not come true that %s\n", what);
      g_assert_not_reached ();
    }
    g_main_context_iteration (NULL, TRUE);
  }
  g_source_remove (wake);
}

static gboolean
is_on_screen (gpointer data)
{
  GtkWidget *window = data;

  return gtk_widget_get_mapped (window) && gtk_widget_get_width (window) > 200 &&
         gtk_native_get_renderer (GTK_NATIVE (window)) != NULL;
}

BoloShellStage *
bolo_shell_stage_new (BoloSeat seat)
{
  BoloShellStage *self = g_new0 (BoloShellStage, 1);
  g_autofree char *plate = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  g_autofree char *outlines_path = g_build_filename (plate, "outlines-gb.ini", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloPlateRules) rules = bolo_plate_rules_load (plate, &error);
  g_autofree char *policy_path =
    g_build_filename (g_getenv ("BOLO_DATA_DIR"), "alert", "policy.ini", NULL);
  g_autoptr (BoloOutlines) outlines = NULL;
  g_autoptr (BoloAlertPolicy) policy = NULL;

  g_assert_no_error (error);
  outlines = bolo_outlines_load (outlines_path, &error);
  g_assert_no_error (error);
  policy = bolo_alert_policy_load (policy_path, &error);
  g_assert_no_error (error);

  self->engine = bolo_fake_engine_new (NULL);
  bolo_fake_engine_add_camera (self->engine, "front", "Front");
  bolo_fake_engine_add_camera (self->engine, "oncoming", "Oncoming");
  bolo_fake_engine_add_camera (self->engine, "left", "Left");
  bolo_fake_engine_add_camera (self->engine, "rear", "Rear");
  bolo_fake_engine_set_all_well (self->engine);
  bolo_fake_engine_set_speed (self->engine, 0);
  bolo_engine_set_officer (BOLO_ENGINE (self->engine), "PC 4127");
  self->face = bolo_face_new (BOLO_ENGINE (self->engine), rules, outlines, policy);
  self->settings = bolo_settings_new ();
  self->window = bolo_window_new (NULL, self->face, self->settings, seat, "night");
  g_object_ref_sink (self->window);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1024, 600);
  gtk_window_fullscreen (GTK_WINDOW (self->window));
  gtk_window_present (GTK_WINDOW (self->window));
  bolo_stage_wait (is_on_screen, self->window, "the window is on screen");
  bolo_shell_stage_settle (self);
  return self;
}

void
bolo_shell_stage_free (BoloShellStage *self)
{
  if (self == NULL)
    return;
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_object_unref (self->window);
  bolo_face_stop (self->face);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (self->face);
  g_assert_finalize_object (self->settings);
  g_assert_finalize_object (self->engine);
  g_free (self);
}

static void
on_after_paint (GdkFrameClock *clock, gboolean *is_painted)
{
  *is_painted = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static gboolean
is_unguarded (gpointer data)
{
  return !bolo_window_is_guarded (data);
}

/* Who asks for more than there is: printed from the window down to the label to blame. */
static gboolean
tell_size (GtkWidget *widget, gpointer data)
{
  int width, height;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, -1, &height, NULL, NULL, NULL);
  if (width > 250 || height > 200)
    g_printerr ("%s %s needs %d x %d\n", G_OBJECT_TYPE_NAME (widget),
                GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : "", width,
                height);
  return TRUE;
}

void
bolo_shell_stage_draw (BoloShellStage *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self->window));
  BoloFit *fit;

  /* Twice: what the first frame lays out, the second one has on screen. */
  for (int i = 0; i < 2; i++) {
    gboolean is_painted = FALSE;
    gulong handler =
      g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), &is_painted);

    gtk_widget_queue_draw (GTK_WIDGET (self->window));
    bolo_stage_wait (is_true, &is_painted, "the window is drawn");
    g_signal_handler_disconnect (clock, handler);
  }
  fit = BOLO_FIT (bolo_stage_find_type (GTK_WIDGET (self->window), BOLO_TYPE_FIT));
  if (!bolo_fit_is_enough (fit))
    bolo_stage_walk (GTK_WIDGET (fit), tell_size, NULL);
  g_assert_true (bolo_fit_is_enough (fit));
}

void
bolo_shell_stage_settle (BoloShellStage *self)
{
  bolo_stage_wait (is_unguarded, self->window, "taps are taken again");
  bolo_shell_stage_draw (self);
}

void
bolo_stage_walk (GtkWidget *root, BoloStageVisit visit, gpointer data)
{
  if (!gtk_widget_get_mapped (root) || !visit (root, data))
    return;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    bolo_stage_walk (child, visit, data);
}

typedef struct {
  const char *action;
  const char *text;
  GType type;
  GtkWidget *found;
} Search;

static gboolean
find_text (GtkWidget *widget, gpointer data)
{
  Search *search = data;

  if (GTK_IS_LABEL (widget) &&
      strstr (gtk_label_get_text (GTK_LABEL (widget)), search->text) != NULL)
    search->found = widget;
  return search->found == NULL;
}

gboolean
bolo_stage_shows_text (GtkWidget *root, const char *text)
{
  Search search = {.text = text};

  bolo_stage_walk (root, find_text, &search);
  return search.found != NULL;
}

static gboolean
find_button (GtkWidget *widget, gpointer data)
{
  Search *search = data;

  if (search->found != NULL)
    return FALSE;
  if (!GTK_IS_BUTTON (widget))
    return TRUE;
  if (search->action != NULL
        ? g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), search->action) == 0
        : bolo_stage_shows_text (widget, search->text))
    search->found = widget;
  return FALSE;
}

GtkWidget *
bolo_stage_find_button (GtkWidget *root, const char *action, const char *text)
{
  Search search = {.action = action, .text = text};

  bolo_stage_walk (root, find_button, &search);
  return search.found;
}

static gboolean
find_type (GtkWidget *widget, gpointer data)
{
  Search *search = data;

  if (search->found == NULL && G_TYPE_CHECK_INSTANCE_TYPE (widget, search->type))
    search->found = widget;
  return search->found == NULL;
}

GtkWidget *
bolo_stage_find_type (GtkWidget *root, GType type)
{
  Search search = {.type = type};

  bolo_stage_walk (root, find_type, &search);
  return search.found;
}

graphene_rect_t
bolo_stage_get_place (GtkWidget *widget)
{
  graphene_rect_t place;

  g_assert_true (
    gtk_widget_compute_bounds (widget, GTK_WIDGET (gtk_widget_get_root (widget)), &place));
  return place;
}

gboolean
bolo_stage_has_fingers (void)
{
  return g_getenv ("BOLO_TEST_SEAT") != NULL;
}

static void
tell_seat (const char *line)
{
  int fifo = open (g_getenv ("BOLO_TEST_SEAT"), O_RDWR | O_CLOEXEC);

  g_assert_cmpint (fifo, >=, 0);
  g_assert_cmpint (write (fifo, line, strlen (line)), ==, (gssize) strlen (line));
  close (fifo);
}

void
bolo_stage_tap_at (double x, double y)
{
  g_autofree char *line = g_strdup_printf ("tap %.1f %.1f\n", x, y);

  tell_seat (line);
}

void
bolo_stage_tap (GtkWidget *widget)
{
  graphene_rect_t place;

  g_assert_nonnull (widget);
  place = bolo_stage_get_place (widget);
  bolo_stage_tap_at (place.origin.x + place.size.width / 2, place.origin.y + place.size.height / 2);
}

void
bolo_stage_finger_down (double x, double y)
{
  g_autofree char *line = g_strdup_printf ("down 0 %.1f %.1f\n", x, y);

  tell_seat (line);
}

void
bolo_stage_finger_up (void)
{
  tell_seat ("up 0\n");
}

BoloDisposition *
bolo_shell_stage_get_last_disposition (BoloShellStage *self)
{
  GPtrArray *dispositions = bolo_fake_engine_get_dispositions (self->engine);

  return dispositions->len > 0 ? g_ptr_array_index (dispositions, dispositions->len - 1) : NULL;
}
