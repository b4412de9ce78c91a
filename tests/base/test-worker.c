/* test-worker.c: order, hand-over and shutdown of a worker
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bolo-error.h"
#include "bolo-priority.h"
#include "bolo-worker.h"

typedef struct {
  BoloWorker *worker;
  GArray *order;
  guint destroyed;
  gboolean was_current;
} Posted;

typedef struct {
  Posted *posted;
  guint number;
} Item;

static gboolean
append_number (gpointer data)
{
  Item *item = data;

  g_array_append_val (item->posted->order, item->number);
  item->posted->was_current = bolo_worker_is_current (item->posted->worker);
  return G_SOURCE_REMOVE;
}

static void
item_destroy (gpointer data)
{
  Item *item = data;

  item->posted->destroyed++;
  g_free (item);
}

static void
post_number (Posted *posted, guint number)
{
  Item *item = g_new0 (Item, 1);

  item->posted = posted;
  item->number = number;
  bolo_worker_post (posted->worker, append_number, item, item_destroy);
}

static void
test_posts_run_in_order_before_the_end (void)
{
  g_autoptr (BoloWorker) worker = bolo_worker_new ("test-worker");
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));
  Posted posted = {.worker = worker, .order = order};

  for (guint i = 0; i < 100; i++)
    post_number (&posted, i);
  g_assert_true (bolo_worker_stop (worker, 10000));
  g_assert_true (bolo_worker_stop (worker, 10000));

  g_assert_cmpuint (order->len, ==, 100);
  for (guint i = 0; i < 100; i++)
    g_assert_cmpuint (g_array_index (order, guint, i), ==, i);
  g_assert_cmpuint (posted.destroyed, ==, 100);
  g_assert_true (posted.was_current);
  g_assert_false (bolo_worker_is_current (worker));

  post_number (&posted, 100);
  g_assert_cmpuint (order->len, ==, 100);
  g_assert_cmpuint (posted.destroyed, ==, 101);
}

static gboolean
take_nice (gpointer data)
{
  int *nice_value = data;

  *nice_value = getpriority (PRIO_PROCESS, (id_t) syscall (SYS_gettid));
  return G_SOURCE_REMOVE;
}

/* Only that thread, and counted from the main one. */
static void
test_lowered (void)
{
  g_autoptr (BoloWorker) worker = bolo_worker_new ("test-worker");
  int main_nice = getpriority (PRIO_PROCESS, (id_t) getpid ());
  int nice_value = 0;

  bolo_worker_lower (worker, BOLO_NICE_BEHIND);
  bolo_worker_post (worker, take_nice, &nice_value, NULL);
  g_assert_true (bolo_worker_stop (worker, 10000));
  g_assert_cmpint (nice_value, ==, MIN (main_nice + BOLO_NICE_BEHIND, 19));
  g_assert_cmpint (getpriority (PRIO_PROCESS, (id_t) getpid ()), ==, main_nice);
}

static void
return_seven (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_assert_true (bolo_worker_is_current (data));
  g_task_return_int (task, 7);
}

typedef struct {
  gssize value;
  GError *error;
  gboolean is_done;
} Outcome;

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->value = g_task_propagate_int (G_TASK (result), &outcome->error);
  outcome->is_done = TRUE;
}

static void
run_task (BoloWorker *worker, Outcome *outcome)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_ready, outcome);

  g_task_set_task_data (task, worker, NULL);
  bolo_worker_run_task (worker, task, return_seven);
  while (!outcome->is_done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_task_returns_to_its_context (void)
{
  g_autoptr (BoloWorker) worker = bolo_worker_new ("test-worker");
  Outcome outcome = {0};
  Outcome late = {0};

  run_task (worker, &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpint (outcome.value, ==, 7);

  g_assert_true (bolo_worker_stop (worker, 10000));
  run_task (worker, &late);
  g_assert_error (late.error, BOLO_ERROR, BOLO_ERROR_BUSY);
  g_clear_error (&late.error);
}

typedef struct {
  GMutex mutex;
} Gate;

static gboolean
pass_gate (gpointer data)
{
  Gate *gate = data;

  g_mutex_lock (&gate->mutex);
  g_mutex_unlock (&gate->mutex);
  return G_SOURCE_REMOVE;
}

static void
test_stop_keeps_its_deadline (void)
{
  g_autoptr (BoloWorker) worker = bolo_worker_new ("test-worker");
  Gate gate;

  g_mutex_init (&gate.mutex);
  g_mutex_lock (&gate.mutex);
  bolo_worker_post (worker, pass_gate, &gate, NULL);
  g_assert_false (bolo_worker_stop (worker, 20));
  g_mutex_unlock (&gate.mutex);
  g_assert_true (bolo_worker_stop (worker, 10000));
  g_mutex_clear (&gate.mutex);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/worker/order", test_posts_run_in_order_before_the_end);
  g_test_add_func ("/worker/lowered", test_lowered);
  g_test_add_func ("/worker/task", test_task_returns_to_its_context);
  g_test_add_func ("/worker/deadline", test_stop_keeps_its_deadline);
  return g_test_run ();
}
