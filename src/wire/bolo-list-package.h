/* bolo-list-package.h: the lists that one file holds, plain or in a ZIP
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-parser.h"

G_BEGIN_DECLS

#define BOLO_LIST_MEMBERS_MAX 16

/* BoloListPart: one list in the file. Lent. */
typedef struct {
  char *name; /* of the file, or within the ZIP */
  gboolean is_delta;
  BoloListOperation operation; /* of its rows, where they do not say */
} BoloListPart;

/* BoloListPackage: one thread at a time; one part open at a time. */
typedef struct _BoloListPackage BoloListPackage;

/* Opens @path, which was called @name where it came from: "voi_del.pips" holds deletions, and so
 * does the member "7_voi_D.dat" of a ZIP. INVALID_DATA for a ZIP that is damaged, encrypted, holds
 * anything but lists or unpacks to far more than it is. Waits for the disk. */
BoloListPackage *bolo_list_package_open (const char *path, const char *name, GError **error);
BoloListPackage *bolo_list_package_open_bytes (GBytes *bytes, const char *name, GError **error);
void bolo_list_package_free (BoloListPackage *self);
gboolean bolo_list_package_is_packed (const BoloListPackage *self);
/* Deletions stand first. At least one. */
guint bolo_list_package_get_n_parts (const BoloListPackage *self);
const BoloListPart *bolo_list_package_get_part (const BoloListPackage *self, guint nth);
/* The part's bytes; an error of the stream means that nothing of them may be used. */
GInputStream *bolo_list_package_read (BoloListPackage *self, guint nth, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListPackage, bolo_list_package_free)

G_END_DECLS
