/* bolo-usb.c: one exchange with a stick: what is on it first, then what goes on it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-usb"

#include "bolo-usb-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "bolo-error.h"
#include "bolo-list-files.h"

#define SUFFIX ".bolo"

void
bolo_usb_report_clear (BoloUsbReport *self)
{
  g_clear_pointer (&self->lists, g_ptr_array_unref);
  g_clear_pointer (&self->bundle, g_free);
  g_clear_pointer (&self->receipt, g_free);
  g_clear_pointer (&self->notice, g_free);
}

static void
job_clear (BoloUsbJob *job)
{
  g_clear_pointer (&job->key, bolo_list_key_free);
  g_clear_pointer (&job->queues, bolo_sync_queues_close);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BoloUsbJob, job_clear)

gboolean
bolo_usb_goes_on (const BoloUsbJob *job, GError **error)
{
  if (!g_cancellable_is_cancelled (job->parts->cancellable))
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_BUSY,
               "Writing to the stick was ended; nothing new on it counts, everything is kept in "
               "the car");
  return FALSE;
}

/* ---- what lies there ----------------------------------------------------------------------- */

static void
bundle_free (gpointer data)
{
  BoloUsbBundle *bundle = data;

  g_free (bundle->path);
  bolo_bundle_head_clear (&bundle->head);
  g_free (bundle);
}

static gboolean
peek (BoloUsbBundle *bundle, GError **error)
{
  g_autofree char *bytes = g_malloc (BOLO_BUNDLE_HEAD_MAX);
  int file = open (bundle->path, O_RDONLY | O_CLOEXEC);
  gssize n = file >= 0 ? read (file, bytes, BOLO_BUNDLE_HEAD_MAX) : -1;
  int saved = errno;

  if (file >= 0)
    close (file);
  if (n < 0) {
    g_autofree char *what = g_strdup_printf ("Cannot read %s", bundle->path);

    bolo_error_set_errno (error, saved, what);
    return FALSE;
  }
  bundle->is_damaged = !bolo_bundle_head_peek (bytes, (gsize) n, &bundle->head);
  return TRUE;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint64 left = (*(BoloUsbBundle *const *) a)->head.number;
  guint64 right = (*(BoloUsbBundle *const *) b)->head.number;

  return left < right ? -1 : left > right;
}

static GDir *
open_folder (const char *folder, GError **error)
{
  GError *local = NULL;
  GDir *directory = g_dir_open (folder, 0, &local);

  if (directory == NULL)
    bolo_error_take_foreign (error, local, "The stick cannot be read; is it in?");
  return directory;
}

GPtrArray *
bolo_usb_list_bundles (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) bundles = g_ptr_array_new_with_free_func (bundle_free);
  g_autoptr (GDir) directory = open_folder (folder, error);
  const char *name;

  if (directory == NULL)
    return NULL;
  while ((name = g_dir_read_name (directory)) != NULL) {
    BoloUsbBundle *bundle;

    if (name[0] == '.' || !g_str_has_suffix (name, SUFFIX))
      continue;
    bundle = g_new0 (BoloUsbBundle, 1);
    g_ptr_array_add (bundles, bundle);
    bundle->path = g_build_filename (folder, name, NULL);
    if (!peek (bundle, error))
      return NULL;
  }
  g_ptr_array_sort (bundles, compare_numbers);
  return g_steal_pointer (&bundles);
}

/* ---- the exchange -------------------------------------------------------------------------- */

gboolean
bolo_usb_is_possible (const BoloRemote *remote, GError **error)
{
  g_return_val_if_fail (remote != NULL, FALSE);

  if (remote->type == BOLO_REMOTE_BOF2)
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED,
                 "The remote %s speaks BOF2, which knows no stick", remote->name);
  else if (remote->car_key == NULL || remote->station_keys[0] == NULL)
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "The remote %s needs car_key= and station_keys= in sync.conf before a stick can "
                 "be used, see bolo-sync.conf(5)",
                 remote->name);
  else
    return TRUE;
  return FALSE;
}

static gboolean
load_key (BoloUsbJob *job, GError **error)
{
  const char *path = job->parts->remote->car_key;
  g_autofree char *text = bolo_list_files_read_small (path, BOLO_LIST_KEY_TEXT_MAX, error);

  job->key = text != NULL ? bolo_list_key_parse (text, strlen (text), path, error) : NULL;
  if (text != NULL)
    memset (text, 0, strlen (text));
  if (job->key == NULL)
    return FALSE;
  if (job->key->has_secret)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "%s is the public half of a key; car_key= in sync.conf needs the secret one", path);
  return FALSE;
}

gboolean
bolo_usb_exchange (const BoloUsbParts *parts,
                   const char *folder,
                   BoloUsbReport *report,
                   GError **error)
{
  g_auto (BoloUsbJob) job = {.parts = parts, .folder = folder, .report = report};
  g_autoptr (GError) taking = NULL;

  g_return_val_if_fail (parts != NULL && parts->remote != NULL && folder != NULL, FALSE);
  g_return_val_if_fail (report != NULL, FALSE);

  report->lists = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_arrival_free);
  if (!bolo_usb_is_possible (parts->remote, error) || !load_key (&job, error))
    return FALSE;
  job.queues = bolo_sync_queues_open (parts->state_dir, parts->store, parts->clock, error);
  if (job.queues == NULL)
    return FALSE;
  if (!bolo_usb_take (&job, &taking))
    g_message ("%s: %s", parts->remote->name, taking->message);
  if (!bolo_usb_write (&job, error))
    return FALSE;
  if (taking == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&taking));
  return FALSE;
}
