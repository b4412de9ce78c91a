/* bolo-desk.c: the interface between what officers ask of lists and records and the faces
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-desk.h"

G_DEFINE_INTERFACE (BoloDesk, bolo_desk, G_TYPE_OBJECT)

typedef enum {
  SIGNAL_CHANGED,
} BoloDeskSignal;

static guint signals[SIGNAL_CHANGED + 1];

static void
bolo_desk_default_init (BoloDeskInterface *iface)
{
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", BOLO_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

BoloListState *
bolo_list_state_new (void)
{
  return g_new0 (BoloListState, 1);
}

void
bolo_list_state_free (BoloListState *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->name);
  g_free (self->title);
  g_free (self->kind);
  g_free (self->revision);
  g_free (self->signer);
  g_free (self);
}

GPtrArray *
bolo_desk_ref_lists (BoloDesk *self)
{
  g_return_val_if_fail (BOLO_IS_DESK (self), NULL);

  return BOLO_DESK_GET_IFACE (self)->ref_lists (self);
}

GPtrArray *
bolo_desk_ref_watches (BoloDesk *self)
{
  g_return_val_if_fail (BOLO_IS_DESK (self), NULL);

  return BOLO_DESK_GET_IFACE (self)->ref_watches (self);
}

GPtrArray *
bolo_desk_ref_silences (BoloDesk *self)
{
  g_return_val_if_fail (BOLO_IS_DESK (self), NULL);

  return BOLO_DESK_GET_IFACE (self)->ref_silences (self);
}

const char *const *
bolo_desk_get_reasons (BoloDesk *self)
{
  g_return_val_if_fail (BOLO_IS_DESK (self), NULL);

  return BOLO_DESK_GET_IFACE (self)->get_reasons (self);
}

void
bolo_desk_ask_async (BoloDesk *self,
                     const BoloAsk *ask,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_return_if_fail (BOLO_IS_DESK (self) && ask != NULL);

  BOLO_DESK_GET_IFACE (self)->ask_async (self, ask, cancellable, callback, user_data);
}

GPtrArray *
bolo_desk_ask_finish (BoloDesk *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BOLO_IS_DESK (self), NULL);

  return BOLO_DESK_GET_IFACE (self)->ask_finish (self, result, error);
}

void
bolo_desk_emit_changed (BoloDesk *self)
{
  g_return_if_fail (BOLO_IS_DESK (self));

  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}
