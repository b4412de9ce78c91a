/* test-bof2-capture.c: a read as BOF2 takes it, what cannot be sent, and what an answer means
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-bof2-capture.h"
#include "bolo-bof2-rules.h"
#include "bolo-bof2-services.h"
#include "bolo-error.h"

#include <math.h>
#include <string.h>

#define SECRET "open-sesame"
#define MARK "AB12CDE"

static const BoloBof2Caller caller = {SECRET, "car.7", 12, 34};

static BoloBof2Capture
make_capture (void)
{
  return (BoloBof2Capture){.vrm = MARK,
                           .camera = 3,
                           .time = "2026-01-31T09:15:02.120Z",
                           .has_position = TRUE,
                           .latitude_deg = 51.5,
                           .longitude_deg = -0.12,
                           .confidence_percent = 93,
                           .is_toward = 1};
}

static void
test_compact (void)
{
  BoloBof2Capture capture = make_capture ();
  g_autoptr (GError) error = NULL;
  g_autofree char *full = bolo_bof2_capture_to_compact (&capture, &caller, &error);
  g_autofree char *bare = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (full, ==,
                   SECRET "|car.7|" MARK "|12|34|3|2026-01-31T09:15:02.120Z|51.50000|-0.12000|0||||"
                          "93|true");
  capture.has_position = FALSE;
  capture.confidence_percent = -1;
  capture.is_toward = -1;
  bare = bolo_bof2_capture_to_compact (&capture, &caller, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bare, ==, SECRET "|car.7|" MARK "|12|34|3|2026-01-31T09:15:02.120Z|||0|||||");
}

/* Each of these is one that cannot be sent, and nothing of it may be told. */
static void
assert_refused (const BoloBof2Capture *capture, const BoloBof2Caller *by, const char *why)
{
  g_autoptr (GBytes) image = g_bytes_new_static ("x", 1);

  for (guint i = 0; i < 3; i++) {
    g_autoptr (GError) error = NULL;
    gpointer made = i == 0   ? (gpointer) bolo_bof2_capture_to_compact (capture, by, &error)
                    : i == 1 ? (gpointer) bolo_bof2_capture_to_values (capture, by, &error)
                             : bolo_bof2_capture_to_picture (capture, by, image, "P", &error);

    g_assert_null (made);
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, why));
    g_assert_null (strstr (error->message, SECRET));
    g_assert_null (strstr (error->message, "12CDE"));
  }
}

static void
test_marks_and_times (void)
{
  static const char *const marks[] = {"", "AB 12CDE", "ab12CDE", "AB|12CDE", "AB12CDE\n", "\xff"};
  static const char *const times[] = {"",
                                      "2026-01-31T09:15:02Z",
                                      "2026-01-31T09:15:02.12Z",
                                      "2026-01-31T09:15:02.120",
                                      "2026-02-31T09:15:02.120Z",
                                      "2026-01-31 09:15:02.120Z",
                                      "31/01/2026"};

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++) {
    BoloBof2Capture capture = make_capture ();

    capture.vrm = marks[i];
    assert_refused (&capture, &caller, "the mark");
  }
  for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
    BoloBof2Capture capture = make_capture ();

    capture.time = times[i];
    assert_refused (&capture, &caller, "the time");
  }
}

/* The same instant as UTC and as a clock an hour ahead shows it. */
static void
test_zones (void)
{
  g_autoptr (GTimeZone) ahead = g_time_zone_new_identifier ("+01:00");
  g_autofree char *utc = bolo_bof2_format_time (G_GINT64_CONSTANT (1780304462007999), NULL);
  g_autofree char *local = bolo_bof2_format_time (G_GINT64_CONSTANT (1780304462007999), ahead);
  BoloBof2Capture capture = make_capture ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (utc, ==, "2026-06-01T09:01:02.007Z");
  g_assert_cmpstr (local, ==, "2026-06-01T10:01:02.007+01:00");
  capture.time = local;
  g_assert_true (bolo_bof2_capture_check (&capture, &caller, &error));
  g_assert_no_error (error);
}

static void
test_numbers (void)
{
  static const int ids[] = {0, -1, 32768};
  static const double places[][2] = {{0, 0}, {91, 0}, {0, 181}, {NAN, 0}, {1, INFINITY}};
  BoloBof2Capture capture = make_capture ();

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    BoloBof2Caller by = caller;

    capture = make_capture ();
    capture.camera = ids[i];
    assert_refused (&capture, &caller, "1 to 32767");
    capture.camera = 1;
    by.feed = ids[i];
    assert_refused (&capture, &by, "1 to 32767");
    by = caller;
    by.source = ids[i];
    assert_refused (&capture, &by, "1 to 32767");
  }
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    capture = make_capture ();
    capture.latitude_deg = places[i][0];
    capture.longitude_deg = places[i][1];
    assert_refused (&capture, &caller, "the position");
  }
  capture = make_capture ();
  capture.confidence_percent = 101;
  assert_refused (&capture, &caller, "0 to 100");
}

