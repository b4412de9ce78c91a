/* bolo-cut-vfs.c: an SQLite VFS that remembers every write, to cut the power afterwards
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cut-vfs.h"

#include <sqlite3.h>
#include <string.h>

#include "bolo-db.h"

#define SECTOR 512

typedef enum {
  ACT_CREATE,
  ACT_WRITE,
  ACT_TRUNCATE,
  ACT_SYNC,
  ACT_DELETE,
  ACT_SYNC_NAMES,
} ActKind;

typedef struct {
  ActKind kind;
  guint inode;
  gint64 offset; /* or the new size */
  GBytes *data;  /* (owned) (nullable) */
  char *path;    /* (owned) (nullable) */
} Act;

struct _BoloCutVfs {
  sqlite3_vfs vfs; /* what SQLite sees; pAppData is us */
  sqlite3_vfs *real;
  char *name; /* (owned) */
  GMutex mutex;
  GPtrArray *acts;    /* (mutex mutex) of Act */
  GHashTable *inodes; /* (mutex mutex) path to number */
  guint n_inodes;     /* (mutex mutex) */
  int write_result;   /* (mutex mutex) */
};

typedef struct {
  sqlite3_file base;
  BoloCutVfs *vfs;
  guint inode;          /* 0: not recorded */
  gboolean syncs_names; /* as the default VFS does for a new log, at its first sync */
  sqlite3_file *real;
} CutFile;

static void
act_free (gpointer data)
{
  Act *act = data;

  g_clear_pointer (&act->data, g_bytes_unref);
  g_free (act->path);
  g_free (act);
}

static Act *
record (BoloCutVfs *self, ActKind kind, guint inode, const char *path)
{
  Act *act = g_new0 (Act, 1);

  act->kind = kind;
  act->inode = inode;
  act->path = g_strdup (path);
  g_ptr_array_add (self->acts, act);
  return act;
}

/* ---- a file ---- */

static int
cut_close (sqlite3_file *file)
{
  CutFile *self = (CutFile *) file;

  return self->real->pMethods->xClose (self->real);
}

static int
cut_read (sqlite3_file *file, void *buffer, int size, sqlite3_int64 offset)
{
  CutFile *self = (CutFile *) file;

  return self->real->pMethods->xRead (self->real, buffer, size, offset);
}

static int
cut_write (sqlite3_file *file, const void *buffer, int size, sqlite3_int64 offset)
{
  CutFile *self = (CutFile *) file;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->vfs->mutex);

  if (self->inode != 0 && self->vfs->write_result != SQLITE_OK)
    return self->vfs->write_result;
  if (self->inode != 0) {
    Act *act = record (self->vfs, ACT_WRITE, self->inode, NULL);

    act->offset = offset;
    act->data = g_bytes_new (buffer, (gsize) size);
  }
  return self->real->pMethods->xWrite (self->real, buffer, size, offset);
}

static int
cut_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  CutFile *self = (CutFile *) file;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->vfs->mutex);

  if (self->inode != 0)
    record (self->vfs, ACT_TRUNCATE, self->inode, NULL)->offset = size;
  return self->real->pMethods->xTruncate (self->real, size);
}

static int
cut_sync (sqlite3_file *file, int flags)
{
  CutFile *self = (CutFile *) file;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->vfs->mutex);

  if (self->inode != 0)
    record (self->vfs, ACT_SYNC, self->inode, NULL);
  if (self->syncs_names)
    record (self->vfs, ACT_SYNC_NAMES, 0, NULL);
  self->syncs_names = FALSE;
  return SQLITE_OK;
}

static int
cut_file_size (sqlite3_file *file, sqlite3_int64 *size)
{
  CutFile *self = (CutFile *) file;

  return self->real->pMethods->xFileSize (self->real, size);
}

static int
cut_lock (sqlite3_file *file, int level)
{
  CutFile *self = (CutFile *) file;

  return self->real->pMethods->xLock (self->real, level);
}

static int
cut_unlock (sqlite3_file *file, int level)
{
  CutFile *self = (CutFile *) file;

  return self->real->pMethods->xUnlock (self->real, level);
}

static int
cut_check_reserved_lock (sqlite3_file *file, int *result)
{
  CutFile *self = (CutFile *) file;

  return self->real->pMethods->xCheckReservedLock (self->real, result);
}

