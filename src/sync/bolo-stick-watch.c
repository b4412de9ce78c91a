/* bolo-stick-watch.c: notices a stick in its folder, and exchanges with it when asked; main
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-stick"

#include "bolo-stick-watch.h"

#include <gio/gunixmounts.h>
#include <glib/gstdio.h>

#include "bolo-priority.h"
#include "bolo-receipts.h"
#include "bolo-sync-queues.h"
#include "bolo-usb.h"
#include "bolo-worker.h"

/* Reads come some times a second; how many wait is counted that often. */
#define COUNT_S 3

struct _BoloStickWatch {
  GObject parent_instance;

  BoloStickWatchParts parts;  /* what is counted in it is owned */
  GMainContext *context;      /* (owned) */
  BoloWorker *worker;         /* (owned) (nullable): from start to stop */
  GUnixMountMonitor *monitor; /* (owned) (nullable) */
  GCancellable *stop;         /* (owned) */
  gboolean is_busy;
  gboolean is_in;
  guint count_source;
};

G_DEFINE_FINAL_TYPE (BoloStickWatch, bolo_stick_watch, G_TYPE_OBJECT)

/* ---- from the worker ----------------------------------------------------------------------- */

typedef enum {
  NEWS_SIGHT, /* whether one is in */
  NEWS_STICK,
  NEWS_FIGURES,
  NEWS_RECEIPT,
  NEWS_POLICY,
} NewsKind;

/* One of them, with texts of its own. */
typedef struct {
  GWeakRef watch;
  NewsKind kind;
  BoloStick stick;
  char *failure; /* (owned) (nullable) */
  char *notice;  /* (owned) (nullable) */
  BoloSyncFigures figures;
  char *remote;            /* (owned) (nullable) */
  BoloReceipt *receipt;    /* (owned) (nullable) */
  BoloListArrival *policy; /* (owned) (nullable) */
} News;

static void
news_free (gpointer data)
{
  News *news = data;

  g_weak_ref_clear (&news->watch);
  g_free (news->failure);
  g_free (news->notice);
  g_free (news->remote);
  g_clear_pointer (&news->receipt, bolo_receipt_free);
  g_clear_pointer (&news->policy, bolo_list_arrival_free);
  g_free (news);
}

static News *
news_new (BoloStickWatch *self, NewsKind kind)
{
  News *news = g_new0 (News, 1);

  g_weak_ref_init (&news->watch, self);
  news->kind = kind;
  return news;
}

/* What came of the last exchange stays in sight while the stick stays in, and what went wrong also
 * afterwards, for it may be that it was pulled out. */
static void
take_sight (BoloStickWatch *self, gboolean is_in)
{
  BoloStickPhase phase = bolo_sync_state_get_stick (self->parts.state)->phase;
  gboolean was_in = self->is_in;

  self->is_in = is_in;
  if (is_in && !was_in)
    bolo_sync_state_set_stick (self->parts.state, &(BoloStick){.phase = BOLO_STICK_IN});
  else if (!is_in && phase != BOLO_STICK_NONE && phase != BOLO_STICK_FAILED)
    bolo_sync_state_set_stick (self->parts.state, &(BoloStick){.phase = BOLO_STICK_NONE});
}

static gboolean
on_news (gpointer user_data)
{
  News *news = user_data;
  g_autoptr (BoloStickWatch) self = g_weak_ref_get (&news->watch);

  if (self == NULL)
    return G_SOURCE_REMOVE;
  switch (news->kind) {
  case NEWS_SIGHT:
    take_sight (self, news->stick.phase == BOLO_STICK_IN);
    break;
  case NEWS_STICK:
    self->is_busy = news->stick.phase == BOLO_STICK_BUSY;
    bolo_sync_state_set_stick (self->parts.state, &news->stick);
    break;
  case NEWS_FIGURES:
    bolo_sync_state_set_figures (self->parts.state, &news->figures);
    break;
  case NEWS_RECEIPT:
    bolo_sync_state_set_receipt (self->parts.state, news->receipt);
    break;
  case NEWS_POLICY:
    bolo_sync_state_set_list (self->parts.state, news->policy);
    break;
  default:
    break;
  }
  return G_SOURCE_REMOVE;
}

