/* bolo-desk-work.c: what an officer asks of records and lists: checked, audited, then done
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-patrol"

#include "bolo-desk-work.h"

#include "bolo-audit.h"
#include "bolo-error.h"
#include "bolo-plate-wildcard.h"
#include "bolo-watch-book.h"
#include "bolo-watch-list.h"

/* A reference is a number or a short phrase; more is no reference but a story. */
#define TEXT_MAX 200

struct _BoloDeskWork {
  char *state_dir;           /* (owned) */
  BoloPlateRules *rules;     /* (owned) */
  const BoloDeskRules *desk; /* (lent) */
  BoloClock *clock;          /* (owned) */
  BoloIdSource *ids;         /* (owned) */
  BoloAudit *audit;          /* (owned) (nullable) */
  BoloWatchBook *book;       /* (owned) (nullable) */
  gint64 purge_due_us;       /* monotonic: when what ended long ago is looked for again */
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
  g_clear_pointer (&self->book, bolo_watch_book_close);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_clear_pointer (&self->ids, bolo_id_source_unref);
  g_clear_object (&self->clock);
  g_free (self->state_dir);
  g_free (self);
}

void
bolo_look_back_clear (BoloLookBack *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->glob, g_free);
}

static gint64
get_now_us (BoloDeskWork *self)
{
  return bolo_clock_get_utc_us (self->clock);
}

gboolean
bolo_desk_work_open (BoloDeskWork *self, char **set_aside, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->audit == NULL)
    self->audit = bolo_audit_open (self->state_dir, error);
  if (self->audit != NULL && self->book == NULL)
    self->book = bolo_watch_book_open (self->state_dir, get_now_us (self), set_aside, error);
  return self->audit != NULL && self->book != NULL;
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

static gboolean
check_optional (const char *text, const char *what, GError **error)
{
  return text == NULL || check_text (text, what, error);
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
check_window (BoloDeskWork *self, const BoloAsk *ask, const char *officer, GError **error)
{
  gint64 open_from_us = get_now_us (self) - BOLO_SEARCH_OPEN_US;

  if (ask->from_us >= ask->to_us) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "the search ends before it begins; give an earlier --from or a later --to");
    return FALSE;
  }
  if (ask->from_us < open_from_us && (ask->authoriser == NULL || *ask->authoriser == '\0')) {
    g_autofree char *limit = bolo_time_format_utc (open_from_us);

    g_set_error (error, BOLO_ERROR, BOLO_ERROR_PERMISSION,
                 "records older than 90 days need an authorising officer's id; give it, or search "
                 "from %s on",
                 limit);
    return FALSE;
  }
  if (ask->authoriser != NULL && g_strcmp0 (ask->authoriser, officer) == 0) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_PERMISSION,
                 "nobody authorises his own search; give the id of another officer");
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_until (BoloDeskWork *self, gint64 until_us, gint64 most_us, const char *what, GError **error)
{
  gint64 now_us = get_now_us (self);

  if (until_us > now_us && until_us <= now_us + most_us)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "%s must end between now and %" G_GINT64_FORMAT " hours from now", what,
               most_us / G_TIME_SPAN_HOUR);
  return FALSE;
}

/* ---- the audit, always first --------------------------------------------------------------- */

static gboolean
audit (BoloDeskWork *self, BoloAuditRecord *record, GError **error)
{
  gboolean is_written;

  record->at_us = get_now_us (self);
  is_written = bolo_audit_append (self->audit, record, error);
  g_clear_pointer (&record->hash, g_free);
  return is_written;
}

/* ---- search -------------------------------------------------------------------------------- */

static gboolean
search (BoloDeskWork *self,
        const BoloAsk *ask,
        const char *officer,
        BoloLookBack *look_back,
        GError **error)
{
  g_autofree char *mark = take_mark (self, ask->mark, error);
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  g_autofree char *details = NULL;
  BoloAuditRecord record = {.act = BOLO_AUDIT_SEARCHED,
                            .officer = (char *) officer,
                            .subject = mark,
                            .reason = (char *) ask->reason,
                            .reference = (char *) ask->reference,
                            .authoriser = (char *) ask->authoriser};

  if (mark == NULL || !check_reason (self, ask->reason, error) ||
      !check_text (ask->reference, "a reference for the search, such as an incident number",
                   error) ||
      !check_window (self, ask, officer, error))
    return FALSE;
  from = bolo_time_format_utc (ask->from_us);
  to = bolo_time_format_utc (ask->to_us);
  details = g_strdup_printf ("from %s to %s", from, to);
  record.details = details;
  if (!audit (self, &record, error))
    return FALSE;
  look_back->glob = bolo_plate_wildcard_to_glob (mark, self->rules);
  look_back->from_us = ask->from_us;
  look_back->to_us = ask->to_us;
  return TRUE;
}

