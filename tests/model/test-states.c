/* test-states.c: every answer to a hit in every state; copies, counting and boards under threads
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-camera-info.h"
#include "bolo-frame.h"
#include "bolo-health.h"
#include "bolo-hit-case.h"
#include "bolo-reading.h"

#include <string.h>

#define N_STATES (BOLO_HIT_SILENCED + 1)
#define N_KINDS (BOLO_DISPOSITION_SILENCED + 1)

/* Rows: the state before; columns: seen, plate matches, confirmed, misread, silenced. */
static const BoloHitState expected[N_STATES][N_KINDS] = {
  [BOLO_HIT_NEW] = {BOLO_HIT_SEEN, BOLO_HIT_PLATE_MATCHES, BOLO_HIT_NEW, BOLO_HIT_MISREAD,
                    BOLO_HIT_SILENCED},
  [BOLO_HIT_SEEN] = {BOLO_HIT_SEEN, BOLO_HIT_PLATE_MATCHES, BOLO_HIT_SEEN, BOLO_HIT_MISREAD,
                     BOLO_HIT_SILENCED},
  [BOLO_HIT_PLATE_MATCHES] = {BOLO_HIT_PLATE_MATCHES, BOLO_HIT_PLATE_MATCHES, BOLO_HIT_CONFIRMED,
                              BOLO_HIT_MISREAD, BOLO_HIT_SILENCED},
  [BOLO_HIT_CONFIRMED] = {BOLO_HIT_CONFIRMED, BOLO_HIT_CONFIRMED, BOLO_HIT_CONFIRMED,
                          BOLO_HIT_MISREAD, BOLO_HIT_CONFIRMED},
  [BOLO_HIT_MISREAD] = {BOLO_HIT_MISREAD, BOLO_HIT_PLATE_MATCHES, BOLO_HIT_MISREAD,
                        BOLO_HIT_MISREAD, BOLO_HIT_SILENCED},
  [BOLO_HIT_SILENCED] = {BOLO_HIT_SILENCED, BOLO_HIT_PLATE_MATCHES, BOLO_HIT_SILENCED,
                         BOLO_HIT_MISREAD, BOLO_HIT_SILENCED},
};

/* A case brought into @state by answers an officer could have given. */
static BoloHitCase *
make_case (BoloHitState state)
{
  g_autoptr (BoloHit) hit = bolo_hit_new ();
  BoloHitCase *hit_case;

  hit->id = g_strdup ("h");
  hit_case = bolo_hit_case_new (hit);
  switch (state) {
  case BOLO_HIT_SEEN:
    bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_SEEN);
    break;
  case BOLO_HIT_PLATE_MATCHES:
    bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_PLATE_MATCHES);
    break;
  case BOLO_HIT_CONFIRMED:
    bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_PLATE_MATCHES);
    bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_CONFIRMED);
    break;
  case BOLO_HIT_MISREAD:
    bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_MISREAD);
    break;
  case BOLO_HIT_SILENCED:
    bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_SILENCED);
    break;
  case BOLO_HIT_NEW:
  default:
    break;
  }
  g_assert_cmpint (bolo_hit_case_get_state (hit_case), ==, state);
  return hit_case;
}

static void
test_every_answer_in_every_state (void)
{
  for (BoloHitState state = BOLO_HIT_NEW; state < N_STATES; state++) {
    for (BoloDispositionKind kind = BOLO_DISPOSITION_SEEN; kind < N_KINDS; kind++) {
      g_autoptr (BoloHitCase) hit_case = make_case (state);
      gboolean has_changed = bolo_hit_case_apply (hit_case, kind);

      g_test_message ("state %d, %s", state, bolo_disposition_kind_to_string (kind));
      g_assert_cmpint (bolo_hit_case_get_state (hit_case), ==, expected[state][kind]);
      g_assert_cmpint (has_changed, ==, expected[state][kind] != state);
    }
  }
}

/* Whatever is said in whatever order: confirmed is only what was compared with its picture. */
static void
test_no_way_around_the_picture (void)
{
  for (int round = 0; round < 2000; round++) {
    g_autoptr (BoloHitCase) hit_case = make_case (BOLO_HIT_NEW);
    BoloHitState before = BOLO_HIT_NEW;

    for (int answer = 0; answer < 12; answer++) {
      bolo_hit_case_apply (hit_case, (BoloDispositionKind) g_test_rand_int_range (0, N_KINDS));
      if (bolo_hit_case_get_state (hit_case) == BOLO_HIT_CONFIRMED)
        g_assert_true (before == BOLO_HIT_PLATE_MATCHES || before == BOLO_HIT_CONFIRMED);
      before = bolo_hit_case_get_state (hit_case);
    }
  }
}

