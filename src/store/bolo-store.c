/* bolo-store.c: the journal with its pictures: what was announced as stored is stored
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-store"

#include "bolo-store.h"

#include "bolo-disposition-table.h"
#include "bolo-error.h"
#include "bolo-hit-table.h"
#include "bolo-sighting-table.h"
#include "bolo-store-call.h"
#include "bolo-store-writer.h"

/* What dispose gives the worker when nobody has closed the store. */
#define LAST_DEADLINE_MS 5000

/* The worker's way to the signals. Only the store's own context takes a reference of the store
 * from it, so that the last one never goes on the worker. Atomically counted. */
typedef struct {
  GWeakRef store;
  GMainContext *context; /* (owned) */
} Link;

struct _BoloStore {
  GObject parent_instance;

  char *state_dir;         /* (owned) */
  char *vfs;               /* (owned) (nullable) */
  BoloClock *clock;        /* (owned) */
  Link *link;              /* (owned) */
  BoloWorker *worker;      /* (owned) (nullable): until the store is closed */
  BoloStoreWriter *writer; /* (owned) (nullable): from the first use on */
};

G_DEFINE_FINAL_TYPE (BoloStore, bolo_store, G_TYPE_OBJECT)

enum {
  STORED,
  HEALTH,
  PROBLEM,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

static void
link_clear (gpointer data)
{
  Link *link = data;

  g_weak_ref_clear (&link->store);
  g_main_context_unref (link->context);
}

static void
link_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, link_clear);
}

/* ---- from the worker to the signals ---- */

typedef struct {
  Link *link;           /* (owned) */
  char **ids;           /* (owned) (nullable) */
  BoloHealth *health;   /* (owned) (nullable) */
  BoloProblem *problem; /* (owned) (nullable) */
} News;

static News *
news_new (Link *link)
{
  News *news = g_new0 (News, 1);

  news->link = g_atomic_rc_box_acquire (link);
  return news;
}

static void
news_free (gpointer data)
{
  News *news = data;

  g_strfreev (news->ids);
  g_clear_pointer (&news->health, bolo_health_unref);
  g_clear_pointer (&news->problem, bolo_problem_unref);
  link_unref (news->link);
  g_free (news);
}

static gboolean
on_news (gpointer user_data)
{
  News *news = user_data;
  g_autoptr (BoloStore) self = g_weak_ref_get (&news->link->store);

  if (self == NULL)
    return G_SOURCE_REMOVE;
  if (news->ids != NULL)
    g_signal_emit (self, signals[STORED], 0, news->ids);
  if (news->health != NULL)
    g_signal_emit (self, signals[HEALTH], 0, news->health);
  if (news->problem != NULL)
    g_signal_emit (self, signals[PROBLEM], 0, news->problem);
  return G_SOURCE_REMOVE;
}

static void
tell (News *news)
{
  bolo_context_post (news->link->context, on_news, news, news_free, "bolo-store-news");
}

static void
on_stored (char **ids, gpointer user_data)
{
  News *news = news_new (user_data);

  news->ids = g_strdupv (ids);
  tell (news);
}

static void
on_health (const BoloHealth *health, gpointer user_data)
{
  News *news = news_new (user_data);

  news->health = bolo_health_ref (health);
  tell (news);
}

static void
on_problem (const BoloProblem *problem, gpointer user_data)
{
  News *news = news_new (user_data);

  news->problem = bolo_problem_ref (problem);
  tell (news);
}

/* ---- life ---- */

/* The writer is made late so that a test can name another VFS before it. */
static BoloStoreWriter *
get_writer (BoloStore *self)
{
  if (self->writer == NULL && self->worker != NULL) {
    const BoloWriterNotify notify = {on_stored, on_health, on_problem,
                                     g_atomic_rc_box_acquire (self->link), link_unref};

    self->writer =
      bolo_store_writer_new (self->state_dir, self->vfs, self->clock, self->worker, &notify);
  }
  return self->writer;
}

static void
bolo_store_dispose (GObject *object)
{
  BoloStore *self = BOLO_STORE (object);

  bolo_store_close (self, LAST_DEADLINE_MS);
  G_OBJECT_CLASS (bolo_store_parent_class)->dispose (object);
}

static void
bolo_store_finalize (GObject *object)
{
  BoloStore *self = BOLO_STORE (object);

  g_clear_pointer (&self->writer, bolo_store_writer_unref);
  g_clear_pointer (&self->link, link_unref);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->state_dir, g_free);
  g_clear_pointer (&self->vfs, g_free);
  G_OBJECT_CLASS (bolo_store_parent_class)->finalize (object);
}

