/* bolo-cli-stick.h: boloctl sync --usb: exchanges bundles with the station by way of a stick
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-cli.h"
#include "bolo-hotlist.h"
#include "bolo-store.h"
#include "bolo-sync-config.h"
#include "bolo-sync-state.h"

G_BEGIN_DECLS

/* BoloCliStick: what it works with, open and lent. */
typedef struct {
  BoloCli *cli;
  const BoloSyncConfig *config;
  const char *only; /* (nullable): the one remote */
  BoloStore *store;
  BoloHotlist *hotlist;
  BoloClock *clock;
} BoloCliStick;

/* The exit code; what became of it is printed, a remote at a time. */
int bolo_cli_stick_exchange (const BoloCliStick *self, const char *folder);

/* (transfer full) (nullable): how what came stands, in words; NULL: there is nothing to say. */
char *bolo_cli_stick_describe (const BoloListArrival *list);
/* On standard output: what a station has signed for. */
void bolo_cli_stick_print_receipt (const BoloReceipt *receipt);

G_END_DECLS
