/* test-bof2-config.c: a bof2.conf that is wrong says where; a secret that others can read is none;
 * only the right back office is spoken to
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "bof2-double.h"
#include "bolo-bof2-transport.h"
#include "bolo-error.h"
#include "bolo-store-samples.h"

typedef struct {
  char *folder;
  char *secret;
  char *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = sample_make_folder ();
  self->secret = g_build_filename (self->folder, "secret", NULL);
  self->path = g_build_filename (self->folder, "bof2.conf", NULL);
  g_assert_true (g_file_set_contents (self->secret, "open-sesame\n", -1, NULL));
  g_assert_cmpint (g_chmod (self->secret, 0600), ==, 0);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  sample_remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->secret);
  g_free (self->path);
}

#define SERVER "[server]\nurl=https://bof.example/bof2/services/\n"
#define ACCOUNT "[account]\nusername=u\nsecret_file=SECRET\nfeed=1\nsource=2\n"
#define ANSWERS "[answers]\nsuccess=^OK\n"

static BoloBof2Config *
load (Fixture *self, const char *text, GError **error)
{
  g_autoptr (GString) whole = g_string_new (text);

  g_string_replace (whole, "SECRET", self->secret, 0);
  g_assert_true (g_file_set_contents (self->path, whole->str, -1, NULL));
  return bolo_bof2_config_load (self->path, error);
}

static void
test_least (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloBof2Config) config = load (self, SERVER ACCOUNT ANSWERS, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (config->url, ==, "https://bof.example/bof2/services");
  g_assert_cmpstr (config->secret, ==, "open-sesame");
  g_assert_cmpstr (config->source_id, ==, "2");
  g_assert_cmpuint (config->compound_max, ==, BOLO_BOF2_COMPOUND_MAX);
  g_assert_false (config->has_lists);
  g_assert_cmpint (bolo_bof2_config_get_camera (config, "front"), ==, 0);
}

/* The one that ships. */
static void
test_example (Fixture *self, gconstpointer data)
{
  g_autofree char *path =
    g_build_filename (g_getenv ("BOLO_DATA_DIR"), "examples", "bof2.conf", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloBof2Config) config = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  changed = g_string_new (text);
  g_string_replace (changed, "/etc/bolo/bof2/secret", "SECRET", 0);
  config = load (self, changed->str, &error);
  g_assert_no_error (error);
  g_assert_cmpint (bolo_bof2_config_get_camera (config, "rear"), ==, 2);
  g_assert_cmpstr (bolo_soap_table_find (config->services, "sendCapture")->action, ==,
                   "http://input.webservices.bof2.anite.com/InputCaptureWebService");
}

static void
test_mistakes (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *text, *says;
  } mistakes[] = {
    {ACCOUNT ANSWERS, "[server] must have url="},
    {"[server]\nurl=http://bof.example\n" ACCOUNT ANSWERS, ":2: url must be https"},
    {"[server]\nurl=ftp://x\ninside_vpn=yes\n" ACCOUNT ANSWERS, ":2: url must be https"},
    {SERVER "certificate=/x\n" ACCOUNT ANSWERS, ":3: certificate= and key="},
    {SERVER "[account]\nsecret_file=SECRET\nfeed=1\nsource=2\n" ANSWERS, "must have username="},
    {SERVER "[account]\nusername=u\nsecret_file=SECRET\nfeed=0\nsource=2\n" ANSWERS, ":6: feed=0"},
    {SERVER "[account]\nusername=u\nsecret_file=SECRET\nfeed=1\nsource=32768\n" ANSWERS,
     ":7: source=32768"},
    {SERVER ACCOUNT, "must have success="},
    {SERVER ACCOUNT "[answers]\nsuccess=OK(\n", "'OK(' is no regular expression"},
    {SERVER ACCOUNT ANSWERS "[cameras]\nfront=99999\n", ":11: front=99999"},
    {SERVER ACCOUNT ANSWERS "[captures]\nmost=51\n", ":11: most=51"},
    {SERVER ACCOUNT ANSWERS "[captures]\npictures=with\n", ":11: pictures=with needs"},
    {SERVER ACCOUNT ANSWERS "[captures]\ntime_zone=Mars\n", ":11: time_zone must be"},
    {SERVER ACCOUNT ANSWERS "[lists]\ntake=yes\n", ":11: lists of a BOF2 back office are not"},
    {SERVER ACCOUNT ANSWERS "[list a b]\nname=a b\n", ":11: a list and its kind"},
    {SERVER ACCOUNT ANSWERS "[lits]\ntake=yes\n", "did you mean [lists]"},
    {SERVER ACCOUNT ANSWERS "[service ping]\nparts=x\n", ":11: parts is not"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (load (self, mistakes[i].text, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    if (strstr (error->message, mistakes[i].says) == NULL)
      g_error ("%s, not: %s", error->message, mistakes[i].says);
    g_assert_null (strstr (error->message, "sesame"));
  }
}

static void
assert_no_secret (Fixture *self, BoloError code, const char *says)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bolo_bof2_secret_load (self->secret, &error));
  g_assert_error (error, BOLO_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, says));
  g_assert_nonnull (strstr (error->message, self->secret));
  g_assert_null (strstr (error->message, "sesame"));
}

