/* test-entry-codec.c: an entry comes back from its bytes as it was, and damaged bytes do no harm
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-entry-codec.h"

#include <string.h>

static BoloListEntry *
make_full (void)
{
  const BoloAreaPoint points[] = {{51.5, -0.12}, {51.6, -0.1}, {51.55, 0.05}};
  const char *markers[] = {"FIREARMS", "VIOLENT", NULL};
  const char *extra[] = {"Owner ref", "77", "Zürich", "", NULL};
  BoloListEntry *entry = bolo_list_entry_new ();

  entry->plate = g_strdup ("AB12CDE");
  entry->region = g_strdup ("GB");
  entry->plate_type = g_strdup ("PC");
  entry->make = g_strdup ("ŠKODA");
  entry->model = g_strdup ("");
  entry->colour = g_strdup ("blue");
  entry->body = g_strdup ("estate");
  entry->year = 2009;
  entry->type_code = g_strdup ("V");
  entry->category = g_strdup ("stolen-vehicle");
  entry->priority = 1;
  entry->action = BOLO_ACTION_SILENT;
  entry->action_text = g_strdup ("SILENT");
  entry->is_covert = TRUE;
  entry->markers = g_strdupv ((char **) markers);
  entry->reason = g_strdup ("stolen");
  entry->grading = g_strdup ("B2");
  entry->handling = g_strdup ("1");
  entry->information = g_strdup ("two lines\nof text");
  entry->force = g_strdup ("Example");
  entry->ori = g_strdup ("LA0570200");
  entry->event_us = -5;
  entry->valid_from_us = 1;
  entry->valid_until_us = G_MAXINT64 - 1;
  entry->weed_us = G_GINT64_CONSTANT (1773446400000000);
  entry->days = 3;
  g_assert_true (bolo_area_set_polygon (&entry->area, points, G_N_ELEMENTS (points)));
  entry->pnc_id = g_strdup ("12/345678X");
  entry->marking = g_strdup ("OFFICIAL");
  entry->cad = g_strdup ("CAD 1");
  entry->instructions = g_strdup ("Stop.");
  entry->source_reference = g_strdup ("ref");
  entry->extra = g_strdupv ((char **) extra);
  return entry;
}

static void
assert_round_trip (const BoloListEntry *entry, guint64 row)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (BoloListEntry) back = NULL;
  guint64 found = 0;

  g_assert_true (bolo_entry_encode (entry, row, bytes));
  back = bolo_entry_decode (bytes->data, bytes->len, &found);
  g_assert_nonnull (back);
  g_assert_cmpuint (found, ==, row);
  g_assert_true (bolo_list_entry_equal (entry, back));
}

static void
test_round_trip (void)
{
  g_autoptr (BoloListEntry) full = make_full ();
  g_autoptr (BoloListEntry) least = bolo_list_entry_new ();
  g_autoptr (BoloListEntry) pattern = bolo_list_entry_new ();

  least->plate = g_strdup ("A1");
  pattern->plate = g_strdup ("AB?2*");
  pattern->is_pattern = TRUE;
  pattern->year = G_MININT;
  pattern->priority = G_MAXINT;
  pattern->action = BOLO_ACTION_UNKNOWN;
  pattern->event_us = G_MAXINT64;
  pattern->days = 0;
  g_assert_true (bolo_area_set_circle (&pattern->area, (BoloAreaPoint){-33.9, 18.4}, 250));
  assert_round_trip (full, 1);
  assert_round_trip (least, 0);
  assert_round_trip (pattern, G_MAXINT64);
}

/* Appending leaves what is there; too much is refused and leaves it too. */
static void
test_append (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (BoloListEntry) entry = bolo_list_entry_new ();
  guint first;

  entry->plate = g_strdup ("A1");
  g_assert_true (bolo_entry_encode (entry, 1, bytes));
  first = bytes->len;
  g_assert_true (bolo_entry_encode (entry, 1, bytes));
  g_assert_cmpmem (bytes->data, first, bytes->data + first, bytes->len - first);
  entry->information = g_strnfill (BOLO_ENTRY_BYTES_MAX, 'x');
  g_assert_false (bolo_entry_encode (entry, 1, bytes));
  g_assert_cmpuint (bytes->len, ==, 2 * first);
}

