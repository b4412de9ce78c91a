/* bolo-index-file.c: one layer of a list on disk: its mapped index and its rows beside it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-index-file"

#include "bolo-index-file.h"

#include "bolo-entry-codec.h"
#include "bolo-error.h"
#include "bolo-mark-key.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define GUESS_BYTES 512 /* most records, with their head */
#define SUM_BYTES (1024 * 1024)
#define SCAN_MAX 32 /* keys of a bucket that are looked at one by one */
#define AHEAD 16    /* look-ups under way at a time: about what a core can wait for at once */

struct _BoloIndexFile {
  gatomicrefcount references;
  char *directory;
  const guint8 *map; /* (owned) */
  gsize length;
  int rows;
  BoloIndexHeader header; /* copied: what was checked cannot change any more */
  const guint32 *starts;
  const guint64 *keys;
  const guint32 *values;
  const guint32 *pattern_starts;
  const BoloIndexPattern *patterns;
  const guint64 *masks;
  const BoloIndexWeed *weeds;
  int n_damaged; /* (atomic) */
};

static gboolean
fail (BoloIndexFile *self, const char *what, GError **error)
{
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "%s: the stored list is damaged (%s); import it again", self->directory, what);
  return FALSE;
}

static void
count_damage (BoloIndexFile *self)
{
  g_atomic_int_inc (&self->n_damaged);
}

/* Opens a regular file of ours for reading. */
static int
open_file (BoloIndexFile *self, const char *name, guint64 *length, GError **error)
{
  g_autofree char *path = g_build_filename (self->directory, name, NULL);
  g_autofree char *what = g_strdup_printf ("Cannot read the stored list %s", path);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  struct stat status;

  if (fd < 0 || fstat (fd, &status) != 0) {
    bolo_error_set_errno (error, errno, what);
    if (fd >= 0)
      close (fd);
    return -1;
  }
  if (!S_ISREG (status.st_mode)) {
    close (fd);
    fail (self, "it is no file", error);
    return -1;
  }
  *length = (guint64) status.st_size;
  return fd;
}

static gboolean
map_index (BoloIndexFile *self, GError **error)
{
  guint64 length = 0;
  int fd = open_file (self, BOLO_INDEX_FILE, &length, error);
  void *map;

  if (fd < 0)
    return FALSE;
  if (length < sizeof (BoloIndexHeader)) {
    close (fd);
    return fail (self, "the index is cut off", error);
  }
  map = mmap (NULL, length, PROT_READ, MAP_SHARED, fd, 0);
  close (fd);
  if (map == MAP_FAILED) {
    bolo_error_set_errno (error, errno, "Cannot map a stored list");
    return FALSE;
  }
  self->map = map;
  self->length = length;
  memcpy (&self->header, map, sizeof self->header);
  return TRUE;
}

/* Each section lies inside the file, in line, and is as long as its count says. */
static gboolean
check_sections (BoloIndexFile *self)
{
  const BoloIndexHeader *header = &self->header;
  guint64 lengths[BOLO_INDEX_N_SECTIONS];

  bolo_index_header_get_lengths (header, lengths);
  for (guint i = 0; i < BOLO_INDEX_N_SECTIONS; i++) {
    const BoloIndexSection *section = &header->sections[i];

    if (section->length != lengths[i] || section->offset % BOLO_INDEX_SECTION_ALIGN != 0 ||
        section->offset < sizeof *header || section->offset > self->length ||
        section->length > self->length - section->offset)
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_header (BoloIndexFile *self, GError **error)
{
  const BoloIndexHeader *header = &self->header;

  if (memcmp (header->magic, BOLO_INDEX_MAGIC, sizeof header->magic) != 0)
    return fail (self, "the index is none", error);
  if (header->version != BOLO_INDEX_VERSION) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_STALE,
                 "%s: the stored list is of version %u and this Bolo reads %u; import it again",
                 self->directory, header->version, BOLO_INDEX_VERSION);
    return FALSE;
  }
  if (header->checksum != bolo_index_sum (header, G_STRUCT_OFFSET (BoloIndexHeader, checksum)))
    return fail (self, "the index's header is not as it was written", error);
  if (header->directory_bits > BOLO_INDEX_DIRECTORY_BITS_MAX ||
      header->n_entries > BOLO_INDEX_ENTRIES_MAX || header->n_patterns > BOLO_INDEX_PATTERNS_MAX ||
      header->n_masks > G_MAXUINT32 || header->n_weeds > G_MAXUINT32 || !check_sections (self))
    return fail (self, "the index is cut off", error);
  return TRUE;
}

