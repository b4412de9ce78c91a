/* bolo-store-writer.c: takes records from any thread, commits them on its worker, never gives up
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-store-writer"

#include "bolo-store-writer.h"

#include "bolo-error.h"
#include "bolo-metric.h"
#include "bolo-paths.h"
#include "bolo-store-queue.h"

/* Reads are committed in groups: 20 commits a second at most, each some 4 to 16 ms. */
#define GROUP_MS 50
/* How soon a failed write or opening is tried again. */
#define RETRY_MS 1000
/* Records a transaction; a hit that comes meanwhile waits for one such at most. */
#define MAX_BATCH 32
/* Files that may turn out damaged one after the other before the disk itself is suspected. */
#define MAX_MENDED 4
/* Below this the disk is called nearly full: some 20 hours of busy traffic. */
#define LOW_DISK_BYTES (G_GINT64_CONSTANT (512) * 1024 * 1024)
#define LOW_DISK_INTERVAL_US (5 * G_USEC_PER_SEC)

struct _BoloStoreWriter {
  gatomicrefcount n_refs;
  BoloWorker *worker;    /* (owned) */
  BoloClock *clock;      /* (owned) */
  BoloStoreQueue *queue; /* (owned) */
  BoloMetric *commit_ms; /* (owned) */
  BoloWriterNotify notify;
  gboolean waits_for_flush; /* set before the first record */

  /* (thread worker) */
  BoloArchive *archive;    /* (owned) */
  GSource *group_timer;    /* (owned) (nullable) */
  GSource *retry_timer;    /* (owned) (nullable) */
  GError *failure;         /* (owned) (nullable): why nothing can be written now */
  gboolean is_wanted_open; /* opening was asked for, for writing */
  gboolean is_closed;
  BoloHealthState health;
  char *health_detail;    /* (owned) (nullable) */
  gint64 disk_checked_us; /* monotonic */
  guint n_kept;           /* sightings that the last purge kept because they are not sent */
};

BoloStoreWriter *
bolo_store_writer_new (const char *state_dir,
                       const char *vfs,
                       BoloClock *clock,
                       BoloWorker *worker,
                       const BoloWriterNotify *notify)
{
  BoloStoreWriter *self = g_new0 (BoloStoreWriter, 1);

  g_atomic_ref_count_init (&self->n_refs);
  self->worker = g_object_ref (worker);
  self->clock = g_object_ref (clock);
  self->queue = bolo_store_queue_new ();
  self->commit_ms = bolo_metric_new ();
  self->notify = *notify;
  self->archive = bolo_archive_new (state_dir, vfs, clock);
  self->health = BOLO_HEALTH_STARTING;
  return self;
}

BoloStoreWriter *
bolo_store_writer_ref (BoloStoreWriter *self)
{
  g_atomic_ref_count_inc (&self->n_refs);
  return self;
}

void
bolo_store_writer_unref (BoloStoreWriter *self)
{
  if (!g_atomic_ref_count_dec (&self->n_refs))
    return;
  g_assert (self->group_timer == NULL && self->retry_timer == NULL);
  if (self->notify.destroy != NULL)
    self->notify.destroy (self->notify.user_data);
  bolo_archive_free (self->archive);
  bolo_store_queue_free (self->queue);
  bolo_metric_free (self->commit_ms);
  g_clear_error (&self->failure);
  g_object_unref (self->worker);
  g_object_unref (self->clock);
  g_free (self->health_detail);
  g_free (self);
}

/* ---- saying how it is ---- */

static void
say_health (BoloStoreWriter *self, BoloHealthState state, const char *detail, const char *remedy)
{
  g_autoptr (BoloHealth) health = NULL;

  if (self->health == state && g_strcmp0 (self->health_detail, detail) == 0)
    return;
  self->health = state;
  g_free (self->health_detail);
  self->health_detail = g_strdup (detail);
  health = bolo_health_new ("storage", state, bolo_clock_get_utc_us (self->clock), detail, remedy);
  self->notify.health (health, self->notify.user_data);
}

