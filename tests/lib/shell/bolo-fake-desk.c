/* bolo-fake-desk.c: a scripted desk, so that the shell's pages can be tested without an engine
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-fake-desk.h"

#include "bolo-error.h"

struct _BoloFakeDesk {
  GObject parent_instance;

  BoloClock *clock;    /* (owned) */
  GPtrArray *lists;    /* (owned) of BoloListState */
  GPtrArray *watches;  /* (owned) of BoloWatch */
  GPtrArray *silences; /* (owned) of BoloSilence */
  GPtrArray *seen;     /* (owned) of BoloSighting */
  GPtrArray *asked;    /* (owned) of char */
  char *refusal;       /* (owned) (nullable) */
  guint n_ids;
};

static void desk_interface_init (BoloDeskInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BoloFakeDesk,
                               bolo_fake_desk,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOLO_TYPE_DESK, desk_interface_init))

static GPtrArray *
ref_lists (BoloDesk *desk)
{
  return g_ptr_array_ref (BOLO_FAKE_DESK (desk)->lists);
}

static GPtrArray *
ref_watches (BoloDesk *desk)
{
  return g_ptr_array_ref (BOLO_FAKE_DESK (desk)->watches);
}

static GPtrArray *
ref_silences (BoloDesk *desk)
{
  return g_ptr_array_ref (BOLO_FAKE_DESK (desk)->silences);
}

static const char *const *
get_reasons (BoloDesk *desk)
{
  static const char *const reasons[] = {"crime",   "missing-person", "intelligence",
                                        "traffic", "safety",         NULL};

  return reasons;
}

static void
note (BoloFakeDesk *self, const BoloAsk *ask)
{
  static const char *const names[] = {[BOLO_ASK_SEARCH] = "search",
                                      [BOLO_ASK_ADD_WATCH] = "watch",
                                      [BOLO_ASK_REMOVE_WATCH] = "unwatch",
                                      [BOLO_ASK_SILENCE] = "silence",
                                      [BOLO_ASK_REMOVE_SILENCE] = "unsilence"};
  const char *texts[] = {names[ask->what], ask->id,       ask->list,        ask->mark, ask->reason,
                         ask->reference,   ask->category, ask->description, NULL};
  GString *line = g_string_new (NULL);

  for (gsize i = 0; i + 1 < G_N_ELEMENTS (texts); i++)
    if (texts[i] != NULL)
      g_string_append_printf (line, "%s%s", line->len > 0 ? " " : "", texts[i]);
  g_ptr_array_add (self->asked, g_string_free (line, FALSE));
}

static void
remove_by_id (BoloFakeDesk *self, const BoloAsk *ask)
{
  for (guint i = self->watches->len; i-- > 0;)
    if (g_strcmp0 (((BoloWatch *) self->watches->pdata[i])->id, ask->id) == 0)
      g_ptr_array_remove_index (self->watches, i);
  for (guint i = self->silences->len; i-- > 0;)
    if (g_strcmp0 (((BoloSilence *) self->silences->pdata[i])->id, ask->id) == 0)
      g_ptr_array_remove_index (self->silences, i);
}

static void
ask_async (BoloDesk *desk,
           const BoloAsk *ask,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  BoloFakeDesk *self = BOLO_FAKE_DESK (desk);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  gboolean looks_back = ask->what == BOLO_ASK_SEARCH || ask->what == BOLO_ASK_ADD_WATCH;

  note (self, ask);
  if (self->refusal != NULL) {
    g_task_return_new_error (task, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "%s", self->refusal);
    g_clear_pointer (&self->refusal, g_free);
    return;
  }
  if (ask->what == BOLO_ASK_ADD_WATCH)
    bolo_fake_desk_add_watch (self, ask->mark, ask->reason);
  if (ask->what == BOLO_ASK_SILENCE)
    bolo_fake_desk_add_silence (self, ask->mark, ask->reason);
  if (ask->id != NULL)
    remove_by_id (self, ask);
  bolo_desk_emit_changed (desk);
  g_task_return_pointer (task, looks_back ? g_ptr_array_ref (self->seen) : g_ptr_array_new (),
                         (GDestroyNotify) g_ptr_array_unref);
}

