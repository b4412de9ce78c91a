/* test-torn-lists.c: torn, truncated, flipped, forged, replayed and oversized lists: none is taken
 * in part, none crashes, each is one sentence SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-case.h"

#include "bolo-error.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

#define SEED 20260315
#define N_DEFAULT 1000 /* cases; the long suite asks for 10,000 */

#define OLD_LIST                                                                                   \
  "AB12CDE,FORD,FOCUS,BLUE,STOP\nAB12CDF,VW,GOLF,RED,STOP\nAB12CDG,BMW,X5,BLACK,STOP\n"
#define NEW_LIST                                                                                   \
  "XY34ZAA,AUDI,A4,GREY,STOP,FIREARMS,STOLEN\nXY34ZAB,KIA,RIO,WHITE,STOP\nXY34ZAC,FIAT,500,PINK\n" \
  "XY34ZAD,SEAT,IBIZA,GREEN,STOP\n"

/* What the car holds, and what is sent to it. */
typedef struct {
  ListCase list;
  GRand *random;
  BoloListKey *stranger;
  char *zip; /* NEW_LIST in a ZIP */
  gsize zip_length;
} Torn;

static void
make_zip (Torn *self)
{
  zip_error_t error;
  zip_source_t *buffer;
  zip_stat_t stat;
  zip_t *zip;

  zip_error_init (&error);
  buffer = zip_source_buffer_create (NULL, 0, 0, &error);
  zip = zip_open_from_source (buffer, ZIP_CREATE | ZIP_TRUNCATE, &error);
  g_assert_nonnull (zip);
  zip_source_keep (buffer);
  g_assert_cmpint (
    zip_file_add (zip, "voi.csv", zip_source_buffer (zip, NEW_LIST, strlen (NEW_LIST), 0), 0), >=,
    0);
  g_assert_cmpint (zip_close (zip), ==, 0);
  g_assert_cmpint (zip_source_stat (buffer, &stat), ==, 0);
  self->zip_length = stat.size;
  self->zip = g_malloc (stat.size);
  g_assert_cmpint (zip_source_open (buffer), ==, 0);
  g_assert_cmpint (zip_source_read (buffer, self->zip, stat.size), ==, (zip_int64_t) stat.size);
  zip_source_close (buffer);
  zip_source_free (buffer);
  zip_error_fini (&error);
}

static guint
count_old (ListCase *list)
{
  return list_case_count (list, "AB12CDE") + list_case_count (list, "AB12CDF") +
         list_case_count (list, "AB12CDG");
}

static guint
count_new (ListCase *list)
{
  return list_case_count (list, "XY34ZAA") + list_case_count (list, "XY34ZAB") +
         list_case_count (list, "XY34ZAC") + list_case_count (list, "XY34ZAD");
}

static guint
draw (Torn *self, guint below)
{
  return (guint) g_rand_int_range (self->random, 0, (gint32) below);
}

/* (transfer full): @bytes with one to three bits flipped. */
static char *
flip (Torn *self, const char *bytes, gsize length)
{
  char *flipped = g_malloc0 (length + 1);

  memcpy (flipped, bytes, length);
  for (guint n = draw (self, 3) + 1; n > 0; n--)
    flipped[draw (self, (guint) length)] ^= (char) (1 << draw (self, 8));
  if (memcmp (flipped, bytes, length) == 0)
    flipped[0] ^= 1; /* two flips of one bit */
  return flipped;
}

/* Whatever came: not taken, one sentence, and what was in force still is, all of it. */
static void
check_refused (Torn *self)
{
  g_autoptr (GError) error = NULL;

  if (list_case_import (&self->list, NULL, &error))
    g_error ("a list that is not right was taken");
  g_assert_true (error->domain == BOLO_ERROR);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_null (strchr (error->message, '\n'));
  g_assert_cmpuint (count_old (&self->list), ==, 3);
  g_assert_cmpuint (count_new (&self->list), ==, 0);
}

static void
write_zip_or_text (Torn *self)
{
  if (draw (self, 2) == 0)
    list_case_write (&self->list, NEW_LIST);
  else
    list_case_write_bytes (self->list.list_path, self->zip, self->zip_length);
}

static char *
read_file (const char *path, gsize *length)
{
  char *bytes = NULL;

  g_assert_true (g_file_get_contents (path, &bytes, length, NULL));
  return bytes;
}

/* ---- on its way to the car ------------------------------------------------------------------ */

/* A right list with a right signature; then something happens to one of them. */
static void
damage_file (Torn *self, const char *path, gboolean is_cut)
{
  gsize length = 0;
  g_autofree char *bytes = read_file (path, &length);
  g_autofree char *changed = is_cut ? g_memdup2 (bytes, length) : flip (self, bytes, length);

  list_case_write_bytes (path, changed, is_cut ? draw (self, (guint) length) : length);
}

static void
check_sent (Torn *self, guint kind)
{
  ListCase *list = &self->list;
  g_autofree char *filling = NULL;

  write_zip_or_text (self);
  list_case_sign (list, list->key, "voi", 20, 0);
  switch (kind) {
  case 0:
  case 1:
    damage_file (self, list->list_path, kind == 0);
    break;
  case 2:
  case 3:
    damage_file (self, list->signature_path, kind == 2);
    break;
  case 4: /* forged: by a stranger, or by one who calls himself as the right one */
    list_case_sign (list, self->stranger, "voi", 20, 0);
    break;
  case 5: /* replayed */
    list_case_sign (list, list->key, "voi", 1 + draw (self, 9), 0);
    break;
  case 6: /* another list's */
    list_case_sign (list, list->key, "stolen", 20, 0);
    break;
  default: /* grown behind what was signed */
    filling = g_strnfill (1 + draw (self, 100000), 'x');
    list_case_write (list, filling);
  }
  check_refused (self);
}

