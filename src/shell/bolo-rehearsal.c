/* bolo-rehearsal.c: the hit card, painted once before the first hit has to wait for that
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-rehearsal.h"

/* Painted, and yet below one step of a screen's brightness. */
#define OPACITY (1.0 / 255)
#define MARK "A11AAA"

struct _BoloRehearsal {
  BoloHitCard *card; /* (owned) */
  guint tick;
  guint n_frames;
  BoloRehearsalDone done;
  gpointer user_data;
};

static BoloMatch *
make_match (BoloMatchKind kind, const char *marker)
{
  BoloMatch *match = g_new0 (BoloMatch, 1);

  match->kind = kind;
  match->n_differs = kind == BOLO_MATCH_NEAR ? 1 : 0;
  match->entry = bolo_list_entry_new ();
  match->entry->plate = g_strdup (MARK);
  match->entry->weed_us = G_MAXINT64;
  match->entry->markers = g_strdupv ((char *[]){(char *) marker, NULL});
  return match;
}

/* Everything that a card may show: both plates, each marker's symbol, other entries. */
static BoloHit *
make_hit (void)
{
  static const char *const markers[] = {"FI", "WE", "VI", "DR", "?"};
  BoloSighting *sighting = bolo_sighting_new ();
  BoloHit *hit = bolo_hit_new ();

  sighting->id = g_strdup ("");
  sighting->camera = g_strdup ("");
  sighting->text = g_strdup (MARK);
  hit->id = g_strdup ("");
  hit->encounter = g_strdup ("");
  hit->category = g_strdup ("");
  hit->sighting = sighting;
  hit->priority = 2; /* the gravest flashes */
  hit->matches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);
  for (gsize i = 0; i < G_N_ELEMENTS (markers); i++)
    g_ptr_array_add (hit->matches,
                     make_match (i == 0 ? BOLO_MATCH_NEAR : BOLO_MATCH_EXACT, markers[i]));
  return hit;
}

/* A frame begins: what was set before the last one is painted. */
static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  BoloRehearsal *self = user_data;

  self->n_frames++;
  if (self->n_frames == 2)
    bolo_hit_card_set_level (self->card, BOLO_LEVEL_DRIVER_SAFE);
  if (self->n_frames < 3)
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  self->done (self->user_data); /* may free us */
  return G_SOURCE_REMOVE;
}

BoloRehearsal *
bolo_rehearsal_new (BoloHitCard *card, BoloRehearsalDone done, gpointer user_data)
{
  g_autoptr (BoloHit) hit = make_hit ();
  g_autoptr (BoloHitCase) hit_case = bolo_hit_case_new (hit);
  BoloRehearsal *self;

  g_return_val_if_fail (BOLO_IS_HIT_CARD (card) && done != NULL, NULL);

  self = g_new0 (BoloRehearsal, 1);
  self->card = g_object_ref (card);
  self->done = done;
  self->user_data = user_data;
  gtk_widget_set_opacity (GTK_WIDGET (card), OPACITY);
  bolo_hit_card_set_level (card, BOLO_LEVEL_OPERATOR);
  bolo_hit_card_set_case (card, hit_case);
  self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (card), on_tick, self, NULL);
  return self;
}

void
bolo_rehearsal_free (BoloRehearsal *self)
{
  g_return_if_fail (self != NULL);

  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self->card), self->tick);
  bolo_hit_card_set_case (self->card, NULL);
  gtk_widget_set_opacity (GTK_WIDGET (self->card), 1);
  g_object_unref (self->card);
  g_free (self);
}
