/* bolo-lists-page.h: the lists held, and what officers added to them in this car
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"

G_BEGIN_DECLS

/* BoloListsPage: each list's revision, age, counts and signer, watch entries and silenced entries
 * with their ends; adding, removing and searching by touch. For the operator level only. Main. */
#define BOLO_TYPE_LISTS_PAGE (bolo_lists_page_get_type ())
G_DECLARE_FINAL_TYPE (BoloListsPage, bolo_lists_page, BOLO, LISTS_PAGE, GtkWidget)

/* Once. */
void bolo_lists_page_set_face (BoloListsPage *self, BoloFace *face);

G_END_DECLS