static void
test_open_states (void)
{
  static const gboolean open[N_STATES] = {
    [BOLO_HIT_NEW] = TRUE,
    [BOLO_HIT_SEEN] = TRUE,
    [BOLO_HIT_PLATE_MATCHES] = TRUE,
  };

  for (BoloHitState state = BOLO_HIT_NEW; state < N_STATES; state++) {
    g_autoptr (BoloHitCase) hit_case = make_case (state);

    g_assert_cmpint (bolo_hit_case_is_open (hit_case), ==, open[state]);
  }
}

/* --- copies and counts ----------------------------------------------------------------------- */

static void
test_hit_copy_shares_what_is_immutable (void)
{
  g_autoptr (BoloHit) hit = bolo_hit_new ();
  g_autoptr (BoloHit) copy = NULL;
  BoloMatch *match = g_new0 (BoloMatch, 1);

  match->entry = bolo_list_entry_new ();
  match->entry->plate = g_strdup ("AB12CDE");
  match->kind = BOLO_MATCH_FOLDED;
  hit->id = g_strdup ("h");
  hit->words = g_strdup ("Stolen vehicle");
  hit->matches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);
  g_ptr_array_add (hit->matches, match);
  hit->sighting = bolo_sighting_new ();
  hit->priority = 2;
  copy = bolo_hit_copy (hit);
  g_clear_pointer (&hit, bolo_hit_unref);

  g_assert_cmpstr (copy->id, ==, "h");
  g_assert_cmpstr (copy->words, ==, "Stolen vehicle");
  g_assert_cmpint (copy->priority, ==, 2);
  g_assert_cmpstr (bolo_hit_get_leading (copy)->entry->plate, ==, "AB12CDE");
  g_assert_cmpint (bolo_hit_get_leading (copy)->kind, ==, BOLO_MATCH_FOLDED);
}

static void
test_disposition_keeps_who_and_how (void)
{
  BoloDisposition *disposition = bolo_disposition_new ();
  g_autoptr (BoloDisposition) second = NULL;

  disposition->hit = g_strdup ("h");
  disposition->kind = BOLO_DISPOSITION_CONFIRMED;
  disposition->checked_by = g_strdup ("control room 7");
  disposition->checked_how = g_strdup ("PNC");
  second = bolo_disposition_ref (disposition);
  bolo_disposition_unref (disposition);
  g_assert_cmpstr (second->checked_by, ==, "control room 7");
  g_assert_cmpstr (second->checked_how, ==, "PNC");
}

static void
test_hit_without_match_is_a_bug (void)
{
  g_autoptr (BoloHit) hit = bolo_hit_new ();

  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*matches*");
  g_assert_null (bolo_hit_get_leading (hit));
  g_test_assert_expected_messages ();
}

static gpointer
ref_and_unref (gpointer data)
{
  for (int i = 0; i < 20000; i++)
    bolo_sighting_unref (bolo_sighting_ref (data));
  return NULL;
}

/* Passed between threads all the time; still one at the end, and freed once. */
static void
test_counting_is_atomic (void)
{
  g_autoptr (BoloSighting) sighting = bolo_sighting_new ();
  GThread *threads[4];

  sighting->text = g_strdup ("AB12CDE");
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("counter", ref_and_unref, sighting);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpstr (sighting->text, ==, "AB12CDE");
}

/* --- frames ---------------------------------------------------------------------------------- */

/* What one plane of a frame holds at a place, whatever its stride. */
static guint8
get_sample (const BoloFrame *frame, int plane, int row, int column)
{
  return frame->planes[plane][row * frame->strides[plane] + column];
}

static void
check_copy (BoloFrameFormat format, int width, int height, int padding)
{
  int n_planes = bolo_frame_format_get_n_planes (format);
  BoloFrame source = {.format = format, .width = width, .height = height, .sequence = 9};
  g_autoptr (BoloFrame) copy = NULL;
  g_autoptr (GPtrArray) memory = g_ptr_array_new_with_free_func (g_free);
  int rows[3], columns[3];

  for (int plane = 0; plane < n_planes; plane++) {
    gboolean is_chroma = plane > 0;
    guint8 *bytes;

    rows[plane] = is_chroma ? (height + 1) / 2 : height;
    columns[plane] = is_chroma ? (width + 1) / 2 : width;
    if (format == BOLO_FRAME_FORMAT_RGB)
      columns[plane] = width * 3;
    if (is_chroma && format == BOLO_FRAME_FORMAT_NV12)
      columns[plane] *= 2;
    source.strides[plane] = columns[plane] + padding;
    bytes = g_malloc ((gsize) source.strides[plane] * (gsize) rows[plane]);
    for (int i = 0; i < source.strides[plane] * rows[plane]; i++)
      bytes[i] = (guint8) g_test_rand_int_range (0, 256);
    g_ptr_array_add (memory, bytes);
    source.planes[plane] = bytes;
  }
  copy = bolo_frame_new_copy (&source);
  g_assert_cmpuint (copy->sequence, ==, 9);
  for (int plane = 0; plane < n_planes; plane++) {
    for (int row = 0; row < rows[plane]; row++) {
      for (int column = 0; column < columns[plane]; column++)
        g_assert_cmpint (get_sample (copy, plane, row, column), ==,
                         get_sample (&source, plane, row, column));
    }
  }
}

