/* test-soap-reply.c: replies as servers write them are understood; hostile ones are refused
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-bof2-services.h"
#include "bolo-error.h"
#include "bolo-soap-reply.h"

#include <string.h>

#define BYTES_MAX (64 * 1024 * 1024)
#define HEAD                                                                                       \
  "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope "                                   \
  "xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "                                   \
  "xmlns:soapenc=\"http://schemas.xmlsoap.org/soap/encoding/\" "                                   \
  "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "                                                \
  "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>"
#define TAIL "</soapenv:Body></soapenv:Envelope>"

/* Pushes @text in pieces of @step bytes. */
static BoloSoapReply *
read_in_steps (BoloSoapReader *reader, const char *text, gsize length, gsize step, GError **error)
{
  for (gsize at = 0; at < length; at += step)
    if (!bolo_soap_reader_push (reader, text + at, MIN (step, length - at), error))
      return NULL;
  return bolo_soap_reader_finish (reader, error);
}

static BoloSoapReply *
read_reply (const char *operation, const char *text, gsize step, GError **error)
{
  g_autoptr (BoloSoapTable) table = bolo_bof2_services_new ();
  g_autoptr (BoloSoapReader) reader =
    bolo_soap_reader_new (bolo_soap_table_find (table, operation), BYTES_MAX);

  return read_in_steps (reader, text, strlen (text), step, error);
}

static void
assert_refused (const char *operation, const char *text, const char *why)
{
  for (gsize step = 1; step < 100000; step *= 7) {
    g_autoptr (GError) error = NULL;
    g_autoptr (BoloSoapReply) reply = read_reply (operation, text, step, &error);

    g_assert_null (reply);
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, why));
    g_assert_nonnull (strstr (error->message, operation));
  }
}

static void
test_value (void)
{
  const char *text =
    HEAD "<ns1:sendCompoundCaptureResponse xmlns:ns1=\"urn:x\" soapenv:encodingStyle=\"y\">"
         "<sendCompoundCaptureReturn xsi:type=\"xsd:string\">OK &amp; &lt;50&gt;\n taken "
         "</sendCompoundCaptureReturn></ns1:sendCompoundCaptureResponse>" TAIL;

  for (gsize step = 1; step < 2000; step += 13) {
    g_autoptr (GError) error = NULL;
    g_autoptr (BoloSoapReply) reply = read_reply ("sendCompoundCapture", text, step, &error);

    g_assert_no_error (error);
    g_assert_false (reply->is_fault);
    g_assert_cmpstr (reply->text, ==, "OK & <50>\n taken "); /* word for word */
  }
}

static void
test_numbers (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloSoapReply) reply =
    read_reply ("getRepoStatus",
                HEAD "<getRepoStatusResponse><getRepoStatusReturn>-1</getRepoStatusReturn>"
                     "</getRepoStatusResponse>" TAIL,
                9999, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (reply->text, ==, "-1");
  assert_refused ("getRepoStatus",
                  HEAD "<getRepoStatusResponse><getRepoStatusReturn>1e3</getRepoStatusReturn>"
                       "</getRepoStatusResponse>" TAIL,
                  "not of the type");
  assert_refused ("ping", HEAD "<pingResponse><pingReturn>yes</pingReturn></pingResponse>" TAIL,
                  "not of the type");
}

static void
test_nothing (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloSoapReply) reply =
    read_reply ("setHotlistStatus", HEAD "<setHotlistStatusResponse/>" TAIL, 10, &error);

  g_assert_no_error (error);
  g_assert_null (reply->text);
  g_assert_cmpuint (reply->records->len, ==, 0);
}

static void
test_fault (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloSoapReply) reply = read_reply (
    "sendCapture",
    HEAD "<soapenv:Fault><faultcode>soapenv:Server.userException</faultcode>"
         "<faultstring>no such\nuser</faultstring><detail><x/></detail></soapenv:Fault>" TAIL,
    50, &error);

  g_assert_no_error (error);
  g_assert_true (reply->is_fault);
  g_assert_cmpstr (reply->text, ==, "soapenv:Server.userException: no such user");
}

