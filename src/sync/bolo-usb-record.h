/* bolo-usb-record.h: what the car remembers of each bundle that it has written to a stick
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-key.h"
#include "bolo-outgoing.h"

G_BEGIN_DECLS

/* So many are remembered of a remote: after that all is written anew, into one. */
#define BOLO_USB_RECORDS_MAX 16

/* BoloUsbKey: which item it is, short. */
typedef struct {
  guint8 bytes[16]; /* half of a SHA-256: no two items have the same */
} BoloUsbKey;

void bolo_usb_key_set (BoloUsbKey *self, const BoloOutgoing *item);

/* BoloUsbRecord: one bundle: how its file is to be known again, and what is in it, which nobody but
 * the station can read out of it. 16 bytes of memory an item. Owned; one thread at a time. */
typedef struct _BoloUsbRecord BoloUsbRecord;

/* @receiver: whom it is encrypted for. */
BoloUsbRecord *bolo_usb_record_new (guint64 number, const BoloListKey *receiver);
void bolo_usb_record_free (BoloUsbRecord *self);
guint64 bolo_usb_record_get_number (const BoloUsbRecord *self);
guint bolo_usb_record_get_n_items (const BoloUsbRecord *self);
/* FALSE: for a station that has other keys now, and could not read it. */
gboolean bolo_usb_record_is_for (const BoloUsbRecord *self, const BoloListKey *receiver);
/* As it is written, before it is saved. */
void bolo_usb_record_add (BoloUsbRecord *self, const BoloUsbKey *key);
void bolo_usb_record_add_bytes (BoloUsbRecord *self, const guint8 *bytes, gsize length);
gboolean bolo_usb_record_has (const BoloUsbRecord *self, const BoloUsbKey *key);

/* Below @folder, durable. */
gboolean bolo_usb_record_save (BoloUsbRecord *self, const char *folder, GError **error);
/* (transfer full): of BoloUsbRecord, the lowest number first. What is damaged is left out and
 * removed: then its bundle does not count. */
GPtrArray *bolo_usb_record_load_all (const char *folder);
void bolo_usb_record_forget (const BoloUsbRecord *self, const char *folder);
/* Whether the file at @path is, byte for byte, the one that was written. @goes_on (nullable) is
 * asked between pieces; FALSE with no error where it is another, or cannot be read. */
gboolean bolo_usb_record_proves (const BoloUsbRecord *self,
                                 const char *path,
                                 gboolean (*goes_on) (gpointer data, GError **error),
                                 gpointer data,
                                 GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloUsbRecord, bolo_usb_record_free)

G_END_DECLS
