/* bolo-list-index.c: all current lists as one immutable index that any thread can match against
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-index"

#include "bolo-list-index-private.h"

#include "bolo-list-match.h"

#include <string.h>

struct _BoloListIndex {
  gatomicrefcount references;
  GPtrArray *layers;   /* (owned): of BoloListLayers, in order of name */
  GPtrArray *failures; /* (owned): of char *, names */
  BoloPlateRules *rules;
};

static int
compare_layers (gconstpointer a, gconstpointer b)
{
  const BoloListLayers *const *first = a;
  const BoloListLayers *const *second = b;

  return strcmp (bolo_list_layers_get_info (*first)->name,
                 bolo_list_layers_get_info (*second)->name);
}

BoloListIndex *
bolo_list_index_new_layers (GPtrArray *layers, GPtrArray *failures, BoloPlateRules *rules)
{
  BoloListIndex *self;

  g_return_val_if_fail (layers != NULL && rules != NULL, NULL);

  self = g_new0 (BoloListIndex, 1);
  g_atomic_ref_count_init (&self->references);
  self->rules = bolo_plate_rules_ref (rules);
  self->layers = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_layers_unref);
  self->failures = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < layers->len; i++)
    g_ptr_array_add (self->layers, bolo_list_layers_ref (g_ptr_array_index (layers, i)));
  for (guint i = 0; failures != NULL && i < failures->len; i++)
    g_ptr_array_add (self->failures, g_strdup (g_ptr_array_index (failures, i)));
  g_ptr_array_sort (self->layers, compare_layers);
  return self;
}

GPtrArray *
bolo_list_index_peek_layers (BoloListIndex *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->layers;
}

GPtrArray *
bolo_list_index_peek_failures (BoloListIndex *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->failures;
}

BoloListIndex *
bolo_list_index_ref (BoloListIndex *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
bolo_list_index_unref (BoloListIndex *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->layers, g_ptr_array_unref);
  g_clear_pointer (&self->failures, g_ptr_array_unref);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_free (self);
}

GPtrArray *
bolo_list_index_match_reading (BoloListIndex *self,
                               const BoloMatchQuery *query,
                               BoloMatchCounts *counts)
{
  g_return_val_if_fail (self != NULL && query != NULL && query->text != NULL, NULL);

  return bolo_list_match (self->layers, self->rules, query, counts);
}

GPtrArray *
bolo_list_index_match (BoloListIndex *self, const char *normalised, gint64 now_us)
{
  const BoloMatchQuery query = {
    .text = normalised, .now_us = now_us, .loosest = BOLO_MATCH_PATTERN, .leaves_near = TRUE};

  g_return_val_if_fail (self != NULL && normalised != NULL, NULL);

  return bolo_list_index_match_reading (self, &query, NULL);
}

guint
bolo_list_index_get_n_lists (BoloListIndex *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->layers->len;
}

const BoloListInfo *
bolo_list_index_get_list (BoloListIndex *self, guint nth)
{
  g_return_val_if_fail (self != NULL && nth < self->layers->len, NULL);

  return bolo_list_layers_get_info (g_ptr_array_index (self->layers, nth));
}

const BoloListInfo *
bolo_list_index_find_list (BoloListIndex *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  for (guint i = 0; i < self->layers->len; i++)
    if (g_str_equal (bolo_list_index_get_list (self, i)->name, name))
      return bolo_list_index_get_list (self, i);
  return NULL;
}

guint64
bolo_list_index_count_weeded (BoloListIndex *self, const char *name, gint64 now_us)
{
  guint64 n_weeded = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->layers->len; i++) {
    BoloListLayers *list = g_ptr_array_index (self->layers, i);

    if (name == NULL || g_str_equal (bolo_list_layers_get_info (list)->name, name))
      n_weeded += bolo_list_layers_count_weeded (list, now_us);
  }
  return n_weeded;
}

guint64
bolo_list_index_get_n_entries (BoloListIndex *self)
{
  guint64 n_entries = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->layers->len; i++)
    n_entries += bolo_list_index_get_list (self, i)->n_entries;
  return n_entries;
}

static BoloHealth *
make_failure_health (BoloListIndex *self, gint64 now_us)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *detail = NULL;

  for (guint i = 0; i < self->failures->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                            (const char *) g_ptr_array_index (self->failures, i));
  detail = g_strdup_printf ("These lists could not be loaded: %s.", names->str);
  return bolo_health_new ("lists", self->layers->len > 0 ? BOLO_HEALTH_DEGRADED : BOLO_HEALTH_LOST,
                          now_us, detail, "Import them again: boloctl hotlist import.");
}

/* Of two lists the one that is worse off: by its own limits first, then by its age. */
static gboolean
is_worse (const BoloListInfo *info, const BoloListInfo *than, gint64 now_us)
{
  BoloListAge age = bolo_list_info_get_age (info, now_us);
  BoloListAge other = than != NULL ? bolo_list_info_get_age (than, now_us) : BOLO_LIST_FRESH;

  if (than == NULL || age != other)
    return than == NULL || age > other;
  return info->dated_us < than->dated_us;
}

/* (transfer full) (nullable): NULL for a list that is as it should be. */
static char *
describe_age (const BoloListInfo *info, gint64 now_us)
{
  gint64 age_us = now_us - info->dated_us;
  gint64 hours = age_us / (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC);

  if (bolo_list_info_get_age (info, now_us) == BOLO_LIST_STALE)
    return g_strdup_printf ("The list %s is stale: it is %" G_GINT64_FORMAT " hours old.",
                            info->title, hours);
  if (bolo_list_info_get_age (info, now_us) == BOLO_LIST_OLD)
    return g_strdup_printf ("The list %s is %" G_GINT64_FORMAT " hours old.", info->title, hours);
  return NULL;
}

BoloHealth *
bolo_list_index_get_health (BoloListIndex *self, gint64 now_us)
{
  const BoloListInfo *worst = NULL;
  g_autofree char *detail = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->failures->len > 0)
    return make_failure_health (self, now_us);
  for (guint i = 0; i < self->layers->len; i++) {
    const BoloListInfo *info = bolo_list_index_get_list (self, i);

    if (is_worse (info, worst, now_us))
      worst = info;
  }
  if (worst == NULL)
    return bolo_health_new ("lists", BOLO_HEALTH_LOST, now_us,
                            "No list is loaded; nothing can be a hit.",
                            "Import a list: boloctl hotlist import.");
  detail = describe_age (worst, now_us);
  if (detail != NULL)
    return bolo_health_new ("lists", BOLO_HEALTH_DEGRADED, now_us, detail,
                            "Import a newer one: boloctl hotlist import.");
  detail = g_strdup_printf ("%u lists with %" G_GUINT64_FORMAT " entries are in force.",
                            self->layers->len, bolo_list_index_get_n_entries (self));
  return bolo_health_new ("lists", BOLO_HEALTH_OK, now_us, detail, NULL);
}
