/* bolo-cli-bench.c: boloctl bench: the project's own measurements
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli.h"

#include <string.h>

typedef struct {
  const char *name;
  BoloCliMain main;
} Bench;

static const Bench benches[] = {
  {"match", bolo_cli_bench_match},   {"nets", bolo_cli_bench_nets},
  {"patrol", bolo_cli_bench_patrol}, {"read", bolo_cli_bench_read},
  {"store", bolo_cli_bench_store},   {"sync", bolo_cli_bench_sync},
};

int
bolo_cli_bench (BoloCli *cli, int argc, char **argv)
{
  if (argc > 1) {
    for (gsize i = 0; i < G_N_ELEMENTS (benches); i++) {
      if (strcmp (argv[1], benches[i].name) == 0) {
        g_autofree char *command = g_strdup_printf ("bench %s", argv[1]);
        int code;

        cli->command = command;
        code = benches[i].main (cli, argc - 1, argv + 1);
        cli->command = "bench";
        return code;
      }
    }
    if (strcmp (argv[1], "--help") == 0) {
      printf ("Usage: boloctl bench match|nets|patrol|read|store|sync [OPTION…]\n\n"
              "Measures this machine with Bolo's own code; each has --help.\n");
      return BOLO_CLI_DONE;
    }
  }
  return bolo_cli_misuse (cli, "say what to measure: match, nets, patrol, read, store or sync");
}
