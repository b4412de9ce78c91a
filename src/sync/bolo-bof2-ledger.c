/* bolo-bof2-ledger.c: by which mark and time each read is known to a BOF2 back office
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-bof2-ledger"

#include "bolo-bof2-ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bolo-error.h"
#include "bolo-list-files.h"

#define FILE_NAME "reads.txt"
#define FILE_BYTES_MAX (64 * 1024 * 1024)
#define ADD "read"
#define SENT "sent"

struct _BoloBof2Ledger {
  char *path;         /* (owned) */
  int file;           /* appended to */
  GHashTable *reads;  /* (owned): "SIGHTING VRM" to BoloBof2Read */
  GHashTable *newest; /* (owned): sighting to its newest BoloBof2Read that is sent, lent */
  GString *unwritten; /* (owned) */
};

static void
read_free (gpointer data)
{
  BoloBof2Read *read = data;

  g_free (read->sighting);
  g_free (read->vrm);
  g_free (read->time);
  g_free (read);
}

static char *
make_key (const char *sighting, const char *vrm)
{
  return g_strconcat (sighting, " ", vrm, NULL);
}

static const BoloBof2Read *
keep (BoloBof2Ledger *self, const BoloBof2Read *read)
{
  BoloBof2Read *copy = g_new (BoloBof2Read, 1);

  *copy = *read;
  copy->sighting = g_strdup (read->sighting);
  copy->vrm = g_strdup (read->vrm);
  copy->time = g_strdup (read->time);
  g_hash_table_insert (self->reads, make_key (read->sighting, read->vrm), copy);
  return copy;
}

static BoloBof2Read *
find (BoloBof2Ledger *self, const char *sighting, const char *vrm)
{
  g_autofree char *key = make_key (sighting, vrm);

  return g_hash_table_lookup (self->reads, key);
}

static void
mark_sent (BoloBof2Ledger *self, BoloBof2Read *read, gboolean has_plate, gboolean has_overview)
{
  read->is_sent = TRUE;
  read->has_plate = has_plate;
  read->has_overview = has_overview;
  g_hash_table_insert (self->newest, read->sighting, read);
}

/* ---- the file ------------------------------------------------------------------------------ */

static void
write_add (GString *out, const BoloBof2Read *read)
{
  g_string_append_printf (out, ADD " %s %s %s %d %" G_GINT64_FORMAT "\n", read->sighting, read->vrm,
                          read->time, read->camera, read->added_us);
}

static void
write_sent (GString *out, const BoloBof2Read *read)
{
  g_string_append_printf (out, SENT " %s %s %d %d\n", read->sighting, read->vrm, read->has_plate,
                          read->has_overview);
}

/* What is no line of ours is passed over: it was cut off, and the read is then sent again. */
static void
read_line (BoloBof2Ledger *self, const char *line, gint64 oldest_us)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 7);
  guint n_words = g_strv_length (words);
  BoloBof2Read *known;

  if (n_words == 6 && g_str_equal (words[0], ADD)) {
    BoloBof2Read read = {.sighting = words[1],
                         .vrm = words[2],
                         .time = words[3],
                         .camera = atoi (words[4]),
                         .added_us = g_ascii_strtoll (words[5], NULL, 10)};

    if (read.added_us >= oldest_us)
      keep (self, &read);
  } else if (n_words == 5 && g_str_equal (words[0], SENT)) {
    known = find (self, words[1], words[2]);
    if (known != NULL)
      mark_sent (self, known, atoi (words[3]), atoi (words[4]));
  }
}

/* What a "sent" says holds for a "read" above it, so these stay in this order. */
static gboolean
rewrite (BoloBof2Ledger *self, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GHashTableIter iter;
  gpointer read;

  g_hash_table_iter_init (&iter, self->reads);
  while (g_hash_table_iter_next (&iter, NULL, &read)) {
    write_add (text, read);
    if (((BoloBof2Read *) read)->is_sent)
      write_sent (text, read);
  }
  return bolo_list_files_replace (self->path, text->str, error);
}

