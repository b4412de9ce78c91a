/* bolo-https-link.h: requests to one station over TLS 1.3, each with a deadline
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-sync-config.h"

G_BEGIN_DECLS

/* BoloHttpsLink: one connection at a time. All functions: the thread that made it; they block,
 * while a thread of the link's own talks. */
typedef struct _BoloHttpsLink BoloHttpsLink;

/* BoloHttpsRequest: plain data, lent. */
typedef struct {
  const char *method;
  const char *path;         /* "/v1/hello" */
  const char *content_type; /* (nullable) */
  GInputStream *body;       /* (nullable): a GSeekable, of body_bytes */
  gsize body_bytes;
  gboolean is_gzipped;
  const char *const *headers; /* (nullable): name, value, name, value, NULL */
  gsize reply_max;            /* of the body of the answer */
  /* (nullable): where the body of a 200 or 206 goes as it comes; (transfer full) */
  GOutputStream *(*open_sink) (guint status, gpointer user_data, GError **error);
  gpointer sink_data;
  /* (nullable): the body has gone; on the link's thread */
  void (*on_body_sent) (gpointer user_data);
  gpointer body_sent_data;
  guint deadline_s; /* for the whole; 0: none but that something must move */
} BoloHttpsRequest;

/* BoloHttpsReply: cleared with bolo_https_reply_clear (). */
typedef struct {
  guint status;
  GByteArray *body; /* what had come of it, also when the request failed; empty with a sink */
  guint64 sink_bytes;
  gint64 sent_us;    /* monotonic: the first byte went out, */
  gint64 written_us; /* the last one (0: none did), */
  gint64 done_us;    /* the last one of the answer came in */
} BoloHttpsReply;

void bolo_https_reply_clear (BoloHttpsReply *self);

/* Reads certificates and key. AUTH with one sentence where one of them is no good. */
BoloHttpsLink *bolo_https_link_new (const BoloRemote *remote, GError **error);
void bolo_https_link_free (BoloHttpsLink *self);
/* SHA-256 of certificates that are not to be talked to. */
void bolo_https_link_set_denied (BoloHttpsLink *self, const char *const *denied);
/* TRUE: there was an answer with a status of 200 or 206. Else one sentence: OFFLINE, TIMED_OUT,
 * BUSY (with what the station asked to wait in get_asked), AUTH (a certificate, TLS, 403),
 * NOT_FOUND, INVALID_DATA (the station will never take it). */
gboolean bolo_https_link_run (BoloHttpsLink *self,
                              const BoloHttpsRequest *request,
                              BoloHttpsReply *reply,
                              GCancellable *cancellable,
                              GError **error);
/* What the link was seen to carry: the kernel may hold some hundredths of a second of it unsent. */
void bolo_https_link_set_rate (BoloHttpsLink *self, double bps);
/* Seconds that the station asked to wait with its last answer. */
guint bolo_https_link_get_asked_s (BoloHttpsLink *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BoloHttpsReply, bolo_https_reply_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloHttpsLink, bolo_https_link_free)

G_END_DECLS
