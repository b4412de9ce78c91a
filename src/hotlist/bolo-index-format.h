/* bolo-index-format.h: the bytes of an index and a rows file; docs/file-formats.md tells them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-plate-mark.h"

G_BEGIN_DECLS

#define BOLO_INDEX_FILE "index"
#define BOLO_INDEX_ROWS_FILE "rows"
#define BOLO_INDEX_MAGIC "BOLOINDX"
#define BOLO_INDEX_ROWS_MAGIC "BOLOROWS"
#define BOLO_INDEX_VERSION 1

/* Files are little-endian and mapped as they are; so are the machines that a car has. */
G_STATIC_ASSERT (G_BYTE_ORDER == G_LITTLE_ENDIAN);

/* A record's place is counted in units of 8 bytes, so that 32 bits reach 32 GiB. */
#define BOLO_INDEX_ROW_ALIGN 8
#define BOLO_INDEX_ROWS_BYTES_MAX (G_GUINT64_CONSTANT (8) << 32)
#define BOLO_INDEX_SECTION_ALIGN 64 /* a cache line: no key straddles two for want of it */
#define BOLO_INDEX_ENTRIES_MAX (G_MAXUINT32 - 1)
#define BOLO_INDEX_PATTERNS_MAX 1000000
#define BOLO_INDEX_DIRECTORY_BITS_MAX 28

typedef enum {
  BOLO_INDEX_DIRECTORY, /* guint32: where the hashes of each bucket begin, and one end */
  BOLO_INDEX_KEYS,      /* guint64: bolo_mark_key_hash of each entry's folded mark, ascending */
  BOLO_INDEX_VALUES,    /* guint32: place of the record of the key of the same number */
  BOLO_INDEX_PATTERNS,  /* guint32 starts[38], then BoloIndexPattern, by first character */
  BOLO_INDEX_MASKS,     /* guint64: layer << 32 | place, of what the layers below have no more */
  BOLO_INDEX_WEEDS,     /* BoloIndexWeed, by time */
  BOLO_INDEX_N_SECTIONS,
} BoloIndexSectionKind;

typedef struct {
  guint64 offset;
  guint64 length;
  guint64 checksum;
} BoloIndexSection;

typedef struct {
  char magic[8];
  guint32 version;
  guint32 fold_id;  /* the look-alikes that the keys were made with */
  guint64 id;       /* made of what is in it */
  guint64 below_id; /* of the layers that the masks are for; 0 for a base */
  guint64 rows_bytes;
  guint64 rows_checksum;
  guint64 n_entries;
  guint64 n_patterns;
  guint64 n_masks;
  guint64 n_weeds;
  guint64 n_covert;
  guint64 n_masked_covert;
  guint64 row_max;
  guint32 directory_bits;
  guint32 zero;
  BoloIndexSection sections[BOLO_INDEX_N_SECTIONS];
  guint64 checksum; /* of all bytes before it */
} BoloIndexHeader;

typedef struct {
  char magic[8];
  guint32 version;
  guint32 zero;
  guint64 reserved[6];
} BoloIndexRowsHeader;

/* Before each record's bytes. */
typedef struct {
  guint32 length;
  guint32 checksum;
} BoloIndexRowHead;

#define BOLO_INDEX_ANY_ONE 254  /* '?' */
#define BOLO_INDEX_ANY_SOME 255 /* '*' */
#define BOLO_INDEX_N_STARTS                                                                        \
  38 /* patterns that begin with '?' or '*', with each digit, and the end */

typedef struct {
  guint64 needs; /* bit n - 1: a character of digit n must be somewhere */
  guint32 place;
  guint8 n_elements;
  guint8 length_min;
  guint8 has_some; /* a '*': longer marks fit too */
  guint8 n_literals;
  guint8 elements[BOLO_PLATE_LENGTH_MAX]; /* digits of bolo_mark_key_digit, or ANY_ONE, ANY_SOME */
  guint8 zero[4];
} BoloIndexPattern;

/* What is past its time at @weed_us: so many entries more than before. What an overlay takes from
 * the layers below counts against it. */
typedef struct {
  gint64 weed_us;
  gint64 change;
} BoloIndexWeed;

G_STATIC_ASSERT (sizeof (BoloIndexHeader) == 112 + 24 * BOLO_INDEX_N_SECTIONS + 8);
G_STATIC_ASSERT (sizeof (BoloIndexRowsHeader) == 64);
G_STATIC_ASSERT (sizeof (BoloIndexRowHead) == 8);
G_STATIC_ASSERT (sizeof (BoloIndexPattern) == 32);

/* How long each section is by the header's counts: as it is written, and as it must be read. */
void bolo_index_header_get_lengths (const BoloIndexHeader *self,
                                    guint64 lengths[BOLO_INDEX_N_SECTIONS]);

/* BoloIndexSum: a checksum against damage, not against malice, that goes at the disk's speed; same
 * bytes, same sum, however they are cut. */
typedef struct {
  guint64 state;
  guint64 length;
  guint64 tail;
} BoloIndexSum;

void bolo_index_sum_update (BoloIndexSum *self, gconstpointer bytes, gsize length);
guint64 bolo_index_sum_get (const BoloIndexSum *self);
/* Of one run of bytes. */
guint64 bolo_index_sum (gconstpointer bytes, gsize length);

G_END_DECLS
