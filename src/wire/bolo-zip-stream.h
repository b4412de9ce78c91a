/* bolo-zip-stream.h: one member of a ZIP as a stream
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <zip.h>

G_BEGIN_DECLS

/* BoloZipStream: fails with INVALID_DATA when the member is damaged, or longer or shorter than the
 * ZIP says. @zip must outlive it. One thread. */
#define BOLO_TYPE_ZIP_STREAM (bolo_zip_stream_get_type ())
G_DECLARE_FINAL_TYPE (BoloZipStream, bolo_zip_stream, BOLO, ZIP_STREAM, GInputStream)

GInputStream *bolo_zip_stream_new (zip_t *zip, zip_uint64_t index, guint64 size, GError **error);

G_END_DECLS
