/* test-voter.c: what the readings of one vehicle say together
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-voter.h"

#include "bolo-tracker.h"

#include "vision-fixtures.h"

/* With other countries' layouts. */
static BoloPlateRules *
load_all_rules (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  g_autoptr (GError) error = NULL;
  BoloPlateRules *rules = bolo_plate_rules_load_syntaxes (path, "gb,eu", &error);

  g_assert_no_error (error);
  return rules;
}

static BoloVote
vote_on (BoloVoter *voter)
{
  BoloVote vote;

  g_assert_true (bolo_voter_decide (voter, &vote));
  return vote;
}

static void
add (BoloVoter *voter, const char *text, float confidence)
{
  BoloReading reading = make_reading (text, confidence, 600, 400, 100);

  bolo_voter_add (voter, &reading, 1);
}

static void
test_nothing (void)
{
  g_autoptr (BoloVoter) voter = bolo_voter_new (NULL);
  BoloVote vote;

  g_assert_false (bolo_voter_decide (voter, &vote));
  add (voter, "", 0);
  g_assert_false (bolo_voter_decide (voter, &vote));
  g_assert_cmpuint (vote.n_characters, ==, 0);
}

static void
test_agreement (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (BoloVoter) voter = bolo_voter_new (rules);
  BoloVote vote;
  float before = 0;

  for (guint looks = 1; looks <= 4; looks++) {
    add (voter, "AB12CDE", 0.6f);
    vote = vote_on (voter);
    g_assert_cmpstr (vote.text, ==, "AB12CDE");
    g_assert_cmpuint (vote.looks, ==, looks);
    g_assert_cmpuint (vote.readings, ==, looks);
    g_assert_cmpfloat (vote.confidence, >, before);
    before = vote.confidence;
  }
  g_assert_cmpfloat (before, <, 1);
  g_assert_cmpstr (vote.syntax, ==, "gb-current");
  g_assert_cmpstr (vote.region, ==, "GB");
}

/* Each look is wrong somewhere, never twice in the same place: together they are right, though no
 * look said it. */
static void
test_together (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (BoloVoter) voter = bolo_voter_new (rules);
  const char *const texts[] = {"AB12CDF", "AB13CDE", "AR12CDE"};
  BoloVote vote;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    add (voter, texts[i], 0.7f);
  vote = vote_on (voter);
  g_assert_cmpstr (vote.text, ==, "AB12CDE");
  g_assert_cmpuint (vote.looks, ==, 0);
  g_assert_cmpint (vote.characters[6].alternatives[0].character, ==, 'F');
  g_assert_cmpfloat (vote.confidence, <, 0.7);
}

/* A plate that leaves the picture is cut; the whole looks win by their number. */
static void
test_lengths (void)
{
  g_autoptr (BoloVoter) voter = bolo_voter_new (NULL);

  add (voter, "B12CDE", 0.8f);
  add (voter, "AB12CDE", 0.8f);
  add (voter, "AB12CDE", 0.8f);
  add (voter, "AB12CD", 0.8f);
  g_assert_cmpstr (vote_on (voter).text, ==, "AB12CDE");
}

/* Half hidden behind another car for a second, whole in two frames only. */
static void
test_hidden (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (BoloVoter) voter = bolo_voter_new (rules);
  BoloVote vote;

  for (int i = 0; i < 25; i++)
    add (voter, "3KSS", 0.9f);
  add (voter, "M123KSS", 0.8f);
  g_assert_cmpstr (vote_on (voter).text, ==, "3KSS"); /* once, not for certain */
  add (voter, "M123KSS", 0.8f);
  vote = vote_on (voter);
  g_assert_cmpstr (vote.text, ==, "M123KSS");
  g_assert_cmpuint (vote.looks, ==, 2);
  g_assert_cmpfloat (vote.confidence, >, 0.6);
}

/* A border read as a last 1, now and then, makes no longer mark. */
static void
test_border (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (BoloVoter) voter = bolo_voter_new (rules);

  for (int i = 0; i < 5; i++) {
    add (voter, "AB12CDE", 0.8f);
    if (i % 2 == 0)
      add (voter, "AB12CDE1", 0.8f);
  }
  g_assert_cmpstr (vote_on (voter).text, ==, "AB12CDE");
}

