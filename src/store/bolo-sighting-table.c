/* bolo-sighting-table.c: sightings and their states in the journal
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-sighting-table"

#include "bolo-sighting-table.h"

#include <math.h>
#include <string.h>

#include "bolo-disk-numbers.h"
#include "bolo-disk-texts.h"
#include "bolo-error.h"

/* The order of bind_state () and read_state (). */
#define STATE_COLUMNS                                                                              \
  "sighting, state, text, previous_text, confidence, looks, is_single_look, characters, syntax,"   \
  " region, corners, width_px, first_us, last_us, captured_us, captured_by, first_media_ms,"       \
  " last_media_ms, best_media_ms, agreed_media_ms, agreed_us, published_us, latency_ms,"           \
  " since_readable_ms, fix_time_us, latitude_deg, longitude_deg, accuracy_m, speed_mps,"           \
  " heading_deg, fix_age_ms, clock_offset_us, fix_how, media_day, patch, overview,"                \
  " overview_camera, officer, clone_sighting, clone_camera, clone_at_us, clone_distance_m,"        \
  " clone_needed_mps, region_confidence, is_region_read"

/* Column numbers from 0; a parameter is one more. */
enum {
  SIGHTING,
  STATE,
  TEXT,
  PREVIOUS_TEXT,
  CONFIDENCE,
  LOOKS,
  IS_SINGLE_LOOK,
  CHARACTERS,
  SYNTAX,
  REGION,
  CORNERS,
  WIDTH_PX,
  FIRST_US,
  LAST_US,
  CAPTURED_US,
  CAPTURED_BY,
  FIRST_MEDIA_MS,
  LAST_MEDIA_MS,
  BEST_MEDIA_MS,
  AGREED_MEDIA_MS,
  AGREED_US,
  PUBLISHED_US,
  LATENCY_MS,
  SINCE_READABLE_MS,
  FIX_TIME_US,
  LATITUDE_DEG,
  LONGITUDE_DEG,
  ACCURACY_M,
  SPEED_MPS,
  HEADING_DEG,
  FIX_AGE_MS,
  CLOCK_OFFSET_US,
  FIX_HOW,
  MEDIA_DAY,
  PATCH,
  OVERVIEW,
  OVERVIEW_CAMERA,
  OFFICER,
  CLONE_SIGHTING,
  CLONE_CAMERA,
  CLONE_AT_US,
  CLONE_DISTANCE_M,
  CLONE_NEEDED_MPS,
  REGION_CONFIDENCE,
  IS_REGION_READ,
  CAMERA, /* of the sighting; only read */
  TRACK,
};

gboolean
bolo_sighting_table_find (BoloDb *journal,
                          const BoloSighting *sighting,
                          gint64 *number,
                          GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (journal,
                     "SELECT number FROM sighting_state WHERE sighting = ?1 AND state = ?2"
                     " AND published_us = ?3 AND text = ?4",
                     error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, sighting->id);
  bolo_statement_bind_int64 (
    statement, 2, bolo_disk_number_from_value (BOLO_DISK_SIGHTING_STATE, (int) sighting->state));
  bolo_statement_bind_int64 (statement, 3, sighting->published_us);
  bolo_statement_bind_text (statement, 4, sighting->text);
  if (!bolo_statement_step (statement, &has_row, error))
    return FALSE;
  *number = has_row ? bolo_statement_get_int64 (statement, 0) : 0;
  bolo_statement_reset (statement);
  return TRUE;
}

gboolean
bolo_sighting_table_get_due (BoloDb *journal,
                             const BoloSighting *sighting,
                             gint64 *due_us,
                             GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (journal, "SELECT due_us FROM sighting WHERE id = ?1", error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, sighting->id);
  if (!bolo_statement_step (statement, &has_row, error))
    return FALSE;
  *due_us = has_row ? bolo_statement_get_int64 (statement, 0) : sighting->captured_us;
  bolo_statement_reset (statement);
  return TRUE;
}

static gboolean
add_sighting (BoloDb *journal, const BoloSighting *sighting, gint64 due_us, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (journal,
                     "INSERT INTO sighting (id, camera, track, due_us) VALUES (?1, ?2, ?3, ?4)"
                     " ON CONFLICT (id) DO NOTHING",
                     error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, sighting->id);
  bolo_statement_bind_text (statement, 2, sighting->camera);
  bolo_statement_bind_int64 (statement, 3, (gint64) sighting->track);
  bolo_statement_bind_int64 (statement, 4, due_us);
  return bolo_statement_run (statement, error);
}

