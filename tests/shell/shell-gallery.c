/* shell-gallery.c: shows the window with made-up cameras and hits, for screenshots and trying out
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * shell-gallery PAGE THEME LEVEL WIDTH HEIGHT FILE.png: draws one page and ends; without FILE.png
 * it runs until it is closed. PAGE: live, card, similar, firearms, hits, check, sign-on, trouble,
 * equipment, lists, watch, doubtful, station, idle.
 */
#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "bolo-application.h"
#include "bolo-fake-engine.h"
#include "bolo-outlines.h"
#include "bolo-plate-rules.h"
#include "bolo-screenshot.h"
#include "bolo-shell-stage.h"

#define FRAME_MS 66
#define SHOT_MS 2800

typedef struct {
  BoloFakeEngine *engine;
  BoloApplication *application;
  const char *page;
  const char *path;
  gboolean is_driver;
  int n_frames;
  gboolean has_failed;
} Gallery;

static const char *const cameras[][3] = {
  {"front", "Front", "KX68 YZT"},
  {"oncoming", "Oncoming", "BD51 SMR"},
  {"left", "Left", "LN19 HKV"},
  {"rear-ir", "Rear infra-red", "P842 OTW"},
};

static gboolean
on_frame (gpointer data)
{
  Gallery *gallery = data;

  gallery->n_frames++;
  for (gsize i = 0; i < G_N_ELEMENTS (cameras); i++) {
    double phase = fmod (0.02 * gallery->n_frames + 0.23 * (double) i, 1.0);

    bolo_fake_engine_put_frame (gallery->engine, cameras[i][0], cameras[i][2], phase, TRUE);
  }
  if (gallery->n_frames % 15 == 0)
    bolo_fake_engine_set_speed (gallery->engine, gallery->is_driver ? 13 : 0);
  return G_SOURCE_CONTINUE;
}

static void
add_reads (Gallery *gallery)
{
  static const char *const marks[] = {"KX68YZT", "BD51SMR", "P842OTW", "LN19HKV",
                                      "FJ07EAX", "WR63PLK", "YD20UVS"};

  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    bolo_fake_engine_add_sighting (gallery->engine, cameras[i % 4][0], marks[i]);
}

static void
fill_desk (BoloFakeDesk *desk)
{
  bolo_fake_desk_add_list (desk, "Stolen vehicles", BOLO_TRUST_SIGNED, 2);
  bolo_fake_desk_add_list (desk, "No insurance", BOLO_TRUST_SIGNED, 14);
  bolo_fake_desk_add_list (desk, "Local interest", BOLO_TRUST_UNSIGNED, 30);
  bolo_fake_desk_add_watch (desk, "AB?2*", "Left the scene of a collision");
  bolo_fake_desk_add_silence (desk, "BD51SMR", "Keeper has it back");
}

/* A car that comes home with a backlog, on a station that another car has told something. */
static void
fill_sync (Gallery *gallery)
{
  BoloSyncState *sync = bolo_engine_get_sync (BOLO_ENGINE (gallery->engine));
  gint64 now_us = bolo_clock_get_utc_us (bolo_engine_get_clock (BOLO_ENGINE (gallery->engine)));
  BoloSyncFigures figures = {.phase = BOLO_SYNC_SENDING,
                             .remote = "Northshire",
                             .last_contact_us = now_us - 2 * G_USEC_PER_SEC,
                             .next_try_us = -1,
                             .unsent_bytes = 48200000,
                             .unsent_picture_bytes = 46100000,
                             .oldest_us = now_us - 90 * G_TIME_SPAN_MINUTE,
                             .sent = 3127,
                             .sent_bytes = 31400000,
                             .rate_bps = 610000,
                             .left_s = 79};
  BoloSharedHitFields fields = {.number = 9,
                                .car = "NS 14",
                                .id = "h1",
                                .mark = "WR63PLK",
                                .category = "stolen",
                                .match = "exact",
                                .time_us = now_us - 125 * G_USEC_PER_SEC,
                                .latitude_deg = 52.4919,
                                .longitude_deg = -1.8904};
  BoloListArrival list = {.name = (char *) "stolen", .number = 417, .held = 417};
  g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func (g_object_unref);

  figures.unsent[BOLO_TOPIC_HIT] = 2;
  figures.unsent[BOLO_TOPIC_SIGHTING] = 812;
  figures.unsent[BOLO_TOPIC_AUDIT] = 11;
  figures.unsent[BOLO_TOPIC_PICTURE] = 1846;
  bolo_sync_state_set_figures (sync, &figures);
  bolo_sync_state_set_stick (sync, &(BoloStick){.phase = BOLO_STICK_IN});
  list.checked_us = now_us - 60 * G_USEC_PER_SEC;
  bolo_sync_state_set_list (sync, &list);
  list = (BoloListArrival){.name = (char *) "no-insurance",
                           .number = 96,
                           .held = 95,
                           .checked_us = now_us - 60 * G_USEC_PER_SEC,
                           .bytes = 8100000,
                           .bytes_done = 5200000};
  bolo_sync_state_set_list (sync, &list);
  g_ptr_array_add (hits, bolo_shared_hit_new (&fields));
  bolo_sync_state_add_shared (sync, hits, now_us);
}

