/* test-lists.c: lists, watch entries, silences and searches under a real finger
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <adwaita.h>

#include "bolo-desk-panel.h"
#include "bolo-lists-page.h"
#include "bolo-shell-setup.h"
#include "bolo-shell-stage.h"
#include "bolo-text-pad.h"

static GtkWidget *
root_of (BoloShellStage *stage)
{
  return GTK_WIDGET (stage->window);
}

static BoloFakeDesk *
desk_of (BoloShellStage *stage)
{
  return bolo_fake_engine_get_desk (stage->engine);
}

/* (transfer none) (nullable): what was asked last. */
static const char *
last_asked (BoloShellStage *stage)
{
  GPtrArray *asked = bolo_fake_desk_get_asked (desk_of (stage));

  return asked->len > 0 ? g_ptr_array_index (asked, asked->len - 1) : NULL;
}

typedef struct {
  BoloShellStage *stage;
  const char *text;
} Awaited;

static gboolean
shows (gpointer data)
{
  Awaited *awaited = data;

  return bolo_stage_shows_text (root_of (awaited->stage), awaited->text);
}

static void
wait_for (BoloShellStage *stage, const char *text)
{
  Awaited awaited = {stage, text};

  bolo_stage_wait (shows, &awaited, text);
  bolo_shell_stage_draw (stage);
}

static void
tap_text (BoloShellStage *stage, const char *text)
{
  GtkWidget *button = bolo_stage_find_button (root_of (stage), NULL, text);

  g_assert_nonnull (button);
  bolo_stage_tap (button);
}

static gboolean
is_pad_at (gpointer data)
{
  Awaited *awaited = data;
  GtkWidget *pad = bolo_stage_find_type (root_of (awaited->stage), BOLO_TYPE_TEXT_PAD);

  return pad != NULL &&
         g_strcmp0 (bolo_text_pad_get_text (BOLO_TEXT_PAD (pad)), awaited->text) == 0;
}

/* Each key is tapped where it stands. */
static void
type (BoloShellStage *stage, const char *text)
{
  for (guint i = 0; text[i] != '\0'; i++) {
    g_autofree char *so_far = g_strndup (text, i + 1);
    char key[2] = {text[i], '\0'};
    Awaited awaited = {stage, so_far};
    GtkWidget *pad = bolo_stage_find_type (root_of (stage), BOLO_TYPE_TEXT_PAD);

    g_assert_nonnull (pad);
    bolo_stage_tap (bolo_stage_find_button (pad, NULL, key));
    bolo_stage_wait (is_pad_at, &awaited, so_far);
  }
}

static BoloShellStage *
make_stage (void)
{
  BoloShellStage *stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);

  bolo_fake_desk_add_list (desk_of (stage), "Stolen vehicles", BOLO_TRUST_SIGNED, 2);
  bolo_fake_desk_add_list (desk_of (stage), "Local interest", BOLO_TRUST_UNSIGNED, 30);
  gtk_widget_activate_action (root_of (stage), "win.page", "s", "lists");
  bolo_shell_stage_settle (stage);
  return stage;
}

static void
test_what_is_held (void)
{
  g_autoptr (BoloShellStage) stage = make_stage ();

  wait_for (stage, "Stolen vehicles");
  g_assert_true (bolo_stage_shows_text (root_of (stage), "signed by force-2026"));
  g_assert_true (bolo_stage_shows_text (root_of (stage), "12000 entries, 3 left out"));
  g_assert_true (bolo_stage_shows_text (root_of (stage), "revision 4f2a9c"));
  g_assert_true (bolo_stage_shows_text (root_of (stage), "In force"));
  g_assert_true (bolo_stage_shows_text (root_of (stage), "UNSIGNED"));
  g_assert_true (bolo_stage_shows_text (root_of (stage), "Stale"));
}

static void
test_watch (void)
{
  g_autoptr (BoloShellStage) stage = make_stage ();

  bolo_fake_desk_add_seen (desk_of (stage), "AB12CDE");
  tap_text (stage, "Add watch entry");
  wait_for (stage, "Watch for it");
  type (stage, "AB?2*");
  tap_text (stage, "Reason");
  wait_for (stage, "Reason:");
  bolo_shell_stage_draw (stage);
  type (stage, "RUN");
  /* What it counts as, and what it looks like, need not be said. */
  tap_text (stage, "Category: Watch entry");
  wait_for (stage, "Category: No insurance");
  tap_text (stage, "Description");
  wait_for (stage, "Description:");
  bolo_shell_stage_draw (stage);
  type (stage, "VAN");
  tap_text (stage, "Watch for it");
  wait_for (stage, "Seen 1 time");
  g_assert_cmpstr (last_asked (stage), ==, "watch AB?2* RUN no-insurance VAN");
  g_assert_true (bolo_stage_shows_text (root_of (stage), "AB12"));
  tap_text (stage, "Back");
  wait_for (stage, "Watch entries");

  /* And away again, by its own button. */
  tap_text (stage, "Remove");
  bolo_shell_stage_draw (stage);
  wait_for (stage, "Stolen vehicles");
  g_assert_cmpstr (last_asked (stage), ==, "unwatch watch-2");
  bolo_shell_stage_draw (stage);
  g_assert_false (bolo_stage_shows_text (root_of (stage), "Watch entries"));
}

