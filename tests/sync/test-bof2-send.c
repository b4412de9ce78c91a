/* test-bof2-send.c: reads and pictures reach a BOF2 back office, each once, whatever it answers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "bof2-case.h"
#include "bolo-error.h"
#include "bolo-picture.h"
#include "bolo-store-samples.h"

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member (object, name);
}

static GPtrArray *
make_closed (guint n)
{
  GPtrArray *items = bof2_case_items ();

  for (guint i = 0; i < n; i++) {
    g_autofree char *text = sample_text (i);
    g_autoptr (BoloSighting) sighting = bof2_case_sighting (i, text, BOLO_SIGHTING_CLOSED);

    g_ptr_array_add (items, bof2_case_read (sighting, 1));
  }
  return items;
}

static void
test_compound (Bof2Case *self, gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_closed (73);
  g_autoptr (GPtrArray) reads = NULL;

  bof2_case_send (self, items, TRUE);
  for (guint i = 0; i < items->len; i++)
    bof2_case_assert_result (items, i, BOLO_RESULT_STORED);
  g_assert_cmpuint (bof2_case_count_calls (self, "sendCompoundCapture"), ==, 2);
  reads = bof2_case_get_reads (self);
  g_assert_cmpuint (reads->len, ==, 73);
  for (guint i = 0; i < reads->len; i++) {
    g_autofree char *text = sample_text (i);
    JsonObject *read = g_ptr_array_index (reads, i);

    g_assert_cmpstr (get_text (read, "vrm"), ==, text);
    g_assert_cmpint (json_object_get_int_member (read, "cameraIdentifier"), ==, 1 + i % 2);
    g_assert_cmpfloat_with_epsilon (json_object_get_double_member (read, "latitude"), 51.4816,
                                    0.00001);
    g_assert_cmpint (json_object_get_int_member (read, "confidencePercentage"), ==, 88);
  }
  /* Everything again, also after a restart: it is known, and nothing goes. */
  bof2_case_send (self, items, TRUE);
  bof2_case_reopen (self, NULL);
  bof2_case_send (self, items, TRUE);
  bof2_case_assert_result (items, 72, BOLO_RESULT_KNOWN);
  g_assert_cmpuint (bof2_case_count_calls (self, "sendCompoundCapture"), ==, 2);
}

/* A hit goes with its first state; what follows of the same mark is known by it, and a corrected
 * mark is a read of its own. */
static void
test_states (Bof2Case *self, gconstpointer data)
{
  g_autoptr (GPtrArray) items = bof2_case_items ();
  g_autoptr (BoloSighting) first = bof2_case_sighting (3, "AB12CDE", BOLO_SIGHTING_PROVISIONAL);
  g_autoptr (BoloSighting) closed = bof2_case_sighting (3, "AB12CDE", BOLO_SIGHTING_CLOSED);
  g_autoptr (BoloSighting) corrected = bof2_case_sighting (3, "AB12CDF", BOLO_SIGHTING_CORRECTED);
  g_autoptr (BoloSighting) passing = bof2_case_sighting (4, "XY34ZZZ", BOLO_SIGHTING_PROVISIONAL);
  g_autoptr (GPtrArray) reads = NULL;

  closed->captured_us += 500000; /* another frame was the best one */
  passing->last_us = bolo_clock_get_utc_us (self->clock);
  g_ptr_array_add (items, bof2_case_hit (first));
  g_ptr_array_add (items, bof2_case_read (first, 1));
  g_ptr_array_add (items, bof2_case_read (closed, 2));
  g_ptr_array_add (items, bof2_case_read (passing, 1));
  bof2_case_send (self, items, TRUE);
  for (guint i = 0; i < 3; i++)
    bof2_case_assert_result (items, i, BOLO_RESULT_STORED);
  bof2_case_assert_result (items, 3, BOLO_RESULT_AGAIN);
  g_ptr_array_set_size (items, 0);
  g_ptr_array_add (items, bof2_case_read (closed, 2));
  g_ptr_array_add (items, bof2_case_read (corrected, 3));
  bof2_case_send (self, items, TRUE);
  bof2_case_assert_result (items, 0, BOLO_RESULT_KNOWN);
  bof2_case_assert_result (items, 1, BOLO_RESULT_STORED);
  reads = bof2_case_get_reads (self);
  g_assert_cmpuint (reads->len, ==, 2);
  g_assert_cmpstr (get_text (g_ptr_array_index (reads, 0), "vrm"), ==, "AB12CDE");
  g_assert_cmpstr (get_text (g_ptr_array_index (reads, 1), "vrm"), ==, "AB12CDF");
}

