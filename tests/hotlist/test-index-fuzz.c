/* test-index-fuzz.c: index and rows files that lie, with checksums that agree: errors, no crash
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: test-index-fuzz [SECONDS [SEED]]; with SECONDS it goes on for so long.
 */
#include "bolo-entry-codec.h"
#include "bolo-list-files.h"
#include "bolo-list-index.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)
#define CASES_BY_DEFAULT 4000

/* Sample: the files of a small base, as they should be. */
typedef struct {
  BoloPlateRules *rules;
  char *folder;
  char *base;
  guint8 *index;
  gsize index_length;
  guint8 *rows;
  gsize rows_length;
  BoloIndexHeader header;
} Sample;

static const char *const marks[] = {"AB12CDE", "AB12CDE", "A1",      "XOIIXXXX",    "AB1?CD*",
                                    "*CDE",    "GH56JKL", "AB12CDF", "ZZ99ZZZZZZZZ"};

static void
read_back (Sample *sample, const char *name, guint8 **bytes, gsize *length)
{
  g_autofree char *path = g_build_filename (sample->base, name, NULL);

  g_assert_true (g_file_get_contents (path, (char **) bytes, length, NULL));
}

static void
make_sample (Sample *sample)
{
  g_autofree char *plate = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  g_autoptr (BoloIndexBuilder) builder = NULL;

  sample->rules = bolo_plate_rules_load (plate, NULL);
  sample->folder = g_strdup ("/dev/shm/bolo-fuzz-XXXXXX");
  if (g_mkdtemp (sample->folder) == NULL) {
    g_free (sample->folder);
    sample->folder = g_dir_make_tmp ("bolo-fuzz-XXXXXX", NULL);
  }
  sample->base = g_build_filename (sample->folder, "base", NULL);
  g_assert_cmpint (g_mkdir (sample->base, 0700), ==, 0);
  builder = bolo_index_builder_new (sample->base, sample->rules, NULL, NULL);
  for (guint i = 0; i < 40; i++) {
    g_autoptr (BoloListEntry) entry = bolo_list_entry_new ();

    entry->plate = g_strdup (marks[i % G_N_ELEMENTS (marks)]);
    entry->is_pattern = strpbrk (entry->plate, "?*") != NULL;
    entry->reason = g_strnfill (i * 20, 'r');
    entry->weed_us = NOW_US + i;
    g_assert_true (bolo_index_builder_add (builder, entry, i + 1, NULL));
  }
  g_assert_true (bolo_index_builder_finish (builder, NULL, NULL));
  read_back (sample, BOLO_INDEX_FILE, &sample->index, &sample->index_length);
  read_back (sample, BOLO_INDEX_ROWS_FILE, &sample->rows, &sample->rows_length);
  memcpy (&sample->header, sample->index, sizeof sample->header);
}

static void
free_sample (Sample *sample)
{
  g_assert_true (bolo_list_files_remove_directory (sample->folder, NULL));
  bolo_plate_rules_unref (sample->rules);
  g_free (sample->folder);
  g_free (sample->base);
  g_free (sample->index);
  g_free (sample->rows);
}

static void
write_file (Sample *sample, const char *name, const guint8 *bytes, gsize length)
{
  g_autofree char *path = g_build_filename (sample->base, name, NULL);
  FILE *file;

  g_unlink (path);
  file = fopen (path, "wb");
  g_assert_cmpuint (fwrite (bytes, 1, length, file), ==, length);
  fclose (file);
}

