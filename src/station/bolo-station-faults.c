/* bolo-station-faults.c: how a station misbehaves on request, for tests of cars
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-faults"

#include "bolo-station-faults.h"

#include "bolo-error.h"

#include <string.h>

static const char *const words[] = {"error",     "cut",    "drip",  "lost", "double",
                                    "signature", "replay", "clock", "full", NULL};
G_STATIC_ASSERT (G_N_ELEMENTS (words) == BOLO_STATION_N_FAULTS + 1);

struct _BoloStationFaults {
  double rates[BOLO_STATION_N_FAULTS];
  GMutex mutex;
  GRand *random;                       /* (owned) (mutex mutex) */
  guint counts[BOLO_STATION_N_FAULTS]; /* (mutex mutex) */
};

const char *
bolo_station_fault_get_word (BoloStationFault fault)
{
  return fault < BOLO_STATION_N_FAULTS ? words[fault] : NULL;
}

static gboolean
read_fault (BoloStationFaults *self, const char *text, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 2);
  g_autofree char *all = g_strjoinv (", ", (char **) words);
  char *end = NULL;
  double rate = 1;
  guint fault = 0;

  while (words[fault] != NULL && g_strcmp0 (words[fault], parts[0]) != 0)
    fault++;
  if (words[fault] != NULL && parts[1] != NULL) {
    rate = g_ascii_strtod (parts[1], &end);
    if (end == parts[1] || *end != '\0' || !(rate >= 0 && rate <= 1))
      fault = BOLO_STATION_N_FAULTS;
  }
  if (fault < BOLO_STATION_N_FAULTS) {
    self->rates[fault] = rate;
    return TRUE;
  }
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "no fault '%s'; there are %s, each with a rate from 0 to 1 if wanted (cut:0.1)",
               text, all);
  return FALSE;
}

BoloStationFaults *
bolo_station_faults_new (const char *const *texts, guint32 seed, GError **error)
{
  g_autoptr (BoloStationFaults) self = g_new0 (BoloStationFaults, 1);

  g_mutex_init (&self->mutex);
  self->random = g_rand_new_with_seed (seed);
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    if (!read_fault (self, texts[i], error))
      return NULL;
  return g_steal_pointer (&self);
}

void
bolo_station_faults_free (BoloStationFaults *self)
{
  g_return_if_fail (self != NULL);

  g_rand_free (self->random);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

gboolean
bolo_station_faults_strike (BoloStationFaults *self, BoloStationFault fault)
{
  gboolean has_struck;

  g_return_val_if_fail (self != NULL && fault < BOLO_STATION_N_FAULTS, FALSE);

  if (self->rates[fault] <= 0)
    return FALSE;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  has_struck = g_rand_double (self->random) < self->rates[fault];
  self->counts[fault] += has_struck;
  return has_struck;
}

guint
bolo_station_faults_get_count (BoloStationFaults *self, BoloStationFault fault)
{
  g_return_val_if_fail (self != NULL && fault < BOLO_STATION_N_FAULTS, 0);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  return self->counts[fault];
}

gboolean
bolo_station_faults_are_any (BoloStationFaults *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < BOLO_STATION_N_FAULTS; i++)
    if (self->rates[i] > 0)
      return TRUE;
  return FALSE;
}
