/* test-keys.c: certificates that hold, whose they are, and what is not made twice
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-station-keys.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
  char *folder;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  char *const cars[] = {(char *) "KT12", NULL};
  char *const hosts[] = {(char *) "station.example", (char *) "192.0.2.7", (char *) "2001:db8::7",
                         NULL};
  g_autofree char *parent = g_dir_make_tmp ("bolo-keys-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;

  fixture->folder = g_build_filename (parent, "new", NULL);
  g_assert_true (bolo_station_keys_make (fixture->folder, cars, hosts, 30, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  g_autofree char *parent = g_path_get_dirname (fixture->folder);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (fixture->folder);
  g_rmdir (parent);
  g_free (fixture->folder);
}

static GTlsCertificate *
load (Fixture *fixture, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".pem", NULL);
  g_autofree char *path = g_build_filename (fixture->folder, file, NULL);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *certificate = g_tls_certificate_new_from_file (path, &error);

  g_assert_no_error (error);
  return certificate;
}

static void
test_they_hold (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GTlsCertificate) authority = load (fixture, "authority");
  g_autoptr (GTlsCertificate) station = load (fixture, "station");
  g_autoptr (GTlsCertificate) car = load (fixture, "KT12");
  static const char *const names[] = {"station.example", "192.0.2.7", "2001:db8::7"};
  g_autoptr (GSocketConnectable) wrong = g_network_address_new ("elsewhere.example", 443);

  g_assert_cmpint (g_tls_certificate_verify (car, NULL, authority), ==, 0);
  g_assert_cmpint (g_tls_certificate_verify (car, NULL, station), !=, 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GSocketConnectable) host = g_network_address_new (names[i], 443);

    g_assert_cmpint (g_tls_certificate_verify (station, host, authority), ==, 0);
  }
  g_assert_cmpint (g_tls_certificate_verify (station, wrong, authority), ==,
                   G_TLS_CERTIFICATE_BAD_IDENTITY);
}

static void
test_whose (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GTlsCertificate) car = load (fixture, "KT12");
  g_autoptr (GTlsCertificate) operator= load (fixture, "operator");
  g_autoptr (GTlsCertificate) authority = load (fixture, "authority");
  g_autoptr (GTlsCertificate) station = load (fixture, "station");
  g_autofree char *name = bolo_station_keys_get_car (car);
  g_autofree char *no_name = bolo_station_keys_get_car (operator);
  g_autofree char *words = bolo_station_keys_get_car (authority);
  g_autofree char *one = bolo_station_keys_get_fingerprint (car);
  g_autofree char *other = bolo_station_keys_get_fingerprint (operator);

  g_assert_cmpstr (name, ==, "KT12");
  g_assert_null (no_name);
  g_assert_null (words); /* it has spaces */
  g_assert_true (bolo_station_keys_is_operator (operator));
  g_assert_false (bolo_station_keys_is_operator (car));
  g_assert_true (bolo_station_keys_is_for_clients (car));
  g_assert_true (bolo_station_keys_is_for_clients (operator));
  g_assert_false (bolo_station_keys_is_for_clients (station));
  g_assert_cmpuint (strlen (one), ==, 64);
  g_assert_cmpstr (one, !=, other);
}

static void
check_secret (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_secrets (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListKey) key = bolo_station_keys_load (fixture->folder, &error);
  g_autofree char *path = g_build_filename (fixture->folder, "station.secret", NULL);
  g_autofree char *public = bolo_list_key_to_text (key, FALSE);

  g_assert_no_error (error);
  g_assert_true (key->has_secret);
  g_assert_cmpstr (key->name, ==, "station");
  check_secret (fixture, "station.secret");
  check_secret (fixture, "station.key");
  check_secret (fixture, "KT12.key");
  check_secret (fixture, "authority.key");
  /* The public half cannot sign. */
  g_clear_pointer (&key, bolo_list_key_free);
  g_assert_true (g_file_set_contents (path, public, -1, NULL));
  g_assert_null (bolo_station_keys_load (fixture->folder, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_unlink (path);
  g_assert_null (bolo_station_keys_load (fixture->folder, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
}

/* A second car later: the authority and all that is there stay. */
static void
test_more (Fixture *fixture, gconstpointer data)
{
  char *const cars[] = {(char *) "KT12", (char *) "KT13", NULL};
  char *const hosts[] = {(char *) "other.example", NULL};
  g_autoptr (GTlsCertificate) car = load (fixture, "KT12");
  g_autoptr (GTlsCertificate) authority = load (fixture, "authority");
  g_autoptr (BoloListKey) key = bolo_station_keys_load (fixture->folder, NULL);
  g_autoptr (BoloListKey) same_key = NULL;
  g_autoptr (GTlsCertificate) same = NULL;
  g_autoptr (GTlsCertificate) second = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_station_keys_make (fixture->folder, cars, hosts, 30, &error));
  g_assert_no_error (error);
  same = load (fixture, "KT12");
  second = load (fixture, "KT13");
  same_key = bolo_station_keys_load (fixture->folder, NULL);
  g_assert_true (g_tls_certificate_is_same (car, same));
  g_assert_false (g_tls_certificate_is_same (car, second));
  g_assert_cmpint (g_tls_certificate_verify (second, NULL, authority), ==, 0);
  g_assert_cmpmem (key->secret_key, sizeof key->secret_key, same_key->secret_key,
                   sizeof same_key->secret_key);
}

static void
test_bad_names (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = {"", "a b", "../x", "-x", "KT12;", "caf\303\251"};
  char *const hosts[] = {NULL};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    char *const cars[] = {(char *) names[i], NULL};
    g_autoptr (GError) error = NULL;

    g_assert_false (bolo_station_keys_make (fixture->folder, cars, hosts, 30, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/station/keys/hold", Fixture, NULL, set_up, test_they_hold, tear_down);
  g_test_add ("/station/keys/whose", Fixture, NULL, set_up, test_whose, tear_down);
  g_test_add ("/station/keys/secrets", Fixture, NULL, set_up, test_secrets, tear_down);
  g_test_add ("/station/keys/more", Fixture, NULL, set_up, test_more, tear_down);
  g_test_add ("/station/keys/bad-names", Fixture, NULL, set_up, test_bad_names, tear_down);
  return g_test_run ();
}
