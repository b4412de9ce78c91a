/* bolo-patrol-desk.c: the patrol's desk: lists and records as officers ask of them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-patrol"

#include "bolo-patrol-desk.h"

#include "bolo-error.h"
#include "bolo-health.h"
#include "bolo-worker.h"

/* What somebody at the command line has added is in force within this. */
#define LOOK_MS 2000
/* More would not be read on a screen; the command line tells all. */
#define LOOK_BACK_MAX 200

struct _BoloPatrolDesk {
  GObject parent_instance;

  BoloPlateRules *rules;     /* (owned) */
  const BoloDeskRules *desk; /* (lent) */
  BoloMatchReview *review;   /* (lent) */
  BoloHotlist *hotlist;      /* (owned) */
  BoloStore *store;          /* (owned) (nullable) */
  BoloClock *clock;          /* (owned) */
  char *officer;             /* (owned) (nullable) */
  BoloWorker *worker;        /* (owned) (nullable): without a state folder there is none */
  BoloDeskWork *work;        /* (owned) (nullable): lent to each task, for the worker only */
  GPtrArray *watches;        /* (owned) of BoloWatch */
  GPtrArray *silences;       /* (owned) of BoloSilence */
  BoloWatchList *watch_list; /* (owned) */
  BoloHealthState state;     /* as told last */
  guint look_source;
  gboolean is_looking; /* a look is on its way */
  gint64 change;       /* (thread worker) of the book, as last seen */
};

static void bolo_patrol_desk_iface_init (BoloDeskInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BoloPatrolDesk,
                               bolo_patrol_desk,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOLO_TYPE_DESK, bolo_patrol_desk_iface_init))

typedef enum {
  SIGNAL_HEALTH,
} BoloPatrolDeskSignal;

static guint signals[SIGNAL_HEALTH + 1];

/* ---- what comes back from the worker ------------------------------------------------------- */

/* Book: what is in force now, and what to look back for. */
typedef struct {
  GPtrArray *watches;  /* (owned) (nullable): nothing has changed */
  GPtrArray *silences; /* (owned) (nullable) */
  BoloLookBack look_back;
} Book;

static void
book_free (gpointer data)
{
  Book *book = data;

  g_clear_pointer (&book->watches, g_ptr_array_unref);
  g_clear_pointer (&book->silences, g_ptr_array_unref);
  bolo_look_back_clear (&book->look_back);
  g_free (book);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Book, book_free)

static gboolean
read_book (BoloDeskWork *work, Book *book, GError **error)
{
  book->watches = bolo_desk_work_list_watches (work, error);
  book->silences = book->watches != NULL ? bolo_desk_work_list_silences (work, error) : NULL;
  return book->silences != NULL;
}

static void
publish (BoloPatrolDesk *self, Book *book)
{
  if (book->watches == NULL)
    return;
  g_ptr_array_unref (self->watches);
  g_ptr_array_unref (self->silences);
  bolo_watch_list_unref (self->watch_list);
  self->watches = g_steal_pointer (&book->watches);
  self->silences = g_steal_pointer (&book->silences);
  self->watch_list = bolo_watch_list_new (self->watches, self->rules);
  bolo_match_review_set_silences (self->review, self->silences);
  bolo_desk_emit_changed (BOLO_DESK (self));
}

static void
tell_health (BoloPatrolDesk *self, BoloHealthState state, const char *detail, const char *remedy)
{
  g_autoptr (BoloHealth) health = NULL;

  if (self->state == state)
    return;
  self->state = state;
  health = bolo_health_new ("watch", state, bolo_clock_get_utc_us (self->clock), detail, remedy);
  g_signal_emit (self, signals[SIGNAL_HEALTH], 0, health);
}

static void
tell_failure (BoloPatrolDesk *self, const GError *error)
{
  g_autofree char *detail =
    g_strdup_printf ("Watch entries and silences cannot be kept: %s", error->message);

  tell_health (self, BOLO_HEALTH_LOST, detail, "The lists alarm all the same; call the workshop");
}

static void
tell_good (BoloPatrolDesk *self)
{
  tell_health (self, BOLO_HEALTH_OK, "Watch entries and silences are kept", NULL);
}

