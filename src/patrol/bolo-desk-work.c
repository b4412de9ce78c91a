/* bolo-desk-work.c: what an officer asks of records and lists: checked, audited, then done
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-patrol"

#include "bolo-desk-work.h"

#include "bolo-audit.h"
#include "bolo-error.h"
#include "bolo-plate-wildcard.h"

/* A reference is a number or a short phrase; more is no reference but a story. */
#define TEXT_MAX 200

struct _BoloDeskWork {
  char *state_dir;           /* (owned) */
  BoloPlateRules *rules;     /* (owned) */
  const BoloDeskRules *desk; /* (lent) */
  BoloClock *clock;          /* (owned) */
  BoloIdSource *ids;         /* (owned) */
  BoloAudit *audit;          /* (owned) (nullable) */
};

BoloDeskWork *
bolo_desk_work_new (const char *state_dir,
                    BoloPlateRules *rules,
                    const BoloDeskRules *desk,
                    BoloClock *clock,
                    BoloIdSource *ids)
{
  BoloDeskWork *self;

  g_return_val_if_fail (state_dir != NULL && rules != NULL && desk != NULL, NULL);

  self = g_new0 (BoloDeskWork, 1);
  self->state_dir = g_strdup (state_dir);
  self->rules = bolo_plate_rules_ref (rules);
  self->desk = desk;
  self->clock = g_object_ref (clock);
  self->ids = bolo_id_source_ref (ids);
  return self;
}

void
bolo_desk_work_free (BoloDeskWork *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->audit, bolo_audit_close);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_clear_pointer (&self->ids, bolo_id_source_unref);
  g_clear_object (&self->clock);
  g_free (self->state_dir);
  g_free (self);
}

gboolean
bolo_desk_work_open (BoloDeskWork *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->audit == NULL)
    self->audit = bolo_audit_open (self->state_dir, error);
  return self->audit != NULL;
}

/* ---- what is asked must be right ----------------------------------------------------------- */

static gboolean
check_text (const char *text, const char *what, GError **error)
{
  if (text != NULL && *text != '\0' && g_utf8_validate (text, -1, NULL) &&
      g_utf8_strlen (text, -1) <= TEXT_MAX)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "give %s, in at most %d characters",
               what, TEXT_MAX);
  return FALSE;
}

/* (transfer full) */
static char *
take_mark (BoloDeskWork *self, const char *typed, GError **error)
{
  g_autofree char *mark = bolo_plate_rules_normalise (self->rules, typed != NULL ? typed : "");
  g_autofree char *message = NULL;

  if (bolo_plate_check_wildcard (mark, &message))
    return g_steal_pointer (&mark);
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "'%s' cannot be looked for: %s",
               typed != NULL ? typed : "", message);
  return NULL;
}

static gboolean
check_reason (BoloDeskWork *self, const char *reason, GError **error)
{
  g_autofree char *all = g_strjoinv (", ", self->desk->search_reasons);

  if (reason != NULL && g_strv_contains ((const char *const *) self->desk->search_reasons, reason))
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "'%s' is no reason for a search; give one of: %s", reason != NULL ? reason : "",
               all);
  return FALSE;
}

static gboolean
check_window (BoloDeskWork *self, const BoloSearch *search, GError **error)
{
  gint64 open_from_us = bolo_clock_get_utc_us (self->clock) - BOLO_SEARCH_OPEN_US;

  if (search->from_us >= search->to_us) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "the search ends before it begins; give an earlier --from or a later --to");
    return FALSE;
  }
  if (search->from_us < open_from_us &&
      (search->authoriser == NULL || *search->authoriser == '\0')) {
    g_autofree char *limit = bolo_time_format_utc (open_from_us);

    g_set_error (error, BOLO_ERROR, BOLO_ERROR_PERMISSION,
                 "records older than 90 days need an authorising officer's id; give it, or search "
                 "from %s on",
                 limit);
    return FALSE;
  }
  if (search->authoriser != NULL && g_strcmp0 (search->authoriser, search->officer) == 0) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_PERMISSION,
                 "nobody authorises his own search; give the id of another officer");
    return FALSE;
  }
  return TRUE;
}

/* ---- search -------------------------------------------------------------------------------- */

static gboolean
audit_search (BoloDeskWork *self, const BoloSearch *search, const char *mark, GError **error)
{
  g_autofree char *from = bolo_time_format_utc (search->from_us);
  g_autofree char *to = bolo_time_format_utc (search->to_us);
  g_autofree char *details = g_strdup_printf ("from %s to %s", from, to);
  BoloAuditRecord record = {
    .act = BOLO_AUDIT_SEARCHED,
    .at_us = bolo_clock_get_utc_us (self->clock),
    .officer = (char *) search->officer,
    .subject = (char *) mark,
    .reason = (char *) search->reason,
    .reference = (char *) search->reference,
    .authoriser = (char *) search->authoriser,
    .details = details,
  };
  gboolean is_written = bolo_audit_append (self->audit, &record, error);

  g_free (record.hash);
  return is_written;
}

gboolean
bolo_desk_work_allow_search (BoloDeskWork *self,
                             const BoloSearch *search,
                             char **glob,
                             GError **error)
{
  g_autofree char *mark = NULL;

  g_return_val_if_fail (self != NULL && search != NULL && glob != NULL, FALSE);

  mark = take_mark (self, search->mark, error);
  if (mark == NULL || !check_text (search->officer, "the id of the officer who asks", error) ||
      !check_reason (self, search->reason, error) ||
      !check_text (search->reference, "a reference for the search, such as an incident number",
                   error) ||
      !check_window (self, search, error) || !bolo_desk_work_open (self, error) ||
      !audit_search (self, search, mark, error))
    return FALSE;
  *glob = bolo_plate_wildcard_to_glob (mark, self->rules);
  return TRUE;
}
