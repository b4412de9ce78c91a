/* bolo-https-transport-private.h: what the transport's own files share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-envelope.h"
#include "bolo-https-link.h"
#include "bolo-https-transport.h"

G_BEGIN_DECLS

/* Of answers that are not files: results, manifests, shared hits. */
#define BOLO_HTTPS_REPLY_MAX (8 * 1024 * 1024)

struct _BoloHttpsTransport {
  GObject parent_instance;

  BoloSyncConfig *config; /* (owned) */
  const BoloRemote *remote;
  char *state_dir;           /* (owned) */
  BoloClock *clock;          /* (owned) */
  BoloHttpsLink *link;       /* (owned) (nullable): until the first connect */
  char *session;             /* (owned): a UUID for the receipt */
  BoloHttpsTransport *elder; /* (nullable) lent: whose second connection this is */
  char *station;             /* (owned) (nullable) */
  char *car;                 /* (owned) (nullable): as the station knows us */
  char *backlog;             /* (owned) (nullable): "2060 2026-03-14T17:40:23.933Z" */
  char *lists;               /* (owned) (nullable): "stolen=417 insurance=9" */
  gsize batch_bytes;
  gsize item_bytes;
  double rate_bps; /* of the last batches: where compression pays */
  gint64 clock_off_ms;
};

/* bolo-https-lists.c */
gboolean bolo_https_transport_fetch_lists (BoloTransport *transport,
                                           BoloListTaker *taker,
                                           GCancellable *cancellable,
                                           GError **error);
/* Certificates that a manifest has withdrawn, kept over a restart. */
void bolo_https_transport_load_denied (BoloHttpsTransport *self);

G_END_DECLS
