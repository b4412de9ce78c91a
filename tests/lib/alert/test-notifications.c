/* test-notifications.c: a notification service on a bus of its own, which can be told to hang
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "test-notifications.h"

#include "test-sound-server.h"

#define NAME "org.freedesktop.Notifications"

struct _TestNotifications {
  GSubprocess *bus;
  GDBusConnection *connection;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  GAsyncQueue *shown; /* of char * */
  int is_hanging;     /* (atomic) */
  guint n_shown;      /* (thread) */
};

static const char interface_xml[] =
  "<node><interface name='org.freedesktop.Notifications'>"
  "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='as' direction='in'/><arg type='a{sv}' direction='in'/>"
  "<arg type='i' direction='in'/><arg type='u' direction='out'/></method>"
  "<method name='GetServerInformation'><arg type='s' direction='out'/>"
  "<arg type='s' direction='out'/><arg type='s' direction='out'/>"
  "<arg type='s' direction='out'/></method>"
  "<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
  "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
  "</interface></node>";

static char *
describe (GVariant *parameters)
{
  const char *summary = NULL;
  const char *body = NULL;
  g_autoptr (GVariant) hints = NULL;
  guchar urgency = 0;

  g_variant_get (parameters, "(&su&s&s&s@as@a{sv}i)", NULL, NULL, NULL, &summary, &body, NULL,
                 &hints, NULL);
  g_variant_lookup (hints, "urgency", "y", &urgency);
  return g_strdup_printf ("%s|%s|%u", summary, body, urgency);
}

static void
on_call (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer user_data)
{
  TestNotifications *self = user_data;

  if (g_atomic_int_get (&self->is_hanging)) {
    g_object_unref (invocation); /* never answered */
    return;
  }
  if (g_str_equal (method, "Notify")) {
    g_async_queue_push (self->shown, describe (parameters));
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", ++self->n_shown));
  } else if (g_str_equal (method, "GetServerInformation"))
    g_dbus_method_invocation_return_value (invocation,
                                           g_variant_new ("(ssss)", "test", "bolo", "1", "1.2"));
  else if (g_str_equal (method, "GetCapabilities"))
    g_dbus_method_invocation_return_value (invocation,
                                           g_variant_new ("(@as)", g_variant_new_strv (NULL, 0)));
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
}

static gpointer
serve (gpointer data)
{
  static const GDBusInterfaceVTable vtable = {.method_call = on_call};
  TestNotifications *self = data;
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (interface_xml, NULL);

  g_main_context_push_thread_default (self->context);
  g_dbus_connection_register_object (self->connection, "/org/freedesktop/Notifications",
                                     node->interfaces[0], &vtable, self, NULL, NULL);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

/* GTestDBus would wait for the process's own connection to go, which libnotify holds for good. */
static char *
start_bus (TestNotifications *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  char *address;

  g_subprocess_launcher_set_child_setup (launcher, test_die_with_parent, NULL, NULL);
  self->bus = g_subprocess_launcher_spawn (launcher, &error, "dbus-daemon", "--session", "--nofork",
                                           "--nopidfile", "--print-address", NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->bus));
  address = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (address);
  return address;
}

TestNotifications *
test_notifications_new (void)
{
  TestNotifications *self = g_new0 (TestNotifications, 1);
  g_autofree char *address = start_bus (self);
  g_autoptr (GError) error = NULL;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", address, TRUE);
  self->connection = g_dbus_connection_new_for_address_sync (
    address,
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  g_assert_no_error (error);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->shown = g_async_queue_new_full (g_free);
  self->thread = g_thread_new ("notifications", serve, self);
  return self;
}

void
test_notifications_free (TestNotifications *self)
{
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_object_unref (self->connection);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_async_queue_unref (self->shown);
  g_subprocess_force_exit (self->bus);
  g_subprocess_wait (self->bus, NULL, NULL);
  g_object_unref (self->bus);
  g_free (self);
}

void
test_notifications_set_present (TestNotifications *self, gboolean is_present)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
    self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
    is_present ? "RequestName" : "ReleaseName",
    is_present ? g_variant_new ("(su)", NAME, 4) : g_variant_new ("(s)", NAME), NULL,
    G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (answer);
}

void
test_notifications_set_hanging (TestNotifications *self, gboolean is_hanging)
{
  g_atomic_int_set (&self->is_hanging, is_hanging);
}

char *
test_notifications_wait (TestNotifications *self, guint deadline_ms)
{
  return g_async_queue_timeout_pop (self->shown, (guint64) deadline_ms * 1000);
}
