/* bolo-soap-service.h: which parts a SOAP call has, as a table that a key file can change
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-key-file.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_SOAP_STRING,
  BOLO_SOAP_BOOLEAN,
  BOLO_SOAP_BYTE,
  BOLO_SOAP_SHORT,
  BOLO_SOAP_INT,
  BOLO_SOAP_LONG,
  BOLO_SOAP_FLOAT,
  BOLO_SOAP_DATE_TIME,
  BOLO_SOAP_BASE64,
  BOLO_SOAP_STRINGS, /* a SOAP array of strings */
  BOLO_SOAP_RECORDS, /* a SOAP array of the service's records */
  BOLO_SOAP_RECORD,  /* one of them; replies only */
  BOLO_SOAP_ANY,     /* whatever it is; replies only */
  BOLO_SOAP_NOTHING, /* replies only */
} BoloSoapType;

/* How a part is written that has no value. */
typedef enum {
  BOLO_SOAP_ABSENT_NIL,   /* xsi:nil="true" */
  BOLO_SOAP_ABSENT_EMPTY, /* an element without contents */
} BoloSoapAbsent;

/* BoloSoapPart: one part of a request, or one member of a record. */
typedef struct {
  char *meaning; /* what the caller calls it: "secret", "vrm" */
  char *name;    /* what the service calls it: "signatureOfSender" */
  BoloSoapType type;
} BoloSoapPart;

/* BoloSoapService: one operation of one service. Lent by its table. */
typedef struct {
  char *path; /* behind the server's base: "InputCaptureWebService" */
  char *operation;
  char *name_space; /* of the operation's element */
  char *action;     /* SOAPAction's value; may be empty */
  GArray *parts;    /* of BoloSoapPart, in their order */
  char *result;     /* name of the returned part */
  BoloSoapType result_type;
  char *record;        /* (nullable): type of the records that are sent or come back */
  GArray *members;     /* of BoloSoapPart; empty where there are no records */
  gboolean is_wrapped; /* soapenc:string and so on in place of xsd:string */
  BoloSoapAbsent absent;
} BoloSoapService;

/* A service as it comes, in writing: parts and members are "MEANING NAME TYPE" with ';' between. */
typedef struct {
  const char *path;
  const char *operation;
  const char *name_space;
  const char *parts;
  const char *result;  /* "NAME TYPE" */
  const char *record;  /* (nullable) */
  const char *members; /* (nullable) */
} BoloSoapDefault;

/* BoloSoapTable: services by their operation. Immutable once it is shared; any thread. */
typedef struct _BoloSoapTable BoloSoapTable;

/* @defaults end with a path of NULL, and are right: they are ours. */
BoloSoapTable *bolo_soap_table_new (const BoloSoapDefault *defaults);
void bolo_soap_table_free (BoloSoapTable *self);
/* The groups and keys that override reads: [services] for all and [service OPERATION] for one. */
#define BOLO_SOAP_SPECS                                                                            \
  {"services", bolo_soap_keys_of_all},                                                             \
  {                                                                                                \
    "service *", bolo_soap_keys_of_one                                                             \
  }
extern const char *const bolo_soap_keys_of_all[];
extern const char *const bolo_soap_keys_of_one[];
/* Takes what @file says in place of what is there. INVALID_DATA names file, line and key. */
gboolean bolo_soap_table_override (BoloSoapTable *self, BoloKeyFile *file, GError **error);
/* (nullable) (transfer none) */
const BoloSoapService *bolo_soap_table_find (const BoloSoapTable *self, const char *operation);
/* (transfer full): operations, sorted; NULL-terminated. */
char **bolo_soap_table_list (const BoloSoapTable *self);
/* (nullable): the part that a caller calls so. */
const BoloSoapPart *bolo_soap_parts_find (const GArray *parts, const char *meaning);
/* "string", "dateTime": the name in XML Schema, where there is one. */
const char *bolo_soap_type_to_string (BoloSoapType type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloSoapTable, bolo_soap_table_free)

G_END_DECLS
