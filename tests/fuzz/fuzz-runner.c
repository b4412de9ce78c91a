/* fuzz-runner.c: a fuzzer's corpus, as it is and changed a little, without libFuzzer
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz-list.h"

#include <stdlib.h>
#include <string.h>

#define SEED 20260314
#define BYTES_MAX 8192

static const char pieces[] = "\",\n\r\0;A1 \xff\xc3\xef\t'?*/-PK\x03\x04";

/* Overwrites, cuts, repeats and inserts a few bytes. */
static void
mutate (GRand *random, GByteArray *bytes)
{
  int n_changes = g_rand_int_range (random, 1, 8);

  for (int i = 0; i < n_changes && bytes->len > 0; i++) {
    guint at = (guint) g_rand_int_range (random, 0, (gint32) bytes->len);
    guint wanted = (guint) g_rand_int_range (random, 1, 64);
    guint length = MIN (bytes->len - at, wanted);
    guint8 piece = (guint8) pieces[g_rand_int_range (random, 0, (gint32) sizeof pieces - 1)];

    switch (g_rand_int_range (random, 0, 5)) {
    case 0:
      g_byte_array_remove_range (bytes, at, length);
      break;
    case 1:
      bytes->data[at] = piece;
      break;
    case 2:
      bytes->data[at] ^= (guint8) (1 << g_rand_int_range (random, 0, 8));
      break;
    case 3:
      g_byte_array_set_size (bytes, at);
      break;
    default:
      if (bytes->len < BYTES_MAX) {
        g_autofree guint8 *copy = g_memdup2 (bytes->data + at, length);

        g_byte_array_append (bytes, copy, length);
      }
    }
  }
}

static void
run_file (const char *path, guint n_changed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  g_autofree char *text = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  LLVMFuzzerTestOneInput ((const guint8 *) text, length);
  for (guint i = 0; i < n_changed; i++) {
    g_autoptr (GByteArray) bytes = g_byte_array_new ();

    g_byte_array_append (bytes, (const guint8 *) text, (guint) length);
    mutate (random, bytes);
    LLVMFuzzerTestOneInput (bytes->data, bytes->len);
  }
}

/* fuzz-… CORPUS N: each file of the folder, and N changed copies of it. */
int
main (int argc, char **argv)
{
  g_autoptr (GDir) corpus = NULL;
  const char *name;
  guint n_files = 0;

  g_assert_cmpint (argc, ==, 3);
  corpus = g_dir_open (argv[1], 0, NULL);
  g_assert_nonnull (corpus);
  while ((name = g_dir_read_name (corpus)) != NULL) {
    g_autofree char *path = g_build_filename (argv[1], name, NULL);

    run_file (path, (guint) strtoul (argv[2], NULL, 10));
    g_print ("ok %u %s\n", ++n_files, name);
  }
  g_assert_cmpuint (n_files, >, 0);
  g_print ("1..%u\n", n_files);
  return 0;
}
