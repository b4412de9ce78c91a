/* test-json-scan.c: members found where they stand are those that JSON-GLib finds
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-json-reader.h"
#include "bolo-json-scan.h"

#include <string.h>

#define N_MUTANTS 40000

static const char *const names[] = {"topic", "id", "state", "body"};

enum {
  TOPIC,
  ID,
  STATE,
  BODY,
};

static gboolean
scan (const char *text, BoloJsonSpan *spans)
{
  return bolo_json_scan (text, strlen (text), names, spans, G_N_ELEMENTS (names));
}

static void
assert_text (const BoloJsonSpan *span, const char *expected)
{
  g_autofree char *text = bolo_json_span_dup_text (span);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_members (void)
{
  static const char line[] =
    " { \"x\" : [ 1 , {\"topic\":\"inner\"} ] , \"topic\":\"first\",\"state\" : -17,\n"
    "\"topic\":\"h\\u00e9\\ud83d\\ude97\\\"\\n\" ,\"id\":null,\"body\":{\"a\":[],\"b\":{}}} ";
  BoloJsonSpan spans[G_N_ELEMENTS (names)];
  gint64 state = 0;

  g_assert_true (scan (line, spans));
  assert_text (&spans[TOPIC], "h\xc3\xa9\xf0\x9f\x9a\x97\"\n"); /* the last one counts */
  g_assert_null (spans[ID].at);
  assert_text (&spans[ID], NULL);
  g_assert_true (bolo_json_span_get_int (&spans[STATE], -17, 0, &state));
  g_assert_cmpint (state, ==, -17);
  g_assert_false (bolo_json_span_get_int (&spans[STATE], -16, 0, &state));
  g_assert_false (bolo_json_span_get_int (&spans[ID], -16, 0, &state));
  g_assert_false (bolo_json_span_is_object (&spans[STATE]));
  g_assert_true (bolo_json_span_is_object (&spans[BODY]));
  g_assert_cmpmem (spans[BODY].at, spans[BODY].length, "{\"a\":[],\"b\":{}}", 15);
}

