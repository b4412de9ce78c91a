/* test-audit.c: what was done stands in the audit, and whoever changes it is found
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bolo-audit.h"
#include "bolo-db-files.h"
#include "bolo-db.h"
#include "bolo-error.h"
#include "bolo-outbox.h"

#define START_US G_GINT64_CONSTANT (1773508800000000)

typedef struct {
  char *folder;
  char *path;
  BoloAudit *audit;
} Fixture;

static void
open_audit (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->audit = bolo_audit_open (fixture->folder, &error);
  g_assert_no_error (error);
}

static void
close_audit (Fixture *fixture)
{
  g_clear_pointer (&fixture->audit, bolo_audit_close);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bolo-audit-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "audit.db", NULL);
  open_audit (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  close_audit (fixture);
  g_assert_true (bolo_db_files_remove (fixture->path, NULL));
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
append (BoloAudit *audit, BoloAuditAct act, const char *subject, const char *reference)
{
  BoloAuditRecord record = {
    .act = act,
    .at_us = START_US,
    .officer = (char *) "PC 4127",
    .subject = (char *) subject,
    .reason = (char *) "crime",
    .reference = (char *) reference,
  };
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_audit_append (audit, &record, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (record.hash), ==, 64);
  g_free (record.hash);
}

static void
append_three (Fixture *fixture)
{
  append (fixture->audit, BOLO_AUDIT_SEARCHED, "AB12CDE", "CR/1");
  append (fixture->audit, BOLO_AUDIT_WATCH_ADDED, "AB?2*", NULL);
  append (fixture->audit, BOLO_AUDIT_ENTRY_SILENCED, "stolen/KX68YZT", "");
}

static void
assert_sound (Fixture *fixture, gint64 n_expected)
{
  g_autoptr (GError) error = NULL;
  gint64 n_records = -1;

  g_assert_true (bolo_audit_verify (fixture->audit, &n_records, &error));
  g_assert_no_error (error);
  g_assert_cmpint (n_records, ==, n_expected);
}

static void
test_append (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GError) error = NULL;
  const BoloAuditRecord *record;

  assert_sound (fixture, 0);
  append_three (fixture);
  assert_sound (fixture, 3);
  close_audit (fixture);
  open_audit (fixture);
  assert_sound (fixture, 3);

  records = bolo_audit_list (fixture->audit, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (records->len, ==, 2);
  record = g_ptr_array_index (records, 0);
  g_assert_cmpint (record->number, ==, 2);
  g_assert_cmpint (record->act, ==, BOLO_AUDIT_WATCH_ADDED);
  g_assert_cmpint (record->at_us, ==, START_US);
  g_assert_cmpstr (record->officer, ==, "PC 4127");
  g_assert_cmpstr (record->subject, ==, "AB?2*");
  g_assert_cmpstr (record->reason, ==, "crime");
  g_assert_null (record->reference);
  g_assert_null (record->authoriser);
  /* Nothing given and an empty text are two things, there and in the hash. */
  g_assert_cmpstr (((BoloAuditRecord *) g_ptr_array_index (records, 1))->reference, ==, "");
}

/* Every row waits for the back office too: the end of a chain can only be proved from outside. */
static void
test_outbox (Fixture *fixture, gconstpointer data)
{
  static const char *const hq[] = {"hq", NULL};
  const BoloUnsentQuery query = {"hq", START_US, BOLO_URGENCY_PICTURE, 100, 100000, FALSE};
  BoloUnsentCounts counts = {.oldest_us = -1};
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GError) error = NULL;
  BoloOutgoing *item;

  /* Without a receiver nothing waits; one that comes later gets what there is, and what comes. */
  append (fixture->audit, BOLO_AUDIT_SEARCHED, "AB12CDE", "CR/1");
  items = bolo_audit_list_unsent (fixture->audit, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 0);
  g_assert_true (bolo_audit_set_receivers (fixture->audit, hq, &error));
  append (fixture->audit, BOLO_AUDIT_SEARCHED, "XY34ZZZ", NULL);
  g_clear_pointer (&items, g_ptr_array_unref);
  items = bolo_audit_list_unsent (fixture->audit, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 2);
  item = items->pdata[0];
  g_assert_cmpint (item->topic, ==, BOLO_TOPIC_AUDIT);
  g_assert_cmpstr (item->id, ==, "1");
  g_assert_cmpstr (((BoloColumn *) item->columns->pdata[1])->text, ==, "searched");
  g_assert_cmpstr (((BoloColumn *) item->columns->pdata[4])->text, ==, "AB12CDE");
  bolo_outgoing_answer (item, BOLO_RESULT_STORED, NULL);
  bolo_outgoing_answer (items->pdata[1], BOLO_RESULT_PARTIAL, NULL);
  g_assert_true (bolo_audit_settle (fixture->audit, "hq", items, START_US + 5, &error));
  g_assert_no_error (error);
  left = bolo_audit_list_unsent (fixture->audit, &query, &error);
  g_assert_cmpuint (left->len, ==, 1);
  bolo_outgoing_answer (left->pdata[0], BOLO_RESULT_REJECTED, "no");
  g_assert_true (bolo_audit_settle (fixture->audit, "hq", left, START_US + 5, &error));
  g_assert_true (bolo_audit_count_unsent (fixture->audit, "hq", &counts, &error));
  g_assert_cmpint (counts.items[BOLO_TOPIC_AUDIT], ==, 0);
  g_assert_cmpint (counts.rejected, ==, 1);
}

