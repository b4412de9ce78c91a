/* bolo-truth.h: what really passed in a recording
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  BOLO_WANTED_NONE,
  BOLO_WANTED_OVERT,
  BOLO_WANTED_COVERT,
  BOLO_WANTED_WEEDED,
  BOLO_WANTED_DECOY, /* one character from a wanted mark */
} BoloWanted;

/* BoloTruthPass: one vehicle before one camera. Media times are from the recording's start. */
typedef struct {
  char *vehicle;
  char *camera;
  char *plate;
  char *scene;     /* (nullable) "day", "dusk", "night" */
  char *list;      /* (nullable) */
  gint64 first_ms; /* first and last frame with the plate at least 60 px wide */
  gint64 last_ms;
  gint64 readable_ms; /* first frame that a reader can be asked to read */
  BoloWanted wanted;
} BoloTruthPass;

void bolo_truth_pass_free (BoloTruthPass *self);

/* Reads truth.jsonl. Of BoloTruthPass, in the file's order. A bad line is named by its number.
 * At most 64 MiB. (transfer full). Any thread. */
GPtrArray *bolo_truth_load (const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloTruthPass, bolo_truth_pass_free)

G_END_DECLS
