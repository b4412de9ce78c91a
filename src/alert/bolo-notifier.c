/* bolo-notifier.c: desktop notifications on a worker of their own, whatever the service does
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-notifier"

#include "bolo-notifier.h"

#include "bolo-health.h"
#include "bolo-worker.h"

#include <libnotify/notify.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NotifyNotification, g_object_unref)

#define CALLS_MAX 2    /* one that runs and one that waits; more would only pile up */
#define ANSWER_MS 2000 /* libnotify itself waits 25 s; nobody should wonder for so long */

/* BoloNotifier: owned by the announcer. What the worker does is one call at a time; the owner's
 * thread looks at the time it takes. */
struct _BoloNotifier {
  GObject parent_instance;

  BoloClock *clock;      /* (owned) */
  GMainContext *context; /* (owned) (nullable) */
  BoloWorker *worker;    /* (owned) */
  GSource *overdue;      /* (owned) (nullable) (thread context) */
  BoloHealthState state; /* (thread context): told last; STARTING at first */
  guint n_waiting;       /* (thread context): calls without an answer */
};

G_DEFINE_FINAL_TYPE (BoloNotifier, bolo_notifier, G_TYPE_OBJECT)

typedef enum {
  SIGNAL_HEALTH,
  N_SIGNALS,
} BoloNotifierSignal;
static guint signals[N_SIGNALS];

/* One call on the worker, then its outcome in the context. */
typedef struct {
  BoloNotifier *notifier;
  char *title; /* (nullable): NULL asks only whether anyone is there */
  char *symbol;
  gboolean is_critical;
  gboolean is_answered;
  char *reason; /* (nullable) */
} Call;

static void
call_free (gpointer user_data)
{
  Call *call = user_data;

  g_clear_pointer (&call->title, g_free);
  g_clear_pointer (&call->symbol, g_free);
  g_clear_pointer (&call->reason, g_free);
  g_clear_object (&call->notifier);
  g_free (call);
}

static void
tell (BoloNotifier *self, BoloHealthState state, const char *detail, const char *remedy)
{
  g_autoptr (BoloHealth) health = NULL;

  if (self->state == state)
    return;
  self->state = state;
  health =
    bolo_health_new ("notification", state, bolo_clock_get_utc_us (self->clock), detail, remedy);
  g_signal_emit (self, signals[SIGNAL_HEALTH], 0, health);
}

static void
clear_overdue (BoloNotifier *self)
{
  if (self->overdue != NULL)
    g_source_destroy (self->overdue);
  g_clear_pointer (&self->overdue, g_source_unref);
}

static gboolean
on_overdue (gpointer user_data)
{
  BoloNotifier *self = user_data;

  g_clear_pointer (&self->overdue, g_source_unref);
  tell (self, BOLO_HEALTH_LOST, "The notification service does not answer; alarms are not delayed.",
        "Restart the desktop's notification service.");
  return G_SOURCE_REMOVE;
}

/* Every call has its time, counted from when the one before was answered. */
static void
watch_answers (BoloNotifier *self)
{
  clear_overdue (self);
  if (self->n_waiting == 0)
    return;
  self->overdue = g_timeout_source_new (ANSWER_MS);
  g_source_set_callback (self->overdue, on_overdue, self, NULL);
  g_source_set_static_name (self->overdue, "bolo-notifier-overdue");
  g_source_attach (self->overdue, self->context);
}

static gboolean
on_answered (gpointer user_data)
{
  Call *call = user_data;
  BoloNotifier *self = call->notifier;
  g_autofree char *detail = NULL;

  self->n_waiting--;
  watch_answers (self);
  if (call->is_answered) {
    tell (self, BOLO_HEALTH_OK, "Alarms appear as desktop notifications.", NULL);
    return G_SOURCE_REMOVE;
  }
  detail = g_strdup_printf ("No desktop notifications: %s.",
                            call->reason != NULL ? call->reason : "no service is there");
  tell (self, BOLO_HEALTH_LOST, detail, "Start the desktop's notification service.");
  return G_SOURCE_REMOVE;
}

