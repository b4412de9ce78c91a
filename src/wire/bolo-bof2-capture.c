/* bolo-bof2-capture.c: one read as a BOF2 back office takes it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-bof2-capture"

#include "bolo-bof2-capture.h"

#include "bolo-clock.h"
#include "bolo-error.h"

#include <math.h>
#include <sodium.h>
#include <string.h>

#define ID_MAX 32767          /* xsd:short; 0 and below name nothing */
#define DEGREES_FORMAT "%.5f" /* about a metre; a float at 51.5 degrees resolves 0.4 m */
#define DEGREES_LENGTH 16

char *
bolo_bof2_format_time (gint64 utc_us, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;
  g_autofree char *seconds = NULL;
  g_autofree char *offset = NULL;

  if (zone == NULL)
    return bolo_time_format_utc (utc_us);
  utc = g_date_time_new_from_unix_utc (utc_us / G_USEC_PER_SEC);
  local = g_date_time_to_timezone (utc, zone);
  seconds = g_date_time_format (local, "%Y-%m-%dT%H:%M:%S");
  offset = g_date_time_format (local, "%:z");
  return g_strdup_printf ("%s.%03d%s", seconds, (int) (utc_us % G_USEC_PER_SEC / 1000), offset);
}

void
bolo_bof2_wipe_free (char *text)
{
  if (text != NULL)
    sodium_memzero (text, strlen (text));
  g_free (text);
}

/* ---- checking ------------------------------------------------------------------------------ */

/* How '|' could be written otherwise is not established, so it is never sent. */
static gboolean
is_field (const char *text)
{
  if (text == NULL || *text == '\0' || !bolo_soap_text_is_of (text, BOLO_SOAP_STRING))
    return FALSE;
  for (; *text != '\0'; text++)
    if (*text == '|' || g_ascii_iscntrl (*text))
      return FALSE;
  return TRUE;
}

/* Milliseconds and a zone, and a day and an hour that there are. */
static gboolean
is_time (const char *text)
{
  g_autoptr (GDateTime) time = NULL;

  if (text == NULL || !g_regex_match_simple ("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}"
                                             "(Z|[+-]\\d\\d:\\d\\d)\\z",
                                             text, G_REGEX_RAW, 0))
    return FALSE;
  time = g_date_time_new_from_iso8601 (text, NULL);
  return time != NULL;
}

static gboolean
is_id (int id)
{
  return id >= 1 && id <= ID_MAX;
}

static gboolean
is_position (const BoloBof2Capture *self)
{
  if (!self->has_position)
    return TRUE;
  return isfinite (self->latitude_deg) && isfinite (self->longitude_deg) &&
         fabs (self->latitude_deg) <= 90 && fabs (self->longitude_deg) <= 180 &&
         (self->latitude_deg != 0 || self->longitude_deg != 0);
}

gboolean
bolo_bof2_capture_check (const BoloBof2Capture *self, const BoloBof2Caller *caller, GError **error)
{
  const char *wrong = NULL;

  g_return_val_if_fail (self != NULL && caller != NULL, FALSE);

  if (!is_field (caller->secret))
    wrong = "the secret must be a text without '|' and control characters";
  else if (!is_field (caller->username))
    wrong = "the username must be a text without '|' and control characters";
  else if (!is_field (self->vrm) || strpbrk (self->vrm, " abcdefghijklmnopqrstuvwxyz") != NULL)
    wrong = "the mark must be upper-case letters and digits, without spaces and '|'";
  else if (!is_id (caller->feed) || !is_id (caller->source) || !is_id (self->camera))
    wrong = "feed, source and camera must be numbers from 1 to 32767";
  else if (!is_time (self->time))
    wrong = "the time of capture must have milliseconds and a zone";
  else if (!is_position (self))
    wrong = "the position must be one on the earth, or none; 0,0 means that nobody knew it";
  else if (self->confidence_percent < -1 || self->confidence_percent > 100)
    wrong = "the confidence must be from 0 to 100 percent";
  if (wrong == NULL)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "a read cannot be sent by BOF2: %s",
               wrong);
  return FALSE;
}

