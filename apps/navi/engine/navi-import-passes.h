/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-import.h"

G_BEGIN_DECLS

/* The constructors of the import's passes, one for each kind of section; navi-import.c has the table. */

NaviImportPass *navi_roads_pass_new (void);

G_END_DECLS
