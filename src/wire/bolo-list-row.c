/* bolo-list-row.c: makes an entry of one record's fields
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-row"

#include "bolo-list-row.h"

#include "bolo-list-date.h"
#include "bolo-list-problem.h"
#include "bolo-list-words.h"

#include <string.h>

#define MARKERS_MAX 32
#define PATTERN_KNOWN_MIN 2 /* letters and digits that a pattern must say */
#define YEAR_MIN 1885
#define YEAR_MAX 2155

/* Making: one row on its way. */
typedef struct {
  const BoloListRowMaker *maker;
  const BoloListRecord *record;
  GPtrArray *problems; /* (nullable) */
  BoloListEntry *entry;
} Making;

/* Which text of the entry a column fills as it stands. */
static const struct {
  BoloListColumn column;
  gsize offset;
} plain[] = {
  {BOLO_LIST_COLUMN_MAKE, G_STRUCT_OFFSET (BoloListEntry, make)},
  {BOLO_LIST_COLUMN_MODEL, G_STRUCT_OFFSET (BoloListEntry, model)},
  {BOLO_LIST_COLUMN_COLOUR, G_STRUCT_OFFSET (BoloListEntry, colour)},
  {BOLO_LIST_COLUMN_ACTION, G_STRUCT_OFFSET (BoloListEntry, action_text)},
  {BOLO_LIST_COLUMN_REASON, G_STRUCT_OFFSET (BoloListEntry, reason)},
  {BOLO_LIST_COLUMN_GRADING, G_STRUCT_OFFSET (BoloListEntry, grading)},
  {BOLO_LIST_COLUMN_INFORMATION, G_STRUCT_OFFSET (BoloListEntry, information)},
  {BOLO_LIST_COLUMN_FORCE, G_STRUCT_OFFSET (BoloListEntry, force)},
  {BOLO_LIST_COLUMN_PNC_ID, G_STRUCT_OFFSET (BoloListEntry, pnc_id)},
  {BOLO_LIST_COLUMN_MARKING, G_STRUCT_OFFSET (BoloListEntry, marking)},
  {BOLO_LIST_COLUMN_CAD, G_STRUCT_OFFSET (BoloListEntry, cad)},
  {BOLO_LIST_COLUMN_INSTRUCTIONS, G_STRUCT_OFFSET (BoloListEntry, instructions)},
  {BOLO_LIST_COLUMN_SOURCE_REFERENCE, G_STRUCT_OFFSET (BoloListEntry, source_reference)},
  {BOLO_LIST_COLUMN_REGION, G_STRUCT_OFFSET (BoloListEntry, region)},
  {BOLO_LIST_COLUMN_PLATE_TYPE, G_STRUCT_OFFSET (BoloListEntry, plate_type)},
  {BOLO_LIST_COLUMN_BODY, G_STRUCT_OFFSET (BoloListEntry, body)},
  {BOLO_LIST_COLUMN_CATEGORY, G_STRUCT_OFFSET (BoloListEntry, category)},
  {BOLO_LIST_COLUMN_HANDLING, G_STRUCT_OFFSET (BoloListEntry, handling)},
  {BOLO_LIST_COLUMN_ORI, G_STRUCT_OFFSET (BoloListEntry, ori)},
};

static gboolean
find_field (const BoloListRecord *record, const BoloListField *where, BoloCsvField *field)
{
  gsize index = (gsize) MAX (where->index, 0);

  if (where->index < 0)
    return FALSE;
  if (record->fields != NULL) { /* delimited */
    if (index >= record->n_fields)
      return FALSE;
    *field = record->fields[index];
    return TRUE;
  }
  if (index >= record->length)
    return FALSE;
  *field = (BoloCsvField){.text = record->text + index, .length = record->length - index};
  if (where->length > 0)
    field->length = MIN (field->length, (gsize) where->length);
  return TRUE;
}

static gboolean
is_blank (char character)
{
  return g_ascii_isspace (character);
}