static void
test_sure_looks_count_more (void)
{
  g_autoptr (BoloVoter) voter = bolo_voter_new (NULL);

  add (voter, "AB12CDF", 0.3f);
  add (voter, "AB12CDF", 0.3f);
  add (voter, "AB12CDE", 0.95f);
  g_assert_cmpstr (vote_on (voter).text, ==, "AB12CDE");
}

static void
test_weight (void)
{
  g_autoptr (BoloVoter) voter = bolo_voter_new (NULL);
  BoloReading far = make_reading ("AB12CDF", 0.6f, 600, 400, 60);
  BoloReading near = make_reading ("AB12CDE", 0.6f, 600, 400, 200);

  bolo_voter_add (voter, &far, 0.2f);
  bolo_voter_add (voter, &far, 0.2f);
  bolo_voter_add (voter, &near, 1.0f);
  g_assert_cmpstr (vote_on (voter).text, ==, "AB12CDE");
}

/* What the law draws alike is settled by the syntax, and both ways of reading it are one. */
static void
test_twins (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (BoloVoter) voter = bolo_voter_new (rules);
  BoloVote vote;

  add (voter, "LOS1ABC", 0.6f);
  add (voter, "L051ABC", 0.6f);
  add (voter, "LO51ABC", 0.6f);
  add (voter, "LO5IABC", 0.6f);
  vote = vote_on (voter);
  g_assert_cmpstr (vote.text, ==, "LO51ABC");
  g_assert_cmpuint (vote.looks, ==, 3);
}

/* Standing behind a dirty plate: a hundred looks at the same pixels err alike. Another view of it
 * is worth more than a repeated one, and nothing makes half a certainty a whole one. */
static void
test_repetition_is_no_proof (void)
{
  g_autoptr (BoloVoter) standing = bolo_voter_new (NULL);
  g_autoptr (BoloVoter) passing = bolo_voter_new (NULL);
  BoloVote still;
  BoloVote moving;

  for (int i = 0; i < 100; i++) {
    BoloReading reading = make_reading ("AB12CDE", 0.6f, 600, 400, 100);

    reading.captured_us = i / 4 * 10000; /* a quarter of a second in all */
    bolo_voter_add (standing, &reading, 1);
    if (i >= 4)
      continue;
    reading = make_reading ("AB12CDE", 0.6f, 600 + 150 * (float) i, 400, 100 + 20 * (float) i);
    reading.captured_us = i * 66667;
    bolo_voter_add (passing, &reading, 1);
  }
  still = vote_on (standing);
  moving = vote_on (passing);
  g_assert_cmpuint (still.looks, ==, 100);
  g_assert_cmpfloat (still.confidence, <, 0.75);
  g_assert_cmpfloat (moving.confidence, >, still.confidence);
  g_assert_cmpfloat (moving.confidence, <, 0.85);
}

/* The prior chooses where the readings leave it open ... */
static void
test_prior_settles (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (BoloVoter) voter = bolo_voter_new (rules);
  BoloReading reading = make_reading ("AB12CD8", 0.55f, 600, 400, 100);

  add_alternative (&reading, 6, 'B', 0.45f);
  bolo_voter_add (voter, &reading, 1);
  g_assert_cmpstr (vote_on (voter).text, ==, "AB12CDB");
}

/* ... also when the likeliest other character is the first one's twin: France issues no O. */
static void
test_third_choice (void)
{
  g_autoptr (BoloPlateRules) rules = load_all_rules ();
  g_autoptr (BoloVoter) open = bolo_voter_new (rules);
  g_autoptr (BoloVoter) plain = bolo_voter_new (rules);
  BoloReading reading = make_reading ("BO367YX", 0.9f, 600, 400, 100);

  bolo_voter_add (plain, &reading, 1);
  add_alternative (&reading, 1, '0', 0.3f);
  reading.characters[1].probability = 0.45f;
  reading.characters[1].alternatives[1].character = 'Q';
  reading.characters[1].alternatives[1].probability = 0.25f;
  bolo_voter_add (open, &reading, 1);
  g_assert_cmpstr (vote_on (open).text, ==, "BQ367YX");
  g_assert_cmpstr (vote_on (plain).text, ==, "BO367YX");
}

/* What no layout has gives way to a choice far behind it, not to one that is hardly there; and the
 * vote says that nobody read it so. */
