/* bolo-bundle-reader.c: reads a signed, encrypted bundle
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-bundle"

#include "bolo-bundle-private.h"

#include "bolo-error.h"

#include <string.h>

/* What comes next. */
typedef enum {
  PART_HEAD,
  PART_KEY,    /* the sealed key and the stream's header */
  PART_LENGTH, /* of a chunk */
  PART_CHUNK,
  PART_SIGNATURE,
  PART_END,
} Part;

struct _BoloBundleReader {
  const BoloListKey *receiver;
  BoloBundleFindKey find;
  BoloBundleSink sink;
  gpointer data;
  Part part;
  BoloBundleHead head;
  const BoloListKey *signer;
  crypto_sign_ed25519ph_state signing;
  crypto_secretstream_xchacha20poly1305_state stream;
  gboolean is_final; /* the stream itself has said that it ends */
  GByteArray *have;  /* (owned): of the part that comes */
  gsize wanted;      /* its length */
  GError *failure;   /* (owned) (nullable) */
};

BoloBundleReader *
bolo_bundle_reader_new (const BoloListKey *receiver,
                        BoloBundleFindKey find,
                        BoloBundleSink sink,
                        gpointer data)
{
  BoloBundleReader *self;

  g_return_val_if_fail (receiver != NULL && receiver->has_secret, NULL);
  g_return_val_if_fail (find != NULL && sink != NULL, NULL);

  self = g_new0 (BoloBundleReader, 1);
  self->receiver = receiver;
  self->find = find;
  self->sink = sink;
  self->data = data;
  self->have = g_byte_array_new ();
  if (sodium_init () < 0)
    g_set_error_literal (&self->failure, BOLO_ERROR, BOLO_ERROR_INTERNAL,
                         "libsodium does not start");
  crypto_sign_ed25519ph_init (&self->signing);
  return self;
}

void
bolo_bundle_reader_free (BoloBundleReader *self)
{
  g_return_if_fail (self != NULL);

  bolo_bundle_head_clear (&self->head);
  g_byte_array_unref (self->have);
  g_clear_error (&self->failure);
  sodium_memzero (self, sizeof *self);
  g_free (self);
}

static gboolean
refuse (BoloBundleReader *self, BoloError code, const char *why)
{
  g_set_error (&self->failure, BOLO_ERROR, (int) code, "%s", why);
  return FALSE;
}

static gboolean
refuse_damaged (BoloBundleReader *self)
{
  return refuse (self, BOLO_ERROR_INVALID_DATA,
                 "the bundle is damaged; have it written once more, on another stick");
}

static void
expect (BoloBundleReader *self, Part part, gsize wanted)
{
  self->part = part;
  self->wanted = wanted;
  g_byte_array_set_size (self->have, 0);
}

static gboolean
take_head (BoloBundleReader *self)
{
  g_autofree char *text = g_strndup ((const char *) self->have->data, self->have->len);

  if (memchr (self->have->data, '\0', self->have->len) != NULL ||
      !bolo_bundle_head_parse (text, &self->head))
    return refuse (self, BOLO_ERROR_INVALID_DATA, "this is no bundle of Bolo's");
  self->signer = self->find (self->head.key, self->data);
  if (self->signer == NULL) {
    g_set_error (&self->failure, BOLO_ERROR, BOLO_ERROR_SIGNATURE,
                 "the bundle is signed with the key %s, which is not trusted here", self->head.key);
    return FALSE;
  }
  expect (self, PART_KEY, BUNDLE_SEALED + BUNDLE_STREAM_HEADER);
  return TRUE;
}

static gboolean
take_key (BoloBundleReader *self)
{
  guint8 public_key[crypto_box_PUBLICKEYBYTES];
  guint8 secret_key[crypto_box_SECRETKEYBYTES];
  guint8 key[BUNDLE_STREAM_KEY];
  gboolean is_ours =
    crypto_sign_ed25519_pk_to_curve25519 (public_key, self->receiver->public_key) == 0 &&
    crypto_sign_ed25519_sk_to_curve25519 (secret_key, self->receiver->secret_key) == 0 &&
    crypto_box_seal_open (key, self->have->data, BUNDLE_SEALED, public_key, secret_key) == 0;
  gboolean is_good = is_ours && crypto_secretstream_xchacha20poly1305_init_pull (
                                  &self->stream, self->have->data + BUNDLE_SEALED, key) == 0;

  sodium_memzero (secret_key, sizeof secret_key);
  sodium_memzero (key, sizeof key);
  if (!is_ours)
    return refuse (self, BOLO_ERROR_PERMISSION,
                   "the bundle is encrypted for somebody else, or damaged");
  if (!is_good)
    return refuse_damaged (self);
  expect (self, PART_LENGTH, BUNDLE_LENGTH);
  return TRUE;
}

