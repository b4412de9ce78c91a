/* bolo-list-manifest.h: names the files of a list's current revision; renaming it is the swap
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-entry.h"

G_BEGIN_DECLS

/* What saving leaves in LISTS/NAME/ where it is killed. */
#define BOLO_LIST_MANIFEST_UNFINISHED "manifest.ini.new"

/* BoloListManifest: plain data, owned. LISTS/NAME/manifest.ini names the folders of the layers,
 * LISTS/NAME/LAYER/. */
typedef struct {
  char *name;
  char *kind;
  char *revision; /* as its owner calls it, or of its bytes */
  char *source;   /* hash of all that the last import was made of */
  char *format;   /* how the last import was read */
  char **layers;  /* the base first */
  BoloTrust trust;
  char *signer;        /* who answers for it */
  guint64 number;      /* of the newest signed revision that was ever taken; 0: none */
  char *signed_sha256; /* (nullable): of that revision's file */
  guint64 n_rejected;  /* rows of the last import */
  gint64 loaded_us;
  gint64 dated_us;
} BoloListManifest;

void bolo_list_manifest_free (BoloListManifest *self);
/* Reads LISTS/@name/manifest.ini; waits for the disk. NOT_FOUND where there is none. */
BoloListManifest *bolo_list_manifest_load (const char *lists, const char *name, GError **error);
/* Replaces it, durable. */
gboolean bolo_list_manifest_save (const BoloListManifest *self, const char *lists, GError **error);
/* A list that is removed leaves behind which number of it was held, so that an older one cannot
 * come in afterwards. Keeps that of @self, durable; nothing where none was signed. */
gboolean
bolo_list_manifest_keep_number (const BoloListManifest *self, const char *lists, GError **error);
/* (nullable) (transfer full): what was held of @name before it was removed, as of a list that is
 * not signed: only its number and the hash of that count. */
BoloListManifest *bolo_list_manifest_recall (const char *lists, const char *name);
/* Names of lists and kinds: 1 to 64 of a-z A-Z 0-9 - _ , no '-' in front. */
gboolean bolo_list_name_is_good (const char *name);
/* 1 to 64 letters, digits and signs, without blanks. */
gboolean bolo_list_revision_is_good (const char *revision);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListManifest, bolo_list_manifest_free)

G_END_DECLS
