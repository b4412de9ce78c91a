/* bolo-station-intake.c: takes what all cars send into the store, many batches a commit
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-intake"

#include "bolo-station-intake.h"

#include "bolo-error.h"
#include "bolo-station-judge.h"
#include "bolo-worker.h"

/* A commit costs some milliseconds, whatever is in it; more than this at once would make the first
 * car wait for the last. */
#define GROUP_ITEMS_MAX 4096
#define GROUP_BYTES_MAX (8 * 1024 * 1024)
/* While a body is still coming nobody waits for what was taken of it: two turns of the disk for
 * each handful would cost more than all else. But one that has stopped coming is written down. */
#define LINGER_US (20 * G_TIME_SPAN_MILLISECOND)
/* What all cars may gather before they hand it on, and one of them: each handing on costs a turn of
 * the disk, and who is alone has all of it. */
#define GATHER_BYTES (4 * 1024 * 1024)
#define GATHER_BYTES_MIN (128 * 1024)
#define GATHER_BYTES_MAX (512 * 1024)
/* With so much waiting nobody needs to send more before some of it is written. */
#define BUSY_BYTES (16 * 1024 * 1024)
/* Contacts of cars that send nothing are written this often. */
#define NOTES_S 2
/* Beginnings of pictures are kept this long after their last byte. */
#define PARTS_KEPT_US (2 * G_TIME_SPAN_DAY)
/* What is too old goes in small commits, between which cars are served. */
#define PURGE_S 60
#define PURGE_MAX 500
#define CLOSE_MS 30000

struct _BoloStationIntake {
  GObject parent_instance;

  const BoloStationPlace *place; /* (lent) */
  BoloClock *clock;              /* (owned) */
  BoloStationFaults *faults;     /* (lent) */
  BoloWorker *summer; /* (owned): hashes what came, while the writer waits for the disk */
  BoloWorker *writer; /* (owned) */
  BoloWorker *reader; /* (owned) */
  guint notes_timer;
  guint purge_timer;
  guint keep_months;
  guint n_bodies; /* that are coming in */

  BoloStationStore *writing; /* (owned) (thread writer) */
  BoloStationStore *reading; /* (owned) (thread reader) */
  gint64 swept_us;           /* (thread writer) */

  GMutex mutex;
  GCond came;
  GQueue waiting;    /* (mutex mutex): of GTask with a BoloStationJob */
  GHashTable *notes; /* (owned) (mutex mutex): of BoloStationCar by name */
  gsize n_bytes;     /* (mutex mutex): of what is waiting or being written */
  gboolean is_woken; /* (mutex mutex): the writer will look */
};

G_DEFINE_FINAL_TYPE (BoloStationIntake, bolo_station_intake, G_TYPE_OBJECT)

static gsize
weigh_job (const BoloStationJob *job)
{
  gsize bytes = 0;

  for (guint i = 0; i < job->items->len; i++) {
    const BoloBatchItem *item = job->items->pdata[i];

    bytes += item->bytes != NULL ? g_bytes_get_size (item->bytes) : 1024;
  }
  return bytes;
}

/* What goes into one commit. */
typedef struct {
  GPtrArray *tasks; /* (owned): of GTask with a BoloStationJob */
  gsize n_items;
  gsize n_bytes;
  gboolean is_awaited; /* somebody has said all, and waits */
} Group;

static void
group_clear (Group *group)
{
  g_ptr_array_unref (group->tasks);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Group, group_clear)

static gboolean
is_full (const Group *group)
{
  return group->n_items >= GROUP_ITEMS_MAX || group->n_bytes >= GROUP_BYTES_MAX;
}

/* (transfer full): of the jobs that have joined the group; lent by it. */
static GPtrArray *
take_jobs (BoloStationIntake *self, Group *group)
{
  GPtrArray *jobs = g_ptr_array_new ();

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  while (!g_queue_is_empty (&self->waiting) && !is_full (group)) {
    GTask *task = g_queue_pop_head (&self->waiting);
    BoloStationJob *job = g_task_get_task_data (task);

    group->n_items += job->items->len;
    group->n_bytes += weigh_job (job);
    group->is_awaited = group->is_awaited || job->is_last;
    g_ptr_array_add (group->tasks, task);
    g_ptr_array_add (jobs, job);
  }
  return jobs;
}

