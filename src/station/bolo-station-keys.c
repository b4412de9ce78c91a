/* bolo-station-keys.c: certificates and the signing key of a station, read or made
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-keys"

#include "bolo-station-keys.h"

#include "bolo-error.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <gnutls/x509.h>
#include <string.h>

#define PEM_BYTES_MAX 16384
#define SERIAL_BYTES 16
/* Clocks differ: a certificate is good from a little before it was made. */
#define EARLY_S 3600

/* BoloPair: a certificate and its key while they are made. */
typedef struct {
  gnutls_x509_crt_t certificate;
  gnutls_x509_privkey_t key;
} BoloPair;

static void
bolo_pair_clear (BoloPair *pair)
{
  g_clear_pointer (&pair->certificate, gnutls_x509_crt_deinit);
  g_clear_pointer (&pair->key, gnutls_x509_privkey_deinit);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BoloPair, bolo_pair_clear)

typedef enum {
  KIND_AUTHORITY,
  KIND_STATION,
  KIND_CLIENT,
} Kind;

static gboolean
check (int code, const char *what, GError **error)
{
  if (code >= 0)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INTERNAL, "cannot make the certificate of %s: %s",
               what, gnutls_strerror (code));
  return FALSE;
}

static gboolean
write_secret (const char *path, const char *text, gsize length, GError **error)
{
  GError *local = NULL;

  if (g_file_set_contents_full (path, text, (gssize) length,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                &local))
    return TRUE;
  bolo_error_take_foreign (error, local, "Cannot keep a key");
  return FALSE;
}

static gboolean
save_pair (const BoloPair *pair, const char *folder, const char *name, GError **error)
{
  g_autofree char *certificate_path = g_strdup_printf ("%s/%s.pem", folder, name);
  g_autofree char *key_path = g_strdup_printf ("%s/%s.key", folder, name);
  g_autofree char *pem = g_malloc (PEM_BYTES_MAX);
  size_t length = PEM_BYTES_MAX;
  gboolean is_saved;

  if (!check (gnutls_x509_privkey_export (pair->key, GNUTLS_X509_FMT_PEM, pem, &length), name,
              error))
    return FALSE;
  is_saved = write_secret (key_path, pem, length, error);
  memset (pem, 0, PEM_BYTES_MAX);
  length = PEM_BYTES_MAX;
  return is_saved &&
         check (gnutls_x509_crt_export (pair->certificate, GNUTLS_X509_FMT_PEM, pem, &length), name,
                error) &&
         write_secret (certificate_path, pem, length, error);
}

static gboolean
import_file (const char *path, gnutls_datum_t *datum, char **text, GError **error)
{
  GError *local = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, text, &length, &local)) {
    bolo_error_take_foreign (error, local, "Cannot read the authority's files");
    return FALSE;
  }
  datum->data = (unsigned char *) *text;
  datum->size = (unsigned int) length;
  return TRUE;
}

static gboolean
load_pair (BoloPair *pair, const char *folder, const char *name, GError **error)
{
  g_autofree char *certificate_path = g_strdup_printf ("%s/%s.pem", folder, name);
  g_autofree char *key_path = g_strdup_printf ("%s/%s.key", folder, name);
  g_autofree char *certificate = NULL;
  g_autofree char *key = NULL;
  gnutls_datum_t datum;

  return import_file (certificate_path, &datum, &certificate, error) &&
         check (gnutls_x509_crt_init (&pair->certificate), name, error) &&
         check (gnutls_x509_crt_import (pair->certificate, &datum, GNUTLS_X509_FMT_PEM), name,
                error) &&
         import_file (key_path, &datum, &key, error) &&
         check (gnutls_x509_privkey_init (&pair->key), name, error) &&
         check (gnutls_x509_privkey_import (pair->key, &datum, GNUTLS_X509_FMT_PEM), name, error);
}

static int
set_hosts (gnutls_x509_crt_t certificate, char *const *hosts)
{
  int code = 0;

  for (guint i = 0; hosts[i] != NULL && code >= 0; i++) {
    guint8 address[16];

    if (inet_pton (AF_INET, hosts[i], address) == 1)
      code = gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, address, 4,
                                                   GNUTLS_FSAN_APPEND);
    else if (inet_pton (AF_INET6, hosts[i], address) == 1)
      code = gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, address, 16,
                                                   GNUTLS_FSAN_APPEND);
    else
      code =
        gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, hosts[i],
                                              (unsigned int) strlen (hosts[i]), GNUTLS_FSAN_APPEND);
  }
  return code;
}

