/* bolo-station-main.c: bolo-station's commands
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station"

#include "bolo-station-main.h"

#include "bolo-config.h"
#include "bolo-error.h"
#include "bolo-key-file.h"
#include "bolo-station-denied.h"
#include "bolo-station-keys.h"
#include "bolo-station-server.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#define DAYS_DEFAULT 365
#define DAYS_MAX 3650

gboolean
bolo_station_parse (
  int *argc, char ***argv, const GOptionEntry *entries, const char *parameters, const char *summary)
{
  g_autoptr (GOptionContext) context = NULL;
  g_autoptr (GError) error = NULL;
  const char *command = (*argv)[0];
  g_autofree char *program = g_strdup_printf ("bolo-station %s", command);

  g_set_prgname (program);
  context = g_option_context_new (parameters);
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, entries, NULL);
  if (g_option_context_parse (context, argc, argv, &error))
    return TRUE;
  fprintf (stderr, "%s: %s (see %s --help)\n", program, error->message, program);
  return FALSE;
}

int
bolo_station_fail (const char *command, const GError *error)
{
  fflush (stdout);
  fprintf (stderr, "bolo-station %s: %s\n", command, error->message);
  return BOLO_STATION_FAILED;
}

int
bolo_station_misuse (const char *command, const char *sentence)
{
  fprintf (stderr, "bolo-station %s: %s (see bolo-station %s --help)\n", command, sentence,
           command);
  return BOLO_STATION_USAGE;
}

static int
make_certificates (int argc, char **argv)
{
  g_auto (GStrv) hosts = NULL;
  char *const local[] = {(char *) "localhost", (char *) "127.0.0.1", (char *) "::1", NULL};
  int days = DAYS_DEFAULT;
  const GOptionEntry entries[] = {
    {"host", 0, 0, G_OPTION_ARG_STRING_ARRAY, &hosts,
     "A name or address of the station (localhost); may stand more than once", "NAME"},
    {"days", 0, 0, G_OPTION_ARG_INT, &days, "How long they are valid (365)", "N"},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;

  if (!bolo_station_parse (&argc, &argv, entries, "DIR [CAR…]",
                           "Makes certificates for development and tests in DIR, and the key that "
                           "signs manifests; what is there already stays."))
    return BOLO_STATION_USAGE;
  if (argc < 2 || days < 1 || days > DAYS_MAX)
    return bolo_station_misuse ("certificates", "name a folder, and 1 to 3650 days");
  if (!bolo_station_keys_make (argv[1], argv + 2, hosts != NULL ? hosts : local, (guint) days,
                               &error))
    return bolo_station_fail ("certificates", error);
  printf ("%s: give a car authority.pem, its own CAR.pem and CAR.key, and station.pub for its "
          "list-keys\n",
          argv[1]);
  return BOLO_STATION_DONE;
}

static int
change_denied (const char *state,
               const char *certificates,
               const char *path,
               const char *reason,
               gboolean is_denied,
               GError **error)
{
  g_autofree char *denied = g_build_filename (state, "denied.json", NULL);
  g_autofree char *folder =
    certificates != NULL ? g_strdup (certificates) : g_build_filename (state, "certificates", NULL);
  g_autoptr (BoloListKey) key = bolo_station_keys_load (folder, error);
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autofree char *hash = NULL;
  GError *local = NULL;

  if (key == NULL)
    return BOLO_STATION_FAILED;
  certificate = g_tls_certificate_new_from_file (path, &local);
  if (certificate == NULL) {
    bolo_error_take_foreign (error, local, "Cannot read the certificate");
    return BOLO_STATION_FAILED;
  }
  hash = bolo_station_keys_get_fingerprint (certificate);
  if (!bolo_station_denied_change (denied, key, hash, reason, is_denied, error))
    return BOLO_STATION_FAILED;
  printf ("%s %s\n", is_denied ? "denied" : "admitted", hash);
  return BOLO_STATION_DONE;
}

static int
deny (int argc, char **argv)
{
  g_autofree char *state = NULL;
  g_autofree char *certificates = NULL;
  g_autofree char *reason = NULL;
  gboolean is_admitted = FALSE;
  const GOptionEntry entries[] = {
    {"state", 0, 0, G_OPTION_ARG_FILENAME, &state, "The station's folder", "DIR"},
    {"certificates", 0, 0, G_OPTION_ARG_FILENAME, &certificates,
     "Where the signing key is (DIR/certificates)", "DIR"},
    {"reason", 0, 0, G_OPTION_ARG_STRING, &reason, "Why", "TEXT"},
    {"admit", 0, 0, G_OPTION_ARG_NONE, &is_admitted, "Take it off the list again", NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  int code;

  if (!bolo_station_parse (&argc, &argv, entries, "CERTIFICATE.pem",
                           "Puts a certificate on the signed list of those that are lost or "
                           "withdrawn; a running station heeds it within seconds."))
    return BOLO_STATION_USAGE;
  if (argc != 2 || state == NULL || (reason == NULL && !is_admitted))
    return bolo_station_misuse ("deny", "name --state, --reason and one certificate");
  code = change_denied (state, certificates, argv[1], reason != NULL ? reason : "", !is_admitted,
                        &error);
  return code == BOLO_STATION_DONE ? code : bolo_station_fail ("deny", error);
}

static int
print_paths (int argc, char **argv)
{
  const char *const *paths = bolo_station_server_get_paths ();

  for (guint i = 0; paths[i] != NULL; i++)
    printf ("%s\n", paths[i]);
  return BOLO_STATION_DONE;
}

typedef struct {
  const char *name;
  int (*main) (int argc, char **argv);
  const char *summary;
} Command;

static const Command commands[] = {
  {"serve", bolo_station_serve, "receives records and serves lists"},
  {"certificates", make_certificates, "makes certificates for development"},
  {"deny", deny, "refuses a lost car's certificate"},
  {"bench", bolo_station_bench, "measures how fast records are taken"},
  {"usb", bolo_station_usb, "bundles on a stick, in and out"},
  {"paths", print_paths, "prints what the server answers"},
};

static void
print_help (FILE *out)
{
  fprintf (out,
           "Usage: bolo-station COMMAND [OPTION…]\n\n"
           "Bolo's reference back office: takes what cars send, and gives them their lists.\n\n"
           "Commands:\n");
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (out, "  %-13s %s\n", commands[i].name, commands[i].summary);
  fprintf (out, "\nbolo-station COMMAND --help tells a command's options.\n"
                "bolo-station --version tells the version.\n");
}

int
bolo_station_main (int argc, char **argv)
{
  const char *names[G_N_ELEMENTS (commands) + 1] = {NULL};
  const char *nearest;

  setlocale (LC_ALL, "");
  bolo_station_server_harden ();
  if (argc < 2) {
    print_help (stderr);
    return BOLO_STATION_USAGE;
  }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0) {
    print_help (stdout);
    return BOLO_STATION_DONE;
  }
  if (strcmp (argv[1], "--version") == 0) {
    printf ("bolo-station %s\n", BOLO_VERSION);
    return BOLO_STATION_DONE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (strcmp (argv[1], commands[i].name) == 0)
      return commands[i].main (argc - 1, argv + 1);
    names[i] = commands[i].name;
  }
  nearest = bolo_nearest_word (argv[1], names);
  if (nearest != NULL)
    fprintf (stderr, "bolo-station: no command '%s'; did you mean '%s'?\n", argv[1], nearest);
  else
    fprintf (stderr, "bolo-station: no command '%s' (see bolo-station --help)\n", argv[1]);
  return BOLO_STATION_USAGE;
}
