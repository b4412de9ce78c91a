/* bolo-voter.c: adds up what all readings of a vehicle say of each character
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-vision"

#include "bolo-voter.h"

#include <math.h>
#include <string.h>

#define N_CLASSES 36    /* 0-9 A-Z */
#define MAX_TEXTS 64    /* different texts that are counted */
#define MAX_OPEN 4      /* places whose other choices are tried, ... */
#define MAX_CHOICES 3   /* ... so many each with the first: 81 texts */
#define OPEN_SHARE 0.06 /* of the first choice: from here on the prior may turn a place */
#define MAX_REGIONS 40
#define READ_REGION 0.5f /* a region less sure than this is not read */
#define LEAST_WEIGHT 1e-3f

/* How often the layout's guess is right: log-odds of how sure the text is times the share of its
 * country among those whose layout it fits, times GUESS_SURE, and GUESS_START, as calibrate.py fits
 * them. */
#define GUESS_SURE 0.12
#define GUESS_START (-0.50)
#define LEAST_GUESS 0.02
#define WHOLE_CONFIDENCE 0.6f
#define SURE_CONFIDENCE 0.95f

/* A plate that hardly moved is read again from nearly the same pixels: what was wrong stays wrong.
 * Such a repeated look adds little; one of another view adds more; and all that agree make up for
 * no more than one independent reading of the same sureness. */
#define VIEW_US (300 * G_TIME_SPAN_MILLISECOND)
#define VIEW_WIDTHS 1.0f /* moved by */
#define VIEW_GROWTH 1.1f
#define VIEW_WORTH 0.25
#define LOOK_WORTH 0.05
#define MAX_VIEWS 4
#define MAX_LOOKS 6

/* All readings of one length. */
typedef struct {
  double weight;
  double sums[BOLO_MARK_MAX][N_CLASSES]; /* weighted probabilities */
} Length;

typedef struct {
  char text[BOLO_MARK_MAX + 1]; /* resolved */
  guint looks;
  double clear;   /* sum over them: that nothing hides a character */
  float best;     /* the surest one */
  guint n_views;  /* looks from elsewhere or later: those that may err in another way */
  gint64 view_us; /* of the newest view */
  float view_x;
  float view_y;
  float view_width;
} Text;

/* Readings whose look says the same region. */
typedef struct {
  char code[BOLO_REGION_MAX + 1];
  double sum; /* weighted probabilities */
} Region;

struct _BoloVoter {
  BoloPlateRules *rules;              /* (owned) (nullable) */
  Length *lengths[BOLO_MARK_MAX + 1]; /* (owned) (nullable) */
  GArray *texts;                      /* (owned) of Text */
  GArray *regions;                    /* (owned) of Region */
  double weight;                      /* of all readings */
  guint n_readings;
};

static int
get_class (char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
}

static char
get_character (int class)
{
  return (char) (class < 10 ? '0' + class : 'A' + class - 10);
}

BoloVoter *
bolo_voter_new (BoloPlateRules *rules)
{
  BoloVoter *self = g_new0 (BoloVoter, 1);

  self->rules = rules != NULL ? bolo_plate_rules_ref (rules) : NULL;
  self->texts = g_array_new (FALSE, FALSE, sizeof (Text));
  self->regions = g_array_new (FALSE, FALSE, sizeof (Region));
  return self;
}

void
bolo_voter_free (BoloVoter *self)
{
  if (self == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (self->lengths); i++)
    g_free (self->lengths[i]);
  g_array_unref (self->texts);
  g_array_unref (self->regions);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_free (self);
}

/* What the law draws alike is settled by the syntaxes. */
static void
resolve (BoloVoter *self, const char *text, char *resolved, gsize size)
{
  g_autofree char *other =
    self->rules != NULL ? bolo_plate_rules_resolve (self->rules, text) : NULL;

  g_strlcpy (resolved, other != NULL && strlen (other) == strlen (text) ? other : text, size);
}

static void
set_view (Text *text, const BoloReading *reading)
{
  text->n_views++;
  text->view_us = reading->captured_us;
  text->view_x = reading->corners[0][0];
  text->view_y = reading->corners[0][1];
  text->view_width = reading->width_px;
}

static gboolean
is_another_view (const Text *text, const BoloReading *reading)
{
  float moved =
    hypotf (reading->corners[0][0] - text->view_x, reading->corners[0][1] - text->view_y);

  return reading->captured_us - text->view_us >= VIEW_US ||
         moved >= VIEW_WIDTHS * text->view_width ||
         reading->width_px >= VIEW_GROWTH * text->view_width ||
         text->view_width >= VIEW_GROWTH * reading->width_px;
}

