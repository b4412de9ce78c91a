/* bolo-sync-run.c: drains the outboxes to one remote and brings its lists; sync's worker
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-sync-run"

#include "bolo-sync-run-private.h"

#include "bolo-error.h"

/* How often figures are told, and how often what waits is counted anew rather than reckoned. */
#define TELL_US (250 * G_TIME_SPAN_MILLISECOND)
#define COUNT_US (3 * G_TIME_SPAN_SECOND)
/* New reads are sent together: a request a second at most while they trickle. */
#define GATHER_US G_TIME_SPAN_SECOND
#define STALLED_US (2 * G_TIME_SPAN_SECOND)
#define ONCE_TRIES 3
#define QUEUE_REMEDY "Tell the technician; everything else is sent"
#define LISTS_REMEDY "Tell the technician; the lists in the car stay in force, and records are sent"

BoloSyncRun *
bolo_sync_run_new (const BoloRunParts *parts, const BoloRunNotify *notify)
{
  BoloSyncRun *self = g_new0 (BoloSyncRun, 1);

  self->parts = *parts;
  self->notify = *notify;
  self->stop = g_cancellable_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->sum = bolo_receipt_sum_new ();
  self->figures.remote = parts->remote->name;
  self->figures.last_contact_us = -1;
  self->figures.next_try_us = -1;
  self->figures.oldest_us = -1;
  self->figures.left_s = -1;
  return self;
}

void
bolo_sync_run_free (BoloSyncRun *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->doubtful, g_ptr_array_unref);
  g_hash_table_unref (self->kept);
  bolo_receipt_sum_free (self->sum);
  g_clear_object (&self->call);
  g_object_unref (self->stop);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_clear_error (&self->lists_error);
  g_free (self->failure);
  g_free (self->rejection);
  g_free (self);
}

void
bolo_sync_run_wish (BoloSyncRun *self, BoloRunWish wish)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->mutex);
  self->wishes |= wish;
  /* What is under way for longer than a batch should take hangs on the link that was lost. */
  if (self->call != NULL &&
      (((wish & BOLO_RUN_URGENT) && self->is_yielding) ||
       ((wish & BOLO_RUN_LINK_UP) && g_get_monotonic_time () - self->call_us > STALLED_US)))
    g_cancellable_cancel (self->call);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

void
bolo_sync_run_set_metered (BoloSyncRun *self, gboolean is_metered)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->mutex);
  if (self->is_metered != is_metered)
    self->wishes |= BOLO_RUN_MORE;
  self->is_metered = is_metered;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

void
bolo_sync_run_stop (BoloSyncRun *self)
{
  g_return_if_fail (self != NULL);

  g_cancellable_cancel (self->stop);
  g_mutex_lock (&self->mutex);
  if (self->call != NULL)
    g_cancellable_cancel (self->call);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/* Before the transport is asked for anything: the (transfer full) cancellable for it. */
GCancellable *
bolo_sync_run_begin_call (BoloSyncRun *self, gboolean is_yielding)
{
  GCancellable *call = g_cancellable_new ();

  g_mutex_lock (&self->mutex);
  self->call = g_object_ref (call);
  self->call_us = g_get_monotonic_time ();
  self->is_yielding = is_yielding;
  if (g_cancellable_is_cancelled (self->stop))
    g_cancellable_cancel (call);
  g_mutex_unlock (&self->mutex);
  return call;
}

void
bolo_sync_run_go_on_with_call (BoloSyncRun *self)
{
  g_mutex_lock (&self->mutex);
  self->call_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->mutex);
}

void
bolo_sync_run_explain_call (BoloSyncRun *self, GError **error)
{
  gboolean is_broken_off;

  g_mutex_lock (&self->mutex);
  is_broken_off = g_cancellable_is_cancelled (self->call) && !self->is_yielding;
  g_mutex_unlock (&self->mutex);
  if (!is_broken_off || *error == NULL || g_cancellable_is_cancelled (self->stop))
    return;
  g_clear_error (error);
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_OFFLINE,
               "The link was lost on the way; what was under way goes over the new one");
}

void
bolo_sync_run_end_call (BoloSyncRun *self, GError **error)
{
  bolo_sync_run_explain_call (self, error);
  g_mutex_lock (&self->mutex);
  g_clear_object (&self->call);
  g_mutex_unlock (&self->mutex);
}

/* ---- what is told -------------------------------------------------------------------------- */

