/* bolo-pushed-policy.c: the alert policy that a station has sent: kept, waiting, in force
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-pushed-policy"

#include "bolo-pushed-policy.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "bolo-error.h"
#include "bolo-new-file.h"

/* In the state folder; docs/file-formats.md. */
#define IN_FORCE "policy-in-force"
#define WAITING "policy-waiting"
#define REFUSED "policy-refused"
#define MAGIC "bolo-pushed-policy 1\n"
#define ARRIVAL "alert policy" /* no list can be called so */

void
bolo_pushed_policy_free (BoloPushedPolicy *self)
{
  if (self == NULL)
    return;
  g_free (self->remote);
  g_free (self->station);
  g_free (self->text);
  g_free (self);
}

void
bolo_policy_choice_clear (BoloPolicyChoice *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->policy, bolo_alert_policy_unref);
  g_clear_pointer (&self->station, g_free);
  g_clear_pointer (&self->from, g_free);
  g_clear_pointer (&self->problem, g_free);
}

/* ---- files --------------------------------------------------------------------------------- */

static char *
make_hash (const char *text)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

/* A head of lines, an empty one, then the policy's own text. */
static char *
format (const BoloPushedPolicy *policy)
{
  g_autofree char *hash = make_hash (policy->text);
  g_autofree char *station = g_strdelimit (g_strdup (policy->station), "\r\n", ' ');

  return g_strdup_printf (MAGIC "number: %" G_GINT64_FORMAT "\nremote: %s\nstation: %s\n"
                                "sha256: %s\n\n%s",
                          policy->number, policy->remote, station, hash, policy->text);
}

/* (transfer full) (nullable): of the head, which ends at @end. */
static char *
find_value (const char *head, const char *end, const char *name)
{
  g_autofree char *start = g_strdup_printf ("\n%s: ", name);
  const char *at = g_strstr_len (head, end - head, start);
  const char *value = at != NULL ? at + strlen (start) : NULL;

  return value != NULL ? g_strndup (value, strcspn (value, "\n")) : NULL;
}

/* (nullable): what it holds is whole and as it was written. */
static BoloPushedPolicy *
parse (const char *bytes)
{
  g_autoptr (BoloPushedPolicy) self = g_new0 (BoloPushedPolicy, 1);
  const char *end = strstr (bytes, "\n\n");
  g_autofree char *number = NULL;
  g_autofree char *wanted = NULL;
  g_autofree char *hash = NULL;

  if (end == NULL || !g_str_has_prefix (bytes, MAGIC))
    return NULL;
  end++;
  number = find_value (bytes, end, "number");
  wanted = find_value (bytes, end, "sha256");
  self->remote = find_value (bytes, end, "remote");
  self->station = find_value (bytes, end, "station");
  self->text = g_strdup (end + 1);
  hash = make_hash (self->text);
  self->number = number != NULL ? g_ascii_strtoll (number, NULL, 10) : 0;
  return self->number > 0 && self->remote != NULL && self->station != NULL &&
             g_strcmp0 (hash, wanted) == 0
           ? g_steal_pointer (&self)
           : NULL;
}

/* *policy (out) (transfer full): NULL where there is none. */
static gboolean
load (const char *state_dir, const char *name, BoloPushedPolicy **policy, GError **error)
{
  g_autofree char *path = g_build_filename (state_dir, name, NULL);
  g_autofree char *bytes = NULL;
  GError *local = NULL;

  if (!g_file_get_contents (path, &bytes, NULL, &local)) {
    if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
      g_error_free (local);
      return TRUE;
    }
    bolo_error_take_foreign (error, local, "The pushed alert policy cannot be read");
    return FALSE;
  }
  *policy = parse (bytes);
  if (*policy != NULL)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "%s is damaged or was changed by hand; have the station push a new policy", path);
  return FALSE;
}

static gboolean
save (const char *state_dir, const char *name, const BoloPushedPolicy *policy, GError **error)
{
  g_autofree char *bytes = format (policy);
  g_autoptr (BoloNewFile) file = bolo_new_file_open (state_dir, name, error);

  return file != NULL && bolo_new_file_write (file, bytes, strlen (bytes), error) &&
         bolo_new_file_commit (file, error);
}

static gboolean
take_away (const char *state_dir, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (state_dir, name, NULL);
  g_autofree char *what = NULL;

  if (g_unlink (path) == 0 || errno == ENOENT)
    return TRUE;
  what = g_strdup_printf ("Cannot remove %s", path);
  bolo_error_set_errno (error, errno, what);
  return FALSE;
}

