/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-import.h"

G_BEGIN_DECLS

/* The import pass that gathers what is drawn (navi-map-builder.h) and writes NAVI_SECTION_DRAW_INDEX and NAVI_SECTION_DRAW_DATA.
 *
 * @spool_dir: a folder with room for about the size of the input: that of the region.
 * Returns: (transfer full) (nullable): NULL with @error set */
NaviImportPass *navi_import_map_new (const char *spool_dir, GError **error);

G_END_DECLS
