/* bolo-alert-policy.h: which list kind raises which alarm, as a data file says it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-hit.h"

G_BEGIN_DECLS

/* What the file is called among those that a station pushes. */
#define BOLO_ALERT_POLICY_FILE "policy.ini"

#define BOLO_ALERT_PRIORITY_GRAVEST 1
#define BOLO_ALERT_PRIORITY_LEAST 4

/* BoloAlertTone: a row of pulses; each sounds its two frequencies together. */
typedef struct {
  char *name;
  double low_hz;     /* 400 to 2000 */
  double high_hz;    /* near 3000; 0: none */
  double high_level; /* of the low one, 0 to 1 */
  guint attack_ms;   /* at most 30 */
  guint pulse_ms;
  guint gap_ms;
  guint n_pulses; /* in a burst */
  guint n_bursts; /* at most 3, then silence and the picture stays */
  guint burst_gap_ms;
  double glide; /* last pulse's frequency against the first one's */
} BoloAlertTone;

/* BoloAlertRule: what one list kind, or one warning marker, asks for. */
typedef struct {
  char *kind;   /* "stolen" */
  char *title;  /* for the screen: "Stolen vehicle" */
  char *words;  /* to be said */
  char *symbol; /* icon name */
  char *colour; /* "#rrggbb" */
  char *tone;   /* name of a tone */
  int priority;
  int stop_priority;  /* what a row with the action STOP is raised to */
  gboolean is_quiet;  /* shown, not sounded; a row raised by STOP sounds */
  gboolean is_covert; /* the whole kind raises nothing in the car */
} BoloAlertRule;

/* BoloAlertLimits: when an encounter is still the same, when there are too many alarms. */
typedef struct {
  gint64 window_us;       /* since last met: the same encounter whatever the place */
  double window_m;        /* nearer than this to where last met … */
  gint64 place_window_us; /* … and within this time: the same too */
  guint flood_count;      /* more sounded alarms of priority 3 than this … */
  gint64 flood_window_us; /* … in this time: further ones are shown only */
  double clone_mps;       /* faster than this nobody drives … */
  double clone_m;         /* … over this distance: the same mark is on two vehicles */
} BoloAlertLimits;

/* BoloAlertPolicy: loaded policy file. Immutable, atomically counted; pure, any thread. */
typedef struct _BoloAlertPolicy BoloAlertPolicy;

BoloAlertPolicy *bolo_alert_policy_load (const char *path, GError **error);
/* The same of a text; @name stands where the file's path does in errors. */
BoloAlertPolicy *bolo_alert_policy_parse (const char *text, const char *name, GError **error);
BoloAlertPolicy *bolo_alert_policy_ref (BoloAlertPolicy *self);
void bolo_alert_policy_unref (BoloAlertPolicy *self);
/* (transfer none), never NULL: a kind that the policy does not know gets the loud default. */
const BoloAlertRule *bolo_alert_policy_get (BoloAlertPolicy *self, const char *kind);
gboolean bolo_alert_policy_knows (BoloAlertPolicy *self, const char *kind);
/* (transfer full): of const BoloAlertRule *, lent: those that an officer may give a watch entry,
 * the gravest first: none that are covert, not the default. */
GPtrArray *bolo_alert_policy_list_overt (BoloAlertPolicy *self);
/* (nullable) (transfer none): the gravest rule among an entry's warning markers. */
const BoloAlertRule *bolo_alert_policy_get_marker (BoloAlertPolicy *self,
                                                   const char *const *markers);
/* (transfer none), never NULL */
const BoloAlertTone *bolo_alert_policy_get_tone (BoloAlertPolicy *self, const char *name);
const BoloAlertLimits *bolo_alert_policy_get_limits (BoloAlertPolicy *self);

/* BoloAlertVerdict: what the policy makes of one match; texts are lent by the policy. */
typedef struct {
  const BoloAlertRule *rule;   /* of the list kind */
  const BoloAlertRule *marker; /* (nullable) */
  const char *tone;            /* name; a graver one than the kind's where it was raised */
  int priority;
  gboolean is_loud;   /* the policy would sound it */
  gboolean is_covert; /* raises nothing in the car */
} BoloAlertVerdict;

/* Priority from kind, action and markers; an unknown action is loud, covert beats everything. */
void bolo_alert_policy_judge (BoloAlertPolicy *self,
                              const BoloListEntry *entry,
                              BoloAlertVerdict *verdict);
/* (transfer none): name of the tone that a hit's leading entry asks for; one of its own where the
 * mark that was read is not the one that is listed. */
const char *bolo_alert_policy_choose_tone (BoloAlertPolicy *self, const BoloHit *hit);
/* Sorts matches the gravest first: overt before covert, those that nobody has silenced, exact
 * before folded before near before patterns, then by priority, then the order in which they came.
 */
void bolo_alert_policy_rank (BoloAlertPolicy *self, GPtrArray *matches);
/* (transfer full): "Firearms. Stolen vehicle."; of a mark that is only like the listed one
 * "Possible match. Stolen vehicle." */
char *bolo_alert_policy_make_words (BoloAlertPolicy *self,
                                    const BoloAlertVerdict *verdict,
                                    BoloMatchKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloAlertPolicy, bolo_alert_policy_unref)

G_END_DECLS
