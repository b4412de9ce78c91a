/* bolo-index-sorter.c: sorts more keys than memory should hold
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-index-sorter"

#include "bolo-index-sorter.h"

#include "bolo-error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define DIGIT_BITS 11
#define N_DIGITS (1 << DIGIT_BITS)
#define N_PASSES 6             /* of 11 bits: all 64 */
#define RUN_BUFFER_PAIRS 16384 /* 256 KiB of each run at a time */
#define ROOM_AT_FIRST 1024
#define MESSAGE "Cannot sort the list" /* what failed, for the sentence */

/* A sorted run: a file, or for the only one the memory itself. */
typedef struct {
  int fd;
  guint64 n_left; /* in the file, not read yet */
  BoloIndexPair *pairs;
  gsize n_pairs;
  gsize at;
} Run;

struct _BoloIndexSorter {
  char *directory;
  gsize run_pairs;
  BoloIndexPair *pairs; /* (owned) */
  gsize n_room;         /* for so many pairs */
  gsize n_pairs;
  guint64 count;
  GArray *runs; /* (owned) of Run */
  guint *heap;  /* (owned): numbers of runs, the least pair first */
  guint n_heap;
};

static void
run_clear (gpointer data)
{
  Run *run = data;

  if (run->fd >= 0)
    close (run->fd);
  g_free (run->pairs);
}

BoloIndexSorter *
bolo_index_sorter_new (const char *directory, gsize run_pairs)
{
  BoloIndexSorter *self;

  g_return_val_if_fail (directory != NULL && run_pairs > 0, NULL);

  self = g_new0 (BoloIndexSorter, 1);
  self->directory = g_strdup (directory);
  self->run_pairs = run_pairs;
  self->runs = g_array_new (FALSE, FALSE, sizeof (Run));
  g_array_set_clear_func (self->runs, run_clear);
  return self;
}

void
bolo_index_sorter_free (BoloIndexSorter *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->directory);
  g_free (self->pairs);
  g_free (self->heap);
  g_clear_pointer (&self->runs, g_array_unref);
  g_free (self);
}

guint64
bolo_index_sorter_get_count (const BoloIndexSorter *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->count;
}

/* By the hash's digits, the lowest first; each pass keeps the order of equals. */
static void
sort_pairs (BoloIndexSorter *self)
{
  g_autofree BoloIndexPair *scratch = g_new (BoloIndexPair, self->n_pairs);
  BoloIndexPair *from = self->pairs;
  BoloIndexPair *to = scratch;

  for (guint pass = 0; pass < N_PASSES; pass++) {
    guint shift = pass * DIGIT_BITS;
    gsize starts[N_DIGITS] = {0};
    gsize next = 0;
    BoloIndexPair *other = from;

    for (gsize i = 0; i < self->n_pairs; i++)
      starts[from[i].hash >> shift & (N_DIGITS - 1)]++;
    for (guint i = 0; i < N_DIGITS; i++) {
      gsize n = starts[i];

      starts[i] = next;
      next += n;
    }
    for (gsize i = 0; i < self->n_pairs; i++)
      to[starts[from[i].hash >> shift & (N_DIGITS - 1)]++] = from[i];
    from = to;
    to = other;
  }
  /* An even number of passes ends where it began. */
  G_STATIC_ASSERT (N_PASSES % 2 == 0);
}

static gboolean
write_all (int fd, const guint8 *bytes, gsize length)
{
  while (length > 0) {
    gssize written = write (fd, bytes, length);

    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return FALSE;
    bytes += written;
    length -= (gsize) written;
  }
  return TRUE;
}

static gboolean
spill (BoloIndexSorter *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->directory, ".sort-XXXXXX", NULL);
  Run run = {.fd = g_mkstemp (path), .n_left = self->n_pairs};

  if (run.fd >= 0)
    g_unlink (path);
  sort_pairs (self);
  if (run.fd < 0 ||
      !write_all (run.fd, (const guint8 *) self->pairs, self->n_pairs * sizeof *self->pairs)) {
    bolo_error_set_errno (error, errno, MESSAGE);
    run_clear (&run);
    return FALSE;
  }
  g_array_append_val (self->runs, run);
  self->n_pairs = 0;
  return TRUE;
}