/* As an Apache Axis 1 server writes it, with references, and written out in place. */
static const char *const lists[] = {
  HEAD "<getHotlistStatusResponse><getHotlistStatusReturn soapenc:arrayType=\"n:B[2]\" "
       "xsi:type=\"soapenc:Array\" xmlns:n=\"urn:b\"><getHotlistStatusReturn href=\"#id0\"/>"
       "<getHotlistStatusReturn href=\"#id1\"/></getHotlistStatusReturn></getHotlistStatusResponse>"
       "<multiRef id=\"id1\"><externalSystemRevision xsi:nil=\"true\"/><hotlistName>voi"
       "</hotlistName><latestRevision href=\"#id2\"/></multiRef>"
       "<multiRef id=\"id0\"><externalSystemRevision>5</externalSystemRevision>"
       "<hotlistName>stolen</hotlistName><latestRevision>17</latestRevision></multiRef>"
       "<multiRef id=\"id2\">a-3</multiRef>" TAIL,
  HEAD "<getHotlistStatusResponse><getHotlistStatusReturn><item><hotlistName>stolen</hotlistName>"
       "<latestRevision>17</latestRevision><externalSystemRevision>5</externalSystemRevision>"
       "</item><item><hotlistName>voi</hotlistName><latestRevision>a-3</latestRevision></item>"
       "</getHotlistStatusReturn></getHotlistStatusResponse>" TAIL,
};

static void
test_records (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (BoloSoapReply) reply = read_reply ("getHotlistStatus", lists[i], 31, &error);

    g_assert_no_error (error);
    g_assert_cmpuint (reply->records->len, ==, 2);
    g_assert_cmpstr (bolo_soap_reply_get (reply, 0, "name"), ==, "stolen");
    g_assert_cmpstr (bolo_soap_reply_get (reply, 0, "latest"), ==, "17");
    g_assert_cmpstr (bolo_soap_reply_get (reply, 0, "repo"), ==, "5");
    g_assert_cmpstr (bolo_soap_reply_get (reply, 1, "name"), ==, "voi");
    g_assert_cmpstr (bolo_soap_reply_get (reply, 1, "latest"), ==, "a-3");
    g_assert_null (bolo_soap_reply_get (reply, 1, "repo"));
  }
}

static gboolean
collect (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  g_byte_array_append (data, bytes, (guint) length);
  return TRUE;
}

static gboolean
fail_to_write (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_NO_SPACE, "the disk is full");
  return FALSE;
}

/* A list of @n_bytes as its server sends it; in place, or by a reference. */
static char *
make_list (GBytes *bytes, gboolean is_referred)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autofree char *base64 = g_base64_encode (data, length);

  return g_strconcat (HEAD "<getHotlistUpdatesResponse><getHotlistUpdatesReturn>"
                           "<fileTooBig>false</fileTooBig><hotlistDeltas",
                      is_referred ? " href=\"#d\">" : ">", is_referred ? "" : base64,
                      "</hotlistDeltas><hotlistName>voi</hotlistName><latestRevision>4"
                      "</latestRevision></getHotlistUpdatesReturn></getHotlistUpdatesResponse>",
                      is_referred ? "<multiRef id=\"d\">" : "", is_referred ? base64 : "",
                      is_referred ? "</multiRef>" : "", TAIL, NULL);
}

