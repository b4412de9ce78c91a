/* bolo-drive-random.h: seeded chance, one independent stream a purpose
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Streams: what a number is drawn for. The same seed, stream and index give the same numbers, so
 * that drawing one more thing of a kind does not change the others. */
typedef enum {
  BOLO_DRIVE_STREAM_ROAD,
  BOLO_DRIVE_STREAM_TRAFFIC,
  BOLO_DRIVE_STREAM_VEHICLE,
  BOLO_DRIVE_STREAM_WANTED,
  BOLO_DRIVE_STREAM_LISTS,
  BOLO_DRIVE_STREAM_SCENERY,
  BOLO_DRIVE_STREAM_PLATE,
  BOLO_DRIVE_STREAM_NOISE,
} BoloDriveStream;

/* (transfer full): free with g_rand_free. */
GRand *bolo_drive_random_new (guint32 seed, BoloDriveStream stream, guint32 index);
/* A number from @low to @high. */
double bolo_drive_random_between (GRand *random, double low, double high);
/* Index drawn by weight; @weights must not all be 0. */
guint bolo_drive_random_weighted (GRand *random, const double *weights, guint n_weights);
gboolean bolo_drive_random_chance (GRand *random, double probability);
/* Puts 0 … @n - 1 into @order, shuffled. */
void bolo_drive_random_shuffle (GRand *random, guint *order, guint n);

G_END_DECLS
