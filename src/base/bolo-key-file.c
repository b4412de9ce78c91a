/* bolo-key-file.c: key files that know their lines, so that a mistake is named where it stands
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-key-file.h"

#include "bolo-error.h"

#include <math.h>
#include <string.h>

/* A key file is written by a person; anything larger is a wrong file. */
#define FILE_LIMIT (4 * 1024 * 1024)

struct _BoloKeyFile {
  char *name;        /* (owned) */
  GKeyFile *keys;    /* (owned) */
  GHashTable *lines; /* (owned) "group\nkey" -> line */
};

void
bolo_key_file_free (BoloKeyFile *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->keys, g_key_file_unref);
  g_clear_pointer (&self->lines, g_hash_table_unref);
  g_free (self->name);
  g_free (self);
}

/* Edits between two words: insert, delete, replace, and swapped neighbours count one each. */
static guint
count_edits (const char *a, const char *b)
{
  gsize length = strlen (b);
  g_autofree guint *row = g_new (guint, length + 1);

  for (gsize j = 0; j <= length; j++)
    row[j] = (guint) j;
  for (gsize i = 1; a[i - 1] != '\0'; i++) {
    guint diagonal = row[0];

    row[0] = (guint) i;
    for (gsize j = 1; j <= length; j++) {
      guint above = row[j];
      guint replace = diagonal + (g_ascii_tolower (a[i - 1]) != g_ascii_tolower (b[j - 1]));

      row[j] = MIN (replace, MIN (above, row[j - 1]) + 1);
      diagonal = above;
    }
  }
  return row[length];
}

const char *
bolo_nearest_word (const char *word, const char *const *words)
{
  const char *nearest = NULL;
  guint fewest = G_MAXUINT;

  g_return_val_if_fail (word != NULL, NULL);

  for (gsize i = 0; words != NULL && words[i] != NULL; i++) {
    guint edits = count_edits (word, words[i]);

    if (edits < fewest) {
      fewest = edits;
      nearest = words[i];
    }
  }
  /* More than half of the word wrong is no likeness. */
  return nearest != NULL && fewest * 2 <= MAX (strlen (word), 2) ? nearest : NULL;
}

static char *
line_key (const char *group, const char *key)
{
  return g_strconcat (group, "\n", key != NULL ? key : "", NULL);
}

guint
bolo_key_file_get_line (BoloKeyFile *self, const char *group, const char *key)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (self != NULL && group != NULL, 0);

  name = line_key (group, key);
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->lines, name));
}

/* GKeyFile does not tell lines; this second pass finds where groups and keys stand, and a key that
 * stands twice in a group: GKeyFile would quietly take the last one. */
static gboolean
note_lines (BoloKeyFile *self, const char *text, GError **error)
{
  g_auto (GStrv) rows = g_strsplit (text, "\n", -1);
  g_autofree char *group = g_strdup ("");

  for (guint i = 0; rows[i] != NULL; i++) {
    char *row = g_strstrip (rows[i]);
    char *end;

    if (*row == '#' || *row == '\0')
      continue;
    if (*row == '[' && (end = strrchr (row, ']')) != NULL) {
      g_free (group);
      group = g_strndup (row + 1, (gsize) (end - row - 1));
      g_hash_table_insert (self->lines, line_key (group, NULL), GUINT_TO_POINTER (i + 1));
      continue;
    }
    end = strchr (row, '=');
    if (end == NULL)
      continue;
    *end = '\0';
    g_strchomp (row);
    if (bolo_key_file_get_line (self, group, row) > 0) {
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                   "%s:%u: '%s' stands in [%s] a second time, after line %u; keep one of them",
                   self->name, i + 1, row, group, bolo_key_file_get_line (self, group, row));
      return FALSE;
    }
    g_hash_table_insert (self->lines, line_key (group, row), GUINT_TO_POINTER (i + 1));
  }
  return TRUE;
}

static gboolean
group_matches (const char *pattern, const char *group)
{
  gsize length = strlen (pattern);

  if (length > 0 && pattern[length - 1] == '*')
    return strncmp (pattern, group, length - 1) == 0;
  return strcmp (pattern, group) == 0;
}