static gboolean
check_rows (BoloIndexFile *self, GError **error)
{
  BoloIndexRowsHeader head;
  guint64 length = 0;

  self->rows = open_file (self, BOLO_INDEX_ROWS_FILE, &length, error);
  if (self->rows < 0)
    return FALSE;
  if (length != self->header.rows_bytes ||
      pread (self->rows, &head, sizeof head, 0) != sizeof head ||
      memcmp (head.magic, BOLO_INDEX_ROWS_MAGIC, sizeof head.magic) != 0 ||
      head.version != BOLO_INDEX_VERSION)
    return fail (self, "its rows are not those of its index", error);
  return TRUE;
}

static gconstpointer
get_section (BoloIndexFile *self, BoloIndexSectionKind kind)
{
  return self->map + self->header.sections[kind].offset;
}

BoloIndexFile *
bolo_index_file_open (const char *directory, BoloPlateRules *rules, GError **error)
{
  g_autoptr (BoloIndexFile) self = NULL;

  g_return_val_if_fail (directory != NULL && rules != NULL, NULL);

  self = g_new0 (BoloIndexFile, 1);
  g_atomic_ref_count_init (&self->references);
  self->directory = g_strdup (directory);
  self->rows = -1;
  if (!map_index (self, error) || !check_header (self, error) || !check_rows (self, error))
    return NULL;
  if (self->header.fold_id != bolo_mark_key_get_fold_id (rules)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_STALE,
                 "%s: the stored list was made with other look-alikes; import it again", directory);
    return NULL;
  }
  self->starts = get_section (self, BOLO_INDEX_DIRECTORY);
  self->keys = get_section (self, BOLO_INDEX_KEYS);
  self->values = get_section (self, BOLO_INDEX_VALUES);
  self->pattern_starts = get_section (self, BOLO_INDEX_PATTERNS);
  self->patterns = (gconstpointer) (self->pattern_starts + BOLO_INDEX_N_STARTS + 2);
  self->masks = get_section (self, BOLO_INDEX_MASKS);
  self->weeds = get_section (self, BOLO_INDEX_WEEDS);
  return g_steal_pointer (&self);
}