static int
cut_file_control (sqlite3_file *file, int operation, void *argument)
{
  CutFile *self = (CutFile *) file;

  if (operation == BOLO_DB_FCNTL_SYNC_DIRECTORY) {
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->vfs->mutex);

    record (self->vfs, ACT_SYNC_NAMES, 0, NULL);
    return SQLITE_OK;
  }
  return self->real->pMethods->xFileControl (self->real, operation, argument);
}

static int
cut_sector_size (sqlite3_file *file)
{
  CutFile *self = (CutFile *) file;

  return self->real->pMethods->xSectorSize (self->real);
}

static int
cut_device_characteristics (sqlite3_file *file)
{
  CutFile *self = (CutFile *) file;

  return self->real->pMethods->xDeviceCharacteristics (self->real);
}

static int
cut_shm_map (sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
  CutFile *self = (CutFile *) file;

  return self->real->pMethods->xShmMap (self->real, page, size, extend, memory);
}

static int
cut_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  CutFile *self = (CutFile *) file;

  return self->real->pMethods->xShmLock (self->real, offset, n, flags);
}

static void
cut_shm_barrier (sqlite3_file *file)
{
  CutFile *self = (CutFile *) file;

  self->real->pMethods->xShmBarrier (self->real);
}

static int
cut_shm_unmap (sqlite3_file *file, int delete_it)
{
  CutFile *self = (CutFile *) file;

  return self->real->pMethods->xShmUnmap (self->real, delete_it);
}

/* Version 2: no memory-mapped writes that we could not see. */
static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = cut_close,
  .xRead = cut_read,
  .xWrite = cut_write,
  .xTruncate = cut_truncate,
  .xSync = cut_sync,
  .xFileSize = cut_file_size,
  .xLock = cut_lock,
  .xUnlock = cut_unlock,
  .xCheckReservedLock = cut_check_reserved_lock,
  .xFileControl = cut_file_control,
  .xSectorSize = cut_sector_size,
  .xDeviceCharacteristics = cut_device_characteristics,
  .xShmMap = cut_shm_map,
  .xShmLock = cut_shm_lock,
  .xShmBarrier = cut_shm_barrier,
  .xShmUnmap = cut_shm_unmap,
};

/* ---- the file system ---- */

static int
cut_open (sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out_flags)
{
  BoloCutVfs *self = vfs->pAppData;
  CutFile *cut = (CutFile *) file;
  gboolean is_recorded = path != NULL && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0;
  gboolean is_new = is_recorded && !g_file_test (path, G_FILE_TEST_EXISTS);
  int code;

  memset (cut, 0, sizeof *cut);
  cut->vfs = self;
  cut->real = (sqlite3_file *) (cut + 1);
  code = self->real->xOpen (self->real, path, cut->real, flags, out_flags);
  if (code != SQLITE_OK)
    return code;
  cut->base.pMethods = &methods;
  if (is_recorded) {
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

    if (is_new) {
      cut->inode = ++self->n_inodes;
      g_hash_table_insert (self->inodes, g_strdup (path), GUINT_TO_POINTER (cut->inode));
      record (self, ACT_CREATE, cut->inode, path);
    } else {
      cut->inode = GPOINTER_TO_UINT (g_hash_table_lookup (self->inodes, path));
      g_assert_cmpuint (cut->inode, !=, 0); /* the folder was empty when we began */
    }
    cut->syncs_names = is_new && (flags & SQLITE_OPEN_WAL) != 0;
  }
  return SQLITE_OK;
}

static int
cut_delete (sqlite3_vfs *vfs, const char *path, int sync_names)
{
  BoloCutVfs *self = vfs->pAppData;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  guint inode = GPOINTER_TO_UINT (g_hash_table_lookup (self->inodes, path));

  if (inode != 0) {
    record (self, ACT_DELETE, inode, path);
    g_hash_table_remove (self->inodes, path);
    if (sync_names)
      record (self, ACT_SYNC_NAMES, 0, NULL);
  }
  return self->real->xDelete (self->real, path, 0);
}

static int
cut_access (sqlite3_vfs *vfs, const char *path, int flags, int *result)
{
  BoloCutVfs *self = vfs->pAppData;

  return self->real->xAccess (self->real, path, flags, result);
}

