/* bolo-archive.c: the journal and the day files together, on the store's worker
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-archive"

#include "bolo-archive.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "bolo-db-files.h"
#include "bolo-disposition-table.h"
#include "bolo-error.h"
#include "bolo-health.h"
#include "bolo-hit-table.h"
#include "bolo-journal-outbox.h"
#include "bolo-journal.h"
#include "bolo-paths.h"
#include "bolo-sighting-table.h"

#define LOCK_FILE "store.lock"
/* What a start may spend on looking for damage; after a kill the car must read again in 3 s. */
#define CHECK_BUDGET_US (G_USEC_PER_SEC / 2)
/* Sightings whose pictures' places are remembered; a pass lasts seconds, so this is many. */
#define MAX_REMEMBERED 512

/* Where the last pictures of a sighting lie, so that its next state does not write the same ones
 * again, nor does the next try after a failed journal. */
typedef struct {
  BoloPlaced placed;
  char *patch_sum;    /* (owned) (nullable) */
  char *overview_sum; /* (owned) (nullable) */
} Remembered;

struct _BoloArchive {
  char *state_dir;        /* (owned) */
  char **receivers;       /* (owned) (nullable): NULL leaves them as they are */
  char *vfs;              /* (owned) (nullable) */
  BoloClock *clock;       /* (owned) */
  BoloDb *journal;        /* (owned) (nullable) */
  BoloMedia *media;       /* (owned) (nullable) */
  GHashTable *remembered; /* (owned) sighting id to Remembered */
  gint64 last_old;        /* newest state's row when it was opened */
  GHashTable *confirmed;  /* (owned) rows up to that one that came again */
  int lock;               /* -1: not held */
  guint generation;
  gboolean is_read_only;
  gboolean is_name_synced; /* the journal's name is durable */
};

static void
remembered_free (gpointer data)
{
  Remembered *self = data;

  g_free (self->patch_sum);
  g_free (self->overview_sum);
  g_free (self);
}

BoloArchive *
bolo_archive_new (const char *state_dir, const char *vfs, BoloClock *clock)
{
  BoloArchive *self = g_new0 (BoloArchive, 1);

  self->state_dir = g_strdup (state_dir);
  self->vfs = g_strdup (vfs);
  self->clock = g_object_ref (clock);
  self->remembered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, remembered_free);
  self->confirmed = g_hash_table_new (NULL, NULL);
  self->lock = -1;
  return self;
}

void
bolo_archive_free (BoloArchive *self)
{
  if (self == NULL)
    return;
  bolo_archive_close (self);
  g_hash_table_unref (self->remembered);
  g_hash_table_unref (self->confirmed);
  g_object_unref (self->clock);
  g_free (self->state_dir);
  g_strfreev (self->receivers);
  g_free (self->vfs);
  g_free (self);
}

void
bolo_archive_set_receivers (BoloArchive *self, const char *const *receivers)
{
  g_strfreev (self->receivers);
  self->receivers = g_strdupv ((char **) receivers);
}

const char *
bolo_archive_get_state_dir (BoloArchive *self)
{
  return self->state_dir;
}

BoloDb *
bolo_archive_get_journal (BoloArchive *self)
{
  return self->journal;
}

guint
bolo_archive_get_generation (BoloArchive *self)
{
  return self->generation;
}

BoloMedia *
bolo_archive_get_media (BoloArchive *self)
{
  return self->media;
}

BoloClock *
bolo_archive_get_clock (BoloArchive *self)
{
  return self->clock;
}

gboolean
bolo_archive_is_open (BoloArchive *self)
{
  return self->journal != NULL;
}

void
bolo_archive_forget_placed (BoloArchive *self)
{
  g_hash_table_remove_all (self->remembered);
}

/* The kernel gives the lock back when the process ends, however it ends. */
static gboolean
take_lock (BoloArchive *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->state_dir, LOCK_FILE, NULL);
  int saved_errno;

  self->lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock >= 0 && flock (self->lock, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  saved_errno = errno;
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
  if (saved_errno == EWOULDBLOCK) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_BUSY,
                 "Another Bolo is using the records in %s; end it first", self->state_dir);
  } else {
    g_autofree char *what = g_strdup_printf ("Cannot write %s", path);

    bolo_error_set_errno (error, saved_errno, what);
  }
  return FALSE;
}

