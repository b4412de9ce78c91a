/* bolo-calibration.h: from the nets' own confidence to how often such a reading is right
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOLO_CALIBRATION_MAX 24 /* points of a curve */

/* What is known of the reading of a still. */
typedef struct {
  float raw; /* the nets' confidence, 0 to 1 */
  guint n_characters;
  gboolean has_digit;
  gboolean fits_syntax;
  gboolean is_cut; /* by the picture's left or right border */
  float covered;   /* 0 to 1: that something hides a character */
} BoloReadingFacts;

/* What the facts add to the log-odds that a reading of a still is right. */
typedef struct {
  float sure;    /* times ln raw */
  float doubt;   /* times -ln (1 - raw) */
  float start;   /* always */
  float unfit;   /* it fits no syntax */
  float missing; /* each character that it has less than five */
  float word;    /* it has no digit */
  float cut;     /* it is cut */
} BoloOdds;

/* BoloCalibration: plain data. All 0, temperature 1: the nets are believed. */
typedef struct {
  guint n;
  float raw[BOLO_CALIBRATION_MAX];   /* rising */
  float right[BOLO_CALIBRATION_MAX]; /* not falling; straight between the points */
  gboolean has_odds;
  BoloOdds odds;
  float temperature;  /* of the region's logits: above 1 the net is too sure */
  gboolean has_cover; /* what is covered is so much less often right */
  float rare;         /* log-odds by which covers are rarer than where the net learnt them */
} BoloCalibration;

/* Loads DIRECTORY/calibration.ini, measured for both models together; without the file the nets'
 * own confidence is taken as it is. INVALID_DATA, one clear sentence, for one that makes no sense.
 */
gboolean bolo_calibration_load (BoloCalibration *self, const char *directory, GError **error);
/* Of a reading of one frame of many, whose vote knows the syntaxes; @covered: 0 to 1, that
 * something hides a character. Any thread. */
float bolo_calibration_apply (const BoloCalibration *self, float raw, float covered);
/* Of the reading of a still, which nothing else will vote on. Any thread. */
float bolo_calibration_judge (const BoloCalibration *self, const BoloReadingFacts *facts);

G_END_DECLS
