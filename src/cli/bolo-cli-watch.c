/* bolo-cli-watch.c: boloctl hotlist watch, silence: what is added to the lists in the car
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli.h"

#include "bolo-cli-sightings.h"
#include "bolo-cli-when.h"
#include "bolo-desk-work.h"
#include "bolo-error.h"
#include "bolo-json-writer.h"
#include "bolo-paths.h"
#include "bolo-store.h"

#include <string.h>

typedef struct {
  BoloCli *cli;
  BoloPlateRules *rules; /* (owned) */
  BoloClock *clock;      /* (owned) */
  BoloIdSource *ids;     /* (owned) */
  BoloDeskRules *desk;   /* (owned) */
  BoloDeskWork *work;    /* (owned) */
  /* options */
  char *reason;
  char *expires;
  char *officer;
  char *category;
  char *description;
  char *entry_reference;
  gboolean is_recovered;
} Watch;

static void
watch_clear (Watch *self)
{
  g_clear_pointer (&self->work, bolo_desk_work_free);
  g_clear_pointer (&self->desk, bolo_desk_rules_free);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_clear_pointer (&self->ids, bolo_id_source_unref);
  g_clear_object (&self->clock);
  g_free (self->reason);
  g_free (self->expires);
  g_free (self->officer);
  g_free (self->category);
  g_free (self->description);
  g_free (self->entry_reference);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watch, watch_clear)

static gboolean
open_work (Watch *self, GError **error)
{
  g_autofree char *plate = bolo_paths_get_data_file ("plate");
  g_autofree char *set_aside = NULL;

  self->clock = bolo_clock_new_system ();
  self->ids = bolo_id_source_new (NULL);
  self->rules = bolo_plate_rules_load (plate, error);
  self->desk = self->rules != NULL ? bolo_desk_rules_load (self->cli->config, error) : NULL;
  if (self->desk == NULL || !bolo_paths_ensure_state (self->cli->state, error))
    return FALSE;
  self->work =
    bolo_desk_work_new (self->cli->state, self->rules, self->desk, self->clock, self->ids);
  return bolo_desk_work_open (self->work, &set_aside, error) &&
         bolo_desk_work_expire (self->work, NULL, error);
}

static const char *
get_officer (Watch *self)
{
  return self->officer != NULL ? self->officer : self->desk->officer;
}

static gboolean
ask (Watch *self, const BoloAsk *what, BoloLookBack *look_back, GError **error)
{
  return bolo_desk_work_do (self->work, what, get_officer (self), look_back, error);
}

static gint64
get_until_us (Watch *self, GError **error)
{
  if (self->expires == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "say until when it holds: --expires 8h, or a time");
    return -1;
  }
  return bolo_cli_parse_when (self->expires, bolo_clock_get_utc_us (self->clock), 1, error);
}

/* ---- watch entries ------------------------------------------------------------------------- */

static void
print_watch (Watch *self, const BoloWatch *watch)
{
  BoloJsonWriter *writer;
  g_autofree char *until = bolo_time_format_utc (watch->expires_us);
  g_autofree char *line = NULL;

  if (!self->cli->is_json) {
    printf ("%-12s until %s, %s, by %s: %s%s%s (%s)\n", watch->mark, until, watch->category,
            watch->officer, watch->reason, watch->description != NULL ? "; " : "",
            watch->description != NULL ? watch->description : "", watch->id);
    return;
  }
  writer = bolo_json_writer_new ();
  bolo_json_writer_add_text (writer, "watch", watch->id);
  bolo_json_writer_add_text (writer, "mark", watch->mark);
  bolo_json_writer_add_text (writer, "reason", watch->reason);
  bolo_json_writer_add_text (writer, "category", watch->category);
  bolo_json_writer_add_text (writer, "description", watch->description);
  bolo_json_writer_add_text (writer, "officer", watch->officer);
  bolo_json_writer_add_time (writer, "added", watch->added_us);
  bolo_json_writer_add_time (writer, "expires", watch->expires_us);
  line = bolo_json_writer_finish (writer);
  puts (line);
}

