/* bolo-envelope.c: a text and who signed it, for manifests, configurations, receipts and deny lists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-envelope"

#include "bolo-envelope.h"

#include "bolo-error.h"
#include "bolo-json-reader.h"
#include "bolo-json-writer.h"

#include <sodium.h>
#include <string.h>

#define SIGNATURE_DIGITS (2 * BOLO_ENVELOPE_SIGNATURE_BYTES)

G_STATIC_ASSERT (BOLO_ENVELOPE_SIGNATURE_BYTES == crypto_sign_ed25519_BYTES);

void
bolo_envelope_free (BoloEnvelope *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->text);
  g_free (self->key);
  g_free (self);
}

char *
bolo_envelope_seal (const char *purpose, const char *text, const BoloListKey *key, GError **error)
{
  g_autofree char *message = NULL;
  g_autoptr (BoloJsonWriter) writer = NULL;
  guint8 signature[BOLO_ENVELOPE_SIGNATURE_BYTES];
  char digits[SIGNATURE_DIGITS + 1];

  g_return_val_if_fail (purpose != NULL && text != NULL, NULL);
  g_return_val_if_fail (key != NULL && key->has_secret, NULL);

  if (sodium_init () < 0) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INTERNAL, "libsodium does not start");
    return NULL;
  }
  message = g_strdup_printf ("%s\n%s", purpose, text);
  crypto_sign_ed25519_detached (signature, NULL, (const guint8 *) message, strlen (message),
                                key->secret_key);
  sodium_bin2hex (digits, sizeof digits, signature, sizeof signature);
  writer = bolo_json_writer_new ();
  bolo_json_writer_add_text (writer, "signed", text);
  bolo_json_writer_add_text (writer, "key", key->name);
  bolo_json_writer_add_text (writer, "signature", digits);
  return bolo_json_writer_finish (g_steal_pointer (&writer));
}

BoloEnvelope *
bolo_envelope_parse (const char *json, gsize length, const char *source, GError **error)
{
  g_autoptr (BoloEnvelope) self = NULL;
  g_autoptr (BoloJsonReader) reader = NULL;
  g_autofree char *digits = NULL;

  g_return_val_if_fail (json != NULL && source != NULL, NULL);

  if (length > BOLO_ENVELOPE_TEXT_MAX) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s is longer than the %d bytes that a signed text may have", source,
                 BOLO_ENVELOPE_TEXT_MAX);
    return NULL;
  }
  reader = bolo_json_reader_new (json, length, source, error);
  if (reader == NULL)
    return NULL;
  self = g_new0 (BoloEnvelope, 1);
  if (!bolo_json_reader_get_text (reader, "signed", &self->text, error) ||
      !bolo_json_reader_get_text (reader, "key", &self->key, error) ||
      !bolo_json_reader_get_text (reader, "signature", &digits, error))
    return NULL;
  if (strlen (digits) != SIGNATURE_DIGITS ||
      strspn (digits, "0123456789abcdef") != SIGNATURE_DIGITS ||
      sodium_hex2bin (self->signature, sizeof self->signature, digits, SIGNATURE_DIGITS, NULL, NULL,
                      NULL) != 0 ||
      !bolo_list_key_name_is_good (self->key)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s has no signature of %d hexadecimal digits with the name of a key", source,
                 SIGNATURE_DIGITS);
    return NULL;
  }
  return g_steal_pointer (&self);
}

gboolean
bolo_envelope_verify (const BoloEnvelope *self,
                      const char *purpose,
                      const BoloListKey *key,
                      GError **error)
{
  g_autofree char *message = NULL;

  g_return_val_if_fail (self != NULL && purpose != NULL && key != NULL, FALSE);

  message = g_strdup_printf ("%s\n%s", purpose, self->text);
  if (sodium_init () >= 0 && g_str_equal (self->key, key->name) &&
      crypto_sign_ed25519_verify_detached (self->signature, (const guint8 *) message,
                                           strlen (message), key->public_key) == 0)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_SIGNATURE,
               "the signature is not by the key %s; ask the station's operator", key->name);
  return FALSE;
}
