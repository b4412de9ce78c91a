/* bolo-hit-case.c: one open encounter as a face shows it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-hit-case.h"

struct _BoloHitCase {
  GObject parent_instance;

  BoloHit *hit; /* (owned) */
  BoloHitState state;
  gboolean is_stored;
  GHashTable *sightings;  /* (owned) set of sighting ids */
  GHashTable *camera_set; /* (owned) set of camera names */
  char *cameras;          /* (owned) */
};

G_DEFINE_FINAL_TYPE (BoloHitCase, bolo_hit_case, G_TYPE_OBJECT)

typedef enum {
  PROP_HIT = 1,
  PROP_STATE,
  PROP_IS_STORED,
  PROP_SIGHTINGS,
  PROP_CAMERAS,
} BoloHitCaseProperty;

static GParamSpec *props[PROP_CAMERAS + 1];

static void
bolo_hit_case_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BoloHitCase *self = BOLO_HIT_CASE (object);

  switch ((BoloHitCaseProperty) id) {
  case PROP_HIT:
    g_value_set_pointer (value, self->hit);
    break;
  case PROP_STATE:
    g_value_set_int (value, self->state);
    break;
  case PROP_IS_STORED:
    g_value_set_boolean (value, self->is_stored);
    break;
  case PROP_SIGHTINGS:
    g_value_set_uint (value, bolo_hit_case_get_sightings (self));
    break;
  case PROP_CAMERAS:
    g_value_set_string (value, self->cameras);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
bolo_hit_case_finalize (GObject *object)
{
  BoloHitCase *self = BOLO_HIT_CASE (object);

  g_clear_pointer (&self->hit, bolo_hit_unref);
  g_clear_pointer (&self->sightings, g_hash_table_unref);
  g_clear_pointer (&self->camera_set, g_hash_table_unref);
  g_clear_pointer (&self->cameras, g_free);
  G_OBJECT_CLASS (bolo_hit_case_parent_class)->finalize (object);
}

static void
bolo_hit_case_class_init (BoloHitCaseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = bolo_hit_case_get_property;
  object_class->finalize = bolo_hit_case_finalize;

  props[PROP_HIT] = g_param_spec_pointer ("hit", NULL, NULL, flags);
  props[PROP_STATE] =
    g_param_spec_int ("state", NULL, NULL, BOLO_HIT_NEW, BOLO_HIT_SILENCED, BOLO_HIT_NEW, flags);
  props[PROP_IS_STORED] = g_param_spec_boolean ("is-stored", NULL, NULL, FALSE, flags);
  props[PROP_SIGHTINGS] = g_param_spec_uint ("sightings", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_CAMERAS] = g_param_spec_string ("cameras", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
bolo_hit_case_init (BoloHitCase *self)
{
  self->sightings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->camera_set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cameras = g_strdup ("");
}

static void
note_sighting (BoloHitCase *self, const BoloSighting *sighting)
{
  if (sighting == NULL)
    return;
  if (sighting->id != NULL && g_hash_table_add (self->sightings, g_strdup (sighting->id)))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SIGHTINGS]);
  if (sighting->camera != NULL &&
      g_hash_table_add (self->camera_set, g_strdup (sighting->camera))) {
    char *joined = *self->cameras == '\0' ? g_strdup (sighting->camera)
                                          : g_strjoin (", ", self->cameras, sighting->camera, NULL);

    g_free (self->cameras);
    self->cameras = joined;
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAMERAS]);
  }
}

BoloHitCase *
bolo_hit_case_new (const BoloHit *hit)
{
  BoloHitCase *self;

  g_return_val_if_fail (hit != NULL, NULL);

  self = g_object_new (BOLO_TYPE_HIT_CASE, NULL);
  self->hit = bolo_hit_ref (hit);
  note_sighting (self, hit->sighting);
  return self;
}

const BoloHit *
bolo_hit_case_get_hit (BoloHitCase *self)
{
  g_return_val_if_fail (BOLO_IS_HIT_CASE (self), NULL);

  return self->hit;
}

void
bolo_hit_case_update (BoloHitCase *self, const BoloHit *hit)
{
  g_return_if_fail (BOLO_IS_HIT_CASE (self));
  g_return_if_fail (hit != NULL);

  note_sighting (self, hit->sighting);
  if (hit == self->hit)
    return;
  bolo_hit_ref (hit);
  bolo_hit_unref (self->hit);
  self->hit = (BoloHit *) hit;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HIT]);
}

BoloHitState
bolo_hit_case_get_state (BoloHitCase *self)
{
  g_return_val_if_fail (BOLO_IS_HIT_CASE (self), BOLO_HIT_NEW);

  return self->state;
}

/* The state that @kind leads to from @state; @state itself when it may not. */
static BoloHitState
next_state (BoloHitState state, BoloDispositionKind kind)
{
  switch (kind) {
  case BOLO_DISPOSITION_SEEN:
    return state == BOLO_HIT_NEW ? BOLO_HIT_SEEN : state;
  case BOLO_DISPOSITION_PLATE_MATCHES:
    return state == BOLO_HIT_CONFIRMED ? state : BOLO_HIT_PLATE_MATCHES;
  case BOLO_DISPOSITION_CONFIRMED:
    /* Nothing is confirmed before the picture was compared. */
    return state == BOLO_HIT_PLATE_MATCHES ? BOLO_HIT_CONFIRMED : state;
  case BOLO_DISPOSITION_MISREAD:
    return BOLO_HIT_MISREAD;
  case BOLO_DISPOSITION_SILENCED:
    return state == BOLO_HIT_CONFIRMED ? state : BOLO_HIT_SILENCED;
  default:
    g_return_val_if_reached (state);
  }
}

gboolean
bolo_hit_case_apply (BoloHitCase *self, BoloDispositionKind kind)
{
  BoloHitState state;

  g_return_val_if_fail (BOLO_IS_HIT_CASE (self), FALSE);

  state = next_state (self->state, kind);
  if (state == self->state)
    return FALSE;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  return TRUE;
}

gboolean
bolo_hit_case_is_open (BoloHitCase *self)
{
  g_return_val_if_fail (BOLO_IS_HIT_CASE (self), FALSE);

  return self->state == BOLO_HIT_NEW || self->state == BOLO_HIT_SEEN ||
         self->state == BOLO_HIT_PLATE_MATCHES;
}

gboolean
bolo_hit_case_get_is_stored (BoloHitCase *self)
{
  g_return_val_if_fail (BOLO_IS_HIT_CASE (self), FALSE);

  return self->is_stored;
}

void
bolo_hit_case_set_is_stored (BoloHitCase *self, gboolean is_stored)
{
  g_return_if_fail (BOLO_IS_HIT_CASE (self));

  if (self->is_stored == is_stored)
    return;
  self->is_stored = is_stored;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IS_STORED]);
}

guint
bolo_hit_case_get_sightings (BoloHitCase *self)
{
  g_return_val_if_fail (BOLO_IS_HIT_CASE (self), 0);

  return g_hash_table_size (self->sightings);
}

const char *
bolo_hit_case_get_cameras (BoloHitCase *self)
{
  g_return_val_if_fail (BOLO_IS_HIT_CASE (self), NULL);

  return self->cameras;
}
