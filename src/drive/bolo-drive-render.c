/* bolo-drive-render.c: makes a whole recording: clips, track, lists, truth
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-render.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>

#include "bolo-clock.h"
#include "bolo-drive-encoder.h"
#include "bolo-drive-track.h"
#include "bolo-drive-truth.h"
#include "bolo-drive-wanted.h"
#include "bolo-error.h"
#include "bolo-paths.h"

/* Who is never seen well for so many frames in one pass is left at home. */
#define LEAST_FRAMES 4
/* One seed in forty leaves room for one vehicle too few in the demo. */
#define N_ATTEMPTS 6
#define PROGRESS_INTERVAL_US (G_USEC_PER_SEC / 4)

/* What the camera threads share. */
typedef struct {
  const BoloDrive *drive;
  BoloOutlines *outlines;
  const BoloDriveScenery *scenery;
  const char *path;
  int next_camera; /* (atomic) */
  int n_done;      /* (atomic) frames */
  int n_running;   /* (mutex lock) threads */
  GMutex lock;
  GCond ended;
  GError *error; /* (mutex lock) (owned) (nullable): the first one */
} Studio;

/* Readable among everyone is readable among fewer: the others only cover. */
static gboolean
choose_traffic (BoloDrive *self, GError **error)
{
  g_autoptr (GArray) passes = bolo_drive_truth_find (self->scenario, self->road, self->traffic);
  g_autofree gboolean *is_readable = g_new0 (gboolean, self->traffic->vehicles->len);

  for (guint i = 0; i < passes->len; i++) {
    const BoloDrivePass *pass = &g_array_index (passes, BoloDrivePass, i);
    if (pass->n_readable >= LEAST_FRAMES)
      is_readable[pass->vehicle] = TRUE;
  }
  return bolo_drive_traffic_choose (self->traffic, self->scenario, is_readable, error);
}

BoloDrive *
bolo_drive_new (const BoloDriveScenario *scenario, GError **error)
{
  g_return_val_if_fail (scenario != NULL, NULL);
  g_autoptr (BoloDrive) self = g_new0 (BoloDrive, 1);

  self->scenario = scenario;
  self->road = bolo_drive_road_new (scenario);
  for (guint attempt = 1; self->traffic == NULL; attempt++) {
    self->traffic = bolo_drive_traffic_new (scenario, self->road, attempt - 1);
    if (choose_traffic (self, attempt == N_ATTEMPTS ? error : NULL))
      break;
    if (attempt == N_ATTEMPTS)
      return NULL;
    g_clear_pointer (&self->traffic, bolo_drive_traffic_free);
  }
  self->passes = bolo_drive_truth_find (scenario, self->road, self->traffic);
  if (!bolo_drive_wanted_choose (scenario, self->traffic, self->passes, error))
    return NULL;
  /* A decoy's mark can have changed its plate's shape. */
  g_array_unref (self->passes);
  self->passes = bolo_drive_truth_find (scenario, self->road, self->traffic);
  return g_steal_pointer (&self);
}

void
bolo_drive_free (BoloDrive *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->road, bolo_drive_road_free);
  g_clear_pointer (&self->traffic, bolo_drive_traffic_free);
  g_clear_pointer (&self->passes, g_array_unref);
  g_free (self);
}

static gboolean
write_file (const char *path, const char *name, const char *text, GError **error)
{
  g_autofree char *whole = g_build_filename (path, name, NULL);
  g_autoptr (GError) local = NULL;

  if (g_file_set_contents (whole, text, -1, &local))
    return TRUE;
  bolo_error_take_foreign (error, g_steal_pointer (&local), "Cannot write the recording");
  return FALSE;
}

static char *
format_recording (const BoloDriveScenario *scenario)
{
  GString *text = g_string_new (NULL);
  g_autofree char *start = bolo_time_format_utc (scenario->start_us);
  static const char *const lists[] = {BOLO_DRIVE_LIST_STOLEN, BOLO_DRIVE_LIST_VOI};
  static const char *const titles[] = {"Stolen vehicles", "Vehicles of interest"};

  g_string_append_printf (text,
                          "# Made by bolo-drive; see the file formats in the documentation.\n"
                          "[recording]\ntitle=%s\nstart=%s\nduration_ms=%d\nwidth=%d\nheight=%d\n"
                          "rate=%d\nseed=%u\n",
                          scenario->title, start, (int) (scenario->duration_s * 1000 + 0.5),
                          scenario->width, scenario->height, scenario->rate, scenario->seed);
  for (guint i = 0; i < scenario->cameras->len; i++) {
    const BoloDriveCamera *camera = g_ptr_array_index (scenario->cameras, i);
    g_string_append_printf (text,
                            "\n[camera %s]\nfile=%s.mkv\ntitle=%s\nlooks=%s\nheading_deg=%d\n"
                            "role=%s\nspectrum=%s\n",
                            camera->name, camera->name, camera->title, camera->looks,
                            (int) camera->heading_deg, camera->role,
                            camera->is_infrared ? "infrared" : "colour");
    if (camera->overview != NULL)
      g_string_append_printf (text, "overview=%s\n", camera->overview);
  }
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    g_string_append_printf (text, "\n[list %s]\nfile=lists/%s.csv\nkind=%s\ntitle=%s\n", lists[i],
                            lists[i], lists[i], titles[i]);
  return g_string_free (text, FALSE);
}

