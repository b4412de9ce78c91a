/* bolo-media.h: the pictures, a database file a day
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "bolo-outgoing.h"
#include "bolo-store-values.h"

G_BEGIN_DECLS

/* BoloMedia: the day files of one folder; the store's worker only. A day is the UTC day of a
 * sighting's due time, "2026-03-14". Errors as of BoloDb; INVALID_DATA names the day's file, which
 * is closed then and may be set aside. */
typedef struct _BoloMedia BoloMedia;

BoloMedia *bolo_media_new (const char *state_dir, const char *vfs);
void bolo_media_free (BoloMedia *self);
void bolo_media_set_read_only (BoloMedia *self, gboolean is_read_only);
/* Whom there is to send to; NULL: as it was. Each day's file is told when it is next opened. */
void bolo_media_set_receivers (BoloMedia *self, const char *const *receivers);

/* (transfer full) */
char *bolo_media_get_day (gint64 utc_us);
/* First instant after the day; -1 if it is none. */
gint64 bolo_media_get_day_end_us (const char *day);
/* (transfer full) */
char *bolo_media_get_path (BoloMedia *self, const char *day);

/* Adds to the day's file in a transaction that lasts until commit; *number is the picture's. */
gboolean bolo_media_add (BoloMedia *self,
                         const char *day,
                         const char *sighting,
                         BoloPictureKind kind,
                         gint64 due_us,
                         gboolean is_hit,
                         GBytes *data,
                         gint64 *number,
                         GError **error);
/* All days' files; TRUE: on the disk, the names of new files too. */
gboolean bolo_media_commit (BoloMedia *self, GError **error);
void bolo_media_roll_back (BoloMedia *self);

/* (transfer full): NOT_FOUND if it is not there or not this sighting's. */
GBytes *bolo_media_load (BoloMedia *self,
                         const char *day,
                         gint64 number,
                         const char *sighting,
                         BoloPictureKind kind,
                         GError **error);

/* (transfer full): the days that there are files for, oldest first. */
char **bolo_media_list_days (BoloMedia *self, GError **error);
/* Removes a day's file. */
gboolean
bolo_media_remove_day (BoloMedia *self, const char *day, guint *n_pictures, GError **error);
/* Writes zeros over the pictures of a day that are due before an instant, in place. */
gboolean bolo_media_erase_before (
  BoloMedia *self, const char *day, gint64 due_us, guint *n_pictures, GError **error);
/* What waits, of all days, the pictures of hits first. */
GPtrArray *bolo_media_list_unsent (BoloMedia *self, const BoloUnsentQuery *query, GError **error);
gboolean bolo_media_settle (
  BoloMedia *self, const char *receiver, GPtrArray *items, gint64 later_us, GError **error);
gboolean bolo_media_count_unsent (BoloMedia *self,
                                  const char *receiver,
                                  BoloUnsentCounts *counts,
                                  GError **error);
/* Adds the ids of sightings of which a picture of the day is waited for to @sightings. */
gboolean
bolo_media_find_unsent (BoloMedia *self, const char *day, GHashTable *sightings, GError **error);
gboolean bolo_media_verify_day (BoloMedia *self, const char *day, GError **error);
/* Closes one day's file (NULL: all), so that it can be renamed. */
void bolo_media_close_day (BoloMedia *self, const char *day);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloMedia, bolo_media_free)

G_END_DECLS
