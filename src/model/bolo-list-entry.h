/* bolo-list-entry.h: a wanted mark and why it is wanted
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-area.h"

G_BEGIN_DECLS

#define BOLO_DAYS_ALL 0x7f /* bit 0 is Monday, bit 6 Sunday */

typedef enum {
  BOLO_ACTION_STOP,
  BOLO_ACTION_SILENT,  /* raises nothing in the car; journalled only */
  BOLO_ACTION_UNKNOWN, /* a word that we do not know: loud */
} BoloAction;

/* Who answers for a list's bytes. Append only: it is written to disk. */
typedef enum {
  BOLO_TRUST_UNSIGNED, /* taken on somebody's word: list_signer is who gave it */
  BOLO_TRUST_SIGNED,   /* list_signer is the name of the key that signed the revision */
  BOLO_TRUST_OWN,      /* made in this car: list_signer is the officer */
  BOLO_TRUST_REPLAY,   /* a recording's list: nobody's */
} BoloTrust;

/* BoloListEntry: one row of one list. Texts are as the list gave them, NULL where it gave none.
 * Immutable once shared, atomically counted. */
typedef struct {
  char *list;      /* list name */
  char *list_kind; /* key of the alert policy: "stolen", "response", "no-insurance", "voi" */
  char *entry_id;  /* "LISTNAME/ROW", stable within a revision */
  char *plate;     /* normalised; of a pattern with its '?' and '*' */
  char *plate_folded;
  gboolean is_pattern; /* '?' stands for one character, '*' for any number of them */
  char *region;        /* who issued the mark, as the list says: "GB", "CA", "OH" */
  char *plate_type;    /* the list's own code, NCIC: "PC", "MC" */
  char *make;
  char *model;
  char *colour;
  char *body;
  int year;        /* the vehicle's; 0 when not known */
  char *type_code; /* kind of record as its source codes it; NCIC: "V", "F" */
  char *category;  /* what it is wanted for, in our words: "stolen-vehicle"; NULL: as the list's */
  int priority;    /* 1 gravest to 9; 0 when the list gives none */
  BoloAction action;
  char *action_text;
  gboolean is_covert; /* marked covert, or silent */
  char **markers;     /* (nullable) NULL-terminated warning markers, gravest as the list orders */
  char *reason;
  char *grading;
  char *handling; /* who may be told, as the list writes it */
  char *information;
  char *force;
  char *ori;             /* the agency that entered it, NCIC */
  gint64 event_us;       /* UTC begin of the day of the theft or warrant; G_MININT64: none */
  gint64 valid_from_us;  /* UTC; G_MININT64: from the beginning */
  gint64 valid_until_us; /* UTC, that instant not included; G_MAXINT64: without end */
  gint64 weed_us;        /* UTC end of the weed day; G_MAXINT64 when it has none */
  guint8 days;           /* on which it holds, bit 0 is Monday; BOLO_DAYS_ALL */
  BoloArea area;         /* where it holds */
  char *pnc_id;
  char *marking;
  char *cad;
  char *instructions;
  char *source_reference;
  char **extra; /* (nullable) columns that have no place above: name, value, name, value, …, NULL */
  char *list_revision;
  BoloTrust list_trust;
  char *list_signer;     /* (nullable) */
  gint64 list_loaded_us; /* UTC when this revision was imported */
  gint64 list_dated_us;  /* UTC that the list itself is as of (file time when it says none) */
} BoloListEntry;

/* No texts, no bounds in time or place, BOLO_ACTION_STOP, unsigned. */
BoloListEntry *bolo_list_entry_new (void);
/* (transfer full): one that may be changed until it is shared. */
BoloListEntry *bolo_list_entry_copy (const BoloListEntry *self);
BoloListEntry *bolo_list_entry_ref (const BoloListEntry *self);
void bolo_list_entry_unref (const BoloListEntry *self);
/* All fields are the same. */
gboolean bolo_list_entry_equal (const BoloListEntry *a, const BoloListEntry *b);
gboolean bolo_list_entry_is_weeded (const BoloListEntry *self, gint64 now_us);
/* "signed", "unsigned", "own", "replay" */
const char *bolo_trust_to_string (BoloTrust trust);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListEntry, bolo_list_entry_unref)

G_END_DECLS
