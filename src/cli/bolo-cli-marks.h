/* bolo-cli-marks.h: makes up lists and reads with realistic marks, from a seed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-entry.h"
#include "bolo-reading.h"

G_BEGIN_DECLS

/* Of a hundred marks made up: 70 current (AB12CDE; two of three of the years 2001 to 2025), 15
 * prefix (A123BCD), 4 suffix (ABC123D), 5 dateless (1 to 3 letters, 1 to 4 digits, either first), 3
 * Northern Irish (AIZ1234), 1 diplomatic (123D456), 2 of 5 to 8 letters and digits as they come.
 * The n-th of a seed is the same everywhere, whatever was made before it. Pure; any thread. */
void bolo_cli_make_mark (guint64 seed, guint64 nth, char mark[BOLO_MARK_MAX + 1]);
/* Makes @entry the @nth of a list: its texts are constants (free none of them), but for
 * @entry->plate, which is @plate. About 60 bytes of text an entry. Every 50th is covert, two of
 * three have a weed date. */
void bolo_cli_fill_entry (guint64 seed,
                          guint64 nth,
                          char plate[BOLO_MARK_MAX + 1],
                          BoloListEntry *entry);
/* Characters as the reader gives them of @mark: sure of most, each with three alternatives. */
void bolo_cli_make_characters (guint64 seed,
                               guint64 nth,
                               const char *mark,
                               BoloReadCharacter characters[BOLO_MARK_MAX]);
/* A pattern of a current mark with two of its characters unknown, or its end. */
void bolo_cli_make_pattern (guint64 seed, guint64 nth, char pattern[BOLO_MARK_MAX + 1]);

G_END_DECLS
