/* test-pushed-policy.c: a pushed alert policy waits for a start, is read whole, and is never half
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-pushed-policy.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bolo-error.h"

#define WAITING "policy-waiting"
#define IN_FORCE "policy-in-force"

typedef struct {
  char *state;
  char *own; /* path of the car's own policy */
} Fixture;

/* One that can be told by the minutes of its window. */
static char *
make_text (guint minutes)
{
  return g_strdup_printf ("[limits]\nwindow_min=%u\n[tone t]\nlow_hz=800\n[kind default]\ntone=t\n",
                          minutes);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = make_text (1);

  fixture->state = g_dir_make_tmp ("bolo-policy-XXXXXX", NULL);
  fixture->own = g_build_filename (fixture->state, "own.ini", NULL);
  g_assert_true (g_file_set_contents (fixture->own, text, -1, NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->state, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (fixture->state, name, NULL);

    g_unlink (path);
  }
  g_assert_cmpint (g_rmdir (fixture->state), ==, 0);
  g_free (fixture->state);
  g_free (fixture->own);
}

static gboolean
keep_from (Fixture *fixture, const char *remote, gint64 number, const char *text, GError **error)
{
  const BoloPushedPolicy policy = {number, (char *) remote, (char *) "Northshire", (char *) text};

  return bolo_pushed_policy_keep (fixture->state, &policy, error);
}

static void
keep (Fixture *fixture, gint64 number, guint minutes)
{
  g_autofree char *text = make_text (minutes);
  g_autoptr (GError) error = NULL;

  g_assert_true (keep_from (fixture, "hq", number, text, &error));
  g_assert_no_error (error);
}

static guint
get_minutes (const BoloPolicyChoice *choice)
{
  return (guint) (bolo_alert_policy_get_limits (choice->policy)->window_us / G_TIME_SPAN_MINUTE);
}

/* What a start, or a look, comes to. */
static void
expect (Fixture *fixture, gboolean is_start, gint64 number, guint minutes, gint64 waiting)
{
  g_auto (BoloPolicyChoice) choice = {0};
  g_autoptr (GError) error = NULL;
  gboolean is_chosen = is_start
                         ? bolo_pushed_policy_start (fixture->state, fixture->own, &choice, &error)
                         : bolo_pushed_policy_look (fixture->state, fixture->own, &choice, &error);

  g_assert_no_error (error);
  g_assert_true (is_chosen);
  g_assert_cmpint (choice.number, ==, number);
  g_assert_cmpuint (get_minutes (&choice), ==, minutes);
  g_assert_cmpint (choice.waiting, ==, waiting);
  g_assert_cmpstr (choice.station, ==, number > 0 ? "Northshire" : NULL);
  g_assert_null (choice.problem);
}

static gboolean
is_there (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->state, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* It waits beside the one in force until a start, whoever looks meanwhile. */
static void
test_waits (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloListArrival) arrival = bolo_pushed_policy_get_arrival (fixture->state);
  g_autoptr (BoloListArrival) first = NULL;
  g_autoptr (BoloListArrival) started = NULL;
  g_autoptr (BoloListArrival) second = NULL;

  g_assert_cmpint (arrival->number, ==, 0);
  g_assert_false (arrival->is_waiting);
  expect (fixture, TRUE, 0, 1, 0);
  keep (fixture, 7, 20);
  expect (fixture, FALSE, 0, 1, 7);
  expect (fixture, FALSE, 0, 1, 7);
  first = bolo_pushed_policy_get_arrival (fixture->state);
  g_assert_cmpint (first->kind, ==, BOLO_ARRIVAL_POLICY);
  g_assert_cmpint (first->number, ==, 7);
  g_assert_cmpint (first->held, ==, 0);
  g_assert_true (first->is_waiting);
  g_assert_cmpstr (first->from, ==, "Northshire");
  expect (fixture, TRUE, 7, 20, 0);
  started = bolo_pushed_policy_get_arrival (fixture->state);
  g_assert_cmpint (started->held, ==, 7);
  g_assert_false (started->is_waiting);
  keep (fixture, 8, 30);
  keep (fixture, 9, 40);
  expect (fixture, FALSE, 7, 20, 9);
  second = bolo_pushed_policy_get_arrival (fixture->state);
  g_assert_cmpint (second->held, ==, 7);
  g_assert_cmpint (second->number, ==, 9);
  expect (fixture, TRUE, 9, 40, 0);
  expect (fixture, TRUE, 9, 40, 0);
}

/* Refused whole, with the line and the key; what waits and what is in force stay. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *text, *where, *what;
  } cases[] = {
    {"[limits]\nwindow_mins=3\n", "policy.ini:2:", "window_min"},
    {"[tone t]\nlow_hz=9000\n[kind default]\ntone=t\n", "policy.ini:2:", "low_hz"},
    {"[tone t]\nlow_hz=800\n[kind default]\ntone=u\n", "policy.ini:4:", "[tone u]"},
    {"[tone t]\nlow_hz=800\n[kind default]\ntone=t\nquiet=true\n", "policy.ini", "loud"},
    {"[tone t]\nlow_hz=800\n", "policy.ini", "[kind default]"},
    {"", "policy.ini", "[kind default]"},
    {"no policy at all\n", "policy.ini:1:", ""},
  };

  keep (fixture, 7, 20);
  expect (fixture, TRUE, 7, 20, 0);
  keep (fixture, 8, 30);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (keep_from (fixture, "hq", 9, cases[i].text, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, cases[i].where));
    g_assert_nonnull (strstr (error->message, cases[i].what));
    expect (fixture, FALSE, 7, 20, 8);
  }
  expect (fixture, TRUE, 8, 30, 0);
}

/* An older number is never taken again, whether the newer one waits or is in force; another remote
 * counts on its own. */
static void
test_replay (Fixture *fixture, gconstpointer data)
{
  g_autofree char *old = make_text (10);
  g_autofree char *other = make_text (50);

  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) older = NULL;
    g_autoptr (GError) same = NULL;

    keep (fixture, 7, 20);
    g_assert_false (keep_from (fixture, "hq", 6, old, &older));
    g_assert_error (older, BOLO_ERROR, BOLO_ERROR_STALE);
    g_assert_nonnull (
      strstr (older->message, "number 6 from Northshire is not newer than number 7"));
    g_assert_false (keep_from (fixture, "hq", 7, old, &same));
    g_assert_error (same, BOLO_ERROR, BOLO_ERROR_STALE);
    expect (fixture, TRUE, 7, 20, 0);
  }
  g_assert_false (is_there (fixture, WAITING));
  g_assert_true (keep_from (fixture, "second", 1, other, NULL));
  expect (fixture, TRUE, 1, 50, 0);
}

