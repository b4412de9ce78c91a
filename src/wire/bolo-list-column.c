/* bolo-list-column.c: what a column of a wanted list can hold
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-column.h"

static const char *const keys[] = {
  "plate",       "make",       "model",        "colour",
  "action",      "markers",    "reason",       "grading",
  "information", "force",      "weed_date",    "pnc_id",
  "marking",     "cad",        "instructions", "source_reference",
  "region",      "plate_type", "body",         "year",
  "type_code",   "category",   "priority",     "handling",
  "ori",         "event_date", "valid_from",   "valid_until",
  "days",        "area",       "covert",       "operation",
  NULL,
};

static const char *const titles[] = {
  "VRM",
  "Vehicle make",
  "Vehicle model",
  "Vehicle colour",
  "Action",
  "Warning markers",
  "Reason",
  "NIM code",
  "Information/Action",
  "Force & area",
  "Weed date",
  "PNC ID",
  "GPMS marking",
  "CAD information",
  "Operational instructions",
  "Source reference",
  "Region",
  "Plate type",
  "Body",
  "Year",
  "Type code",
  "Category",
  "Priority",
  "Handling",
  "ORI",
  "Event date",
  "Valid from",
  "Valid until",
  "Days",
  "Area",
  "Covert",
  "Operation",
};

G_STATIC_ASSERT (G_N_ELEMENTS (titles) == BOLO_LIST_N_COLUMNS);
G_STATIC_ASSERT (G_N_ELEMENTS (keys) == BOLO_LIST_N_COLUMNS + 1);

const char *
bolo_list_column_get_title (BoloListColumn column)
{
  g_return_val_if_fail ((guint) column < BOLO_LIST_N_COLUMNS, NULL);

  return titles[column];
}

const char *const *
bolo_list_column_get_keys (void)
{
  return keys;
}
