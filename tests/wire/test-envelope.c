/* test-envelope.c: signed texts, manifests and receipts: made, read back, and refused
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-clock.h"
#include "bolo-envelope.h"
#include "bolo-error.h"
#include "bolo-receipt-sum.h"
#include "bolo-station-manifest.h"

#include <string.h>

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define NOW_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)

static BoloEnvelope *
seal_and_parse (const char *purpose, const char *text, const BoloListKey *key)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *json = bolo_envelope_seal (purpose, text, key, &error);
  BoloEnvelope *envelope = bolo_envelope_parse (json, strlen (json), "x", &error);

  g_assert_no_error (error);
  g_assert_null (strchr (json, '\n'));
  return envelope;
}

static void
test_envelope (void)
{
  g_autoptr (BoloListKey) key = bolo_list_key_generate ("hq", NULL);
  g_autoptr (BoloListKey) other = bolo_list_key_generate ("hq", NULL);
  g_autoptr (BoloEnvelope) envelope =
    seal_and_parse (BOLO_ENVELOPE_MANIFEST, "{\"a\":\"\303\251 \\n\"}\n", key);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (envelope->text, ==, "{\"a\":\"\303\251 \\n\"}\n");
  g_assert_cmpstr (envelope->key, ==, "hq");
  g_assert_true (bolo_envelope_verify (envelope, BOLO_ENVELOPE_MANIFEST, key, &error));
  g_assert_no_error (error);
  /* Another key of that name, another purpose, one byte, another name. */
  g_assert_false (bolo_envelope_verify (envelope, BOLO_ENVELOPE_MANIFEST, other, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_SIGNATURE);
  g_assert_false (bolo_envelope_verify (envelope, BOLO_ENVELOPE_RECEIPT, key, NULL));
  envelope->text[2] ^= 1;
  g_assert_false (bolo_envelope_verify (envelope, BOLO_ENVELOPE_MANIFEST, key, NULL));
  envelope->text[2] ^= 1;
  g_free (envelope->key);
  envelope->key = g_strdup ("hq2");
  g_assert_false (bolo_envelope_verify (envelope, BOLO_ENVELOPE_MANIFEST, key, NULL));
}

static void
test_envelope_refused (void)
{
  g_autofree char *good =
    g_strdup_printf ("{\"signed\":\"x\",\"key\":\"hq\",\"signature\":\"" HASH HASH "\"}");
  static const char *const texts[] = {
    "",
    "{}",
    "{\"signed\":\"x\",\"key\":\"hq\"}",
    "{\"signed\":\"x\",\"key\":\"../hq\",\"signature\":\"" HASH HASH "\"}",
    "{\"signed\":\"x\",\"key\":\"hq\",\"signature\":\"" HASH "\"}",
    "{\"signed\":1,\"key\":\"hq\",\"signature\":\"" HASH HASH "\"}",
  };
  g_autoptr (BoloEnvelope) envelope = bolo_envelope_parse (good, strlen (good), "x", NULL);
  g_autofree char *long_text = g_strnfill (BOLO_ENVELOPE_TEXT_MAX + 1, ' ');

  g_assert_nonnull (envelope);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (bolo_envelope_parse (texts[i], strlen (texts[i]), "the manifest", &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_true (g_str_has_prefix (error->message, "the manifest"));
  }
  g_assert_null (bolo_envelope_parse (long_text, strlen (long_text), "x", NULL));
}

static BoloStationManifest *
make_manifest (void)
{
  BoloStationManifest *manifest = bolo_station_manifest_new ();
  BoloStationList *list = bolo_station_manifest_add_list (manifest, "stolen", 417);

  manifest->serial = 12;
  manifest->issued_us = NOW_US;
  manifest->expires_us = NOW_US + G_TIME_SPAN_DAY;
  manifest->station = g_strdup ("Northshire");
  manifest->car = g_strdup ("*");
  bolo_station_list_add_file (list, "stolen-delta.csv", 10, HASH, 416, "delta's");
  bolo_station_list_add_file (list, "stolen.csv", 100, HASH, 0, "whole's\n");
  g_strfreev (manifest->denied);
  manifest->denied = g_strsplit (HASH, ",", 0);
  g_strfreev (manifest->removed);
  manifest->removed = g_strsplit ("old,older", ",", 0);
  return manifest;
}

static void
test_manifest (void)
{
  g_autoptr (BoloStationManifest) made = make_manifest ();
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;
  g_autoptr (BoloStationManifest) read = NULL;
  g_autoptr (GError) error = NULL;
  const BoloStationList *list;

  made->configuration_file = g_strdup ("configuration-7.json");
  made->configuration_number = 7;
  made->configuration_bytes = 5;
  made->configuration_sha256 = g_strdup (HASH);
  text = bolo_station_manifest_to_text (made);
  read = bolo_station_manifest_parse (text, strlen (text), "x", &error);
  g_assert_no_error (error);
  list = read->lists->pdata[0];
  g_assert_cmpuint (list->number, ==, 417);
  g_assert_cmpstr (((BoloStationFile *) list->files->pdata[0])->signature, ==, "whole's\n");
  g_assert_cmpuint (((BoloStationFile *) list->files->pdata[1])->base, ==, 416);
  g_assert_cmpstr (read->removed[1], ==, "older");
  g_assert_cmpuint (read->configuration_number, ==, 7);
  again = bolo_station_manifest_to_text (read);
  g_assert_cmpstr (again, ==, text);
}

static void
check_current (const char *car, guint64 serial, gint64 now_us, int code)
{
  g_autoptr (BoloStationManifest) manifest = make_manifest ();
  g_autoptr (GError) error = NULL;
  gboolean is_current;

  if (strcmp (car, "KT12") == 0) {
    g_free (manifest->car);
    manifest->car = g_strdup ("KT13");
  }
  is_current = bolo_station_manifest_is_current (manifest, car, serial, now_us,
                                                 5 * G_TIME_SPAN_MINUTE, &error);
  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, BOLO_ERROR, code);
  g_assert_cmpint (is_current, ==, code < 0);
}

