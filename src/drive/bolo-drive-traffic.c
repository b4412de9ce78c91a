/* bolo-drive-traffic.c: who else is on the road, and how each moves
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-traffic.h"

#include <math.h>
#include <string.h>

#include "bolo-drive-random.h"
#include "bolo-drive-slots.h"
#include "bolo-error.h"

static const BoloDriveMake makes[] = {
  {"FORD", "FIESTA", BOLO_DRIVE_BODY_HATCHBACK},
  {"VAUXHALL", "CORSA", BOLO_DRIVE_BODY_HATCHBACK},
  {"VOLKSWAGEN", "GOLF", BOLO_DRIVE_BODY_HATCHBACK},
  {"NISSAN", "MICRA", BOLO_DRIVE_BODY_HATCHBACK},
  {"PEUGEOT", "208", BOLO_DRIVE_BODY_HATCHBACK},
  {"BMW", "320D", BOLO_DRIVE_BODY_SALOON},
  {"AUDI", "A4", BOLO_DRIVE_BODY_SALOON},
  {"TOYOTA", "AVENSIS", BOLO_DRIVE_BODY_SALOON},
  {"SKODA", "OCTAVIA", BOLO_DRIVE_BODY_SALOON},
  {"LAND ROVER", "DISCOVERY", BOLO_DRIVE_BODY_OFFROADER},
  {"NISSAN", "QASHQAI", BOLO_DRIVE_BODY_OFFROADER},
  {"KIA", "SPORTAGE", BOLO_DRIVE_BODY_OFFROADER},
  {"FORD", "TRANSIT", BOLO_DRIVE_BODY_VAN},
  {"VAUXHALL", "VIVARO", BOLO_DRIVE_BODY_VAN},
};

static const BoloDrivePaint paints[] = {
  {"WHITE", 0.90, 0.90, 0.89}, {"BLACK", 0.07, 0.07, 0.08},  {"SILVER", 0.66, 0.67, 0.69},
  {"GREY", 0.33, 0.34, 0.36},  {"BLUE", 0.10, 0.20, 0.48},   {"RED", 0.58, 0.07, 0.08},
  {"GREEN", 0.09, 0.26, 0.16}, {"BRONZE", 0.42, 0.32, 0.22},
};
static const double paint_weights[] = {18, 20, 14, 20, 14, 10, 3, 2};
/* Of 100 marks; each kind comes up in a drive of 40. */
static const double syntax_weights[BOLO_DRIVE_N_SYNTAXES] = {72, 9, 4, 4, 6, 2, 3};

static gboolean
is_historic (const BoloDriveMark *mark)
{
  return mark->syntax == BOLO_DRIVE_SYNTAX_DATELESS || mark->syntax == BOLO_DRIVE_SYNTAX_SUFFIX;
}

static void
choose_plates (BoloDriveVehicle *vehicle, GRand *random)
{
  BoloDrivePlateStyle style = {0};

  style.seed = vehicle->seed;
  style.has_border = bolo_drive_random_chance (random, 0.25);
  style.has_maker = bolo_drive_random_chance (random, 0.6);
  style.has_screws = bolo_drive_random_chance (random, 0.5);
  style.dirt = bolo_drive_random_chance (random, 0.3) ? g_rand_double (random) * 0.8 : 0.1;
  double band = g_rand_double (random);
  style.band = band < 0.55   ? BOLO_DRIVE_BAND_NONE
               : band < 0.75 ? BOLO_DRIVE_BAND_GB
               : band < 0.92 ? BOLO_DRIVE_BAND_UK
                             : BOLO_DRIVE_BAND_GREEN;
  vehicle->plates[0] = style;
  vehicle->plates[1] = style;
  vehicle->plates[1].is_rear = TRUE;
  vehicle->plates[1].is_two_line =
    (vehicle->make->body == BOLO_DRIVE_BODY_OFFROADER && bolo_drive_random_chance (random, 0.3)) ||
    (vehicle->make->body == BOLO_DRIVE_BODY_VAN && bolo_drive_random_chance (random, 0.12));
  if (vehicle->plates[1].is_two_line)
    vehicle->plates[1].band = BOLO_DRIVE_BAND_NONE;
}

void
bolo_drive_vehicle_set_mark (BoloDriveVehicle *self, const BoloDriveMark *mark)
{
  g_return_if_fail (self != NULL && mark != NULL);
  /* Black and silver is for old vehicles; a third of those that may, have it. */
  gboolean is_old = is_historic (mark) && self->seed % 3 == 0;

  for (guint i = 0; i < G_N_ELEMENTS (self->plates); i++) {
    BoloDrivePlateStyle *style = &self->plates[i];
    style->mark = *mark;
    style->is_old = is_old;
    if (is_old || mark->syntax != BOLO_DRIVE_SYNTAX_CURRENT)
      style->band = BOLO_DRIVE_BAND_NONE;
    /* Too wide for a square plate's lines: the diplomatic ones have three groups. */
    if (mark->syntax == BOLO_DRIVE_SYNTAX_DIPLOMATIC)
      style->is_two_line = FALSE;
  }
}

