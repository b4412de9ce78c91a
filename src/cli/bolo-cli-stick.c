/* bolo-cli-stick.c: boloctl sync --usb: exchanges bundles with the station by way of a stick
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli-stick.h"

#include "bolo-error.h"
#include "bolo-json-writer.h"
#include "bolo-receipts.h"
#include "bolo-usb.h"

#define MEGABYTE 1e6

static void
on_progress (gint64 items, gint64 of_items, gint64 bytes, gint64 of_bytes, gpointer data)
{
  const BoloCliStick *self = data;
  g_autofree char *line = NULL;

  if (self->cli->is_json)
    return;
  line = g_strdup_printf ("writing: %d of %d items, %.1f of %.1f MB", (int) items, (int) of_items,
                          (double) bytes / MEGABYTE, (double) of_bytes / MEGABYTE);
  bolo_cli_progress (self->cli, line);
}

char *
bolo_cli_stick_describe (const BoloListArrival *list)
{
  if (list->kind == BOLO_ARRIVAL_POLICY && list->number == 0)
    return NULL;
  if (list->failure != NULL)
    return g_strdup (list->failure);
  if (list->kind == BOLO_ARRIVAL_POLICY)
    return g_strdup_printf ("number %" G_GINT64_FORMAT " from %s is %s", list->number, list->from,
                            list->is_waiting ? "used from the next start" : "in force");
  return g_strdup ("up to date");
}

static void
add_lists (BoloJsonWriter *writer, const BoloUsbReport *report)
{
  bolo_json_writer_begin_object (writer, "lists");
  for (guint i = 0; report->lists != NULL && i < report->lists->len; i++) {
    const BoloListArrival *list = report->lists->pdata[i];
    g_autofree char *words = bolo_cli_stick_describe (list);

    if (words != NULL)
      bolo_json_writer_add_text (writer, list->name, words);
  }
  bolo_json_writer_end_object (writer);
}

static void
print_json (const BoloRemote *remote, const BoloUsbReport *report, const GError *error)
{
  BoloJsonWriter *writer = bolo_json_writer_new ();
  g_autofree char *line = NULL;

  bolo_json_writer_add_text (writer, "event", "usb");
  bolo_json_writer_add_text (writer, "remote", remote->name);
  bolo_json_writer_add_int (writer, "acknowledged", report->n_acknowledged);
  add_lists (writer, report);
  bolo_json_writer_add_text (writer, "receipt", report->receipt);
  bolo_json_writer_add_int (writer, "written", report->n_written);
  bolo_json_writer_add_int (writer, "on_stick", report->n_on_stick);
  bolo_json_writer_add_int (writer, "bytes", report->bytes_written);
  bolo_json_writer_add_text (writer, "bundle", report->bundle);
  bolo_json_writer_add_text (writer, "notice", report->notice);
  bolo_json_writer_add_text (writer, "failure", error != NULL ? error->message : NULL);
  line = bolo_json_writer_finish (writer);
  printf ("%s\n", line);
}

void
bolo_cli_stick_print_receipt (const BoloReceipt *receipt)
{
  printf ("receipt     %s: %d items, %.1f MB, SHA-256 %s\n            %s\n", receipt->station,
          (int) bolo_receipt_get_n_items (receipt), (double) receipt->bytes / MEGABYTE,
          receipt->sha256, receipt->path);
}

static void
print_written (const BoloUsbReport *report)
{
  if (report->bundle != NULL)
    printf ("written     %d items, %.1f MB: %s\n", (int) report->n_written,
            (double) report->bytes_written / MEGABYTE, report->bundle);
  else
    printf ("written     nothing\n");
  if (report->n_on_stick > 0)
    printf ("on it       %d items from before, unchanged\n", (int) report->n_on_stick);
  if (report->n_written + report->n_on_stick > 0)
    printf ("            they go on waiting until the station has acknowledged them\n");
}

static void
print_text (const BoloRemote *remote, const BoloUsbReport *report)
{
  g_autoptr (BoloReceipt) receipt =
    report->receipt != NULL ? bolo_receipts_read (report->receipt, NULL) : NULL;

  printf ("remote      %s\n", remote->name);
  printf ("taken       %d items acknowledged by the station\n", (int) report->n_acknowledged);
  for (guint i = 0; report->lists != NULL && i < report->lists->len; i++) {
    const BoloListArrival *list = report->lists->pdata[i];
    g_autofree char *words = bolo_cli_stick_describe (list);

    if (words != NULL)
      printf ("list        %s: %s\n", list->name, words);
  }
  if (receipt != NULL)
    bolo_cli_stick_print_receipt (receipt);
  print_written (report);
  if (report->notice != NULL)
    printf ("note        %s\n", report->notice);
}

/* @failure: of the first remote that has one. */
static void
exchange_with (const BoloCliStick *self,
               const BoloRemote *remote,
               const char *folder,
               GError **failure)
{
  const BoloUsbParts parts = {
    .remote = remote,
    .store = self->store,
    .hotlist = self->hotlist,
    .state_dir = self->cli->state,
    .clock = self->clock,
    .progress = on_progress,
    .data = (gpointer) self,
  };
  g_auto (BoloUsbReport) report = {0};
  g_autoptr (GError) error = NULL;

  bolo_usb_exchange (&parts, folder, &report, &error);
  bolo_cli_progress (self->cli, NULL);
  if (self->cli->is_json)
    print_json (remote, &report, error);
  else
    print_text (remote, &report);
  fflush (stdout);
  if (error != NULL && *failure == NULL)
    *failure = g_steal_pointer (&error);
}

int
bolo_cli_stick_exchange (const BoloCliStick *self, const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) reason = NULL;
  guint n = 0;

  for (guint i = 0; i < self->config->remotes->len; i++) {
    const BoloRemote *remote = self->config->remotes->pdata[i];

    if (self->only != NULL && !g_str_equal (remote->name, self->only))
      continue;
    g_clear_error (&reason);
    if (!bolo_usb_is_possible (remote, &reason))
      continue;
    exchange_with (self, remote, folder, &error);
    n++;
  }
  if (n == 0)
    return bolo_cli_fail (self->cli, reason);
  return error != NULL ? bolo_cli_fail (self->cli, error) : BOLO_CLI_DONE;
}