static int
set_uses (gnutls_x509_crt_t certificate, Kind kind)
{
  if (kind == KIND_AUTHORITY)
    return MIN (gnutls_x509_crt_set_basic_constraints (certificate, 1, 0),
                gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_KEY_CERT_SIGN));
  return MIN (
    MIN (gnutls_x509_crt_set_basic_constraints (certificate, 0, -1),
         gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_DIGITAL_SIGNATURE)),
    gnutls_x509_crt_set_key_purpose_oid (
      certificate, kind == KIND_STATION ? GNUTLS_KP_TLS_WWW_SERVER : GNUTLS_KP_TLS_WWW_CLIENT, 0));
}

static int
set_name (gnutls_x509_crt_t certificate, const char *oid, const char *name)
{
  return gnutls_x509_crt_set_dn_by_oid (certificate, oid, 0, name, (unsigned int) strlen (name));
}

static int
set_terms (gnutls_x509_crt_t certificate, guint days)
{
  guint8 serial[SERIAL_BYTES];
  time_t now = time (NULL);

  for (guint i = 0; i < SERIAL_BYTES; i++)
    serial[i] = (guint8) g_random_int ();
  serial[0] &= 0x7f;
  return MIN (
    MIN (gnutls_x509_crt_set_version (certificate, 3),
         gnutls_x509_crt_set_serial (certificate, serial, sizeof serial)),
    MIN (gnutls_x509_crt_set_activation_time (certificate, now - EARLY_S),
         gnutls_x509_crt_set_expiration_time (certificate, now + (time_t) days * 24 * 3600)));
}

/* @authority NULL: signs itself. */
static gboolean
make_pair (BoloPair *pair,
           const BoloPair *authority,
           Kind kind,
           const char *name,
           const char *unit,
           char *const *hosts,
           guint days,
           GError **error)
{
  return check (gnutls_x509_privkey_init (&pair->key), name, error) &&
         check (gnutls_x509_privkey_generate (
                  pair->key, GNUTLS_PK_ECDSA,
                  (unsigned int) GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
                name, error) &&
         check (gnutls_x509_crt_init (&pair->certificate), name, error) &&
         check (set_name (pair->certificate, GNUTLS_OID_X520_COMMON_NAME, name), name, error) &&
         (unit == NULL ||
          check (set_name (pair->certificate, GNUTLS_OID_X520_ORGANIZATIONAL_UNIT_NAME, unit), name,
                 error)) &&
         check (set_terms (pair->certificate, days), name, error) &&
         check (set_uses (pair->certificate, kind), name, error) &&
         check (set_hosts (pair->certificate, hosts), name, error) &&
         check (gnutls_x509_crt_set_key (pair->certificate, pair->key), name, error) &&
         check (gnutls_x509_crt_sign2 (
                  pair->certificate, authority != NULL ? authority->certificate : pair->certificate,
                  authority != NULL ? authority->key : pair->key, GNUTLS_DIG_SHA256, 0),
                name, error);
}

static gboolean
is_there (const char *folder, const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.pem", folder, name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
ensure_pair (const char *folder,
             const BoloPair *authority,
             Kind kind,
             const char *name,
             const char *unit,
             char *const *hosts,
             guint days,
             GError **error)
{
  g_auto (BoloPair) pair = {0};

  return is_there (folder, name) ||
         (make_pair (&pair, authority, kind, name, unit, hosts, days, error) &&
          save_pair (&pair, folder, name, error));
}

static gboolean
ensure_authority (const char *folder, BoloPair *authority, guint days, GError **error)
{
  char *const none[] = {NULL};

  if (is_there (folder, "authority"))
    return load_pair (authority, folder, "authority", error);
  return make_pair (authority, NULL, KIND_AUTHORITY, "Bolo development authority", NULL, none, days,
                    error) &&
         save_pair (authority, folder, "authority", error);
}

static gboolean
ensure_signing_key (const char *folder, GError **error)
{
  g_autofree char *secret_path = g_strdup_printf ("%s/" BOLO_STATION_KEY_NAME ".secret", folder);
  g_autofree char *public_path = g_strdup_printf ("%s/" BOLO_STATION_KEY_NAME ".pub", folder);
  g_autoptr (BoloListKey) key = NULL;
  g_autofree char *secret = NULL;
  g_autofree char *public = NULL;
  gboolean is_kept;

  if (g_file_test (secret_path, G_FILE_TEST_EXISTS))
    return TRUE;
  key = bolo_list_key_generate (BOLO_STATION_KEY_NAME, error);
  if (key == NULL)
    return FALSE;
  secret = bolo_list_key_to_text (key, TRUE);
  public = bolo_list_key_to_text (key, FALSE);
  is_kept = write_secret (public_path, public, strlen (public), error) &&
            write_secret (secret_path, secret, strlen (secret), error);
  memset (secret, 0, strlen (secret));
  return is_kept;
}

gboolean
bolo_station_keys_make (
  const char *folder, char *const *cars, char *const *hosts, guint days, GError **error)
{
  g_auto (BoloPair) authority = {0};
  char *const none[] = {NULL};

  g_return_val_if_fail (folder != NULL && cars != NULL && hosts != NULL && days > 0, FALSE);

  for (guint i = 0; cars[i] != NULL; i++) {
    if (bolo_list_key_name_is_good (cars[i]))
      continue;
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "'%s' cannot name a car; use 1 to 64 letters, digits, '-' and '_'", cars[i]);
    return FALSE;
  }
  if (g_mkdir_with_parents (folder, 0700) != 0) {
    bolo_error_set_errno (error, errno, "Cannot make the folder of certificates");
    return FALSE;
  }
  if (!ensure_authority (folder, &authority, days, error) ||
      !ensure_pair (folder, &authority, KIND_STATION, "station", NULL, hosts, days, error) ||
      !ensure_pair (folder, &authority, KIND_CLIENT, "operator", BOLO_STATION_OPERATOR, none, days,
                    error) ||
      !ensure_signing_key (folder, error))
    return FALSE;
  for (guint i = 0; cars[i] != NULL; i++)
    if (!ensure_pair (folder, &authority, KIND_CLIENT, cars[i], NULL, none, days, error))
      return FALSE;
  return TRUE;
}

BoloListKey *
bolo_station_keys_load (const char *folder, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  GError *local = NULL;
  BoloListKey *key;
  gsize length = 0;

  g_return_val_if_fail (folder != NULL, NULL);

  path = g_strdup_printf ("%s/" BOLO_STATION_KEY_NAME ".secret", folder);
  if (!g_file_get_contents (path, &text, &length, &local)) {
    bolo_error_take_foreign (error, local, "Cannot read the station's signing key");
    return NULL;
  }
  key = bolo_list_key_parse (text, length, path, error);
  memset (text, 0, length);
  if (key != NULL && !key->has_secret) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s holds the public half only; the station signs with the secret one", path);
    g_clear_pointer (&key, bolo_list_key_free);
  }
  return key;
}

