/* bolo-bundle.h: a signed, encrypted bundle on a stick: its head, and how it is written
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-key.h"

G_BEGIN_DECLS

#define BOLO_BUNDLE_HEAD_MAX 4096
#define BOLO_BUNDLE_CHUNK_BYTES (64 * 1024)

/* What a bundle is for. */
typedef enum {
  BOLO_BUNDLE_FROM_CAR, /* holds a batch, as docs/protocol.md has it */
  BOLO_BUNDLE_TO_CAR,   /* holds files: manifest, lists, acknowledgements */
} BoloBundleKind;

/* BoloBundleHead: what stands before the sealed part, readable by all, signed. Owned; nothing in it
 * may be believed before the whole bundle has been read. */
typedef struct {
  BoloBundleKind kind;
  char *from; /* as names of keys are written */
  char *to;
  guint64 number;   /* grows with each bundle of this sender to this receiver; at least 1 */
  guint64 since;    /* 0: it stands alone; else goes with those on the stick from this number on */
  gint64 issued_us; /* UTC, whole seconds */
  char *key;        /* name of the key that signs */
} BoloBundleHead;

void bolo_bundle_head_clear (BoloBundleHead *self);
/* Of a bundle's first bytes, as many as there are up to BOLO_BUNDLE_HEAD_MAX. FALSE: it is none. */
gboolean bolo_bundle_head_peek (const char *bytes, gsize length, BoloBundleHead *head);
void bolo_bundle_head_copy (const BoloBundleHead *self, BoloBundleHead *copy);

/* Takes the bytes as they come. FALSE ends it with its error. */
typedef gboolean (*BoloBundleSink) (const guint8 *bytes,
                                    gsize length,
                                    gpointer data,
                                    GError **error);

/* BoloBundleWriter: what is written to it is encrypted for @receiver (its public half is enough),
 * signed by @signer (with its secret half), and goes to the sink in pieces. One thread at a time.
 */
typedef struct _BoloBundleWriter BoloBundleWriter;

/* Writes the head. @head's key is set to @signer's. INVALID_DATA: the head cannot be written. */
BoloBundleWriter *bolo_bundle_writer_new (BoloBundleHead *head,
                                          const BoloListKey *signer,
                                          const BoloListKey *receiver,
                                          BoloBundleSink sink,
                                          gpointer data,
                                          GError **error);
void bolo_bundle_writer_free (BoloBundleWriter *self);
gboolean
bolo_bundle_writer_add (BoloBundleWriter *self, const void *bytes, gsize length, GError **error);
/* Writes what is left, and the signature. Without it there is no bundle. */
gboolean bolo_bundle_writer_finish (BoloBundleWriter *self, GError **error);

/* BoloBundleReader: gives what is in a bundle to a sink. One thread at a time. */
typedef struct _BoloBundleReader BoloBundleReader;

/* (nullable) (transfer none): the sender's key of that name, if it is one to trust. */
typedef const BoloListKey *(*BoloBundleFindKey) (const char *name, gpointer data);

/* @receiver: with its secret half. What goes to the @sink MUST NOT be used before finish said that
 * it is whole and signed. All are lent for its life. */
BoloBundleReader *bolo_bundle_reader_new (const BoloListKey *receiver,
                                          BoloBundleFindKey find,
                                          BoloBundleSink sink,
                                          gpointer data);
void bolo_bundle_reader_free (BoloBundleReader *self);
/* INVALID_DATA (no bundle, damaged, bit-flipped), SIGNATURE (by a key that is not trusted),
 * PERMISSION (not for us); or the sink's error. */
gboolean
bolo_bundle_reader_push (BoloBundleReader *self, const void *bytes, gsize length, GError **error);
/* After the last byte: INVALID_DATA where it was cut off, SIGNATURE where it is not by the key.
 * (transfer none): the head, which may now be believed. */
const BoloBundleHead *bolo_bundle_reader_finish (BoloBundleReader *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloBundleWriter, bolo_bundle_writer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloBundleReader, bolo_bundle_reader_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BoloBundleHead, bolo_bundle_head_clear)

G_END_DECLS
