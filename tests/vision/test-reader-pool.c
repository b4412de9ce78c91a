/* test-reader-pool.c: several cameras on several cores, in lock-step and live
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-reader-pool.h"

#include <string.h>

#include "bolo-error.h"
#include "bolo-sighting.h"
#include "vision-fixtures.h"
#include "vision-scene.h"

#define FRAME_US 100000
#define DEADLINE_US (60 * G_USEC_PER_SEC)

/* One camera's recording: a car that comes nearer, then an empty road. */
typedef struct {
  const char *name;
  const char *text;
  double speed; /* pixels a frame */
  int n_frames;
  gboolean closes; /* at its end */
  BoloMailbox *frames;
  GThread *thread;
} Feed;

typedef struct {
  BoloPlateRules *rules;
  BoloClock *clock;
  BoloIdSource *ids;
  BoloReaderPool *pool;
  GString *log; /* what was published, a line each */
  GPtrArray *sightings;
  guint n_batches;
  gint64 newest_us;
  gboolean is_finished;
  char *failure;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->rules = load_rules ();
  fixture->clock = bolo_clock_new_manual (0);
  fixture->ids = bolo_id_source_new ("test");
  fixture->log = g_string_new (NULL);
  fixture->sightings = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_sighting_unref);
  fixture->newest_us = G_MININT64;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->pool);
  g_assert_finalize_object (fixture->clock);
  bolo_id_source_unref (fixture->ids);
  bolo_plate_rules_unref (fixture->rules);
  g_string_free (fixture->log, TRUE);
  g_ptr_array_unref (fixture->sightings);
  g_free (fixture->failure);
}

static void
note (Fixture *fixture, BoloSighting *sighting)
{
  g_assert_nonnull (sighting->id);
  g_string_append_printf (
    fixture->log, "%s %s %s %s %.6f %u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", sighting->id,
    sighting->camera, bolo_sighting_state_to_string (sighting->state), sighting->text,
    (double) sighting->confidence, sighting->looks, sighting->first_us, sighting->last_us);
  g_ptr_array_add (fixture->sightings, bolo_sighting_ref (sighting));
}

static void
on_batch (BoloReaderPool *pool, gint64 captured_us, GPtrArray *sightings, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpint (captured_us, >=, fixture->newest_us);
  fixture->newest_us = captured_us;
  fixture->n_batches++;
  for (guint i = 0; i < sightings->len; i++)
    note (fixture, g_ptr_array_index (sightings, i));
  bolo_reader_pool_release_batch (pool);
}

static void
on_sighting (BoloReaderPool *pool, BoloSighting *sighting, gpointer user_data)
{
  note (user_data, sighting);
}

static void
on_finished (BoloReaderPool *pool, gpointer user_data)
{
  ((Fixture *) user_data)->is_finished = TRUE;
}

static void
on_failed (BoloReaderPool *pool, const GError *error, gpointer user_data)
{
  ((Fixture *) user_data)->failure = g_strdup (error->message);
}