static void
bind_fix (BoloStatement *statement, const BoloFix *fix)
{
  if (fix == NULL)
    return; /* unbound is NULL */
  bolo_statement_bind_int64 (statement, FIX_TIME_US + 1, fix->time_us);
  bolo_statement_bind_double (statement, LATITUDE_DEG + 1, fix->latitude_deg);
  bolo_statement_bind_double (statement, LONGITUDE_DEG + 1, fix->longitude_deg);
  bolo_statement_bind_double (statement, ACCURACY_M + 1, fix->accuracy_m);
  bolo_statement_bind_double (statement, SPEED_MPS + 1, fix->speed_mps);
  bolo_statement_bind_double (statement, HEADING_DEG + 1, fix->heading_deg);
  bolo_statement_bind_int64 (statement, FIX_AGE_MS + 1, fix->age_ms);
  if (fix->clock_offset_us != G_MININT64)
    bolo_statement_bind_int64 (statement, CLOCK_OFFSET_US + 1, fix->clock_offset_us);
  bolo_statement_bind_int64 (statement, FIX_HOW + 1,
                             bolo_disk_number_from_value (BOLO_DISK_FIX_HOW, (int) fix->how));
}

static void
bind_clone (BoloStatement *statement, const BoloClone *clone)
{
  if (clone == NULL)
    return;
  bolo_statement_bind_text (statement, CLONE_SIGHTING + 1, clone->sighting);
  bolo_statement_bind_text (statement, CLONE_CAMERA + 1, clone->camera);
  bolo_statement_bind_int64 (statement, CLONE_AT_US + 1, clone->at_us);
  bolo_statement_bind_double (statement, CLONE_DISTANCE_M + 1, clone->distance_m);
  bolo_statement_bind_double (statement, CLONE_NEEDED_MPS + 1, clone->needed_mps);
}

static void
bind_reading (BoloStatement *statement, const BoloSighting *sighting)
{
  g_autofree char *characters =
    bolo_disk_text_from_characters (sighting->characters, sighting->n_characters);
  g_autofree char *corners = bolo_disk_text_from_corners (sighting->corners);

  bolo_statement_bind_text (statement, TEXT + 1, sighting->text);
  bolo_statement_bind_text (statement, PREVIOUS_TEXT + 1, sighting->previous_text);
  bolo_statement_bind_double (statement, CONFIDENCE + 1, sighting->confidence);
  bolo_statement_bind_int64 (statement, LOOKS + 1, sighting->looks);
  bolo_statement_bind_int64 (statement, IS_SINGLE_LOOK + 1, sighting->is_single_look);
  bolo_statement_bind_text (statement, CHARACTERS + 1, characters);
  bolo_statement_bind_text (statement, SYNTAX + 1, sighting->syntax);
  bolo_statement_bind_text (statement, REGION + 1, sighting->region);
  if (sighting->region != NULL) {
    bolo_statement_bind_double (statement, REGION_CONFIDENCE + 1, sighting->region_confidence);
    bolo_statement_bind_int64 (statement, IS_REGION_READ + 1, sighting->is_region_read);
  }
  bolo_statement_bind_text (statement, CORNERS + 1, corners);
  bolo_statement_bind_double (statement, WIDTH_PX + 1, sighting->width_px);
}

static void
bind_times (BoloStatement *statement, const BoloSighting *sighting)
{
  const struct {
    int column;
    gint64 value;
  } times[] = {
    {FIRST_US, sighting->first_us},
    {LAST_US, sighting->last_us},
    {CAPTURED_US, sighting->captured_us},
    {FIRST_MEDIA_MS, sighting->first_media_ms},
    {LAST_MEDIA_MS, sighting->last_media_ms},
    {BEST_MEDIA_MS, sighting->best_media_ms},
    {AGREED_MEDIA_MS, sighting->agreed_media_ms},
    {AGREED_US, sighting->agreed_us},
    {PUBLISHED_US, sighting->published_us},
    {LATENCY_MS, sighting->latency_ms},
    {SINCE_READABLE_MS, sighting->since_readable_ms},
  };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    bolo_statement_bind_int64 (statement, times[i].column + 1, times[i].value);
  bolo_statement_bind_int64 (
    statement, CAPTURED_BY + 1,
    bolo_disk_number_from_value (BOLO_DISK_CAPTURED_BY, (int) sighting->captured_by));
}

