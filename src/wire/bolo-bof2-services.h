/* bolo-bof2-services.h: the thirteen services of a BOF2 back office, as they come
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-soap-service.h"

G_BEGIN_DECLS

/* Names, types and order are those of servers' own descriptions; docs/bof2.md has the grade of
 * each. What a caller calls the parts:
 *  secret username source          who asks, in all that have them
 *  vrm feed camera time …          a read; see bolo-bof2-capture.h
 *  capture captures                compact strings
 *  image kind                      one picture of a read
 *  revision list size revisions    lists
 *  reason                          why a mark is looked up */
BoloSoapTable *bolo_bof2_services_new (void);

G_END_DECLS
