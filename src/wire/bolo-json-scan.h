/* bolo-json-scan.h: finds members of a JSON object where they stand, without taking it apart
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloJsonSpan: a value as it stands in a text that is lent; a text with its quotes. */
typedef struct {
  const char *at; /* NULL: there is none, or it is null */
  gsize length;
} BoloJsonSpan;

/* For what comes by the ten thousand; else bolo-json-reader.h. Any thread.
 * TRUE: @text is one JSON object (RFC 8259, but that control characters may stand in texts as they
 * are), not deeper than BOLO_JSON_DEPTH_MAX, and @spans[i] the value of its member @names[i]. Of
 * members with one name the last counts; a name that is written with escapes is another one. */
gboolean bolo_json_scan (
  const char *text, gsize length, const char *const *names, BoloJsonSpan *spans, guint n);

/* (transfer full) (nullable): NULL where it is no text. */
char *bolo_json_span_dup_text (const BoloJsonSpan *self);
/* FALSE: it is no whole number from @minimum to @maximum. */
gboolean
bolo_json_span_get_int (const BoloJsonSpan *self, gint64 minimum, gint64 maximum, gint64 *value);
gboolean bolo_json_span_is_object (const BoloJsonSpan *self);

G_END_DECLS
