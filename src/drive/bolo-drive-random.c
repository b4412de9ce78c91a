/* bolo-drive-random.c: seeded chance, one independent stream a purpose
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-random.h"

GRand *
bolo_drive_random_new (guint32 seed, BoloDriveStream stream, guint32 index)
{
  const guint32 words[3] = {seed, stream, index};

  return g_rand_new_with_seed_array (words, G_N_ELEMENTS (words));
}

double
bolo_drive_random_between (GRand *random, double low, double high)
{
  return low + (high - low) * g_rand_double (random);
}

guint
bolo_drive_random_weighted (GRand *random, const double *weights, guint n_weights)
{
  double total = 0;
  for (guint i = 0; i < n_weights; i++)
    total += weights[i];
  double at = total * g_rand_double (random);
  for (guint i = 0; i < n_weights; i++) {
    if (at < weights[i])
      return i;
    at -= weights[i];
  }
  return n_weights - 1;
}

gboolean
bolo_drive_random_chance (GRand *random, double probability)
{
  return g_rand_double (random) < probability;
}

void
bolo_drive_random_shuffle (GRand *random, guint *order, guint n)
{
  for (guint i = 0; i < n; i++)
    order[i] = i;
  for (guint i = n; i > 1; i--) {
    guint j = (guint) g_rand_int_range (random, 0, (gint32) i);
    guint swapped = order[i - 1];
    order[i - 1] = order[j];
    order[j] = swapped;
  }
}
