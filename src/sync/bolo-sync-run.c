/* bolo-sync-run.c: drains the outboxes to one remote and brings its lists; sync's worker
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-sync-run"

#include "bolo-sync-run.h"

#include "bolo-error.h"
#include "bolo-list-files.h"
#include "bolo-pace.h"
#include "bolo-receipt-sum.h"
#include "bolo-sync-queues.h"

/* How often figures are told, and how often what waits is counted anew rather than reckoned. */
#define TELL_US (250 * G_TIME_SPAN_MILLISECOND)
#define COUNT_US (3 * G_TIME_SPAN_SECOND)
/* New reads are sent together: a request a second at most while they trickle. */
#define GATHER_US G_TIME_SPAN_SECOND
#define STALLED_US (2 * G_TIME_SPAN_SECOND)
#define SHARED_US (10 * G_TIME_SPAN_SECOND)
#define ITEMS_DEFAULT 1000
/* A receipt is over so many items at most: some 14 MB of memory. */
#define RECEIPT_MAX 200000
#define ONCE_TRIES 3
#define AGAIN_MAX_S 300
#define LISTS_REMEDY "Tell the technician; the lists in the car stay in force, and records are sent"

struct _BoloSyncRun {
  BoloRunParts parts;
  BoloRunNotify notify;
  GCancellable *stop; /* (owned) */

  GMutex mutex;
  GCond changed;
  guint wishes;         /* (mutex mutex): of BoloRunWish */
  gboolean is_metered;  /* (mutex mutex) */
  GCancellable *call;   /* (mutex mutex) (owned) (nullable): of what the transport does now */
  gint64 call_us;       /* (mutex mutex): monotonic, since when */
  gboolean is_yielding; /* (mutex mutex): it is a download, and ends for a hit */

  /* (thread worker) */
  BoloSyncQueues *queues; /* (owned) */
  BoloListTaker *taker;   /* (owned) (nullable) */
  BoloTransportTraits traits;
  BoloPace texts;
  BoloPace pictures;
  BoloSyncFigures figures;
  char *failure;       /* (owned) (nullable) */
  char *rejection;     /* (owned) (nullable) */
  GError *lists_error; /* (owned) (nullable): why lists are refused; records go all the same */
  GPtrArray *doubtful; /* (owned) (nullable): sent, and nobody knows whether it arrived */
  GHashTable *kept;    /* (owned): of pictures under way, "ID STATE" to bytes kept there */
  BoloReceiptSum *sum; /* (owned) */
  guint64 n_in_sum;
  gint64 after;   /* shared hits up to this one are known */
  gint64 told_us; /* monotonic, all of these */
  gint64 counted_us;
  gint64 lists_due_us;
  gint64 shared_due_us;
  gboolean is_connected;
  gboolean is_end_of_shift;
  gboolean has_fetched;
};

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
static GCancellable *
begin_call (BoloSyncRun *self, gboolean is_yielding)
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

