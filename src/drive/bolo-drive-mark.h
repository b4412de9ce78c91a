/* bolo-drive-mark.h: makes up UK registration marks of every syntax
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  BOLO_DRIVE_SYNTAX_CURRENT,    /* AB12 CDE */
  BOLO_DRIVE_SYNTAX_PREFIX,     /* A123 BCD */
  BOLO_DRIVE_SYNTAX_SUFFIX,     /* ABC 123D */
  BOLO_DRIVE_SYNTAX_DATELESS,   /* 1234 AB, ABC 123, … */
  BOLO_DRIVE_SYNTAX_NORTHERN,   /* AIZ 1234 */
  BOLO_DRIVE_SYNTAX_DIPLOMATIC, /* 123 D 456 */
  BOLO_DRIVE_SYNTAX_CHERISHED,  /* A 1, 7 ABC: short and bought */
} BoloDriveSyntax;
#define BOLO_DRIVE_N_SYNTAXES 7

/* BoloDriveMark: plain data. */
typedef struct {
  char text[12];    /* "AB12CDE" */
  char display[16]; /* "AB12 CDE": as spaced on the plate */
  BoloDriveSyntax syntax;
} BoloDriveMark;

/* A mark that the law's table allows, without a letter that only its place tells from a digit
 * where both would be allowed. */
void bolo_drive_mark_make (GRand *random, BoloDriveSyntax syntax, BoloDriveMark *mark);
/* One character changed to one that does not look like it; still of the same syntax. */
void bolo_drive_mark_alter (GRand *random, const BoloDriveMark *mark, BoloDriveMark *altered);

G_END_DECLS
