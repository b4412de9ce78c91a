/* bolo-sync-words.c: how it stands with the station, in words
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-sync-words.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "bolo-config.h"

/* From then on a missing link is said as trouble: lists grow old, and hits stay unknown to others.
 */
#define TROUBLE_US (30 * G_TIME_SPAN_MINUTE)

const BoloSyncFigures *
bolo_sync_words_get_worst (BoloSyncState *state)
{
  static const int badness[] = {[BOLO_SYNC_CONNECTING] = 1,
                                [BOLO_SYNC_WAITING] = 2,
                                [BOLO_SYNC_REFUSED] = 3,
                                [BOLO_SYNC_BY_STICK] = 0};
  GPtrArray *remotes = bolo_sync_state_get_remotes (state);
  const BoloSyncFigures *worst = bolo_sync_state_get_figures (state);

  for (guint i = 0; i < remotes->len; i++) {
    const BoloSyncFigures *one = remotes->pdata[i];

    if (badness[one->phase] > badness[worst->phase])
      worst = one;
  }
  return worst;
}

char *
bolo_sync_words_get_headline (BoloSyncState *state)
{
  const BoloSyncFigures *figures = bolo_sync_state_get_figures (state);
  gint64 n = bolo_sync_state_get_n_unsent (state);

  if (figures->phase == BOLO_SYNC_OFF)
    return g_strdup (_ ("No station is set up"));
  if (n == 0)
    return g_strdup (_ ("Everything is sent"));
  return g_strdup_printf (
    /* Translators: sightings, hits, pictures and so on */
    g_dngettext (GETTEXT_PACKAGE, "%lu record is not sent yet", "%lu records are not sent yet",
                 (gulong) n),
    (gulong) n);
}

static char *
get_span (gint64 span_s)
{
  if (span_s < 60) {
    /* Translators: a span of time in seconds */
    return g_strdup_printf (_ ("%d s"), (int) MAX (span_s, 0));
  }
  if (span_s < 3600) {
    /* Translators: a span of time in minutes */
    return g_strdup_printf (_ ("%d min"), (int) (span_s / 60));
  }
  /* Translators: a span of time in hours and minutes */
  return g_strdup_printf (_ ("%d h %d min"), (int) (span_s / 3600), (int) (span_s % 3600 / 60));
}

char *
bolo_sync_words_get_ago (gint64 since_us, gint64 now_us)
{
  g_autofree char *span = get_span ((now_us - since_us) / G_USEC_PER_SEC);

  /* Translators: "3 min ago" */
  return g_strdup_printf (_ ("%s ago"), span);
}

static char *
get_doing (const BoloSyncFigures *figures, gint64 now_us)
{
  const char *remote = figures->remote != NULL ? figures->remote : _ ("the station");
  g_autofree char *wait = get_span ((figures->next_try_us - now_us) / G_USEC_PER_SEC);

  switch (figures->phase) {
  case BOLO_SYNC_IDLE:
    return g_strdup_printf (_ ("Connected to %s."), remote);
  case BOLO_SYNC_CONNECTING:
    return g_strdup_printf (_ ("Connecting to %s."), remote);
  case BOLO_SYNC_SENDING:
    return g_strdup_printf (_ ("Sending to %s."), remote);
  case BOLO_SYNC_FETCHING:
    return g_strdup_printf (_ ("Fetching lists from %s."), remote);
  case BOLO_SYNC_WAITING:
    /* Translators: name of the station, then a span of time */
    return g_strdup_printf (_ ("No link to %s. Next try in %s."), remote, wait);
  case BOLO_SYNC_REFUSED:
    return g_strdup_printf (_ ("The link to %s is refused."), remote);
  case BOLO_SYNC_BY_STICK:
    /* Translators: name of the station; there is no radio link to it */
    return g_strdup_printf (_ ("Records go to %s on a USB stick."), remote);
  case BOLO_SYNC_OFF:
  default:
    return g_strdup (_ ("Records stay in this car. sync.conf names a station."));
  }
}

char *
bolo_sync_words_get_detail (const BoloSyncFigures *figures, gint64 now_us)
{
  GString *text = g_string_new (NULL);
  g_autofree char *doing = get_doing (figures, now_us);

  g_string_append (text, doing);
  if (figures->phase == BOLO_SYNC_OFF)
    return g_string_free (text, FALSE);
  if (figures->last_contact_us >= 0) {
    g_autofree char *ago = bolo_sync_words_get_ago (figures->last_contact_us, now_us);

    g_string_append_printf (text, _ (" Last contact %s."), ago);
  } else if (figures->phase != BOLO_SYNC_BY_STICK) {
    g_string_append (text, _ (" No contact yet."));
  }
  if (figures->oldest_us >= 0) {
    g_autofree char *ago = bolo_sync_words_get_ago (figures->oldest_us, now_us);

    g_string_append_printf (text, _ (" The oldest is from %s."), ago);
  }
  if (figures->is_holding_images)
    g_string_append (text, _ (" Pictures wait for a link that does not cost by volume."));
  if (figures->failure != NULL)
    g_string_append_printf (text, "\n%s", figures->failure);
  if (figures->remedy != NULL)
    g_string_append_printf (text, "\n%s", figures->remedy);
  return g_string_free (text, FALSE);
}

