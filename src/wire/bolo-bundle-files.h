/* bolo-bundle-files.h: files, one after the other, as a bundle to a car holds them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-bundle.h"

G_BEGIN_DECLS

#define BOLO_BUNDLE_FILE_NAME_MAX 128
#define BOLO_BUNDLE_FILES_MAX 1000
/* Files that every such bundle may have; all others are the manifest's. */
#define BOLO_BUNDLE_MANIFEST "manifest"         /* an envelope, as GET /v1/lists answers */
#define BOLO_BUNDLE_ACKNOWLEDGED "acknowledged" /* lines TOPIC ID STATE: what the station keeps */
#define BOLO_BUNDLE_RECEIPT "receipt"           /* an envelope: the station's word for those */

/* A file's head, "file NAME BYTES" and a line feed: so many bytes follow. (transfer full)
 * (nullable): NULL for a bad name. */
char *bolo_bundle_files_make_head (const char *name, guint64 bytes);
/* Letters, digits, '-', '_', '.', no '.' in front. Any thread. */
gboolean bolo_bundle_file_name_is_good (const char *name);

/* BoloBundleFiles: takes such a sequence apart. One thread at a time. */
typedef struct _BoloBundleFiles BoloBundleFiles;

/* What comes of it; FALSE ends it. @bytes: of the file, said before its first byte. */
typedef struct {
  gboolean (*begin) (const char *name, guint64 bytes, gpointer data, GError **error);
  gboolean (*add) (const guint8 *bytes, gsize length, gpointer data, GError **error);
  gboolean (*end) (gpointer data, GError **error);
} BoloBundleFilesTaker;

BoloBundleFiles *bolo_bundle_files_new (const BoloBundleFilesTaker *taker, gpointer data);
void bolo_bundle_files_free (BoloBundleFiles *self);
/* INVALID_DATA: no such sequence; too many, or a name twice; or the taker's error. */
gboolean
bolo_bundle_files_push (BoloBundleFiles *self, const guint8 *bytes, gsize length, GError **error);
/* INVALID_DATA where the last file is cut off. */
gboolean bolo_bundle_files_finish (BoloBundleFiles *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloBundleFiles, bolo_bundle_files_free)

G_END_DECLS
