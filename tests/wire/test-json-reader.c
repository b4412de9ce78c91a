/* test-json-reader.c: JSON from outside: what is there, what is missing, what is too much
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-json-reader.h"

#include <string.h>

static BoloJsonReader *
read_text (const char *text)
{
  g_autoptr (GError) error = NULL;
  BoloJsonReader *reader = bolo_json_reader_new (text, strlen (text), "x.json", &error);

  g_assert_no_error (error);
  return reader;
}

static void
test_members (void)
{
  g_autoptr (BoloJsonReader) reader =
    read_text ("{\"a\":\"text\",\"n\":7,\"d\":1.5,\"t\":\"2026-03-14T17:40:23.933Z\",\"none\":null,"
               "\"o\":{\"in\":\"side\"},\"list\":[{\"i\":1},{\"i\":2}],\"words\":[\"x\",\"y\"]}");
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloJsonReader) inner = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_auto (GStrv) words = NULL;
  g_auto (GStrv) names = NULL;
  g_autofree char *text = NULL;
  gint64 value = 0;

  g_assert_true (bolo_json_reader_get_text (reader, "a", &text, &error));
  g_assert_cmpstr (text, ==, "text");
  g_assert_true (bolo_json_reader_get_int (reader, "n", 7, 7, &value, &error));
  g_assert_cmpint (value, ==, 7);
  g_assert_cmpfloat (bolo_json_reader_peek_number (reader, "d", 0), ==, 1.5);
  g_assert_cmpfloat (bolo_json_reader_peek_number (reader, "n", 0), ==, 7);
  g_assert_cmpfloat (bolo_json_reader_peek_number (reader, "a", -1), ==, -1);
  g_assert_true (bolo_json_reader_get_time (reader, "t", &value, &error));
  g_assert_cmpint (value % G_USEC_PER_SEC, ==, 933000);
  g_assert_false (bolo_json_reader_has (reader, "none"));
  g_assert_true (bolo_json_reader_has (reader, "d"));
  inner = bolo_json_reader_get_object (reader, "o", &error);
  list = bolo_json_reader_get_objects (reader, "list", 2, &error);
  g_clear_pointer (&reader, bolo_json_reader_free); /* what is within lives on */
  g_assert_true (bolo_json_reader_get_text (inner, "in", &text, &error));
  g_assert_cmpstr (text, ==, "side");
  g_assert_true (bolo_json_reader_get_int (list->pdata[1], "i", 0, 9, &value, &error));
  g_assert_cmpint (value, ==, 2);
  reader = read_text ("{\"words\":[\"x\",\"y\"],\"z\":1}");
  words = bolo_json_reader_get_texts (reader, "words", 2, &error);
  g_assert_cmpstr (words[1], ==, "y");
  names = bolo_json_reader_get_names (reader);
  g_assert_cmpstr (names[0], ==, "words");
  g_assert_cmpstr (names[1], ==, "z");
  g_assert_no_error (error);
}

static void
test_booleans (void)
{
  g_autoptr (BoloJsonReader) reader =
    read_text ("{\"yes\":true,\"no\":false,\"one\":1,\"word\":\"true\",\"none\":null}");
  static const struct {
    const char *name;
    gboolean is_boolean;
    gboolean value;
  } members[] = {
    {"yes", TRUE, TRUE},    {"no", TRUE, FALSE},    {"one", FALSE, FALSE},
    {"word", FALSE, FALSE}, {"none", FALSE, FALSE}, {"absent", FALSE, FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    for (int fallback = 0; fallback < 2; fallback++)
      g_assert_cmpint (bolo_json_reader_peek_boolean (reader, members[i].name, fallback), ==,
                       members[i].is_boolean ? members[i].value : fallback);
}

static void
test_wrong_types (void)
{
  g_autoptr (BoloJsonReader) reader = read_text (
    "{\"a\":1,\"n\":\"7\",\"big\":11,\"t\":\"soon\",\"o\":[],\"list\":[1],\"l2\":[{},{}]}");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gint64 value;

  g_assert_false (bolo_json_reader_get_text (reader, "a", &text, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_cmpstr (error->message, ==, "x.json: \"a\" must be a text");
  g_clear_error (&error);
  g_assert_false (bolo_json_reader_get_int (reader, "n", 0, 10, &value, NULL));
  g_assert_false (bolo_json_reader_get_int (reader, "big", 0, 10, &value, &error));
  g_assert_cmpstr (error->message, ==, "x.json: \"big\" must be a whole number from 0 to 10");
  g_assert_false (bolo_json_reader_get_int (reader, "absent", 0, 10, &value, NULL));
  g_assert_false (bolo_json_reader_get_time (reader, "t", &value, NULL));
  g_assert_null (bolo_json_reader_get_object (reader, "o", NULL));
  g_assert_null (bolo_json_reader_get_objects (reader, "list", 5, NULL));
  g_assert_null (bolo_json_reader_get_objects (reader, "l2", 1, NULL));
  g_assert_null (bolo_json_reader_get_texts (reader, "list", 5, NULL));
}

static void
check_refused (const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bolo_json_reader_new (text, length, "x.json", &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_cmpstr (error->message, ==, "x.json is not a JSON object");
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "",
    "[1]",
    "7",
    "{",
    "{}}",
    "{\"a\":'b'}",
    "{\"a\":1} // comment",
    "{/*\"*/\"a\":[[[[[[[[[[[[[[[[[[[[",
    "var a = {}",
    "{\"a\":\"\xff\"}",
    "{\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}",
  };
  g_autoptr (GString) deep = g_string_new ("{\"a\":");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    check_refused (texts[i], strlen (texts[i]));
  check_refused ("{}\0", 3);
  for (guint i = 0; i < 1000000; i++)
    g_string_append_c (deep, '[');
  check_refused (deep->str, deep->len);
}

static void
check_value (const char *text, const char *name, const char *wanted)
{
  const char *value = NULL;
  gsize length = 0;
  gboolean is_found = bolo_json_find_value (text, strlen (text), name, &value, &length);
  g_autofree char *found = is_found ? g_strndup (value, length) : NULL;

  g_assert_cmpstr (found, ==, wanted);
}

static void
test_find_value (void)
{
  const char *text =
    " { \"a\" : 1.50 , \"body\":{\"x\":[1,{\"body\":2}],\"s\":\"},\\\"{\"} ,\"z\":\"e\"}";

  check_value (text, "a", "1.50");
  check_value (text, "body", "{\"x\":[1,{\"body\":2}],\"s\":\"},\\\"{\"}");
  check_value (text, "z", "\"e\"");
  check_value (text, "x", NULL);
  check_value ("{\"a\":1,\"a\":2}", "a", "2");
  check_value ("{}", "a", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-reader/members", test_members);
  g_test_add_func ("/json-reader/booleans", test_booleans);
  g_test_add_func ("/json-reader/wrong-types", test_wrong_types);
  g_test_add_func ("/json-reader/refused", test_refused);
  g_test_add_func ("/json-reader/find-value", test_find_value);
  return g_test_run ();
}
