/* bolo-soap-request.c: writes the envelope of a SOAP 1.1 call, rpc/encoded
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-soap-request"

#include "bolo-soap-request.h"

#include "bolo-error.h"

#include <libxml/xmlwriter.h>
#include <math.h>
#include <sodium.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlBuffer, xmlBufferFree)

/* BoloSoapValue: what one part is given; one of these. */
typedef struct {
  char *text;
  GBytes *bytes;
  GPtrArray *items; /* of GStrv: one text, or the pairs of a record */
} BoloSoapValue;

struct _BoloSoapValues {
  GHashTable *values; /* (owned): meaning to BoloSoapValue */
};

/* Writer: an envelope under way. */
typedef struct {
  const BoloSoapService *service;
  xmlTextWriter *xml;
  gboolean is_failed;
} Writer;

/* ---- values -------------------------------------------------------------------------------- */

static void
wipe (char *text)
{
  if (text != NULL)
    sodium_memzero (text, strlen (text));
  g_free (text);
}

static void
wipe_all (gpointer data)
{
  char **texts = data;

  for (guint i = 0; texts[i] != NULL; i++)
    wipe (texts[i]);
  g_free (texts);
}

static void
value_free (gpointer data)
{
  BoloSoapValue *value = data;

  wipe (value->text);
  g_clear_pointer (&value->bytes, g_bytes_unref);
  g_clear_pointer (&value->items, g_ptr_array_unref);
  g_free (value);
}

BoloSoapValues *
bolo_soap_values_new (void)
{
  BoloSoapValues *self = g_new0 (BoloSoapValues, 1);

  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, value_free);
  return self;
}

void
bolo_soap_values_free (BoloSoapValues *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->values, g_hash_table_unref);
  g_free (self);
}

/* A new one in place of what was there. */
static BoloSoapValue *
begin_value (BoloSoapValues *self, const char *meaning)
{
  BoloSoapValue *value = g_new0 (BoloSoapValue, 1);

  g_hash_table_insert (self->values, g_strdup (meaning), value);
  return value;
}

void
bolo_soap_values_set_text (BoloSoapValues *self, const char *meaning, const char *text)
{
  g_return_if_fail (self != NULL && meaning != NULL);

  begin_value (self, meaning)->text = g_strdup (text);
}

void
bolo_soap_values_set_int (BoloSoapValues *self, const char *meaning, gint64 value)
{
  g_return_if_fail (self != NULL && meaning != NULL);

  begin_value (self, meaning)->text = g_strdup_printf ("%" G_GINT64_FORMAT, value);
}

void
bolo_soap_values_set_bytes (BoloSoapValues *self, const char *meaning, GBytes *bytes)
{
  g_return_if_fail (self != NULL && meaning != NULL);

  begin_value (self, meaning)->bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL;
}

static void
add_item (BoloSoapValues *self, const char *meaning, const char *const *texts)
{
  BoloSoapValue *value = g_hash_table_lookup (self->values, meaning);

  if (value == NULL)
    value = begin_value (self, meaning);
  if (value->items == NULL)
    value->items = g_ptr_array_new_with_free_func (wipe_all);
  g_ptr_array_add (value->items, g_strdupv ((char **) texts));
}

void
bolo_soap_values_add_text (BoloSoapValues *self, const char *meaning, const char *text)
{
  const char *const texts[] = {text, NULL};

  g_return_if_fail (self != NULL && meaning != NULL && text != NULL);

  add_item (self, meaning, texts);
}

void
bolo_soap_values_add_record (BoloSoapValues *self, const char *meaning, const char *const *pairs)
{
  g_return_if_fail (self != NULL && meaning != NULL && pairs != NULL);
  g_return_if_fail (g_strv_length ((char **) pairs) % 2 == 0);

  add_item (self, meaning, pairs);
}

/* ---- types --------------------------------------------------------------------------------- */