static const char *
get_remedy (const GError *failure)
{
  if (g_error_matches (failure, BOLO_ERROR, BOLO_ERROR_NO_SPACE))
    return "Free space on the disk, or run boloctl retention run";
  if (g_error_matches (failure, BOLO_ERROR, BOLO_ERROR_PERMISSION))
    return "Make the folder writable, or choose another with --state";
  if (g_error_matches (failure, BOLO_ERROR, BOLO_ERROR_BUSY))
    return "End the other Bolo that uses the same records";
  if (g_error_matches (failure, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED))
    return "Install the newer Bolo again";
  return "Tell the technician; the disk may be failing";
}

static void
take_failure (BoloStoreWriter *self, GError *failure)
{
  g_autofree char *detail = NULL;
  guint n_lost;

  g_clear_error (&self->failure);
  self->failure = failure;
  n_lost = bolo_store_queue_get_n_lost (self->queue);
  if (n_lost == 0)
    detail = g_strdup_printf ("Records are kept in memory only. %s", failure->message);
  else
    detail = g_strdup_printf ("Records are kept in memory only, and %u older reads are lost. %s",
                              n_lost, failure->message);
  say_health (self, BOLO_HEALTH_LOST, detail, get_remedy (failure));
}

static void
check_disk (BoloStoreWriter *self)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 free_bytes;

  if (self->health == BOLO_HEALTH_OK || self->health == BOLO_HEALTH_DEGRADED) {
    if (now_us - self->disk_checked_us < LOW_DISK_INTERVAL_US)
      return;
  }
  self->disk_checked_us = now_us;
  free_bytes = bolo_paths_get_free_bytes (bolo_archive_get_state_dir (self->archive));
  if (free_bytes >= 0 && free_bytes < LOW_DISK_BYTES) {
    /* Said in steps, so that it does not change with every commit. */
    g_autofree char *detail =
      g_strdup_printf ("The disk for the records has less than %" G_GINT64_FORMAT " MB left",
                       (free_bytes / (64 * 1024 * 1024) + 1) * 64);

    say_health (self, BOLO_HEALTH_DEGRADED, detail,
                "Free space on the disk, or run boloctl retention run");
  } else {
    say_health (self, BOLO_HEALTH_OK, "Records are being kept", NULL);
  }
}

static void
say_problems (BoloStoreWriter *self, GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++)
    self->notify.problem (problems->pdata[i], self->notify.user_data);
}

static void
say_lost (BoloStoreWriter *self, GPtrArray *batch)
{
  g_autoptr (BoloProblem) problem = NULL;
  gboolean is_lost = FALSE;

  for (guint i = 0; i < batch->len; i++)
    is_lost = is_lost || ((BoloRecord *) batch->pdata[i])->is_lost;
  if (!is_lost)
    return;
  problem =
    bolo_problem_new ("A record could not be stored", "It was shown, but it is not in the journal",
                      "Write it down by hand and tell the technician", NULL);
  self->notify.problem (problem, self->notify.user_data);
}

/* ---- timers ---- */

static void
clear_timer (GSource **timer)
{
  if (*timer == NULL)
    return;
  g_source_destroy (*timer);
  g_source_unref (*timer);
  *timer = NULL;
}

static GSource *
start_timer (BoloStoreWriter *self, guint interval_ms, GSourceFunc func, const char *name)
{
  GSource *timer = g_timeout_source_new (interval_ms);

  g_source_set_callback (timer, func, self, NULL);
  g_source_set_static_name (timer, name);
  g_source_attach (timer, bolo_worker_get_context (self->worker));
  return timer;
}

static gboolean on_retry (gpointer user_data);
static gboolean write_some (BoloStoreWriter *self, gboolean only_urgent, GError **error);

static void
want_retry (BoloStoreWriter *self)
{
  if (self->retry_timer == NULL && self->is_wanted_open && !self->is_closed)
    self->retry_timer = start_timer (self, RETRY_MS, on_retry, "bolo-store-retry");
}