static void
bind_pictures (BoloStatement *statement, const BoloPlaced *placed)
{
  if (placed->patch == 0 && placed->overview == 0)
    return;
  bolo_statement_bind_text (statement, MEDIA_DAY + 1, placed->day);
  if (placed->patch != 0)
    bolo_statement_bind_int64 (statement, PATCH + 1, placed->patch);
  if (placed->overview != 0)
    bolo_statement_bind_int64 (statement, OVERVIEW + 1, placed->overview);
}

gboolean
bolo_sighting_table_add (BoloDb *journal,
                         const BoloSighting *sighting,
                         gint64 due_us,
                         const BoloPlaced *placed,
                         gint64 *number,
                         GError **error)
{
  BoloStatement *statement;

  if (!add_sighting (journal, sighting, due_us, error))
    return FALSE;
  statement = bolo_db_prepare (journal,
                               "INSERT INTO sighting_state (" STATE_COLUMNS ") VALUES ("
                               "?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,"
                               "?19,?20,?21,?22,?23,?24,?25,?26,?27,?28,?29,?30,?31,?32,?33,?34,"
                               "?35,?36,?37,?38,?39,?40,?41,?42,?43,?44,?45)",
                               error);
  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, SIGHTING + 1, sighting->id);
  bolo_statement_bind_int64 (
    statement, STATE + 1,
    bolo_disk_number_from_value (BOLO_DISK_SIGHTING_STATE, (int) sighting->state));
  bind_reading (statement, sighting);
  bind_times (statement, sighting);
  bind_fix (statement, sighting->fix);
  bind_clone (statement, sighting->clone);
  bind_pictures (statement, placed);
  bolo_statement_bind_text (statement, OVERVIEW_CAMERA + 1, sighting->overview_camera);
  bolo_statement_bind_text (statement, OFFICER + 1, sighting->officer);
  if (!bolo_statement_run (statement, error))
    return FALSE;
  *number = bolo_db_get_last_row (journal);
  return TRUE;
}

static BoloFix *
read_fix (BoloStatement *statement)
{
  BoloFix fix = {0};
  int how = BOLO_FIX_HOW_EXTRAPOLATED;

  if (bolo_statement_is_null (statement, FIX_TIME_US))
    return NULL;
  fix.time_us = bolo_statement_get_int64 (statement, FIX_TIME_US);
  fix.latitude_deg = bolo_statement_get_double (statement, LATITUDE_DEG);
  fix.longitude_deg = bolo_statement_get_double (statement, LONGITUDE_DEG);
  fix.accuracy_m = bolo_statement_get_double (statement, ACCURACY_M);
  fix.speed_mps = bolo_statement_get_double (statement, SPEED_MPS);
  fix.heading_deg = bolo_statement_get_double (statement, HEADING_DEG);
  fix.age_ms = bolo_statement_get_int64 (statement, FIX_AGE_MS);
  fix.clock_offset_us = bolo_statement_is_null (statement, CLOCK_OFFSET_US)
                          ? G_MININT64
                          : bolo_statement_get_int64 (statement, CLOCK_OFFSET_US);
  bolo_disk_number_to_value (BOLO_DISK_FIX_HOW, bolo_statement_get_int64 (statement, FIX_HOW),
                             &how);
  fix.how = (BoloFixHow) how;
  return bolo_fix_new (&fix);
}

/* (transfer full) (nullable) */
static BoloClone *
read_clone (BoloStatement *statement)
{
  BoloClone *clone;

  if (bolo_statement_is_null (statement, CLONE_SIGHTING))
    return NULL;
  clone = bolo_clone_new ();
  clone->sighting = bolo_statement_get_text (statement, CLONE_SIGHTING);
  clone->camera = bolo_statement_get_text (statement, CLONE_CAMERA);
  clone->at_us = bolo_statement_get_int64 (statement, CLONE_AT_US);
  clone->distance_m = bolo_statement_get_double (statement, CLONE_DISTANCE_M);
  clone->needed_mps = bolo_statement_get_double (statement, CLONE_NEEDED_MPS);
  return clone;
}