BoloIndexFile *
bolo_index_file_ref (BoloIndexFile *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
bolo_index_file_unref (BoloIndexFile *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  if (self->map != NULL)
    munmap ((void *) self->map, self->length);
  if (self->rows >= 0)
    close (self->rows);
  g_free (self->directory);
  g_free (self);
}

const BoloIndexHeader *
bolo_index_file_get_header (const BoloIndexFile *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->header;
}

guint
bolo_index_file_get_n_damaged (BoloIndexFile *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return (guint) g_atomic_int_get (&self->n_damaged);
}

static guint64
get_bucket (const BoloIndexFile *self, guint64 hash)
{
  return self->header.directory_bits == 0 ? 0 : hash >> (64 - self->header.directory_bits);
}

/* The first key from @low on that is not below @hash. */
static guint32
skip_below (const BoloIndexFile *self, guint64 hash, guint32 low, guint32 high)
{
  while (high - low > SCAN_MAX) {
    guint32 middle = low + (high - low) / 2;

    if (self->keys[middle] < hash)
      low = middle + 1;
    else
      high = middle;
  }
  while (low < high && self->keys[low] < hash)
    low++;
  return low;
}

static BoloIndexRange
find_one (BoloIndexFile *self, guint64 hash)
{
  guint64 bucket = get_bucket (self, hash);
  guint32 low = self->starts[bucket];
  guint32 high = self->starts[bucket + 1];
  BoloIndexRange range = {0};

  if (low > high || high > self->header.n_entries) {
    count_damage (self);
    return range;
  }
  range.first = skip_below (self, hash, low, high);
  for (guint32 at = range.first; at < high && self->keys[at] == hash; at++)
    range.count++;
  return range;
}

/* Memory answers many look-ups in the time of one, if it is asked for them ahead. */
void
bolo_index_file_find (BoloIndexFile *self, const guint64 *hashes, guint n, BoloIndexRange *ranges)
{
  g_return_if_fail (self != NULL && (n == 0 || (hashes != NULL && ranges != NULL)));

  for (guint begin = 0; begin < n; begin += AHEAD) {
    guint end = MIN (begin + AHEAD, n);

    for (guint i = begin; i < end && n > 1; i++)
      __builtin_prefetch (&self->starts[get_bucket (self, hashes[i])]);
    for (guint i = begin; i < end && n > 1; i++) {
      guint32 start = self->starts[get_bucket (self, hashes[i])];

      if (start < self->header.n_entries)
        __builtin_prefetch (&self->keys[start]);
    }
    for (guint i = begin; i < end; i++)
      ranges[i] = find_one (self, hashes[i]);
  }
}

guint32
bolo_index_file_get_place (BoloIndexFile *self, guint32 nth)
{
  g_return_val_if_fail (self != NULL && nth < self->header.n_entries, 0);

  return self->values[nth];
}

const BoloIndexPattern *
bolo_index_file_get_patterns (BoloIndexFile *self, guint first, guint *n_patterns)
{
  guint32 begin;
  guint32 end;

  g_return_val_if_fail (self != NULL && first < BOLO_MARK_KEY_BASE && n_patterns != NULL, NULL);

  begin = self->pattern_starts[first];
  end = self->pattern_starts[first + 1];
  if (begin > end || end > self->header.n_patterns) {
    count_damage (self);
    begin = end = 0;
  }
  *n_patterns = end - begin;
  return self->patterns + begin;
}

gboolean
bolo_index_file_masks (BoloIndexFile *self, guint layer, guint32 place)
{
  guint64 wanted = (guint64) layer << 32 | place;
  guint64 low = 0;
  guint64 high;

  g_return_val_if_fail (self != NULL, FALSE);

  high = self->header.n_masks;
  while (low < high) {
    guint64 middle = low + (high - low) / 2;

    if (self->masks[middle] < wanted)
      low = middle + 1;
    else
      high = middle;
  }
  return low < self->header.n_masks && self->masks[low] == wanted;
}

const guint64 *
bolo_index_file_get_masks (BoloIndexFile *self, guint64 *n_masks)
{
  g_return_val_if_fail (self != NULL && n_masks != NULL, NULL);

  *n_masks = self->header.n_masks;
  return self->masks;
}

gint64
bolo_index_file_count_weeded (BoloIndexFile *self, gint64 now_us)
{
  const gint64 most = BOLO_INDEX_ENTRIES_MAX;
  gint64 count = 0;

  g_return_val_if_fail (self != NULL, 0);

  /* No sum of true changes leaves these bounds; those of a damaged file may. */
  for (guint64 i = 0; i < self->header.n_weeds && self->weeds[i].weed_us <= now_us; i++)
    count = CLAMP (count + CLAMP (self->weeds[i].change, -most, most), -most, most);
  return count;
}

static gboolean
read_at (BoloIndexFile *self, guint8 *bytes, gsize length, guint64 offset)
{
  while (length > 0) {
    gssize got = pread (self->rows, bytes, length, (off_t) offset);

    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return FALSE;
    bytes += got;
    length -= (gsize) got;
    offset += (guint64) got;
  }
  return TRUE;
}

/* Reads the record at @place, @next (out): where the next one is. */
static BoloListEntry *
read_record (BoloIndexFile *self, guint64 place, guint64 *row, guint64 *next)
{
  guint64 offset = place * BOLO_INDEX_ROW_ALIGN;
  guint64 room =
    offset < self->header.rows_bytes ? self->header.rows_bytes - offset : 0; /* from there on */
  gsize guess = (gsize) MIN (room, GUESS_BYTES);
  guint8 buffer[GUESS_BYTES];
  g_autofree guint8 *large = NULL;
  const guint8 *bytes = buffer + sizeof (BoloIndexRowHead);
  BoloIndexRowHead head;

  if (place < BOLO_INDEX_PLACE_FIRST || guess < sizeof head ||
      !read_at (self, buffer, guess, offset))
    return NULL;
  memcpy (&head, buffer, sizeof head);
  if (head.length > BOLO_ENTRY_BYTES_MAX || head.length > room - sizeof head)
    return NULL;
  if (head.length > guess - sizeof head) {
    large = g_malloc (head.length);
    if (!read_at (self, large, head.length, offset + sizeof head))
      return NULL;
    bytes = large;
  }
  if ((guint32) bolo_index_sum (bytes, head.length) != head.checksum)
    return NULL;
  *next = place + (sizeof head + head.length + BOLO_INDEX_ROW_ALIGN - 1) / BOLO_INDEX_ROW_ALIGN;
  return bolo_entry_decode (bytes, head.length, row);
}

BoloListEntry *
bolo_index_file_read (BoloIndexFile *self, guint32 place, guint64 *row)
{
  BoloListEntry *entry;
  guint64 next;

  g_return_val_if_fail (self != NULL, NULL);

  entry = read_record (self, place, row, &next);
  if (entry == NULL)
    count_damage (self);
  return entry;
}

BoloListEntry *
bolo_index_file_read_next (BoloIndexFile *self, guint64 *place, guint64 *row, GError **error)
{
  BoloListEntry *entry;

  g_return_val_if_fail (self != NULL && place != NULL, NULL);

  if (*place * BOLO_INDEX_ROW_ALIGN >= self->header.rows_bytes)
    return NULL;
  entry = read_record (self, *place, row, place);
  if (entry == NULL)
    fail (self, "a row is not as it was written", error);
  return entry;
}

static gboolean
verify_rows (BoloIndexFile *self, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (SUM_BYTES);
  guint64 n_records = 0;
  guint64 place = BOLO_INDEX_PLACE_FIRST;
  BoloIndexSum sum = {0};

  for (guint64 offset = 0; offset < self->header.rows_bytes;) {
    gsize n = (gsize) MIN (SUM_BYTES, self->header.rows_bytes - offset);

    if (!read_at (self, buffer, n, offset))
      return fail (self, "its rows cannot be read", error);
    bolo_index_sum_update (&sum, buffer, n);
    offset += n;
  }
  if (bolo_index_sum_get (&sum) != self->header.rows_checksum)
    return fail (self, "its rows are not as they were written", error);
  for (;;) {
    g_autoptr (GError) local = NULL;
    g_autoptr (BoloListEntry) entry = bolo_index_file_read_next (self, &place, NULL, &local);

    if (local != NULL) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
    if (entry == NULL)
      break;
    n_records++;
  }
  if (n_records != self->header.n_entries + self->header.n_patterns)
    return fail (self, "its rows are not those of its index", error);
  return TRUE;
}

/* Keys ascend, and the directory says where each bucket of them begins. */
static gboolean
verify_keys (BoloIndexFile *self, GError **error)
{
  guint64 n_buckets = G_GUINT64_CONSTANT (1) << self->header.directory_bits;

  if (self->starts[0] != 0 || self->starts[n_buckets] != self->header.n_entries)
    return fail (self, "its directory is wrong", error);
  for (guint64 bucket = 0; bucket < n_buckets; bucket++) {
    guint32 end = self->starts[bucket + 1];

    if (self->starts[bucket] > end || end > self->header.n_entries)
      return fail (self, "its directory is wrong", error);
    for (guint32 i = self->starts[bucket]; i < end; i++)
      if (get_bucket (self, self->keys[i]) != bucket ||
          (i > 0 && self->keys[i - 1] > self->keys[i]))
        return fail (self, "its keys are out of order", error);
  }
  return TRUE;
}

/* What lies between the sections is nothing. */
static gboolean
verify_gaps (BoloIndexFile *self, GError **error)
{
  guint64 at = sizeof self->header;

  for (guint i = 0; i < BOLO_INDEX_N_SECTIONS; i++) {
    const BoloIndexSection *section = &self->header.sections[i];

    for (; at < section->offset; at++)
      if (self->map[at] != 0)
        return fail (self, "its index is not as it was written", error);
    at = section->offset + section->length;
  }
  return at == self->length || fail (self, "its index is not as it was written", error);
}

gboolean
bolo_index_file_verify (BoloIndexFile *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < BOLO_INDEX_N_SECTIONS; i++) {
    const BoloIndexSection *section = &self->header.sections[i];

    if (bolo_index_sum (self->map + section->offset, section->length) != section->checksum)
      return fail (self, "its index is not as it was written", error);
  }
  return verify_gaps (self, error) && verify_keys (self, error) && verify_rows (self, error);
}
