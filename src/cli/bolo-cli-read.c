/* bolo-cli-read.c: boloctl read: the plates of pictures and clips, as text or JSON
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "boloctl"

#include "bolo-cli-read.h"

#include <stdio.h>
#include <string.h>

#include "bolo-error.h"
#include "bolo-event.h"
#include "bolo-paths.h"
#include "bolo-picture.h"
#include "bolo-still.h"

#define MAX_DEPTH 8 /* of folders in folders */

typedef struct {
  char **paths;
  char *syntaxes;
  char *models;
  gboolean is_crop;
} Options;

void
bolo_cli_read_add_corners (BoloJsonWriter *writer, const float corners[4][2])
{
  bolo_json_writer_begin_array (writer, "corners");
  for (int i = 0; i < 4; i++) {
    bolo_json_writer_begin_array (writer, NULL);
    bolo_json_writer_add_number (writer, NULL, corners[i][0], 1);
    bolo_json_writer_add_number (writer, NULL, corners[i][1], 1);
    bolo_json_writer_end_array (writer);
  }
  bolo_json_writer_end_array (writer);
}

void
bolo_cli_read_print (BoloJsonWriter *writer)
{
  g_autofree char *line = bolo_json_writer_finish (writer);

  printf ("%s\n", line);
}

static void
print_json (const char *path,
            const BoloPicture *picture,
            const BoloStillResult *result,
            BoloPlateRules *rules)
{
  BoloJsonWriter *writer = bolo_json_writer_new ();

  bolo_json_writer_add_text (writer, "path", path);
  bolo_json_writer_add_int (writer, "width", picture->width);
  bolo_json_writer_add_int (writer, "height", picture->height);
  bolo_json_writer_begin_array (writer, "plates");
  for (guint i = 0; i < result->readings->len; i++) {
    const BoloReading *reading = &g_array_index (result->readings, BoloReading, i);
    const char *region = *reading->region != '\0' ? reading->region : NULL;
    const char *syntax = bolo_plate_rules_get_syntax (rules, reading->text, NULL);

    bolo_json_writer_begin_object (writer, NULL);
    bolo_json_writer_add_text (writer, "text", reading->text);
    bolo_json_writer_add_number (writer, "confidence", reading->confidence, 4);
    bolo_json_writer_add_number (writer, "covered", reading->covered, 4);
    bolo_cli_read_add_corners (writer, reading->corners);
    bolo_event_add_characters (writer, reading->characters, reading->n_characters);
    bolo_json_writer_add_text (writer, "syntax", syntax);
    bolo_event_add_region (writer, region, reading->region_confidence, reading->is_region_read);
    bolo_json_writer_end_object (writer);
  }
  bolo_json_writer_end_array (writer);
  bolo_json_writer_begin_object (writer, "ms");
  bolo_json_writer_add_number (writer, "detect", result->detect_ms, 2);
  bolo_json_writer_add_number (writer, "read", result->read_ms, 2);
  bolo_json_writer_end_object (writer);
  bolo_cli_read_print (writer);
}

static void
print_text (const char *path, const BoloStillResult *result, BoloPlateRules *rules)
{
  if (result->readings->len == 0)
    printf ("%s: no plate\n", path);
  for (guint i = 0; i < result->readings->len; i++) {
    const BoloReading *reading = &g_array_index (result->readings, BoloReading, i);
    const char *syntax = bolo_plate_rules_get_syntax (rules, reading->text, NULL);
    g_autofree char *shown = bolo_plate_rules_format (rules, reading->text);

    printf ("%s: %s  %.0f %%%s%s\n", path, shown, 100.0 * (double) reading->confidence,
            syntax != NULL ? "  " : "", syntax != NULL ? syntax : "");
  }
}

static gboolean
read_picture (BoloCli *cli,
              const Options *options,
              BoloCv *cv,
              BoloPlateRules *rules,
              const char *path,
              GError **error)
{
  g_autoptr (BoloPicture) picture = bolo_picture_load (path, BOLO_PICTURE_GRAY8, error);
  g_auto (BoloStillResult) result = {0};
  BoloCvImage image;

  if (picture == NULL)
    return FALSE;
  image = (BoloCvImage){picture->pixels, picture->width, picture->height, picture->stride};
  if (options->is_crop ? !bolo_still_read_crop (cv, &image, rules, &result, error)
                       : !bolo_still_read (cv, &image, rules, &result, error)) {
    g_prefix_error (error, "%s: ", path);
    return FALSE;
  }
  if (cli->is_json)
    print_json (path, picture, &result, rules);
  else
    print_text (path, &result, rules);
  return TRUE;
}

