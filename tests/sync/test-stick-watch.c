/* test-stick-watch.c: a stick that is put in is noticed, written when asked, and missed when pulled
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "bolo-envelope.h"
#include "bolo-list-files.h"
#include "bolo-list-key.h"
#include "bolo-receipts.h"
#include "bolo-stick-watch.h"
#include "bolo-store-samples.h"
#include "bolo-sync.h"

#define RECEIPT                                                                                    \
  "{\"station\":\"Test\",\"car\":\"KT12\",\"time\":\"2026-03-14T17:20:00.000Z\","                  \
  "\"counts\":{\"hit\":2,\"picture\":5},\"sha256\":\"00ff\"}"

typedef struct {
  char *folder;
  char *stick;
  BoloClock *clock;
  BoloStore *store;
  BoloSyncConfig *config;
  BoloSync *sync;
  BoloSyncState *state;
  BoloStickPhase wanted;
} Fixture;

static void
save_keys (Fixture *self)
{
  g_autoptr (BoloListKey) car = bolo_list_key_generate ("KT12", NULL);
  g_autoptr (BoloListKey) station = bolo_list_key_generate ("station", NULL);
  g_autofree char *secret = bolo_list_key_to_text (car, TRUE);
  g_autofree char *public_key = bolo_list_key_to_text (station, FALSE);
  g_autofree char *keys = g_build_filename (self->folder, "list-keys", NULL);
  g_autofree char *receipts = g_build_filename (self->folder, "receipts", NULL);
  g_autofree char *receipt = bolo_envelope_seal (BOLO_ENVELOPE_RECEIPT, RECEIPT, station, NULL);

  g_assert_true (bolo_list_files_make_directory (keys, NULL));
  g_assert_true (bolo_list_files_make_directory (receipts, NULL));
  sample_save (self->folder, "KT12.key", secret);
  sample_save (keys, "station.pub", public_key);
  sample_save (receipts, "hq-1.json", receipt);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *conf = NULL;
  g_auto (GStrv) receivers = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloSighting) sighting = sample_sighting (1, BOLO_SIGHTING_CLOSED, SAMPLE_START_US);
  g_autoptr (BoloHit) hit = sample_hit (1, sighting);

  self->folder = sample_make_folder ();
  self->stick = sample_make_folder ();
  self->clock = bolo_clock_new_system ();
  save_keys (self);
  conf = g_strdup_printf ("[stick]\nfolder = %s\n[remote by-hand]\ntype = usb\n"
                          "station_keys = station\ncar_key = KT12.key\n",
                          self->stick);
  sample_save (self->folder, BOLO_SYNC_CONFIG_FILE, conf);
  self->config = bolo_sync_config_load_state (self->folder, &error);
  g_assert_no_error (error);
  receivers = bolo_sync_config_get_receivers (self->config);
  self->store = sample_open_store (self->folder, self->clock, (const char *const *) receivers);
  bolo_store_add_hit (self->store, hit);
  sample_flush (self->store);
}

static void
start (Fixture *self)
{
  const BoloSyncParts parts = {
    .config = self->config,
    .state_dir = self->folder,
    .store = self->store,
    .clock = self->clock,
    .end = BOLO_RUN_FOR_EVER,
  };

  self->sync = bolo_sync_new (&parts);
  self->state = bolo_sync_get_state (self->sync);
  bolo_sync_start (self->sync);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_true (bolo_sync_stop (self->sync, 10000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->sync);
  g_assert_true (bolo_store_close (self->store, 10000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (self->store);
  g_object_unref (self->clock);
  bolo_sync_config_unref (self->config);
  g_assert_true (bolo_list_files_remove_directory (self->folder, NULL));
  g_assert_true (bolo_list_files_remove_directory (self->stick, NULL));
  g_free (self->folder);
  g_free (self->stick);
}

static gboolean
is_in_phase (gpointer data)
{
  Fixture *self = data;

  return bolo_sync_state_get_stick (self->state)->phase == self->wanted;
}

static void
wait_for_phase (Fixture *self, BoloStickPhase phase)
{
  self->wanted = phase;
  sample_wait (is_in_phase, self);
}

static gboolean
is_told (gpointer data)
{
  Fixture *self = data;

  return bolo_sync_state_get_n_unsent (self->state) > 0 &&
         bolo_sync_state_get_receipt (self->state) != NULL;
}

static gboolean
is_on_stick (gpointer data)
{
  Fixture *self = data;
  const BoloStick *stick = bolo_sync_state_get_stick (self->state);

  return stick->phase == BOLO_STICK_DONE && stick->on_stick > 0;
}

static gboolean
has_bundle (Fixture *self)
{
  g_autoptr (GDir) directory = g_dir_open (self->stick, 0, NULL);
  const char *name = g_dir_read_name (directory);

  return name != NULL && g_str_has_suffix (name, ".bolo");
}

static void
test_exchange (Fixture *self, gconstpointer data)
{
  const BoloStick *stick;

  start (self);
  sample_wait (is_told, self);
  g_assert_cmpint (bolo_sync_state_get_figures (self->state)->phase, ==, BOLO_SYNC_BY_STICK);
  g_assert_cmpint (bolo_receipt_get_n_items (bolo_sync_state_get_receipt (self->state)), ==, 7);
  g_assert_cmpint (bolo_sync_state_get_stick (self->state)->phase, ==, BOLO_STICK_NONE);
  g_assert_cmpint (mount ("none", self->stick, "tmpfs", 0, "size=1m"), ==, 0);
  wait_for_phase (self, BOLO_STICK_IN);
  bolo_sync_state_ask (self->state, BOLO_SYNC_ASK_STICK);
  wait_for_phase (self, BOLO_STICK_DONE);
  stick = bolo_sync_state_get_stick (self->state);
  g_assert_null (stick->failure);
  g_assert_cmpint (stick->items, >, 0);
  g_assert_cmpint (stick->items, ==, stick->of_items);
  g_assert_true (has_bundle (self));
  g_assert_cmpint (bolo_sync_state_get_n_unsent (self->state), ==, stick->items);
  g_assert_cmpint (stick->on_stick, ==, 0);
  /* Once more: it is all there. */
  bolo_sync_state_ask (self->state, BOLO_SYNC_ASK_STICK);
  sample_wait (is_on_stick, self);
  stick = bolo_sync_state_get_stick (self->state);
  g_assert_cmpint (stick->items, ==, 0);
  g_assert_cmpint (stick->on_stick, ==, bolo_sync_state_get_n_unsent (self->state));
  g_assert_cmpint (umount (self->stick), ==, 0);
  wait_for_phase (self, BOLO_STICK_NONE);
}

