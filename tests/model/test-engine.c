/* test-engine.c: the interface between engine and faces: each call and signal arrives whole
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-engine.h"

#include <math.h>

/* TestEngine: notes what it was asked, one word a call. */
#define TEST_TYPE_ENGINE (test_engine_get_type ())
G_DECLARE_FINAL_TYPE (TestEngine, test_engine, TEST, ENGINE, GObject)

struct _TestEngine {
  GObject parent_instance;

  GString *asked;
  BoloClock *clock;
  GPtrArray *cameras;
  GPtrArray *health;
  GListStore *cases;
  BoloMailbox *preview;
  BoloLookBoard *looks;
  BoloFix *fix;
  char *officer;
};

static BoloClock *
get_clock (BoloEngine *engine)
{
  return TEST_ENGINE (engine)->clock;
}

static GPtrArray *
get_cameras (BoloEngine *engine)
{
  return TEST_ENGINE (engine)->cameras;
}

static BoloMailbox *
get_preview (BoloEngine *engine, const char *camera)
{
  g_string_append_printf (TEST_ENGINE (engine)->asked, "preview:%s ", camera);
  return TEST_ENGINE (engine)->preview;
}

static BoloLookBoard *
get_looks (BoloEngine *engine, const char *camera)
{
  g_string_append_printf (TEST_ENGINE (engine)->asked, "looks:%s ", camera);
  return TEST_ENGINE (engine)->looks;
}

static GListModel *
get_cases (BoloEngine *engine)
{
  return G_LIST_MODEL (TEST_ENGINE (engine)->cases);
}

static GPtrArray *
get_health (BoloEngine *engine)
{
  return TEST_ENGINE (engine)->health;
}

static const BoloFix *
get_fix (BoloEngine *engine)
{
  return TEST_ENGINE (engine)->fix;
}

static const char *
get_officer (BoloEngine *engine)
{
  return TEST_ENGINE (engine)->officer;
}

static void
set_officer (BoloEngine *engine, const char *officer)
{
  TestEngine *self = TEST_ENGINE (engine);

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
  g_string_append_printf (TEST_ENGINE (engine)->asked, "dispose:%s:%s:%s:%s ", hit,
                          bolo_disposition_kind_to_string (kind),
                          checked_by != NULL ? checked_by : "-",
                          checked_how != NULL ? checked_how : "-");
}

static void
set_discreet (BoloEngine *engine, gboolean is_discreet)
{
  g_string_append_printf (TEST_ENGINE (engine)->asked, "discreet:%d ", is_discreet);
}

static void
set_volume (BoloEngine *engine, double volume)
{
  g_string_append_printf (TEST_ENGINE (engine)->asked, "volume:%.2f ", volume);
}

static void
engine_init (BoloEngineInterface *iface)
{
  iface->get_clock = get_clock;
  iface->get_cameras = get_cameras;
  iface->get_preview = get_preview;
  iface->get_looks = get_looks;
  iface->get_cases = get_cases;
  iface->get_health = get_health;
  iface->get_fix = get_fix;
  iface->get_officer = get_officer;
  iface->set_officer = set_officer;
  iface->dispose_of = dispose_of;
  iface->set_discreet = set_discreet;
  iface->set_volume = set_volume;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestEngine,
                               test_engine,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOLO_TYPE_ENGINE, engine_init))

static void
test_engine_finalize (GObject *object)
{
  TestEngine *self = TEST_ENGINE (object);

  g_string_free (self->asked, TRUE);
  g_object_unref (self->clock);
  g_ptr_array_unref (self->cameras);
  g_ptr_array_unref (self->health);
  g_object_unref (self->cases);
  bolo_mailbox_unref (self->preview);
  bolo_look_board_unref (self->looks);
  g_clear_pointer (&self->fix, bolo_fix_unref);
  g_free (self->officer);
  G_OBJECT_CLASS (test_engine_parent_class)->finalize (object);
}

static void
test_engine_class_init (TestEngineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_engine_finalize;
}

static void
test_engine_init (TestEngine *self)
{
  self->asked = g_string_new (NULL);
  self->clock = bolo_clock_new_manual (0);
  self->cameras = g_ptr_array_new ();
  self->health = g_ptr_array_new ();
  self->cases = g_list_store_new (BOLO_TYPE_HIT_CASE);
  self->preview = bolo_mailbox_new (BOLO_MAILBOX_LIVE, NULL);
  self->looks = bolo_look_board_new ();
}

typedef struct {
  TestEngine *test;
  BoloEngine *engine;
  GString *heard;
} Fixture;

static void
on_sighting (BoloEngine *engine, const BoloSighting *sighting, Fixture *fixture)
{
  g_string_append_printf (fixture->heard, "sighting:%s ", sighting->id);
}

static void
on_hit (BoloEngine *engine, const BoloHit *hit, Fixture *fixture)
{
  g_string_append_printf (fixture->heard, "hit:%s ", hit->id);
}