/* Marks of each syntax in the wanted shares, no two alike. */
static void
choose_marks (BoloDriveTraffic *self, guint32 seed)
{
  g_autoptr (GRand) random = bolo_drive_random_new (seed, BOLO_DRIVE_STREAM_VEHICLE, G_MAXUINT32);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = self->vehicles->len;
  g_autofree guint *order = g_new (guint, n);

  bolo_drive_random_shuffle (random, order, n);
  for (guint i = 0; i < n; i++) {
    BoloDriveVehicle *vehicle = &g_array_index (self->vehicles, BoloDriveVehicle, order[i]);
    BoloDriveSyntax syntax = n >= 20 && i < BOLO_DRIVE_N_SYNTAXES
                               ? (BoloDriveSyntax) i
                               : (BoloDriveSyntax) bolo_drive_random_weighted (
                                   random, syntax_weights, BOLO_DRIVE_N_SYNTAXES);
    BoloDriveMark mark;
    do
      bolo_drive_mark_make (random, syntax, &mark);
    while (!g_hash_table_add (seen, g_strdup (mark.text)));
    bolo_drive_vehicle_set_mark (vehicle, &mark);
  }
}

static void
init_vehicle (BoloDriveVehicle *vehicle, const BoloDriveSlot *slot, guint index, guint32 seed)
{
  g_autoptr (GRand) random = bolo_drive_random_new (seed, BOLO_DRIVE_STREAM_VEHICLE, index);

  memset (vehicle, 0, sizeof *vehicle);
  vehicle->seed = g_rand_int (random);
  vehicle->way = slot->way;
  vehicle->meeting_s = slot->meeting_s;
  vehicle->must_be = slot->must_be;
  if (slot->way.motion != BOLO_DRIVE_MOTION_PARKED)
    vehicle->way.lane_m += bolo_drive_random_between (random, -0.15, 0.15);
  do
    vehicle->make = &makes[g_rand_int_range (random, 0, G_N_ELEMENTS (makes))];
  while (slot->is_parallel && vehicle->make->body == BOLO_DRIVE_BODY_VAN);
  vehicle->paint =
    &paints[bolo_drive_random_weighted (random, paint_weights, G_N_ELEMENTS (paints))];
  choose_plates (vehicle, random);
}

static int
compare_meetings (gconstpointer a, gconstpointer b)
{
  double time_a = ((const BoloDriveVehicle *) a)->meeting_s;
  double time_b = ((const BoloDriveVehicle *) b)->meeting_s;
  return (time_a > time_b) - (time_a < time_b);
}

BoloDriveTraffic *
bolo_drive_traffic_new (const BoloDriveScenario *scenario, const BoloDriveRoad *road, guint attempt)
{
  g_return_val_if_fail (scenario != NULL && road != NULL, NULL);
  g_autoptr (GArray) slots = bolo_drive_slots_find (scenario, road, attempt);
  BoloDriveTraffic *self = g_new0 (BoloDriveTraffic, 1);

  self->vehicles = g_array_sized_new (FALSE, TRUE, sizeof (BoloDriveVehicle), slots->len);
  for (guint i = 0; i < slots->len; i++) {
    BoloDriveVehicle vehicle;
    init_vehicle (&vehicle, &g_array_index (slots, BoloDriveSlot, i), i, scenario->seed);
    g_array_append_val (self->vehicles, vehicle);
  }
  return self;
}

gboolean
bolo_drive_traffic_choose (BoloDriveTraffic *self,
                           const BoloDriveScenario *scenario,
                           const gboolean *is_readable,
                           GError **error)
{
  g_return_val_if_fail (self != NULL && scenario != NULL && is_readable != NULL, FALSE);
  g_autoptr (GRand) random = bolo_drive_random_new (scenario->seed, BOLO_DRIVE_STREAM_TRAFFIC, 1);
  g_autofree guint *order = g_new (guint, self->vehicles->len);
  GArray *chosen = g_array_new (FALSE, TRUE, sizeof (BoloDriveVehicle));

  bolo_drive_random_shuffle (random, order, self->vehicles->len);
  for (guint pass = 0; pass < 2; pass++) {
    for (guint i = 0; i < self->vehicles->len && chosen->len < scenario->n_vehicles; i++) {
      const BoloDriveVehicle *vehicle = &g_array_index (self->vehicles, BoloDriveVehicle, order[i]);
      if (is_readable[order[i]] && vehicle->must_be == (pass == 0))
        g_array_append_vals (chosen, vehicle, 1);
    }
  }
  g_array_sort (chosen, compare_meetings);
  g_array_unref (self->vehicles);
  self->vehicles = chosen;
  if (chosen->len < scenario->n_vehicles) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%u vehicles do not fit into %.0f s of these phases; at most %u do: lengthen "
                 "duration_s, add town phases or lower vehicles",
                 scenario->n_vehicles, scenario->duration_s, chosen->len);
    return FALSE;
  }
  for (guint i = 0; i < chosen->len; i++) {
    BoloDriveVehicle *vehicle = &g_array_index (chosen, BoloDriveVehicle, i);
    g_snprintf (vehicle->id, sizeof vehicle->id, "v%03u", i + 1);
  }
  choose_marks (self, scenario->seed);
  return TRUE;
}

void
bolo_drive_traffic_free (BoloDriveTraffic *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->vehicles);
  g_free (self);
}
