/* bolo-list-signature.h: a list's signed manifest: what the list is, and who says so
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-key.h"

G_BEGIN_DECLS

#define BOLO_LIST_SIGNATURE_BYTES 64
#define BOLO_LIST_SIGNATURE_TEXT_MAX 4096

/* BoloListSignature: what a signature file says. Owned. Nothing in it may be believed before
 * verify. */
typedef struct {
  char *name;       /* of the list */
  char *kind;       /* of the alert policy */
  char *format;     /* a word of bolo_list_formats_get_words, or "auto" */
  char *revision;   /* as its owner calls it; printable */
  guint64 number;   /* grows with every revision of the list */
  gint64 issued_us; /* UTC, whole seconds */
  guint64 size;     /* of the list's file */
  char *sha256;     /* of the list's file: 64 hexadecimal digits */
  gboolean is_delta;
  guint64 base; /* the number that a delta is against; 0 for a whole list */
  char *key;    /* name of the key */
  guint8 signature[BOLO_LIST_SIGNATURE_BYTES];
  char *signed_text; /* (nullable): what was signed */
} BoloListSignature;

/* Reads a signature file, strictly: each line once, in its order. INVALID_DATA names @source and
 * the line. Any thread. */
BoloListSignature *
bolo_list_signature_parse (const char *text, gsize length, const char *source, GError **error);
void bolo_list_signature_free (BoloListSignature *self);
/* Signs with @key's secret half and gives the signature file's text. INVALID_DATA when a value
 * cannot be written. (transfer full) */
char *bolo_list_signature_sign (BoloListSignature *self, const BoloListKey *key, GError **error);
/* BOLO_ERROR_SIGNATURE unless @key made it. */
gboolean
bolo_list_signature_verify (const BoloListSignature *self, const BoloListKey *key, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListSignature, bolo_list_signature_free)

G_END_DECLS
