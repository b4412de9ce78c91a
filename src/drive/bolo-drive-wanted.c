/* bolo-drive-wanted.c: who of the traffic is wanted, and the lists that say so
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-wanted.h"

#include <string.h>

#include "bolo-drive-random.h"
#include "bolo-drive-truth.h"
#include "bolo-error.h"

/* A wanted one is in view long enough to be read by any reader worth the name. */
#define GOOD_FRAMES 6
/* Two or three characters could be anyone's: listed marks are longer. */
#define SHORTEST_MARK 5
#define DAY_US (24 * 3600 * G_TIME_SPAN_SECOND)

static const char *const forces[] = {"SURREY", "HAMPSHIRE", "THAMES VALLEY", "METROPOLITAN",
                                     "SUSSEX", "KENT",      "WILTSHIRE"};

/* Most readable frames in one pass, and the first readable frame, by vehicle. */
static void
rate_vehicles (const GArray *passes, guint n_vehicles, guint *n_frames, guint *first)
{
  for (guint i = 0; i < n_vehicles; i++) {
    n_frames[i] = 0;
    first[i] = G_MAXUINT;
  }
  for (guint i = 0; i < passes->len; i++) {
    const BoloDrivePass *pass = &g_array_index (passes, BoloDrivePass, i);
    n_frames[pass->vehicle] = MAX (n_frames[pass->vehicle], pass->n_readable);
    if (pass->n_readable >= GOOD_FRAMES)
      first[pass->vehicle] = MIN (first[pass->vehicle], pass->first_frame);
  }
}

static void
want (BoloDriveVehicle *vehicle, BoloDriveWanted wanted, const char *list)
{
  vehicle->wanted = wanted;
  vehicle->list = list;
}

static gboolean
is_mark_taken (const BoloDriveTraffic *traffic, const char *text)
{
  for (guint i = 0; i < traffic->vehicles->len; i++) {
    if (strcmp (g_array_index (traffic->vehicles, BoloDriveVehicle, i).plates[0].mark.text, text) ==
        0)
      return TRUE;
  }
  return FALSE;
}

static void
make_decoy (BoloDriveTraffic *traffic,
            BoloDriveVehicle *decoy,
            const BoloDriveVehicle *of,
            GRand *random)
{
  BoloDriveMark mark;

  do
    bolo_drive_mark_alter (random, &of->plates[0].mark, &mark);
  while (is_mark_taken (traffic, mark.text));
  bolo_drive_vehicle_set_mark (decoy, &mark);
  want (decoy, BOLO_DRIVE_WANTED_DECOY, of->list);
}

/* The good ones in chance order, but first the one that is readable soonest. */
static guint
order_good (const BoloDriveTraffic *traffic,
            const guint *n_frames,
            const guint *first,
            GRand *random,
            guint *good)
{
  guint n = traffic->vehicles->len;
  g_autofree guint *order = g_new (guint, n);
  guint n_good = 0;
  guint soonest = 0;

  bolo_drive_random_shuffle (random, order, n);
  for (guint i = 0; i < n; i++) {
    const BoloDriveVehicle *vehicle =
      &g_array_index (traffic->vehicles, BoloDriveVehicle, order[i]);
    if (n_frames[order[i]] >= GOOD_FRAMES && strlen (vehicle->plates[0].mark.text) >= SHORTEST_MARK)
      good[n_good++] = order[i];
  }
  for (guint i = 1; i < n_good; i++) {
    if (first[good[i]] < first[good[soonest]])
      soonest = i;
  }
  if (n_good > 0) {
    guint swapped = good[0];
    good[0] = good[soonest];
    good[soonest] = swapped;
  }
  return n_good;
}

/* Moves the ones with a current mark to the front, keeping their order: a decoy takes the mark
 * away, and of the rare kinds each drive keeps one. */