static void
post (BoloStickWatch *self, News *news)
{
  bolo_context_post (self->context, on_news, news, news_free, "bolo-stick-news");
}

/* ---- on the worker ------------------------------------------------------------------------- */

static void
tell_receipt (BoloStickWatch *self, BoloReceipt *receipt)
{
  News *news;

  if (receipt == NULL)
    return;
  news = news_new (self, NEWS_RECEIPT);
  news->receipt = receipt;
  post (self, news);
}

static void
count_remote (BoloStickWatch *self, BoloSyncQueues *queues, const BoloRemote *remote)
{
  BoloUnsentCounts counts;
  News *news;

  if (!bolo_sync_queues_count (queues, remote->name, &counts, NULL))
    return;
  news = news_new (self, NEWS_FIGURES);
  news->remote = g_strdup (remote->name);
  news->figures = (BoloSyncFigures){
    .phase = BOLO_SYNC_BY_STICK,
    .remote = news->remote,
    .last_contact_us = -1,
    .next_try_us = -1,
    .unsent_bytes = counts.bytes,
    .unsent_picture_bytes = counts.picture_bytes,
    .oldest_us = counts.oldest_us,
    .rejected = counts.rejected,
    .left_s = -1,
  };
  for (guint i = 0; i < BOLO_N_TOPICS; i++)
    news->figures.unsent[i] = counts.items[i];
  post (self, news);
}

static gboolean
on_count (gpointer user_data)
{
  BoloStickWatch *self = user_data;
  g_autoptr (BoloSyncQueues) queues = NULL;
  g_autoptr (GError) error = NULL;

  queues =
    bolo_sync_queues_open (self->parts.state_dir, self->parts.store, self->parts.clock, &error);
  if (queues == NULL) {
    g_debug ("cannot count what waits: %s", error->message);
    return G_SOURCE_REMOVE;
  }
  for (guint i = 0; i < self->parts.config->remotes->len; i++) {
    const BoloRemote *remote = self->parts.config->remotes->pdata[i];

    if (remote->type == BOLO_REMOTE_USB)
      count_remote (self, queues, remote);
  }
  return G_SOURCE_REMOVE;
}

/* A folder into which a stick is mounted is on another device than the one that it lies in. */
static gboolean
is_mounted (const char *folder)
{
  g_autofree char *parent = g_path_get_dirname (folder);
  GStatBuf inside, outside;

  return g_stat (folder, &inside) == 0 && g_stat (parent, &outside) == 0 &&
         inside.st_dev != outside.st_dev;
}

static gboolean
on_look (gpointer user_data)
{
  BoloStickWatch *self = user_data;
  News *news = news_new (self, NEWS_SIGHT);

  if (is_mounted (self->parts.config->stick_folder))
    news->stick.phase = BOLO_STICK_IN;
  post (self, news);
  return G_SOURCE_REMOVE;
}

/* What several remotes have come to together. */
typedef struct {
  BoloStickWatch *watch;
  BoloStick sum;
  char *failure; /* (owned) (nullable): the first */
  char *notice;  /* (owned) (nullable) */
} Exchange;

static void
tell_stick (Exchange *exchange, BoloStickPhase phase)
{
  News *news = news_new (exchange->watch, NEWS_STICK);

  news->stick = exchange->sum;
  news->stick.phase = phase;
  news->stick.failure = news->failure = g_strdup (exchange->failure);
  news->stick.notice = news->notice = g_strdup (exchange->notice);
  post (exchange->watch, news);
}

static void
on_progress (gint64 items, gint64 of_items, gint64 bytes, gint64 of_bytes, gpointer data)
{
  Exchange *exchange = data;

  exchange->sum.items = items;
  exchange->sum.of_items = of_items;
  exchange->sum.bytes = bytes;
  exchange->sum.of_bytes = of_bytes;
  tell_stick (exchange, BOLO_STICK_BUSY);
}

