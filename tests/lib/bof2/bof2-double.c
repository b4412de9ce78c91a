/* bof2-double.c: a BOF2 back office beside a test
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bof2-double.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_S 120

char *
bof2_double_get_path (Bof2Double *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

void
bof2_double_write (Bof2Double *self, const char *name, const char *text)
{
  g_autofree char *path = bof2_double_get_path (self, name);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static char *
wait_for_port (Bof2Double *self)
{
  g_autofree char *path = bof2_double_get_path (self, "port");
  gint64 end_us = g_get_monotonic_time () + START_S * G_USEC_PER_SEC;
  char *port = NULL;

  while (!g_file_get_contents (path, &port, NULL, NULL)) {
    g_assert_cmpint (waitpid (self->process, NULL, WNOHANG), ==, 0);
    g_assert_cmpint (g_get_monotonic_time (), <, end_us);
    g_usleep (10000);
  }
  return port;
}

Bof2Double *
bof2_double_start (gboolean is_plain)
{
  Bof2Double *self = g_new0 (Bof2Double, 1);
  g_autofree char *script =
    g_build_filename (g_getenv ("BOLO_SOURCE_DIR"), "tests", "lib", "bof2", "bof2_double.py", NULL);
  g_autofree char *port = NULL;
  g_autoptr (GError) error = NULL;
  const char *words[] = {"python3", script, NULL, is_plain ? "--plain" : NULL, NULL};

  self->folder = g_dir_make_tmp ("bolo-bof2-XXXXXX", &error);
  g_assert_no_error (error);
  words[2] = self->folder;
  g_spawn_async_with_pipes (NULL, (char **) words, NULL,
                            G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                            &self->process, &self->input, NULL, NULL, &error);
  g_assert_no_error (error);
  port = wait_for_port (self);
  self->url =
    g_strdup_printf ("%s://127.0.0.1:%s/bof2/services", is_plain ? "http" : "https", port);
  return self;
}

static void
remove_folder (const char *path)
{
  GDir *folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *inner = g_build_filename (path, name, NULL);

    if (g_file_test (inner, G_FILE_TEST_IS_DIR))
      remove_folder (inner);
    else
      g_unlink (inner);
  }
  g_clear_pointer (&folder, g_dir_close);
  g_rmdir (path);
}

void
bof2_double_stop (Bof2Double *self)
{
  kill (self->process, SIGKILL);
  waitpid (self->process, NULL, 0);
  close (self->input);
  remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->url);
  g_free (self);
}

GPtrArray *
bof2_double_read (Bof2Double *self, const char *name)
{
  g_autofree char *path = bof2_double_get_path (self, name);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GPtrArray *objects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return objects;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++) {
    g_autoptr (JsonNode) node = json_from_string (lines[i], NULL);

    g_ptr_array_add (objects, json_node_dup_object (node));
  }
  return objects;
}

char *
bof2_double_make_config (Bof2Double *self, const char *more)
{
  g_autofree char *secret = bof2_double_get_path (self, "secret");
  gboolean is_plain = g_str_has_prefix (self->url, "http://");
  g_autofree char *certificates =
    is_plain ? g_strdup ("inside_vpn=yes\n")
             : g_strdup_printf ("authority=%s/ca.pem\ncertificate=%s/car.pem\nkey=%s/car.key\n",
                                self->folder, self->folder, self->folder);
  g_autofree char *text = g_strdup_printf (
    "[server]\nurl=%s\n%s[account]\nusername=car.7\nsecret_file=%s\nfeed=12\nsource=34\n"
    "[cameras]\nfront=1\nrear=2\n[answers]\nsuccess=^OK\nretry=busy\nreject=invalid\n%s",
    self->url, certificates, secret, more);

  bof2_double_write (self, "secret", BOF2_SECRET "\n");
  g_assert_cmpint (g_chmod (secret, 0600), ==, 0);
  bof2_double_write (self, "bof2.conf", text);
  return bof2_double_get_path (self, "bof2.conf");
}
