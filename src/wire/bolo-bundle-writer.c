/* bolo-bundle-writer.c: writes a signed, encrypted bundle
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-bundle"

#include "bolo-bundle-private.h"

#include "bolo-error.h"

#include <string.h>

struct _BoloBundleWriter {
  BoloBundleSink sink;
  gpointer data;
  guint8 secret_key[BOLO_LIST_KEY_SECRET_BYTES]; /* wiped at the end */
  crypto_sign_ed25519ph_state signing;
  crypto_secretstream_xchacha20poly1305_state stream;
  guint8 waiting[BOLO_BUNDLE_CHUNK_BYTES];
  gsize n_waiting;
};

/* Everything that goes out is signed. */
static gboolean
put (BoloBundleWriter *self, const void *bytes, gsize length, GError **error)
{
  crypto_sign_ed25519ph_update (&self->signing, bytes, length);
  return self->sink (bytes, length, self->data, error);
}

static gboolean
put_length (BoloBundleWriter *self, gsize length, GError **error)
{
  guint32 little = GUINT32_TO_LE ((guint32) length);

  return put (self, &little, sizeof little, error);
}

static gboolean
put_chunk (BoloBundleWriter *self, gboolean is_last, GError **error)
{
  guint8 sealed[BUNDLE_CHUNK_MAX];
  gsize length = self->n_waiting + BUNDLE_OVERHEAD;

  crypto_secretstream_xchacha20poly1305_push (
    &self->stream, sealed, NULL, self->waiting, self->n_waiting, NULL, 0,
    is_last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
            : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
  self->n_waiting = 0;
  return put_length (self, length, error) && put (self, sealed, length, error);
}

/* The stream's key, sealed so that the receiver alone can open it. */
static gboolean
put_key (BoloBundleWriter *self, const BoloListKey *receiver, GError **error)
{
  guint8 key[BUNDLE_STREAM_KEY];
  guint8 public_key[crypto_box_PUBLICKEYBYTES];
  guint8 sealed[BUNDLE_SEALED];
  guint8 header[BUNDLE_STREAM_HEADER];
  gboolean is_done = FALSE;

  crypto_secretstream_xchacha20poly1305_keygen (key);
  crypto_secretstream_xchacha20poly1305_init_push (&self->stream, header, key);
  if (crypto_sign_ed25519_pk_to_curve25519 (public_key, receiver->public_key) != 0 ||
      crypto_box_seal (sealed, key, sizeof key, public_key) != 0)
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "nothing can be encrypted for the key %s; ask its owner for a new one",
                 receiver->name);
  else
    is_done = put (self, sealed, sizeof sealed, error) && put (self, header, sizeof header, error);
  sodium_memzero (key, sizeof key);
  return is_done;
}

BoloBundleWriter *
bolo_bundle_writer_new (BoloBundleHead *head,
                        const BoloListKey *signer,
                        const BoloListKey *receiver,
                        BoloBundleSink sink,
                        gpointer data,
                        GError **error)
{
  g_autoptr (BoloBundleWriter) self = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (head != NULL && receiver != NULL && sink != NULL, NULL);
  g_return_val_if_fail (signer != NULL && signer->has_secret, NULL);

  g_free (head->key);
  head->key = g_strdup (signer->name);
  text = bolo_bundle_head_to_text (head);
  if (text == NULL || sodium_init () < 0) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                         "a bundle cannot be made without a number and the names of both sides");
    return NULL;
  }
  self = g_new0 (BoloBundleWriter, 1);
  self->sink = sink;
  self->data = data;
  memcpy (self->secret_key, signer->secret_key, sizeof self->secret_key);
  crypto_sign_ed25519ph_init (&self->signing);
  if (!put (self, text, strlen (text), error) || !put_key (self, receiver, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
bolo_bundle_writer_free (BoloBundleWriter *self)
{
  g_return_if_fail (self != NULL);

  sodium_memzero (self, sizeof *self);
  g_free (self);
}

gboolean
bolo_bundle_writer_add (BoloBundleWriter *self, const void *bytes, gsize length, GError **error)
{
  const guint8 *at = bytes;

  g_return_val_if_fail (self != NULL && (bytes != NULL || length == 0), FALSE);

  while (length > 0) {
    gsize n = MIN (length, sizeof self->waiting - self->n_waiting);

    memcpy (self->waiting + self->n_waiting, at, n);
    self->n_waiting += n;
    at += n;
    length -= n;
    if (self->n_waiting == sizeof self->waiting && !put_chunk (self, FALSE, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
bolo_bundle_writer_finish (BoloBundleWriter *self, GError **error)
{
  guint8 signature[BUNDLE_SIGNATURE];

  g_return_val_if_fail (self != NULL, FALSE);

  if (!put_chunk (self, TRUE, error) || !put_length (self, 0, error))
    return FALSE;
  crypto_sign_ed25519ph_final_create (&self->signing, signature, NULL, self->secret_key);
  return self->sink (signature, sizeof signature, self->data, error);
}