static gboolean
on_scene (gpointer data)
{
  Gallery *gallery = data;
  const char *page = gallery->page;
  BoloFakeHit stolen = {.read = "KX68YZT",
                        .reason = "Stolen 13 March from Digbeth, keys taken in a burglary.",
                        .markers = g_str_equal (page, "firearms") ? "FIREARMS,VIOLENT" : NULL,
                        .priority = g_str_equal (page, "firearms") ? 1 : 2,
                        .list_kind = g_str_equal (page, "firearms") ? "response" : "stolen"};
  BoloFakeHit similar = {.read = "BD51SMR",
                         .listed = "BD5ISMR",
                         .camera = "oncoming",
                         .make = "AUDI",
                         .model = "A3",
                         .colour = "GREY",
                         .reason = "Used in a theft of fuel.",
                         .list_kind = "voi",
                         .is_quiet = TRUE};
  BoloFakeHit uninsured = {.read = "LN19HKV",
                           .camera = "left",
                           .make = "VAUXHALL",
                           .model = "CORSA",
                           .colour = "RED",
                           .list_kind = "no-insurance",
                           .priority = 3,
                           .is_quiet = TRUE};

  BoloFakeHit doubtful = {.read = "KX68YZT",
                          .reason = "Stolen 13 March from Digbeth.",
                          .has_more = TRUE,
                          .is_stale = TRUE,
                          .is_doubtful = TRUE};

  add_reads (gallery);
  fill_desk (bolo_fake_engine_get_desk (gallery->engine));
  fill_sync (gallery);
  if (g_str_equal (page, "station")) {
    bolo_fake_engine_add_hit (gallery->engine, &uninsured);
    return G_SOURCE_REMOVE;
  }
  if (g_str_equal (page, "lists") || g_str_equal (page, "watch"))
    return G_SOURCE_REMOVE;
  if (g_str_equal (page, "doubtful")) {
    bolo_fake_engine_add_hit (gallery->engine, &doubtful);
    return G_SOURCE_REMOVE;
  }
  if (g_str_equal (page, "trouble") || g_str_equal (page, "equipment")) {
    bolo_fake_engine_set_health (gallery->engine, "camera:left", BOLO_HEALTH_LOST,
                                 "No picture for 3 s.", "Check the cable of the left camera.");
    bolo_fake_engine_set_health (gallery->engine, "gps", BOLO_HEALTH_LOST, "gpsd does not answer.",
                                 "Bolo tries again each second.");
    bolo_fake_engine_set_health (gallery->engine, "lists", BOLO_HEALTH_DEGRADED,
                                 "The list stolen is 26 h old.", "Load a new one.");
    if (g_str_equal (page, "trouble"))
      bolo_fake_engine_raise_problem (gallery->engine, "The disk is nearly full",
                                      "Reads are still kept, for about 40 minutes.",
                                      "Run a purge or change the disk.");
  }
  if (g_str_equal (page, "similar"))
    bolo_fake_engine_add_hit (gallery->engine, &similar);
  if (!g_str_equal (page, "idle") && !g_str_equal (page, "no-seat") &&
      !g_str_equal (page, "sign-on") && !g_str_equal (page, "trouble") &&
      !g_str_equal (page, "equipment")) {
    bolo_fake_engine_add_hit (gallery->engine, &uninsured);
    if (!g_str_equal (page, "live") && !g_str_equal (page, "similar"))
      bolo_fake_engine_add_hit (gallery->engine, &stolen);
    if (g_str_equal (page, "firearms"))
      bolo_fake_engine_add_hit (gallery->engine, &similar);
  }
  if (g_str_equal (page, "check")) {
    BoloHitCase *hit_case =
      g_list_model_get_item (bolo_engine_get_cases (BOLO_ENGINE (gallery->engine)), 1);

    bolo_engine_dispose_of (BOLO_ENGINE (gallery->engine), bolo_hit_case_get_hit (hit_case)->id,
                            BOLO_DISPOSITION_PLATE_MATCHES, NULL, NULL);
    g_object_unref (hit_case);
  }
  return G_SOURCE_REMOVE;
}

