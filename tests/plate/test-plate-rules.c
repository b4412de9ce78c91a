/* test-plate-rules.c: the shipped rules know UK marks, and wrong rule files say what is wrong
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-plate-rules.h"

#include "bolo-error.h"

#include <glib/gstdio.h>
#include <string.h>

static BoloPlateRules *
load_shipped (const char *syntaxes)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  BoloPlateRules *rules = bolo_plate_rules_load_syntaxes (directory, syntaxes, &error);

  g_assert_no_error (error);
  return rules;
}

static void
test_normalise (void)
{
  static const struct {
    const char *text;
    const char *normalised;
  } cases[] = {
    {"ab12 cde", "AB12CDE"},
    {" AB-12·CDE ", "AB12CDE"},
    {"AB12•CDE", "AB12CDE"},
    {"\xef\xbb\xbf"
     "AB12CDE",
     "AB12CDE"},
    {"\xc2\xa0"
     "A.1",
     "A1"},
    {"АВ12СЕ", "AB12CE"},
    {"мм77 ö", "MM77O"},
    {"O\xcc\x88"
     "1",
     "O1"},
    {"straße", "STRASSE"},
    {"AB12?", "AB12?"},
    {"\xff\xfe", ""},
    {"", ""},
  };
  g_autoptr (BoloPlateRules) rules = load_shipped ("gb");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *normalised = bolo_plate_rules_normalise (rules, cases[i].text);
    g_autofree char *again = bolo_plate_rules_normalise (rules, normalised);

    g_assert_cmpstr (normalised, ==, cases[i].normalised);
    g_assert_cmpstr (again, ==, normalised);
  }
}

static void
test_band (void)
{
  g_autoptr (BoloPlateRules) rules = load_shipped ("gb");

  g_assert_cmpuint (bolo_plate_rules_count_band (rules, "GBAB12CDE"), ==, 2);
  g_assert_cmpuint (bolo_plate_rules_count_band (rules, "UKA123BCD"), ==, 2);
  g_assert_cmpuint (bolo_plate_rules_count_band (rules, "GB12ABC"), ==, 0);
  g_assert_cmpuint (bolo_plate_rules_count_band (rules, "FRAB12CDE"), ==, 0);
  g_assert_cmpuint (bolo_plate_rules_count_band (rules, "GB"), ==, 0);
  g_assert_cmpuint (bolo_plate_rules_count_band (rules, ""), ==, 0);
}

static void
test_is_mark (void)
{
  g_assert_true (bolo_plate_is_mark ("A1"));
  g_assert_true (bolo_plate_is_mark ("ABCDEFGHIJ12"));
  g_assert_false (bolo_plate_is_mark ("ABCDEFGHIJ123"));
  g_assert_false (bolo_plate_is_mark (""));
  g_assert_false (bolo_plate_is_mark ("AB 1"));
  g_assert_false (bolo_plate_is_mark ("ab1"));
  g_assert_false (bolo_plate_is_mark ("Ä1"));
}

static void
test_fold (void)
{
  g_autoptr (BoloPlateRules) rules = load_shipped ("gb");
  g_autofree char *folded = bolo_plate_rules_fold (rules, "OI10QDZ2S5B8");

  g_assert_cmpstr (folded, ==, "0110QDZ2S5B8");
  g_assert_cmpint (bolo_plate_rules_fold_character (rules, 'O'), ==, '0');
  g_assert_cmpint (bolo_plate_rules_fold_character (rules, 'X'), ==, 'X');
}

static void
test_syntax (void)
{
  static const struct {
    const char *mark;
    const char *syntax;
    const char *region;
    const char *shown;
  } cases[] = {
    {"AB12CDE", "gb-current", "GB", "AB12 CDE"}, {"LS15EBC", "gb-current", "GB", "LS15 EBC"},
    {"A1BCD", "gb-prefix", "GB", "A1 BCD"},      {"Q123ABC", "gb-prefix", "GB", "Q123 ABC"},
    {"ABC1D", "gb-suffix", "GB", "ABC 1D"},      {"ABC123D", "gb-suffix", "GB", "ABC 123D"},
    {"AIG1234", "gb-ni", "GB-NIR", "AIG 1234"},  {"1234AIG", "gb-ni", "GB-NIR", "1234 AIG"},
    {"AB1234", "gb-dateless", "GB", "AB 1234"},  {"1A", "gb-dateless", "GB", "1 A"},
    {"123ABC", "gb-dateless", "GB", "123 ABC"},  {"123D456", "gb-diplomatic", "GB", "123 D456"},
    {"AB12CQE", NULL, NULL, "AB12CQE"},          {"IB12CDE", NULL, NULL, "IB12CDE"},
    {"ABCDEFG", NULL, NULL, "ABCDEFG"},          {"", NULL, NULL, ""},
  };
  g_autoptr (BoloPlateRules) rules = load_shipped ("gb");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *region = "unset";
    g_autofree char *shown = bolo_plate_rules_format (rules, cases[i].mark);

    g_assert_cmpstr (bolo_plate_rules_get_syntax (rules, cases[i].mark, &region), ==,
                     cases[i].syntax);
    g_assert_cmpstr (region, ==, cases[i].region);
    g_assert_cmpstr (shown, ==, cases[i].shown);
  }
}

static void
test_prior (void)
{
  g_autoptr (BoloPlateRules) rules = load_shipped ("gb");

  g_assert_cmpfloat (bolo_plate_rules_get_prior (rules, "AB12CDE"), ==, 1.0);
  g_assert_cmpfloat (bolo_plate_rules_get_prior (rules, "123D456"), <, 1.0);
  g_assert_cmpfloat (bolo_plate_rules_get_prior (rules, "123D456"), >,
                     bolo_plate_rules_get_prior (rules, "AB12C0E"));
  g_assert_cmpfloat (bolo_plate_rules_get_prior (rules, "AB12C0E"), >, 0.0);
}

static void
test_resolve (void)
{
  static const struct {
    const char *text;
    const char *resolved;
  } cases[] = {
    {"AB12CDO", "AB12CDO"}, {"AB12CD0", "AB12CDO"},   {"ABI2CDE", "AB12CDE"},
    {"0V0ICD0", "OV01CDO"}, {"A8120DE", "A812ODE"},   {"K123O0K", "K123OOK"},
    {"I234AB", "1234AB"},   {"XXXXXXXX", "XXXXXXXX"}, {"", ""},
    {"AB1123", "AB1123"},   {"AB0123", "ABO123"},     {"0I23AB", "0I23AB"},
  };
  g_autoptr (BoloPlateRules) rules = load_shipped ("gb");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *resolved = bolo_plate_rules_resolve (rules, cases[i].text);

    g_assert_cmpstr (resolved, ==, cases[i].resolved);
  }
}

static void
test_positions (void)
{
  g_autoptr (BoloPlateRules) rules = load_shipped ("gb");

  g_assert_true (bolo_plate_rules_position_allows (rules, "gb-current", 7, 2, '1'));
  g_assert_false (bolo_plate_rules_position_allows (rules, "gb-current", 7, 2, 'I'));
  g_assert_false (bolo_plate_rules_position_allows (rules, "gb-current", 7, 0, 'Q'));
  g_assert_false (bolo_plate_rules_position_allows (rules, "gb-current", 6, 0, 'A'));
  g_assert_false (bolo_plate_rules_position_allows (rules, "gb-current", 7, 7, 'A'));
  g_assert_true (bolo_plate_rules_position_allows (rules, NULL, 6, 0, '1'));
  g_assert_false (bolo_plate_rules_position_allows (rules, NULL, 6, 0, '?'));
}

static void
test_other_regions (void)
{
  const char *region = NULL;
  g_autoptr (BoloPlateRules) rules = load_shipped ("gb, eu");

  g_assert_cmpfloat (bolo_plate_rules_get_region_share (rules, "AB12CDE"), >, 0.5);
  g_assert_cmpfloat (bolo_plate_rules_get_region_share (rules, "AB12CDE"), <, 1);
  g_assert_cmpfloat (bolo_plate_rules_get_region_share (rules, "AB12345"), >, 0);
  g_assert_cmpfloat (bolo_plate_rules_get_region_share (rules, "AB12345"), <, 0.9);
  g_assert_cmpfloat (bolo_plate_rules_get_region_share (rules, "!!"), ==, 0);
  g_assert_cmpstr (bolo_plate_rules_get_syntax (rules, "AB123CD", &region), ==, "fr");
  g_assert_cmpstr (region, ==, "FR");
  g_assert_cmpstr (bolo_plate_rules_get_syntax (rules, "131D12345", &region), ==, "ie");
  g_assert_cmpstr (region, ==, "IE");
  g_assert_cmpstr (bolo_plate_rules_get_syntax (rules, "AB12CDE", &region), ==, "gb-current");
}

/* Letters that a country does not issue say what the shape does not. */
static void
test_letters_not_issued (void)
{
  static const char *const marks[][3] = {
    {"BA3020Z", "BA302OZ", "sk"}, /* no Polish mark ends in a Z */
    {"0S575OE", "OS575OE", "hr"},
    {"FQ032EC", "FQ032EC", "fr"},
    {"SB9OTZI", "SB90TZI", "ro"},
    {"KRA86J7", "KRA86J7", "pl"},
    {"FO032EC", "FO032EC", "two-three-two-rare"}, /* misread or of another country: never refused */
    {"HV36OOS", "HV36OOS", "gb-current"},
    {"HV360OS", "HV360OS", "two-three-two-rare"}, /* and not ours with an O for its 0 */
    {"L051ABC", "LO51ABC", "gb-current"},         /* ours goes before theirs */
  };
  g_autoptr (BoloPlateRules) rules = load_shipped ("gb,eu");

  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++) {
    g_autofree char *resolved = bolo_plate_rules_resolve (rules, marks[i][0]);

    g_assert_cmpstr (resolved, ==, marks[i][1]);
    g_assert_cmpstr (bolo_plate_rules_get_syntax (rules, resolved, NULL), ==, marks[i][2]);
  }
  g_assert_cmpfloat (bolo_plate_rules_get_prior (rules, "FQ032EC"), >,
                     bolo_plate_rules_get_prior (rules, "FO032EC"));
}

