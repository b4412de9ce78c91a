/* bolo-id.h: record ids; random in service, a fixed sequence in lock-step replay
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloIdSource: makes UUID texts (36 characters). With a seed the n-th id of a kind is always the
 * same, so that a recording replays byte for byte. Thread-safe. */
typedef struct _BoloIdSource BoloIdSource;

BoloIdSource *bolo_id_source_new (const char *seed);
BoloIdSource *bolo_id_source_ref (BoloIdSource *self);
void bolo_id_source_unref (BoloIdSource *self);
/* (transfer full). @kind: "sighting", "hit", …; counted apart. */
char *bolo_id_source_next (BoloIdSource *self, const char *kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloIdSource, bolo_id_source_unref)

G_END_DECLS
