/* bolo-station-manifest.h: what a station offers: lists, denied certificates, a configuration
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOLO_STATION_LISTS_MAX 256
#define BOLO_STATION_FILES_MAX 64
#define BOLO_STATION_DENIED_MAX 10000
/* Of a name in /v1/files/: letters, digits, '-', '_' and '.', no '.' in front. */
#define BOLO_STATION_FILE_NAME_MAX 128

/* BoloStationFile: one way to a list's revision. */
typedef struct {
  char *file;
  guint64 bytes;
  char *sha256;    /* 64 digits */
  guint64 base;    /* 0: the whole list; else the changes since that number */
  char *signature; /* the text of the list's signature file */
} BoloStationFile;

/* BoloStationList: the newest revision of a list. */
typedef struct {
  char *name;
  guint64 number;
  GPtrArray *files; /* of BoloStationFile, the whole list first */
} BoloStationList;

/* BoloStationManifest: owned. What the envelope BOLO_ENVELOPE_MANIFEST holds. */
typedef struct {
  guint64 serial;
  gint64 issued_us;  /* UTC */
  gint64 expires_us; /* UTC */
  char *station;
  char *car;        /* "*": for all */
  GPtrArray *lists; /* of BoloStationList */
  char **removed;
  char **denied; /* SHA-256 of certificates (DER) */
  /* (nullable): configuration_file NULL: none is pushed */
  char *configuration_file;
  guint64 configuration_number;
  guint64 configuration_bytes;
  char *configuration_sha256;
} BoloStationManifest;

/* Empty, with arrays. */
BoloStationManifest *bolo_station_manifest_new (void);
void bolo_station_manifest_free (BoloStationManifest *self);
BoloStationList *
bolo_station_manifest_add_list (BoloStationManifest *self, const char *name, guint64 number);
/* Takes copies of all texts. */
void bolo_station_list_add_file (BoloStationList *self,
                                 const char *file,
                                 guint64 bytes,
                                 const char *sha256,
                                 guint64 base,
                                 const char *signature);

/* (transfer full): JSON, without a line feed. */
char *bolo_station_manifest_to_text (const BoloStationManifest *self);
/* INVALID_DATA names what is wrong: numbers, names, hashes; a list without files, or twice. Neither
 * serial nor times are compared with anything: see is_current. Any thread. */
BoloStationManifest *
bolo_station_manifest_parse (const char *text, gsize length, const char *source, GError **error);
/* STALE: expired, not yet issued by more than @slack_us, or of a lower serial than @serial.
 * PERMISSION: for another car. */
gboolean bolo_station_manifest_is_current (const BoloStationManifest *self,
                                           const char *car,
                                           guint64 serial,
                                           gint64 now_us,
                                           gint64 slack_us,
                                           GError **error);
gboolean bolo_station_file_name_is_good (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloStationManifest, bolo_station_manifest_free)

G_END_DECLS
