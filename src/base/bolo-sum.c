/* bolo-sum.c: SHA-256 of bytes, as fast as the processor can
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-sum.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

void
bolo_sum_data (gconstpointer data, gsize length, guint8 sum[BOLO_SUM_BYTES])
{
  g_return_if_fail ((data != NULL || length == 0) && sum != NULL);

  /* Fails only where SHA-256 is forbidden by a policy of the machine's: there TLS does not work
   * either. */
  if (gnutls_hash_fast (GNUTLS_DIG_SHA256, data, length, sum) != 0) {
    g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
    gsize size = BOLO_SUM_BYTES;

    g_checksum_update (checksum, data, (gssize) length);
    g_checksum_get_digest (checksum, sum, &size);
  }
}

void
bolo_sum_bytes (GBytes *bytes, guint8 sum[BOLO_SUM_BYTES])
{
  gsize length;
  gconstpointer data;

  g_return_if_fail (bytes != NULL);

  data = g_bytes_get_data (bytes, &length);
  bolo_sum_data (data, length, sum);
}

char *
bolo_sum_to_text (const guint8 sum[BOLO_SUM_BYTES])
{
  static const char digits[] = "0123456789abcdef";
  char *text;

  g_return_val_if_fail (sum != NULL, NULL);

  text = g_new0 (char, 2 * BOLO_SUM_BYTES + 1);
  for (guint i = 0; i < BOLO_SUM_BYTES; i++) {
    text[2 * i] = digits[sum[i] >> 4];
    text[2 * i + 1] = digits[sum[i] & 15];
  }
  return text;
}

char *
bolo_sum_bytes_to_text (GBytes *bytes)
{
  guint8 sum[BOLO_SUM_BYTES] = {0};

  bolo_sum_bytes (bytes, sum);
  return bolo_sum_to_text (sum);
}