/* ---- watch entries ------------------------------------------------------------------------- */

static BoloWatch *
make_watch (BoloDeskWork *self, const BoloAsk *ask, const char *officer, const char *mark)
{
  BoloWatch *watch = bolo_watch_new ();

  watch->id = bolo_id_source_next (self->ids, "watch");
  watch->mark = g_strdup (mark);
  watch->reason = g_strdup (ask->reason);
  watch->category = g_strdup (ask->category != NULL ? ask->category : BOLO_WATCH_LIST);
  watch->description = g_strdup (ask->description);
  watch->officer = g_strdup (officer);
  watch->added_us = get_now_us (self);
  watch->expires_us = ask->until_us;
  return watch;
}

static gboolean
check_room (BoloDeskWork *self, GError **error)
{
  g_autoptr (GPtrArray) watches = bolo_watch_book_list (self->book, error);

  if (watches == NULL)
    return FALSE;
  if (watches->len < BOLO_WATCH_MAX)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_NO_SPACE,
               "there are %d watch entries already; remove some, or import a list", BOLO_WATCH_MAX);
  return FALSE;
}

/* Whoever adds an entry is told of what has passed already: that is a search, and its window stands
 * in the same audit row. */
static gboolean
add_watch (BoloDeskWork *self,
           const BoloAsk *ask,
           const char *officer,
           BoloLookBack *look_back,
           GError **error)
{
  gint64 now_us = get_now_us (self);
  g_autofree char *mark = take_mark (self, ask->mark, error);
  g_autofree char *until = NULL;
  g_autofree char *from = NULL;
  g_autofree char *details = NULL;
  g_autoptr (BoloWatch) watch = NULL;
  BoloAuditRecord record = {.act = BOLO_AUDIT_WATCH_ADDED,
                            .officer = (char *) officer,
                            .subject = mark,
                            .reason = (char *) ask->reason};

  if (mark == NULL || !check_text (ask->reason, "the reason for the watch entry", error) ||
      !check_optional (ask->category, "the category", error) ||
      !check_optional (ask->description, "the description", error) ||
      !check_until (self, ask->until_us, self->desk->watch_max_us, "a watch entry", error) ||
      !check_room (self, error))
    return FALSE;
  watch = make_watch (self, ask, officer, mark);
  until = bolo_time_format_utc (ask->until_us);
  from = bolo_time_format_utc (now_us - BOLO_SEARCH_OPEN_US);
  details = g_strdup_printf ("%s, until %s; looked back from %s on", watch->id, until, from);
  record.details = details;
  if (!audit (self, &record, error) || !bolo_watch_book_add (self->book, watch, error))
    return FALSE;
  look_back->glob = bolo_plate_wildcard_to_glob (mark, self->rules);
  look_back->from_us = now_us - BOLO_SEARCH_OPEN_US;
  look_back->to_us = G_MAXINT64;
  return TRUE;
}

/* By its id, or by its mark where only one entry has it. (transfer none) (nullable) */
static const BoloWatch *
find_watch (BoloDeskWork *self, GPtrArray *watches, const char *id, GError **error)
{
  g_autofree char *mark = bolo_plate_rules_normalise (self->rules, id != NULL ? id : "");
  const BoloWatch *found = NULL;
  guint n_found = 0;

  for (guint i = 0; i < watches->len; i++) {
    const BoloWatch *watch = g_ptr_array_index (watches, i);

    if (g_strcmp0 (watch->id, id) == 0)
      return watch;
    if (g_str_equal (watch->mark, mark)) {
      found = watch;
      n_found++;
    }
  }
  if (n_found == 1)
    return found;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "%s '%s'",
               n_found == 0 ? "there is no watch entry"
                            : "give the id of one, for several watch entries are for",
               id != NULL ? id : "");
  return NULL;
}

