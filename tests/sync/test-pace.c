/* test-pace.c: batches follow the link, waits grow and are never all alike
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-pace.h"

#undef MAX
#define MAX (4 * 1024 * 1024)

static void
test_unknown (void)
{
  BoloPace pace = {0};

  g_assert_cmpuint (bolo_pace_get_bytes (&pace, MAX), ==, BOLO_PACE_FIRST_BYTES);
  g_assert_cmpuint (bolo_pace_get_bytes (&pace, 1000), ==, 1000);
}

/* A link of @rate bytes a second with @trip_us before each answer: what a batch comes to. */
static gsize
settle_on (BoloPace *pace, double rate, gint64 trip_us, guint n)
{
  gsize bytes = 0;

  for (guint i = 0; i < n; i++) {
    bytes = bolo_pace_get_bytes (pace, MAX);
    bolo_pace_note_sent (pace, bytes, bytes,
                         trip_us + (gint64) ((double) bytes / rate * G_USEC_PER_SEC));
  }
  return bytes;
}

static void
test_follows (void)
{
  BoloPace slow = {0};
  BoloPace fast = {0};
  BoloPace worse = {0};
  gsize bytes = settle_on (&slow, 25000, 300000, 40);

  /* About a second of the link: no more is ever before something urgent. */
  g_assert_cmpuint (bytes, >=, BOLO_PACE_MIN_BYTES);
  g_assert_cmpuint (bytes, <=, 25000 + 25000 / 4);
  g_assert_cmpuint (settle_on (&fast, 6.25e6, 20000, 40), >, 3 * 1024 * 1024);
  settle_on (&worse, 6.25e6, 20000, 40);
  /* It becomes slow: within a few batches they are small again. */
  g_assert_cmpuint (settle_on (&worse, 25000, 300000, 12), <, 120000);
}

/* Pictures begin with a guess from the texts, which is never more than what the link carries. */
static void
test_begins_like (void)
{
  BoloPace texts = {0};
  BoloPace pictures = {0};

  bolo_pace_begin_like (&pictures, &texts);
  g_assert_cmpuint (bolo_pace_get_bytes (&pictures, MAX), ==, BOLO_PACE_FIRST_BYTES);
  /* 25 kB a second, over which packed texts go six times as fast. */
  settle_on (&texts, 150000, 300000, 40);
  bolo_pace_begin_like (&pictures, &texts);
  g_assert_cmpuint (bolo_pace_get_bytes (&pictures, MAX), <=, 25000);
  g_assert_cmpuint (bolo_pace_get_bytes (&pictures, MAX), >=, BOLO_PACE_MIN_BYTES);
  /* What is known of pictures stands. */
  settle_on (&texts, 1e8, 1000, 40);
  bolo_pace_begin_like (&pictures, &texts);
  g_assert_cmpuint (bolo_pace_get_bytes (&pictures, MAX), <=, 25000);
  pictures = (BoloPace){0};
  bolo_pace_begin_like (&pictures, &texts);
  g_assert_cmpuint (bolo_pace_get_bytes (&pictures, MAX), ==, MAX);
}

static void
test_grows_in_steps (void)
{
  BoloPace pace = {0};
  gsize last = bolo_pace_get_bytes (&pace, MAX);

  for (guint i = 0; i < 10; i++) {
    gsize bytes;

    bolo_pace_note_sent (&pace, last, last, 1000);
    bytes = bolo_pace_get_bytes (&pace, MAX);
    g_assert_cmpuint (bytes, <=, 4 * last);
    g_assert_cmpuint (bytes, <=, MAX);
    last = bytes;
  }
  g_assert_cmpuint (last, ==, MAX);
}

/* Pictures of 47 kB do not fill a room of 60: one a batch, and yet it grows. */
static void
test_grows_by_the_room (void)
{
  BoloPace pace = {0};
  gsize room = bolo_pace_get_bytes (&pace, MAX);

  for (guint i = 0; i < 12; i++) {
    bolo_pace_note_sent (&pace, room > 47000 ? room / 47000 * 47000 : 3000, room, 1000);
    room = bolo_pace_get_bytes (&pace, MAX);
  }
  g_assert_cmpuint (room, ==, MAX);
}

static void
test_waits (void)
{
  static const gint64 whole_s[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300};
  BoloPace longest = {0};
  BoloPace shortest = {0};

  for (guint i = 0; i < G_N_ELEMENTS (whole_s); i++) {
    g_assert_cmpint (bolo_pace_note_failure (&longest, FALSE, 0, 0), ==,
                     whole_s[i] * G_USEC_PER_SEC);
    g_assert_cmpint (bolo_pace_note_failure (&shortest, FALSE, 0, 1), ==,
                     whole_s[i] * G_USEC_PER_SEC / 2);
  }
  bolo_pace_forget_failures (&longest);
  g_assert_cmpint (bolo_pace_note_failure (&longest, FALSE, 0, 0), ==, G_USEC_PER_SEC);
}

static void
test_asked_and_refused (void)
{
  BoloPace pace = {0};

  /* The other side's word is kept, within reason. */
  g_assert_cmpint (bolo_pace_note_failure (&pace, FALSE, 20, 1), ==, 20 * G_USEC_PER_SEC);
  g_assert_cmpint (bolo_pace_note_failure (&pace, FALSE, 100000, 1), ==,
                   BOLO_PACE_WAIT_MAX_S * G_USEC_PER_SEC);
  bolo_pace_forget_failures (&pace);
  /* Somebody must do something: there is no hurry. */
  g_assert_cmpint (bolo_pace_note_failure (&pace, TRUE, 0, 0), ==,
                   BOLO_PACE_WAIT_MAX_S * G_USEC_PER_SEC);
  g_assert_cmpint (bolo_pace_note_failure (&pace, TRUE, 0, 1), ==,
                   BOLO_PACE_WAIT_MAX_S * G_USEC_PER_SEC / 2);
}

static void
test_small_after_failure (void)
{
  BoloPace pace = {0};

  settle_on (&pace, 6.25e6, 20000, 40);
  bolo_pace_note_failure (&pace, FALSE, 0, 0);
  g_assert_cmpuint (bolo_pace_get_bytes (&pace, MAX), <=, BOLO_PACE_FIRST_BYTES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pace/unknown", test_unknown);
  g_test_add_func ("/pace/follows", test_follows);
  g_test_add_func ("/pace/begins-like", test_begins_like);
  g_test_add_func ("/pace/grows-in-steps", test_grows_in_steps);
  g_test_add_func ("/pace/grows-by-the-room", test_grows_by_the_room);
  g_test_add_func ("/pace/waits", test_waits);
  g_test_add_func ("/pace/asked-and-refused", test_asked_and_refused);
  g_test_add_func ("/pace/small-after-failure", test_small_after_failure);
  return g_test_run ();
}