static guint
count_lists (const BoloUsbReport *report)
{
  guint n = 0;

  for (guint i = 0; i < report->lists->len; i++) {
    const BoloListArrival *arrival = report->lists->pdata[i];

    n += arrival->kind == BOLO_ARRIVAL_LIST && arrival->failure == NULL;
  }
  return n;
}

static void
tell_policy (BoloStickWatch *self, const BoloUsbReport *report)
{
  for (guint i = 0; i < report->lists->len; i++) {
    const BoloListArrival *arrival = report->lists->pdata[i];
    News *news;

    if (arrival->kind != BOLO_ARRIVAL_POLICY)
      continue;
    news = news_new (self, NEWS_POLICY);
    news->policy = bolo_list_arrival_copy (arrival);
    post (self, news);
  }
}

static void
exchange_with (Exchange *exchange, const BoloRemote *remote)
{
  BoloStickWatch *self = exchange->watch;
  const BoloUsbParts parts = {
    .remote = remote,
    .store = self->parts.store,
    .hotlist = self->parts.hotlist,
    .state_dir = self->parts.state_dir,
    .clock = self->parts.clock,
    .cancellable = self->stop,
    .progress = on_progress,
    .data = exchange,
  };
  g_auto (BoloUsbReport) report = {0};
  g_autoptr (GError) error = NULL;

  if (!bolo_usb_exchange (&parts, self->parts.config->stick_folder, &report, &error)) {
    g_message ("%s: %s", remote->name, error->message);
    if (exchange->failure == NULL)
      exchange->failure = g_strdup (error->message);
  }
  exchange->sum.acknowledged += report.n_acknowledged;
  exchange->sum.on_stick += report.n_on_stick;
  exchange->sum.n_lists += count_lists (&report);
  tell_policy (self, &report);
  if (report.notice != NULL && exchange->notice == NULL)
    exchange->notice = g_strdup (report.notice);
  if (report.receipt != NULL)
    tell_receipt (self, bolo_receipts_read (report.receipt, NULL));
}