/* (nullable) (transfer full): trimmed; UTF-8. */
static char *
dup_field (const BoloListRowMaker *self, const BoloCsvField *field)
{
  const char *encoding = self->format->encoding;
  const char *text = field->text;
  gsize length = field->length;
  char *copy;

  while (length > 0 && is_blank (*text)) {
    text++;
    length--;
  }
  while (length > 0 && is_blank (text[length - 1]))
    length--;
  if (length == 0)
    return NULL;
  if (field->is_quoted && memchr (text, self->format->quote, length) != NULL)
    copy = bolo_csv_field_dup (field, self->format->quote);
  else
    copy = g_strndup (text, length);
  if (encoding != NULL && !g_str_is_ascii (copy)) {
    char *converted = g_convert_with_fallback (copy, -1, "UTF-8", encoding, NULL, NULL, NULL, NULL);

    if (converted != NULL) {
      g_free (copy);
      copy = converted;
    }
  }
  if (!g_utf8_validate (copy, -1, NULL)) {
    char *valid = g_utf8_make_valid (copy, -1);

    g_free (copy);
    copy = valid;
  }
  g_strstrip (copy);
  if (*copy == '\0')
    g_clear_pointer (&copy, g_free);
  return copy;
}

char *
bolo_list_row_dup_column (const BoloListRowMaker *self,
                          const BoloListRecord *record,
                          BoloListColumn column)
{
  BoloCsvField field;
  char *text = NULL;

  g_return_val_if_fail (self != NULL && record != NULL, NULL);

  if (find_field (record, &self->fields[column], &field))
    text = dup_field (self, &field);
  return text != NULL ? text : g_strdup (self->format->constants[column]);
}

char *
bolo_list_row_make_title (const BoloListRowMaker *self, guint index)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < BOLO_LIST_N_COLUMNS; i++)
    if (self->fields[i].index == (int) index)
      return g_strdup (bolo_list_column_get_title ((BoloListColumn) i));
  if (self->header != NULL && index < g_strv_length (self->header) && *self->header[index] != '\0')
    return g_strdup (self->header[index]);
  return g_strdup_printf ("%u", index + 1);
}

static void
add_problem (const Making *making,
             gboolean is_rejected,
             BoloListColumn column,
             const char *value,
             const char *reason)
{
  if (making->problems != NULL)
    g_ptr_array_add (making->problems,
                     bolo_list_problem_new (making->record->row, making->record->line, is_rejected,
                                            bolo_list_column_get_title (column), value,
                                            strlen (value), reason));
}

static char *
dup_column (const Making *making, BoloListColumn column)
{
  return bolo_list_row_dup_column (making->maker, making->record, column);
}

static gboolean
is_pattern (const char *text, guint *n_known)
{
  gboolean has_wildcard = FALSE;

  *n_known = 0;
  for (; *text != '\0'; text++) {
    if (*text == '?' || *text == '*')
      has_wildcard = TRUE;
    else if (g_ascii_isalnum (*text))
      (*n_known)++;
    else
      return FALSE;
  }
  return has_wildcard;
}

static gboolean
refuse_plate (Making *making, const char *text, const char *reason)
{
  add_problem (making, TRUE, BOLO_LIST_COLUMN_PLATE, text, reason);
  return FALSE;
}

static gboolean
take_plate (Making *making)
{
  g_autofree char *text = dup_column (making, BOLO_LIST_COLUMN_PLATE);
  g_autofree char *normalised = NULL;
  guint n_known = 0;

  if (text == NULL)
    return refuse_plate (making, "", "names no vehicle");
  normalised = bolo_plate_rules_normalise (making->maker->rules, text);
  if (bolo_plate_is_mark (normalised)) {
    making->entry->plate = bolo_plate_rules_resolve (making->maker->rules, normalised);
  } else if (is_pattern (normalised, &n_known) && strlen (normalised) <= BOLO_PLATE_LENGTH_MAX) {
    if (n_known < PATTERN_KNOWN_MIN)
      return refuse_plate (making, text,
                           "is a pattern that says too little (at least 2 letters "
                           "or digits)");
    making->entry->is_pattern = TRUE;
    making->entry->plate = g_steal_pointer (&normalised);
  } else
    return refuse_plate (
      making, text,
      "is no registration mark (1 to " G_STRINGIFY (BOLO_PLATE_LENGTH_MAX) " letters and digits)");
  making->entry->plate_folded = bolo_plate_rules_fold (making->maker->rules, making->entry->plate);
  return TRUE;
}

