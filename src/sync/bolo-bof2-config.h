/* bolo-bof2-config.h: how one force's BOF2 back office is reached and spoken to
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-bof2-capture.h"
#include "bolo-bof2-rules.h"

G_BEGIN_DECLS

/* How the text of a read goes. */
typedef enum {
  BOLO_BOF2_CALL_COMPOUND, /* many compact captures in a call */
  BOLO_BOF2_CALL_COMPACT,  /* one */
  BOLO_BOF2_CALL_CAPTURE,  /* sendCapture, one */
} BoloBof2Call;

/* How the pictures of a read go. */
typedef enum {
  BOLO_BOF2_PICTURES_AFTER, /* each by itself, when the text is acknowledged */
  BOLO_BOF2_PICTURES_WITH,  /* in sendCapture, what is there; the rest after */
  BOLO_BOF2_PICTURES_NONE,
} BoloBof2Pictures;

/* BoloBof2List: what a list of the back office is in the car. Texts owned by the configuration. */
typedef struct {
  char *name;   /* (nullable) */
  char *kind;   /* (nullable) */
  char *format; /* (nullable) */
  char *map;    /* (nullable) */
} BoloBof2List;

/* BoloBof2Config: a bof2.conf, see bolo-bof2.conf(5). Immutable after load; owned. The secret is
 * wiped when it is freed. */
typedef struct {
  char *url;         /* of the services' folder, without a slash behind */
  char *authority;   /* (nullable): PEM file, the only authority that is trusted */
  char *certificate; /* (nullable): PEM files of this car */
  char *key;         /* (nullable) */
  char *secret;
  char *username;
  int feed;
  int source;
  char *source_id; /* what the lists' services call this car */
  gboolean has_ping;
  gint64 ping_id;
  GHashTable *cameras; /* name to number */
  BoloBof2Call call;
  BoloBof2Pictures pictures;
  guint compound_max;
  char *plate_kind;
  char *overview_kind;
  GTimeZone *time_zone; /* (nullable): UTC */
  BoloBof2Rules *rules;
  gboolean has_lists;
  gboolean trusts_connection; /* lists without a signature are taken because of who sent them */
  gboolean takes_too_big;     /* asks for the whole where the restricted one is too big */
  gint64 restrict_bytes;      /* 0: never asks for a restricted one */
  gsize reply_bytes_max;
  GHashTable *lists; /* name at the back office to BoloBof2List */
  BoloSoapTable *services;
} BoloBof2Config;

/* Reads the file and the secret that it names. INVALID_DATA names file, line and key; PERMISSION:
 * others than the owner can read the secret's file; NOT_FOUND. */
BoloBof2Config *bolo_bof2_config_load (const char *path, GError **error);
void bolo_bof2_config_free (BoloBof2Config *self);
/* 0: the camera has no number. */
int bolo_bof2_config_get_camera (const BoloBof2Config *self, const char *name);

/* A word of one line in a file of our own or root's that nobody else can read. (transfer full):
 * wipe it with bolo_bof2_wipe_free. No error has anything of it. */
char *bolo_bof2_secret_load (const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloBof2Config, bolo_bof2_config_free)

G_END_DECLS
