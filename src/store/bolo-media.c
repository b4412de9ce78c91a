/* bolo-media.c: the pictures, a database file a day
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-media"

#include "bolo-media.h"

#include <string.h>

#include "bolo-db-files.h"
#include "bolo-db.h"
#include "bolo-disk-numbers.h"
#include "bolo-error.h"
#include "bolo-media-file.h"
#include "bolo-unsent.h"

#define PREFIX "media-"
#define SUFFIX ".db"
#define DAY_LENGTH 10 /* "2026-03-14" */
/* Days open at once: today, yesterday around midnight, and one or two that a look-back reads. */
#define MAX_OPEN 4

typedef struct {
  BoloDb *db;              /* (owned) */
  gboolean is_in_commit;   /* a transaction is open */
  gboolean is_name_synced; /* the file's name is durable */
  guint64 used;
} Day;

struct _BoloMedia {
  char *state_dir;   /* (owned) */
  char *vfs;         /* (owned) (nullable) */
  char **receivers;  /* (owned) (nullable) */
  GHashTable *open;  /* (owned) day to Day */
  GHashTable *quiet; /* (owned) days in which nothing waits to be sent or was refused */
  guint64 n_uses;
  gboolean is_read_only;
};

static void
day_free (gpointer data)
{
  Day *day = data;

  if (day->is_in_commit)
    bolo_db_roll_back (day->db);
  bolo_db_close (day->db);
  g_free (day);
}

BoloMedia *
bolo_media_new (const char *state_dir, const char *vfs)
{
  BoloMedia *self;

  g_return_val_if_fail (state_dir != NULL, NULL);
  self = g_new0 (BoloMedia, 1);
  self->state_dir = g_strdup (state_dir);
  self->vfs = g_strdup (vfs);
  self->open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, day_free);
  self->quiet = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
bolo_media_free (BoloMedia *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->open);
  g_hash_table_unref (self->quiet);
  g_strfreev (self->receivers);
  g_free (self->state_dir);
  g_free (self->vfs);
  g_free (self);
}

void
bolo_media_set_read_only (BoloMedia *self, gboolean is_read_only)
{
  g_return_if_fail (self != NULL);
  self->is_read_only = is_read_only;
}

char *
bolo_media_get_day (gint64 utc_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (utc_us / G_USEC_PER_SEC);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d") : g_strdup ("1970-01-01");
}

void
bolo_media_set_receivers (BoloMedia *self, const char *const *receivers)
{
  g_return_if_fail (self != NULL);
  g_strfreev (self->receivers);
  self->receivers = g_strdupv ((char **) receivers);
}

gint64
bolo_media_get_day_end_us (const char *day)
{
  g_autofree char *text = NULL;
  g_autoptr (GDateTime) start = NULL;

  g_return_val_if_fail (day != NULL, -1);
  if (strlen (day) != DAY_LENGTH)
    return -1;
  text = g_strconcat (day, "T00:00:00Z", NULL);
  start = g_date_time_new_from_iso8601 (text, NULL);
  return start == NULL ? -1 : (g_date_time_to_unix (start) + 86400) * G_USEC_PER_SEC;
}

char *
bolo_media_get_path (BoloMedia *self, const char *day)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  name = g_strconcat (PREFIX, day, SUFFIX, NULL);
  return g_build_filename (self->state_dir, name, NULL);
}

/* A picture that somebody waits for. */
#define WAITED_FOR                                                                                 \
  "EXISTS (SELECT 1 FROM outbox WHERE record = " BOLO_MEDIA_FILE_RECORD                            \
  " AND topic = 'picture' AND state = picture.number AND waits <> 0)"

static void
close_least_used (BoloMedia *self)
{
  GHashTableIter iter;
  gpointer key, value;
  const char *least = NULL;
  guint64 used = G_MAXUINT64;

  g_hash_table_iter_init (&iter, self->open);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    Day *day = value;

    if (!day->is_in_commit && day->used < used) {
      used = day->used;
      least = key;
    }
  }
  if (least != NULL)
    g_hash_table_remove (self->open, least);
}

