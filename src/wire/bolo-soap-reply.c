/* bolo-soap-reply.c: reads the envelope that answers a SOAP 1.1 call, as it comes in
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-soap-reply"

#include "bolo-soap-reply.h"

#include "bolo-error.h"
#include "bolo-soap-node.h"
#include "bolo-soap-request.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

#define LEVELS_MAX 64
#define NODES_MAX 100000
#define TEXT_BYTES_MAX (4 * 1024 * 1024)
#define PIECE_BYTES (16 * 1024)
#define FAULT_LENGTH_MAX 1024

struct _BoloSoapReader {
  const BoloSoapService *service;
  gsize bytes_max;
  gsize n_bytes;
  gsize n_text;
  guint n_nodes;
  xmlParserCtxt *parser; /* (owned) */
  BoloSoapNode *root;    /* (owned) (nullable) */
  GPtrArray *open;       /* of BoloSoapNode, lent: from the root down */
  GError *failure;       /* (owned) (nullable): why reading ended */
  const char *sink_name; /* (nullable): of the member that goes to the sink */
  BoloSoapSink sink;
  gpointer sink_data;
  guint n_sunk;
  int base64_state;
  guint base64_save;
};

void
bolo_soap_reply_free (BoloSoapReply *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->text);
  g_clear_pointer (&self->records, g_ptr_array_unref);
  g_free (self);
}

const char *
bolo_soap_reply_get (const BoloSoapReply *self, guint nth, const char *meaning)
{
  g_return_val_if_fail (self != NULL && meaning != NULL && nth < self->records->len, NULL);

  return g_hash_table_lookup (g_ptr_array_index (self->records, nth), meaning);
}

/* ---- from bytes to elements ---------------------------------------------------------------- */

/* Says once why the reply cannot be taken, and ends the parser. */
static void
refuse (BoloSoapReader *self, const char *why)
{
  if (self->failure == NULL)
    g_set_error (&self->failure, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "the answer to %s cannot be read: %s", self->service->operation, why);
  xmlStopParser (self->parser);
}

static BoloSoapNode *
get_open (const BoloSoapReader *self)
{
  return self->open->len > 0 ? g_ptr_array_index (self->open, self->open->len - 1) : NULL;
}

static gboolean
goes_to_sink (const BoloSoapReader *self, const BoloSoapNode *node)
{
  return self->sink_name != NULL && node != NULL && g_str_equal (node->name, self->sink_name);
}

static void
on_type (void *data, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
  BoloSoapReader *self = data;

  refuse (self, "it has a document type, which SOAP forbids");
}

/* libxml2 gives five pointers an attribute: name, prefix, namespace, begin and end of the value. */
static void
read_attributes (BoloSoapNode *node, int n_attributes, const xmlChar **attributes)
{
  for (int i = 0; i < n_attributes; i++, attributes += 5) {
    const char *name = (const char *) attributes[0];
    const char *name_space = (const char *) attributes[2];
    g_autofree char *value =
      g_strndup ((const char *) attributes[3], (gsize) (attributes[4] - attributes[3]));

    if (name_space == NULL && g_str_equal (name, "id") && node->id == NULL)
      node->id = g_steal_pointer (&value);
    else if (name_space == NULL && g_str_equal (name, "href") && node->href == NULL)
      node->href = g_steal_pointer (&value);
    else if (g_strcmp0 (name_space, BOLO_XML_INSTANCE) == 0 && g_str_equal (name, "nil"))
      node->is_nil = g_str_equal (value, "true") || g_str_equal (value, "1");
  }
}

static void
on_start (void *data,
          const xmlChar *name,
          const xmlChar *prefix,
          const xmlChar *name_space,
          int n_spaces,
          const xmlChar **spaces,
          int n_attributes,
          int n_defaulted,
          const xmlChar **attributes)
{
  BoloSoapReader *self = data;
  BoloSoapNode *parent = get_open (self);
  BoloSoapNode *node;

  if (++self->n_nodes > NODES_MAX || self->open->len >= LEVELS_MAX) {
    refuse (self, "it has more elements, or deeper ones, than any answer needs");
    return;
  }
  if (goes_to_sink (self, parent)) {
    refuse (self, "there are elements in what must be Base64");
    return;
  }
  node = bolo_soap_node_new ((const char *) name, (const char *) name_space);
  read_attributes (node, n_attributes, attributes);
  if (parent != NULL)
    g_ptr_array_add (parent->children, node);
  else
    self->root = node;
  g_ptr_array_add (self->open, node);
  if (goes_to_sink (self, node) && ++self->n_sunk > 1)
    refuse (self, "what must stand in it once stands there twice");
}

static void
on_end (void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *name_space)
{
  BoloSoapReader *self = data;

  if (self->open->len > 0)
    g_ptr_array_set_size (self->open, (int) self->open->len - 1);
}