static void
count_text (BoloVoter *self, const BoloReading *reading)
{
  Text text = {.looks = 1, .clear = 1 - reading->covered, .best = reading->confidence};

  set_view (&text, reading);
  resolve (self, reading->text, text.text, sizeof text.text);
  for (guint i = 0; i < self->texts->len; i++) {
    Text *known = &g_array_index (self->texts, Text, i);

    if (g_str_equal (known->text, text.text)) {
      known->looks++;
      known->clear += text.clear;
      if (is_another_view (known, reading))
        set_view (known, reading);
      known->best = MAX (known->best, text.best);
      return;
    }
  }
  if (self->texts->len < MAX_TEXTS)
    g_array_append_val (self->texts, text);
}

static void
count_region (BoloVoter *self, const BoloReading *reading, double worth)
{
  Region region = {.sum = worth * reading->region_confidence};

  self->weight += worth;
  if (!reading->is_region_read)
    return;
  for (guint i = 0; i < self->regions->len; i++) {
    Region *known = &g_array_index (self->regions, Region, i);

    if (g_str_equal (known->code, reading->region)) {
      known->sum += region.sum;
      return;
    }
  }
  g_strlcpy (region.code, reading->region, sizeof region.code);
  if (self->regions->len < MAX_REGIONS)
    g_array_append_val (self->regions, region);
}

void
bolo_voter_add (BoloVoter *self, const BoloReading *reading, float weight)
{
  Length *length;
  double worth;

  g_return_if_fail (self != NULL && reading != NULL);

  if (reading->n_characters == 0 || reading->n_characters > BOLO_MARK_MAX)
    return;
  self->n_readings++;
  count_text (self, reading);
  if (self->lengths[reading->n_characters] == NULL)
    self->lengths[reading->n_characters] = g_new0 (Length, 1);
  length = self->lengths[reading->n_characters];
  worth = MAX (weight, 0.0f) * MAX (reading->confidence, LEAST_WEIGHT);
  count_region (self, reading, worth);
  length->weight += worth;
  for (guint i = 0; i < reading->n_characters; i++) {
    const BoloReadCharacter *character = &reading->characters[i];
    int class = get_class (character->character);

    if (class >= 0)
      length->sums[i][class] += worth * character->probability;
    for (int k = 0; k < BOLO_ALTERNATIVES_MAX && character->alternatives[k].character != 0; k++) {
      int other = get_class (character->alternatives[k].character);

      if (other >= 0 && other != class)
        length->sums[i][other] += worth * character->alternatives[k].probability;
    }
  }
}

static int
get_best (const double *sums)
{
  int best = 0;

  for (int k = 1; k < N_CLASSES; k++)
    if (sums[k] > sums[best])
      best = k;
  return best;
}

/* Weighs texts against each other; a prior, not a filter. */
static double
get_prior (BoloVoter *self, const char *text)
{
  return self->rules != NULL ? bolo_plate_rules_get_prior (self->rules, text) : 1.0;
}

/* The classes that may stand at a place, the likeliest first, as far as they are not far behind. */
typedef struct {
  int classes[MAX_CHOICES];
  double shares[MAX_CHOICES]; /* of the first one's */
  guint n;
} Place;

/* What the law draws alike counts together against a third: a D that may be a 0 or an O. */
static void
join_twins (double *sums, int first)
{
  static const char twins[][2] = {{'0', 'O'}, {'1', 'I'}};

  for (gsize i = 0; i < G_N_ELEMENTS (twins); i++) {
    int a = get_class (twins[i][0]);
    int b = get_class (twins[i][1]);

    if (first != a && first != b)
      sums[a] = sums[b] = sums[a] + sums[b];
  }
}

static void
fill_place (Place *place, const double *sums)
{
  double left[N_CLASSES];
  double first;

  memcpy (left, sums, sizeof left);
  place->classes[0] = get_best (left);
  place->shares[0] = 1;
  first = left[place->classes[0]];
  join_twins (left, place->classes[0]);
  left[place->classes[0]] = -1;
  for (place->n = 1; place->n < MAX_CHOICES; place->n++) {
    int next = get_best (left);

    if (!(left[next] > 0 && left[next] >= OPEN_SHARE * first))
      return;
    place->classes[place->n] = next;
    place->shares[place->n] = left[next] / first;
    left[next] = -1;
  }
}

/* The next of all combinations of the open places' choices; FALSE after the last. */
static gboolean
turn (const Place *places, const guint *open, guint n_open, guint *choice)
{
  for (guint k = 0; k < n_open; k++) {
    if (++choice[k] < places[open[k]].n)
      return TRUE;
    choice[k] = 0;
  }
  return FALSE;
}

