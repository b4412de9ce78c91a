/* bolo-cli-hotlist.c: boloctl hotlist: imports, lists, matches and removes lists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli-hotlist.h"

#include "bolo-error.h"
#include "bolo-paths.h"

#include <string.h>

#define SUB_COMMANDS                                                                               \
  "import, list, match, remove, keygen, sign, trust, watch, unwatch, silence or unsilence"

static void
hotlist_clear (BoloCliHotlist *self)
{
  BoloCliHotlistOptions *options = &self->options;

  g_clear_object (&self->hotlist);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_clear_pointer (&options->name, g_free);
  g_clear_pointer (&options->kind, g_free);
  g_clear_pointer (&options->format, g_free);
  g_clear_pointer (&options->map, g_free);
  g_clear_pointer (&options->signature, g_free);
  g_clear_pointer (&options->unsigned_by, g_free);
  g_clear_pointer (&options->key, g_free);
  g_clear_pointer (&options->revision, g_free);
  g_clear_pointer (&options->out, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BoloCliHotlist, hotlist_clear)

void
bolo_cli_hotlist_print (BoloJsonWriter *writer)
{
  g_autofree char *line = bolo_json_writer_finish (writer);

  puts (line);
}

char *
bolo_cli_hotlist_make_name (const char *path)
{
  char *name = g_path_get_basename (path);
  char *dot = strrchr (name, '.');

  if (dot != NULL && dot > name)
    *dot = '\0';
  return name;
}

static void
add_time (BoloJsonWriter *writer, const char *name, gint64 time_us)
{
  if (time_us == G_MAXINT64)
    bolo_json_writer_add_text (writer, name, NULL);
  else
    bolo_json_writer_add_time (writer, name, time_us);
}

/* ---- list ---------------------------------------------------------------------------------- */

static void
print_list (const BoloListInfo *info, guint64 n_weeded, gint64 now_us)
{
  gint64 age_s = MAX (0, now_us - info->dated_us) / G_USEC_PER_SEC;
  BoloListAge age = bolo_list_info_get_age (info, now_us);

  printf ("%-20s %-14s %8" G_GUINT64_FORMAT " entries, %" G_GUINT64_FORMAT
          " past their weed date, %" G_GUINT64_FORMAT
          " rows left out, revision %s, %s %s, %" G_GINT64_FORMAT " h %02d min old%s\n",
          info->name, info->kind, info->n_entries, n_weeded, info->n_rejected, info->revision,
          info->trust == BOLO_TRUST_SIGNED ? "signed by the key" : "unsigned, from", info->signer,
          age_s / 3600, (int) (age_s / 60 % 60),
          age == BOLO_LIST_STALE ? ", STALE"
          : age == BOLO_LIST_OLD ? ", older than it should be"
                                 : "");
}

static void
print_list_json (const BoloListInfo *info, guint64 n_weeded, gint64 now_us)
{
  gint64 age_s = MAX (0, now_us - info->dated_us) / G_USEC_PER_SEC;
  BoloJsonWriter *writer = bolo_json_writer_new ();

  bolo_json_writer_add_text (writer, "name", info->name);
  bolo_json_writer_add_text (writer, "kind", info->kind);
  bolo_json_writer_add_text (writer, "revision", info->revision);
  bolo_json_writer_add_int (writer, "entries", (gint64) info->n_entries);
  bolo_json_writer_add_int (writer, "rejected", (gint64) info->n_rejected);
  bolo_json_writer_add_int (writer, "weeded", (gint64) n_weeded);
  add_time (writer, "loaded", info->loaded_us);
  add_time (writer, "dated", info->dated_us);
  bolo_json_writer_add_int (writer, "age_s", age_s);
  bolo_json_writer_add_text (writer, "age",
                             bolo_list_age_to_string (bolo_list_info_get_age (info, now_us)));
  bolo_json_writer_add_text (writer, "trust", bolo_trust_to_string (info->trust));
  bolo_json_writer_add_text (writer, "signer", info->signer);
  bolo_cli_hotlist_print (writer);
}

static int
show_lists (BoloCliHotlist *self, int argc, char **argv)
{
  g_autoptr (BoloListIndex) index = bolo_hotlist_ref_index (self->hotlist);
  gint64 now_us = bolo_clock_get_utc_us (self->clock);

  if (argc != 1)
    return bolo_cli_misuse (self->cli, "list takes no arguments");
  for (guint i = 0; i < bolo_list_index_get_n_lists (index); i++) {
    const BoloListInfo *info = bolo_list_index_get_list (index, i);
    guint64 n_weeded = bolo_list_index_count_weeded (index, info->name, now_us);

    if (self->cli->is_json)
      print_list_json (info, n_weeded, now_us);
    else
      print_list (info, n_weeded, now_us);
  }
  if (bolo_list_index_get_n_lists (index) == 0 && !self->cli->is_json)
    printf ("no lists; import one with boloctl hotlist import\n");
  return BOLO_CLI_DONE;
}