static void
check_sink (gsize length, gboolean is_referred, gsize step)
{
  g_autoptr (BoloSoapTable) table = bolo_bof2_services_new ();
  g_autoptr (BoloSoapReader) reader =
    bolo_soap_reader_new (bolo_soap_table_find (table, "getHotlistUpdates"), BYTES_MAX);
  g_autoptr (GByteArray) got = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *data = g_malloc (length);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (BoloSoapReply) reply = NULL;
  g_autofree char *text = NULL;

  for (gsize i = 0; i < length; i++)
    data[i] = (guint8) (i * 7919 >> 3);
  bytes = g_bytes_new (data, length);
  text = make_list (bytes, is_referred);
  bolo_soap_reader_set_sink (reader, "deltas", collect, got);
  reply = read_in_steps (reader, text, strlen (text), step, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (got->data, got->len, data, length);
  g_assert_cmpstr (bolo_soap_reply_get (reply, 0, "too-big"), ==, "false");
  g_assert_cmpstr (bolo_soap_reply_get (reply, 0, "latest"), ==, "4");
  g_assert_null (bolo_soap_reply_get (reply, 0, "deltas"));
}

/* 20 MB, which is more than libxml2 takes in one text. */
static void
test_sink (void)
{
  check_sink (1, FALSE, 1);
  check_sink (10000, FALSE, 1);
  check_sink (10001, TRUE, 100);
  check_sink (20 * 1000 * 1000, FALSE, 1 << 20);
}

static void
test_sink_fails (void)
{
  g_autoptr (BoloSoapTable) table = bolo_bof2_services_new ();
  g_autoptr (BoloSoapReader) reader =
    bolo_soap_reader_new (bolo_soap_table_find (table, "getHotlistUpdates"), BYTES_MAX);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("abcdef", 6);
  g_autofree char *text = make_list (bytes, FALSE);
  g_autoptr (GError) error = NULL;

  bolo_soap_reader_set_sink (reader, "deltas", fail_to_write, NULL);
  g_assert_null (read_in_steps (reader, text, strlen (text), 10, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NO_SPACE);
  g_clear_error (&error);
  g_assert_null (bolo_soap_reader_finish (reader, &error)); /* and it stays refused */
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NO_SPACE);
}

static void
test_not_base64 (void)
{
  static const char *const bodies[] = {"<b/>", "%%%", "ab<!-- --><c>d</c>"};

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autoptr (BoloSoapTable) table = bolo_bof2_services_new ();
    g_autoptr (BoloSoapReader) reader =
      bolo_soap_reader_new (bolo_soap_table_find (table, "getHotlistUpdates"), BYTES_MAX);
    g_autoptr (GByteArray) got = g_byte_array_new ();
    g_autoptr (GError) error = NULL;
    g_autofree char *text = g_strconcat (
      HEAD "<getHotlistUpdatesResponse><getHotlistUpdatesReturn><hotlistDeltas>", bodies[i],
      "</hotlistDeltas></getHotlistUpdatesReturn>"
      "</getHotlistUpdatesResponse>" TAIL,
      NULL);

    bolo_soap_reader_set_sink (reader, "deltas", collect, got);
    g_assert_null (read_in_steps (reader, text, strlen (text), 10, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  }
}

static void
test_hostile (void)
{
  g_autoptr (GString) deep = g_string_new (HEAD "<pingResponse>");
  g_autoptr (GString) many = g_string_new (HEAD "<pingResponse>");
  g_autoptr (GString) wide = g_string_new (HEAD "<pingResponse><x>");

  assert_refused ("ping",
                  "<?xml version=\"1.0\"?><!DOCTYPE e [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
                  "\"&a;&a;&a;\">]><e>&b;</e>",
                  "document type");
  assert_refused ("ping", "<!DOCTYPE e SYSTEM \"file:///etc/passwd\"><e/>", "document type");
  assert_refused ("ping",
                  HEAD "<pingResponse><pingReturn>&secret;</pingReturn></pingResponse>" TAIL,
                  "not well-formed");
  assert_refused ("ping", "", "not well-formed");
  assert_refused ("ping", "<html><body>502 Bad Gateway</body></html>", "no SOAP 1.1 envelope");
  assert_refused ("ping", HEAD "<pingResponse><pingReturn>true</pingRet", "not well-formed");
  assert_refused ("ping", HEAD "<pingResponse/>" TAIL, "no part pingReturn");
  assert_refused ("ping", HEAD "<pongResponse><pingReturn>true</pingReturn></pongResponse>" TAIL,
                  "another call");
  assert_refused ("ping", HEAD TAIL "<more/>", "not well-formed");
  assert_refused ("ping",
                  HEAD "<pingResponse><pingReturn href=\"#a\"/></pingResponse><multiRef id=\"a\" "
                       "href=\"#a\"/>" TAIL,
                  "no part pingReturn");
  assert_refused ("getHotlistStatus",
                  HEAD "<getHotlistStatusResponse><getHotlistStatusReturn><item href=\"#n\"/>"
                       "</getHotlistStatusReturn></getHotlistStatusResponse>" TAIL,
                  "refers to something");
  for (guint i = 0; i < 100; i++)
    g_string_append (deep, "<x>");
  assert_refused ("ping", deep->str, "deeper");
  for (guint i = 0; i < 100001; i++)
    g_string_append (many, "<x/>");
  for (guint i = 0; i < 500000; i++)
    g_string_append (wide, "textually ");
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (read_reply ("ping", many->str, 9999, &error));
    g_assert_nonnull (strstr (error->message, "more elements"));
    g_clear_error (&error);
    g_assert_null (read_reply ("ping", wide->str, 9999, &error));
    g_assert_nonnull (strstr (error->message, "more text"));
  }
}

static void
test_too_long (void)
{
  g_autoptr (BoloSoapTable) table = bolo_bof2_services_new ();
  g_autoptr (BoloSoapReader) reader =
    bolo_soap_reader_new (bolo_soap_table_find (table, "ping"), 500);
  g_autofree char *blanks = g_strnfill (300, ' ');
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_soap_reader_push (reader, HEAD, strlen (HEAD), &error));
  g_assert_no_error (error);
  g_assert_false (bolo_soap_reader_push (reader, blanks, 300, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "longer than"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/soap-reply/value", test_value);
  g_test_add_func ("/soap-reply/numbers", test_numbers);
  g_test_add_func ("/soap-reply/nothing", test_nothing);
  g_test_add_func ("/soap-reply/fault", test_fault);
  g_test_add_func ("/soap-reply/records", test_records);
  g_test_add_func ("/soap-reply/sink", test_sink);
  g_test_add_func ("/soap-reply/sink-fails", test_sink_fails);
  g_test_add_func ("/soap-reply/not-base64", test_not_base64);
  g_test_add_func ("/soap-reply/hostile", test_hostile);
  g_test_add_func ("/soap-reply/too-long", test_too_long);
  return g_test_run ();
}
