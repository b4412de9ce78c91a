/* test-watch-book.c: what officers add in the car is kept, ended and queued, also over a restart
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "bolo-db-files.h"
#include "bolo-db.h"
#include "bolo-error.h"
#include "bolo-outbox.h"
#include "bolo-watch-book.h"

#define NOW_US G_GINT64_CONSTANT (1773508800000000)

static const char *const hq[] = {"hq", NULL};

typedef struct {
  char *folder;
  char *path;
  BoloWatchBook *book;
} Fixture;

static void
open_book (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *aside = NULL;

  fixture->book = bolo_watch_book_open (fixture->folder, NOW_US, &aside, &error);
  g_assert_no_error (error);
  g_assert_null (aside);
}

static void
reopen (Fixture *fixture)
{
  g_clear_pointer (&fixture->book, bolo_watch_book_close);
  open_book (fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bolo-watch-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "watch.db", NULL);
  open_book (fixture);
  g_assert_true (bolo_watch_book_set_receivers (fixture->book, hq, NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->book, bolo_watch_book_close);
  g_assert_true (bolo_db_files_remove (fixture->path, NULL));
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static BoloWatch *
make_watch (const char *id, const char *mark)
{
  BoloWatch *watch = bolo_watch_new ();

  watch->id = g_strdup (id);
  watch->mark = g_strdup (mark);
  watch->reason = g_strdup ("Seen at the scene");
  watch->category = g_strdup (BOLO_WATCH_LIST);
  watch->description = g_strdup ("dark van");
  watch->officer = g_strdup ("PC 4127");
  watch->added_us = NOW_US;
  watch->expires_us = NOW_US + G_TIME_SPAN_HOUR;
  return watch;
}

static void
add_watch (Fixture *fixture, const char *id, const char *mark)
{
  g_autoptr (BoloWatch) watch = make_watch (id, mark);
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_watch_book_add (fixture->book, watch, &error));
  g_assert_no_error (error);
}

static GPtrArray *
list (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *watches = bolo_watch_book_list (fixture->book, &error);

  g_assert_no_error (error);
  return watches;
}

static void
assert_queued (Fixture *fixture, const char *topics)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloDb) db = bolo_db_open (fixture->path, NULL, 0, &error);
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GString) found = g_string_new (NULL);

  g_assert_no_error (error);
  items = bolo_outbox_list_due (
    db, &(BoloOutboxQuery){"hq", NOW_US + G_TIME_SPAN_DAY, 9, 100, 100000, NULL, NULL}, &error);
  for (guint i = 0; i < items->len; i++)
    g_string_append_printf (found, "%s ", ((BoloOutboxItem *) items->pdata[i])->topic);
  g_assert_cmpstr (found->str, ==, topics);
}

static void
test_watch (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) watches = NULL;
  const BoloWatch *watch;

  add_watch (fixture, "one", "AB?2*");
  add_watch (fixture, "two", "CD34EFG");
  reopen (fixture);
  watches = list (fixture);
  g_assert_cmpuint (watches->len, ==, 2);
  watch = g_ptr_array_index (watches, 0);
  g_assert_cmpstr (watch->id, ==, "one");
  g_assert_cmpstr (watch->mark, ==, "AB?2*");
  g_assert_cmpstr (watch->reason, ==, "Seen at the scene");
  g_assert_cmpstr (watch->category, ==, "watch");
  g_assert_cmpstr (watch->description, ==, "dark van");
  g_assert_cmpstr (watch->officer, ==, "PC 4127");
  g_assert_cmpint (watch->added_us, ==, NOW_US);
  g_assert_cmpint (watch->expires_us, ==, NOW_US + G_TIME_SPAN_HOUR);
  assert_queued (fixture, "watch watch ");
}

static void
test_same_id (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloWatch) watch = make_watch ("one", "CD34EFG");
  g_autoptr (GPtrArray) watches = NULL;
  g_autoptr (GError) error = NULL;

  add_watch (fixture, "one", "AB12CDE");
  g_assert_false (bolo_watch_book_add (fixture->book, watch, &error));
  g_assert_nonnull (error);
  /* Nothing of the failed one is there, in the outbox neither, and the book goes on. */
  watches = list (fixture);
  g_assert_cmpuint (watches->len, ==, 1);
  assert_queued (fixture, "watch ");
  add_watch (fixture, "two", "EF56GHJ");
}