static gboolean
send_to_sink (BoloSoapReader *self, const char *text, gsize length, GError **error)
{
  g_autofree guint8 *decoded = g_malloc (length / 4 * 3 + 6);
  gsize n_decoded;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && strchr ("+/= \t\r\n", text[i]) == NULL) {
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                   "the answer to %s cannot be read: what must be Base64 is not",
                   self->service->operation);
      return FALSE;
    }
  n_decoded = g_base64_decode_step (text, length, decoded, &self->base64_state, &self->base64_save);
  return n_decoded == 0 || self->sink (decoded, n_decoded, self->sink_data, error);
}

static void
on_text (void *data, const xmlChar *text, int length)
{
  BoloSoapReader *self = data;
  BoloSoapNode *node = get_open (self);

  if (node == NULL || self->failure != NULL)
    return;
  if (goes_to_sink (self, node)) {
    if (!send_to_sink (self, (const char *) text, (gsize) length, &self->failure))
      xmlStopParser (self->parser);
    return;
  }
  self->n_text += (gsize) length;
  if (self->n_text > TEXT_BYTES_MAX)
    refuse (self, "it holds more text than any answer needs");
  else
    g_string_append_len (node->text, (const char *) text, length);
}

/* The parser's own complaint comes back through xmlParseChunk. */
static void
on_error (void *data, xmlError *complaint)
{
}

static xmlEntity *
on_entity (void *data, const xmlChar *name)
{
  return xmlGetPredefinedEntity (name);
}

BoloSoapReader *
bolo_soap_reader_new (const BoloSoapService *service, gsize bytes_max)
{
  BoloSoapReader *self;
  xmlSAXHandler handler = {
    .initialized = XML_SAX2_MAGIC,
    .internalSubset = on_type,
    .getEntity = on_entity,
    .startElementNs = on_start,
    .endElementNs = on_end,
    .characters = on_text,
    .ignorableWhitespace = on_text,
    .cdataBlock = on_text,
    .serror = on_error,
  };

  g_return_val_if_fail (service != NULL, NULL);

  self = g_new0 (BoloSoapReader, 1);
  self->service = service;
  self->bytes_max = bytes_max;
  self->open = g_ptr_array_new ();
  self->parser = xmlCreatePushParserCtxt (&handler, self, NULL, 0, NULL);
  /* Our own limits hold in place of libxml2's, which would end a long list at 10 MB. */
  xmlCtxtUseOptions (self->parser, XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NODICT);
  return self;
}

void
bolo_soap_reader_free (BoloSoapReader *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->parser, xmlFreeParserCtxt);
  g_clear_pointer (&self->root, bolo_soap_node_free);
  g_clear_pointer (&self->open, g_ptr_array_unref);
  g_clear_error (&self->failure);
  g_free (self);
}

void
bolo_soap_reader_set_sink (BoloSoapReader *self,
                           const char *meaning,
                           BoloSoapSink sink,
                           gpointer data)
{
  const BoloSoapPart *member;

  g_return_if_fail (self != NULL && meaning != NULL && sink != NULL);

  member = bolo_soap_parts_find (self->service->members, meaning);
  self->sink_name = member != NULL ? member->name : NULL;
  self->sink = sink;
  self->sink_data = data;
}

static gboolean
feed (BoloSoapReader *self, const char *bytes, gsize length, gboolean is_end, GError **error)
{
  int code = xmlParseChunk (self->parser, bytes, (int) length, is_end);

  if (code != XML_ERR_OK)
    refuse (self, "it is not well-formed XML");
  if (self->failure == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (self->failure));
  return FALSE;
}

gboolean
bolo_soap_reader_push (BoloSoapReader *self, const void *bytes, gsize length, GError **error)
{
  const char *at = bytes;

  g_return_val_if_fail (self != NULL && (bytes != NULL || length == 0), FALSE);

  if (length > self->bytes_max - self->n_bytes)
    refuse (self, "it is longer than the configuration allows");
  else
    self->n_bytes += length;
  for (gsize rest = length; self->failure == NULL && rest > 0;) {
    gsize piece = MIN (rest, PIECE_BYTES);

    if (!feed (self, at, piece, FALSE, error))
      return FALSE;
    at += piece;
    rest -= piece;
  }
  if (self->failure == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (self->failure));
  return FALSE;
}

/* ---- from elements to a reply -------------------------------------------------------------- */

static gboolean
set_unusable (const BoloSoapReader *self, GError **error, const char *why)
{
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "the answer to %s cannot be used: %s",
               self->service->operation, why);
  return FALSE;
}

/* (transfer full): of a text for a sentence or a rule: valid, on one line, not without end. */
static char *
make_line (const BoloSoapNode *node)
{
  char *line = node != NULL ? g_utf8_make_valid (node->text->str,
                                                 MIN ((gssize) node->text->len, FAULT_LENGTH_MAX))
                            : g_strdup ("");

  return g_strstrip (g_strdelimit (line, "\r\n\t", ' '));
}

static void
read_fault (const BoloSoapNode *fault, BoloSoapReply *reply)
{
  g_autofree char *code = make_line (bolo_soap_node_find (fault, "faultcode"));
  g_autofree char *sentence = make_line (bolo_soap_node_find (fault, "faultstring"));

  reply->is_fault = TRUE;
  reply->text = g_strdup_printf ("%s: %s", code, sentence);
}

