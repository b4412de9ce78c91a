/* bolo-bof2-config.c: how one force's BOF2 back office is reached and spoken to
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-bof2-config"

#include "bolo-bof2-config.h"

#include <string.h>

#include "bolo-bof2-services.h"
#include "bolo-error.h"
#include "bolo-list-key.h"

#define ID_MAX 32767 /* xsd:short */
#define SERVER "server"
#define ACCOUNT "account"
#define CAPTURES "captures"
#define ANSWERS "answers"
#define LISTS "lists"
#define LIST "list "
#define CAMERAS "cameras"
#define REPLY_MIB_DEFAULT 256 /* a whole list of some million rows, packed, in Base64 */

static const char *const server_keys[] = {"url",         "inside_vpn", "authority",
                                          "certificate", "key",        NULL};
static const char *const account_keys[] = {"username",  "secret_file", "feed",    "source",
                                           "source_id", "ping",        "ping_id", NULL};
static const char *const capture_keys[] = {"call",          "most",      "pictures", "plate_kind",
                                           "overview_kind", "time_zone", NULL};
static const char *const answer_keys[] = {"success", "retry", "reject", NULL};
static const char *const lists_keys[] = {"take",         "trust",     "restrict_bytes",
                                         "when_too_big", "reply_mib", NULL};
static const char *const list_keys[] = {"name", "kind", "format", "map", NULL};
static const char *const any_keys[] = {"*", NULL};

static const BoloKeySpec specs[] = {
  {SERVER, server_keys},    {ACCOUNT, account_keys}, {CAMERAS, any_keys},
  {CAPTURES, capture_keys}, {ANSWERS, answer_keys},  {LISTS, lists_keys},
  {LIST "*", list_keys},    BOLO_SOAP_SPECS,         {0},
};

static void
list_free (gpointer data)
{
  BoloBof2List *list = data;

  g_free (list->name);
  g_free (list->kind);
  g_free (list->format);
  g_free (list->map);
  g_free (list);
}

void
bolo_bof2_config_free (BoloBof2Config *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->url);
  g_free (self->authority);
  g_free (self->certificate);
  g_free (self->key);
  bolo_bof2_wipe_free (self->secret);
  g_free (self->username);
  g_free (self->source_id);
  g_free (self->plate_kind);
  g_free (self->overview_kind);
  g_clear_pointer (&self->time_zone, g_time_zone_unref);
  g_clear_pointer (&self->cameras, g_hash_table_unref);
  g_clear_pointer (&self->rules, bolo_bof2_rules_free);
  g_clear_pointer (&self->lists, g_hash_table_unref);
  g_clear_pointer (&self->services, bolo_soap_table_free);
  g_free (self);
}

int
bolo_bof2_config_get_camera (const BoloBof2Config *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, 0);

  return GPOINTER_TO_INT (g_hash_table_lookup (self->cameras, name));
}

/* ---- reading ------------------------------------------------------------------------------- */

/* (transfer full) (nullable): NULL with an error where the key is missing. */
static char *
need (BoloKeyFile *file, const char *group, const char *key, GError **error)
{
  char *value = bolo_key_file_get_string (file, group, key, NULL);

  if (value != NULL && *value != '\0')
    return value;
  g_free (value);
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "%s: [%s] must have %s=; see bolo-bof2.conf(5)", bolo_key_file_get_name (file),
               group, key);
  return NULL;
}

static gboolean
read_id (BoloKeyFile *file, const char *group, const char *key, int *id, GError **error)
{
  gint64 value = 0;
  g_autofree char *text = need (file, group, key, error);

  if (text == NULL || !bolo_key_file_get_int (file, group, key, 1, ID_MAX, 0, &value, error))
    return FALSE;
  *id = (int) value;
  return TRUE;
}

static gboolean
read_server (BoloBof2Config *self, BoloKeyFile *file, GError **error)
{
  gboolean is_inside_vpn = FALSE;

  self->url = need (file, SERVER, "url", error);
  if (self->url == NULL ||
      !bolo_key_file_get_boolean (file, SERVER, "inside_vpn", FALSE, &is_inside_vpn, error))
    return FALSE;
  if (g_str_has_suffix (self->url, "/"))
    self->url[strlen (self->url) - 1] = '\0';
  /* Each call holds the secret: it must not cross a network that others can listen to. */
  if (!g_str_has_prefix (self->url, "https://") &&
      !(is_inside_vpn && g_str_has_prefix (self->url, "http://"))) {
    bolo_key_file_set_error (file, SERVER, "url",
                             "url must be https://…, or http://… with inside_vpn=yes where the "
                             "force's VPN protects it",
                             error);
    return FALSE;
  }
  self->authority = bolo_key_file_get_string (file, SERVER, "authority", NULL);
  self->certificate = bolo_key_file_get_string (file, SERVER, "certificate", NULL);
  self->key = bolo_key_file_get_string (file, SERVER, "key", NULL);
  if ((self->certificate == NULL) != (self->key == NULL)) {
    bolo_key_file_set_error (file, SERVER, self->key == NULL ? "certificate" : "key",
                             "certificate= and key= go together", error);
    return FALSE;
  }
  return TRUE;
}

