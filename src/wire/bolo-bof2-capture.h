/* bolo-bof2-capture.h: one read as a BOF2 back office takes it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-soap-request.h"

G_BEGIN_DECLS

#define BOLO_BOF2_COMPOUND_MAX 50
#define BOLO_BOF2_PATCH_WIDTH 120
#define BOLO_BOF2_PATCH_HEIGHT 60
#define BOLO_BOF2_PATCH_BYTES (3 * 1024)
#define BOLO_BOF2_OVERVIEW_BYTES (25 * 1024)

/* BoloBof2Caller: who says it. Lent. */
typedef struct {
  const char *secret; /* the word that is shared with the back office */
  const char *username;
  int feed;
  int source;
} BoloBof2Caller;

/* BoloBof2Capture: lent texts; the caller, the mark, the camera and the time are what the back
 * office knows a read by, so its text and its pictures must say the same ones. */
typedef struct {
  const char *vrm;
  int camera;
  const char *time; /* as format_time wrote it */
  gboolean has_position;
  double latitude_deg;
  double longitude_deg;
  int confidence_percent; /* -1: not known */
  int is_toward;          /* 1, 0; -1: not known */
  GBytes *plate;          /* (nullable) */
  GBytes *overview;       /* (nullable) */
} BoloBof2Capture;

/* The one text of an instant: milliseconds, and Z or, with a @zone (nullable), its offset.
 * (transfer full) */
char *bolo_bof2_format_time (gint64 utc_us, GTimeZone *zone);
/* INVALID_DATA names the field that cannot be sent and why, never a mark or the secret: ids of 1 to
 * 32767, a time as format_time writes it, a confidence of 0 to 100, a position that is one and not
 * 0,0, and no '|' or control character in any text. */
gboolean
bolo_bof2_capture_check (const BoloBof2Capture *self, const BoloBof2Caller *caller, GError **error);
/* The fifteen fields with '|' between. (transfer full) (nullable): wipe it with
 * bolo_bof2_wipe_free. */
char *bolo_bof2_capture_to_compact (const BoloBof2Capture *self,
                                    const BoloBof2Caller *caller,
                                    GError **error);
/* The parts of sendCapture, pictures included where there are some. (transfer full) (nullable) */
BoloSoapValues *bolo_bof2_capture_to_values (const BoloBof2Capture *self,
                                             const BoloBof2Caller *caller,
                                             GError **error);
/* The parts of addBinaryCaptureData for one picture of the read. (transfer full) (nullable) */
BoloSoapValues *bolo_bof2_capture_to_picture (const BoloBof2Capture *self,
                                              const BoloBof2Caller *caller,
                                              GBytes *image,
                                              const char *kind,
                                              GError **error);
void bolo_bof2_wipe_free (char *text);

G_END_DECLS
