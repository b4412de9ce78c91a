/* test-sync-config.c: sync.conf is read as written, and a mistake is named where it stands
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "bolo-error.h"
#include "bolo-sync-config.h"
#include "bolo-sync.h"

typedef struct {
  char *folder;
  char *path;
} Fixture;

#define FILES "authority = authority.pem\ncertificate = car.pem\nkey = car.key\n"
#define GOOD "[remote hq]\nurl = https://station.example:8443/\n" FILES

static void
touch (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bolo-sync-config-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, BOLO_SYNC_CONFIG_FILE, NULL);
  touch (fixture, "authority.pem");
  touch (fixture, "car.pem");
  touch (fixture, "car.key");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = {"authority.pem", "car.pem", "car.key", BOLO_SYNC_CONFIG_FILE};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (fixture->folder, names[i], NULL);

    g_unlink (path);
  }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static BoloSyncConfig *
load (Fixture *fixture, const char *text, GError **error)
{
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  return bolo_sync_config_load_state (fixture->folder, error);
}

static void
test_defaults (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloSyncConfig) config = load (fixture, GOOD, &error);
  g_autofree char *key = g_build_filename (fixture->folder, "car.key", NULL);
  const BoloRemote *remote;

  g_assert_no_error (error);
  g_assert_cmpuint (config->remotes->len, ==, 1);
  remote = bolo_sync_config_find (config, "hq");
  g_assert_nonnull (remote);
  g_assert_null (bolo_sync_config_find (config, "h"));
  g_assert_cmpint (remote->type, ==, BOLO_REMOTE_HTTPS);
  g_assert_cmpstr (remote->url, ==, "https://station.example:8443");
  g_assert_cmpstr (remote->key, ==, key);
  g_assert_cmpint (remote->pictures, ==, BOLO_PICTURES_UNMETERED);
  g_assert_cmpuint (remote->interval_s, ==, 60);
  g_assert_true (remote->wants_shared);
  g_assert_null (remote->station_keys[0]);
}

static void
test_all_said (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloSyncConfig) config =
    load (fixture,
          GOOD "station_keys = station; backup\npictures = never\ninterval = 5\nshared = no\n"
               "[remote other]\ntype = https\nurl = https://[::1]:1\n" FILES "pictures = always\n",
          &error);
  g_auto (GStrv) receivers = NULL;
  const BoloRemote *remote;

  g_assert_no_error (error);
  remote = config->remotes->pdata[0];
  g_assert_cmpstr (remote->station_keys[0], ==, "station");
  g_assert_cmpstr (remote->station_keys[1], ==, "backup");
  g_assert_cmpint (remote->pictures, ==, BOLO_PICTURES_NEVER);
  g_assert_cmpuint (remote->interval_s, ==, 5);
  g_assert_false (remote->wants_shared);
  g_assert_cmpint (bolo_sync_config_find (config, "other")->pictures, ==, BOLO_PICTURES_ALWAYS);
  receivers = bolo_sync_config_get_receivers (config);
  g_assert_cmpuint (g_strv_length (receivers), ==, 2);
  g_assert_cmpstr (receivers[0], ==, "hq");
  g_assert_cmpstr (receivers[1], ==, "other");
}

/* All that a BOF2 remote needs here is the path of its own file. */
static void
test_bof2 (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloSyncConfig) config =
    load (fixture, "[remote bof]\ntype = bof2\nsettings = car.key\n", &error);
  g_autofree char *path = g_build_filename (fixture->folder, "car.key", NULL);
  g_auto (GStrv) receivers = NULL;
  const BoloRemote *remote;

  g_assert_no_error (error);
  remote = config->remotes->pdata[0];
  g_assert_cmpint (remote->type, ==, BOLO_REMOTE_BOF2);
  g_assert_cmpstr (remote->settings, ==, path);
  receivers = bolo_sync_config_get_receivers (config);
  g_assert_cmpstr (receivers[0], ==, "bof hit sighting picture");
}

