/* bolo-station-usb-import.c: takes what a car's bundle holds into the store
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-usb"

#include "bolo-station-usb.h"

#include "bolo-batch-parser.h"
#include "bolo-bundle-files.h"
#include "bolo-error.h"
#include "bolo-new-file.h"
#include "bolo-paths.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PIECE_BYTES (64 * 1024)
#define KEY_BYTES_MAX 4096

/* Import: one bundle. */
typedef struct {
  const BoloStationUsb *usb;
  BoloStationIntake *intake;
  BoloStationUsbReport *report;
  GHashTable *keys;      /* (owned): names to BoloListKey, or NULL where there is none */
  int plain;             /* file without a name: what was in the bundle */
  GPtrArray *results;    /* (owned) (nullable): of the handful under way */
  GString *acknowledged; /* (owned) */
} Import;

static void
key_free (gpointer key)
{
  if (key != NULL)
    bolo_list_key_free (key);
}

static void
import_clear (Import *self)
{
  if (self->plain >= 0)
    close (self->plain);
  g_clear_pointer (&self->keys, g_hash_table_unref);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  if (self->acknowledged != NULL)
    g_string_free (self->acknowledged, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Import, import_clear)

void
bolo_station_usb_report_clear (BoloStationUsbReport *self)
{
  g_clear_pointer (&self->car, g_free);
}

char *
bolo_station_usb_get_path (const BoloStationUsb *usb, const char *car, const char *what)
{
  g_autofree char *name = g_strconcat (car, ".", what, NULL);

  return g_build_filename (usb->state, "usb", name, NULL);
}

BoloListKey *
bolo_station_usb_load_car_key (const BoloStationUsb *usb, const char *car, GError **error)
{
  g_autofree char *name = g_strconcat (car, ".pub", NULL);
  g_autofree char *path = g_build_filename (usb->car_keys, name, NULL);
  g_autofree char *text = NULL;
  gsize length = 0;
  BoloListKey *key;
  GError *local = NULL;

  if (!bolo_list_key_name_is_good (car) || !g_file_get_contents (path, &text, &length, &local)) {
    g_clear_error (&local);
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND,
                 "there is no key of the car %s in %s; put its CAR.pub there", car, usb->car_keys);
    return NULL;
  }
  if (length > KEY_BYTES_MAX)
    length = KEY_BYTES_MAX;
  key = bolo_list_key_parse (text, length, path, error);
  if (key == NULL || g_str_equal (key->name, car))
    return key;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "%s is the key %s; a car's key has the car's name", path, key->name);
  bolo_list_key_free (key);
  return NULL;
}

/* ---- reading ------------------------------------------------------------------------------- */

static const BoloListKey *
find_key (const char *name, gpointer data)
{
  Import *self = data;
  gpointer key = NULL;

  if (!g_hash_table_lookup_extended (self->keys, name, NULL, &key)) {
    key = bolo_station_usb_load_car_key (self->usb, name, NULL);
    g_hash_table_insert (self->keys, g_strdup (name), key);
  }
  return key;
}

static gboolean
keep_plain (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  Import *self = data;

  while (length > 0) {
    gssize n = write (self->plain, bytes, length);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      bolo_error_set_errno (error, errno, "Cannot keep what is in the bundle");
      return FALSE;
    }
    bytes += n;
    length -= (gsize) n;
  }
  return TRUE;
}

/* What is decrypted has no name: it is gone with us, however we end. */
static gboolean
open_plain (Import *self, GError **error)
{
  g_autofree char *folder = g_build_filename (self->usb->state, "usb", NULL);
  g_autofree char *path = g_build_filename (folder, "import.part", NULL);

  if (!bolo_paths_ensure_state (folder, error))
    return FALSE;
  unlink (path);
  self->plain = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->plain >= 0 && unlink (path) == 0)
    return TRUE;
  bolo_error_set_errno (error, errno, "Cannot keep what is in the bundle");
  return FALSE;
}

