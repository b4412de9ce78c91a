/* bolo-outgoing.h: one item on its way out of the car: what it is, and what was answered
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-disposition.h"
#include "bolo-hit.h"

G_BEGIN_DECLS

/* What leaves the car, in the order in which it goes but for pictures, which go last. */
typedef enum {
  BOLO_TOPIC_HIT,
  BOLO_TOPIC_DISPOSITION,
  BOLO_TOPIC_WATCH,
  BOLO_TOPIC_WATCH_END,
  BOLO_TOPIC_SILENCE,
  BOLO_TOPIC_SILENCE_END,
  BOLO_TOPIC_SIGHTING,
  BOLO_TOPIC_AUDIT,
  BOLO_TOPIC_HEALTH,
  BOLO_TOPIC_PICTURE,
} BoloTopic;

#define BOLO_N_TOPICS (BOLO_TOPIC_PICTURE + 1)

/* "hit", "watch-end" …: as in the outboxes and in docs/protocol.md. Any thread. */
const char *bolo_topic_to_string (BoloTopic topic);
/* FALSE: there is no such topic. */
gboolean bolo_topic_from_string (const char *text, BoloTopic *topic);

/* How soon an item goes, as the outboxes have it; less goes first. Hits newest first, everything
 * else oldest first. */
enum {
  BOLO_URGENCY_HIT = 0,
  BOLO_URGENCY_DISPOSITION = 1,
  BOLO_URGENCY_WATCH = 2, /* and silences, and their ends */
  BOLO_URGENCY_SIGHTING = 4,
  BOLO_URGENCY_REST = 5, /* audit, health */
  BOLO_URGENCY_HIT_PICTURE = 6,
  BOLO_URGENCY_PICTURE = 7,
};

typedef enum {
  BOLO_COLUMN_TEXT, /* NULL: null */
  BOLO_COLUMN_NUMBER,
  BOLO_COLUMN_TIME, /* UTC microseconds; -1: null */
} BoloColumnKind;

/* BoloColumn: one value of a record that is nothing but a row. Plain data. */
typedef struct {
  const char *name; /* static */
  BoloColumnKind kind;
  char *text; /* (nullable) */
  gint64 number;
} BoloColumn;

/* What the other side said of an item. */
typedef enum {
  BOLO_RESULT_UNKNOWN,  /* nothing: it stays, and is asked for or sent again */
  BOLO_RESULT_STORED,   /* committed there now: it leaves the outbox */
  BOLO_RESULT_KNOWN,    /* was committed there before: likewise */
  BOLO_RESULT_PARTIAL,  /* of a picture, the first @kept bytes are there */
  BOLO_RESULT_REJECTED, /* will never be taken, @reason: it is set aside and shown */
  BOLO_RESULT_AGAIN,    /* could not be kept now, @reason: it stays, and waits */
} BoloResult;

/* BoloOutgoing: an item, its contents, and the answer. Owned by one thread at a time; all but the
 * answer and the piece does not change once it is filled. */
typedef struct {
  BoloTopic topic;
  char *id;     /* of the record; pictures "SIGHTING/patch", "SIGHTING/overview" */
  gint64 state; /* counts up with the record's states; 1 where it has none */

  /* where it waits */
  char *queue;   /* a day for pictures; else NULL: the topic says it */
  guint file;    /* bits of the topics that wait in the same file */
  gint64 number; /* of its row there */
  int urgency;
  guint attempts;
  gint64 added_us; /* UTC */
  gsize bytes;     /* of its contents, about; pictures exactly */

  /* contents, by topic */
  BoloHit *hit;                 /* hits */
  BoloSighting *sighting;       /* sightings; pictures: (nullable) its newest state */
  BoloDisposition *disposition; /* dispositions */
  GPtrArray *columns;           /* (nullable): of BoloColumn; dispositions and all others */
  GBytes *picture;              /* (nullable): the whole JPEG */
  char *sha256;                 /* (nullable): of it */

  /* a piece of a picture: what is to be sent of it now */
  gsize offset;
  gsize length; /* 0: not a piece, or not a picture */

  /* the answer */
  BoloResult result;
  char *reason; /* (nullable): one sentence */
  gsize kept;   /* PARTIAL */
} BoloOutgoing;

/* BoloUnsentWalk: how far somebody has come in each file who looks at everything that waits without
 * taking anything out. One thread at a time. */
typedef struct _BoloUnsentWalk BoloUnsentWalk;

BoloUnsentWalk *bolo_unsent_walk_new (void);
void bolo_unsent_walk_free (BoloUnsentWalk *self);
/* Items in the order in which their file gave them. */
void bolo_unsent_walk_pass (BoloUnsentWalk *self, const BoloOutgoing *item);
/* The last one of the file that was passed; FALSE: none. */
gboolean bolo_unsent_walk_get (
  const BoloUnsentWalk *self, guint file, const char *queue, int *urgency, gint64 *number);

/* BoloUnsentQuery: which items of a file to give out. Plain data, texts lent. */
typedef struct {
  const char *receiver; /* for whom: the remote's name */
  gint64 now_us;        /* UTC */
  int max_urgency;      /* none less urgent */
  guint max;
  gsize max_bytes;
  gboolean with_sightings;    /* a picture brings its sighting's newest state */
  const BoloUnsentWalk *walk; /* (nullable): only what lies behind what it has passed */
  gboolean names_only;        /* without contents: nothing is read but the outboxes */
  GPtrArray *under_way;       /* (nullable): of BoloOutgoing that are not given out once more */
} BoloUnsentQuery;

/* BoloUnsentCounts: what waits, in all files that were added up. Plain data. */
typedef struct {
  gint64 items[BOLO_N_TOPICS];
  gint64 bytes;
  gint64 picture_bytes;
  gint64 oldest_us; /* UTC; -1: nothing waits */
  gint64 rejected;
} BoloUnsentCounts;

/* Adds what one file says of a topic; others than ours are passed over. */
void bolo_unsent_counts_add (BoloUnsentCounts *self,
                             const char *topic,
                             gint64 items,
                             gint64 bytes,
                             gint64 oldest_us,
                             gint64 rejected);

BoloOutgoing *bolo_outgoing_new (BoloTopic topic, const char *id, gint64 state);
/* (transfer full): which item it is and where it waits, without its contents. */
BoloOutgoing *bolo_outgoing_copy_name (const BoloOutgoing *self);
void bolo_outgoing_free (BoloOutgoing *self);
/* The answer to an item; @reason (nullable). */
void bolo_outgoing_answer (BoloOutgoing *self, BoloResult result, const char *reason);
void bolo_outgoing_add_text (BoloOutgoing *self, const char *name, const char *text);
void bolo_outgoing_add_number (BoloOutgoing *self, const char *name, gint64 number);
void bolo_outgoing_add_time (BoloOutgoing *self, const char *name, gint64 utc_us);
/* Of a picture's id: the sighting's. (transfer full) (nullable) */
char *bolo_outgoing_get_sighting_id (const BoloOutgoing *self);
/* Whether a picture is the overview, not the patch. */
gboolean bolo_outgoing_is_overview (const BoloOutgoing *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloOutgoing, bolo_outgoing_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloUnsentWalk, bolo_unsent_walk_free)

G_END_DECLS
