/* bolo-station-judge.c: decides item by item what becomes of it, inside one transaction
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-judge"

#include "bolo-station-judge.h"

#include "bolo-json-reader.h"
#include "bolo-sum.h"

#include <math.h>
#include <string.h>

#define DIFFERS "another item of this identity, with other contents, is kept already"
#define NO_SUCH_HASH "the picture's bytes do not have the hash that its header says"

/* What is decided together. */
typedef struct {
  BoloStationStore *store;
  GHashTable *new_ones; /* (owned): of BoloStationEntry that are to be added, by identity */
  GPtrArray *added;     /* (owned): the same in their order */
  GPtrArray *touched;   /* (owned): of BoloStationEntry that are kept */
} Judge;

static void
judge_clear (Judge *judge)
{
  g_clear_pointer (&judge->new_ones, g_hash_table_unref);
  g_clear_pointer (&judge->added, g_ptr_array_unref);
  g_clear_pointer (&judge->touched, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Judge, judge_clear)

BoloStationJob *
bolo_station_job_new (const char *car, const char *session, GPtrArray *items)
{
  BoloStationJob *self;

  g_return_val_if_fail (car != NULL && items != NULL, NULL);

  self = g_new0 (BoloStationJob, 1);
  self->car = g_strdup (car);
  self->session = g_strdup (session);
  self->items = items;
  self->results = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_batch_result_free);
  return self;
}

void
bolo_station_job_free (BoloStationJob *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->car);
  g_free (self->session);
  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->results);
  g_clear_pointer (&self->sums, g_byte_array_unref);
  g_free (self);
}

static gboolean
is_whole_picture (const BoloBatchItem *item)
{
  return item->topic == BOLO_BATCH_PICTURE && item->bytes != NULL && item->offset == 0 &&
         g_bytes_get_size (item->bytes) >= item->total;
}

void
bolo_station_job_sum (BoloStationJob *self)
{
  g_return_if_fail (self != NULL && self->sums == NULL);

  self->sums = g_byte_array_new ();
  g_byte_array_set_size (self->sums, self->items->len * BOLO_SUM_BYTES);
  for (guint i = 0; i < self->items->len; i++) {
    const BoloBatchItem *item = self->items->pdata[i];

    if (is_whole_picture (item))
      bolo_sum_bytes (item->bytes, self->sums->data + i * BOLO_SUM_BYTES);
  }
}

static BoloBatchResult *
add_result (BoloStationJob *job, const BoloBatchItem *item)
{
  BoloBatchResult *result = g_new0 (BoloBatchResult, 1);

  result->word = g_strdup (item->word);
  result->id = g_strdup (item->id);
  result->state = item->state;
  g_ptr_array_add (job->results, result);
  return result;
}

void
bolo_station_job_postpone (BoloStationJob *self, const char *reason)
{
  g_return_if_fail (self != NULL && reason != NULL);

  g_ptr_array_set_size (self->results, 0);
  for (guint i = 0; i < self->items->len; i++) {
    BoloBatchResult *result = add_result (self, self->items->pdata[i]);

    result->outcome = BOLO_BATCH_AGAIN;
    result->reason = g_strdup (reason);
  }
}

static guint
hash_entry (gconstpointer key)
{
  const BoloStationEntry *entry = key;

  return g_str_hash (entry->id) ^ (guint) (entry->car * 31 + entry->state * 7 + entry->topic);
}

static gboolean
equal_entries (gconstpointer a, gconstpointer b)
{
  const BoloStationEntry *one = a;
  const BoloStationEntry *other = b;

  return one->car == other->car && one->topic == other->topic && one->state == other->state &&
         strcmp (one->id, other->id) == 0;
}

/* What the page and other cars are told of a hit. A body may lack any of it: it is kept all the
 * same. */
static void
read_hit (BoloStationEntry *entry, BoloJsonReader *body)
{
  g_autoptr (BoloJsonReader) position = bolo_json_reader_get_object (body, "position", NULL);
  g_autoptr (BoloJsonReader) match = bolo_json_reader_get_object (body, "match", NULL);

  entry->mark = bolo_json_reader_dup_text (body, "text");
  entry->category = bolo_json_reader_dup_text (body, "category");
  entry->match = match != NULL ? bolo_json_reader_dup_text (match, "kind") : NULL;
  if (!bolo_json_reader_get_time (body, "time", &entry->at_us, NULL))
    entry->at_us = 0;
  entry->is_covert = bolo_json_reader_peek_boolean (body, "covert", TRUE);
  if (position != NULL) {
    entry->latitude_deg = bolo_json_reader_peek_number (position, "lat", NAN);
    entry->longitude_deg = bolo_json_reader_peek_number (position, "lon", NAN);
  }
}