static int
cut_full_pathname (sqlite3_vfs *vfs, const char *path, int size, char *out)
{
  BoloCutVfs *self = vfs->pAppData;

  return self->real->xFullPathname (self->real, path, size, out);
}

static int
cut_randomness (sqlite3_vfs *vfs, int size, char *out)
{
  BoloCutVfs *self = vfs->pAppData;

  return self->real->xRandomness (self->real, size, out);
}

static int
cut_sleep (sqlite3_vfs *vfs, int microseconds)
{
  BoloCutVfs *self = vfs->pAppData;

  return self->real->xSleep (self->real, microseconds);
}

static int
cut_current_time (sqlite3_vfs *vfs, double *out)
{
  BoloCutVfs *self = vfs->pAppData;

  return self->real->xCurrentTime (self->real, out);
}

static int
cut_get_last_error (sqlite3_vfs *vfs, int size, char *out)
{
  BoloCutVfs *self = vfs->pAppData;

  return self->real->xGetLastError (self->real, size, out);
}

BoloCutVfs *
bolo_cut_vfs_new (const char *name)
{
  BoloCutVfs *self = g_new0 (BoloCutVfs, 1);

  g_mutex_init (&self->mutex);
  self->acts = g_ptr_array_new_with_free_func (act_free);
  self->inodes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->name = g_strdup (name);
  self->real = sqlite3_vfs_find (NULL);
  self->vfs = (sqlite3_vfs){
    .iVersion = 1,
    .szOsFile = (int) sizeof (CutFile) + self->real->szOsFile,
    .mxPathname = self->real->mxPathname,
    .zName = self->name,
    .pAppData = self,
    .xOpen = cut_open,
    .xDelete = cut_delete,
    .xAccess = cut_access,
    .xFullPathname = cut_full_pathname,
    .xRandomness = cut_randomness,
    .xSleep = cut_sleep,
    .xCurrentTime = cut_current_time,
    .xGetLastError = cut_get_last_error,
  };
  g_assert_cmpint (sqlite3_vfs_register (&self->vfs, 0), ==, SQLITE_OK);
  return self;
}

void
bolo_cut_vfs_free (BoloCutVfs *self)
{
  sqlite3_vfs_unregister (&self->vfs);
  g_ptr_array_unref (self->acts);
  g_hash_table_unref (self->inodes);
  g_mutex_clear (&self->mutex);
  g_free (self->name);
  g_free (self);
}

guint
bolo_cut_vfs_get_position (BoloCutVfs *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->acts->len;
}

void
bolo_cut_vfs_fail_writes (BoloCutVfs *self, int code)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->write_result = code;
}

/* ---- the cut ---- */

typedef struct {
  GByteArray *durable; /* (owned) */
  GPtrArray *pending;  /* (owned) of Act, lent */
} Disk;

struct _BoloCutReplay {
  BoloCutVfs *vfs;
  guint position;
  GHashTable *disks;        /* (owned) inode to Disk */
  GHashTable *names;        /* (owned) path to inode: durable */
  GPtrArray *pending_names; /* (owned) of Act, lent: creations and deletions */
};

static void
disk_free (gpointer data)
{
  Disk *disk = data;

  g_byte_array_unref (disk->durable);
  g_ptr_array_unref (disk->pending);
  g_free (disk);
}

BoloCutReplay *
bolo_cut_replay_new (BoloCutVfs *vfs)
{
  BoloCutReplay *self = g_new0 (BoloCutReplay, 1);

  self->vfs = vfs;
  self->disks = g_hash_table_new_full (NULL, NULL, NULL, disk_free);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->pending_names = g_ptr_array_new ();
  return self;
}

void
bolo_cut_replay_free (BoloCutReplay *self)
{
  g_hash_table_unref (self->disks);
  g_hash_table_unref (self->names);
  g_ptr_array_unref (self->pending_names);
  g_free (self);
}

static void
apply_name (GHashTable *names, const Act *act)
{
  if (act->kind == ACT_CREATE)
    g_hash_table_insert (names, g_strdup (act->path), GUINT_TO_POINTER (act->inode));
  else
    g_hash_table_remove (names, act->path);
}

static void
put (GByteArray *content, gint64 offset, const guint8 *data, gsize size)
{
  guint end = (guint) offset + (guint) size;

  if (content->len < end) {
    guint old = content->len;

    g_byte_array_set_size (content, end);
    memset (content->data + old, 0, end - old);
  }
  memcpy (content->data + offset, data, size);
}

