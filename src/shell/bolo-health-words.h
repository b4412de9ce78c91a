/* bolo-health-words.h: the parts of the equipment as an icon and a word each
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include "bolo-health.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_STATUS_CAMERAS,
  BOLO_STATUS_GPS,
  BOLO_STATUS_CLOCK,
  BOLO_STATUS_LISTS,
  BOLO_STATUS_STORAGE,
  BOLO_STATUS_SOUND,
  BOLO_N_STATUSES,
} BoloStatusPart;

/* What the status line says of one part. */
typedef struct {
  const char *icon_name;
  char *words; /* (owned) */
  BoloHealthState state;
} BoloStatusWords;

/* From the newest state of everything (of BoloHealth) and how many cameras there are. Pure; clear
 * with bolo_status_words_clear. */
void bolo_health_words_get (GPtrArray *health,
                            guint n_cameras,
                            BoloStatusPart part,
                            BoloStatusWords *words);
void bolo_status_words_clear (BoloStatusWords *words);
/* Title of a part for the equipment page: "GPS", "Camera front". (transfer full) */
char *bolo_health_words_get_title (const BoloHealth *health);
const char *bolo_health_words_get_icon (const BoloHealth *health);
/* "Working", "Starting", "Limited", "Not working". (transfer none) */
const char *bolo_health_words_get_state (BoloHealthState state);
/* "ok", "starting", "degraded", "lost": CSS classes. (transfer none) */
const char *bolo_health_words_get_class (BoloHealthState state);

G_END_DECLS
