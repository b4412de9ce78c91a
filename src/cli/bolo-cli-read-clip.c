/* bolo-cli-read-clip.c: boloctl read on a clip: every frame in lock-step, a line a vehicle
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "boloctl"

#include "bolo-cli-read.h"

#include "bolo-camera.h"
#include "bolo-error.h"
#include "bolo-event.h"
#include "bolo-reader-pool.h"
#include "bolo-sighting.h"

#define STOP_MS 5000

typedef struct {
  BoloCli *cli;
  const char *path;
  BoloPlateRules *rules; /* lent */
  BoloClock *clock;      /* (owned) */
  BoloReaderPool *pool;  /* (owned) (nullable) */
  BoloCamera *camera;    /* (owned) (nullable) */
  GMainLoop *loop;       /* (owned) */
  guint n_sightings;
  GError *error; /* (owned) (nullable) */
} Clip;

static void
clear_clip (Clip *clip)
{
  g_clear_object (&clip->camera);
  g_clear_object (&clip->pool);
  g_clear_object (&clip->clock);
  g_clear_pointer (&clip->loop, g_main_loop_unref);
  g_clear_error (&clip->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Clip, clear_clip)

static void
print_sighting (Clip *clip, const BoloSighting *sighting)
{
  BoloJsonWriter *writer;

  clip->n_sightings++;
  if (!clip->cli->is_json) {
    g_autofree char *shown = bolo_plate_rules_format (clip->rules, sighting->text);

    printf ("%s: %s  %.0f %%  %.1f to %.1f s, %u readings\n", clip->path, shown,
            100.0 * (double) sighting->confidence, (double) sighting->first_media_ms / 1000.0,
            (double) sighting->last_media_ms / 1000.0, sighting->looks);
    return;
  }
  writer = bolo_json_writer_new ();
  bolo_json_writer_add_text (writer, "path", clip->path);
  bolo_json_writer_add_int (writer, "sighting", clip->n_sightings);
  bolo_json_writer_add_text (writer, "text", sighting->text);
  bolo_json_writer_add_number (writer, "confidence", sighting->confidence, 4);
  bolo_json_writer_add_int (writer, "first_ms", sighting->first_media_ms);
  bolo_json_writer_add_int (writer, "last_ms", sighting->last_media_ms);
  bolo_json_writer_add_int (writer, "best_ms", sighting->best_media_ms);
  bolo_json_writer_add_int (writer, "readings", sighting->looks);
  bolo_cli_read_add_corners (writer, sighting->corners);
  bolo_event_add_characters (writer, sighting->characters, sighting->n_characters);
  bolo_json_writer_add_text (writer, "syntax", sighting->syntax);
  bolo_event_add_region (writer, sighting->region, sighting->region_confidence,
                         sighting->is_region_read);
  bolo_cli_read_print (writer);
}

static void
on_batch (BoloReaderPool *pool, gint64 captured_us, GPtrArray *sightings, gpointer user_data)
{
  Clip *clip = user_data;

  bolo_clock_advance_to (clip->clock, captured_us);
  for (guint i = 0; i < sightings->len; i++) {
    const BoloSighting *sighting = g_ptr_array_index (sightings, i);

    if (sighting->state == BOLO_SIGHTING_CLOSED)
      print_sighting (clip, sighting);
  }
  bolo_reader_pool_release_batch (pool);
}

static void
on_finished (BoloReaderPool *pool, gpointer user_data)
{
  Clip *clip = user_data;

  g_main_loop_quit (clip->loop);
}

static void
on_failed (BoloReaderPool *pool, const GError *error, gpointer user_data)
{
  Clip *clip = user_data;

  if (clip->error == NULL)
    clip->error = g_error_copy (error);
  g_main_loop_quit (clip->loop);
}

static void
print_end (Clip *clip, gint64 started_us)
{
  BoloJsonWriter *writer;

  if (!clip->cli->is_json) {
    if (clip->n_sightings == 0)
      printf ("%s: no plate\n", clip->path);
    return;
  }
  writer = bolo_json_writer_new ();
  bolo_json_writer_add_text (writer, "path", clip->path);
  bolo_json_writer_add_int (writer, "sightings", clip->n_sightings);
  bolo_json_writer_add_number (writer, "ms",
                               (double) (g_get_monotonic_time () - started_us) / 1000.0, 0);
  bolo_cli_read_print (writer);
}

static gboolean
open_clip (Clip *clip, const char *models, GError **error)
{
  g_autoptr (BoloCameraConfig) config = bolo_camera_config_new_replay ("clip", clip->path, 0);
  g_autoptr (BoloIdSource) ids = bolo_id_source_new (clip->path);
  const BoloReaderConfig reader = {
    .models = models,
    .n_threads = 1,
    .mode = BOLO_MAILBOX_LOCK_STEP,
    .rules = clip->rules,
    .ids = ids,
    .clock = clip->clock,
  };

  clip->pool = bolo_reader_pool_new (&reader, NULL, error);
  if (clip->pool == NULL)
    return FALSE;
  clip->camera = bolo_camera_new (config, clip->clock, BOLO_MAILBOX_LOCK_STEP, NULL);
  bolo_reader_pool_add_camera (clip->pool, config->info, bolo_camera_get_frames (clip->camera),
                               NULL);
  g_signal_connect (clip->pool, "batch", G_CALLBACK (on_batch), clip);
  g_signal_connect (clip->pool, "finished", G_CALLBACK (on_finished), clip);
  g_signal_connect (clip->pool, "failed", G_CALLBACK (on_failed), clip);
  return TRUE;
}

gboolean
bolo_cli_read_clip (
  BoloCli *cli, const char *path, const char *models, BoloPlateRules *rules, GError **error)
{
  g_auto (Clip) clip = {.cli = cli, .path = path, .rules = rules};
  gint64 started_us = g_get_monotonic_time ();
  g_autoptr (BoloHealth) health = NULL;

  clip.clock = bolo_clock_new_manual (0);
  clip.loop = g_main_loop_new (NULL, FALSE);
  if (!open_clip (&clip, models, error))
    return FALSE;
  bolo_reader_pool_start (clip.pool);
  bolo_camera_start (clip.camera);
  g_main_loop_run (clip.loop);
  health = bolo_camera_get_health (clip.camera);
  bolo_camera_stop (clip.camera, STOP_MS);
  bolo_reader_pool_stop (clip.pool, STOP_MS);
  print_end (&clip, started_us);
  if (clip.error != NULL) {
    g_propagate_error (error, g_steal_pointer (&clip.error));
    return FALSE;
  }
  if (health->state == BOLO_HEALTH_LOST) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "%s%s%s", health->detail,
                 health->remedy != NULL ? " " : "", health->remedy != NULL ? health->remedy : "");
    return FALSE;
  }
  return TRUE;
}
