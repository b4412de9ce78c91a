/* bolo-bof2-rules.h: what the words of a back office's answer mean
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-soap-reply.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_BOF2_SUCCESS, /* it has it: the only one that takes anything out of an outbox */
  BOLO_BOF2_RETRY,   /* not now */
  BOLO_BOF2_REJECT,  /* never */
  BOLO_BOF2_UNKNOWN, /* no rule knows these words; as retry, and said */
} BoloBof2Verdict;

/* BoloBof2Rules: immutable; any thread. */
typedef struct _BoloBof2Rules BoloBof2Rules;

/* Regular expressions, NULL-terminated lists; the first list of reject, retry, success that has one
 * that fits decides, so that doubt never counts as success. INVALID_DATA names the expression. */
BoloBof2Rules *bolo_bof2_rules_new (const char *const *success,
                                    const char *const *retry,
                                    const char *const *reject,
                                    GError **error);
void bolo_bof2_rules_free (BoloBof2Rules *self);
/* A fault is never a success, whatever its words. */
BoloBof2Verdict bolo_bof2_rules_judge (const BoloBof2Rules *self, const BoloSoapReply *reply);
/* "success", "retry", "reject", "unknown" */
const char *bolo_bof2_verdict_to_string (BoloBof2Verdict verdict);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloBof2Rules, bolo_bof2_rules_free)

G_END_DECLS