static void
end_call (BoloSyncRun *self)
{
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

  if (!bolo_sync_queues_count (self->queues, self->parts.remote->name, &counts, &error)) {
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

static gboolean
may_send_pictures (BoloSyncRun *self)
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
  gboolean sends_pictures = may_send_pictures (self);
  gint64 left =
    self->figures.unsent_bytes - (sends_pictures ? 0 : self->figures.unsent_picture_bytes);
  double rate =
    sends_pictures && self->pictures.rate_bps > 0 ? self->pictures.rate_bps : self->texts.rate_bps;

  self->figures.failure = self->failure;
  if (self->failure == NULL && self->lists_error != NULL) {
    self->figures.failure = self->lists_error->message;
    self->figures.remedy = LISTS_REMEDY;
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

static void
set_phase (BoloSyncRun *self, BoloSyncPhase phase)
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
  set_phase (self, failure == BOLO_TRANSPORT_REFUSED ? BOLO_SYNC_REFUSED : BOLO_SYNC_WAITING);
  wait_for (self, g_get_monotonic_time () + wait_us,
            BOLO_RUN_NOW | BOLO_RUN_LINK_UP | BOLO_RUN_END_OF_SHIFT);
  self->figures.next_try_us = -1;
  return TRUE;
}

static void
note_contact (BoloSyncRun *self)
{
  self->figures.last_contact_us = bolo_clock_get_utc_us (self->parts.clock);
  bolo_pace_forget_failures (&self->texts);
  bolo_pace_forget_failures (&self->pictures);
  g_clear_pointer (&self->failure, g_free);
  self->figures.remedy = NULL;
}

/* ---- answers ------------------------------------------------------------------------------- */

static char *
make_key (const BoloOutgoing *item)
{
  return g_strdup_printf ("%s %" G_GINT64_FORMAT, item->id, item->state);
}

static void
take_item (BoloSyncRun *self, BoloOutgoing *item)
{
  g_autofree char *key = item->topic == BOLO_TOPIC_PICTURE ? make_key (item) : NULL;

  switch (item->result) {
  case BOLO_RESULT_STORED:
  case BOLO_RESULT_KNOWN:
    bolo_receipt_sum_add (self->sum, bolo_topic_to_string (item->topic), item->id, item->state);
    self->n_in_sum++;
    self->figures.sent++;
    self->figures.sent_bytes += (gint64) item->bytes;
    self->figures.unsent[item->topic] = MAX (self->figures.unsent[item->topic] - 1, 0);
    self->figures.unsent_bytes = MAX (self->figures.unsent_bytes - (gint64) item->bytes, 0);
    if (item->topic == BOLO_TOPIC_PICTURE)
      self->figures.unsent_picture_bytes =
        MAX (self->figures.unsent_picture_bytes - (gint64) item->bytes, 0);
    break;
  case BOLO_RESULT_REJECTED:
    self->figures.rejected++;
    if (g_strcmp0 (self->rejection, item->reason) != 0)
      g_message ("%s will not take a %s: %s", self->parts.remote->name,
                 bolo_topic_to_string (item->topic), item->reason);
    g_free (self->rejection);
    self->rejection = g_strdup (item->reason);
    break;
  case BOLO_RESULT_PARTIAL:
    if (key != NULL)
      g_hash_table_insert (self->kept, g_steal_pointer (&key), GSIZE_TO_POINTER (item->kept));
    return;
  case BOLO_RESULT_AGAIN:
  case BOLO_RESULT_UNKNOWN:
    return;
  }
  if (key != NULL)
    g_hash_table_remove (self->kept, key);
}

typedef struct {
  guint moved; /* taken, refused, or further than before */
  guint again;
  guint unknown;
  const char *reason; /* of the last again; lent */
} Tally;

static Tally
take_answers (BoloSyncRun *self, GPtrArray *items)
{
  Tally tally = {0};

  for (guint i = 0; i < items->len; i++) {
    BoloOutgoing *item = items->pdata[i];

    take_item (self, item);
    tally.unknown += item->result == BOLO_RESULT_UNKNOWN;
    tally.again += item->result == BOLO_RESULT_AGAIN;
    tally.moved += item->result != BOLO_RESULT_UNKNOWN && item->result != BOLO_RESULT_AGAIN;
    if (item->result == BOLO_RESULT_AGAIN)
      tally.reason = item->reason;
  }
  return tally;
}

static gboolean
settle (BoloSyncRun *self, GPtrArray *items, GError **error)
{
  guint attempts = items->len > 0 ? ((BoloOutgoing *) items->pdata[0])->attempts : 0;
  gint64 wait_s = MIN (1 << MIN (attempts, 8), AGAIN_MAX_S);

  return bolo_sync_queues_settle (
    self->queues, self->parts.remote->name, items,
    bolo_clock_get_utc_us (self->parts.clock) + wait_s * G_TIME_SPAN_SECOND, error);
}

/* ---- batches ------------------------------------------------------------------------------- */

static gsize
get_batch_bytes (BoloSyncRun *self, const BoloPace *pace)
{
  gsize max = self->traits.batch_bytes > 0 ? self->traits.batch_bytes : BOLO_PACE_FIRST_BYTES;

  return self->traits.is_local ? max : bolo_pace_get_bytes (pace, max);
}

/* (transfer full) (nullable): the next batch, texts while there are any. */
static GPtrArray *
take_batch (BoloSyncRun *self, gboolean wants_pictures, GError **error)
{
  const BoloUnsentQuery query = {
    .receiver = self->parts.remote->name,
    .now_us = bolo_clock_get_utc_us (self->parts.clock),
    .max_urgency = wants_pictures ? BOLO_URGENCY_PICTURE : BOLO_URGENCY_REST,
    .max = self->traits.batch_items > 0 ? self->traits.batch_items : ITEMS_DEFAULT,
    .max_bytes = get_batch_bytes (self, wants_pictures ? &self->pictures : &self->texts),
    .with_sightings = self->traits.wants_sightings,
  };

  return bolo_sync_queues_list (self->queues, &query, error);
}

/* Cuts pictures to what the batch has room for; what is kept there already is not sent again. */
static gsize
cut_pieces (BoloSyncRun *self, GPtrArray *items, gsize room)
{
  gsize bytes = 0;

  for (guint i = 0; i < items->len; i++) {
    BoloOutgoing *item = items->pdata[i];
    g_autofree char *key = NULL;
    gsize rest;

    if (item->picture == NULL || self->traits.piece_bytes == 0) {
      bytes += item->bytes;
      continue;
    }
    key = make_key (item);
    item->offset = MIN (GPOINTER_TO_SIZE (g_hash_table_lookup (self->kept, key)), item->bytes);
    rest = MIN (item->bytes - item->offset, self->traits.piece_bytes);
    item->length = MIN (rest, MAX (room > bytes ? room - bytes : 0, BOLO_PACE_MIN_BYTES));
    bytes += item->length;
    if (bytes >= room) {
      g_ptr_array_set_size (items, (int) i + 1);
      break;
    }
  }
  return bytes;
}

static gboolean
ask_of_doubtful (BoloSyncRun *self, GError **error)
{
  g_autoptr (GPtrArray) items = g_steal_pointer (&self->doubtful);
  g_autoptr (GCancellable) call = NULL;
  gboolean is_answered;

  if (items == NULL)
    return TRUE;
  for (guint i = 0; i < items->len; i++)
    bolo_outgoing_answer (items->pdata[i], BOLO_RESULT_UNKNOWN, NULL);
  call = begin_call (self, FALSE);
  is_answered = bolo_transport_ask (self->parts.transport, items, call, error);
  end_call (self);
  if (!is_answered) {
    self->doubtful = g_steal_pointer (&items);
    return FALSE;
  }
  take_answers (self, items);
  return settle (self, items, error);
}

/* A batch that broke off: what was not answered is asked for when the link is there again. */
static void
keep_doubtful (BoloSyncRun *self, GPtrArray *items)
{
  for (guint i = items->len; i > 0; i--) {
    BoloOutgoing *item = items->pdata[i - 1];

    /* The bytes are read anew; of a doubtful item only its name is needed. */
    if (item->result != BOLO_RESULT_UNKNOWN)
      g_ptr_array_remove_index (items, i - 1);
    else
      g_clear_pointer (&item->picture, g_bytes_unref);
  }
  self->doubtful = g_ptr_array_ref (items);
}

static gboolean
send_batch (BoloSyncRun *self, GPtrArray *items, gboolean are_pictures, GError **error)
{
  BoloPace *pace = are_pictures ? &self->pictures : &self->texts;
  gsize bytes = cut_pieces (self, items, get_batch_bytes (self, pace));
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (GError) local = NULL;
  g_autoptr (GCancellable) call = NULL;
  gboolean is_sent;
  Tally tally;

  set_phase (self, BOLO_SYNC_SENDING);
  call = begin_call (self, FALSE);
  is_sent = bolo_transport_send (self->parts.transport, items, call, &local);
  end_call (self);
  tally = take_answers (self, items);
  if (!settle (self, items, error))
    return FALSE;
  if (is_sent && tally.unknown == 0 && tally.moved > 0) {
    bolo_pace_note_sent (pace, bytes, g_get_monotonic_time () - start_us);
    note_contact (self);
    return TRUE;
  }
  if (is_sent && tally.unknown > 0)
    g_set_error (&local, BOLO_ERROR, BOLO_ERROR_OFFLINE,
                 "The station did not answer for %u of %u items", tally.unknown, items->len);
  else if (is_sent)
    g_set_error (&local, BOLO_ERROR, BOLO_ERROR_BUSY, "The station cannot keep it now: %s",
                 tally.reason != NULL ? tally.reason : "no reason given");
  if (tally.unknown > 0)
    keep_doubtful (self, items);
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* ---- the rest ------------------------------------------------------------------------------ */

static gboolean
do_connect (BoloSyncRun *self, GError **error)
{
  g_autoptr (GCancellable) call = NULL;

  if (self->figures.phase != BOLO_SYNC_WAITING && self->figures.phase != BOLO_SYNC_REFUSED)
    set_phase (self, BOLO_SYNC_CONNECTING);
  call = begin_call (self, FALSE);
  self->is_connected = bolo_transport_connect (self->parts.transport, call, error);
  end_call (self);
  if (!self->is_connected)
    return FALSE;
  bolo_transport_get_traits (self->parts.transport, &self->traits);
  self->figures.last_contact_us = bolo_clock_get_utc_us (self->parts.clock);
  return ask_of_doubtful (self, error);
}

/* What is wrong with the lists is said; it keeps no record in the car. */
static void
refuse_lists (BoloSyncRun *self, GError *error)
{
  if (self->lists_error == NULL || !g_str_equal (self->lists_error->message, error->message))
    g_message ("%s: %s", self->parts.remote->name, error->message);
  g_clear_error (&self->lists_error);
  self->lists_error = error;
}

static gboolean
fetch_lists (BoloSyncRun *self, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GCancellable) call = NULL;
  gboolean is_fetched;

  self->lists_due_us =
    g_get_monotonic_time () + (gint64) self->parts.remote->interval_s * G_TIME_SPAN_SECOND;
  if (self->taker == NULL || !self->traits.has_lists)
    return TRUE;
  set_phase (self, BOLO_SYNC_FETCHING);
  call = begin_call (self, TRUE);
  is_fetched = bolo_transport_fetch_lists (self->parts.transport, self->taker, call, &local);
  end_call (self);
  if (is_fetched) {
    g_clear_error (&self->lists_error);
    note_contact (self);
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

static gboolean
fetch_shared (BoloSyncRun *self, GError **error)
{
  g_autoptr (GPtrArray) hits = NULL;
  g_autoptr (GCancellable) call = NULL;

  self->shared_due_us = g_get_monotonic_time () + SHARED_US;
  if (!self->traits.has_shared || self->notify.shared == NULL)
    return TRUE;
  call = begin_call (self, FALSE);
  hits = bolo_transport_fetch_shared (self->parts.transport, &self->after, call, error);
  end_call (self);
  if (hits == NULL)
    return FALSE;
  note_contact (self);
  self->notify.shared (hits, self->notify.user_data);
  return TRUE;
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

static gboolean
fetch_receipt (BoloSyncRun *self, GError **error)
{
  g_autofree char *sha256 = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GCancellable) call = NULL;
  guint64 n_items;

  if (!self->traits.has_receipts || self->n_in_sum == 0)
    return TRUE;
  sha256 = bolo_receipt_sum_get (self->sum, &n_items);
  call = begin_call (self, FALSE);
  text = bolo_transport_get_receipt (self->parts.transport, n_items, sha256, call, error);
  end_call (self);
  if (text == NULL)
    return FALSE;
  bolo_receipt_sum_free (self->sum);
  self->sum = bolo_receipt_sum_new ();
  self->n_in_sum = 0;
  return keep_receipt (self, text, error);
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
      !fetch_receipt (self, error))
    return STEP_FAILED;
  self->is_end_of_shift = FALSE;
  count (self);
  set_phase (self, BOLO_SYNC_IDLE);
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

static Step
step (BoloSyncRun *self, GError **error)
{
  g_autoptr (GPtrArray) items = NULL;
  gint64 now_us;

  if (!self->is_connected && !do_connect (self, error))
    return STEP_FAILED;
  items = take_batch (self, FALSE, error);
  if (items != NULL && items->len > 0)
    return send_batch (self, items, FALSE, error) ? STEP_ON : STEP_FAILED;
  if (items == NULL)
    return STEP_FAILED;
  now_us = g_get_monotonic_time ();
  if (now_us >= self->lists_due_us)
    return fetch_lists (self, error) ? STEP_ON : STEP_FAILED;
  if (now_us >= self->shared_due_us && !fetch_shared (self, error))
    return STEP_FAILED;
  if (self->n_in_sum >= RECEIPT_MAX && !fetch_receipt (self, error))
    return STEP_FAILED;
  if (may_send_pictures (self)) {
    g_clear_pointer (&items, g_ptr_array_unref);
    items = take_batch (self, TRUE, error);
    if (items == NULL)
      return STEP_FAILED;
    if (items->len > 0)
      return send_batch (self, items, TRUE, error) ? STEP_ON : STEP_FAILED;
  }
  return rest (self, error);
}

static gboolean
open_parts (BoloSyncRun *self, GError **error)
{
  self->queues =
    bolo_sync_queues_open (self->parts.state_dir, self->parts.store, self->parts.clock, error);
  if (self->queues == NULL)
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

    tell (self, FALSE);
    is_done = what == STEP_DONE;
    goes_on = what == STEP_ON || (what == STEP_FAILED && take_failure (self, local));
    if (goes_on)
      g_clear_error (&local);
  }
  bolo_transport_disconnect (self->parts.transport);
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  if (self->queues != NULL && local == NULL) {
    count (self);
    tell (self, TRUE);
  }
  g_clear_pointer (&self->taker, bolo_list_taker_free);
  g_clear_pointer (&self->queues, bolo_sync_queues_close);
  return is_done;
}
