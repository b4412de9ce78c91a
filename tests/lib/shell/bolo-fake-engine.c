/* bolo-fake-engine.c: a scripted engine, so that the shell can be tested without one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-fake-engine.h"

#include <math.h>
#include <string.h>

#include "bolo-fake-scene.h"

#define PREVIEW_WIDTH 640
#define PREVIEW_HEIGHT 360

struct _BoloFakeEngine {
  GObject parent_instance;

  BoloClock *clock;        /* (owned) */
  GPtrArray *cameras;      /* (owned) of BoloCameraInfo */
  GHashTable *previews;    /* (owned) name → BoloMailbox */
  GHashTable *looks;       /* (owned) name → BoloLookBoard */
  GListStore *cases;       /* (owned) of BoloHitCase */
  GPtrArray *health;       /* (owned) of BoloHealth */
  GPtrArray *dispositions; /* (owned) of BoloDisposition */
  BoloFix *fix;            /* (owned) (nullable) */
  BoloFakeDesk *desk;      /* (owned) */
  BoloSyncState *sync;     /* (owned) */
  char *officer;           /* (owned) (nullable) */
  gboolean is_discreet;
  double volume;
  guint n_ids;
};

static void engine_interface_init (BoloEngineInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BoloFakeEngine,
                               bolo_fake_engine,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOLO_TYPE_ENGINE, engine_interface_init))

static BoloClock *
get_clock (BoloEngine *engine)
{
  return BOLO_FAKE_ENGINE (engine)->clock;
}

static GPtrArray *
get_cameras (BoloEngine *engine)
{
  return BOLO_FAKE_ENGINE (engine)->cameras;
}

static BoloMailbox *
get_preview (BoloEngine *engine, const char *camera)
{
  return g_hash_table_lookup (BOLO_FAKE_ENGINE (engine)->previews, camera);
}

static BoloLookBoard *
get_looks (BoloEngine *engine, const char *camera)
{
  return g_hash_table_lookup (BOLO_FAKE_ENGINE (engine)->looks, camera);
}

static GListModel *
get_cases (BoloEngine *engine)
{
  return G_LIST_MODEL (BOLO_FAKE_ENGINE (engine)->cases);
}

static GPtrArray *
get_health (BoloEngine *engine)
{
  return BOLO_FAKE_ENGINE (engine)->health;
}

static const BoloFix *
get_fix (BoloEngine *engine)
{
  return BOLO_FAKE_ENGINE (engine)->fix;
}

static BoloSyncState *
get_sync (BoloEngine *engine)
{
  return BOLO_FAKE_ENGINE (engine)->sync;
}

static BoloDesk *
get_desk (BoloEngine *engine)
{
  return BOLO_DESK (BOLO_FAKE_ENGINE (engine)->desk);
}

static const char *
get_officer (BoloEngine *engine)
{
  return BOLO_FAKE_ENGINE (engine)->officer;
}

static void
set_officer (BoloEngine *engine, const char *officer)
{
  BoloFakeEngine *self = BOLO_FAKE_ENGINE (engine);

  g_free (self->officer);
  self->officer = g_strdup (officer);
}

static void
dispose_of (BoloEngine *engine,
            const char *hit,
            BoloDispositionKind kind,
            const char *checked_by,
            const char *checked_how)
{
  BoloFakeEngine *self = BOLO_FAKE_ENGINE (engine);
  BoloDisposition *disposition = bolo_disposition_new ();
  guint n_cases = g_list_model_get_n_items (G_LIST_MODEL (self->cases));

  disposition->id = g_strdup_printf ("disposition-%u", ++self->n_ids);
  disposition->hit = g_strdup (hit);
  disposition->kind = kind;
  disposition->officer = g_strdup (self->officer);
  disposition->checked_by = g_strdup (checked_by);
  disposition->checked_how = g_strdup (checked_how);
  disposition->at_us = bolo_clock_get_utc_us (self->clock);
  g_ptr_array_add (self->dispositions, disposition);

  for (guint i = 0; i < n_cases; i++) {
    g_autoptr (BoloHitCase) hit_case = g_list_model_get_item (G_LIST_MODEL (self->cases), i);

    if (g_str_equal (bolo_hit_case_get_hit (hit_case)->id, hit))
      bolo_hit_case_apply (hit_case, kind);
  }
}

static void
set_discreet (BoloEngine *engine, gboolean is_discreet)
{
  BOLO_FAKE_ENGINE (engine)->is_discreet = is_discreet;
}

static void
set_volume (BoloEngine *engine, double volume)
{
  BOLO_FAKE_ENGINE (engine)->volume = volume;
}