/* Everything that can be asked of an open file. */
static void
use (Sample *sample, BoloIndexFile *file)
{
  const BoloIndexHeader *header = bolo_index_file_get_header (file);
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  g_autoptr (GPtrArray) lists = g_ptr_array_new ();
  const BoloListInfo info = {.name = (char *) "m"};
  g_autoptr (BoloListLayers) layers = NULL;
  g_autoptr (BoloListIndex) index = NULL;
  guint64 place = BOLO_INDEX_PLACE_FIRST;
  g_autoptr (BoloListEntry) entry = NULL;

  bolo_index_file_verify (file, NULL);
  bolo_index_file_masks (file, 0, 8);
  for (int i = 0; i < 100; i++) {
    g_clear_pointer (&entry, bolo_list_entry_unref);
    entry = bolo_index_file_read_next (file, &place, NULL, NULL);
    if (entry == NULL)
      break;
  }
  g_ptr_array_add (files, file);
  if (header->below_id != 0)
    return;
  layers = bolo_list_layers_new (&info, files, sample->rules, NULL);
  g_ptr_array_add (lists, layers);
  index = bolo_list_index_new_layers (lists, NULL, sample->rules);
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++) {
    const BoloMatchQuery query = {
      .text = marks[i], .now_us = NOW_US, .loosest = BOLO_MATCH_PATTERN};
    g_autoptr (GPtrArray) matches = bolo_list_index_match_reading (index, &query, NULL);

    g_assert_cmpuint (matches->len, <=, 4 * 64);
  }
  bolo_list_index_count_weeded (index, NULL, NOW_US + 20);
}

/* Writes both files, the header's checksum made to agree; returns whether it opened. */
static gboolean
try_out (Sample *sample, guint8 *index, gsize index_length, guint8 *rows, gsize rows_length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloIndexFile) file = NULL;

  if (index_length >= sizeof (BoloIndexHeader)) {
    guint64 sum = bolo_index_sum (index, G_STRUCT_OFFSET (BoloIndexHeader, checksum));

    memcpy (index + G_STRUCT_OFFSET (BoloIndexHeader, checksum), &sum, sizeof sum);
  }
  write_file (sample, BOLO_INDEX_FILE, index, index_length);
  write_file (sample, BOLO_INDEX_ROWS_FILE, rows, rows_length);
  file = bolo_index_file_open (sample->base, sample->rules, &error);
  if (file == NULL) {
    g_assert_cmpuint (strlen (error->message), >, 20);
    return FALSE;
  }
  use (sample, file);
  return TRUE;
}

/* Makes the checksums of the records agree with what now stands in them, as far as they go. */
static void
mend_rows (guint8 *rows, gsize length)
{
  gsize at = sizeof (BoloIndexRowsHeader);

  while (at + sizeof (BoloIndexRowHead) <= length) {
    BoloIndexRowHead head;

    memcpy (&head, rows + at, sizeof head);
    if (head.length > length - at - sizeof head)
      return;
    head.checksum = (guint32) bolo_index_sum (rows + at + sizeof head, head.length);
    memcpy (rows + at, &head, sizeof head);
    at += (sizeof head + head.length + 7) / 8 * 8;
  }
}

static const guint64 strange[] = {0,          1,          7,         0x7f,       0xff,
                                  0xffff,     0x7fffffff, G_MAXUINT, G_MAXINT64, G_MAXUINT64,
                                  1ULL << 32, 1ULL << 28, 40,        64,         38};

static void
change (GRand *random, guint8 *bytes, gsize length)
{
  gsize at = (gsize) g_rand_int_range (random, 0, (gint32) length);
  guint64 value = strange[g_rand_int_range (random, 0, G_N_ELEMENTS (strange))];

  switch (g_rand_int_range (random, 0, 4)) {
  case 0:
    bytes[at] ^= (guint8) (1 << g_rand_int_range (random, 0, 8));
    break;
  case 1:
    bytes[at] = (guint8) g_rand_int (random);
    break;
  case 2:
    at &= ~(gsize) 3;
    memcpy (bytes + at, &value, MIN (4, length - at));
    break;
  default:
    at &= ~(gsize) 7;
    memcpy (bytes + at, &value, MIN (8, length - at));
    break;
  }
}