/* ---- looking ------------------------------------------------------------------------------- */

static void
do_look (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  BoloPatrolDesk *self = source;
  BoloDeskWork *work = task_data;
  g_autoptr (Book) book = g_new0 (Book, 1);
  guint n_ended = 0;
  gint64 change = 0;
  GError *error = NULL;

  if (bolo_desk_work_expire (work, &n_ended, &error) &&
      bolo_desk_work_get_change (work, &change, &error) &&
      ((n_ended == 0 && change == self->change) || read_book (work, book, &error))) {
    self->change = change;
    g_task_return_pointer (task, g_steal_pointer (&book), book_free);
  } else {
    g_task_return_error (task, error);
  }
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  BoloPatrolDesk *self = BOLO_PATROL_DESK (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (Book) book = g_task_propagate_pointer (G_TASK (result), &error);

  self->is_looking = FALSE;
  if (book == NULL) {
    if (!g_error_matches (error, BOLO_ERROR, BOLO_ERROR_BUSY))
      tell_failure (self, error);
    return;
  }
  tell_good (self);
  publish (self, book);
}

static gboolean
on_look_due (gpointer user_data)
{
  BoloPatrolDesk *self = user_data;
  g_autoptr (GTask) task = NULL;

  if (self->is_looking)
    return G_SOURCE_CONTINUE;
  self->is_looking = TRUE;
  task = g_task_new (self, NULL, on_looked, NULL);
  g_task_set_task_data (task, self->work, NULL);
  bolo_worker_run_task (self->worker, task, do_look);
  return G_SOURCE_CONTINUE;
}

/* ---- asking -------------------------------------------------------------------------------- */

/* Asked: an ask and who asked, with texts of its own. */
typedef struct {
  BoloDeskWork *work; /* (lent) */
  BoloAsk ask;
  char *officer;    /* (owned) (nullable) */
  GPtrArray *texts; /* (owned) */
} Asked;

static const char *
keep_text (Asked *asked, const char *text)
{
  char *kept = g_strdup (text);

  if (kept != NULL)
    g_ptr_array_add (asked->texts, kept);
  return kept;
}

static Asked *
asked_new (BoloDeskWork *work, const BoloAsk *ask, const char *officer)
{
  Asked *asked = g_new0 (Asked, 1);

  asked->work = work;
  asked->texts = g_ptr_array_new_with_free_func (g_free);
  asked->ask = *ask;
  asked->ask.id = keep_text (asked, ask->id);
  asked->ask.mark = keep_text (asked, ask->mark);
  asked->ask.list = keep_text (asked, ask->list);
  asked->ask.entry_reference = keep_text (asked, ask->entry_reference);
  asked->ask.reason = keep_text (asked, ask->reason);
  asked->ask.reference = keep_text (asked, ask->reference);
  asked->ask.category = keep_text (asked, ask->category);
  asked->ask.description = keep_text (asked, ask->description);
  asked->ask.authoriser = keep_text (asked, ask->authoriser);
  asked->officer = g_strdup (officer);
  return asked;
}

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  g_ptr_array_unref (asked->texts);
  g_free (asked->officer);
  g_free (asked);
}

static void
do_ask (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Asked *asked = task_data;
  g_autoptr (Book) book = g_new0 (Book, 1);
  GError *error = NULL;

  if (bolo_desk_work_do (asked->work, &asked->ask, asked->officer, &book->look_back, &error) &&
      (asked->ask.what == BOLO_ASK_SEARCH || read_book (asked->work, book, &error)))
    g_task_return_pointer (task, g_steal_pointer (&book), book_free);
  else
    g_task_return_error (task, error);
}

static GPtrArray *
make_nothing (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_sighting_unref);
}

static void
on_searched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;
  GError *error = NULL;
  GPtrArray *found = bolo_store_search_finish (BOLO_STORE (source), result, &error);

  if (found != NULL)
    g_task_return_pointer (outer, found, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (outer, error);
}

/* It is audited and done; what is new is matched from here on, and only then is looked back, so
 * that no vehicle passes between the two. */