/* A pass whose end was never written, by a power cut, goes as it is. */
static void
test_never_closed (Bof2Case *self, gconstpointer data)
{
  g_autoptr (GPtrArray) items = bof2_case_items ();
  g_autoptr (BoloSighting) first = bof2_case_sighting (3, "AB12CDE", BOLO_SIGHTING_PROVISIONAL);

  g_ptr_array_add (items, bof2_case_read (first, 1));
  bof2_case_send (self, items, TRUE);
  bof2_case_assert_result (items, 0, BOLO_RESULT_STORED);
}

static void
check_picture (JsonObject *call, JsonObject *read, const char *kind)
{
  JsonObject *values = json_object_get_object_member (call, "values");
  JsonObject *image = json_object_get_object_member (values, "binaryImage");
  gboolean is_plate = g_str_equal (kind, "P");
  gsize length = 0;
  g_autofree guchar *jpeg = g_base64_decode (get_text (image, "data"), &length);
  BoloPictureInfo info;

  g_assert_cmpstr (get_text (values, "binaryDataType"), ==, kind);
  /* What the back office knows the read by is the same, byte for byte. */
  g_assert_cmpstr (get_text (values, "vrm"), ==, get_text (read, "vrm"));
  g_assert_cmpstr (get_text (values, "captureTime"), ==, get_text (read, "captureTime"));
  g_assert_cmpint (json_object_get_int_member (values, "cameraIdentifier"), ==,
                   json_object_get_int_member (read, "cameraIdentifier"));
  g_assert_true (bolo_picture_probe (jpeg, length, "x", &info, NULL));
  g_assert_cmpuint (length, <=, is_plate ? BOLO_BOF2_PATCH_BYTES : BOLO_BOF2_OVERVIEW_BYTES);
  if (is_plate) {
    g_assert_cmpint (info.width, <=, BOLO_BOF2_PATCH_WIDTH);
    g_assert_cmpint (info.height, <=, BOLO_BOF2_PATCH_HEIGHT);
  }
}

static void
test_pictures (Bof2Case *self, gconstpointer data)
{
  g_autoptr (GPtrArray) items = bof2_case_items ();
  g_autoptr (BoloSighting) sighting = bof2_case_sighting (3, "AB12CDE", BOLO_SIGHTING_CLOSED);
  g_autoptr (BoloSighting) stranger = bof2_case_sighting (4, "XY34ZZZ", BOLO_SIGHTING_CLOSED);
  g_autoptr (GPtrArray) calls = NULL;
  g_autoptr (GPtrArray) reads = NULL;
  BoloOutgoing *damaged = bof2_case_picture (sighting, FALSE);

  /* In this order of the queue: the text still goes first. */
  g_ptr_array_add (items, bof2_case_picture (sighting, FALSE));
  g_ptr_array_add (items, bof2_case_picture (sighting, TRUE));
  g_ptr_array_add (items, bof2_case_picture (stranger, TRUE));
  g_clear_pointer (&damaged->picture, g_bytes_unref);
  damaged->picture = g_bytes_new_static ("\xff\xd8 damaged", 10);
  g_ptr_array_add (items, damaged);
  g_ptr_array_add (items, bof2_case_read (sighting, 1));
  bof2_case_send (self, items, TRUE);
  bof2_case_assert_result (items, 0, BOLO_RESULT_STORED);
  bof2_case_assert_result (items, 1, BOLO_RESULT_STORED);
  bof2_case_assert_result (items, 2, BOLO_RESULT_AGAIN);
  bof2_case_assert_result (items, 3, BOLO_RESULT_REJECTED);
  calls = bof2_double_read (self->office, "calls.jsonl");
  reads = bof2_case_get_reads (self);
  g_assert_cmpuint (calls->len, ==, 4); /* ping, text, two pictures */
  check_picture (g_ptr_array_index (calls, 2), g_ptr_array_index (reads, 0), "P");
  check_picture (g_ptr_array_index (calls, 3), g_ptr_array_index (reads, 0), "C");
}

static GBytes *
load_picture (const char *sighting, gboolean is_overview, gpointer data)
{
  return is_overview ? NULL : bof2_case_jpeg (300, 100);
}

/* sendCapture with what there is; the rest by itself. */
static void
test_with_pictures (Bof2Case *self, gconstpointer data)
{
  g_autoptr (GPtrArray) items = bof2_case_items ();
  g_autoptr (BoloSighting) sighting = bof2_case_sighting (3, "AB12CDE", BOLO_SIGHTING_CLOSED);
  g_autoptr (GPtrArray) reads = NULL;
  JsonObject *read;

  bolo_bof2_transport_set_picture_source (BOLO_BOF2_TRANSPORT (self->transport), load_picture,
                                          NULL);
  g_ptr_array_add (items, bof2_case_read (sighting, 1));
  g_ptr_array_add (items, bof2_case_picture (sighting, FALSE));
  g_ptr_array_add (items, bof2_case_picture (sighting, TRUE));
  bof2_case_send (self, items, TRUE);
  bof2_case_assert_result (items, 0, BOLO_RESULT_STORED);
  bof2_case_assert_result (items, 1, BOLO_RESULT_KNOWN);
  bof2_case_assert_result (items, 2, BOLO_RESULT_STORED);
  reads = bof2_case_get_reads (self);
  g_assert_cmpuint (reads->len, ==, 1);
  read = g_ptr_array_index (reads, 0);
  g_assert_cmpint (
    json_object_get_int_member (json_object_get_object_member (read, "plateJpegImage"), "bytes"),
    <=, BOLO_BOF2_PATCH_BYTES);
  g_assert_true (json_object_get_null_member (read, "overviewJpegImage"));
  g_assert_cmpuint (bof2_case_count_calls (self, "addBinaryCaptureData"), ==, 1);
}