static gboolean
run_case (Sample *sample, GRand *random)
{
  g_autofree guint8 *index = g_memdup2 (sample->index, sample->index_length);
  g_autofree guint8 *rows = g_memdup2 (sample->rows, sample->rows_length);
  gsize index_length = sample->index_length;
  gsize rows_length = sample->rows_length;
  int what = g_rand_int_range (random, 0, 10);

  for (int n = g_rand_int_range (random, 1, 6); n > 0; n--) {
    if (what < 3)
      change (random, index, MIN (sizeof (BoloIndexHeader), index_length));
    else if (what < 7)
      change (random, index + sizeof (BoloIndexHeader), index_length - sizeof (BoloIndexHeader));
    else
      change (random, rows, rows_length);
  }
  if (g_rand_boolean (random))
    mend_rows (rows, rows_length);
  if (g_rand_int_range (random, 0, 20) == 0)
    index_length = (gsize) g_rand_int_range (random, 0, (gint32) index_length);
  if (g_rand_int_range (random, 0, 20) == 0)
    rows_length = (gsize) g_rand_int_range (random, 0, (gint32) rows_length);
  return try_out (sample, index, index_length, rows, rows_length);
}

typedef struct {
  double seconds; /* 0: as many cases as by default */
  guint32 seed;
} Amount;

static void
test_at_random (gconstpointer data)
{
  const Amount *amount = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (amount->seed);
  g_autoptr (GTimer) timer = g_timer_new ();
  guint64 n_cases = 0;
  guint64 n_opened = 0;
  Sample sample = {0};

  make_sample (&sample);
  while (amount->seconds > 0 ? g_timer_elapsed (timer, NULL) < amount->seconds
                             : n_cases < CASES_BY_DEFAULT) {
    n_opened += run_case (&sample, random);
    n_cases++;
  }
  g_test_message ("%" G_GUINT64_FORMAT " cases, of which %" G_GUINT64_FORMAT " opened", n_cases,
                  n_opened);
  /* Else the header's check hides all that stands behind it. */
  g_assert_cmpuint (n_opened, >, n_cases / 4);
  g_assert_cmpuint (n_opened, <, n_cases);
  free_sample (&sample);
}

/* The corpus: lies that were thought of, each with all else as it should be. */
static void
test_known (void)
{
  const gsize headers[] = {
    G_STRUCT_OFFSET (BoloIndexHeader, rows_bytes),
    G_STRUCT_OFFSET (BoloIndexHeader, n_entries),
    G_STRUCT_OFFSET (BoloIndexHeader, n_patterns),
    G_STRUCT_OFFSET (BoloIndexHeader, n_masks),
    G_STRUCT_OFFSET (BoloIndexHeader, n_weeds),
    G_STRUCT_OFFSET (BoloIndexHeader, directory_bits),
    G_STRUCT_OFFSET (BoloIndexHeader, sections[BOLO_INDEX_KEYS].offset),
    G_STRUCT_OFFSET (BoloIndexHeader, sections[BOLO_INDEX_KEYS].length),
    G_STRUCT_OFFSET (BoloIndexHeader, sections[BOLO_INDEX_PATTERNS].offset),
    G_STRUCT_OFFSET (BoloIndexHeader, sections[BOLO_INDEX_WEEDS].length),
  };
  Sample sample = {0};

  make_sample (&sample);
  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (strange); k++) {
      g_autofree guint8 *index = g_memdup2 (sample.index, sample.index_length);

      memcpy (index + headers[i], &strange[k], 8);
      try_out (&sample, index, sample.index_length, sample.rows, sample.rows_length);
    }
  for (guint kind = 0; kind < BOLO_INDEX_N_SECTIONS; kind++)
    for (gsize k = 0; k < G_N_ELEMENTS (strange); k++) {
      g_autofree guint8 *index = g_memdup2 (sample.index, sample.index_length);
      const BoloIndexSection *section = &sample.header.sections[kind];

      for (guint64 at = 0; at + 8 <= section->length; at += 8)
        memcpy (index + section->offset + at, &strange[k], 8);
      g_assert_true (
        try_out (&sample, index, sample.index_length, sample.rows, sample.rows_length));
    }
  free_sample (&sample);
}

int
main (int argc, char *argv[])
{
  Amount amount = {0, 1};

  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    amount.seconds = g_ascii_strtod (argv[1], NULL);
  if (argc > 2)
    amount.seed = (guint32) g_ascii_strtoull (argv[2], NULL, 10);
  g_test_add_func ("/index-fuzz/known", test_known);
  g_test_add_data_func ("/index-fuzz/at-random", &amount, test_at_random);
  return g_test_run ();
}
