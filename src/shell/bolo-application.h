/* bolo-application.h: the terminal on the officer's screen
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "bolo-engine.h"

G_BEGIN_DECLS

typedef struct _BoloAlertPolicy BoloAlertPolicy;
typedef struct _BoloPlateRules BoloPlateRules;
typedef struct _BoloOutlines BoloOutlines;

/* How the terminal is set up. Zeroes are the defaults; texts may be NULL. */
typedef struct {
  BoloSeat seat;        /* who sees the screen, as declared at start */
  gboolean is_windowed; /* not full screen */
  int width;            /* of the window when windowed; 0: 1024 */
  int height;           /* 0: 600 */
  double px_per_mm;     /* of the panel; 0: 5.9 (10.1 inch, 1280x800); 6.65 is 7 inch, 1024x600 */
  const char *theme;    /* "auto", "day" or "night"; NULL: as the settings say */
  gboolean quit_at_end; /* leave when the engine says "finished" */
  const char *measure_path; /* JSON of frame-clock intervals, stalls, tiles, hit-to-card. Each hit
                               is then put aside after 3 s, as by a hand, so that the tiles and
                               the next hits are measured too. */
  const char *screenshot_path; /* PNG of the window with a hit card on it (the last card shown; the
                                  window at the end when there was none) */
  double screenshot_at_s;      /* above 0: of whatever is on screen so long after the start */
  BoloPlateRules *rules;       /* (nullable): for the spacing of marks */
  BoloOutlines *outlines;      /* (nullable): for plates in the prescribed characters */
  BoloAlertPolicy *policy;     /* (nullable): for symbols, colours and words of categories */
} BoloShellOptions;

/* BoloApplication: the GTK application; all on main. Run it with g_application_run (app, 0, NULL):
 * the command line is parsed before, by main. It never blocks the main loop and starts and stops
 * nothing of the engine, which the caller owns and stops after the run.
 *
 * Signal "up" (): the window has been painted once, or nobody has painted it for 2 s. A recording
 * is started then, so that no hit of its first second comes before there is a screen; once. */
#define BOLO_TYPE_APPLICATION (bolo_application_get_type ())
G_DECLARE_FINAL_TYPE (BoloApplication, bolo_application, BOLO, APPLICATION, AdwApplication)

/* Texts of @options are copied, its objects referenced. */
BoloApplication *bolo_application_new (BoloEngine *engine, const BoloShellOptions *options);
/* The window, NULL before "activate". (transfer none) */
GtkWindow *bolo_application_get_main_window (BoloApplication *self);

/* After the run: writes the files that were asked for (measure, screenshot). May block. */
gboolean bolo_application_write_results (BoloApplication *self, GError **error);

G_END_DECLS
