/* bolo-bof2-lists.c: wanted lists of a BOF2 back office, into the car
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-bof2-lists"

#include "bolo-bof2-lists.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "bolo-error.h"
#include "bolo-list-files.h"
#include "bolo-list-key.h"

#define STANDING "bof2-lists.ini"
#define REVISION "revision"
#define IS_TOLD "told"
#define LOCAL_NAME "name"
#define REPO_KEY "bof2-repo"
#define REPO_UNCHANGED (-1)

/* Fetch: one round. */
typedef struct {
  BoloBof2Client *client;
  const BoloBof2Config *config;
  BoloListTaker *taker;
  GCancellable *cancellable;
  char *path;        /* (owned): of the standing */
  GKeyFile *lists;   /* (owned): a group a list, by the back office's name */
  gboolean is_whole; /* every list is as the back office says */
} Fetch;

static void
fetch_clear (Fetch *self)
{
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->lists, g_key_file_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fetch, fetch_clear)

static gboolean
save (Fetch *self, GError **error)
{
  g_autofree char *text = g_key_file_to_data (self->lists, NULL, NULL);

  return bolo_list_files_replace (self->path, text, error);
}

/* What the list is in the car: by the configuration, else its own name with '-' for what cannot
 * stand in one. (transfer full) (nullable) */
static char *
make_local_name (const Fetch *self, const char *name)
{
  const BoloBof2List *list = g_hash_table_lookup (self->config->lists, name);
  char *local;

  if (list != NULL && list->name != NULL)
    return g_strdup (list->name);
  local = g_strdup (name);
  g_strcanon (local, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", '-');
  if (!bolo_list_key_name_is_good (local))
    g_clear_pointer (&local, g_free);
  return local;
}

/* As a number, so that it can be shown; lists name their revisions with texts. */
static gint64
get_number (const char *revision)
{
  guint64 number = 0;

  if (!g_ascii_string_to_unsigned (revision, 10, 1, G_MAXINT64, &number, NULL))
    number = g_str_hash (revision);
  return (gint64) number;
}

/* ---- telling what is in force ---------------------------------------------------------------- */

static gboolean
check_answer (const BoloSoapReply *reply, const char *operation, GError **error)
{
  if (!reply->is_fault)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_BUSY,
               "The BOF2 back office answered to %s with a fault; its words are in answers.jsonl",
               operation);
  return FALSE;
}

/* Tells all that is in force and that it was not told yet. */
static gboolean
tell (Fetch *self, GError **error)
{
  g_auto (GStrv) names = g_key_file_get_groups (self->lists, NULL);
  g_autoptr (BoloSoapValues) values = bolo_bof2_client_begin (self->client);
  g_autoptr (BoloSoapReply) reply = NULL;
  guint n = 0;

  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *revision = g_key_file_get_string (self->lists, names[i], REVISION, NULL);
    const char *const pairs[] = {"current", revision, "name", names[i], NULL};

    if (revision == NULL || g_key_file_get_boolean (self->lists, names[i], IS_TOLD, NULL))
      continue;
    bolo_soap_values_add_record (values, "revisions", pairs);
    n++;
  }
  if (n == 0)
    return TRUE;
  reply = bolo_bof2_client_call (self->client, "setHotlistStatus", values, NULL, NULL,
                                 self->cancellable, error);
  if (reply == NULL || !check_answer (reply, "setHotlistStatus", error))
    return FALSE;
  for (guint i = 0; names[i] != NULL; i++)
    g_key_file_set_boolean (self->lists, names[i], IS_TOLD, TRUE);
  return save (self, error);
}

static gboolean
note_revision (Fetch *self, const char *name, const char *revision, GError **error)
{
  g_key_file_set_string (self->lists, name, REVISION, revision);
  g_key_file_set_boolean (self->lists, name, IS_TOLD, FALSE);
  return save (self, error);
}

/* ---- one list ---------------------------------------------------------------------------------
 */

static gboolean
write_to_file (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  int file = GPOINTER_TO_INT (data);

  while (length > 0) {
    gssize n = write (file, bytes, length);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      bolo_error_set_errno (error, errno, "Cannot keep a list that is being fetched");
      return FALSE;
    }
    bytes += n;
    length -= (gsize) n;
  }
  return TRUE;
}

