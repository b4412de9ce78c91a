/* bolo-sync-run-fetch.c: what a run brings: lists, other cars' hits, receipts
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-sync-run"

#include "bolo-sync-run-private.h"

#include "bolo-error.h"
#include "bolo-list-files.h"

#define SHARED_US (10 * G_TIME_SPAN_SECOND)
/* A receipt is over so many items at most: some 7 MB of memory. */
#define RECEIPT_MAX 100000

/* What is wrong with the lists is said; it keeps no record in the car. */
static void
refuse_lists (BoloSyncRun *self, GError *error)
{
  if (self->lists_error == NULL || !g_str_equal (self->lists_error->message, error->message))
    g_message ("%s: %s", self->parts.remote->name, error->message);
  g_clear_error (&self->lists_error);
  self->lists_error = error;
}

gboolean
bolo_sync_fetch_lists (BoloSyncRun *self, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GCancellable) call = NULL;
  gboolean is_fetched;

  self->lists_due_us =
    g_get_monotonic_time () + (gint64) self->parts.remote->interval_s * G_TIME_SPAN_SECOND;
  if (self->taker == NULL || !self->traits.has_lists)
    return TRUE;
  bolo_sync_run_set_phase (self, BOLO_SYNC_FETCHING);
  call = bolo_sync_run_begin_call (self, TRUE);
  is_fetched = bolo_transport_fetch_lists (self->parts.transport, self->taker, call, &local);
  bolo_sync_run_end_call (self, &local);
  if (is_fetched) {
    g_clear_error (&self->lists_error);
    bolo_sync_run_note_contact (self);
    return TRUE;
  }
  if (g_cancellable_is_cancelled (call) && !g_cancellable_is_cancelled (self->stop)) {
    /* A hit goes first; the download goes on where it was. */
    self->lists_due_us = 0;
    self->is_connected = FALSE;
    return TRUE;
  }
  if (bolo_transport_judge (local) == BOLO_TRANSPORT_REFUSED &&
      !g_error_matches (local, BOLO_ERROR, BOLO_ERROR_AUTH)) {
    refuse_lists (self, g_steal_pointer (&local));
    return TRUE;
  }
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
bolo_sync_fetch_shared (BoloSyncRun *self, GError **error)
{
  g_autoptr (GPtrArray) hits = NULL;
  g_autoptr (GCancellable) call = NULL;
  GError *local = NULL;

  self->shared_due_us = g_get_monotonic_time () + SHARED_US;
  if (!self->traits.has_shared || self->notify.shared == NULL)
    return TRUE;
  call = bolo_sync_run_begin_call (self, FALSE);
  hits = bolo_transport_fetch_shared (self->parts.transport, &self->after, call, &local);
  bolo_sync_run_end_call (self, &local);
  if (hits == NULL) {
    g_propagate_error (error, local);
    return FALSE;
  }
  bolo_sync_run_note_contact (self);
  self->notify.shared (hits, self->notify.user_data);
  return TRUE;
}

void
bolo_sync_fetch_note_kept (BoloSyncRun *self, const BoloOutgoing *item)
{
  if (!self->traits.has_receipts)
    return;
  bolo_receipt_sum_add (self->sum, bolo_topic_to_string (item->topic), item->id, item->state);
  self->n_in_sum++;
}

gboolean
bolo_sync_fetch_is_receipt_due (BoloSyncRun *self)
{
  return self->n_in_sum >= RECEIPT_MAX;
}

static gboolean
keep_receipt (BoloSyncRun *self, const char *text, GError **error)
{
  g_autofree char *folder = g_build_filename (self->parts.state_dir, "receipts", NULL);
  g_autofree char *time = bolo_time_format_utc (bolo_clock_get_utc_us (self->parts.clock));
  g_autofree char *name = g_strdup_printf ("%s-%s.json", self->parts.remote->name, time);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  if (!bolo_list_files_make_directory (folder, error) ||
      !bolo_list_files_replace (path, text, error))
    return FALSE;
  if (self->notify.receipt != NULL)
    self->notify.receipt (path, self->notify.user_data);
  return TRUE;
}

gboolean
bolo_sync_fetch_receipt (BoloSyncRun *self, GError **error)
{
  g_autofree char *sha256 = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GCancellable) call = NULL;
  GError *local = NULL;
  guint64 n_items;

  if (self->n_in_sum == 0)
    return TRUE;
  sha256 = bolo_receipt_sum_get (self->sum, &n_items);
  call = bolo_sync_run_begin_call (self, FALSE);
  text = bolo_transport_get_receipt (self->parts.transport, n_items, sha256, call, &local);
  bolo_sync_run_end_call (self, &local);
  if (text == NULL) {
    g_propagate_error (error, local);
    return FALSE;
  }
  bolo_receipt_sum_free (self->sum);
  self->sum = bolo_receipt_sum_new ();
  self->n_in_sum = 0;
  return keep_receipt (self, text, error);
}
