/* bolo-bundle-private.h: how a bundle is laid out, for its writer and its reader
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-bundle.h"

#include <sodium.h>

G_BEGIN_DECLS

#define BUNDLE_TITLE "bolo-bundle 1"
#define BUNDLE_STREAM_HEADER crypto_secretstream_xchacha20poly1305_HEADERBYTES
#define BUNDLE_STREAM_KEY crypto_secretstream_xchacha20poly1305_KEYBYTES
#define BUNDLE_OVERHEAD crypto_secretstream_xchacha20poly1305_ABYTES
#define BUNDLE_SEALED (crypto_box_SEALBYTES + BUNDLE_STREAM_KEY)
/* A chunk is four bytes with its length, the lowest first, and so many bytes. A length of 0 is the
 * end of the chunks: the signature follows. */
#define BUNDLE_LENGTH 4
#define BUNDLE_CHUNK_MAX (BOLO_BUNDLE_CHUNK_BYTES + BUNDLE_OVERHEAD)
#define BUNDLE_SIGNATURE crypto_sign_ed25519_BYTES

/* The head's text, up to and with its empty line. (transfer full) (nullable): NULL where a value
 * cannot be written. */
char *bolo_bundle_head_to_text (const BoloBundleHead *head);
/* FALSE: it is none. */
gboolean bolo_bundle_head_parse (const char *text, BoloBundleHead *head);

G_END_DECLS
