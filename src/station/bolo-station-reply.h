/* bolo-station-reply.h: answers of the station, honest or as a fault wants them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libsoup/soup.h>

#include "bolo-station-faults.h"

G_BEGIN_DECLS

/* All functions: main thread, in a message's handler or while it is paused by pause. */

/* The answer comes later: by one of the functions below. */
void bolo_station_reply_pause (SoupServerMessage *message);
/* 200, with @text (transfer full). */
void bolo_station_reply_text (SoupServerMessage *message,
                              BoloStationFaults *faults,
                              const char *type,
                              char *text);
/* Throws the dice for what can go wrong with an answer of @bytes: TRUE where it did. */
gboolean bolo_station_reply_misbehaves (SoupServerMessage *message,
                                        BoloStationFaults *faults,
                                        GBytes *bytes);
/* 200, with HTML (transfer full); no fault strikes it. */
void bolo_station_reply_page (SoupServerMessage *message, char *html);
/* {"error":…,"retry":…,"after_s":N}; @after_s 0: left out. */
void bolo_station_reply_error (
  SoupServerMessage *message, guint status, const char *sentence, gboolean retry, guint after_s);
/* Throws the dice for "error": TRUE where it struck and has answered 500. */
gboolean bolo_station_reply_strikes (SoupServerMessage *message, BoloStationFaults *faults);

G_END_DECLS
