/* bolo-soap-service.c: which parts a SOAP call has, as a table that a key file can change
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-soap-service"

#include "bolo-soap-service.h"

#include "bolo-error.h"

#include <string.h>

#define GROUP_OF_ALL "services"
#define GROUP_OF_ONE "service "
#define PARTS_MAX 64

struct _BoloSoapTable {
  GHashTable *services; /* (owned): operation to BoloSoapService */
};

const char *const bolo_soap_keys_of_all[] = {"types", "absent", NULL};
const char *const bolo_soap_keys_of_one[] = {"path",  "operation", "namespace", "action",
                                             "parts", "result",    "record",    "members",
                                             "types", "absent",    NULL};

static const char *const type_names[] = {
  "string",   "boolean",      "byte",    "short",   "int",    "long", "float",
  "dateTime", "base64Binary", "strings", "records", "record", "any",  "nothing",
};
G_STATIC_ASSERT (G_N_ELEMENTS (type_names) == BOLO_SOAP_NOTHING + 1);

const char *
bolo_soap_type_to_string (BoloSoapType type)
{
  g_return_val_if_fail (type <= BOLO_SOAP_NOTHING, NULL);

  return type_names[type];
}

/* ---- reading parts ------------------------------------------------------------------------- */

static void
part_clear (gpointer data)
{
  BoloSoapPart *part = data;

  g_free (part->meaning);
  g_free (part->name);
}

static GArray *
new_parts (void)
{
  GArray *parts = g_array_new (FALSE, TRUE, sizeof (BoloSoapPart));

  g_array_set_clear_func (parts, part_clear);
  return parts;
}

/* What can stand as an element's name, as far as services use it. */
static gboolean
is_name (const char *text)
{
  if (!g_ascii_isalpha (*text) && *text != '_')
    return FALSE;
  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && strchr ("_-.", *at) == NULL)
      return FALSE;
  return strlen (text) <= 100;
}

static gboolean
read_type (const char *text, BoloSoapType *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (type_names); i++)
    if (g_str_equal (text, type_names[i])) {
      *type = (BoloSoapType) i;
      return TRUE;
    }
  return FALSE;
}

const BoloSoapPart *
bolo_soap_parts_find (const GArray *parts, const char *meaning)
{
  g_return_val_if_fail (parts != NULL && meaning != NULL, NULL);

  for (guint i = 0; i < parts->len; i++) {
    const BoloSoapPart *part = &g_array_index (parts, BoloSoapPart, i);

    if (g_str_equal (part->meaning, meaning))
      return part;
  }
  return NULL;
}

/* (transfer full) (nullable): NULL where @text is no row of "MEANING NAME TYPE". */
static GArray *
read_parts (const char *text)
{
  g_autoptr (GArray) parts = new_parts ();
  g_auto (GStrv) rows = g_strsplit (text, ";", PARTS_MAX + 1);

  for (guint i = 0; rows[i] != NULL; i++) {
    g_auto (GStrv) words = NULL;
    BoloSoapPart part = {0};

    g_strstrip (rows[i]);
    if (*rows[i] == '\0')
      continue;
    words = g_strsplit (rows[i], " ", 4);
    if (i >= PARTS_MAX || g_strv_length (words) != 3 || !is_name (words[0]) ||
        !is_name (words[1]) || !read_type (words[2], &part.type) || part.type >= BOLO_SOAP_RECORD ||
        bolo_soap_parts_find (parts, words[0]) != NULL)
      return NULL;
    part.meaning = g_strdup (words[0]);
    part.name = g_strdup (words[1]);
    g_array_append_val (parts, part);
  }
  return g_steal_pointer (&parts);
}

static gboolean
read_result (BoloSoapService *service, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 3);
  BoloSoapType type;

  if (g_strv_length (words) != 2 || !is_name (words[0]) || !read_type (words[1], &type))
    return FALSE;
  g_free (service->result);
  service->result = g_strdup (words[0]);
  service->result_type = type;
  return TRUE;
}

static void
replace_parts (GArray **parts, GArray *by)
{
  g_clear_pointer (parts, g_array_unref);
  *parts = by;
}

/* ---- the table ----------------------------------------------------------------------------- */

static void
service_free (BoloSoapService *self)
{
  g_free (self->path);
  g_free (self->operation);
  g_free (self->name_space);
  g_free (self->action);
  g_free (self->result);
  g_free (self->record);
  g_clear_pointer (&self->parts, g_array_unref);
  g_clear_pointer (&self->members, g_array_unref);
  g_free (self);
}

static BoloSoapService *
service_new (const BoloSoapDefault *comes)
{
  BoloSoapService *self = g_new0 (BoloSoapService, 1);
  gboolean is_right;

  self->path = g_strdup (comes->path);
  self->operation = g_strdup (comes->operation);
  self->name_space = g_strdup (comes->name_space);
  self->action = g_strdup ("");
  self->parts = read_parts (comes->parts);
  self->record = g_strdup (comes->record);
  self->members = read_parts (comes->members != NULL ? comes->members : "");
  is_right = read_result (self, comes->result);
  g_assert (is_right && self->parts != NULL && self->members != NULL);
  return self;
}

