/* bolo-list-data.c: one list in memory: where each mark's rows stand in its bytes
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-data"

#include "bolo-list-data.h"

#include "bolo-error.h"

#include <string.h>

#define NOBODY G_MAXUINT32
#define MATCHES_MAX 64 /* of one mark in one list; more is a broken list */

/* What a look-up needs of a row; the rest is read from its bytes when it matches. */
typedef struct {
  char plate[BOLO_PLATE_LENGTH_MAX]; /* padded with NUL */
  guint32 next;                      /* row with the same bucket, NOBODY at the end */
  guint64 offset;
  gint64 weed_us;
  guint32 row;
  guint32 is_covert;
} Row;

struct _BoloListData {
  gatomicrefcount references;
  BoloListInfo info; /* (owned) texts */
  BoloPlateRules *rules;
  BoloListReader *reader;
  Row *rows;
  gsize n_rows;
  guint32 *buckets;
  guint32 bucket_mask;
};

/* FNV-1a over the folded mark; marks are short and no attacker chooses the bucket count. */
static guint32
hash_key (const char *key)
{
  guint32 hash = 2166136261u;

  for (; *key != '\0'; key++)
    hash = (hash ^ (guchar) *key) * 16777619u;
  return hash;
}

static void
fold_plate (BoloPlateRules *rules, const char *plate, char *key)
{
  guint i;

  for (i = 0; i < BOLO_PLATE_LENGTH_MAX && plate[i] != '\0'; i++)
    key[i] = bolo_plate_rules_fold_character (rules, plate[i]);
  key[i] = '\0';
}

/* Chains rows so that each chain runs in the list's order. */
static void
build_buckets (BoloListData *self)
{
  gsize n_buckets = 16;

  while (n_buckets < self->n_rows * 2 && n_buckets < (gsize) 1 << 31)
    n_buckets *= 2;
  self->buckets = g_new (guint32, n_buckets);
  self->bucket_mask = (guint32) (n_buckets - 1);
  memset (self->buckets, 0xff, n_buckets * sizeof *self->buckets);
  for (gsize i = self->n_rows; i > 0; i--) {
    Row *row = &self->rows[i - 1];
    char key[BOLO_PLATE_LENGTH_MAX + 1];
    guint32 *bucket;

    fold_plate (self->rules, row->plate, key);
    bucket = &self->buckets[hash_key (key) & self->bucket_mask];
    row->next = *bucket;
    *bucket = (guint32) (i - 1);
  }
}

/* Moves what one row brought into the report, as far as it has room. */
static void
keep_problems (GPtrArray *found, GPtrArray *problems, guint64 *n_warnings)
{
  for (guint i = 0; i < found->len; i++) {
    BoloListProblem *problem = g_ptr_array_index (found, i);

    if (!problem->is_rejected)
      (*n_warnings)++;
    if (problems != NULL && problems->len < BOLO_LIST_PROBLEMS_MAX)
      g_ptr_array_add (problems, problem);
    else
      bolo_list_problem_free (problem);
  }
  g_ptr_array_set_size (found, 0);
}

static gboolean
read_rows (BoloListData *self, GPtrArray *problems, guint64 *n_warnings, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof (Row));
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  BoloListStep step;
  BoloListRow good;

  while ((step = bolo_list_reader_next (self->reader, &good, problems != NULL ? found : NULL)) !=
         BOLO_LIST_STEP_END) {
    Row row = {.offset = good.offset, .weed_us = good.weed_us, .row = (guint32) good.row};

    keep_problems (found, problems, n_warnings);
    if (step == BOLO_LIST_STEP_REJECTED) {
      self->info.n_rejected++;
      continue;
    }
    if (good.row >= NOBODY) {
      g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                           "the list has more than 4,294,967,294 rows; split it");
      return FALSE;
    }
    memcpy (row.plate, good.plate, strlen (good.plate));
    row.is_covert = good.is_covert;
    self->info.n_covert += good.is_covert ? 1 : 0;
    g_array_append_val (rows, row);
  }
  self->n_rows = rows->len;
  self->info.n_entries = rows->len;
  self->rows = (Row *) g_array_free (g_steal_pointer (&rows), FALSE);
  return TRUE;
}