static gboolean
check_head (Import *self, const BoloBundleHead *head, GError **error)
{
  const char *wrong = NULL;

  if (head->kind != BOLO_BUNDLE_FROM_CAR)
    wrong = "it is one for a car, not from one";
  else if (!g_str_equal (head->to, self->usb->station))
    wrong = "it is for another station";
  else if (!g_str_equal (head->from, head->key))
    wrong = "it is signed with another car's key";
  if (wrong != NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_PERMISSION, "the bundle cannot be taken: %s", wrong);
    return FALSE;
  }
  self->report->car = g_strdup (head->from);
  self->report->number = head->number;
  self->report->since = head->since;
  return TRUE;
}

/* The whole bundle, proved, before anything of it counts. */
static gboolean
read_bundle (Import *self, const char *path, GError **error)
{
  g_autoptr (BoloBundleReader) reader =
    bolo_bundle_reader_new (self->usb->key, find_key, keep_plain, self);
  g_autofree guint8 *piece = g_malloc (PIECE_BYTES);
  const BoloBundleHead *head;
  gboolean is_good = TRUE;
  gssize n = -1;
  int file = open (path, O_RDONLY | O_CLOEXEC);

  while (is_good && file >= 0 && (n = read (file, piece, PIECE_BYTES)) > 0)
    is_good = bolo_bundle_reader_push (reader, piece, (gsize) n, error);
  if (is_good && n < 0) {
    g_autofree char *what = g_strdup_printf ("Cannot read %s", path);

    bolo_error_set_errno (error, errno, what);
    is_good = FALSE;
  }
  if (file >= 0)
    close (file);
  head = is_good ? bolo_bundle_reader_finish (reader, error) : NULL;
  return head != NULL && check_head (self, head, error);
}

/* ---- storing ------------------------------------------------------------------------------- */

static void
on_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Import *self = user_data;

  self->results = bolo_station_intake_store_finish (BOLO_STATION_INTAKE (source), result);
}

/* Of its body or its picture, as the receipts of a link count them. */
static gsize
count_bytes (const BoloBatchItem *item)
{
  return item->body != NULL ? strlen (item->body) : item->total;
}

static void
count_result (Import *self, const BoloBatchResult *result, gsize bytes)
{
  switch (result->outcome) {
  case BOLO_BATCH_STORED:
  case BOLO_BATCH_KNOWN:
    self->report->n_stored += result->outcome == BOLO_BATCH_STORED;
    self->report->n_known += result->outcome == BOLO_BATCH_KNOWN;
    g_string_append_printf (self->acknowledged, "%s %s %" G_GINT64_FORMAT " %" G_GSIZE_FORMAT "\n",
                            result->word, result->id, result->state, bytes);
    break;
  case BOLO_BATCH_REJECTED:
    self->report->n_rejected++;
    break;
  case BOLO_BATCH_AGAIN:
    self->report->n_again++;
    break;
  case BOLO_BATCH_PARTIAL: /* the rest of the picture follows in the bundle */
  case BOLO_BATCH_UNKNOWN:
  default:
    break;
  }
}

static void
store_handful (Import *self, GPtrArray *items)
{
  if (items->len == 0)
    return;
  bolo_station_intake_store_async (self->intake, self->report->car, NULL, items, TRUE, on_stored,
                                   self);
  while (self->results == NULL)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < self->results->len; i++)
    count_result (self, self->results->pdata[i], count_bytes (items->pdata[i]));
  g_clear_pointer (&self->results, g_ptr_array_unref);
}

