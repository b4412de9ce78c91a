/* bolo-station-main.h: bolo-station's commands
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOLO_STATION_DONE 0
#define BOLO_STATION_FAILED 1
#define BOLO_STATION_USAGE 2

/* The whole program. Main thread. */
int bolo_station_main (int argc, char **argv);

/* The commands that have a file of their own; @argv[0] is the command's name. */
int bolo_station_serve (int argc, char **argv);
int bolo_station_bench (int argc, char **argv);
int bolo_station_usb (int argc, char **argv);

/* What the commands share: parses @entries; FALSE: told already, return BOLO_STATION_USAGE. */
gboolean bolo_station_parse (int *argc,
                             char ***argv,
                             const GOptionEntry *entries,
                             const char *parameters,
                             const char *summary);
/* Prints "bolo-station COMMAND: SENTENCE"; returns BOLO_STATION_FAILED. */
int bolo_station_fail (const char *command, const GError *error);
int bolo_station_misuse (const char *command, const char *sentence);

G_END_DECLS
