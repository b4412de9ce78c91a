/* bolo-list-signs.h: whether a row looks as rows of a format do
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-entry.h"
#include "bolo-list-format.h"

G_BEGIN_DECLS

/* TRUE when @entry, of a row of @n_fields fields, has every sign that @format names. Any thread. */
gboolean
bolo_list_signs_fit (const BoloListFormat *format, const BoloListEntry *entry, guint n_fields);
/* TRUE when @format names signs besides the plate and @entry has none of them: no row, a title. */
gboolean bolo_list_signs_miss (const BoloListFormat *format, const BoloListEntry *entry);

G_END_DECLS