gboolean
bolo_index_sorter_add (BoloIndexSorter *self, guint64 hash, guint32 place, GError **error)
{
  g_return_val_if_fail (self != NULL && self->heap == NULL, FALSE);

  if (self->n_pairs == self->run_pairs && !spill (self, error))
    return FALSE;
  if (self->n_pairs == self->n_room) {
    self->n_room = MIN (MAX (self->n_room * 2, ROOM_AT_FIRST), self->run_pairs);
    self->pairs = g_renew (BoloIndexPair, self->pairs, self->n_room);
  }
  self->pairs[self->n_pairs] = (BoloIndexPair){.hash = hash, .place = place};
  self->n_pairs++;
  self->count++;
  return TRUE;
}

/* Reads on in @run; FALSE at its end or on a failure. */
static gboolean
fill_run (Run *run, GError **error)
{
  gsize n = (gsize) MIN (run->n_left, RUN_BUFFER_PAIRS);
  gsize length = n * sizeof *run->pairs;
  gsize done = 0;

  if (run->at < run->n_pairs)
    return TRUE;
  if (n == 0)
    return FALSE;
  while (done < length) {
    gssize got = read (run->fd, (guint8 *) run->pairs + done, length - done);

    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0) {
      bolo_error_set_errno (error, got < 0 ? errno : EIO, MESSAGE);
      return FALSE;
    }
    done += (gsize) got;
  }
  run->n_left -= n;
  run->n_pairs = n;
  run->at = 0;
  return TRUE;
}

static const BoloIndexPair *
get_head (BoloIndexSorter *self, guint nth)
{
  const Run *run = &g_array_index (self->runs, Run, self->heap[nth]);

  return &run->pairs[run->at];
}

/* Earlier runs came earlier: they go first among equals. */
static gboolean
is_before (BoloIndexSorter *self, guint a, guint b)
{
  guint64 first = get_head (self, a)->hash;
  guint64 second = get_head (self, b)->hash;

  return first < second || (first == second && self->heap[a] < self->heap[b]);
}

static void
sift_down (BoloIndexSorter *self, guint nth)
{
  while (2 * nth + 1 < self->n_heap) {
    guint child = 2 * nth + 1;
    guint swapped = self->heap[nth];

    if (child + 1 < self->n_heap && is_before (self, child + 1, child))
      child++;
    if (is_before (self, nth, child))
      return;
    self->heap[nth] = self->heap[child];
    self->heap[child] = swapped;
    nth = child;
  }
}

/* What fits into memory stays there; else all runs are files, and the memory is given back. */
static gboolean
close_runs (BoloIndexSorter *self, GError **error)
{
  if (self->runs->len == 0) {
    Run run = {.fd = -1, .n_pairs = self->n_pairs};

    if (self->n_pairs > 0)
      sort_pairs (self);
    run.pairs = g_steal_pointer (&self->pairs);
    g_array_append_val (self->runs, run);
  } else if (self->n_pairs > 0 && !spill (self, error)) {
    return FALSE;
  }
  g_clear_pointer (&self->pairs, g_free);
  return TRUE;
}

gboolean
bolo_index_sorter_sort (BoloIndexSorter *self, GError **error)
{
  g_return_val_if_fail (self != NULL && self->heap == NULL, FALSE);

  if (!close_runs (self, error))
    return FALSE;
  self->heap = g_new (guint, self->runs->len);
  for (guint i = 0; i < self->runs->len; i++) {
    Run *run = &g_array_index (self->runs, Run, i);
    g_autoptr (GError) local = NULL;

    if (run->fd >= 0) {
      run->pairs = g_new (BoloIndexPair, RUN_BUFFER_PAIRS);
      lseek (run->fd, 0, SEEK_SET);
    }
    if (fill_run (run, &local))
      self->heap[self->n_heap++] = i;
    if (local != NULL) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  }
  for (guint i = self->n_heap; i > 0; i--)
    sift_down (self, i - 1);
  return TRUE;
}

gboolean
bolo_index_sorter_next (BoloIndexSorter *self, BoloIndexPair *pair, GError **error)
{
  g_autoptr (GError) local = NULL;
  Run *run;

  g_return_val_if_fail (self != NULL && self->heap != NULL && pair != NULL, FALSE);

  if (self->n_heap == 0)
    return FALSE;
  run = &g_array_index (self->runs, Run, self->heap[0]);
  *pair = run->pairs[run->at++];
  if (!fill_run (run, &local)) {
    if (local != NULL) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
    self->heap[0] = self->heap[--self->n_heap];
  }
  sift_down (self, 0);
  return TRUE;
}