/* Fetches into @path. (transfer full) (nullable) */
static BoloSoapReply *
fetch_file (Fetch *self, const char *name, const char *path, gint64 size, GError **error)
{
  const char *operation = size > 0 ? "getHotlistUpdatesRestrictSize" : "getHotlistUpdates";
  g_autoptr (BoloSoapValues) values = bolo_bof2_client_begin (self->client);
  BoloSoapReply *reply;
  int file = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (file < 0) {
    bolo_error_set_errno (error, errno, "Cannot keep a list that is being fetched");
    return NULL;
  }
  bolo_soap_values_set_text (values, "list", name);
  if (size > 0)
    bolo_soap_values_set_int (values, "size", size);
  reply = bolo_bof2_client_call (self->client, operation, values, write_to_file,
                                 GINT_TO_POINTER (file), self->cancellable, error);
  close (file);
  if (reply != NULL && !check_answer (reply, operation, error))
    g_clear_pointer (&reply, bolo_soap_reply_free);
  return reply;
}

static gboolean
is_too_big (const BoloSoapReply *reply)
{
  const char *word = reply->records->len > 0 ? bolo_soap_reply_get (reply, 0, "too-big") : NULL;

  return g_strcmp0 (word, "true") == 0 || g_strcmp0 (word, "1") == 0;
}

/* The smaller answer first, where the configuration asks for that. (transfer full) (nullable) */
static BoloSoapReply *
fetch_updates (Fetch *self, const char *name, const char *path, GError **error)
{
  g_autoptr (BoloSoapReply) reply =
    fetch_file (self, name, path, self->config->restrict_bytes, error);

  if (reply == NULL || !is_too_big (reply))
    return g_steal_pointer (&reply);
  if (self->config->restrict_bytes == 0 || !self->config->takes_too_big) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED,
                 "the list is larger than restrict_bytes in bof2.conf allows; it waits");
    return NULL;
  }
  return fetch_file (self, name, path, 0, error);
}

static gboolean
take (Fetch *self,
      const char *name,
      const char *local,
      const char *path,
      const char *revision,
      GError **error)
{
  const BoloBof2List *list = g_hash_table_lookup (self->config->lists, name);
  const BoloListFile file = {.name = local,
                             .path = path,
                             .kind = list != NULL ? list->kind : NULL,
                             .format = list != NULL ? list->format : NULL,
                             .map = list != NULL ? list->map : NULL,
                             .number = get_number (revision)};

  return bolo_list_taker_take (self->taker, &file, error);
}

/* We once said that we hold it, and do not any more. */
static gboolean
is_base_lost (const Fetch *self, const char *name, const char *local)
{
  g_autofree char *revision = g_key_file_get_string (self->lists, name, REVISION, NULL);

  return revision != NULL && *revision != '\0' &&
         bolo_list_taker_get_held (self->taker, local) == 0;
}

/* Changes that do not fit to what is held: the back office is told that nothing is, so that the
 * whole list comes. */
static gboolean
forget_base (Fetch *self, const char *name, GError **error)
{
  return note_revision (self, name, "", error) && tell (self, error);
}

/* FALSE: the link, or the disk; a list that is refused is noted and TRUE. */
static gboolean
update (Fetch *self,
        const char *name,
        const char *local,
        const char *latest,
        gboolean is_second,
        GError **error)
{
  g_autofree char *file_name = g_strconcat (local, ".bof2", NULL);
  g_autofree char *path =
    g_build_filename (bolo_list_taker_get_folder (self->taker), file_name, NULL);
  g_autoptr (BoloSoapReply) reply = NULL;
  g_autoptr (GError) refused = NULL;
  const char *revision;

  reply = fetch_updates (self, name, path, error);
  if (reply == NULL) {
    g_unlink (path);
    return FALSE;
  }
  revision = reply->records->len > 0 ? bolo_soap_reply_get (reply, 0, "latest") : NULL;
  if (revision == NULL || *revision == '\0')
    revision = latest;
  if (take (self, name, local, path, revision, &refused)) {
    g_key_file_set_string (self->lists, name, LOCAL_NAME, local);
    return note_revision (self, name, revision, error);
  }
  if (!is_second && is_base_lost (self, name, local))
    return forget_base (self, name, error) && update (self, name, local, latest, TRUE, error);
  self->is_whole = FALSE;
  if (g_error_matches (refused, BOLO_ERROR, BOLO_ERROR_NO_SPACE)) {
    g_propagate_error (error, g_steal_pointer (&refused));
    return FALSE;
  }
  return TRUE;
}

/* ---- all lists --------------------------------------------------------------------------------
 */

/* Is it this one list that is wrong, so that the others may still be had? */
static gboolean
is_of_list (const GError *error)
{
  return g_error_matches (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA) ||
         g_error_matches (error, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED);
}