/* (transfer none); @may_create FALSE: NOT_FOUND when there is no such day. */
static Day *
get_day (BoloMedia *self, const char *name, gboolean may_create, GError **error)
{
  Day *day = g_hash_table_lookup (self->open, name);
  g_autofree char *path = NULL;
  BoloDbFlags flags = 0;
  BoloDb *db;

  if (day != NULL) {
    day->used = ++self->n_uses;
    return day;
  }
  path = bolo_media_get_path (self, name);
  if (self->is_read_only)
    flags = BOLO_DB_READ_ONLY;
  else if (may_create)
    flags = BOLO_DB_CREATE | BOLO_DB_LARGE_PAGES;
  db = bolo_media_file_open (path, self->vfs, flags, (const char *const *) self->receivers, error);
  if (db == NULL)
    return NULL;
  if (g_hash_table_size (self->open) >= MAX_OPEN)
    close_least_used (self);
  day = g_new0 (Day, 1);
  day->db = db;
  day->used = ++self->n_uses;
  g_hash_table_insert (self->open, g_strdup (name), day);
  return day;
}

static gboolean
queue (BoloMedia *self,
       const char *day_name,
       BoloDb *db,
       const char *sighting,
       BoloPictureKind kind,
       gint64 due_us,
       gboolean is_hit,
       gsize size,
       GError **error)
{
  g_autofree char *id =
    g_strconcat (sighting, kind == BOLO_PICTURE_PATCH ? "/patch" : "/overview", NULL);

  g_hash_table_remove (self->quiet, day_name);
  return bolo_unsent_add (db, BOLO_TOPIC_PICTURE, id, bolo_db_get_last_row (db),
                          is_hit ? BOLO_URGENCY_HIT_PICTURE : BOLO_URGENCY_PICTURE, size, due_us,
                          error);
}

gboolean
bolo_media_add (BoloMedia *self,
                const char *day_name,
                const char *sighting,
                BoloPictureKind kind,
                gint64 due_us,
                gboolean is_hit,
                GBytes *data,
                gint64 *number,
                GError **error)
{
  BoloStatement *statement;
  Day *day;

  g_return_val_if_fail (self != NULL && !self->is_read_only, FALSE);
  day = get_day (self, day_name, TRUE, error);
  if (day == NULL)
    return FALSE;
  if (!day->is_in_commit && !bolo_db_begin (day->db, error))
    return FALSE;
  day->is_in_commit = TRUE;
  statement = bolo_db_prepare (
    day->db, "INSERT INTO picture (sighting, kind, due_us, data) VALUES (?1, ?2, ?3, ?4)", error);
  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, sighting);
  bolo_statement_bind_int64 (statement, 2,
                             bolo_disk_number_from_value (BOLO_DISK_PICTURE, (int) kind));
  bolo_statement_bind_int64 (statement, 3, due_us);
  bolo_statement_bind_bytes (statement, 4, data);
  if (!bolo_statement_run (statement, error))
    return FALSE;
  *number = bolo_db_get_last_row (day->db);
  return queue (self, day_name, day->db, sighting, kind, due_us, is_hit, g_bytes_get_size (data),
                error) &&
         bolo_media_file_keep_sum (day->db, *number, data, error);
}

static gboolean
commit_day (Day *day, GError **error)
{
  if (!day->is_in_commit)
    return TRUE;
  day->is_in_commit = FALSE;
  if (!bolo_db_commit (day->db, error))
    return FALSE;
  if (day->is_name_synced)
    return TRUE;
  day->is_name_synced = bolo_db_sync_directory (day->db, error);
  return day->is_name_synced;
}

gboolean
bolo_media_commit (BoloMedia *self, GError **error)
{
  GHashTableIter iter;
  gpointer value;

  g_return_val_if_fail (self != NULL, FALSE);
  g_hash_table_iter_init (&iter, self->open);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    if (!commit_day (value, error)) {
      bolo_media_roll_back (self);
      return FALSE;
    }
  }
  return TRUE;
}

void
bolo_media_roll_back (BoloMedia *self)
{
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (self != NULL);
  g_hash_table_iter_init (&iter, self->open);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Day *day = value;

    if (day->is_in_commit)
      bolo_db_roll_back (day->db);
    day->is_in_commit = FALSE;
  }
}

