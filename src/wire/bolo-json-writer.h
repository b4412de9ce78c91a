/* bolo-json-writer.h: builds one JSON object as a line of text
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloJsonWriter: an object, begun by new and ended by finish. One thread at a time. Names are
 * NULL inside arrays. */
typedef struct _BoloJsonWriter BoloJsonWriter;

BoloJsonWriter *bolo_json_writer_new (void);
void bolo_json_writer_free (BoloJsonWriter *self);
void bolo_json_writer_begin_object (BoloJsonWriter *self, const char *name);
void bolo_json_writer_end_object (BoloJsonWriter *self);
void bolo_json_writer_begin_array (BoloJsonWriter *self, const char *name);
void bolo_json_writer_end_array (BoloJsonWriter *self);
/* @text NULL writes null. */
void bolo_json_writer_add_text (BoloJsonWriter *self, const char *name, const char *text);
void bolo_json_writer_add_int (BoloJsonWriter *self, const char *name, gint64 value);
/* Rounded to @decimals, so that equal events are equal bytes; what is not finite writes null. */
void
bolo_json_writer_add_number (BoloJsonWriter *self, const char *name, double value, int decimals);
void bolo_json_writer_add_boolean (BoloJsonWriter *self, const char *name, gboolean value);
/* UTC, RFC 3339 with milliseconds and Z. */
void bolo_json_writer_add_time (BoloJsonWriter *self, const char *name, gint64 utc_us);
/* Ends the object and frees the writer. Without a newline. (transfer full) */
char *bolo_json_writer_finish (BoloJsonWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloJsonWriter, bolo_json_writer_free)

G_END_DECLS
