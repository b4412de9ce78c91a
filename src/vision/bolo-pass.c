/* bolo-pass.c: decides when a vehicle's readings are a sighting, provisional, corrected or closed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-vision"

#include "bolo-pass.h"

#include <string.h>

#include "bolo-voter.h"

/* Published while the vehicle is in view: two frames that say the same, and fairly sure; three
 * frames that agree need be less sure. */
#define PROVISIONAL_LOOKS 2
#define PROVISIONAL_CONFIDENCE 0.75f
#define PROVISIONAL_MORE_LOOKS 3
#define PROVISIONAL_LESS_CONFIDENCE 0.6f
/* Met in one frame only: published when it has not come again for this long. */
#define SINGLE_LOOK_AFTER_US (4 * G_USEC_PER_SEC / 10)
#define SINGLE_LOOK_CONFIDENCE 0.75f
/* A published text is taken back only for one that was read more often. */
#define CORRECTED_CONFIDENCE 0.7f
/* Less sure than this at the end is no record. */
#define CLOSED_CONFIDENCE 0.4f
#define CLOSED_SINGLE_CONFIDENCE 0.5f
/* Shorter texts exist on dateless UK plates, and on much lettering. */
#define USUAL_LENGTH 4
#define SHORT_CONFIDENCE 0.95f
#define LONGEST 8
/* What is half hidden reads as a mark of so few characters, and surely: waited for. */
#define PART_LENGTH 4
#define PART_LOOKS 5
#define PART_SINGLE_CONFIDENCE 0.95f

/* New pictures are taken when a look is this much better than the last that had some. */
#define BETTER_LOOK 1.25f
#define EDGE_PX 3.0f     /* a plate that touches the frame's edge may be cut */
#define EDGE_SHARE 0.04f /* of the plate's width: its box may end before its border does */
#define EDGE_WEIGHT 0.1f
#define PATCH_BYTES 24576
#define OVERVIEW_BYTES 65536

struct _BoloPass {
  char *camera; /* (owned) */
  guint64 track;
  BoloPlateRules *rules; /* (owned) (nullable) */
  BoloVoter *voter;      /* (owned) */
  BoloCapturedBy captured_by;

  BoloReading first;
  BoloReading last;
  BoloReading best;
  float best_worth;
  float pictured_worth;
  BoloPicture *patch;    /* (owned) (nullable) */
  BoloPicture *overview; /* (owned) (nullable) */
  char *overview_camera; /* (owned) (nullable) */

  BoloReading agreed; /* the look that completed the agreement */
  guint n_whole;      /* looks that no edge had cut */
  gboolean is_published;
  char published[BOLO_MARK_MAX + 1];
};

BoloPass *
bolo_pass_new (const char *camera, guint64 track, BoloPlateRules *rules)
{
  BoloPass *self;

  g_return_val_if_fail (camera != NULL, NULL);

  self = g_new0 (BoloPass, 1);
  self->camera = g_strdup (camera);
  self->track = track;
  self->rules = rules != NULL ? bolo_plate_rules_ref (rules) : NULL;
  self->voter = bolo_voter_new (rules);
  return self;
}

void
bolo_pass_free (BoloPass *self)
{
  if (self == NULL)
    return;
  g_free (self->camera);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  bolo_voter_free (self->voter);
  g_clear_pointer (&self->patch, bolo_picture_unref);
  g_clear_pointer (&self->overview, bolo_picture_unref);
  g_free (self->overview_camera);
  g_free (self);
}

guint64
bolo_pass_get_track (BoloPass *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->track;
}

const char *
bolo_pass_get_text (BoloPass *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->is_published ? self->published : self->last.text;
}

static gboolean
is_cut (const BoloReading *reading, int frame_width, int frame_height)
{
  float edge = MAX (EDGE_PX, EDGE_SHARE * reading->width_px);

  for (int i = 0; i < 4; i++)
    if (reading->corners[i][0] < edge || reading->corners[i][0] > (float) frame_width - edge ||
        reading->corners[i][1] < EDGE_PX || reading->corners[i][1] > (float) frame_height - EDGE_PX)
      return TRUE;
  return FALSE;
}

