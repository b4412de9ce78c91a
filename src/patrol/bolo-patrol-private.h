/* bolo-patrol-private.h: what the patrol's own files share of its engine
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-announcer.h"
#include "bolo-camera.h"
#include "bolo-clone-check.h"
#include "bolo-encounters.h"
#include "bolo-health-board.h"
#include "bolo-hotlist.h"
#include "bolo-list-watch.h"
#include "bolo-patrol-desk.h"
#include "bolo-patrol.h"
#include "bolo-position.h"
#include "bolo-reader-pool.h"
#include "bolo-store.h"
#include "bolo-sync.h"

G_BEGIN_DECLS

struct _BoloPatrol {
  GObject parent_instance;

  BoloPatrolConfig *config; /* (owned) */
  BoloPatrolOptions options;
  char *state_dir; /* (owned) (nullable) */

  BoloClock *clock;            /* (owned) */
  BoloIdSource *ids;           /* (owned) */
  BoloPlateRules *rules;       /* (owned) */
  BoloAlertPolicy *policy;     /* (owned) */
  BoloHealth *policy_health;   /* (owned) (nullable): of one that a station has pushed */
  BoloHotlist *hotlist;        /* (owned) */
  BoloListWatch *list_watch;   /* (owned) (nullable) */
  BoloMatchReview *review;     /* (owned) */
  BoloCloneCheck *clones;      /* (owned) */
  BoloPatrolDesk *desk;        /* (owned) */
  BoloEncounters *encounters;  /* (owned) */
  BoloAnnouncer *announcer;    /* (owned) (nullable) */
  BoloPosition *position;      /* (owned) (nullable) */
  BoloStore *store;            /* (owned) (nullable) */
  BoloSyncConfig *sync_config; /* (owned) (nullable): nothing is sent */
  BoloSync *sync;              /* (owned) (nullable) */
  BoloClock *sync_clock;       /* (owned) (nullable) */
  BoloHealth *sync_health;     /* (owned) (nullable): why nothing is sent */
  BoloReaderPool *pool;        /* (owned) */
  GPtrArray *cameras;          /* (owned) of BoloCamera */
  GPtrArray *camera_infos;     /* (owned) of BoloCameraInfo */
  GPtrArray *look_boards;      /* (owned) of BoloLookBoard */
  BoloScorer *scorer;          /* (owned) (nullable) */

  BoloHealthBoard *health;  /* (owned) */
  GListStore *cases;        /* (owned) of BoloHitCase */
  GHashTable *by_encounter; /* (owned) encounter -> BoloHitCase */
  GHashTable *by_hit;       /* (owned) hit id -> BoloHitCase */
  GHashTable *unstored;     /* (owned) hit id -> monotonic us of its publication */
  GHashTable *unannounced;  /* (owned) hit id -> BoloHitCase that waits for its tone */
  GHashTable *passes;       /* (owned) set of sighting ids */
  GHashTable *hidden;       /* (owned) set of ids of hits that nobody may know of */
  BoloFix *fix;             /* (owned) (nullable) */
  char *officer;            /* (owned) (nullable) */
  guint tick_source;
  guint purge_source;
  gboolean is_started;
  gboolean is_stopped;
  gboolean is_finishing;

  guint64 n_corrected;
  guint64 n_weeded;    /* passes' matches with entries that are past their date */
  gboolean is_damaged; /* a list's rows cannot be read; said once */
  guint64 n_hits;
  guint64 n_alarms;
  guint64 n_stored;
  BoloMetric *latency_ms;
  BoloMetric *since_readable_ms;
  BoloMetric *stored_ms;
  BoloMetric *tone_ms;
  BoloMetric *match_ms;
  BoloMetric *publish_ms;
};

/* bolo-patrol-lists.c: lists' rules, and the desk; after lists and store are made. */
void bolo_patrol_make_desk (BoloPatrol *self);
/* After a start: what the journal has of the last day counts for possible clones too. */
void bolo_patrol_recall_clones (BoloPatrol *self);

/* bolo-patrol.c: puts it on the board, and tells it where it is news. */
void bolo_patrol_put_health (BoloPatrol *self, const BoloHealth *health);
/* bolo-patrol-policy.c: the alert policy of this start: a station's, or the car's own. */
gboolean bolo_patrol_load_policy (BoloPatrol *self, GError **error);
void bolo_patrol_tell_policy (BoloPatrol *self);

/* bolo-patrol-sync.c: before the store is opened, after all else is made, after all else is
 * started; and what it is told. */
void bolo_patrol_prepare_sync (BoloPatrol *self);
void bolo_patrol_make_sync (BoloPatrol *self);
void bolo_patrol_start_sync (BoloPatrol *self);
void bolo_patrol_tell_sync (BoloPatrol *self, const char *const *ids);
void bolo_patrol_note_health (BoloPatrol *self, const BoloHealth *health);
/* (nullable) (transfer none) */
BoloSyncState *bolo_patrol_get_sync (BoloEngine *engine);
void bolo_patrol_clear_sync (BoloPatrol *self);

/* bolo-patrol-flow.c: the way of one sighting through the house. Main thread. */
void bolo_patrol_take_sighting (BoloPatrol *self, const BoloSighting *sighting);
void bolo_patrol_take_stored (BoloPatrol *self, const char *const *ids);
void bolo_patrol_take_played (BoloPatrol *self,
                              const char *hit,
                              gint64 first_sample_us,
                              const char *tone);
void bolo_patrol_take_disposition (BoloPatrol *self,
                                   const char *hit,
                                   BoloDispositionKind kind,
                                   const char *checked_by,
                                   const char *checked_how);
/* Emits "announced". */
void bolo_patrol_emit_announced (BoloPatrol *self,
                                 BoloHitCase *hit_case,
                                 const char *tone,
                                 gint64 first_sample_us);

G_END_DECLS
