/* bolo-key-file.h: key files that know their lines, so that a mistake is named where it stands
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloKeySpec: the keys that a group may hold. @group may end in '*' ("camera *" matches
 * "camera front"). @keys is NULL-terminated; a "*" in it allows any key. End of list: group NULL.
 */
typedef struct {
  const char *group;
  const char *const *keys;
} BoloKeySpec;

/* BoloKeyFile: a loaded, checked key file. Not thread-safe; immutable after load. */
typedef struct _BoloKeyFile BoloKeyFile;

/* Every group and key must be known to @specs; otherwise BOLO_ERROR_INVALID_DATA with
 * "FILE:LINE: unknown key 'sorce' in [camera]; did you mean 'source'?". A key that stands twice
 * in a group is an error too. At most 4 MiB. */
BoloKeyFile *bolo_key_file_load (const char *path, const BoloKeySpec *specs, GError **error);
BoloKeyFile *bolo_key_file_load_data (
  const char *text, gssize length, const char *name, const BoloKeySpec *specs, GError **error);
void bolo_key_file_free (BoloKeyFile *self);
const char *bolo_key_file_get_name (BoloKeyFile *self);
/* NULL-terminated, (transfer full), in the file's order. */
char **bolo_key_file_get_groups (BoloKeyFile *self);
char **bolo_key_file_get_keys (BoloKeyFile *self, const char *group);
gboolean bolo_key_file_has_group (BoloKeyFile *self, const char *group);
gboolean bolo_key_file_has_key (BoloKeyFile *self, const char *group, const char *key);
/* 1-based line of a key, 0 if absent. */
guint bolo_key_file_get_line (BoloKeyFile *self, const char *group, const char *key);
/* (transfer full) (nullable): trimmed value, @fallback copied when the key is absent. */
char *bolo_key_file_get_string (BoloKeyFile *self,
                                const char *group,
                                const char *key,
                                const char *fallback);
/* ';'-separated. (transfer full), never NULL. */
char **bolo_key_file_get_list (BoloKeyFile *self, const char *group, const char *key);
/* Values out of range or not a number: "FILE:LINE: KEY=VALUE …". *value is @fallback when the
 * key is absent. */
gboolean bolo_key_file_get_int (BoloKeyFile *self,
                                const char *group,
                                const char *key,
                                gint64 minimum,
                                gint64 maximum,
                                gint64 fallback,
                                gint64 *value,
                                GError **error);
/* The same for counts; 0 <= @minimum <= @maximum <= G_MAXUINT. */
gboolean bolo_key_file_get_uint (BoloKeyFile *self,
                                 const char *group,
                                 const char *key,
                                 guint minimum,
                                 guint maximum,
                                 guint fallback,
                                 guint *value,
                                 GError **error);
gboolean bolo_key_file_get_double (BoloKeyFile *self,
                                   const char *group,
                                   const char *key,
                                   double minimum,
                                   double maximum,
                                   double fallback,
                                   double *value,
                                   GError **error);
gboolean bolo_key_file_get_boolean (BoloKeyFile *self,
                                    const char *group,
                                    const char *key,
                                    gboolean fallback,
                                    gboolean *value,
                                    GError **error);
/* One of @choices (NULL-terminated); *index is @fallback when absent. */
gboolean bolo_key_file_get_choice (BoloKeyFile *self,
                                   const char *group,
                                   const char *key,
                                   const char *const *choices,
                                   int fallback,
                                   int *index,
                                   GError **error);
/* Sets "FILE:LINE: MESSAGE" (BOLO_ERROR_INVALID_DATA) for a value that a caller found wrong. */
void bolo_key_file_set_error (
  BoloKeyFile *self, const char *group, const char *key, const char *message, GError **error);

/* The nearest of @words to @word by edits, NULL if none is near. Any thread. */
const char *bolo_nearest_word (const char *word, const char *const *words);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloKeyFile, bolo_key_file_free)

G_END_DECLS
