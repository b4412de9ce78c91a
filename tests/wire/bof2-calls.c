/* bof2-calls.c: writes a call of each BOF2 service into a folder, for the checker
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-bof2-capture.h"
#include "bolo-bof2-services.h"

#include <stdlib.h>

#define SECRET "open <sesame> & co"

static const BoloBof2Caller caller = {SECRET, "car.7", 12, 34};

static void
save (const char *folder,
      const char *file,
      const BoloSoapTable *table,
      const char *operation,
      BoloSoapValues *values)
{
  const BoloSoapService *service = bolo_soap_table_find (table, operation);
  g_autofree char *name = g_strdup_printf ("%s.%s", file, service->path);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) envelope = bolo_soap_request_write (service, values, &error);

  g_assert_no_error (error);
  g_file_set_contents (path, g_bytes_get_data (envelope, NULL),
                       (gssize) g_bytes_get_size (envelope), &error);
  g_assert_no_error (error);
  bolo_soap_values_free (values);
}

static BoloBof2Capture
make_capture (const char *time)
{
  return (BoloBof2Capture){.vrm = "AB12CDE",
                           .camera = 3,
                           .time = time,
                           .has_position = TRUE,
                           .latitude_deg = 51.5,
                           .longitude_deg = -0.12,
                           .confidence_percent = 93,
                           .is_toward = 1};
}

static void
save_captures (const char *folder, const BoloSoapTable *table)
{
  g_autofree char *time = bolo_bof2_format_time (G_GINT64_CONSTANT (1769850902120000), NULL);
  g_autoptr (GBytes) picture = g_bytes_new_static ("\xff\xd8 no picture \0 at all", 22);
  BoloBof2Capture capture = make_capture (time);
  BoloSoapValues *values = bolo_soap_values_new ();

  for (guint i = 0; i < BOLO_BOF2_COMPOUND_MAX; i++) {
    char *compact = bolo_bof2_capture_to_compact (&capture, &caller, NULL);

    bolo_soap_values_add_text (values, "captures", compact);
    bolo_bof2_wipe_free (compact);
  }
  save (folder, "full", table, "sendCompoundCapture", values);
  capture.has_position = FALSE;
  capture.confidence_percent = -1;
  capture.is_toward = -1;
  save (folder, "bare", table, "sendCapture",
        bolo_bof2_capture_to_values (&capture, &caller, NULL));
  values = bolo_soap_values_new ();
  {
    char *compact = bolo_bof2_capture_to_compact (&capture, &caller, NULL);

    bolo_soap_values_set_text (values, "capture", compact);
    bolo_bof2_wipe_free (compact);
  }
  save (folder, "bare", table, "sendCompactCapture", values);
  capture = make_capture (time);
  capture.plate = picture;
  capture.overview = picture;
  save (folder, "full", table, "sendCapture",
        bolo_bof2_capture_to_values (&capture, &caller, NULL));
  save (folder, "full", table, "addBinaryCaptureData",
        bolo_bof2_capture_to_picture (&capture, &caller, picture, "P", NULL));
}

static BoloSoapValues *
begin (void)
{
  BoloSoapValues *values = bolo_soap_values_new ();

  bolo_soap_values_set_text (values, "secret", SECRET);
  bolo_soap_values_set_text (values, "username", "car.7");
  bolo_soap_values_set_int (values, "source", 34);
  return values;
}

static void
save_lists (const char *folder, const BoloSoapTable *table)
{
  static const char *const first[] = {"current", "17", "name", "stolen", NULL};
  static const char *const second[] = {"name", "voi", NULL};
  BoloSoapValues *values = begin ();

  bolo_soap_values_set_int (values, "revision", -1);
  save (folder, "full", table, "getRepoStatus", values);
  save (folder, "full", table, "getHotlistStatus", begin ());
  values = begin ();
  bolo_soap_values_set_text (values, "list", "stolen");
  save (folder, "full", table, "getHotlistUpdates", values);
  values = begin ();
  bolo_soap_values_set_text (values, "list", "stolen");
  bolo_soap_values_set_int (values, "size", 2000000);
  save (folder, "full", table, "getHotlistUpdatesRestrictSize", values);
  values = begin ();
  bolo_soap_values_add_record (values, "revisions", first);
  bolo_soap_values_add_record (values, "revisions", second);
  save (folder, "full", table, "setHotlistStatus", values);
}

static void
save_rest (const char *folder, const BoloSoapTable *table)
{
  BoloSoapValues *values = begin ();

  bolo_soap_values_set_int (values, "reason", 4);
  bolo_soap_values_set_text (values, "vrm", "AB12CDE");
  save (folder, "full", table, "manualCheck", values);
  save (folder, "full", table, "fastTrackResponses", begin ());
  save (folder, "full", table, "pingPNC", begin ());
  save (folder, "full", table, "ping", begin ());
}

/* bof2-calls FOLDER [KEY-FILE] */
int
main (int argc, char **argv)
{
  static const BoloKeySpec specs[] = {BOLO_SOAP_SPECS, {0}};
  g_autoptr (BoloSoapTable) table = bolo_bof2_services_new ();

  g_assert_cmpint (argc, >=, 2);
  if (argc > 2) {
    g_autoptr (GError) error = NULL;
    g_autoptr (BoloKeyFile) file = bolo_key_file_load (argv[2], specs, &error);

    if (file == NULL || !bolo_soap_table_override (table, file, &error)) {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  }
  save_captures (argv[1], table);
  save_lists (argv[1], table);
  save_rest (argv[1], table);
  return 0;
}
