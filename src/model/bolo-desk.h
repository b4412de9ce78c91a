/* bolo-desk.h: what an officer may ask of lists and records, as a face sees it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "bolo-hit.h"

G_BEGIN_DECLS

/* Older records are shown only with the id of an authorising officer, and none but the last day's
 * without being asked for. */
#define BOLO_SEARCH_OPEN_US (90 * G_TIME_SPAN_DAY)
#define BOLO_SEARCH_DEFAULT_US G_TIME_SPAN_DAY

/* BoloListState: one list as an officer may know it; what is covert in it is in no number. Plain
 * data. */
typedef struct {
  char *name;
  char *title;
  char *kind;
  char *revision;
  BoloTrust trust;
  char *signer; /* (nullable) */
  guint64 n_entries;
  guint64 n_rejected;
  gint64 loaded_us; /* UTC */
  gint64 dated_us;  /* UTC that it is as of */
  BoloListAge age;
  gboolean is_in_force; /* FALSE: it is there and could not be loaded */
} BoloListState;

BoloListState *bolo_list_state_new (void);
void bolo_list_state_free (BoloListState *self);

/* What can be asked; the fields that each needs. */
typedef enum {
  BOLO_ASK_SEARCH,         /* mark, reason (a code), reference, from_us, to_us, authoriser */
  BOLO_ASK_ADD_WATCH,      /* mark, reason, until_us, category (nullable), description (nullable) */
  BOLO_ASK_REMOVE_WATCH,   /* id */
  BOLO_ASK_SILENCE,        /* list, mark (as listed), entry_reference (nullable), kind, reason,
                              until_us */
  BOLO_ASK_REMOVE_SILENCE, /* id */
} BoloAskWhat;

/* BoloAsk: plain data, texts lent. Who asks is known to the desk. */
typedef struct {
  BoloAskWhat what;
  const char *id;
  const char *mark;
  const char *list;
  const char *entry_reference;
  const char *reason;
  const char *reference;
  const char *category;
  const char *description;
  const char *authoriser;
  BoloSilenceKind kind;
  gint64 from_us;
  gint64 to_us;
  gint64 until_us;
} BoloAsk;

/* BoloDesk: interface; the patrol room implements it, tests/lib has a scripted one. Everything on
 * main. Signal "changed": lists, watches or silences are others than before. */
#define BOLO_TYPE_DESK (bolo_desk_get_type ())
G_DECLARE_INTERFACE (BoloDesk, bolo_desk, BOLO, DESK, GObject)

struct _BoloDeskInterface {
  GTypeInterface parent;

  GPtrArray *(*ref_lists) (BoloDesk *self);
  GPtrArray *(*ref_watches) (BoloDesk *self);
  GPtrArray *(*ref_silences) (BoloDesk *self);
  const char *const *(*get_reasons) (BoloDesk *self);
  void (*ask_async) (BoloDesk *self,
                     const BoloAsk *ask,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data);
  GPtrArray *(*ask_finish) (BoloDesk *self, GAsyncResult *result, GError **error);
};

/* (transfer full) each: of BoloListState, BoloWatch, BoloSilence. */
GPtrArray *bolo_desk_ref_lists (BoloDesk *self);
GPtrArray *bolo_desk_ref_watches (BoloDesk *self);
GPtrArray *bolo_desk_ref_silences (BoloDesk *self);
/* NULL-terminated codes that a search may be made for. (transfer none) */
const char *const *bolo_desk_get_reasons (BoloDesk *self);
/* It is audited before it is done. Finish gives (transfer full) the own sightings (BoloSighting)
 * that a search or a new watch entry finds, newest first, of anything else none; NULL with one
 * sentence for the officer when it was not done. */
void bolo_desk_ask_async (BoloDesk *self,
                          const BoloAsk *ask,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
GPtrArray *bolo_desk_ask_finish (BoloDesk *self, GAsyncResult *result, GError **error);
/* For implementations. */
void bolo_desk_emit_changed (BoloDesk *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListState, bolo_list_state_free)

G_END_DECLS
