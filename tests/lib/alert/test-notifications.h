/* test-notifications.h: a notification service on a bus of its own, which can be told to hang
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* TestNotifications: serves org.freedesktop.Notifications from a thread of its own. */
typedef struct _TestNotifications TestNotifications;

/* Starts a private bus for this process (DBUS_SESSION_BUS_ADDRESS), without the service. */
TestNotifications *test_notifications_new (void);
void test_notifications_free (TestNotifications *self);
/* Takes the name, or gives it up as a service that ends. */
void test_notifications_set_present (TestNotifications *self, gboolean is_present);
/* Calls get no answer at all from now on. */
void test_notifications_set_hanging (TestNotifications *self, gboolean is_hanging);
/* (transfer full) (nullable): "summary|body|urgency" of the next notification that comes, in the
 * order in which they came; NULL when none does. */
char *test_notifications_wait (TestNotifications *self, guint deadline_ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestNotifications, test_notifications_free)

G_END_DECLS
