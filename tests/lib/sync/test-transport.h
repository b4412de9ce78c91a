/* test-transport.h: a way to nowhere that does as it is told: fails, forgets, refuses, cuts off
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-transport.h"

G_BEGIN_DECLS

/* What the other side does with the next calls. */
typedef enum {
  TEST_TAKE,        /* keeps and says so */
  TEST_CUT_AFTER,   /* keeps all and says nothing: the answer is lost */
  TEST_CUT_BEFORE,  /* keeps nothing and says nothing */
  TEST_HALF,        /* keeps the first half and says so, then breaks off */
  TEST_AGAIN,       /* cannot now */
  TEST_REJECT,      /* will never */
  TEST_FORGET_LAST, /* keeps all, and leaves out the last answer */
  TEST_HANG,        /* the link is gone and nobody says so: until it is told to stop */
} TestBehaviour;

/* TestTransport: what it has taken is looked at after the run. */
#define TEST_TYPE_TRANSPORT (test_transport_get_type ())
G_DECLARE_FINAL_TYPE (TestTransport, test_transport, TEST, TRANSPORT, GObject)

struct _TestTransport {
  GObject parent_instance;

  BoloTransportTraits traits;
  GArray *script;        /* (owned) of TestBehaviour: one a send; then TEST_TAKE */
  GPtrArray *log;        /* (owned) of char *: "hit a 1", as they were taken, each once */
  GHashTable *kept;      /* (owned): set of those */
  GHashTable *pieces;    /* (owned): "picture ID STATE" to GByteArray */
  GPtrArray *calls;      /* (owned) of char *: "connect", "send 3", "ask 3", "lists" … */
  GError *connect_error; /* (owned) (nullable): of each connect while it is set */
  GError *lists_error;   /* (owned) (nullable): of every look for lists while it is set */
  guint n_refusals;      /* so many connects fail with connect_error, then none */
  guint n_twice;         /* items that came although they were kept */

  /* Connections beside the first, where there are any; what they take is looked at in the first. */
  gboolean has_seconds;
  GArray *seconds_script; /* (owned) of TestBehaviour: for theirs */
  guint n_met;            /* so many of their sends were there at once */
  TestTransport *elder;   /* (nullable) lent: of a second one */
  GMutex mutex;           /* for all that they have in common */
  GCond changed;
  guint n_inside;    /* (mutex mutex) */
  guint n_packed;    /* (mutex mutex): of their batches that were ready to go */
  guint n_going;     /* (mutex mutex): of them that have their turn, */
  guint n_going_max; /* (mutex mutex) and so many had it at once */
  gboolean is_held;  /* (mutex mutex): those that have met stay where they are */
};

TestTransport *test_transport_new (void);
void test_transport_do (TestTransport *self, TestBehaviour behaviour);
/* Likewise over a second connection. */
void test_transport_do_beside (TestTransport *self, TestBehaviour behaviour);
/* (transfer full): how often a call was made. */
guint test_transport_count (TestTransport *self, const char *prefix);

G_END_DECLS
