/* bolo-list-problem.h: what is wrong with one field of a list
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloListProblem: rows count from 1, the header not included. Owned. */
typedef struct {
  guint64 row;
  guint64 line;         /* of the file, where the row begins */
  gboolean is_rejected; /* FALSE: the row was kept without this field */
  char *column;         /* "Weed date" */
  char *value;          /* as written, cut short; may be a mark: not for logs */
  char *reason;         /* "is not a date" */
} BoloListProblem;

/* @value is made fit to be read: valid text of one line, cut short. Any thread. */
BoloListProblem *bolo_list_problem_new (guint64 row,
                                        guint64 line,
                                        gboolean is_rejected,
                                        const char *column,
                                        const char *value,
                                        gsize length,
                                        const char *reason);
void bolo_list_problem_free (BoloListProblem *self);
/* One sentence: "row 3, column Weed date: '31/02/2026' is not a date; the row was kept …". */
char *bolo_list_problem_to_string (const BoloListProblem *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListProblem, bolo_list_problem_free)

G_END_DECLS