static int
list_watches (Watch *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) watches = bolo_desk_work_list_watches (self->work, &error);

  if (watches == NULL)
    return bolo_cli_fail (self->cli, error);
  for (guint i = 0; i < watches->len; i++)
    print_watch (self, g_ptr_array_index (watches, i));
  if (watches->len == 0 && !self->cli->is_json)
    printf ("no watch entries\n");
  return BOLO_CLI_DONE;
}

/* What has passed already; no records yet are an answer too. */
static gboolean
show_look_back (Watch *self, const BoloLookBack *look_back, const char *typed, GError **error)
{
  g_autofree char *mark = bolo_plate_rules_normalise (self->rules, typed);
  g_autoptr (BoloStore) store = bolo_store_new (self->cli->state, self->clock);
  g_autoptr (GPtrArray) sightings = NULL;
  g_autoptr (GError) local = NULL;
  const BoloStoreQuery query = {
    .glob = look_back->glob, .from_us = look_back->from_us, .to_us = look_back->to_us};

  if (bolo_store_open_for_reading (store, &local)) {
    sightings = bolo_store_list_sightings (store, &query, error);
    if (sightings == NULL)
      return FALSE;
    bolo_cli_print_sightings (self->cli, self->rules, mark, sightings);
  } else if (!g_error_matches (local, BOLO_ERROR, BOLO_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  if ((sightings == NULL || sightings->len == 0) && !self->cli->is_json)
    printf ("not seen before\n");
  return TRUE;
}

static int
watch (Watch *self, int argc, char **argv)
{
  g_auto (BoloLookBack) look_back = {0};
  g_autoptr (GError) error = NULL;
  BoloAsk what = {.what = BOLO_ASK_ADD_WATCH,
                  .reason = self->reason,
                  .category = self->category,
                  .description = self->description};

  if (argc == 1)
    return list_watches (self);
  if (argc != 2)
    return bolo_cli_misuse (self->cli, "watch takes one mark or pattern, or none to list them");
  what.mark = argv[1];
  what.until_us = get_until_us (self, &error);
  if (what.until_us < 0 || !ask (self, &what, &look_back, &error))
    return bolo_cli_fail (self->cli, error);
  if (!show_look_back (self, &look_back, argv[1], &error))
    return bolo_cli_fail (self->cli, error);
  return BOLO_CLI_DONE;
}

static int
unwatch (Watch *self, int argc, char **argv)
{
  g_auto (BoloLookBack) look_back = {0};
  g_autoptr (GError) error = NULL;
  BoloAsk what = {.what = BOLO_ASK_REMOVE_WATCH};

  if (argc != 2)
    return bolo_cli_misuse (self->cli, "unwatch takes the mark or the id of one watch entry");
  what.id = argv[1];
  if (!ask (self, &what, &look_back, &error))
    return bolo_cli_fail (self->cli, error);
  return BOLO_CLI_DONE;
}

/* ---- silences ------------------------------------------------------------------------------ */

static void
print_silence (Watch *self, const BoloSilence *silence)
{
  BoloJsonWriter *writer;
  g_autofree char *until = bolo_time_format_utc (silence->until_us);
  g_autofree char *line = NULL;

  if (!self->cli->is_json) {
    printf ("%s in %s until %s, %s, by %s: %s (%s)\n", silence->plate, silence->list, until,
            bolo_silence_kind_to_string (silence->kind), silence->officer, silence->reason,
            silence->id);
    return;
  }
  writer = bolo_json_writer_new ();
  bolo_json_writer_add_text (writer, "silence", silence->id);
  bolo_json_writer_add_text (writer, "list", silence->list);
  bolo_json_writer_add_text (writer, "plate", silence->plate);
  bolo_json_writer_add_text (writer, "entry_ref", silence->reference);
  bolo_json_writer_add_text (writer, "as", bolo_silence_kind_to_string (silence->kind));
  bolo_json_writer_add_text (writer, "reason", silence->reason);
  bolo_json_writer_add_text (writer, "officer", silence->officer);
  bolo_json_writer_add_time (writer, "added", silence->added_us);
  bolo_json_writer_add_time (writer, "until", silence->until_us);
  line = bolo_json_writer_finish (writer);
  puts (line);
}

static int
list_silences (Watch *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) silences = bolo_desk_work_list_silences (self->work, &error);

  if (silences == NULL)
    return bolo_cli_fail (self->cli, error);
  for (guint i = 0; i < silences->len; i++)
    print_silence (self, g_ptr_array_index (silences, i));
  if (silences->len == 0 && !self->cli->is_json)
    printf ("no entry is silenced\n");
  return BOLO_CLI_DONE;
}

static int
silence (Watch *self, int argc, char **argv)
{
  g_auto (BoloLookBack) look_back = {0};
  g_autoptr (GError) error = NULL;
  g_autofree char *mark = NULL;
  BoloAsk what = {.what = BOLO_ASK_SILENCE,
                  .reason = self->reason,
                  .entry_reference = self->entry_reference,
                  .kind =
                    self->is_recovered ? BOLO_SILENCE_RECOVERED : BOLO_SILENCE_NOT_THIS_VEHICLE};

  if (argc == 1)
    return list_silences (self);
  if (argc != 3)
    return bolo_cli_misuse (self->cli, "silence takes a list and the mark of its entry, or nothing "
                                       "to list them");
  mark = bolo_plate_rules_normalise (self->rules, argv[2]);
  what.list = argv[1];
  what.mark = mark;
  what.until_us = get_until_us (self, &error);
  if (what.until_us < 0 || !ask (self, &what, &look_back, &error))
    return bolo_cli_fail (self->cli, error);
  return BOLO_CLI_DONE;
}

static int
unsilence (Watch *self, int argc, char **argv)
{
  g_auto (BoloLookBack) look_back = {0};
  g_autoptr (GError) error = NULL;
  BoloAsk what = {.what = BOLO_ASK_REMOVE_SILENCE};

  if (argc != 2)
    return bolo_cli_misuse (self->cli, "unsilence takes the id of one silence");
  what.id = argv[1];
  if (!ask (self, &what, &look_back, &error))
    return bolo_cli_fail (self->cli, error);
  return BOLO_CLI_DONE;
}

/* ---- the command --------------------------------------------------------------------------- */

static const struct {
  const char *name;
  int (*run) (Watch *self, int argc, char **argv);
} commands[] = {
  {"watch", watch}, {"unwatch", unwatch}, {"silence", silence}, {"unsilence", unsilence}};

gboolean
bolo_cli_watch_knows (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return TRUE;
  return FALSE;
}

int
bolo_cli_watch (BoloCli *cli, int argc, char **argv)
{
  g_auto (Watch) self = {.cli = cli};
  const GOptionEntry entries[] = {
    {"reason", 0, 0, G_OPTION_ARG_STRING, &self.reason, "Why, in your words", "TEXT"},
    {"expires", 0, 0, G_OPTION_ARG_STRING, &self.expires, "Until when: 8h, 2d, or a time", "T"},
    {"officer", 0, 0, G_OPTION_ARG_STRING, &self.officer, "Who asks", "ID"},
    {"category", 0, 0, G_OPTION_ARG_STRING, &self.category,
     "watch: the alert policy's kind (default: watch)", "KIND"},
    {"description", 0, 0, G_OPTION_ARG_STRING, &self.description, "watch: what it looks like",
     "TEXT"},
    {"entry-ref", 0, 0, G_OPTION_ARG_STRING, &self.entry_reference,
     "silence: the entry's own reference, where it has one", "TEXT"},
    {"recovered", 0, 0, G_OPTION_ARG_NONE, &self.is_recovered,
     "silence: the vehicle was recovered (else: it is not this vehicle)", NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;

  if (!bolo_cli_parse (cli, &argc, &argv, entries,
                       "watch [PLATE] | unwatch PLATE | silence [LIST PLATE] | unsilence ID",
                       "Adds to the lists in this car, for a time and a reason that are kept."))
    return BOLO_CLI_USAGE;
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (!g_str_equal (argv[0], commands[i].name))
      continue;
    if (!open_work (&self, &error))
      return bolo_cli_fail (cli, error);
    return commands[i].run (&self, argc, argv);
  }
  g_return_val_if_reached (BOLO_CLI_USAGE);
}
