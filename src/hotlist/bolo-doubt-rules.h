/* bolo-doubt-rules.h: where an entry and what was seen do not agree
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-hit.h"

G_BEGIN_DECLS

/* Sets @match's doubts: region, colour and type, where entry and sighting both know them and
 * differ. They are questions to the officer; nothing is dropped for them. Pure, any thread. */
void
bolo_doubt_rules_find (const BoloListEntry *entry, const BoloSighting *sighting, BoloMatch *match);

G_END_DECLS
