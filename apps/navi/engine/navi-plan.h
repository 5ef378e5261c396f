/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-names.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The planned route as it is kept in Navi's settings, and the line that the home window shows of it.
 *
 * An end is a key of "(sdd)": name on the ground, latitude, longitude; its other names lie in the key with "-names" behind, and count only if they
 * belong to that name: who knows the first key only may write it alone.
 *
 * Threading: the thread of the settings. */

/* @names: (nullable): NULL takes the end away */
void navi_plan_save_end (GSettings *settings, const char *key, const NaviNames *names, double lat_deg, double lon_deg);

/* (transfer full) (nullable): NULL if there is no such end */
NaviNames *navi_plan_load_end (GSettings *settings, const char *key, double *lat_deg, double *lon_deg);

/* @distance_m: negative if it is not known */
void navi_plan_write_status (const NaviNames *destination, double distance_m);

G_END_DECLS
