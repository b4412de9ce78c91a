/* fuzz-soap-reply.c: any bytes as the answer to a SOAP call
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz-list.h"

#include "bolo-bof2-services.h"
#include "bolo-soap-reply.h"

#include <string.h>

#define BYTES_MAX (1024 * 1024)

static gboolean
count_bytes (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  *(gsize *) data += length;
  return bytes != NULL;
}

static BoloSoapReply *
read_reply (const BoloSoapService *service, const guint8 *data, size_t size, size_t step)
{
  g_autoptr (BoloSoapReader) reader = bolo_soap_reader_new (service, BYTES_MAX);
  g_autoptr (GError) error = NULL;
  BoloSoapReply *reply = NULL;
  gboolean is_good = TRUE;
  gsize n_sunk = 0;

  bolo_soap_reader_set_sink (reader, "deltas", count_bytes, &n_sunk);
  for (size_t at = 0; is_good && at < size; at += step)
    is_good = bolo_soap_reader_push (reader, data + at, MIN (step, size - at), &error);
  if (is_good)
    reply = bolo_soap_reader_finish (reader, &error);
  if (reply == NULL)
    fuzz_check_error (error);
  g_assert_cmpuint (n_sunk, <=, size);
  return reply;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  static const char *const operations[] = {"sendCompoundCapture", "getHotlistStatus",
                                           "getHotlistUpdates", "setHotlistStatus"};
  g_autoptr (BoloSoapTable) table = bolo_bof2_services_new ();

  for (guint i = 0; i < G_N_ELEMENTS (operations); i++) {
    const BoloSoapService *service = bolo_soap_table_find (table, operations[i]);
    g_autoptr (BoloSoapReply) whole = read_reply (service, data, size, MAX (size, 1));
    g_autoptr (BoloSoapReply) pieces = read_reply (service, data, size, 3);

    /* How the bytes came must not matter. */
    g_assert_cmpint (whole != NULL, ==, pieces != NULL);
    if (whole != NULL) {
      g_assert_cmpstr (whole->text, ==, pieces->text);
      g_assert_cmpuint (whole->records->len, ==, pieces->records->len);
    }
  }
  return 0;
}
