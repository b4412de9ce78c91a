/* bolo-plate-rules.c: what a mark looks like: normal form, look-alikes, syntaxes, spacing
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-plate-rules"

#include "bolo-plate-rules.h"

#include "bolo-error.h"
#include "bolo-key-file.h"
#include "bolo-plate-pattern.h"

#include <string.h>

/* Personalised and far foreign marks. One in thirteen of the different marks in the training
 * pictures fits no layout, and far more texts fit none than one: each is much less likely, and
 * possible. */
#define PRIOR_NO_SYNTAX 0.05

typedef enum {
  SPLIT_NONE,
  SPLIT_AT,     /* after split_at characters, or before the last -split_at */
  SPLIT_CHANGE, /* where letters meet digits first */
} SplitKind;

typedef struct {
  char *name;
  char *region;
  double weight;
  SplitKind split;
  int split_at;
  GArray *forms; /* of BoloPlateForm */
  char **bands;  /* what may be printed beside such a mark: "GB" */
} Syntax;

struct _BoloPlateRules {
  gatomicrefcount references;
  char fold[256];                  /* character to the first of its class, 0: itself */
  char twin[256];                  /* the other shape that the law draws alike, 0: none */
  GHashTable *letters;             /* (owned): gunichar to Latin text */
  GPtrArray *syntaxes;             /* (owned): of Syntax, the likeliest first */
  BoloPlateConfusions *confusions; /* (owned) */
};

static void
syntax_free (Syntax *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->region, g_free);
  g_clear_pointer (&self->forms, g_array_unref);
  g_clear_pointer (&self->bands, g_strfreev);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Syntax, syntax_free)

static gboolean
load_class (BoloPlateRules *self, BoloKeyFile *file, const char *group, GError **error)
{
  g_autofree char *characters = bolo_key_file_get_string (file, group, "characters", "");
  gboolean is_enabled = TRUE;
  gboolean has_twins = FALSE;

  if (!bolo_key_file_get_boolean (file, group, "enabled", TRUE, &is_enabled, error) ||
      !bolo_key_file_get_boolean (file, group, "twins", FALSE, &has_twins, error))
    return FALSE;
  if (strlen (characters) < 2 || !bolo_plate_is_mark (characters)) {
    bolo_key_file_set_error (file, group, "characters",
                             "a class needs two or more characters of 0-9 and A-Z", error);
    return FALSE;
  }
  if (has_twins && strlen (characters) != 2) {
    bolo_key_file_set_error (file, group, "twins", "a class of twins has exactly two characters",
                             error);
    return FALSE;
  }
  if (has_twins) {
    self->twin[(guchar) characters[0]] = characters[1];
    self->twin[(guchar) characters[1]] = characters[0];
  }
  for (const char *cursor = characters; is_enabled && *cursor != '\0'; cursor++) {
    if (self->fold[(guchar) *cursor] != '\0') {
      bolo_key_file_set_error (file, group, "characters",
                               "a character may stand in one enabled class only", error);
      return FALSE;
    }
    self->fold[(guchar) *cursor] = characters[0];
  }
  return TRUE;
}

