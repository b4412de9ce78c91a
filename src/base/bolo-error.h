/* bolo-error.h: the one error domain; codes say what the caller can do about it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloError: what went wrong, seen from the caller.
 * @BOLO_ERROR_INVALID_DATA: outside bytes are not what they claim; keep the last good state
 * @BOLO_ERROR_NOT_FOUND: a file, camera, list or record is not there
 * @BOLO_ERROR_NOTHING_TO_DO: already so; not a failure
 * @BOLO_ERROR_NOT_SUPPORTED: this build or machine cannot
 * @BOLO_ERROR_BUSY: in use, try again
 * @BOLO_ERROR_OFFLINE: no link to the other side
 * @BOLO_ERROR_TIMED_OUT: no answer in time
 * @BOLO_ERROR_AUTH: credentials refused
 * @BOLO_ERROR_PERMISSION: not allowed, or not writable
 * @BOLO_ERROR_SIGNATURE: not signed by a known key
 * @BOLO_ERROR_STALE: older than what is held
 * @BOLO_ERROR_NO_SPACE: the disk is full
 * @BOLO_ERROR_DEVICE_LOST: a device went away
 * @BOLO_ERROR_INTERNAL: our bug
 */
typedef enum {
  BOLO_ERROR_INVALID_DATA,
  BOLO_ERROR_NOT_FOUND,
  BOLO_ERROR_NOTHING_TO_DO,
  BOLO_ERROR_NOT_SUPPORTED,
  BOLO_ERROR_BUSY,
  BOLO_ERROR_OFFLINE,
  BOLO_ERROR_TIMED_OUT,
  BOLO_ERROR_AUTH,
  BOLO_ERROR_PERMISSION,
  BOLO_ERROR_SIGNATURE,
  BOLO_ERROR_STALE,
  BOLO_ERROR_NO_SPACE,
  BOLO_ERROR_DEVICE_LOST,
  BOLO_ERROR_INTERNAL,
} BoloError;

#define BOLO_ERROR (bolo_error_quark ())
GQuark bolo_error_quark (void);

/* Converts an errno to the domain; @what is the sentence's beginning ("Cannot write /x").
 * Any thread. */
void bolo_error_set_errno (GError **error, int saved_errno, const char *what);
/* Moves a foreign error (GFile, GKeyFile, …) into our domain, keeping its text. Any thread. */
void bolo_error_take_foreign (GError **error, GError *foreign, const char *what);

G_END_DECLS
