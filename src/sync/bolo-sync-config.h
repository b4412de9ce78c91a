/* bolo-sync-config.h: sync.conf: whom records go to and lists come from
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BOLO_SYNC_CONFIG_FILE "sync.conf"

typedef enum {
  BOLO_REMOTE_HTTPS,
  BOLO_REMOTE_BOF2,
  BOLO_REMOTE_USB, /* no link: sticks only */
} BoloRemoteType;

/* When pictures go. */
typedef enum {
  BOLO_PICTURES_ALWAYS,
  BOLO_PICTURES_UNMETERED, /* over links that do not cost by volume, and at the end of the shift */
  BOLO_PICTURES_NEVER,
} BoloPicturesWhen;

/* BoloRemote: one [remote NAME]. Plain data, owned by its configuration. */
typedef struct {
  char *name;
  BoloRemoteType type;
  char *url;           /* without a '/' at its end */
  char *authority;     /* path of the certificate that everybody's must be signed by */
  char *certificate;   /* path of ours */
  char *key;           /* path of its key */
  char **station_keys; /* names in STATE/list-keys whose manifests and receipts are believed */
  BoloPicturesWhen pictures;
  guint interval_s; /* between looks for lists, while nothing is to be sent */
  gboolean wants_shared;
  char *car_key;     /* (nullable): path of the car's secret key, for bundles on a stick */
  char *settings;    /* (nullable): path of a BOF2 remote's bof2.conf */
  GHashTable *extra; /* (owned) key to value: of other types than HTTPS, as it stood */
} BoloRemote;

/* BoloSyncConfig: typed and checked; immutable, atomically counted. */
typedef struct {
  GPtrArray *remotes; /* of BoloRemote, in the order of the file */
  char *stick_folder; /* (nullable): where a stick is mounted, for the terminal's own page */
} BoloSyncConfig;

/* Relative paths are below the file's folder. NOT_FOUND where there is no file; INVALID_DATA with
 * FILE:LINE and the nearest known key. (transfer full) */
BoloSyncConfig *bolo_sync_config_load (const char *path, GError **error);
/* STATE/sync.conf; without that file a configuration without remotes. */
BoloSyncConfig *bolo_sync_config_load_state (const char *state_dir, GError **error);
BoloSyncConfig *bolo_sync_config_ref (const BoloSyncConfig *self);
void bolo_sync_config_unref (const BoloSyncConfig *self);
/* NULL: there is none of that name. (transfer none) */
const BoloRemote *bolo_sync_config_find (const BoloSyncConfig *self, const char *name);
/* (transfer full): as bolo_store_set_receivers () wants them. */
char **bolo_sync_config_get_receivers (const BoloSyncConfig *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloSyncConfig, bolo_sync_config_unref)

G_END_DECLS
