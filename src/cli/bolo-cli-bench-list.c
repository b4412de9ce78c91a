/* bolo-cli-bench-list.c: a made-up list of any size on disk, for benches
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli-bench-list.h"

#include "bolo-cli-marks.h"
#include "bolo-error.h"
#include "bolo-list-files.h"
#include "bolo-paths.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void
bolo_bench_list_clear (BoloBenchList *self)
{
  g_clear_pointer (&self->index, bolo_list_index_unref);
  g_clear_pointer (&self->layers, bolo_list_layers_unref);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  if (self->folder != NULL)
    bolo_list_files_remove_directory (self->folder, NULL);
  g_clear_pointer (&self->folder, g_free);
}

static gboolean
prepare (BoloBenchList *self, BoloCli *cli, GError **error)
{
  g_autofree char *plate = bolo_paths_get_data_file ("plate");

  self->rules = bolo_plate_rules_load (plate, error);
  if (self->rules == NULL || !bolo_paths_ensure_state (cli->state, error))
    return FALSE;
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_index_file_unref);
  self->folder = g_build_filename (cli->state, "bench-list-XXXXXX", NULL);
  if (g_mkdtemp (self->folder) != NULL)
    return TRUE;
  bolo_error_set_errno (error, errno, "Cannot make a folder to measure in");
  g_clear_pointer (&self->folder, g_free);
  return FALSE;
}

char *
bolo_bench_list_make_folder (BoloBenchList *self, const char *name, GError **error)
{
  g_autofree char *folder = g_build_filename (self->folder, name, NULL);

  return bolo_list_files_make_directory (folder, error) ? g_steal_pointer (&folder) : NULL;
}

static gboolean
add_entries (BoloBenchList *self, BoloCli *cli, BoloIndexBuilder *builder, GError **error)
{
  g_autoptr (BoloListEntry) base = bolo_list_entry_new ();
  BoloListEntry entry = *base; /* its texts are lent */
  char plate[BOLO_MARK_MAX + 1];

  for (gint64 i = 0; i < self->n_entries; i++) {
    if (i % 1000000 == 0) {
      g_autofree char *text =
        g_strdup_printf ("Building the list, %d %%", (int) (i * 100 / self->n_entries));

      bolo_cli_progress (cli, text);
    }
    bolo_cli_fill_entry (self->seed, (guint64) i, plate, &entry);
    if (!bolo_index_builder_add (builder, &entry, (guint64) i + 1, error))
      return FALSE;
  }
  entry.is_pattern = TRUE;
  for (gint64 i = 0; i < BOLO_BENCH_PATTERNS; i++) {
    bolo_cli_make_pattern (self->seed, (guint64) i, plate);
    if (!bolo_index_builder_add (builder, &entry, (guint64) (self->n_entries + i) + 1, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
bolo_bench_list_build (
  BoloBenchList *self, BoloCli *cli, gint64 n_entries, guint64 seed, GError **error)
{
  g_autofree char *folder = NULL;
  g_autoptr (BoloIndexBuilder) builder = NULL;

  self->n_entries = n_entries;
  self->seed = seed;
  if (!prepare (self, cli, error))
    return FALSE;
  folder = bolo_bench_list_make_folder (self, "base", error);
  if (folder == NULL)
    return FALSE;
  builder = bolo_index_builder_new (folder, self->rules, NULL, error);
  return builder != NULL && add_entries (self, cli, builder, error) &&
         bolo_index_builder_finish (builder, &self->summary, error);
}

/* Puts the layers that are open in force as one list. */
static gboolean
put_in_force (BoloBenchList *self, GError **error)
{
  const BoloListInfo info = {.name = (char *) "bench", .kind = (char *) "stolen"};
  g_autoptr (GPtrArray) lists = g_ptr_array_new ();
  BoloListLayers *layers = bolo_list_layers_new (&info, self->files, self->rules, error);
  BoloListIndex *index;
  BoloListIndex *old;

  if (layers == NULL)
    return FALSE;
  g_ptr_array_add (lists, layers);
  index = bolo_list_index_new_layers (lists, NULL, self->rules);
  g_mutex_lock (&self->lock);
  old = self->index;
  self->index = index;
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&old, bolo_list_index_unref);
  g_clear_pointer (&self->layers, bolo_list_layers_unref);
  self->layers = layers;
  return TRUE;
}

BoloListIndex *
bolo_bench_list_ref_index (BoloBenchList *self)
{
  BoloListIndex *index;

  g_mutex_lock (&self->lock);
  index = bolo_list_index_ref (self->index);
  g_mutex_unlock (&self->lock);
  return index;
}

gboolean
bolo_bench_list_add_layer (BoloBenchList *self, const char *name, GError **error)
{
  g_autofree char *folder = g_build_filename (self->folder, name, NULL);
  BoloIndexFile *file = bolo_index_file_open (folder, self->rules, error);

  if (file == NULL)
    return FALSE;
  g_ptr_array_add (self->files, file);
  return put_in_force (self, error);
}

gboolean
bolo_bench_list_open (BoloBenchList *self, GError **error)
{
  g_clear_pointer (&self->index, bolo_list_index_unref);
  g_clear_pointer (&self->layers, bolo_list_layers_unref);
  g_ptr_array_set_size (self->files, 0);
  return bolo_bench_list_add_layer (self, "base", error);
}

/* Calls @visit with each file of the base, open for reading. */
static void
visit_files (BoloBenchList *self, void (*visit) (int fd))
{
  static const char *const names[] = {BOLO_INDEX_FILE, BOLO_INDEX_ROWS_FILE};

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (self->folder, "base", names[i], NULL);
    int fd = open (path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
      continue;
    visit (fd);
    close (fd);
  }
}

static void
forget_file (int fd)
{
  posix_fadvise (fd, 0, 0, POSIX_FADV_DONTNEED);
}

static void
read_file (int fd)
{
  const gsize length = 1024 * 1024;
  g_autofree char *buffer = g_malloc (length);

  while (read (fd, buffer, length) > 0)
    ;
}

void
bolo_bench_list_forget (BoloBenchList *self)
{
  visit_files (self, forget_file);
}

void
bolo_bench_list_warm (BoloBenchList *self)
{
  visit_files (self, read_file);
}
