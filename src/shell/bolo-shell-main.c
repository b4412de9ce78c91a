/* bolo-shell-main.c: the officer's program: options, patrol, window
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo"

#include "bolo-shell-main.h"

#include "bolo-application.h"
#include "bolo-config.h"
#include "bolo-outlines.h"
#include "bolo-paths.h"
#include "bolo-patrol.h"
#include "bolo-plate-rules.h"
#include "bolo-report.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  char *replay;
  char *config;
  char *state;
  char *seat;
  char *officer;
  char *screenshot;
  char *measure;
  char *theme;
  double rate;
  double screenshot_at_s;
  int width;
  int height;
  gboolean is_windowed;
  gboolean prints_events;
  gboolean quits_at_end;
  gboolean is_silent;
  gboolean wants_version;
} ShellArguments;

static void
shell_arguments_clear (ShellArguments *arguments)
{
  g_free (arguments->replay);
  g_free (arguments->config);
  g_free (arguments->state);
  g_free (arguments->seat);
  g_free (arguments->officer);
  g_free (arguments->screenshot);
  g_free (arguments->measure);
  g_free (arguments->theme);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShellArguments, shell_arguments_clear)

static gboolean
parse_arguments (ShellArguments *arguments, int argc, char **argv, GError **error)
{
  const GOptionEntry entries[] = {
    {"replay", 0, 0, G_OPTION_ARG_FILENAME, &arguments->replay, "Play a recording", "DIR"},
    {"config", 0, 0, G_OPTION_ARG_FILENAME, &arguments->config, "Real cameras", "FILE"},
    {"state", 0, 0, G_OPTION_ARG_FILENAME, &arguments->state, "Where records are kept", "DIR"},
    {"seat", 0, 0, G_OPTION_ARG_STRING, &arguments->seat, "Who sees it", "driver|operator"},
    {"officer", 0, 0, G_OPTION_ARG_STRING, &arguments->officer, "Who answers for it", "ID"},
    {"theme", 0, 0, G_OPTION_ARG_STRING, &arguments->theme, "Looks", "auto|day|night"},
    {"rate", 0, 0, G_OPTION_ARG_DOUBLE, &arguments->rate, "Speed of a recording", "N"},
    {"width", 0, 0, G_OPTION_ARG_INT, &arguments->width, "Of a window", "PX"},
    {"height", 0, 0, G_OPTION_ARG_INT, &arguments->height, "Of a window", "PX"},
    {"windowed", 0, 0, G_OPTION_ARG_NONE, &arguments->is_windowed, "Not full screen", NULL},
    {"screenshot", 0, 0, G_OPTION_ARG_FILENAME, &arguments->screenshot, "Of a hit", "FILE"},
    {"screenshot-at", 0, 0, G_OPTION_ARG_DOUBLE, &arguments->screenshot_at_s, "When", "SECONDS"},
    {"measure", 0, 0, G_OPTION_ARG_FILENAME, &arguments->measure, "Smoothness, JSON", "FILE"},
    {"print-events", 0, 0, G_OPTION_ARG_NONE, &arguments->prints_events, "As lines", NULL},
    {"quit-at-end", 0, 0, G_OPTION_ARG_NONE, &arguments->quits_at_end, "Of a recording", NULL},
    {"silent", 0, 0, G_OPTION_ARG_NONE, &arguments->is_silent, "No tone, no words", NULL},
    {"version", 0, 0, G_OPTION_ARG_NONE, &arguments->wants_version, "Tell the version", NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, "The in-car terminal: reads plates, finds the wanted.");
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, &argc, &argv, error);
}

/* One sentence for what was typed wrong; NULL when all is well. */
static const char *
check_arguments (const ShellArguments *arguments)
{
  const char *const seats[] = {"none", "driver", "operator", NULL};

  if ((arguments->replay == NULL) == (arguments->config == NULL))
    return "give either --replay DIR or --config FILE";
  if (arguments->seat != NULL && !g_strv_contains (seats, arguments->seat))
    return "--seat is none, driver or operator";
  if (arguments->rate < 0 || arguments->rate > 100)
    return "--rate is a number up to 100";
  return NULL;
}