/* ---- match --------------------------------------------------------------------------------- */

static void
print_match_json (const char *plate, const BoloMatch *match)
{
  BoloJsonWriter *writer = bolo_json_writer_new ();
  const BoloListEntry *entry = match->entry;

  bolo_json_writer_add_text (writer, "plate", plate);
  bolo_json_writer_add_text (writer, "list", entry->list);
  bolo_json_writer_add_text (writer, "kind", entry->list_kind);
  bolo_json_writer_add_text (writer, "entry", entry->entry_id);
  bolo_json_writer_add_text (writer, "entry_plate", entry->plate);
  bolo_json_writer_add_text (writer, "match", bolo_match_kind_to_string (match->kind));
  bolo_json_writer_begin_array (writer, "differs");
  for (guint i = 0; i < match->n_differs; i++)
    bolo_json_writer_add_int (writer, NULL, match->differs[i]);
  bolo_json_writer_end_array (writer);
  bolo_json_writer_add_text (writer, "make", entry->make);
  bolo_json_writer_add_text (writer, "model", entry->model);
  bolo_json_writer_add_text (writer, "colour", entry->colour);
  bolo_json_writer_add_text (writer, "action", entry->action_text);
  bolo_json_writer_begin_array (writer, "markers");
  for (guint i = 0; entry->markers != NULL && entry->markers[i] != NULL; i++)
    bolo_json_writer_add_text (writer, NULL, entry->markers[i]);
  bolo_json_writer_end_array (writer);
  bolo_json_writer_add_text (writer, "reason", entry->reason);
  add_time (writer, "weed", entry->weed_us);
  bolo_cli_hotlist_print (writer);
}

static void
print_match (const char *plate, const BoloMatch *match)
{
  const BoloListEntry *entry = match->entry;
  g_autofree char *markers =
    entry->markers != NULL ? g_strjoinv (", ", entry->markers) : g_strdup ("");

  printf ("%s: %s%s%s in %s (%s), %s as %s%s%s\n", plate, markers, *markers != '\0' ? "; " : "",
          entry->reason != NULL ? entry->reason : "no reason given", entry->list, entry->list_kind,
          bolo_match_kind_to_string (match->kind), entry->plate,
          entry->action_text != NULL ? ", action " : "",
          entry->action_text != NULL ? entry->action_text : "");
}

/* What is covert is for the back office, or a role that may see it; there is none yet. A mark that
 * only covert entries are for is answered as one that is not listed. */
static void
leave_out_covert (GPtrArray *matches)
{
  for (guint i = matches->len; i-- > 0;) {
    const BoloMatch *match = g_ptr_array_index (matches, i);

    if (match->entry->is_covert || match->entry->action == BOLO_ACTION_SILENT)
      g_ptr_array_remove_index (matches, i);
  }
}

static int
match_plates (BoloCliHotlist *self, int argc, char **argv)
{
  gint64 now_us = bolo_clock_get_utc_us (self->clock);

  if (argc < 2)
    return bolo_cli_misuse (self->cli, "match needs one plate or more");
  for (int i = 1; i < argc; i++) {
    g_autofree char *plate = bolo_plate_rules_normalise (self->rules, argv[i]);
    g_autoptr (GPtrArray) matches = NULL;

    if (!bolo_plate_is_mark (plate)) {
      g_autoptr (GError) error =
        g_error_new (BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                     "'%s' is no registration mark; give 1 to %d letters and digits", argv[i],
                     BOLO_PLATE_LENGTH_MAX);

      return bolo_cli_fail (self->cli, error);
    }
    matches = bolo_hotlist_match (self->hotlist, plate, now_us);
    leave_out_covert (matches);
    for (guint k = 0; k < matches->len; k++) {
      if (self->cli->is_json)
        print_match_json (plate, g_ptr_array_index (matches, k));
      else
        print_match (plate, g_ptr_array_index (matches, k));
    }
    if (matches->len == 0 && !self->cli->is_json)
      printf ("%s: not listed\n", plate);
  }
  return BOLO_CLI_DONE;
}

static int
remove_list (BoloCliHotlist *self, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc != 2)
    return bolo_cli_misuse (self->cli, "remove takes the name of one list");
  if (!bolo_hotlist_remove (self->hotlist, argv[1], &error))
    return bolo_cli_fail (self->cli, error);
  if (!self->cli->is_json)
    printf ("%s is removed\n", argv[1]);
  return BOLO_CLI_DONE;
}