BoloSoapTable *
bolo_soap_table_new (const BoloSoapDefault *defaults)
{
  BoloSoapTable *self;

  g_return_val_if_fail (defaults != NULL, NULL);

  self = g_new0 (BoloSoapTable, 1);
  self->services =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) service_free);
  for (; defaults->path != NULL; defaults++)
    g_hash_table_insert (self->services, g_strdup (defaults->operation), service_new (defaults));
  return self;
}

void
bolo_soap_table_free (BoloSoapTable *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->services, g_hash_table_unref);
  g_free (self);
}

const BoloSoapService *
bolo_soap_table_find (const BoloSoapTable *self, const char *operation)
{
  g_return_val_if_fail (self != NULL && operation != NULL, NULL);

  return g_hash_table_lookup (self->services, operation);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

char **
bolo_soap_table_list (const BoloSoapTable *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name;

  g_return_val_if_fail (self != NULL, NULL);

  g_hash_table_iter_init (&iter, self->services);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

/* ---- what a key file changes ---------------------------------------------------------------- */

static gboolean
override_looks (BoloSoapService *service, BoloKeyFile *file, const char *group, GError **error)
{
  static const char *const types[] = {"xsd", "soapenc", NULL};
  static const char *const absents[] = {"nil", "empty", NULL};
  int type = 0;
  int absent = 0;

  if (!bolo_key_file_get_choice (file, group, "types", types, service->is_wrapped, &type, error) ||
      !bolo_key_file_get_choice (file, group, "absent", absents, (int) service->absent, &absent,
                                 error))
    return FALSE;
  service->is_wrapped = type == 1;
  service->absent = (BoloSoapAbsent) absent;
  return TRUE;
}

/* Replaces *@text by the key's value; FALSE when that is no name, or nothing where it must be. */
static gboolean
override_text (
  char **text, BoloKeyFile *file, const char *group, const char *key, gboolean is_named)
{
  if (!bolo_key_file_has_key (file, group, key))
    return TRUE;
  g_free (*text);
  *text = bolo_key_file_get_string (file, group, key, "");
  return !is_named || is_name (*text);
}

static gboolean
override_part_list (GArray **parts, BoloKeyFile *file, const char *group, const char *key)
{
  g_autofree char *text = bolo_key_file_get_string (file, group, key, NULL);
  GArray *read;

  if (text == NULL)
    return TRUE;
  read = read_parts (text);
  if (read == NULL)
    return FALSE;
  replace_parts (parts, read);
  return TRUE;
}

static gboolean
override_one (BoloSoapService *service, BoloKeyFile *file, const char *group, GError **error)
{
  g_autofree char *result = bolo_key_file_get_string (file, group, "result", NULL);
  const char *wrong = NULL;

  if (!override_text (&service->operation, file, group, "operation", TRUE))
    wrong = "operation";
  else if (!override_text (&service->path, file, group, "path", FALSE))
    wrong = "path";
  else if (!override_text (&service->name_space, file, group, "namespace", FALSE) ||
           *service->name_space == '\0')
    wrong = "namespace";
  else if (!override_text (&service->action, file, group, "action", FALSE) ||
           strpbrk (service->action, "\"\r\n") != NULL)
    wrong = "action";
  else if (!override_text (&service->record, file, group, "record", TRUE))
    wrong = "record";
  else if (!override_part_list (&service->parts, file, group, "parts"))
    wrong = "parts";
  else if (!override_part_list (&service->members, file, group, "members"))
    wrong = "members";
  else if (result != NULL && !read_result (service, result))
    wrong = "result";
  if (wrong != NULL) {
    g_autofree char *message =
      g_strdup_printf ("%s is not as the services' table is written; see bolo-bof2.conf(5)", wrong);

    bolo_key_file_set_error (file, group, wrong, message, error);
    return FALSE;
  }
  return override_looks (service, file, group, error);
}

gboolean
bolo_soap_table_override (BoloSoapTable *self, BoloKeyFile *file, GError **error)
{
  g_auto (GStrv) groups = NULL;
  GHashTableIter iter;
  gpointer service;

  g_return_val_if_fail (self != NULL && file != NULL, FALSE);

  g_hash_table_iter_init (&iter, self->services);
  while (g_hash_table_iter_next (&iter, NULL, &service))
    if (!override_looks (service, file, GROUP_OF_ALL, error))
      return FALSE;
  groups = bolo_key_file_get_groups (file);
  for (guint i = 0; groups[i] != NULL; i++) {
    if (!g_str_has_prefix (groups[i], GROUP_OF_ONE))
      continue;
    service = g_hash_table_lookup (self->services, groups[i] + strlen (GROUP_OF_ONE));
    if (service == NULL) {
      g_auto (GStrv) known = bolo_soap_table_list (self);
      g_autofree char *names = g_strjoinv (", ", known);
      g_autofree char *message = g_strdup_printf ("there is no service '%s'; known are: %s",
                                                  groups[i] + strlen (GROUP_OF_ONE), names);

      bolo_key_file_set_error (file, groups[i], NULL, message, error);
      return FALSE;
    }
    if (!override_one (service, file, groups[i], error))
      return FALSE;
  }
  return TRUE;
}
