/* bolo-bof2-transport.c: a BOF2 back office as a transport
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-bof2-transport"

#include "bolo-bof2-transport.h"

#include "bolo-bof2-lists.h"
#include "bolo-error.h"
#include "bolo-list-files.h"

#define BATCH_ITEMS (BOLO_BOF2_COMPOUND_MAX * 2) /* a hit now must not wait for more */
#define BATCH_BYTES (512 * 1024)
#define CLOCK_S_MAX 300 /* as over HTTPS: wrong times would go on record */
#define KEEP_US                                                                                    \
  (G_GINT64_CONSTANT (400) * 86400 * G_USEC_PER_SEC) /* longer than any read is kept */

struct _BoloBof2Transport {
  GObject parent_instance;

  char *path;             /* (owned): of the configuration */
  BoloBof2Config *config; /* (owned) (nullable): from the first connect on */
  char *folder;           /* (owned) */
  char *word;             /* (owned): who answers for its lists */
  BoloClock *clock;       /* (owned) */
  BoloBof2Client *client; /* (owned) (nullable): between connect and disconnect */
  BoloBof2Ledger *ledger; /* (owned) (nullable) */
  BoloBof2PictureSource source;
  gpointer source_data;
};

static void bolo_bof2_transport_iface_init (BoloTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BoloBof2Transport,
                               bolo_bof2_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOLO_TYPE_TRANSPORT,
                                                      bolo_bof2_transport_iface_init))

static void
get_traits (BoloTransport *transport, BoloTransportTraits *traits)
{
  BoloBof2Transport *self = BOLO_BOF2_TRANSPORT (transport);

  traits->topics = self->config != NULL && self->config->pictures == BOLO_BOF2_PICTURES_NONE
                     ? "hit sighting"
                     : "hit sighting picture";
  traits->batch_items = BATCH_ITEMS;
  traits->batch_bytes = BATCH_BYTES;
  traits->has_lists = self->config != NULL && self->config->has_lists;
}

static gboolean
check_clock (BoloBof2Transport *self, GError **error)
{
  gint64 offset_s = 0;

  if (!bolo_bof2_client_get_clock_offset_s (self->client, &offset_s) ||
      ABS (offset_s) <= CLOCK_S_MAX)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_STALE,
               "This car's clock and the BOF2 back office's are %" G_GINT64_FORMAT
               " s apart; nothing is sent until they agree",
               ABS (offset_s));
  return FALSE;
}

/* "true" is what it must answer. */
static gboolean
ping (BoloBof2Transport *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (BoloSoapValues) values = bolo_bof2_client_begin (self->client);
  g_autoptr (BoloSoapReply) reply = NULL;

  bolo_soap_values_set_int (values, "source", self->config->ping_id);
  reply = bolo_bof2_client_call (self->client, "ping", values, NULL, NULL, cancellable, error);
  if (reply == NULL)
    return FALSE;
  if (reply->is_fault ||
      (g_strcmp0 (reply->text, "true") != 0 && g_strcmp0 (reply->text, "1") != 0)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_AUTH,
                 "The BOF2 back office answers, but not with yes; ask the force whether this car's "
                 "account is right (its words are in answers.jsonl)");
    return FALSE;
  }
  return check_clock (self, error);
}

static void
bolo_bof2_transport_disconnect (BoloTransport *transport)
{
  BoloBof2Transport *self = BOLO_BOF2_TRANSPORT (transport);

  if (self->client != NULL)
    bolo_bof2_client_close (self->client);
  g_clear_pointer (&self->client, bolo_bof2_client_free);
  g_clear_pointer (&self->ledger, bolo_bof2_ledger_free);
}