/* Text that came by a reference goes to the sink now. */
static gboolean
keep_member (BoloSoapReader *self,
             const BoloSoapPart *member,
             const BoloSoapNode *node,
             GHashTable *record,
             GError **error)
{
  if (self->sink_name != NULL && g_str_equal (member->name, self->sink_name))
    return g_str_equal (node->name, self->sink_name) ||
           send_to_sink (self, node->text->str, node->text->len, error);
  if (member->type != BOLO_SOAP_BASE64 && !bolo_soap_text_is_of (node->text->str, member->type)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "the answer to %s cannot be used: its %s is no %s", self->service->operation,
                 member->name, bolo_soap_type_to_string (member->type));
    return FALSE;
  }
  g_hash_table_insert (record, g_strdup (member->meaning), g_strdup (node->text->str));
  return TRUE;
}

static gboolean
read_record (BoloSoapReader *self,
             const BoloSoapNode *node,
             const BoloSoapNode *body,
             BoloSoapReply *reply,
             GError **error)
{
  g_autoptr (GHashTable) record = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const GArray *members = self->service->members;

  for (guint i = 0; i < members->len; i++) {
    const BoloSoapPart *member = &g_array_index (members, BoloSoapPart, i);
    const BoloSoapNode *child = bolo_soap_node_find (node, member->name);
    const BoloSoapNode *target = bolo_soap_node_follow (child, body);

    if (child != NULL && target == NULL)
      return set_unusable (self, error, "it refers to something that is not in it");
    if (target != NULL && !target->is_nil && !keep_member (self, member, target, record, error))
      return FALSE;
  }
  g_ptr_array_add (reply->records, g_steal_pointer (&record));
  return TRUE;
}

static gboolean
read_records (BoloSoapReader *self,
              const BoloSoapNode *array,
              const BoloSoapNode *body,
              BoloSoapReply *reply,
              GError **error)
{
  for (guint i = 0; i < array->children->len; i++) {
    const BoloSoapNode *item = bolo_soap_node_follow (g_ptr_array_index (array->children, i), body);

    if (item == NULL)
      return set_unusable (self, error, "it refers to something that is not in it");
    if (!item->is_nil && !read_record (self, item, body, reply, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_result (BoloSoapReader *self,
             const BoloSoapNode *response,
             const BoloSoapNode *body,
             BoloSoapReply *reply,
             GError **error)
{
  const BoloSoapService *service = self->service;
  const BoloSoapNode *node;

  if (service->result_type == BOLO_SOAP_NOTHING)
    return TRUE;
  node = bolo_soap_node_follow (bolo_soap_node_find (response, service->result), body);
  if (node == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "the answer to %s cannot be used: it has no part %s; if this back office calls it "
                 "otherwise, say so with result= in its [service …]",
                 service->operation, service->result);
    return FALSE;
  }
  if (node->is_nil)
    return TRUE;
  if (service->result_type == BOLO_SOAP_RECORDS)
    return read_records (self, node, body, reply, error);
  if (service->result_type == BOLO_SOAP_RECORD)
    return read_record (self, node, body, reply, error);
  if (!bolo_soap_text_is_of (node->text->str, service->result_type))
    return set_unusable (self, error, "its value is not of the type that was agreed");
  reply->text = g_strdup (node->text->str);
  return TRUE;
}

static gboolean
is_of_envelope (const BoloSoapNode *node, const char *name)
{
  return node != NULL && g_str_equal (node->name, name) &&
         g_strcmp0 (node->name_space, BOLO_SOAP_ENVELOPE) == 0;
}

static gboolean
read_body (BoloSoapReader *self, BoloSoapReply *reply, GError **error)
{
  g_autofree char *name = g_strconcat (self->service->operation, "Response", NULL);
  const BoloSoapNode *body = self->root != NULL ? bolo_soap_node_find (self->root, "Body") : NULL;
  const BoloSoapNode *fault;
  const BoloSoapNode *response;

  if (!is_of_envelope (self->root, "Envelope") || !is_of_envelope (body, "Body"))
    return set_unusable (self, error, "it is no SOAP 1.1 envelope");
  fault = bolo_soap_node_find (body, "Fault");
  if (is_of_envelope (fault, "Fault")) {
    read_fault (fault, reply);
    return TRUE;
  }
  response = bolo_soap_node_find (body, name);
  if (response == NULL)
    return set_unusable (self, error, "it answers another call, or none");
  return read_result (self, response, body, reply, error);
}

BoloSoapReply *
bolo_soap_reader_finish (BoloSoapReader *self, GError **error)
{
  g_autoptr (BoloSoapReply) reply = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->failure != NULL) {
    g_propagate_error (error, g_error_copy (self->failure));
    return NULL;
  }
  if (!feed (self, NULL, 0, TRUE, error))
    return NULL;
  reply = g_new0 (BoloSoapReply, 1);
  reply->records = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  return read_body (self, reply, error) ? g_steal_pointer (&reply) : NULL;
}