/* A ZIP or a list that nobody signed: what can be seen to be torn is refused; otherwise all of its
 * rows count, each as taken or as left out. */
static void
check_unsigned (Torn *self)
{
  ListCase *list = &self->list;
  g_autofree char *bytes = flip (self, self->zip, self->zip_length);
  gsize length = draw (self, 2) ? self->zip_length : draw (self, (guint) self->zip_length);
  g_autoptr (BoloImportReport) report = NULL;
  g_autoptr (GError) error = NULL;

  list->options.name = "other";
  list->options.signature = NULL;
  list->options.unsigned_by = "tester";
  list_case_write_bytes (list->list_path, bytes, length);
  if (list_case_import (list, &report, &error)) {
    g_assert_cmpuint (report->n_entries + report->n_rejected, ==, report->n_rows);
    g_assert_true (bolo_hotlist_remove (list->hotlist, "other", NULL));
  } else
    g_assert_null (strchr (error->message, '\n'));
  g_assert_cmpuint (count_old (list), ==, 3);
  g_assert_cmpuint (count_new (list), ==, 0);
  list->options.name = "voi";
  list->options.signature = list->signature_path;
  list->options.unsigned_by = NULL;
}

/* ---- in the car ------------------------------------------------------------------------------ */

/* (transfer full): a file of the list in force, which one as it comes. */
static char *
pick_stored (Torn *self)
{
  static const char *const names[] = {"index", "rows"};
  g_autofree char *folder = g_build_filename (self->list.state, "lists", "voi", NULL);
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *child;

  if (draw (self, 3) == 0)
    return g_build_filename (folder, "manifest.ini", NULL);
  while ((child = g_dir_read_name (directory)) != NULL)
    if (g_str_has_prefix (child, "layer-"))
      return g_build_filename (folder, child, names[draw (self, 2)], NULL);
  g_assert_not_reached ();
}

/* What is found is right, whatever became of the file; what cannot be told is missing, not made up.
 */
static void
check_found (Torn *self, BoloHotlist *hotlist)
{
  static const char *const marks[][2] = {
    {"AB12CDE", "FORD"}, {"AB12CDF", "VW"}, {"AB12CDG", "BMW"}, {"XY34ZAA", "?"}};

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++) {
    g_autoptr (GPtrArray) matches = bolo_hotlist_match (hotlist, marks[i][0], LIST_CASE_NOW_US);

    for (guint k = 0; k < matches->len; k++) {
      const BoloMatch *match = g_ptr_array_index (matches, k);

      g_assert_cmpstr (match->entry->plate, ==, marks[i][0]);
      g_assert_cmpstr (match->entry->make, ==, marks[i][1]);
    }
  }
}

static GLogWriterOutput
swallow (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  return level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_DEBUG)
           ? G_LOG_WRITER_HANDLED
           : g_log_writer_default (level, fields, n_fields, data);
}

static void
check_stored (Torn *self)
{
  ListCase *list = &self->list;
  g_autofree char *path = pick_stored (self);
  gsize length = 0;
  g_autofree char *bytes = read_file (path, &length);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BoloHotlist) hotlist = NULL;

  g_clear_object (&list->hotlist); /* nobody has the files open while they are damaged */
  damage_file (self, path, draw (self, 3) == 0);
  hotlist = bolo_hotlist_new (list->state, list->rules, list->clock);
  g_assert_true (bolo_hotlist_load (hotlist, problems, NULL));
  for (guint i = 0; i < problems->len; i++)
    g_assert_null (strchr (g_ptr_array_index (problems, i), '\n'));
  check_found (self, hotlist);
  g_clear_object (&hotlist);
  list_case_write_bytes (path, bytes, length);
  list->hotlist = bolo_hotlist_new (list->state, list->rules, list->clock);
  g_assert_true (bolo_hotlist_load (list->hotlist, NULL, NULL));
  g_assert_cmpuint (count_old (list), ==, 3);
}

/* A list that is right is taken after all of that. */
static void
check_right (Torn *self)
{
  g_autoptr (GError) error = NULL;

  list_case_write_bytes (self->list.list_path, self->zip, self->zip_length);
  list_case_sign (&self->list, self->list.key, "voi", 20, 0);
  g_assert_true (list_case_import (&self->list, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_new (&self->list), ==, 4);
  g_assert_cmpuint (count_old (&self->list), ==, 0);
}

int
main (int argc, char **argv)
{
  guint n_cases = argc > 1 ? (guint) strtoul (argv[1], NULL, 10) : N_DEFAULT;
  g_autoptr (GError) error = NULL;
  Torn self = {0};

  /* Damaged lists are warned of, thousands of times. */
  g_log_set_always_fatal ((GLogLevelFlags) (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL));
  g_log_set_writer_func (swallow, NULL, NULL);
  list_case_set_up (&self.list, NULL);
  self.random = g_rand_new_with_seed (SEED);
  self.stranger = bolo_list_key_generate ("hq", NULL);
  make_zip (&self);
  list_case_write (&self.list, OLD_LIST);
  list_case_sign (&self.list, self.list.key, "voi", 10, 0);
  g_assert_true (list_case_import (&self.list, NULL, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < n_cases; i++) {
    guint kind = i % 10;

    if (kind < 8)
      check_sent (&self, kind);
    else if (kind == 8)
      check_unsigned (&self);
    else
      check_stored (&self);
  }
  check_right (&self);
  g_print ("ok 1 %u torn lists\n1..1\n", n_cases);
  g_free (self.zip);
  bolo_list_key_free (self.stranger);
  g_rand_free (self.random);
  list_case_tear_down (&self.list, NULL);
  return 0;
}