static gboolean
update_if_stale (
  Fetch *self, const char *name, const char *local, const char *latest, GError **error)
{
  g_autofree char *held = g_key_file_get_string (self->lists, name, REVISION, NULL);
  g_autoptr (GError) failure = NULL;

  bolo_list_taker_note_newest (self->taker, local, get_number (latest));
  if (g_strcmp0 (held, latest) == 0 && bolo_list_taker_get_held (self->taker, local) != 0)
    return TRUE;
  if (update (self, name, local, latest, FALSE, &failure))
    return tell (self, error);
  bolo_list_taker_note_failure (self->taker, local, failure->message);
  self->is_whole = FALSE;
  if (is_of_list (failure))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
update_all (Fetch *self, const BoloSoapReply *status, GHashTable *allotted, GError **error)
{
  for (guint i = 0; i < status->records->len; i++) {
    const char *name = bolo_soap_reply_get (status, i, "name");
    const char *latest = bolo_soap_reply_get (status, i, "latest");
    g_autofree char *local = name != NULL ? make_local_name (self, name) : NULL;

    if (local == NULL || latest == NULL || strpbrk (name, "[]\n\r") != NULL) {
      g_warning ("The BOF2 back office has a list that no name in the car fits; give it one with "
                 "[list …] name= in bof2.conf");
      self->is_whole = FALSE;
      continue;
    }
    g_hash_table_add (allotted, g_strdup (name));
    if (!update_if_stale (self, name, local, latest, error))
      return FALSE;
  }
  return TRUE;
}

/* What the back office no longer names is no longer this car's. */
static gboolean
drop_others (Fetch *self, GHashTable *allotted, GError **error)
{
  g_auto (GStrv) names = g_key_file_get_groups (self->lists, NULL);

  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *local = g_key_file_get_string (self->lists, names[i], LOCAL_NAME, NULL);

    if (g_hash_table_contains (allotted, names[i]))
      continue;
    if (local != NULL && !bolo_list_taker_drop (self->taker, local, error))
      return FALSE;
    g_key_file_remove_group (self->lists, names[i], NULL);
    if (!save (self, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
fetch_changed (Fetch *self, GError **error)
{
  g_autoptr (BoloSoapValues) values = bolo_bof2_client_begin (self->client);
  g_autoptr (GHashTable) allotted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (BoloSoapReply) status = bolo_bof2_client_call (
    self->client, "getHotlistStatus", values, NULL, NULL, self->cancellable, error);

  return status != NULL && check_answer (status, "getHotlistStatus", error) &&
         update_all (self, status, allotted, error) && drop_others (self, allotted, error);
}

/* A list that somebody removed here must be had again, although nothing changed there. */
static gboolean
holds_all (const Fetch *self)
{
  g_auto (GStrv) names = g_key_file_get_groups (self->lists, NULL);

  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *local = g_key_file_get_string (self->lists, names[i], LOCAL_NAME, NULL);

    if (local == NULL || bolo_list_taker_get_held (self->taker, local) == 0)
      return FALSE;
  }
  return TRUE;
}

/* *@revision: of the whole repository, REPO_UNCHANGED where it is what we hold. */
static gboolean
ask_repo (Fetch *self, gint64 *revision, GError **error)
{
  g_autoptr (BoloSoapValues) values = bolo_bof2_client_begin (self->client);
  g_autoptr (BoloSoapReply) reply = NULL;

  bolo_soap_values_set_int (
    values, "revision", holds_all (self) ? bolo_list_taker_get_number (self->taker, REPO_KEY) : 0);
  reply = bolo_bof2_client_call (self->client, "getRepoStatus", values, NULL, NULL,
                                 self->cancellable, error);
  if (reply == NULL || !check_answer (reply, "getRepoStatus", error))
    return FALSE;
  *revision = reply->text != NULL ? g_ascii_strtoll (reply->text, NULL, 10) : 0;
  return TRUE;
}

gboolean
bolo_bof2_lists_fetch (BoloBof2Client *client,
                       const BoloBof2Config *config,
                       BoloListTaker *taker,
                       GCancellable *cancellable,
                       GError **error)
{
  g_auto (Fetch) self = {client, config, taker, cancellable, NULL, NULL, TRUE};
  gint64 revision = 0;

  g_return_val_if_fail (client != NULL && config != NULL && taker != NULL, FALSE);

  self.path = g_build_filename (bolo_list_taker_get_folder (taker), STANDING, NULL);
  self.lists = g_key_file_new ();
  g_key_file_load_from_file (self.lists, self.path, G_KEY_FILE_NONE, NULL);
  /* What is in force and was not told, because the link went: before anything is asked. */
  if (!tell (&self, error) || !ask_repo (&self, &revision, error))
    return FALSE;
  if (revision == REPO_UNCHANGED)
    return TRUE;
  if (!fetch_changed (&self, error))
    return FALSE;
  return !self.is_whole || bolo_list_taker_set_number (taker, REPO_KEY, revision, error);
}