static gboolean
on_group_due (gpointer user_data)
{
  BoloStoreWriter *self = user_data;

  clear_timer (&self->group_timer);
  if (self->failure == NULL)
    write_some (self, FALSE, NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
on_retry (gpointer user_data)
{
  BoloStoreWriter *self = user_data;
  g_autoptr (GError) error = NULL;

  clear_timer (&self->retry_timer);
  if (!bolo_store_writer_write_all (self, &error))
    g_debug ("Still cannot write: %s", error->message);
  return G_SOURCE_REMOVE;
}

/* ---- writing ---- */

static gboolean
try_to_open (BoloStoreWriter *self, GError **error)
{
  g_autoptr (GPtrArray) problems =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_problem_unref);
  g_autoptr (GError) local = NULL;
  gboolean is_open = bolo_archive_open (self->archive, FALSE, problems, &local);

  say_problems (self, problems);
  if (is_open) {
    g_clear_error (&self->failure);
    check_disk (self);
    return TRUE;
  }
  if (error != NULL)
    *error = g_error_copy (local);
  take_failure (self, g_steal_pointer (&local));
  want_retry (self);
  return FALSE;
}

static gboolean
write_batch (BoloStoreWriter *self, GPtrArray *batch, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) problems =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_problem_unref);
  gint64 start_us = g_get_monotonic_time ();
  gboolean is_written = bolo_archive_write (self->archive, batch, ids, problems, error);

  say_problems (self, problems);
  if (!is_written)
    return FALSE;
  bolo_metric_add (self->commit_ms, (double) (g_get_monotonic_time () - start_us) / 1000.0);
  say_lost (self, batch);
  if (ids->len > 0) {
    g_ptr_array_add (ids, NULL);
    self->notify.stored ((char **) ids->pdata, self->notify.user_data);
  }
  return TRUE;
}

/* Everything that waits, urgent ones first, a transaction at a time; or only the urgent ones. */
static gboolean
write_some (BoloStoreWriter *self, gboolean only_urgent, GError **error)
{
  g_autoptr (GPtrArray) batch = NULL;
  g_autoptr (GError) local = NULL;
  guint n_mended = 0;

  while ((batch = bolo_store_queue_take (self->queue, only_urgent, MAX_BATCH)) != NULL) {
    if (!bolo_archive_is_open (self->archive) && !try_to_open (self, &local)) {
      bolo_store_queue_put_back (self->queue, g_steal_pointer (&batch));
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
    if (!write_batch (self, batch, &local)) {
      bolo_store_queue_put_back (self->queue, g_steal_pointer (&batch));
      /* A damaged file has been set aside: the next try finds a new one. */
      if (g_error_matches (local, BOLO_ERROR, BOLO_ERROR_INVALID_DATA) && n_mended++ < MAX_MENDED) {
        g_clear_error (&local);
        continue;
      }
      if (error != NULL)
        *error = g_error_copy (local);
      take_failure (self, g_steal_pointer (&local));
      want_retry (self);
      return FALSE;
    }
    g_clear_error (&self->failure);
    g_clear_pointer (&batch, g_ptr_array_unref);
  }
  /* Nothing waited, but the folder may be there again. */
  if (!bolo_archive_is_open (self->archive) && self->is_wanted_open)
    return try_to_open (self, error);
  g_clear_error (&self->failure);
  check_disk (self);
  return TRUE;
}

gboolean
bolo_store_writer_write_all (BoloStoreWriter *self, GError **error)
{
  g_return_val_if_fail (bolo_worker_is_current (self->worker), FALSE);
  return write_some (self, FALSE, error);
}

static gboolean
on_added (gpointer user_data)
{
  BoloStoreWriter *self = user_data;

  bolo_store_queue_note_woken (self->queue);
  if (self->waits_for_flush)
    return G_SOURCE_REMOVE;
  if (self->failure != NULL || self->is_closed || !self->is_wanted_open)
    return G_SOURCE_REMOVE; /* the retry takes it */
  if (bolo_store_queue_has_urgent (self->queue))
    write_some (self, TRUE, NULL);
  if (self->group_timer == NULL && self->failure == NULL &&
      bolo_store_queue_get_length (self->queue) > 0)
    self->group_timer = start_timer (self, GROUP_MS, on_group_due, "bolo-store-group");
  return G_SOURCE_REMOVE;
}

static void
unref_writer (gpointer data)
{
  bolo_store_writer_unref (data);
}

void
bolo_store_writer_set_waits_for_flush (BoloStoreWriter *self)
{
  g_return_if_fail (bolo_store_queue_get_length (self->queue) == 0);
  self->waits_for_flush = TRUE;
}

void
bolo_store_writer_set_receivers (BoloStoreWriter *self, const char *const *receivers)
{
  bolo_archive_set_receivers (self->archive, receivers);
}

void
bolo_store_writer_add (BoloStoreWriter *self, BoloRecord *record)
{
  if (bolo_store_queue_add (self->queue, record))
    bolo_worker_post (self->worker, on_added, bolo_store_writer_ref (self), unref_writer);
}

guint
bolo_store_writer_get_n_waiting (BoloStoreWriter *self)
{
  return bolo_store_queue_get_length (self->queue);
}

guint
bolo_store_writer_get_n_lost (BoloStoreWriter *self)
{
  return bolo_store_queue_get_n_lost (self->queue);
}

double
bolo_store_writer_get_commit_ms (BoloStoreWriter *self, double fraction)
{
  return bolo_metric_get_percentile (self->commit_ms, fraction);
}

/* ---- the rest ---- */

gboolean
bolo_store_writer_open (BoloStoreWriter *self, gboolean is_read_only, GError **error)
{
  g_return_val_if_fail (bolo_worker_is_current (self->worker), FALSE);

  if (is_read_only)
    return bolo_archive_open (self->archive, TRUE, NULL, error);
  self->is_wanted_open = TRUE;
  return try_to_open (self, error);
}

BoloArchive *
bolo_store_writer_get_archive (BoloStoreWriter *self, GError **error)
{
  if (bolo_archive_is_open (self->archive))
    return self->archive;
  if (self->failure != NULL)
    g_propagate_error (error, g_error_copy (self->failure));
  else
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_BUSY, "The records are not open");
  return NULL;
}

