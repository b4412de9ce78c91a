/* test-new-file.c: a file is whole or not there, wherever writing it ends
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-new-file.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define OLD "the old one"
#define N_BYTES 3000

typedef struct {
  char *folder;
  char *path;
  char *part;
  guint8 bytes[N_BYTES];
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("bolo-new-file-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "a.bolo", NULL);
  self->part = g_build_filename (self->folder, ".a.bolo.part", NULL);
  for (guint i = 0; i < N_BYTES; i++)
    self->bytes[i] = (guint8) (i * 7 >> 1);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_unlink (self->path);
  g_unlink (self->part);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0); /* nothing else is in it */
  g_free (self->folder);
  g_free (self->path);
  g_free (self->part);
}

static gboolean
write_all (Fixture *self, GError **error)
{
  g_autoptr (BoloNewFile) file = bolo_new_file_open (self->folder, "a.bolo", error);

  if (file == NULL)
    return FALSE;
  for (gsize at = 0; at < N_BYTES; at += 500)
    if (!bolo_new_file_write (file, self->bytes + at, 500, error))
      return FALSE;
  return bolo_new_file_commit (file, error);
}

static gboolean
is_whole (Fixture *self)
{
  g_autofree char *text = NULL;
  gsize length = 0;

  return g_file_get_contents (self->path, &text, &length, NULL) && length == N_BYTES &&
         memcmp (text, self->bytes, N_BYTES) == 0;
}

static gboolean
is_old (Fixture *self)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (self->path, &text, NULL, NULL) && g_str_equal (text, OLD);
}

static void
test_whole (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (self->part, "left by an earlier try", -1, NULL));
  g_assert_true (write_all (self, &error));
  g_assert_no_error (error);
  g_assert_true (is_whole (self));
  g_assert_false (g_file_test (self->part, G_FILE_TEST_EXISTS));
}

static void
test_given_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BoloNewFile *file = bolo_new_file_open (self->folder, "a.bolo", &error);

  g_assert_true (bolo_new_file_write (file, "x", 1, &error));
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
  bolo_new_file_free (file);
  g_assert_false (g_file_test (self->part, G_FILE_TEST_EXISTS));
}

static void
test_no_folder (Fixture *self, gconstpointer data)
{
  g_autofree char *none = g_build_filename (self->folder, "none", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (bolo_new_file_open (none, "a.bolo", &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, none));
}

/* The medium takes so many bytes and no more: in a process of its own. */
static int
write_limited (Fixture *self, rlim_t limit)
{
  pid_t child = fork ();
  int status = 0;

  if (child == 0) {
    struct rlimit most = {limit, limit};
    GError *error = NULL;

    signal (SIGXFSZ, SIG_IGN);
    setrlimit (RLIMIT_FSIZE, &most);
    _exit (write_all (self, &error) ? 0 : error->code == BOLO_ERROR_NO_SPACE ? 1 : 2);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
test_every_limit (Fixture *self, gconstpointer data)
{
  g_assert_true (g_file_set_contents (self->path, OLD, -1, NULL));
  for (guint limit = 0; limit < N_BYTES; limit += 37) {
    g_assert_cmpint (write_limited (self, limit), ==, 1);
    g_assert_true (is_old (self));
    g_assert_false (g_file_test (self->part, G_FILE_TEST_EXISTS));
  }
  g_assert_cmpint (write_limited (self, N_BYTES), ==, 0);
  g_assert_true (is_whole (self));
}

/* Killed at any time: the old one, or the new one. */
static void
test_killed (Fixture *self, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  guint n_whole = 0;

  for (guint i = 0; i < 100; i++) {
    pid_t child;

    g_assert_true (g_file_set_contents (self->path, OLD, -1, NULL));
    child = fork ();
    if (child == 0)
      _exit (write_all (self, NULL) ? 0 : 1);
    g_usleep ((gulong) g_rand_int_range (random, 0, 40000));
    kill (child, SIGKILL);
    g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
    g_assert_true (is_old (self) || is_whole (self));
    n_whole += is_whole (self);
  }
  g_test_message ("%u of 100 were written before the kill", n_whole);
}

/* Of other names nothing is touched. */
static void
test_unfinished (Fixture *self, gconstpointer data)
{
  static const char *const names[] = {".b-000001.bolo.part", ".b-000002.bolo.part", "b-000001.bolo",
                                      ".bb-000001.bolo.part", ".b-000001.bolo"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (self->folder, names[i], NULL);

    g_assert_true (g_file_set_contents (path, "half", -1, NULL));
  }
  bolo_new_file_remove_unfinished (self->folder, "b-", ".bolo");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (self->folder, names[i], NULL);

    g_assert_cmpint (g_unlink (path) == 0, ==, i >= 2);
  }
  /* A medium that is not there any more is no matter. */
  bolo_new_file_remove_unfinished (self->path, "b-", ".bolo");
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/new-file/whole", test_whole);
  ADD ("/new-file/given-up", test_given_up);
  ADD ("/new-file/no-folder", test_no_folder);
  ADD ("/new-file/every-limit", test_every_limit);
  ADD ("/new-file/killed", test_killed);
  ADD ("/new-file/unfinished", test_unfinished);
  return g_test_run ();
}
