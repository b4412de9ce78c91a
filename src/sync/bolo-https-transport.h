/* bolo-https-transport.h: docs/protocol.md as a way to a station
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-sync-config.h"
#include "bolo-transport.h"

G_BEGIN_DECLS

/* BoloHttpsTransport: implements BoloTransport. */
#define BOLO_TYPE_HTTPS_TRANSPORT (bolo_https_transport_get_type ())
G_DECLARE_FINAL_TYPE (BoloHttpsTransport, bolo_https_transport, BOLO, HTTPS_TRANSPORT, GObject)

/* @config is kept, @remote is of it. Nothing is read before the first connect. */
BoloHttpsTransport *bolo_https_transport_new (const BoloSyncConfig *config,
                                              const BoloRemote *remote,
                                              const char *state_dir,
                                              BoloClock *clock);

G_END_DECLS
