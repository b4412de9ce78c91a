/* bolo-list-key.c: the Ed25519 keys that lists are signed with
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-key"

#include "bolo-list-key.h"

#include "bolo-error.h"

#include <sodium.h>
#include <string.h>

#define PUBLIC_TITLE "bolo-list-public-key 1"
#define SECRET_TITLE "bolo-list-secret-key 1"
#define NAME_LENGTH_MAX 64

G_STATIC_ASSERT (BOLO_LIST_KEY_PUBLIC_BYTES == crypto_sign_ed25519_PUBLICKEYBYTES);
G_STATIC_ASSERT (BOLO_LIST_KEY_SECRET_BYTES == crypto_sign_ed25519_SECRETKEYBYTES);

gboolean
bolo_list_key_name_is_good (const char *name)
{
  gsize length;

  g_return_val_if_fail (name != NULL, FALSE);

  length = strspn (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_");
  return length > 0 && length <= NAME_LENGTH_MAX && name[length] == '\0' && name[0] != '-';
}

BoloListKey *
bolo_list_key_generate (const char *name, GError **error)
{
  BoloListKey *self;

  g_return_val_if_fail (name != NULL, NULL);

  if (!bolo_list_key_name_is_good (name)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "'%s' cannot name a key; use 1 to 64 letters, digits, '-' and '_'", name);
    return NULL;
  }
  if (sodium_init () < 0) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INTERNAL, "libsodium does not start");
    return NULL;
  }
  self = g_new0 (BoloListKey, 1);
  self->name = g_strdup (name);
  self->has_secret = TRUE;
  crypto_sign_ed25519_keypair (self->public_key, self->secret_key);
  return self;
}

void
bolo_list_key_free (BoloListKey *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->name, g_free);
  sodium_memzero (self->secret_key, sizeof self->secret_key);
  g_free (self);
}

gboolean
bolo_list_key_decode (const char *text, guint8 *bytes, gsize n)
{
  gsize length = 0;
  const char *end = NULL;
  char
    again[sodium_base64_ENCODED_LEN (BOLO_LIST_KEY_SECRET_BYTES, sodium_base64_VARIANT_ORIGINAL)];
  gboolean is_same;

  g_return_val_if_fail (text != NULL && bytes != NULL && n <= BOLO_LIST_KEY_SECRET_BYTES, FALSE);

  if (sodium_base642bin (bytes, n, text, strlen (text), NULL, &length, &end,
                         sodium_base64_VARIANT_ORIGINAL) != 0 ||
      length != n || *end != '\0')
    return FALSE;
  /* libsodium 1.0.18 reads some bytes above 127 as signs of Base64: one key has one text. */
  sodium_bin2base64 (again, sizeof again, bytes, n, sodium_base64_VARIANT_ORIGINAL);
  is_same = g_str_equal (again, text);
  sodium_memzero (again, sizeof again);
  return is_same;
}

static BoloListKey *
make_key (char *const *lines, gboolean is_secret)
{
  g_autoptr (BoloListKey) self = g_new0 (BoloListKey, 1);
  const char *key = is_secret ? "secret: " : "public: ";

  if (!g_str_has_prefix (lines[1], "name: ") || !g_str_has_prefix (lines[2], key))
    return NULL;
  self->name = g_strdup (lines[1] + strlen ("name: "));
  self->has_secret = is_secret;
  if (!bolo_list_key_name_is_good (self->name))
    return NULL;
  if (!is_secret)
    return bolo_list_key_decode (lines[2] + strlen (key), self->public_key, sizeof self->public_key)
             ? g_steal_pointer (&self)
             : NULL;
  if (!bolo_list_key_decode (lines[2] + strlen (key), self->secret_key, sizeof self->secret_key))
    return NULL;
  crypto_sign_ed25519_sk_to_pk (self->public_key, self->secret_key);
  return g_steal_pointer (&self);
}

BoloListKey *
bolo_list_key_parse (const char *text, gsize length, const char *source, GError **error)
{
  g_auto (GStrv) lines = NULL;
  BoloListKey *self = NULL;

  g_return_val_if_fail (text != NULL && source != NULL, NULL);

  if (length <= BOLO_LIST_KEY_TEXT_MAX && memchr (text, '\0', length) == NULL &&
      sodium_init () >= 0) {
    g_autofree char *copy = g_strndup (text, length);

    lines = g_strsplit (copy, "\n", 5);
    sodium_memzero (copy, length);
    if (g_strv_length (lines) == 4 && *lines[3] == '\0' &&
        (g_str_equal (lines[0], PUBLIC_TITLE) || g_str_equal (lines[0], SECRET_TITLE)))
      self = make_key (lines, g_str_equal (lines[0], SECRET_TITLE));
    for (guint i = 0; lines[i] != NULL; i++)
      sodium_memzero (lines[i], strlen (lines[i]));
  }
  if (self == NULL)
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s is no key for lists; make one with boloctl hotlist keygen", source);
  return self;
}

char *
bolo_list_key_to_text (const BoloListKey *self, gboolean is_secret)
{
  char
    encoded[sodium_base64_ENCODED_LEN (BOLO_LIST_KEY_SECRET_BYTES, sodium_base64_VARIANT_ORIGINAL)];
  char *text;

  g_return_val_if_fail (self != NULL && (self->has_secret || !is_secret), NULL);

  if (is_secret)
    sodium_bin2base64 (encoded, sizeof encoded, self->secret_key, sizeof self->secret_key,
                       sodium_base64_VARIANT_ORIGINAL);
  else
    sodium_bin2base64 (encoded, sizeof encoded, self->public_key, sizeof self->public_key,
                       sodium_base64_VARIANT_ORIGINAL);
  text = g_strdup_printf ("%s\nname: %s\n%s: %s\n", is_secret ? SECRET_TITLE : PUBLIC_TITLE,
                          self->name, is_secret ? "secret" : "public", encoded);
  sodium_memzero (encoded, sizeof encoded);
  return text;
}