static void
drop_lock (BoloArchive *self)
{
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
}

static BoloDb *
open_journal (BoloArchive *self, const char *path, GError **error)
{
  BoloDbFlags flags = self->is_read_only ? BOLO_DB_READ_ONLY : BOLO_DB_CREATE;
  g_autoptr (BoloDb) journal = bolo_db_open (path, self->vfs, flags, error);
  int version;

  if (journal == NULL)
    return NULL;
  version = bolo_db_get_version (journal, NULL);
  /* A reader changes nothing, but must not guess at a newer schema either. */
  if ((!self->is_read_only || version > BOLO_JOURNAL_VERSION) &&
      !bolo_journal_migrate (journal, error))
    return NULL;
  if (self->is_read_only && version > 0 && version < BOLO_JOURNAL_VERSION &&
      !bolo_journal_show_as_now (journal, version, error))
    return NULL;
  if (!bolo_db_check (journal, CHECK_BUDGET_US, error))
    return NULL;
  if (!self->is_read_only && self->receivers != NULL &&
      !bolo_journal_outbox_set_receivers (journal, (const char *const *) self->receivers, error))
    return NULL;
  return g_steal_pointer (&journal);
}

static gboolean
set_aside (BoloArchive *self, const char *path, GPtrArray *problems, GError **error)
{
  g_autofree char *aside =
    bolo_db_files_set_aside (path, bolo_clock_get_utc_us (self->clock), error);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *title = NULL;
  g_autofree char *remedy = NULL;

  if (aside == NULL)
    return FALSE;
  g_warning ("%s was damaged; it was set aside as %s and a new one begun", path, aside);
  title = g_strdup_printf ("The record file %s is damaged", name);
  remedy = g_strdup_printf ("Tell the technician; the file is kept as %s", aside);
  if (problems != NULL)
    g_ptr_array_add (problems,
                     bolo_problem_new (title,
                                       "Earlier records in it cannot be looked up; new ones are "
                                       "kept in a new file",
                                       remedy, aside));
  return TRUE;
}