static gboolean
end_watch (BoloDeskWork *self, const BoloWatch *watch, const char *officer, GError **error)
{
  BoloAuditRecord record = {.act =
                              officer != NULL ? BOLO_AUDIT_WATCH_REMOVED : BOLO_AUDIT_WATCH_EXPIRED,
                            .officer = (char *) officer,
                            .subject = watch->mark,
                            .details = watch->id};

  return audit (self, &record, error) &&
         bolo_watch_book_remove (self->book, watch->id, officer, get_now_us (self), error);
}

static gboolean
remove_watch (BoloDeskWork *self, const BoloAsk *ask, const char *officer, GError **error)
{
  g_autoptr (GPtrArray) watches = bolo_watch_book_list (self->book, error);
  const BoloWatch *watch = watches != NULL ? find_watch (self, watches, ask->id, error) : NULL;

  return watch != NULL && end_watch (self, watch, officer, error);
}

/* ---- silences ------------------------------------------------------------------------------ */

static BoloSilence *
make_silence (BoloDeskWork *self, const BoloAsk *ask, const char *officer)
{
  BoloSilence *silence = bolo_silence_new ();

  silence->id = bolo_id_source_next (self->ids, "silence");
  silence->list = g_strdup (ask->list);
  silence->plate = g_strdup (ask->mark);
  silence->reference = g_strdup (ask->entry_reference);
  silence->kind = ask->kind;
  silence->reason = g_strdup (ask->reason);
  silence->officer = g_strdup (officer);
  silence->added_us = get_now_us (self);
  silence->until_us = ask->until_us;
  return silence;
}

static gboolean
add_silence (BoloDeskWork *self, const BoloAsk *ask, const char *officer, GError **error)
{
  g_autofree char *subject = NULL;
  g_autofree char *until = NULL;
  g_autofree char *details = NULL;
  g_autoptr (BoloSilence) silence = NULL;
  BoloAuditRecord record = {.act = BOLO_AUDIT_ENTRY_SILENCED,
                            .officer = (char *) officer,
                            .reason = (char *) ask->reason,
                            .reference = (char *) ask->entry_reference};

  if (!check_text (ask->list, "the list of the entry", error) ||
      !check_text (ask->mark, "the mark of the entry", error) ||
      !check_text (ask->reason, "what makes the entry wrong", error) ||
      !check_until (self, ask->until_us, self->desk->silence_max_us, "a silence", error))
    return FALSE;
  silence = make_silence (self, ask, officer);
  subject = g_strdup_printf ("%s/%s", ask->list, ask->mark);
  until = bolo_time_format_utc (ask->until_us);
  details = g_strdup_printf ("%s, %s, until %s", silence->id,
                             bolo_silence_kind_to_string (ask->kind), until);
  record.subject = subject;
  record.details = details;
  return audit (self, &record, error) && bolo_watch_book_silence (self->book, silence, error);
}

static gboolean
end_silence (BoloDeskWork *self, const BoloSilence *silence, const char *officer, GError **error)
{
  g_autofree char *subject = g_strdup_printf ("%s/%s", silence->list, silence->plate);
  BoloAuditRecord record = {.act = officer != NULL ? BOLO_AUDIT_SILENCE_REMOVED
                                                   : BOLO_AUDIT_SILENCE_EXPIRED,
                            .officer = (char *) officer,
                            .subject = subject,
                            .reference = silence->reference,
                            .details = silence->id};

  return audit (self, &record, error) &&
         bolo_watch_book_end_silence (self->book, silence->id, officer, get_now_us (self), error);
}

static gboolean
remove_silence (BoloDeskWork *self, const BoloAsk *ask, const char *officer, GError **error)
{
  g_autoptr (GPtrArray) silences = bolo_watch_book_list_silences (self->book, error);

  for (guint i = 0; silences != NULL && i < silences->len; i++) {
    const BoloSilence *silence = g_ptr_array_index (silences, i);

    if (g_strcmp0 (silence->id, ask->id) == 0)
      return end_silence (self, silence, officer, error);
  }
  if (silences != NULL)
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "there is no silence with the id %s",
                 ask->id != NULL ? ask->id : "");
  return FALSE;
}

/* ---- all of it ----------------------------------------------------------------------------- */