GBytes *
bolo_media_load (BoloMedia *self,
                 const char *day_name,
                 gint64 number,
                 const char *sighting,
                 BoloPictureKind kind,
                 GError **error)
{
  g_autoptr (GBytes) data = NULL;
  BoloStatement *statement;
  gboolean has_row;
  Day *day;

  g_return_val_if_fail (self != NULL, NULL);
  day = get_day (self, day_name, FALSE, error);
  if (day == NULL)
    return NULL;
  /* The sighting is asked for too: after a file was set aside the numbers begin again. */
  statement = bolo_db_prepare (day->db,
                               "SELECT data FROM picture"
                               " WHERE number = ?1 AND sighting = ?2 AND kind = ?3"
                               " AND number NOT IN (SELECT number FROM erased)",
                               error);
  if (statement == NULL)
    return NULL;
  bolo_statement_bind_int64 (statement, 1, number);
  bolo_statement_bind_text (statement, 2, sighting);
  bolo_statement_bind_int64 (statement, 3,
                             bolo_disk_number_from_value (BOLO_DISK_PICTURE, (int) kind));
  if (!bolo_statement_step (statement, &has_row, error))
    return NULL;
  if (has_row)
    data = bolo_statement_get_bytes (statement, 0);
  bolo_statement_reset (statement);
  if (data == NULL)
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "%s: no picture of sighting %s",
                 bolo_db_get_path (day->db), sighting);
  return g_steal_pointer (&data);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
bolo_media_list_days (BoloMedia *self, GError **error)
{
  g_autoptr (GPtrArray) days = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_return_val_if_fail (self != NULL, NULL);
  dir = g_dir_open (self->state_dir, 0, &local);
  if (dir == NULL) {
    bolo_error_take_foreign (error, g_steal_pointer (&local), "Cannot list the records");
    return NULL;
  }
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *day = NULL;

    if (!g_str_has_prefix (name, PREFIX) || !g_str_has_suffix (name, SUFFIX))
      continue;
    day = g_strndup (name + strlen (PREFIX), DAY_LENGTH);
    if (strlen (name) == strlen (PREFIX SUFFIX) + DAY_LENGTH &&
        bolo_media_get_day_end_us (day) >= 0)
      g_ptr_array_add (days, g_steal_pointer (&day));
  }
  g_ptr_array_sort (days, compare_texts);
  g_ptr_array_add (days, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&days), FALSE);
}

gboolean
bolo_media_remove_day (BoloMedia *self, const char *day_name, guint *n_pictures, GError **error)
{
  g_autofree char *path = NULL;
  gint64 count = 0;
  Day *day;

  g_return_val_if_fail (self != NULL, FALSE);
  path = bolo_media_get_path (self, day_name);
  /* Only for the report: a file that cannot be read is removed all the same. */
  day = get_day (self, day_name, FALSE, NULL);
  if (day != NULL)
    bolo_db_get_int64 (day->db,
                       "SELECT (SELECT count(*) FROM picture) - (SELECT count(*) FROM erased)", 0,
                       &count, NULL);
  *n_pictures += (guint) count;
  bolo_media_close_day (self, day_name);
  return bolo_db_files_remove (path, error);
}

/* (transfer full): numbers of pictures to erase, at most a transaction's worth. */
static GArray *
list_due (BoloDb *db, gint64 due_us, GError **error)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  BoloStatement *statement = bolo_db_prepare (db,
                                              "SELECT number FROM picture WHERE due_us < ?1"
                                              " AND number NOT IN (SELECT number FROM erased)"
                                              " AND NOT " WAITED_FOR " LIMIT 100",
                                              error);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return NULL;
  bolo_statement_bind_int64 (statement, 1, due_us);
  while (has_row) {
    gint64 number;

    if (!bolo_statement_step (statement, &has_row, error))
      return NULL;
    number = has_row ? bolo_statement_get_int64 (statement, 0) : 0;
    if (has_row)
      g_array_append_val (numbers, number);
  }
  bolo_statement_reset (statement);
  return g_steal_pointer (&numbers);
}

static gboolean
erase_one (BoloDb *db, gint64 number, GError **error)
{
  BoloStatement *statement;

  if (!bolo_db_overwrite_blob (db, "picture", "data", number, error))
    return FALSE;
  statement = bolo_db_prepare (db, "INSERT INTO erased (number) VALUES (?1)", error);
  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, number);
  return bolo_statement_run (statement, error) && bolo_media_file_drop_sum (db, number, error);
}