/* Whatever bytes come: the normal form is stable, valid text, and folding and resolving keep it a
 * mark of the same length. The same bytes each time. */
static void
test_any_bytes (void)
{
  g_autoptr (BoloPlateRules) rules = load_shipped ("gb,eu");
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint i = 0; i < 20000; i++) {
    static const char likely[] = "AB01OI Zz9-. \xd0\x90\xc3\xa9\xe2\x80\xa2";
    char text[24] = "";
    int length = g_rand_int_range (random, 0, 20);
    g_autofree char *normalised = NULL;
    g_autofree char *again = NULL;
    g_autofree char *folded = NULL;
    g_autofree char *resolved = NULL;
    g_autofree char *twice = NULL;

    for (int k = 0; k < length; k++)
      text[k] = g_rand_boolean (random)
                  ? likely[g_rand_int_range (random, 0, (gint32) sizeof likely - 1)]
                  : (char) g_rand_int_range (random, 1, 256);
    normalised = bolo_plate_rules_normalise (rules, text);
    again = bolo_plate_rules_normalise (rules, normalised);
    g_assert_true (g_utf8_validate (normalised, -1, NULL));
    g_assert_cmpstr (again, ==, normalised);
    if (!bolo_plate_is_mark (normalised))
      continue;
    folded = bolo_plate_rules_fold (rules, normalised);
    resolved = bolo_plate_rules_resolve (rules, normalised);
    twice = bolo_plate_rules_fold (rules, resolved);
    g_assert_true (bolo_plate_is_mark (resolved));
    g_assert_cmpuint (strlen (resolved), ==, strlen (normalised));
    g_assert_cmpstr (twice, ==, folded);
  }
}