BoloListData *
bolo_list_data_new (GBytes *bytes,
                    BoloListFormat *format,
                    BoloPlateRules *rules,
                    const BoloListInfo *info,
                    GPtrArray *problems,
                    guint64 *n_warnings,
                    GError **error)
{
  g_autoptr (BoloListData) self = NULL;
  guint64 ignored = 0;

  g_return_val_if_fail (bytes != NULL && format != NULL && rules != NULL && info != NULL, NULL);

  self = g_new0 (BoloListData, 1);
  g_atomic_ref_count_init (&self->references);
  self->info.name = g_strdup (info->name);
  self->info.title = g_strdup (info->title != NULL ? info->title : info->name);
  self->info.kind = g_strdup (info->kind);
  self->info.revision = g_strdup (info->revision);
  self->info.loaded_us = info->loaded_us;
  self->info.dated_us = info->dated_us;
  self->rules = bolo_plate_rules_ref (rules);
  self->reader = bolo_list_reader_new (bytes, format, rules, error);
  if (self->reader == NULL)
    return NULL;
  if (!read_rows (self, problems, n_warnings != NULL ? n_warnings : &ignored, error))
    return NULL;
  build_buckets (self);
  return g_steal_pointer (&self);
}

BoloListData *
bolo_list_data_ref (BoloListData *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
bolo_list_data_unref (BoloListData *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->info.name, g_free);
  g_clear_pointer (&self->info.title, g_free);
  g_clear_pointer (&self->info.kind, g_free);
  g_clear_pointer (&self->info.revision, g_free);
  g_clear_pointer (&self->reader, bolo_list_reader_free);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_free (self->rows);
  g_free (self->buckets);
  g_free (self);
}

const BoloListInfo *
bolo_list_data_get_info (const BoloListData *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->info;
}

guint64
bolo_list_data_count_weeded (const BoloListData *self, gint64 now_us)
{
  guint64 n_weeded = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (gsize i = 0; i < self->n_rows; i++)
    n_weeded += self->rows[i].weed_us <= now_us ? 1 : 0;
  return n_weeded;
}

static BoloMatch *
make_match (const BoloListData *self, const Row *row, const char *read, BoloMatchKind kind)
{
  BoloListEntry *entry = bolo_list_reader_make_entry (self->reader, row->offset);
  BoloMatch *match;

  if (entry == NULL)
    return NULL;
  entry->list = g_strdup (self->info.name);
  entry->list_kind = g_strdup (self->info.kind);
  entry->entry_id = g_strdup_printf ("%s/%u", self->info.name, row->row);
  entry->list_revision = g_strdup (self->info.revision);
  entry->list_loaded_us = self->info.loaded_us;
  entry->list_dated_us = self->info.dated_us;
  match = g_new0 (BoloMatch, 1);
  match->entry = entry;
  match->kind = kind;
  match->score = 1;
  for (guint i = 0; kind != BOLO_MATCH_EXACT && read[i] != '\0' && i < BOLO_MARK_MAX; i++)
    if (read[i] != entry->plate[i])
      match->differs[match->n_differs++] = (guint8) i;
  return match;
}

static gboolean
is_plate (const Row *row, const char *mark)
{
  return strncmp (row->plate, mark, BOLO_PLATE_LENGTH_MAX) == 0;
}

void
bolo_list_data_match (const BoloListData *self,
                      const char *normalised,
                      const char *resolved,
                      const char *key,
                      gint64 now_us,
                      GPtrArray *exact,
                      GPtrArray *folded)
{
  guint n_matches = 0;

  g_return_if_fail (self != NULL && normalised != NULL && resolved != NULL && key != NULL);

  for (guint32 at = self->buckets[hash_key (key) & self->bucket_mask];
       at != NOBODY && n_matches < MATCHES_MAX; at = self->rows[at].next) {
    const Row *row = &self->rows[at];
    char plate[BOLO_PLATE_LENGTH_MAX + 1] = "";
    char plate_key[BOLO_PLATE_LENGTH_MAX + 1];
    gboolean is_exact;
    BoloMatch *match;

    memcpy (plate, row->plate, BOLO_PLATE_LENGTH_MAX);
    fold_plate (self->rules, plate, plate_key);
    if (strcmp (plate_key, key) != 0 || row->weed_us <= now_us)
      continue;
    is_exact = is_plate (row, normalised) || is_plate (row, resolved);
    match = make_match (self, row, normalised, is_exact ? BOLO_MATCH_EXACT : BOLO_MATCH_FOLDED);
    if (match == NULL)
      continue;
    g_ptr_array_add (is_exact ? exact : folded, match);
    n_matches++;
  }
}
