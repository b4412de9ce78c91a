/* bolo-sync.c: the car's whole exchange with its remotes, on main
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-sync"

#include "bolo-sync.h"

#include "bolo-error.h"
#include "bolo-bof2-transport.h"
#include "bolo-https-transport.h"
#include "bolo-priority.h"
#include "bolo-receipts.h"
#include "bolo-stick-watch.h"
#include "bolo-worker.h"

/* Link changes come in bursts as a modem or a network comes up. */
#define LINK_SETTLES_MS 200

/* Main's own: one remote. */
typedef struct {
  const BoloRemote *remote;
  BoloTransport *transport; /* (owned) */
  BoloWorker *worker;       /* (owned) */
  BoloSyncRun *run;         /* (owned) */
  BoloHealthState health;
  gboolean has_ended;
  gboolean is_done;
  char *failure; /* (owned) (nullable): why it ended */
} Remote;

/* The workers' way back to main, where alone it is looked at. Atomically counted. */
typedef struct {
  GWeakRef sync;
  GMainContext *context; /* (owned) */
} Link;

struct _BoloSync {
  GObject parent_instance;

  BoloSyncParts parts;
  BoloSyncConfig *config;   /* (owned) */
  char *state_dir;          /* (owned) */
  BoloHotlist *hotlist;     /* (owned) (nullable) */
  BoloClock *clock;         /* (owned) */
  BoloSyncState *state;     /* (owned) */
  GPtrArray *remotes;       /* (owned) of Remote */
  GNetworkMonitor *monitor; /* (owned) (nullable) */
  BoloStickWatch *stick;    /* (owned) (nullable) */
  Link *link;               /* (owned) */
  guint link_source;
  gboolean was_available;
  gboolean is_stopped;
};

G_DEFINE_FINAL_TYPE (BoloSync, bolo_sync, G_TYPE_OBJECT)

typedef enum {
  SIGNAL_HEALTH,
  SIGNAL_ENDED,
} BoloSyncSignal;

static guint signals[SIGNAL_ENDED + 1];

static void
link_clear (gpointer data)
{
  Link *link = data;

  g_weak_ref_clear (&link->sync);
  g_main_context_unref (link->context);
}

static void
link_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, link_clear);
}

/* ---- from the workers ---------------------------------------------------------------------- */

typedef enum {
  NEWS_FIGURES,
  NEWS_LIST,
  NEWS_SHARED,
  NEWS_RECEIPT,
  NEWS_ENDED,
} NewsKind;

/* BoloSyncFigures' texts are copied; the rest is one value of the kind. */
typedef struct {
  Link *link; /* (owned) */
  guint remote;
  NewsKind kind;
  BoloSyncFigures figures;
  char *texts[4];           /* (owned) */
  BoloListArrival *arrival; /* (owned) (nullable) */
  GPtrArray *hits;          /* (owned) (nullable) */
  BoloReceipt *receipt;     /* (owned) (nullable) */
  char *text;               /* (owned) (nullable) */
  gboolean is_done;
} News;

/* What a worker is given. */
typedef struct {
  Link *link;       /* (owned) */
  BoloSyncRun *run; /* lent: lives until its worker has stopped */
  guint remote;
  const char *shows_kept; /* (nullable) lent: the state whose newest receipt is told first */
} Job;

static void
news_free (gpointer data)
{
  News *news = data;

  for (guint i = 0; i < G_N_ELEMENTS (news->texts); i++)
    g_free (news->texts[i]);
  g_clear_pointer (&news->arrival, bolo_list_arrival_free);
  g_clear_pointer (&news->hits, g_ptr_array_unref);
  g_clear_pointer (&news->receipt, bolo_receipt_free);
  g_free (news->text);
  link_unref (news->link);
  g_free (news);
}

static News *
news_new (Job *job, NewsKind kind)
{
  News *news = g_new0 (News, 1);

  news->link = g_atomic_rc_box_acquire (job->link);
  news->remote = job->remote;
  news->kind = kind;
  return news;
}

