/* bolo-error.c: the one error domain and the ways into it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"

#include <errno.h>
#include <gio/gio.h>

G_DEFINE_QUARK (bolo - error - quark, bolo_error)

static BoloError
code_from_errno (int saved_errno)
{
  switch (saved_errno) {
  case ENOENT:
  case ENOTDIR:
    return BOLO_ERROR_NOT_FOUND;
  case EACCES:
  case EPERM:
  case EROFS:
    return BOLO_ERROR_PERMISSION;
  case ENOSPC:
  case EDQUOT:
    return BOLO_ERROR_NO_SPACE;
  case ETIMEDOUT:
    return BOLO_ERROR_TIMED_OUT;
  case EBUSY:
  case EAGAIN:
    return BOLO_ERROR_BUSY;
  case ECONNREFUSED:
  case ENETUNREACH:
  case EHOSTUNREACH:
    return BOLO_ERROR_OFFLINE;
  case ENODEV:
  case ENXIO:
  case EIO:
    return BOLO_ERROR_DEVICE_LOST;
  default:
    return BOLO_ERROR_INTERNAL;
  }
}

void
bolo_error_set_errno (GError **error, int saved_errno, const char *what)
{
  g_return_if_fail (what != NULL);

  g_set_error (error, BOLO_ERROR, code_from_errno (saved_errno), "%s: %s", what,
               g_strerror (saved_errno));
}

static BoloError
code_from_foreign (const GError *foreign)
{
  if (foreign->domain == G_FILE_ERROR) {
    switch (foreign->code) {
    case G_FILE_ERROR_NOENT:
    case G_FILE_ERROR_NOTDIR:
      return BOLO_ERROR_NOT_FOUND;
    case G_FILE_ERROR_ACCES:
    case G_FILE_ERROR_PERM:
    case G_FILE_ERROR_ROFS:
      return BOLO_ERROR_PERMISSION;
    case G_FILE_ERROR_NOSPC:
      return BOLO_ERROR_NO_SPACE;
    default:
      return BOLO_ERROR_INTERNAL;
    }
  }
  if (foreign->domain == G_IO_ERROR) {
    switch (foreign->code) {
    case G_IO_ERROR_NOT_FOUND:
      return BOLO_ERROR_NOT_FOUND;
    case G_IO_ERROR_PERMISSION_DENIED:
    case G_IO_ERROR_READ_ONLY:
      return BOLO_ERROR_PERMISSION;
    case G_IO_ERROR_NO_SPACE:
      return BOLO_ERROR_NO_SPACE;
    case G_IO_ERROR_TIMED_OUT:
      return BOLO_ERROR_TIMED_OUT;
    case G_IO_ERROR_CONNECTION_REFUSED:
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
      return BOLO_ERROR_OFFLINE;
    case G_IO_ERROR_NOT_SUPPORTED:
      return BOLO_ERROR_NOT_SUPPORTED;
    case G_IO_ERROR_INVALID_DATA:
      return BOLO_ERROR_INVALID_DATA;
    default:
      return BOLO_ERROR_INTERNAL;
    }
  }
  return BOLO_ERROR_INVALID_DATA;
}

void
bolo_error_take_foreign (GError **error, GError *foreign, const char *what)
{
  g_autoptr (GError) owned = foreign;

  g_return_if_fail (foreign != NULL);
  g_return_if_fail (what != NULL);

  g_set_error (error, BOLO_ERROR, code_from_foreign (owned), "%s: %s", what, owned->message);
}
