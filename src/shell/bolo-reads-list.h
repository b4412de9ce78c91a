/* bolo-reads-list.h: the newest reads, at most six, replaced rather than scrolled
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-read-row.h"

G_BEGIN_DECLS

#define BOLO_READS_MAX 6

#define BOLO_TYPE_READS_LIST (bolo_reads_list_get_type ())
G_DECLARE_FINAL_TYPE (BoloReadsList, bolo_reads_list, BOLO, READS_LIST, GtkWidget)

void bolo_reads_list_set_face (BoloReadsList *self, BoloFace *face);
/* A later state of a sighting that is shown takes its place; a new one comes first. */
void bolo_reads_list_add (BoloReadsList *self, const BoloSighting *sighting);
guint bolo_reads_list_get_n_shown (BoloReadsList *self);
/* Row @index from the top. (transfer none) (nullable) */
BoloReadRow *bolo_reads_list_get_row (BoloReadsList *self, guint index);

G_END_DECLS
