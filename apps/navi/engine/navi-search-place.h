/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-place.h"
#include "navi-search-match.h"

G_BEGIN_DECLS

/* Makes what is shown of what was found.
 *
 * Threading: one thread at a time for a reader. */

/* (transfer full) */
NaviPlace *navi_search_make_place (NaviPlacesReader *places, const NaviSearchCandidate *candidate);

G_END_DECLS
