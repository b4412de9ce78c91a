/* bolo-cli-sightings.c: own sightings that were looked for, on the command line
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli-sightings.h"

#include "bolo-clock.h"
#include "bolo-event.h"
#include "bolo-json-writer.h"
#include "bolo-plate-wildcard.h"
#include "bolo-sighting.h"

static void
add_differs (BoloJsonWriter *writer,
             BoloPlateRules *rules,
             const char *mark,
             const BoloSighting *sighting)
{
  guint8 differs[BOLO_PLATE_LENGTH_MAX];
  guint n_differs = 0;
  gboolean meets = bolo_plate_wildcard_meets (mark, sighting->text, rules, differs, &n_differs);

  bolo_json_writer_add_text (writer, "match",
                             bolo_plate_has_wildcard (mark) ? "pattern"
                             : n_differs > 0                ? "folded"
                                                            : "exact");
  bolo_json_writer_begin_array (writer, "differs");
  for (guint i = 0; meets && i < n_differs; i++)
    bolo_json_writer_add_int (writer, NULL, differs[i]);
  bolo_json_writer_end_array (writer);
}

static void
print_json (BoloPlateRules *rules, const char *mark, const BoloSighting *sighting)
{
  BoloJsonWriter *writer = bolo_json_writer_new ();
  g_autofree char *line = NULL;

  bolo_json_writer_add_text (writer, "sighting", sighting->id);
  bolo_json_writer_add_text (writer, "text", sighting->text);
  add_differs (writer, rules, mark, sighting);
  bolo_json_writer_add_text (writer, "camera", sighting->camera);
  bolo_json_writer_add_time (writer, "captured", sighting->captured_us);
  bolo_json_writer_add_number (writer, "confidence", (double) sighting->confidence, 3);
  bolo_json_writer_add_int (writer, "looks", sighting->looks);
  bolo_event_add_region (writer, sighting->region, sighting->region_confidence,
                         sighting->is_region_read);
  if (sighting->fix != NULL) {
    bolo_json_writer_begin_object (writer, "position");
    bolo_json_writer_add_number (writer, "lat", sighting->fix->latitude_deg, 7);
    bolo_json_writer_add_number (writer, "lon", sighting->fix->longitude_deg, 7);
    bolo_json_writer_add_number (writer, "accuracy_m", sighting->fix->accuracy_m, 1);
    bolo_json_writer_end_object (writer);
  } else {
    bolo_json_writer_add_text (writer, "position", NULL);
  }
  line = bolo_json_writer_finish (writer);
  puts (line);
}

static void
print_text (BoloPlateRules *rules, const BoloSighting *sighting)
{
  g_autofree char *time = bolo_time_format_utc (sighting->captured_us);
  g_autofree char *mark = bolo_plate_rules_format (rules, sighting->text);
  g_autofree char *place =
    sighting->fix != NULL
      ? g_strdup_printf ("%+.5f%+.5f, within %.0f m", sighting->fix->latitude_deg,
                         sighting->fix->longitude_deg, sighting->fix->accuracy_m)
      : g_strdup ("place unknown");

  printf ("%s  %-9s  %-12s  %.0f %%  %s\n", time, mark, sighting->camera,
          (double) sighting->confidence * 100, place);
}

void
bolo_cli_print_sightings (BoloCli *cli,
                          BoloPlateRules *rules,
                          const char *mark,
                          GPtrArray *sightings)
{
  g_return_if_fail (cli != NULL && mark != NULL && sightings != NULL);

  for (guint i = 0; i < sightings->len; i++) {
    if (cli->is_json)
      print_json (rules, mark, g_ptr_array_index (sightings, i));
    else
      print_text (rules, g_ptr_array_index (sightings, i));
  }
}