static void
read_body (BoloStationEntry *entry)
{
  g_autoptr (BoloJsonReader) body =
    bolo_json_reader_new (entry->body, strlen (entry->body), "body", NULL);
  gint64 kind = 0;

  if (body == NULL)
    return;
  if (entry->topic == BOLO_BATCH_HIT)
    read_hit (entry, body);
  /* Only these say what a hit is worth: the plate matches, it is confirmed, it was misread. */
  else if (bolo_json_reader_get_int (body, "kind", 2, 4, &kind, NULL)) {
    entry->kind = (int) kind;
    entry->hit = bolo_json_reader_dup_text (body, "hit");
  }
}

static BoloStationEntry *
make_entry (gint64 car, gint64 session, const BoloBatchItem *item)
{
  BoloStationEntry *entry = bolo_station_entry_new (car, item->topic, item->id, item->state);

  entry->session = session;
  entry->hash = item->hash;
  entry->body = item->body;
  return entry;
}

static void
reject (BoloBatchResult *result, const char *reason)
{
  result->outcome = BOLO_BATCH_REJECTED;
  result->reason = g_strdup (reason);
}

static void
accept (Judge *judge, BoloStationEntry *entry, BoloBatchResult *result)
{
  if (entry->topic == BOLO_BATCH_HIT || entry->topic == BOLO_BATCH_DISPOSITION)
    read_body (entry);
  g_hash_table_add (judge->new_ones, entry);
  g_ptr_array_add (judge->added, entry);
  result->outcome = BOLO_BATCH_STORED;
}

/* All of a picture is there, in one piece or at last; @sum (nullable): what it hashes to. */
static void
accept_picture (Judge *judge,
                BoloStationEntry *entry,
                GBytes *picture,
                const guint8 *sum,
                BoloBatchResult *result)
{
  guint8 own[BOLO_SUM_BYTES];

  if (sum == NULL) {
    bolo_sum_bytes (picture, own);
    sum = own;
  }
  if (memcmp (sum, entry->hash, sizeof own) == 0) {
    entry->picture = g_bytes_ref (picture);
    accept (judge, entry, result);
  } else {
    reject (result, NO_SUCH_HASH);
  }
}

/* Keeps what goes on where the kept ones end; joins them when none is missing. */
static gboolean
judge_part (Judge *judge,
            BoloStationEntry *entry,
            const BoloBatchItem *item,
            BoloBatchResult *result,
            GError **error)
{
  BoloStationPart part = {0};
  gsize size = g_bytes_get_size (item->bytes);
  g_autoptr (GBytes) more = NULL;
  g_autoptr (GBytes) picture = NULL;

  if (!bolo_station_store_get_part (judge->store, entry->car, item->id, &part, error))
    return FALSE;
  if (part.kept > 0 &&
      (part.total != item->total || memcmp (part.hash, item->hash, sizeof part.hash) != 0)) {
    if (!bolo_station_store_drop_parts (judge->store, entry->car, item->id, error))
      return FALSE;
    part.kept = 0;
  }
  part.total = item->total;
  memcpy (part.hash, item->hash, sizeof part.hash);
  if (item->offset <= part.kept && item->offset + size > part.kept) {
    more = g_bytes_new_from_bytes (item->bytes, part.kept - item->offset,
                                   item->offset + size - part.kept);
    if (!bolo_station_store_add_part (judge->store, entry->car, item->id, &part, more, error))
      return FALSE;
    part.kept = item->offset + size;
  }
  result->outcome = BOLO_BATCH_PARTIAL;
  result->offset = part.kept;
  if (part.kept < part.total)
    return TRUE;
  picture = bolo_station_store_join_parts (judge->store, entry->car, item->id, error);
  if (picture == NULL || !bolo_station_store_drop_parts (judge->store, entry->car, item->id, error))
    return FALSE;
  accept_picture (judge, entry, picture, NULL, result);
  return TRUE;
}

static gboolean
judge_item (Judge *judge,
            BoloStationEntry *entry,
            const BoloBatchItem *item,
            const guint8 *sum,
            BoloBatchResult *result,
            GError **error)
{
  const BoloStationEntry *earlier = g_hash_table_lookup (judge->new_ones, entry);
  const guint8 *kept = entry->number != 0 ? entry->kept_hash
                       : earlier != NULL  ? earlier->hash
                                          : NULL;

  if (kept != NULL) {
    if (memcmp (kept, entry->hash, BOLO_BATCH_HASH_BYTES) != 0) {
      reject (result, DIFFERS);
      return TRUE;
    }
    result->outcome = BOLO_BATCH_KNOWN;
    if (entry->number != 0 && entry->session != 0)
      g_ptr_array_add (judge->touched, entry);
    return TRUE;
  }
  if (item->topic != BOLO_BATCH_PICTURE) {
    accept (judge, entry, result);
    return TRUE;
  }
  if (!is_whole_picture (item))
    return judge_part (judge, entry, item, result, error);
  accept_picture (judge, entry, item->bytes, sum, result);
  /* What had come of it before is not wanted any more. */
  return result->outcome != BOLO_BATCH_STORED ||
         bolo_station_store_drop_parts (judge->store, entry->car, item->id, error);
}

