/* bolo-bof2-rules.c: what the words of a back office's answer mean
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-bof2-rules.h"

#include "bolo-error.h"

#include <string.h>

#define JUDGED_LENGTH_MAX 4096 /* an expression may take long over a hostile answer */
#define N_LISTS BOLO_BOF2_UNKNOWN

struct _BoloBof2Rules {
  GPtrArray *lists[N_LISTS]; /* (owned): of GRegex, by verdict */
};

const char *
bolo_bof2_verdict_to_string (BoloBof2Verdict verdict)
{
  static const char *const words[] = {"success", "retry", "reject", "unknown"};

  g_return_val_if_fail (verdict <= BOLO_BOF2_UNKNOWN, NULL);

  return words[verdict];
}

static GPtrArray *
compile (const char *const *patterns, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) g_regex_unref);

  for (guint i = 0; patterns != NULL && patterns[i] != NULL; i++) {
    g_autoptr (GError) local = NULL;
    GRegex *regex = g_regex_new (patterns[i], G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, &local);

    if (regex == NULL) {
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "'%s' is no regular expression: %s",
                   patterns[i], local->message);
      return NULL;
    }
    g_ptr_array_add (list, regex);
  }
  return g_steal_pointer (&list);
}

BoloBof2Rules *
bolo_bof2_rules_new (const char *const *success,
                     const char *const *retry,
                     const char *const *reject,
                     GError **error)
{
  g_autoptr (BoloBof2Rules) self = g_new0 (BoloBof2Rules, 1);
  const char *const *patterns[N_LISTS] = {success, retry, reject};

  for (guint i = 0; i < N_LISTS; i++) {
    self->lists[i] = compile (patterns[i], error);
    if (self->lists[i] == NULL)
      return NULL;
  }
  return g_steal_pointer (&self);
}

void
bolo_bof2_rules_free (BoloBof2Rules *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < N_LISTS; i++)
    g_clear_pointer (&self->lists[i], g_ptr_array_unref);
  g_free (self);
}

static gboolean
fits (const GPtrArray *list, const char *text)
{
  for (guint i = 0; i < list->len; i++)
    if (g_regex_match (g_ptr_array_index (list, i), text, 0, NULL))
      return TRUE;
  return FALSE;
}

BoloBof2Verdict
bolo_bof2_rules_judge (const BoloBof2Rules *self, const BoloSoapReply *reply)
{
  static const BoloBof2Verdict order[] = {BOLO_BOF2_REJECT, BOLO_BOF2_RETRY, BOLO_BOF2_SUCCESS};

  g_return_val_if_fail (self != NULL && reply != NULL, BOLO_BOF2_UNKNOWN);

  if (reply->text == NULL || strlen (reply->text) > JUDGED_LENGTH_MAX)
    return BOLO_BOF2_UNKNOWN;
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if ((order[i] != BOLO_BOF2_SUCCESS || !reply->is_fault) &&
        fits (self->lists[order[i]], reply->text))
      return order[i];
  return BOLO_BOF2_UNKNOWN;
}
