/* bolo-patrol-summary.c: what a run has done so far, in numbers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-patrol-private.h"

static void
patrol_camera_free (gpointer data)
{
  BoloPatrolCamera *camera = data;

  g_free (camera->camera);
  g_free (camera);
}

static BoloPatrolCamera *
summarise_camera (BoloPatrol *self, guint index)
{
  BoloCamera *camera = g_ptr_array_index (self->cameras, index);
  const BoloCameraInfo *info = g_ptr_array_index (self->camera_infos, index);
  BoloPatrolCamera *summary = g_new0 (BoloPatrolCamera, 1);
  BoloReaderCounts counts;

  bolo_reader_pool_get_counts (self->pool, index, &counts);
  summary->camera = g_strdup (info->name);
  summary->frames_in = bolo_camera_get_frames_in (camera);
  summary->frames_read = counts.frames_read;
  summary->frames_dropped = bolo_mailbox_get_drop_count (bolo_camera_get_frames (camera));
  summary->plates = counts.plates;
  summary->decode_ms = bolo_metric_get_mean (bolo_camera_get_decode_metric (camera));
  return summary;
}

static void
summarise_not_raised (BoloPatrol *self, BoloPatrolSummary *summary)
{
  const BoloReviewCounts *counts = bolo_match_review_get_counts (self->review);

  summary->weeded = counts->n_weeded + self->n_weeded;
  summary->out_of_time = counts->n_out_of_time;
  summary->elsewhere = counts->n_elsewhere;
  summary->silenced = counts->n_silenced;
  summary->own = counts->n_own;
}

BoloPatrolSummary *
bolo_patrol_get_summary (BoloPatrol *self)
{
  BoloPatrolSummary *summary;

  g_return_val_if_fail (BOLO_IS_PATROL (self), NULL);

  summary = g_new0 (BoloPatrolSummary, 1);
  summary->cameras = g_ptr_array_new_with_free_func (patrol_camera_free);
  for (guint i = 0; i < self->cameras->len; i++)
    g_ptr_array_add (summary->cameras, summarise_camera (self, i));
  summary->sightings = g_hash_table_size (self->passes);
  summary->corrected = self->n_corrected;
  summary->hits = self->n_hits;
  summary->alarms = self->n_alarms;
  summary->stored = self->n_stored;
  summarise_not_raised (self, summary);
  summary->latency_ms = self->latency_ms;
  summary->since_readable_ms = self->since_readable_ms;
  summary->stored_ms = self->stored_ms;
  summary->tone_ms = self->tone_ms;
  summary->match_ms = self->match_ms;
  summary->publish_ms = self->publish_ms;
  summary->detect_ms = bolo_reader_pool_get_detect_ms (self->pool);
  summary->read_ms = bolo_reader_pool_get_read_ms (self->pool);
  summary->backend = bolo_reader_pool_get_backend (self->pool);
  if (self->scorer != NULL) {
    summary->has_score = TRUE;
    bolo_scorer_get_score (self->scorer, &summary->score);
    summary->camera_scores = bolo_scorer_get_cameras (self->scorer);
    summary->misses = bolo_scorer_describe_misses (self->scorer);
  }
  return summary;
}

void
bolo_patrol_summary_free (BoloPatrolSummary *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->cameras, g_ptr_array_unref);
  g_clear_pointer (&self->camera_scores, g_ptr_array_unref);
  g_clear_pointer (&self->misses, g_strfreev);
  g_free (self);
}
