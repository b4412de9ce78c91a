/* bolo-plate-mark.h: what can be a mark at all
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOLO_PLATE_LENGTH_MAX 12 /* characters of a normalised mark that any part of Bolo keeps */

/* TRUE for 1 to BOLO_PLATE_LENGTH_MAX characters of 0-9 and A-Z. Any thread. */
gboolean bolo_plate_is_mark (const char *normalised);

G_END_DECLS
