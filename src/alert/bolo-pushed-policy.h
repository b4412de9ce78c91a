/* bolo-pushed-policy.h: the alert policy that a station has sent: kept, waiting, in force
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-alert-policy.h"
#include "bolo-health.h"
#include "bolo-sync-state.h"

G_BEGIN_DECLS

/* What sounds in a car does not change in the middle of a shift: a policy that comes waits beside
 * the one in force, and takes its place when a patrol starts. All of these wait for the disk: never
 * on main while there is a screen; one that keeps and one that starts at a time. Each file is the
 * old or the new one, whenever the power goes. */

/* BoloPushedPolicy: one that came. Plain data. */
typedef struct {
  gint64 number; /* of the configuration that it came with, from 1 */
  char *remote;  /* of sync.conf */
  char *station; /* what it calls itself */
  char *text;    /* of the policy's file, UTF-8 */
} BoloPushedPolicy;

/* BoloPolicyChoice: what a start has come to. Plain data, owned; zeroed before. */
typedef struct {
  BoloAlertPolicy *policy;
  gint64 number;  /* of the pushed one; 0: the car's own is in force */
  char *station;  /* (nullable) */
  gint64 waiting; /* number of the one that waits for the next start; 0: none */
  char *from;     /* (nullable): its station */
  char *problem;  /* (nullable): one sentence, why a pushed one is not in force */
} BoloPolicyChoice;

void bolo_pushed_policy_free (BoloPushedPolicy *self);
void bolo_policy_choice_clear (BoloPolicyChoice *self);

/* Reads all of it before it is kept, as the one that waits. TRUE also where the same text of that
 * remote is in force or waits already. INVALID_DATA: "policy.ini:LINE: …", nothing is changed;
 * STALE: not newer than what was taken from that remote; NO_SPACE, PERMISSION. */
gboolean
bolo_pushed_policy_keep (const char *state_dir, const BoloPushedPolicy *policy, GError **error);
/* The remote pushes none any more: one of its that waits is dropped, one in force stays. */
gboolean bolo_pushed_policy_withdraw (const char *state_dir, const char *remote, GError **error);
/* A patrol starts: what waits comes into force, and what is in force is loaded; where that cannot
 * be read, or none was pushed, the car's own, at @own_path. @state_dir (nullable): none is pushed.
 * Errors are those of the car's own. */
gboolean bolo_pushed_policy_start (const char *state_dir,
                                   const char *own_path,
                                   BoloPolicyChoice *choice,
                                   GError **error);
/* Likewise for who only looks: what waits goes on waiting. */
gboolean bolo_pushed_policy_look (const char *state_dir,
                                  const char *own_path,
                                  BoloPolicyChoice *choice,
                                  GError **error);
/* (transfer full): "policy": what is in force and what waits. @is_named: bolo.conf names @own_path,
 * which is said where it is not used. Any thread. */
BoloHealth *bolo_policy_choice_make_health (const BoloPolicyChoice *choice,
                                            const char *own_path,
                                            gboolean is_named,
                                            gint64 now_us);
/* (transfer full): how it stands, for the station page; number and held 0: none was ever pushed. */
BoloListArrival *bolo_pushed_policy_get_arrival (const char *state_dir);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloPushedPolicy, bolo_pushed_policy_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BoloPolicyChoice, bolo_policy_choice_clear)

G_END_DECLS