static void
count (BoloSyncRun *self)
{
  BoloUnsentCounts counts;
  g_autoptr (GError) error = NULL;

  if (!bolo_sync_feed_count (self->feed, &counts, &error)) {
    g_debug ("cannot count what waits: %s", error->message);
    return;
  }
  self->counted_us = g_get_monotonic_time ();
  for (guint i = 0; i < BOLO_N_TOPICS; i++)
    self->figures.unsent[i] = counts.items[i];
  self->figures.unsent_bytes = counts.bytes;
  self->figures.unsent_picture_bytes = counts.picture_bytes;
  self->figures.oldest_us = counts.oldest_us;
  self->figures.rejected = counts.rejected;
  bolo_transport_note_backlog (self->parts.transport, &counts);
}

gboolean
bolo_sync_run_may_send_pictures (BoloSyncRun *self)
{
  gboolean is_metered;

  if (self->parts.remote->pictures == BOLO_PICTURES_NEVER)
    return FALSE;
  if (self->parts.remote->pictures == BOLO_PICTURES_ALWAYS || self->is_end_of_shift)
    return TRUE;
  g_mutex_lock (&self->mutex);
  is_metered = self->is_metered;
  g_mutex_unlock (&self->mutex);
  return !is_metered;
}

static void
reckon (BoloSyncRun *self)
{
  gboolean sends_pictures = bolo_sync_run_may_send_pictures (self);
  gint64 left =
    self->figures.unsent_bytes - (sends_pictures ? 0 : self->figures.unsent_picture_bytes);
  double rate =
    sends_pictures && self->pictures.rate_bps > 0 ? self->pictures.rate_bps : self->texts.rate_bps;

  self->figures.failure = self->failure;
  if (self->failure == NULL && self->lists_error != NULL) {
    self->figures.failure = self->lists_error->message;
    self->figures.remedy = LISTS_REMEDY;
  }
  if (self->figures.failure == NULL && bolo_sync_feed_get_problem (self->feed) != NULL) {
    self->figures.failure = bolo_sync_feed_get_problem (self->feed);
    self->figures.remedy = QUEUE_REMEDY;
  }
  self->figures.rejection = self->rejection;
  self->figures.rate_bps = rate;
  self->figures.left_s = left <= 0 ? 0 : rate > 0 ? (gint64) ((double) left / rate) + 1 : -1;
  self->figures.is_holding_images = !sends_pictures && self->figures.unsent_picture_bytes > 0;
  g_mutex_lock (&self->mutex);
  self->figures.is_metered = self->is_metered;
  g_mutex_unlock (&self->mutex);
}

static void
tell (BoloSyncRun *self, gboolean is_important)
{
  gint64 now_us = g_get_monotonic_time ();

  if (!is_important && now_us - self->told_us < TELL_US)
    return;
  if (now_us - self->counted_us > COUNT_US)
    count (self);
  self->told_us = now_us;
  reckon (self);
  self->notify.figures (&self->figures, self->notify.user_data);
}

void
bolo_sync_run_set_phase (BoloSyncRun *self, BoloSyncPhase phase)
{
  if (self->figures.phase == phase)
    return;
  self->figures.phase = phase;
  tell (self, TRUE);
}

/* ---- waiting ------------------------------------------------------------------------------- */

/* Until @until_us (monotonic), or one of @wishes comes; those that came are taken. */
static guint
wait_for (BoloSyncRun *self, gint64 until_us, guint wishes)
{
  guint taken;

  g_mutex_lock (&self->mutex);
  while ((self->wishes & wishes) == 0 && !g_cancellable_is_cancelled (self->stop) &&
         g_cond_wait_until (&self->changed, &self->mutex, until_us))
    ;
  taken = self->wishes;
  self->wishes &= ~(wishes | BOLO_RUN_MORE | BOLO_RUN_URGENT);
  g_mutex_unlock (&self->mutex);
  if (taken & BOLO_RUN_LINK_UP) {
    bolo_pace_forget_failures (&self->texts);
    bolo_pace_forget_failures (&self->pictures);
  }
  if (taken & BOLO_RUN_END_OF_SHIFT)
    self->is_end_of_shift = TRUE;
  if (taken & (BOLO_RUN_NOW | BOLO_RUN_LINK_UP | BOLO_RUN_END_OF_SHIFT))
    self->lists_due_us = 0;
  return taken;
}

gboolean
bolo_sync_run_take_wish (BoloSyncRun *self, BoloRunWish wish)
{
  gboolean is_wished;

  g_mutex_lock (&self->mutex);
  is_wished = (self->wishes & wish) != 0;
  self->wishes &= ~(guint) wish;
  g_mutex_unlock (&self->mutex);
  return is_wished;
}