static gboolean
check_keys (BoloKeyFile *self, const char *group, const BoloKeySpec *spec, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (self->keys, group, NULL, NULL);

  if (g_strv_contains (spec->keys, "*"))
    return TRUE;
  for (guint i = 0; keys != NULL && keys[i] != NULL; i++) {
    const char *nearest;

    if (g_strv_contains (spec->keys, keys[i]))
      continue;
    nearest = bolo_nearest_word (keys[i], spec->keys);
    if (nearest != NULL)
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                   "%s:%u: unknown key '%s' in [%s]; did you mean '%s'?", self->name,
                   bolo_key_file_get_line (self, group, keys[i]), keys[i], group, nearest);
    else {
      g_autofree char *known = g_strjoinv (", ", (char **) spec->keys);

      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                   "%s:%u: unknown key '%s' in [%s]; known are: %s", self->name,
                   bolo_key_file_get_line (self, group, keys[i]), keys[i], group, known);
    }
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_groups (BoloKeyFile *self, const BoloKeySpec *specs, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (self->keys, NULL);
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  for (const BoloKeySpec *spec = specs; spec->group != NULL; spec++)
    g_ptr_array_add (known, (gpointer) spec->group);
  g_ptr_array_add (known, NULL);

  for (guint i = 0; groups[i] != NULL; i++) {
    const BoloKeySpec *spec = specs;
    const char *nearest;

    while (spec->group != NULL && !group_matches (spec->group, groups[i]))
      spec++;
    if (spec->group != NULL) {
      if (!check_keys (self, groups[i], spec, error))
        return FALSE;
      continue;
    }
    nearest = bolo_nearest_word (groups[i], (const char *const *) known->pdata);
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s:%u: unknown section [%s]; did you mean [%s]?", self->name,
                 bolo_key_file_get_line (self, groups[i], NULL), groups[i],
                 nearest != NULL ? nearest : specs->group);
    return FALSE;
  }
  return TRUE;
}

/* The first line that is no comment, no section and no KEY=VALUE; 0 if all are in order. */
static guint
find_malformed_line (const char *text)
{
  g_auto (GStrv) rows = g_strsplit (text, "\n", -1);
  gboolean in_group = FALSE;

  for (guint i = 0; rows[i] != NULL; i++) {
    const char *row = g_strstrip (rows[i]);

    if (*row == '\0' || *row == '#')
      continue;
    if (*row == '[' && g_str_has_suffix (row, "]")) {
      in_group = TRUE;
      continue;
    }
    if (!in_group || *row == '=' || strchr (row, '=') == NULL)
      return i + 1;
  }
  return 0;
}

BoloKeyFile *
bolo_key_file_load_data (
  const char *text, gssize length, const char *name, const BoloKeySpec *specs, GError **error)
{
  g_autoptr (BoloKeyFile) self = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree char *copy = NULL;

  g_return_val_if_fail (text != NULL && name != NULL && specs != NULL, NULL);

  if (length < 0)
    length = (gssize) strlen (text);
  copy = g_strndup (text, (gsize) length);
  self = g_new0 (BoloKeyFile, 1);
  self->name = g_strdup (name);
  self->keys = g_key_file_new ();
  self->lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  /* With the length, so that a NUL in the middle does not hide what stands after it. */
  if (!g_utf8_validate (text, length, NULL)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s: not a UTF-8 text file; save it as UTF-8", name);
    return NULL;
  }
  if (!g_key_file_load_from_data (self->keys, copy, strlen (copy), G_KEY_FILE_NONE, &local)) {
    guint line = find_malformed_line (copy);

    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s:%u: a line must be [section], key=value or # comment", name, MAX (line, 1));
    return NULL;
  }
  if (!note_lines (self, copy, error) || !check_groups (self, specs, error))
    return NULL;
  return g_steal_pointer (&self);
}

BoloKeyFile *
bolo_key_file_load (const char *path, const BoloKeySpec *specs, GError **error)
{
  g_autoptr (GMappedFile) file = NULL;
  g_autoptr (GError) local = NULL;
  gsize length;

  g_return_val_if_fail (path != NULL && specs != NULL, NULL);

  file = g_mapped_file_new (path, FALSE, &local);
  if (file == NULL) {
    g_autofree char *what = g_strdup_printf ("Cannot read %s", path);

    bolo_error_take_foreign (error, g_steal_pointer (&local), what);
    return NULL;
  }
  length = g_mapped_file_get_length (file);
  if (length > FILE_LIMIT) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s: %" G_GSIZE_FORMAT " bytes are too many for a key file (at most 4 MiB)", path,
                 length);
    return NULL;
  }
  return bolo_key_file_load_data (length > 0 ? g_mapped_file_get_contents (file) : "",
                                  (gssize) length, path, specs, error);
}