static void
test_compact (Bof2Case *self, gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_closed (3);

  bof2_case_send (self, items, TRUE);
  g_assert_cmpuint (bof2_case_count_calls (self, "sendCompactCapture"), ==, 3);
  bof2_case_assert_result (items, 2, BOLO_RESULT_STORED);
}

/* What is not a success by the rules takes nothing out of the outbox. */
static void
test_answers (Bof2Case *self, gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_closed (2);
  g_autofree char *kept = NULL;
  g_autofree char *path = g_build_filename (self->folder, "answers.jsonl", NULL);

  bof2_double_write (self->office, "script.json",
                     "{\"sendCompoundCapture\": [{\"text\": \"busy\"}, {\"text\": \"Danke\"},"
                     "{\"fault\": \"OK\"}, {\"status\": 500}, {\"status\": 503}, {\"status\": 302},"
                     "{\"body\": \"<html>OK</html>\"}, {\"text\": \"OK\"}]}");
  for (guint i = 0; i < 3; i++) {
    bof2_case_send (self, items, TRUE);
    bof2_case_assert_result (items, 0, BOLO_RESULT_AGAIN);
    bof2_case_assert_result (items, 1, BOLO_RESULT_AGAIN);
  }
  for (guint i = 0; i < 4; i++) {
    bolo_outgoing_answer (g_ptr_array_index (items, 0), BOLO_RESULT_UNKNOWN, NULL);
    bof2_case_send (self, items, FALSE);
    bof2_case_assert_result (items, 0, BOLO_RESULT_UNKNOWN);
  }
  bof2_case_send (self, items, TRUE);
  bof2_case_assert_result (items, 0, BOLO_RESULT_STORED);
  g_assert_true (g_file_get_contents (path, &kept, NULL, NULL));
  g_assert_nonnull (strstr (kept, "\"answer\":\"Danke\""));
  g_assert_nonnull (strstr (kept, "\"means\":\"unknown\""));
  g_assert_nonnull (strstr (kept, "soapenv:Server.userException: OK"));
}

/* One bad read in a call is found; the others go. */
static void
test_reject (Bof2Case *self, gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_closed (3);

  bof2_double_write (self->office, "script.json",
                     "{\"sendCompoundCapture\": [{\"text\": \"one is invalid\", \"keep\": false},"
                     "{\"text\": \"OK\"}, {\"text\": \"invalid\", \"keep\": false},"
                     "{\"text\": \"OK\"}]}");
  bof2_case_send (self, items, TRUE);
  bof2_case_assert_result (items, 0, BOLO_RESULT_STORED);
  bof2_case_assert_result (items, 1, BOLO_RESULT_REJECTED);
  bof2_case_assert_result (items, 2, BOLO_RESULT_STORED);
  g_assert_cmpuint (bof2_case_count_calls (self, "sendCompoundCapture"), ==, 2);
}

/* The answer is lost: the same text goes again, though a later state came meanwhile, so that the
 * back office can know it for the same read. */
static void
test_lost_answer (Bof2Case *self, gconstpointer data)
{
  g_autoptr (GPtrArray) items = bof2_case_items ();
  g_autoptr (BoloSighting) first = bof2_case_sighting (3, "AB12CDE", BOLO_SIGHTING_PROVISIONAL);
  g_autoptr (BoloSighting) closed = bof2_case_sighting (3, "AB12CDE", BOLO_SIGHTING_CLOSED);
  g_autoptr (GPtrArray) reads = NULL;

  bof2_double_write (self->office, "script.json",
                     "{\"sendCompoundCapture\": [{\"cut\": 300}, {\"text\": \"OK\"}]}");
  closed->captured_us += 500000;
  g_ptr_array_add (items, bof2_case_hit (first));
  bof2_case_send (self, items, FALSE);
  bof2_case_assert_result (items, 0, BOLO_RESULT_UNKNOWN);
  bof2_case_reopen (self, NULL);
  g_ptr_array_add (items, bof2_case_read (closed, 2));
  bof2_case_send (self, items, TRUE);
  reads = bof2_case_get_reads (self);
  g_assert_cmpuint (reads->len, ==, 2);
  g_assert_cmpstr (get_text (g_ptr_array_index (reads, 0), "captureTime"), ==,
                   get_text (g_ptr_array_index (reads, 1), "captureTime"));
}

