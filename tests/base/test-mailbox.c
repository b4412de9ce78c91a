/* test-mailbox.c: both modes of the mailbox, alone and between threads
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-mailbox.h"

static void
test_live_keeps_the_newest (void)
{
  g_autoptr (BoloMailbox) box = bolo_mailbox_new (BOLO_MAILBOX_LIVE, g_free);
  g_autofree char *taken = NULL;

  g_assert_true (bolo_mailbox_is_empty (box));
  g_assert_true (bolo_mailbox_put (box, g_strdup ("old")));
  g_assert_true (bolo_mailbox_put (box, g_strdup ("new")));
  g_assert_cmpuint (bolo_mailbox_get_put_count (box), ==, 2);
  g_assert_cmpuint (bolo_mailbox_get_drop_count (box), ==, 1);
  taken = bolo_mailbox_take (box);
  g_assert_cmpstr (taken, ==, "new");
  g_assert_null (bolo_mailbox_take (box));
}

#define N_ITEMS 1000

static gpointer
put_many (gpointer data)
{
  BoloMailbox *box = data;

  for (guint i = 1; i <= N_ITEMS; i++)
    bolo_mailbox_put (box, GUINT_TO_POINTER (i));
  bolo_mailbox_close (box);
  return NULL;
}

static void
test_lock_step_loses_nothing (void)
{
  g_autoptr (BoloMailbox) box = bolo_mailbox_new (BOLO_MAILBOX_LOCK_STEP, NULL);
  GThread *thread = g_thread_new ("putter", put_many, box);
  guint expected = 1;
  gpointer item;

  while ((item = bolo_mailbox_wait (box, -1)) != NULL)
    g_assert_cmpuint (GPOINTER_TO_UINT (item), ==, expected++);
  g_thread_join (thread);
  g_assert_cmpuint (expected, ==, N_ITEMS + 1);
  g_assert_cmpuint (bolo_mailbox_get_drop_count (box), ==, 0);
}

static void
test_wait_gives_up (void)
{
  g_autoptr (BoloMailbox) box = bolo_mailbox_new (BOLO_MAILBOX_LIVE, NULL);

  g_assert_null (bolo_mailbox_wait (box, 1000));
}

static gboolean was_freed; /* (test's own) set by the free function below */

static void
note_freed (gpointer item)
{
  was_freed = TRUE;
}

static void
test_closed_refuses_and_reopens (void)
{
  g_autoptr (BoloMailbox) box = bolo_mailbox_new (BOLO_MAILBOX_LIVE, note_freed);

  g_assert_true (bolo_mailbox_put (box, GINT_TO_POINTER (1)));
  bolo_mailbox_close (box);
  g_assert_true (bolo_mailbox_is_closed (box));
  g_assert_cmpint (GPOINTER_TO_INT (bolo_mailbox_wait (box, -1)), ==, 1);
  g_assert_null (bolo_mailbox_wait (box, -1));
  was_freed = FALSE;
  g_assert_false (bolo_mailbox_put (box, GINT_TO_POINTER (2)));
  g_assert_true (was_freed);
  bolo_mailbox_reopen (box);
  g_assert_true (bolo_mailbox_put (box, GINT_TO_POINTER (3)));
  g_assert_cmpint (GPOINTER_TO_INT (bolo_mailbox_take (box)), ==, 3);
}

static gpointer
put_two (gpointer data)
{
  g_assert_true (bolo_mailbox_put (data, GINT_TO_POINTER (1)));
  return GINT_TO_POINTER (bolo_mailbox_put (data, GINT_TO_POINTER (2)) ? 1 : 2);
}

static void
test_close_frees_a_waiting_putter (void)
{
  g_autoptr (BoloMailbox) box = bolo_mailbox_new (BOLO_MAILBOX_LOCK_STEP, NULL);
  GThread *thread = g_thread_new ("putter", put_two, box);

  while (bolo_mailbox_is_empty (box))
    g_thread_yield ();
  bolo_mailbox_close (box);
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==, 2);
}

static void
count_notify (gpointer data)
{
  (*(guint *) data)++;
}

static void
test_notify_after_put_and_close (void)
{
  g_autoptr (BoloMailbox) box = bolo_mailbox_new (BOLO_MAILBOX_LIVE, NULL);
  guint count = 0;

  bolo_mailbox_set_notify (box, count_notify, &count);
  bolo_mailbox_put (box, GINT_TO_POINTER (1));
  g_assert_cmpuint (count, ==, 1);
  bolo_mailbox_close (box);
  g_assert_cmpuint (count, ==, 2);
  bolo_mailbox_set_notify (box, NULL, NULL);
  bolo_mailbox_close (box);
  g_assert_cmpuint (count, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mailbox/live/newest", test_live_keeps_the_newest);
  g_test_add_func ("/mailbox/lock-step/all", test_lock_step_loses_nothing);
  g_test_add_func ("/mailbox/wait-gives-up", test_wait_gives_up);
  g_test_add_func ("/mailbox/closed", test_closed_refuses_and_reopens);
  g_test_add_func ("/mailbox/close-frees-putter", test_close_frees_a_waiting_putter);
  g_test_add_func ("/mailbox/notify", test_notify_after_put_and_close);
  return g_test_run ();
}
