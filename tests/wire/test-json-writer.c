/* test-json-writer.c: the writer before JSON-GLib's generator: the same bytes, whatever is written
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-clock.h"
#include "bolo-json-writer.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#define N_OBJECTS 3000
#define DEPTH_MAX 6
#define TEXT_MAX 40

/* What is written to both. */
typedef struct {
  BoloJsonWriter *writer;
  JsonBuilder *builder;
  guint n_names; /* so that no two are the same */
} Pair;

static char *
make_text (void)
{
  GString *text = g_string_new (NULL);
  gint32 length = g_test_rand_int_range (0, TEXT_MAX);

  for (gint32 i = 0; i < length; i++) {
    gint32 kind = g_test_rand_int_range (0, 4);
    /* JSON-GLib leaves 0x1f as it is, which JSON does not allow. */
    gunichar character = (gunichar) (kind == 0   ? g_test_rand_int_range (1, 0x1f)
                                     : kind == 1 ? g_test_rand_int_range (0x20, 0x80)
                                     : kind == 2 ? g_test_rand_int_range (0x80, 0xd800)
                                                 : g_test_rand_int_range (0x10000, 0x110000));

    g_string_append_unichar (text, character);
  }
  return g_string_free (text, FALSE);
}

static void
set_name (Pair *pair, const char *name)
{
  if (name != NULL)
    json_builder_set_member_name (pair->builder, name);
}

static void
add_number (Pair *pair, const char *name)
{
  static const double odd[] = {0, -0.0, 0.1, 1e-9, 1e15, 1e16, -1e300, NAN, INFINITY};
  gint32 pick = g_test_rand_int_range (0, 3 * (gint32) G_N_ELEMENTS (odd));
  double value =
    pick < (gint32) G_N_ELEMENTS (odd) ? odd[pick] : g_test_rand_double_range (-2000, 2000);
  int decimals = g_test_rand_int_range (0, 10);
  double scale = pow (10, decimals);
  double rounded = round (value * scale) / scale;

  set_name (pair, name);
  if (isfinite (value))
    json_builder_add_double_value (pair->builder, rounded);
  else
    json_builder_add_null_value (pair->builder);
  bolo_json_writer_add_number (pair->writer, name, value, decimals);
}

static void add_some (Pair *pair, gboolean is_object, guint depth);

static void
add_inner (Pair *pair, const char *name, gboolean is_object, guint depth)
{
  set_name (pair, name);
  if (is_object) {
    json_builder_begin_object (pair->builder);
    bolo_json_writer_begin_object (pair->writer, name);
  } else {
    json_builder_begin_array (pair->builder);
    bolo_json_writer_begin_array (pair->writer, name);
  }
  add_some (pair, is_object, depth + 1);
  if (is_object) {
    json_builder_end_object (pair->builder);
    bolo_json_writer_end_object (pair->writer);
  } else {
    json_builder_end_array (pair->builder);
    bolo_json_writer_end_array (pair->writer);
  }
}

static void
add_one (Pair *pair, const char *name, guint depth)
{
  g_autofree char *text = make_text ();
  gint64 whole =
    (gint64) ((guint64) (guint32) g_test_rand_int () << 32 | (guint32) g_test_rand_int ());

  switch (g_test_rand_int_range (0, depth < DEPTH_MAX ? 7 : 5)) {
  case 0:
    set_name (pair, name);
    json_builder_add_string_value (pair->builder, text);
    bolo_json_writer_add_text (pair->writer, name, text);
    return;
  case 1:
    set_name (pair, name);
    json_builder_add_null_value (pair->builder);
    bolo_json_writer_add_text (pair->writer, name, NULL);
    return;
  case 2:
    set_name (pair, name);
    json_builder_add_int_value (pair->builder, whole);
    bolo_json_writer_add_int (pair->writer, name, whole);
    return;
  case 3:
    add_number (pair, name);
    return;
  case 4:
    set_name (pair, name);
    json_builder_add_boolean_value (pair->builder, whole > 0);
    bolo_json_writer_add_boolean (pair->writer, name, whole > 0);
    return;
  case 5:
    add_inner (pair, name, TRUE, depth);
    return;
  default:
    add_inner (pair, name, FALSE, depth);
  }
}

static void
add_some (Pair *pair, gboolean is_object, guint depth)
{
  gint32 n = g_test_rand_int_range (0, 5);

  for (gint32 i = 0; i < n; i++) {
    g_autofree char *text = make_text ();
    g_autofree char *name = g_strdup_printf ("%s%u", text, pair->n_names++);

    add_one (pair, is_object ? name : NULL, depth);
  }
}

static void
test_as_json_glib (void)
{
  gsize n_bytes = 0;

  for (guint i = 0; i < N_OBJECTS; i++) {
    g_autoptr (JsonBuilder) builder = json_builder_new ();
    g_autoptr (JsonNode) root = NULL;
    g_autofree char *expected = NULL;
    g_autofree char *written = NULL;
    Pair pair = {bolo_json_writer_new (), builder, 0};

    json_builder_begin_object (builder);
    add_some (&pair, TRUE, 0);
    json_builder_end_object (builder);
    root = json_builder_get_root (builder);
    expected = json_to_string (root, FALSE);
    written = bolo_json_writer_finish (pair.writer);
    g_assert_cmpstr (written, ==, expected);
    n_bytes += strlen (written);
  }
  g_assert_cmpuint (n_bytes, >, 100 * N_OBJECTS);
}

/* Where JSON-GLib's is no JSON. */
static void
test_better (void)
{
  BoloJsonWriter *writer = bolo_json_writer_new ();
  g_autofree char *written = NULL;

  bolo_json_writer_add_text (writer, "a", "\x1f");
  bolo_json_writer_add_number (writer, "b", 1e17, 0); /* 1e+17.0 there */
  written = bolo_json_writer_finish (writer);
  g_assert_cmpstr (written, ==, "{\"a\":\"\\u001f\",\"b\":1e+17}");
}

static void
test_time (void)
{
  BoloJsonWriter *writer = bolo_json_writer_new ();
  g_autofree char *written = NULL;

  bolo_json_writer_begin_array (writer, "at");
  bolo_json_writer_add_time (writer, NULL, G_GINT64_CONSTANT (1773508800123999));
  bolo_json_writer_add_time (writer, NULL, 0);
  bolo_json_writer_end_array (writer);
  written = bolo_json_writer_finish (writer);
  g_assert_cmpstr (written, ==,
                   "{\"at\":[\"2026-03-14T17:20:00.123Z\",\"1970-01-01T00:00:00.000Z\"]}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-writer/as-json-glib", test_as_json_glib);
  g_test_add_func ("/json-writer/better", test_better);
  g_test_add_func ("/json-writer/time", test_time);
  return g_test_run ();
}
