/* bolo-cli-hotlist-sign.c: boloctl hotlist keygen, sign and trust: whose lists are taken
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli-hotlist.h"

#include "bolo-error.h"
#include "bolo-list-signature.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_BYTES (256 * 1024)

/* Writes a new file; never over one that is there. */
static gboolean
write_new (const char *path, const char *text, int mode, GError **error)
{
  g_autofree char *what = g_strdup_printf ("Cannot write %s", path);
  gsize length = strlen (text);
  int file = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  gboolean is_written =
    file >= 0 && write (file, text, length) == (gssize) length && fsync (file) == 0;

  if (!is_written)
    bolo_error_set_errno (error, errno, what);
  if (file >= 0)
    close (file);
  return is_written;
}

int
bolo_cli_hotlist_keygen (BoloCliHotlist *self, int argc, char **argv)
{
  g_autoptr (BoloListKey) key = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *secret_path = NULL;
  g_autofree char *public_path = NULL;
  g_autofree char *secret = NULL;
  g_autofree char *public = NULL;

  if (argc != 2)
    return bolo_cli_misuse (self->cli, "keygen takes the name of the key");
  key = bolo_list_key_generate (argv[1], &error);
  if (key == NULL)
    return bolo_cli_fail (self->cli, error);
  folder = g_strdup (self->options.out != NULL ? self->options.out : ".");
  secret_path = g_strdup_printf ("%s/%s.key", folder, key->name);
  public_path = g_strdup_printf ("%s/%s.pub", folder, key->name);
  secret = bolo_list_key_to_text (key, TRUE);
  public = bolo_list_key_to_text (key, FALSE);
  if (!write_new (secret_path, secret, 0600, &error) ||
      !write_new (public_path, public, 0644, &error)) {
    explicit_bzero (secret, strlen (secret));
    return bolo_cli_fail (self->cli, error);
  }
  explicit_bzero (secret, strlen (secret));
  if (!self->cli->is_json)
    printf ("%s signs lists: keep it secret. %s goes to the cars: boloctl hotlist trust.\n",
            secret_path, public_path);
  return BOLO_CLI_DONE;
}

/* Length and SHA-256 of a file. */
static gboolean
sum_up (const char *path, BoloListSignature *signature, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *what = g_strdup_printf ("Cannot read %s", path);
  g_autofree guchar *buffer = g_malloc (READ_BYTES);
  int file = open (path, O_RDONLY | O_CLOEXEC);
  gssize length = file >= 0 ? 0 : -1;

  while (file >= 0 && (length = read (file, buffer, READ_BYTES)) > 0) {
    g_checksum_update (sum, buffer, length);
    signature->size += (guint64) length;
  }
  if (length < 0)
    bolo_error_set_errno (error, errno, what);
  if (file >= 0)
    close (file);
  signature->sha256 = g_strdup (g_checksum_get_string (sum));
  return length == 0;
}

static BoloListKey *
load_secret (const char *path, GError **error)
{
  g_autoptr (BoloListKey) key = NULL;
  g_autoptr (GError) local = NULL;
  char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, &local)) {
    bolo_error_take_foreign (error, g_steal_pointer (&local), "Cannot read the key");
    return NULL;
  }
  key = bolo_list_key_parse (text, length, path, error);
  explicit_bzero (text, length);
  g_free (text);
  if (key != NULL && !key->has_secret) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s is the public half of a key; sign with its secret half", path);
    return NULL;
  }
  return g_steal_pointer (&key);
}

static BoloListSignature *
describe (const BoloCliHotlist *self, const char *path, GError **error)
{
  const BoloCliHotlistOptions *options = &self->options;
  g_autoptr (BoloListSignature) signature = g_new0 (BoloListSignature, 1);

  signature->name =
    options->name != NULL ? g_strdup (options->name) : bolo_cli_hotlist_make_name (path);
  signature->kind = g_strdup (options->kind != NULL ? options->kind : signature->name);
  signature->format = g_strdup (options->format != NULL ? options->format : "auto");
  signature->number = (guint64) options->number;
  signature->base = (guint64) options->base;
  signature->is_delta = options->base > 0;
  signature->revision = options->revision != NULL
                          ? g_strdup (options->revision)
                          : g_strdup_printf ("%" G_GINT64_FORMAT, options->number);
  signature->issued_us = bolo_clock_get_utc_us (self->clock);
  return sum_up (path, signature, error) ? g_steal_pointer (&signature) : NULL;
}

int
bolo_cli_hotlist_sign (BoloCliHotlist *self, int argc, char **argv)
{
  const BoloCliHotlistOptions *options = &self->options;
  g_autoptr (BoloListSignature) signature = NULL;
  g_autoptr (BoloListKey) key = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  if (argc != 2 || options->key == NULL || options->number <= 0)
    return bolo_cli_misuse (self->cli, "sign takes one file, --key and a --number above 0");
  if (options->base < 0 || options->base >= options->number)
    return bolo_cli_misuse (self->cli, "--base is the number before, which is below --number");
  key = load_secret (options->key, &error);
  signature = key != NULL ? describe (self, argv[1], &error) : NULL;
  text = signature != NULL ? bolo_list_signature_sign (signature, key, &error) : NULL;
  path = options->out != NULL ? g_strdup (options->out) : g_strconcat (argv[1], ".sig", NULL);
  if (text == NULL || !write_new (path, text, 0644, &error))
    return bolo_cli_fail (self->cli, error);
  if (!self->cli->is_json)
    printf ("%s: number %" G_GUINT64_FORMAT " of the list %s, signed by the key %s\n", path,
            signature->number, signature->name, key->name);
  return BOLO_CLI_DONE;
}

int
bolo_cli_hotlist_trust (BoloCliHotlist *self, int argc, char **argv)
{
  g_auto (GStrv) names = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;

  if (argc > 2)
    return bolo_cli_misuse (self->cli, "trust takes one public key, or nothing to list them");
  if (argc == 2) {
    if (!bolo_hotlist_trust (self->hotlist, argv[1], &name, &error))
      return bolo_cli_fail (self->cli, error);
    if (!self->cli->is_json)
      printf ("lists signed by the key %s are taken\n", name);
    return BOLO_CLI_DONE;
  }
  names = bolo_hotlist_get_trusted (self->hotlist);
  for (guint i = 0; names[i] != NULL; i++) {
    if (self->cli->is_json) {
      BoloJsonWriter *writer = bolo_json_writer_new ();

      bolo_json_writer_add_text (writer, "key", names[i]);
      bolo_cli_hotlist_print (writer);
    } else
      printf ("%s\n", names[i]);
  }
  return BOLO_CLI_DONE;
}