/* The most likely text of this length: first choices, with the next ones tried where they are
 * not far behind, each weighed by how well the whole fits a syntax. */
static void
choose_text (BoloVoter *self, const Length *length, guint n, char *chosen)
{
  Place places[BOLO_MARK_MAX];
  guint open[MAX_OPEN];
  guint choice[MAX_OPEN] = {0};
  guint n_open = 0;
  double best_score = -1;

  for (guint i = 0; i < n; i++) {
    fill_place (&places[i], length->sums[i]);
    if (n_open < MAX_OPEN && places[i].n > 1)
      open[n_open++] = i;
  }
  do {
    char text[BOLO_MARK_MAX + 1] = {0};
    char resolved[BOLO_MARK_MAX + 1];
    double score = 1;

    for (guint i = 0; i < n; i++)
      text[i] = get_character (places[i].classes[0]);
    for (guint k = 0; k < n_open; k++) {
      text[open[k]] = get_character (places[open[k]].classes[choice[k]]);
      score *= places[open[k]].shares[choice[k]];
    }
    resolve (self, text, resolved, sizeof resolved);
    score *= get_prior (self, resolved);
    if (score > best_score) {
      best_score = score;
      g_strlcpy (chosen, resolved, BOLO_MARK_MAX + 1);
    }
  } while (turn (places, open, n_open, choice));
}

/* The character that the law draws alike, a space where there is none. */
static char
get_twin (char c)
{
  switch (c) {
  case '0':
    return 'O';
  case 'O':
    return '0';
  case '1':
    return 'I';
  case 'I':
    return '1';
  default:
    return ' ';
  }
}

/* Shares of each place for the chosen text; a character that the law draws like another has both
 * their shares. */
static double
fill_characters (const Length *length, BoloVote *vote)
{
  double joint = 1;

  for (guint i = 0; i < vote->n_characters; i++) {
    BoloReadCharacter *character = &vote->characters[i];
    double sums[N_CLASSES];
    int class = get_class (vote->text[i]);
    int twin = get_class (get_twin (vote->text[i]));

    memcpy (sums, length->sums[i], sizeof sums);
    if (class < 0)
      continue;
    if (twin >= 0) {
      sums[class] += sums[twin];
      sums[twin] = 0;
    }
    character->character = vote->text[i];
    character->probability = (float) MIN (sums[class] / MAX (length->weight, 1e-9), 1.0);
    joint *= character->probability;
    sums[class] = 0;
    for (int k = 0; k < BOLO_ALTERNATIVES_MAX; k++) {
      int other = get_best (sums);
      float probability = (float) (sums[other] / MAX (length->weight, 1e-9));

      if (probability < 0.005f)
        break;
      character->alternatives[k].character = get_character (other);
      character->alternatives[k].probability = probability;
      sums[other] = 0;
    }
  }
  return joint;
}

/* Readings that say otherwise than @text: neither it nor a part of it. */
static guint
count_otherwise (BoloVoter *self, const char *text)
{
  guint n = 0;

  for (guint i = 0; i < self->texts->len; i++) {
    const Text *other = &g_array_index (self->texts, Text, i);

    if (strstr (text, other->text) == NULL)
      n += other->looks;
  }
  return n;
}

/* What is left of the sureness of who sees a plate that something seems to cover. Where most looks
 * at @text (nullable: at any) agree that it does, neither their agreement nor the one look that
 * misses it makes it sure. */
static double
get_clear (BoloVoter *self, const char *text)
{
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < self->texts->len; i++) {
    const Text *one = &g_array_index (self->texts, Text, i);

    if (text != NULL && !g_str_equal (one->text, text))
      continue;
    sum += one->clear;
    n += one->looks;
  }
  if (n == 0)
    return text != NULL ? get_clear (self, NULL) : 1;
  return MIN (2 * sum / n, 1);
}

/* Sureness of the text: how far the characters agree (a geometric mean would hide one bad place,
 * so it is the product), how sure the surest look of this very text was, more with each look that
 * says the same (see VIEW_US), less with each length that says otherwise. */
static float
get_confidence (BoloVoter *self, const BoloVote *vote, double joint, double length_share)
{
  double best = 0;
  double views = 0;
  double repeated = 0;
  guint n_said = vote->looks + count_otherwise (self, vote->text);
  double share = (double) vote->looks / MAX (n_said, 1u);
  double once;

  for (guint i = 0; i < self->texts->len; i++) {
    const Text *text = &g_array_index (self->texts, Text, i);

    if (g_str_equal (text->text, vote->text)) {
      best = text->best;
      views = MIN (text->n_views, MAX_VIEWS);
      repeated = MIN (text->looks - text->n_views, MAX_LOOKS - 1);
    }
  }
  once = MAX (joint, best * MAX (share, 0.3)) * length_share * get_clear (self, vote->text);
  if (views > 0)
    once = 1 - pow (1 - once, MIN (1 + VIEW_WORTH * (views - 1) + LOOK_WORTH * repeated, 2));
  else /* voted together, never read so */
    once *= 0.7;
  return (float) CLAMP (once, 0.0, 0.999);
}