static gboolean
is_clip (const char *path)
{
  static const char *const endings[] = {".mp4",  ".mkv", ".mov", ".avi",
                                        ".webm", ".ts",  ".m4v", ".mpg"};
  gsize length = strlen (path);

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++) {
    gsize ending = strlen (endings[i]);

    if (length > ending && g_ascii_strcasecmp (path + length - ending, endings[i]) == 0)
      return TRUE;
  }
  return FALSE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Pictures and clips of a folder and the folders in it, in the order of their names. */
static gboolean
add_folder (GPtrArray *files, const char *folder, int depth, GError **error)
{
  g_autoptr (GError) foreign = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &foreign);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (dir == NULL) {
    bolo_error_take_foreign (error, g_steal_pointer (&foreign), "Cannot read the folder");
    return FALSE;
  }
  while ((name = g_dir_read_name (dir)) != NULL)
    if (name[0] != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename (folder, g_ptr_array_index (names, i), NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
      if (depth < MAX_DEPTH && !add_folder (files, path, depth + 1, error))
        return FALSE;
    } else if (bolo_picture_is_named_so (path) || is_clip (path)) {
      g_ptr_array_add (files, g_steal_pointer (&path));
    }
  }
  return TRUE;
}

/* What is to be read; a path that was named is read whatever its ending. (transfer full) */
static GPtrArray *
collect_files (char **paths, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);

  for (char **path = paths; *path != NULL; path++) {
    if (!g_file_test (*path, G_FILE_TEST_EXISTS)) {
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND,
                   "%s is not there; name a picture, a clip or a folder", *path);
      return NULL;
    }
    if (!g_file_test (*path, G_FILE_TEST_IS_DIR))
      g_ptr_array_add (files, g_strdup (*path));
    else if (!add_folder (files, *path, 0, error))
      return NULL;
  }
  if (files->len == 0) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND,
                 "%s holds no pictures or clips; name a folder with JPEG, PNG or video files",
                 paths[0]);
    return NULL;
  }
  return g_steal_pointer (&files);
}

/* A file that cannot be read is told and does not keep the others from being read. */
static int
read_all (BoloCli *cli, const Options *options, GPtrArray *files, BoloCv *cv, BoloPlateRules *rules)
{
  int code = BOLO_CLI_DONE;

  for (guint i = 0; i < files->len; i++) {
    const char *path = g_ptr_array_index (files, i);
    g_autofree char *progress = g_strdup_printf ("%u of %u: %s", i + 1, files->len, path);
    g_autoptr (GError) error = NULL;
    gboolean is_read;

    bolo_cli_progress (cli, progress);
    if (is_clip (path))
      is_read = bolo_cli_read_clip (cli, path, options->models, rules, &error);
    else
      is_read = read_picture (cli, options, cv, rules, path, &error);
    bolo_cli_progress (cli, NULL);
    if (!is_read)
      code = bolo_cli_fail (cli, error);
  }
  fflush (stdout);
  return code;
}

static int
run (BoloCli *cli, const Options *options)
{
  g_autofree char *plate_data = bolo_paths_get_data_file ("plate");
  g_autofree char *shipped = bolo_paths_get_data_file ("models");
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloPlateRules) rules = NULL;
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (BoloCv) cv = NULL;

  files = collect_files (options->paths, &error);
  if (files == NULL)
    return bolo_cli_fail (cli, error);
  rules = bolo_plate_rules_load_syntaxes (
    plate_data, options->syntaxes != NULL ? options->syntaxes : "gb,eu", &error);
  if (rules == NULL)
    return bolo_cli_fail (cli, error);
  cv =
    bolo_cv_new (options->models != NULL ? options->models : shipped, BOLO_CV_BACKEND_BEST, &error);
  if (cv == NULL)
    return bolo_cli_fail (cli, error);
  return read_all (cli, options, files, cv, rules);
}

int
bolo_cli_read (BoloCli *cli, int argc, char **argv)
{
  Options options = {0};
  const GOptionEntry entries[] = {
    {"syntax", 0, 0, G_OPTION_ARG_STRING, &options.syntaxes,
     "Syntaxes that settle what is drawn alike, the likeliest first (gb,eu)", "NAMES"},
    {"crop", 0, 0, G_OPTION_ARG_NONE, &options.is_crop, "Each picture is one plate already cut out",
     NULL},
    {"models", 0, 0, G_OPTION_ARG_FILENAME, &options.models, "Other models than the shipped ones",
     "DIR"},
    G_OPTION_ENTRY_NULL,
  };
  int code;

  if (!bolo_cli_parse (cli, &argc, &argv, entries, "PATH…",
                       "Reads the plates of pictures and clips, files or folders."))
    return BOLO_CLI_USAGE;
  options.paths = argv + 1;
  if (argc < 2)
    code = bolo_cli_misuse (cli, "name at least one picture, clip or folder");
  else
    code = run (cli, &options);
  g_free (options.syntaxes);
  g_free (options.models);
  return code;
}