static GPtrArray *
ask_finish (BoloDesk *desk, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
desk_interface_init (BoloDeskInterface *iface)
{
  iface->ref_lists = ref_lists;
  iface->ref_watches = ref_watches;
  iface->ref_silences = ref_silences;
  iface->get_reasons = get_reasons;
  iface->ask_async = ask_async;
  iface->ask_finish = ask_finish;
}

static void
bolo_fake_desk_finalize (GObject *object)
{
  BoloFakeDesk *self = BOLO_FAKE_DESK (object);

  g_ptr_array_unref (self->lists);
  g_ptr_array_unref (self->watches);
  g_ptr_array_unref (self->silences);
  g_ptr_array_unref (self->seen);
  g_ptr_array_unref (self->asked);
  g_free (self->refusal);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (bolo_fake_desk_parent_class)->finalize (object);
}

static void
bolo_fake_desk_class_init (BoloFakeDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bolo_fake_desk_finalize;
}

static void
bolo_fake_desk_init (BoloFakeDesk *self)
{
  self->lists = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_state_free);
  self->watches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_watch_unref);
  self->silences = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_silence_unref);
  self->seen = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_sighting_unref);
  self->asked = g_ptr_array_new_with_free_func (g_free);
}

BoloFakeDesk *
bolo_fake_desk_new (BoloClock *clock)
{
  BoloFakeDesk *self = g_object_new (BOLO_TYPE_FAKE_DESK, NULL);

  self->clock = g_object_ref (clock);
  return self;
}

void
bolo_fake_desk_add_list (BoloFakeDesk *self, const char *title, BoloTrust trust, int age_h)
{
  BoloListState *list = bolo_list_state_new ();

  list->name = g_strdup (title);
  list->title = g_strdup (title);
  list->revision = g_strdup ("4f2a9c");
  list->trust = trust;
  list->signer = g_strdup (trust == BOLO_TRUST_SIGNED ? "force-2026" : NULL);
  list->n_entries = 12000;
  list->n_rejected = 3;
  list->dated_us = bolo_clock_get_utc_us (self->clock) - age_h * G_TIME_SPAN_HOUR;
  list->loaded_us = list->dated_us;
  list->age = age_h >= 24 ? BOLO_LIST_STALE : age_h >= 12 ? BOLO_LIST_OLD : BOLO_LIST_FRESH;
  list->is_in_force = TRUE;
  g_ptr_array_add (self->lists, list);
}

void
bolo_fake_desk_add_watch (BoloFakeDesk *self, const char *mark, const char *reason)
{
  BoloWatch *watch = bolo_watch_new ();

  watch->id = g_strdup_printf ("watch-%u", ++self->n_ids);
  watch->mark = g_strdup (mark);
  watch->reason = g_strdup (reason);
  watch->category = g_strdup (BOLO_WATCH_LIST);
  watch->officer = g_strdup ("PC 4127");
  watch->expires_us = bolo_clock_get_utc_us (self->clock) + 8 * G_TIME_SPAN_HOUR;
  g_ptr_array_add (self->watches, watch);
}

void
bolo_fake_desk_add_silence (BoloFakeDesk *self, const char *plate, const char *reason)
{
  BoloSilence *silence = bolo_silence_new ();

  silence->id = g_strdup_printf ("silence-%u", ++self->n_ids);
  silence->list = g_strdup ("stolen");
  silence->plate = g_strdup (plate);
  silence->reason = g_strdup (reason);
  silence->officer = g_strdup ("PC 4127");
  silence->until_us = bolo_clock_get_utc_us (self->clock) + 8 * G_TIME_SPAN_HOUR;
  g_ptr_array_add (self->silences, silence);
}

void
bolo_fake_desk_add_seen (BoloFakeDesk *self, const char *mark)
{
  BoloSighting *sighting = bolo_sighting_new ();

  sighting->id = g_strdup_printf ("seen-%u", ++self->n_ids);
  sighting->camera = g_strdup ("front");
  sighting->text = g_strdup (mark);
  sighting->captured_us = bolo_clock_get_utc_us (self->clock) - G_TIME_SPAN_HOUR;
  g_ptr_array_add (self->seen, sighting);
}

void
bolo_fake_desk_refuse (BoloFakeDesk *self, const char *sentence)
{
  g_free (self->refusal);
  self->refusal = g_strdup (sentence);
}

GPtrArray *
bolo_fake_desk_get_asked (BoloFakeDesk *self)
{
  return self->asked;
}
