/* bolo-equipment-page.h: the state of each part of the equipment and what to do about it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"
#include "bolo-settings.h"

G_BEGIN_DECLS

#define BOLO_TYPE_EQUIPMENT_PAGE (bolo_equipment_page_get_type ())
G_DECLARE_FINAL_TYPE (BoloEquipmentPage, bolo_equipment_page, BOLO, EQUIPMENT_PAGE, GtkWidget)

void bolo_equipment_page_set_face (BoloEquipmentPage *self, BoloFace *face);
/* For loudness and brightness; once. */
void bolo_equipment_page_set_settings (BoloEquipmentPage *self, BoloSettings *settings);
/* What the two buttons would bring, or how it is: words as on the driver's rail. */
void bolo_equipment_page_set_theme (BoloEquipmentPage *self, const char *words);
void bolo_equipment_page_set_speech (BoloEquipmentPage *self, const char *words);

G_END_DECLS
