/* bolo-station-serve.c: bolo-station serve: puts the parts together and runs them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station"

#include "bolo-station-main.h"

#include "bolo-error.h"
#include "bolo-paths.h"
#include "bolo-station-keys.h"
#include "bolo-station-server.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <malloc.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#define PORT_DEFAULT 8443
#define KEPT_BYTES (64 * 1024 * 1024)
#define DAYS_OF_DEVELOPMENT 30
/* As the national back office keeps reads. */
#define KEEP_MONTHS 12
#define KEEP_MONTHS_MAX 1200

typedef struct {
  char *state;
  char *lists;
  char *configuration;
  char *certificates;
  char *address;
  char *name;
  char *postgres;
  char **faults;
  int port;
  int page_port;
  int seed;
  int keep_months;
  gboolean is_development;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->state);
  g_free (options->lists);
  g_free (options->configuration);
  g_free (options->certificates);
  g_free (options->address);
  g_free (options->name);
  g_free (options->postgres);
  g_strfreev (options->faults);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What runs. */
typedef struct {
  BoloStationPlace place;
  BoloStationParts parts;
  BoloStationServer *server; /* (owned) */
  GMainLoop *loop;           /* (owned) */
  char *database;            /* (owned) */
  int lock;
} Run;

static void
run_clear (Run *run)
{
  if (run->server != NULL)
    bolo_station_server_stop (run->server);
  if (run->parts.intake != NULL)
    bolo_station_intake_close (run->parts.intake);
  if (run->parts.offers != NULL)
    bolo_station_offers_stop (run->parts.offers);
  g_clear_object (&run->server);
  g_clear_object (&run->parts.intake);
  g_clear_object (&run->parts.offers);
  g_clear_object (&run->parts.clock);
  g_clear_pointer (&run->parts.faults, bolo_station_faults_free);
  g_clear_pointer (&run->loop, g_main_loop_unref);
  g_free (run->database);
  if (run->lock >= 0)
    close (run->lock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* One station a folder. */
static gboolean
lock_state (Run *run, const char *state, GError **error)
{
  g_autofree char *path = g_build_filename (state, "station.lock", NULL);

  run->lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (run->lock >= 0 && flock (run->lock, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_BUSY, "another bolo-station works in %s", state);
  return FALSE;
}

static gboolean
ensure_keys (Options *options, GError **error)
{
  char *const hosts[] = {(char *) "localhost", (char *) "127.0.0.1", (char *) "::1",
                         options->address, NULL};
  char *const cars[] = {(char *) "car1", NULL};

  if (options->certificates == NULL)
    options->certificates = g_build_filename (options->state, "certificates", NULL);
  return !options->is_development ||
         bolo_station_keys_make (options->certificates, cars, hosts, DAYS_OF_DEVELOPMENT, error);
}

static gboolean
prepare (Run *run, Options *options, GError **error)
{
  BoloListKey *key;

  if (!bolo_paths_ensure_state (options->state, error) ||
      !lock_state (run, options->state, error) || !ensure_keys (options, error))
    return FALSE;
  run->parts.name = options->name != NULL ? options->name : "Bolo station";
  run->parts.certificates = options->certificates;
  run->parts.clock = bolo_clock_new_system ();
  run->parts.faults =
    bolo_station_faults_new ((const char *const *) options->faults, (guint32) options->seed, error);
  key = run->parts.faults != NULL ? bolo_station_keys_load (options->certificates, error) : NULL;
  if (key == NULL)
    return FALSE;
  run->parts.offers =
    bolo_station_offers_new (options->state, options->lists, options->configuration,
                             run->parts.name, key, run->parts.clock, error);
  if (run->parts.offers == NULL)
    return FALSE;
  run->database = g_build_filename (options->state, "station.db", NULL);
  run->place.path = run->database;
  run->place.postgres = options->postgres;
  run->parts.intake =
    bolo_station_intake_new (&run->place, run->parts.clock, run->parts.faults, error);
  if (run->parts.intake == NULL)
    return FALSE;
  bolo_station_intake_keep (run->parts.intake, (guint) options->keep_months);
  run->server = bolo_station_server_new (&run->parts, error);
  return run->server != NULL;
}

static gboolean
start_listening (Run *run, const Options *options, GError **error)
{
  guint port = (guint) options->port;
  guint page_port = (guint) options->page_port;
  const char *address = options->address;

  if (address == NULL && options->is_development)
    address = "127.0.0.1";
  if (!bolo_station_server_listen (run->server, address, &port, error))
    return FALSE;
  printf ("listening on https://%s:%u\n", address != NULL ? address : "0.0.0.0", port);
  if (options->is_development) {
    if (!bolo_station_server_listen_page (run->server, &page_port, error))
      return FALSE;
    printf ("web page on http://127.0.0.1:%u\n", page_port);
  }
  fflush (stdout);
  if (bolo_station_faults_are_any (run->parts.faults))
    g_message ("Faults are on: this station is for tests");
  return TRUE;
}

static gboolean
on_signal (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static int
run_until_signal (Options *options)
{
  g_auto (Run) run = {.lock = -1};
  g_autoptr (GError) error = NULL;
  guint terminate;
  guint interrupt;

  /* Batches come and go by the megabyte: without this each would be given back to the kernel and
   * asked for anew, an eighth of the processor's time. */
  mallopt (M_TRIM_THRESHOLD, KEPT_BYTES);
  if (!prepare (&run, options, &error) || !start_listening (&run, options, &error))
    return bolo_station_fail ("serve", error);
  run.loop = g_main_loop_new (NULL, FALSE);
  terminate = g_unix_signal_add (SIGTERM, on_signal, run.loop);
  interrupt = g_unix_signal_add (SIGINT, on_signal, run.loop);
  g_main_loop_run (run.loop);
  g_source_remove (terminate);
  g_source_remove (interrupt);
  return BOLO_STATION_DONE;
}

int
bolo_station_serve (int argc, char **argv)
{
  g_auto (Options) options = {.port = PORT_DEFAULT, .keep_months = KEEP_MONTHS};
  const GOptionEntry entries[] = {
    {"state", 0, 0, G_OPTION_ARG_FILENAME, &options.state, "Where all is kept", "DIR"},
    {"lists", 0, 0, G_OPTION_ARG_FILENAME, &options.lists, "Lists to serve, each with its .sig",
     "DIR"},
    {"configuration", 0, 0, G_OPTION_ARG_FILENAME, &options.configuration,
     ".conf files and policy.ini to push to the cars", "DIR"},
    {"certificates", 0, 0, G_OPTION_ARG_FILENAME, &options.certificates,
     "Certificates and keys (DIR of --state/certificates)", "DIR"},
    {"port", 0, 0, G_OPTION_ARG_INT, &options.port, "For cars (8443); 0: any", "N"},
    {"address", 0, 0, G_OPTION_ARG_STRING, &options.address, "To listen on (all)", "ADDRESS"},
    {"name", 0, 0, G_OPTION_ARG_STRING, &options.name, "The station's name", "TEXT"},
    {"postgres", 0, 0, G_OPTION_ARG_STRING, &options.postgres,
     "Keep records in this PostgreSQL database", "CONNECTION"},
    {"keep-months", 0, 0, G_OPTION_ARG_INT, &options.keep_months,
     "Purge what was received longer ago (12); 0: keep everything", "N"},
    {"development", 0, 0, G_OPTION_ARG_NONE, &options.is_development,
     "Make certificates, listen on loopback, show the web page in clear there", NULL},
    {"page-port", 0, 0, G_OPTION_ARG_INT, &options.page_port,
     "With --development: of the web page (any)", "N"},
    {"fault", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.faults,
     "Misbehave; may stand more than once", "KIND[:RATE]"},
    {"fault-seed", 0, 0, G_OPTION_ARG_INT, &options.seed, "Other dice for --fault", "N"},
    G_OPTION_ENTRY_NULL,
  };

  if (!bolo_station_parse (&argc, &argv, entries, NULL,
                           "Receives what cars send and serves them their lists, until it gets "
                           "SIGTERM."))
    return BOLO_STATION_USAGE;
  if (argc != 1 || options.state == NULL)
    return bolo_station_misuse ("serve", "name --state, and nothing but options");
  if (options.port < 0 || options.port > 65535 || options.page_port < 0 ||
      options.page_port > 65535)
    return bolo_station_misuse ("serve", "a port is a number from 0 to 65535");
  if (options.keep_months < 0 || options.keep_months > KEEP_MONTHS_MAX)
    return bolo_station_misuse ("serve", "--keep-months is a number from 0 to 1200");
  return run_until_signal (&options);
}
