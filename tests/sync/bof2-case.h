/* bof2-case.h: a transport before a BOF2 double, and items for it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bof2-double.h"
#include "bolo-bof2-transport.h"

G_BEGIN_DECLS

/* Bof2Case: a fixture. */
typedef struct {
  Bof2Double *office;
  BoloClock *clock;
  char *folder; /* of the transport */
  BoloTransport *transport;
} Bof2Case;

/* @data: text of a bof2.conf behind what the double needs (nullable). Connected. */
void bof2_case_set_up (Bof2Case *self, gconstpointer data);
void bof2_case_tear_down (Bof2Case *self, gconstpointer data);
/* As after a restart, with other settings. */
void bof2_case_reopen (Bof2Case *self, const char *settings);

/* Items; the sighting's mark is @text. (transfer full) */
BoloSighting *bof2_case_sighting (guint number, const char *text, BoloSightingState state);
BoloOutgoing *bof2_case_read (BoloSighting *sighting, gint64 state);
BoloOutgoing *bof2_case_hit (BoloSighting *sighting);
BoloOutgoing *bof2_case_picture (BoloSighting *sighting, gboolean is_overview);
GBytes *bof2_case_jpeg (int width, int height);
GPtrArray *bof2_case_items (void);
/* Sends; @is_whole: whether it must not break off. */
void bof2_case_send (Bof2Case *self, GPtrArray *items, gboolean is_whole);
void bof2_case_assert_result (GPtrArray *items, guint nth, BoloResult result);
/* (transfer full): of JsonObject: all reads that came as text, in their order. */
GPtrArray *bof2_case_get_reads (Bof2Case *self);
guint bof2_case_count_calls (Bof2Case *self, const char *operation);

G_END_DECLS
