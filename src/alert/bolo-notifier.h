/* bolo-notifier.h: desktop notifications on a worker of their own, whatever the service does
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

#include "bolo-clock.h"

G_BEGIN_DECLS

/* BoloNotifier: functions for the owner's thread, none of which waits but stop. Signal, in the
 * context that it was given: "health" (BoloHealth *): "notification", on each change. */
#define BOLO_TYPE_NOTIFIER (bolo_notifier_get_type ())
G_DECLARE_FINAL_TYPE (BoloNotifier, bolo_notifier, BOLO, NOTIFIER, GObject)

BoloNotifier *bolo_notifier_new (BoloClock *clock, GMainContext *context);
/* Shows @title with @symbol. While the service does not answer, further ones are dropped. */
void bolo_notifier_show (BoloNotifier *self,
                         const char *title,
                         const char *symbol,
                         gboolean is_critical);
/* FALSE: the service still holds the worker, which ends by itself later. */
gboolean bolo_notifier_stop (BoloNotifier *self, guint deadline_ms);

G_END_DECLS