static gboolean
erase_some (BoloDb *db, GArray *numbers, GError **error)
{
  if (!bolo_db_begin (db, error))
    return FALSE;
  for (guint i = 0; i < numbers->len; i++) {
    if (!erase_one (db, g_array_index (numbers, gint64, i), error)) {
      bolo_db_roll_back (db);
      return FALSE;
    }
  }
  return bolo_db_commit (db, error);
}

gboolean
bolo_media_erase_before (
  BoloMedia *self, const char *day_name, gint64 due_us, guint *n_pictures, GError **error)
{
  gboolean is_done = FALSE;
  Day *day;

  g_return_val_if_fail (self != NULL, FALSE);
  day = get_day (self, day_name, FALSE, error);
  if (day == NULL)
    return FALSE;
  while (!is_done) {
    g_autoptr (GArray) numbers = list_due (day->db, due_us, error);

    if (numbers == NULL || !erase_some (day->db, numbers, error))
      return FALSE;
    *n_pictures += numbers->len;
    is_done = numbers->len == 0;
  }
  /* Also when nothing was erased now: the last purge may have been cut off before this. */
  return bolo_db_checkpoint (day->db, error);
}

/* ---- what is still to be sent -------------------------------------------------------------- */

/* A file whose items carry their day. */
typedef struct {
  BoloMedia *media;
  const char *day;
} DayFile;

static gboolean
load_picture (gpointer owner, BoloOutgoing *item, GError **error)
{
  const DayFile *file = owner;
  g_autofree char *sighting = bolo_outgoing_get_sighting_id (item);
  Day *day;

  if (sighting != NULL)
    item->picture = bolo_media_load (
      file->media, file->day, item->state, sighting,
      bolo_outgoing_is_overview (item) ? BOLO_PICTURE_OVERVIEW : BOLO_PICTURE_PATCH, error);
  else
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "%s is no picture", item->id);
  if (item->picture == NULL)
    return FALSE;
  item->bytes = g_bytes_get_size (item->picture);
  day = get_day (file->media, file->day, FALSE, error);
  if (day == NULL)
    return FALSE;
  item->sha256 = bolo_media_file_get_sum (day->db, item->state, item->picture, error);
  return item->sha256 != NULL;
}

static BoloUnsentFile
get_unsent_file (BoloDb *db, DayFile *owner)
{
  return (BoloUnsentFile){db, BOLO_TOPIC_BIT (BOLO_TOPIC_PICTURE), owner->day, load_picture, owner};
}

/* Days in which nothing waits, and nothing was refused, are looked at once only: there may be a
 * month of them. */
static gboolean
note_quiet (BoloMedia *self, const char *day_name, BoloDb *db, GError **error)
{
  gboolean is_empty;

  if (!bolo_outbox_is_empty (db, &is_empty, error))
    return FALSE;
  if (is_empty)
    g_hash_table_add (self->quiet, g_strdup (day_name));
  return TRUE;
}

static gboolean
list_of_day (BoloMedia *self,
             const char *day_name,
             const BoloUnsentQuery *query,
             GPtrArray *items,
             GError **error)
{
  DayFile owner = {self, day_name};
  Day *day = get_day (self, day_name, FALSE, error);
  g_autoptr (GPtrArray) found = NULL;
  BoloUnsentFile file;

  if (day == NULL || !note_quiet (self, day_name, day->db, error))
    return FALSE;
  file = get_unsent_file (day->db, &owner);
  found = bolo_unsent_list (&file, query, error);
  if (found == NULL)
    return FALSE;
  g_ptr_array_extend_and_steal (items, g_steal_pointer (&found));
  return TRUE;
}

/* What is left of a query after @items. */
static gboolean
narrow (BoloUnsentQuery *rest, const BoloUnsentQuery *query, GPtrArray *items)
{
  gsize bytes = 0;

  for (guint i = 0; i < items->len; i++)
    bytes += ((BoloOutgoing *) items->pdata[i])->bytes;
  rest->max = query->max - MIN (query->max, items->len);
  rest->max_bytes = query->max_bytes - MIN (query->max_bytes, bytes);
  return rest->max > 0 && (rest->max_bytes > 0 || items->len == 0);
}

