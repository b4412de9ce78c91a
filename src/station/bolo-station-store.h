/* bolo-station-store.h: what a station keeps, whichever database keeps it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

#include "bolo-batch-result.h"

G_BEGIN_DECLS

/* BoloStationEntry: one item on its way into the store, or one that is asked for. */
typedef struct {
  BoloBatchTopic topic;
  const char *id; /* lent */
  gint64 state;
  const char *body;   /* (nullable): lent */
  GBytes *picture;    /* (owned) (nullable): the whole JPEG */
  const guint8 *hash; /* lent: BOLO_BATCH_HASH_BYTES */
  gint64 car;         /* its number */
  gint64 session;     /* its number; 0: none */

  /* Read out of the body: */
  char *hit;  /* (owned) (nullable): of a disposition, the hit's id */
  int kind;   /* of a disposition */
  char *mark; /* (owned) (nullable): of a hit, as are those below */
  char *category;
  char *match;
  gint64 at_us;
  double latitude_deg;
  double longitude_deg;
  gboolean is_covert;

  /* What find says: */
  gint64 number; /* 0: not kept */
  guint8 kept_hash[BOLO_BATCH_HASH_BYTES];
} BoloStationEntry;

BoloStationEntry *
bolo_station_entry_new (gint64 car, BoloBatchTopic topic, const char *id, gint64 state);
void bolo_station_entry_free (BoloStationEntry *self);

/* BoloStationPart: the beginning of a picture. */
typedef struct {
  guint8 hash[BOLO_BATCH_HASH_BYTES];
  gsize total;
  gsize kept; /* 0: nothing is kept */
} BoloStationPart;

/* BoloStationCar: what is known of a car. Owned texts. */
typedef struct {
  gint64 number;
  char *name;
  gint64 last_us;   /* last contact */
  gint64 backlog;   /* -1: it did not say */
  gint64 oldest_us; /* 0: nothing is unsent, or it did not say */
  char *lists;      /* (nullable): as it said: stolen=417 … */
  gint64 manifest;  /* serial of the manifest that it fetched last; 0: none */
  gint64 manifest_us;
} BoloStationCar;

void bolo_station_car_free (BoloStationCar *self);

/* BoloStationHit: a hit as the page and other cars see it. Owned texts. */
typedef struct {
  gint64 number;
  char *car;
  char *id;
  char *mark;
  char *category;
  char *match;
  gint64 at_us;
  double latitude_deg; /* NaN: no position */
  double longitude_deg;
  gboolean is_covert;
  int kind; /* of the last disposition; 0: none */
} BoloStationHit;

void bolo_station_hit_free (BoloStationHit *self);

/* BoloStationLoad: alarms of one hour. */
typedef struct {
  gint64 hour_us;
  gint64 n_hits;
} BoloStationLoad;

/* Of each item of a session; @bytes of its body or its picture. */
typedef void (*BoloStationEach) (
  BoloBatchTopic topic, const char *id, gint64 state, gsize bytes, gpointer user_data);

/* BoloStationStore: one connection to where everything is kept. All functions belong to the thread
 * that opened it; each may fail as the database does (NO_SPACE, OFFLINE, INVALID_DATA, …).
 * Whatever adds stands between begin and commit. */
#define BOLO_TYPE_STATION_STORE (bolo_station_store_get_type ())
G_DECLARE_INTERFACE (BoloStationStore, bolo_station_store, BOLO, STATION_STORE, GObject)

struct _BoloStationStoreInterface {
  GTypeInterface parent;

  gboolean (*begin) (BoloStationStore *self, gint64 now_us, GError **error);
  gboolean (*commit) (BoloStationStore *self, GError **error);
  void (*roll_back) (BoloStationStore *self);
  gboolean (*find_car) (BoloStationStore *self, const char *name, gint64 *number, GError **error);
  gboolean (*get_car) (BoloStationStore *self, const char *name, gint64 *number, GError **error);
  gboolean (*get_session) (
    BoloStationStore *self, gint64 car, const char *name, gint64 *number, GError **error);
  gboolean (*save_car) (BoloStationStore *self, const BoloStationCar *car, GError **error);
  gboolean (*find) (BoloStationStore *self, GPtrArray *entries, GError **error);
  gboolean (*add) (BoloStationStore *self, GPtrArray *entries, GError **error);
  gboolean (*touch) (BoloStationStore *self, GPtrArray *entries, GError **error);
  gboolean (*get_part) (
    BoloStationStore *self, gint64 car, const char *id, BoloStationPart *part, GError **error);
  gboolean (*add_part) (BoloStationStore *self,
                        gint64 car,
                        const char *id,
                        const BoloStationPart *part,
                        GBytes *bytes,
                        GError **error);
  GBytes *(*join_parts) (BoloStationStore *self, gint64 car, const char *id, GError **error);
  gboolean (*drop_parts) (BoloStationStore *self, gint64 car, const char *id, GError **error);
  gboolean (*drop_old_parts) (BoloStationStore *self, gint64 before_us, GError **error);
  gboolean (*purge) (
    BoloStationStore *self, gint64 before_us, guint max, gint64 *n_items, GError **error);
  GPtrArray *(*list_cars) (BoloStationStore *self, GError **error);
  GPtrArray *(*list_hits) (
    BoloStationStore *self, gint64 after, gint64 since_us, guint max, GError **error);
  GArray *(*list_load) (BoloStationStore *self, gint64 since_us, GError **error);
  gboolean (*visit_session) (BoloStationStore *self,
                             const char *car,
                             const char *session,
                             BoloStationEach each,
                             gpointer user_data,
                             GError **error);
};

