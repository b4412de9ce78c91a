/* bench-near.c: measures what near matching finds, and what it raises for nothing
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: bench-near [--entries N] [--seed S] --state DIR LABELS.csv READS.jsonl
 * Not a test. docs/matching.md has what came out, and the reads that it was given.
 */
#include "bolo-cli-bench-list.h"
#include "bolo-error.h"
#include "bolo-json-writer.h"
#include "bolo-mark-key.h"
#include "bolo-near.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* Looser than anyone would want: a score of a thousandth. */
#define COST_MAX 6908
static const double scores[] = {0.5,  0.3,  0.2,  0.15,  0.1,   0.07, 0.05,
                                0.03, 0.02, 0.01, 0.005, 0.003, 0.001};

typedef enum {
  SHORT, /* marks of up to 5 characters */
  SIX,
  LONG, /* 7 and more */
  N_LENGTHS,
} Length;

/* What one read came to; costs above COST_MAX: not at all. [0]: by alternatives alone, [1]: by
 * edits too. */
typedef struct {
  gboolean is_wrong;
  Length length;                    /* of the true mark */
  guint32 true_cost[2];             /* at which the true mark is near */
  guint32 false_cost[2][N_LENGTHS]; /* at which another, listed one is, by its own length */
} Outcome;

typedef struct {
  BoloBenchList list;
  GHashTable *labels; /* (owned): picture's base name to its mark */
  GArray *outcomes;   /* (owned): of Outcome */
} Bench;

static void
bench_clear (Bench *bench)
{
  bolo_bench_list_clear (&bench->list);
  g_clear_pointer (&bench->labels, g_hash_table_unref);
  g_clear_pointer (&bench->outcomes, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bench, bench_clear)

static Length
get_length (gsize length)
{
  return length <= 5 ? SHORT : length == 6 ? SIX : LONG;
}

/* Rows "image,x1,y1,x2,y2,text,country,source,quality,split" without quotes; one plate a picture.
 */
static gboolean
load_labels (Bench *bench, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) local = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, &local)) {
    bolo_error_take_foreign (error, g_steal_pointer (&local), "Cannot read the labels");
    return FALSE;
  }
  bench->labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++) {
    g_auto (GStrv) cells = g_strsplit (lines[i], ",", 16);
    g_autofree char *mark = NULL;

    if (g_strv_length (cells) < 9 || !g_str_equal (cells[8], "ok"))
      continue;
    mark = bolo_plate_rules_normalise (bench->list.rules, cells[5]);
    if (bolo_plate_is_mark (mark))
      g_hash_table_replace (bench->labels, g_path_get_basename (cells[0]), g_steal_pointer (&mark));
  }
  return TRUE;
}

/* The plate that the reader is surest of. */
static JsonObject *
find_plate (JsonObject *line)
{
  JsonArray *plates =
    json_object_has_member (line, "plates") ? json_object_get_array_member (line, "plates") : NULL;
  JsonObject *best = NULL;

  for (guint i = 0; plates != NULL && i < json_array_get_length (plates); i++) {
    JsonObject *plate = json_array_get_object_element (plates, i);

    if (best == NULL || json_object_get_double_member (plate, "confidence") >
                          json_object_get_double_member (best, "confidence"))
      best = plate;
  }
  return best;
}

static guint
take_characters (JsonObject *plate, BoloReadCharacter characters[BOLO_MARK_MAX])
{
  JsonArray *chars = json_object_get_array_member (plate, "chars");
  guint n = MIN (json_array_get_length (chars), BOLO_MARK_MAX);

  for (guint i = 0; i < n; i++) {
    JsonObject *one = json_array_get_object_element (chars, i);
    JsonArray *others = json_object_get_array_member (one, "alt");

    characters[i] =
      (BoloReadCharacter){.character = *json_object_get_string_member (one, "c"),
                          .probability = (float) json_object_get_double_member (one, "p")};
    for (guint k = 0; k < MIN (json_array_get_length (others), BOLO_ALTERNATIVES_MAX); k++) {
      JsonObject *other = json_array_get_object_element (others, k);

      characters[i].alternatives[k].character = *json_object_get_string_member (other, "c");
      characters[i].alternatives[k].probability =
        (float) json_object_get_double_member (other, "p");
    }
  }
  return n;
}

