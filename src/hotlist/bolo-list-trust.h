/* bolo-list-trust.h: whose lists are taken: the trusted keys, and what a signature must prove
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-manifest.h"
#include "bolo-list-settings.h"
#include "bolo-list-signature.h"

G_BEGIN_DECLS

/* Adds a public key to those in @directory, durable. INVALID_DATA: no public key; BUSY: another
 * key of that name is trusted. @name (out) (nullable): the key's name. */
gboolean bolo_list_trust_add (const char *directory, const char *path, char **name, GError **error);
/* (transfer full): names of the trusted keys, sorted; NULL-terminated. */
char **bolo_list_trust_list (const char *directory);

/* Reads @path and proves that a trusted key in @directory, one that @rules allow, made it.
 * SIGNATURE, INVALID_DATA, NOT_FOUND. (transfer full) */
BoloListSignature *bolo_list_trust_read_signature (const char *directory,
                                                   const char *path,
                                                   const BoloListRules *rules,
                                                   GError **error);
/* Does the verified @signature speak of this list and of these bytes, and is it not older than what
 * is @held (nullable)? SIGNATURE, STALE; NOTHING_TO_DO when it is what is held. */
gboolean bolo_list_trust_check (const BoloListSignature *signature,
                                const char *name,
                                const char *sha256,
                                guint64 size,
                                const BoloListManifest *held,
                                GError **error);

G_END_DECLS
