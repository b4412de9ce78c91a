/* bolo-fake-desk.h: a scripted desk, so that the shell's pages can be tested without an engine
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-clock.h"
#include "bolo-desk.h"

G_BEGIN_DECLS

/* BoloFakeDesk: does what it is asked in memory, at once, and remembers it. Main. */
#define BOLO_TYPE_FAKE_DESK (bolo_fake_desk_get_type ())
G_DECLARE_FINAL_TYPE (BoloFakeDesk, bolo_fake_desk, BOLO, FAKE_DESK, GObject)

BoloFakeDesk *bolo_fake_desk_new (BoloClock *clock);
/* A list of 12,000 entries, @age_h old. */
void bolo_fake_desk_add_list (BoloFakeDesk *self, const char *title, BoloTrust trust, int age_h);
void bolo_fake_desk_add_watch (BoloFakeDesk *self, const char *mark, const char *reason);
void bolo_fake_desk_add_silence (BoloFakeDesk *self, const char *plate, const char *reason);
/* What a search or a new watch entry finds from now on. */
void bolo_fake_desk_add_seen (BoloFakeDesk *self, const char *mark);
/* The next ask is refused with this sentence. */
void bolo_fake_desk_refuse (BoloFakeDesk *self, const char *sentence);
/* "search AB12CDE crime CR1", one text an ask. (transfer none) */
GPtrArray *bolo_fake_desk_get_asked (BoloFakeDesk *self);

G_END_DECLS