char *
bolo_station_keys_get_fingerprint (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = NULL;

  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), NULL);

  g_object_get (certificate, "certificate", &der, NULL);
  return der != NULL ? g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len) : NULL;
}

/* (transfer full) (nullable): the one value of @oid in the subject; NULL where there is none, or
 * more than one, for then it is not clear whose certificate it is. */
static char *
get_subject (GTlsCertificate *certificate, const char *oid)
{
  g_autoptr (GByteArray) der = NULL;
  g_auto (BoloPair) pair = {0};
  gnutls_datum_t datum;
  char value[256];
  size_t length = sizeof value;
  size_t second = sizeof value;

  g_object_get (certificate, "certificate", &der, NULL);
  if (der == NULL || gnutls_x509_crt_init (&pair.certificate) < 0)
    return NULL;
  datum.data = der->data;
  datum.size = der->len;
  if (gnutls_x509_crt_import (pair.certificate, &datum, GNUTLS_X509_FMT_DER) < 0 ||
      gnutls_x509_crt_get_dn_by_oid (pair.certificate, oid, 0, 0, value, &length) < 0 ||
      strlen (value) != length)
    return NULL;
  if (gnutls_x509_crt_get_dn_by_oid (pair.certificate, oid, 1, 0, (char[256]){0}, &second) !=
      GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
    return NULL;
  return g_strdup (value);
}

char *
bolo_station_keys_get_car (GTlsCertificate *certificate)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), NULL);

  name = get_subject (certificate, GNUTLS_OID_X520_COMMON_NAME);
  if (name == NULL || !bolo_list_key_name_is_good (name) ||
      bolo_station_keys_is_operator (certificate))
    return NULL;
  return g_steal_pointer (&name);
}

gboolean
bolo_station_keys_is_for_clients (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = NULL;
  g_auto (BoloPair) pair = {0};
  gnutls_datum_t datum;

  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), FALSE);

  g_object_get (certificate, "certificate", &der, NULL);
  if (der == NULL || gnutls_x509_crt_init (&pair.certificate) < 0)
    return FALSE;
  datum.data = der->data;
  datum.size = der->len;
  return gnutls_x509_crt_import (pair.certificate, &datum, GNUTLS_X509_FMT_DER) >= 0 &&
         gnutls_x509_crt_check_key_purpose (pair.certificate, GNUTLS_KP_TLS_WWW_CLIENT, 0) != 0;
}

gboolean
bolo_station_keys_is_operator (GTlsCertificate *certificate)
{
  g_autofree char *unit = NULL;

  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), FALSE);

  unit = get_subject (certificate, GNUTLS_OID_X520_ORGANIZATIONAL_UNIT_NAME);
  return g_strcmp0 (unit, BOLO_STATION_OPERATOR) == 0;
}