static void
make_pool (Fixture *fixture, BoloMailboxMode mode, guint n_threads)
{
  const BoloReaderConfig config = {
    .n_threads = n_threads,
    .mode = mode,
    .rules = fixture->rules,
    .ids = fixture->ids,
    .clock = fixture->clock,
    .net_width = 320,
    .net_height = 192,
    .with_pictures = TRUE,
  };
  g_autoptr (GError) error = NULL;

  fixture->pool = bolo_reader_pool_new (&config, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (fixture->pool, "batch", G_CALLBACK (on_batch), fixture);
  g_signal_connect (fixture->pool, "sighting", G_CALLBACK (on_sighting), fixture);
  g_signal_connect (fixture->pool, "finished", G_CALLBACK (on_finished), fixture);
  g_signal_connect (fixture->pool, "failed", G_CALLBACK (on_failed), fixture);
}

static BoloFrame *
make_frame (const Feed *feed, int index)
{
  g_autoptr (VisionScene) scene = vision_scene_new (640, 360);

  if (feed->text != NULL && index < 8)
    vision_scene_add_car (scene, feed->text, FALSE, 200 + feed->speed * index, 200 + 2 * index,
                          100 + 4 * index, 0);
  return vision_scene_make_frame (scene, index * FRAME_US, (guint64) index);
}

static gpointer
feed_frames (gpointer data)
{
  Feed *feed = data;

  for (int index = 0; index < feed->n_frames; index++)
    if (!bolo_mailbox_put (feed->frames, make_frame (feed, index)))
      return NULL;
  if (feed->closes)
    bolo_mailbox_close (feed->frames);
  return NULL;
}

static void
start_feed (Fixture *fixture,
            Feed *feed,
            BoloMailboxMode mode,
            BoloLookBoard *looks,
            const char *overview,
            BoloCameraRole role)
{
  BoloCameraInfo *info = bolo_camera_info_new (feed->name);

  info->role = role;
  info->overview = g_strdup (overview);
  feed->frames = bolo_mailbox_new (mode, (GDestroyNotify) bolo_frame_unref);
  bolo_reader_pool_add_camera (fixture->pool, info, feed->frames, looks);
  bolo_camera_info_unref (info);
  feed->thread = g_thread_new (feed->name, feed_frames, feed);
}

static void
end_feed (Feed *feed)
{
  bolo_mailbox_close (feed->frames);
  g_thread_join (feed->thread);
  bolo_mailbox_unref (feed->frames);
}

/* Runs the main loop until @done is set. */
static void
run_until (const gboolean *done)
{
  gint64 deadline_us = g_get_monotonic_time () + DEADLINE_US;

  while (!*done) {
    g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  }
}

static void
run_recording (Fixture *fixture, guint n_threads)
{
  Feed feeds[] = {
    {"front", "KX64ABH", 12, 32, TRUE, NULL, NULL},
    {"left", "YH07TKE", 30, 20, TRUE, NULL, NULL},
    {"rear", NULL, 0, 25, TRUE, NULL, NULL},
  };

  make_pool (fixture, BOLO_MAILBOX_LOCK_STEP, n_threads);
  for (gsize i = 0; i < G_N_ELEMENTS (feeds); i++)
    start_feed (fixture, &feeds[i], BOLO_MAILBOX_LOCK_STEP, NULL, NULL, BOLO_CAMERA_ROLE_LANE);
  bolo_reader_pool_start (fixture->pool);
  run_until (&fixture->is_finished);
  g_assert_null (fixture->failure);
  g_assert_true (bolo_reader_pool_stop (fixture->pool, 10000));
  for (gsize i = 0; i < G_N_ELEMENTS (feeds); i++)
    end_feed (&feeds[i]);
}

static guint
count_states (Fixture *fixture, BoloSightingState state)
{
  guint n = 0;

  for (guint i = 0; i < fixture->sightings->len; i++)
    n += ((BoloSighting *) fixture->sightings->pdata[i])->state == state;
  return n;
}

static void
test_lock_step (Fixture *fixture, gconstpointer data)
{
  BoloReaderCounts counts;
  BoloSighting *first;

  run_recording (fixture, 1);
  g_assert_cmpuint (fixture->n_batches, >=, 32);
  g_assert_cmpint (fixture->newest_us, ==, 31 * FRAME_US);
  g_assert_cmpuint (count_states (fixture, BOLO_SIGHTING_PROVISIONAL), ==, 2);
  g_assert_cmpuint (count_states (fixture, BOLO_SIGHTING_CLOSED), ==, 2);
  bolo_reader_pool_get_counts (fixture->pool, 0, &counts);
  g_assert_cmpuint (counts.frames_read, ==, 32);
  g_assert_cmpuint (counts.sightings, ==, 1);
  g_assert_cmpuint (counts.plates, >=, 6);
  bolo_reader_pool_get_counts (fixture->pool, 2, &counts);
  g_assert_cmpuint (counts.frames_read, ==, 25);
  g_assert_cmpuint (counts.sightings, ==, 0);
  first = g_ptr_array_index (fixture->sightings, 0);
  g_assert_cmpint (first->state, ==, BOLO_SIGHTING_PROVISIONAL);
  g_assert_nonnull (first->patch_jpeg);
  g_assert_nonnull (first->overview_jpeg);
  g_assert_nonnull (strstr (fixture->log->str, "front closed KX64ABH"));
  g_assert_nonnull (strstr (fixture->log->str, "left closed YH07TKE"));
  g_assert_cmpuint (bolo_metric_get_count (bolo_reader_pool_get_frame_ms (fixture->pool)), ==, 77);
}

/* One worker or three, the same ids, texts and times to the last digit. */
static void
test_same_whatever_the_threads (Fixture *fixture, gconstpointer data)
{
  g_autofree char *alone = NULL;

  run_recording (fixture, 1);
  alone = g_strdup (fixture->log->str);
  g_assert_cmpuint (strlen (alone), >, 100);
  tear_down (fixture, NULL);
  memset (fixture, 0, sizeof *fixture);
  set_up (fixture, NULL);
  run_recording (fixture, 3);
  g_assert_cmpstr (fixture->log->str, ==, alone);
}

/* A camera of overviews is not read; its frame goes with the other's sighting. */
static void
test_overview (Fixture *fixture, gconstpointer data)
{
  Feed feeds[] = {
    {"infrared", "KX64ABH", 12, 12, TRUE, NULL, NULL},
    {"colour", "YH07TKE", 12, 12, TRUE, NULL, NULL},
  };
  BoloReaderCounts counts;

  make_pool (fixture, BOLO_MAILBOX_LOCK_STEP, 2);
  start_feed (fixture, &feeds[0], BOLO_MAILBOX_LOCK_STEP, NULL, "colour", BOLO_CAMERA_ROLE_LANE);
  start_feed (fixture, &feeds[1], BOLO_MAILBOX_LOCK_STEP, NULL, NULL, BOLO_CAMERA_ROLE_OVERVIEW);
  bolo_reader_pool_start (fixture->pool);
  run_until (&fixture->is_finished);
  g_assert_true (bolo_reader_pool_stop (fixture->pool, 10000));
  bolo_reader_pool_get_counts (fixture->pool, 1, &counts);
  g_assert_cmpuint (counts.frames_read, ==, 0);
  g_assert_cmpuint (fixture->sightings->len, ==, 2);
  for (guint i = 0; i < fixture->sightings->len; i++) {
    BoloSighting *sighting = g_ptr_array_index (fixture->sightings, i);

    g_assert_cmpstr (sighting->camera, ==, "infrared");
    g_assert_cmpstr (sighting->overview_camera, ==, "colour");
    g_assert_nonnull (sighting->overview_jpeg);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (feeds); i++)
    end_feed (&feeds[i]);
}

/* Live: frames may be dropped, what is read is published as it comes; boxes are on the board. */
static void
test_live (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloLookBoard) looks = bolo_look_board_new ();
  g_autoptr (BoloMailbox) frames =
    bolo_mailbox_new (BOLO_MAILBOX_LIVE, (GDestroyNotify) bolo_frame_unref);
  BoloCameraInfo *info = bolo_camera_info_new ("front");
  Feed feed = {"front", "KX64ABH", 12, 8, FALSE, NULL, NULL};
  BoloLooks found = {0};

  make_pool (fixture, BOLO_MAILBOX_LIVE, 2);
  bolo_reader_pool_add_camera (fixture->pool, info, frames, looks);
  bolo_camera_info_unref (info);
  bolo_reader_pool_start (fixture->pool);
  for (int index = 0; index < 8; index++) {
    gint64 deadline_us = g_get_monotonic_time () + DEADLINE_US;

    g_assert_true (bolo_mailbox_put (frames, make_frame (&feed, index)));
    while (bolo_look_board_get_newest_us (looks) < index * FRAME_US) {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
      g_usleep (1000);
    }
  }
  g_assert_true (bolo_look_board_find (looks, 7 * FRAME_US, &found));
  g_assert_cmpuint (found.n_boxes, ==, 1);
  g_assert_cmpstr (found.boxes[0].text, ==, "KX64ABH");
  g_assert_cmpint (found.width, ==, 640);
  bolo_mailbox_close (frames);
  run_until (&fixture->is_finished);
  g_assert_cmpuint (count_states (fixture, BOLO_SIGHTING_PROVISIONAL), ==, 1);
  g_assert_cmpuint (count_states (fixture, BOLO_SIGHTING_CLOSED), ==, 1);

  /* the camera comes back: it is read again, and ends again */
  fixture->is_finished = FALSE;
  bolo_mailbox_reopen (frames);
  g_assert_true (bolo_mailbox_put (frames, make_frame (&feed, 3)));
  bolo_mailbox_close (frames);
  run_until (&fixture->is_finished);
  g_assert_true (bolo_reader_pool_stop (fixture->pool, 10000));
}