static gboolean
open_files (BoloArchive *self, GPtrArray *problems, GError **error)
{
  g_autofree char *path = g_build_filename (self->state_dir, BOLO_JOURNAL_FILE, NULL);
  g_autoptr (GError) local = NULL;

  self->journal = open_journal (self, path, &local);
  if (self->journal == NULL && !self->is_read_only &&
      g_error_matches (local, BOLO_ERROR, BOLO_ERROR_INVALID_DATA)) {
    if (!set_aside (self, path, problems, error))
      return FALSE;
    g_clear_error (&local);
    self->journal = open_journal (self, path, &local);
  }
  if (self->journal == NULL ||
      !bolo_db_get_int64 (self->journal, "SELECT max(number) FROM sighting_state", 0,
                          &self->last_old, &local)) {
    g_clear_pointer (&self->journal, bolo_db_close);
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  g_hash_table_remove_all (self->confirmed);
  self->media = bolo_media_new (self->state_dir, self->vfs);
  bolo_media_set_read_only (self->media, self->is_read_only);
  bolo_media_set_receivers (self->media, (const char *const *) self->receivers);
  return TRUE;
}

gboolean
bolo_archive_open (BoloArchive *self, gboolean is_read_only, GPtrArray *problems, GError **error)
{
  g_return_val_if_fail (self->journal == NULL, FALSE);

  self->generation++;
  self->is_read_only = is_read_only;
  self->is_name_synced = FALSE;
  if (!is_read_only) {
    if (!bolo_paths_ensure_state (self->state_dir, error) || !take_lock (self, error))
      return FALSE;
  }
  if (!open_files (self, problems, error)) {
    drop_lock (self);
    return FALSE;
  }
  return TRUE;
}

void
bolo_archive_close (BoloArchive *self)
{
  bolo_archive_forget_placed (self);
  g_clear_pointer (&self->media, bolo_media_free);
  g_clear_pointer (&self->journal, bolo_db_close);
  drop_lock (self);
}

/* ---- writing ---- */

/* One sighting's state on its way: its due time, its pictures' places, its row. */
typedef struct {
  const BoloSighting *sighting;
  gint64 due_us;
  gint64 number; /* 0: not in the journal yet */
  gboolean is_new;
  gboolean is_hit; /* a hit is made of it: its pictures go before others */
  BoloPlaced placed;
  char *patch_sum;    /* (owned) (nullable) */
  char *overview_sum; /* (owned) (nullable) */
} Pass;

static void
pass_free (gpointer data)
{
  Pass *pass = data;

  g_free (pass->patch_sum);
  g_free (pass->overview_sum);
  g_free (pass);
}

static char *
sum (GBytes *bytes)
{
  return bytes != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : NULL;
}

/* What is known of a sighting's pictures; sums are lent. */
typedef struct {
  const BoloPlaced *placed; /* (nullable) */
  const char *patch_sum;
  const char *overview_sum;
} Known;

/* From an earlier state in the same batch, or from a commit before it. */
static Known
find_known (BoloArchive *self, GPtrArray *passes, const Pass *pass)
{
  const Remembered *remembered;

  for (guint i = passes->len; i > 0; i--) {
    const Pass *other = passes->pdata[i - 1];

    if (other != pass && other->patch_sum != NULL &&
        g_str_equal (other->sighting->id, pass->sighting->id))
      return (Known){&other->placed, other->patch_sum, other->overview_sum};
  }
  remembered = g_hash_table_lookup (self->remembered, pass->sighting->id);
  if (remembered == NULL)
    return (Known){0};
  return (Known){&remembered->placed, remembered->patch_sum, remembered->overview_sum};
}

static gboolean
place_one (BoloArchive *self,
           Pass *pass,
           BoloPictureKind kind,
           GBytes *data,
           gint64 known,
           gint64 *number,
           GError **error)
{
  if (data == NULL)
    return TRUE;
  if (known != 0) {
    *number = known;
    return TRUE;
  }
  return bolo_media_add (self->media, pass->placed.day, pass->sighting->id, kind, pass->due_us,
                         pass->is_hit, data, number, error);
}

static gboolean
place_pictures (BoloArchive *self, GPtrArray *passes, Pass *pass, GError **error)
{
  const BoloSighting *sighting = pass->sighting;
  const Known known = find_known (self, passes, pass);
  g_autofree char *day = bolo_media_get_day (pass->due_us);
  gint64 patch = 0;
  gint64 overview = 0;

  g_strlcpy (pass->placed.day, day, sizeof pass->placed.day);
  pass->patch_sum = sum (sighting->patch_jpeg);
  pass->overview_sum = sum (sighting->overview_jpeg);
  if (known.placed != NULL && g_str_equal (known.placed->day, day)) {
    patch = g_strcmp0 (known.patch_sum, pass->patch_sum) == 0 ? known.placed->patch : 0;
    overview = g_strcmp0 (known.overview_sum, pass->overview_sum) == 0 ? known.placed->overview : 0;
  }
  return place_one (self, pass, BOLO_PICTURE_PATCH, sighting->patch_jpeg, patch,
                    &pass->placed.patch, error) &&
         place_one (self, pass, BOLO_PICTURE_OVERVIEW, sighting->overview_jpeg, overview,
                    &pass->placed.overview, error);
}

static void
remember (BoloArchive *self, Pass *pass)
{
  Remembered *known;

  if (g_hash_table_size (self->remembered) >= MAX_REMEMBERED)
    bolo_archive_forget_placed (self);
  known = g_new0 (Remembered, 1);
  known->placed = pass->placed;
  known->patch_sum = g_strdup (pass->patch_sum);
  known->overview_sum = g_strdup (pass->overview_sum);
  g_hash_table_replace (self->remembered, g_strdup (pass->sighting->id), known);
}

static gboolean
is_same_state (const BoloSighting *a, const BoloSighting *b)
{
  return a == b || (g_str_equal (a->id, b->id) && a->state == b->state &&
                    a->published_us == b->published_us && g_strcmp0 (a->text, b->text) == 0);
}

static Pass *
find_pass (GPtrArray *passes, const BoloSighting *sighting)
{
  for (guint i = 0; i < passes->len; i++) {
    Pass *pass = passes->pdata[i];

    if (is_same_state (pass->sighting, sighting))
      return pass;
  }
  return NULL;
}

/* All states of a sighting share the due time of its first. */
static gboolean
find_due (BoloArchive *self, GPtrArray *passes, Pass *pass, GError **error)
{
  for (guint i = 0; i < passes->len; i++) {
    const Pass *other = passes->pdata[i];

    if (g_str_equal (other->sighting->id, pass->sighting->id)) {
      pass->due_us = other->due_us;
      return TRUE;
    }
  }
  return bolo_sighting_table_get_due (self->journal, pass->sighting, &pass->due_us, error);
}

/* (transfer full): each state in @records once, with what the journal knows of it. */
static GPtrArray *
collect_passes (BoloArchive *self, GPtrArray *records, GError **error)
{
  g_autoptr (GPtrArray) passes = g_ptr_array_new_with_free_func (pass_free);

  for (guint i = 0; i < records->len; i++) {
    const BoloRecord *record = records->pdata[i];
    const BoloSighting *sighting = bolo_record_get_sighting (record);
    Pass *pass;

    if (sighting == NULL)
      continue;
    pass = find_pass (passes, sighting);
    if (pass != NULL) {
      pass->is_hit = pass->is_hit || record->kind == BOLO_RECORD_HIT;
      continue;
    }
    pass = g_new0 (Pass, 1);
    pass->sighting = sighting;
    pass->is_hit = record->kind == BOLO_RECORD_HIT;
    if (!bolo_sighting_table_find (self->journal, sighting, &pass->number, error) ||
        !find_due (self, passes, pass, error)) {
      pass_free (pass);
      return NULL;
    }
    pass->is_new = pass->number == 0;
    g_ptr_array_add (passes, pass);
  }
  return g_steal_pointer (&passes);
}

static gboolean
write_pictures (BoloArchive *self, GPtrArray *passes, char **day, GError **error)
{
  for (guint i = 0; i < passes->len; i++) {
    Pass *pass = passes->pdata[i];

    if (pass->is_new && !place_pictures (self, passes, pass, error)) {
      *day = g_strdup (pass->placed.day);
      bolo_media_roll_back (self->media);
      return FALSE;
    }
  }
  if (!bolo_media_commit (self->media, error)) {
    *day = passes->len > 0 ? g_strdup (((Pass *) passes->pdata[0])->placed.day) : NULL;
    return FALSE;
  }
  for (guint i = 0; i < passes->len; i++) {
    Pass *pass = passes->pdata[i];

    if (pass->is_new)
      remember (self, pass);
  }
  return TRUE;
}

static gboolean
insert_pass (BoloArchive *self, Pass *pass, GPtrArray *ids, GError **error)
{
  if (pass->number != 0) {
    /* A recording that is played again gives the same records: they are stored, so that is said,
     * once a session as with new ones. */
    if (pass->number <= self->last_old &&
        g_hash_table_add (self->confirmed, GSIZE_TO_POINTER ((gsize) pass->number)))
      g_ptr_array_add (ids, g_strdup (pass->sighting->id));
    return TRUE;
  }
  if (!bolo_sighting_table_add (self->journal, pass->sighting, pass->due_us, &pass->placed,
                                &pass->number, error) ||
      !bolo_journal_outbox_add_sighting (self->journal, pass->sighting, pass->number, error))
    return FALSE;
  g_ptr_array_add (ids, g_strdup (pass->sighting->id));
  return TRUE;
}

static gboolean
insert_hit (BoloArchive *self, const BoloHit *hit, gint64 sighting_state, GError **error)
{
  gint64 number;

  return bolo_hit_table_add (self->journal, hit, sighting_state, &number, error) &&
         (number == 0 || bolo_journal_outbox_add_hit (self->journal, hit, number, error));
}

static gboolean
insert_disposition (BoloArchive *self, const BoloDisposition *disposition, GError **error)
{
  gboolean is_new;

  return bolo_disposition_table_add (self->journal, disposition, &is_new, error) &&
         (!is_new || bolo_journal_outbox_add_disposition (self->journal, disposition, error));
}

static gboolean
insert_record (
  BoloArchive *self, BoloRecord *record, GPtrArray *passes, GPtrArray *ids, GError **error)
{
  const BoloSighting *sighting = bolo_record_get_sighting (record);
  Pass *pass = sighting != NULL ? find_pass (passes, sighting) : NULL;

  if (pass != NULL && !insert_pass (self, pass, ids, error))
    return FALSE;
  switch (record->kind) {
  case BOLO_RECORD_SIGHTING:
    return TRUE;
  case BOLO_RECORD_HIT:
    if (!insert_hit (self, record->hit, pass->number, error))
      return FALSE;
    g_ptr_array_add (ids, g_strdup (record->hit->id));
    return TRUE;
  case BOLO_RECORD_DISPOSITION:
    if (!insert_disposition (self, record->disposition, error))
      return FALSE;
    g_ptr_array_add (ids, g_strdup (record->disposition->id));
    return TRUE;
  case BOLO_RECORD_NOTE:
    return bolo_note_table_add (self->journal, record->note, error) &&
           bolo_journal_outbox_add_note (self->journal, record->note, error);
  }
  return FALSE;
}

/* A record that SQLite refuses for what is in it must not hold up all others for ever. */
static gboolean
insert_or_lose (
  BoloArchive *self, BoloRecord *record, GPtrArray *passes, GPtrArray *ids, GError **error)
{
  const BoloSighting *sighting = bolo_record_get_sighting (record);
  Pass *pass = sighting != NULL ? find_pass (passes, sighting) : NULL;
  gint64 number = pass != NULL ? pass->number : 0;
  guint n_ids = ids->len;
  g_autoptr (GError) local = NULL;

  if (!bolo_db_set_mark (self->journal, error))
    return FALSE;
  if (insert_record (self, record, passes, ids, &local))
    return bolo_db_release_mark (self->journal, error);
  if (!g_error_matches (local, BOLO_ERROR, BOLO_ERROR_INTERNAL)) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  bolo_db_return_to_mark (self->journal);
  g_ptr_array_set_size (ids, (int) n_ids);
  if (pass != NULL)
    pass->number = number;
  record->is_lost = TRUE;
  g_warning ("A record could not be stored: %s", local->message);
  return TRUE;
}

static gboolean
write_rows (
  BoloArchive *self, GPtrArray *records, GPtrArray *passes, GPtrArray *ids, GError **error)
{
  if (!bolo_db_begin (self->journal, error))
    return FALSE;
  for (guint i = 0; i < records->len; i++) {
    if (!insert_or_lose (self, records->pdata[i], passes, ids, error)) {
      bolo_db_roll_back (self->journal);
      return FALSE;
    }
  }
  if (!bolo_db_commit (self->journal, error))
    return FALSE;
  if (!self->is_name_synced)
    self->is_name_synced = bolo_db_sync_directory (self->journal, error);
  return self->is_name_synced;
}

/* A damaged file is closed and renamed at once, so that the next try finds a new one. */
static void
mend_media (BoloArchive *self, const char *day, GPtrArray *problems)
{
  g_autofree char *path = bolo_media_get_path (self->media, day);

  bolo_media_close_day (self->media, day);
  bolo_archive_forget_placed (self);
  set_aside (self, path, problems, NULL);
}

static void
mend_journal (BoloArchive *self, GPtrArray *problems)
{
  g_autofree char *path = g_build_filename (self->state_dir, BOLO_JOURNAL_FILE, NULL);

  bolo_archive_close (self);
  set_aside (self, path, problems, NULL);
}

gboolean
bolo_archive_write (
  BoloArchive *self, GPtrArray *records, GPtrArray *ids, GPtrArray *problems, GError **error)
{
  g_autoptr (GPtrArray) passes = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree char *day = NULL;

  g_return_val_if_fail (self->journal != NULL && !self->is_read_only, FALSE);

  passes = collect_passes (self, records, &local);
  if (passes != NULL && !write_pictures (self, passes, &day, &local)) {
    if (day != NULL && g_error_matches (local, BOLO_ERROR, BOLO_ERROR_INVALID_DATA))
      mend_media (self, day, problems);
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  if (passes != NULL && write_rows (self, records, passes, ids, &local))
    return TRUE;
  g_ptr_array_set_size (ids, 0);
  g_hash_table_remove_all (self->confirmed);
  if (g_error_matches (local, BOLO_ERROR, BOLO_ERROR_INVALID_DATA))
    mend_journal (self, problems);
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* ---- reading ---- */

GBytes *
bolo_archive_load_picture (BoloArchive *self,
                           const char *sighting,
                           BoloPictureKind kind,
                           GError **error)
{
  BoloPlaced placed;

  if (!bolo_sighting_table_find_picture (self->journal, sighting, kind, &placed, error))
    return NULL;
  return bolo_media_load (self->media, placed.day,
                          kind == BOLO_PICTURE_PATCH ? placed.patch : placed.overview, sighting,
                          kind, error);
}

GPtrArray *
bolo_archive_list_set_aside (BoloArchive *self)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (self->state_dir, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    if (bolo_db_files_get_set_aside_us (name) < 0 || g_str_has_suffix (name, "-wal") ||
        g_str_has_suffix (name, "-shm") || g_str_has_suffix (name, "-journal"))
      continue;
    g_ptr_array_add (paths, g_build_filename (self->state_dir, name, NULL));
  }
  return paths;
}

gint64
bolo_archive_get_bytes (BoloArchive *self)
{
  g_autofree char *journal = g_build_filename (self->state_dir, BOLO_JOURNAL_FILE, NULL);
  g_auto (GStrv) days = bolo_media_list_days (self->media, NULL);
  g_autoptr (GPtrArray) aside = bolo_archive_list_set_aside (self);
  gint64 bytes = bolo_db_files_get_size (journal);

  for (guint i = 0; days != NULL && days[i] != NULL; i++) {
    g_autofree char *path = bolo_media_get_path (self->media, days[i]);

    bytes += bolo_db_files_get_size (path);
  }
  for (guint i = 0; i < aside->len; i++)
    bytes += bolo_db_files_get_size (aside->pdata[i]);
  return bytes;
}

static gboolean
count_due (BoloArchive *self, gint64 due_before_us, gint64 *due, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (self->journal, "SELECT count(*) FROM sighting WHERE due_us < ?1", error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, due_before_us);
  if (!bolo_statement_step (statement, &has_row, error))
    return FALSE;
  *due = has_row ? bolo_statement_get_int64 (statement, 0) : 0;
  bolo_statement_reset (statement);
  return TRUE;
}

gboolean
bolo_archive_count (BoloArchive *self,
                    gint64 due_before_us,
                    BoloStoreCounts *counts,
                    GError **error)
{
  const struct {
    const char *sql;
    gint64 fallback;
    gint64 *value;
  } numbers[] = {
    {"SELECT count(*) FROM sighting", 0, &counts->sightings},
    {"SELECT count(*) FROM hit", 0, &counts->hits},
    {"SELECT count(*) FROM disposition", 0, &counts->dispositions},
    {"SELECT count(*) FROM note", 0, &counts->notes},
    {"SELECT min(due_us) FROM sighting", -1, &counts->oldest_us},
    {"SELECT max(due_us) FROM sighting", -1, &counts->newest_us},
    {"SELECT max(at_us) FROM note WHERE kind = '" BOLO_NOTE_PURGE "'", -1, &counts->last_purge_us},
  };
  g_auto (GStrv) days = bolo_media_list_days (self->media, error);
  g_autoptr (GPtrArray) aside = bolo_archive_list_set_aside (self);

  if (days == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    if (!bolo_db_get_int64 (self->journal, numbers[i].sql, numbers[i].fallback, numbers[i].value,
                            error))
      return FALSE;
  }
  counts->media_files = g_strv_length (days);
  counts->set_aside_files = aside->len;
  counts->bytes = bolo_archive_get_bytes (self);
  return count_due (self, due_before_us, &counts->sightings_due, error);
}

gboolean
bolo_archive_verify (BoloArchive *self, GError **error)
{
  g_auto (GStrv) days = bolo_media_list_days (self->media, error);

  if (days == NULL || !bolo_db_check (self->journal, -1, error))
    return FALSE;
  for (guint i = 0; days[i] != NULL; i++) {
    if (!bolo_media_verify_day (self->media, days[i], error))
      return FALSE;
  }
  return TRUE;
}
