/* bolo-entry-codec.h: a list entry as bytes in a rows file, and back
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-entry.h"

G_BEGIN_DECLS

#define BOLO_ENTRY_BYTES_MAX (256 * 1024) /* of one entry; a row of a list is far below */

/* All functions are pure. docs/file-formats.md has the bytes. What belongs to the list and not to
 * its entry (list, list_kind, entry_id, list_*) and plate_folded are not written. */

/* Appends @entry, the @row-th of its list, to @bytes. FALSE when it is larger than
 * BOLO_ENTRY_BYTES_MAX: @bytes is then as it was. */
gboolean bolo_entry_encode (const BoloListEntry *entry, guint64 row, GByteArray *bytes);
/* (transfer full) (nullable): NULL for bytes that bolo_entry_encode does not write. Fields of a
 * later version are passed over. @row (out) (nullable). */
BoloListEntry *bolo_entry_decode (const guint8 *bytes, gsize length, guint64 *row);

G_END_DECLS
