/* bolo-cli-read.h: what the reading of pictures and of clips share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-cli.h"
#include "bolo-json-writer.h"
#include "bolo-plate-rules.h"

G_BEGIN_DECLS

/* Adds "corners":[[x,y]x4] to the open object. */
void bolo_cli_read_add_corners (BoloJsonWriter *writer, const float corners[4][2]);
/* Prints the object as one line and frees the writer. */
void bolo_cli_read_print (BoloJsonWriter *writer);

/* Reads a clip in lock-step and prints a line a sighting and a last one. FALSE with one sentence
 * when the clip could not be read to its end; what was read is printed then too. */
gboolean bolo_cli_read_clip (
  BoloCli *cli, const char *path, const char *models, BoloPlateRules *rules, GError **error);

G_END_DECLS