static gboolean
take_length (BoloBundleReader *self)
{
  guint32 little;
  gsize length;

  memcpy (&little, self->have->data, sizeof little);
  length = GUINT32_FROM_LE (little);
  if (length == 0 && self->is_final)
    expect (self, PART_SIGNATURE, BUNDLE_SIGNATURE);
  else if (self->is_final || length < BUNDLE_OVERHEAD || length > BUNDLE_CHUNK_MAX)
    return refuse_damaged (self);
  else
    expect (self, PART_CHUNK, length);
  return TRUE;
}

static gboolean
take_chunk (BoloBundleReader *self)
{
  guint8 plain[BOLO_BUNDLE_CHUNK_BYTES];
  unsigned long long length = 0;
  unsigned char tag = 0;
  gboolean is_done = TRUE;

  if (crypto_secretstream_xchacha20poly1305_pull (&self->stream, plain, &length, &tag,
                                                  self->have->data, self->have->len, NULL, 0) != 0)
    return refuse_damaged (self);
  self->is_final = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  expect (self, PART_LENGTH, BUNDLE_LENGTH);
  if (length > 0)
    is_done = self->sink (plain, (gsize) length, self->data, &self->failure);
  sodium_memzero (plain, sizeof plain);
  return is_done;
}

static gboolean
take_signature (BoloBundleReader *self)
{
  if (crypto_sign_ed25519ph_final_verify (&self->signing, self->have->data,
                                          self->signer->public_key) != 0) {
    g_set_error (&self->failure, BOLO_ERROR, BOLO_ERROR_SIGNATURE,
                 "the bundle is not signed by the key %s that it names", self->head.key);
    return FALSE;
  }
  expect (self, PART_END, 0);
  return TRUE;
}

/* One whole part. All but the signature itself is signed. */
static gboolean
take_part (BoloBundleReader *self)
{
  if (self->part != PART_SIGNATURE)
    crypto_sign_ed25519ph_update (&self->signing, self->have->data, self->have->len);
  switch (self->part) {
  case PART_HEAD:
    return take_head (self);
  case PART_KEY:
    return take_key (self);
  case PART_LENGTH:
    return take_length (self);
  case PART_CHUNK:
    return take_chunk (self);
  case PART_SIGNATURE:
    return take_signature (self);
  case PART_END:
  default:
    return refuse_damaged (self);
  }
}

/* How many of the bytes still belong to the head: it ends with an empty line. */
static gsize
measure_head (const BoloBundleReader *self, const guint8 *bytes, gsize length)
{
  guint8 before = self->have->len > 0 ? self->have->data[self->have->len - 1] : 0;

  for (gsize i = 0; i < length; i++) {
    if (bytes[i] == '\n' && before == '\n')
      return i + 1;
    before = bytes[i];
  }
  return length;
}

static gboolean
is_whole_part (const BoloBundleReader *self)
{
  const GByteArray *have = self->have;

  if (self->part == PART_HEAD)
    return have->len >= 2 && have->data[have->len - 1] == '\n' && have->data[have->len - 2] == '\n';
  return have->len == self->wanted;
}

static gboolean
take_some (BoloBundleReader *self, const guint8 **bytes, gsize *length)
{
  gsize n = self->part == PART_HEAD ? measure_head (self, *bytes, *length)
                                    : MIN (*length, self->wanted - self->have->len);

  if (self->part == PART_END)
    return refuse_damaged (self);
  if (self->part == PART_HEAD && self->have->len + n > BOLO_BUNDLE_HEAD_MAX)
    return refuse (self, BOLO_ERROR_INVALID_DATA, "this is no bundle of Bolo's");
  g_byte_array_append (self->have, *bytes, (guint) n);
  *bytes += n;
  *length -= n;
  return !is_whole_part (self) || take_part (self);
}

gboolean
bolo_bundle_reader_push (BoloBundleReader *self, const void *bytes, gsize length, GError **error)
{
  const guint8 *at = bytes;

  g_return_val_if_fail (self != NULL && (bytes != NULL || length == 0), FALSE);

  while (self->failure == NULL && length > 0)
    take_some (self, &at, &length);
  if (self->failure == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (self->failure));
  return FALSE;
}

const BoloBundleHead *
bolo_bundle_reader_finish (BoloBundleReader *self, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->failure == NULL && self->part == PART_HEAD)
    refuse (self, BOLO_ERROR_INVALID_DATA, "this is no bundle of Bolo's");
  else if (self->failure == NULL && self->part != PART_END)
    refuse (self, BOLO_ERROR_INVALID_DATA,
            "the bundle is cut off: the stick was pulled out too early; have it written once more");
  if (self->failure == NULL)
    return &self->head;
  g_propagate_error (error, g_error_copy (self->failure));
  return NULL;
}