static void
expect_failure (
  const char *fold, const char *letters, const char *syntax, BoloError code, const char *sentence)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("bolo-plate-XXXXXX", NULL);
  g_autofree char *fold_path = g_build_filename (directory, "fold.ini", NULL);
  g_autofree char *letters_path = g_build_filename (directory, "transliteration.ini", NULL);
  g_autofree char *syntax_path = g_build_filename (directory, "syntax-gb.ini", NULL);

  g_file_set_contents (fold_path, fold, -1, NULL);
  g_file_set_contents (letters_path, letters, -1, NULL);
  if (syntax != NULL)
    g_file_set_contents (syntax_path, syntax, -1, NULL);
  g_assert_null (bolo_plate_rules_load (directory, &error));
  g_assert_error (error, BOLO_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, sentence));
  g_unlink (fold_path);
  g_unlink (letters_path);
  g_unlink (syntax_path);
  g_rmdir (directory);
}

static void
test_wrong_files (void)
{
  const char *fold = "[class a]\ncharacters=0O\n";
  const char *letters = "[letters]\nA=Ä\n";
  const char *syntax = "[x]\nregion=GB\npattern=[A-Z]{3}\n";

  expect_failure ("[class a]\ncharactrs=0O\n", letters, syntax, BOLO_ERROR_INVALID_DATA,
                  "did you mean 'characters'");
  expect_failure ("[class a]\ncharacters=0\n", letters, syntax, BOLO_ERROR_INVALID_DATA, ":2:");
  expect_failure ("[class a]\ncharacters=0O\n[class b]\ncharacters=OQ\n", letters, syntax,
                  BOLO_ERROR_INVALID_DATA, "one enabled class");
  expect_failure ("[class a]\ncharacters=0OQ\ntwins=true\n", letters, syntax,
                  BOLO_ERROR_INVALID_DATA, "twins");
  expect_failure (fold, "[letters]\nä=A\n", syntax, BOLO_ERROR_INVALID_DATA, "transliteration");
  expect_failure (fold, letters, "[x]\nregion=GB\npattern=[A-Z\n", BOLO_ERROR_INVALID_DATA, ":3:");
  expect_failure (fold, letters, "[x]\nregion=GB\npattern=A\nsplit=99\n", BOLO_ERROR_INVALID_DATA,
                  "split");
  expect_failure (fold, letters, "[x]\npattern=A\n", BOLO_ERROR_INVALID_DATA, "region");
  expect_failure (fold, letters, "[x]\nregion=GB\npattern=A\nweight=2\n", BOLO_ERROR_INVALID_DATA,
                  "weight");
  expect_failure (fold, letters, NULL, BOLO_ERROR_NOT_FOUND, "'gb'");
}

