/* bolo-bof2-transport.h: a BOF2 back office as a transport
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-bof2-config.h"
#include "bolo-bof2-sender.h"
#include "bolo-transport.h"

G_BEGIN_DECLS

/* BoloBof2Transport: takes hits, sightings and pictures, brings lists. It has no way to say
 * dispositions, watch entries, silences, audit and health: these are never queued for it. */
#define BOLO_TYPE_BOF2_TRANSPORT (bolo_bof2_transport_get_type ())
G_DECLARE_FINAL_TYPE (BoloBof2Transport, bolo_bof2_transport, BOLO, BOF2_TRANSPORT, GObject)

/* @path: of the bof2.conf, read anew with each connect, so that a mistake in it can be mended while
 * Bolo runs; @folder: STATE/sync/REMOTE; @name: of the remote, which hits on its lists then show.
 */
BoloBof2Transport *
bolo_bof2_transport_new (const char *path, const char *folder, const char *name, BoloClock *clock);
/* Where sendCapture takes its pictures from (pictures=with). Before connect. */
void bolo_bof2_transport_set_picture_source (BoloBof2Transport *self,
                                             BoloBof2PictureSource source,
                                             gpointer user_data);

G_END_DECLS