const char *
bolo_key_file_get_name (BoloKeyFile *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

char **
bolo_key_file_get_groups (BoloKeyFile *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_key_file_get_groups (self->keys, NULL);
}

char **
bolo_key_file_get_keys (BoloKeyFile *self, const char *group)
{
  char **keys;

  g_return_val_if_fail (self != NULL && group != NULL, NULL);

  keys = g_key_file_get_keys (self->keys, group, NULL, NULL);
  return keys != NULL ? keys : g_new0 (char *, 1);
}

gboolean
bolo_key_file_has_group (BoloKeyFile *self, const char *group)
{
  g_return_val_if_fail (self != NULL && group != NULL, FALSE);

  return g_key_file_has_group (self->keys, group);
}

gboolean
bolo_key_file_has_key (BoloKeyFile *self, const char *group, const char *key)
{
  g_return_val_if_fail (self != NULL && group != NULL && key != NULL, FALSE);

  return g_key_file_has_key (self->keys, group, key, NULL);
}

char *
bolo_key_file_get_string (BoloKeyFile *self,
                          const char *group,
                          const char *key,
                          const char *fallback)
{
  char *value;

  g_return_val_if_fail (self != NULL && group != NULL && key != NULL, NULL);

  value = g_key_file_get_string (self->keys, group, key, NULL);
  return value != NULL ? g_strstrip (value) : g_strdup (fallback);
}

char **
bolo_key_file_get_list (BoloKeyFile *self, const char *group, const char *key)
{
  char **values;

  g_return_val_if_fail (self != NULL && group != NULL && key != NULL, NULL);

  values = g_key_file_get_string_list (self->keys, group, key, NULL, NULL);
  if (values == NULL)
    return g_new0 (char *, 1);
  for (guint i = 0; values[i] != NULL; i++)
    g_strstrip (values[i]);
  return values;
}

void
bolo_key_file_set_error (
  BoloKeyFile *self, const char *group, const char *key, const char *message, GError **error)
{
  g_return_if_fail (self != NULL && group != NULL && message != NULL);

  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "%s:%u: %s", self->name,
               bolo_key_file_get_line (self, group, key), message);
}

gboolean
bolo_key_file_get_double (BoloKeyFile *self,
                          const char *group,
                          const char *key,
                          double minimum,
                          double maximum,
                          double fallback,
                          double *value,
                          GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *message = NULL;
  char *end = NULL;

  g_return_val_if_fail (self != NULL && value != NULL, FALSE);

  *value = fallback;
  text = bolo_key_file_get_string (self, group, key, NULL);
  if (text == NULL)
    return TRUE;
  *value = g_ascii_strtod (text, &end);
  if (*text != '\0' && *end == '\0' && isfinite (*value) && *value >= minimum && *value <= maximum)
    return TRUE;
  message = g_strdup_printf ("%s=%s must be a number from %g to %g", key, text, minimum, maximum);
  bolo_key_file_set_error (self, group, key, message, error);
  return FALSE;
}

gboolean
bolo_key_file_get_int (BoloKeyFile *self,
                       const char *group,
                       const char *key,
                       gint64 minimum,
                       gint64 maximum,
                       gint64 fallback,
                       gint64 *value,
                       GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *message = NULL;

  g_return_val_if_fail (self != NULL && value != NULL, FALSE);

  *value = fallback;
  text = bolo_key_file_get_string (self, group, key, NULL);
  if (text == NULL)
    return TRUE;
  if (g_ascii_string_to_signed (text, 10, minimum, maximum, value, NULL))
    return TRUE;
  message =
    g_strdup_printf ("%s=%s must be a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                     key, text, minimum, maximum);
  bolo_key_file_set_error (self, group, key, message, error);
  return FALSE;
}

gboolean
bolo_key_file_get_uint (BoloKeyFile *self,
                        const char *group,
                        const char *key,
                        guint minimum,
                        guint maximum,
                        guint fallback,
                        guint *value,
                        GError **error)
{
  gint64 number;

  g_return_val_if_fail (value != NULL, FALSE);

  if (!bolo_key_file_get_int (self, group, key, minimum, maximum, fallback, &number, error))
    return FALSE;
  *value = (guint) number;
  return TRUE;
}

gboolean
bolo_key_file_get_boolean (BoloKeyFile *self,
                           const char *group,
                           const char *key,
                           gboolean fallback,
                           gboolean *value,
                           GError **error)
{
  const char *const choices[] = {"false", "true", "no", "yes", "0", "1", NULL};
  int choice;

  g_return_val_if_fail (value != NULL, FALSE);

  if (!bolo_key_file_get_choice (self, group, key, choices, fallback ? 1 : 0, &choice, error))
    return FALSE;
  *value = (choice & 1) != 0;
  return TRUE;
}

gboolean
bolo_key_file_get_choice (BoloKeyFile *self,
                          const char *group,
                          const char *key,
                          const char *const *choices,
                          int fallback,
                          int *choice,
                          GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *message = NULL;
  g_autofree char *known = NULL;

  g_return_val_if_fail (self != NULL && choices != NULL && choice != NULL, FALSE);

  *choice = fallback;
  text = bolo_key_file_get_string (self, group, key, NULL);
  if (text == NULL)
    return TRUE;
  for (int i = 0; choices[i] != NULL; i++) {
    if (g_ascii_strcasecmp (choices[i], text) == 0) {
      *choice = i;
      return TRUE;
    }
  }
  known = g_strjoinv (", ", (char **) choices);
  message = g_strdup_printf ("%s=%s must be one of: %s", key, text, known);
  bolo_key_file_set_error (self, group, key, message, error);
  return FALSE;
}