/* No sentence, no file but the answers' own, holds a mark or the secret. */
static void
test_bad_reads (Bof2Case *self, gconstpointer data)
{
  g_autoptr (GPtrArray) items = bof2_case_items ();
  g_autoptr (BoloSighting) bad = bof2_case_sighting (1, "AB|2CDE", BOLO_SIGHTING_CLOSED);
  g_autoptr (BoloSighting) nowhere = bof2_case_sighting (2, "AB12CDE", BOLO_SIGHTING_CLOSED);
  g_autoptr (BoloSighting) unknown = bof2_case_sighting (4, "AB12CDF", BOLO_SIGHTING_CLOSED);
  g_autoptr (GPtrArray) reads = NULL;

  g_clear_pointer (&nowhere->fix, bolo_fix_unref);
  g_free (unknown->camera);
  unknown->camera = g_strdup ("roof");
  g_ptr_array_add (items, bof2_case_read (bad, 1));
  g_ptr_array_add (items, bof2_case_read (nowhere, 1));
  g_ptr_array_add (items, bof2_case_read (unknown, 1));
  bof2_case_send (self, items, TRUE);
  bof2_case_assert_result (items, 0, BOLO_RESULT_REJECTED);
  bof2_case_assert_result (items, 1, BOLO_RESULT_STORED);
  bof2_case_assert_result (items, 2, BOLO_RESULT_AGAIN);
  for (guint i = 0; i < items->len; i++) {
    const BoloOutgoing *item = g_ptr_array_index (items, i);

    g_assert_true (item->reason == NULL || strstr (item->reason, "CD") == NULL);
  }
  reads = bof2_case_get_reads (self);
  g_assert_true (json_object_get_null_member (g_ptr_array_index (reads, 0), "latitude"));
}

static void
test_secret (void)
{
  g_test_trap_subprocess ("/bof2-send/subprocess/secret", 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout_unmatched ("*" BOF2_SECRET "*");
  g_test_trap_assert_stderr_unmatched ("*" BOF2_SECRET "*");
  g_test_trap_assert_stdout ("*asked everything*"); /* and debugging was on */
}

/* Everything that can go wrong, with all debugging on; the server echoes the secret. */
static void
test_secret_inside (Bof2Case *self, gconstpointer data)
{
  g_autoptr (GPtrArray) items = make_closed (2);
  g_autofree char *secret = bof2_double_get_path (self->office, "secret");

  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  bof2_double_write (self->office, "script.json",
                     "{\"sendCompoundCapture\": [{\"text\": \"" BOF2_SECRET " is busy\"},"
                     "{\"fault\": \"" BOF2_SECRET "\"}, {\"status\": 503},"
                     "{\"text\": \"invalid " BOF2_SECRET "\"}]}");
  for (guint i = 0; i < 4; i++) {
    g_autoptr (GError) error = NULL;

    bolo_transport_send (self->transport, items, NULL, &error);
    g_printerr ("%s\n", error != NULL ? error->message : "no error");
    for (guint j = 0; j < items->len; j++)
      g_printerr ("%s\n", ((BoloOutgoing *) g_ptr_array_index (items, j))->reason);
  }
  g_assert_false (sample_folder_has_text (self->folder, BOF2_SECRET));
  g_assert_true (sample_folder_has_text (self->folder, "(secret) is busy"));
  g_unlink (secret);
  g_log ("test", G_LOG_LEVEL_DEBUG, "asked everything");
}

#define ADD(path, settings, func)                                                                  \
  g_test_add (path, Bof2Case, settings, bof2_case_set_up, func, bof2_case_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/bof2-send/compound", NULL, test_compound);
  ADD ("/bof2-send/states", NULL, test_states);
  ADD ("/bof2-send/never-closed", NULL, test_never_closed);
  ADD ("/bof2-send/pictures", NULL, test_pictures);
  ADD ("/bof2-send/with-pictures", "[captures]\ncall=capture\npictures=with\n", test_with_pictures);
  ADD ("/bof2-send/compact", "[captures]\ncall=compact\n", test_compact);
  ADD ("/bof2-send/answers", NULL, test_answers);
  ADD ("/bof2-send/reject", NULL, test_reject);
  ADD ("/bof2-send/lost-answer", NULL, test_lost_answer);
  ADD ("/bof2-send/bad-reads", NULL, test_bad_reads);
  ADD ("/bof2-send/subprocess/secret", NULL, test_secret_inside);
  g_test_add_func ("/bof2-send/secret", test_secret);
  return g_test_run ();
}
