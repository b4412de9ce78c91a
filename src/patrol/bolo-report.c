/* bolo-report.c: prints a patrol's events as they happen and its summary at the end
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-report.h"

#include "bolo-event.h"
#include "bolo-json-writer.h"
#include "bolo-plate-rules.h"

#include <stdio.h>

struct _BoloReport {
  BoloPatrol *patrol; /* (owned) */
  gboolean is_json;
  gulong handlers[6];
};

static gint64
now_us (BoloReport *self)
{
  return bolo_clock_get_utc_us (bolo_engine_get_clock (BOLO_ENGINE (self->patrol)));
}

static char *
next_id (BoloReport *self)
{
  return bolo_id_source_next (bolo_patrol_get_ids (self->patrol), "event");
}

static void
print_line (char *line)
{
  puts (line);
  fflush (stdout);
  g_free (line);
}

static char *
format_local_time (gint64 utc_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (utc_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%H:%M:%S") : g_strdup ("--:--:--");
}

static void
on_sighting (BoloReport *self, const BoloSighting *sighting)
{
  g_autofree char *time = NULL;
  g_autofree char *mark = NULL;

  if (self->is_json) {
    print_line (bolo_event_format_sighting (sighting, now_us (self)));
    return;
  }
  time = format_local_time (sighting->captured_us);
  mark = bolo_plate_rules_format (bolo_patrol_get_rules (self->patrol), sighting->text);
  printf ("%s  sighting  %-9s  %-12s  %s, %u looks, %.0f %%\n", time, mark, sighting->camera,
          bolo_sighting_state_to_string (sighting->state), sighting->looks,
          (double) sighting->confidence * 100);
  fflush (stdout);
}

/* What an officer must know before he acts on it, in words. */
static void
print_doubts (const BoloHit *hit)
{
  const BoloMatch *leading = bolo_hit_get_leading (hit);

  if (hit->matches->len > 1)
    printf (", and %u more", hit->matches->len - 1);
  if (leading->age == BOLO_LIST_STALE)
    printf (", STALE LIST");
  if (leading->entry->list_trust == BOLO_TRUST_UNSIGNED)
    printf (", unsigned list");
  if (leading->is_place_unknown)
    printf (", position unknown");
  if (leading->silence != NULL)
    printf (", silenced: %s", leading->silence->reason);
  if (leading->doubts != 0)
    printf (", does not look as listed");
  if (hit->sighting->clone != NULL)
    printf (", POSSIBLE CLONE");
}

static void
on_hit (BoloReport *self, const BoloHit *hit)
{
  const BoloListEntry *entry = bolo_hit_get_leading (hit)->entry;
  g_autofree char *time = NULL;
  g_autofree char *markers = NULL;

  if (self->is_json) {
    print_line (bolo_event_format_hit (hit, now_us (self)));
    return;
  }
  time = format_local_time (hit->sighting->captured_us);
  markers = entry->markers != NULL ? g_strjoinv (" ", entry->markers) : g_strdup ("");
  printf ("%s  HIT       %-9s  %-12s  %s%s%s (%s match), list %s", time, hit->sighting->text,
          hit->sighting->camera, markers, *markers != '\0' ? " - " : "", hit->category,
          bolo_match_kind_to_string (bolo_hit_get_leading (hit)->kind), entry->list);
  print_doubts (hit);
  printf ("\n");
  fflush (stdout);
}

static void
on_announced (BoloReport *self, BoloHitCase *hit_case, const char *tone, gint64 first_sample_us)
{
  const BoloHit *hit = bolo_hit_case_get_hit (hit_case);
  g_autofree char *id = next_id (self);
  g_autofree char *time = NULL;

  if (self->is_json) {
    print_line (bolo_event_format_alarm (hit, id, tone, first_sample_us, now_us (self)));
    return;
  }
  time = format_local_time (now_us (self));
  printf ("%s  ALARM     %-9s  %s\n", time, hit->sighting->text, hit->words);
  fflush (stdout);
}

static void
on_stored (BoloReport *self, const char *const *ids)
{
  g_autofree char *id = NULL;

  if (!self->is_json)
    return;
  id = next_id (self);
  print_line (bolo_event_format_stored (ids, id, now_us (self)));
}

/* In lock-step only what is wrong is told: when a camera says that it is well depends on the
 * machine, and the events must not. */
static void
on_health (BoloReport *self, const BoloHealth *health)
{
  gboolean is_well = health->state == BOLO_HEALTH_OK || health->state == BOLO_HEALTH_STARTING;
  g_autofree char *id = NULL;
  g_autofree char *time = NULL;

  if (is_well && bolo_clock_is_manual (bolo_engine_get_clock (BOLO_ENGINE (self->patrol))))
    return;
  if (self->is_json) {
    id = next_id (self);
    print_line (bolo_event_format_health (health, id, now_us (self)));
    return;
  }
  time = format_local_time (now_us (self));
  printf ("%s  %-8s  %s: %s%s%s\n", time, bolo_health_state_to_string (health->state), health->what,
          health->detail, health->remedy != NULL ? " - " : "",
          health->remedy != NULL ? health->remedy : "");
  fflush (stdout);
}

static void
on_problem (BoloReport *self, const BoloProblem *problem)
{
  fprintf (stderr, "%s: %s %s\n", problem->title,
           problem->consequence != NULL ? problem->consequence : "",
           problem->remedy != NULL ? problem->remedy : "");
}

BoloReport *
bolo_report_new (BoloPatrol *patrol, gboolean is_json)
{
  BoloReport *self;

  g_return_val_if_fail (BOLO_IS_PATROL (patrol), NULL);

  self = g_new0 (BoloReport, 1);
  self->patrol = g_object_ref (patrol);
  self->is_json = is_json;
  self->handlers[0] = g_signal_connect_swapped (patrol, "sighting", G_CALLBACK (on_sighting), self);
  self->handlers[1] = g_signal_connect_swapped (patrol, "hit", G_CALLBACK (on_hit), self);
  self->handlers[2] =
    g_signal_connect_swapped (patrol, "announced", G_CALLBACK (on_announced), self);
  self->handlers[3] = g_signal_connect_swapped (patrol, "stored", G_CALLBACK (on_stored), self);
  self->handlers[4] = g_signal_connect_swapped (patrol, "health", G_CALLBACK (on_health), self);
  self->handlers[5] = g_signal_connect_swapped (patrol, "problem", G_CALLBACK (on_problem), self);
  return self;
}

void
bolo_report_free (BoloReport *self)
{
  g_return_if_fail (self != NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (self->handlers); i++)
    g_signal_handler_disconnect (self->patrol, self->handlers[i]);
  g_object_unref (self->patrol);
  g_free (self);
}

/* ---- the summary --------------------------------------------------------------------------- */

static void
add_metric (BoloJsonWriter *writer, const char *name, BoloMetric *metric)
{
  bolo_json_writer_begin_object (writer, name);
  bolo_json_writer_add_number (writer, "p50", bolo_metric_get_percentile (metric, 0.5), 3);
  bolo_json_writer_add_number (writer, "p95", bolo_metric_get_percentile (metric, 0.95), 3);
  bolo_json_writer_add_number (writer, "p99", bolo_metric_get_percentile (metric, 0.99), 3);
  bolo_json_writer_add_number (writer, "max", bolo_metric_get_maximum (metric), 3);
  bolo_json_writer_end_object (writer);
}

static void
add_count (BoloJsonWriter *writer, const char *name, guint64 value)
{
  bolo_json_writer_add_int (writer, name, (gint64) value);
}

static void
add_camera_scores (BoloJsonWriter *writer, GPtrArray *scores)
{
  bolo_json_writer_begin_object (writer, "cameras");
  for (guint i = 0; i < scores->len; i++) {
    const BoloCameraScore *score = g_ptr_array_index (scores, i);

    bolo_json_writer_begin_object (writer, score->camera);
    add_count (writer, "passes", score->passes);
    add_count (writer, "passes_exact", score->passes_exact);
    add_count (writer, "passes_misread", score->passes_misread);
    add_count (writer, "looks_median", score->looks_median);
    bolo_json_writer_add_number (writer, "since_readable_p95_ms", score->since_p95_ms, 3);
    bolo_json_writer_end_object (writer);
  }
  bolo_json_writer_end_object (writer);
}

static void
add_score (BoloJsonWriter *writer, const BoloScore *score, GPtrArray *camera_scores)
{
  bolo_json_writer_begin_object (writer, "score");
  add_count (writer, "vehicles", score->vehicles);
  add_count (writer, "vehicles_exact", score->vehicles_exact);
  add_count (writer, "passes", score->passes);
  add_count (writer, "passes_exact", score->passes_exact);
  add_count (writer, "passes_misread", score->passes_misread);
  add_count (writer, "passes_unseen", score->passes_unseen);
  add_count (writer, "false_sightings", score->false_sightings);
  add_count (writer, "outside", score->outside);
  add_count (writer, "overt", score->overt);
  add_count (writer, "overt_hit", score->overt_hit);
  add_count (writer, "overt_exact_hit", score->overt_exact_hit);
  add_count (writer, "covert_raised", score->covert_raised);
  add_count (writer, "weeded_raised", score->weeded_raised);
  add_count (writer, "decoys_exact", score->decoys_exact);
  add_count (writer, "double_alarms", score->double_alarms);
  add_count (writer, "false_alarms", score->false_alarms);
  add_camera_scores (writer, camera_scores);
  bolo_json_writer_end_object (writer);
}

static void
add_not_raised (BoloJsonWriter *writer, const BoloPatrolSummary *summary)
{
  bolo_json_writer_begin_object (writer, "not_raised");
  add_count (writer, "weeded", summary->weeded);
  add_count (writer, "out_of_time", summary->out_of_time);
  add_count (writer, "elsewhere", summary->elsewhere);
  add_count (writer, "silenced", summary->silenced);
  add_count (writer, "own", summary->own);
  bolo_json_writer_end_object (writer);
}

static void
add_cameras (BoloJsonWriter *writer, GPtrArray *cameras)
{
  bolo_json_writer_begin_object (writer, "cameras");
  for (guint i = 0; i < cameras->len; i++) {
    const BoloPatrolCamera *camera = g_ptr_array_index (cameras, i);

    bolo_json_writer_begin_object (writer, camera->camera);
    add_count (writer, "frames_in", camera->frames_in);
    add_count (writer, "frames_read", camera->frames_read);
    add_count (writer, "frames_dropped", camera->frames_dropped);
    add_count (writer, "plates", camera->plates);
    bolo_json_writer_add_number (writer, "decode_ms", camera->decode_ms, 3);
    bolo_json_writer_end_object (writer);
  }
  bolo_json_writer_end_object (writer);
}

static void
print_json_summary (BoloReport *self, const BoloPatrolSummary *summary)
{
  BoloJsonWriter *writer = bolo_json_writer_new ();
  g_autofree char *id = next_id (self);
  g_autofree char *time = bolo_time_format_utc (now_us (self));

  bolo_json_writer_add_text (writer, "event", "summary");
  bolo_json_writer_add_text (writer, "id", id);
  bolo_json_writer_add_text (writer, "time", time);
  bolo_json_writer_add_text (writer, "camera", NULL);
  add_cameras (writer, summary->cameras);
  add_count (writer, "sightings", summary->sightings);
  add_count (writer, "corrected", summary->corrected);
  add_count (writer, "hits", summary->hits);
  add_count (writer, "alarms", summary->alarms);
  add_count (writer, "stored", summary->stored);
  add_not_raised (writer, summary);
  if (summary->has_score)
    add_score (writer, &summary->score, summary->camera_scores);
  add_metric (writer, "latency_ms", summary->latency_ms);
  add_metric (writer, "since_readable_ms", summary->since_readable_ms);
  add_metric (writer, "stored_ms", summary->stored_ms);
  add_metric (writer, "tone_ms", summary->tone_ms);
  bolo_json_writer_add_number (writer, "cpu_s", bolo_process_get_cpu_s (), 3);
  bolo_json_writer_add_number (writer, "peak_rss_mb", bolo_process_get_peak_rss_mb (), 3);
  print_line (bolo_json_writer_finish (writer));
}

static void
print_metric (const char *what, BoloMetric *metric)
{
  if (bolo_metric_get_count (metric) == 0)
    return;
  printf ("%-28s p50 %.0f, p95 %.0f, p99 %.0f, max %.0f ms\n", what,
          bolo_metric_get_percentile (metric, 0.5), bolo_metric_get_percentile (metric, 0.95),
          bolo_metric_get_percentile (metric, 0.99), bolo_metric_get_maximum (metric));
}

static double
percent (guint part, guint whole)
{
  return whole > 0 ? 100.0 * part / whole : 100.0;
}

static void
print_text_score (const BoloScore *score, GPtrArray *camera_scores)
{
  printf ("Vehicles read exactly        %u of %u (%.1f %%); passes %u of %u\n",
          score->vehicles_exact, score->vehicles, percent (score->vehicles_exact, score->vehicles),
          score->passes_exact, score->passes);
  for (guint i = 0; i < camera_scores->len; i++) {
    const BoloCameraScore *camera = g_ptr_array_index (camera_scores, i);

    printf ("  before %-19s %u of %u, %u looks a pass, readable to publication p95 %.0f ms\n",
            camera->camera, camera->passes_exact, camera->passes, camera->looks_median,
            camera->since_p95_ms);
  }
  printf ("Passes missed                %u misread, %u unseen; sightings of no vehicle: %u, of one "
          "outside its pass: %u\n",
          score->passes_misread, score->passes_unseen, score->false_sightings, score->outside);
  printf ("Wanted, overt and current    %u of %u were hits (%u exact)\n", score->overt_hit,
          score->overt, score->overt_exact_hit);
  printf ("Must be none                 covert raised %u, past weed date %u, decoys exact %u, "
          "alarmed twice %u, false alarms %u\n",
          score->covert_raised, score->weeded_raised, score->decoys_exact, score->double_alarms,
          score->false_alarms);
}

static void
print_text_summary (const BoloPatrolSummary *summary, gboolean with_misses)
{
  printf ("\nSummary\n");
  for (guint i = 0; i < summary->cameras->len; i++) {
    const BoloPatrolCamera *camera = g_ptr_array_index (summary->cameras, i);

    printf ("Camera %-21s %" G_GUINT64_FORMAT " frames in, %" G_GUINT64_FORMAT
            " read, %" G_GUINT64_FORMAT " dropped\n",
            camera->camera, camera->frames_in, camera->frames_read, camera->frames_dropped);
  }
  printf ("Sightings %" G_GUINT64_FORMAT " (%" G_GUINT64_FORMAT
          " corrected), hits %" G_GUINT64_FORMAT ", alarms %" G_GUINT64_FORMAT "\n",
          summary->sightings, summary->corrected, summary->hits, summary->alarms);
  if (summary->has_score)
    print_text_score (&summary->score, summary->camera_scores);
  print_metric ("Frame to publication", summary->latency_ms);
  print_metric ("Readable to publication", summary->since_readable_ms);
  print_metric ("Hit to stored", summary->stored_ms);
  print_metric ("Hit to first sound", summary->tone_ms);
  printf ("CPU %.1f s, peak memory %.0f MB, nets by %s\n", bolo_process_get_cpu_s (),
          bolo_process_get_peak_rss_mb (), summary->backend);
  for (guint i = 0; with_misses && summary->misses != NULL && summary->misses[i] != NULL; i++)
    printf ("miss  %s\n", summary->misses[i]);
  fflush (stdout);
}

gboolean
bolo_report_print_summary (BoloReport *self, gboolean with_misses)
{
  g_autoptr (BoloPatrolSummary) summary = NULL;
  const BoloScore *score;

  g_return_val_if_fail (self != NULL, FALSE);

  summary = bolo_patrol_get_summary (self->patrol);
  score = &summary->score;
  if (self->is_json)
    print_json_summary (self, summary);
  else
    print_text_summary (summary, with_misses);
  return !summary->has_score ||
         score->covert_raised + score->weeded_raised + score->decoys_exact + score->double_alarms ==
           0;
}
