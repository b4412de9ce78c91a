/* bolo-json-reader.h: JSON from outside as values, with limits, and with a sentence for what is
 * wrong SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Objects and arrays within one another: ours have four at most. */
#define BOLO_JSON_DEPTH_MAX 16

/* BoloJsonReader: one JSON object. Readers of objects within it hold the whole alive. One thread at
 * a time. */
typedef struct _BoloJsonReader BoloJsonReader;

/* UTF-8, one object, not deeper than BOLO_JSON_DEPTH_MAX; else INVALID_DATA that names @source. The
 * caller has limited @length. */
BoloJsonReader *
bolo_json_reader_new (const char *text, gsize length, const char *source, GError **error);
void bolo_json_reader_free (BoloJsonReader *self);
gboolean bolo_json_reader_has (BoloJsonReader *self, const char *name);

/* A member that must be there: INVALID_DATA that names @source and @name where it is absent or of
 * another type. */
gboolean
bolo_json_reader_get_text (BoloJsonReader *self, const char *name, char **text, GError **error);
gboolean bolo_json_reader_get_int (BoloJsonReader *self,
                                   const char *name,
                                   gint64 minimum,
                                   gint64 maximum,
                                   gint64 *value,
                                   GError **error);
gboolean
bolo_json_reader_get_time (BoloJsonReader *self, const char *name, gint64 *utc_us, GError **error);
/* (transfer full) (nullable) */
BoloJsonReader *
bolo_json_reader_get_object (BoloJsonReader *self, const char *name, GError **error);
/* (transfer full) (nullable): of BoloJsonReader; at most @max elements, all of them objects. */
GPtrArray *
bolo_json_reader_get_objects (BoloJsonReader *self, const char *name, guint max, GError **error);
/* (transfer full) (nullable): at most @max elements, all of them texts. */
char **
bolo_json_reader_get_texts (BoloJsonReader *self, const char *name, guint max, GError **error);

/* A member that may be absent. (transfer full) (nullable): NULL where it is no text. */
char *bolo_json_reader_dup_text (BoloJsonReader *self, const char *name);
double bolo_json_reader_peek_number (BoloJsonReader *self, const char *name, double fallback);
gboolean bolo_json_reader_peek_boolean (BoloJsonReader *self, const char *name, gboolean fallback);
/* (transfer full): the names of the members, in their order. */
char **bolo_json_reader_get_names (BoloJsonReader *self);

/* Where in @text, which a reader has taken, the value of the outermost member @name stands as it
 * was written. FALSE where there is none. Any thread. */
gboolean bolo_json_find_value (
  const char *text, gsize length, const char *name, const char **value, gsize *value_length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloJsonReader, bolo_json_reader_free)

G_END_DECLS
