/* bolo-patrol-config.h: what a patrol is made of, from bolo.conf or from a recording
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-announcer.h"
#include "bolo-desk-rules.h"
#include "bolo-engine.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_POSITION_SOURCE_NONE,
  BOLO_POSITION_SOURCE_GPSD,
  BOLO_POSITION_SOURCE_TRACK,
} BoloPositionSource;

/* BoloPatrolList: a list that is expected to be there; with a path it belongs to a recording. */
typedef struct {
  char *name;
  char *kind;
  char *title;    /* (nullable) */
  char *path;     /* (nullable): recordings only, held in memory, never imported */
  char *map_path; /* (nullable) */
} BoloPatrolList;

/* BoloPatrolConfig: typed and checked. Immutable after load but for the fields marked "may be
 * changed before the patrol is made". Owned by one thread. */
typedef struct {
  char *title;             /* (nullable): of a recording */
  char *recording;         /* (nullable): its folder */
  gint64 start_us;         /* recordings: UTC of the first frame */
  gint64 duration_ms;      /* recordings: 0 when not said */
  GPtrArray *cameras;      /* of BoloCameraConfig */
  GPtrArray *lists;        /* of BoloPatrolList */
  GHashTable *match_rules; /* of char *, a list's name, to BoloMatchRules */
  GPtrArray *truth;        /* (nullable): of BoloTruthPass */
  BoloPositionSource position;
  char *gpsd_host;
  guint gpsd_port;
  char *track_path; /* (nullable) */
  char *force;      /* (nullable) */
  char *vehicle;    /* (nullable) */
  char *officer;    /* (nullable): may be changed */
  BoloSeat seat;    /* may be changed */
  char *models;     /* (nullable): the shipped ones */
  guint n_threads;  /* 0: one a core */
  guint retention_days;
  char *policy_path;
  char *audio_sink; /* may be changed */
  BoloSpeech speech;
  gboolean notify;
  guint clock_warn_ms;
  BoloDeskRules *desk;
  double pixels_per_mm; /* of the panel; 0: not said */
} BoloPatrolConfig;

/* BOLO_ERROR with FILE:LINE and the nearest known key on a mistake. (transfer full) */
BoloPatrolConfig *bolo_patrol_config_load (const char *path, GError **error);
/* @directory: a folder with recording.ini. (transfer full) */
BoloPatrolConfig *bolo_patrol_config_load_recording (const char *directory, GError **error);
void bolo_patrol_config_free (BoloPatrolConfig *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloPatrolConfig, bolo_patrol_config_free)

G_END_DECLS