/* Stopped while frames wait and a batch is not released: it ends, and says no more. */
static void
test_stop_in_mid_work (Fixture *fixture, gconstpointer data)
{
  Feed feed = {"front", "KX64ABH", 12, 1000, FALSE, NULL, NULL};

  make_pool (fixture, BOLO_MAILBOX_LOCK_STEP, 2);
  g_signal_handlers_disconnect_by_func (fixture->pool, on_batch, fixture);
  start_feed (fixture, &feed, BOLO_MAILBOX_LOCK_STEP, NULL, NULL, BOLO_CAMERA_ROLE_LANE);
  bolo_reader_pool_start (fixture->pool);
  g_assert_true (bolo_reader_pool_stop (fixture->pool, 10000));
  g_assert_true (bolo_reader_pool_stop (fixture->pool, 0));
  end_feed (&feed);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (fixture->is_finished);
  g_assert_cmpuint (fixture->n_batches, ==, 0);
}

static void
test_never_started (Fixture *fixture, gconstpointer data)
{
  make_pool (fixture, BOLO_MAILBOX_LIVE, 1);
  g_assert_true (bolo_reader_pool_stop (fixture->pool, 0));
}

static void
test_no_models (void)
{
  g_autoptr (BoloIdSource) ids = bolo_id_source_new (NULL);
  const BoloReaderConfig nowhere = {.models = "/nowhere", .ids = ids};
  const BoloReaderConfig odd = {.ids = ids, .net_width = 100, .net_height = 64};
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) size_error = NULL;

  g_assert_null (bolo_reader_pool_new (&nowhere, NULL, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "/nowhere/detector.ini"));
  g_assert_null (bolo_reader_pool_new (&odd, NULL, &size_error));
  g_assert_error (size_error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
}

int
main (int argc, char **argv)
{
  const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    {"/vision/reader-pool/lock-step", test_lock_step},
    {"/vision/reader-pool/same-whatever-the-threads", test_same_whatever_the_threads},
    {"/vision/reader-pool/overview", test_overview},
    {"/vision/reader-pool/live", test_live},
    {"/vision/reader-pool/stop-in-mid-work", test_stop_in_mid_work},
    {"/vision/reader-pool/never-started", test_never_started},
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  g_test_add_func ("/vision/reader-pool/no-models", test_no_models);
  return g_test_run ();
}