/* ---- keeping ------------------------------------------------------------------------------- */

static gboolean
is_same (const BoloPushedPolicy *held, const BoloPushedPolicy *policy)
{
  return held != NULL && g_str_equal (held->remote, policy->remote) &&
         g_str_equal (held->text, policy->text);
}

static gboolean
is_newer (const BoloPushedPolicy *held, const BoloPushedPolicy *policy, GError **error)
{
  if (held == NULL || !g_str_equal (held->remote, policy->remote) || held->number < policy->number)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_STALE,
               "%s: number %" G_GINT64_FORMAT " from %s is not newer than number %" G_GINT64_FORMAT
               ", which the car has; it is refused as a replay",
               BOLO_ALERT_POLICY_FILE, policy->number, policy->station, held->number);
  return FALSE;
}

gboolean
bolo_pushed_policy_withdraw (const char *state_dir, const char *remote, GError **error)
{
  g_autoptr (BoloPushedPolicy) waiting = NULL;

  g_return_val_if_fail (state_dir != NULL && remote != NULL, FALSE);

  load (state_dir, WAITING, &waiting, NULL);
  if (waiting == NULL || !g_str_equal (waiting->remote, remote))
    return TRUE;
  g_message ("The alert policy number %" G_GINT64_FORMAT " from %s was withdrawn before its start",
             waiting->number, waiting->station);
  return take_away (state_dir, WAITING, error);
}

gboolean
bolo_pushed_policy_keep (const char *state_dir, const BoloPushedPolicy *policy, GError **error)
{
  g_autoptr (BoloAlertPolicy) trial = NULL;
  g_autoptr (BoloPushedPolicy) in_force = NULL;
  g_autoptr (BoloPushedPolicy) waiting = NULL;

  g_return_val_if_fail (state_dir != NULL && policy != NULL && policy->number > 0, FALSE);
  g_return_val_if_fail (policy->remote != NULL && policy->station != NULL, FALSE);

  trial = bolo_alert_policy_parse (policy->text, BOLO_ALERT_POLICY_FILE, error);
  if (trial == NULL)
    return FALSE;
  /* One that is damaged holds no number, and is replaced. */
  load (state_dir, IN_FORCE, &in_force, NULL);
  load (state_dir, WAITING, &waiting, NULL);
  if (is_same (waiting, policy))
    return TRUE;
  if (is_same (in_force, policy) && in_force->number >= policy->number)
    return TRUE;
  if (!is_newer (in_force, policy, error) || !is_newer (waiting, policy, error))
    return FALSE;
  /* The station has come back to what is in force: nothing waits any more. */
  if (is_same (in_force, policy))
    return bolo_pushed_policy_withdraw (state_dir, policy->remote, error);
  if (!save (state_dir, WAITING, policy, error))
    return FALSE;
  g_message ("The alert policy number %" G_GINT64_FORMAT " from %s was taken; it is used from the "
             "next start",
             policy->number, policy->station);
  return TRUE;
}

/* ---- a start ------------------------------------------------------------------------------- */

static void
note_problem (BoloPolicyChoice *choice, const GError *error)
{
  g_warning ("%s", error->message);
  if (choice->problem == NULL)
    choice->problem = g_strdup (error->message);
}

/* A newer Bolo may read a policy otherwise than the one that took it. */
static void
set_aside (const char *state_dir)
{
  g_autofree char *path = g_build_filename (state_dir, WAITING, NULL);
  g_autofree char *aside = g_build_filename (state_dir, REFUSED, NULL);

  if (g_rename (path, aside) < 0)
    g_warning ("%s cannot be set aside", path);
}

static gboolean
is_policy (const BoloPushedPolicy *policy, GError **error)
{
  g_autoptr (BoloAlertPolicy) trial =
    bolo_alert_policy_parse (policy->text, BOLO_ALERT_POLICY_FILE, error);

  return trial != NULL;
}

/* In force first, and only then no longer waiting: cut between the two, it is done once more. */
static void
promote (const char *state_dir, BoloPolicyChoice *choice)
{
  g_autoptr (BoloPushedPolicy) waiting = NULL;
  g_autoptr (GError) error = NULL;

  if (!load (state_dir, WAITING, &waiting, &error) ||
      (waiting != NULL && !is_policy (waiting, &error))) {
    g_prefix_error (&error, "The pushed alert policy is not used: ");
    set_aside (state_dir);
    note_problem (choice, error);
    return;
  }
  if (waiting == NULL)
    return;
  if (!save (state_dir, IN_FORCE, waiting, &error) || !take_away (state_dir, WAITING, &error)) {
    note_problem (choice, error);
    return;
  }
  g_message ("The alert policy number %" G_GINT64_FORMAT " from %s is in force from this start",
             waiting->number, waiting->station);
}

