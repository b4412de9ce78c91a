/* bolo-bof2-answers.h: keeps what a back office answered, word for word
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-clock.h"

G_BEGIN_DECLS

/* BoloBof2Answers: FOLDER/answers.jsonl, a line an answer; when it has grown to a mebibyte it
 * becomes answers.jsonl.1. Not in the log: an answer may hold a mark. sync's worker. */
typedef struct _BoloBof2Answers BoloBof2Answers;

/* @secret is lent for its life, and cut out of what is kept. */
BoloBof2Answers *bolo_bof2_answers_new (const char *folder, BoloClock *clock, const char *secret);
void bolo_bof2_answers_free (BoloBof2Answers *self);
/* @text (nullable). What cannot be written is said in the log; the sending goes on. */
void bolo_bof2_answers_add (BoloBof2Answers *self,
                            const char *operation,
                            const char *verdict,
                            const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloBof2Answers, bolo_bof2_answers_free)

G_END_DECLS