static BoloPatrol *
make_patrol (const ShellArguments *arguments, GError **error)
{
  g_autofree char *base = NULL;
  g_autofree char *state = NULL;
  BoloPatrolConfig *config;
  BoloPatrolOptions options = {
    .rate = arguments->rate,
    .has_preview = TRUE,
    .is_silent = arguments->is_silent,
    .goes_on_without_storage = TRUE,
  };

  base = arguments->state != NULL ? g_strdup (arguments->state) : bolo_paths_get_default_state ();
  /* Played records are kept apart from those of real patrols. */
  state = arguments->replay != NULL ? g_build_filename (base, "replay", NULL) : g_strdup (base);
  options.state_dir = state;
  config = arguments->replay != NULL ? bolo_patrol_config_load_recording (arguments->replay, error)
                                     : bolo_patrol_config_load (arguments->config, error);
  if (config == NULL)
    return NULL;
  if (arguments->officer != NULL || arguments->replay != NULL) {
    g_free (config->officer);
    config->officer = g_strdup (arguments->officer != NULL ? arguments->officer : "replay");
  }
  if (arguments->seat != NULL)
    config->seat = strcmp (arguments->seat, "operator") == 0 ? BOLO_SEAT_OPERATOR
                   : strcmp (arguments->seat, "driver") == 0 ? BOLO_SEAT_DRIVER
                                                             : BOLO_SEAT_NONE;
  return bolo_patrol_new (config, &options, error);
}

static gboolean
on_unix_signal (gpointer user_data)
{
  g_application_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static int
run_window (BoloPatrol *patrol, const ShellArguments *arguments)
{
  g_autofree char *outlines_path = bolo_paths_get_data_file ("plate/outlines-gb.ini");
  g_autoptr (BoloOutlines) outlines = bolo_outlines_load (outlines_path, NULL);
  g_autoptr (BoloReport) report = NULL;
  g_autoptr (BoloApplication) application = NULL;
  g_autoptr (GError) error = NULL;
  BoloShellOptions options = {
    .seat = bolo_patrol_get_config (patrol)->seat,
    .is_windowed = arguments->is_windowed,
    .width = arguments->width,
    .height = arguments->height,
    .theme = arguments->theme,
    .px_per_mm = bolo_patrol_get_config (patrol)->pixels_per_mm,
    .quit_at_end = arguments->quits_at_end,
    .measure_path = arguments->measure,
    .screenshot_path = arguments->screenshot,
    .screenshot_at_s = arguments->screenshot_at_s,
    .rules = bolo_patrol_get_rules (patrol),
    .outlines = outlines,
    .policy = bolo_patrol_get_policy (patrol),
  };
  guint sources[2];
  int code;

  if (arguments->prints_events)
    report = bolo_report_new (patrol, FALSE);
  application = bolo_application_new (BOLO_ENGINE (patrol), &options);
  sources[0] = g_unix_signal_add (SIGINT, on_unix_signal, application);
  sources[1] = g_unix_signal_add (SIGTERM, on_unix_signal, application);
  /* Cameras take their time to open, and a car must not wait; a recording begins at once. */
  if (arguments->replay != NULL)
    g_signal_connect_swapped (application, "up", G_CALLBACK (bolo_patrol_start), patrol);
  else
    bolo_patrol_start (patrol);
  code = g_application_run (G_APPLICATION (application), 0, NULL);
  bolo_patrol_stop (patrol);
  if (!bolo_application_write_results (application, &error)) {
    fprintf (stderr, "bolo: %s\n", error->message);
    code = 1;
  }
  while (g_main_context_iteration (NULL, FALSE))
    ;
  if (report != NULL && !bolo_report_print_summary (report, TRUE))
    code = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  return code;
}

int
bolo_shell_main (int argc, char **argv)
{
  g_auto (ShellArguments) arguments = {NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloPatrol) patrol = NULL;
  const char *misuse;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, BOLO_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (!parse_arguments (&arguments, argc, argv, &error)) {
    fprintf (stderr, "bolo: %s (see bolo --help)\n", error->message);
    return 2;
  }
  if (arguments.wants_version) {
    printf ("bolo %s\n", BOLO_VERSION);
    return 0;
  }
  misuse = check_arguments (&arguments);
  if (misuse != NULL) {
    fprintf (stderr, "bolo: %s (see bolo --help)\n", misuse);
    return 2;
  }
  patrol = make_patrol (&arguments, &error);
  if (patrol == NULL) {
    fprintf (stderr, "bolo: %s\n", error->message);
    return 1;
  }
  return run_window (patrol, &arguments);
}