/* The characters that XML 1.0 knows, in UTF-8. */
static gboolean
is_xml_text (const char *text)
{
  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (; *text != '\0'; text = g_utf8_next_char (text)) {
    gunichar c = g_utf8_get_char (text);

    if (c < 0x20 ? c != '\t' && c != '\n' && c != '\r' : c == 0xfffe || c == 0xffff)
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_integer (const char *text, gint64 minimum, gint64 maximum)
{
  gint64 value;

  return g_ascii_string_to_signed (text, 10, minimum, maximum, &value, NULL);
}

static gboolean
is_float (const char *text)
{
  char *end = NULL;
  double value = g_ascii_strtod (text, &end);

  return *text != '\0' && strspn (text, "+-.0123456789eE") == strlen (text) && *end == '\0' &&
         isfinite (value);
}

static gboolean
is_boolean (const char *text)
{
  static const char *const words[] = {"true", "false", "1", "0", NULL};

  return g_strv_contains (words, text);
}

gboolean
bolo_soap_text_is_of (const char *text, BoloSoapType type)
{
  g_return_val_if_fail (text != NULL, FALSE);

  switch (type) {
  case BOLO_SOAP_BOOLEAN:
    return is_boolean (text);
  case BOLO_SOAP_BYTE:
    return is_integer (text, G_MININT8, G_MAXINT8);
  case BOLO_SOAP_SHORT:
    return is_integer (text, G_MININT16, G_MAXINT16);
  case BOLO_SOAP_INT:
    return is_integer (text, G_MININT32, G_MAXINT32);
  case BOLO_SOAP_LONG:
    return is_integer (text, G_MININT64, G_MAXINT64);
  case BOLO_SOAP_FLOAT:
    return is_float (text);
  case BOLO_SOAP_DATE_TIME:
    return g_regex_match_simple ("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?"
                                 "(Z|[+-]\\d\\d:\\d\\d)?\\z",
                                 text, G_REGEX_RAW, 0);
  case BOLO_SOAP_STRING:
  case BOLO_SOAP_ANY:
    return is_xml_text (text);
  case BOLO_SOAP_BASE64:
  case BOLO_SOAP_STRINGS:
  case BOLO_SOAP_RECORDS:
  case BOLO_SOAP_RECORD:
  case BOLO_SOAP_NOTHING:
  default:
    return FALSE;
  }
}

/* ---- writing ------------------------------------------------------------------------------- */

static const xmlChar *
as_xml (const char *text)
{
  return (const xmlChar *) text;
}

static void
begin (Writer *self, const char *name)
{
  self->is_failed |= xmlTextWriterStartElement (self->xml, as_xml (name)) < 0;
}

static void
attribute (Writer *self, const char *name, const char *value)
{
  self->is_failed |= xmlTextWriterWriteAttribute (self->xml, as_xml (name), as_xml (value)) < 0;
}

static void
contents (Writer *self, const char *text)
{
  self->is_failed |= xmlTextWriterWriteString (self->xml, as_xml (text)) < 0;
}

static void
end (Writer *self)
{
  /* The full end tag: some readers of that age do not know the short one. */
  self->is_failed |= xmlTextWriterFullEndElement (self->xml) < 0;
}

/* "xsd:short", or "soapenc:short" where a service is described with those. */
static void
attribute_type (Writer *self, BoloSoapType type)
{
  g_autofree char *name = NULL;
  gboolean is_array = type == BOLO_SOAP_STRINGS || type == BOLO_SOAP_RECORDS;

  name = g_strconcat (self->service->is_wrapped && !is_array ? "soapenc:" : "xsd:",
                      bolo_soap_type_to_string (type), NULL);
  attribute (self, "xsi:type", is_array ? "soapenc:Array" : name);
}

static void
write_absent (Writer *self, const BoloSoapPart *part)
{
  begin (self, part->name);
  attribute_type (self, part->type);
  if (self->service->absent == BOLO_SOAP_ABSENT_NIL)
    attribute (self, "xsi:nil", "true");
  end (self);
}

static gboolean
write_text (Writer *self, const BoloSoapPart *part, const char *text, GError **error)
{
  if (!bolo_soap_text_is_of (text, part->type)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s cannot be called: its part %s must be a %s", self->service->operation,
                 part->name, bolo_soap_type_to_string (part->type));
    return FALSE;
  }
  begin (self, part->name);
  attribute_type (self, part->type);
  contents (self, text);
  end (self);
  return TRUE;
}

static void
write_bytes (Writer *self, const BoloSoapPart *part, GBytes *bytes)
{
  gsize length = 0;
  const char *data = g_bytes_get_data (bytes, &length);

  begin (self, part->name);
  attribute_type (self, part->type);
  self->is_failed |= xmlTextWriterWriteBase64 (self->xml, data, 0, (int) length) < 0;
  end (self);
}

static const char *
find_member (char **pairs, const char *meaning)
{
  for (guint i = 0; pairs[i] != NULL; i += 2)
    if (g_str_equal (pairs[i], meaning))
      return pairs[i + 1];
  return NULL;
}

static gboolean
write_record (Writer *self, char **pairs, GError **error)
{
  g_autofree char *type = g_strconcat ("b:", self->service->record, NULL);
  const GArray *members = self->service->members;

  begin (self, "item");
  attribute (self, "xsi:type", type);
  for (guint i = 0; i < members->len; i++) {
    const BoloSoapPart *member = &g_array_index (members, BoloSoapPart, i);
    const char *text = find_member (pairs, member->meaning);

    if (text == NULL)
      write_absent (self, member);
    else if (!write_text (self, member, text, error))
      return FALSE;
  }
  end (self);
  return TRUE;
}

static gboolean
write_array (Writer *self, const BoloSoapPart *part, GPtrArray *items, GError **error)
{
  static const BoloSoapPart item = {(char *) "item", (char *) "item", BOLO_SOAP_STRING};
  gboolean is_record = part->type == BOLO_SOAP_RECORDS;
  g_autofree char *type =
    g_strdup_printf ("%s[%u]", is_record ? self->service->record : "string", items->len);
  g_autofree char *typed = g_strconcat (is_record                   ? "b:"
                                        : self->service->is_wrapped ? "soapenc:"
                                                                    : "xsd:",
                                        type, NULL);

  begin (self, part->name);
  attribute_type (self, part->type);
  attribute (self, "soapenc:arrayType", typed);
  for (guint i = 0; i < items->len; i++) {
    char **texts = g_ptr_array_index (items, i);

    if (!(is_record ? write_record (self, texts, error)
                    : write_text (self, &item, texts[0], error)))
      return FALSE;
  }
  end (self);
  return TRUE;
}

static gboolean
write_part (Writer *self, const BoloSoapPart *part, const BoloSoapValue *value, GError **error)
{
  gboolean is_array = part->type == BOLO_SOAP_STRINGS || part->type == BOLO_SOAP_RECORDS;

  if (value == NULL || (value->text == NULL && value->bytes == NULL && value->items == NULL)) {
    write_absent (self, part);
    return TRUE;
  }
  if (is_array && value->items != NULL &&
      (part->type == BOLO_SOAP_STRINGS) == (self->service->members->len == 0))
    return write_array (self, part, value->items, error);
  if (part->type == BOLO_SOAP_BASE64 && value->bytes != NULL) {
    write_bytes (self, part, value->bytes);
    return TRUE;
  }
  return write_text (self, part, value->text != NULL ? value->text : "", error);
}

static gboolean
write_call (Writer *self, const BoloSoapValues *values, GError **error)
{
  const BoloSoapService *service = self->service;
  g_autofree char *name = g_strconcat ("b:", service->operation, NULL);

  begin (self, "soapenv:Envelope");
  attribute (self, "xmlns:soapenv", BOLO_SOAP_ENVELOPE);
  attribute (self, "xmlns:soapenc", BOLO_SOAP_ENCODING);
  attribute (self, "xmlns:xsi", BOLO_XML_INSTANCE);
  attribute (self, "xmlns:xsd", BOLO_XML_SCHEMA);
  begin (self, "soapenv:Body");
  begin (self, name);
  attribute (self, "xmlns:b", service->name_space);
  attribute (self, "soapenv:encodingStyle", BOLO_SOAP_ENCODING);
  for (guint i = 0; i < service->parts->len; i++) {
    const BoloSoapPart *part = &g_array_index (service->parts, BoloSoapPart, i);

    if (!write_part (self, part, g_hash_table_lookup (values->values, part->meaning), error))
      return FALSE;
  }
  self->is_failed |= xmlTextWriterEndDocument (self->xml) < 0;
  return TRUE;
}

static void
wipe_buffer (gpointer data)
{
  GString *text = data;

  sodium_memzero (text->str, text->len);
  g_string_free (text, TRUE);
}

GBytes *
bolo_soap_request_write (const BoloSoapService *service,
                         const BoloSoapValues *values,
                         GError **error)
{
  g_autoptr (xmlBuffer) buffer = NULL;
  Writer writer = {.service = service};
  GString *text;
  gboolean is_done;

  g_return_val_if_fail (service != NULL && values != NULL, NULL);

  buffer = xmlBufferCreate ();
  writer.xml = xmlNewTextWriterMemory (buffer, 0);
  writer.is_failed = xmlTextWriterStartDocument (writer.xml, NULL, "UTF-8", NULL) < 0;
  is_done = write_call (&writer, values, error);
  xmlFreeTextWriter (writer.xml); /* what it still held goes to the buffer */
  text = g_string_new_len ((const char *) xmlBufferContent (buffer), xmlBufferLength (buffer));
  sodium_memzero ((void *) xmlBufferContent (buffer), (gsize) xmlBufferLength (buffer));
  if (is_done && !writer.is_failed)
    return g_bytes_new_with_free_func (text->str, text->len, wipe_buffer, text);
  if (is_done)
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INTERNAL, "the call of %s cannot be written as XML",
                 service->operation);
  wipe_buffer (text);
  return NULL;
}