gboolean
bolo_desk_work_do (BoloDeskWork *self,
                   const BoloAsk *ask,
                   const char *officer,
                   BoloLookBack *look_back,
                   GError **error)
{
  g_return_val_if_fail (self != NULL && ask != NULL && look_back != NULL, FALSE);

  if (!check_text (officer, "the id of the officer who asks", error) ||
      !bolo_desk_work_open (self, NULL, error))
    return FALSE;
  switch (ask->what) {
  case BOLO_ASK_SEARCH:
    return search (self, ask, officer, look_back, error);
  case BOLO_ASK_ADD_WATCH:
    return add_watch (self, ask, officer, look_back, error);
  case BOLO_ASK_REMOVE_WATCH:
    return remove_watch (self, ask, officer, error);
  case BOLO_ASK_SILENCE:
    return add_silence (self, ask, officer, error);
  case BOLO_ASK_REMOVE_SILENCE:
    return remove_silence (self, ask, officer, error);
  default:
    g_return_val_if_reached (FALSE);
  }
}

/* Another program may have ended it a moment ago: that is no failure. */
static gboolean
is_ended (gboolean is_done, GError **local, GError **error)
{
  if (is_done || g_error_matches (*local, BOLO_ERROR, BOLO_ERROR_NOT_FOUND)) {
    g_clear_error (local);
    return TRUE;
  }
  g_propagate_error (error, g_steal_pointer (local));
  return FALSE;
}

/* A full disk, or another program at the book, must not keep what has just ended in force: it is
 * tried again. */
static void
forget_ended (BoloDeskWork *self, gint64 now_us)
{
  gint64 monotonic_us = bolo_clock_get_monotonic_us (self->clock);
  g_autoptr (GError) error = NULL;

  if (monotonic_us < self->purge_due_us)
    return;
  self->purge_due_us = monotonic_us + G_TIME_SPAN_HOUR;
  if (!bolo_watch_book_purge (self->book, now_us - self->desk->ended_kept_us, NULL, &error))
    g_message ("What officers watched for long ago is still kept: %s", error->message);
}

gboolean
bolo_desk_work_expire (BoloDeskWork *self, guint *n_ended, GError **error)
{
  gint64 now_us;
  guint n = 0;
  g_autoptr (GPtrArray) watches = NULL;
  g_autoptr (GPtrArray) silences = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  now_us = get_now_us (self);
  if (!bolo_desk_work_open (self, NULL, error) ||
      (watches = bolo_watch_book_list (self->book, error)) == NULL ||
      (silences = bolo_watch_book_list_silences (self->book, error)) == NULL)
    return FALSE;
  for (guint i = 0; i < watches->len; i++) {
    const BoloWatch *watch = g_ptr_array_index (watches, i);
    GError *local = NULL;

    if (watch->expires_us > now_us)
      continue;
    if (!is_ended (end_watch (self, watch, NULL, &local), &local, error))
      return FALSE;
    n++;
  }
  for (guint i = 0; i < silences->len; i++) {
    const BoloSilence *silence = g_ptr_array_index (silences, i);
    GError *local = NULL;

    if (silence->until_us > now_us)
      continue;
    if (!is_ended (end_silence (self, silence, NULL, &local), &local, error))
      return FALSE;
    n++;
  }
  if (n_ended != NULL)
    *n_ended = n;
  forget_ended (self, now_us);
  return TRUE;
}

/* What is over is not in force, even where nobody has come by to end it. */
GPtrArray *
bolo_desk_work_list_watches (BoloDeskWork *self, GError **error)
{
  g_autoptr (GPtrArray) watches = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (!bolo_desk_work_open (self, NULL, error) ||
      (watches = bolo_watch_book_list (self->book, error)) == NULL)
    return NULL;
  for (guint i = watches->len; i-- > 0;)
    if (((BoloWatch *) g_ptr_array_index (watches, i))->expires_us <= get_now_us (self))
      g_ptr_array_remove_index (watches, i);
  return g_steal_pointer (&watches);
}

GPtrArray *
bolo_desk_work_list_silences (BoloDeskWork *self, GError **error)
{
  g_autoptr (GPtrArray) silences = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (!bolo_desk_work_open (self, NULL, error) ||
      (silences = bolo_watch_book_list_silences (self->book, error)) == NULL)
    return NULL;
  for (guint i = silences->len; i-- > 0;)
    if (((BoloSilence *) g_ptr_array_index (silences, i))->until_us <= get_now_us (self))
      g_ptr_array_remove_index (silences, i);
  return g_steal_pointer (&silences);
}

gboolean
bolo_desk_work_get_change (BoloDeskWork *self, gint64 *change, GError **error)
{
  g_return_val_if_fail (self != NULL && change != NULL, FALSE);

  return bolo_desk_work_open (self, NULL, error) &&
         bolo_watch_book_get_change (self->book, change, error);
}