static gboolean
bolo_bof2_transport_connect (BoloTransport *transport, GCancellable *cancellable, GError **error)
{
  BoloBof2Transport *self = BOLO_BOF2_TRANSPORT (transport);
  gint64 now_us = bolo_clock_get_utc_us (self->clock);

  bolo_bof2_transport_disconnect (transport);
  g_clear_pointer (&self->config, bolo_bof2_config_free);
  self->config = bolo_bof2_config_load (self->path, error);
  if (self->config == NULL || !bolo_list_files_make_directory (self->folder, error))
    return FALSE;
  self->ledger = bolo_bof2_ledger_open (self->folder, now_us - KEEP_US, error);
  if (self->ledger == NULL)
    return FALSE;
  self->client = bolo_bof2_client_new (self->config, self->folder, self->clock, error);
  return self->client != NULL && (!self->config->has_ping || ping (self, cancellable, error));
}

static gboolean
check_connected (BoloBof2Transport *self, GError **error)
{
  if (self->client != NULL)
    return TRUE;
  g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_OFFLINE,
                       "The BOF2 back office is not connected");
  return FALSE;
}

static gboolean
bolo_bof2_transport_send (BoloTransport *transport,
                          GPtrArray *items,
                          GCancellable *cancellable,
                          GError **error)
{
  BoloBof2Transport *self = BOLO_BOF2_TRANSPORT (transport);
  BoloBof2Sender sender = {.config = self->config,
                           .client = self->client,
                           .ledger = self->ledger,
                           .clock = self->clock,
                           .source = self->source,
                           .source_data = self->source_data};
  gboolean is_done;

  if (!check_connected (self, error))
    return FALSE;
  is_done = bolo_bof2_sender_send (&sender, items, cancellable, error);
  return is_done;
}

static gboolean
fetch_lists (BoloTransport *transport,
             BoloListTaker *taker,
             GCancellable *cancellable,
             GError **error)
{
  BoloBof2Transport *self = BOLO_BOF2_TRANSPORT (transport);
  gboolean is_done;

  if (!check_connected (self, error))
    return FALSE;
  if (!self->config->has_lists)
    return TRUE;
  bolo_list_taker_set_word (taker, self->config->trusts_connection ? self->word : NULL);
  is_done = bolo_bof2_lists_fetch (self->client, self->config, taker, cancellable, error);
  return is_done;
}

static void
bolo_bof2_transport_iface_init (BoloTransportInterface *iface)
{
  iface->get_traits = get_traits;
  iface->connect = bolo_bof2_transport_connect;
  iface->send = bolo_bof2_transport_send;
  iface->fetch_lists = fetch_lists;
  iface->disconnect = bolo_bof2_transport_disconnect;
}

static void
bolo_bof2_transport_finalize (GObject *object)
{
  BoloBof2Transport *self = BOLO_BOF2_TRANSPORT (object);

  bolo_bof2_transport_disconnect (BOLO_TRANSPORT (self));
  g_clear_pointer (&self->config, bolo_bof2_config_free);
  g_clear_object (&self->clock);
  g_free (self->path);
  g_free (self->folder);
  g_free (self->word);

  G_OBJECT_CLASS (bolo_bof2_transport_parent_class)->finalize (object);
}

static void
bolo_bof2_transport_class_init (BoloBof2TransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bolo_bof2_transport_finalize;
}

static void
bolo_bof2_transport_init (BoloBof2Transport *self)
{
}

BoloBof2Transport *
bolo_bof2_transport_new (const char *path, const char *folder, const char *name, BoloClock *clock)
{
  BoloBof2Transport *self;

  g_return_val_if_fail (path != NULL && folder != NULL && name != NULL, NULL);
  g_return_val_if_fail (BOLO_IS_CLOCK (clock), NULL);

  self = g_object_new (BOLO_TYPE_BOF2_TRANSPORT, NULL);
  self->path = g_strdup (path);
  self->folder = g_strdup (folder);
  self->word = g_strdup_printf ("the connection to %s (BOF2)", name);
  self->clock = g_object_ref (clock);
  return self;
}

void
bolo_bof2_transport_set_picture_source (BoloBof2Transport *self,
                                        BoloBof2PictureSource source,
                                        gpointer user_data)
{
  g_return_if_fail (BOLO_IS_BOF2_TRANSPORT (self));

  self->source = source;
  self->source_data = user_data;
}
