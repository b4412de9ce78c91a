/* bolo-plate-confusions.c: how likely the reader is to take one character for another
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-plate-confusions"

#include "bolo-plate-confusions.h"

#include "bolo-key-file.h"

#include <math.h>
#include <string.h>

#define N_CHARACTERS 36
static const char characters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* Without a file. */
#define WRONG_BY_DEFAULT 0.02
#define FLOOR_BY_DEFAULT 0.002
#define EXTRA_BY_DEFAULT 0.1
#define MISSING_BY_DEFAULT 0.002

struct _BoloPlateConfusions {
  double wrong; /* a character of which the reader gave no probability */
  double floor; /* never surer than this */
  guint32 instead[256][256];
  guint32 extra[256][2]; /* [1]: at an edge */
  guint32 missing[256][2];
};

guint32
bolo_plate_confusions_make_cost (double likelihood)
{
  if (!(likelihood > 0))
    return BOLO_CONFUSION_NEVER;
  return likelihood >= 1 ? 0
                         : (guint32) lround (MIN (-1000 * log (likelihood), BOLO_CONFUSION_NEVER));
}

/* "X:0.25" */
static gboolean
parse_share (
  BoloKeyFile *file, const char *key, const char *text, char *listed, double *share, GError **error)
{
  char *end = NULL;

  *listed = text[0];
  *share = text[0] != '\0' && text[1] == ':' ? g_ascii_strtod (text + 2, &end) : -1;
  if (end != NULL && end != text + 2 && *end == '\0' && strchr (characters, text[0]) != NULL &&
      *share >= 0 && *share <= 1)
    return TRUE;
  bolo_key_file_set_error (file, "instead", key,
                           "write CHARACTER:SHARE;CHARACTER:SHARE with shares from 0 to 1", error);
  return FALSE;
}

