/* bolo-cli-search.c: boloctl search: own sightings of a mark, for a reason that is kept
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli.h"

#include "bolo-cli-when.h"
#include "bolo-desk-work.h"
#include "bolo-error.h"
#include "bolo-json-writer.h"
#include "bolo-paths.h"
#include "bolo-plate-wildcard.h"
#include "bolo-store.h"

typedef struct {
  BoloCli *cli;
  BoloPlateRules *rules; /* (owned) */
  BoloClock *clock;      /* (owned) */
  char *mark;            /* (owned): normalised */
  /* options */
  char *reason;
  char *reference;
  char *from;
  char *to;
  char *officer;
  char *authoriser;
} Search;

static void
search_clear (Search *self)
{
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_clear_object (&self->clock);
  g_free (self->mark);
  g_free (self->reason);
  g_free (self->reference);
  g_free (self->from);
  g_free (self->to);
  g_free (self->officer);
  g_free (self->authoriser);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

static void
add_differs (BoloJsonWriter *writer, Search *self, const BoloSighting *sighting)
{
  guint8 differs[BOLO_PLATE_LENGTH_MAX];
  guint n_differs = 0;
  gboolean meets =
    bolo_plate_wildcard_meets (self->mark, sighting->text, self->rules, differs, &n_differs);

  bolo_json_writer_add_text (writer, "match",
                             bolo_plate_has_wildcard (self->mark) ? "pattern"
                             : n_differs > 0                      ? "folded"
                                                                  : "exact");
  bolo_json_writer_begin_array (writer, "differs");
  for (guint i = 0; meets && i < n_differs; i++)
    bolo_json_writer_add_int (writer, NULL, differs[i]);
  bolo_json_writer_end_array (writer);
}

static void
print_json (Search *self, const BoloSighting *sighting)
{
  BoloJsonWriter *writer = bolo_json_writer_new ();
  g_autofree char *line = NULL;

  bolo_json_writer_add_text (writer, "sighting", sighting->id);
  bolo_json_writer_add_text (writer, "text", sighting->text);
  add_differs (writer, self, sighting);
  bolo_json_writer_add_text (writer, "camera", sighting->camera);
  bolo_json_writer_add_time (writer, "captured", sighting->captured_us);
  bolo_json_writer_add_number (writer, "confidence", (double) sighting->confidence, 3);
  bolo_json_writer_add_int (writer, "looks", sighting->looks);
  if (sighting->fix != NULL) {
    bolo_json_writer_begin_object (writer, "position");
    bolo_json_writer_add_number (writer, "lat", sighting->fix->latitude_deg, 7);
    bolo_json_writer_add_number (writer, "lon", sighting->fix->longitude_deg, 7);
    bolo_json_writer_add_number (writer, "accuracy_m", sighting->fix->accuracy_m, 1);
    bolo_json_writer_end_object (writer);
  } else {
    bolo_json_writer_add_text (writer, "position", NULL);
  }
  line = bolo_json_writer_finish (writer);
  puts (line);
}

static void
print_text (Search *self, const BoloSighting *sighting)
{
  g_autofree char *time = bolo_time_format_utc (sighting->captured_us);
  g_autofree char *mark = bolo_plate_rules_format (self->rules, sighting->text);
  g_autofree char *place =
    sighting->fix != NULL
      ? g_strdup_printf ("%+.5f%+.5f, within %.0f m", sighting->fix->latitude_deg,
                         sighting->fix->longitude_deg, sighting->fix->accuracy_m)
      : g_strdup ("place unknown");

  printf ("%s  %-9s  %-12s  %.0f %%  %s\n", time, mark, sighting->camera,
          (double) sighting->confidence * 100, place);
}

static gboolean
get_window (Search *self, BoloSearch *search, GError **error)
{
  gint64 now_us = bolo_clock_get_utc_us (self->clock);

  search->to_us = now_us + G_USEC_PER_SEC;
  if (self->to != NULL)
    search->to_us = bolo_cli_parse_when (self->to, now_us, -1, error);
  search->from_us = search->to_us - BOLO_SEARCH_DEFAULT_US;
  if (search->to_us >= 0 && self->from != NULL)
    search->from_us = bolo_cli_parse_when (self->from, now_us, -1, error);
  return search->to_us >= 0 && search->from_us >= 0;
}

/* The reason is on the disk before the records are even opened. */
static GPtrArray *
ask (Search *self, const BoloSearch *search, const BoloDeskRules *desk, GError **error)
{
  g_autoptr (BoloIdSource) ids = bolo_id_source_new (NULL);
  g_autoptr (BoloDeskWork) work =
    bolo_desk_work_new (self->cli->state, self->rules, desk, self->clock, ids);
  g_autoptr (BoloStore) store = bolo_store_new (self->cli->state, self->clock);
  g_autofree char *glob = NULL;
  g_autoptr (GError) local = NULL;
  BoloStoreQuery query = {.from_us = search->from_us, .to_us = search->to_us};

  if (!bolo_paths_ensure_state (self->cli->state, error) ||
      !bolo_desk_work_allow_search (work, search, &glob, error))
    return NULL;
  if (!bolo_store_open_for_reading (store, &local)) {
    if (g_error_matches (local, BOLO_ERROR, BOLO_ERROR_NOT_FOUND))
      return g_ptr_array_new ();
    g_propagate_error (error, g_steal_pointer (&local));
    return NULL;
  }
  query.glob = glob;
  return bolo_store_list_sightings (store, &query, error);
}

static int
run (Search *self, const char *typed)
{
  g_autoptr (BoloDeskRules) desk = NULL;
  g_autoptr (GPtrArray) sightings = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *plate = bolo_paths_get_data_file ("plate");
  BoloSearch search = {.mark = typed,
                       .reason = self->reason,
                       .reference = self->reference,
                       .officer = self->officer,
                       .authoriser = self->authoriser};

  self->clock = bolo_clock_new_system ();
  self->rules = bolo_plate_rules_load (plate, &error);
  desk = self->rules != NULL ? bolo_desk_rules_load (self->cli->config, &error) : NULL;
  if (desk == NULL || !get_window (self, &search, &error))
    return bolo_cli_fail (self->cli, error);
  if (search.officer == NULL)
    search.officer = desk->officer;
  self->mark = bolo_plate_rules_normalise (self->rules, typed);
  sightings = ask (self, &search, desk, &error);
  if (sightings == NULL)
    return bolo_cli_fail (self->cli, error);
  for (guint i = 0; i < sightings->len; i++) {
    if (self->cli->is_json)
      print_json (self, g_ptr_array_index (sightings, i));
    else
      print_text (self, g_ptr_array_index (sightings, i));
  }
  if (sightings->len == 0 && !self->cli->is_json)
    printf ("not seen in this time\n");
  return BOLO_CLI_DONE;
}

int
bolo_cli_search (BoloCli *cli, int argc, char **argv)
{
  g_auto (Search) self = {.cli = cli};
  const GOptionEntry entries[] = {
    {"reason", 0, 0, G_OPTION_ARG_STRING, &self.reason, "Why; one of the codes in [search]",
     "CODE"},
    {"ref", 0, 0, G_OPTION_ARG_STRING, &self.reference, "Incident or crime number", "TEXT"},
    {"from", 0, 0, G_OPTION_ARG_STRING, &self.from, "Not before (default: a day before --to)", "T"},
    {"to", 0, 0, G_OPTION_ARG_STRING, &self.to, "Before (default: now)", "T"},
    {"officer", 0, 0, G_OPTION_ARG_STRING, &self.officer, "Who asks", "ID"},
    {"authorised-by", 0, 0, G_OPTION_ARG_STRING, &self.authoriser,
     "Who allowed records older than 90 days", "ID"},
    G_OPTION_ENTRY_NULL,
  };

  if (!bolo_cli_parse (cli, &argc, &argv, entries, "PLATE",
                       "Finds own sightings of a mark or a pattern (AB?2*). Why is kept."))
    return BOLO_CLI_USAGE;
  if (argc != 2)
    return bolo_cli_misuse (cli, "search takes one mark or pattern");
  if (self.reason == NULL || self.reference == NULL)
    return bolo_cli_misuse (cli, "say why: --reason CODE --ref TEXT");
  return run (&self, argv[1]);
}
