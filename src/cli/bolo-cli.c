/* bolo-cli.c: boloctl's table of commands and what they share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "boloctl"

#include "bolo-cli.h"

#include "bolo-config.h"
#include "bolo-key-file.h"
#include "bolo-paths.h"

#include <locale.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  const char *name;
  BoloCliMain main;
  const char *summary;
} Command;

/* In the order in which --help lists them. */
static const Command commands[] = {
  {"read", bolo_cli_read, "reads plates in pictures and clips"},
  {"patrol", bolo_cli_patrol, "runs the whole engine without a screen"},
  {"doctor", bolo_cli_doctor, "says what works, what does not and what to do"},
  {"hotlist", bolo_cli_hotlist, "imports, lists, matches and removes lists"},
  {"search", bolo_cli_search, "finds own sightings of a mark, for a reason that is kept"},
  {"sync", bolo_cli_sync, "sends what waits and fetches lists, now"},
  {"retention", bolo_cli_retention, "shows what is kept how long; purges what is due"},
  {"bench", bolo_cli_bench, "measures"},
};

gboolean
bolo_cli_parse (BoloCli *cli,
                int *argc,
                char ***argv,
                const GOptionEntry *entries,
                const char *parameters,
                const char *summary)
{
  const GOptionEntry common[] = {
    {"json", 0, 0, G_OPTION_ARG_NONE, &cli->is_json, "One JSON object a line", NULL},
    {"state", 0, 0, G_OPTION_ARG_FILENAME, &cli->state, "Where records and lists are kept", "DIR"},
    {"config", 0, 0, G_OPTION_ARG_FILENAME, &cli->config, "The patrol's configuration", "FILE"},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *program = NULL;

  g_return_val_if_fail (cli != NULL && argc != NULL && argv != NULL, FALSE);

  program = g_strdup_printf ("boloctl %s", cli->command);
  g_set_prgname (program);
  context = g_option_context_new (parameters);
  g_option_context_set_summary (context, summary);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_main_entries (context, common, NULL);
  if (!g_option_context_parse (context, argc, argv, &error)) {
    fprintf (stderr, "boloctl %s: %s (see boloctl %s --help)\n", cli->command, error->message,
             cli->command);
    return FALSE;
  }
  if (cli->state == NULL)
    cli->state = bolo_paths_get_default_state ();
  return TRUE;
}

int
bolo_cli_fail (BoloCli *cli, const GError *error)
{
  g_return_val_if_fail (cli != NULL, BOLO_CLI_FAILED);

  fflush (stdout);
  fprintf (stderr, "boloctl %s: %s\n", cli->command, error != NULL ? error->message : "failed");
  return BOLO_CLI_FAILED;
}

int
bolo_cli_misuse (BoloCli *cli, const char *sentence)
{
  g_return_val_if_fail (cli != NULL && sentence != NULL, BOLO_CLI_USAGE);

  fprintf (stderr, "boloctl %s: %s (see boloctl %s --help)\n", cli->command, sentence,
           cli->command);
  return BOLO_CLI_USAGE;
}

void
bolo_cli_progress (BoloCli *cli, const char *text)
{
  if (cli->is_json || !isatty (STDERR_FILENO))
    return;
  if (text != NULL)
    fprintf (stderr, "\r\033[K%s", text);
  else
    fprintf (stderr, "\r\033[K");
  fflush (stderr);
}

static void
print_help (FILE *out)
{
  fprintf (out, "Usage: boloctl COMMAND [OPTION…]\n\n"
                "Bolo without a screen: reads plates, runs patrols, keeps lists and records.\n\n"
                "Commands:\n");
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (out, "  %-10s %s\n", commands[i].name, commands[i].summary);
  fprintf (out, "\nEvery command takes --help, --json, --state DIR and --config FILE.\n"
                "boloctl --version tells the version.\n");
}

static int
run_command (const Command *command, int argc, char **argv)
{
  BoloCli cli = {.command = command->name};
  int code = command->main (&cli, argc, argv);

  fflush (stdout);
  g_free (cli.state);
  g_free (cli.config);
  return code;
}

int
bolo_cli_main (int argc, char **argv)
{
  const char *names[G_N_ELEMENTS (commands) + 1] = {NULL};
  const char *nearest;

  setlocale (LC_ALL, "");
  if (argc < 2) {
    print_help (stderr);
    return BOLO_CLI_USAGE;
  }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0) {
    print_help (stdout);
    return BOLO_CLI_DONE;
  }
  if (strcmp (argv[1], "--version") == 0) {
    printf ("boloctl %s\n", BOLO_VERSION);
    return BOLO_CLI_DONE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (strcmp (argv[1], commands[i].name) == 0)
      return run_command (&commands[i], argc - 1, argv + 1);
    names[i] = commands[i].name;
  }
  nearest = bolo_nearest_word (argv[1], names);
  if (nearest != NULL)
    fprintf (stderr, "boloctl: no command '%s'; did you mean '%s'?\n", argv[1], nearest);
  else
    fprintf (stderr, "boloctl: no command '%s' (see boloctl --help)\n", argv[1]);
  return BOLO_CLI_USAGE;
}