static void
put_common_first (const BoloDriveTraffic *traffic, guint *good, guint n)
{
  guint n_common = 0;
  for (guint i = 0; i < n; i++) {
    const BoloDriveVehicle *vehicle = &g_array_index (traffic->vehicles, BoloDriveVehicle, good[i]);
    if (vehicle->plates[0].mark.syntax != BOLO_DRIVE_SYNTAX_CURRENT)
      continue;
    guint common = good[i];
    memmove (&good[n_common + 1], &good[n_common], (i - n_common) * sizeof *good);
    good[n_common++] = common;
  }
}

gboolean
bolo_drive_wanted_choose (const BoloDriveScenario *scenario,
                          BoloDriveTraffic *traffic,
                          const GArray *passes,
                          GError **error)
{
  g_return_val_if_fail (scenario != NULL && traffic != NULL && passes != NULL, FALSE);
  g_autoptr (GRand) random = bolo_drive_random_new (scenario->seed, BOLO_DRIVE_STREAM_WANTED, 0);
  guint n = traffic->vehicles->len;
  guint n_wanted = scenario->n_overt + scenario->n_covert + scenario->n_weeded;
  g_autofree guint *n_frames = g_new (guint, n);
  g_autofree guint *first = g_new (guint, n);
  g_autofree guint *good = g_new (guint, n);

  rate_vehicles (passes, n, n_frames, first);
  guint n_good = order_good (traffic, n_frames, first, random, good);
  if (n_good < n_wanted + scenario->n_decoys) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "only %u vehicles with longer marks are readable in %d frames, but %u are to be "
                 "wanted or decoys: "
                 "lower [wanted] or lengthen the drive",
                 n_good, GOOD_FRAMES, n_wanted + scenario->n_decoys);
    return FALSE;
  }
  for (guint i = 0; i < n_wanted; i++) {
    BoloDriveVehicle *vehicle = &g_array_index (traffic->vehicles, BoloDriveVehicle, good[i]);
    if (i < scenario->n_overt)
      want (vehicle, BOLO_DRIVE_WANTED_OVERT,
            i % 2 == 0 ? BOLO_DRIVE_LIST_STOLEN : BOLO_DRIVE_LIST_VOI);
    else if (i < scenario->n_overt + scenario->n_covert)
      want (vehicle, BOLO_DRIVE_WANTED_COVERT, BOLO_DRIVE_LIST_VOI);
    else
      want (vehicle, BOLO_DRIVE_WANTED_WEEDED,
            i % 2 == 0 ? BOLO_DRIVE_LIST_VOI : BOLO_DRIVE_LIST_STOLEN);
  }
  put_common_first (traffic, good + n_wanted, n_good - n_wanted);
  for (guint i = 0; i < scenario->n_decoys; i++) {
    guint of = good[i % MAX (MIN (n_wanted, scenario->n_overt), 1)];
    make_decoy (traffic, &g_array_index (traffic->vehicles, BoloDriveVehicle, good[n_wanted + i]),
                &g_array_index (traffic->vehicles, BoloDriveVehicle, of), random);
  }
  return TRUE;
}

static void
append_row (GString *text, const char *const fields[16])
{
  for (guint i = 0; i < 16; i++) {
    gboolean needs_quotes = strpbrk (fields[i], ",\"") != NULL;
    g_string_append_printf (text, "%s%s%s%s", i == 0 ? "" : ",", needs_quotes ? "\"" : "",
                            fields[i], needs_quotes ? "\"" : "");
  }
  g_string_append (text, "\r\n");
}

static char *
format_date (gint64 at_us)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (at_us / G_USEC_PER_SEC);
  return g_date_time_format (date, "%d/%m/%Y");
}