static void
test_copies_of_all_formats_and_sizes (void)
{
  for (BoloFrameFormat format = BOLO_FRAME_FORMAT_GRAY8; format <= BOLO_FRAME_FORMAT_RGB;
       format++) {
    for (int width = 1; width < 9; width++) {
      for (int height = 1; height < 6; height++)
        check_copy (format, width, height, width % 3);
    }
  }
}

/* --- the board of looks ----------------------------------------------------------------------- */

typedef struct {
  BoloLookBoard *board;
  int is_done; /* (atomic) */
} Board;

static gpointer
push_looks (gpointer data)
{
  Board *board = data;
  BoloLooks looks = {0};

  for (int i = 1; i <= 20000; i++) {
    looks.captured_us = i;
    looks.n_boxes = (guint) i % 16;
    for (guint box = 0; box < looks.n_boxes; box++)
      looks.boxes[box].track = (guint64) i;
    bolo_look_board_push (board->board, &looks);
  }
  g_atomic_int_set (&board->is_done, 1);
  return NULL;
}

/* The screen asks while the reader writes: what it gets is one frame's looks, never two halves. */
static void
test_board_is_never_torn (void)
{
  g_autoptr (BoloLookBoard) looks_board = bolo_look_board_new ();
  Board board = {looks_board, 0};
  GThread *writer = g_thread_new ("reader", push_looks, &board);
  gint64 last_us = G_MININT64;

  while (!g_atomic_int_get (&board.is_done)) {
    gint64 newest_us = bolo_look_board_get_newest_us (looks_board);
    BoloLooks looks;

    g_assert_cmpint (newest_us, >=, last_us);
    last_us = newest_us;
    if (newest_us == G_MININT64 || !bolo_look_board_find (looks_board, newest_us, &looks))
      continue;
    g_assert_cmpint (looks.captured_us, ==, newest_us);
    g_assert_cmpuint (looks.n_boxes, ==, (guint) (newest_us % 16));
    for (guint box = 0; box < looks.n_boxes; box++)
      g_assert_cmpuint (looks.boxes[box].track, ==, (guint64) newest_us);
  }
  g_thread_join (writer);
  g_assert_cmpint (bolo_look_board_get_newest_us (looks_board), ==, 20000);
}

/* --- words ------------------------------------------------------------------------------------ */

typedef const char *(*Namer) (int value);

static void
check_names (Namer name, int count)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (int value = 0; value < count; value++) {
    const char *word = name (value);

    g_assert_nonnull (word);
    g_assert_cmpuint (strlen (word), >, 1);
    g_assert_true (g_hash_table_add (seen, (gpointer) word));
    for (const char *at = word; *at != '\0'; at++)
      g_assert_true (g_ascii_islower (*at) || *at == '-');
  }
}

/* Names stand in events and on disk: each value has one, no two the same, plain ASCII. */
static void
test_every_value_has_its_own_name (void)
{
  check_names ((Namer) bolo_disposition_kind_to_string, N_KINDS);
  check_names ((Namer) bolo_sighting_state_to_string, BOLO_SIGHTING_CORRECTED + 1);
  check_names ((Namer) bolo_captured_by_to_string, BOLO_CAPTURED_BY_RECORDING + 1);
  check_names ((Namer) bolo_match_kind_to_string, BOLO_MATCH_PATTERN + 1);
  check_names ((Namer) bolo_action_to_string, BOLO_ACTION_UNKNOWN + 1);
  check_names ((Namer) bolo_health_state_to_string, BOLO_HEALTH_LOST + 1);
  check_names ((Namer) bolo_camera_role_to_string, BOLO_CAMERA_ROLE_OVERVIEW + 1);
  check_names ((Namer) bolo_fix_how_to_string, BOLO_FIX_HOW_EXTRAPOLATED + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hit-case/every-answer", test_every_answer_in_every_state);
  g_test_add_func ("/hit-case/picture-first", test_no_way_around_the_picture);
  g_test_add_func ("/hit-case/open", test_open_states);
  g_test_add_func ("/hit/copy", test_hit_copy_shares_what_is_immutable);
  g_test_add_func ("/hit/no-match", test_hit_without_match_is_a_bug);
  g_test_add_func ("/disposition", test_disposition_keeps_who_and_how);
  g_test_add_func ("/sighting/atomic", test_counting_is_atomic);
  g_test_add_func ("/frame/copies", test_copies_of_all_formats_and_sizes);
  g_test_add_func ("/look-board/threads", test_board_is_never_torn);
  g_test_add_func ("/words/all", test_every_value_has_its_own_name);
  return g_test_run ();
}
