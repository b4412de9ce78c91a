/* bolo-cli-sync.c: boloctl sync: sends what waits and fetches lists now, with progress
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli-stick.h"

#include <malloc.h>
#include <math.h>

#include "bolo-error.h"
#include "bolo-json-writer.h"
#include "bolo-paths.h"
#include "bolo-plate-rules.h"
#include "bolo-sync-queues.h"
#include "bolo-sync.h"

#define STOP_MS 10000
#define TELL_MS 500
#define MEGABYTE 1e6

typedef struct {
  BoloCli *cli;
  BoloSyncConfig *config; /* (owned) */
  BoloClock *clock;       /* (owned) */
  BoloPlateRules *rules;  /* (owned) */
  BoloHotlist *hotlist;   /* (owned) */
  BoloStore *store;       /* (owned) */
  BoloSync *sync;         /* (owned) */
  GMainLoop *loop;        /* (owned) */
  /* options */
  char *remote;
  char *usb;
  gboolean waits;

  guint n_told;
} Command;

static void
command_clear (Command *self)
{
  if (self->sync != NULL && !bolo_sync_stop (self->sync, STOP_MS))
    fprintf (stderr, "boloctl sync: a request did not end in time and is left behind\n");
  if (self->store != NULL)
    bolo_store_close (self->store, STOP_MS);
  g_clear_object (&self->sync);
  g_clear_object (&self->store);
  g_clear_object (&self->hotlist);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_clear_pointer (&self->config, bolo_sync_config_unref);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_free (self->remote);
  g_free (self->usb);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Command, command_clear)

/* ---- telling ------------------------------------------------------------------------------- */

static void
print_json (Command *self, const char *event, const BoloSyncFigures *figures)
{
  BoloSyncState *state = bolo_sync_get_state (self->sync);
  const BoloReceipt *receipt = bolo_sync_state_get_receipt (state);
  BoloJsonWriter *writer = bolo_json_writer_new ();
  g_autofree char *line = NULL;

  bolo_json_writer_add_text (writer, "event", event);
  bolo_json_writer_add_text (writer, "remote", figures->remote);
  bolo_json_writer_add_text (writer, "phase", bolo_sync_phase_to_string (figures->phase));
  bolo_json_writer_add_int (writer, "sent", figures->sent);
  bolo_json_writer_add_int (writer, "sent_bytes", figures->sent_bytes);
  bolo_json_writer_begin_object (writer, "unsent");
  for (int i = 0; i < BOLO_N_TOPICS; i++)
    bolo_json_writer_add_int (writer, bolo_topic_to_string ((BoloTopic) i), figures->unsent[i]);
  bolo_json_writer_end_object (writer);
  bolo_json_writer_add_int (writer, "unsent_bytes", figures->unsent_bytes);
  bolo_json_writer_add_int (writer, "rejected", figures->rejected);
  bolo_json_writer_add_number (writer, "rate_bps", figures->rate_bps, 0);
  bolo_json_writer_add_int (writer, "left_s", figures->left_s);
  bolo_json_writer_add_text (writer, "failure", figures->failure);
  bolo_json_writer_add_text (writer, "remedy", figures->remedy);
  bolo_json_writer_add_boolean (writer, "pictures_held", figures->is_holding_images);
  bolo_json_writer_add_text (writer, "receipt", receipt != NULL ? receipt->path : NULL);
  line = bolo_json_writer_finish (writer);
  printf ("%s\n", line);
  fflush (stdout);
}

/* (transfer full): "3 min 20 s" */
static char *
format_left (gint64 left_s)
{
  if (left_s < 0)
    return g_strdup ("not known");
  if (left_s < 60)
    return g_strdup_printf ("%d s", (int) left_s);
  return g_strdup_printf ("%d min %d s", (int) (left_s / 60), (int) (left_s % 60));
}

static void
tell_progress_of (Command *self, const BoloSyncFigures *figures)
{
  g_autofree char *left = format_left (figures->left_s);
  g_autofree char *line = NULL;
  int n_unsent = (int) bolo_sync_figures_get_n_unsent (figures);

  if (self->cli->is_json) {
    print_json (self, "progress", figures);
    return;
  }
  if (figures->phase == BOLO_SYNC_WAITING && figures->failure != NULL)
    line = g_strdup_printf ("%s: %s; %d to send; tried again soon", figures->remote,
                            figures->failure, n_unsent);
  else
    line = g_strdup_printf (
      "%s %s: %d sent, %d to send (%.1f MB), %.2f MB/s, %s left", figures->remote,
      bolo_sync_phase_to_string (figures->phase), (int) figures->sent, n_unsent,
      (double) figures->unsent_bytes / MEGABYTE, figures->rate_bps / MEGABYTE, left);
  bolo_cli_progress (self->cli, line);
}

