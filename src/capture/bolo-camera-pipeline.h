/* bolo-camera-pipeline.h: one opened source: decoded once, tapped for reading, scaled for preview
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-camera-fault.h"
#include "bolo-camera-feed.h"

G_BEGIN_DECLS

/* BoloCameraPipeline: lives on the camera's worker; all functions there. */
typedef struct _BoloCameraPipeline BoloCameraPipeline;

/* Both in the worker's context. @fault (transfer full). */
typedef struct {
  void (*failed) (BoloCameraFault *fault, gpointer user_data);
  void (*ended) (gpointer user_data);
} BoloCameraPipelineEvents;

/* NULL with *@fault (transfer full) when it cannot even be built. */
BoloCameraPipeline *bolo_camera_pipeline_new (BoloCameraFeed *feed,
                                              GMainContext *context,
                                              const BoloCameraPipelineEvents *events,
                                              gpointer user_data,
                                              BoloCameraFault **fault);
void bolo_camera_pipeline_start (BoloCameraPipeline *self);
/* Plays a clip again from its beginning. */
gboolean bolo_camera_pipeline_rewind (BoloCameraPipeline *self);
/* What a clip's header says, 0 when it says nothing. */
gint64 bolo_camera_pipeline_get_length_us (BoloCameraPipeline *self);
/* Ends all its threads; no event comes after it. */
void bolo_camera_pipeline_free (BoloCameraPipeline *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloCameraPipeline, bolo_camera_pipeline_free)

G_END_DECLS