static void
test_names (void)
{
  g_autofree char *directory = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  static const char *const names[] = {"", "gb,", "../gb"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;

    if (*names[i] == '\0') {
      g_autoptr (BoloPlateRules) none = bolo_plate_rules_load_syntaxes (directory, "", &error);

      g_assert_no_error (error);
      g_assert_null (bolo_plate_rules_get_syntax (none, "AB12CDE", NULL));
      continue;
    }
    g_assert_null (bolo_plate_rules_load_syntaxes (directory, names[i], &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plate-rules/normalise", test_normalise);
  g_test_add_func ("/plate-rules/band", test_band);
  g_test_add_func ("/plate-rules/is-mark", test_is_mark);
  g_test_add_func ("/plate-rules/fold", test_fold);
  g_test_add_func ("/plate-rules/syntax", test_syntax);
  g_test_add_func ("/plate-rules/prior", test_prior);
  g_test_add_func ("/plate-rules/resolve", test_resolve);
  g_test_add_func ("/plate-rules/positions", test_positions);
  g_test_add_func ("/plate-rules/other-regions", test_other_regions);
  g_test_add_func ("/plate-rules/letters-not-issued", test_letters_not_issued);
  g_test_add_func ("/plate-rules/any-bytes", test_any_bytes);
  g_test_add_func ("/plate-rules/wrong-files", test_wrong_files);
  g_test_add_func ("/plate-rules/names", test_names);
  return g_test_run ();
}
