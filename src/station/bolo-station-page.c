/* bolo-station-page.c: the operator's web page: cars, their lists and backlogs, hits, alarm load
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-page"

#include "bolo-station-page.h"

#include "bolo-station-reply.h"

#include <string.h>

#define HITS_SHOWN 100
#define LOAD_SHOWN_US G_TIME_SPAN_DAY
/* A car that says nothing for this long is marked. */
#define SILENT_US (15 * G_TIME_SPAN_MINUTE)

static const char style[] =
  "body{font:16px/1.4 sans-serif;margin:1rem auto;max-width:70rem;padding:0 1rem;color:#111}"
  "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;"
  "border-bottom:1px solid #ccc;vertical-align:top}th{background:#eee}.late{font-weight:bold}"
  "td.number{text-align:right}.bar{background:#346;height:.8rem;display:inline-block}";

typedef struct {
  SoupServerMessage *message; /* (owned) */
  const BoloStationParts *parts;
  BoloStationOffer *offer; /* (owned) */
  gint64 now_us;
} Page;

static void
page_free (gpointer data)
{
  Page *page = data;

  g_object_unref (page->message);
  bolo_station_offer_unref (page->offer);
  g_free (page);
}

/* All that comes from outside goes through here. */
static void
add_cell (GString *html, const char *text, gboolean is_late)
{
  g_autofree char *escaped = g_markup_escape_text (text != NULL ? text : "–", -1);

  g_string_append_printf (html, "<td%s>%s</td>", is_late ? " class=late" : "", escaped);
}

static void
add_time_cell (GString *html, gint64 time_us, gboolean is_late)
{
  g_autofree char *text = time_us > 0 ? bolo_time_format_utc (time_us) : NULL;

  if (text != NULL)
    strcpy (text + strlen ("2026-03-14T17:40:23"), "Z");
  add_cell (html, text, is_late);
}

static gboolean
has_word (const char *text, const char *word)
{
  g_auto (GStrv) words = g_strsplit (text, " ", BOLO_BATCH_HEADER_MAX / 64);

  return g_strv_contains ((const char *const *) words, word);
}

/* "current", or which lists are not: by what the car said; where it did not, by what it fetched. */
static char *
describe_lists (const Page *page, const BoloStationCar *car, gboolean *is_late)
{
  g_autoptr (GString) behind = g_string_new (NULL);

  if (car->lists == NULL) {
    *is_late = car->manifest < (gint64) page->offer->serial;
    return g_strdup_printf ("manifest %" G_GINT64_FORMAT " of %" G_GUINT64_FORMAT, car->manifest,
                            page->offer->serial);
  }
  for (guint i = 0; i < page->offer->lists->len; i++)
    if (!has_word (car->lists, page->offer->lists->pdata[i]))
      g_string_append_printf (behind, "%s%s", behind->len > 0 ? ", " : "lacks ",
                              (char *) page->offer->lists->pdata[i]);
  *is_late = behind->len > 0;
  return behind->len > 0 ? g_string_free (g_steal_pointer (&behind), FALSE) : g_strdup ("current");
}

static void
add_car (GString *html, const Page *page, const BoloStationCar *car)
{
  g_autofree char *backlog =
    car->backlog >= 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, car->backlog) : NULL;
  gboolean is_behind = FALSE;
  g_autofree char *lists = describe_lists (page, car, &is_behind);

  g_string_append (html, "<tr>");
  add_cell (html, car->name, FALSE);
  add_time_cell (html, car->last_us, page->now_us - car->last_us > SILENT_US);
  add_cell (html, lists, is_behind);
  add_time_cell (html, car->manifest_us, FALSE);
  add_cell (html, backlog, FALSE);
  add_time_cell (html, car->oldest_us, FALSE);
  g_string_append (html, "</tr>\n");
}

static void
add_cars (GString *html, const Page *page, GPtrArray *cars)
{
  g_string_append (html, "<h2>Cars</h2>\n<table><tr><th>Car<th>Last contact<th>Lists"
                         "<th>Lists fetched<th>Unsent<th>Oldest unsent</tr>\n");
  for (guint i = 0; i < cars->len; i++)
    add_car (html, page, cars->pdata[i]);
  g_string_append (html, "</table>\n");
}

