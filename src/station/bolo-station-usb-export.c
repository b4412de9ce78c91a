/* bolo-station-usb-export.c: writes the bundle that a car takes home: lists and what was imported
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-usb"

#include "bolo-station-usb.h"

#include "bolo-batch.h"
#include "bolo-bundle-files.h"
#include "bolo-envelope.h"
#include "bolo-error.h"
#include "bolo-json-writer.h"
#include "bolo-new-file.h"
#include "bolo-paths.h"
#include "bolo-receipt-sum.h"
#include "bolo-station-manifest.h"

#include <string.h>

#define NUMBER "number"

/* Export: one bundle under way. */
typedef struct {
  const BoloStationUsb *usb;
  const char *car;
  BoloNewFile *file;        /* (owned) */
  BoloBundleWriter *writer; /* (owned) */
} Export;

static void
export_clear (Export *self)
{
  g_clear_pointer (&self->writer, bolo_bundle_writer_free);
  g_clear_pointer (&self->file, bolo_new_file_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Export, export_clear)

static gboolean
write_out (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  return bolo_new_file_write (data, bytes, length, error);
}

static gboolean
add_file (Export *self, const char *name, const char *bytes, gsize length, GError **error)
{
  g_autofree char *head = bolo_bundle_files_make_head (name, length);

  if (head == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "'%s' cannot name a file for a car",
                 name);
    return FALSE;
  }
  return bolo_bundle_writer_add (self->writer, head, strlen (head), error) &&
         bolo_bundle_writer_add (self->writer, bytes, length, error);
}

static gboolean
add_offered (Export *self, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (self->usb->state, "offered", name, NULL);
  g_autoptr (GMappedFile) map = NULL;
  GError *local = NULL;

  map = g_mapped_file_new (path, FALSE, &local);
  if (map == NULL) {
    bolo_error_take_foreign (error, local, "Cannot read a file that is offered");
    return FALSE;
  }
  return add_file (self, name, g_mapped_file_get_contents (map), g_mapped_file_get_length (map),
                   error);
}

/* The manifest that the running station offers, and what it names. Without one the bundle has none:
 * the car keeps what it holds. */
static gboolean
add_manifest (Export *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->usb->state, "manifest.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (BoloEnvelope) envelope = NULL;
  g_autoptr (BoloStationManifest) manifest = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return TRUE;
  envelope = bolo_envelope_parse (text, length, path, error);
  if (envelope == NULL)
    return FALSE;
  manifest = bolo_station_manifest_parse (envelope->text, strlen (envelope->text), path, error);
  if (manifest == NULL || !add_file (self, BOLO_BUNDLE_MANIFEST, text, length, error))
    return FALSE;
  for (guint i = 0; i < manifest->lists->len; i++) {
    const BoloStationList *list = manifest->lists->pdata[i];

    for (guint j = 0; j < list->files->len; j++)
      if (!add_offered (self, ((const BoloStationFile *) list->files->pdata[j])->file, error))
        return FALSE;
  }
  return manifest->configuration_file == NULL ||
         add_offered (self, manifest->configuration_file, error);
}

/* ---- what was imported --------------------------------------------------------------------- */

/* Account: of what is acknowledged. */
typedef struct {
  BoloReceiptSum *sum; /* (owned) */
  GHashTable *known;   /* (owned): set of lines */
  GString *lines;      /* (owned): "TOPIC ID STATE", each once */
  guint64 counts[BOLO_BATCH_N_TOPICS];
  guint64 n_bytes;
} Account;

static void
account_clear (Account *self)
{
  g_clear_pointer (&self->sum, bolo_receipt_sum_free);
  g_clear_pointer (&self->known, g_hash_table_unref);
  g_string_free (self->lines, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Account, account_clear)

/* A line "TOPIC ID STATE BYTES" once, though several bundles may have brought it; those that a
 * bundle's number stands on are passed over. */
static void
account_for (Account *self, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 5);
  guint n_words = g_strv_length (words);
  char *name;

  /* Without bytes: by an earlier version of ours. */
  if (n_words != 3 && n_words != 4)
    return;
  name = g_strdup_printf ("%s %s %s\n", words[0], words[1], words[2]);
  if (!g_hash_table_add (self->known, name))
    return;
  g_string_append (self->lines, name);
  bolo_receipt_sum_add (self->sum, words[0], words[1], g_ascii_strtoll (words[2], NULL, 10));
  self->counts[bolo_batch_topic_from_word (words[0])]++;
  self->n_bytes += n_words == 4 ? g_ascii_strtoull (words[3], NULL, 10) : 0;
}