static gboolean
write_texts (const BoloDrive *self, const char *path, GError **error)
{
  g_autofree char *lists = g_build_filename (path, "lists", NULL);
  if (g_mkdir_with_parents (lists, 0755) != 0) {
    g_autofree char *what = g_strdup_printf ("Cannot make %s", lists);
    bolo_error_set_errno (error, errno, what);
    return FALSE;
  }
  g_autofree char *recording = format_recording (self->scenario);
  g_autofree char *track = bolo_drive_track_format (self->scenario, self->road);
  g_autofree char *truth =
    bolo_drive_truth_format (self->passes, self->scenario, self->road, self->traffic);
  g_autofree char *stolen =
    bolo_drive_wanted_format (self->scenario, self->traffic, BOLO_DRIVE_LIST_STOLEN);
  g_autofree char *voi =
    bolo_drive_wanted_format (self->scenario, self->traffic, BOLO_DRIVE_LIST_VOI);
  return write_file (path, "track.nmea", track, error) &&
         write_file (path, "truth.jsonl", truth, error) &&
         write_file (lists, BOLO_DRIVE_LIST_STOLEN ".csv", stolen, error) &&
         write_file (lists, BOLO_DRIVE_LIST_VOI ".csv", voi, error) &&
         write_file (path, "recording.ini", recording, error);
}

static gboolean
has_failed (Studio *studio)
{
  g_mutex_lock (&studio->lock);
  gboolean failed = studio->error != NULL;
  g_mutex_unlock (&studio->lock);
  return failed;
}

static gboolean
render_camera (Studio *studio, guint camera, GError **error)
{
  const BoloDrive *drive = studio->drive;
  const BoloDriveScenario *scenario = drive->scenario;
  const BoloDriveCamera *described = g_ptr_array_index (scenario->cameras, camera);
  g_autofree char *name = g_strdup_printf ("%s.mkv", described->name);
  g_autofree char *path = g_build_filename (studio->path, name, NULL);
  g_autoptr (BoloDriveEncoder) encoder =
    bolo_drive_encoder_new (path, scenario->width, scenario->height, scenario->rate, error);
  guint n_frames = bolo_drive_scenario_get_n_frames (scenario);

  if (encoder == NULL)
    return FALSE;
  g_autoptr (BoloDriveCameraman) cameraman = bolo_drive_cameraman_new (
    scenario, drive->road, drive->traffic, studio->outlines, studio->scenery, camera);
  for (guint frame = 0; frame < n_frames; frame++) {
    if (!bolo_drive_encoder_add (encoder, bolo_drive_cameraman_render (cameraman, frame), error))
      return FALSE;
    g_atomic_int_inc (&studio->n_done);
    if (has_failed (studio))
      return TRUE;
  }
  return bolo_drive_encoder_finish (encoder, error);
}

static gpointer
run_studio (gpointer data)
{
  Studio *studio = data;
  guint n_cameras = studio->drive->scenario->cameras->len;

  for (;;) {
    GError *error = NULL;
    guint camera = (guint) g_atomic_int_add (&studio->next_camera, 1);
    if (camera >= n_cameras || has_failed (studio))
      break;
    if (!render_camera (studio, camera, &error)) {
      g_mutex_lock (&studio->lock);
      if (studio->error == NULL)
        studio->error = g_steal_pointer (&error);
      g_mutex_unlock (&studio->lock);
      g_clear_error (&error);
    }
  }
  g_mutex_lock (&studio->lock);
  studio->n_running--;
  g_cond_signal (&studio->ended);
  g_mutex_unlock (&studio->lock);
  return NULL;
}

static void
wait_for_studio (Studio *studio, BoloDriveProgress progress, gpointer user_data)
{
  const BoloDriveScenario *scenario = studio->drive->scenario;
  guint all = bolo_drive_scenario_get_n_frames (scenario) * scenario->cameras->len;

  g_mutex_lock (&studio->lock);
  while (studio->n_running > 0) {
    g_cond_wait_until (&studio->ended, &studio->lock,
                       g_get_monotonic_time () + PROGRESS_INTERVAL_US);
    g_mutex_unlock (&studio->lock);
    if (progress != NULL)
      progress ((guint) g_atomic_int_get (&studio->n_done), all, user_data);
    g_mutex_lock (&studio->lock);
  }
  g_mutex_unlock (&studio->lock);
}

static gboolean
render_clips (const BoloDrive *self,
              BoloOutlines *outlines,
              const char *path,
              BoloDriveProgress progress,
              gpointer user_data,
              GError **error)
{
  g_autoptr (BoloDriveScenery) scenery = bolo_drive_scenery_new (self->scenario->seed);
  Studio studio = {self, outlines, scenery, path};
  guint n_threads = MIN (self->scenario->cameras->len, g_get_num_processors ());
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();

  g_mutex_init (&studio.lock);
  g_cond_init (&studio.ended);
  studio.n_running = (int) n_threads;
  for (guint i = 0; i < n_threads; i++)
    g_ptr_array_add (threads, g_thread_new ("drive-camera", run_studio, &studio));
  wait_for_studio (&studio, progress, user_data);
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (g_ptr_array_index (threads, i));
  g_mutex_clear (&studio.lock);
  g_cond_clear (&studio.ended);
  if (studio.error == NULL)
    return TRUE;
  g_propagate_error (error, studio.error);
  return FALSE;
}

gboolean
bolo_drive_render (const BoloDrive *self,
                   const char *path,
                   BoloDriveProgress progress,
                   gpointer user_data,
                   GError **error)
{
  g_return_val_if_fail (self != NULL && path != NULL, FALSE);
  g_autofree char *outline_path = bolo_paths_get_data_file ("plate/outlines-gb.ini");
  g_autoptr (BoloOutlines) outlines = bolo_outlines_load (outline_path, error);

  gst_init (NULL, NULL);
  if (outlines == NULL || !write_texts (self, path, error))
    return FALSE;
  return render_clips (self, outlines, path, progress, user_data, error);
}