static void
bolo_store_class_init (BoloStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bolo_store_dispose;
  object_class->finalize = bolo_store_finalize;

  signals[STORED] = g_signal_new ("stored", BOLO_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRV);
  signals[HEALTH] = g_signal_new ("health", BOLO_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[PROBLEM] = g_signal_new ("problem", BOLO_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
bolo_store_init (BoloStore *self)
{
  self->link = g_atomic_rc_box_new0 (Link);
  g_weak_ref_init (&self->link->store, self);
  self->link->context = g_main_context_ref_thread_default ();
}

BoloStore *
bolo_store_new (const char *state_dir, BoloClock *clock)
{
  BoloStore *self;

  g_return_val_if_fail (state_dir != NULL, NULL);
  g_return_val_if_fail (BOLO_IS_CLOCK (clock), NULL);

  self = g_object_new (BOLO_TYPE_STORE, NULL);
  self->state_dir = g_strdup (state_dir);
  self->clock = g_object_ref (clock);
  self->worker = bolo_worker_new ("bolo-store");
  return self;
}

void
bolo_store_set_vfs (BoloStore *self, const char *vfs)
{
  g_return_if_fail (BOLO_IS_STORE (self));
  g_return_if_fail (self->writer == NULL);

  g_free (self->vfs);
  self->vfs = g_strdup (vfs);
}

void
bolo_store_set_waits_for_flush (BoloStore *self)
{
  g_return_if_fail (BOLO_IS_STORE (self));
  bolo_store_writer_set_waits_for_flush (get_writer (self));
}

void
bolo_store_set_receivers (BoloStore *self, const char *const *receivers)
{
  g_return_if_fail (BOLO_IS_STORE (self));
  g_return_if_fail (receivers != NULL);
  bolo_store_writer_set_receivers (get_writer (self), receivers);
}

/* ---- adding ---- */

static void
add (BoloStore *self, BoloRecord *record)
{
  BoloStoreWriter *writer = get_writer (self);

  if (writer == NULL || self->worker == NULL) {
    g_critical ("A record came after the store was closed");
    bolo_record_free (record);
    return;
  }
  bolo_store_writer_add (writer, record);
}

static gboolean
is_whole_sighting (const BoloSighting *sighting)
{
  return sighting != NULL && sighting->id != NULL && sighting->camera != NULL &&
         sighting->text != NULL;
}

void
bolo_store_add_sighting (BoloStore *self, const BoloSighting *sighting)
{
  g_return_if_fail (BOLO_IS_STORE (self));
  g_return_if_fail (is_whole_sighting (sighting));
  add (self, bolo_record_new_sighting (sighting));
}

void
bolo_store_add_hit (BoloStore *self, const BoloHit *hit)
{
  g_return_if_fail (BOLO_IS_STORE (self));
  g_return_if_fail (hit != NULL && hit->id != NULL && hit->encounter != NULL);
  g_return_if_fail (hit->category != NULL && is_whole_sighting (hit->sighting));
  add (self, bolo_record_new_hit (hit));
}

void
bolo_store_add_disposition (BoloStore *self, const BoloDisposition *disposition)
{
  g_return_if_fail (BOLO_IS_STORE (self));
  g_return_if_fail (disposition != NULL && disposition->id != NULL && disposition->hit != NULL);
  add (self, bolo_record_new_disposition (disposition));
}

void
bolo_store_add_note (
  BoloStore *self, const char *kind, const char *officer, const char *text, gint64 at_us)
{
  g_return_if_fail (BOLO_IS_STORE (self));
  g_return_if_fail (kind != NULL && text != NULL);
  add (self, bolo_record_new_note (bolo_note_new (kind, officer, text, at_us)));
}

guint
bolo_store_get_n_waiting (BoloStore *self)
{
  g_return_val_if_fail (BOLO_IS_STORE (self), 0);
  return self->writer != NULL ? bolo_store_writer_get_n_waiting (self->writer) : 0;
}

guint
bolo_store_get_n_lost (BoloStore *self)
{
  g_return_val_if_fail (BOLO_IS_STORE (self), 0);
  return self->writer != NULL ? bolo_store_writer_get_n_lost (self->writer) : 0;
}

double
bolo_store_get_commit_ms (BoloStore *self, double fraction)
{
  g_return_val_if_fail (BOLO_IS_STORE (self), 0);
  return self->writer != NULL ? bolo_store_writer_get_commit_ms (self->writer, fraction) : 0;
}

/* ---- what the worker is asked ---- */

typedef struct {
  gboolean is_read_only;
  gint64 from_us; /* or: older than, due before */
  gint64 to_us;
  char *text; /* (owned) (nullable): a sighting, a hit, an officer */
  BoloPictureKind kind;
  const BoloStoreQuery *query;   /* lent by a caller that waits */
  const BoloUnsentQuery *unsent; /* likewise */
  GPtrArray *items;              /* likewise */
  BoloUnsentCounts *counts;      /* likewise */
  BoloStoreQuery own;            /* its texts are owned; of one that does not wait */
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->text);
  g_free ((char *) question->own.text);
  g_free ((char *) question->own.glob);
  g_free (question);
}

static BoloStoreCall *
call_new (BoloStore *self, BoloStoreCallFunc func, Question *question)
{
  return bolo_store_call_new (self->worker, get_writer (self), func, question, question_free,
                              self->link->context);
}

static gpointer
do_open (BoloStoreWriter *writer, gpointer data, GError **error)
{
  Question *question = data;

  return GINT_TO_POINTER (bolo_store_writer_open (writer, question->is_read_only, error));
}

static gpointer
do_flush (BoloStoreWriter *writer, gpointer data, GError **error)
{
  return GINT_TO_POINTER (bolo_store_writer_write_all (writer, error));
}

static gpointer
do_close (BoloStoreWriter *writer, gpointer data, GError **error)
{
  return GINT_TO_POINTER (bolo_store_writer_close (writer, error));
}

static gpointer
do_purge (BoloStoreWriter *writer, gpointer data, GError **error)
{
  Question *question = data;
  g_autoptr (BoloPurgeReport) report = g_new0 (BoloPurgeReport, 1);

  if (!bolo_store_writer_purge (writer, question->from_us, question->text, report, error))
    return NULL;
  return g_steal_pointer (&report);
}

static gpointer
do_load_picture (BoloStoreWriter *writer, gpointer data, GError **error)
{
  Question *question = data;
  BoloArchive *archive = bolo_store_writer_get_archive (writer, error);

  return archive == NULL
           ? NULL
           : bolo_archive_load_picture (archive, question->text, question->kind, error);
}

static gpointer
do_list_sightings (BoloStoreWriter *writer, gpointer data, GError **error)
{
  Question *question = data;
  BoloArchive *archive = bolo_store_writer_get_archive (writer, error);

  return archive == NULL
           ? NULL
           : bolo_sighting_table_list (bolo_archive_get_journal (archive), question->query, error);
}

/* What waits is written first: a car that passed a moment ago is found too. */
static gpointer
do_search (BoloStoreWriter *writer, gpointer data, GError **error)
{
  Question *question = data;
  BoloArchive *archive;

  if (!bolo_store_writer_write_all (writer, error))
    return NULL;
  archive = bolo_store_writer_get_archive (writer, error);
  return archive == NULL
           ? NULL
           : bolo_sighting_table_list (bolo_archive_get_journal (archive), &question->own, error);
}

static gpointer
do_list_hits (BoloStoreWriter *writer, gpointer data, GError **error)
{
  Question *question = data;
  BoloArchive *archive = bolo_store_writer_get_archive (writer, error);

  return archive == NULL ? NULL
                         : bolo_hit_table_list (bolo_archive_get_journal (archive),
                                                question->from_us, question->to_us, error);
}

static gpointer
do_list_dispositions (BoloStoreWriter *writer, gpointer data, GError **error)
{
  Question *question = data;
  BoloArchive *archive = bolo_store_writer_get_archive (writer, error);

  return archive == NULL ? NULL
                         : bolo_disposition_table_list (bolo_archive_get_journal (archive),
                                                        question->text, error);
}

static gpointer
do_count (BoloStoreWriter *writer, gpointer data, GError **error)
{
  Question *question = data;
  BoloArchive *archive = bolo_store_writer_get_archive (writer, error);
  g_autoptr (BoloStoreCounts) counts = g_new0 (BoloStoreCounts, 1);

  if (archive == NULL || !bolo_archive_count (archive, question->from_us, counts, error))
    return NULL;
  return g_steal_pointer (&counts);
}

static gpointer
do_list_unsent (BoloStoreWriter *writer, gpointer data, GError **error)
{
  Question *question = data;
  BoloArchive *archive = bolo_store_writer_get_archive (writer, error);

  return archive == NULL ? NULL : bolo_archive_list_unsent (archive, question->unsent, error);
}

static gpointer
do_settle (BoloStoreWriter *writer, gpointer data, GError **error)
{
  Question *question = data;
  BoloArchive *archive = bolo_store_writer_get_archive (writer, error);

  return GINT_TO_POINTER (
    archive != NULL &&
    bolo_archive_settle (archive, question->text, question->items, question->to_us, error));
}

static gpointer
do_count_unsent (BoloStoreWriter *writer, gpointer data, GError **error)
{
  Question *question = data;
  BoloArchive *archive = bolo_store_writer_get_archive (writer, error);

  return GINT_TO_POINTER (archive != NULL && bolo_archive_count_unsent (archive, question->text,
                                                                        question->counts, error));
}

static gpointer
do_verify (BoloStoreWriter *writer, gpointer data, GError **error)
{
  BoloArchive *archive = bolo_store_writer_get_archive (writer, error);

  return GINT_TO_POINTER (archive != NULL && bolo_archive_verify (archive, error));
}

/* ---- blocking faces ---- */

static gpointer
ask (BoloStore *self, BoloStoreCallFunc func, Question *question, GError **error)
{
  if (self->worker == NULL) {
    question_free (question);
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_BUSY, "The records are closed");
    return NULL;
  }
  return bolo_store_call_run_and_wait (call_new (self, func, question), error);
}

gboolean
bolo_store_open (BoloStore *self, GError **error)
{
  g_return_val_if_fail (BOLO_IS_STORE (self), FALSE);
  return ask (self, do_open, g_new0 (Question, 1), error) != NULL;
}

gboolean
bolo_store_open_for_reading (BoloStore *self, GError **error)
{
  Question *question;

  g_return_val_if_fail (BOLO_IS_STORE (self), FALSE);
  question = g_new0 (Question, 1);
  question->is_read_only = TRUE;
  return ask (self, do_open, question, error) != NULL;
}

GBytes *
bolo_store_load_picture (BoloStore *self,
                         const char *sighting,
                         BoloPictureKind kind,
                         GError **error)
{
  Question *question;

  g_return_val_if_fail (BOLO_IS_STORE (self), NULL);
  g_return_val_if_fail (sighting != NULL, NULL);
  question = g_new0 (Question, 1);
  question->text = g_strdup (sighting);
  question->kind = kind;
  return ask (self, do_load_picture, question, error);
}

GPtrArray *
bolo_store_list_sightings (BoloStore *self, const BoloStoreQuery *query, GError **error)
{
  Question *question;

  g_return_val_if_fail (BOLO_IS_STORE (self), NULL);
  g_return_val_if_fail (query != NULL, NULL);
  question = g_new0 (Question, 1);
  question->query = query;
  return ask (self, do_list_sightings, question, error);
}

GPtrArray *
bolo_store_list_hits (BoloStore *self, gint64 from_us, gint64 to_us, GError **error)
{
  Question *question;

  g_return_val_if_fail (BOLO_IS_STORE (self), NULL);
  question = g_new0 (Question, 1);
  question->from_us = from_us;
  question->to_us = to_us;
  return ask (self, do_list_hits, question, error);
}

GPtrArray *
bolo_store_list_dispositions (BoloStore *self, const char *hit, GError **error)
{
  Question *question;

  g_return_val_if_fail (BOLO_IS_STORE (self), NULL);
  g_return_val_if_fail (hit != NULL, NULL);
  question = g_new0 (Question, 1);
  question->text = g_strdup (hit);
  return ask (self, do_list_dispositions, question, error);
}

BoloStoreCounts *
bolo_store_count (BoloStore *self, gint64 due_before_us, GError **error)
{
  Question *question;

  g_return_val_if_fail (BOLO_IS_STORE (self), NULL);
  question = g_new0 (Question, 1);
  question->from_us = due_before_us;
  return ask (self, do_count, question, error);
}

gboolean
bolo_store_verify (BoloStore *self, GError **error)
{
  g_return_val_if_fail (BOLO_IS_STORE (self), FALSE);
  return ask (self, do_verify, g_new0 (Question, 1), error) != NULL;
}

GPtrArray *
bolo_store_list_unsent (BoloStore *self, const BoloUnsentQuery *query, GError **error)
{
  Question *question;

  g_return_val_if_fail (BOLO_IS_STORE (self), NULL);
  g_return_val_if_fail (query != NULL && query->receiver != NULL, NULL);
  question = g_new0 (Question, 1);
  question->unsent = query;
  return ask (self, do_list_unsent, question, error);
}

gboolean
bolo_store_settle (
  BoloStore *self, const char *receiver, GPtrArray *items, gint64 later_us, GError **error)
{
  Question *question;

  g_return_val_if_fail (BOLO_IS_STORE (self), FALSE);
  g_return_val_if_fail (receiver != NULL && items != NULL, FALSE);
  question = g_new0 (Question, 1);
  question->text = g_strdup (receiver);
  question->items = items;
  question->to_us = later_us;
  return ask (self, do_settle, question, error) != NULL;
}

gboolean
bolo_store_count_unsent (BoloStore *self,
                         const char *receiver,
                         BoloUnsentCounts *counts,
                         GError **error)
{
  Question *question;

  g_return_val_if_fail (BOLO_IS_STORE (self), FALSE);
  g_return_val_if_fail (receiver != NULL && counts != NULL, FALSE);
  question = g_new0 (Question, 1);
  question->text = g_strdup (receiver);
  question->counts = counts;
  return ask (self, do_count_unsent, question, error) != NULL;
}

/* ---- asynchronous faces ---- */

static void
ask_async (BoloStore *self,
           BoloStoreCallFunc func,
           Question *question,
           GTask *task,
           GDestroyNotify free_result)
{
  if (self->worker == NULL) {
    question_free (question);
    g_task_return_new_error (task, BOLO_ERROR, BOLO_ERROR_BUSY, "The records are closed");
    g_object_unref (task);
    return;
  }
  bolo_store_call_run (call_new (self, func, question), task, free_result);
}

void
bolo_store_flush_async (BoloStore *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_return_if_fail (BOLO_IS_STORE (self));
  ask_async (self, do_flush, g_new0 (Question, 1),
             g_task_new (self, cancellable, callback, user_data), NULL);
}

gboolean
bolo_store_flush_finish (BoloStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}

void
bolo_store_purge_async (BoloStore *self,
                        gint64 older_than_us,
                        const char *officer,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  Question *question;

  g_return_if_fail (BOLO_IS_STORE (self));
  question = g_new0 (Question, 1);
  question->from_us = older_than_us;
  question->text = g_strdup (officer);
  ask_async (self, do_purge, question, g_task_new (self, cancellable, callback, user_data),
             (GDestroyNotify) bolo_purge_report_free);
}

BoloPurgeReport *
bolo_store_purge_finish (BoloStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
bolo_store_load_picture_async (BoloStore *self,
                               const char *sighting,
                               BoloPictureKind kind,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Question *question;

  g_return_if_fail (BOLO_IS_STORE (self));
  g_return_if_fail (sighting != NULL);
  question = g_new0 (Question, 1);
  question->text = g_strdup (sighting);
  question->kind = kind;
  ask_async (self, do_load_picture, question, g_task_new (self, cancellable, callback, user_data),
             (GDestroyNotify) g_bytes_unref);
}

GBytes *
bolo_store_load_picture_finish (BoloStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
bolo_store_search_async (BoloStore *self,
                         const BoloStoreQuery *query,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  Question *question;

  g_return_if_fail (BOLO_IS_STORE (self));
  g_return_if_fail (query != NULL);
  question = g_new0 (Question, 1);
  question->own = *query;
  question->own.text = g_strdup (query->text);
  question->own.glob = g_strdup (query->glob);
  ask_async (self, do_search, question, g_task_new (self, cancellable, callback, user_data),
             (GDestroyNotify) g_ptr_array_unref);
}

GPtrArray *
bolo_store_search_finish (BoloStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
bolo_store_close (BoloStore *self, guint deadline_ms)
{
  g_autoptr (BoloWorker) worker = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_written = TRUE;
  gint64 until_us = g_get_monotonic_time () + (gint64) deadline_ms * 1000;

  g_return_val_if_fail (BOLO_IS_STORE (self), FALSE);
  if (self->worker == NULL)
    return TRUE;
  if (self->writer != NULL) {
    BoloStoreCall *call = call_new (self, do_close, g_new0 (Question, 1));

    is_written = bolo_store_call_run_until (call, until_us, &error) != NULL;
    if (!is_written)
      g_warning ("The records were closed before all were written: %s", error->message);
  }
  worker = g_steal_pointer (&self->worker);
  return bolo_worker_stop (worker, (guint) MAX ((until_us - g_get_monotonic_time ()) / 1000, 1)) &&
         is_written;
}
