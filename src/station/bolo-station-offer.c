/* bolo-station-offer.c: what the station has for its cars: lists, a configuration, the deny list
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-offer"

#include "bolo-station-offer.h"

#include "bolo-envelope.h"
#include "bolo-error.h"
#include "bolo-station-folder.h"
#include "bolo-worker.h"

/* How often the operator's folders are looked at. */
#define LOOK_S 2
/* A manifest is good this long, and is made anew long before. */
#define VALID_US G_TIME_SPAN_DAY
#define RENEW_US (6 * G_TIME_SPAN_HOUR)
#define STOP_MS 30000

struct _BoloStationOffers {
  GObject parent_instance;

  BoloWorker *worker;        /* (owned) */
  BoloStationFolder *folder; /* (owned) (thread worker) */
  BoloListKey *key;          /* (owned): never changes */
  BoloClock *clock;          /* (owned) */
  BoloStationOffer *offer;   /* (owned) */
  guint timer;
  gboolean is_looking;
};

G_DEFINE_FINAL_TYPE (BoloStationOffers, bolo_station_offers, G_TYPE_OBJECT)

BoloStationOffer *
bolo_station_offer_ref (BoloStationOffer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
clear_offer (BoloStationOffer *self)
{
  g_free (self->envelope);
  g_free (self->previous);
  g_clear_pointer (&self->files, g_hash_table_unref);
  g_clear_pointer (&self->hashes, g_hash_table_unref);
  g_clear_pointer (&self->lists, g_ptr_array_unref);
  g_clear_pointer (&self->denied, bolo_station_denied_free);
}

void
bolo_station_offer_unref (BoloStationOffer *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, (GDestroyNotify) clear_offer);
}

static GPtrArray *
list_numbers (const BoloStationManifest *manifest)
{
  GPtrArray *numbers = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < manifest->lists->len; i++) {
    const BoloStationList *list = manifest->lists->pdata[i];

    g_ptr_array_add (numbers, g_strdup_printf ("%s=%" G_GUINT64_FORMAT, list->name, list->number));
  }
  return numbers;
}

/* On the worker: NULL without an error where nothing has changed. */
static BoloStationOffer *
make_offer (BoloStationOffers *self, gboolean is_first, GError **error)
{
  gint64 now_us = bolo_clock_get_utc_us (self->clock);
  g_autoptr (BoloStationOffer) offer = NULL;
  g_autoptr (BoloStationDenied) denied = NULL;
  g_autoptr (BoloStationManifest) manifest = NULL;
  g_autofree char *text = NULL;

  if (!bolo_station_folder_has_changed (self->folder, now_us, RENEW_US) && !is_first)
    return NULL;
  denied = bolo_station_folder_load_denied (self->folder, error);
  if (denied == NULL)
    return NULL;
  manifest = bolo_station_folder_make_manifest (self->folder, denied, now_us, VALID_US, error);
  if (manifest == NULL)
    return NULL;
  text = bolo_station_manifest_to_text (manifest);
  offer = g_atomic_rc_box_new0 (BoloStationOffer);
  offer->serial = manifest->serial;
  offer->issued_us = manifest->issued_us;
  offer->envelope = bolo_envelope_seal (BOLO_ENVELOPE_MANIFEST, text, self->key, error);
  if (offer->envelope == NULL ||
      !bolo_station_folder_keep (self->folder, manifest, offer->envelope, &offer->previous, error))
    return NULL;
  bolo_station_folder_get_files (self->folder, &offer->files, &offer->hashes);
  offer->lists = list_numbers (manifest);
  offer->denied = g_steal_pointer (&denied);
  return g_steal_pointer (&offer);
}

static void
look (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  BoloStationOffer *offer = make_offer (source, GPOINTER_TO_INT (task_data), &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, offer, (GDestroyNotify) bolo_station_offer_unref);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  BoloStationOffers *self = BOLO_STATION_OFFERS (source);
  g_autoptr (GError) error = NULL;
  BoloStationOffer *offer = g_task_propagate_pointer (G_TASK (result), &error);

  self->is_looking = FALSE;
  if (error != NULL)
    g_warning ("What is offered stays as it was: %s", error->message);
  if (offer == NULL)
    return;
  g_clear_pointer (&self->offer, bolo_station_offer_unref);
  self->offer = offer;
  g_message ("Manifest %" G_GUINT64_FORMAT " is offered", offer->serial);
}

static gboolean
on_look_due (gpointer user_data)
{
  BoloStationOffers *self = user_data;
  g_autoptr (GTask) task = NULL;

  if (self->is_looking)
    return G_SOURCE_CONTINUE;
  self->is_looking = TRUE;
  task = g_task_new (self, NULL, on_looked, NULL);
  bolo_worker_run_task (self->worker, task, look);
  return G_SOURCE_CONTINUE;
}

BoloStationOffer *
bolo_station_offers_get (BoloStationOffers *self)
{
  g_return_val_if_fail (BOLO_IS_STATION_OFFERS (self), NULL);

  return bolo_station_offer_ref (self->offer);
}

const BoloListKey *
bolo_station_offers_get_key (BoloStationOffers *self)
{
  g_return_val_if_fail (BOLO_IS_STATION_OFFERS (self), NULL);

  return self->key;
}

void
bolo_station_offers_stop (BoloStationOffers *self)
{
  g_return_if_fail (BOLO_IS_STATION_OFFERS (self));

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->worker != NULL)
    bolo_worker_stop (self->worker, STOP_MS);
  g_clear_object (&self->worker);
}

static void
bolo_station_offers_finalize (GObject *object)
{
  BoloStationOffers *self = BOLO_STATION_OFFERS (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->worker);
  g_clear_pointer (&self->folder, bolo_station_folder_free);
  g_clear_pointer (&self->key, bolo_list_key_free);
  g_clear_pointer (&self->offer, bolo_station_offer_unref);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (bolo_station_offers_parent_class)->finalize (object);
}

static void
bolo_station_offers_class_init (BoloStationOffersClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bolo_station_offers_finalize;
}

static void
bolo_station_offers_init (BoloStationOffers *self)
{
}

BoloStationOffers *
bolo_station_offers_new (const char *state,
                         const char *lists,
                         const char *configuration,
                         const char *station,
                         BoloListKey *key,
                         BoloClock *clock,
                         GError **error)
{
  g_autoptr (BoloStationOffers) self = NULL;

  g_return_val_if_fail (state != NULL && station != NULL && key != NULL, NULL);
  g_return_val_if_fail (BOLO_IS_CLOCK (clock), NULL);

  self = g_object_new (BOLO_TYPE_STATION_OFFERS, NULL);
  self->key = key;
  self->clock = g_object_ref (clock);
  self->folder = bolo_station_folder_new (state, lists, configuration, station, key, error);
  if (self->folder == NULL)
    return NULL;
  /* The first time here: there is no worker yet that could be in the way. */
  self->offer = make_offer (self, TRUE, error);
  if (self->offer == NULL)
    return NULL;
  self->worker = bolo_worker_new ("bolo-offer");
  self->timer = g_timeout_add_seconds (LOOK_S, on_look_due, self);
  g_source_set_name_by_id (self->timer, "bolo-station-look");
  return g_steal_pointer (&self);
}
