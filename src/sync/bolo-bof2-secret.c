/* bolo-bof2-secret.c: reads the word that is shared with a back office from a protected file
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-bof2-config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bolo-error.h"

#define SECRET_BYTES_MAX 256

static gboolean
check_file (int file, const char *path, GError **error)
{
  struct stat status;
  const char *wrong = NULL;

  if (fstat (file, &status) < 0 || !S_ISREG (status.st_mode))
    wrong = "is no file";
  else if (status.st_uid != geteuid () && status.st_uid != 0)
    wrong = "belongs to somebody else; it must be ours or root's";
  else if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    wrong = "can be read by others; chmod 600 it, and ask for a new secret";
  if (wrong == NULL)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_PERMISSION, "the secret's file %s %s", path, wrong);
  return FALSE;
}

/* Without its line's end; (transfer full) (nullable). */
static char *
read_word (int file)
{
  char buffer[SECRET_BYTES_MAX + 2];
  gssize length = read (file, buffer, sizeof buffer);
  char *word = NULL;

  if (length > 0 && buffer[length - 1] == '\n')
    length--;
  if (length > 0 && length <= SECRET_BYTES_MAX && memchr (buffer, '\0', (gsize) length) == NULL)
    word = g_strndup (buffer, (gsize) length);
  explicit_bzero (buffer, sizeof buffer);
  return word;
}

char *
bolo_bof2_secret_load (const char *path, GError **error)
{
  char *word = NULL;
  int file;

  g_return_val_if_fail (path != NULL, NULL);

  file = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) {
    g_autofree char *what = g_strdup_printf ("Cannot read the secret's file %s", path);

    bolo_error_set_errno (error, errno, what);
    return NULL;
  }
  if (check_file (file, path, error)) {
    word = read_word (file);
    if (word == NULL || !bolo_soap_text_is_of (word, BOLO_SOAP_STRING) ||
        strpbrk (word, "|\r\n\t") != NULL) {
      g_clear_pointer (&word, bolo_bof2_wipe_free);
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                   "the secret's file %s must hold one line of 1 to %d characters without '|'",
                   path, SECRET_BYTES_MAX);
    }
  }
  close (file);
  return word;
}
