/* bolo-list-package.c: the lists that one file holds, plain or in a ZIP
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-package"

#include "bolo-list-package.h"

#include "bolo-error.h"
#include "bolo-zip-stream.h"

#include <string.h>

#define MEMBER_NAME_MAX 255
/* What no list reaches: they pack to a tenth, a twentieth at best. */
#define RATIO_MAX 200
#define RATIO_FREE_BYTES (16 * 1024 * 1024) /* up to this much, any ratio does no harm */

/* Member: a part, and where its bytes are. */
typedef struct {
  BoloListPart part;
  zip_uint64_t index;
  guint64 size;
} Member;

struct _BoloListPackage {
  char *path;       /* (owned) (nullable) */
  GBytes *bytes;    /* (owned) (nullable): instead of a path */
  zip_t *zip;       /* (owned) (nullable): a plain file has none */
  GArray *members;  /* (owned): of Member */
  guint64 n_packed; /* bytes of the file */
};

static void
member_clear (gpointer data)
{
  g_free (((Member *) data)->part.name);
}

static BoloListPackage *
package_new (void)
{
  BoloListPackage *self = g_new0 (BoloListPackage, 1);

  self->members = g_array_new (FALSE, TRUE, sizeof (Member));
  g_array_set_clear_func (self->members, member_clear);
  return self;
}

void
bolo_list_package_free (BoloListPackage *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->zip, zip_discard);
  g_clear_pointer (&self->members, g_array_unref);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->path, g_free);
  g_free (self);
}

/* What a name's end says of its rows: "…_ins", "…_del", and the last letter of the names that back
 * offices give. FALSE: it says something that we do not know. */
static gboolean
read_role (const char *name, BoloListPart *part)
{
  static const struct {
    const char *end;
    gboolean is_delta;
    BoloListOperation operation;
  } roles[] = {
    {"_ins", TRUE, BOLO_LIST_INSERT}, {"_del", TRUE, BOLO_LIST_DELETE},
    {"_i", TRUE, BOLO_LIST_INSERT},   {"_a", TRUE, BOLO_LIST_INSERT},
    {"_d", TRUE, BOLO_LIST_DELETE},   {"_r", FALSE, BOLO_LIST_INSERT},
  };
  g_autofree char *stem = g_ascii_strdown (name, -1);
  char *dot = strrchr (stem, '.');
  gboolean is_office = dot != NULL && g_str_equal (dot, ".dat");

  part->is_delta = FALSE;
  part->operation = BOLO_LIST_INSERT;
  if (dot != NULL)
    *dot = '\0';
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_str_has_suffix (stem, roles[i].end) && (is_office || strlen (roles[i].end) > 2)) {
      part->is_delta = roles[i].is_delta;
      part->operation = roles[i].operation;
      return TRUE;
    }
  return !(is_office && strlen (stem) > 2 && stem[strlen (stem) - 2] == '_');
}

static gboolean
refuse (GError **error, const char *name, const char *reason)
{
  g_autofree char *valid =
    name != NULL ? g_utf8_make_valid (name, (gssize) MIN (strlen (name), 64)) : NULL;

  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "the ZIP file%s%s %s",
               valid != NULL ? ": its member " : "", valid != NULL ? valid : "", reason);
  return FALSE;
}

static gboolean
check_member (const BoloListPackage *self, const zip_stat_t *stat, GError **error)
{
  const zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE |
                              ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;

  if ((stat->valid & needed) != needed)
    return refuse (error, NULL, "is damaged; fetch it again");
  if (strlen (stat->name) > MEMBER_NAME_MAX || strpbrk (stat->name, "/\\") != NULL)
    return refuse (error, stat->name, "lies in a folder; put the list alone into the ZIP");
  if (stat->encryption_method != ZIP_EM_NONE)
    return refuse (error, stat->name, "is encrypted; unpack it and import what is in it");
  if (stat->comp_method != ZIP_CM_STORE && stat->comp_method != ZIP_CM_DEFLATE)
    return refuse (error, stat->name, "is packed in a way that lists are not; use deflate");
  if (stat->comp_size > self->n_packed)
    return refuse (error, stat->name, "is larger than the file; fetch it again");
  if (stat->size > RATIO_FREE_BYTES && stat->size / RATIO_MAX > stat->comp_size)
    return refuse (error, stat->name, "unpacks to far more than any list does");
  return TRUE;
}

static gboolean
add_member (BoloListPackage *self, zip_uint64_t index, GError **error)
{
  Member member = {.index = index};
  zip_stat_t stat;

  zip_stat_init (&stat);
  if (zip_stat_index (self->zip, index, 0, &stat) != 0)
    return refuse (error, NULL, "is damaged; fetch it again");
  if (!check_member (self, &stat, error))
    return FALSE;
  if (!read_role (stat.name, &member.part))
    return refuse (error, stat.name,
                   "is neither a whole list (_R) nor insertions (_I, _A) nor "
                   "deletions (_D)");
  member.size = stat.size;
  member.part.name = g_utf8_make_valid (stat.name, -1);
  g_array_append_val (self->members, member);
  return TRUE;
}

static int
compare_members (gconstpointer a, gconstpointer b)
{
  const Member *first = a;
  const Member *second = b;

  if (first->part.operation != second->part.operation)
    return first->part.operation == BOLO_LIST_DELETE ? -1 : 1;
  return strcmp (first->part.name, second->part.name);
}