static void
test_ends (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) watches = NULL;
  g_autoptr (GError) error = NULL;

  add_watch (fixture, "by hand", "AB12CDE");
  add_watch (fixture, "by itself", "CD34EFG");
  g_assert_true (bolo_watch_book_remove (fixture->book, "by hand", "PC 1", NOW_US + 1, &error));
  g_assert_true (bolo_watch_book_remove (fixture->book, "by itself", NULL, NOW_US + 2, &error));
  g_assert_no_error (error);
  watches = list (fixture);
  g_assert_cmpuint (watches->len, ==, 0);
  assert_queued (fixture, "watch watch watch-end watch-end ");
  g_assert_false (bolo_watch_book_remove (fixture->book, "by hand", "PC 1", NOW_US, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (bolo_watch_book_end_silence (fixture->book, "by hand", "PC 1", NOW_US, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
}

/* Ended and sent, or never to be sent, and old: forgotten, to the last byte on the disk. */
static void
test_purge (Fixture *fixture, gconstpointer data)
{
  static const char *const receivers[] = {"hq", NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) watches = NULL;
  g_autofree char *bytes = NULL;
  guint n_purged = 9;
  gsize length = 0;

  add_watch (fixture, "in force", "AB12CDE");
  add_watch (fixture, "unsent", "CD34EFG");
  g_assert_true (bolo_watch_book_remove (fixture->book, "unsent", NULL, NOW_US, &error));
  g_assert_true (bolo_watch_book_purge (fixture->book, NOW_US + 1, &n_purged, &error));
  g_assert_cmpuint (n_purged, ==, 0);
  g_assert_true (bolo_watch_book_set_receivers (fixture->book, receivers + 1, &error));
  add_watch (fixture, "old", "ZZ99ZZZ");
  g_assert_true (bolo_watch_book_remove (fixture->book, "old", NULL, NOW_US, &error));
  g_assert_true (bolo_watch_book_purge (fixture->book, NOW_US, &n_purged, &error));
  g_assert_cmpuint (n_purged, ==, 0);
  g_assert_true (bolo_watch_book_purge (fixture->book, NOW_US + 1, &n_purged, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_purged, ==, 2);
  watches = list (fixture);
  g_assert_cmpuint (watches->len, ==, 1);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &length, NULL));
  g_assert_null (memmem (bytes, length, "ZZ99ZZZ", strlen ("ZZ99ZZZ")));
  g_assert_nonnull (memmem (bytes, length, "AB12CDE", strlen ("AB12CDE")));
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloSilence) silence = bolo_silence_new ();
  g_autoptr (GPtrArray) silences = NULL;
  g_autoptr (GError) error = NULL;
  const BoloSilence *found;

  silence->id = g_strdup ("s1");
  silence->list = g_strdup ("stolen");
  silence->plate = g_strdup ("KX68YZT");
  silence->kind = BOLO_SILENCE_NOT_THIS_VEHICLE;
  silence->reason = g_strdup ("A Golf, the list has a Focus");
  silence->officer = g_strdup ("PC 4127");
  silence->added_us = NOW_US;
  silence->until_us = NOW_US + G_TIME_SPAN_HOUR;
  g_assert_true (bolo_watch_book_silence (fixture->book, silence, &error));
  g_assert_no_error (error);
  reopen (fixture);
  silences = bolo_watch_book_list_silences (fixture->book, &error);
  g_assert_cmpuint (silences->len, ==, 1);
  found = g_ptr_array_index (silences, 0);
  g_assert_cmpstr (found->list, ==, "stolen");
  g_assert_cmpstr (found->plate, ==, "KX68YZT");
  g_assert_null (found->reference);
  g_assert_cmpint (found->kind, ==, BOLO_SILENCE_NOT_THIS_VEHICLE);
  g_assert_cmpstr (found->reason, ==, "A Golf, the list has a Focus");
  g_assert_cmpint (found->until_us, ==, NOW_US + G_TIME_SPAN_HOUR);
  g_assert_true (bolo_watch_book_end_silence (fixture->book, "s1", "PC 1", NOW_US, &error));
  g_clear_pointer (&silences, g_ptr_array_unref);
  silences = bolo_watch_book_list_silences (fixture->book, &error);
  g_assert_cmpuint (silences->len, ==, 0);
  assert_queued (fixture, "silence silence-end ");
}

/* A change by another program shows, one of our own does not. */
static void
test_change (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BoloWatchBook *other = bolo_watch_book_open (fixture->folder, NOW_US, NULL, &error);
  g_autoptr (BoloWatch) watch = make_watch ("theirs", "AB12CDE");
  gint64 first, second;

  g_assert_no_error (error);
  g_assert_true (bolo_watch_book_get_change (fixture->book, &first, &error));
  add_watch (fixture, "ours", "CD34EFG");
  g_assert_true (bolo_watch_book_get_change (fixture->book, &second, &error));
  g_assert_cmpint (first, ==, second);
  g_assert_true (bolo_watch_book_add (other, watch, &error));
  g_assert_true (bolo_watch_book_get_change (fixture->book, &second, &error));
  g_assert_cmpint (first, !=, second);
  bolo_watch_book_close (other);
}

static void
test_damaged (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bolo-watch-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "watch.db", NULL);
  g_autofree char *aside = NULL;
  g_autoptr (GError) error = NULL;
  BoloWatchBook *book;

  g_assert_true (g_file_set_contents (path, "This is no database at all.", -1, NULL));
  g_test_expect_message ("bolo-watch-book", G_LOG_LEVEL_WARNING, "*set aside*");
  book = bolo_watch_book_open (folder, NOW_US, &aside, &error);
  g_test_assert_expected_messages ();
  g_assert_no_error (error);
  g_assert_nonnull (aside);
  g_assert_true (g_file_test (aside, G_FILE_TEST_EXISTS));
  bolo_watch_book_close (book);
  g_assert_true (bolo_db_files_remove (path, NULL));
  g_assert_cmpint (g_unlink (aside), ==, 0);
  g_rmdir (folder);
}

