/* bolo-patrol.h: the engine of a patrol, connected: cameras, readers, lists, alarms, records
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-engine.h"
#include "bolo-id.h"
#include "bolo-metric.h"
#include "bolo-patrol-config.h"
#include "bolo-plate-rules.h"
#include "bolo-scorer.h"

G_BEGIN_DECLS

/* BoloPatrolOptions: how this run differs from a plain one. Zeroes are the defaults. */
typedef struct {
  BoloMailboxMode mode;             /* lock-step: recordings only, as fast as they can be read */
  double rate;                      /* live replay's speed; 0: 1.0 */
  const char *state_dir;            /* (nullable): NULL keeps nothing */
  gboolean has_preview;             /* somebody looks at the cameras */
  gboolean is_silent;               /* no sound, speech, notification */
  gboolean goes_on_without_storage; /* a screen shows it; alarms must come all the same */
  gboolean is_looping;              /* the recording plays again and again (bench) */
  double max_rate;                  /* frames a second let in from each camera; 0: all (bench) */
} BoloPatrolOptions;

typedef struct {
  char *camera;
  guint64 frames_in;
  guint64 frames_read;
  guint64 frames_dropped;
  guint64 plates;
  double decode_ms; /* mean */
} BoloPatrolCamera;

/* BoloPatrolSummary: of the run so far. */
typedef struct {
  GPtrArray *cameras; /* of BoloPatrolCamera */
  guint64 sightings;  /* passes, not states */
  guint64 corrected;
  guint64 hits;
  guint64 alarms;
  guint64 stored;
  guint64 weeded;         /* matches past their weed date: no hits */
  guint64 out_of_time;    /* outside their window, or on another day: no hits */
  guint64 elsewhere;      /* outside their area: no hits */
  guint64 silenced;       /* by an officer: shown, never sounded */
  guint64 own;            /* vehicles of one's own: kept only */
  BoloMetric *latency_ms; /* lent: agreed frame's capture to publication; not of single looks */
  BoloMetric *since_readable_ms; /* lent */
  BoloMetric *stored_ms;         /* lent: hit's publication to its commit's announcement */
  BoloMetric *tone_ms;           /* lent: hit's publication to its first audible sample */
  BoloMetric *match_ms;          /* lent */
  BoloMetric *publish_ms;        /* lent: from the reader's hand to everyone told */
  BoloMetric *detect_ms;         /* lent */
  BoloMetric *read_ms;           /* lent */
  const char *backend;
  gboolean has_score;
  BoloScore score;
  GPtrArray *camera_scores; /* (owned) (nullable) of BoloCameraScore */
  char **misses;
} BoloPatrolSummary;

/* BoloPatrol: owns and connects all rooms below; implements BoloEngine. Main thread.
 *
 * Signal "announced" (BoloHitCase *, const char *tone, gint64 first_sample_us): an alarm's sound is
 * on its way; UTC at which its first sample is due, -1 where none is made. */
#define BOLO_TYPE_PATROL (bolo_patrol_get_type ())
G_DECLARE_FINAL_TYPE (BoloPatrol, bolo_patrol, BOLO, PATROL, GObject)

/* @config (transfer full). Loads models, lists, policy; opens the state folder. One clear
 * sentence on failure. */
BoloPatrol *
bolo_patrol_new (BoloPatrolConfig *config, const BoloPatrolOptions *options, GError **error);
void bolo_patrol_start (BoloPatrol *self);
/* The one shutdown sequence, each step with a deadline; at most about 10 s. Idempotent. */
void bolo_patrol_stop (BoloPatrol *self);
const BoloPatrolConfig *bolo_patrol_get_config (BoloPatrol *self);
BoloIdSource *bolo_patrol_get_ids (BoloPatrol *self);
BoloAlertPolicy *bolo_patrol_get_policy (BoloPatrol *self);
BoloPlateRules *bolo_patrol_get_rules (BoloPatrol *self);
/* (transfer full) */
BoloPatrolSummary *bolo_patrol_get_summary (BoloPatrol *self);
void bolo_patrol_summary_free (BoloPatrolSummary *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloPatrolSummary, bolo_patrol_summary_free)

G_END_DECLS
