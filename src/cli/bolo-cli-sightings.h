/* bolo-cli-sightings.h: own sightings that were looked for, on the command line
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-cli.h"
#include "bolo-plate-rules.h"

G_BEGIN_DECLS

/* A line each; @mark: normalised, what was looked for; @sightings: of BoloSighting. */
void bolo_cli_print_sightings (BoloCli *cli,
                               BoloPlateRules *rules,
                               const char *mark,
                               GPtrArray *sightings);

G_END_DECLS
