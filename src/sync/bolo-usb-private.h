/* bolo-usb-private.h: what taking from a stick and writing to it share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-bundle.h"
#include "bolo-sync-queues.h"
#include "bolo-usb.h"

G_BEGIN_DECLS

/* BoloUsbJob: one exchange under way. */
typedef struct {
  const BoloUsbParts *parts;
  const char *folder; /* on the stick */
  BoloUsbReport *report;
  BoloListKey *key;       /* (owned): the car's, with its secret half; its name is the car's */
  BoloSyncQueues *queues; /* (owned) */
} BoloUsbJob;

/* BoloUsbBundle: a bundle's file and what its head says, which is not proved. */
typedef struct {
  char *path;
  BoloBundleHead head;
  gboolean is_damaged; /* it has no head */
} BoloUsbBundle;

/* (transfer full): of BoloUsbBundle, the lowest number first: all that is called a bundle in the
 * folder. */
GPtrArray *bolo_usb_list_bundles (const char *folder, GError **error);
gboolean bolo_usb_take (BoloUsbJob *job, GError **error);
gboolean bolo_usb_write (BoloUsbJob *job, GError **error);
/* FALSE: somebody ended it. */
gboolean bolo_usb_goes_on (const BoloUsbJob *job, GError **error);

G_END_DECLS
