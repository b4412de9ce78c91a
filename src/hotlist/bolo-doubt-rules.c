/* bolo-doubt-rules.c: where an entry and what was seen do not agree
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-doubt-rules"

#include "bolo-doubt-rules.h"

#include <string.h>

/* One word for each of what lists write; also NCIC's codes. A word that is not here raises no
 * doubt: it is better not to ask than to ask nonsense. */
typedef struct {
  const char *word;
  const char *means;
} Word;

static const Word colours[] = {
  {"BLACK", "black"}, {"BLK", "black"},     {"WHITE", "white"},    {"WHI", "white"},
  {"CREAM", "white"}, {"CRM", "white"},     {"IVORY", "white"},    {"SILVER", "grey"},
  {"SIL", "grey"},    {"GREY", "grey"},     {"GRAY", "grey"},      {"GRY", "grey"},
  {"BLUE", "blue"},   {"BLU", "blue"},      {"TURQUOISE", "blue"}, {"TRQ", "blue"},
  {"RED", "red"},     {"MAROON", "red"},    {"MAR", "red"},        {"PINK", "red"},
  {"GREEN", "green"}, {"GRN", "green"},     {"YELLOW", "yellow"},  {"YEL", "yellow"},
  {"GOLD", "yellow"}, {"GLD", "yellow"},    {"ORANGE", "orange"},  {"ONG", "orange"},
  {"BROWN", "brown"}, {"BRO", "brown"},     {"BRONZE", "brown"},   {"BRZ", "brown"},
  {"BEIGE", "brown"}, {"BGE", "brown"},     {"TAN", "brown"},      {"PURPLE", "purple"},
  {"PLE", "purple"},  {"VIOLET", "purple"},
};

static const Word bodies[] = {
  {"CAR", "car"},
  {"SALOON", "car"},
  {"HATCHBACK", "car"},
  {"ESTATE", "car"},
  {"COUPE", "car"},
  {"CONVERTIBLE", "car"},
  {"SUV", "car"},
  {"MPV", "car"},
  {"PC", "car"},
  {"4D", "car"},
  {"2D", "car"},
  {"VAN", "van"},
  {"VN", "van"},
  {"PICKUP", "van"},
  {"PK", "van"},
  {"LORRY", "lorry"},
  {"TRUCK", "lorry"},
  {"HGV", "lorry"},
  {"TIPPER", "lorry"},
  {"TK", "lorry"},
  {"BUS", "bus"},
  {"COACH", "bus"},
  {"BU", "bus"},
  {"MOTORCYCLE", "motorcycle"},
  {"MOTORBIKE", "motorcycle"},
  {"SCOOTER", "motorcycle"},
  {"MC", "motorcycle"},
};

/* ISO 3166-1, and the signs of vehicles in international traffic: of all countries that the reader
 * knows (data/models/reader.ini), as far as they differ from the code that it says. */
static const Word regions[] = {
  {"GB", "GB"},  {"UK", "GB"},  {"GBR", "GB"}, {"NI", "GB"},  {"NIR", "GB"}, {"GB-NIR", "GB"},
  {"IE", "IE"},  {"IRL", "IE"}, {"FR", "FR"},  {"F", "FR"},   {"FRA", "FR"}, {"DE", "DE"},
  {"D", "DE"},   {"DEU", "DE"}, {"NL", "NL"},  {"NLD", "NL"}, {"BE", "BE"},  {"B", "BE"},
  {"BEL", "BE"}, {"ES", "ES"},  {"E", "ES"},   {"ESP", "ES"}, {"IT", "IT"},  {"I", "IT"},
  {"ITA", "IT"}, {"PL", "PL"},  {"POL", "PL"}, {"RO", "RO"},  {"ROU", "RO"}, {"PT", "PT"},
  {"P", "PT"},   {"PRT", "PT"}, {"L", "LU"},   {"LUX", "LU"}, {"CHE", "CH"}, {"A", "AT"},
  {"AUT", "AT"}, {"CZE", "CZ"}, {"SVK", "SK"}, {"H", "HU"},   {"HUN", "HU"}, {"BGR", "BG"},
  {"SLO", "SI"}, {"SVN", "SI"}, {"HRV", "HR"}, {"EL", "GR"},  {"GRC", "GR"}, {"M", "MT"},
  {"MLT", "MT"}, {"CYP", "CY"}, {"S", "SE"},   {"SWE", "SE"}, {"N", "NO"},   {"NOR", "NO"},
  {"DNK", "DK"}, {"FIN", "FI"}, {"EST", "EE"}, {"LVA", "LV"}, {"LTU", "LT"}, {"TUR", "TR"},
  {"BRA", "BR"},
};

#define SHARED_REGION "EU"
#define UNITED_STATES "US" /* lists name the state, and the reader does not */

static const char *
find_meaning (const Word *words, gsize n_words, const char *word)
{
  for (gsize i = 0; i < n_words; i++)
    if (g_ascii_strcasecmp (words[i].word, word) == 0)
      return words[i].means;
  return NULL;
}

/* "BLUE/GREY" and "DARK BLUE" name more than one word: they agree where any of them does. TRUE:
 * both are understood, and nothing agrees. */
static gboolean
disagree (const Word *words, gsize n_words, const char *listed, const char *seen)
{
  g_auto (GStrv) parts = NULL;
  const char *wanted;
  gboolean is_understood = FALSE;

  if (listed == NULL || seen == NULL)
    return FALSE;
  wanted = find_meaning (words, n_words, seen);
  parts = g_strsplit_set (listed, " /,-+&", -1);
  for (guint i = 0; wanted != NULL && parts[i] != NULL; i++) {
    const char *means = find_meaning (words, n_words, parts[i]);

    if (means != NULL && g_str_equal (means, wanted))
      return FALSE;
    is_understood = is_understood || means != NULL;
  }
  return is_understood;
}

/* What is not among the known ones is compared as it stands: a state of the US, say. */
static gboolean
are_other_regions (const char *listed, const char *seen)
{
  const char *wanted;
  const char *found;

  /* Several countries share a layout: then the reader does not know which. */
  if (listed == NULL || seen == NULL || g_str_equal (seen, SHARED_REGION) ||
      g_str_equal (seen, UNITED_STATES))
    return FALSE;
  wanted = find_meaning (regions, G_N_ELEMENTS (regions), listed);
  found = find_meaning (regions, G_N_ELEMENTS (regions), seen);
  return g_ascii_strcasecmp (wanted != NULL ? wanted : listed, found != NULL ? found : seen) != 0;
}

void
bolo_doubt_rules_find (const BoloListEntry *entry, const BoloSighting *sighting, BoloMatch *match)
{
  g_return_if_fail (entry != NULL && sighting != NULL && match != NULL);

  match->doubts = 0;
  if (are_other_regions (entry->region, sighting->region))
    match->doubts |= BOLO_DOUBT_REGION;
  if (disagree (colours, G_N_ELEMENTS (colours), entry->colour, sighting->colour))
    match->doubts |= BOLO_DOUBT_COLOUR;
  if (disagree (bodies, G_N_ELEMENTS (bodies), entry->body, sighting->body))
    match->doubts |= BOLO_DOUBT_TYPE;
}
