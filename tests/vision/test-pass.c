/* test-pass.c: when readings are a sighting: provisional, corrected, closed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-pass.h"

#include "vision-fixtures.h"

#define FRAME_US 100000

typedef struct {
  BoloPlateRules *rules;
  BoloPass *pass;
  GPtrArray *closed;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->rules = load_rules ();
  fixture->pass = bolo_pass_new ("front", 7, fixture->rules);
  fixture->closed = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_sighting_unref);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_ptr_array_unref (fixture->closed);
  bolo_pass_free (fixture->pass);
  bolo_plate_rules_unref (fixture->rules);
}

/* A look in frame @frame; what it publishes, (transfer full) (nullable). */
static BoloSighting *
look (Fixture *fixture, int frame, const char *text, float confidence, float width)
{
  BoloReading reading = make_reading (text, confidence, 600, 400, width);

  reading.captured_us = frame * FRAME_US;
  reading.media_ms = frame * 100;
  bolo_pass_add (fixture->pass, &reading, 1280, 720, BOLO_CAPTURED_BY_RECORDING);
  return bolo_pass_decide (fixture->pass, frame * FRAME_US);
}

static void
test_provisional_then_closed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloSighting) first = look (fixture, 1, "AB12CDE", 0.8f, 80);
  g_autoptr (BoloSighting) second = look (fixture, 2, "AB12CDE", 0.9f, 100);
  g_autoptr (BoloSighting) third = look (fixture, 3, "AB12CDE", 0.8f, 90);
  const BoloSighting *closed;

  g_assert_null (first);
  g_assert_nonnull (second);
  g_assert_cmpint (second->state, ==, BOLO_SIGHTING_PROVISIONAL);
  g_assert_cmpstr (second->text, ==, "AB12CDE");
  g_assert_cmpstr (second->camera, ==, "front");
  g_assert_cmpuint (second->looks, ==, 2);
  g_assert_false (second->is_single_look);
  g_assert_cmpint (second->agreed_us, ==, 2 * FRAME_US);
  g_assert_cmpint (second->agreed_media_ms, ==, 200);
  g_assert_cmpint (second->captured_by, ==, BOLO_CAPTURED_BY_RECORDING);
  g_assert_cmpstr (second->syntax, ==, "gb-current");
  g_assert_null (second->id);
  g_assert_null (third); /* at most one */
  bolo_pass_close (fixture->pass, fixture->closed);
  g_assert_cmpuint (fixture->closed->len, ==, 1);
  closed = g_ptr_array_index (fixture->closed, 0);
  g_assert_cmpint (closed->state, ==, BOLO_SIGHTING_CLOSED);
  g_assert_cmpuint (closed->looks, ==, 3);
  g_assert_cmpint (closed->first_media_ms, ==, 100);
  g_assert_cmpint (closed->last_media_ms, ==, 300);
  g_assert_cmpint (closed->best_media_ms, ==, 200);
  g_assert_cmpuint (closed->track, ==, 7);
  g_assert_cmpint (closed->agreed_us, ==, 2 * FRAME_US);
}

/* Far away it was read wrongly twice; nearer, rightly and surer. */
static void
test_corrected (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloSighting) wrong = NULL;
  g_autoptr (BoloSighting) corrected = NULL;

  g_clear_pointer (&wrong, bolo_sighting_unref);
  g_assert_null (look (fixture, 1, "AB12CDF", 0.75f, 60));
  wrong = look (fixture, 2, "AB12CDF", 0.75f, 60);
  g_assert_nonnull (wrong);
  for (int frame = 3; frame < 9 && corrected == NULL; frame++)
    corrected = look (fixture, frame, "AB12CDE", 0.95f, 140);
  g_assert_nonnull (corrected);
  g_assert_cmpint (corrected->state, ==, BOLO_SIGHTING_CORRECTED);
  g_assert_cmpstr (corrected->text, ==, "AB12CDE");
  g_assert_cmpstr (corrected->previous_text, ==, "AB12CDF");
  bolo_pass_close (fixture->pass, fixture->closed);
  g_assert_cmpuint (fixture->closed->len, ==, 1);
  g_assert_cmpstr (((BoloSighting *) fixture->closed->pdata[0])->text, ==, "AB12CDE");
}

