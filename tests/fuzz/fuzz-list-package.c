/* fuzz-list-package.c: any bytes as a list's file, plain or a ZIP
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz-list.h"

#include "bolo-list-package.h"

#define READ_BYTES 4096
#define BYTES_MAX (32 * 1024 * 1024) /* enough to see that a member ends where it says */

static void
read_part (BoloListPackage *package, guint nth)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = bolo_list_package_read (package, nth, &error);
  char buffer[READ_BYTES];
  gsize n_read = 0;
  gssize length = 1;

  while (stream != NULL && length > 0 && n_read < BYTES_MAX) {
    length = g_input_stream_read (stream, buffer, sizeof buffer, NULL, &error);
    n_read += (gsize) MAX (length, 0);
  }
  g_assert_true ((stream == NULL || length < 0) == (error != NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListPackage) package = bolo_list_package_open_bytes (bytes, "list.zip", &error);

  if (package == NULL) {
    fuzz_check_error (error);
    return 0;
  }
  g_assert_cmpuint (bolo_list_package_get_n_parts (package), >, 0);
  for (guint i = 0; i < bolo_list_package_get_n_parts (package); i++)
    read_part (package, i);
  return 0;
}