static void
say_health (BoloSync *self, Remote *remote, const BoloSyncFigures *figures)
{
  g_autoptr (BoloHealth) health = NULL;
  g_autofree char *what = remote == self->remotes->pdata[0]
                            ? g_strdup ("sync")
                            : g_strconcat ("sync:", remote->remote->name, NULL);
  BoloHealthState state = BOLO_HEALTH_OK;
  const char *detail = "Records are sent as they come";

  if (figures->phase == BOLO_SYNC_REFUSED)
    state = BOLO_HEALTH_LOST;
  else if (figures->phase == BOLO_SYNC_WAITING || figures->failure != NULL)
    state = BOLO_HEALTH_DEGRADED;
  else if (figures->last_contact_us < 0)
    state = BOLO_HEALTH_STARTING;
  if (state == remote->health && state == BOLO_HEALTH_OK)
    return;
  remote->health = state;
  if (state == BOLO_HEALTH_STARTING)
    detail = "The first contact with the back office is being made";
  else if (state != BOLO_HEALTH_OK && figures->failure != NULL)
    detail = figures->failure;
  health = bolo_health_new (what, state, bolo_clock_get_utc_us (self->clock), detail,
                            state == BOLO_HEALTH_OK ? NULL : figures->remedy);
  g_signal_emit (self, signals[SIGNAL_HEALTH], 0, health);
}

static void
take_ended (BoloSync *self, Remote *remote, const News *news)
{
  remote->has_ended = TRUE;
  remote->is_done = news->is_done;
  remote->failure = g_strdup (news->text);
  for (guint i = 0; i < self->remotes->len; i++) {
    if (!((Remote *) self->remotes->pdata[i])->has_ended)
      return;
  }
  g_signal_emit (self, signals[SIGNAL_ENDED], 0);
}

static gboolean
on_news (gpointer user_data)
{
  News *news = user_data;
  g_autoptr (BoloSync) self = g_weak_ref_get (&news->link->sync);
  Remote *remote;

  if (self == NULL || news->remote >= self->remotes->len)
    return G_SOURCE_REMOVE;
  remote = self->remotes->pdata[news->remote];
  switch (news->kind) {
  case NEWS_FIGURES:
    bolo_sync_state_set_figures (self->state, &news->figures);
    say_health (self, remote, &news->figures);
    break;
  case NEWS_LIST:
    bolo_sync_state_set_list (self->state, news->arrival);
    break;
  case NEWS_SHARED:
    bolo_sync_state_add_shared (self->state, news->hits, bolo_clock_get_utc_us (self->clock));
    break;
  case NEWS_RECEIPT:
    bolo_sync_state_set_receipt (self->state, news->receipt);
    break;
  case NEWS_ENDED:
    take_ended (self, remote, news);
    break;
  }
  return G_SOURCE_REMOVE;
}

static void
post (News *news)
{
  bolo_context_post (news->link->context, on_news, news, news_free, "bolo-sync-news");
}

static void
on_figures (const BoloSyncFigures *figures, gpointer user_data)
{
  News *news = news_new (user_data, NEWS_FIGURES);

  news->figures = *figures;
  news->figures.remote = news->texts[0] = g_strdup (figures->remote);
  news->figures.failure = news->texts[1] = g_strdup (figures->failure);
  news->figures.remedy = news->texts[2] = g_strdup (figures->remedy);
  news->figures.rejection = news->texts[3] = g_strdup (figures->rejection);
  post (news);
}

static void
on_list (const BoloListArrival *arrival, gpointer user_data)
{
  News *news = news_new (user_data, NEWS_LIST);

  news->arrival = bolo_list_arrival_copy (arrival);
  post (news);
}

static void
on_shared (GPtrArray *hits, gpointer user_data)
{
  News *news = news_new (user_data, NEWS_SHARED);

  news->hits = g_ptr_array_ref (hits);
  post (news);
}

/* Takes the receipt. */
static void
post_receipt (Job *job, BoloReceipt *receipt)
{
  News *news;

  if (receipt == NULL)
    return;
  news = news_new (job, NEWS_RECEIPT);
  news->receipt = receipt;
  post (news);
}

static void
on_receipt (const char *path, gpointer user_data)
{
  post_receipt (user_data, bolo_receipts_read (path, NULL));
}