static guint64
make_hash (Bench *bench, const char *mark)
{
  char folded[BOLO_PLATE_LENGTH_MAX + 1];

  bolo_mark_key_fold (bench->list.rules, mark, folded);
  return bolo_mark_key_hash (bolo_mark_key_pack (folded));
}

/* Everything that is near, each with its cost: is it the truth, or is it in the list? */
static void
judge (Bench *bench, const BoloMatchQuery *query, const char *truth)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (BoloNearCandidate));
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (BoloListPlace));
  guint64 read_hash = make_hash (bench, query->text);
  guint64 true_hash = make_hash (bench, truth);
  BoloMatchRules rules = {.has_edits = TRUE};
  Outcome outcome = {.is_wrong = read_hash != true_hash, .length = get_length (strlen (truth))};
  BoloNearRead read;

  memset (outcome.true_cost, 0xff, sizeof outcome.true_cost);
  memset (outcome.false_cost, 0xff, sizeof outcome.false_cost);
  for (guint i = 0; i <= BOLO_PLATE_LENGTH_MAX; i++)
    rules.near_limit[i] = COST_MAX + 1;
  bolo_near_read_init (&read, bench->list.rules, query);
  bolo_near_list (&read, &rules, candidates);
  bolo_list_layers_find (bench->list.layers, &read_hash, 1, places, NULL);
  for (guint i = 0; i < candidates->len; i++) {
    const BoloNearCandidate *one = &g_array_index (candidates, BoloNearCandidate, i);
    const guint32 costs[2] = {one->cost_alternative, one->cost};

    for (int way = 0; way < 2 && one->hash == true_hash; way++)
      outcome.true_cost[way] = costs[way];
    /* A read that is in the list itself is looked for no further. */
    if (places->len > 0 || one->hash == true_hash)
      continue;
    bolo_list_layers_find (bench->list.layers, &one->hash, 1, places, NULL);
    for (int way = 0; way < 2 && places->len > 0; way++) {
      guint32 *least = &outcome.false_cost[way][get_length (one->length)];

      *least = MIN (*least, costs[way]);
    }
    g_array_set_size (places, 0);
  }
  g_array_append_val (bench->outcomes, outcome);
}

static gboolean
judge_line (Bench *bench, JsonParser *parser, const char *line, GError **error)
{
  BoloReadCharacter characters[BOLO_MARK_MAX];
  g_autoptr (GError) local = NULL;
  g_autofree char *name = NULL;
  BoloMatchQuery query = {.characters = characters};
  JsonObject *object;
  JsonObject *plate;
  const char *truth;

  if (!json_parser_load_from_data (parser, line, -1, &local) ||
      !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser))) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                         "the reads are no lines of 'boloctl read --json'");
    return FALSE;
  }
  object = json_node_get_object (json_parser_get_root (parser));
  name = g_path_get_basename (json_object_get_string_member_with_default (object, "path", ""));
  truth = g_hash_table_lookup (bench->labels, name);
  plate = find_plate (object);
  if (plate == NULL || truth == NULL)
    return TRUE;
  query.text = json_object_get_string_member (plate, "text");
  query.n_characters = take_characters (plate, characters);
  if (bolo_plate_is_mark (query.text))
    judge (bench, &query, truth);
  return TRUE;
}

static gboolean
judge_reads (Bench *bench, const char *path, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *text = NULL;
  g_autoptr (GError) local = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, &local)) {
    bolo_error_take_foreign (error, g_steal_pointer (&local), "Cannot read the reads");
    return FALSE;
  }
  bench->outcomes = g_array_new (FALSE, FALSE, sizeof (Outcome));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && !judge_line (bench, parser, lines[i], error))
      return FALSE;
  return TRUE;
}