static gboolean
read_account (BoloBof2Config *self, BoloKeyFile *file, GError **error)
{
  g_autofree char *path = need (file, ACCOUNT, "secret_file", error);
  g_autofree char *number = NULL;

  if (path == NULL)
    return FALSE;
  self->username = need (file, ACCOUNT, "username", error);
  if (self->username == NULL || !read_id (file, ACCOUNT, "feed", &self->feed, error) ||
      !read_id (file, ACCOUNT, "source", &self->source, error) ||
      !bolo_key_file_get_boolean (file, ACCOUNT, "ping", TRUE, &self->has_ping, error) ||
      !bolo_key_file_get_int (file, ACCOUNT, "ping_id", G_MININT32, G_MAXINT32, self->source,
                              &self->ping_id, error))
    return FALSE;
  number = g_strdup_printf ("%d", self->source);
  self->source_id = bolo_key_file_get_string (file, ACCOUNT, "source_id", number);
  self->secret = bolo_bof2_secret_load (path, error);
  return self->secret != NULL;
}

static gboolean
read_cameras (BoloBof2Config *self, BoloKeyFile *file, GError **error)
{
  g_auto (GStrv) names = bolo_key_file_get_keys (file, CAMERAS);

  self->cameras = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; names[i] != NULL; i++) {
    int id = 0;

    if (!read_id (file, CAMERAS, names[i], &id, error))
      return FALSE;
    g_hash_table_insert (self->cameras, g_strdup (names[i]), GINT_TO_POINTER (id));
  }
  return TRUE;
}

static gboolean
read_time_zone (BoloBof2Config *self, BoloKeyFile *file, GError **error)
{
  g_autofree char *name = bolo_key_file_get_string (file, CAPTURES, "time_zone", "UTC");

  if (g_str_equal (name, "UTC"))
    return TRUE;
  self->time_zone = g_time_zone_new_identifier (name);
  if (self->time_zone != NULL)
    return TRUE;
  bolo_key_file_set_error (file, CAPTURES, "time_zone",
                           "time_zone must be UTC or a zone's name such as Europe/London", error);
  return FALSE;
}

static gboolean
read_captures (BoloBof2Config *self, BoloKeyFile *file, GError **error)
{
  static const char *const calls[] = {"compound", "compact", "capture", NULL};
  static const char *const pictures[] = {"after", "with", "none", NULL};
  int call = 0;
  int picture = 0;
  gint64 most = 0;

  if (!bolo_key_file_get_choice (file, CAPTURES, "call", calls, 0, &call, error) ||
      !bolo_key_file_get_choice (file, CAPTURES, "pictures", pictures, 0, &picture, error) ||
      !bolo_key_file_get_int (file, CAPTURES, "most", 1, BOLO_BOF2_COMPOUND_MAX,
                              BOLO_BOF2_COMPOUND_MAX, &most, error) ||
      !read_time_zone (self, file, error))
    return FALSE;
  self->call = (BoloBof2Call) call;
  self->pictures = (BoloBof2Pictures) picture;
  self->compound_max = self->call == BOLO_BOF2_CALL_COMPOUND ? (guint) most : 1;
  self->plate_kind = bolo_key_file_get_string (file, CAPTURES, "plate_kind", "P");
  self->overview_kind = bolo_key_file_get_string (file, CAPTURES, "overview_kind", "C");
  if (self->pictures != BOLO_BOF2_PICTURES_WITH || self->call == BOLO_BOF2_CALL_CAPTURE)
    return TRUE;
  bolo_key_file_set_error (file, CAPTURES, "pictures",
                           "pictures=with needs call=capture: the other calls hold no pictures",
                           error);
  return FALSE;
}