static void
test_values (void)
{
  static const struct {
    const char *line;
    gboolean is_text;
    gboolean is_int;
  } lines[] = {
    {"{\"id\":\"\"}", TRUE, FALSE},
    {"{\"id\":0}", FALSE, TRUE},
    {"{\"id\":9223372036854775807}", FALSE, TRUE},
    {"{\"id\":9223372036854775808}", FALSE, FALSE},
    {"{\"id\":123456789012345678901234567890}", FALSE, FALSE},
    {"{\"id\":1.0}", FALSE, FALSE},
    {"{\"id\":1e3}", FALSE, FALSE},
    {"{\"id\":true}", FALSE, FALSE},
    {"{\"id\":[]}", FALSE, FALSE},
    {"{\"id\":\"\\u0000\"}", FALSE, FALSE},
    {"{\"id\":\"\\ud83d\"}", FALSE, FALSE},
    {"{\"id\":\"\\ud83dx\\ude97\"}", FALSE, FALSE},
    {"{\"id\":\"\\ude97\"}", FALSE, FALSE},
    {"{\"i\\u0064\":7}", FALSE, FALSE},
    {"{\"idd\":7,\"i\":7}", FALSE, FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    BoloJsonSpan spans[G_N_ELEMENTS (names)];
    g_autofree char *text = NULL;
    gint64 value;

    g_assert_true (scan (lines[i].line, spans));
    text = bolo_json_span_dup_text (&spans[ID]);
    g_assert_cmpint (text != NULL, ==, lines[i].is_text);
    g_assert_cmpint (bolo_json_span_get_int (&spans[ID], 0, G_MAXINT64, &value), ==,
                     lines[i].is_int);
  }
}

static void
test_refused (void)
{
  static const char *const lines[] = {
    "",
    "{",
    "}",
    "[]",
    "7",
    "{}{}",
    "{} x",
    "{,}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{\"a\":01}",
    "{\"a\":1.}",
    "{\"a\":.5}",
    "{a:1}",
    "{'a':1}",
    "{\"a\":+1}",
    "{\"a\":-}",
    "{\"a\":1e}",
    "{\"a\":tru}",
    "{\"a\":[1,]}",
    "{\"a\":",
    "{\"a\":\"",
    "{\"a\":\"\\",
    "{\"a\":\"\\u12",
    "{\"a\":\"\\x\"}",
    "{\"a\":\"\xff\"}",
    "{\"a\":1 2}",
    "{\"a\":[}",
    "{\"a\":{]}",
    "{\"a\":nullx}",
    "{\"a\":\"b\"\"c\"}",
    "{\"a\" 1}",
  };
  g_autofree char *deep =
    g_strdup_printf ("{\"a\":%.*s%.*s}", BOLO_JSON_DEPTH_MAX, "[[[[[[[[[[[[[[[[[[[[",
                     BOLO_JSON_DEPTH_MAX, "]]]]]]]]]]]]]]]]]]]]");
  BoloJsonSpan spans[G_N_ELEMENTS (names)];

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_assert_false (scan (lines[i], spans));
  g_assert_false (scan (deep, spans));
  deep[strlen (deep) - 2] = ' ';
  memmove (strchr (deep, '['), strchr (deep, '[') + 1, strlen (strchr (deep, '[')));
  g_assert_true (scan (deep, spans)); /* one less */
  g_assert_false (bolo_json_scan ("{\"a\":\"\0\"}", 9, names, spans, G_N_ELEMENTS (names)));
  for (gsize length = 0; length < 30; length++) /* wherever it breaks off */
    g_assert_false (
      bolo_json_scan ("{\"a\":[1.5e-3,\"x\\u00e9\",{}]    }", length, names, spans, 4));
}

/* What is taken from a mutant, JSON-GLib takes from it too. */
static void
compare (const char *line, gsize length)
{
  BoloJsonSpan spans[G_N_ELEMENTS (names)];
  g_autoptr (BoloJsonReader) reader = bolo_json_reader_new (line, length, "it", NULL);
  g_autofree char *ours = NULL;
  g_autofree char *theirs = NULL;
  gint64 state = -1;
  gint64 their_state = -1;

  if (!bolo_json_scan (line, length, names, spans, G_N_ELEMENTS (names)))
    return;
  g_assert_nonnull (reader);
  ours = bolo_json_span_dup_text (&spans[TOPIC]);
  theirs = bolo_json_reader_dup_text (reader, "topic");
  if (ours != NULL)
    g_assert_cmpstr (ours, ==, theirs);
  if (bolo_json_span_get_int (&spans[STATE], 0, G_MAXINT64, &state)) {
    g_assert_true (bolo_json_reader_get_int (reader, "state", 0, G_MAXINT64, &their_state, NULL));
    g_assert_cmpint (state, ==, their_state);
  }
}

static void
test_mutants (void)
{
  static const char line[] =
    "{\"topic\":\"h\\u00e9it\",\"id\":\"0a1b\",\"state\":12,\"body\":{\"lat\":51.50,\"n\":[1,-2e5,"
    "null,true],\"o\":{\"p\":\"q\\\\\\\"\"}}}";
  static const char marks[] = "{}[]:,\"\\0123456789.-+eEutfn abx";
  guint n_taken = 0;

  for (guint i = 0; i < N_MUTANTS; i++) {
    g_autofree char *mutant = g_memdup2 (line, sizeof line);
    gsize length = sizeof line - 1;
    gint32 n = g_test_rand_int_range (0, 4);
    BoloJsonSpan spans[G_N_ELEMENTS (names)];

    for (gint32 k = 0; k < n; k++)
      mutant[g_test_rand_int_range (0, (gint32) length)] =
        marks[g_test_rand_int_range (0, (gint32) sizeof marks - 1)];
    compare (mutant, length);
    n_taken += bolo_json_scan (mutant, length, names, spans, 4);
  }
  g_assert_cmpuint (n_taken, >, N_MUTANTS / 10);
  g_assert_cmpuint (n_taken, <, N_MUTANTS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-scan/members", test_members);
  g_test_add_func ("/json-scan/values", test_values);
  g_test_add_func ("/json-scan/refused", test_refused);
  g_test_add_func ("/json-scan/mutants", test_mutants);
  return g_test_run ();
}