/* One whole list, or nothing but changes to one. */
static gboolean
check_members (const BoloListPackage *self, GError **error)
{
  guint64 total = 0;
  guint n_whole = 0;

  for (guint i = 0; i < self->members->len; i++) {
    const Member *member = &g_array_index (self->members, Member, i);

    n_whole += !member->part.is_delta;
    if (member->size > BOLO_LIST_BYTES_MAX - total)
      return refuse (error, NULL, "unpacks to more than 8 GiB; split it");
    total += member->size;
  }
  if (self->members->len == 0)
    return refuse (error, NULL, "holds no list");
  if (n_whole > 0 && self->members->len > 1)
    return refuse (error, NULL, "holds more than one list; import them one by one");
  return TRUE;
}

static gboolean
read_directory (BoloListPackage *self, GError **error)
{
  zip_int64_t n_entries = zip_get_num_entries (self->zip, 0);

  if (n_entries > BOLO_LIST_MEMBERS_MAX)
    return refuse (error, NULL, "holds more than 16 files; put the list alone into it");
  for (zip_int64_t i = 0; i < n_entries; i++)
    if (!add_member (self, (zip_uint64_t) i, error))
      return FALSE;
  g_array_sort (self->members, compare_members);
  return check_members (self, error);
}

/* @source is taken. */
static gboolean
open_zip (BoloListPackage *self, zip_source_t *source, GError **error)
{
  zip_error_t reason;

  zip_error_init (&reason);
  if (source != NULL)
    self->zip = zip_open_from_source (source, ZIP_RDONLY | ZIP_CHECKCONS, &reason);
  if (self->zip == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "the ZIP file is damaged (%s); fetch it again",
                 source != NULL ? zip_error_strerror (&reason) : "it cannot be opened");
    if (source != NULL)
      zip_source_free (source);
  }
  zip_error_fini (&reason);
  return self->zip != NULL && read_directory (self, error);
}

static gboolean
begins_as_zip (const guint8 *bytes, gsize length)
{
  return length >= 4 && bytes[0] == 'P' && bytes[1] == 'K' &&
         ((bytes[2] == 3 && bytes[3] == 4) || (bytes[2] == 5 && bytes[3] == 6));
}

/* A plain file is a package of one part. */
static void
add_plain (BoloListPackage *self, const char *name)
{
  Member member = {.part = {.name = g_utf8_make_valid (name, -1)}};

  (void) read_role (name, &member.part);
  g_array_append_val (self->members, member);
}

/* The file's first bytes, and its size. FALSE: it cannot be read. */
static gboolean
look_into (const char *path, guint8 *begin, gsize *length, guint64 *size, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GError) local = NULL;

  stream = g_file_read (file, NULL, &local);
  if (stream != NULL &&
      g_input_stream_read_all (G_INPUT_STREAM (stream), begin, 4, length, NULL, &local))
    info = g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, NULL, &local);
  if (info == NULL) {
    bolo_error_take_foreign (error, g_steal_pointer (&local), "Cannot read the list");
    return FALSE;
  }
  *size = (guint64) g_file_info_get_size (info);
  return TRUE;
}

BoloListPackage *
bolo_list_package_open (const char *path, const char *name, GError **error)
{
  g_autoptr (BoloListPackage) self = NULL;
  guint8 begin[4];
  gsize length = 0;

  g_return_val_if_fail (path != NULL && name != NULL, NULL);

  self = package_new ();
  self->path = g_strdup (path);
  if (!look_into (path, begin, &length, &self->n_packed, error))
    return NULL;
  if (!begins_as_zip (begin, length))
    add_plain (self, name);
  else if (!open_zip (self, zip_source_file_create (path, 0, -1, NULL), error))
    return NULL;
  return g_steal_pointer (&self);
}

BoloListPackage *
bolo_list_package_open_bytes (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (BoloListPackage) self = NULL;
  const guint8 *data;
  gsize length;

  g_return_val_if_fail (bytes != NULL && name != NULL, NULL);

  self = package_new ();
  self->bytes = g_bytes_ref (bytes);
  data = g_bytes_get_data (bytes, &length);
  self->n_packed = length;
  if (!begins_as_zip (data, length))
    add_plain (self, name);
  else if (!open_zip (self, zip_source_buffer_create (data, length, 0, NULL), error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
bolo_list_package_is_packed (const BoloListPackage *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->zip != NULL;
}

guint
bolo_list_package_get_n_parts (const BoloListPackage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->members->len;
}

const BoloListPart *
bolo_list_package_get_part (const BoloListPackage *self, guint nth)
{
  g_return_val_if_fail (self != NULL && nth < self->members->len, NULL);

  return &g_array_index (self->members, Member, nth).part;
}

GInputStream *
bolo_list_package_read (BoloListPackage *self, guint nth, GError **error)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (GError) local = NULL;
  GFileInputStream *stream;

  g_return_val_if_fail (self != NULL && nth < self->members->len, NULL);

  if (self->zip != NULL) {
    const Member *member = &g_array_index (self->members, Member, nth);

    return bolo_zip_stream_new (self->zip, member->index, member->size, error);
  }
  if (self->bytes != NULL)
    return g_memory_input_stream_new_from_bytes (self->bytes);
  file = g_file_new_for_path (self->path);
  stream = g_file_read (file, NULL, &local);
  if (stream == NULL) {
    bolo_error_take_foreign (error, g_steal_pointer (&local), "Cannot read the list");
    return NULL;
  }
  return G_INPUT_STREAM (stream);
}