/* ---- the command --------------------------------------------------------------------------- */

/* What a sub-command works on. */
typedef enum {
  NEED_NOTHING, /* it is for a list's owner, who holds no lists */
  NEED_STATE,
  NEED_LISTS,
} Need;

static gboolean
open_hotlist (BoloCliHotlist *self, Need need, GError **error)
{
  g_autofree char *plate = bolo_paths_get_data_file ("plate");
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);

  self->clock = bolo_clock_new_system ();
  if (need == NEED_NOTHING)
    return TRUE;
  if (!bolo_paths_ensure_state (self->cli->state, error))
    return FALSE;
  self->rules = bolo_plate_rules_load (plate, error);
  if (self->rules == NULL)
    return FALSE;
  self->hotlist = bolo_hotlist_new (self->cli->state, self->rules, self->clock);
  return need == NEED_STATE || bolo_hotlist_load (self->hotlist, problems, error);
}

int
bolo_cli_hotlist (BoloCli *cli, int argc, char **argv)
{
  static const struct {
    const char *name;
    int (*run) (BoloCliHotlist *self, int argc, char **argv);
    Need need;
  } commands[] = {{"import", bolo_cli_hotlist_import, NEED_STATE},
                  {"list", show_lists, NEED_LISTS},
                  {"match", match_plates, NEED_LISTS},
                  {"remove", remove_list, NEED_LISTS},
                  {"keygen", bolo_cli_hotlist_keygen, NEED_NOTHING},
                  {"sign", bolo_cli_hotlist_sign, NEED_NOTHING},
                  {"trust", bolo_cli_hotlist_trust, NEED_STATE}};
  g_auto (BoloCliHotlist) self = {.cli = cli};
  BoloCliHotlistOptions *options = &self.options;
  const GOptionEntry entries[] = {
    {"name", 0, 0, G_OPTION_ARG_STRING, &options->name,
     "import, sign: what the list is called (default: its file)", "N"},
    {"kind", 0, 0, G_OPTION_ARG_STRING, &options->kind,
     "import, sign: the alert policy's kind (default: the name)", "KIND"},
    {"format", 0, 0, G_OPTION_ARG_STRING, &options->format,
     "import, sign: auto, csv, ncic, pips and others, see bolo-list-map(5)", "FORMAT"},
    {"map", 0, 0, G_OPTION_ARG_FILENAME, &options->map,
     "import: a column map, see bolo-list-map(5)", "FILE"},
    {"sig", 0, 0, G_OPTION_ARG_FILENAME, &options->signature, "import: the list's signature",
     "FILE"},
    {"unsigned-by", 0, 0, G_OPTION_ARG_STRING, &options->unsigned_by,
     "import: who answers for a list without a signature", "OFFICER"},
    {"delta", 0, 0, G_OPTION_ARG_NONE, &options->is_delta,
     "import: the file holds changes, not the whole list", NULL},
    {"key", 0, 0, G_OPTION_ARG_FILENAME, &options->key, "sign: the secret key", "FILE"},
    {"number", 0, 0, G_OPTION_ARG_INT64, &options->number,
     "sign: one more than the list's last revision had", "N"},
    {"base", 0, 0, G_OPTION_ARG_INT64, &options->base,
     "sign: the file holds changes to this number", "N"},
    {"revision", 0, 0, G_OPTION_ARG_STRING, &options->revision,
     "sign: what the revision is called (default: its number)", "TEXT"},
    {"out", 0, 0, G_OPTION_ARG_FILENAME, &options->out,
     "sign: the signature's file; keygen: the keys' folder", "PATH"},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;

  if (argc > 1 && bolo_cli_watch_knows (argv[1]))
    return bolo_cli_watch (cli, argc - 1, argv + 1);
  if (!bolo_cli_parse (cli, &argc, &argv, entries,
                       "import FILE | list | match PLATE… | remove NAME | keygen NAME | sign FILE |"
                       " trust [FILE] | watch | unwatch | silence | unsilence",
                       "Keeps the lists of wanted vehicles."))
    return BOLO_CLI_USAGE;
  if (argc < 2)
    return bolo_cli_misuse (cli, "say " SUB_COMMANDS);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (!g_str_equal (argv[1], commands[i].name))
      continue;
    if (!open_hotlist (&self, commands[i].need, &error))
      return bolo_cli_fail (cli, error);
    return commands[i].run (&self, argc - 1, argv + 1);
  }
  return bolo_cli_misuse (cli, "there is no such sub-command; say " SUB_COMMANDS);
}
