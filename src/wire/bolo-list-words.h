/* bolo-list-words.h: the words that lists use for actions, days and operations
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-parsed.h"

G_BEGIN_DECLS

/* All pure, any thread. */

/* TRUE when @word stands in @text (nullable) by itself, in either case. */
gboolean bolo_list_words_contain (const char *text, const char *word);
/* @text (nullable): no action is an unknown one, which is loud. */
BoloAction bolo_list_words_read_action (const char *text);
/* yes, true, y, 1 and no, false, n, 0; FALSE for another word. */
gboolean bolo_list_words_read_boolean (const char *text, gboolean *value);
/* I, A, ADD, INSERT … and D, DEL, DELETE, REMOVE …; FALSE for another word. */
gboolean bolo_list_words_read_operation (const char *text, BoloListOperation *operation);
/* "Mon-Fri", "sa,su": English names of at least two letters; FALSE for others. */
gboolean bolo_list_words_read_days (const char *text, guint8 *days);

G_END_DECLS