/* @entries grows by one for each of the job's items that is not wrong in itself. */
static gboolean
begin_job (BoloStationStore *store, BoloStationJob *job, GPtrArray *entries, GError **error)
{
  gint64 car = 0;
  gint64 session = 0;

  g_ptr_array_set_size (job->results, 0);
  if (!bolo_station_store_get_car (store, job->car, &car, error) ||
      (job->session != NULL &&
       !bolo_station_store_get_session (store, car, job->session, &session, error)))
    return FALSE;
  for (guint i = 0; i < job->items->len; i++) {
    const BoloBatchItem *item = job->items->pdata[i];

    if (item->problem == NULL)
      g_ptr_array_add (entries, make_entry (car, session, item));
  }
  return TRUE;
}

static gboolean
judge_job (Judge *judge, BoloStationJob *job, GPtrArray *entries, guint *next, GError **error)
{
  for (guint i = 0; i < job->items->len; i++) {
    const BoloBatchItem *item = job->items->pdata[i];
    const guint8 *sum = job->sums != NULL ? job->sums->data + i * BOLO_SUM_BYTES : NULL;
    BoloBatchResult *result = add_result (job, item);

    if (item->problem != NULL)
      reject (result, item->problem);
    else if (!judge_item (judge, entries->pdata[(*next)++], item, sum, result, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
bolo_station_judge (BoloStationStore *store, GPtrArray *jobs, GError **error)
{
  g_autoptr (GPtrArray) entries =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_station_entry_free);
  g_auto (Judge) judge = {.store = store};
  guint next = 0;

  g_return_val_if_fail (BOLO_IS_STATION_STORE (store) && jobs != NULL, FALSE);

  judge.new_ones = g_hash_table_new (hash_entry, equal_entries);
  judge.added = g_ptr_array_new ();
  judge.touched = g_ptr_array_new ();
  for (guint i = 0; i < jobs->len; i++)
    if (!begin_job (store, jobs->pdata[i], entries, error))
      return FALSE;
  if (!bolo_station_store_find (store, entries, error))
    return FALSE;
  for (guint i = 0; i < jobs->len; i++)
    if (!judge_job (&judge, jobs->pdata[i], entries, &next, error))
      return FALSE;
  return bolo_station_store_add (store, judge.added, error) &&
         bolo_station_store_touch (store, judge.touched, error);
}

static gboolean
find_kept (BoloStationStore *store, gint64 car, BoloBatchResult *question, GError **error)
{
  BoloStationPart part;

  if (!bolo_station_store_get_part (store, car, question->id, &part, error))
    return FALSE;
  if (part.kept > 0) {
    question->outcome = BOLO_BATCH_PARTIAL;
    question->offset = part.kept;
  }
  return TRUE;
}

gboolean
bolo_station_answer (BoloStationStore *store, const char *car, GPtrArray *questions, GError **error)
{
  g_autoptr (GPtrArray) entries =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_station_entry_free);
  gint64 number = 0;

  g_return_val_if_fail (BOLO_IS_STATION_STORE (store) && car != NULL && questions != NULL, FALSE);

  if (!bolo_station_store_find_car (store, car, &number, error))
    return FALSE;
  for (guint i = 0; i < questions->len; i++) {
    const BoloBatchResult *question = questions->pdata[i];

    g_ptr_array_add (entries,
                     bolo_station_entry_new (number, bolo_batch_topic_from_word (question->word),
                                             question->id, question->state));
  }
  if (!bolo_station_store_find (store, entries, error))
    return FALSE;
  for (guint i = 0; i < questions->len; i++) {
    BoloBatchResult *question = questions->pdata[i];
    const BoloStationEntry *entry = entries->pdata[i];

    question->outcome = entry->number != 0 ? BOLO_BATCH_KNOWN : BOLO_BATCH_UNKNOWN;
    if (entry->number == 0 && entry->topic == BOLO_BATCH_PICTURE &&
        !find_kept (store, number, question, error))
      return FALSE;
  }
  return TRUE;
}