char *
bolo_sync_words_get_unsent (const BoloSyncFigures *figures)
{
  const gint64 *unsent = figures->unsent;
  gint64 others = 0;
  g_autofree char *bytes =
    g_format_size ((guint64) MAX (figures->unsent_bytes - figures->unsent_picture_bytes, 0));

  for (guint i = 0; i < BOLO_N_TOPICS; i++)
    others +=
      i != BOLO_TOPIC_HIT && i != BOLO_TOPIC_SIGHTING && i != BOLO_TOPIC_PICTURE ? unsent[i] : 0;
  /* Translators: what waits to be sent: hits, sightings, other records, their bytes ("2 MB") */
  return g_strdup_printf (_ ("%lu hits, %lu sightings, %lu others, %s"),
                          (gulong) unsent[BOLO_TOPIC_HIT], (gulong) unsent[BOLO_TOPIC_SIGHTING],
                          (gulong) others, bytes);
}

char *
bolo_sync_words_get_unsent_pictures (const BoloSyncFigures *figures)
{
  g_autofree char *bytes = g_format_size ((guint64) MAX (figures->unsent_picture_bytes, 0));

  return g_strdup_printf (_ ("%lu pictures, %s"), (gulong) figures->unsent[BOLO_TOPIC_PICTURE],
                          bytes);
}

char *
bolo_sync_words_get_receipt (const BoloReceipt *receipt)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (receipt->time_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);
  g_autofree char *when = g_date_time_format (local, "%d.%m.%Y %H:%M");
  g_autofree char *hash = g_strndup (receipt->sha256, 16);
  g_autofree char *bytes = g_format_size ((guint64) MAX (receipt->bytes, 0));

  if (receipt->bytes <= 0) {
    /* Translators: what the station has signed for: date and time, all records, hits, pictures of
     * them, first digits of their hash */
    return g_strdup_printf (_ ("%s: %lu records, of these %lu hits and %lu pictures; SHA-256 %s…"),
                            when, (gulong) bolo_receipt_get_n_items (receipt),
                            (gulong) receipt->counts[BOLO_TOPIC_HIT],
                            (gulong) receipt->counts[BOLO_TOPIC_PICTURE], hash);
  }
  /* Translators: what the station has signed for: date and time, all records, hits, pictures of
   * them, their bytes ("2 MB"), first digits of their hash */
  return g_strdup_printf (
    _ ("%s: %lu records, of these %lu hits and %lu pictures, %s; SHA-256 %s…"), when,
    (gulong) bolo_receipt_get_n_items (receipt), (gulong) receipt->counts[BOLO_TOPIC_HIT],
    (gulong) receipt->counts[BOLO_TOPIC_PICTURE], bytes, hash);
}

static char *
get_stick_result (const BoloStick *stick)
{
  GString *text = g_string_new (NULL);

  if (stick->failure != NULL)
    g_string_append_printf (text, "%s\n", stick->failure);
  if (stick->notice != NULL)
    g_string_append_printf (text, "%s\n", stick->notice);
  /* Translators: what was on the stick for this car: records that the station has got, lists */
  g_string_append_printf (text, _ ("%lu records acknowledged, %u lists taken."),
                          (gulong) stick->acknowledged, stick->n_lists);
  if (stick->phase == BOLO_STICK_DONE && stick->items > 0 && stick->on_stick > 0) {
    /* Translators: records that were written to the stick another time */
    g_string_append_printf (text, _ (" %lu more are on it from before."), (gulong) stick->on_stick);
  }
  if (stick->phase == BOLO_STICK_DONE && stick->items + stick->on_stick > 0)
    g_string_append (text, _ (" What was written stays here until the station has it."));
  return g_string_free (text, FALSE);
}

char *
bolo_sync_words_get_stick (const BoloStick *stick, char **detail)
{
  g_autofree char *bytes = g_format_size ((guint64) MAX (stick->bytes, 0));
  g_autofree char *of_bytes = g_format_size ((guint64) MAX (stick->of_bytes, 0));

  switch (stick->phase) {
  case BOLO_STICK_BUSY:
    *detail = g_strdup (_ ("Pulled out now, nothing new on it counts, and nothing is lost."));
    /* Translators: a USB stick: records written, of how many, bytes ("2 MB"), of how many */
    return g_strdup_printf (_ ("Writing: %lu of %lu records, %s of %s"), (gulong) stick->items,
                            (gulong) stick->of_items, bytes, of_bytes);
  case BOLO_STICK_DONE:
    *detail = get_stick_result (stick);
    if (stick->of_items == 0 && stick->on_stick > 0) {
      /* Translators: a USB stick: records that were written to it another time */
      return g_strdup_printf (
        _ ("Nothing new waited; %lu records are on the stick from before. It may be pulled out."),
        (gulong) stick->on_stick);
    }
    if (stick->of_items == 0)
      return g_strdup (_ ("Nothing waited to be written to the stick. It may be pulled out."));
    /* Translators: a USB stick: records, bytes ("2 MB") */
    return g_strdup_printf (_ ("%lu records, %s are on the stick. It may be pulled out."),
                            (gulong) stick->items, bytes);
  case BOLO_STICK_FAILED:
    *detail = get_stick_result (stick);
    return g_strdup (_ ("The stick made trouble"));
  case BOLO_STICK_IN:
  case BOLO_STICK_NONE:
  default:
    *detail = g_strdup (_ ("What the station has put on it is taken first."));
    return g_strdup (_ ("A USB stick is in"));
  }
}