/* What a row leaves over is shared by those that it does not name. */
static gboolean
load_row (BoloPlateConfusions *self, BoloKeyFile *file, const char *key, GError **error)
{
  g_auto (GStrv) texts = bolo_key_file_get_list (file, "instead", key);
  double shares[256];
  double left = 1;
  guint n_unnamed = N_CHARACTERS - 1;

  if (strlen (key) != 1 || strchr (characters, key[0]) == NULL) {
    bolo_key_file_set_error (file, "instead", key, "a key is one character of 0-9 and A-Z", error);
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
    shares[i] = -1;
  for (guint i = 0; texts[i] != NULL; i++) {
    char listed;
    double share;

    if (!parse_share (file, key, g_strstrip (texts[i]), &listed, &share, error))
      return FALSE;
    if (shares[(guchar) listed] >= 0 || listed == key[0] || share > left + 1e-6) {
      bolo_key_file_set_error (file, "instead", key,
                               "each other character stands once, and shares add up to 1 at most",
                               error);
      return FALSE;
    }
    shares[(guchar) listed] = share;
    left = MAX (left - share, 0);
    n_unnamed--;
  }
  for (const char *listed = characters; *listed != '\0'; listed++) {
    double share = shares[(guchar) *listed];

    if (share < 0)
      share = n_unnamed > 0 ? left / n_unnamed : 0;
    self->instead[(guchar) key[0]][(guchar) *listed] = bolo_plate_confusions_make_cost (share);
  }
  return TRUE;
}

/* "edge=", "inner=", and a factor for each character that has one. */
static gboolean
load_places (
  BoloKeyFile *file, const char *group, double fallback, guint32 costs[256][2], GError **error)
{
  const char *const names[] = {"inner", "edge"};
  double likelihoods[2];

  for (int place = 0; place < 2; place++)
    if (!bolo_key_file_get_double (file, group, names[place], 0, 1, fallback, &likelihoods[place],
                                   error))
      return FALSE;
  for (const char *character = characters; *character != '\0'; character++) {
    const char key[] = {*character, '\0'};
    double factor = 1;

    if (!bolo_key_file_get_double (file, group, key, 0, 1000, 1, &factor, error))
      return FALSE;
    for (int place = 0; place < 2; place++)
      costs[(guchar) *character][place] =
        bolo_plate_confusions_make_cost (MIN (likelihoods[place] * factor, 1));
  }
  return TRUE;
}

static gboolean
load_file (BoloPlateConfusions *self, const char *path, GError **error)
{
  static const char *const reader[] = {"wrong", "floor", NULL};
  static const char *const any[] = {"*", NULL};
  static const BoloKeySpec specs[] = {
    {"reader", reader}, {"instead", any}, {"extra", any}, {"missing", any}, {NULL, NULL}};
  g_autoptr (BoloKeyFile) file = bolo_key_file_load (path, specs, error);
  g_auto (GStrv) keys = NULL;

  if (file == NULL ||
      !bolo_key_file_get_double (file, "reader", "wrong", 1e-6, 0.5, WRONG_BY_DEFAULT, &self->wrong,
                                 error) ||
      !bolo_key_file_get_double (file, "reader", "floor", 1e-6, 0.5, FLOOR_BY_DEFAULT, &self->floor,
                                 error) ||
      !load_places (file, "extra", EXTRA_BY_DEFAULT, self->extra, error) ||
      !load_places (file, "missing", MISSING_BY_DEFAULT, self->missing, error))
    return FALSE;
  keys = bolo_key_file_get_keys (file, "instead");
  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    if (!load_row (self, file, keys[i], error))
      return FALSE;
  return TRUE;
}

/* What was measured of each character becomes what holds of its class: the likelier counts. */
static void
fold_costs (BoloPlateConfusions *self, const char fold[256])
{
  for (const char *read = characters; *read != '\0'; read++) {
    guchar read_to = (guchar) (fold[(guchar) *read] != 0 ? fold[(guchar) *read] : *read);

    for (int place = 0; place < 2; place++) {
      self->extra[read_to][place] =
        MIN (self->extra[read_to][place], self->extra[(guchar) *read][place]);
      self->missing[read_to][place] =
        MIN (self->missing[read_to][place], self->missing[(guchar) *read][place]);
    }
    for (const char *listed = characters; *listed != '\0'; listed++) {
      guchar to = (guchar) (fold[(guchar) *listed] != 0 ? fold[(guchar) *listed] : *listed);

      self->instead[read_to][to] =
        MIN (self->instead[read_to][to], self->instead[(guchar) *read][(guchar) *listed]);
    }
  }
}

BoloPlateConfusions *
bolo_plate_confusions_load (const char *path, const char fold[256], GError **error)
{
  g_autoptr (BoloPlateConfusions) self = NULL;
  guint32 flat = bolo_plate_confusions_make_cost (1.0 / (N_CHARACTERS - 1));

  g_return_val_if_fail (fold != NULL, NULL);

  self = g_new0 (BoloPlateConfusions, 1);
  self->wrong = WRONG_BY_DEFAULT;
  self->floor = FLOOR_BY_DEFAULT;
  for (guint i = 0; i < 256; i++) {
    for (guint k = 0; k < 256; k++)
      self->instead[i][k] = flat;
    for (int place = 0; place < 2; place++) {
      self->extra[i][place] = bolo_plate_confusions_make_cost (EXTRA_BY_DEFAULT);
      self->missing[i][place] = bolo_plate_confusions_make_cost (MISSING_BY_DEFAULT);
    }
  }
  if (path != NULL && g_file_test (path, G_FILE_TEST_EXISTS) && !load_file (self, path, error))
    return NULL;
  fold_costs (self, fold);
  return g_steal_pointer (&self);
}

void
bolo_plate_confusions_free (BoloPlateConfusions *self)
{
  g_free (self);
}

guint32
bolo_plate_confusions_get_wrong (const BoloPlateConfusions *self, double probability)
{
  g_return_val_if_fail (self != NULL, BOLO_CONFUSION_NEVER);

  return bolo_plate_confusions_make_cost (probability < 0 ? self->wrong
                                                          : MAX (1 - probability, self->floor));
}

guint32
bolo_plate_confusions_get_right (const BoloPlateConfusions *self, double probability)
{
  g_return_val_if_fail (self != NULL, 0);

  return bolo_plate_confusions_make_cost (probability < 0 ? 1 - self->wrong
                                                          : CLAMP (probability, self->floor, 1));
}

guint32
bolo_plate_confusions_get_instead (const BoloPlateConfusions *self, char read, char listed)
{
  g_return_val_if_fail (self != NULL, BOLO_CONFUSION_NEVER);

  return self->instead[(guchar) read][(guchar) listed];
}

guint32
bolo_plate_confusions_get_extra (const BoloPlateConfusions *self, char read, gboolean is_at_edge)
{
  g_return_val_if_fail (self != NULL, BOLO_CONFUSION_NEVER);

  return self->extra[(guchar) read][is_at_edge ? 1 : 0];
}

guint32
bolo_plate_confusions_get_missing (const BoloPlateConfusions *self,
                                   char listed,
                                   gboolean is_at_edge)
{
  g_return_val_if_fail (self != NULL, BOLO_CONFUSION_NEVER);

  return self->missing[(guchar) listed][is_at_edge ? 1 : 0];
}
