/* test-list-corpus.c: ten thousand damaged lists, the same ones each time
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-parser.h"

#include <string.h>

#define N_LISTS 10000
#define SEED 20260314
#define GUARD "ZZ99GRD"

static const char *const seeds[] = {
  "AB12CDE,FORD,FOCUS,BLUE,STOP,FIREARMS,STOLEN,E41,Text,43,14/03/2026,P,O,C,I,R\n",
  "\"AB12 CDE\",\"FO,RD\",\"say \"\"hi\"\"\"\r\n\"AB12CDF\",\"two\nlines\",x\n",
  "VRM,Make\nAB12CDE,FORD\n\n\nAB12CDF,VW\n",
  "\xef\xbb\xbf"
  "AB12CDE;x\tY|z\r\rAB12CDF\n",
  ",,,,,,,,,,,,,,,,\n\"\"\n\"\n",
  "АВ12СЕ,\xff\xfe,\xc3\x28\nÄ1\n",
};

static const char pieces[] = "\",\n\r\0;A1 \xff\xc3\xef\t'";

/* Cuts, repeats, inserts and overwrites a few bytes. */
static GString *
mutate (GRand *random, const char *seed)
{
  GString *text = g_string_new (seed);
  int n_changes = g_rand_int_range (random, 1, 12);

  for (int i = 0; i < n_changes && text->len > 0; i++) {
    gssize at = g_rand_int_range (random, 0, (gint32) text->len);
    gssize n_erased = g_rand_int_range (random, 1, 9);
    char piece = pieces[g_rand_int_range (random, 0, (gint32) sizeof pieces - 1)];

    switch (g_rand_int_range (random, 0, 5)) {
    case 0:
      g_string_erase (text, at, MIN ((gssize) text->len - at, n_erased));
      break;
    case 1:
      g_string_insert_len (text, at, &piece, 1);
      break;
    case 2:
      text->str[at] = piece;
      break;
    case 3:
      text->str[at] = (char) g_rand_int_range (random, 0, 256);
      break;
    default:
      if (text->len < 4096) {
        g_autofree char *copy = g_strndup (text->str, text->len);

        g_string_insert_len (text, at, copy, (gssize) strlen (copy));
      }
    }
  }
  return text;
}

/* Reads to the end; checks what must hold for any bytes whatever. TRUE when the guard was there. */
static gboolean
read_all (const GString *text, BoloListFormat *format, BoloPlateRules *rules)
{
  g_autoptr (GInputStream) stream =
    g_memory_input_stream_new_from_data (text->str, (gssize) text->len, NULL);
  g_autoptr (GPtrArray) problems =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_problem_free);
  g_autoptr (BoloListParser) parser =
    bolo_list_parser_new (stream, format, rules, BOLO_LIST_INSERT, NULL);
  gboolean found_guard = FALSE;
  guint64 last_row = 0;
  guint n_rejected = 0;
  BoloListParsed step;
  BoloListRow row;

  if (parser == NULL)
    return TRUE;
  while ((step = bolo_list_parser_next (parser, &row, problems, NULL)) != BOLO_LIST_PARSED_END) {
    g_autoptr (BoloListEntry) entry = row.entry;

    g_assert_cmpint (step, !=, BOLO_LIST_PARSED_FAILED);
    if (step == BOLO_LIST_PARSED_REJECTED) {
      g_assert_null (entry);
      n_rejected++;
      last_row++;
      continue;
    }
    g_assert_cmpuint (row.row, ==, ++last_row);
    g_assert_true (entry->is_pattern || bolo_plate_is_mark (entry->plate));
    g_assert_true (entry->information == NULL || g_utf8_validate (entry->information, -1, NULL));
    found_guard = found_guard || g_str_equal (entry->plate, GUARD);
  }
  g_assert_cmpuint (problems->len, >=, n_rejected);
  for (guint i = 0; i < problems->len; i++) {
    g_autofree char *sentence = bolo_list_problem_to_string (g_ptr_array_index (problems, i));

    g_assert_true (g_utf8_validate (sentence, -1, NULL));
    g_assert_null (strchr (sentence, '\n'));
  }
  return found_guard;
}

/* Whatever stands before it: a good row at the end is never lost, an open quotation mark included,
 * for that gives up its own line only. */
static void
test_corpus (void)
{
  g_autofree char *directory = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  g_autoptr (BoloPlateRules) rules = bolo_plate_rules_load (directory, NULL);
  g_autoptr (BoloListFormat) format = bolo_list_format_new_uk ();
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);

  g_assert_nonnull (rules);
  for (guint i = 0; i < N_LISTS; i++) {
    guint nth = (guint) g_rand_int_range (random, 0, G_N_ELEMENTS (seeds));
    g_autoptr (GString) text = mutate (random, seeds[nth]);

    g_string_append (text, "\n" GUARD "\n");
    g_assert_true (read_all (text, format, rules));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/list-corpus", test_corpus);
  return g_test_run ();
}
