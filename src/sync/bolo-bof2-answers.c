/* bolo-bof2-answers.c: keeps what a back office answered, word for word
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-bof2-answers"

#include "bolo-bof2-answers.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bolo-json-writer.h"

#define FILE_NAME "answers.jsonl"
#define FILE_BYTES_MAX (1024 * 1024)
#define TEXT_BYTES_MAX (16 * 1024)

struct _BoloBof2Answers {
  char *path;         /* (owned) */
  BoloClock *clock;   /* (owned) */
  const char *secret; /* lent */
};

BoloBof2Answers *
bolo_bof2_answers_new (const char *folder, BoloClock *clock, const char *secret)
{
  BoloBof2Answers *self;

  g_return_val_if_fail (folder != NULL && BOLO_IS_CLOCK (clock) && secret != NULL, NULL);

  self = g_new0 (BoloBof2Answers, 1);
  self->path = g_build_filename (folder, FILE_NAME, NULL);
  self->clock = g_object_ref (clock);
  self->secret = secret;
  return self;
}

void
bolo_bof2_answers_free (BoloBof2Answers *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->path);
  g_object_unref (self->clock);
  g_free (self);
}

/* (transfer full) (nullable): the text as it may be kept. */
static char *
make_text (const BoloBof2Answers *self, const char *text)
{
  g_autoptr (GString) clean = NULL;
  g_autofree char *valid = NULL;

  if (text == NULL)
    return NULL;
  valid = g_utf8_make_valid (text, MIN (strlen (text), TEXT_BYTES_MAX));
  clean = g_string_new (valid);
  g_string_replace (clean, self->secret, "(secret)", 0);
  return g_string_free (g_steal_pointer (&clean), FALSE);
}

static void
turn_over (const BoloBof2Answers *self)
{
  g_autofree char *older = g_strconcat (self->path, ".1", NULL);
  struct stat status;

  if (g_stat (self->path, &status) == 0 && status.st_size > FILE_BYTES_MAX)
    g_rename (self->path, older);
}

void
bolo_bof2_answers_add (BoloBof2Answers *self,
                       const char *operation,
                       const char *verdict,
                       const char *text)
{
  g_autofree char *kept = NULL;
  g_autofree char *json = NULL;
  g_autofree char *line = NULL;
  BoloJsonWriter *writer;
  int file;

  g_return_if_fail (self != NULL && operation != NULL && verdict != NULL);

  kept = make_text (self, text);
  writer = bolo_json_writer_new ();
  bolo_json_writer_add_time (writer, "time", bolo_clock_get_utc_us (self->clock));
  bolo_json_writer_add_text (writer, "call", operation);
  bolo_json_writer_add_text (writer, "means", verdict);
  bolo_json_writer_add_text (writer, "answer", kept);
  json = bolo_json_writer_finish (writer);
  line = g_strconcat (json, "\n", NULL);
  turn_over (self);
  file = open (self->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0 || write (file, line, strlen (line)) != (gssize) strlen (line))
    g_warning ("The back office's answers cannot be kept in %s: %s", self->path,
               g_strerror (errno));
  if (file >= 0)
    close (file);
}