/* One point of the curve: marks of @length (N_LENGTHS: all) at @score. */
static void
print_point (Bench *bench, int way, Length length, double score)
{
  guint32 most = bolo_plate_confusions_make_cost (score);
  guint n_right = 0, n_wrong = 0, n_recovered = 0, n_false = 0, n_false_right = 0;
  BoloJsonWriter *writer = bolo_json_writer_new (); /* finish frees it */
  g_autofree char *line = NULL;

  for (guint i = 0; i < bench->outcomes->len; i++) {
    const Outcome *one = &g_array_index (bench->outcomes, Outcome, i);
    gboolean is_false = FALSE;

    for (Length k = SHORT; k < N_LENGTHS; k++)
      is_false |= (length == N_LENGTHS || length == k) && one->false_cost[way][k] <= most;
    n_false += is_false;
    n_false_right += is_false && !one->is_wrong;
    n_right += !one->is_wrong;
    if (length != N_LENGTHS && one->length != length)
      continue;
    n_wrong += one->is_wrong;
    n_recovered += one->is_wrong && one->true_cost[way] <= most;
  }
  bolo_json_writer_add_int (writer, "entries", bench->list.n_entries);
  bolo_json_writer_add_text (writer, "near", way == 0 ? "alternatives" : "edits");
  bolo_json_writer_add_text (writer, "length",
                             (const char *const[]){"1-5", "6", "7-", "all"}[length]);
  bolo_json_writer_add_number (writer, "score", score, 3);
  bolo_json_writer_add_int (writer, "wrong", n_wrong);
  bolo_json_writer_add_number (writer, "recovered_pct", 100.0 * n_recovered / MAX (n_wrong, 1), 2);
  bolo_json_writer_add_number (writer, "false_per_10k",
                               10000.0 * n_false / MAX (bench->outcomes->len, 1), 2);
  bolo_json_writer_add_number (writer, "false_per_10k_right",
                               10000.0 * n_false_right / MAX (n_right, 1), 2);
  line = bolo_json_writer_finish (writer);
  printf ("%s\n", line);
}

static int
measure (BoloCli *cli, int argc, char **argv)
{
  g_auto (Bench) bench = {0};
  gint64 n_entries = 1000000;
  gint64 seed = 1;
  g_autoptr (GError) error = NULL;
  gboolean is_done;
  const GOptionEntry entries[] = {
    {"entries", 0, 0, G_OPTION_ARG_INT64, &n_entries, "How long the list is (1000000)", "N"},
    {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "What the list is made of (1)", "S"},
    G_OPTION_ENTRY_NULL,
  };

  if (!bolo_cli_parse (
        cli, &argc, &argv, entries, "LABELS.csv READS.jsonl",
        "Matches labelled reads against a made-up list and prints, score by score, how "
        "many misread marks near matching recovers and how many reads of other vehicles "
        "it raises. READS.jsonl is what 'boloctl read --json' says of the labelled "
        "pictures, one plate a picture."))
    return BOLO_CLI_USAGE;
  if (argc != 3 || n_entries < 1 || n_entries > BOLO_BENCH_ENTRIES_MAX || seed < 0)
    return bolo_cli_misuse (cli, "it takes labels, reads, and --entries of 1 to 100000000");
  is_done = bolo_bench_list_build (&bench.list, cli, n_entries, (guint64) seed, &error) &&
            bolo_bench_list_open (&bench.list, &error) && load_labels (&bench, argv[1], &error) &&
            judge_reads (&bench, argv[2], &error);
  bolo_cli_progress (cli, NULL);
  if (!is_done)
    return bolo_cli_fail (cli, error);
  for (int way = 0; way < 2; way++)
    for (Length length = SHORT; length <= N_LENGTHS; length++)
      for (gsize i = 0; i < G_N_ELEMENTS (scores); i++)
        print_point (&bench, way, length, scores[i]);
  return BOLO_CLI_DONE;
}

int
main (int argc, char **argv)
{
  BoloCli cli = {.command = "bench-near"};
  int code = measure (&cli, argc, argv);

  g_free (cli.state);
  g_free (cli.config);
  return code;
}
