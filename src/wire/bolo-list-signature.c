/* bolo-list-signature.c: a list's signed manifest: what the list is, and who says so
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-signature"

#include "bolo-list-signature.h"

#include "bolo-error.h"

#include <sodium.h>
#include <string.h>

#define TITLE "bolo-list-signature 1"
#define REVISION_LENGTH_MAX 64
#define SHA256_DIGITS 64

G_STATIC_ASSERT (BOLO_LIST_SIGNATURE_BYTES == crypto_sign_ed25519_BYTES);

/* The file's lines, in this order; what is above "signature" is signed. */
enum {
  LINE_TITLE,
  LINE_NAME,
  LINE_KIND,
  LINE_FORMAT,
  LINE_REVISION,
  LINE_NUMBER,
  LINE_ISSUED,
  LINE_SIZE,
  LINE_SHA256,
  LINE_CONTENTS,
  LINE_BASE,
  LINE_KEY,
  LINE_SIGNATURE,
  N_LINES,
};

static const char *const line_keys[] = {
  NULL,   "name",   "kind",     "format", "revision", "number",    "issued",
  "size", "sha256", "contents", "base",   "key",      "signature",
};
G_STATIC_ASSERT (G_N_ELEMENTS (line_keys) == N_LINES);

void
bolo_list_signature_free (BoloListSignature *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->kind, g_free);
  g_clear_pointer (&self->format, g_free);
  g_clear_pointer (&self->revision, g_free);
  g_clear_pointer (&self->sha256, g_free);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->signed_text, g_free);
  g_free (self);
}

static gboolean
is_revision (const char *text)
{
  gsize length = strlen (text);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return length > 0 && length <= REVISION_LENGTH_MAX;
}

static gboolean
is_sha256 (const char *text)
{
  return strlen (text) == SHA256_DIGITS && strspn (text, "0123456789abcdef") == SHA256_DIGITS;
}

/* Digits as we write them: no sign, no zero in front. */
static gboolean
read_number (const char *text, guint64 *number)
{
  return (text[0] != '0' || text[1] == '\0') &&
         g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, number, NULL);
}

static char *
format_time (gint64 time_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}

/* Only as format_time writes it, so that one instant has one text. */
static gboolean
read_time (const char *text, gint64 *time_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);
  g_autofree char *again = NULL;

  if (time == NULL)
    return FALSE;
  *time_us = g_date_time_to_unix (time) * G_USEC_PER_SEC;
  again = format_time (*time_us);
  return *time_us >= 0 && g_strcmp0 (text, again) == 0;
}

static gboolean
read_name (const char *text, char **name)
{
  *name = g_strdup (text);
  return bolo_list_key_name_is_good (text);
}

static gboolean
read_value (BoloListSignature *self, guint line, const char *value)
{
  switch (line) {
  case LINE_NAME:
    return read_name (value, &self->name);
  case LINE_KIND:
    return read_name (value, &self->kind);
  case LINE_FORMAT:
    return read_name (value, &self->format);
  case LINE_REVISION:
    self->revision = g_strdup (value);
    return is_revision (value);
  case LINE_NUMBER:
    return read_number (value, &self->number) && self->number > 0;
  case LINE_ISSUED:
    return read_time (value, &self->issued_us);
  case LINE_SIZE:
    return read_number (value, &self->size);
  case LINE_SHA256:
    self->sha256 = g_strdup (value);
    return is_sha256 (value);
  case LINE_CONTENTS:
    self->is_delta = g_str_equal (value, "delta");
    return self->is_delta || g_str_equal (value, "full");
  case LINE_BASE:
    return read_number (value, &self->base) && (self->base > 0) == self->is_delta &&
           self->base < self->number;
  case LINE_KEY:
    return read_name (value, &self->key);
  case LINE_SIGNATURE:
    return bolo_list_key_decode (value, self->signature, sizeof self->signature);
  default:
    return FALSE;
  }
}

static gboolean
read_line (BoloListSignature *self, guint line, const char *text)
{
  gsize length;

  if (line == LINE_TITLE)
    return g_str_equal (text, TITLE);
  length = strlen (line_keys[line]);
  return strncmp (text, line_keys[line], length) == 0 && strncmp (text + length, ": ", 2) == 0 &&
         read_value (self, line, text + length + 2);
}