/* What to do about it, for the officer. */
static const char *
get_remedy (const GError *error, BoloTransportFailure failure)
{
  if (failure == BOLO_TRANSPORT_REFUSED)
    return "Tell the technician; everything is kept in the car";
  if (g_error_matches (error, BOLO_ERROR, BOLO_ERROR_BUSY))
    return "Nothing: it is tried again, and everything is kept in the car";
  return "Check the car's link; it is tried again, and everything is kept in the car";
}

/* FALSE: the run is to end with this error. */
static gboolean
take_failure (BoloSyncRun *self, const GError *error)
{
  BoloTransportFailure failure = bolo_transport_judge (error);
  gint64 wait_us;

  bolo_transport_get_traits (self->parts.transport, &self->traits);
  wait_us = bolo_pace_note_failure (&self->texts, failure == BOLO_TRANSPORT_REFUSED,
                                    self->traits.asked_s, g_random_double ());
  self->is_connected = FALSE;
  self->pictures.last_bytes = self->texts.last_bytes;
  if (g_strcmp0 (self->failure, error->message) != 0)
    g_message ("%s: %s", self->parts.remote->name, error->message);
  g_free (self->failure);
  self->failure = g_strdup (error->message);
  self->figures.remedy = get_remedy (error, failure);
  if (g_cancellable_is_cancelled (self->stop))
    return FALSE;
  if (self->parts.end != BOLO_RUN_FOR_EVER && failure == BOLO_TRANSPORT_REFUSED)
    return FALSE;
  if (self->parts.end == BOLO_RUN_ONCE && self->texts.n_failures >= ONCE_TRIES)
    return FALSE;
  self->figures.next_try_us = bolo_clock_get_utc_us (self->parts.clock) + wait_us;
  self->figures.phase = BOLO_SYNC_IDLE; /* so that what follows is told */
  bolo_sync_run_set_phase (self, failure == BOLO_TRANSPORT_REFUSED ? BOLO_SYNC_REFUSED
                                                                   : BOLO_SYNC_WAITING);
  wait_for (self, g_get_monotonic_time () + wait_us,
            BOLO_RUN_NOW | BOLO_RUN_LINK_UP | BOLO_RUN_END_OF_SHIFT);
  self->figures.next_try_us = -1;
  return TRUE;
}

void
bolo_sync_run_note_contact (BoloSyncRun *self)
{
  self->figures.last_contact_us = bolo_clock_get_utc_us (self->parts.clock);
  bolo_pace_forget_failures (&self->texts);
  bolo_pace_forget_failures (&self->pictures);
  g_clear_pointer (&self->failure, g_free);
  self->figures.remedy = NULL;
}

/* ---- the rest ------------------------------------------------------------------------------ */

static gboolean
do_connect (BoloSyncRun *self, GError **error)
{
  g_autoptr (GCancellable) call = NULL;
  GError *local = NULL;

  if (self->figures.phase != BOLO_SYNC_WAITING && self->figures.phase != BOLO_SYNC_REFUSED)
    bolo_sync_run_set_phase (self, BOLO_SYNC_CONNECTING);
  call = bolo_sync_run_begin_call (self, FALSE);
  self->is_connected = bolo_transport_connect (self->parts.transport, call, &local);
  bolo_sync_run_end_call (self, &local);
  if (!self->is_connected) {
    g_propagate_error (error, local);
    return FALSE;
  }
  bolo_transport_get_traits (self->parts.transport, &self->traits);
  self->figures.last_contact_us = bolo_clock_get_utc_us (self->parts.clock);
  return bolo_sync_batch_ask_of_doubtful (self, error);
}

/* ---- the loop ------------------------------------------------------------------------------ */

/* What a step has led to. */
typedef enum {
  STEP_ON,
  STEP_DONE,
  STEP_FAILED,
} Step;

