/* bolo-outlines.c: the shapes of plate characters as centre-line strokes in millimetres
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-outlines"

#include "bolo-outlines.h"

#include "bolo-key-file.h"

#include <math.h>
#include <string.h>

#define STEPS_MAX 256 /* of one character; the busiest of ours has 20 */
#define MILLIMETRES_MAX 1e4

struct _BoloOutlines {
  gatomicrefcount references;
  BoloOutlineSizes sizes;
  BoloOutlineGlyph glyphs[128]; /* n_steps 0: not drawn */
};

static const char *const outline_keys[] = {
  "name",      "height_mm",      "stroke_mm",       "char_gap_mm", "group_gap_mm", "line_gap_mm",
  "margin_mm", "plate_width_mm", "plate_height_mm", "cap",         "join",         NULL};
static const char *const glyph_keys[] = {"*", NULL};

/* Reads one number and the blanks before it. */
static gboolean
read_number (const char **cursor, double *value)
{
  char *end = NULL;

  *value = g_ascii_strtod (*cursor, &end);
  if (end == *cursor || !isfinite (*value) || fabs (*value) > MILLIMETRES_MAX)
    return FALSE;
  *cursor = end;
  return TRUE;
}

static gboolean
read_step (const char **cursor, BoloOutlineStep *step)
{
  static const char letters[] = "MLCZ";
  static const guint n_points[] = {1, 1, 3, 0};
  const char *letter = strchr (letters, **cursor);

  if (letter == NULL || **cursor == '\0')
    return FALSE;
  memset (step, 0, sizeof *step);
  step->command = (BoloOutlineCommand) (letter - letters);
  (*cursor)++;
  for (guint i = 0; i < n_points[step->command]; i++)
    if (!read_number (cursor, &step->points[i][0]) || !read_number (cursor, &step->points[i][1]))
      return FALSE;
  return TRUE;
}

/* "50;M 7 79 L 25 0": advance width, then steps. */
static gboolean
parse_glyph (const char *text, BoloOutlineGlyph *glyph)
{
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (BoloOutlineStep));
  const char *cursor = text;

  if (!read_number (&cursor, &glyph->advance_mm) || glyph->advance_mm <= 0)
    return FALSE;
  while (*cursor == ' ')
    cursor++;
  if (*cursor++ != ';')
    return FALSE;
  for (;;) {
    BoloOutlineStep step;

    while (*cursor == ' ')
      cursor++;
    if (*cursor == '\0')
      break;
    if (steps->len == STEPS_MAX || !read_step (&cursor, &step) ||
        (steps->len == 0 && step.command != BOLO_OUTLINE_MOVE))
      return FALSE;
    g_array_append_val (steps, step);
  }
  if (steps->len < 2)
    return FALSE;
  glyph->n_steps = steps->len;
  glyph->steps = (const BoloOutlineStep *) g_array_free (g_steal_pointer (&steps), FALSE);
  return TRUE;
}

static gboolean
load_sizes (BoloOutlineSizes *sizes, BoloKeyFile *file, GError **error)
{
  const struct {
    const char *key;
    double fallback;
    double *value;
  } wanted[] = {
    {"height_mm", 79, &sizes->height},
    {"stroke_mm", 14, &sizes->stroke},
    {"char_gap_mm", 11, &sizes->character_gap},
    {"group_gap_mm", 33, &sizes->group_gap},
    {"line_gap_mm", 19, &sizes->line_gap},
    {"margin_mm", 11, &sizes->margin},
    {"plate_width_mm", 520, &sizes->plate_width},
    {"plate_height_mm", 111, &sizes->plate_height},
  };

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (!bolo_key_file_get_double (file, "outline", wanted[i].key, 0.1, MILLIMETRES_MAX,
                                   wanted[i].fallback, wanted[i].value, error))
      return FALSE;
  return TRUE;
}

BoloOutlines *
bolo_outlines_load (const char *path, GError **error)
{
  const BoloKeySpec specs[] = {{"outline", outline_keys}, {"glyphs", glyph_keys}, {NULL, NULL}};
  g_autoptr (BoloOutlines) self = NULL;
  g_autoptr (BoloKeyFile) file = NULL;
  g_auto (GStrv) keys = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  file = bolo_key_file_load (path, specs, error);
  if (file == NULL)
    return NULL;
  self = g_new0 (BoloOutlines, 1);
  g_atomic_ref_count_init (&self->references);
  if (!load_sizes (&self->sizes, file, error))
    return NULL;
  keys = bolo_key_file_get_keys (file, "glyphs");
  for (guint i = 0; keys != NULL && keys[i] != NULL; i++) {
    g_autofree char *text = bolo_key_file_get_string (file, "glyphs", keys[i], "");
    guchar character = (guchar) keys[i][0];

    if (character >= G_N_ELEMENTS (self->glyphs) || keys[i][1] != '\0' ||
        !parse_glyph (text, &self->glyphs[character])) {
      bolo_key_file_set_error (file, "glyphs", keys[i],
                               "write CHARACTER=WIDTH;M x y L x y C x y x y x y Z in millimetres",
                               error);
      return NULL;
    }
  }
  return g_steal_pointer (&self);
}

BoloOutlines *
bolo_outlines_ref (BoloOutlines *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
bolo_outlines_unref (BoloOutlines *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (self->glyphs); i++)
    g_free ((gpointer) self->glyphs[i].steps);
  g_free (self);
}

const BoloOutlineSizes *
bolo_outlines_get_sizes (BoloOutlines *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->sizes;
}

const BoloOutlineGlyph *
bolo_outlines_get_glyph (BoloOutlines *self, char character)
{
  g_return_val_if_fail (self != NULL, NULL);

  if ((guchar) character >= G_N_ELEMENTS (self->glyphs))
    return NULL;
  return self->glyphs[(guchar) character].n_steps > 0 ? &self->glyphs[(guchar) character] : NULL;
}

double
bolo_outlines_get_width_mm (BoloOutlines *self, const char *text)
{
  double width = 0;
  double gap = 0;

  g_return_val_if_fail (self != NULL && text != NULL, 0);

  for (; *text != '\0'; text++) {
    const BoloOutlineGlyph *glyph = bolo_outlines_get_glyph (self, *text);

    if (*text == ' ' && width > 0)
      gap = self->sizes.group_gap;
    if (glyph == NULL)
      continue;
    width += gap + glyph->advance_mm;
    gap = self->sizes.character_gap;
  }
  return width;
}