/* @now_us: when what is added was received. */
gboolean bolo_station_store_begin (BoloStationStore *self, gint64 now_us, GError **error);
/* TRUE only when it is on the disk. */
gboolean bolo_station_store_commit (BoloStationStore *self, GError **error);
void bolo_station_store_roll_back (BoloStationStore *self);
/* 0 where there is no such car. */
gboolean bolo_station_store_find_car (BoloStationStore *self,
                                      const char *name,
                                      gint64 *number,
                                      GError **error);
/* Adds it where it is new. */
gboolean bolo_station_store_get_car (BoloStationStore *self,
                                     const char *name,
                                     gint64 *number,
                                     GError **error);
gboolean bolo_station_store_get_session (
  BoloStationStore *self, gint64 car, const char *name, gint64 *number, GError **error);
/* Of it what it says: backlog -1 with oldest_us, lists NULL, manifest 0 with manifest_us stay as
 * they were. */
gboolean
bolo_station_store_save_car (BoloStationStore *self, const BoloStationCar *car, GError **error);
/* Sets number and kept_hash of each of @entries (BoloStationEntry). */
gboolean bolo_station_store_find (BoloStationStore *self, GPtrArray *entries, GError **error);
/* @entries: none of them kept, none twice. */
gboolean bolo_station_store_add (BoloStationStore *self, GPtrArray *entries, GError **error);
/* @entries, which are kept, were acknowledged in their session again. */
gboolean bolo_station_store_touch (BoloStationStore *self, GPtrArray *entries, GError **error);
gboolean bolo_station_store_get_part (
  BoloStationStore *self, gint64 car, const char *id, BoloStationPart *part, GError **error);
/* @bytes follow the @part's kept ones. */
gboolean bolo_station_store_add_part (BoloStationStore *self,
                                      gint64 car,
                                      const char *id,
                                      const BoloStationPart *part,
                                      GBytes *bytes,
                                      GError **error);
/* (transfer full) */
GBytes *
bolo_station_store_join_parts (BoloStationStore *self, gint64 car, const char *id, GError **error);
gboolean
bolo_station_store_drop_parts (BoloStationStore *self, gint64 car, const char *id, GError **error);
/* Beginnings of pictures of which nothing came since @before_us. */
gboolean
bolo_station_store_drop_old_parts (BoloStationStore *self, gint64 before_us, GError **error);
/* Between begin and commit: deletes at most @max of what was received before, the oldest first, but
 * audit records, and writes down that it did. @n_items (out): how many. */
gboolean bolo_station_store_purge (
  BoloStationStore *self, gint64 before_us, guint max, gint64 *n_items, GError **error);
/* (transfer full): of BoloStationCar, by name. */
GPtrArray *bolo_station_store_list_cars (BoloStationStore *self, GError **error);
/* (transfer full): of BoloStationHit, the newest state of each hit above the number @after which
 * was received since @since_us; the oldest first, and of more than @max the newest. */
GPtrArray *bolo_station_store_list_hits (
  BoloStationStore *self, gint64 after, gint64 since_us, guint max, GError **error);
/* (transfer full): of BoloStationLoad, of hits made since @since_us, oldest first. */
GArray *bolo_station_store_list_load (BoloStationStore *self, gint64 since_us, GError **error);
gboolean bolo_station_store_visit_session (BoloStationStore *self,
                                           const char *car,
                                           const char *session,
                                           BoloStationEach each,
                                           gpointer user_data,
                                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloStationEntry, bolo_station_entry_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloStationCar, bolo_station_car_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloStationHit, bolo_station_hit_free)

G_END_DECLS
