/* bolo-cli-search.c: boloctl search: own sightings of a mark, for a reason that is kept
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli.h"

#include "bolo-cli-sightings.h"
#include "bolo-cli-when.h"
#include "bolo-desk-work.h"
#include "bolo-error.h"
#include "bolo-paths.h"
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

static gboolean
get_window (Search *self, BoloAsk *search, GError **error)
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
ask (Search *self, const BoloAsk *search, const BoloDeskRules *desk, GError **error)
{
  const char *officer = self->officer != NULL ? self->officer : desk->officer;
  g_autoptr (BoloIdSource) ids = bolo_id_source_new (NULL);
  g_autoptr (BoloDeskWork) work =
    bolo_desk_work_new (self->cli->state, self->rules, desk, self->clock, ids);
  g_autoptr (BoloStore) store = bolo_store_new (self->cli->state, self->clock);
  g_auto (BoloLookBack) look_back = {0};
  g_autoptr (GError) local = NULL;
  BoloStoreQuery query = {0};

  if (!bolo_paths_ensure_state (self->cli->state, error) ||
      !bolo_desk_work_do (work, search, officer, &look_back, error))
    return NULL;
  if (!bolo_store_open_for_reading (store, &local)) {
    if (g_error_matches (local, BOLO_ERROR, BOLO_ERROR_NOT_FOUND))
      return g_ptr_array_new ();
    g_propagate_error (error, g_steal_pointer (&local));
    return NULL;
  }
  query.glob = look_back.glob;
  query.from_us = look_back.from_us;
  query.to_us = look_back.to_us;
  return bolo_store_list_sightings (store, &query, error);
}

static int
run (Search *self, const char *typed)
{
  g_autoptr (BoloDeskRules) desk = NULL;
  g_autoptr (GPtrArray) sightings = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *plate = bolo_paths_get_data_file ("plate");
  BoloAsk search = {.what = BOLO_ASK_SEARCH,
                    .mark = typed,
                    .reason = self->reason,
                    .reference = self->reference,
                    .authoriser = self->authoriser};

  self->clock = bolo_clock_new_system ();
  self->rules = bolo_plate_rules_load (plate, &error);
  desk = self->rules != NULL ? bolo_desk_rules_load (self->cli->config, &error) : NULL;
  if (desk == NULL || !get_window (self, &search, &error))
    return bolo_cli_fail (self->cli, error);
  self->mark = bolo_plate_rules_normalise (self->rules, typed);
  sightings = ask (self, &search, desk, &error);
  if (sightings == NULL)
    return bolo_cli_fail (self->cli, error);
  bolo_cli_print_sightings (self->cli, self->rules, self->mark, sightings);
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