static void
test_secret (Fixture *self, gconstpointer data)
{
  static const char *const words[] = {
    "", "\n", "open|sesame", "open-sesame\nmore", "open\tsesame", "\xff"};
  g_autofree char *link = g_strconcat (self->secret, ".link", NULL);
  g_autofree char *endless = g_strnfill (300, 'x');

  for (guint mode = 0; mode < 0100; mode++) {
    g_assert_cmpint (g_chmod (self->secret, (int) (0600 | mode)), ==, 0);
    if (mode != 0)
      assert_no_secret (self, BOLO_ERROR_PERMISSION, "chmod 600");
  }
  g_assert_cmpint (g_chmod (self->secret, 0600), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    g_assert_true (g_file_set_contents_full (self->secret, words[i], -1,
                                             G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
    assert_no_secret (self, BOLO_ERROR_INVALID_DATA, "one line");
  }
  g_assert_true (g_file_set_contents_full (self->secret, endless, -1,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  assert_no_secret (self, BOLO_ERROR_INVALID_DATA, "one line");
  g_assert_cmpint (g_rename (self->secret, link), ==, 0);
  assert_no_secret (self, BOLO_ERROR_NOT_FOUND, "Cannot read");
  g_assert_cmpint (symlink (link, self->secret), ==, 0);
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (bolo_bof2_secret_load (self->secret, &error));
    g_assert_nonnull (error);
  }
  g_unlink (self->secret);
  g_assert_cmpint (g_mkdir (self->secret, 0700), ==, 0);
  assert_no_secret (self, BOLO_ERROR_PERMISSION, "is no file");
  g_assert_cmpint (g_rmdir (self->secret), ==, 0);
}

/* ---- over TLS -------------------------------------------------------------------------------- */

static gboolean
connect_with (Bof2Double *office, const char *from, const char *to, GError **error)
{
  g_autofree char *path = bof2_double_make_config (office, "");
  g_autofree char *folder = bof2_double_get_path (office, "transport");
  g_autoptr (BoloClock) clock = bolo_clock_new_system ();
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;
  g_autoptr (BoloTransport) transport = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  changed = g_string_new (text);
  g_string_replace (changed, from, to, 0);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));
  transport = BOLO_TRANSPORT (bolo_bof2_transport_new (path, folder, "hq", clock));
  return bolo_transport_connect (transport, NULL, error);
}

static void
test_tls (void)
{
  g_autoptr (Bof2Double) office = bof2_double_start (FALSE);
  g_autoptr (Bof2Double) stranger = bof2_double_start (FALSE);
  g_autofree char *other = g_strconcat (stranger->folder, "/ca.pem", NULL);
  g_autofree char *own =
    g_strdup_printf ("certificate=%s/car.pem\nkey=%s/car.key\n", office->folder, office->folder);
  g_autoptr (GPtrArray) calls = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (connect_with (office, "#", "#", &error));
  g_assert_no_error (error);
  /* An authority that did not sign the server's certificate. */
  g_assert_false (connect_with (stranger, stranger->folder, office->folder, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_AUTH);
  g_clear_error (&error);
  /* The car shows no certificate; then, there is nobody. */
  g_assert_false (connect_with (office, own, "", &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_false (connect_with (office, office->url, "https://127.0.0.1:9/x", &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_OFFLINE);
  calls = bof2_double_read (stranger, "calls.jsonl");
  g_assert_cmpuint (calls->len, ==, 0);
}

static void
test_ping (void)
{
  static const struct {
    const char *answer;
    BoloError code;
  } answers[] = {
    {"{\"ping\": [{\"text\": \"false\"}]}", BOLO_ERROR_AUTH},
    {"{\"ping\": [{\"fault\": \"no such car\"}]}", BOLO_ERROR_AUTH},
    {"{\"ping\": [{\"status\": 401}]}", BOLO_ERROR_AUTH},
    {"{\"ping\": [{\"status\": 403}]}", BOLO_ERROR_AUTH},
    {"{\"ping\": [{\"status\": 404}]}", BOLO_ERROR_NOT_SUPPORTED},
    {"{\"ping\": [{\"status\": 301}]}", BOLO_ERROR_NOT_SUPPORTED},
    {"{\"ping\": [{\"status\": 503}]}", BOLO_ERROR_BUSY},
    {"{\"ping\": [{\"cut\": 100}]}", BOLO_ERROR_OFFLINE},
    {"{\"ping\": [{\"hang\": true}]}", BOLO_ERROR_TIMED_OUT},
  };
  g_autoptr (Bof2Double) office = bof2_double_start (TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
    g_autoptr (GError) error = NULL;

    bof2_double_write (office, "script.json", answers[i].answer);
    g_assert_false (connect_with (office, "#", "#", &error));
    g_assert_error (error, BOLO_ERROR, (int) answers[i].code);
  }
}

/* Nothing is sent while the clocks disagree. */
static void
test_clock (void)
{
  g_autoptr (Bof2Double) office = bof2_double_start (TRUE);
  g_autofree char *path = bof2_double_make_config (office, "");
  g_autoptr (BoloClock) clock = bolo_clock_new_manual (SAMPLE_START_US);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloTransport) transport =
    BOLO_TRANSPORT (bolo_bof2_transport_new (path, office->folder, "hq", clock));

  g_assert_false (bolo_transport_connect (transport, NULL, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_STALE);
  g_assert_nonnull (strstr (error->message, "apart"));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/bof2-config/least", test_least);
  ADD ("/bof2-config/example", test_example);
  ADD ("/bof2-config/mistakes", test_mistakes);
  ADD ("/bof2-config/secret", test_secret);
  g_test_add_func ("/bof2-config/tls", test_tls);
  g_test_add_func ("/bof2-config/ping", test_ping);
  g_test_add_func ("/bof2-config/clock", test_clock);
  return g_test_run ();
}
