/* bolo-station-reply.c: answers of the station, honest or as a fault wants them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-reply"

#include "bolo-station-reply.h"

#include "bolo-json-writer.h"

#include <string.h>

#define PAUSED_KEY "bolo-station-paused"
#define DRIP_BYTES 16
#define DRIP_MS 50

void
bolo_station_reply_pause (SoupServerMessage *message)
{
  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));

  g_object_set_data (G_OBJECT (message), PAUSED_KEY, GINT_TO_POINTER (TRUE));
  soup_server_message_pause (message);
}

static void
go_on (SoupServerMessage *message)
{
  if (g_object_steal_data (G_OBJECT (message), PAUSED_KEY) != NULL)
    soup_server_message_unpause (message);
}

/* Drip: an answer by hand on a connection that is ours now. */
typedef struct {
  GIOStream *stream; /* (owned) */
  GBytes *bytes;     /* (owned) */
  gsize at;
  gsize step;
} Drip;

static void
drip_free (Drip *drip)
{
  g_io_stream_close_async (drip->stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_object_unref (drip->stream);
  g_bytes_unref (drip->bytes);
  g_free (drip);
}

static void write_drip (Drip *drip);

static gboolean
on_drip_due (gpointer user_data)
{
  write_drip (user_data);
  return G_SOURCE_REMOVE;
}

static void
on_drip_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Drip *drip = user_data;
  gssize n = g_output_stream_write_finish (G_OUTPUT_STREAM (source), result, NULL);

  drip->at += (gsize) MAX (n, 0);
  if (n <= 0 || drip->at >= g_bytes_get_size (drip->bytes))
    drip_free (drip);
  else if (drip->step == DRIP_BYTES)
    g_timeout_add (DRIP_MS, on_drip_due, drip);
  else
    write_drip (drip);
}

static void
write_drip (Drip *drip)
{
  const char *data = g_bytes_get_data (drip->bytes, NULL);
  gsize left = g_bytes_get_size (drip->bytes) - drip->at;

  g_output_stream_write_async (g_io_stream_get_output_stream (drip->stream), data + drip->at,
                               MIN (left, drip->step), G_PRIORITY_DEFAULT, NULL, on_drip_written,
                               drip);
}

/* @length: how much of @answer is sent before the connection ends. */
static void
send_by_hand (SoupServerMessage *message, GByteArray *answer, gsize length, gsize step)
{
  Drip *drip = g_new0 (Drip, 1);

  g_object_steal_data (G_OBJECT (message), PAUSED_KEY);
  drip->stream = soup_server_message_steal_connection (message);
  drip->bytes = g_bytes_new (answer->data, length);
  drip->step = step;
  if (length > 0)
    write_drip (drip);
  else
    drip_free (drip);
}

static gboolean
misbehave (SoupServerMessage *message, BoloStationFaults *faults, const char *type, GBytes *bytes)
{
  gboolean is_lost = bolo_station_faults_strike (faults, BOLO_STATION_FAULT_LOST);
  gboolean is_cut = !is_lost && bolo_station_faults_strike (faults, BOLO_STATION_FAULT_CUT);
  gboolean is_slow =
    !is_lost && !is_cut && bolo_station_faults_strike (faults, BOLO_STATION_FAULT_DRIP);
  gsize size = g_bytes_get_size (bytes);
  g_autoptr (GByteArray) answer = NULL;
  g_autofree char *head = NULL;

  if (!is_lost && !is_cut && !is_slow)
    return FALSE;
  head = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT
                          "\r\nConnection: close\r\n\r\n",
                          type, size);
  answer = g_byte_array_new ();
  g_byte_array_append (answer, (const guint8 *) head, (guint) strlen (head));
  g_byte_array_append (answer, g_bytes_get_data (bytes, NULL), (guint) size);
  if (is_lost)
    send_by_hand (message, answer, 0, answer->len);
  else if (is_cut)
    send_by_hand (message, answer, answer->len - (size + 1) / 2, answer->len);
  else
    send_by_hand (message, answer, answer->len, DRIP_BYTES);
  return TRUE;
}

gboolean
bolo_station_reply_misbehaves (SoupServerMessage *message, BoloStationFaults *faults, GBytes *bytes)
{
  g_return_val_if_fail (SOUP_IS_SERVER_MESSAGE (message) && bytes != NULL, FALSE);

  return misbehave (message, faults, "application/octet-stream", bytes);
}

void
bolo_station_reply_text (SoupServerMessage *message,
                         BoloStationFaults *faults,
                         const char *type,
                         char *text)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message) && faults != NULL);
  g_return_if_fail (type != NULL && text != NULL);

  bytes = g_bytes_new_take (text, strlen (text));
  if (misbehave (message, faults, type, bytes))
    return;
  soup_message_headers_set_content_type (soup_server_message_get_response_headers (message), type,
                                         NULL);
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), bytes);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  go_on (message);
}

void
bolo_station_reply_page (SoupServerMessage *message, char *html)
{
  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message) && html != NULL);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "text/html; charset=utf-8", SOUP_MEMORY_TAKE, html,
                                    strlen (html));
  go_on (message);
}

void
bolo_station_reply_error (
  SoupServerMessage *message, guint status, const char *sentence, gboolean retry, guint after_s)
{
  BoloJsonWriter *writer;
  char *text;

  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message) && sentence != NULL);

  writer = bolo_json_writer_new ();
  bolo_json_writer_add_text (writer, "error", sentence);
  bolo_json_writer_add_boolean (writer, "retry", retry);
  if (after_s > 0) {
    g_autofree char *seconds = g_strdup_printf ("%u", after_s);

    bolo_json_writer_add_int (writer, "after_s", after_s);
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After",
                                  seconds);
  }
  text = bolo_json_writer_finish (writer);
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, text,
                                    strlen (text));
  go_on (message);
}

gboolean
bolo_station_reply_strikes (SoupServerMessage *message, BoloStationFaults *faults)
{
  if (!bolo_station_faults_strike (faults, BOLO_STATION_FAULT_ERROR))
    return FALSE;
  bolo_station_reply_error (message, SOUP_STATUS_INTERNAL_SERVER_ERROR,
                            "the station was told to fail", TRUE, 1);
  return TRUE;
}
