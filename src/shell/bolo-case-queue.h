/* bolo-case-queue.h: which hit is on the card now, and how many wait
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "bolo-hit-case.h"

G_BEGIN_DECLS

/* BoloCaseQueue: decides which case the card shows. Lives on main. Its rules:
 *  - a case on the card stays there until the officer has answered it, put it aside or closed it;
 *  - only a graver one (smaller priority number) takes its place, and then it waits next;
 *  - of those that wait, the gravest comes first, then the oldest;
 *  - a quiet case of low priority raises no card; it is in the list and can be opened from there;
 *  - one that was put aside comes back when it sounds anew (bolo_case_queue_raise).
 * Properties, notified: "current" (BoloHitCase, nullable), "waiting" (how many would follow). */
#define BOLO_TYPE_CASE_QUEUE (bolo_case_queue_get_type ())
G_DECLARE_FINAL_TYPE (BoloCaseQueue, bolo_case_queue, BOLO, CASE_QUEUE, GObject)

/* @cases: of BoloHitCase, as the engine gives them. */
BoloCaseQueue *bolo_case_queue_new (GListModel *cases);
/* (transfer none) (nullable) */
BoloHitCase *bolo_case_queue_get_current (BoloCaseQueue *self);
guint bolo_case_queue_get_waiting (BoloCaseQueue *self);
/* Open cases, on the card or not. */
guint bolo_case_queue_get_open (BoloCaseQueue *self);
/* The officer opened it from the list: it goes on the card, whatever is there waits. */
void bolo_case_queue_open (BoloCaseQueue *self, BoloHitCase *hit_case);
/* Off the card; it stays open in the list. */
void bolo_case_queue_put_aside (BoloCaseQueue *self);
/* It sounds: it is a candidate again even if it was put aside. */
void bolo_case_queue_raise (BoloCaseQueue *self, BoloHitCase *hit_case);

G_END_DECLS
