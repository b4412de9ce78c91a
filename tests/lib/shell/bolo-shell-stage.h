/* bolo-shell-stage.h: a window on a scripted engine, and the hands and eyes of a test
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-fake-engine.h"
#include "bolo-window.h"

G_BEGIN_DECLS

/* BoloShellStage: one window with everything it needs. Main. */
typedef struct {
  BoloFakeEngine *engine;
  BoloFace *face;
  BoloSettings *settings;
  BoloWindow *window;
} BoloShellStage;

typedef gboolean (*BoloStageCondition) (gpointer data);

/* Four cameras, all well, an officer signed on, standing still. The window is on screen when it
 * returns. */
BoloShellStage *bolo_shell_stage_new (BoloSeat seat);
void bolo_shell_stage_free (BoloShellStage *self);

/* Iterates the main context until @condition holds; the test fails after 10 s. */
void bolo_stage_wait (BoloStageCondition condition, gpointer data, const char *what);
/* Until the window has been drawn again, and no guard keeps taps off. */
void bolo_shell_stage_settle (BoloShellStage *self);
/* As settle, but without waiting for the guard. */
void bolo_shell_stage_draw (BoloShellStage *self);

/* Visits each widget that is on screen, depth first; FALSE from @visit leaves out what is in it. */
typedef gboolean (*BoloStageVisit) (GtkWidget *widget, gpointer data);
void bolo_stage_walk (GtkWidget *root, BoloStageVisit visit, gpointer data);
/* The first button on screen with this action or, without one, this text. (transfer none)
 * (nullable)
 */
GtkWidget *bolo_stage_find_button (GtkWidget *root, const char *action, const char *text);
/* The first widget on screen of this type. (transfer none) (nullable) */
GtkWidget *bolo_stage_find_type (GtkWidget *root, GType type);
/* Whether a label on screen holds @text. */
gboolean bolo_stage_shows_text (GtkWidget *root, const char *text);
/* Where it stands in the window. */
graphene_rect_t bolo_stage_get_place (GtkWidget *widget);

/* A real finger, through the compositor's seat: FALSE where there is none. */
gboolean bolo_stage_has_fingers (void);
void bolo_stage_tap (GtkWidget *widget);
void bolo_stage_tap_at (double x, double y);
void bolo_stage_finger_down (double x, double y);
void bolo_stage_finger_up (void);

BoloDisposition *bolo_shell_stage_get_last_disposition (BoloShellStage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloShellStage, bolo_shell_stage_free)

G_END_DECLS