/* A plate behind another car or at the edge is read in part, many times and surely; nothing adds
 * characters that fit a syntax. So a whole that was read twice, or once for certain, beats its
 * part. */
static gboolean
is_whole_of (BoloVoter *self, const char *whole, const char *part)
{
  if (*part == '\0' || strstr (whole, part) == NULL || self->rules == NULL ||
      bolo_plate_rules_get_syntax (self->rules, whole, NULL) == NULL)
    return FALSE;
  for (guint i = 0; i < self->texts->len; i++) {
    const Text *text = &g_array_index (self->texts, Text, i);

    if (g_str_equal (text->text, whole))
      return text->best >= (text->looks > 1 ? WHOLE_CONFIDENCE : SURE_CONFIDENCE);
  }
  return FALSE;
}

/* The length that most of the evidence has. A plate that leaves the picture is cut and reads short,
 * so that the longer of two equals is taken; a length whose text fits a syntax is preferred. */
static guint
choose_length (BoloVoter *self, char *text, double *share)
{
  double total = 0;
  double parts[BOLO_MARK_MAX + 1] = {0}; /* weight of each length that was taken for a part */
  double best_score = 0;
  guint best = 0;

  text[0] = '\0';
  for (guint n = 1; n <= BOLO_MARK_MAX; n++) {
    char candidate[BOLO_MARK_MAX + 1] = {0};
    double score;

    if (self->lengths[n] == NULL)
      continue;
    total += self->lengths[n]->weight;
    choose_text (self, self->lengths[n], n, candidate);
    score = self->lengths[n]->weight * sqrt (get_prior (self, candidate));
    if (is_whole_of (self, candidate, text)) {
      parts[n] = parts[best] + self->lengths[best]->weight;
      score = MAX (score, best_score);
    }
    if (score >= best_score) {
      best_score = score;
      best = n;
      g_strlcpy (text, candidate, BOLO_MARK_MAX + 1);
    }
  }
  *share = best > 0 && total > 0 ? self->lengths[best]->weight / (total - parts[best]) : 1;
  return best;
}

static float
get_guess (double sure)
{
  double clamped = CLAMP (sure, LEAST_GUESS, 1 - LEAST_GUESS);

  return (float) (1 / (1 + exp (-GUESS_START - GUESS_SURE * log (clamped / (1 - clamped)))));
}

/* Who issued the plate: what its look says on the average, else what the order of its characters
 * does, which many countries share. The text alone knows of parts: "GB-NIR". */
static void
choose_region (BoloVoter *self, BoloVote *vote)
{
  const Region *best = NULL;
  gboolean is_same;
  float read;

  if (self->rules != NULL) {
    vote->syntax = bolo_plate_rules_get_syntax (self->rules, vote->text, &vote->region);
    if (vote->region != NULL)
      vote->region_confidence =
        get_guess (vote->confidence * bolo_plate_rules_get_region_share (self->rules, vote->text));
  }
  for (guint i = 0; i < self->regions->len; i++) {
    const Region *region = &g_array_index (self->regions, Region, i);

    if (best == NULL || region->sum > best->sum)
      best = region;
  }
  if (best == NULL)
    return;
  read = (float) (best->sum / MAX (self->weight, 1e-9));
  is_same = vote->region != NULL && g_str_has_prefix (vote->region, best->code);
  if (read < READ_REGION)
    return;
  if (!is_same)
    vote->region = best->code;
  vote->region_confidence = read;
  vote->is_region_read = TRUE;
}

gboolean
bolo_voter_decide (BoloVoter *self, BoloVote *vote)
{
  double share;
  double joint;

  g_return_val_if_fail (self != NULL && vote != NULL, FALSE);

  memset (vote, 0, sizeof *vote);
  vote->n_characters = choose_length (self, vote->text, &share);
  if (vote->n_characters == 0)
    return FALSE;
  vote->readings = self->n_readings;
  for (guint i = 0; i < self->texts->len; i++) {
    const Text *text = &g_array_index (self->texts, Text, i);

    if (g_str_equal (text->text, vote->text))
      vote->looks = text->looks;
  }
  joint = fill_characters (self->lengths[vote->n_characters], vote);
  vote->confidence = get_confidence (self, vote, joint, share);
  choose_region (self, vote);
  return TRUE;
}