static gboolean
load (BoloBof2Ledger *self, gint64 oldest_us, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *text = bolo_list_files_read_small (self->path, FILE_BYTES_MAX, &local);
  char *line = text;

  if (text == NULL && g_error_matches (local, BOLO_ERROR, BOLO_ERROR_NOT_FOUND))
    return TRUE;
  if (text == NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  for (char *end = strchr (line, '\n'); end != NULL; end = strchr (line, '\n')) {
    *end = '\0';
    read_line (self, line, oldest_us);
    line = end + 1;
  }
  return TRUE;
}

BoloBof2Ledger *
bolo_bof2_ledger_open (const char *folder, gint64 oldest_us, GError **error)
{
  g_autoptr (BoloBof2Ledger) self = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  self = g_new0 (BoloBof2Ledger, 1);
  self->file = -1;
  self->path = g_build_filename (folder, FILE_NAME, NULL);
  self->reads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, read_free);
  self->newest = g_hash_table_new (g_str_hash, g_str_equal);
  self->unwritten = g_string_new (NULL);
  if (!bolo_list_files_make_directory (folder, error) || !load (self, oldest_us, error) ||
      !rewrite (self, error))
    return NULL;
  self->file = open (self->path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
  if (self->file < 0) {
    g_autofree char *what = g_strdup_printf ("Cannot write %s", self->path);

    bolo_error_set_errno (error, errno, what);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
bolo_bof2_ledger_free (BoloBof2Ledger *self)
{
  g_return_if_fail (self != NULL);

  if (self->file >= 0)
    close (self->file);
  g_clear_pointer (&self->newest, g_hash_table_unref);
  g_clear_pointer (&self->reads, g_hash_table_unref);
  g_string_free (self->unwritten, TRUE);
  g_free (self->path);
  g_free (self);
}

/* ---- use ----------------------------------------------------------------------------------- */

const BoloBof2Read *
bolo_bof2_ledger_find (BoloBof2Ledger *self, const char *sighting, const char *vrm)
{
  g_return_val_if_fail (self != NULL && sighting != NULL, NULL);

  return vrm != NULL ? find (self, sighting, vrm) : g_hash_table_lookup (self->newest, sighting);
}

const BoloBof2Read *
bolo_bof2_ledger_add (BoloBof2Ledger *self, const BoloBof2Read *read)
{
  g_return_val_if_fail (self != NULL && read != NULL, NULL);
  g_return_val_if_fail (find (self, read->sighting, read->vrm) == NULL, NULL);

  write_add (self->unwritten, read);
  return keep (self, read);
}

void
bolo_bof2_ledger_note_sent (BoloBof2Ledger *self,
                            const char *sighting,
                            const char *vrm,
                            gboolean has_plate,
                            gboolean has_overview)
{
  BoloBof2Read *read;

  g_return_if_fail (self != NULL && sighting != NULL && vrm != NULL);

  read = find (self, sighting, vrm);
  g_return_if_fail (read != NULL);
  mark_sent (self, read, has_plate, has_overview);
  write_sent (self->unwritten, read);
}

gboolean
bolo_bof2_ledger_sync (BoloBof2Ledger *self, GError **error)
{
  GString *text;
  gssize n = 0;

  g_return_val_if_fail (self != NULL, FALSE);

  text = self->unwritten;
  if (text->len == 0)
    return TRUE;
  while (text->len > 0 && (n >= 0 || errno == EINTR)) {
    n = write (self->file, text->str, text->len);
    if (n > 0)
      g_string_erase (text, 0, n); /* a next try goes on behind what is written */
  }
  if (n < 0 || fdatasync (self->file) < 0) {
    g_autofree char *what = g_strdup_printf ("Cannot write %s", self->path);

    bolo_error_set_errno (error, errno, what);
    return FALSE;
  }
  return TRUE;
}
