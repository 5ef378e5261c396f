/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-import.h"

G_BEGIN_DECLS

/* The constructors of the import's passes, one for each kind of section; navi-import.c has the table.
 *
 * @spool_dir: where a pass may keep temporary files.
 * Each returns (transfer full) (nullable): NULL with @error set. */

NaviImportPass *navi_roads_pass_new (const char *spool_dir, GError **error);
NaviImportPass *navi_places_pass_new (const char *spool_dir, GError **error);

G_END_DECLS
