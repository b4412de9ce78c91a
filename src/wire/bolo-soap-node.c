/* bolo-soap-node.c: the elements of a SOAP reply, and what they refer to
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-soap-node.h"

#define HOPS_MAX 4 /* a reference to a reference is rare enough */

BoloSoapNode *
bolo_soap_node_new (const char *name, const char *name_space)
{
  BoloSoapNode *self = g_new0 (BoloSoapNode, 1);

  self->name = g_strdup (name);
  self->name_space = g_strdup (name_space);
  self->text = g_string_new (NULL);
  self->children = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_soap_node_free);
  return self;
}

void
bolo_soap_node_free (BoloSoapNode *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->name);
  g_free (self->name_space);
  g_free (self->id);
  g_free (self->href);
  g_string_free (self->text, TRUE);
  g_ptr_array_unref (self->children);
  g_free (self);
}

const BoloSoapNode *
bolo_soap_node_find (const BoloSoapNode *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  for (guint i = 0; i < self->children->len; i++) {
    const BoloSoapNode *child = g_ptr_array_index (self->children, i);

    if (g_str_equal (child->name, name))
      return child;
  }
  return NULL;
}

static const BoloSoapNode *
find_id (const BoloSoapNode *body, const char *id)
{
  for (guint i = 0; i < body->children->len; i++) {
    const BoloSoapNode *child = g_ptr_array_index (body->children, i);

    if (g_strcmp0 (child->id, id) == 0)
      return child;
  }
  return NULL;
}

const BoloSoapNode *
bolo_soap_node_follow (const BoloSoapNode *self, const BoloSoapNode *body)
{
  g_return_val_if_fail (body != NULL, NULL);

  for (guint i = 0; self != NULL && self->href != NULL; i++) {
    if (i == HOPS_MAX || self->href[0] != '#')
      return NULL;
    self = find_id (body, self->href + 1);
  }
  return self;
}