/* What the station takes back before a start, or goes back to, never comes into force. */
static void
test_withdrawn (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  keep (fixture, 7, 20);
  expect (fixture, TRUE, 7, 20, 0);
  keep (fixture, 8, 30);
  g_assert_true (bolo_pushed_policy_withdraw (fixture->state, "second", &error));
  g_assert_true (is_there (fixture, WAITING));
  g_assert_true (bolo_pushed_policy_withdraw (fixture->state, "hq", &error));
  g_assert_true (bolo_pushed_policy_withdraw (fixture->state, "hq", &error));
  g_assert_no_error (error);
  expect (fixture, TRUE, 7, 20, 0);
  keep (fixture, 9, 30);
  keep (fixture, 10, 20);
  g_assert_false (is_there (fixture, WAITING));
  expect (fixture, TRUE, 7, 20, 0);
}

static void
spoil (Fixture *fixture, const char *name, gsize at, gsize length)
{
  g_autofree char *path = g_build_filename (fixture->state, name, NULL);
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  if (at < size)
    bytes[at] ^= 1;
  g_assert_true (g_file_set_contents (path, bytes, (gssize) MIN (size, length), NULL));
}

/* A file that somebody has changed, or that a dying disk has torn, is not believed: what waited is
 * set aside, and a car without one that it can read has its own. It never keeps a car from reading.
 */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_auto (BoloPolicyChoice) torn = {0};
  g_auto (BoloPolicyChoice) changed = {0};
  g_autoptr (BoloHealth) health = NULL;

  keep (fixture, 7, 20);
  expect (fixture, TRUE, 7, 20, 0);
  keep (fixture, 8, 30);
  g_test_expect_message ("bolo-pushed-policy", G_LOG_LEVEL_WARNING, "*is not used*damaged*");
  spoil (fixture, WAITING, G_MAXSIZE, 60);
  g_assert_true (bolo_pushed_policy_start (fixture->state, fixture->own, &torn, NULL));
  g_test_assert_expected_messages ();
  g_assert_cmpint (torn.number, ==, 7);
  g_assert_nonnull (strstr (torn.problem, "damaged"));
  g_assert_true (is_there (fixture, "policy-refused"));
  g_assert_false (is_there (fixture, WAITING));
  expect (fixture, TRUE, 7, 20, 0);
  g_test_expect_message ("bolo-pushed-policy", G_LOG_LEVEL_WARNING, "*car's own*damaged*");
  spoil (fixture, IN_FORCE, 150, G_MAXSIZE);
  g_assert_true (bolo_pushed_policy_start (fixture->state, fixture->own, &changed, NULL));
  g_test_assert_expected_messages ();
  g_assert_cmpint (changed.number, ==, 0);
  g_assert_cmpuint (get_minutes (&changed), ==, 1);
  health = bolo_policy_choice_make_health (&changed, fixture->own, TRUE, 0);
  g_assert_cmpint (health->state, ==, BOLO_HEALTH_DEGRADED);
  g_assert_nonnull (strstr (health->detail, "own.ini is in force"));
  g_assert_nonnull (health->remedy);
}