static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  BoloPatrolDesk *self = BOLO_PATROL_DESK (source);
  g_autoptr (GTask) outer = user_data;
  GError *error = NULL;
  g_autoptr (Book) book = g_task_propagate_pointer (G_TASK (result), &error);
  BoloStoreQuery query;

  if (book == NULL) {
    g_task_return_error (outer, error);
    return;
  }
  publish (self, book);
  if (book->look_back.glob == NULL || self->store == NULL) {
    g_task_return_pointer (outer, make_nothing (), (GDestroyNotify) g_ptr_array_unref);
    return;
  }
  query = (BoloStoreQuery){.from_us = book->look_back.from_us,
                           .to_us = book->look_back.to_us,
                           .max = LOOK_BACK_MAX,
                           .glob = book->look_back.glob};
  bolo_store_search_async (self->store, &query, g_task_get_cancellable (outer), on_searched,
                           g_object_ref (outer));
}

static void
desk_ask_async (BoloDesk *desk,
                const BoloAsk *ask,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  BoloPatrolDesk *self = BOLO_PATROL_DESK (desk);
  g_autoptr (GTask) outer = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GTask) task = NULL;

  if (self->work == NULL) {
    g_task_return_new_error (outer, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED,
                             "nothing is kept in this run; start with a state folder");
    return;
  }
  task = g_task_new (self, NULL, on_done, g_object_ref (outer));
  g_task_set_task_data (task, asked_new (self->work, ask, self->officer), asked_free);
  bolo_worker_run_task (self->worker, task, do_ask);
}

static GPtrArray *
desk_ask_finish (BoloDesk *desk, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, desk), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- what is in force ---------------------------------------------------------------------- */

static GPtrArray *
desk_ref_watches (BoloDesk *desk)
{
  return g_ptr_array_ref (BOLO_PATROL_DESK (desk)->watches);
}

static GPtrArray *
desk_ref_silences (BoloDesk *desk)
{
  return g_ptr_array_ref (BOLO_PATROL_DESK (desk)->silences);
}

static const char *const *
desk_get_reasons (BoloDesk *desk)
{
  return (const char *const *) BOLO_PATROL_DESK (desk)->desk->search_reasons;
}

static BoloListState *
make_list_state (BoloPatrolDesk *self, const BoloListInfo *info)
{
  BoloListState *state = bolo_list_state_new ();

  state->name = g_strdup (info->name);
  state->title = g_strdup (info->title != NULL ? info->title : info->name);
  state->kind = g_strdup (info->kind);
  state->revision = g_strdup (info->revision);
  state->trust = info->trust;
  state->signer = g_strdup (info->signer);
  state->n_entries = info->n_entries;
  state->n_rejected = info->n_rejected;
  state->loaded_us = info->loaded_us;
  state->dated_us = info->dated_us;
  state->age = bolo_list_info_get_age (info, bolo_clock_get_utc_us (self->clock));
  state->is_in_force = TRUE;
  return state;
}

static GPtrArray *
desk_ref_lists (BoloDesk *desk)
{
  BoloPatrolDesk *self = BOLO_PATROL_DESK (desk);
  g_autoptr (BoloListIndex) index = bolo_hotlist_ref_index (self->hotlist);
  GPtrArray *lists = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_state_free);

  for (guint i = 0; i < bolo_list_index_get_n_lists (index); i++)
    g_ptr_array_add (lists, make_list_state (self, bolo_list_index_get_list (index, i)));
  return lists;
}

static void
bolo_patrol_desk_iface_init (BoloDeskInterface *iface)
{
  iface->ref_lists = desk_ref_lists;
  iface->ref_watches = desk_ref_watches;
  iface->ref_silences = desk_ref_silences;
  iface->get_reasons = desk_get_reasons;
  iface->ask_async = desk_ask_async;
  iface->ask_finish = desk_ask_finish;
}

/* ---- the object ---------------------------------------------------------------------------- */

static void
bolo_patrol_desk_dispose (GObject *object)
{
  BoloPatrolDesk *self = BOLO_PATROL_DESK (object);

  bolo_patrol_desk_stop (self, 1000);
  g_clear_object (&self->hotlist);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (bolo_patrol_desk_parent_class)->dispose (object);
}

