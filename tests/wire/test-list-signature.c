/* test-list-signature.c: what is signed is read back and verified; nothing else is
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-list-signature.h"

#include <string.h>

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ISSUED_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)

static BoloListKey *
make_key (const char *name)
{
  g_autoptr (GError) error = NULL;
  BoloListKey *key = bolo_list_key_generate (name, &error);

  g_assert_no_error (error);
  return key;
}

static BoloListSignature *
make_signature (void)
{
  BoloListSignature *signature = g_new0 (BoloListSignature, 1);

  signature->name = g_strdup ("stolen");
  signature->kind = g_strdup ("stolen");
  signature->format = g_strdup ("csv");
  signature->revision = g_strdup ("2026-03-14/2");
  signature->number = 417;
  signature->issued_us = ISSUED_US;
  signature->size = 123456;
  signature->sha256 = g_strdup (HASH);
  return signature;
}

static char *
sign (const BoloListKey *key)
{
  g_autoptr (BoloListSignature) signature = make_signature ();
  g_autoptr (GError) error = NULL;
  char *text = bolo_list_signature_sign (signature, key, &error);

  g_assert_no_error (error);
  return text;
}

static void
test_there_and_back (void)
{
  g_autoptr (BoloListKey) key = make_key ("hq-2026");
  g_autofree char *text = sign (key);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListSignature) read =
    bolo_list_signature_parse (text, strlen (text), "x.sig", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (read->name, ==, "stolen");
  g_assert_cmpstr (read->format, ==, "csv");
  g_assert_cmpstr (read->revision, ==, "2026-03-14/2");
  g_assert_cmpuint (read->number, ==, 417);
  g_assert_cmpint (read->issued_us, ==, ISSUED_US);
  g_assert_cmpuint (read->size, ==, 123456);
  g_assert_cmpstr (read->sha256, ==, HASH);
  g_assert_false (read->is_delta);
  g_assert_cmpstr (read->key, ==, "hq-2026");
  g_assert_true (bolo_list_signature_verify (read, key, &error));
  g_assert_no_error (error);
}

static void
test_other_key (void)
{
  g_autoptr (BoloListKey) key = make_key ("hq-2026");
  g_autoptr (BoloListKey) other = make_key ("hq-2026");
  g_autofree char *text = sign (key);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListSignature) read =
    bolo_list_signature_parse (text, strlen (text), "x.sig", NULL);

  g_assert_false (bolo_list_signature_verify (read, other, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_SIGNATURE);
}

/* Every bit of the file matters: no changed file is both read and verified. */
static void
test_every_bit_counts (void)
{
  g_autoptr (BoloListKey) key = make_key ("hq");
  g_autofree char *text = sign (key);
  gsize length = strlen (text);

  for (gsize bit = 0; bit < length * 8; bit++) {
    g_autofree char *changed = g_memdup2 (text, length);
    g_autoptr (BoloListSignature) read = NULL;

    changed[bit / 8] = (char) (changed[bit / 8] ^ (1 << (bit % 8)));
    read = bolo_list_signature_parse (changed, length, "x.sig", NULL);
    g_assert_false (read != NULL && bolo_list_signature_verify (read, key, NULL));
  }
  for (gsize cut = 0; cut < length; cut++) {
    g_autoptr (BoloListSignature) read = bolo_list_signature_parse (text, cut, "x.sig", NULL);

    g_assert_null (read);
  }
}

static void
test_strictness (void)
{
  g_autoptr (BoloListKey) key = make_key ("hq");
  g_autofree char *text = sign (key);
  static const struct {
    const char *old;
    const char *new;
  } changes[] = {
    {"\nnumber: 417", "\nnumber: 0417"},
    {"\nnumber: 417", "\nnumber: 0"},
    {"\nnumber: 417", "\nnumber: 99999999999999999999"},
    {"\nnumber: 417", "\nnumber: +417"},
    {"\nsize: 123456", "\nsize: -1"},
    {"\nbase: 0", "\nbase: 416"},
    {"\ncontents: full", "\ncontents: delta"},
    {"\ncontents: full", "\ncontents: both"},
    {"\nname: stolen", "\nname: ../stolen"},
    {"\nname: stolen", "\nkind: stolen"},
    {"\nissued: 2026-03-14T00:00:00Z", "\nissued: 2026-03-14T00:00:00+00:00"},
    {"\nissued: 2026-03-14T00:00:00Z", "\nissued: 14/03/2026"},
    {"\nrevision: 2026", "\nrevision: 20 26"},
    {"signature 1\n", "signature 2\n"},
    {"\nsignature: ", "\nmore: x\nsignature: "},
    {"\nsignature: ", "\nsignature: A"},
    {"\n", "\r\n"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autoptr (GString) changed = g_string_new (text);
    g_autoptr (GError) error = NULL;

    g_assert_cmpuint (g_string_replace (changed, changes[i].old, changes[i].new, 1), ==, 1);
    g_assert_null (bolo_list_signature_parse (changed->str, changed->len, "x.sig", &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, "x.sig"));
    g_assert_null (strchr (error->message, '\n'));
  }
}

static void
test_what_cannot_be_signed (void)
{
  g_autoptr (BoloListKey) key = make_key ("hq");
  g_autoptr (BoloListSignature) signature = make_signature ();
  g_autoptr (GError) error = NULL;

  g_free (signature->revision);
  signature->revision = g_strdup ("two\nlines");
  g_assert_null (bolo_list_signature_sign (signature, key, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
}

static void
test_keys (void)
{
  g_autoptr (BoloListKey) key = make_key ("hq-2026");
  g_autofree char *public = bolo_list_key_to_text (key, FALSE);
  g_autofree char *secret = bolo_list_key_to_text (key, TRUE);
  g_autoptr (BoloListKey) half = bolo_list_key_parse (public, strlen (public), "a", NULL);
  g_autoptr (BoloListKey) whole = bolo_list_key_parse (secret, strlen (secret), "b", NULL);

  g_assert_false (half->has_secret);
  g_assert_true (whole->has_secret);
  g_assert_cmpstr (half->name, ==, "hq-2026");
  g_assert_cmpmem (half->public_key, sizeof half->public_key, whole->public_key,
                   sizeof whole->public_key);
  g_assert_cmpmem (whole->secret_key, sizeof whole->secret_key, key->secret_key,
                   sizeof key->secret_key);
  g_assert_null (strstr (public, "secret"));
}

static void
test_bad_keys (void)
{
  static const char *const texts[] = {
    "",
    "bolo-list-public-key 1\nname: hq\npublic: AAAA\n",
    "bolo-list-public-key 1\nname: h q\npublic: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
    "bolo-list-public-key 1\nname: hq\npublic: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "bolo-list-public-key 1\nname: hq\nsecret: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
    "bolo-list-public-key 2\nname: hq\npublic: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
  };
  g_autoptr (GError) name_error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (bolo_list_key_parse (texts[i], strlen (texts[i]), "hq.key", &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, "hq.key"));
  }
  g_assert_null (bolo_list_key_generate ("a/b", &name_error));
  g_assert_error (name_error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/list-signature/there-and-back", test_there_and_back);
  g_test_add_func ("/list-signature/other-key", test_other_key);
  g_test_add_func ("/list-signature/every-bit", test_every_bit_counts);
  g_test_add_func ("/list-signature/strictness", test_strictness);
  g_test_add_func ("/list-signature/unsignable", test_what_cannot_be_signed);
  g_test_add_func ("/list-key/there-and-back", test_keys);
  g_test_add_func ("/list-key/bad", test_bad_keys);
  return g_test_run ();
}