/* One row. @firearms: the marker that stands first on a card. */
static void
append_wanted (GString *text,
               const BoloDriveScenario *scenario,
               const BoloDriveVehicle *vehicle,
               gboolean has_firearms,
               GRand *random)
{
  gboolean is_stolen = strcmp (vehicle->list, BOLO_DRIVE_LIST_STOLEN) == 0;
  gboolean is_covert = vehicle->wanted == BOLO_DRIVE_WANTED_COVERT;
  gint64 weed_us =
    scenario->start_us + (vehicle->wanted == BOLO_DRIVE_WANTED_WEEDED ? -9 : 90) * DAY_US;
  g_autofree char *weed = format_date (weed_us);
  g_autofree char *pnc = g_strdup_printf ("%02d/%06uX", 26, g_rand_int (random) % 1000000);
  g_autofree char *cad = g_strdup_printf ("CAD %u", 100 + g_rand_int (random) % 900);
  g_autofree char *source = g_strdup_printf ("REF-%05u", g_rand_int (random) % 100000);
  const char *force = forces[g_rand_int_range (random, 0, G_N_ELEMENTS (forces))];
  const char *const fields[16] = {
    vehicle->plates[0].mark.display,
    vehicle->make->make,
    vehicle->make->model,
    vehicle->paint->name,
    is_covert ? "SILENT" : "STOP",
    has_firearms ? "FIREARMS;VIOLENT" : "",
    is_stolen      ? "STOLEN VEHICLE"
    : has_firearms ? "WANTED PERSON"
                   : "INTELLIGENCE",
    is_stolen ? "" : "E41",
    is_stolen      ? "Taken without keys from a driveway, tools likely inside"
    : is_covert    ? "Do not stop. Report direction and occupants only"
    : has_firearms ? "Driver wanted on warrant, believed to carry a firearm"
                   : "Seen near rural burglaries at night, check the load",
    force,
    weed,
    is_stolen ? pnc : "",
    "OFFICIAL-SENSITIVE",
    is_stolen ? "" : cad,
    is_covert ? "Do not alert the occupants" : "Confirm with control before a stop",
    source,
  };
  append_row (text, fields);
}

/* Rows whose vehicles are elsewhere today. */
static void
append_other (GString *text,
              const BoloDriveScenario *scenario,
              const BoloDriveTraffic *traffic,
              const char *list,
              GRand *random)
{
  BoloDriveVehicle other = {0};
  BoloDriveMark mark;

  do
    bolo_drive_mark_make (random,
                          bolo_drive_random_chance (random, 0.85) ? BOLO_DRIVE_SYNTAX_CURRENT
                                                                  : BOLO_DRIVE_SYNTAX_PREFIX,
                          &mark);
  while (is_mark_taken (traffic, mark.text));
  const BoloDriveVehicle *like =
    &g_array_index (traffic->vehicles, BoloDriveVehicle,
                    g_rand_int_range (random, 0, (gint32) traffic->vehicles->len));
  other.make = like->make;
  other.paint = like->paint;
  other.list = list;
  other.wanted = BOLO_DRIVE_WANTED_OVERT;
  bolo_drive_vehicle_set_mark (&other, &mark);
  append_wanted (text, scenario, &other, FALSE, random);
}

char *
bolo_drive_wanted_format (const BoloDriveScenario *scenario,
                          const BoloDriveTraffic *traffic,
                          const char *list)
{
  g_return_val_if_fail (scenario != NULL && traffic != NULL && list != NULL, NULL);
  g_autoptr (GRand) random =
    bolo_drive_random_new (scenario->seed, BOLO_DRIVE_STREAM_LISTS, g_str_hash (list));
  GString *text = g_string_new (NULL);
  guint half = scenario->n_other_rows / 2;
  gboolean had_firearms = strcmp (list, BOLO_DRIVE_LIST_VOI) != 0;

  for (guint i = 0; i < half; i++)
    append_other (text, scenario, traffic, list, random);
  for (guint i = 0; i < traffic->vehicles->len; i++) {
    const BoloDriveVehicle *vehicle = &g_array_index (traffic->vehicles, BoloDriveVehicle, i);
    if (vehicle->wanted == BOLO_DRIVE_WANTED_NONE || vehicle->wanted == BOLO_DRIVE_WANTED_DECOY ||
        strcmp (vehicle->list, list) != 0)
      continue;
    gboolean has_firearms = !had_firearms && vehicle->wanted == BOLO_DRIVE_WANTED_OVERT;
    had_firearms = had_firearms || has_firearms;
    append_wanted (text, scenario, vehicle, has_firearms, random);
  }
  for (guint i = half; i < scenario->n_other_rows; i++)
    append_other (text, scenario, traffic, list, random);
  return g_string_free (text, FALSE);
}
