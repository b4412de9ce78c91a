/* bolo-index-masks.h: what an overlay takes away from the layers below it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-index-file.h"
#include "bolo-index-layout.h"

G_BEGIN_DECLS

/* BoloIndexMasks: turns deletions by mark and id into places of layers, while an overlay is built.
 * One thread. */
typedef struct _BoloIndexMasks BoloIndexMasks;

/* @below (nullable): of BoloIndexFile, the base first. */
BoloIndexMasks *bolo_index_masks_new (BoloPlateRules *rules, GPtrArray *below);
void bolo_index_masks_free (BoloIndexMasks *self);
guint64 bolo_index_masks_get_row_max (const BoloIndexMasks *self);
/* Names the layers below by what is in them; 0 where there are none. */
guint64 bolo_index_masks_get_below_id (const BoloIndexMasks *self);
/* As bolo_index_builder_remove. What goes is counted in @layout. */
gboolean bolo_index_masks_remove (BoloIndexMasks *self,
                                  const char *mark,
                                  const char *pnc_id,
                                  BoloIndexLayout *layout,
                                  GError **error);
/* Takes the one record away that layer @layer has at @place. */
gboolean bolo_index_masks_remove_place (
  BoloIndexMasks *self, guint layer, guint32 place, BoloIndexLayout *layout, GError **error);
gboolean bolo_index_masks_finish (BoloIndexMasks *self, BoloIndexLayout *layout, GError **error);
/* (transfer none): of guint64, layer << 32 | place, ascending; after finish. */
GArray *bolo_index_masks_get (BoloIndexMasks *self);

/* As get_below_id, of any layers. */
guint64 bolo_index_masks_make_below_id (BoloIndexFile *const *layers, guint n_layers);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloIndexMasks, bolo_index_masks_free)

G_END_DECLS