static void
refuse (BoloDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (bolo_db_execute (db, sql, &error));
  g_assert_nonnull (error);
}

static void
test_triggers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BoloDb *db;

  append_three (fixture);
  close_audit (fixture);
  db = bolo_db_open (fixture->path, NULL, 0, &error);
  g_assert_no_error (error);
  refuse (db, "UPDATE audit SET officer = 'PC 1' WHERE number = 2");
  refuse (db, "DELETE FROM audit WHERE number = 3");
  bolo_db_close (db);
  open_audit (fixture);
  assert_sound (fixture, 3);
}

/* Somebody with the file in hand and the triggers out of the way. */
static const char *const forgeries[] = {
  "UPDATE audit SET officer = 'PC 1' WHERE number = 2",
  "UPDATE audit SET subject = NULL WHERE number = 2",
  "UPDATE audit SET reference = '' WHERE number = 2",
  "UPDATE audit SET at_us = at_us + 1 WHERE number = 2",
  "UPDATE audit SET act = 1 WHERE number = 2",
  "UPDATE audit SET hash = 'x' WHERE number = 2",
  "UPDATE audit SET subject = 'AB?2', reason = '*crime' WHERE number = 2",
  "DELETE FROM audit WHERE number = 2",
  "UPDATE audit SET number = 9 WHERE number = 2",
};

static void
test_forged (Fixture *fixture, gconstpointer data)
{
  const char *forgery = data;
  g_autoptr (GError) error = NULL;
  gint64 n_records = -1;
  BoloDb *db;

  append_three (fixture);
  close_audit (fixture);
  db = bolo_db_open (fixture->path, NULL, 0, &error);
  g_assert_no_error (error);
  g_assert_true (bolo_db_execute (db,
                                  "DROP TRIGGER audit_is_never_changed;"
                                  "DROP TRIGGER audit_is_never_cut;",
                                  &error));
  g_assert_true (bolo_db_execute (db, forgery, &error));
  g_assert_no_error (error);
  bolo_db_close (db);
  open_audit (fixture);
  g_assert_false (bolo_audit_verify (fixture->audit, &n_records, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "row 2"));
  g_assert_cmpint (n_records, ==, 1);
}

static void
test_unknown_act (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BoloDb *db;

  append_three (fixture);
  close_audit (fixture);
  db = bolo_db_open (fixture->path, NULL, 0, &error);
  g_assert_true (bolo_db_execute (db,
                                  "DROP TRIGGER audit_is_never_changed;"
                                  "UPDATE audit SET act = 77 WHERE number = 3;",
                                  &error));
  bolo_db_close (db);
  open_audit (fixture);
  g_assert_null (bolo_audit_list (fixture->audit, 1, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
}

#define N_WRITERS 3
#define N_EACH 20

/* Several programs at a time: the patrol, and somebody at the command line. */
static void
test_many_writers (Fixture *fixture, gconstpointer data)
{
  pid_t children[N_WRITERS];

  close_audit (fixture);
  for (guint i = 0; i < N_WRITERS; i++) {
    children[i] = fork ();
    g_assert_cmpint (children[i], >=, 0);
    if (children[i] == 0) {
      BoloAudit *audit = bolo_audit_open (fixture->folder, NULL);

      for (guint k = 0; audit != NULL && k < N_EACH; k++)
        append (audit, BOLO_AUDIT_SEARCHED, "AB12CDE", "CR/1");
      bolo_audit_close (audit);
      _exit (audit != NULL ? 0 : 1);
    }
  }
  for (guint i = 0; i < N_WRITERS; i++) {
    int status = -1;

    g_assert_cmpint (waitpid (children[i], &status, 0), ==, children[i]);
    g_assert_cmpint (status, ==, 0);
  }
  open_audit (fixture);
  assert_sound (fixture, N_WRITERS * N_EACH);
}

static void
test_damaged (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bolo-audit-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "audit.db", NULL);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "This is no database at all.", -1, NULL));
  g_assert_null (bolo_audit_open (folder, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  /* It is evidence: nobody mends it or puts it away. */
  g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, "This is no database at all.");
  g_assert_true (bolo_db_files_remove (path, NULL));
  g_rmdir (folder);
}

static void
test_names (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (int act = BOLO_AUDIT_SEARCHED; act <= BOLO_AUDIT_SILENCE_EXPIRED; act++) {
    const char *name = bolo_audit_act_to_string ((BoloAuditAct) act);

    g_assert_nonnull (name);
    g_assert_true (g_hash_table_add (seen, (gpointer) name));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/audit/append", Fixture, NULL, set_up, test_append, tear_down);
  g_test_add ("/audit/outbox", Fixture, NULL, set_up, test_outbox, tear_down);
  g_test_add ("/audit/triggers", Fixture, NULL, set_up, test_triggers, tear_down);
  for (gsize i = 0; i < G_N_ELEMENTS (forgeries); i++) {
    g_autofree char *name = g_strdup_printf ("/audit/forged/%" G_GSIZE_FORMAT, i + 1);

    g_test_add (name, Fixture, forgeries[i], set_up, test_forged, tear_down);
  }
  g_test_add ("/audit/unknown-act", Fixture, NULL, set_up, test_unknown_act, tear_down);
  g_test_add ("/audit/many-writers", Fixture, NULL, set_up, test_many_writers, tear_down);
  g_test_add_func ("/audit/damaged", test_damaged);
  g_test_add_func ("/audit/names", test_names);
  return g_test_run ();
}