/* FALSE: it is time to commit. */
static gboolean
wait_for_more (BoloStationIntake *self, const Group *group)
{
  gint64 until_us = g_get_monotonic_time () + LINGER_US;

  if (group->is_awaited || is_full (group) || group->tasks->len == 0)
    return FALSE;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  while (g_queue_is_empty (&self->waiting))
    if (!g_cond_wait_until (&self->came, &self->mutex, until_us))
      return FALSE;
  return TRUE;
}

static GHashTable *
make_notes (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                (GDestroyNotify) bolo_station_car_free);
}

/* (transfer full) (nullable) */
static GHashTable *
take_notes (BoloStationIntake *self)
{
  GHashTable *notes = NULL;

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  if (g_hash_table_size (self->notes) > 0) {
    notes = self->notes;
    self->notes = make_notes ();
  }
  return notes;
}

static gboolean
save_notes (BoloStationIntake *self, GHashTable *notes, GError **error)
{
  GHashTableIter iter;
  gpointer car;

  if (notes == NULL)
    return TRUE;
  g_hash_table_iter_init (&iter, notes);
  while (g_hash_table_iter_next (&iter, NULL, &car))
    if (!bolo_station_store_save_car (self->writing, car, error))
      return FALSE;
  return TRUE;
}

static gboolean
sweep_parts (BoloStationIntake *self, gint64 now_us, GError **error)
{
  if (now_us - self->swept_us < G_TIME_SPAN_HOUR)
    return TRUE;
  self->swept_us = now_us;
  return bolo_station_store_drop_old_parts (self->writing, now_us - PARTS_KEPT_US, error);
}

/* Opens what a fault has closed: a database server that went and came again. */
static gboolean
ensure_writing (BoloStationIntake *self, GError **error)
{
  if (self->writing == NULL)
    self->writing = bolo_station_place_open (self->place, FALSE, error);
  return self->writing != NULL;
}

