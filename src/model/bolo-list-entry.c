/* bolo-list-entry.c: a wanted mark and why it is wanted
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-entry.h"

#define AT(member) G_STRUCT_OFFSET (BoloListEntry, member)

/* Where the texts stand: what is done with one of them is done with each. */
static const gsize texts[] = {
  AT (list),          AT (list_kind),   AT (entry_id),    AT (plate),        AT (plate_folded),
  AT (region),        AT (plate_type),  AT (make),        AT (model),        AT (colour),
  AT (body),          AT (type_code),   AT (category),    AT (action_text),  AT (reason),
  AT (grading),       AT (handling),    AT (information), AT (force),        AT (ori),
  AT (pnc_id),        AT (marking),     AT (cad),         AT (instructions), AT (source_reference),
  AT (list_revision), AT (list_signer),
};

static const gsize text_lists[] = {AT (markers), AT (extra)};

static char **
text_at (const BoloListEntry *self, gsize offset)
{
  return &G_STRUCT_MEMBER (char *, (BoloListEntry *) self, offset);
}

static char ***
list_at (const BoloListEntry *self, gsize offset)
{
  return &G_STRUCT_MEMBER (char **, (BoloListEntry *) self, offset);
}

static void
list_entry_clear (gpointer data)
{
  BoloListEntry *self = data;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*text_at (self, texts[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (text_lists); i++)
    g_strfreev (*list_at (self, text_lists[i]));
  bolo_area_clear (&self->area);
}

BoloListEntry *
bolo_list_entry_new (void)
{
  BoloListEntry *self = g_atomic_rc_box_new0 (BoloListEntry);

  self->event_us = G_MININT64;
  self->valid_from_us = G_MININT64;
  self->valid_until_us = G_MAXINT64;
  self->weed_us = G_MAXINT64;
  self->days = BOLO_DAYS_ALL;
  return self;
}

BoloListEntry *
bolo_list_entry_copy (const BoloListEntry *self)
{
  BoloListEntry *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_atomic_rc_box_new (BoloListEntry);
  *copy = *self;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    *text_at (copy, texts[i]) = g_strdup (*text_at (self, texts[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (text_lists); i++)
    *list_at (copy, text_lists[i]) = g_strdupv (*list_at (self, text_lists[i]));
  copy->area = (BoloArea){0};
  bolo_area_copy (&self->area, &copy->area);
  return copy;
}

BoloListEntry *
bolo_list_entry_ref (const BoloListEntry *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire ((BoloListEntry *) self);
}

void
bolo_list_entry_unref (const BoloListEntry *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full ((BoloListEntry *) self, list_entry_clear);
}

static gboolean
are_equal_lists (char *const *a, char *const *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return g_strv_equal ((const char *const *) a, (const char *const *) b);
}

static gboolean
are_equal_values (const BoloListEntry *a, const BoloListEntry *b)
{
  return a->is_pattern == b->is_pattern && a->year == b->year && a->priority == b->priority &&
         a->action == b->action && a->is_covert == b->is_covert && a->event_us == b->event_us &&
         a->valid_from_us == b->valid_from_us && a->valid_until_us == b->valid_until_us &&
         a->weed_us == b->weed_us && a->days == b->days && a->list_trust == b->list_trust &&
         a->list_loaded_us == b->list_loaded_us && a->list_dated_us == b->list_dated_us;
}

gboolean
bolo_list_entry_equal (const BoloListEntry *a, const BoloListEntry *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_strcmp0 (*text_at (a, texts[i]), *text_at (b, texts[i])) != 0)
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (text_lists); i++)
    if (!are_equal_lists (*list_at (a, text_lists[i]), *list_at (b, text_lists[i])))
      return FALSE;
  return are_equal_values (a, b) && bolo_area_equal (&a->area, &b->area);
}

gboolean
bolo_list_entry_is_weeded (const BoloListEntry *self, gint64 now_us)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return now_us >= self->weed_us;
}

const char *
bolo_trust_to_string (BoloTrust trust)
{
  switch (trust) {
  case BOLO_TRUST_SIGNED:
    return "signed";
  case BOLO_TRUST_OWN:
    return "own";
  case BOLO_TRUST_REPLAY:
    return "replay";
  case BOLO_TRUST_UNSIGNED:
  default:
    return "unsigned";
  }
}
