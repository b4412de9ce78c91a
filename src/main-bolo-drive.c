/* main-bolo-drive.c: bolo-drive: renders test drives
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-config.h"

#include <locale.h>
#include <string.h>
#include <unistd.h>

#include "bolo-drive-render.h"
#include "bolo-drive-truth.h"

static void
on_progress (guint done, guint all, gpointer user_data)
{
  g_printerr ("\rRendering %u of %u frames (%u %%)", done, all, all == 0 ? 100 : done * 100 / all);
}

/* @folder NULL: only prints the truth. */
static int
run (const char *scenario_path, const char *folder, gint64 seed, GError **error)
{
  g_autoptr (BoloDriveScenario) scenario = bolo_drive_scenario_load (scenario_path, seed, error);
  if (scenario == NULL)
    return 1;
  g_autoptr (BoloDrive) drive = bolo_drive_new (scenario, error);
  if (drive == NULL)
    return 1;
  if (folder == NULL) {
    g_autofree char *truth =
      bolo_drive_truth_format (drive->passes, scenario, drive->road, drive->traffic);
    g_print ("%s", truth);
    return 0;
  }
  gboolean is_shown = isatty (STDERR_FILENO);
  if (!bolo_drive_render (drive, folder, is_shown ? on_progress : NULL, NULL, error))
    return 1;
  if (is_shown)
    g_printerr ("\n");
  g_print ("%s: %.0f s, %u cameras, %u vehicles in %u passes, seed %u\n", folder,
           scenario->duration_s, scenario->cameras->len, scenario->n_vehicles, drive->passes->len,
           scenario->seed);
  return 0;
}

int
main (int argc, char **argv)
{
  gint64 seed = -1;
  gboolean is_version = FALSE;
  const GOptionEntry entries[] = {
    {"seed", 's', 0, G_OPTION_ARG_INT64, &seed, "Other traffic, marks and road", "NUMBER"},
    {"version", 'V', 0, G_OPTION_ARG_NONE, &is_version, "Print the version", NULL},
    {NULL},
  };
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  g_autoptr (GOptionContext) context =
    g_option_context_new ("render SCENARIO.ini FOLDER | truth SCENARIO.ini");
  g_option_context_set_summary (context,
                                "Renders a test drive: clips, track, lists and truth.\n"
                                "With truth, only prints what could be read where and when.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    g_printerr ("bolo-drive: %s\n", error->message);
    return 2;
  }
  if (is_version) {
    g_print ("bolo-drive %s\n", BOLO_VERSION);
    return 0;
  }
  gboolean is_render = argc == 4 && strcmp (argv[1], "render") == 0;
  gboolean is_truth = argc == 3 && strcmp (argv[1], "truth") == 0;
  if ((!is_render && !is_truth) || seed > G_MAXUINT32) {
    g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);
    g_printerr ("%s", help);
    return 2;
  }
  int status = run (argv[2], is_render ? argv[3] : NULL, seed, &error);
  if (status != 0)
    g_printerr ("bolo-drive: %s\n", error->message);
  return status;
}