static void
truncate_to (GByteArray *content, gint64 size)
{
  if (content->len > (guint) size)
    g_byte_array_set_size (content, (guint) size);
}

/* @keep of 1000 sectors survive. Returns how many did not. */
static guint
apply_write (GByteArray *content, const Act *act, GRand *random, int keep)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (act->data, &size);
  gsize done = 0;
  guint n_dropped = 0;

  while (done < size) {
    gsize in_sector = SECTOR - (gsize) (act->offset + (gint64) done) % SECTOR;
    gsize piece = MIN (in_sector, size - done);

    if (random == NULL || g_rand_int_range (random, 0, 1000) < keep)
      put (content, act->offset + (gint64) done, data + done, piece);
    else
      n_dropped++;
    done += piece;
  }
  return n_dropped;
}

static void
make_durable (Disk *disk)
{
  for (guint i = 0; i < disk->pending->len; i++) {
    const Act *act = disk->pending->pdata[i];

    if (act->kind == ACT_TRUNCATE)
      truncate_to (disk->durable, act->offset);
    else
      apply_write (disk->durable, act, NULL, 0);
  }
  g_ptr_array_set_size (disk->pending, 0);
}

static void
replay_act (BoloCutReplay *self, Act *act)
{
  Disk *disk = g_hash_table_lookup (self->disks, GUINT_TO_POINTER (act->inode));

  switch (act->kind) {
  case ACT_CREATE:
    disk = g_new0 (Disk, 1);
    disk->durable = g_byte_array_new ();
    disk->pending = g_ptr_array_new ();
    g_hash_table_insert (self->disks, GUINT_TO_POINTER (act->inode), disk);
    g_ptr_array_add (self->pending_names, act);
    break;
  case ACT_DELETE:
    g_ptr_array_add (self->pending_names, act);
    break;
  case ACT_WRITE:
  case ACT_TRUNCATE:
    g_ptr_array_add (disk->pending, act);
    break;
  case ACT_SYNC:
    make_durable (disk);
    break;
  case ACT_SYNC_NAMES:
    for (guint i = 0; i < self->pending_names->len; i++)
      apply_name (self->names, self->pending_names->pdata[i]);
    g_ptr_array_set_size (self->pending_names, 0);
    break;
  }
}

void
bolo_cut_replay_advance (BoloCutReplay *self, guint position)
{
  for (; self->position < position; self->position++)
    replay_act (self, self->vfs->acts->pdata[self->position]);
}

static guint
write_disk (Disk *disk, GRand *random, int keep, const char *path)
{
  GByteArray *content = g_byte_array_sized_new (disk->durable->len);
  guint n_dropped = 0;

  g_byte_array_append (content, disk->durable->data, disk->durable->len);
  for (guint i = 0; i < disk->pending->len; i++) {
    const Act *act = disk->pending->pdata[i];

    if (act->kind == ACT_WRITE)
      n_dropped += apply_write (content, act, random, keep);
    else if (g_rand_boolean (random))
      truncate_to (content, act->offset);
  }
  g_assert_true (
    g_file_set_contents_full (path, (const char *) content->data, content->len, 0, 0600, NULL));
  g_byte_array_unref (content);
  return n_dropped;
}

guint
bolo_cut_replay_write (BoloCutReplay *self, GRand *random, const char *folder)
{
  /* From a cache that lost all to one that lost nothing. */
  static const int keeps[] = {0, 100, 500, 900, 1000};
  int keep = keeps[g_rand_int_range (random, 0, G_N_ELEMENTS (keeps))];
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer path, inode;
  guint n_dropped = 0;

  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, &path, &inode))
    g_hash_table_insert (names, g_strdup (path), inode);
  for (guint i = 0; i < self->pending_names->len; i++) {
    if (g_rand_boolean (random))
      apply_name (names, self->pending_names->pdata[i]);
  }
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &path, &inode)) {
    g_autofree char *name = g_path_get_basename (path);
    g_autofree char *to = g_build_filename (folder, name, NULL);

    n_dropped += write_disk (g_hash_table_lookup (self->disks, inode), random, keep, to);
  }
  return n_dropped;
}