/* ---- writing ------------------------------------------------------------------------------- */

/* Texts of what may be absent; empty where it is. */
typedef struct {
  char latitude[DEGREES_LENGTH];
  char longitude[DEGREES_LENGTH];
  char confidence[DEGREES_LENGTH];
  const char *motion;
} Texts;

static void
make_texts (const BoloBof2Capture *self, Texts *texts)
{
  *texts = (Texts){.motion = self->is_toward < 0 ? "" : self->is_toward ? "true" : "false"};
  if (self->has_position) {
    g_ascii_formatd (texts->latitude, DEGREES_LENGTH, DEGREES_FORMAT, self->latitude_deg);
    g_ascii_formatd (texts->longitude, DEGREES_LENGTH, DEGREES_FORMAT, self->longitude_deg);
  }
  if (self->confidence_percent >= 0)
    g_snprintf (texts->confidence, sizeof texts->confidence, "%d", self->confidence_percent);
}

char *
bolo_bof2_capture_to_compact (const BoloBof2Capture *self,
                              const BoloBof2Caller *caller,
                              GError **error)
{
  Texts texts;

  if (!bolo_bof2_capture_check (self, caller, error))
    return NULL;
  make_texts (self, &texts);
  /* Preset, pan, tilt and zoom are of cameras that turn; a car's do not. */
  return g_strdup_printf ("%s|%s|%s|%d|%d|%d|%s|%s|%s|0||||%s|%s", caller->secret, caller->username,
                          self->vrm, caller->feed, caller->source, self->camera, self->time,
                          texts.latitude, texts.longitude, texts.confidence, texts.motion);
}

/* What both calls with parts begin with. */
static BoloSoapValues *
begin_values (const BoloBof2Capture *self, const BoloBof2Caller *caller)
{
  BoloSoapValues *values = bolo_soap_values_new ();

  bolo_soap_values_set_text (values, "secret", caller->secret);
  bolo_soap_values_set_text (values, "username", caller->username);
  bolo_soap_values_set_text (values, "vrm", self->vrm);
  bolo_soap_values_set_int (values, "feed", caller->feed);
  bolo_soap_values_set_int (values, "source", caller->source);
  bolo_soap_values_set_int (values, "camera", self->camera);
  bolo_soap_values_set_text (values, "time", self->time);
  return values;
}

static void
set_if_known (BoloSoapValues *values, const char *meaning, const char *text)
{
  bolo_soap_values_set_text (values, meaning, *text != '\0' ? text : NULL);
}

BoloSoapValues *
bolo_bof2_capture_to_values (const BoloBof2Capture *self,
                             const BoloBof2Caller *caller,
                             GError **error)
{
  BoloSoapValues *values;
  Texts texts;

  if (!bolo_bof2_capture_check (self, caller, error))
    return NULL;
  make_texts (self, &texts);
  values = begin_values (self, caller);
  bolo_soap_values_set_bytes (values, "plate", self->plate);
  bolo_soap_values_set_bytes (values, "overview", self->overview);
  set_if_known (values, "latitude", texts.latitude);
  set_if_known (values, "longitude", texts.longitude);
  bolo_soap_values_set_int (values, "preset", 0);
  bolo_soap_values_set_text (values, "pan", "");
  bolo_soap_values_set_text (values, "tilt", "");
  bolo_soap_values_set_text (values, "zoom", "");
  set_if_known (values, "confidence", texts.confidence);
  set_if_known (values, "motion", texts.motion);
  return values;
}

BoloSoapValues *
bolo_bof2_capture_to_picture (const BoloBof2Capture *self,
                              const BoloBof2Caller *caller,
                              GBytes *image,
                              const char *kind,
                              GError **error)
{
  BoloSoapValues *values;

  g_return_val_if_fail (image != NULL && kind != NULL, NULL);

  if (!bolo_bof2_capture_check (self, caller, error))
    return NULL;
  values = begin_values (self, caller);
  bolo_soap_values_set_bytes (values, "image", image);
  bolo_soap_values_set_text (values, "kind", kind);
  return values;
}