/* On one line of a terminal there is room for one at a time: who is sending, by turns. */
static void
tell_progress (Command *self)
{
  GPtrArray *remotes = bolo_sync_state_get_remotes (bolo_sync_get_state (self->sync));

  for (guint i = 0; i < remotes->len; i++) {
    guint at = (self->n_told + i) % remotes->len;
    const BoloSyncFigures *figures = remotes->pdata[at];

    if (self->cli->is_json) {
      tell_progress_of (self, figures);
    } else if (figures->phase != BOLO_SYNC_IDLE || i + 1 == remotes->len) {
      tell_progress_of (self, figures);
      self->n_told = at + 1;
      break;
    }
  }
}

static gboolean
on_tell (gpointer user_data)
{
  tell_progress (user_data);
  return G_SOURCE_CONTINUE;
}

static void
print_unsent (const BoloSyncFigures *figures)
{
  for (int i = 0; i < BOLO_N_TOPICS; i++) {
    if (figures->unsent[i] > 0)
      printf ("not sent    %d of kind %s\n", (int) figures->unsent[i],
              bolo_topic_to_string ((BoloTopic) i));
  }
  if (figures->is_holding_images)
    printf ("            pictures wait for a link that does not cost by volume; see sync.conf\n");
  if (figures->rejected > 0)
    printf ("refused     %d by the back office; they are kept%s%s\n", (int) figures->rejected,
            figures->rejection != NULL ? "; the last because: " : "",
            figures->rejection != NULL ? figures->rejection : "");
}

static void
print_remote (Command *self, const BoloSyncFigures *figures)
{
  if (self->cli->is_json) {
    print_json (self, "end", figures);
    return;
  }
  printf ("remote      %s\n", figures->remote);
  printf ("sent        %d items, %.1f MB\n", (int) figures->sent,
          (double) figures->sent_bytes / MEGABYTE);
  print_unsent (figures);
}

/* As information: whose they are, and how far they may be relied on. */
static void
print_shared (Command *self, BoloSharedHit *hit)
{
  const BoloSharedHitFields *fields = bolo_shared_hit_get_fields (hit);
  g_autofree char *time = bolo_time_format_utc (fields->time_us);
  BoloJsonWriter *writer;
  g_autofree char *line = NULL;

  if (!self->cli->is_json) {
    printf ("shared      %s by %s at %s: %s, %s\n", fields->mark, fields->car, time,
            fields->category, bolo_verification_to_string (fields->verification));
    return;
  }
  writer = bolo_json_writer_new ();
  bolo_json_writer_add_text (writer, "event", "shared");
  bolo_json_writer_add_text (writer, "car", fields->car);
  bolo_json_writer_add_text (writer, "id", fields->id);
  bolo_json_writer_add_text (writer, "mark", fields->mark);
  bolo_json_writer_add_text (writer, "category", fields->category);
  bolo_json_writer_add_text (writer, "time", time);
  bolo_json_writer_add_text (writer, "verification",
                             bolo_verification_to_string (fields->verification));
  line = bolo_json_writer_finish (writer);
  printf ("%s\n", line);
}

static void
print_all_shared (Command *self, GListModel *shared)
{
  for (guint i = 0; i < g_list_model_get_n_items (shared); i++) {
    g_autoptr (BoloSharedHit) hit = g_list_model_get_item (shared, i);

    print_shared (self, hit);
  }
}

static void
print_end (Command *self)
{
  BoloSyncState *state = bolo_sync_get_state (self->sync);
  GPtrArray *remotes = bolo_sync_state_get_remotes (state);
  GPtrArray *lists = bolo_sync_state_get_lists (state);
  const BoloReceipt *receipt = bolo_sync_state_get_receipt (state);

  print_all_shared (self, bolo_sync_state_get_shared (state));
  for (guint i = 0; i < remotes->len; i++)
    print_remote (self, remotes->pdata[i]);
  if (self->cli->is_json)
    return;
  for (guint i = 0; i < lists->len; i++) {
    const BoloListArrival *list = lists->pdata[i];
    g_autofree char *words = bolo_cli_stick_describe (list);

    if (words != NULL)
      printf ("list        %s: %s\n", list->name, words);
  }
  if (receipt != NULL)
    bolo_cli_stick_print_receipt (receipt);
}

/* ---- doing --------------------------------------------------------------------------------- */

static gboolean
has_link (Command *self)
{
  gboolean has_one = FALSE;

  for (guint i = 0; i < self->config->remotes->len; i++) {
    const BoloRemote *remote = self->config->remotes->pdata[i];

    has_one = has_one || (remote->type != BOLO_REMOTE_USB &&
                          (self->remote == NULL || g_str_equal (remote->name, self->remote)));
  }
  return has_one;
}

