/* bolo-journal-outbox.c: what of the journal is still to be sent
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-journal-outbox"

#include "bolo-journal-outbox.h"

#include "bolo-disk-numbers.h"
#include "bolo-disposition-table.h"
#include "bolo-error.h"
#include "bolo-hit-table.h"
#include "bolo-sighting-table.h"

/* About what a record weighs when it is sent. */
#define SIGHTING_BYTES 1500
#define HIT_BYTES 2500
#define REST_BYTES 400

#define TOPICS                                                                                     \
  (BOLO_TOPIC_BIT (BOLO_TOPIC_SIGHTING) | BOLO_TOPIC_BIT (BOLO_TOPIC_HIT) |                        \
   BOLO_TOPIC_BIT (BOLO_TOPIC_DISPOSITION) | BOLO_TOPIC_BIT (BOLO_TOPIC_HEALTH))

/* All that is kept, for a receiver that is new; numbers as above. */
#define FILL                                                                                       \
  "SELECT 'sighting', sighting, number, 4, 1500, published_us FROM sighting_state UNION ALL"       \
  " SELECT 'hit', hit, hit_state.number, 0, 2500, published_us FROM hit_state"                     \
  " JOIN sighting_state AS s ON s.number = sighting_state UNION ALL"                               \
  " SELECT 'disposition', id, 1, 1, 400, at_us FROM disposition UNION ALL"                         \
  " SELECT 'health', id, 1, 5, 400, at_us FROM note WHERE kind = '" BOLO_NOTE_HEALTH               \
  "' AND id IS NOT NULL"

gboolean
bolo_journal_outbox_add_sighting (BoloDb *journal,
                                  const BoloSighting *sighting,
                                  gint64 number,
                                  GError **error)
{
  return bolo_unsent_add (journal, BOLO_TOPIC_SIGHTING, sighting->id, number, BOLO_URGENCY_SIGHTING,
                          SIGHTING_BYTES, sighting->published_us, error);
}

gboolean
bolo_journal_outbox_add_hit (BoloDb *journal, const BoloHit *hit, gint64 number, GError **error)
{
  return bolo_unsent_add (journal, BOLO_TOPIC_HIT, hit->id, number, BOLO_URGENCY_HIT, HIT_BYTES,
                          hit->sighting->published_us, error);
}

gboolean
bolo_journal_outbox_add_disposition (BoloDb *journal,
                                     const BoloDisposition *disposition,
                                     GError **error)
{
  return bolo_unsent_add (journal, BOLO_TOPIC_DISPOSITION, disposition->id, 1,
                          BOLO_URGENCY_DISPOSITION, REST_BYTES, disposition->at_us, error);
}

gboolean
bolo_journal_outbox_add_note (BoloDb *journal, const BoloNote *note, GError **error)
{
  if (g_strcmp0 (note->kind, BOLO_NOTE_HEALTH) != 0)
    return TRUE;
  return bolo_unsent_add (journal, BOLO_TOPIC_HEALTH, note->id, 1, BOLO_URGENCY_REST, REST_BYTES,
                          note->at_us, error);
}

gboolean
bolo_journal_outbox_set_receivers (BoloDb *journal, const char *const *receivers, GError **error)
{
  return bolo_outbox_set_receivers (journal, receivers, FILL, error);
}

/* ---- loading ------------------------------------------------------------------------------- */

static gboolean
load_disposition (BoloDb *journal, BoloOutgoing *item, GError **error)
{
  BoloDisposition *said = bolo_disposition_table_load (journal, item->id, error);

  item->disposition = said;
  if (said == NULL)
    return FALSE;
  bolo_outgoing_add_text (item, "id", said->id);
  bolo_outgoing_add_text (item, "hit", said->hit);
  bolo_outgoing_add_number (item, "kind",
                            bolo_disk_number_from_value (BOLO_DISK_DISPOSITION, (int) said->kind));
  bolo_outgoing_add_text (item, "officer", said->officer);
  bolo_outgoing_add_text (item, "checked_by", said->checked_by);
  bolo_outgoing_add_text (item, "checked_how", said->checked_how);
  bolo_outgoing_add_time (item, "at", said->at_us);
  return TRUE;
}

static gboolean
load_note (BoloDb *journal, BoloOutgoing *item, GError **error)
{
  g_autoptr (BoloNote) note = bolo_note_table_load (journal, item->id, error);

  if (note == NULL)
    return FALSE;
  bolo_outgoing_add_text (item, "id", note->id);
  bolo_outgoing_add_text (item, "kind", note->kind);
  bolo_outgoing_add_text (item, "officer", note->officer);
  bolo_outgoing_add_text (item, "text", note->text);
  bolo_outgoing_add_time (item, "at", note->at_us);
  return TRUE;
}

static gboolean
load (gpointer owner, BoloOutgoing *item, GError **error)
{
  BoloDb *journal = owner;

  switch (item->topic) {
  case BOLO_TOPIC_HIT:
    item->hit = bolo_hit_table_load (journal, item->state, error);
    return item->hit != NULL;
  case BOLO_TOPIC_SIGHTING:
    item->sighting = bolo_sighting_table_load (journal, item->state, error);
    return item->sighting != NULL;
  case BOLO_TOPIC_DISPOSITION:
    return load_disposition (journal, item, error);
  case BOLO_TOPIC_HEALTH:
    return load_note (journal, item, error);
  case BOLO_TOPIC_WATCH:
  case BOLO_TOPIC_WATCH_END:
  case BOLO_TOPIC_SILENCE:
  case BOLO_TOPIC_SILENCE_END:
  case BOLO_TOPIC_AUDIT:
  case BOLO_TOPIC_PICTURE:
    break;
  }
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "%s is not in the journal",
               bolo_topic_to_string (item->topic));
  return FALSE;
}

BoloUnsentFile
bolo_journal_outbox_get_file (BoloDb *journal)
{
  return (BoloUnsentFile){journal, TOPICS, NULL, load, journal};
}