static gboolean
on_worker (gpointer user_data)
{
  Job *job = user_data;
  News *news = news_new (job, NEWS_ENDED);
  g_autoptr (GError) error = NULL;

  if (job->shows_kept != NULL)
    post_receipt (job, bolo_receipts_read_newest (job->shows_kept));
  news->is_done = bolo_sync_run_loop (job->run, &error);
  news->text = error != NULL ? g_strdup (error->message) : NULL;
  post (news);
  return G_SOURCE_REMOVE;
}

/* ---- links --------------------------------------------------------------------------------- */

static void
wish_all (BoloSync *self, BoloRunWish wish)
{
  for (guint i = 0; i < self->remotes->len; i++)
    bolo_sync_run_wish (((Remote *) self->remotes->pdata[i])->run, wish);
}

static gboolean
on_link_settled (gpointer user_data)
{
  BoloSync *self = user_data;
  gboolean is_available = g_network_monitor_get_network_available (self->monitor);
  gboolean is_metered = g_network_monitor_get_network_metered (self->monitor);

  self->link_source = 0;
  for (guint i = 0; i < self->remotes->len; i++)
    bolo_sync_run_set_metered (((Remote *) self->remotes->pdata[i])->run, is_metered);
  if (is_available)
    wish_all (self, BOLO_RUN_LINK_UP);
  self->was_available = is_available;
  return G_SOURCE_REMOVE;
}

static void
on_network_changed (BoloSync *self)
{
  if (self->link_source != 0 || self->is_stopped)
    return;
  self->link_source = g_timeout_add (LINK_SETTLES_MS, on_link_settled, self);
  g_source_set_name_by_id (self->link_source, "bolo-sync-link");
}

static void
on_asked (BoloSync *self, int ask)
{
  if (ask != BOLO_SYNC_ASK_STICK)
    wish_all (self, ask == BOLO_SYNC_ASK_END_OF_SHIFT ? BOLO_RUN_END_OF_SHIFT : BOLO_RUN_NOW);
  else if (self->stick != NULL)
    bolo_stick_watch_exchange (self->stick);
}

/* ---- life ---------------------------------------------------------------------------------- */

static void
remote_free (gpointer data)
{
  Remote *remote = data;

  g_clear_object (&remote->worker);
  g_clear_object (&remote->transport);
  bolo_sync_run_free (remote->run);
  g_free (remote->failure);
  g_free (remote);
}

/* For a BOF2 back office that takes pictures with their reads; on the remote's worker. */
static GBytes *
load_picture (const char *sighting, gboolean is_overview, gpointer store)
{
  return bolo_store_load_picture (store, sighting,
                                  is_overview ? BOLO_PICTURE_OVERVIEW : BOLO_PICTURE_PATCH, NULL);
}

static BoloTransport *
make_bof2_transport (BoloSync *self, const BoloRemote *remote)
{
  g_autofree char *folder = g_build_filename (self->state_dir, "sync", remote->name, NULL);
  BoloBof2Transport *transport =
    bolo_bof2_transport_new (remote->settings, folder, remote->name, self->clock);

  if (self->parts.store != NULL)
    bolo_bof2_transport_set_picture_source (transport, load_picture, self->parts.store);
  return BOLO_TRANSPORT (transport);
}

static BoloTransport *
make_transport (BoloSync *self, const BoloRemote *remote)
{
  if (remote->type == BOLO_REMOTE_BOF2)
    return make_bof2_transport (self, remote);
  return BOLO_TRANSPORT (
    bolo_https_transport_new (self->config, remote, self->state_dir, self->clock));
}

static void
job_free (gpointer data)
{
  Job *job = data;

  link_unref (job->link);
  g_free (job);
}

/* In the order of sync.conf, whichever speaks first. */
static void
note_remote (BoloSync *self, const BoloRemote *remote)
{
  const BoloSyncFigures figures = {.phase = BOLO_SYNC_CONNECTING,
                                   .remote = remote->name,
                                   .last_contact_us = -1,
                                   .next_try_us = -1,
                                   .oldest_us = -1,
                                   .left_s = -1};

  bolo_sync_state_set_figures (self->state, &figures);
}