/* Gives all whole items that the parser has to the store. */
static gboolean
store_items (Import *self, BoloBatchParser *parser, GError **error)
{
  g_autoptr (GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_batch_item_unref);
  g_autoptr (GError) local = NULL;
  BoloBatchItem *item;

  while ((item = bolo_batch_parser_next (parser, &local)) != NULL)
    g_ptr_array_add (items, item);
  store_handful (self, items);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
store_all (Import *self, GError **error)
{
  g_autoptr (BoloBatchParser) parser = bolo_batch_parser_new (BOLO_BATCH_PICTURE_MAX);
  g_autofree guint8 *piece = g_malloc (PIECE_BYTES);
  BoloBatchItem *rest = NULL;
  gssize n = -1;

  if (lseek (self->plain, 0, SEEK_SET) == 0)
    while ((n = read (self->plain, piece, PIECE_BYTES)) > 0) {
      bolo_batch_parser_push (parser, piece, (gsize) n);
      if (!store_items (self, parser, error))
        return FALSE;
    }
  if (n < 0) {
    bolo_error_set_errno (error, errno, "Cannot read what was in the bundle");
    return FALSE;
  }
  bolo_batch_parser_finish (parser, &rest);
  g_clear_pointer (&rest, bolo_batch_item_unref);
  return TRUE;
}

/* ---- what is acknowledged ------------------------------------------------------------------ */

/* The file is a part a bundle: its number on a line, then lines TOPIC ID STATE BYTES. */
static gboolean
is_number (const char *line)
{
  return *line != '\0' && strspn (line, G_CSET_DIGITS) == strlen (line);
}

static guint64
find_newest (char **lines)
{
  guint64 newest = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    if (is_number (lines[i]))
      newest = MAX (newest, g_ascii_strtoull (lines[i], NULL, 10));
  return newest;
}

/* The parts of bundles that still count, but for this one's, whose lines go to @same. A newer one
 * holds all that the car waits for, with those that it names: older ones are done with. One that
 * comes late takes nothing away. */
static void
keep_parts (const Import *self, char **lines, GString *kept, GString *same)
{
  guint64 number = self->report->number;
  guint64 since = self->report->since > 0 ? self->report->since : number;
  gboolean is_newest = number >= find_newest (lines);
  guint64 part = 0;

  for (guint i = 0; lines[i] != NULL; i++) {
    if (is_number (lines[i]))
      part = g_ascii_strtoull (lines[i], NULL, 10);
    if (*lines[i] == '\0' || (is_number (lines[i]) && part == number))
      continue;
    if (part == number)
      g_string_append_printf (same, "%s\n", lines[i]);
    else if (!is_newest || part >= since)
      g_string_append_printf (kept, "%s\n", lines[i]);
  }
}

/* Each line once, though the bundle was imported before. */
static void
add_part (GString *text, guint64 number, const char *same, const char *now)
{
  g_autofree char *both = g_strconcat (same, now, NULL);
  g_auto (GStrv) lines = g_strsplit (both, "\n", -1);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  g_string_append_printf (text, "%" G_GUINT64_FORMAT "\n", number);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && g_hash_table_add (known, lines[i]))
      g_string_append_printf (text, "%s\n", lines[i]);
}

/* What the car may take out of its outbox, for the next export. */
static gboolean
note_acknowledged (Import *self, GError **error)
{
  g_autofree char *folder = g_build_filename (self->usb->state, "usb", NULL);
  g_autofree char *path =
    bolo_station_usb_get_path (self->usb, self->report->car, BOLO_BUNDLE_ACKNOWLEDGED);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *before = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) same = g_string_new (NULL);
  g_autoptr (BoloNewFile) file = NULL;

  g_file_get_contents (path, &before, NULL, NULL);
  lines = g_strsplit (before != NULL ? before : "", "\n", -1);
  keep_parts (self, lines, text, same);
  add_part (text, self->report->number, same->str, self->acknowledged->str);
  file = bolo_new_file_open (folder, name, error);
  return file != NULL && bolo_new_file_write (file, text->str, text->len, error) &&
         bolo_new_file_commit (file, error);
}

gboolean
bolo_station_usb_import (const BoloStationUsb *usb,
                         BoloStationIntake *intake,
                         const char *path,
                         BoloStationUsbReport *report,
                         GError **error)
{
  g_auto (Import) self = {.usb = usb, .intake = intake, .report = report, .plain = -1};

  g_return_val_if_fail (usb != NULL && BOLO_IS_STATION_INTAKE (intake), FALSE);
  g_return_val_if_fail (path != NULL && report != NULL, FALSE);

  self.keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, key_free);
  self.acknowledged = g_string_new (NULL);
  return open_plain (&self, error) && read_bundle (&self, path, error) &&
         store_all (&self, error) && note_acknowledged (&self, error);
}