static gboolean
says_none (gpointer data)
{
  const BoloStick *stick = bolo_sync_state_get_stick (((Fixture *) data)->state);

  return stick->failure != NULL && strstr (stick->failure, "no stick in") != NULL;
}

static void
test_trouble (Fixture *self, gconstpointer data)
{
  start (self);
  g_assert_cmpint (mount ("none", self->stick, "tmpfs", MS_RDONLY, ""), ==, 0);
  wait_for_phase (self, BOLO_STICK_IN);
  bolo_sync_state_ask (self->state, BOLO_SYNC_ASK_STICK);
  wait_for_phase (self, BOLO_STICK_FAILED);
  g_assert_nonnull (strstr (bolo_sync_state_get_stick (self->state)->failure, "Read-only"));
  /* Pulled out: the failure stays to be read, nothing is written where no stick is, the next one is
   * welcome. */
  g_assert_cmpint (umount (self->stick), ==, 0);
  bolo_sync_state_ask (self->state, BOLO_SYNC_ASK_STICK);
  sample_wait (says_none, self);
  g_assert_false (has_bundle (self));
  g_assert_cmpint (mount ("none", self->stick, "tmpfs", 0, "size=1m"), ==, 0);
  wait_for_phase (self, BOLO_STICK_IN);
  g_assert_cmpint (umount (self->stick), ==, 0);
  wait_for_phase (self, BOLO_STICK_NONE);
}

/* Mounts of our own. FALSE: this machine does not let us. */
static gboolean
enter_mounts (void)
{
  g_autofree char *map = g_strdup_printf ("0 %u 1", getuid ());
  gboolean is_root = getuid () == 0;
  int file;

  if (unshare (is_root ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0)
    return FALSE;
  if (!is_root) {
    file = open ("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
    if (file < 0 || write (file, map, strlen (map)) < 0)
      return FALSE;
    close (file);
  }
  return mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

int
main (int argc, char **argv)
{
  if (!enter_mounts ()) {
    g_print ("1..0 # SKIP nothing can be mounted here: %s\n", g_strerror (errno));
    return 0;
  }
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/stick-watch/exchange", Fixture, NULL, set_up, test_exchange, tear_down);
  g_test_add ("/stick-watch/trouble", Fixture, NULL, set_up, test_trouble, tear_down);
  return g_test_run ();
}
