/* bolo-cli.h: the command line's common ground: options, output, failing with one sentence
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

#define BOLO_CLI_DONE 0
#define BOLO_CLI_FAILED 1
#define BOLO_CLI_USAGE 2

/* BoloCli: what all commands share. Main thread. */
typedef struct {
  const char *command; /* "hotlist" */
  gboolean is_json;    /* --json */
  char *state;         /* --state, else $XDG_DATA_HOME/bolo; never NULL after parse */
  char *config;        /* (nullable) --config */
} BoloCli;

/* A command's main: @argv[0] is its name. Returns the exit code. */
typedef int (*BoloCliMain) (BoloCli *cli, int argc, char **argv);

/* Parses the common options and @entries (nullable); what is left stays in argv, argv[0] first.
 * @parameters: "PATH…"; @summary: one sentence. FALSE: wrong usage, told already: return
 * BOLO_CLI_USAGE. --help prints and exits. */
gboolean bolo_cli_parse (BoloCli *cli,
                         int *argc,
                         char ***argv,
                         const GOptionEntry *entries,
                         const char *parameters,
                         const char *summary);
/* Prints "boloctl COMMAND: SENTENCE" to standard error; returns BOLO_CLI_FAILED. */
int bolo_cli_fail (BoloCli *cli, const GError *error);
/* As fail, for wrong usage; returns BOLO_CLI_USAGE. */
int bolo_cli_misuse (BoloCli *cli, const char *sentence);
/* One line of progress on a terminal, nothing in a pipe; @text NULL ends it. */
void bolo_cli_progress (BoloCli *cli, const char *text);

/* The whole program. */
int bolo_cli_main (int argc, char **argv);

/* The commands, one file each. */
int bolo_cli_bench (BoloCli *cli, int argc, char **argv);
int bolo_cli_bench_match (BoloCli *cli, int argc, char **argv);
int bolo_cli_bench_nets (BoloCli *cli, int argc, char **argv);
int bolo_cli_bench_patrol (BoloCli *cli, int argc, char **argv);
int bolo_cli_bench_read (BoloCli *cli, int argc, char **argv);
int bolo_cli_bench_store (BoloCli *cli, int argc, char **argv);
int bolo_cli_bench_sync (BoloCli *cli, int argc, char **argv);
int bolo_cli_doctor (BoloCli *cli, int argc, char **argv);
int bolo_cli_hotlist (BoloCli *cli, int argc, char **argv);
int bolo_cli_patrol (BoloCli *cli, int argc, char **argv);
int bolo_cli_read (BoloCli *cli, int argc, char **argv);
int bolo_cli_retention (BoloCli *cli, int argc, char **argv);
int bolo_cli_search (BoloCli *cli, int argc, char **argv);
int bolo_cli_sync (BoloCli *cli, int argc, char **argv);
/* The sub-commands of hotlist that add to the lists in the car; @argv[0] is one that it knows. */
int bolo_cli_watch (BoloCli *cli, int argc, char **argv);
gboolean bolo_cli_watch_knows (const char *name);

G_END_DECLS
