/* bolo-audit.h: who asked for what, when and why: rows that are added and never changed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-outgoing.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_AUDIT_SEARCHED,
  BOLO_AUDIT_WATCH_ADDED,
  BOLO_AUDIT_WATCH_REMOVED,
  BOLO_AUDIT_WATCH_EXPIRED,
  BOLO_AUDIT_ENTRY_SILENCED,
  BOLO_AUDIT_SILENCE_REMOVED,
  BOLO_AUDIT_SILENCE_EXPIRED,
} BoloAuditAct;

/* BoloAuditRecord: one act. Plain data; texts are nullable, lent on the way in and owned on the
 * way out. */
typedef struct {
  gint64 number; /* counts from 1, without a gap; set by append */
  BoloAuditAct act;
  gint64 at_us;     /* UTC */
  char *officer;    /* NULL: the machine itself, as when something expires */
  char *subject;    /* the mark, the pattern or the entry that it is about */
  char *reason;     /* a code of the force's */
  char *reference;  /* incident or crime number */
  char *authoriser; /* who allowed what needs allowing */
  char *details;    /* what else was asked: the times searched, until when it holds */
  char *hash;       /* of this row and the one before; set by append */
} BoloAuditRecord;

void bolo_audit_record_free (BoloAuditRecord *self);
const char *bolo_audit_act_to_string (BoloAuditAct act);

/* BoloAudit: STATE/audit.db. All functions: the thread that opened it. */
typedef struct _BoloAudit BoloAudit;

/* Makes the file if it is not there. NO_SPACE, PERMISSION, INVALID_DATA (damaged: nothing is done
 * in its place, for an audit that begins anew by itself is none), NOT_SUPPORTED. */
BoloAudit *bolo_audit_open (const char *state_dir, GError **error);
void bolo_audit_close (BoloAudit *self);
/* TRUE: it is on the disk, with its number and its hash (transfer full) filled in. */
gboolean bolo_audit_append (BoloAudit *self, BoloAuditRecord *record, GError **error);
/* Goes through the whole chain; INVALID_DATA names the first row that is not what was written.
 * *n_records (nullable, out): how many there are. */
gboolean bolo_audit_verify (BoloAudit *self, gint64 *n_records, GError **error);
/* (transfer full): of BoloAuditRecord, the oldest first, from @from_number on. */
GPtrArray *bolo_audit_list (BoloAudit *self, gint64 from_number, GError **error);

/* What of it is still to be sent, and to whom. */
gboolean bolo_audit_set_receivers (BoloAudit *self, const char *const *receivers, GError **error);
/* (transfer full): of BoloOutgoing, by urgency. */
GPtrArray *bolo_audit_list_unsent (BoloAudit *self, const BoloUnsentQuery *query, GError **error);
/* Takes the answers of @items, those that are this file's; what is to be tried again is due at
 * @later_us. */
gboolean bolo_audit_settle (
  BoloAudit *self, const char *receiver, GPtrArray *items, gint64 later_us, GError **error);
/* Adds to @counts. */
gboolean bolo_audit_count_unsent (BoloAudit *self,
                                  const char *receiver,
                                  BoloUnsentCounts *counts,
                                  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloAuditRecord, bolo_audit_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloAudit, bolo_audit_close)

G_END_DECLS
