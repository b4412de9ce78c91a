/* bolo-cli-read.h: what the reading of pictures and of clips share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-cli.h"
#include "bolo-plate-rules.h"

#include <json-glib/json-glib.h>

#include "bolo-reading.h"

G_BEGIN_DECLS

/* Adds "corners":[[x,y]x4] to the open object. */
void bolo_cli_read_add_corners (JsonBuilder *builder, const float corners[4][2]);
/* Adds "chars":[{"c":"A","p":0.99,"alt":[{"c":"4","p":0.01}]}]. */
void
bolo_cli_read_add_characters (JsonBuilder *builder, const BoloReadCharacter *characters, guint n);
/* A number with at most @digits after the point, so that files stay small. */
void bolo_cli_read_add_number (JsonBuilder *builder, const char *name, double value, guint digits);
/* Prints the finished object as one line. */
void bolo_cli_read_print (JsonBuilder *builder);

/* Reads a clip in lock-step and prints a line a sighting and a last one. FALSE with one sentence
 * when the clip could not be read to its end; what was read is printed then too. */
gboolean bolo_cli_read_clip (
  BoloCli *cli, const char *path, const char *models, BoloPlateRules *rules, GError **error);

G_END_DECLS