/* What goes out now; else the first remote. */
static const BoloSyncFigures *
get_sending (BoloSyncState *state)
{
  GPtrArray *remotes = bolo_sync_state_get_remotes (state);

  for (guint i = 0; i < remotes->len; i++) {
    const BoloSyncFigures *figures = remotes->pdata[i];

    if (figures->phase == BOLO_SYNC_SENDING)
      return figures;
  }
  return bolo_sync_state_get_figures (state);
}

char *
bolo_sync_words_get_progress (BoloSyncState *state, double *fraction)
{
  const BoloSyncFigures *figures = get_sending (state);
  gint64 unsent = bolo_sync_figures_get_n_unsent (figures);
  gint64 all = figures->sent + unsent;
  gint64 all_bytes = figures->sent_bytes + figures->unsent_bytes;
  g_autofree char *rate = NULL;
  g_autofree char *left = NULL;

  *fraction = 0;
  if (figures->phase != BOLO_SYNC_SENDING || all <= 0)
    return NULL;
  *fraction = all_bytes > 0 ? (double) figures->sent_bytes / (double) all_bytes
                            : (double) figures->sent / (double) all;
  *fraction = CLAMP (*fraction, 0, 1);
  rate = g_format_size ((guint64) MAX (figures->rate_bps, 0));
  if (figures->left_s < 0) {
    /* Translators: records sent, of how many, and how fast ("40 kB" a second) */
    return g_strdup_printf (_ ("%lu of %lu, %s/s"), (gulong) figures->sent, (gulong) all, rate);
  }
  left = get_span (figures->left_s);
  /* Translators: records sent, of how many, how fast ("40 kB" a second), time left */
  return g_strdup_printf (_ ("%lu of %lu, %s/s, %s left"), (gulong) figures->sent, (gulong) all,
                          rate, left);
}

char *
bolo_sync_words_get_status (BoloSyncState *state, gint64 now_us, BoloHealthState *health_state)
{
  const BoloSyncFigures *figures = bolo_sync_words_get_worst (state);
  gint64 n = bolo_sync_state_get_n_unsent (state);
  gint64 since_us = MAX (figures->last_contact_us, figures->oldest_us);

  if (figures->phase == BOLO_SYNC_REFUSED) {
    *health_state = BOLO_HEALTH_LOST;
    /* Translators: status line: the station does not take this car, or the other way round */
    return g_strdup (_ ("Refused"));
  }
  if (figures->phase == BOLO_SYNC_WAITING && since_us >= 0 && now_us - since_us > TROUBLE_US) {
    *health_state = BOLO_HEALTH_DEGRADED;
    /* Translators: status line: no link to the station */
    return g_strdup (_ ("No link"));
  }
  *health_state = figures->phase == BOLO_SYNC_CONNECTING ? BOLO_HEALTH_STARTING : BOLO_HEALTH_OK;
  if (n == 0) {
    /* Translators: status line: every record is at the station */
    return g_strdup (_ ("Sent"));
  }
  /* Translators: status line, beside two arrows: records that are not at the station yet */
  return g_strdup_printf (_ ("%lu left"), (gulong) n);
}

char *
bolo_sync_words_get_way (double distance_m, double bearing_deg)
{
  const char *const directions[] = {_ ("north"), _ ("north-east"), _ ("east"), _ ("south-east"),
                                    _ ("south"), _ ("south-west"), _ ("west"), _ ("north-west")};
  double turned_deg = fmod (fmod (bearing_deg, 360) + 360, 360);
  const char *direction = directions[(int) (turned_deg / 45 + 0.5) % 8];

  if (distance_m < 950) {
    /* Translators: so many metres to the north, … */
    return g_strdup_printf (_ ("%d m %s"), (int) (distance_m / 50 + 0.5) * 50, direction);
  }
  /* Translators: so many kilometres to the north, … */
  return g_strdup_printf (_ ("%.1f km %s"), distance_m / 1000, direction);
}

const char *
bolo_sync_words_get_verification (BoloVerification verification)
{
  switch (verification) {
  case BOLO_VERIFICATION_PLATE_MATCHES:
    return _ ("plate matches picture, UNCONFIRMED");
  case BOLO_VERIFICATION_CONFIRMED:
    return _ ("confirmed");
  case BOLO_VERIFICATION_MISREAD:
    return _ ("misread");
  case BOLO_VERIFICATION_UNCONFIRMED:
  default:
    return _ ("UNCONFIRMED");
  }
}