/* Nothing more can be sent now. */
static Step
rest (BoloSyncRun *self, GError **error)
{
  gint64 until_us =
    MIN (self->lists_due_us, self->traits.has_shared ? self->shared_due_us : G_MAXINT64);
  guint wishes;

  if ((self->is_end_of_shift || self->parts.end != BOLO_RUN_FOR_EVER) &&
      !bolo_sync_fetch_receipt (self, error))
    return STEP_FAILED;
  self->is_end_of_shift = FALSE;
  count (self);
  bolo_sync_run_set_phase (self, BOLO_SYNC_IDLE);
  tell (self, TRUE);
  if (self->parts.end == BOLO_RUN_UNTIL_DONE && self->figures.unsent_bytes > 0 &&
      !self->figures.is_holding_images) {
    /* What could not be taken is tried again a little later. */
    self->is_end_of_shift = TRUE;
    wait_for (self, g_get_monotonic_time () + GATHER_US, BOLO_RUN_NOW | BOLO_RUN_LINK_UP);
    return STEP_ON;
  }
  if (self->parts.end != BOLO_RUN_FOR_EVER && self->lists_error != NULL) {
    g_propagate_error (error, g_error_copy (self->lists_error));
    return STEP_FAILED;
  }
  if (self->parts.end != BOLO_RUN_FOR_EVER && bolo_sync_feed_get_problem (self->feed) != NULL) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                         bolo_sync_feed_get_problem (self->feed));
    return STEP_FAILED;
  }
  if (self->parts.end != BOLO_RUN_FOR_EVER)
    return STEP_DONE;
  wishes = wait_for (self, until_us,
                     BOLO_RUN_MORE | BOLO_RUN_URGENT | BOLO_RUN_NOW | BOLO_RUN_LINK_UP |
                       BOLO_RUN_END_OF_SHIFT);
  if (wishes == BOLO_RUN_MORE)
    wait_for (self, g_get_monotonic_time () + GATHER_US,
              BOLO_RUN_URGENT | BOLO_RUN_NOW | BOLO_RUN_LINK_UP | BOLO_RUN_END_OF_SHIFT);
  return STEP_ON;
}

/* All that goes between the texts and the pictures. */
static Step
do_between (BoloSyncRun *self, GError **error)
{
  gint64 now_us = g_get_monotonic_time ();

  if (now_us >= self->lists_due_us)
    return bolo_sync_fetch_lists (self, error) ? STEP_ON : STEP_FAILED;
  if (now_us >= self->shared_due_us)
    return bolo_sync_fetch_shared (self, error) ? STEP_ON : STEP_FAILED;
  if (bolo_sync_fetch_is_receipt_due (self))
    return bolo_sync_fetch_receipt (self, error) ? STEP_ON : STEP_FAILED;
  return rest (self, error);
}

static Step
step (BoloSyncRun *self, GError **error)
{
  g_autoptr (GPtrArray) items = NULL;
  gint64 now_us = g_get_monotonic_time ();
  gboolean wants_pictures = bolo_sync_run_may_send_pictures (self) && now_us < self->lists_due_us &&
                            now_us < self->shared_due_us && !bolo_sync_fetch_is_receipt_due (self);

  if (!self->is_connected && !do_connect (self, error))
    return STEP_FAILED;
  items = bolo_sync_batch_take (self, wants_pictures, error);
  if (items == NULL)
    return STEP_FAILED;
  if (items->len > 0)
    return bolo_sync_batch_send (self, items, wants_pictures, error) ? STEP_ON : STEP_FAILED;
  if (bolo_sync_lanes_get_n_busy (self->lanes) > 0)
    return bolo_sync_batch_collect (self, error) ? STEP_ON : STEP_FAILED;
  return do_between (self, error);
}

static gboolean
open_parts (BoloSyncRun *self, GError **error)
{
  self->feed = bolo_sync_feed_open (self->parts.state_dir, self->parts.store, self->parts.clock,
                                    self->parts.remote->name, error);
  if (self->feed == NULL)
    return FALSE;
  if (self->parts.hotlist != NULL)
    self->taker =
      bolo_list_taker_new (self->parts.hotlist, self->parts.state_dir, self->parts.remote->name,
                           self->parts.clock, self->notify.list, self->notify.user_data);
  count (self);
  tell (self, TRUE);
  return TRUE;
}

gboolean
bolo_sync_run_loop (BoloSyncRun *self, GError **error)
{
  g_autoptr (GError) local = NULL;
  gboolean is_done = FALSE;
  gboolean goes_on;

  g_return_val_if_fail (self != NULL, FALSE);

  self->is_end_of_shift = self->parts.end == BOLO_RUN_UNTIL_DONE;
  goes_on = open_parts (self, error);
  while (goes_on && !g_cancellable_is_cancelled (self->stop)) {
    Step what = step (self, &local);

    if (what == STEP_FAILED)
      bolo_sync_batch_drain (self);
    tell (self, FALSE);
    is_done = what == STEP_DONE;
    goes_on = what == STEP_ON || (what == STEP_FAILED && take_failure (self, local));
    if (goes_on)
      g_clear_error (&local);
  }
  bolo_sync_batch_drain (self);
  g_clear_pointer (&self->lanes, bolo_sync_lanes_free);
  bolo_transport_disconnect (self->parts.transport);
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  if (self->feed != NULL && local == NULL) {
    count (self);
    tell (self, TRUE);
  }
  g_clear_pointer (&self->taker, bolo_list_taker_free);
  g_clear_pointer (&self->feed, bolo_sync_feed_close);
  return is_done;
}