/* Marks are seen only by who opens this. */
static void
add_hits (GString *html, GPtrArray *hits)
{
  g_string_append_printf (html,
                          "<h2>Hits</h2>\n<details><summary>The last %u hits, with their marks"
                          "</summary>\n<table><tr><th>Time<th>Car<th>Mark<th>Category<th>Match"
                          "<th>Verification</tr>\n",
                          hits->len);
  for (guint i = hits->len; i > 0; i--) {
    static const char *const words[] = {"unconfirmed", "unconfirmed", "plate matches",
                                        "confirmed",   "misread",     "unconfirmed"};
    const BoloStationHit *hit = hits->pdata[i - 1];

    g_string_append (html, "<tr>");
    add_time_cell (html, hit->at_us, FALSE);
    add_cell (html, hit->car, FALSE);
    add_cell (html, hit->mark, FALSE);
    add_cell (html, hit->category, FALSE);
    add_cell (html, hit->match, FALSE);
    add_cell (html, words[CLAMP (hit->kind, 0, (int) G_N_ELEMENTS (words) - 1)], FALSE);
    g_string_append (html, "</tr>\n");
  }
  g_string_append (html, "</table></details>\n");
}

static void
add_load (GString *html, GArray *load)
{
  gint64 most = 1;

  for (guint i = 0; i < load->len; i++)
    most = MAX (most, g_array_index (load, BoloStationLoad, i).n_hits);
  g_string_append (html, "<h2>Alarms an hour</h2>\n<table><tr><th>Hour<th>Alarms<th></tr>\n");
  for (guint i = 0; i < load->len; i++) {
    const BoloStationLoad *hour = &g_array_index (load, BoloStationLoad, i);

    g_string_append (html, "<tr>");
    add_time_cell (html, hour->hour_us, FALSE);
    g_string_append_printf (html,
                            "<td class=number>%" G_GINT64_FORMAT
                            "</td><td><span class=bar style=\"width:%" G_GINT64_FORMAT
                            "rem\"></span></td></tr>\n",
                            hour->n_hits, MAX (1, hour->n_hits * 30 / most));
  }
  g_string_append (html, "</table>\n");
}

static char *
write_page (const Page *page, GPtrArray *cars, GPtrArray *hits, GArray *load)
{
  GString *html = g_string_new ("<!DOCTYPE html>\n<html lang=en><meta charset=utf-8>\n");
  g_autofree char *name = g_markup_escape_text (page->parts->name, -1);
  g_autofree char *now = bolo_time_format_utc (page->now_us);

  g_string_append_printf (html,
                          "<title>%s</title>\n<style>%s</style>\n<h1>%s</h1>\n"
                          "<p>As of %.19sZ; manifest %" G_GUINT64_FORMAT
                          ". All times are UTC. Reload to see what is new.</p>\n",
                          name, style, name, now, page->offer->serial);
  add_cars (html, page, cars);
  add_load (html, load);
  add_hits (html, hits);
  g_string_append (html, "</html>\n");
  return g_string_free (html, FALSE);
}

static void
read_page (BoloStationStore *store, GTask *task)
{
  const Page *page = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) cars = bolo_station_store_list_cars (store, &error);
  g_autoptr (GPtrArray) hits =
    cars != NULL ? bolo_station_store_list_hits (store, 0, 0, HITS_SHOWN, &error) : NULL;
  g_autoptr (GArray) load =
    hits != NULL ? bolo_station_store_list_load (store, page->now_us - LOAD_SHOWN_US, &error)
                 : NULL;

  if (load == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, write_page (page, cars, hits, load), g_free);
}

static void
on_page_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  const Page *page = g_task_get_task_data (G_TASK (result));
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (page->message);
  g_autoptr (GError) error = NULL;
  char *html = g_task_propagate_pointer (G_TASK (result), &error);

  if (html == NULL) {
    g_warning ("The web page cannot be made: %s", error->message);
    bolo_station_reply_error (page->message, SOUP_STATUS_SERVICE_UNAVAILABLE,
                              "the station's store does not answer now", TRUE, 5);
    return;
  }
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "Content-Security-Policy",
                                "default-src 'none'; style-src 'unsafe-inline'");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  bolo_station_reply_page (page->message, html);
}

void
bolo_station_answer_page (BoloStationVisit *visit)
{
  g_autoptr (GTask) task = g_task_new (visit->parts->intake, NULL, on_page_read, NULL);
  Page *page = g_new0 (Page, 1);

  page->message = g_object_ref (visit->message);
  page->parts = visit->parts;
  page->offer = bolo_station_offers_get (visit->parts->offers);
  page->now_us = bolo_clock_get_utc_us (visit->parts->clock);
  g_task_set_task_data (task, page, page_free);
  bolo_station_reply_pause (visit->message);
  bolo_station_intake_read (visit->parts->intake, task, read_page);
}