static gboolean
read_answers (BoloBof2Config *self, BoloKeyFile *file, GError **error)
{
  g_auto (GStrv) success = bolo_key_file_get_list (file, ANSWERS, "success");
  g_auto (GStrv) retry = bolo_key_file_get_list (file, ANSWERS, "retry");
  g_auto (GStrv) reject = bolo_key_file_get_list (file, ANSWERS, "reject");

  /* What a back office answers is not established: without a word from the force nothing would
   * ever count as taken, or everything would. */
  if (success[0] == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s: [answers] must have success=, the words with which this back office says "
                 "that it has a read; ask the force for its interface description",
                 bolo_key_file_get_name (file));
    return FALSE;
  }
  self->rules = bolo_bof2_rules_new ((const char *const *) success, (const char *const *) retry,
                                     (const char *const *) reject, error);
  if (self->rules == NULL)
    g_prefix_error (error, "%s: [answers] ", bolo_key_file_get_name (file));
  return self->rules != NULL;
}

static gboolean
check_list_name (BoloKeyFile *file, const char *group, const char *key, GError **error)
{
  g_autofree char *name = bolo_key_file_get_string (file, group, key, NULL);

  if (name == NULL || bolo_list_key_name_is_good (name))
    return TRUE;
  bolo_key_file_set_error (file, group, key,
                           "a list and its kind are named with 1 to 64 letters, digits, '-', '_'",
                           error);
  return FALSE;
}

static gboolean
read_list (BoloBof2Config *self, BoloKeyFile *file, const char *group, GError **error)
{
  BoloBof2List *list;

  if (!check_list_name (file, group, "name", error) ||
      !check_list_name (file, group, "kind", error))
    return FALSE;
  list = g_new0 (BoloBof2List, 1);
  list->name = bolo_key_file_get_string (file, group, "name", NULL);
  list->kind = bolo_key_file_get_string (file, group, "kind", NULL);
  list->format = bolo_key_file_get_string (file, group, "format", NULL);
  list->map = bolo_key_file_get_string (file, group, "map", NULL);
  g_hash_table_insert (self->lists, g_strdup (group + strlen (LIST)), list);
  return TRUE;
}

static gboolean
read_lists (BoloBof2Config *self, BoloKeyFile *file, GError **error)
{
  static const char *const trusts[] = {"nobody", "connection", NULL};
  static const char *const too_bigs[] = {"whole", "wait", NULL};
  g_auto (GStrv) groups = bolo_key_file_get_groups (file);
  gint64 reply_mib = 0;
  int trust = 0;
  int too_big = 0;

  self->lists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, list_free);
  if (!bolo_key_file_get_boolean (file, LISTS, "take", FALSE, &self->has_lists, error) ||
      !bolo_key_file_get_choice (file, LISTS, "trust", trusts, 0, &trust, error) ||
      !bolo_key_file_get_choice (file, LISTS, "when_too_big", too_bigs, 0, &too_big, error) ||
      !bolo_key_file_get_int (file, LISTS, "restrict_bytes", 0, G_MAXINT32, 0,
                              &self->restrict_bytes, error) ||
      !bolo_key_file_get_int (file, LISTS, "reply_mib", 1, 4096, REPLY_MIB_DEFAULT, &reply_mib,
                              error))
    return FALSE;
  self->trusts_connection = trust == 1;
  self->takes_too_big = too_big == 0;
  self->reply_bytes_max = (gsize) reply_mib << 20;
  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], LIST) && !read_list (self, file, groups[i], error))
      return FALSE;
  if (self->has_lists && !self->trusts_connection) {
    /* BOF2's lists bring no signature: taking them is a decision that somebody must write down. */
    bolo_key_file_set_error (file, LISTS, "take",
                             "lists of a BOF2 back office are not signed: take=yes needs "
                             "trust=connection, and every hit on them then says so",
                             error);
    return FALSE;
  }
  return TRUE;
}

BoloBof2Config *
bolo_bof2_config_load (const char *path, GError **error)
{
  g_autoptr (BoloKeyFile) file = NULL;
  g_autoptr (BoloBof2Config) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  file = bolo_key_file_load (path, specs, error);
  if (file == NULL)
    return NULL;
  self = g_new0 (BoloBof2Config, 1);
  self->services = bolo_bof2_services_new ();
  if (!read_server (self, file, error) || !read_account (self, file, error) ||
      !read_cameras (self, file, error) || !read_captures (self, file, error) ||
      !read_answers (self, file, error) || !read_lists (self, file, error) ||
      !bolo_soap_table_override (self->services, file, error))
    return NULL;
  return g_steal_pointer (&self);
}