static gboolean
take_operation (Making *making, BoloListRow *row)
{
  g_autofree char *text = dup_column (making, BOLO_LIST_COLUMN_OPERATION);

  row->operation = making->maker->operation;
  if (text == NULL || bolo_list_words_read_operation (text, &row->operation))
    return TRUE;
  add_problem (making, TRUE, BOLO_LIST_COLUMN_OPERATION, text,
               "is neither an insertion nor a deletion");
  return FALSE;
}

static void
take_texts (Making *making)
{
  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    G_STRUCT_MEMBER (char *, making->entry, plain[i].offset) = dup_column (making, plain[i].column);
}

/* Some feeds write the digit 0 where their code has the letter O: "0H" for OH. */
static void
repair_codes (BoloListEntry *entry)
{
  char *const codes[] = {entry->region, entry->make, entry->colour};

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    for (char *cursor = codes[i]; cursor != NULL && *cursor != '\0'; cursor++)
      if (*cursor == '0')
        *cursor = 'O';
}

/* (nullable) (transfer full) */
static char **
split_markers (const Making *making)
{
  const char delimiter[] = {making->maker->format->marker_delimiter, '\0'};
  g_autofree char *text = dup_column (making, BOLO_LIST_COLUMN_MARKERS);
  g_auto (GStrv) parts = NULL;
  g_autoptr (GPtrArray) markers = NULL;

  if (text == NULL)
    return NULL;
  markers = g_ptr_array_new ();
  parts = *delimiter != '\0' ? g_strsplit (text, delimiter, MARKERS_MAX)
                             : g_strdupv ((char *[]){text, NULL});
  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_ptr_array_add (markers, g_strdup (parts[i]));
  if (markers->len == 0)
    return NULL;
  g_ptr_array_add (markers, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&markers), FALSE);
}

/* Whatever says "covert" anywhere is covert; an unknown word in the column for it is too, for a
 * covert entry that sounds cannot be taken back. */
static void
take_action (Making *making)
{
  BoloListEntry *entry = making->entry;
  g_autofree char *covert = dup_column (making, BOLO_LIST_COLUMN_COVERT);
  gboolean is_covert = FALSE;

  entry->action = bolo_list_words_read_action (entry->action_text);
  if (entry->action_text != NULL && entry->action == BOLO_ACTION_UNKNOWN)
    add_problem (making, FALSE, BOLO_LIST_COLUMN_ACTION, entry->action_text,
                 "is an unknown action, which alarms aloud");
  if (covert != NULL && !bolo_list_words_read_boolean (covert, &is_covert)) {
    add_problem (making, FALSE, BOLO_LIST_COLUMN_COVERT, covert,
                 "is neither yes nor no, so the entry is covert");
    is_covert = TRUE;
  }
  entry->is_covert =
    is_covert || making->maker->format->is_covert || entry->action == BOLO_ACTION_SILENT;
  for (guint i = 0; entry->markers != NULL && entry->markers[i] != NULL; i++)
    if (bolo_list_words_contain (entry->markers[i], "COVERT") ||
        bolo_list_words_contain (entry->markers[i], "SILENT"))
      entry->is_covert = TRUE;
}

