/* bolo-station-store.c: what a station keeps, whichever database keeps it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-store"

#include "bolo-station-store.h"

#include <math.h>

G_DEFINE_INTERFACE (BoloStationStore, bolo_station_store, G_TYPE_OBJECT)

static void
bolo_station_store_default_init (BoloStationStoreInterface *iface)
{
}

BoloStationEntry *
bolo_station_entry_new (gint64 car, BoloBatchTopic topic, const char *id, gint64 state)
{
  BoloStationEntry *self;

  g_return_val_if_fail (id != NULL, NULL);

  self = g_new0 (BoloStationEntry, 1);
  self->car = car;
  self->topic = topic;
  self->id = id;
  self->state = state;
  self->latitude_deg = self->longitude_deg = NAN;
  return self;
}

void
bolo_station_entry_free (BoloStationEntry *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->picture, g_bytes_unref);
  g_free (self->hit);
  g_free (self->mark);
  g_free (self->category);
  g_free (self->match);
  g_free (self);
}

void
bolo_station_car_free (BoloStationCar *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->name);
  g_free (self->lists);
  g_free (self);
}

void
bolo_station_hit_free (BoloStationHit *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->car);
  g_free (self->id);
  g_free (self->mark);
  g_free (self->category);
  g_free (self->match);
  g_free (self);
}

gboolean
bolo_station_store_begin (BoloStationStore *self, gint64 now_us, GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), FALSE);

  return BOLO_STATION_STORE_GET_IFACE (self)->begin (self, now_us, error);
}

gboolean
bolo_station_store_commit (BoloStationStore *self, GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), FALSE);

  return BOLO_STATION_STORE_GET_IFACE (self)->commit (self, error);
}

void
bolo_station_store_roll_back (BoloStationStore *self)
{
  g_return_if_fail (BOLO_IS_STATION_STORE (self));

  BOLO_STATION_STORE_GET_IFACE (self)->roll_back (self);
}

gboolean
bolo_station_store_find_car (BoloStationStore *self,
                             const char *name,
                             gint64 *number,
                             GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), FALSE);

  return BOLO_STATION_STORE_GET_IFACE (self)->find_car (self, name, number, error);
}

gboolean
bolo_station_store_get_car (BoloStationStore *self,
                            const char *name,
                            gint64 *number,
                            GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), FALSE);

  return BOLO_STATION_STORE_GET_IFACE (self)->get_car (self, name, number, error);
}

gboolean
bolo_station_store_get_session (
  BoloStationStore *self, gint64 car, const char *name, gint64 *number, GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), FALSE);

  return BOLO_STATION_STORE_GET_IFACE (self)->get_session (self, car, name, number, error);
}

gboolean
bolo_station_store_save_car (BoloStationStore *self, const BoloStationCar *car, GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), FALSE);

  return BOLO_STATION_STORE_GET_IFACE (self)->save_car (self, car, error);
}

gboolean
bolo_station_store_find (BoloStationStore *self, GPtrArray *entries, GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), FALSE);

  return BOLO_STATION_STORE_GET_IFACE (self)->find (self, entries, error);
}

gboolean
bolo_station_store_add (BoloStationStore *self, GPtrArray *entries, GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), FALSE);

  return BOLO_STATION_STORE_GET_IFACE (self)->add (self, entries, error);
}

gboolean
bolo_station_store_touch (BoloStationStore *self, GPtrArray *entries, GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), FALSE);

  return BOLO_STATION_STORE_GET_IFACE (self)->touch (self, entries, error);
}

gboolean
bolo_station_store_get_part (
  BoloStationStore *self, gint64 car, const char *id, BoloStationPart *part, GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), FALSE);

  return BOLO_STATION_STORE_GET_IFACE (self)->get_part (self, car, id, part, error);
}

gboolean
bolo_station_store_add_part (BoloStationStore *self,
                             gint64 car,
                             const char *id,
                             const BoloStationPart *part,
                             GBytes *bytes,
                             GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), FALSE);

  return BOLO_STATION_STORE_GET_IFACE (self)->add_part (self, car, id, part, bytes, error);
}

GBytes *
bolo_station_store_join_parts (BoloStationStore *self, gint64 car, const char *id, GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), NULL);

  return BOLO_STATION_STORE_GET_IFACE (self)->join_parts (self, car, id, error);
}

gboolean
bolo_station_store_drop_parts (BoloStationStore *self, gint64 car, const char *id, GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), FALSE);

  return BOLO_STATION_STORE_GET_IFACE (self)->drop_parts (self, car, id, error);
}

gboolean
bolo_station_store_drop_old_parts (BoloStationStore *self, gint64 before_us, GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), FALSE);

  return BOLO_STATION_STORE_GET_IFACE (self)->drop_old_parts (self, before_us, error);
}

gboolean
bolo_station_store_purge (
  BoloStationStore *self, gint64 before_us, guint max, gint64 *n_items, GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self) && n_items != NULL, FALSE);

  return BOLO_STATION_STORE_GET_IFACE (self)->purge (self, before_us, max, n_items, error);
}

GPtrArray *
bolo_station_store_list_cars (BoloStationStore *self, GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), NULL);

  return BOLO_STATION_STORE_GET_IFACE (self)->list_cars (self, error);
}

GPtrArray *
bolo_station_store_list_hits (
  BoloStationStore *self, gint64 after, gint64 since_us, guint max, GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), NULL);

  return BOLO_STATION_STORE_GET_IFACE (self)->list_hits (self, after, since_us, max, error);
}

GArray *
bolo_station_store_list_load (BoloStationStore *self, gint64 since_us, GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), NULL);

  return BOLO_STATION_STORE_GET_IFACE (self)->list_load (self, since_us, error);
}

gboolean
bolo_station_store_visit_session (BoloStationStore *self,
                                  const char *car,
                                  const char *session,
                                  BoloStationEach each,
                                  gpointer user_data,
                                  GError **error)
{
  g_return_val_if_fail (BOLO_IS_STATION_STORE (self), FALSE);

  return BOLO_STATION_STORE_GET_IFACE (self)->visit_session (self, car, session, each, user_data,
                                                             error);
}