static void
test_search (void)
{
  g_autoptr (BoloShellStage) stage = make_stage ();

  tap_text (stage, "Search records");
  wait_for (stage, "Reference:");
  type (stage, "AB12");
  /* Without a reference there is nothing to tap. */
  g_assert_false (
    gtk_widget_get_sensitive (bolo_stage_find_button (root_of (stage), NULL, "Search")));
  tap_text (stage, "Reference");
  bolo_shell_stage_draw (stage);
  type (stage, "CR/1");
  tap_text (stage, "traffic");
  bolo_shell_stage_draw (stage);
  tap_text (stage, "Search");
  wait_for (stage, "Not seen in this time");
  g_assert_cmpstr (last_asked (stage), ==, "search AB12 traffic CR/1");
}

/* A refusal stands there in its own words, and what was typed stays. */
static void
test_refused (void)
{
  g_autoptr (BoloShellStage) stage = make_stage ();
  GtkWidget *pad;

  bolo_fake_desk_refuse (desk_of (stage), "the audit cannot be written");
  tap_text (stage, "Search records");
  wait_for (stage, "Reference:");
  type (stage, "AB12");
  tap_text (stage, "Reference");
  bolo_shell_stage_draw (stage);
  type (stage, "X");
  tap_text (stage, "Search");
  wait_for (stage, "the audit cannot be written");
  pad = bolo_stage_find_type (root_of (stage), BOLO_TYPE_TEXT_PAD);
  g_assert_nonnull (pad);
  g_assert_cmpstr (bolo_text_pad_get_text (BOLO_TEXT_PAD (pad)), ==, "X");
}

static gboolean
is_asked (gpointer data)
{
  return last_asked (data) != NULL;
}

static void
test_entry_is_wrong (void)
{
  static const BoloFakeHit stolen = {.read = "KX68YZT", .reason = "Stolen in Digbeth."};
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);

  bolo_fake_engine_add_hit (stage->engine, &stolen);
  bolo_shell_stage_settle (stage);
  tap_text (stage, "Entry is wrong");
  wait_for (stage, "Silence entry");
  type (stage, "BACK");
  tap_text (stage, "Not this vehicle");
  bolo_shell_stage_draw (stage);
  tap_text (stage, "Silence entry");
  bolo_stage_wait (is_asked, stage, "the entry is silenced");
  g_assert_true (g_str_has_prefix (last_asked (stage), "silence "));
  g_assert_true (g_str_has_suffix (last_asked (stage), "KX68YZT BACK"));
  bolo_shell_stage_draw (stage);
  g_assert_null (bolo_stage_find_type (root_of (stage), BOLO_TYPE_TEXT_PAD));
}

/* Whatever was open: a screen that the driver may see has no keypad, no list and no way to one. */
static void
test_driver (void)
{
  static const BoloFakeHit stolen = {.read = "KX68YZT", .is_stale = TRUE, .has_more = TRUE};
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_DRIVER);

  bolo_fake_engine_set_speed (stage->engine, 0);
  gtk_widget_activate_action (root_of (stage), "win.page", "s", "lists");
  bolo_shell_stage_settle (stage);
  tap_text (stage, "Search records");
  wait_for (stage, "Reference:");
  g_assert_nonnull (bolo_stage_find_type (root_of (stage), BOLO_TYPE_TEXT_PAD));
  bolo_fake_engine_set_speed (stage->engine, 20);
  bolo_shell_stage_draw (stage);
  g_assert_null (bolo_stage_find_type (root_of (stage), BOLO_TYPE_TEXT_PAD));
  g_assert_null (bolo_stage_find_type (root_of (stage), BOLO_TYPE_LISTS_PAGE));
  g_assert_null (bolo_stage_find_button (root_of (stage), NULL, "Lists"));

  bolo_fake_engine_add_hit (stage->engine, &stolen);
  bolo_fake_engine_set_speed (stage->engine, 20);
  bolo_shell_stage_settle (stage);
  g_assert_null (bolo_stage_find_button (root_of (stage), NULL, "Entry is wrong"));
  g_assert_true (bolo_stage_shows_text (root_of (stage), "STALE, UNSIGNED list"));
  g_assert_false (bolo_stage_shows_text (root_of (stage), "Left the scene"));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  if (!bolo_stage_has_fingers ()) {
    g_print ("1..0 # SKIP no test seat: run this with tests/lib/shell/with-weston\n");
    return 0;
  }
  adw_init ();
  bolo_shell_setup (gdk_display_get_default (), 0);
  g_test_add_func ("/shell/lists/what-is-held", test_what_is_held);
  g_test_add_func ("/shell/lists/watch", test_watch);
  g_test_add_func ("/shell/lists/search", test_search);
  g_test_add_func ("/shell/lists/refused", test_refused);
  g_test_add_func ("/shell/lists/entry-is-wrong", test_entry_is_wrong);
  g_test_add_func ("/shell/lists/driver", test_driver);
  return g_test_run ();
}