static void
test_callers (void)
{
  static const char *const words[] = {"", "open|sesame", "open-sesame\n", NULL};
  BoloBof2Capture capture = make_capture ();

  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    BoloBof2Caller by = caller;

    by.secret = words[i];
    assert_refused (&capture, &by, "the secret must be");
    by = caller;
    by.username = words[i];
    assert_refused (&capture, &by, "the username must be");
  }
}

/* What is not of its type is named by its part, and not told. */
static void
test_bad_parts (void)
{
  static const struct {
    const char *operation, *meaning, *value, *part;
  } parts[] = {
    {"sendCapture", "secret", "a\x01" SECRET, "signatureOfSender must be a string"},
    {"sendCapture", "feed", "99999", "feedIdentifier must be a short"},
    {"sendCapture", "confidence", "200", "confidencePercentage must be a byte"},
    {"sendCapture", "motion", MARK, "motionTowardCamera must be a boolean"},
    {"sendCapture", "latitude", "nan", "latitude must be a float"},
    {"sendCapture", "latitude", "", "latitude must be a float"},
    {"sendCapture", "plate", MARK, "plateJpegImage must be a base64Binary"},
    {"getRepoStatus", "revision", "17a", "revNumber must be a long"},
    {"sendCompoundCapture", "captures", MARK, "captures must be a strings"},
  };
  g_autoptr (BoloSoapTable) table = bolo_bof2_services_new ();

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autoptr (BoloSoapValues) values = bolo_soap_values_new ();
    g_autoptr (GError) error = NULL;

    bolo_soap_values_set_text (values, parts[i].meaning, parts[i].value);
    g_assert_null (
      bolo_soap_request_write (bolo_soap_table_find (table, parts[i].operation), values, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, parts[i].part));
    g_assert_null (strstr (error->message, SECRET));
    g_assert_null (strstr (error->message, MARK));
  }
}

static BoloBof2Verdict
judge (const BoloBof2Rules *rules, const char *text, gboolean is_fault)
{
  BoloSoapReply reply = {.is_fault = is_fault, .text = (char *) text};

  return bolo_bof2_rules_judge (rules, &reply);
}

static void
test_rules (void)
{
  static const char *const success[] = {"^OK\\b", "already", NULL};
  static const char *const retry[] = {"busy", "Server", NULL};
  static const char *const reject[] = {"invalid", "Client", NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloBof2Rules) rules = bolo_bof2_rules_new (success, retry, reject, &error);
  g_autofree char *endless = g_strnfill (100000, 'O');

  g_assert_no_error (error);
  g_assert_cmpint (judge (rules, "OK 50", FALSE), ==, BOLO_BOF2_SUCCESS);
  g_assert_cmpint (judge (rules, "ok", FALSE), ==, BOLO_BOF2_SUCCESS);
  g_assert_cmpint (judge (rules, "OKAY", FALSE), ==, BOLO_BOF2_UNKNOWN);
  g_assert_cmpint (judge (rules, "OK, but line 3 is invalid", FALSE), ==, BOLO_BOF2_REJECT);
  g_assert_cmpint (judge (rules, "already here, but busy", FALSE), ==, BOLO_BOF2_RETRY);
  g_assert_cmpint (judge (rules, "OK", TRUE), ==, BOLO_BOF2_UNKNOWN);
  g_assert_cmpint (judge (rules, "soapenv:Server: x", TRUE), ==, BOLO_BOF2_RETRY);
  g_assert_cmpint (judge (rules, "soapenv:Client: x", TRUE), ==, BOLO_BOF2_REJECT);
  g_assert_cmpint (judge (rules, NULL, FALSE), ==, BOLO_BOF2_UNKNOWN);
  g_assert_cmpint (judge (rules, "", FALSE), ==, BOLO_BOF2_UNKNOWN);
  g_assert_cmpint (judge (rules, endless, FALSE), ==, BOLO_BOF2_UNKNOWN);
}

static void
test_bad_rules (void)
{
  static const char *const broken[] = {"OK(", NULL};
  g_autoptr (GError) error = NULL;

  g_assert_null (bolo_bof2_rules_new (broken, NULL, NULL, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "'OK('"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bof2-capture/compact", test_compact);
  g_test_add_func ("/bof2-capture/marks-and-times", test_marks_and_times);
  g_test_add_func ("/bof2-capture/zones", test_zones);
  g_test_add_func ("/bof2-capture/numbers", test_numbers);
  g_test_add_func ("/bof2-capture/callers", test_callers);
  g_test_add_func ("/bof2-capture/bad-parts", test_bad_parts);
  g_test_add_func ("/bof2-capture/rules", test_rules);
  g_test_add_func ("/bof2-capture/bad-rules", test_bad_rules);
  return g_test_run ();
}
