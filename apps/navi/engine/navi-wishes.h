/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-request.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* NaviWishes: what somebody who travels in one way wants of every route, as it is kept in Navi's settings ("wishes", a{sa{su}}: the profile, then
 * for each kind of road the seconds of detour that it is worth, 0 for never; "detour" for the kinds to come).
 *
 * Threading: plain data; the thread of the settings. */

typedef enum
{
  NAVI_WISH_ALLOWED,
  NAVI_WISH_RATHER_NOT, /* unless the way without takes longer by more than the detour */
  NAVI_WISH_NEVER,      /* without such a way there is no route */
  NAVI_N_WISHES,
} NaviWish;

typedef struct
{
  NaviWish wish[NAVI_N_AVOIDS]; /* by the bit of NaviAvoid */
  guint detour_s;
} NaviWishes;

#define NAVI_USUAL_DETOUR_S 600

/* Nothing is unwanted where nothing is stored. */
void navi_wishes_load (GSettings *settings, NaviProfile profile, NaviWishes *wishes);
void navi_wishes_save (GSettings *settings, NaviProfile profile, const NaviWishes *wishes);

/* Which NaviAvoid have this wish. */
guint navi_wishes_get (const NaviWishes *self, NaviWish wish);

void navi_wishes_apply (const NaviWishes *self, NaviRouteRequest *request);

G_END_DECLS