/* What the system vouches for is trusted where a BOF2 remote may need it, and nowhere else. */
static void
test_trust (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloSyncConfig) both =
    load (fixture, GOOD "[remote bof]\ntype = bof2\nsettings = car.key\n", &error);
  g_autoptr (BoloSyncConfig) ours = NULL;
  g_autoptr (GTlsDatabase) before =
    g_tls_backend_get_default_database (g_tls_backend_get_default ());
  g_autoptr (GTlsDatabase) with_both = NULL;
  g_autoptr (GTlsDatabase) with_ours = NULL;
  g_autofree char *authority = g_build_filename (fixture->folder, "authority.pem", NULL);
  g_autofree char *key = g_build_filename (fixture->folder, "car.key", NULL);
  g_autofree char *anchors = NULL;
  const char *const make[] = {"openssl",
                              "req",
                              "-x509",
                              "-newkey",
                              "ec",
                              "-pkeyopt",
                              "ec_paramgen_curve:prime256v1",
                              "-nodes",
                              "-subj",
                              "/CN=authority",
                              "-keyout",
                              key,
                              "-out",
                              authority,
                              NULL};

  g_assert_no_error (error);
  g_assert_true (g_spawn_sync (NULL, (char **) make, NULL,
                               G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
                               NULL, NULL, &error));
  bolo_sync_trust_only (both);
  with_both = g_tls_backend_get_default_database (g_tls_backend_get_default ());
  g_assert_true (with_both == before);
  ours = load (fixture, GOOD, &error);
  g_assert_no_error (error);
  bolo_sync_trust_only (ours);
  with_ours = g_tls_backend_get_default_database (g_tls_backend_get_default ());
  g_assert_true (G_IS_TLS_FILE_DATABASE (with_ours));
  g_object_get (with_ours, "anchors", &anchors, NULL);
  g_assert_cmpstr (anchors, ==, authority);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), before);
}

static void
test_none (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloSyncConfig) none = bolo_sync_config_load_state (fixture->folder, &error);
  g_auto (GStrv) receivers = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (none->remotes->len, ==, 0);
  receivers = bolo_sync_config_get_receivers (none);
  g_assert_null (receivers[0]);
  g_assert_null (bolo_sync_config_load (fixture->path, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
}

static void
test_stick (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloSyncConfig) config =
    load (fixture,
          "[remote by-hand]\ntype = usb\nstation_keys = station\ncar_key = car.key\n" GOOD
          "car_key = car.key\n",
          &error);
  g_autofree char *key = g_build_filename (fixture->folder, "car.key", NULL);

  g_assert_no_error (error);
  g_assert_cmpint (bolo_sync_config_find (config, "by-hand")->type, ==, BOLO_REMOTE_USB);
  g_assert_cmpstr (bolo_sync_config_find (config, "by-hand")->car_key, ==, key);
  g_assert_cmpint (bolo_sync_config_find (config, "hq")->type, ==, BOLO_REMOTE_HTTPS);
  g_assert_cmpstr (bolo_sync_config_find (config, "hq")->car_key, ==, key);
}

/* Each is refused with one sentence that holds this word and, where there is one, the line. */
static const struct {
  const char *text;
  const char *word;
} mistakes[] = {
  {"[remote hq]\n" FILES, "needs url="},
  {"[remote hq]\nurl = http://station.example\n" FILES, ":2:"},
  {"[remote hq]\nurl = https://\n" FILES, ":2:"},
  {"[remote hq]\nurl = https://user:secret@station.example\n" FILES, ":2:"},
  {"[remote hq]\nurl = https://s.example/?a=b\n" FILES, ":2:"},
  {"[remote hq]\nurl = https://s.example\ncertificate = car.pem\nkey = car.key\n", "authority="},
  {"[remote hq]\nurl = https://s.example\nauthority = authority.pem\ncertificate = no.pem\n"
   "key = car.key\n",
   ":4:"},
  {"[remote hq]\nurl = https://s.example\nauthority = authority.pem\ncertificate = car.pem\n",
   "key="},
  {GOOD "pictures = sometimes\n", ":6:"},
  {GOOD "interval = 1\n", ":6:"},
  {GOOD "interval = soon\n", ":6:"},
  {GOOD "shared = perhaps\n", ":6:"},
  {GOOD "station_keys = ../station\n", ":6:"},
  {GOOD "pictrues = always\n", "pictures"},
  {GOOD "[remot other]\n", ":6:"},
  {"[remote ../hq]\nurl = https://s.example\n" FILES, "name"},
  {"[remote hq]\ntype = bof2\n", "settings="},
  {"[remote hq]\ntype = bof2\nsettings = none.conf\n", ":3:"},
  {"[remote hq]\ntype = usb\nstation_keys = station\n", "car_key="},
  {"[remote hq]\ntype = usb\nstation_keys = station\ncar_key = none.key\n", ":4:"},
  {"[remote hq]\ntype = usb\ncar_key = car.key\n", "station_keys="},
  {GOOD "car_key = none.key\n", ":6:"},
  {"[remote hq]\ntype = carrier-pigeon\nurl = https://s.example\n" FILES, ":2:"},
};

static void
test_mistakes (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++) {
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", mistakes[i].text);
    g_assert_null (load (fixture, mistakes[i].text, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, mistakes[i].word));
    g_assert_null (strchr (error->message, '\n'));
    g_assert_null (strstr (error->message, "secret"));
  }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/sync-config/defaults", test_defaults);
  ADD ("/sync-config/all-said", test_all_said);
  ADD ("/sync-config/bof2", test_bof2);
  ADD ("/sync-config/stick", test_stick);
  ADD ("/sync-config/none", test_none);
  ADD ("/sync-config/trust", test_trust);
  ADD ("/sync-config/mistakes", test_mistakes);
  return g_test_run ();
}
