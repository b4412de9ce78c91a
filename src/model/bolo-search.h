/* bolo-search.h: what an officer asks of the records, and why
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Older records are shown only with the id of an authorising officer, and are not searched without
 * being asked for (docs/data-protection.md). */
#define BOLO_SEARCH_OPEN_US (90 * G_TIME_SPAN_DAY)
#define BOLO_SEARCH_DEFAULT_US G_TIME_SPAN_DAY

/* BoloSearch: plain data, texts lent. */
typedef struct {
  const char *mark;       /* a mark or a pattern, as typed */
  const char *reason;     /* one of the force's codes */
  const char *reference;  /* incident or crime number */
  const char *officer;    /* who asks */
  const char *authoriser; /* (nullable) */
  gint64 from_us;         /* UTC of capture, included */
  gint64 to_us;           /* not included */
} BoloSearch;

G_END_DECLS