/* Large and sharp looks are worth more; from about 120 pixels on, size adds nothing. */
static float
get_weight (const BoloReading *reading)
{
  return CLAMP (reading->width_px / 120.0f, 0.25f, 1.0f) *
         CLAMP (reading->sharpness / 10.0f, 0.3f, 1.2f);
}

gboolean
bolo_pass_add (BoloPass *self,
               const BoloReading *reading,
               int frame_width,
               int frame_height,
               BoloCapturedBy captured_by)
{
  float weight;
  float worth;

  g_return_val_if_fail (self != NULL && reading != NULL, FALSE);

  weight = get_weight (reading);
  if (is_cut (reading, frame_width, frame_height))
    weight *= EDGE_WEIGHT;
  else
    self->n_whole++;
  worth = (0.05f + reading->confidence) * weight * MIN (reading->width_px / 60.0f, 4.0f);
  if (self->first.width_px <= 0)
    self->first = *reading;
  self->last = *reading;
  self->captured_by = captured_by;
  bolo_voter_add (self->voter, reading, weight);
  if (worth > self->best_worth) {
    self->best = *reading;
    self->best_worth = worth;
  }
  return worth > self->pictured_worth * BETTER_LOOK && worth >= self->best_worth;
}

void
bolo_pass_set_pictures (BoloPass *self,
                        BoloPicture *patch,
                        BoloPicture *overview,
                        const char *overview_camera)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->patch, bolo_picture_unref);
  g_clear_pointer (&self->overview, bolo_picture_unref);
  g_free (self->overview_camera);
  self->patch = patch != NULL ? bolo_picture_ref (patch) : NULL;
  self->overview = overview != NULL ? bolo_picture_ref (overview) : NULL;
  self->overview_camera = g_strdup (overview_camera);
  self->pictured_worth = self->best_worth;
}

/* Is it a text that a plate may have? */
static gboolean
is_plausible (const BoloVote *vote)
{
  if (vote->n_characters > LONGEST || vote->n_characters < 2)
    return FALSE;
  return vote->n_characters >= USUAL_LENGTH ||
         (vote->confidence >= SHORT_CONFIDENCE && vote->looks >= PROVISIONAL_LOOKS);
}

static GBytes *
encode (BoloPicture *picture, gsize max_bytes)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = NULL;

  if (picture == NULL)
    return NULL;
  bytes = bolo_picture_encode_jpeg (picture, max_bytes, &error);
  if (bytes == NULL)
    g_debug ("a sighting goes without a picture: %s", error->message);
  return bytes;
}

static BoloSighting *
make_sighting (BoloPass *self, const BoloVote *vote, BoloSightingState state)
{
  BoloSighting *sighting = bolo_sighting_new ();

  sighting->camera = g_strdup (self->camera);
  sighting->state = state;
  sighting->text = g_strdup (vote->text);
  if (state == BOLO_SIGHTING_CORRECTED)
    sighting->previous_text = g_strdup (self->published);
  sighting->confidence = vote->confidence;
  sighting->looks = MAX (vote->looks, 1u);
  sighting->is_single_look = vote->looks <= 1;
  sighting->n_characters = vote->n_characters;
  memcpy (sighting->characters, vote->characters, sizeof sighting->characters);
  sighting->syntax = g_strdup (vote->syntax);
  sighting->region = g_strdup (vote->region);
  sighting->region_confidence = vote->region_confidence;
  sighting->is_region_read = vote->is_region_read;
  memcpy (sighting->corners, self->best.corners, sizeof sighting->corners);
  sighting->width_px = self->best.width_px;
  sighting->first_us = self->first.captured_us;
  sighting->last_us = self->last.captured_us;
  sighting->captured_us = self->best.captured_us;
  sighting->captured_by = self->captured_by;
  sighting->first_media_ms = self->first.media_ms;
  sighting->last_media_ms = self->last.media_ms;
  sighting->best_media_ms = self->best.media_ms;
  sighting->agreed_us = self->agreed.captured_us;
  sighting->agreed_media_ms = self->agreed.media_ms;
  sighting->track = self->track;
  sighting->patch_jpeg = encode (self->patch, PATCH_BYTES);
  sighting->overview_jpeg = encode (self->overview, OVERVIEW_BYTES);
  sighting->overview_camera = g_strdup (self->overview_camera);
  g_strlcpy (self->published, vote->text, sizeof self->published);
  self->is_published = TRUE;
  return sighting;
}