static gboolean
on_after_guard (gpointer data)
{
  Gallery *gallery = data;
  GtkWidget *window = GTK_WIDGET (bolo_application_get_main_window (gallery->application));

  if (g_str_equal (gallery->page, "check"))
    gtk_widget_activate_action (window, "win.record-check", NULL);
  if (g_str_equal (gallery->page, "hits")) {
    gtk_widget_activate_action (window, "win.misread", NULL);
    gtk_widget_activate_action (window, "win.page", "s", "hits");
  }
  if (g_str_equal (gallery->page, "equipment"))
    gtk_widget_activate_action (window, "win.page", "s", "equipment");
  if (g_str_equal (gallery->page, "lists") || g_str_equal (gallery->page, "watch"))
    gtk_widget_activate_action (window, "win.page", "s", "lists");
  if (g_str_equal (gallery->page, "station"))
    gtk_widget_activate_action (window, "win.page", "s", "station");
  if (g_str_equal (gallery->page, "watch")) {
    GtkWidget *button = bolo_stage_find_button (window, NULL, "Add watch entry");

    g_signal_emit_by_name (button, "clicked");
  }
  return G_SOURCE_REMOVE;
}

static gboolean
on_shot (gpointer data)
{
  Gallery *gallery = data;
  GtkWindow *window = bolo_application_get_main_window (gallery->application);
  g_autoptr (GdkTexture) texture = bolo_screenshot_take (window);
  g_autoptr (GError) error = NULL;

  if (texture == NULL || !bolo_screenshot_save (texture, gallery->path, &error)) {
    g_printerr ("%s\n", error != NULL ? error->message : "The window is not on screen");
    gallery->has_failed = TRUE;
  }
  g_application_quit (G_APPLICATION (gallery->application));
  return G_SOURCE_REMOVE;
}

int
main (int argc, char **argv)
{
  Gallery gallery = {0};
  BoloShellOptions options = {.is_windowed = FALSE};
  g_autofree char *rules_path = NULL;
  g_autofree char *outlines_path = NULL;
  const char *data = g_getenv ("BOLO_DATA_DIR");

  if (argc < 6 || data == NULL) {
    g_printerr (
      "Usage: BOLO_DATA_DIR=DIR shell-gallery PAGE THEME LEVEL WIDTH HEIGHT [FILE.png]\n");
    return 2;
  }
  setlocale (LC_ALL, "");
  rules_path = g_build_filename (data, "plate", NULL);
  outlines_path = g_build_filename (data, "plate", "outlines-gb.ini", NULL);
  options.theme = argv[2];
  options.seat = g_str_equal (argv[3], "operator") ? BOLO_SEAT_OPERATOR : BOLO_SEAT_NONE;
  options.width = atoi (argv[4]);
  options.height = atoi (argv[5]);
  options.rules = bolo_plate_rules_load (rules_path, NULL);
  options.outlines = bolo_outlines_load (outlines_path, NULL);

  gallery.page = argv[1];
  gallery.is_driver = options.seat != BOLO_SEAT_OPERATOR;
  gallery.path = argc > 6 ? argv[6] : NULL;
  gallery.engine = bolo_fake_engine_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cameras); i++)
    bolo_fake_engine_add_camera (gallery.engine, cameras[i][0], cameras[i][1]);
  bolo_fake_engine_set_all_well (gallery.engine);
  bolo_fake_engine_set_speed (gallery.engine, gallery.is_driver ? 13 : 0);
  if (g_str_equal (gallery.page, "no-seat"))
    bolo_fake_engine_set_speed (gallery.engine, -1);
  else if (!g_str_equal (gallery.page, "sign-on"))
    bolo_engine_set_officer (BOLO_ENGINE (gallery.engine), "PC 4127");
  gallery.application = bolo_application_new (BOLO_ENGINE (gallery.engine), &options);
  g_timeout_add (FRAME_MS, on_frame, &gallery);
  g_timeout_add (300, on_scene, &gallery);
  g_timeout_add (1700, on_after_guard, &gallery);
  if (gallery.path != NULL)
    g_timeout_add (SHOT_MS, on_shot, &gallery);
  g_application_run (G_APPLICATION (gallery.application), 0, NULL);

  g_object_unref (gallery.application);
  g_object_unref (gallery.engine);
  g_clear_pointer (&options.rules, bolo_plate_rules_unref);
  g_clear_pointer (&options.outlines, bolo_outlines_unref);
  return gallery.has_failed ? 1 : 0;
}
