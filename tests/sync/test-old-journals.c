/* test-old-journals.c: what a journal of any earlier version holds can be sent, whole and readable
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "bolo-batch-parser.h"
#include "bolo-db.h"
#include "bolo-json-reader.h"
#include "bolo-outgoing-body.h"
#include "bolo-store-samples.h"

#define RECEIVER "later" /* one that no dump knows: it gets all that is kept */

/* Dumps hold three sightings (3 corrected), a hit, a disposition, a note, six pictures: as in
 * tests/store/test-migration.c. */

static void
load_dump (const char *name, const char *folder, const char *file_name)
{
  g_autofree char *file = g_test_build_filename (G_TEST_DIST, "store", "fixtures", name, NULL);
  g_autofree char *path = g_build_filename (folder, file_name, NULL);
  g_autofree char *sql = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloDb) db = NULL;

  g_assert_true (g_file_get_contents (file, &sql, NULL, &error));
  db = bolo_db_open (path, NULL, BOLO_DB_CREATE, &error);
  g_assert_no_error (error);
  g_assert_true (bolo_db_execute (db, sql, &error));
  g_assert_no_error (error);
}

/* What the journal of then could not say is null or absent, and nothing else. */
static void
check_hit (const char *body, int version)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloJsonReader) reader = bolo_json_reader_new (body, strlen (body), "hit", &error);
  g_autofree char *event = NULL;
  g_autofree char *sighting = NULL;
  g_autofree char *category = NULL;

  g_assert_no_error (error);
  event = bolo_json_reader_dup_text (reader, "event");
  sighting = bolo_json_reader_dup_text (reader, "sighting");
  category = bolo_json_reader_dup_text (reader, "category");
  g_assert_cmpstr (event, ==, "hit");
  g_assert_nonnull (sighting);
  g_assert_nonnull (category);
  g_assert_true (bolo_json_reader_has (reader, "match"));
  if (version < 5)
    g_assert_false (bolo_json_reader_has (reader, "possible_clone"));
}

/* As the station reads it. */
static void
read_batch (GByteArray *body, int version, guint *counts)
{
  g_autoptr (BoloBatchParser) parser = bolo_batch_parser_new (BOLO_BATCH_PICTURE_MAX);
  g_autoptr (GError) error = NULL;
  BoloBatchItem *rest = NULL;
  BoloBatchItem *item;

  bolo_batch_parser_push (parser, body->data, body->len);
  while ((item = bolo_batch_parser_next (parser, &error)) != NULL) {
    g_assert_null (item->problem);
    counts[item->topic]++;
    if (item->topic == BOLO_BATCH_HIT)
      check_hit (item->body, version);
    if (item->body != NULL) {
      g_autoptr (BoloJsonReader) reader =
        bolo_json_reader_new (item->body, strlen (item->body), item->word, &error);

      g_assert_no_error (error);
    }
    bolo_batch_item_unref (item);
  }
  g_assert_no_error (error);
  g_assert_true (bolo_batch_parser_finish (parser, &rest));
}

/* Sends and settles until nothing waits: texts come before pictures. */
static void
send_all (BoloStore *store, int version, guint *counts)
{
  const BoloUnsentQuery query = {RECEIVER, G_MAXINT64 - 1, BOLO_URGENCY_PICTURE,
                                 100,      1000000,        FALSE};
  gboolean is_more = TRUE;

  while (is_more) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) items = bolo_store_list_unsent (store, &query, &error);
    g_autoptr (GByteArray) body = g_byte_array_new ();

    g_assert_no_error (error);
    for (guint i = 0; i < items->len; i++) {
      g_assert_true (bolo_outgoing_body_write (body, items->pdata[i]));
      bolo_outgoing_answer (items->pdata[i], BOLO_RESULT_STORED, NULL);
    }
    read_batch (body, version, counts);
    g_assert_true (bolo_store_settle (store, RECEIVER, items, 0, &error));
    is_more = items->len > 0;
  }
}

static void
test_version (gconstpointer data)
{
  static const char *const receivers[] = {RECEIVER, NULL};
  int version = GPOINTER_TO_INT (data);
  g_autofree char *name = g_strdup_printf ("journal-v%d.sql", version);
  g_autofree char *folder = sample_make_folder ();
  g_autoptr (BoloClock) clock = bolo_clock_new_manual (SAMPLE_START_US);
  guint counts[BOLO_BATCH_N_TOPICS] = {0};
  BoloStore *store;

  load_dump (name, folder, "journal.db");
  load_dump (version < 4 ? "media-v1.sql" : "media-v2.sql", folder, "media-2026-03-14.db");
  store = sample_open_store (folder, clock, receivers);
  send_all (store, version, counts);
  g_assert_cmpuint (counts[BOLO_BATCH_HIT], ==, 1);
  g_assert_cmpuint (counts[BOLO_BATCH_SIGHTING], >=, 3);
  g_assert_cmpuint (counts[BOLO_BATCH_DISPOSITION], ==, 1);
  g_assert_cmpuint (counts[BOLO_BATCH_PICTURE], ==, 6);
  g_assert_true (bolo_store_close (store, 10000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (store);
  sample_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* As many as there are dumps: test-migration.c sees to that there is one a version. */
  for (int version = 1; version < 100; version++) {
    g_autofree char *name = g_strdup_printf ("journal-v%d.sql", version);
    g_autofree char *dump = g_test_build_filename (G_TEST_DIST, "store", "fixtures", name, NULL);
    g_autofree char *path = g_strdup_printf ("/old-journals/v%d", version);

    if (g_file_test (dump, G_FILE_TEST_EXISTS))
      g_test_add_data_func (path, GINT_TO_POINTER (version), test_version);
    else
      g_assert_cmpint (version, >, 6);
  }
  return g_test_run ();
}
