/* bolo-report.h: prints a patrol's events as they happen and its summary at the end
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-patrol.h"

G_BEGIN_DECLS

/* BoloReport: follows @patrol (referenced) until freed. Main thread. Lines are flushed one by
 * one, so that a reader in a pipe sees each as it happens. */
typedef struct _BoloReport BoloReport;

BoloReport *bolo_report_new (BoloPatrol *patrol, gboolean is_json);
void bolo_report_free (BoloReport *self);
/* The summary; FALSE when a recording's truth was there and what must never happen, happened
 * (covert raised, decoy exact, double alarm, …). */
gboolean bolo_report_print_summary (BoloReport *self, gboolean with_misses);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloReport, bolo_report_free)

G_END_DECLS