static void
pause_purge (gpointer user_data)
{
  write_some (user_data, FALSE, NULL);
}

static gboolean
is_wanted (gpointer user_data)
{
  BoloStoreWriter *self = user_data;

  return bolo_store_queue_has_urgent (self->queue);
}

/* The officer cannot see otherwise why old records are still there. */
static void
say_kept (BoloStoreWriter *self, const BoloPurgeReport *report)
{
  gint64 now_us = bolo_clock_get_utc_us (self->clock);
  gint64 days = (now_us - report->older_than_us) / G_TIME_SPAN_DAY;
  g_autofree char *detail = NULL;
  g_autoptr (BoloHealth) health = NULL;

  if (report->unsent == self->n_kept)
    return;
  self->n_kept = report->unsent;
  if (report->unsent > 0)
    detail = g_strdup_printf ("%u records older than %" G_GINT64_FORMAT
                              " days are not sent yet, and are kept until they are",
                              report->unsent, days);
  if (report->unsent > 0)
    g_message ("%s", detail);
  health = bolo_health_new (
    "unsent", report->unsent > 0 ? BOLO_HEALTH_DEGRADED : BOLO_HEALTH_OK, now_us,
    detail != NULL ? detail : "No record is overdue to be sent",
    report->unsent > 0 ? "Bring the car to where it has a link, or run boloctl sync --wait" : NULL);
  self->notify.health (health, self->notify.user_data);
}

gboolean
bolo_store_writer_purge (BoloStoreWriter *self,
                         gint64 older_than_us,
                         const char *officer,
                         BoloPurgeReport *report,
                         GError **error)
{
  const BoloRetentionHooks hooks = {pause_purge, is_wanted, self};

  g_return_val_if_fail (bolo_worker_is_current (self->worker), FALSE);
  if (bolo_store_writer_get_archive (self, error) == NULL)
    return FALSE;
  if (!bolo_retention_purge (self->archive, older_than_us, officer, &hooks, report, error))
    return FALSE;
  say_kept (self, report);
  return TRUE;
}

gboolean
bolo_store_writer_close (BoloStoreWriter *self, GError **error)
{
  gboolean is_written = TRUE;

  g_return_val_if_fail (bolo_worker_is_current (self->worker), FALSE);
  self->is_closed = TRUE;
  clear_timer (&self->group_timer);
  clear_timer (&self->retry_timer);
  if (self->is_wanted_open && bolo_store_queue_get_length (self->queue) > 0)
    is_written = write_some (self, FALSE, error);
  bolo_archive_close (self->archive);
  self->is_wanted_open = FALSE;
  return is_written;
}
