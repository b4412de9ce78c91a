/* bolo-paths.c: where Bolo's data and state lie
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-paths.h"

#include "bolo-config.h"
#include "bolo-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* The data folder beside a build of the source tree, so that nothing needs installing to try. */
static char *
find_source_data (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;

  for (guint depth = 0; folder != NULL && depth < 4; depth++) {
    g_autofree char *marker = g_build_filename (folder, "data", "plate", NULL);
    g_autofree char *build = g_build_filename (folder, "meson.build", NULL);

    if (g_file_test (marker, G_FILE_TEST_IS_DIR) && g_file_test (build, G_FILE_TEST_EXISTS))
      return g_build_filename (folder, "data", NULL);
    char *parent = g_path_get_dirname (folder);
    g_free (folder);
    folder = parent;
  }
  return NULL;
}

/* $PREFIX/share/bolo as seen from $PREFIX/bin, so that a DESTDIR install works where it stands. */
static char *
find_relative_data (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = NULL;
  g_autofree char *data = NULL;

  if (self == NULL)
    return NULL;
  folder = g_path_get_dirname (self);
  data = g_build_filename (folder, "..", "share", "bolo", NULL);
  return g_file_test (data, G_FILE_TEST_IS_DIR) ? g_canonicalize_filename (data, NULL) : NULL;
}

char *
bolo_paths_get_data_file (const char *relative)
{
  const char *override = g_getenv ("BOLO_DATA_DIR");
  g_autofree char *found = NULL;

  g_return_val_if_fail (relative != NULL, NULL);

  if (override != NULL && *override != '\0')
    return g_build_filename (override, relative, NULL);
  found = find_relative_data ();
  if (found == NULL)
    found = find_source_data ();
  return g_build_filename (found != NULL ? found : BOLO_PKGDATADIR, relative, NULL);
}

char *
bolo_paths_get_default_state (void)
{
  return g_build_filename (g_get_user_data_dir (), "bolo", NULL);
}

gboolean
bolo_paths_ensure_state (const char *state, GError **error)
{
  g_autofree char *probe = NULL;
  g_autofree char *what = NULL;
  int descriptor;

  g_return_val_if_fail (state != NULL, FALSE);

  what = g_strdup_printf ("Cannot write the state folder %s (choose another with --state, or make "
                          "it writable)",
                          state);
  if (g_mkdir_with_parents (state, 0700) != 0) {
    bolo_error_set_errno (error, errno, what);
    return FALSE;
  }
  probe = g_build_filename (state, ".bolo-write-test-XXXXXX", NULL);
  descriptor = g_mkstemp_full (probe, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    bolo_error_set_errno (error, errno, what);
    return FALSE;
  }
  close (descriptor);
  g_unlink (probe);
  return TRUE;
}

gint64
bolo_paths_get_free_bytes (const char *path)
{
  struct statvfs status;

  g_return_val_if_fail (path != NULL, -1);

  if (statvfs (path, &status) != 0)
    return -1;
  return (gint64) status.f_bavail * (gint64) status.f_frsize;
}
