/* bolo-list-watch.c: notices lists that another program imported or removed, and takes them in
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-patrol"

#include "bolo-list-watch.h"

#include "bolo-priority.h"
#include "bolo-worker.h"

#include <glib/gstdio.h>

/* An officer who has just imported a list by hand waits no longer than this for its first hit. */
#define LOOK_SECONDS 2

struct _BoloListWatch {
  GObject parent_instance;

  BoloHotlist *hotlist;  /* (owned) */
  char *folder;          /* (owned) STATE/lists */
  GMainContext *context; /* (owned) */
  BoloWorker *worker;    /* (owned) */
  GSource *timer;        /* (owned) on the worker */
  char *fingerprint;     /* (owned) (thread worker) of all manifests as last loaded */
};

G_DEFINE_FINAL_TYPE (BoloListWatch, bolo_list_watch, G_TYPE_OBJECT)

typedef enum {
  SIGNAL_CHANGED,
} BoloListWatchSignal;

static guint signals[SIGNAL_CHANGED + 1];

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* A swap is a rename: it gives the manifest another inode and time. */
static char *
take_fingerprint (const char *folder)
{
  g_autoptr (GDir) open = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (open != NULL && (name = g_dir_read_name (open)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, "manifest.ini", NULL);
    GStatBuf status;

    if (g_stat (path, &status) == 0)
      g_ptr_array_add (
        lines, g_strdup_printf ("%s %" G_GUINT64_FORMAT " %ld.%ld", name, (guint64) status.st_ino,
                                (long) status.st_mtim.tv_sec, (long) status.st_mtim.tv_nsec));
  }
  g_ptr_array_sort (lines, compare_names);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

static gboolean
on_changed (gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static gboolean
on_look (gpointer user_data)
{
  BoloListWatch *self = user_data;
  g_autofree char *fingerprint = take_fingerprint (self->folder);
  g_autoptr (GError) error = NULL;

  if (g_strcmp0 (fingerprint, self->fingerprint) == 0)
    return G_SOURCE_CONTINUE;
  if (!bolo_hotlist_load (self->hotlist, NULL, &error))
    g_warning ("changed lists are not in force: %s", error->message);
  g_free (self->fingerprint);
  self->fingerprint = g_steal_pointer (&fingerprint);
  bolo_context_post (self->context, on_changed, g_object_ref (self), g_object_unref,
                     "bolo-list-watch-changed");
  return G_SOURCE_CONTINUE;
}

static void
bolo_list_watch_finalize (GObject *object)
{
  BoloListWatch *self = BOLO_LIST_WATCH (object);

  g_clear_pointer (&self->timer, g_source_unref);
  g_clear_object (&self->worker);
  g_clear_object (&self->hotlist);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->fingerprint, g_free);
  G_OBJECT_CLASS (bolo_list_watch_parent_class)->finalize (object);
}

static void
bolo_list_watch_class_init (BoloListWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bolo_list_watch_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", BOLO_TYPE_LIST_WATCH, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bolo_list_watch_init (BoloListWatch *self)
{
}

BoloListWatch *
bolo_list_watch_new (BoloHotlist *hotlist, const char *state_dir)
{
  BoloListWatch *self;

  g_return_val_if_fail (BOLO_IS_HOTLIST (hotlist), NULL);
  g_return_val_if_fail (state_dir != NULL, NULL);

  self = g_object_new (BOLO_TYPE_LIST_WATCH, NULL);
  self->hotlist = g_object_ref (hotlist);
  self->folder = g_build_filename (state_dir, "lists", NULL);
  self->context = g_main_context_ref_thread_default ();
  self->fingerprint = take_fingerprint (self->folder);
  self->worker = bolo_worker_new ("bolo-lists");
  bolo_worker_lower (self->worker, BOLO_NICE_BEHIND);
  self->timer = g_timeout_source_new_seconds (LOOK_SECONDS);
  g_source_set_static_name (self->timer, "bolo-list-watch");
  g_source_set_callback (self->timer, on_look, self, NULL);
  g_source_attach (self->timer, bolo_worker_get_context (self->worker));
  return self;
}

gboolean
bolo_list_watch_stop (BoloListWatch *self, guint deadline_ms)
{
  g_return_val_if_fail (BOLO_IS_LIST_WATCH (self), FALSE);

  g_source_destroy (self->timer);
  return bolo_worker_stop (self->worker, deadline_ms);
}