GPtrArray *
bolo_media_list_unsent (BoloMedia *self, const BoloUnsentQuery *query, GError **error)
{
  static const int urgencies[] = {BOLO_URGENCY_HIT_PICTURE, BOLO_URGENCY_PICTURE};
  g_autoptr (GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_outgoing_free);
  g_auto (GStrv) days = NULL;

  g_return_val_if_fail (self != NULL && query != NULL, NULL);
  days = bolo_media_list_days (self, error);
  if (days == NULL)
    return NULL;
  for (guint u = 0; u < G_N_ELEMENTS (urgencies) && items->len == 0; u++) {
    BoloUnsentQuery rest = *query;

    rest.max_urgency = MIN (urgencies[u], query->max_urgency);
    for (guint i = 0; days[i] != NULL && narrow (&rest, query, items); i++) {
      if (!g_hash_table_contains (self->quiet, days[i]) &&
          !list_of_day (self, days[i], &rest, items, error))
        return NULL;
    }
  }
  return g_steal_pointer (&items);
}

gboolean
bolo_media_settle (
  BoloMedia *self, const char *receiver, GPtrArray *items, gint64 later_us, GError **error)
{
  g_autoptr (GHashTable) days = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer key;

  g_return_val_if_fail (self != NULL && receiver != NULL && items != NULL, FALSE);
  for (guint i = 0; i < items->len; i++) {
    const BoloOutgoing *item = items->pdata[i];

    if (item->queue != NULL)
      g_hash_table_add (days, item->queue);
  }
  g_hash_table_iter_init (&iter, days);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    DayFile owner = {self, key};
    Day *day = get_day (self, key, FALSE, error);
    BoloUnsentFile file;

    if (day == NULL)
      return FALSE;
    file = get_unsent_file (day->db, &owner);
    if (!bolo_unsent_settle (&file, receiver, items, later_us, error) ||
        !note_quiet (self, key, day->db, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
bolo_media_count_unsent (BoloMedia *self,
                         const char *receiver,
                         BoloUnsentCounts *counts,
                         GError **error)
{
  g_auto (GStrv) days = NULL;

  g_return_val_if_fail (self != NULL && receiver != NULL && counts != NULL, FALSE);
  days = bolo_media_list_days (self, error);
  if (days == NULL)
    return FALSE;
  for (guint i = 0; days[i] != NULL; i++) {
    DayFile owner = {self, days[i]};
    BoloUnsentFile file;
    Day *day;

    if (g_hash_table_contains (self->quiet, days[i]))
      continue;
    day = get_day (self, days[i], FALSE, error);
    if (day == NULL || !note_quiet (self, days[i], day->db, error))
      return FALSE;
    file = get_unsent_file (day->db, &owner);
    if (!bolo_unsent_count (&file, receiver, counts, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
bolo_media_find_unsent (BoloMedia *self,
                        const char *day_name,
                        GHashTable *sightings,
                        GError **error)
{
  Day *day = get_day (self, day_name, FALSE, error);
  BoloStatement *statement;
  gboolean has_row = TRUE;

  if (day == NULL)
    return FALSE;
  statement = bolo_db_prepare (
    day->db, "SELECT substr (record, 1, instr (record, '/') - 1) FROM outbox WHERE waits <> 0",
    error);
  if (statement == NULL)
    return FALSE;
  while (has_row) {
    if (!bolo_statement_step (statement, &has_row, error))
      return FALSE;
    if (has_row)
      g_hash_table_add (sightings, bolo_statement_get_text (statement, 0));
  }
  bolo_statement_reset (statement);
  return TRUE;
}

gboolean
bolo_media_verify_day (BoloMedia *self, const char *day_name, GError **error)
{
  Day *day;

  g_return_val_if_fail (self != NULL, FALSE);
  day = get_day (self, day_name, FALSE, error);
  return day != NULL && bolo_db_check (day->db, -1, error);
}

void
bolo_media_close_day (BoloMedia *self, const char *day_name)
{
  g_return_if_fail (self != NULL);
  if (day_name != NULL)
    g_hash_table_remove (self->open, day_name);
  else
    g_hash_table_remove_all (self->open);
}
