/* test-transport.c: a way to nowhere that does as it is told: fails, forgets, refuses, cuts off
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "test-transport.h"

#include "bolo-error.h"

static void test_transport_iface_init (BoloTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestTransport,
                               test_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOLO_TYPE_TRANSPORT,
                                                      test_transport_iface_init))

/* How long two that should meet wait for each other. */
#define MEET_US (20 * G_TIME_SPAN_SECOND)

static void
note_call (TestTransport *self, const char *what, guint n)
{
  g_ptr_array_add (self->calls, g_strdup_printf ("%s %u", what, n));
}

static void
get_traits (BoloTransport *transport, BoloTransportTraits *traits)
{
  *traits = TEST_TRANSPORT (transport)->traits;
}

static gboolean
do_connect (BoloTransport *transport, GCancellable *cancellable, GError **error)
{
  TestTransport *self = TEST_TRANSPORT (transport);

  if (self->elder != NULL) {
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->elder->mutex);

    note_call (self->elder, "second", 0);
    return TRUE;
  }
  note_call (self, "connect", 0);
  if (self->connect_error == NULL || self->n_refusals == 0)
    return TRUE;
  self->n_refusals--;
  g_propagate_error (error, g_error_copy (self->connect_error));
  return FALSE;
}

static char *
make_key (const BoloOutgoing *item)
{
  return g_strdup_printf ("%s %s %d", bolo_topic_to_string (item->topic), item->id,
                          (int) item->state);
}

static void
keep (TestTransport *self, BoloOutgoing *item)
{
  g_autofree char *key = make_key (item);
  GByteArray *piece;

  if (item->picture != NULL && item->length > 0) {
    piece = g_hash_table_lookup (self->pieces, key);
    if (piece == NULL) {
      piece = g_byte_array_new ();
      g_hash_table_insert (self->pieces, g_strdup (key), piece);
    }
    g_assert_cmpuint (item->offset, ==, piece->len);
    g_byte_array_append (piece,
                         (const guint8 *) g_bytes_get_data (item->picture, NULL) + item->offset,
                         (guint) item->length);
    item->kept = piece->len;
    if (piece->len < g_bytes_get_size (item->picture)) {
      bolo_outgoing_answer (item, BOLO_RESULT_PARTIAL, NULL);
      return;
    }
  }
  if (g_hash_table_add (self->kept, g_strdup (key))) {
    g_ptr_array_add (self->log, g_steal_pointer (&key));
    bolo_outgoing_answer (item, BOLO_RESULT_STORED, NULL);
  } else {
    self->n_twice++;
    bolo_outgoing_answer (item, BOLO_RESULT_KNOWN, NULL);
  }
}

static gboolean
break_off (GError **error)
{
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_OFFLINE, "the link was cut");
  return FALSE;
}

static gboolean
hang (GCancellable *cancellable, GError **error)
{
  while (!g_cancellable_is_cancelled (cancellable))
    g_usleep (10000);
  return break_off (error);
}

static TestBehaviour
take_behaviour (GArray *script)
{
  TestBehaviour behaviour = TEST_TAKE;

  if (script->len > 0) {
    behaviour = g_array_index (script, TestBehaviour, 0);
    g_array_remove_index (script, 0);
  }
  return behaviour;
}

/* The first sends over second connections wait for one another; with the mutex. */
static void
meet (TestTransport *self)
{
  gint64 until_us = g_get_monotonic_time () + MEET_US;

  self->n_inside++;
  self->n_met = MAX (self->n_met, self->n_inside);
  g_cond_broadcast (&self->changed);
  while ((self->n_met < 2 || self->is_held) &&
         g_cond_wait_until (&self->changed, &self->mutex, until_us))
    ;
  self->n_inside--;
}

static gboolean
take_batch (TestTransport *self,
            TestBehaviour behaviour,
            GPtrArray *items,
            GCancellable *cancellable,
            GError **error)
{
  if (behaviour == TEST_HANG)
    return hang (cancellable, error);
  if (behaviour == TEST_CUT_BEFORE)
    return break_off (error);
  for (guint i = 0; i < items->len; i++) {
    BoloOutgoing *item = items->pdata[i];

    if (behaviour == TEST_AGAIN)
      bolo_outgoing_answer (item, BOLO_RESULT_AGAIN, "the disk is full");
    else if (behaviour == TEST_REJECT)
      bolo_outgoing_answer (item, BOLO_RESULT_REJECTED, "no such car");
    else if (behaviour != TEST_HALF || i < items->len / 2)
      keep (self, item);
    if (behaviour == TEST_CUT_AFTER || (behaviour == TEST_FORGET_LAST && i == items->len - 1))
      bolo_outgoing_answer (item, BOLO_RESULT_UNKNOWN, NULL);
  }
  return behaviour == TEST_CUT_AFTER || behaviour == TEST_HALF ? break_off (error) : TRUE;
}

