/* bolo-list-manifest.h: names the files of a list's current revision; renaming it is the swap
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloListManifest: plain data, owned. LISTS/NAME/manifest.ini names LISTS/NAME/REVISION/. */
typedef struct {
  char *name;
  char *kind;
  char *revision;
  char *checksum; /* SHA-256 of rows.csv */
  gboolean has_map;
  gint64 loaded_us;
  gint64 dated_us;
} BoloListManifest;

void bolo_list_manifest_free (BoloListManifest *self);
/* Reads LISTS/@name/manifest.ini; waits for the disk. */
BoloListManifest *bolo_list_manifest_load (const char *lists, const char *name, GError **error);
/* Replaces it, durable. */
gboolean bolo_list_manifest_save (const BoloListManifest *self, const char *lists, GError **error);
/* Names of lists, kinds and revisions: 1 to 64 of a-z A-Z 0-9 - _ , no '-' in front. */
gboolean bolo_list_name_is_good (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListManifest, bolo_list_manifest_free)

G_END_DECLS
