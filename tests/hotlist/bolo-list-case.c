/* bolo-list-case.c: a car's lists, and a list's owner who signs
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-case.h"

#include "bolo-list-files.h"

#include <stdio.h>
#include <string.h>

void
list_case_set_up (ListCase *self, gconstpointer data)
{
  g_autofree char *plate = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  g_autofree char *public_path = NULL;
  g_autofree char *public = NULL;
  g_autoptr (GError) error = NULL;

  self->state = g_dir_make_tmp ("bolo-lists-XXXXXX", NULL);
  self->list_path = g_build_filename (self->state, "list.csv", NULL);
  self->signature_path = g_build_filename (self->state, "list.sig", NULL);
  self->rules = bolo_plate_rules_load (plate, NULL);
  self->clock = bolo_clock_new_manual (LIST_CASE_NOW_US);
  self->hotlist = bolo_hotlist_new (self->state, self->rules, self->clock);
  self->key = bolo_list_key_generate ("hq", NULL);
  public_path = g_build_filename (self->state, "hq.pub", NULL);
  public = bolo_list_key_to_text (self->key, FALSE);
  g_assert_true (g_file_set_contents (public_path, public, -1, NULL));
  g_assert_true (bolo_hotlist_trust (self->hotlist, public_path, NULL, &error));
  self->options =
    (BoloImportOptions){.path = self->list_path, .name = "voi", .signature = self->signature_path};
}

void
list_case_tear_down (ListCase *self, gconstpointer data)
{
  g_assert_finalize_object (self->hotlist);
  g_object_unref (self->clock);
  bolo_plate_rules_unref (self->rules);
  bolo_list_key_free (self->key);
  g_assert_true (bolo_list_files_remove_directory (self->state, NULL));
  g_free (self->state);
  g_free (self->list_path);
  g_free (self->signature_path);
}

const char *
list_case_rename (ListCase *self, const char *name)
{
  g_free (self->list_path);
  self->list_path = g_build_filename (self->state, name, NULL);
  return self->list_path;
}

/* Not g_file_set_contents (), which waits for the disk. */
void
list_case_write_bytes (const char *path, const void *bytes, gsize length)
{
  FILE *file = fopen (path, "we");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (bytes, 1, length, file), ==, length);
  g_assert_cmpint (fclose (file), ==, 0);
}

void
list_case_write (ListCase *self, const char *text)
{
  list_case_write_bytes (self->list_path, text, strlen (text));
}

void
list_case_sign (
  ListCase *self, const BoloListKey *key, const char *name, guint64 number, guint64 base)
{
  g_autoptr (BoloListSignature) signature = g_new0 (BoloListSignature, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *file = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (self->list_path, &text, &length, NULL));
  signature->name = g_strdup (name);
  signature->kind = g_strdup ("voi");
  signature->format = g_strdup ("auto");
  signature->revision = g_strdup_printf ("r%" G_GUINT64_FORMAT, number);
  signature->number = number;
  signature->issued_us = LIST_CASE_ISSUED_US;
  signature->size = length;
  signature->sha256 =
    g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, length);
  signature->is_delta = base > 0;
  signature->base = base;
  file = bolo_list_signature_sign (signature, key, &error);
  g_assert_no_error (error);
  list_case_write_bytes (self->signature_path, file, strlen (file));
}

void
list_case_configure (ListCase *self, const char *text)
{
  g_autofree char *path = g_build_filename (self->state, "lists.conf", NULL);

  list_case_write_bytes (path, text, strlen (text));
}

gboolean
list_case_import (ListCase *self, BoloImportReport **report, GError **error)
{
  return bolo_hotlist_import (self->hotlist, &self->options, report, error);
}

guint
list_case_count (ListCase *self, const char *mark)
{
  g_autoptr (GPtrArray) matches = bolo_hotlist_match (self->hotlist, mark, LIST_CASE_NOW_US);

  return matches->len;
}

void
list_case_reopen (ListCase *self)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  g_object_unref (self->hotlist);
  self->hotlist = bolo_hotlist_new (self->state, self->rules, self->clock);
  g_assert_true (bolo_hotlist_load (self->hotlist, problems, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 0);
}

gboolean
list_case_is_whole (ListCase *self, const char *there, const char *gone)
{
  gboolean is_whole = list_case_count (self, there) == 1 && list_case_count (self, gone) == 0;

  list_case_reopen (self);
  return is_whole && list_case_count (self, there) == 1 && list_case_count (self, gone) == 0;
}