static void
start_remote (BoloSync *self, Remote *remote, guint index)
{
  Job *job = g_new0 (Job, 1);
  const BoloRunParts parts = {
    .remote = remote->remote,
    .transport = remote->transport,
    .store = self->parts.store,
    .hotlist = self->hotlist,
    .state_dir = self->state_dir,
    .clock = self->clock,
    .end = self->parts.end,
  };
  const BoloRunNotify notify = {on_figures, on_list, on_shared, on_receipt, job};

  note_remote (self, remote->remote);
  job->link = g_atomic_rc_box_acquire (self->link);
  job->remote = index;
  job->shows_kept = index == 0 && parts.end == BOLO_RUN_FOR_EVER ? self->state_dir : NULL;
  job->run = remote->run = bolo_sync_run_new (&parts, &notify);
  remote->worker = bolo_worker_new ("bolo-sync");
  /* Beside a patrol; the threads that it begins are lowered with it. */
  if (parts.end == BOLO_RUN_FOR_EVER)
    bolo_worker_lower (remote->worker, BOLO_NICE_BEHIND);
  bolo_worker_post (remote->worker, on_worker, job, job_free);
}

static void
bolo_sync_dispose (GObject *object)
{
  BoloSync *self = BOLO_SYNC (object);

  bolo_sync_stop (self, 5000);
  g_clear_object (&self->monitor);
  g_clear_object (&self->stick);
  G_OBJECT_CLASS (bolo_sync_parent_class)->dispose (object);
}

static void
bolo_sync_finalize (GObject *object)
{
  BoloSync *self = BOLO_SYNC (object);

  g_clear_pointer (&self->remotes, g_ptr_array_unref);
  g_clear_pointer (&self->link, link_unref);
  g_clear_pointer (&self->config, bolo_sync_config_unref);
  g_clear_object (&self->hotlist);
  g_clear_object (&self->clock);
  g_clear_object (&self->state);
  g_free (self->state_dir);
  G_OBJECT_CLASS (bolo_sync_parent_class)->finalize (object);
}