static gboolean
may_be_provisional (BoloPass *self, const BoloVote *vote, gint64 now_us)
{
  if (vote->n_characters <= PART_LENGTH)
    return vote->looks >= PART_LOOKS && vote->confidence >= PROVISIONAL_CONFIDENCE;
  if (vote->looks >= PROVISIONAL_LOOKS && vote->confidence >= PROVISIONAL_CONFIDENCE)
    return TRUE;
  if (vote->looks >= PROVISIONAL_MORE_LOOKS && vote->confidence >= PROVISIONAL_LESS_CONFIDENCE)
    return TRUE;
  return now_us - self->last.captured_us >= SINGLE_LOOK_AFTER_US &&
         vote->confidence >= SINGLE_LOOK_CONFIDENCE;
}

BoloSighting *
bolo_pass_decide (BoloPass *self, gint64 now_us)
{
  BoloVote vote;

  g_return_val_if_fail (self != NULL, NULL);

  /* a text that was never seen whole is no one's mark */
  if (self->n_whole == 0 || !bolo_voter_decide (self->voter, &vote) || !is_plausible (&vote))
    return NULL;
  if (!self->is_published) {
    if (!may_be_provisional (self, &vote, now_us))
      return NULL;
    self->agreed = self->last;
    return make_sighting (self, &vote, BOLO_SIGHTING_PROVISIONAL);
  }
  /* a shorter one may be the same plate, hidden in part: that waits for the whole pass */
  if (!g_str_equal (self->published, vote.text) && vote.looks >= PROVISIONAL_LOOKS &&
      vote.n_characters >= strlen (self->published) && vote.confidence >= CORRECTED_CONFIDENCE) {
    self->agreed = self->last;
    return make_sighting (self, &vote, BOLO_SIGHTING_CORRECTED);
  }
  return NULL;
}

gboolean
bolo_pass_is_published (BoloPass *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_published;
}

void
bolo_pass_withdraw (BoloPass *self)
{
  g_return_if_fail (self != NULL);

  self->is_published = FALSE;
  self->published[0] = '\0';
}

void
bolo_pass_close (BoloPass *self, GPtrArray *sightings)
{
  BoloVote vote;

  g_return_if_fail (self != NULL && sightings != NULL);

  if (self->n_whole == 0 || !bolo_voter_decide (self->voter, &vote))
    return;
  if (!self->is_published) {
    float least = vote.looks >= PROVISIONAL_LOOKS    ? CLOSED_CONFIDENCE
                  : vote.n_characters <= PART_LENGTH ? PART_SINGLE_CONFIDENCE
                                                     : CLOSED_SINGLE_CONFIDENCE;

    if (!is_plausible (&vote) || vote.confidence < least)
      return;
    self->agreed = vote.looks >= PROVISIONAL_LOOKS ? self->last : self->best;
  } else if (!is_plausible (&vote)) {
    /* what was published stays; nothing better came of it */
    g_strlcpy (vote.text, self->published, sizeof vote.text);
  } else if (!g_str_equal (self->published, vote.text)) {
    g_ptr_array_add (sightings, make_sighting (self, &vote, BOLO_SIGHTING_CORRECTED));
  }
  g_ptr_array_add (sightings, make_sighting (self, &vote, BOLO_SIGHTING_CLOSED));
}
