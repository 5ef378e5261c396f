/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cirrus-common.h"
#include "navi-planner.h"

G_BEGIN_DECLS

/* The page of what routes keep clear of, for each way of travelling: allowed, rather not (and how long a detour that is worth), never.  The route
 * is found anew with each change.
 *
 * Threading: the main thread.  Ownership: the caller's; a floating CirrusPage. */

GtkWidget *navi_options_page_new (NaviPlanner *planner);

/* "Never: ferries · Rather not: toll roads, tunnels"; "" where nothing is unwanted.  (transfer full) */
char *navi_options_describe (const NaviWishes *wishes, NaviProfile profile);

G_END_DECLS