/* Adds @jobs, and where they are a group's, what joins it meanwhile. */
static gboolean
judge_jobs (BoloStationIntake *self, GPtrArray *jobs, Group *group, GError **error)
{
  if (!bolo_station_judge (self->writing, jobs, error))
    return FALSE;
  while (group != NULL && wait_for_more (self, group)) {
    g_autoptr (GPtrArray) more = take_jobs (self, group);

    if (!bolo_station_judge (self->writing, more, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
commit_jobs (
  BoloStationIntake *self, GPtrArray *jobs, Group *group, GHashTable *notes, GError **error)
{
  gint64 now_us = bolo_clock_get_utc_us (self->clock);

  if (!ensure_writing (self, error) || !bolo_station_store_begin (self->writing, now_us, error))
    return FALSE;
  if (jobs->len > 0 && bolo_station_faults_strike (self->faults, BOLO_STATION_FAULT_FULL))
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_NO_SPACE, "the station's disk is full");
  else if (judge_jobs (self, jobs, group, error) && save_notes (self, notes, error) &&
           sweep_parts (self, now_us, error))
    return bolo_station_store_commit (self->writing, error);
  bolo_station_store_roll_back (self->writing);
  return FALSE;
}

static void
commit_alone (BoloStationIntake *self, BoloStationJob *job)
{
  g_autoptr (GPtrArray) one = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (one, job);
  if (commit_jobs (self, one, NULL, NULL, &error))
    return;
  g_warning ("A batch of %s could not be kept: %s", job->car, error->message);
  bolo_station_job_postpone (job, error->code == BOLO_ERROR_NO_SPACE
                                    ? "the station's disk is full"
                                    : "the station could not write it");
  if (error->code == BOLO_ERROR_OFFLINE)
    g_clear_object (&self->writing);
}

/* What has joined the group by then is in it, whether it could be written or not. */
static void
write_group (BoloStationIntake *self, GPtrArray *jobs, Group *group, GHashTable *notes)
{
  g_autoptr (GError) error = NULL;

  if (!commit_jobs (self, jobs, group, notes, &error)) {
    g_debug ("A group of %u batches could not be written: %s", group->tasks->len, error->message);
    if (error->code == BOLO_ERROR_OFFLINE)
      g_clear_object (&self->writing);
    /* One that cannot be written must not keep the others out. */
    for (guint i = 0; i < group->tasks->len; i++)
      commit_alone (self, g_task_get_task_data (group->tasks->pdata[i]));
  }
  g_mutex_lock (&self->mutex);
  self->n_bytes -= group->n_bytes;
  g_mutex_unlock (&self->mutex);
  for (guint i = 0; i < group->tasks->len; i++) {
    BoloStationJob *job = g_task_get_task_data (group->tasks->pdata[i]);

    g_task_return_pointer (group->tasks->pdata[i], g_ptr_array_ref (job->results),
                           (GDestroyNotify) g_ptr_array_unref);
  }
}

static gboolean
on_write (gpointer user_data)
{
  BoloStationIntake *self = user_data;

  g_mutex_lock (&self->mutex);
  self->is_woken = FALSE;
  g_mutex_unlock (&self->mutex);
  for (;;) {
    g_auto (Group) group = {g_ptr_array_new_with_free_func (g_object_unref), 0, 0, FALSE};
    g_autoptr (GPtrArray) jobs = take_jobs (self, &group);
    g_autoptr (GHashTable) notes = take_notes (self);

    if (jobs->len == 0 && notes == NULL)
      return G_SOURCE_REMOVE;
    write_group (self, jobs, &group, notes);
  }
}

/* ---- what is too old ----------------------------------------------------------------------- */

static gboolean
purge_some (
  BoloStationIntake *self, gint64 now_us, gint64 before_us, gint64 *n_items, GError **error)
{
  if (!ensure_writing (self, error) || !bolo_station_store_begin (self->writing, now_us, error))
    return FALSE;
  if (bolo_station_store_purge (self->writing, before_us, PURGE_MAX, n_items, error))
    return bolo_station_store_commit (self->writing, error);
  bolo_station_store_roll_back (self->writing);
  return FALSE;
}

static gboolean
on_purge (gpointer user_data)
{
  BoloStationIntake *self = user_data;
  gint64 now_us = bolo_clock_get_utc_us (self->clock);
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) before = g_date_time_add_months (now, -(int) self->keep_months);
  g_autoptr (GError) error = NULL;
  gint64 n_items = 0;

  if (!purge_some (self, now_us, g_date_time_to_unix (before) * G_USEC_PER_SEC, &n_items, &error)) {
    g_warning ("What is too old could not be purged: %s", error->message);
    if (error->code == BOLO_ERROR_OFFLINE)
      g_clear_object (&self->writing);
    return G_SOURCE_REMOVE;
  }
  if (n_items > 0)
    g_message ("Purged %" G_GINT64_FORMAT " items older than %u months", n_items,
               self->keep_months);
  if (n_items == PURGE_MAX)
    bolo_worker_post (self->writer, on_purge, g_object_ref (self), g_object_unref);
  return G_SOURCE_REMOVE;
}

static gboolean
on_purge_due (gpointer user_data)
{
  BoloStationIntake *self = user_data;

  bolo_worker_post (self->writer, on_purge, g_object_ref (self), g_object_unref);
  return G_SOURCE_CONTINUE;
}

void
bolo_station_intake_keep (BoloStationIntake *self, guint months)
{
  g_return_if_fail (BOLO_IS_STATION_INTAKE (self) && self->purge_timer == 0);

  self->keep_months = months;
  if (months == 0)
    return;
  self->purge_timer = g_timeout_add_seconds (PURGE_S, on_purge_due, self);
  g_source_set_name_by_id (self->purge_timer, "bolo-station-purge");
  on_purge_due (self);
}

/* With the mutex held. */
static void
wake_writer (BoloStationIntake *self)
{
  if (self->is_woken)
    return;
  self->is_woken = TRUE;
  bolo_worker_post (self->writer, on_write, g_object_ref (self), g_object_unref);
}

static gboolean
on_sum (gpointer user_data)
{
  GTask *task = user_data;
  BoloStationIntake *self = g_task_get_source_object (task);

  bolo_station_job_sum (g_task_get_task_data (task));
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_queue_push_tail (&self->waiting, g_object_ref (task));
  g_cond_signal (&self->came);
  wake_writer (self);
  return G_SOURCE_REMOVE;
}

void
bolo_station_intake_store_async (BoloStationIntake *self,
                                 const char *car,
                                 const char *session,
                                 GPtrArray *items,
                                 gboolean is_last,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task;
  BoloStationJob *job;

  g_return_if_fail (BOLO_IS_STATION_INTAKE (self) && car != NULL && items != NULL);

  job = bolo_station_job_new (car, session, g_ptr_array_ref (items));
  job->is_last = is_last;
  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bolo_station_intake_store_async);
  g_task_set_task_data (task, job, (GDestroyNotify) bolo_station_job_free);
  g_mutex_lock (&self->mutex);
  self->n_bytes += weigh_job (job);
  g_mutex_unlock (&self->mutex);
  bolo_worker_post (self->summer, on_sum, task, g_object_unref);
}

void
bolo_station_intake_begin_body (BoloStationIntake *self)
{
  g_return_if_fail (BOLO_IS_STATION_INTAKE (self));

  self->n_bodies++;
}

void
bolo_station_intake_end_body (BoloStationIntake *self)
{
  g_return_if_fail (BOLO_IS_STATION_INTAKE (self) && self->n_bodies > 0);

  self->n_bodies--;
}

gsize
bolo_station_intake_get_handful (BoloStationIntake *self)
{
  g_return_val_if_fail (BOLO_IS_STATION_INTAKE (self), GATHER_BYTES_MIN);

  return CLAMP (GATHER_BYTES / MAX (self->n_bodies, 1), GATHER_BYTES_MIN, GATHER_BYTES_MAX);
}

gboolean
bolo_station_intake_is_busy (BoloStationIntake *self)
{
  g_return_val_if_fail (BOLO_IS_STATION_INTAKE (self), TRUE);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  return self->n_bytes > BUSY_BYTES;
}

GPtrArray *
bolo_station_intake_store_finish (BoloStationIntake *self, GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}

void
bolo_station_intake_note_car (BoloStationIntake *self, const BoloStationCar *car)
{
  BoloStationCar *note;

  g_return_if_fail (BOLO_IS_STATION_INTAKE (self) && car != NULL);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  note = g_hash_table_lookup (self->notes, car->name);
  if (note == NULL) {
    note = g_new0 (BoloStationCar, 1);
    note->name = g_strdup (car->name);
    note->backlog = -1;
    g_hash_table_insert (self->notes, note->name, note);
  }
  note->last_us = car->last_us;
  if (car->backlog >= 0) {
    note->backlog = car->backlog;
    note->oldest_us = car->oldest_us;
  }
  if (car->lists != NULL) {
    g_free (note->lists);
    note->lists = g_strdup (car->lists);
  }
  if (car->manifest > 0) {
    note->manifest = car->manifest;
    note->manifest_us = car->manifest_us;
  }
}

typedef struct {
  BoloStationIntake *intake; /* (owned) */
  GTask *task;               /* (owned) */
  BoloStationRead read;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_object_unref (reading->intake);
  g_object_unref (reading->task);
  g_free (reading);
}

static gboolean
on_read (gpointer user_data)
{
  Reading *reading = user_data;
  BoloStationIntake *self = reading->intake;
  GError *error = NULL;

  if (self->reading == NULL)
    self->reading = bolo_station_place_open (self->place, TRUE, &error);
  if (self->reading == NULL)
    g_task_return_error (reading->task, error);
  else
    reading->read (self->reading, reading->task);
  return G_SOURCE_REMOVE;
}

void
bolo_station_intake_read (BoloStationIntake *self, GTask *task, BoloStationRead read)
{
  Reading *reading;

  g_return_if_fail (BOLO_IS_STATION_INTAKE (self) && G_IS_TASK (task) && read != NULL);

  reading = g_new0 (Reading, 1);
  reading->intake = g_object_ref (self);
  reading->task = g_object_ref (task);
  reading->read = read;
  bolo_worker_post (self->reader, on_read, reading, reading_free);
}

static gboolean
on_notes_due (gpointer user_data)
{
  BoloStationIntake *self = user_data;

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  if (g_hash_table_size (self->notes) > 0)
    wake_writer (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_close_writing (gpointer user_data)
{
  g_clear_object (&BOLO_STATION_INTAKE (user_data)->writing);
  return G_SOURCE_REMOVE;
}

static gboolean
on_close_reading (gpointer user_data)
{
  g_clear_object (&BOLO_STATION_INTAKE (user_data)->reading);
  return G_SOURCE_REMOVE;
}

void
bolo_station_intake_close (BoloStationIntake *self)
{
  g_return_if_fail (BOLO_IS_STATION_INTAKE (self));

  g_clear_handle_id (&self->notes_timer, g_source_remove);
  g_clear_handle_id (&self->purge_timer, g_source_remove);
  if (self->writer == NULL)
    return;
  if (!bolo_worker_stop (self->summer, CLOSE_MS))
    g_warning ("What came last was still hashed after %d s", CLOSE_MS / 1000);
  g_clear_object (&self->summer);
  g_mutex_lock (&self->mutex);
  wake_writer (self);
  g_mutex_unlock (&self->mutex);
  bolo_worker_post (self->writer, on_close_writing, g_object_ref (self), g_object_unref);
  bolo_worker_post (self->reader, on_close_reading, g_object_ref (self), g_object_unref);
  if (!bolo_worker_stop (self->writer, CLOSE_MS) || !bolo_worker_stop (self->reader, CLOSE_MS))
    g_warning ("The store was still at work after %d s", CLOSE_MS / 1000);
  g_clear_object (&self->writer);
  g_clear_object (&self->reader);
}

static void
bolo_station_intake_finalize (GObject *object)
{
  BoloStationIntake *self = BOLO_STATION_INTAKE (object);

  g_clear_handle_id (&self->notes_timer, g_source_remove);
  g_clear_handle_id (&self->purge_timer, g_source_remove);
  g_clear_object (&self->summer);
  g_clear_object (&self->writer);
  g_clear_object (&self->reader);
  g_clear_object (&self->clock);
  g_queue_clear_full (&self->waiting, g_object_unref);
  g_hash_table_unref (self->notes);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->came);
  G_OBJECT_CLASS (bolo_station_intake_parent_class)->finalize (object);
}

static void
bolo_station_intake_class_init (BoloStationIntakeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bolo_station_intake_finalize;
}

static void
bolo_station_intake_init (BoloStationIntake *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->came);
  g_queue_init (&self->waiting);
  self->notes = make_notes ();
}

/* The first opening: on the writer, whose connection it is. */
static void
open_writing (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  BoloStationIntake *self = source;
  GError *error = NULL;

  if (ensure_writing (self, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

BoloStationIntake *
bolo_station_intake_new (const BoloStationPlace *place,
                         BoloClock *clock,
                         BoloStationFaults *faults,
                         GError **error)
{
  g_autoptr (BoloStationIntake) self = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GTask) task = NULL;

  g_return_val_if_fail (place != NULL && BOLO_IS_CLOCK (clock) && faults != NULL, NULL);

  self = g_object_new (BOLO_TYPE_STATION_INTAKE, NULL);
  self->place = place;
  self->clock = g_object_ref (clock);
  self->faults = faults;
  self->summer = bolo_worker_new ("bolo-sum");
  self->writer = bolo_worker_new ("bolo-write");
  self->reader = bolo_worker_new ("bolo-read");
  task = g_task_new (self, NULL, on_opened, &result);
  bolo_worker_run_task (self->writer, task, open_writing);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (!g_task_propagate_boolean (G_TASK (result), error)) {
    bolo_station_intake_close (self);
    return NULL;
  }
  self->notes_timer = g_timeout_add_seconds (NOTES_S, on_notes_due, self);
  g_source_set_name_by_id (self->notes_timer, "bolo-station-notes");
  return g_steal_pointer (&self);
}