static void
test_no_folder (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bolo_watch_book_open ("/nonexistent/bolo", NOW_US, NULL, &error));
  g_assert_nonnull (error);
}

static void
test_unsent (Fixture *fixture, gconstpointer data)
{
  static const char *const later[] = {"hq", "later", NULL};
  const BoloUnsentQuery query = {"later", NOW_US + G_TIME_SPAN_DAY, BOLO_URGENCY_WATCH, 100, 100000,
                                 FALSE};
  BoloUnsentCounts counts = {.oldest_us = -1};
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) error = NULL;
  const BoloOutgoing *item;

  add_watch (fixture, "one", "AB12CDE");
  g_assert_true (bolo_watch_book_remove (fixture->book, "one", "PC 9", NOW_US + 5, &error));
  /* Who comes later is told of all that is in the book. */
  g_assert_true (bolo_watch_book_set_receivers (fixture->book, later, &error));
  g_assert_no_error (error);
  items = bolo_watch_book_list_unsent (fixture->book, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 2);
  item = items->pdata[0];
  g_assert_cmpint (item->topic, ==, BOLO_TOPIC_WATCH);
  g_assert_cmpstr (((BoloColumn *) item->columns->pdata[1])->text, ==, "AB12CDE");
  item = items->pdata[1];
  g_assert_cmpint (item->topic, ==, BOLO_TOPIC_WATCH_END);
  g_assert_cmpint (((BoloColumn *) item->columns->pdata[1])->number, ==, NOW_US + 5);
  g_assert_cmpstr (((BoloColumn *) item->columns->pdata[2])->text, ==, "PC 9");
  bolo_outgoing_answer (items->pdata[0], BOLO_RESULT_STORED, NULL);
  g_assert_true (bolo_watch_book_settle (fixture->book, "later", items, 0, &error));
  g_assert_true (bolo_watch_book_count_unsent (fixture->book, "later", &counts, &error));
  g_assert_cmpint (counts.items[BOLO_TOPIC_WATCH], ==, 0);
  g_assert_cmpint (counts.items[BOLO_TOPIC_WATCH_END], ==, 1);
  assert_queued (fixture, "watch watch-end ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/watch-book/watch", test_watch);
  ADD ("/watch-book/same-id", test_same_id);
  ADD ("/watch-book/ends", test_ends);
  ADD ("/watch-book/purge", test_purge);
  ADD ("/watch-book/silence", test_silence);
  ADD ("/watch-book/change", test_change);
  g_test_add_func ("/watch-book/damaged", test_damaged);
  g_test_add_func ("/watch-book/no-folder", test_no_folder);
  g_test_add ("/watch-book/unsent", Fixture, NULL, set_up, test_unsent, tear_down);
  return g_test_run ();
}