/* The car's own is left as it is, and who wrote it reads that it is not used. */
static void
test_words (Fixture *fixture, gconstpointer data)
{
  g_auto (BoloPolicyChoice) choice = {0};
  g_autoptr (BoloHealth) named = NULL;
  g_autoptr (BoloHealth) shipped = NULL;
  g_autofree char *own = NULL;
  g_autofree char *wanted = make_text (1);

  keep (fixture, 7, 20);
  expect (fixture, TRUE, 7, 20, 0);
  keep (fixture, 8, 30);
  g_assert_true (bolo_pushed_policy_look (fixture->state, fixture->own, &choice, NULL));
  named = bolo_policy_choice_make_health (&choice, fixture->own, TRUE, 0);
  shipped = bolo_policy_choice_make_health (&choice, fixture->own, FALSE, 0);
  g_assert_cmpint (named->state, ==, BOLO_HEALTH_OK);
  g_assert_nonnull (strstr (named->detail, "Number 7 from Northshire is in force; "));
  g_assert_nonnull (strstr (named->detail, "own.ini, which bolo.conf names, is left as it is"));
  g_assert_cmpstr (
    shipped->detail, ==,
    "Number 7 from Northshire is in force; number 8 from Northshire is used from the "
    "next start");
  g_assert_true (g_file_get_contents (fixture->own, &own, NULL, NULL));
  g_assert_cmpstr (own, ==, wanted);
}

/* A disk that takes nothing: the last good one stays in force, what waits goes on waiting. */
static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  g_autofree char *part = g_build_filename (fixture->state, "." IN_FORCE ".part", NULL);
  g_auto (BoloPolicyChoice) choice = {0};

  keep (fixture, 7, 20);
  expect (fixture, TRUE, 7, 20, 0);
  keep (fixture, 8, 30);
  /* Nothing can be written under that name, by whomever. */
  g_assert_cmpint (g_mkdir (part, 0700), ==, 0);
  g_test_expect_message ("bolo-pushed-policy", G_LOG_LEVEL_WARNING, "*" IN_FORCE "*");
  g_assert_true (bolo_pushed_policy_start (fixture->state, fixture->own, &choice, NULL));
  g_test_assert_expected_messages ();
  g_assert_cmpint (choice.number, ==, 7);
  g_assert_cmpint (choice.waiting, ==, 8);
  g_assert_nonnull (choice.problem);
  g_assert_cmpint (g_rmdir (part), ==, 0);
  expect (fixture, TRUE, 8, 30, 0);
}

/* ---- kills --------------------------------------------------------------------------------- */

#define N_KILLS 40

/* One after the other, each through keeping and starting; tells each that is through. */
static void
work (Fixture *fixture, int out, gint64 first)
{
  for (gint64 number = first;; number++) {
    g_auto (BoloPolicyChoice) choice = {0};
    g_autofree char *text = make_text ((guint) (number % 1000) + 2);

    if (!keep_from (fixture, "hq", number, text, NULL) ||
        !bolo_pushed_policy_start (fixture->state, fixture->own, &choice, NULL) ||
        write (out, &number, sizeof number) != sizeof number)
      _exit (1);
  }
}

/* Killed at any instant, the one in force is whole and not older than the last that was through. */
static void
test_kills (Fixture *fixture, gconstpointer data)
{
  gint64 first = 1;

  for (guint i = 0; i < N_KILLS; i++) {
    g_auto (BoloPolicyChoice) choice = {0};
    g_autoptr (GError) error = NULL;
    int ends[2];
    int status;
    gint64 through = 0;
    gint64 number;
    pid_t child;

    g_assert_cmpint (pipe (ends), ==, 0);
    child = fork ();
    if (child == 0)
      work (fixture, ends[1], first);
    close (ends[1]);
    g_assert_cmpint (read (ends[0], &through, sizeof through), ==, sizeof through);
    g_usleep ((gulong) g_random_int_range (0, 3000));
    kill (child, SIGKILL);
    g_assert_cmpint (waitpid (child, &status, 0), ==, child);
    g_assert_true (WIFSIGNALED (status));
    while (read (ends[0], &number, sizeof number) == sizeof number)
      through = number;
    close (ends[0]);
    g_assert_true (bolo_pushed_policy_start (fixture->state, fixture->own, &choice, &error));
    g_assert_no_error (error);
    g_assert_null (choice.problem);
    g_assert_cmpint (choice.waiting, ==, 0);
    g_assert_cmpint (choice.number, >=, through);
    g_assert_cmpint (choice.number, <=, through + 1);
    g_assert_cmpuint (get_minutes (&choice), ==, choice.number % 1000 + 2);
    first = choice.number + 1;
  }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/pushed-policy/waits", test_waits);
  ADD ("/pushed-policy/refused", test_refused);
  ADD ("/pushed-policy/replay", test_replay);
  ADD ("/pushed-policy/withdrawn", test_withdrawn);
  ADD ("/pushed-policy/damaged", test_damaged);
  ADD ("/pushed-policy/words", test_words);
  ADD ("/pushed-policy/read-only", test_read_only);
  ADD ("/pushed-policy/kills", test_kills);
  return g_test_run ();
}