static void
test_weak_alternative (void)
{
  static const struct {
    float share;
    const char *text;
    guint looks;
  } cases[] = {{0.14f, "6935XY64", 0}, {0.03f, "6935XYG4", 1}};
  g_autoptr (BoloPlateRules) rules = load_all_rules ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (BoloVoter) voter = bolo_voter_new (rules);
    BoloReading reading = make_reading ("6935XYG4", 0.9f, 600, 400, 100);
    BoloVote vote;

    add_alternative (&reading, 6, '6', cases[i].share);
    bolo_voter_add (voter, &reading, 1);
    vote = vote_on (voter);
    g_assert_cmpstr (vote.text, ==, cases[i].text);
    g_assert_cmpuint (vote.looks, ==, cases[i].looks);
  }
}

static void
add_from (BoloVoter *voter, const char *text, const char *region, float confidence)
{
  BoloReading reading = make_reading (text, 0.9f, 600, 400, 100);

  g_strlcpy (reading.region, region, sizeof reading.region);
  reading.region_confidence = confidence;
  reading.is_region_read = *region != '\0';
  bolo_voter_add (voter, &reading, 1);
}

/* The look tells countries apart that share a layout, on the average of all readings; what it does
 * not tell the text may, and a part of a country that only the text knows stays. */
static void
test_region (void)
{
  static const struct {
    const char *text;
    const char *regions[3];
    float confidence; /* of each that was read */
    const char *said; /* (nullable) */
    gboolean is_read;
  } cases[] = {
    {"AB123CD", {"IT", "IT", "FR"}, 0.95f, "IT", TRUE},
    {"AB123CD", {"IT", "", ""}, 0.95f, "FR", FALSE},
    {"AB123CD", {"IT", "IT", "IT"}, 0.4f, "FR", FALSE},
    {"XAKEPZQ", {"GB", "GB", "GB"}, 0.9f, "GB", TRUE},
    {"XAKEPZQ", {"", "", ""}, 0, NULL, FALSE},
    {"AIB1234", {"GB", "GB", "GB"}, 0.9f, "GB-NIR", TRUE},
  };
  g_autoptr (BoloPlateRules) rules = load_all_rules ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (BoloVoter) voter = bolo_voter_new (rules);
    BoloVote vote;

    for (gsize k = 0; k < G_N_ELEMENTS (cases[i].regions); k++)
      add_from (voter, cases[i].text, cases[i].regions[k], cases[i].confidence);
    vote = vote_on (voter);
    g_assert_cmpstr (vote.region, ==, cases[i].said);
    g_assert_cmpint (vote.is_region_read, ==, cases[i].is_read);
  }
}

/* A guess by the layout is no more than a guess, less where countries share it; none has no share.
 */
static void
test_guessed_region (void)
{
  static const char *const texts[] = {"AB12CDE", "AB123CD", "XAKEPZQ"};
  g_autoptr (BoloPlateRules) rules = load_all_rules ();
  float before = 0.65f;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (BoloVoter) voter = bolo_voter_new (rules);
    BoloVote vote;

    add (voter, texts[i], 0.95f);
    vote = vote_on (voter);
    g_assert_false (vote.is_region_read);
    g_assert_cmpfloat (vote.region_confidence, <, before);
    before = vote.region_confidence;
  }
  g_assert_cmpfloat (before, ==, 0);
}

/* A 0 and an O that are one shape stand together against the D. */
static void
test_twins_count_together (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (BoloVoter) voter = bolo_voter_new (rules);
  BoloReading reading = make_reading ("APD5JEO", 0.9f, 600, 400, 100);

  add_alternative (&reading, 2, '0', 0.13f);
  reading.characters[2].probability = 0.75f;
  reading.characters[2].alternatives[1].character = 'O';
  reading.characters[2].alternatives[1].probability = 0.12f;
  bolo_voter_add (voter, &reading, 1);
  g_assert_cmpstr (vote_on (voter).text, ==, "AP05JEO");
}

/* ... and never against what was plainly read: foreign and wrong plates stay as they are. */
static void
test_prior_never_filters (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();
  const char *const texts[] = {"WOBVWMK4", "1T43213", "ZZZZ99Z", "AB1CDEFG"};

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (BoloVoter) voter = bolo_voter_new (rules);

    add (voter, texts[i], 0.9f);
    add (voter, texts[i], 0.9f);
    g_assert_cmpuint (bolo_text_get_distance (vote_on (voter).text, texts[i]), ==, 0);
  }
}

