/* bolo-media-file.h: a day's file of pictures: its tables, and what its pictures hash to
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-db.h"

G_BEGIN_DECLS

/* SQL over a row of picture: the id that it has in the outbox. */
#define BOLO_MEDIA_FILE_RECORD "sighting || CASE kind WHEN 1 THEN '/patch' ELSE '/overview' END"

/* The store's worker only. Errors as of BoloDb. */

/* (transfer full): brought to today's schema unless it is only to be read; @receivers (nullable) as
 * of bolo_outbox_set_receivers (). */
BoloDb *bolo_media_file_open (const char *path,
                              const char *vfs,
                              BoloDbFlags flags,
                              const char *const *receivers,
                              GError **error);

/* Writes down what a picture that was just added hashes to, in the transaction that added it. */
gboolean bolo_media_file_keep_sum (BoloDb *db, gint64 number, GBytes *picture, GError **error);
gboolean bolo_media_file_drop_sum (BoloDb *db, gint64 number, GError **error);
/* (transfer full): SHA-256 in hexadecimal of picture @number as it was when it was added: where the
 * disk has changed it since, who is sent both sees that. A picture of before version 3 has none:
 * that of @picture, which is what the file holds now. */
char *bolo_media_file_get_sum (BoloDb *db, gint64 number, GBytes *picture, GError **error);

G_END_DECLS
