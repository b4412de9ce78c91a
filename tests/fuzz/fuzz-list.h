/* fuzz-list.h: what the fuzzers of lists share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <stddef.h>

G_BEGIN_DECLS

/* What libFuzzer calls, and our own runner. */
int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);
/* Reads the bytes as a list in the format @word, "auto" included, and checks what must hold of any
 * bytes whatever. */
void fuzz_list (const char *word, const guint8 *data, size_t size);
/* One sentence of our own domain. */
void fuzz_check_error (const GError *error);

G_END_DECLS
