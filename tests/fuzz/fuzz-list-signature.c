/* fuzz-list-signature.c: any bytes as a list's signature, and as a key
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz-list.h"

#include "bolo-list-signature.h"

#include <string.h>

static void
try_key (const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListKey) key = bolo_list_key_parse (text, length, "x", &error);
  g_autofree char *again = NULL;

  if (key == NULL) {
    fuzz_check_error (error);
    return;
  }
  again = bolo_list_key_to_text (key, key->has_secret);
  g_assert_cmpmem (again, strlen (again), text, length); /* one key has one text */
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListSignature) signature = NULL;

  memcpy (text, data, size); /* with its NULs */
  try_key (text, size);
  signature = bolo_list_signature_parse (text, size, "x", &error);
  if (signature == NULL)
    fuzz_check_error (error);
  else
    g_assert_true (bolo_list_key_name_is_good (signature->name));
  return 0;
}