static void
test_later_fields (void)
{
  /* Text field 60, number field 120 and blob field 200 are of nobody yet. */
  const guint8 bytes[] = {1, 60, 2, 'h', 'i', 1, 2, 'A', '1', 120, 5, 200, 1, 9};
  g_autoptr (BoloListEntry) entry = bolo_entry_decode (bytes, sizeof bytes, NULL);

  g_assert_nonnull (entry);
  g_assert_cmpstr (entry->plate, ==, "A1");
}

static void
assert_refused (const guint8 *bytes, gsize length)
{
  g_assert_null (bolo_entry_decode (bytes, length, NULL));
}

static void
test_refused (void)
{
  const guint8 version[] = {2, 1, 2, 'A', '1'};
  const guint8 no_mark[] = {1, 2, 2, 'G', 'B'};
  const guint8 empty_mark[] = {1, 1, 0};
  const guint8 twice[] = {1, 1, 1, 'A', 1, 1, 'B'};
  const guint8 beyond[] = {1, 1, 3, 'A', '1'};
  const guint8 endless[] = {1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1};
  const guint8 no_utf8[] = {1, 1, 1, 0xff};
  const guint8 nul_inside[] = {1, 1, 2, 'A', 0};
  const guint8 action[] = {1, 1, 1, 'A', 67, 8};
  const guint8 days[] = {1, 1, 1, 'A', 69, 0x80, 2};
  const guint8 area[] = {1, 1, 1, 'A', 128, 2, 1, 1};
  const guint8 field_zero[] = {1, 1, 1, 'A', 0, 0};

  assert_refused (NULL, 0);
  assert_refused (version, sizeof version);
  assert_refused (no_mark, sizeof no_mark);
  assert_refused (empty_mark, sizeof empty_mark);
  assert_refused (twice, sizeof twice);
  assert_refused (beyond, sizeof beyond);
  assert_refused (endless, sizeof endless);
  assert_refused (no_utf8, sizeof no_utf8);
  assert_refused (nul_inside, sizeof nul_inside);
  assert_refused (action, sizeof action);
  assert_refused (days, sizeof days);
  assert_refused (area, sizeof area);
  assert_refused (field_zero, sizeof field_zero);
}

/* Cut off anywhere or with any byte changed: an entry or none, no crash; the sanitisers watch. */
static void
test_damage (void)
{
  g_autoptr (BoloListEntry) full = make_full ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint n_refused = 0;

  g_assert_true (bolo_entry_encode (full, 7, bytes));
  for (guint length = 0; length < bytes->len; length++) {
    g_autofree guint8 *cut = g_memdup2 (bytes->data, length);
    g_autoptr (BoloListEntry) entry = bolo_entry_decode (cut, length, NULL);

    n_refused += entry == NULL;
  }
  for (guint at = 0; at < bytes->len; at++)
    for (guint value = 0; value < 256; value++) {
      g_autofree guint8 *changed = g_memdup2 (bytes->data, bytes->len);
      g_autoptr (BoloListEntry) entry = NULL;

      changed[at] = (guint8) value;
      entry = bolo_entry_decode (changed, bytes->len, NULL);
      n_refused += entry == NULL;
    }
  g_assert_cmpuint (n_refused, >, bytes->len);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/entry-codec/round-trip", test_round_trip);
  g_test_add_func ("/entry-codec/append", test_append);
  g_test_add_func ("/entry-codec/later-fields", test_later_fields);
  g_test_add_func ("/entry-codec/refused", test_refused);
  g_test_add_func ("/entry-codec/damage", test_damage);
  return g_test_run ();
}