static void
engine_interface_init (BoloEngineInterface *iface)
{
  iface->get_clock = get_clock;
  iface->get_cameras = get_cameras;
  iface->get_preview = get_preview;
  iface->get_looks = get_looks;
  iface->get_cases = get_cases;
  iface->get_health = get_health;
  iface->get_fix = get_fix;
  iface->get_desk = get_desk;
  iface->get_sync = get_sync;
  iface->get_officer = get_officer;
  iface->set_officer = set_officer;
  iface->dispose_of = dispose_of;
  iface->set_discreet = set_discreet;
  iface->set_volume = set_volume;
}

static void
bolo_fake_engine_finalize (GObject *object)
{
  BoloFakeEngine *self = BOLO_FAKE_ENGINE (object);

  g_object_unref (self->clock);
  g_object_unref (self->desk);
  g_object_unref (self->sync);
  g_ptr_array_unref (self->cameras);
  g_hash_table_unref (self->previews);
  g_hash_table_unref (self->looks);
  g_object_unref (self->cases);
  g_ptr_array_unref (self->health);
  g_ptr_array_unref (self->dispositions);
  g_clear_pointer (&self->fix, bolo_fix_unref);
  g_free (self->officer);

  G_OBJECT_CLASS (bolo_fake_engine_parent_class)->finalize (object);
}

static void
bolo_fake_engine_class_init (BoloFakeEngineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bolo_fake_engine_finalize;
}

static void
bolo_fake_engine_init (BoloFakeEngine *self)
{
  self->cameras = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_camera_info_unref);
  self->previews =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) bolo_mailbox_unref);
  self->looks =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) bolo_look_board_unref);
  self->cases = g_list_store_new (BOLO_TYPE_HIT_CASE);
  self->health = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_health_unref);
  self->dispositions = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_disposition_unref);
}

BoloFakeEngine *
bolo_fake_engine_new (BoloClock *clock)
{
  BoloFakeEngine *self = g_object_new (BOLO_TYPE_FAKE_ENGINE, NULL);

  self->clock = clock != NULL ? g_object_ref (clock) : bolo_clock_new_system ();
  self->desk = bolo_fake_desk_new (self->clock);
  self->sync = bolo_sync_state_new ();
  return self;
}

void
bolo_fake_engine_add_camera (BoloFakeEngine *self, const char *name, const char *title)
{
  BoloCameraInfo *info = bolo_camera_info_new (name);

  g_free (info->title);
  info->title = g_strdup (title);
  g_ptr_array_add (self->cameras, info);
  g_hash_table_insert (self->previews, g_strdup (name),
                       bolo_mailbox_new (BOLO_MAILBOX_LIVE, (GDestroyNotify) bolo_frame_unref));
  g_hash_table_insert (self->looks, g_strdup (name), bolo_look_board_new ());
}

void
bolo_fake_engine_set_health (BoloFakeEngine *self,
                             const char *what,
                             BoloHealthState state,
                             const char *detail,
                             const char *remedy)
{
  g_autoptr (BoloHealth) health =
    bolo_health_new (what, state, bolo_clock_get_utc_us (self->clock), detail, remedy);

  for (guint i = 0; i < self->health->len; i++) {
    if (g_str_equal (((BoloHealth *) g_ptr_array_index (self->health, i))->what, what)) {
      g_ptr_array_remove_index (self->health, i);
      break;
    }
  }
  g_ptr_array_add (self->health, bolo_health_ref (health));
  bolo_engine_emit_health (BOLO_ENGINE (self), health);
}