/* Four characters may be what a car in front leaves to be seen of a plate: asked for more often. */
static void
test_few_characters_wait (Fixture *fixture, gconstpointer data)
{
  for (int frame = 1; frame < 5; frame++)
    g_assert_null (look (fixture, frame, "3KSS", 0.9f, 100));
  g_autoptr (BoloSighting) fifth = look (fixture, 5, "3KSS", 0.9f, 100);
  g_assert_nonnull (fifth);
  g_assert_cmpuint (fifth->looks, ==, 5);
}

/* The same, met once: no record even at the end, unless it was read for certain. */
static void
test_few_characters_once (Fixture *fixture, gconstpointer data)
{
  g_assert_null (look (fixture, 1, "3KSS", 0.9f, 100));
  g_assert_null (bolo_pass_decide (fixture->pass, 9 * FRAME_US));
  bolo_pass_close (fixture->pass, fixture->closed);
  g_assert_cmpuint (fixture->closed->len, ==, 0);
}

/* A whole that was told is not taken back for a part of it while the vehicle is in view. */
static void
test_part_corrects_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloSighting) told = NULL;

  g_assert_null (look (fixture, 1, "M123KSS", 0.8f, 80));
  told = look (fixture, 2, "M123KSS", 0.8f, 80);
  g_assert_nonnull (told);
  for (int frame = 3; frame < 20; frame++)
    g_assert_null (look (fixture, frame, "M23KSS", 0.95f, 120));
  g_assert_true (bolo_pass_is_published (fixture->pass));
}

/* What was not told after all is decided on again, as if for the first time. */
static void
test_withdrawn (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloSighting) first = NULL;
  g_autoptr (BoloSighting) again = NULL;

  g_assert_null (look (fixture, 1, "AB12CDE", 0.8f, 80));
  first = look (fixture, 2, "AB12CDE", 0.9f, 80);
  g_assert_nonnull (first);
  bolo_pass_withdraw (fixture->pass);
  g_assert_false (bolo_pass_is_published (fixture->pass));
  again = look (fixture, 3, "AB12CDE", 0.9f, 80);
  g_assert_nonnull (again);
  g_assert_cmpint (again->state, ==, BOLO_SIGHTING_PROVISIONAL);
}

/* One look, then gone: told after a moment, and marked so. */
static void
test_single_look (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloSighting) at_once = look (fixture, 1, "AB12CDE", 0.9f, 100);
  g_autoptr (BoloSighting) soon = bolo_pass_decide (fixture->pass, 3 * FRAME_US);
  g_autoptr (BoloSighting) later = bolo_pass_decide (fixture->pass, 6 * FRAME_US);

  g_assert_null (at_once);
  g_assert_null (soon);
  g_assert_nonnull (later);
  g_assert_true (later->is_single_look);
  g_assert_cmpuint (later->looks, ==, 1);
  g_assert_cmpint (later->agreed_us, ==, FRAME_US);
  bolo_pass_close (fixture->pass, fixture->closed);
  g_assert_cmpuint (fixture->closed->len, ==, 1);
  g_assert_true (((BoloSighting *) fixture->closed->pdata[0])->is_single_look);
}

/* Lettering, badly read, short or ever different, leaves no record. */
static void
test_lettering (Fixture *fixture, gconstpointer data)
{
  g_assert_null (look (fixture, 1, "TAXI", 0.2f, 100));
  g_assert_null (look (fixture, 2, "7AX1", 0.2f, 100));
  g_assert_null (look (fixture, 3, "TX", 0.3f, 100));
  bolo_pass_close (fixture->pass, fixture->closed);
  g_assert_cmpuint (fixture->closed->len, ==, 0);
}

static void
test_short_text (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloSighting) sighting = NULL;

  for (int frame = 0; frame < 6; frame++) {
    g_clear_pointer (&sighting, bolo_sighting_unref);
    sighting = look (fixture, frame, "A1", 0.97f, 100);
    if (sighting != NULL)
      break;
  }
  g_assert_nonnull (sighting);
  g_assert_cmpstr (sighting->text, ==, "A1");
}

static void
test_nothing_read (Fixture *fixture, gconstpointer data)
{
  g_assert_null (look (fixture, 1, "", 0, 100));
  bolo_pass_close (fixture->pass, fixture->closed);
  g_assert_cmpuint (fixture->closed->len, ==, 0);
  g_assert_cmpstr (bolo_pass_get_text (fixture->pass), ==, "");
}