static gboolean
load_fold (BoloPlateRules *self, const char *directory, GError **error)
{
  static const char *const keys[] = {"characters", "enabled", "twins", NULL};
  static const BoloKeySpec specs[] = {{"class *", keys}, {NULL, NULL}};
  g_autofree char *path = g_build_filename (directory, "fold.ini", NULL);
  g_autoptr (BoloKeyFile) file = bolo_key_file_load (path, specs, error);
  g_auto (GStrv) groups = NULL;

  if (file == NULL)
    return FALSE;
  groups = bolo_key_file_get_groups (file);
  for (guint i = 0; groups[i] != NULL; i++)
    if (!load_class (self, file, groups[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
load_transliteration (BoloPlateRules *self, const char *directory, GError **error)
{
  static const char *const keys[] = {"*", NULL};
  static const BoloKeySpec specs[] = {{"letters", keys}, {NULL, NULL}};
  g_autofree char *path = g_build_filename (directory, "transliteration.ini", NULL);
  g_autoptr (BoloKeyFile) file = bolo_key_file_load (path, specs, error);
  g_auto (GStrv) latin = NULL;

  if (file == NULL)
    return FALSE;
  latin = bolo_key_file_get_keys (file, "letters");
  for (guint i = 0; latin != NULL && latin[i] != NULL; i++) {
    g_autofree char *letters = bolo_key_file_get_string (file, "letters", latin[i], "");

    if (!bolo_plate_is_mark (latin[i]) || !g_utf8_validate (letters, -1, NULL)) {
      bolo_key_file_set_error (file, "letters", latin[i],
                               "write LATIN CAPITALS=the letters that become them, in UTF-8",
                               error);
      return FALSE;
    }
    for (const char *cursor = letters; *cursor != '\0'; cursor = g_utf8_next_char (cursor))
      g_hash_table_insert (self->letters, GUINT_TO_POINTER (g_utf8_get_char (cursor)),
                           g_strdup (latin[i]));
  }
  return TRUE;
}

static gboolean
parse_split (Syntax *syntax, BoloKeyFile *file, GError **error)
{
  g_autofree char *text = bolo_key_file_get_string (file, syntax->name, "split", "none");
  gint64 at = 0;

  if (g_str_equal (text, "none"))
    return TRUE;
  if (g_str_equal (text, "change")) {
    syntax->split = SPLIT_CHANGE;
    return TRUE;
  }
  if (!bolo_key_file_get_int (file, syntax->name, "split", -BOLO_PLATE_LENGTH_MAX,
                              BOLO_PLATE_LENGTH_MAX, 0, &at, error))
    return FALSE;
  syntax->split = at != 0 ? SPLIT_AT : SPLIT_NONE;
  syntax->split_at = (int) at;
  return TRUE;
}

static gboolean
load_syntax (BoloPlateRules *self, BoloKeyFile *file, const char *group, GError **error)
{
  g_autoptr (Syntax) syntax = g_new0 (Syntax, 1);
  g_auto (GStrv) patterns = bolo_key_file_get_list (file, group, "pattern");

  syntax->name = g_strdup (group);
  syntax->region = bolo_key_file_get_string (file, group, "region", NULL);
  syntax->bands = bolo_key_file_get_list (file, group, "bands");
  syntax->forms = g_array_new (FALSE, FALSE, sizeof (BoloPlateForm));
  if (syntax->region == NULL || patterns[0] == NULL) {
    bolo_key_file_set_error (file, group, "pattern", "a syntax needs region= and pattern=", error);
    return FALSE;
  }
  if (!bolo_key_file_get_double (file, group, "weight", 0, 1, 1, &syntax->weight, error) ||
      !parse_split (syntax, file, error))
    return FALSE;
  for (guint i = 0; patterns[i] != NULL; i++) {
    g_autofree char *message = NULL;

    if (!bolo_plate_pattern_unroll (patterns[i], syntax->forms, &message)) {
      bolo_key_file_set_error (file, group, "pattern", message, error);
      return FALSE;
    }
  }
  g_ptr_array_add (self->syntaxes, g_steal_pointer (&syntax));
  return TRUE;
}

static gboolean
load_syntaxes (BoloPlateRules *self, const char *directory, const char *name, GError **error)
{
  static const char *const keys[] = {"region", "pattern", "split", "weight", "bands", NULL};
  static const BoloKeySpec specs[] = {{"*", keys}, {NULL, NULL}};
  g_autofree char *file_name = g_strdup_printf ("syntax-%s.ini", name);
  g_autofree char *path = g_build_filename (directory, file_name, NULL);
  g_autoptr (BoloKeyFile) file = NULL;
  g_auto (GStrv) groups = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND,
                 "there are no plate syntaxes called '%s': %s is not there", name, path);
    return FALSE;
  }
  file = bolo_key_file_load (path, specs, error);
  if (file == NULL)
    return FALSE;
  groups = bolo_key_file_get_groups (file);
  for (guint i = 0; groups[i] != NULL; i++)
    if (!load_syntax (self, file, groups[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
load_confusions (BoloPlateRules *self, const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "confusions.ini", NULL);

  self->confusions = bolo_plate_confusions_load (path, self->fold, error);
  return self->confusions != NULL;
}

static gboolean
fits (const Syntax *syntax, const char *normalised)
{
  for (guint k = 0; k < syntax->forms->len; k++)
    if (bolo_plate_form_matches (&g_array_index (syntax->forms, BoloPlateForm, k), normalised))
      return TRUE;
  return FALSE;
}

static const Syntax *
find_syntax (BoloPlateRules *self, const char *normalised)
{
  for (guint i = 0; i < self->syntaxes->len; i++) {
    const Syntax *syntax = g_ptr_array_index (self->syntaxes, i);

    if (fits (syntax, normalised))
      return syntax;
  }
  return NULL;
}

/* TRUE with @text made to fit @form by exchanging twins only. */
static gboolean
fit_by_twins (BoloPlateRules *self, const BoloPlateForm *form, char *text)
{
  char fitted[BOLO_PLATE_LENGTH_MAX + 1] = "";

  for (guint i = 0; i < form->length; i++) {
    guchar character = (guchar) text[i];
    guchar twin = (guchar) self->twin[character];

    if (form->masks[i] & bolo_plate_form_get_bit ((char) character))
      fitted[i] = (char) character;
    else if (twin != 0 && form->masks[i] & bolo_plate_form_get_bit ((char) twin))
      fitted[i] = (char) twin;
    else
      return FALSE;
  }
  memcpy (text, fitted, form->length);
  return TRUE;
}

BoloPlateRules *
bolo_plate_rules_load (const char *directory, GError **error)
{
  return bolo_plate_rules_load_syntaxes (directory, "gb", error);
}

BoloPlateRules *
bolo_plate_rules_load_syntaxes (const char *directory, const char *syntaxes, GError **error)
{
  g_autoptr (BoloPlateRules) self = NULL;
  g_auto (GStrv) names = NULL;

  g_return_val_if_fail (directory != NULL && syntaxes != NULL, NULL);

  self = g_new0 (BoloPlateRules, 1);
  g_atomic_ref_count_init (&self->references);
  self->letters = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->syntaxes = g_ptr_array_new_with_free_func ((GDestroyNotify) syntax_free);
  if (!load_fold (self, directory, error) || !load_transliteration (self, directory, error) ||
      !load_confusions (self, directory, error))
    return NULL;
  names = g_strsplit (syntaxes, ",", 16);
  for (guint i = 0; names[i] != NULL; i++) {
    g_strstrip (names[i]);
    if (*names[i] == '\0' || strchr (names[i], '/') != NULL) {
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                   "'%s' does not name plate syntaxes; write a list such as 'gb,eu'", syntaxes);
      return NULL;
    }
    if (!load_syntaxes (self, directory, names[i], error))
      return NULL;
  }
  return g_steal_pointer (&self);
}

BoloPlateRules *
bolo_plate_rules_ref (BoloPlateRules *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
bolo_plate_rules_unref (BoloPlateRules *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->letters, g_hash_table_unref);
  g_clear_pointer (&self->syntaxes, g_ptr_array_unref);
  g_clear_pointer (&self->confusions, bolo_plate_confusions_free);
  g_free (self);
}

static gboolean
is_filler (gunichar character)
{
  switch (character) {
  case '-':
  case '.':
  case 0x00b7: /* middle dot */
  case 0x2010: /* hyphens and dashes */
  case 0x2011:
  case 0x2012:
  case 0x2013:
  case 0x2014:
  case 0x2022: /* bullets */
  case 0x2219:
  case 0x25cf:
  case 0x00ad: /* soft hyphen */
  case 0x200b: /* zero width space */
  case 0xfeff: /* byte order mark */
    return TRUE;
  default:
    return g_unichar_isspace (character);
  }
}

char *
bolo_plate_rules_normalise (BoloPlateRules *self, const char *text)
{
  g_autoptr (GString) normalised = g_string_new (NULL);
  g_autofree char *composed = NULL;
  g_autofree char *upper = NULL;
  g_autofree char *whole = NULL;

  g_return_val_if_fail (self != NULL && text != NULL, NULL);

  if (bolo_plate_is_mark (text))
    return g_strdup (text);
  if (!g_utf8_validate (text, -1, NULL))
    return g_strdup ("");
  composed = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
  /* Upper-casing takes some letters apart again. */
  upper = g_utf8_strup (composed, -1);
  whole = g_utf8_normalize (upper, -1, G_NORMALIZE_NFC);
  for (const char *cursor = whole; *cursor != '\0'; cursor = g_utf8_next_char (cursor)) {
    gunichar character = g_utf8_get_char (cursor);
    const char *latin = g_hash_table_lookup (self->letters, GUINT_TO_POINTER (character));

    if (latin != NULL)
      g_string_append (normalised, latin);
    else if (!is_filler (character))
      g_string_append_unichar (normalised, character);
  }
  return g_string_free (g_steal_pointer (&normalised), FALSE);
}

char
bolo_plate_rules_fold_character (BoloPlateRules *self, char character)
{
  char folded = self->fold[(guchar) character];

  return folded != '\0' ? folded : character;
}

char *
bolo_plate_rules_fold (BoloPlateRules *self, const char *normalised)
{
  char *folded;

  g_return_val_if_fail (self != NULL && normalised != NULL, NULL);

  folded = g_strdup (normalised);
  for (char *cursor = folded; *cursor != '\0'; cursor++)
    *cursor = bolo_plate_rules_fold_character (self, *cursor);
  return folded;
}

const char *
bolo_plate_rules_get_syntax (BoloPlateRules *self, const char *normalised, const char **region)
{
  const Syntax *syntax;

  g_return_val_if_fail (self != NULL && normalised != NULL, NULL);

  syntax = find_syntax (self, normalised);
  if (region != NULL)
    *region = syntax != NULL ? syntax->region : NULL;
  return syntax != NULL ? syntax->name : NULL;
}

const BoloPlateConfusions *
bolo_plate_rules_get_confusions (BoloPlateRules *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->confusions;
}

double
bolo_plate_rules_get_region_share (BoloPlateRules *self, const char *normalised)
{
  const Syntax *own;
  double others = 0;

  g_return_val_if_fail (self != NULL && normalised != NULL, 0);

  own = find_syntax (self, normalised);
  if (own == NULL)
    return 0;
  for (guint i = 0; i < self->syntaxes->len; i++) {
    const Syntax *syntax = g_ptr_array_index (self->syntaxes, i);

    if (g_strcmp0 (syntax->region, own->region) != 0 && fits (syntax, normalised))
      others += syntax->weight;
  }
  return own->weight + others > 0 ? own->weight / (own->weight + others) : 0;
}

guint
bolo_plate_rules_count_band (BoloPlateRules *self, const char *normalised)
{
  g_return_val_if_fail (self != NULL && normalised != NULL, 0);

  if (find_syntax (self, normalised) != NULL)
    return 0;
  for (guint i = 0; i < self->syntaxes->len; i++) {
    const Syntax *syntax = g_ptr_array_index (self->syntaxes, i);

    for (guint k = 0; syntax->bands[k] != NULL; k++) {
      gsize length = strlen (syntax->bands[k]);

      if (g_str_has_prefix (normalised, syntax->bands[k]) && fits (syntax, normalised + length))
        return (guint) length;
    }
  }
  return 0;
}

double
bolo_plate_rules_get_prior (BoloPlateRules *self, const char *normalised)
{
  const Syntax *syntax;

  g_return_val_if_fail (self != NULL && normalised != NULL, 0);

  syntax = find_syntax (self, normalised);
  return syntax != NULL ? MAX (syntax->weight, PRIOR_NO_SYNTAX) : PRIOR_NO_SYNTAX;
}

char *
bolo_plate_rules_format (BoloPlateRules *self, const char *normalised)
{
  const Syntax *syntax;
  gsize length;
  gsize at = 0;

  g_return_val_if_fail (self != NULL && normalised != NULL, NULL);

  syntax = find_syntax (self, normalised);
  length = strlen (normalised);
  if (syntax != NULL && syntax->split == SPLIT_AT)
    at = syntax->split_at > 0 ? (gsize) syntax->split_at
                              : length - MIN (length, (gsize) -syntax->split_at);
  if (syntax != NULL && syntax->split == SPLIT_CHANGE)
    for (at = 1; at < length; at++)
      if (g_ascii_isdigit (normalised[at]) != g_ascii_isdigit (normalised[at - 1]))
        break;
  if (at == 0 || at >= length)
    return g_strdup (normalised);
  return g_strdup_printf ("%.*s %s", (int) at, normalised, normalised + at);
}

char *
bolo_plate_rules_resolve (BoloPlateRules *self, const char *normalised)
{
  gsize length;
  char *text;

  g_return_val_if_fail (self != NULL && normalised != NULL, NULL);

  text = g_strdup (normalised);
  length = strlen (text);
  if (find_syntax (self, text) != NULL)
    return text;
  for (guint i = 0; i < self->syntaxes->len; i++) {
    const Syntax *syntax = g_ptr_array_index (self->syntaxes, i);

    for (guint k = 0; k < syntax->forms->len; k++) {
      const BoloPlateForm *form = &g_array_index (syntax->forms, BoloPlateForm, k);

      if (form->length == length && fit_by_twins (self, form, text))
        return text;
    }
  }
  return text;
}

gboolean
bolo_plate_rules_position_allows (
  BoloPlateRules *self, const char *syntax, guint length, guint index, char character)
{
  guint64 bit = bolo_plate_form_get_bit (character);

  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < self->syntaxes->len; i++) {
    const Syntax *candidate = g_ptr_array_index (self->syntaxes, i);

    if (syntax != NULL && !g_str_equal (candidate->name, syntax))
      continue;
    for (guint k = 0; k < candidate->forms->len; k++) {
      const BoloPlateForm *form = &g_array_index (candidate->forms, BoloPlateForm, k);

      if (form->length == length && index < length && form->masks[index] & bit)
        return TRUE;
    }
  }
  return FALSE;
}