static void
bolo_patrol_desk_finalize (GObject *object)
{
  BoloPatrolDesk *self = BOLO_PATROL_DESK (object);

  g_ptr_array_unref (self->watches);
  g_ptr_array_unref (self->silences);
  g_clear_pointer (&self->watch_list, bolo_watch_list_unref);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_clear_object (&self->worker);
  g_clear_object (&self->clock);
  g_free (self->officer);
  G_OBJECT_CLASS (bolo_patrol_desk_parent_class)->finalize (object);
}

static void
bolo_patrol_desk_class_init (BoloPatrolDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bolo_patrol_desk_dispose;
  object_class->finalize = bolo_patrol_desk_finalize;
  signals[SIGNAL_HEALTH] = g_signal_new ("health", BOLO_TYPE_PATROL_DESK, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
bolo_patrol_desk_init (BoloPatrolDesk *self)
{
  self->watches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_watch_unref);
  self->silences = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_silence_unref);
  self->state = BOLO_HEALTH_STARTING;
}

/* On main, before anything runs; the files are closed again, for they are the worker's. */
static void
read_first (BoloPatrolDesk *self, const BoloPatrolDeskParts *parts)
{
  g_autoptr (BoloDeskWork) work =
    bolo_desk_work_new (parts->state_dir, parts->rules, parts->desk, parts->clock, parts->ids);
  g_autoptr (Book) book = g_new0 (Book, 1);
  g_autofree char *set_aside = NULL;
  g_autoptr (GError) error = NULL;

  if (bolo_desk_work_open (work, &set_aside, &error) && read_book (work, book, &error))
    publish (self, book);
  else
    g_warning ("what was added to the lists in this car is not in force: %s", error->message);
}

BoloPatrolDesk *
bolo_patrol_desk_new (const BoloPatrolDeskParts *parts)
{
  BoloPatrolDesk *self;

  g_return_val_if_fail (parts != NULL, NULL);

  self = g_object_new (BOLO_TYPE_PATROL_DESK, NULL);
  self->rules = bolo_plate_rules_ref (parts->rules);
  self->desk = parts->desk;
  self->review = parts->review;
  self->hotlist = g_object_ref (parts->hotlist);
  self->store = parts->store != NULL ? g_object_ref (parts->store) : NULL;
  self->clock = g_object_ref (parts->clock);
  self->watch_list = bolo_watch_list_new (NULL, self->rules);
  if (parts->state_dir == NULL)
    return self;
  read_first (self, parts);
  self->work =
    bolo_desk_work_new (parts->state_dir, parts->rules, parts->desk, parts->clock, parts->ids);
  self->worker = bolo_worker_new ("bolo-desk");
  return self;
}

void
bolo_patrol_desk_start (BoloPatrolDesk *self)
{
  g_return_if_fail (BOLO_IS_PATROL_DESK (self));

  /* In lock-step nothing may come in between: what is in force at the start stays so. */
  if (self->worker == NULL || self->look_source != 0 || bolo_clock_is_manual (self->clock))
    return;
  on_look_due (self);
  self->look_source = g_timeout_add (LOOK_MS, on_look_due, self);
  g_source_set_name_by_id (self->look_source, "bolo-desk-look");
}

void
bolo_patrol_desk_set_officer (BoloPatrolDesk *self, const char *officer)
{
  g_return_if_fail (BOLO_IS_PATROL_DESK (self));

  g_free (self->officer);
  self->officer = g_strdup (officer);
}

BoloWatchList *
bolo_patrol_desk_get_watch_list (BoloPatrolDesk *self)
{
  g_return_val_if_fail (BOLO_IS_PATROL_DESK (self), NULL);

  return self->watch_list;
}

/* The files are closed where they were opened. */
static gboolean
on_close (gpointer user_data)
{
  bolo_desk_work_free (user_data);
  return G_SOURCE_REMOVE;
}

gboolean
bolo_patrol_desk_stop (BoloPatrolDesk *self, guint deadline_ms)
{
  g_return_val_if_fail (BOLO_IS_PATROL_DESK (self), FALSE);

  g_clear_handle_id (&self->look_source, g_source_remove);
  if (self->work == NULL)
    return TRUE;
  bolo_worker_post (self->worker, on_close, g_steal_pointer (&self->work), NULL);
  return bolo_worker_stop (self->worker, deadline_ms);
}