static void
load_pushed (const char *state_dir, BoloPolicyChoice *choice)
{
  g_autoptr (BoloPushedPolicy) in_force = NULL;
  g_autoptr (BoloPushedPolicy) waiting = NULL;
  g_autoptr (GError) error = NULL;

  load (state_dir, WAITING, &waiting, NULL);
  if (waiting != NULL) {
    choice->waiting = waiting->number;
    choice->from = g_steal_pointer (&waiting->station);
  }
  if (load (state_dir, IN_FORCE, &in_force, &error) && in_force != NULL)
    choice->policy = bolo_alert_policy_parse (in_force->text, BOLO_ALERT_POLICY_FILE, &error);
  if (error != NULL) {
    g_prefix_error (&error, "The car's own alert policy is used: ");
    note_problem (choice, error);
  }
  if (choice->policy == NULL)
    return;
  choice->number = in_force->number;
  choice->station = g_steal_pointer (&in_force->station);
}

static gboolean
load_own (const char *own_path, BoloPolicyChoice *choice, GError **error)
{
  if (choice->policy == NULL)
    choice->policy = bolo_alert_policy_load (own_path, error);
  return choice->policy != NULL;
}

gboolean
bolo_pushed_policy_start (const char *state_dir,
                          const char *own_path,
                          BoloPolicyChoice *choice,
                          GError **error)
{
  g_return_val_if_fail (own_path != NULL && choice != NULL, FALSE);

  if (state_dir != NULL) {
    promote (state_dir, choice);
    load_pushed (state_dir, choice);
  }
  return load_own (own_path, choice, error);
}

gboolean
bolo_pushed_policy_look (const char *state_dir,
                         const char *own_path,
                         BoloPolicyChoice *choice,
                         GError **error)
{
  g_return_val_if_fail (own_path != NULL && choice != NULL, FALSE);

  if (state_dir != NULL)
    load_pushed (state_dir, choice);
  return load_own (own_path, choice, error);
}

BoloHealth *
bolo_policy_choice_make_health (const BoloPolicyChoice *choice,
                                const char *own_path,
                                gboolean is_named,
                                gint64 now_us)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (choice != NULL && own_path != NULL, NULL);

  if (choice->number > 0)
    g_string_append_printf (text, "Number %" G_GINT64_FORMAT " from %s is in force", choice->number,
                            choice->station);
  else
    g_string_append_printf (text, "%s is in force", own_path);
  if (choice->number > 0 && is_named)
    g_string_append_printf (text, "; %s, which bolo.conf names, is left as it is and not used",
                            own_path);
  if (choice->waiting > 0)
    g_string_append_printf (text,
                            "; number %" G_GINT64_FORMAT " from %s is used from the next start",
                            choice->waiting, choice->from);
  if (choice->problem == NULL)
    return bolo_health_new ("policy", BOLO_HEALTH_OK, now_us, text->str, NULL);
  g_string_append_printf (text, "; %s", choice->problem);
  return bolo_health_new ("policy", BOLO_HEALTH_DEGRADED, now_us, text->str,
                          "Have the station push a policy that this car can read");
}

BoloListArrival *
bolo_pushed_policy_get_arrival (const char *state_dir)
{
  BoloListArrival *arrival = bolo_list_arrival_new (ARRIVAL);
  g_autoptr (BoloPushedPolicy) in_force = NULL;
  g_autoptr (BoloPushedPolicy) waiting = NULL;

  g_return_val_if_fail (state_dir != NULL, arrival);

  load (state_dir, IN_FORCE, &in_force, NULL);
  load (state_dir, WAITING, &waiting, NULL);
  arrival->kind = BOLO_ARRIVAL_POLICY;
  arrival->is_waiting = waiting != NULL;
  if (in_force != NULL)
    arrival->held = arrival->number = in_force->number;
  if (waiting != NULL)
    arrival->number = waiting->number;
  if (waiting != NULL || in_force != NULL)
    arrival->from = g_strdup (waiting != NULL ? waiting->station : in_force->station);
  return arrival;
}