void
bolo_fake_engine_set_all_well (BoloFakeEngine *self)
{
  static const char *const parts[][2] = {
    {"gps", "Fix with 9 satellites, good to 3 m."},
    {"clock", "The clock agrees with GPS to 12 ms."},
    {"lists", "4 lists, the oldest 2 h 10 min old."},
    {"storage", "212 GB free."},
    {"sound", "Tones through the car's loudspeaker."},
    {"speech", "Speaks English."},
    {"vision", "41 frames read a second."},
  };

  for (guint i = 0; i < self->cameras->len; i++) {
    const BoloCameraInfo *info = g_ptr_array_index (self->cameras, i);
    g_autofree char *what = g_strdup_printf ("camera:%s", info->name);

    bolo_fake_engine_set_health (self, what, BOLO_HEALTH_OK, "1280x720, 15 frames a second.", NULL);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    bolo_fake_engine_set_health (self, parts[i][0], BOLO_HEALTH_OK, parts[i][1], NULL);
}

void
bolo_fake_engine_set_speed (BoloFakeEngine *self, double speed_mps)
{
  BoloFix values = {.time_us = bolo_clock_get_utc_us (self->clock),
                    .latitude_deg = 52.4862,
                    .longitude_deg = -1.8904,
                    .accuracy_m = 3,
                    .speed_mps = speed_mps,
                    .heading_deg = 90,
                    .clock_offset_us = 12000,
                    .how = BOLO_FIX_HOW_MEASURED};

  g_clear_pointer (&self->fix, bolo_fix_unref);
  if (speed_mps >= 0)
    self->fix = bolo_fix_new (&values);
  bolo_engine_emit_fix (BOLO_ENGINE (self), self->fix);
}

gint64
bolo_fake_engine_put_frame (
  BoloFakeEngine *self, const char *camera, const char *mark, double phase, gboolean is_read)
{
  gint64 now_us = bolo_clock_get_utc_us (self->clock);
  BoloLooks looks = {
    .captured_us = now_us, .width = PREVIEW_WIDTH, .height = PREVIEW_HEIGHT, .n_boxes = 1};
  BoloFrame *frame = bolo_fake_scene_draw (PREVIEW_WIDTH, PREVIEW_HEIGHT, mark, phase, now_us,
                                           looks.boxes[0].corners);

  g_strlcpy (looks.boxes[0].text, mark, sizeof (looks.boxes[0].text));
  if (is_read)
    bolo_look_board_push (g_hash_table_lookup (self->looks, camera), &looks);
  bolo_mailbox_put (g_hash_table_lookup (self->previews, camera), frame);
  return now_us;
}

static BoloSighting *
make_sighting (BoloFakeEngine *self, const char *camera, const char *mark, gboolean has_pictures)
{
  BoloSighting *sighting = bolo_sighting_new ();

  sighting->id = g_strdup_printf ("sighting-%u", ++self->n_ids);
  sighting->camera = g_strdup (camera);
  sighting->state = BOLO_SIGHTING_PROVISIONAL;
  sighting->text = g_strdup (mark);
  sighting->confidence = 0.97f;
  sighting->looks = 4;
  sighting->captured_us = bolo_clock_get_utc_us (self->clock);
  sighting->officer = g_strdup (self->officer);
  if (has_pictures) {
    sighting->patch_jpeg = bolo_fake_scene_encode (200, 60, mark, TRUE);
    sighting->overview_jpeg = bolo_fake_scene_encode (640, 360, mark, FALSE);
  }
  return sighting;
}

void
bolo_fake_engine_add_sighting (BoloFakeEngine *self, const char *camera, const char *mark)
{
  g_autoptr (BoloSighting) sighting = make_sighting (self, camera, mark, TRUE);

  bolo_engine_emit_sighting (BOLO_ENGINE (self), sighting);
}

static BoloMatch *
make_match (BoloFakeEngine *self, const BoloFakeHit *what)
{
  BoloListEntry *entry = bolo_list_entry_new ();
  BoloMatch *match = g_new0 (BoloMatch, 1);
  const char *listed = what->listed != NULL ? what->listed : what->read;

  entry->list_kind = g_strdup (what->list_kind != NULL ? what->list_kind : "stolen");
  entry->list = g_strdup_printf ("%s-west-midlands", entry->list_kind);
  entry->entry_id = g_strdup_printf ("%s/%u", entry->list, ++self->n_ids);
  entry->plate = g_strdup (listed);
  entry->make = g_strdup (what->make != NULL ? what->make : "FORD");
  entry->model = g_strdup (what->model != NULL ? what->model : "FOCUS");
  entry->colour = g_strdup (what->colour != NULL ? what->colour : "BLUE");
  entry->reason = g_strdup (what->reason);
  entry->action = BOLO_ACTION_STOP;
  entry->weed_us = G_MAXINT64;
  if (what->markers != NULL)
    entry->markers = g_strsplit (what->markers, ",", -1);
  match->entry = entry;
  match->kind = BOLO_MATCH_EXACT;
  for (guint i = 0; listed[i] != '\0' && what->read[i] != '\0'; i++) {
    if (listed[i] != what->read[i]) {
      match->kind = BOLO_MATCH_FOLDED;
      match->differs[match->n_differs++] = (guint8) i;
    }
  }
  return match;
}

static void
add_entry (
  BoloHit *hit, const char *list, const char *plate, const char *reason, BoloMatchKind kind)
{
  BoloMatch *match = g_new0 (BoloMatch, 1);

  match->entry = bolo_list_entry_new ();
  match->entry->list = g_strdup (list);
  match->entry->list_kind = g_strdup (list);
  match->entry->plate = g_strdup (plate);
  match->entry->reason = g_strdup (reason);
  match->kind = kind;
  match->score = 0.43;
  g_ptr_array_add (hit->matches, match);
}

static void
add_doubts (BoloHit *hit, BoloMatch *match)
{
  BoloClone *clone = bolo_clone_new ();

  clone->sighting = g_strdup ("other");
  clone->camera = g_strdup ("rear");
  clone->at_us = hit->sighting->captured_us;
  clone->distance_m = 21000;
  clone->needed_mps = 300;
  hit->sighting->clone = clone;
  hit->sighting->colour = g_strdup ("grey");
  match->doubts = BOLO_DOUBT_COLOUR;
  match->is_place_unknown = TRUE;
}

/* What else a hit may carry. */
static void
add_more (BoloFakeEngine *self, BoloHit *hit, const BoloFakeHit *what)
{
  BoloMatch *match = g_ptr_array_index (hit->matches, 0);

  match->score = 1;
  match->entry->list_trust = what->is_stale ? BOLO_TRUST_UNSIGNED : BOLO_TRUST_SIGNED;
  if (what->kind != BOLO_MATCH_EXACT) {
    match->kind = what->kind;
    match->score = 0.25;
  }
  if (what->is_stale)
    match->age = BOLO_LIST_STALE;
  if (what->is_doubtful)
    add_doubts (hit, match);
  if (what->silence != NULL) {
    BoloSilence *silence = bolo_silence_new ();

    silence->reason = g_strdup (what->silence);
    silence->officer = g_strdup ("PC 99");
    silence->until_us = bolo_clock_get_utc_us (self->clock) + G_TIME_SPAN_HOUR;
    match->silence = silence;
  }
  if (what->has_more) {
    add_entry (hit, "no-insurance", what->read, "No insurance since May", BOLO_MATCH_EXACT);
    add_entry (hit, "watch", "KX6*", "Left the scene", BOLO_MATCH_PATTERN);
  }
}

BoloHitCase *
bolo_fake_engine_add_hit (BoloFakeEngine *self, const BoloFakeHit *what)
{
  BoloHit *hit = bolo_hit_new ();
  const BoloCameraInfo *first = g_ptr_array_index (self->cameras, 0);
  g_autoptr (BoloHitCase) hit_case = NULL;

  hit->sighting = make_sighting (self, what->camera != NULL ? what->camera : first->name,
                                 what->read, !what->has_no_pictures);
  if (hit->matches == NULL)
    hit->matches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);
  g_ptr_array_add (hit->matches, make_match (self, what));
  add_more (self, hit, what);
  hit->id = g_strdup_printf ("hit-%u", ++self->n_ids);
  hit->encounter = g_strdup_printf ("encounter-%u", self->n_ids);
  hit->category = g_strdup (bolo_hit_get_leading (hit)->entry->list_kind);
  hit->priority = what->priority != 0 ? what->priority : 2;
  hit->list_age_s = 2 * 3600 + 10 * 60;
  hit->is_quiet = what->is_quiet;
  hit->created_us = bolo_clock_get_utc_us (self->clock) + self->n_ids;
  hit->created_monotonic_us = bolo_clock_get_monotonic_us (self->clock);

  hit_case = bolo_hit_case_new (hit);
  bolo_engine_emit_sighting (BOLO_ENGINE (self), hit->sighting);
  g_list_store_append (self->cases, hit_case);
  bolo_engine_emit_hit (BOLO_ENGINE (self), hit);
  if (!what->is_quiet)
    bolo_engine_emit_alarm (BOLO_ENGINE (self), hit_case);
  bolo_hit_unref (hit);
  return hit_case;
}

void
bolo_fake_engine_finish (BoloFakeEngine *self)
{
  bolo_engine_emit_finished (BOLO_ENGINE (self));
}

void
bolo_fake_engine_raise_problem (BoloFakeEngine *self,
                                const char *title,
                                const char *consequence,
                                const char *remedy)
{
  g_autoptr (BoloProblem) problem = bolo_problem_new (title, consequence, remedy, NULL);

  bolo_engine_emit_problem (BOLO_ENGINE (self), problem);
}

void
bolo_fake_engine_sign_off (BoloFakeEngine *self)
{
  g_clear_pointer (&self->officer, g_free);
}

GPtrArray *
bolo_fake_engine_get_dispositions (BoloFakeEngine *self)
{
  return self->dispositions;
}

gboolean
bolo_fake_engine_get_discreet (BoloFakeEngine *self)
{
  return self->is_discreet;
}

double
bolo_fake_engine_get_volume (BoloFakeEngine *self)
{
  return self->volume;
}

BoloFakeDesk *
bolo_fake_engine_get_desk (BoloFakeEngine *self)
{
  return self->desk;
}
