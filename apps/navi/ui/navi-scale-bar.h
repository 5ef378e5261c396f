/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <shumate/shumate.h>

G_BEGIN_DECLS

/* NaviScaleBar: how long a stretch of the map is, in the user's units, for the middle of the view.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define NAVI_TYPE_SCALE_BAR (navi_scale_bar_get_type ())
G_DECLARE_FINAL_TYPE (NaviScaleBar, navi_scale_bar, NAVI, SCALE_BAR, GtkWidget)

GtkWidget *navi_scale_bar_new (ShumateViewport *viewport);

G_END_DECLS
