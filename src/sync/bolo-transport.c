/* bolo-transport.c: a way to a back office: takes batches of items, brings lists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-transport.h"

#include "bolo-error.h"

G_DEFINE_INTERFACE (BoloTransport, bolo_transport, G_TYPE_OBJECT)

typedef enum {
  SIGNAL_BODY_READY,
  SIGNAL_BODY_SENT,
} BoloTransportSignal;

static guint signals[SIGNAL_BODY_SENT + 1];

static void
bolo_transport_default_init (BoloTransportInterface *iface)
{
  signals[SIGNAL_BODY_READY] = g_signal_new ("body-ready", BOLO_TYPE_TRANSPORT, G_SIGNAL_RUN_LAST,
                                             0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_BODY_SENT] = g_signal_new ("body-sent", BOLO_TYPE_TRANSPORT, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 0);
}

void
bolo_transport_get_traits (BoloTransport *self, BoloTransportTraits *traits)
{
  g_return_if_fail (BOLO_IS_TRANSPORT (self));
  g_return_if_fail (traits != NULL);

  *traits = (BoloTransportTraits){0};
  BOLO_TRANSPORT_GET_IFACE (self)->get_traits (self, traits);
}

gboolean
bolo_transport_connect (BoloTransport *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (BOLO_IS_TRANSPORT (self), FALSE);

  return BOLO_TRANSPORT_GET_IFACE (self)->connect (self, cancellable, error);
}

gboolean
bolo_transport_send (BoloTransport *self,
                     GPtrArray *items,
                     GCancellable *cancellable,
                     GError **error)
{
  g_return_val_if_fail (BOLO_IS_TRANSPORT (self), FALSE);
  g_return_val_if_fail (items != NULL, FALSE);

  return BOLO_TRANSPORT_GET_IFACE (self)->send (self, items, cancellable, error);
}

gboolean
bolo_transport_ask (BoloTransport *self,
                    GPtrArray *items,
                    GCancellable *cancellable,
                    GError **error)
{
  g_return_val_if_fail (BOLO_IS_TRANSPORT (self), FALSE);
  g_return_val_if_fail (items != NULL, FALSE);

  if (BOLO_TRANSPORT_GET_IFACE (self)->ask == NULL)
    return TRUE;
  return BOLO_TRANSPORT_GET_IFACE (self)->ask (self, items, cancellable, error);
}

gboolean
bolo_transport_fetch_lists (BoloTransport *self,
                            BoloListTaker *taker,
                            GCancellable *cancellable,
                            GError **error)
{
  g_return_val_if_fail (BOLO_IS_TRANSPORT (self), FALSE);
  g_return_val_if_fail (taker != NULL, FALSE);

  if (BOLO_TRANSPORT_GET_IFACE (self)->fetch_lists == NULL)
    return TRUE;
  return BOLO_TRANSPORT_GET_IFACE (self)->fetch_lists (self, taker, cancellable, error);
}

GPtrArray *
bolo_transport_fetch_shared (BoloTransport *self,
                             gint64 *after,
                             GCancellable *cancellable,
                             GError **error)
{
  g_return_val_if_fail (BOLO_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (after != NULL, NULL);

  if (BOLO_TRANSPORT_GET_IFACE (self)->fetch_shared == NULL)
    return g_ptr_array_new_with_free_func (g_object_unref);
  return BOLO_TRANSPORT_GET_IFACE (self)->fetch_shared (self, after, cancellable, error);
}

char *
bolo_transport_get_receipt (BoloTransport *self,
                            guint64 n_items,
                            const char *sha256,
                            GCancellable *cancellable,
                            GError **error)
{
  g_return_val_if_fail (BOLO_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);

  if (BOLO_TRANSPORT_GET_IFACE (self)->get_receipt == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED, "This back office gives no receipts");
    return NULL;
  }
  return BOLO_TRANSPORT_GET_IFACE (self)->get_receipt (self, n_items, sha256, cancellable, error);
}

void
bolo_transport_note_backlog (BoloTransport *self, const BoloUnsentCounts *counts)
{
  g_return_if_fail (BOLO_IS_TRANSPORT (self));
  g_return_if_fail (counts != NULL);

  if (BOLO_TRANSPORT_GET_IFACE (self)->note_backlog != NULL)
    BOLO_TRANSPORT_GET_IFACE (self)->note_backlog (self, counts);
}

BoloTransport *
bolo_transport_make_second (BoloTransport *self)
{
  g_return_val_if_fail (BOLO_IS_TRANSPORT (self), NULL);

  if (BOLO_TRANSPORT_GET_IFACE (self)->make_second == NULL)
    return NULL;
  return BOLO_TRANSPORT_GET_IFACE (self)->make_second (self);
}

void
bolo_transport_disconnect (BoloTransport *self)
{
  g_return_if_fail (BOLO_IS_TRANSPORT (self));

  if (BOLO_TRANSPORT_GET_IFACE (self)->disconnect != NULL)
    BOLO_TRANSPORT_GET_IFACE (self)->disconnect (self);
}

BoloTransportFailure
bolo_transport_judge (const GError *error)
{
  g_return_val_if_fail (error != NULL, BOLO_TRANSPORT_RETRY);

  if (error->domain != BOLO_ERROR)
    return BOLO_TRANSPORT_RETRY;
  switch ((BoloError) error->code) {
  case BOLO_ERROR_AUTH:
  case BOLO_ERROR_SIGNATURE:
  case BOLO_ERROR_PERMISSION:
  case BOLO_ERROR_INVALID_DATA:
  case BOLO_ERROR_NOT_SUPPORTED:
  case BOLO_ERROR_STALE:
    return BOLO_TRANSPORT_REFUSED;
  case BOLO_ERROR_NOT_FOUND:
  case BOLO_ERROR_NOTHING_TO_DO:
  case BOLO_ERROR_BUSY:
  case BOLO_ERROR_OFFLINE:
  case BOLO_ERROR_TIMED_OUT:
  case BOLO_ERROR_NO_SPACE:
  case BOLO_ERROR_DEVICE_LOST:
  case BOLO_ERROR_INTERNAL:
    return BOLO_TRANSPORT_RETRY;
  }
  return BOLO_TRANSPORT_RETRY;
}

void
bolo_transport_emit_body_ready (BoloTransport *self)
{
  g_return_if_fail (BOLO_IS_TRANSPORT (self));

  g_signal_emit (self, signals[SIGNAL_BODY_READY], 0);
}

void
bolo_transport_emit_body_sent (BoloTransport *self)
{
  g_return_if_fail (BOLO_IS_TRANSPORT (self));

  g_signal_emit (self, signals[SIGNAL_BODY_SENT], 0);
}