static gboolean
on_exchange (gpointer user_data)
{
  BoloStickWatch *self = user_data;
  Exchange exchange = {.watch = self};

  tell_stick (&exchange, BOLO_STICK_BUSY);
  /* The empty folder is on the car's own disk. */
  if (!is_mounted (self->parts.config->stick_folder))
    exchange.failure =
      g_strdup_printf ("There is no stick in %s", self->parts.config->stick_folder);
  for (guint i = 0; exchange.failure == NULL && i < self->parts.config->remotes->len; i++) {
    const BoloRemote *remote = self->parts.config->remotes->pdata[i];

    if (bolo_usb_is_possible (remote, NULL))
      exchange_with (&exchange, remote);
  }
  on_look (self);
  tell_stick (&exchange, exchange.failure != NULL ? BOLO_STICK_FAILED : BOLO_STICK_DONE);
  g_free (exchange.failure);
  g_free (exchange.notice);
  on_count (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_begin (gpointer user_data)
{
  BoloStickWatch *self = user_data;

  for (guint i = 0; i < self->parts.config->remotes->len; i++) {
    const BoloRemote *remote = self->parts.config->remotes->pdata[i];

    bolo_usb_sweep (self->parts.state_dir, remote->name);
  }
  tell_receipt (self, bolo_receipts_read_newest (self->parts.state_dir));
  return on_count (self);
}

/* ---- on main ------------------------------------------------------------------------------- */

static void
look (BoloStickWatch *self)
{
  if (self->worker != NULL)
    bolo_worker_post (self->worker, on_look, self, NULL);
}

static gboolean
on_count_due (gpointer user_data)
{
  BoloStickWatch *self = user_data;

  self->count_source = 0;
  bolo_worker_post (self->worker, on_count, self, NULL);
  return G_SOURCE_REMOVE;
}

static void
bolo_stick_watch_dispose (GObject *object)
{
  BoloStickWatch *self = BOLO_STICK_WATCH (object);

  bolo_stick_watch_stop (self, 5000);
  G_OBJECT_CLASS (bolo_stick_watch_parent_class)->dispose (object);
}

static void
bolo_stick_watch_finalize (GObject *object)
{
  BoloStickWatch *self = BOLO_STICK_WATCH (object);

  bolo_sync_config_unref (self->parts.config);
  g_free ((char *) self->parts.state_dir);
  g_clear_object (&self->parts.hotlist);
  g_clear_object (&self->parts.clock);
  g_clear_object (&self->parts.state);
  g_clear_object (&self->stop);
  g_main_context_unref (self->context);
  G_OBJECT_CLASS (bolo_stick_watch_parent_class)->finalize (object);
}

static void
bolo_stick_watch_class_init (BoloStickWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bolo_stick_watch_dispose;
  object_class->finalize = bolo_stick_watch_finalize;
}

static void
bolo_stick_watch_init (BoloStickWatch *self)
{
  self->stop = g_cancellable_new ();
  self->context = g_main_context_ref_thread_default ();
}

static gboolean
takes_sticks (const BoloSyncConfig *config)
{
  for (guint i = 0; i < config->remotes->len; i++) {
    if (bolo_usb_is_possible (config->remotes->pdata[i], NULL))
      return TRUE;
  }
  return FALSE;
}

BoloStickWatch *
bolo_stick_watch_new (const BoloStickWatchParts *parts)
{
  BoloStickWatch *self;

  g_return_val_if_fail (parts != NULL && parts->config != NULL && parts->state != NULL, NULL);

  if (!takes_sticks (parts->config))
    return NULL;
  self = g_object_new (BOLO_TYPE_STICK_WATCH, NULL);
  self->parts = *parts;
  self->parts.config = bolo_sync_config_ref (parts->config);
  self->parts.state_dir = g_strdup (parts->state_dir);
  self->parts.hotlist = parts->hotlist != NULL ? g_object_ref (parts->hotlist) : NULL;
  self->parts.clock = g_object_ref (parts->clock);
  self->parts.state = g_object_ref (parts->state);
  return self;
}

void
bolo_stick_watch_start (BoloStickWatch *self)
{
  g_return_if_fail (BOLO_IS_STICK_WATCH (self) && self->worker == NULL);

  self->worker = bolo_worker_new ("bolo-stick");
  bolo_worker_lower (self->worker, BOLO_NICE_BEHIND);
  bolo_worker_post (self->worker, on_begin, self, NULL);
  if (self->parts.config->stick_folder == NULL)
    return;
  self->monitor = g_unix_mount_monitor_get ();
  g_signal_connect_object (self->monitor, "mounts-changed", G_CALLBACK (look), self,
                           G_CONNECT_SWAPPED);
  look (self);
}

void
bolo_stick_watch_exchange (BoloStickWatch *self)
{
  g_return_if_fail (BOLO_IS_STICK_WATCH (self));

  if (self->worker == NULL || self->is_busy || self->parts.config->stick_folder == NULL)
    return;
  self->is_busy = TRUE;
  bolo_worker_post (self->worker, on_exchange, self, NULL);
}

void
bolo_stick_watch_note_stored (BoloStickWatch *self)
{
  g_return_if_fail (BOLO_IS_STICK_WATCH (self));

  if (self->worker == NULL || self->count_source != 0)
    return;
  self->count_source = g_timeout_add_seconds (COUNT_S, on_count_due, self);
  g_source_set_name_by_id (self->count_source, "bolo-stick-count");
}

gboolean
bolo_stick_watch_stop (BoloStickWatch *self, guint deadline_ms)
{
  gboolean is_stopped;

  g_return_val_if_fail (BOLO_IS_STICK_WATCH (self), FALSE);

  g_clear_handle_id (&self->count_source, g_source_remove);
  g_clear_object (&self->monitor);
  if (self->worker == NULL)
    return TRUE;
  g_cancellable_cancel (self->stop);
  is_stopped = bolo_worker_stop (self->worker, deadline_ms);
  /* A stick that hangs is left behind, with what it works with. */
  if (!is_stopped)
    g_object_ref (self);
  g_clear_object (&self->worker);
  return is_stopped;
}
