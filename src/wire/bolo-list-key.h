/* bolo-list-key.h: the Ed25519 keys that lists are signed with
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOLO_LIST_KEY_PUBLIC_BYTES 32
#define BOLO_LIST_KEY_SECRET_BYTES 64
#define BOLO_LIST_KEY_TEXT_MAX 4096

/* BoloListKey: a name and the public half, or both halves. Owned; the secret is wiped when freed.
 */
typedef struct {
  char *name;
  guint8 public_key[BOLO_LIST_KEY_PUBLIC_BYTES];
  gboolean has_secret;
  guint8 secret_key[BOLO_LIST_KEY_SECRET_BYTES];
} BoloListKey;

/* A new pair. @name: as a list's name. NULL with INVALID_DATA for a bad name. */
BoloListKey *bolo_list_key_generate (const char *name, GError **error);
/* Reads what to_text writes, either half. INVALID_DATA names @source. Any thread. */
BoloListKey *
bolo_list_key_parse (const char *text, gsize length, const char *source, GError **error);
void bolo_list_key_free (BoloListKey *self);
/* (transfer full): "bolo-list-public-key 1 …" or, with @is_secret, the secret half. */
char *bolo_list_key_to_text (const BoloListKey *self, gboolean is_secret);
/* Exactly @n bytes in Base64, written in the one way that we write it. Any thread. */
gboolean bolo_list_key_decode (const char *text, guint8 *bytes, gsize n);
/* Names of lists, kinds, keys: 1 to 64 of a-z A-Z 0-9 - _ , no '-' in front. */
gboolean bolo_list_key_name_is_good (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListKey, bolo_list_key_free)

G_END_DECLS