/* Packs and has its turn. The first one keeps it until another one is packed. */
static void
go (TestTransport *self, BoloTransport *second)
{
  gint64 until_us = g_get_monotonic_time () + MEET_US;

  g_mutex_lock (&self->mutex);
  self->n_packed++;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  bolo_transport_emit_body_ready (second);
  g_mutex_lock (&self->mutex);
  self->n_going++;
  self->n_going_max = MAX (self->n_going_max, self->n_going);
  while (self->n_packed < 2 && g_cond_wait_until (&self->changed, &self->mutex, until_us))
    ;
  self->n_going--;
  g_mutex_unlock (&self->mutex);
  bolo_transport_emit_body_sent (second);
}

static gboolean
do_send (BoloTransport *transport, GPtrArray *items, GCancellable *cancellable, GError **error)
{
  TestTransport *self = TEST_TRANSPORT (transport);
  TestTransport *elder = self->elder;
  TestBehaviour behaviour;

  if (elder == NULL) {
    note_call (self, "send", items->len);
    return take_batch (self, take_behaviour (self->script), items, cancellable, error);
  }
  go (elder, transport);
  g_mutex_lock (&elder->mutex);
  note_call (elder, "beside", items->len);
  behaviour = take_behaviour (elder->seconds_script);
  meet (elder);
  g_mutex_unlock (&elder->mutex);
  if (behaviour == TEST_HANG)
    return hang (cancellable, error);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&elder->mutex);
  return take_batch (elder, behaviour, items, cancellable, error);
}

static BoloTransport *
make_second (BoloTransport *transport)
{
  TestTransport *self = TEST_TRANSPORT (transport);
  TestTransport *second;

  if (!self->has_seconds)
    return NULL;
  second = test_transport_new ();
  second->elder = self;
  return BOLO_TRANSPORT (second);
}

static gboolean
do_ask (BoloTransport *transport, GPtrArray *items, GCancellable *cancellable, GError **error)
{
  TestTransport *self = TEST_TRANSPORT (transport);

  note_call (self, "ask", items->len);
  for (guint i = 0; i < items->len; i++) {
    BoloOutgoing *item = items->pdata[i];
    g_autofree char *key = make_key (item);
    GByteArray *piece = g_hash_table_lookup (self->pieces, key);

    if (g_hash_table_contains (self->kept, key)) {
      bolo_outgoing_answer (item, BOLO_RESULT_KNOWN, NULL);
    } else if (piece != NULL) {
      bolo_outgoing_answer (item, BOLO_RESULT_PARTIAL, NULL);
      item->kept = piece->len;
    }
  }
  return TRUE;
}

static gboolean
do_fetch_lists (BoloTransport *transport,
                BoloListTaker *taker,
                GCancellable *cancellable,
                GError **error)
{
  TestTransport *self = TEST_TRANSPORT (transport);

  note_call (self, "lists", 0);
  if (self->lists_error == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (self->lists_error));
  return FALSE;
}

static char *
do_get_receipt (BoloTransport *transport,
                guint64 n_items,
                const char *sha256,
                GCancellable *cancellable,
                GError **error)
{
  note_call (TEST_TRANSPORT (transport), "receipt", (guint) n_items);
  return g_strdup_printf ("{\"items\":%u,\"sha256\":\"%s\"}\n", (guint) n_items, sha256);
}

static void
test_transport_iface_init (BoloTransportInterface *iface)
{
  iface->get_traits = get_traits;
  iface->connect = do_connect;
  iface->send = do_send;
  iface->ask = do_ask;
  iface->fetch_lists = do_fetch_lists;
  iface->get_receipt = do_get_receipt;
  iface->make_second = make_second;
}

static void
test_transport_finalize (GObject *object)
{
  TestTransport *self = TEST_TRANSPORT (object);

  g_array_unref (self->script);
  g_array_unref (self->seconds_script);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_ptr_array_unref (self->log);
  g_ptr_array_unref (self->calls);
  g_hash_table_unref (self->kept);
  g_hash_table_unref (self->pieces);
  g_clear_error (&self->connect_error);
  g_clear_error (&self->lists_error);
  G_OBJECT_CLASS (test_transport_parent_class)->finalize (object);
}

static void
test_transport_class_init (TestTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_transport_finalize;
}

static void
test_transport_init (TestTransport *self)
{
  self->traits.batch_bytes = 1024 * 1024;
  self->traits.piece_bytes = 64 * 1024;
  self->traits.has_lists = TRUE;
  self->traits.has_receipts = TRUE;
  self->script = g_array_new (FALSE, FALSE, sizeof (TestBehaviour));
  self->seconds_script = g_array_new (FALSE, FALSE, sizeof (TestBehaviour));
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->log = g_ptr_array_new_with_free_func (g_free);
  self->calls = g_ptr_array_new_with_free_func (g_free);
  self->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->pieces =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_byte_array_unref);
}

TestTransport *
test_transport_new (void)
{
  return g_object_new (TEST_TYPE_TRANSPORT, NULL);
}

void
test_transport_do (TestTransport *self, TestBehaviour behaviour)
{
  g_array_append_val (self->script, behaviour);
}

void
test_transport_do_beside (TestTransport *self, TestBehaviour behaviour)
{
  g_array_append_val (self->seconds_script, behaviour);
}

guint
test_transport_count (TestTransport *self, const char *prefix)
{
  guint n = 0;

  for (guint i = 0; i < self->calls->len; i++)
    n += g_str_has_prefix (self->calls->pdata[i], prefix);
  return n;
}