static void
test_manifest_current (void)
{
  check_current ("KT1", 11, NOW_US, -1);
  check_current ("KT1", 12, NOW_US, -1);
  check_current ("KT13", 12, NOW_US, -1);
  check_current ("KT12", 12, NOW_US, BOLO_ERROR_PERMISSION);
  check_current ("KT1", 13, NOW_US, BOLO_ERROR_STALE);
  check_current ("KT1", 12, NOW_US + G_TIME_SPAN_DAY + 1, BOLO_ERROR_STALE);
  check_current ("KT1", 12, NOW_US - 4 * G_TIME_SPAN_MINUTE, -1);
  check_current ("KT1", 12, NOW_US - 6 * G_TIME_SPAN_MINUTE, BOLO_ERROR_STALE);
}

/* One change each of a good manifest. */
static void
test_manifest_refused (void)
{
  static const char *const changes[][2] = {
    {"\"serial\":12", "\"serial\":0"},
    {"\"serial\":12", "\"serial\":\"12\""},
    {"2026-03-15", "2026-03-13"},
    {"\"name\":\"stolen\"", "\"name\":\"../stolen\""},
    {"\"file\":\"stolen.csv\"", "\"file\":\"../stolen.csv\""},
    {"\"file\":\"stolen.csv\"", "\"file\":\".stolen\""},
    {"\"base\":416", "\"base\":417"},
    {"\"number\":417", "\"number\":0"},
    {"\"removed\":[\"old\"", "\"removed\":[\"stolen\""},
    {"\"removed\":[\"old\"", "\"removed\":[1"},
    {"\"denied\":[\"01", "\"denied\":[\"0X"},
    {"\"lists\":[{", "\"lists\":[{\"name\":\"x\",\"number\":1,\"files\":[]},{"},
    {"\"configuration\":null", "\"configuration\":{\"number\":1}"},
  };
  g_autoptr (BoloStationManifest) made = make_manifest ();
  g_autofree char *text = bolo_station_manifest_to_text (made);

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_auto (GStrv) parts = g_strsplit (text, changes[i][0], 2);
    g_autofree char *changed = g_strjoinv (changes[i][1], parts);
    g_autoptr (GError) error = NULL;

    g_assert_cmpstr (changed, !=, text);
    g_assert_null (bolo_station_manifest_parse (changed, strlen (changed), "it", &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_true (g_str_has_prefix (error->message, "it"));
  }
}

static void
test_receipt_sum (void)
{
  g_autoptr (BoloReceiptSum) sum = bolo_receipt_sum_new ();
  g_autoptr (BoloReceiptSum) other = bolo_receipt_sum_new ();
  g_autofree char *wanted =
    g_compute_checksum_for_string (G_CHECKSUM_SHA256, "audit 10 1\naudit 9 1\nhit a 2\n", -1);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  guint64 n = 0;

  bolo_receipt_sum_add (sum, "hit", "a", 2);
  bolo_receipt_sum_add (sum, "audit", "9", 1);
  bolo_receipt_sum_add (sum, "audit", "10", 1);
  first = bolo_receipt_sum_get (sum, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpstr (first, ==, wanted);
  bolo_receipt_sum_add (other, "audit", "10", 1);
  bolo_receipt_sum_add (other, "audit", "10", 1);
  bolo_receipt_sum_add (other, "audit", "9", 1);
  bolo_receipt_sum_add (other, "hit", "a", 2);
  second = bolo_receipt_sum_get (other, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpstr (second, ==, wanted);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/envelope/there-and-back", test_envelope);
  g_test_add_func ("/envelope/refused", test_envelope_refused);
  g_test_add_func ("/manifest/there-and-back", test_manifest);
  g_test_add_func ("/manifest/current", test_manifest_current);
  g_test_add_func ("/manifest/refused", test_manifest_refused);
  g_test_add_func ("/receipt-sum", test_receipt_sum);
  return g_test_run ();
}