/* Pictures are asked for when a look is clearly better, and go with what is published. */
static void
test_pictures (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloPicture) patch = bolo_picture_new (BOLO_PICTURE_RGB, 120, 40);
  g_autoptr (BoloPicture) overview = bolo_picture_new (BOLO_PICTURE_GRAY8, 320, 180);
  BoloReading far = make_reading ("AB12CDE", 0.9f, 600, 400, 60);
  BoloReading near = make_reading ("AB12CDE", 0.9f, 600, 400, 150);
  g_autoptr (BoloSighting) sighting = NULL;

  g_assert_true (bolo_pass_add (fixture->pass, &far, 1280, 720, BOLO_CAPTURED_BY_RECORDING));
  bolo_pass_set_pictures (fixture->pass, patch, overview, "wide");
  g_assert_false (bolo_pass_add (fixture->pass, &far, 1280, 720, BOLO_CAPTURED_BY_RECORDING));
  g_assert_true (bolo_pass_add (fixture->pass, &near, 1280, 720, BOLO_CAPTURED_BY_RECORDING));
  bolo_pass_set_pictures (fixture->pass, patch, overview, "wide");
  g_assert_false (bolo_pass_add (fixture->pass, &far, 1280, 720, BOLO_CAPTURED_BY_RECORDING));
  sighting = bolo_pass_decide (fixture->pass, 0);
  g_assert_nonnull (sighting);
  g_assert_nonnull (sighting->patch_jpeg);
  g_assert_nonnull (sighting->overview_jpeg);
  g_assert_cmpstr (sighting->overview_camera, ==, "wide");
  g_assert_cmpfloat (sighting->width_px, ==, 150);
}

/* A plate half out of the picture reads surely and wrongly; it must not outvote the whole ones. */
static void
test_cut_by_the_edge (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloSighting) agreed = NULL;

  g_clear_pointer (&agreed, bolo_sighting_unref);
  g_assert_null (look (fixture, 1, "AB12CDE", 0.7f, 100));
  agreed = look (fixture, 2, "AB12CDE", 0.8f, 100);
  g_assert_nonnull (agreed);
  for (int frame = 3; frame < 7; frame++) {
    BoloReading cut = make_reading ("AB12C", 0.95f, 1240, 400, 90);

    cut.captured_us = frame * FRAME_US;
    bolo_pass_add (fixture->pass, &cut, 1280, 720, BOLO_CAPTURED_BY_RECORDING);
  }
  bolo_pass_close (fixture->pass, fixture->closed);
  g_assert_cmpuint (fixture->closed->len, ==, 1);
  g_assert_cmpstr (((BoloSighting *) fixture->closed->pdata[0])->text, ==, "AB12CDE");
}

/* A plate that was only ever seen in part, entering or leaving, is no one's mark. */
static void
test_never_whole (Fixture *fixture, gconstpointer data)
{
  for (int frame = 1; frame < 5; frame++) {
    BoloReading right = make_reading ("KC64", 0.95f, 1250, 400, 60);

    right.captured_us = frame * FRAME_US;
    bolo_pass_add (fixture->pass, &right, 1280, 720, BOLO_CAPTURED_BY_RECORDING);
    g_assert_null (bolo_pass_decide (fixture->pass, frame * FRAME_US));
  }
  g_assert_null (bolo_pass_decide (fixture->pass, 20 * FRAME_US));
  bolo_pass_close (fixture->pass, fixture->closed);
  g_assert_cmpuint (fixture->closed->len, ==, 0);
}

int
main (int argc, char **argv)
{
  const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    {"/vision/pass/provisional-then-closed", test_provisional_then_closed},
    {"/vision/pass/corrected", test_corrected},
    {"/vision/pass/few-characters", test_few_characters_wait},
    {"/vision/pass/few-characters-once", test_few_characters_once},
    {"/vision/pass/part-corrects-nothing", test_part_corrects_nothing},
    {"/vision/pass/withdrawn", test_withdrawn},
    {"/vision/pass/single-look", test_single_look},
    {"/vision/pass/lettering", test_lettering},
    {"/vision/pass/short-text", test_short_text},
    {"/vision/pass/nothing-read", test_nothing_read},
    {"/vision/pass/pictures", test_pictures},
    {"/vision/pass/cut-by-the-edge", test_cut_by_the_edge},
    {"/vision/pass/never-whole", test_never_whole},
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