static void
read_reading (BoloStatement *statement, BoloSighting *sighting)
{
  g_autofree char *characters = bolo_statement_get_text (statement, CHARACTERS);
  g_autofree char *corners = bolo_statement_get_text (statement, CORNERS);

  sighting->text = bolo_statement_get_text (statement, TEXT);
  sighting->previous_text = bolo_statement_get_text (statement, PREVIOUS_TEXT);
  sighting->confidence = (float) bolo_statement_get_double (statement, CONFIDENCE);
  sighting->looks = (guint) bolo_statement_get_int64 (statement, LOOKS);
  sighting->is_single_look = bolo_statement_get_int64 (statement, IS_SINGLE_LOOK) != 0;
  sighting->n_characters = bolo_disk_text_to_characters (characters, sighting->characters);
  sighting->syntax = bolo_statement_get_text (statement, SYNTAX);
  sighting->region = bolo_statement_get_text (statement, REGION);
  if (!bolo_statement_is_null (statement, REGION_CONFIDENCE)) /* as it is before version 6 */
    sighting->region_confidence = (float) bolo_statement_get_double (statement, REGION_CONFIDENCE);
  sighting->is_region_read = bolo_statement_get_int64 (statement, IS_REGION_READ) != 0;
  bolo_disk_text_to_corners (corners, sighting->corners);
  sighting->width_px = (float) bolo_statement_get_double (statement, WIDTH_PX);
}

static void
read_times (BoloStatement *statement, BoloSighting *sighting)
{
  const struct {
    int column;
    gint64 *value;
  } times[] = {
    {FIRST_US, &sighting->first_us},
    {LAST_US, &sighting->last_us},
    {CAPTURED_US, &sighting->captured_us},
    {FIRST_MEDIA_MS, &sighting->first_media_ms},
    {LAST_MEDIA_MS, &sighting->last_media_ms},
    {BEST_MEDIA_MS, &sighting->best_media_ms},
    {AGREED_MEDIA_MS, &sighting->agreed_media_ms},
    {AGREED_US, &sighting->agreed_us},
    {PUBLISHED_US, &sighting->published_us},
    {LATENCY_MS, &sighting->latency_ms},
    {SINCE_READABLE_MS, &sighting->since_readable_ms},
  };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    *times[i].value = bolo_statement_get_int64 (statement, times[i].column);
}

static BoloSighting *
read_state (BoloStatement *statement)
{
  BoloSighting *sighting = bolo_sighting_new ();
  int state = BOLO_SIGHTING_CLOSED;
  int captured_by = BOLO_CAPTURED_BY_ARRIVAL;

  sighting->id = bolo_statement_get_text (statement, SIGHTING);
  sighting->camera = bolo_statement_get_text (statement, CAMERA);
  sighting->track = (guint64) bolo_statement_get_int64 (statement, TRACK);
  bolo_disk_number_to_value (BOLO_DISK_SIGHTING_STATE, bolo_statement_get_int64 (statement, STATE),
                             &state);
  sighting->state = (BoloSightingState) state;
  bolo_disk_number_to_value (BOLO_DISK_CAPTURED_BY,
                             bolo_statement_get_int64 (statement, CAPTURED_BY), &captured_by);
  sighting->captured_by = (BoloCapturedBy) captured_by;
  read_reading (statement, sighting);
  read_times (statement, sighting);
  sighting->fix = read_fix (statement);
  sighting->clone = read_clone (statement);
  sighting->overview_camera = bolo_statement_get_text (statement, OVERVIEW_CAMERA);
  sighting->officer = bolo_statement_get_text (statement, OFFICER);
  return sighting;
}

static gboolean
read_states (BoloStatement *statement, GPtrArray *sightings, GError **error)
{
  gboolean has_row = TRUE;

  while (has_row) {
    if (!bolo_statement_step (statement, &has_row, error))
      return FALSE;
    if (has_row)
      g_ptr_array_add (sightings, read_state (statement));
  }
  bolo_statement_reset (statement);
  return TRUE;
}