static void
bolo_sync_class_init (BoloSyncClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bolo_sync_dispose;
  object_class->finalize = bolo_sync_finalize;
  signals[SIGNAL_HEALTH] = g_signal_new ("health", BOLO_TYPE_SYNC, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_ENDED] =
    g_signal_new ("ended", BOLO_TYPE_SYNC, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bolo_sync_init (BoloSync *self)
{
  self->state = bolo_sync_state_new ();
  self->remotes = g_ptr_array_new_with_free_func (remote_free);
  self->link = g_atomic_rc_box_new0 (Link);
  g_weak_ref_init (&self->link->sync, self);
  self->link->context = g_main_context_ref_thread_default ();
}

/* Of a whole patrol only: a command has its own way to a stick. */
static void
make_stick (BoloSync *self)
{
  const BoloStickWatchParts parts = {
    .config = self->config,
    .state_dir = self->state_dir,
    .store = self->parts.store,
    .hotlist = self->hotlist,
    .clock = self->clock,
    .state = self->state,
  };

  self->stick = bolo_stick_watch_new (&parts);
}

/* A connection reads the authorities that the process trusts before it is given its own, the first
 * one twice: with those of the system, some 30 ms each time. A BOF2 endpoint may be one that the
 * system vouches for. */
void
bolo_sync_trust_only (const BoloSyncConfig *config)
{
  g_autoptr (GTlsDatabase) authority = NULL;

  g_return_if_fail (config != NULL);

  for (guint i = 0; i < config->remotes->len; i++) {
    const BoloRemote *remote = config->remotes->pdata[i];

    if (remote->type == BOLO_REMOTE_BOF2)
      return;
    if (remote->type == BOLO_REMOTE_HTTPS && authority == NULL)
      authority = g_tls_file_database_new (remote->authority, NULL);
  }
  if (authority != NULL)
    g_tls_backend_set_default_database (g_tls_backend_get_default (), authority);
}

BoloSync *
bolo_sync_new (const BoloSyncParts *parts)
{
  BoloSync *self;

  g_return_val_if_fail (parts != NULL && parts->config != NULL && parts->state_dir != NULL, NULL);

  self = g_object_new (BOLO_TYPE_SYNC, NULL);
  self->parts = *parts;
  self->config = bolo_sync_config_ref (parts->config);
  self->state_dir = g_strdup (parts->state_dir);
  self->hotlist = parts->hotlist != NULL ? g_object_ref (parts->hotlist) : NULL;
  self->clock = g_object_ref (parts->clock);
  for (guint i = 0; i < self->config->remotes->len; i++) {
    const BoloRemote *remote = self->config->remotes->pdata[i];
    Remote *ours;

    if (remote->type == BOLO_REMOTE_USB ||
        (parts->only != NULL && !g_str_equal (remote->name, parts->only)))
      continue;
    ours = g_new0 (Remote, 1);
    ours->remote = remote;
    ours->health = BOLO_HEALTH_STARTING;
    ours->transport = make_transport (self, remote);
    g_ptr_array_add (self->remotes, ours);
  }
  self->parts.only = NULL;
  if (parts->end == BOLO_RUN_FOR_EVER)
    make_stick (self);
  g_signal_connect_object (self->state, "asked", G_CALLBACK (on_asked), self, G_CONNECT_SWAPPED);
  return self;
}

BoloSyncState *
bolo_sync_get_state (BoloSync *self)
{
  g_return_val_if_fail (BOLO_IS_SYNC (self), NULL);

  return self->state;
}

void
bolo_sync_start (BoloSync *self)
{
  g_return_if_fail (BOLO_IS_SYNC (self));

  for (guint i = 0; i < self->remotes->len; i++)
    start_remote (self, self->remotes->pdata[i], i);
  if (self->stick != NULL)
    bolo_stick_watch_start (self->stick);
  if (self->remotes->len == 0)
    return;
  self->monitor = g_object_ref (g_network_monitor_get_default ());
  g_signal_connect_object (self->monitor, "network-changed", G_CALLBACK (on_network_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->monitor, "notify::network-metered",
                           G_CALLBACK (on_network_changed), self, G_CONNECT_SWAPPED);
  for (guint i = 0; i < self->remotes->len; i++)
    bolo_sync_run_set_metered (((Remote *) self->remotes->pdata[i])->run,
                               g_network_monitor_get_network_metered (self->monitor));
}

void
bolo_sync_note_stored (BoloSync *self, gboolean is_hit)
{
  g_return_if_fail (BOLO_IS_SYNC (self));

  if (!self->is_stopped && self->monitor != NULL)
    wish_all (self, is_hit ? BOLO_RUN_URGENT : BOLO_RUN_MORE);
  if (!self->is_stopped && self->stick != NULL)
    bolo_stick_watch_note_stored (self->stick);
}

gboolean
bolo_sync_stop (BoloSync *self, guint deadline_ms)
{
  gint64 until_us = g_get_monotonic_time () + (gint64) deadline_ms * 1000;
  gboolean is_stopped = TRUE;

  g_return_val_if_fail (BOLO_IS_SYNC (self), FALSE);

  if (self->is_stopped)
    return TRUE;
  self->is_stopped = TRUE;
  g_clear_handle_id (&self->link_source, g_source_remove);
  for (guint i = 0; i < self->remotes->len; i++) {
    Remote *remote = self->remotes->pdata[i];

    if (remote->run != NULL)
      bolo_sync_run_stop (remote->run);
  }
  if (self->stick != NULL && !bolo_stick_watch_stop (self->stick, deadline_ms))
    is_stopped = FALSE;
  for (guint i = 0; i < self->remotes->len; i++) {
    Remote *remote = self->remotes->pdata[i];
    gint64 left_us = MAX (until_us - g_get_monotonic_time (), 1000);

    if (remote->worker != NULL && !bolo_worker_stop (remote->worker, (guint) (left_us / 1000))) {
      /* What it still holds is left behind with it. */
      is_stopped = FALSE;
      remote->run = NULL;
      remote->transport = NULL;
    }
  }
  return is_stopped;
}

gboolean
bolo_sync_is_done (BoloSync *self, char **failure)
{
  g_return_val_if_fail (BOLO_IS_SYNC (self), FALSE);

  for (guint i = 0; i < self->remotes->len; i++) {
    const Remote *remote = self->remotes->pdata[i];

    if (remote->is_done)
      continue;
    if (failure != NULL)
      *failure = g_strdup (remote->failure);
    return FALSE;
  }
  return TRUE;
}
