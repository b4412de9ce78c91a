/* bolo-cli-patrol.c: boloctl patrol: the whole engine, no screen
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli.h"

#include "bolo-report.h"

#include "bolo-error.h"

#include <glib-unix.h>
#include <string.h>

typedef struct {
  char *recording;
  char *rate;
  char *officer;
  double seconds;
  gboolean with_misses;
  gboolean is_silent;
} PatrolOptions;

static void
patrol_options_clear (PatrolOptions *options)
{
  g_free (options->recording);
  g_free (options->rate);
  g_free (options->officer);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PatrolOptions, patrol_options_clear)

static gboolean
on_quit (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static void
on_finished (GMainLoop *loop)
{
  g_main_loop_quit (loop);
}

static BoloPatrolConfig *
load_config (BoloCli *cli, const PatrolOptions *options, GError **error)
{
  BoloPatrolConfig *config;

  if (options->recording != NULL)
    config = bolo_patrol_config_load_recording (options->recording, error);
  else
    config = bolo_patrol_config_load (cli->config, error);
  if (config == NULL)
    return NULL;
  if (options->officer != NULL) {
    g_free (config->officer);
    config->officer = g_strdup (options->officer);
  }
  if (config->officer == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_PERMISSION,
                 "no officer is declared: give --officer ID, or officer= in the configuration");
    bolo_patrol_config_free (config);
    return NULL;
  }
  return config;
}

/* "max" is lock-step: as fast as it can be read, every frame read. */
static gboolean
parse_rate (const PatrolOptions *options, BoloPatrolOptions *patrol)
{
  char *end = NULL;

  if (options->rate == NULL)
    return TRUE;
  if (strcmp (options->rate, "max") == 0) {
    patrol->mode = BOLO_MAILBOX_LOCK_STEP;
    patrol->is_silent = TRUE;
    return TRUE;
  }
  patrol->rate = g_ascii_strtod (options->rate, &end);
  return end != options->rate && *end == '\0' && patrol->rate >= 0.1 && patrol->rate <= 100;
}

static int
run_patrol (BoloCli *cli, BoloPatrol *patrol, const PatrolOptions *options)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (BoloReport) report = bolo_report_new (patrol, cli->is_json);
  guint interrupt = g_unix_signal_add (SIGINT, on_quit, loop);
  guint terminate = g_unix_signal_add (SIGTERM, on_quit, loop);
  gulong finished = g_signal_connect_swapped (patrol, "finished", G_CALLBACK (on_finished), loop);
  guint limit = 0;
  gboolean is_sound;

  if (options->seconds > 0)
    limit = g_timeout_add ((guint) (options->seconds * 1000), on_quit, loop);
  bolo_patrol_start (patrol);
  g_main_loop_run (loop);
  bolo_patrol_stop (patrol);
  /* What the last commit made durable is told before the summary. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  is_sound = bolo_report_print_summary (report, options->with_misses);

  g_signal_handler_disconnect (patrol, finished);
  g_source_remove (interrupt);
  g_source_remove (terminate);
  g_clear_handle_id (&limit, g_source_remove);
  return is_sound ? BOLO_CLI_DONE : BOLO_CLI_FAILED;
}

int
bolo_cli_patrol (BoloCli *cli, int argc, char **argv)
{
  g_auto (PatrolOptions) options = {NULL};
  const GOptionEntry entries[] = {
    {"recording", 0, 0, G_OPTION_ARG_FILENAME, &options.recording, "Plays a recording", "DIR"},
    {"rate", 0, 0, G_OPTION_ARG_STRING, &options.rate,
     "Speed of a recording; max reads every frame, as fast as it goes", "N|max"},
    {"for", 0, 0, G_OPTION_ARG_DOUBLE, &options.seconds, "Stops after so long", "SECONDS"},
    {"officer", 0, 0, G_OPTION_ARG_STRING, &options.officer, "Who answers for it", "ID"},
    {"silent", 0, 0, G_OPTION_ARG_NONE, &options.is_silent, "No tone, no words", NULL},
    {"misses", 0, 0, G_OPTION_ARG_NONE, &options.with_misses,
     "Lists what a recording's truth has and was not read", NULL},
    G_OPTION_ENTRY_NULL,
  };
  BoloPatrolOptions patrol_options = {0};
  g_autofree char *state = NULL;
  g_autoptr (BoloPatrol) patrol = NULL;
  g_autoptr (GError) error = NULL;
  BoloPatrolConfig *config;

  if (!bolo_cli_parse (cli, &argc, &argv, entries, NULL, "Runs the whole engine, without a screen"))
    return BOLO_CLI_USAGE;
  if ((options.recording == NULL) == (cli->config == NULL) || argc > 1)
    return bolo_cli_misuse (cli, "give either --recording DIR or --config FILE");
  if (options.recording == NULL && options.rate != NULL)
    return bolo_cli_misuse (cli, "--rate is for recordings");
  patrol_options.is_silent = options.is_silent;
  if (!parse_rate (&options, &patrol_options))
    return bolo_cli_misuse (cli, "--rate takes a number from 0.1 to 100, or max");
  if (options.recording != NULL && options.officer == NULL)
    options.officer = g_strdup ("replay");

  /* Played records are kept apart from those of real patrols. */
  state = options.recording != NULL ? g_build_filename (cli->state, "replay", NULL)
                                    : g_strdup (cli->state);
  patrol_options.state_dir = state;
  config = load_config (cli, &options, &error);
  if (config == NULL)
    return bolo_cli_fail (cli, error);
  patrol = bolo_patrol_new (config, &patrol_options, &error);
  if (patrol == NULL)
    return bolo_cli_fail (cli, error);
  return run_patrol (cli, patrol, &options);
}