static char *
write_receipt (const Export *self, Account *account, guint64 n_items, const char *sha256)
{
  BoloJsonWriter *writer = bolo_json_writer_new ();

  bolo_json_writer_add_text (writer, "station", self->usb->station);
  bolo_json_writer_add_text (writer, "car", self->car);
  bolo_json_writer_add_time (writer, "time", bolo_clock_get_utc_us (self->usb->clock));
  bolo_json_writer_begin_object (writer, "counts");
  for (guint i = BOLO_BATCH_TOPIC_NONE + 1; i < BOLO_BATCH_N_TOPICS; i++)
    if (account->counts[i] > 0)
      bolo_json_writer_add_int (writer, bolo_batch_topic_get_word (i), (gint64) account->counts[i]);
  bolo_json_writer_end_object (writer);
  bolo_json_writer_add_int (writer, "items", (gint64) n_items);
  bolo_json_writer_add_int (writer, "bytes", (gint64) account->n_bytes);
  bolo_json_writer_add_text (writer, "sha256", sha256);
  return bolo_json_writer_finish (writer);
}

/* The station's signed word for all of these. */
static gboolean
add_receipt (Export *self, Account *account, GError **error)
{
  guint64 n_items;
  g_autofree char *sha256 = bolo_receipt_sum_get (account->sum, &n_items);
  g_autofree char *text = write_receipt (self, account, n_items, sha256);
  g_autofree char *envelope =
    bolo_envelope_seal (BOLO_ENVELOPE_RECEIPT, text, self->usb->key, error);

  return envelope != NULL &&
         add_file (self, BOLO_BUNDLE_RECEIPT, envelope, strlen (envelope), error);
}

static gboolean
add_acknowledged (Export *self, GError **error)
{
  g_autofree char *path =
    bolo_station_usb_get_path (self->usb, self->car, BOLO_BUNDLE_ACKNOWLEDGED);
  g_auto (Account) account = {
    .sum = bolo_receipt_sum_new (),
    .known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    .lines = g_string_new (NULL),
  };
  g_autofree char *text = NULL;
  g_auto (GStrv) all = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return TRUE;
  all = g_strsplit (text, "\n", -1);
  for (guint i = 0; all[i] != NULL; i++)
    account_for (&account, all[i]);
  return add_file (self, BOLO_BUNDLE_ACKNOWLEDGED, account.lines->str, account.lines->len, error) &&
         (account.lines->len == 0 || add_receipt (self, &account, error));
}

/* Counts up, durable before the number is used: no two bundles have the same. */
static gboolean
take_number (const BoloStationUsb *usb, const char *car, guint64 *number, GError **error)
{
  g_autofree char *folder = g_build_filename (usb->state, "usb", NULL);
  g_autofree char *path = bolo_station_usb_get_path (usb, car, NUMBER);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *before = NULL;
  g_autofree char *text = NULL;
  g_autoptr (BoloNewFile) file = NULL;

  if (!bolo_paths_ensure_state (folder, error))
    return FALSE;
  g_file_get_contents (path, &before, NULL, NULL);
  *number = (before != NULL ? g_ascii_strtoull (before, NULL, 10) : 0) + 1;
  text = g_strdup_printf ("%" G_GUINT64_FORMAT "\n", *number);
  file = bolo_new_file_open (folder, name, error);
  return file != NULL && bolo_new_file_write (file, text, strlen (text), error) &&
         bolo_new_file_commit (file, error);
}

gboolean
bolo_station_usb_export (
  const BoloStationUsb *usb, const char *car, const char *folder, char **path, GError **error)
{
  g_auto (Export) self = {.usb = usb, .car = car};
  g_auto (BoloBundleHead) head = {.kind = BOLO_BUNDLE_TO_CAR};
  g_autoptr (BoloListKey) key = NULL;
  g_autofree char *name = NULL;
  g_autofree char *start = NULL;

  g_return_val_if_fail (usb != NULL && car != NULL && folder != NULL && path != NULL, FALSE);

  key = bolo_station_usb_load_car_key (usb, car, error);
  if (key == NULL || !take_number (usb, car, &head.number, error))
    return FALSE;
  head.from = g_strdup (usb->station);
  head.to = g_strdup (car);
  head.issued_us = bolo_clock_get_utc_us (usb->clock);
  name = g_strdup_printf ("%s-to-%s-%06" G_GUINT64_FORMAT ".bolo", usb->station, car, head.number);
  start = g_strdup_printf ("%s-to-%s-", usb->station, car);
  bolo_new_file_remove_unfinished (folder, start, ".bolo");
  self.file = bolo_new_file_open (folder, name, error);
  if (self.file == NULL)
    return FALSE;
  self.writer = bolo_bundle_writer_new (&head, usb->key, key, write_out, self.file, error);
  if (self.writer == NULL || !add_manifest (&self, error) || !add_acknowledged (&self, error) ||
      !bolo_bundle_writer_finish (self.writer, error) || !bolo_new_file_commit (self.file, error))
    return FALSE;
  *path = g_build_filename (folder, name, NULL);
  return TRUE;
}