/* @column's instant: the begin of its day, or with @is_end the end of it. */
static void
take_time (
  Making *making, BoloListColumn column, gboolean is_end, gint64 *time_us, const char *reason)
{
  const char *const *dates = (const char *const *) making->maker->format->dates;
  g_autofree char *text = dup_column (making, column);
  gboolean is_day = TRUE;
  gboolean is_read;
  gint64 read_us = 0;

  if (text == NULL)
    return;
  /* A weed date ends its day whatever the hour; a validity may begin and end within one. */
  if (column == BOLO_LIST_COLUMN_VALID_FROM || column == BOLO_LIST_COLUMN_VALID_UNTIL)
    is_read = bolo_list_date_read_time (dates, text, &read_us, &is_day);
  else
    is_read = bolo_list_date_read_day (dates, text, &read_us);
  if (is_read && !is_day && g_str_has_suffix (text, "Z"))
    *time_us = read_us;
  else if (is_read)
    *time_us = bolo_list_date_to_utc (making->maker->format->zone,
                                      is_end && is_day ? read_us + BOLO_LIST_DAY_US : read_us);
  else
    add_problem (making, FALSE, column, text, reason);
}

static void
take_bounds (Making *making)
{
  BoloListEntry *entry = making->entry;
  g_autofree char *days = dup_column (making, BOLO_LIST_COLUMN_DAYS);
  g_autofree char *area = dup_column (making, BOLO_LIST_COLUMN_AREA);

  take_time (making, BOLO_LIST_COLUMN_WEED_DATE, TRUE, &entry->weed_us,
             "is not a date, so the entry is never weeded");
  take_time (making, BOLO_LIST_COLUMN_EVENT_DATE, FALSE, &entry->event_us, "is not a date");
  take_time (making, BOLO_LIST_COLUMN_VALID_FROM, FALSE, &entry->valid_from_us,
             "is not a date, so the entry holds from the beginning");
  take_time (making, BOLO_LIST_COLUMN_VALID_UNTIL, TRUE, &entry->valid_until_us,
             "is not a date, so the entry holds without end");
  if (days != NULL && !bolo_list_words_read_days (days, &entry->days))
    add_problem (making, FALSE, BOLO_LIST_COLUMN_DAYS, days,
                 "names no days of the week, so the entry holds on all of them");
  if (area != NULL && !bolo_area_parse (&entry->area, area))
    add_problem (making, FALSE, BOLO_LIST_COLUMN_AREA, area,
                 "is no area, so the entry holds everywhere");
}

static void
take_number (Making *making, BoloListColumn column, guint minimum, guint maximum, int *number)
{
  g_autofree char *text = dup_column (making, column);
  g_autofree char *reason = NULL;
  guint64 value = 0;

  if (text == NULL || strspn (text, "0") == strlen (text))
    return;
  if (g_ascii_string_to_unsigned (text, 10, minimum, maximum, &value, NULL)) {
    *number = (int) value;
    return;
  }
  reason = g_strdup_printf ("is no number from %u to %u", minimum, maximum);
  add_problem (making, FALSE, column, text, reason);
}

/* "V123456789" is of the type V: the whole code is looked up first, then its first letter. */
static void
take_type (Making *making)
{
  GHashTable *types = making->maker->format->types;
  BoloListEntry *entry = making->entry;
  g_autofree char *code = dup_column (making, BOLO_LIST_COLUMN_TYPE_CODE);
  const BoloListType *type = NULL;

  if (code == NULL)
    return;
  if (types != NULL) {
    type = g_hash_table_lookup (types, code);
    if (type == NULL && g_ascii_isalnum (*code)) {
      const char first[] = {*code, '\0'};

      type = g_hash_table_lookup (types, first);
      if (type != NULL)
        code[1] = '\0';
    }
    if (type == NULL)
      add_problem (making, FALSE, BOLO_LIST_COLUMN_TYPE_CODE, code, "is an unknown kind of record");
  }
  entry->type_code = g_steal_pointer (&code);
  if (type == NULL)
    return;
  if (entry->category == NULL)
    entry->category = g_strdup (type->category);
  if (entry->reason == NULL)
    entry->reason = g_strdup (type->reason);
  if (entry->priority == 0)
    entry->priority = type->priority;
}

