/* test-pool-camera.c: ids of passes, recent frames and weights of a camera in the pool
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-pool-camera.h"

#include "vision-fixtures.h"

typedef struct {
  BoloMailbox *frames;
  BoloPoolCamera *camera;
  BoloIdSource *ids;
  GPtrArray *sightings;
} Fixture;

static BoloPoolCamera *
make_camera (BoloMailbox *frames, BoloCameraRole role)
{
  const BoloCameraReaderOptions options = {320, 192, FALSE};
  BoloCameraInfo *info = bolo_camera_info_new ("front");
  BoloPoolCamera *camera;

  info->role = role;
  camera =
    bolo_pool_camera_new (info, frames, NULL, bolo_camera_reader_new ("front", NULL, &options));
  bolo_camera_info_unref (info);
  return camera;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->frames = bolo_mailbox_new (BOLO_MAILBOX_LIVE, (GDestroyNotify) bolo_frame_unref);
  fixture->camera = make_camera (fixture->frames, BOLO_CAMERA_ROLE_LANE);
  fixture->ids = bolo_id_source_new ("test");
  fixture->sightings = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_sighting_unref);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_ptr_array_unref (fixture->sightings);
  bolo_id_source_unref (fixture->ids);
  bolo_pool_camera_free (fixture->camera);
  bolo_mailbox_unref (fixture->frames);
}

static void
add_sighting (Fixture *fixture, guint64 track, BoloSightingState state)
{
  BoloSighting *sighting = bolo_sighting_new ();

  sighting->track = track;
  sighting->state = state;
  g_ptr_array_add (fixture->camera->sightings, sighting);
}

static const char *
get_id (Fixture *fixture, guint index)
{
  return ((BoloSighting *) fixture->sightings->pdata[index])->id;
}

/* All states of a pass have one id, other passes have others, and none is given twice. */
static void
test_ids (Fixture *fixture, gconstpointer data)
{
  add_sighting (fixture, 1, BOLO_SIGHTING_PROVISIONAL);
  add_sighting (fixture, 2, BOLO_SIGHTING_PROVISIONAL);
  bolo_pool_camera_collect (fixture->camera, fixture->ids, fixture->sightings);
  add_sighting (fixture, 1, BOLO_SIGHTING_CORRECTED);
  add_sighting (fixture, 1, BOLO_SIGHTING_CLOSED);
  add_sighting (fixture, 1, BOLO_SIGHTING_PROVISIONAL); /* a number used again: another pass */
  bolo_pool_camera_collect (fixture->camera, fixture->ids, fixture->sightings);
  g_assert_cmpuint (fixture->sightings->len, ==, 5);
  g_assert_cmpuint (fixture->camera->sightings->len, ==, 0);
  g_assert_cmpstr (get_id (fixture, 0), ==, get_id (fixture, 2));
  g_assert_cmpstr (get_id (fixture, 0), ==, get_id (fixture, 3));
  g_assert_cmpstr (get_id (fixture, 0), !=, get_id (fixture, 1));
  g_assert_cmpstr (get_id (fixture, 0), !=, get_id (fixture, 4));
  g_assert_cmpuint (fixture->camera->n_sightings, ==, 3);
}

static BoloFrame *
make_frame (gint64 captured_us)
{
  const guint8 pixels[16] = {0};
  const BoloFrame description = {
    .format = BOLO_FRAME_FORMAT_GRAY8,
    .width = 4,
    .height = 4,
    .planes = {pixels},
    .strides = {4},
    .captured_us = captured_us,
  };

  return bolo_frame_new_copy (&description);
}

static void
assert_nearest (Fixture *fixture, gint64 asked_us, gint64 expected_us)
{
  g_autoptr (BoloFrame) frame = bolo_pool_camera_get_nearest (fixture->camera, asked_us);

  g_assert_nonnull (frame);
  g_assert_cmpint (frame->captured_us, ==, expected_us);
}

/* The four newest are kept; the one nearest in time is given. */
static void
test_recent (Fixture *fixture, gconstpointer data)
{
  g_assert_null (bolo_pool_camera_get_nearest (fixture->camera, 0));
  for (gint64 time_us = 0; time_us <= 600; time_us += 100) {
    g_autoptr (BoloFrame) frame = make_frame (time_us);

    bolo_pool_camera_remember (fixture->camera, frame);
  }
  assert_nearest (fixture, 0, 300);
  assert_nearest (fixture, 440, 400);
  assert_nearest (fixture, 460, 500);
  assert_nearest (fixture, 9999, 600);
  bolo_pool_camera_forget (fixture->camera);
  g_assert_null (bolo_pool_camera_get_nearest (fixture->camera, 500));
}

/* Oncoming traffic is in view for half a second: it gets the most looks. */
static void
test_weights (Fixture *fixture, gconstpointer data)
{
  gint64 weights[4];

  for (int role = BOLO_CAMERA_ROLE_LANE; role <= BOLO_CAMERA_ROLE_OVERVIEW; role++) {
    BoloPoolCamera *camera = make_camera (fixture->frames, role);

    weights[role] = camera->weight;
    bolo_pool_camera_free (camera);
  }
  g_assert_cmpint (weights[BOLO_CAMERA_ROLE_ONCOMING], >, weights[BOLO_CAMERA_ROLE_LANE]);
  g_assert_cmpint (weights[BOLO_CAMERA_ROLE_LANE], >, weights[BOLO_CAMERA_ROLE_OVERVIEW]);
  g_assert_cmpint (weights[BOLO_CAMERA_ROLE_OVERVIEW], >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/vision/pool-camera/ids", Fixture, NULL, set_up, test_ids, tear_down);
  g_test_add ("/vision/pool-camera/recent", Fixture, NULL, set_up, test_recent, tear_down);
  g_test_add ("/vision/pool-camera/weights", Fixture, NULL, set_up, test_weights, tear_down);
  return g_test_run ();
}
