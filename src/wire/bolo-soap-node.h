/* bolo-soap-node.h: the elements of a SOAP reply, and what they refer to
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloSoapNode: an element as far as SOAP's encoding speaks of it. Owned by its parent; inside the
 * room only. */
typedef struct _BoloSoapNode BoloSoapNode;
struct _BoloSoapNode {
  char *name;       /* without its prefix */
  char *name_space; /* (nullable) */
  char *id;         /* (nullable) */
  char *href;       /* (nullable): "#id0", in place of contents */
  gboolean is_nil;
  GString *text;
  GPtrArray *children; /* (owned): of BoloSoapNode */
};

BoloSoapNode *bolo_soap_node_new (const char *name, const char *name_space);
void bolo_soap_node_free (BoloSoapNode *self);
/* (nullable): the first child of that name. */
const BoloSoapNode *bolo_soap_node_find (const BoloSoapNode *self, const char *name);
/* The element that @self stands for: itself, or what it refers to among @body's children. NULL: it
 * refers to nothing, or round in a circle. */
const BoloSoapNode *bolo_soap_node_follow (const BoloSoapNode *self, const BoloSoapNode *body);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloSoapNode, bolo_soap_node_free)

G_END_DECLS
