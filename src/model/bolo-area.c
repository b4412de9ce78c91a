/* bolo-area.c: a part of the world: none, a circle or a polygon
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-area.h"

#include <math.h>
#include <string.h>

#define RADIUS_MAX_M 20040000.0 /* half way round the world is everywhere */

void
bolo_area_clear (BoloArea *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->points);
  memset (self, 0, sizeof *self);
}

static gboolean
are_on_globe (const BoloAreaPoint *points, guint n_points)
{
  for (guint i = 0; i < n_points; i++)
    if (!(fabs (points[i].latitude) <= 90) || !(fabs (points[i].longitude) <= 180))
      return FALSE;
  return TRUE;
}

static void
set (BoloArea *self, BoloAreaKind kind, const BoloAreaPoint *points, guint n_points, double radius)
{
  BoloAreaPoint *copy = n_points > 0 ? g_memdup2 (points, n_points * sizeof *points) : NULL;

  bolo_area_clear (self);
  self->kind = kind;
  self->n_points = (guint8) n_points;
  self->points = copy;
  self->radius_m = (float) radius;
}

gboolean
bolo_area_set_circle (BoloArea *self, BoloAreaPoint centre, double radius_m)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!are_on_globe (&centre, 1) || !(radius_m > 0 && radius_m <= RADIUS_MAX_M))
    return FALSE;
  set (self, BOLO_AREA_CIRCLE, &centre, 1, radius_m);
  return TRUE;
}

gboolean
bolo_area_set_polygon (BoloArea *self, const BoloAreaPoint *points, guint n_points)
{
  g_return_val_if_fail (self != NULL && (points != NULL || n_points == 0), FALSE);

  if (n_points < 3 || n_points > BOLO_AREA_POINTS_MAX || !are_on_globe (points, n_points))
    return FALSE;
  set (self, BOLO_AREA_POLYGON, points, n_points, 0);
  return TRUE;
}

void
bolo_area_copy (const BoloArea *self, BoloArea *copy)
{
  g_return_if_fail (self != NULL && copy != NULL);

  if (self != copy)
    set (copy, self->kind, self->points, self->n_points, self->radius_m);
}

gboolean
bolo_area_equal (const BoloArea *a, const BoloArea *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (a->kind != b->kind || a->n_points != b->n_points || a->radius_m != b->radius_m)
    return FALSE;
  for (guint i = 0; i < a->n_points; i++)
    if (a->points[i].latitude != b->points[i].latitude ||
        a->points[i].longitude != b->points[i].longitude)
      return FALSE;
  return TRUE;
}

static void
append_number (GString *text, double number)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (text, " %s", g_ascii_dtostr (digits, sizeof digits, number));
}

char *
bolo_area_to_string (const BoloArea *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->kind == BOLO_AREA_NONE)
    return NULL;
  text = g_string_new (self->kind == BOLO_AREA_CIRCLE ? "circle" : "polygon");
  for (guint i = 0; i < self->n_points; i++) {
    append_number (text, self->points[i].latitude);
    append_number (text, self->points[i].longitude);
  }
  if (self->kind == BOLO_AREA_CIRCLE)
    append_number (text, (double) self->radius_m);
  return g_string_free (text, FALSE);
}

/* All that is left of @text, as numbers; the count, or -1 where something else stands there. */
static int
read_numbers (const char *text, double *numbers, int n_max)
{
  int n_read = 0;

  for (;;) {
    char *end = NULL;

    while (*text == ' ' || *text == ',')
      text++;
    if (*text == '\0')
      return n_read;
    if (n_read == n_max || !(g_ascii_isdigit (*text) || *text == '-' || *text == '.'))
      return -1;
    numbers[n_read++] = g_ascii_strtod (text, &end);
    if (end == text || (*end != '\0' && *end != ' ' && *end != ','))
      return -1;
    text = end;
  }
}

gboolean
bolo_area_parse (BoloArea *self, const char *text)
{
  double numbers[2 * BOLO_AREA_POINTS_MAX];
  BoloAreaPoint points[BOLO_AREA_POINTS_MAX];
  gboolean is_circle;
  int n_numbers;

  g_return_val_if_fail (self != NULL && text != NULL, FALSE);

  is_circle = g_ascii_strncasecmp (text, "circle ", 7) == 0;
  if (!is_circle && g_ascii_strncasecmp (text, "polygon ", 8) != 0)
    return FALSE;
  n_numbers = read_numbers (text + (is_circle ? 7 : 8), numbers, G_N_ELEMENTS (numbers));
  if (is_circle)
    return n_numbers == 3 &&
           bolo_area_set_circle (self, (BoloAreaPoint){numbers[0], numbers[1]}, numbers[2]);
  if (n_numbers < 0 || n_numbers % 2 != 0)
    return FALSE;
  for (int i = 0; i < n_numbers / 2; i++)
    points[i] = (BoloAreaPoint){numbers[2 * i], numbers[2 * i + 1]};
  return bolo_area_set_polygon (self, points, (guint) n_numbers / 2);
}