/* On the worker. A bus that ends must not end the patrol, as GLib would have it by default; it may
 * have come up since the last call. */
static gboolean
open_library (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);

  if (bus != NULL)
    g_dbus_connection_set_exit_on_close (bus, FALSE);
  return notify_is_initted () || notify_init ("Bolo");
}

/* On the worker. Both calls below are synchronous D-Bus calls. */
static gboolean
on_call (gpointer user_data)
{
  Call *call = user_data;
  Call *outcome = g_new0 (Call, 1);
  g_autoptr (GError) error = NULL;

  outcome->notifier = g_object_ref (call->notifier);
  if (!open_library ())
    outcome->reason = g_strdup ("libnotify cannot be used");
  else if (call->title == NULL) {
    g_autofree char *name = NULL;

    outcome->is_answered = notify_get_server_info (&name, NULL, NULL, NULL);
  } else {
    g_autoptr (NotifyNotification) notification =
      notify_notification_new (call->title, NULL, call->symbol);

    notify_notification_set_urgency (notification, call->is_critical ? NOTIFY_URGENCY_CRITICAL
                                                                     : NOTIFY_URGENCY_NORMAL);
    outcome->is_answered = notify_notification_show (notification, &error);
    if (error != NULL)
      outcome->reason = g_strdup (error->message);
  }
  bolo_context_post (call->notifier->context, on_answered, outcome, call_free,
                     "bolo-notifier-answered");
  return G_SOURCE_REMOVE;
}

/* @call (transfer full) */
static void
begin_call (BoloNotifier *self, Call *call)
{
  call->notifier = g_object_ref (self);
  if (self->n_waiting >= CALLS_MAX) {
    call_free (call); /* those before still wait for their answers */
    return;
  }
  if (self->n_waiting++ == 0)
    watch_answers (self);
  bolo_worker_post (self->worker, on_call, call, call_free);
}

static void
bolo_notifier_dispose (GObject *object)
{
  BoloNotifier *self = BOLO_NOTIFIER (object);

  clear_overdue (self);
  g_clear_object (&self->worker);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->context, g_main_context_unref);
  G_OBJECT_CLASS (bolo_notifier_parent_class)->dispose (object);
}

static void
bolo_notifier_class_init (BoloNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bolo_notifier_dispose;
  signals[SIGNAL_HEALTH] = g_signal_new ("health", BOLO_TYPE_NOTIFIER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
bolo_notifier_init (BoloNotifier *self)
{
  self->state = BOLO_HEALTH_STARTING;
}

BoloNotifier *
bolo_notifier_new (BoloClock *clock, GMainContext *context)
{
  BoloNotifier *self;

  g_return_val_if_fail (BOLO_IS_CLOCK (clock), NULL);

  self = g_object_new (BOLO_TYPE_NOTIFIER, NULL);
  self->clock = g_object_ref (clock);
  self->context = context != NULL ? g_main_context_ref (context) : NULL;
  self->worker = bolo_worker_new ("bolo-notifier");
  begin_call (self, g_new0 (Call, 1));
  return self;
}

void
bolo_notifier_show (BoloNotifier *self, const char *title, const char *symbol, gboolean is_critical)
{
  Call *call;

  g_return_if_fail (BOLO_IS_NOTIFIER (self) && title != NULL);

  call = g_new0 (Call, 1);
  call->title = g_strdup (title);
  call->symbol = g_strdup (symbol);
  call->is_critical = is_critical;
  begin_call (self, call);
}

gboolean
bolo_notifier_stop (BoloNotifier *self, guint deadline_ms)
{
  g_return_val_if_fail (BOLO_IS_NOTIFIER (self), FALSE);

  clear_overdue (self);
  return bolo_worker_stop (self->worker, deadline_ms);
}