/* A state that is its sighting's newest. */
#define NEWEST                                                                                     \
  "SELECT " STATE_COLUMNS ", camera, track FROM sighting_state AS s JOIN sighting"                 \
  " ON sighting.id = s.sighting WHERE s.number ="                                                  \
  " (SELECT max(t.number) FROM sighting_state AS t WHERE t.sighting = s.sighting)"                 \
  " AND s.captured_us >= ?1 AND s.captured_us < ?2"
#define ORDER " ORDER BY s.captured_us DESC LIMIT ?3"

GPtrArray *
bolo_sighting_table_list (BoloDb *journal, const BoloStoreQuery *query, GError **error)
{
  g_autoptr (GPtrArray) sightings =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_sighting_unref);
  BoloStatement *statement =
    bolo_db_prepare (journal,
                     query->text != NULL   ? NEWEST " AND s.text = ?4" ORDER
                     : query->glob != NULL ? NEWEST " AND s.text GLOB ?4" ORDER
                                           : NEWEST ORDER,
                     error);

  if (statement == NULL)
    return NULL;
  bolo_statement_bind_int64 (statement, 1, query->from_us);
  bolo_statement_bind_int64 (statement, 2, query->to_us);
  bolo_statement_bind_int64 (statement, 3, query->max == 0 ? -1 : (gint64) query->max);
  if (query->text != NULL || query->glob != NULL)
    bolo_statement_bind_text (statement, 4, query->text != NULL ? query->text : query->glob);
  if (!read_states (statement, sightings, error))
    return NULL;
  return g_steal_pointer (&sightings);
}

BoloSighting *
bolo_sighting_table_load (BoloDb *journal, gint64 number, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (journal,
                     "SELECT " STATE_COLUMNS ", camera, track FROM sighting_state"
                     " JOIN sighting ON sighting.id = sighting WHERE number = ?1",
                     error);
  g_autoptr (GPtrArray) sightings =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_sighting_unref);

  if (statement == NULL)
    return NULL;
  bolo_statement_bind_int64 (statement, 1, number);
  if (!read_states (statement, sightings, error))
    return NULL;
  if (sightings->len == 0) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "No sighting in row %" G_GINT64_FORMAT,
                 number);
    return NULL;
  }
  return bolo_sighting_ref (sightings->pdata[0]);
}

BoloSighting *
bolo_sighting_table_load_newest (BoloDb *journal, const char *sighting, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (journal, "SELECT max(number) FROM sighting_state WHERE sighting = ?1", error);
  gboolean has_row;
  gint64 number;

  if (statement == NULL)
    return NULL;
  bolo_statement_bind_text (statement, 1, sighting);
  if (!bolo_statement_step (statement, &has_row, error))
    return NULL;
  number = has_row ? bolo_statement_get_int64 (statement, 0) : 0;
  bolo_statement_reset (statement);
  return bolo_sighting_table_load (journal, number, error);
}

gboolean
bolo_sighting_table_find_picture (
  BoloDb *journal, const char *sighting, BoloPictureKind kind, BoloPlaced *placed, GError **error)
{
  const char *sql = kind == BOLO_PICTURE_PATCH
                      ? "SELECT media_day, patch FROM sighting_state"
                        " WHERE sighting = ?1 AND patch IS NOT NULL ORDER BY number DESC LIMIT 1"
                      : "SELECT media_day, overview FROM sighting_state"
                        " WHERE sighting = ?1 AND overview IS NOT NULL"
                        " ORDER BY number DESC LIMIT 1";
  BoloStatement *statement = bolo_db_prepare (journal, sql, error);
  g_autofree char *day = NULL;
  gboolean has_row;
  gint64 number = 0;

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, sighting);
  if (!bolo_statement_step (statement, &has_row, error))
    return FALSE;
  if (has_row) {
    day = bolo_statement_get_text (statement, 0);
    number = bolo_statement_get_int64 (statement, 1);
  }
  bolo_statement_reset (statement);
  if (day == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "No picture of sighting %s", sighting);
    return FALSE;
  }
  memset (placed, 0, sizeof *placed);
  g_strlcpy (placed->day, day, sizeof placed->day);
  if (kind == BOLO_PICTURE_PATCH)
    placed->patch = number;
  else
    placed->overview = number;
  return TRUE;
}