/* An hour behind the same car: sums, not lists. */
static void
test_many (void)
{
  g_autoptr (BoloVoter) voter = bolo_voter_new (NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  BoloVote vote;

  for (int i = 0; i < 36000; i++) {
    char text[8] = "AB12CDE";
    BoloReading reading;

    if (i % 3 == 0)
      text[g_rand_int_range (random, 0, 7)] = (char) g_rand_int_range (random, 'A', 'Z' + 1);
    reading = make_reading (text, 0.8f, 600, 400, 100);
    reading.captured_us = (gint64) i * 100000;
    bolo_voter_add (voter, &reading, 1);
  }
  vote = vote_on (voter);
  g_assert_cmpstr (vote.text, ==, "AB12CDE");
  g_assert_cmpuint (vote.looks, >=, 24000);
  g_assert_cmpfloat (vote.confidence, >, 0.8);
}

static void
test_disagreement_is_unsure (void)
{
  g_autoptr (BoloVoter) voter = bolo_voter_new (NULL);
  g_autoptr (BoloVoter) sure = bolo_voter_new (NULL);

  add (voter, "AB12CDE", 0.6f);
  add (voter, "XY98ZZT", 0.6f);
  add (sure, "AB12CDE", 0.6f);
  add (sure, "AB12CDE", 0.6f);
  g_assert_cmpfloat (vote_on (voter).confidence, <, 0.5);
  g_assert_cmpfloat (vote_on (sure).confidence, >, 0.6);
}

/* Frames that say the same surely, of a plate whose first character something seems to hide:
 * however many they are, and though one of them misses the cover. Seen bare most of the time it is
 * sure. */
static void
test_covered_stays_unsure (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (BoloVoter) covered = bolo_voter_new (rules);
  g_autoptr (BoloVoter) bare = bolo_voter_new (rules);

  for (guint i = 0; i < 40; i++) {
    BoloReading reading = make_reading ("B12CDE", 0.1f, 600 + 20 * (float) i, 400, 100);

    for (guint k = 0; k < reading.n_characters; k++)
      reading.characters[k].probability = 0.99f;
    reading.captured_us = i * 100 * G_TIME_SPAN_MILLISECOND;
    reading.covered = 0.95f;
    if (i == 7) {
      reading.confidence = 0.9f;
      reading.covered = 0.02f;
    }
    bolo_voter_add (covered, &reading, 1);
    reading.confidence = i % 4 == 0 ? 0.1f : 0.9f;
    reading.covered = i % 4 == 0 ? 0.95f : 0.02f;
    bolo_voter_add (bare, &reading, 1);
  }
  g_assert_cmpfloat (vote_on (covered).confidence, <, 0.6);
  g_assert_cmpfloat (vote_on (bare).confidence, >, 0.9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vision/voter/nothing", test_nothing);
  g_test_add_func ("/vision/voter/agreement", test_agreement);
  g_test_add_func ("/vision/voter/together", test_together);
  g_test_add_func ("/vision/voter/lengths", test_lengths);
  g_test_add_func ("/vision/voter/sure-looks-count-more", test_sure_looks_count_more);
  g_test_add_func ("/vision/voter/hidden", test_hidden);
  g_test_add_func ("/vision/voter/border", test_border);
  g_test_add_func ("/vision/voter/weight", test_weight);
  g_test_add_func ("/vision/voter/twins", test_twins);
  g_test_add_func ("/vision/voter/repetition", test_repetition_is_no_proof);
  g_test_add_func ("/vision/voter/prior-settles", test_prior_settles);
  g_test_add_func ("/vision/voter/third-choice", test_third_choice);
  g_test_add_func ("/vision/voter/weak-alternative", test_weak_alternative);
  g_test_add_func ("/vision/voter/region", test_region);
  g_test_add_func ("/vision/voter/guessed-region", test_guessed_region);
  g_test_add_func ("/vision/voter/twins-count-together", test_twins_count_together);
  g_test_add_func ("/vision/voter/prior-never-filters", test_prior_never_filters);
  g_test_add_func ("/vision/voter/many", test_many);
  g_test_add_func ("/vision/voter/disagreement", test_disagreement_is_unsure);
  g_test_add_func ("/vision/voter/covered", test_covered_stays_unsure);
  return g_test_run ();
}