static void
on_alarm (BoloEngine *engine, BoloHitCase *hit_case, Fixture *fixture)
{
  g_assert_true (BOLO_IS_HIT_CASE (hit_case));
  g_string_append_printf (fixture->heard, "alarm:%s ", bolo_hit_case_get_hit (hit_case)->id);
}

static void
on_stored (BoloEngine *engine, const char *const *ids, Fixture *fixture)
{
  g_autofree char *joined = g_strjoinv (",", (char **) ids);

  g_string_append_printf (fixture->heard, "stored:%s ", joined);
}

static void
on_health (BoloEngine *engine, const BoloHealth *health, Fixture *fixture)
{
  g_string_append_printf (fixture->heard, "health:%s ", health->what);
}

static void
on_fix (BoloEngine *engine, const BoloFix *fix, Fixture *fixture)
{
  g_string_append (fixture->heard, fix != NULL ? "fix " : "no-fix ");
}

static void
on_problem (BoloEngine *engine, const BoloProblem *problem, Fixture *fixture)
{
  g_string_append_printf (fixture->heard, "problem:%s ", problem->title);
}

static void
on_finished (BoloEngine *engine, Fixture *fixture)
{
  g_string_append (fixture->heard, "finished ");
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->test = g_object_new (TEST_TYPE_ENGINE, NULL);
  fixture->engine = BOLO_ENGINE (fixture->test);
  fixture->heard = g_string_new (NULL);
  g_signal_connect (fixture->engine, "sighting", G_CALLBACK (on_sighting), fixture);
  g_signal_connect (fixture->engine, "hit", G_CALLBACK (on_hit), fixture);
  g_signal_connect (fixture->engine, "alarm", G_CALLBACK (on_alarm), fixture);
  g_signal_connect (fixture->engine, "stored", G_CALLBACK (on_stored), fixture);
  g_signal_connect (fixture->engine, "health", G_CALLBACK (on_health), fixture);
  g_signal_connect (fixture->engine, "fix", G_CALLBACK (on_fix), fixture);
  g_signal_connect (fixture->engine, "problem", G_CALLBACK (on_problem), fixture);
  g_signal_connect (fixture->engine, "finished", G_CALLBACK (on_finished), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_string_free (fixture->heard, TRUE);
  g_assert_finalize_object (fixture->test);
}

static void
test_questions (Fixture *fixture, gconstpointer data)
{
  g_assert_true (bolo_engine_get_clock (fixture->engine) == fixture->test->clock);
  g_assert_true (bolo_engine_get_cameras (fixture->engine) == fixture->test->cameras);
  g_assert_true (bolo_engine_get_health (fixture->engine) == fixture->test->health);
  g_assert_true (bolo_engine_get_cases (fixture->engine) == G_LIST_MODEL (fixture->test->cases));
  g_assert_null (bolo_engine_get_fix (fixture->engine));
  g_assert_null (bolo_engine_get_officer (fixture->engine));
  g_assert_true (bolo_engine_get_preview (fixture->engine, "front") == fixture->test->preview);
  g_assert_true (bolo_engine_get_looks (fixture->engine, "rear") == fixture->test->looks);
  g_assert_cmpstr (fixture->test->asked->str, ==, "preview:front looks:rear ");
}

static void
test_orders (Fixture *fixture, gconstpointer data)
{
  bolo_engine_set_officer (fixture->engine, "1234");
  g_assert_cmpstr (bolo_engine_get_officer (fixture->engine), ==, "1234");
  bolo_engine_set_discreet (fixture->engine, TRUE);
  bolo_engine_set_volume (fixture->engine, 0);
  bolo_engine_set_volume (fixture->engine, 1);
  bolo_engine_dispose_of (fixture->engine, "h1", BOLO_DISPOSITION_MISREAD, NULL, NULL);
  bolo_engine_dispose_of (fixture->engine, "h2", BOLO_DISPOSITION_CONFIRMED, "Smith", "PNC");
  g_assert_cmpstr (fixture->test->asked->str, ==,
                   "discreet:1 volume:0.00 volume:1.00 dispose:h1:misread:-:- "
                   "dispose:h2:confirmed:Smith:PNC ");
}

/* What must not reach an engine is stopped at the door, loudly: a bug of the face's. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*officer*");
  bolo_engine_set_officer (fixture->engine, "");
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*volume*");
  bolo_engine_set_volume (fixture->engine, 1.5);
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*volume*");
  bolo_engine_set_volume (fixture->engine, NAN);
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*checked_by*");
  bolo_engine_dispose_of (fixture->engine, "h", BOLO_DISPOSITION_CONFIRMED, NULL, "PNC");
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*checked_how*");
  bolo_engine_dispose_of (fixture->engine, "h", BOLO_DISPOSITION_CONFIRMED, "Smith", NULL);
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*hit*");
  bolo_engine_dispose_of (fixture->engine, NULL, BOLO_DISPOSITION_SEEN, NULL, NULL);
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*camera*");
  g_assert_null (bolo_engine_get_preview (fixture->engine, NULL));
  g_test_assert_expected_messages ();
  g_assert_cmpstr (fixture->test->asked->str, ==, "");
  g_assert_null (fixture->test->officer);
}

static void
test_signals (Fixture *fixture, gconstpointer data)
{
  const char *const ids[] = {"a", "b", NULL};
  g_autoptr (BoloSighting) sighting = bolo_sighting_new ();
  g_autoptr (BoloHit) hit = bolo_hit_new ();
  g_autoptr (BoloHitCase) hit_case = NULL;
  g_autoptr (BoloHealth) health = bolo_health_new ("gps", BOLO_HEALTH_OK, 0, "Good", NULL);
  g_autoptr (BoloProblem) problem = bolo_problem_new ("Full", "So", "Do", NULL);
  g_autoptr (BoloFix) fix = bolo_fix_new (&(BoloFix){.latitude_deg = 51});

  sighting->id = g_strdup ("s1");
  hit->id = g_strdup ("h1");
  hit_case = bolo_hit_case_new (hit);
  bolo_engine_emit_sighting (fixture->engine, sighting);
  bolo_engine_emit_hit (fixture->engine, hit);
  bolo_engine_emit_alarm (fixture->engine, hit_case);
  bolo_engine_emit_stored (fixture->engine, ids);
  bolo_engine_emit_health (fixture->engine, health);
  bolo_engine_emit_fix (fixture->engine, fix);
  bolo_engine_emit_fix (fixture->engine, NULL);
  bolo_engine_emit_problem (fixture->engine, problem);
  bolo_engine_emit_finished (fixture->engine);
  g_assert_cmpstr (fixture->heard->str, ==,
                   "sighting:s1 hit:h1 alarm:h1 stored:a,b health:gps fix no-fix problem:Full "
                   "finished ");
}

/* --- the level of presentation ------------------------------------------------------------- */

#define NOW_US G_GINT64_CONSTANT (1773508800000000)

static BoloLevel
decide (double speed_mps, gint64 behind_us, gint64 age_ms, BoloSeat seat)
{
  g_autoptr (BoloFix) fix = bolo_fix_new (&(BoloFix){
    .time_us = NOW_US - behind_us,
    .latitude_deg = 51.5,
    .speed_mps = speed_mps,
    .age_ms = age_ms,
  });

  return bolo_level_decide (fix, NOW_US, seat);
}

/* The limits themselves, from both sides. */
static void
test_level_limits (void)
{
  g_assert_cmpint (decide (0.5, 0, 0, BOLO_SEAT_DRIVER), ==, BOLO_LEVEL_OPERATOR);
  g_assert_cmpint (decide (0.51, 0, 0, BOLO_SEAT_DRIVER), ==, BOLO_LEVEL_DRIVER_SAFE);
  g_assert_cmpint (decide (0, 3000000, 0, BOLO_SEAT_DRIVER), ==, BOLO_LEVEL_OPERATOR);
  g_assert_cmpint (decide (0, 3000001, 0, BOLO_SEAT_DRIVER), ==, BOLO_LEVEL_DRIVER_SAFE);
  g_assert_cmpint (decide (0, 0, 3000, BOLO_SEAT_DRIVER), ==, BOLO_LEVEL_OPERATOR);
  g_assert_cmpint (decide (0, 0, 3001, BOLO_SEAT_DRIVER), ==, BOLO_LEVEL_DRIVER_SAFE);
  g_assert_cmpint (decide (INFINITY, 0, 0, BOLO_SEAT_DRIVER), ==, BOLO_LEVEL_DRIVER_SAFE);
}

/* Nobody declared: driver-safe whatever the car does. */
static void
test_level_without_seat (void)
{
  for (double speed = 0; speed < 40; speed += 0.5)
    g_assert_cmpint (decide (speed, 0, 0, BOLO_SEAT_NONE), ==, BOLO_LEVEL_DRIVER_SAFE);
  g_assert_cmpint (bolo_level_decide (NULL, NOW_US, BOLO_SEAT_NONE), ==, BOLO_LEVEL_DRIVER_SAFE);
  g_assert_cmpint (decide (0, 0, 0, (BoloSeat) 99), ==, BOLO_LEVEL_DRIVER_SAFE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/engine/questions", Fixture, NULL, set_up, test_questions, tear_down);
  g_test_add ("/engine/orders", Fixture, NULL, set_up, test_orders, tear_down);
  g_test_add ("/engine/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/engine/signals", Fixture, NULL, set_up, test_signals, tear_down);
  g_test_add_func ("/level/limits", test_level_limits);
  g_test_add_func ("/level/no-seat", test_level_without_seat);
  return g_test_run ();
}