static gboolean
check_remote (Command *self, GError **error)
{
  if (self->config->remotes->len == 0) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND,
                 "there is no remote to send to; describe one in %s/%s, see bolo-sync.conf(5)",
                 self->cli->state, BOLO_SYNC_CONFIG_FILE);
    return FALSE;
  }
  if (self->remote != NULL && bolo_sync_config_find (self->config, self->remote) == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "sync.conf names no remote %s",
                 self->remote);
    return FALSE;
  }
  if (self->usb != NULL || has_link (self))
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED,
               "what waits goes by stick only, says sync.conf; use --usb");
  return FALSE;
}

static gboolean
open_store (Command *self, GError **error)
{
  g_auto (GStrv) receivers = bolo_sync_config_get_receivers (self->config);

  self->store = bolo_store_new (self->cli->state, self->clock);
  bolo_store_set_receivers (self->store, (const char *const *) receivers);
  if (bolo_store_open (self->store, error))
    return TRUE;
  g_clear_object (&self->store);
  return FALSE;
}

static gboolean
open_parts (Command *self, GError **error)
{
  g_autofree char *plate = bolo_paths_get_data_file ("plate");

  self->config = bolo_sync_config_load_state (self->cli->state, error);
  if (self->config == NULL || !check_remote (self, error) ||
      !bolo_paths_ensure_state (self->cli->state, error))
    return FALSE;
  self->rules = bolo_plate_rules_load (plate, error);
  if (self->rules == NULL ||
      !bolo_sync_queues_prepare (self->cli->state, self->config, self->clock, error) ||
      !open_store (self, error))
    return FALSE;
  self->hotlist = bolo_hotlist_new (self->cli->state, self->rules, self->clock);
  return bolo_hotlist_load (self->hotlist, NULL, error);
}

static void
on_ended (BoloSync *sync, Command *self)
{
  g_main_loop_quit (self->loop);
}

static void
run (Command *self)
{
  const BoloSyncParts parts = {
    .config = self->config,
    .only = self->remote,
    .state_dir = self->cli->state,
    .store = self->store,
    .hotlist = self->hotlist,
    .clock = self->clock,
    .end = self->waits ? BOLO_RUN_UNTIL_DONE : BOLO_RUN_ONCE,
  };
  guint timer;

  self->loop = g_main_loop_new (NULL, FALSE);
  /* Batches go from thread to thread: with a heap each, what one has freed lies idle for the
   * others, 8 MB in all. */
  mallopt (M_ARENA_MAX, 3);
  bolo_sync_trust_only (self->config);
  self->sync = bolo_sync_new (&parts);
  g_signal_connect (self->sync, "ended", G_CALLBACK (on_ended), self);
  timer = g_timeout_add (TELL_MS, on_tell, self);
  bolo_sync_start (self->sync);
  g_main_loop_run (self->loop);
  g_source_remove (timer);
  bolo_cli_progress (self->cli, NULL);
}

static int
exchange (Command *self)
{
  const BoloCliStick stick = {
    .cli = self->cli,
    .config = self->config,
    .only = self->remote,
    .store = self->store,
    .hotlist = self->hotlist,
    .clock = self->clock,
  };

  return bolo_cli_stick_exchange (&stick, self->usb);
}

int
bolo_cli_sync (BoloCli *cli, int argc, char **argv)
{
  g_auto (Command) self = {.cli = cli};
  g_autofree char *failure = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    {"remote", 0, 0, G_OPTION_ARG_STRING, &self.remote, "Only with this remote of sync.conf",
     "NAME"},
    {"wait", 0, 0, G_OPTION_ARG_NONE, &self.waits,
     "Go on until everything is sent, pictures too, and a receipt is there", NULL},
    {"usb", 0, 0, G_OPTION_ARG_FILENAME, &self.usb,
     "Take what is on this stick for the car, and write what waits onto it", "DIR"},
    G_OPTION_ENTRY_NULL,
  };

  if (!bolo_cli_parse (cli, &argc, &argv, entries, NULL,
                       "Sends what waits for the back office and fetches lists, now."))
    return BOLO_CLI_USAGE;
  if (argc != 1)
    return bolo_cli_misuse (cli, "sync takes no arguments but options");
  if (self.usb != NULL && self.waits)
    return bolo_cli_misuse (cli, "a stick is not waited for: say --wait or --usb");
  self.clock = bolo_clock_new_system ();
  if (!open_parts (&self, &error))
    return bolo_cli_fail (cli, error);
  if (self.usb != NULL)
    return exchange (&self);
  run (&self);
  print_end (&self);
  if (bolo_sync_is_done (self.sync, &failure))
    return BOLO_CLI_DONE;
  g_set_error (&error, BOLO_ERROR, BOLO_ERROR_OFFLINE, "%s",
               failure != NULL ? failure : "not everything could be sent");
  return bolo_cli_fail (cli, error);
}
