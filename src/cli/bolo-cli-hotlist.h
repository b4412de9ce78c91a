/* bolo-cli-hotlist.h: what the sub-commands of boloctl hotlist share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-cli.h"
#include "bolo-hotlist.h"
#include "bolo-json-writer.h"

G_BEGIN_DECLS

/* The options of all sub-commands; NULL or FALSE where not given. */
typedef struct {
  char *name;
  char *kind;
  char *format;
  char *map;
  char *signature;
  char *unsigned_by;
  gboolean is_delta;
  char *key;
  char *revision;
  gint64 number;
  gint64 base;
  char *out;
} BoloCliHotlistOptions;

typedef struct {
  BoloCli *cli;
  BoloPlateRules *rules;
  BoloClock *clock;
  BoloHotlist *hotlist;
  BoloCliHotlistOptions options;
} BoloCliHotlist;

/* @argv[0] is the sub-command's name. */
int bolo_cli_hotlist_import (BoloCliHotlist *self, int argc, char **argv);
int bolo_cli_hotlist_keygen (BoloCliHotlist *self, int argc, char **argv);
int bolo_cli_hotlist_sign (BoloCliHotlist *self, int argc, char **argv);
int bolo_cli_hotlist_trust (BoloCliHotlist *self, int argc, char **argv);
/* Prints a line of JSON; @writer (transfer full). */
void bolo_cli_hotlist_print (BoloJsonWriter *writer);
/* The name without folder and ending, "stolen" of "/x/stolen.csv". (transfer full) */
char *bolo_cli_hotlist_make_name (const char *path);

G_END_DECLS
