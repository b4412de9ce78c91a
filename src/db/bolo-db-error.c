/* bolo-db-error.c: SQLite's results as sentences of our domain
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-db-error.h"

#include <errno.h>

#include "bolo-error.h"

typedef struct {
  BoloError code;
  const char *sentence; /* follows "WHAT PATH: " */
} Meaning;

static const Meaning meanings_full = {BOLO_ERROR_NO_SPACE, "the disk is full; free some space"};
static const Meaning meanings_permission = {
  BOLO_ERROR_PERMISSION,
  "the folder or file is not writable; check its owner, its mode and its mount"};
static const Meaning meanings_damaged = {BOLO_ERROR_INVALID_DATA,
                                         "the file is damaged or not a database"};
static const Meaning meanings_not_found = {BOLO_ERROR_NOT_FOUND, "there is no such file or folder"};
static const Meaning meanings_busy = {BOLO_ERROR_BUSY, "it is in use; try again"};
static const Meaning meanings_device = {BOLO_ERROR_DEVICE_LOST,
                                        "the disk gave an error; check the disk"};
static const Meaning meanings_internal = {BOLO_ERROR_INTERNAL, NULL};

/* An I/O error hides its cause in the system's errno. */
static const Meaning *
get_meaning_of_errno (int system_errno, const Meaning *fallback)
{
  switch (system_errno) {
  case ENOSPC:
  case EDQUOT:
  case EFBIG:
    return &meanings_full;
  case EROFS:
  case EACCES:
  case EPERM:
    return &meanings_permission;
  case ENOENT:
  case ENOTDIR:
    return &meanings_not_found;
  default:
    return fallback;
  }
}

static const Meaning *
get_meaning (int code, int system_errno)
{
  switch (code & 0xff) {
  case SQLITE_FULL:
    return &meanings_full;
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return &meanings_permission;
  case SQLITE_CANTOPEN:
    return get_meaning_of_errno (system_errno, &meanings_permission);
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return &meanings_damaged;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
  case SQLITE_INTERRUPT:
    return &meanings_busy;
  case SQLITE_IOERR:
    return get_meaning_of_errno (system_errno, &meanings_device);
  default:
    return &meanings_internal;
  }
}

void
bolo_db_error_set (GError **error, sqlite3 *sqlite, int code, const char *what, const char *path)
{
  const Meaning *meaning = get_meaning (code, sqlite != NULL ? sqlite3_system_errno (sqlite) : 0);
  const char *sentence = meaning->sentence;

  if (sentence == NULL)
    sentence = sqlite != NULL ? sqlite3_errmsg (sqlite) : sqlite3_errstr (code);
  g_set_error (error, BOLO_ERROR, (int) meaning->code, "%s %s: %s", what, path, sentence);
}