static void
add_extra (GPtrArray *pairs, char *name, char *value)
{
  g_ptr_array_add (pairs, name);
  g_ptr_array_add (pairs, value);
}

/* (nullable) (transfer full): what has a value and no place of its own. */
static char **
collect_extra (const Making *making)
{
  const BoloListRowMaker *maker = making->maker;
  const BoloListRecord *record = making->record;
  g_autoptr (GPtrArray) pairs = NULL;

  for (guint i = 0; i < maker->format->n_extra; i++) {
    BoloCsvField field;
    char *text = find_field (record, &maker->extra[i], &field) ? dup_field (maker, &field) : NULL;

    if (text == NULL)
      continue;
    if (pairs == NULL)
      pairs = g_ptr_array_new ();
    add_extra (pairs, g_strdup (maker->format->extra_names[i]), text);
  }
  for (guint i = 0; record->fields != NULL && i < record->n_fields; i++) {
    char *text = maker->is_mapped[i] ? NULL : dup_field (maker, &record->fields[i]);

    if (text == NULL)
      continue;
    if (pairs == NULL)
      pairs = g_ptr_array_new ();
    add_extra (pairs, bolo_list_row_make_title (maker, i), text);
  }
  if (pairs == NULL)
    return NULL;
  g_ptr_array_add (pairs, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&pairs), FALSE);
}

/* Once over the whole row; only a bad one is looked at field by field. */
static void
check_encoding (const Making *making)
{
  const BoloListRecord *record = making->record;

  if (making->problems == NULL || making->maker->format->encoding != NULL ||
      g_utf8_validate_len (record->text, record->length, NULL))
    return;
  for (guint i = 0; record->fields != NULL && i < record->n_fields; i++) {
    const BoloCsvField *field = &record->fields[i];
    g_autofree char *title = NULL;

    if (g_utf8_validate_len (field->text, field->length, NULL))
      continue;
    title = bolo_list_row_make_title (making->maker, i);
    g_ptr_array_add (making->problems,
                     bolo_list_problem_new (record->row, record->line, FALSE, title, field->text,
                                            field->length,
                                            "is not UTF-8 text, so its bad bytes were replaced"));
  }
}

gboolean
bolo_list_row_make (const BoloListRowMaker *self,
                    const BoloListRecord *record,
                    BoloListRow *row,
                    GPtrArray *problems)
{
  g_autoptr (BoloListEntry) entry = NULL;
  Making making = {.maker = self, .record = record, .problems = problems};

  g_return_val_if_fail (self != NULL && record != NULL && row != NULL, FALSE);

  entry = bolo_list_entry_new ();
  making.entry = entry;
  if (memchr (record->text, '\0', record->length) != NULL) {
    add_problem (&making, TRUE, BOLO_LIST_COLUMN_PLATE, "",
                 "cannot be trusted, for the row holds NUL bytes");
    return FALSE;
  }
  if (!take_operation (&making, row) || !take_plate (&making))
    return FALSE;
  if (row->operation == BOLO_LIST_INSERT) {
    take_texts (&making);
    if (self->format->has_zero_for_o)
      repair_codes (entry);
    entry->markers = split_markers (&making);
    take_action (&making);
    take_bounds (&making);
    take_number (&making, BOLO_LIST_COLUMN_YEAR, YEAR_MIN, YEAR_MAX, &entry->year);
    take_number (&making, BOLO_LIST_COLUMN_PRIORITY, 1, 9, &entry->priority);
    take_type (&making);
    entry->extra = collect_extra (&making);
    check_encoding (&making);
  } else if (self->operation == BOLO_LIST_INSERT) {
    /* A row that asks for its deletion may mean one of several entries for the mark; a file of
     * deletions is by mark. */
    entry->pnc_id = dup_column (&making, BOLO_LIST_COLUMN_PNC_ID);
  }
  row->row = record->row;
  row->line = record->line;
  row->entry = g_steal_pointer (&entry);
  return TRUE;
}