BoloListSignature *
bolo_list_signature_parse (const char *text, gsize length, const char *source, GError **error)
{
  g_autoptr (BoloListSignature) self = NULL;
  g_autofree char *copy = NULL;
  g_auto (GStrv) lines = NULL;
  guint line = 0;

  g_return_val_if_fail (text != NULL && source != NULL, NULL);

  self = g_new0 (BoloListSignature, 1);
  if (length <= BOLO_LIST_SIGNATURE_TEXT_MAX && memchr (text, '\0', length) == NULL) {
    copy = g_strndup (text, length);
    lines = g_strsplit (copy, "\n", N_LINES + 2);
    while (line < N_LINES && lines[line] != NULL && read_line (self, line, lines[line]))
      line++;
  }
  /* Behind the last line stands its end, and nothing more. */
  if (line < N_LINES || g_strv_length (lines) != N_LINES + 1 || *lines[N_LINES] != '\0') {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s is no signature of a list: its line %u is not as it must be; make it with "
                 "boloctl hotlist sign",
                 source, line + 1);
    return NULL;
  }
  self->signed_text = g_strndup (copy, length - strlen (lines[LINE_SIGNATURE]) - 1);
  return g_steal_pointer (&self);
}

/* (transfer full) (nullable): NULL when a value cannot be written so that it reads the same. */
static char *
make_signed_text (const BoloListSignature *self)
{
  g_autofree char *issued = format_time (self->issued_us);

  if (self->name == NULL || self->kind == NULL || self->format == NULL || self->key == NULL ||
      self->revision == NULL || self->sha256 == NULL || issued == NULL)
    return NULL;
  return g_strdup_printf (
    TITLE "\nname: %s\nkind: %s\nformat: %s\nrevision: %s\nnumber: %" G_GUINT64_FORMAT
          "\nissued: %s\nsize: %" G_GUINT64_FORMAT "\nsha256: %s\ncontents: %s\nbase: %" //
    G_GUINT64_FORMAT "\nkey: %s\n",
    self->name, self->kind, self->format, self->revision, self->number, issued, self->size,
    self->sha256, self->is_delta ? "delta" : "full", self->base, self->key);
}

char *
bolo_list_signature_sign (BoloListSignature *self, const BoloListKey *key, GError **error)
{
  char
    encoded[sodium_base64_ENCODED_LEN (BOLO_LIST_SIGNATURE_BYTES, sodium_base64_VARIANT_ORIGINAL)];
  g_autoptr (BoloListSignature) again = NULL;
  g_autofree char *text = NULL;
  char *whole;

  g_return_val_if_fail (self != NULL && key != NULL && key->has_secret, NULL);

  g_free (self->key);
  self->key = g_strdup (key->name);
  text = make_signed_text (self);
  if (text == NULL || sodium_init () < 0) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                         "a list cannot be signed without all that its signature says");
    return NULL;
  }
  crypto_sign_ed25519_detached (self->signature, NULL, (const guint8 *) text, strlen (text),
                                key->secret_key);
  sodium_bin2base64 (encoded, sizeof encoded, self->signature, sizeof self->signature,
                     sodium_base64_VARIANT_ORIGINAL);
  whole = g_strdup_printf ("%ssignature: %s\n", text, encoded);
  /* What we write, everybody must be able to read. */
  again = bolo_list_signature_parse (whole, strlen (whole), "the signature", error);
  if (again == NULL)
    g_clear_pointer (&whole, g_free);
  return whole;
}

gboolean
bolo_list_signature_verify (const BoloListSignature *self, const BoloListKey *key, GError **error)
{
  g_return_val_if_fail (self != NULL && key != NULL && self->signed_text != NULL, FALSE);

  if (sodium_init () >= 0 && g_str_equal (self->key, key->name) &&
      crypto_sign_ed25519_verify_detached (self->signature, (const guint8 *) self->signed_text,
                                           strlen (self->signed_text), key->public_key) == 0)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_SIGNATURE,
               "the signature is not by the key %s; ask the list's owner for a list signed anew",
               key->name);
  return FALSE;
}
