/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cirrus-common.h"

G_BEGIN_DECLS

/* NaviApplication: Navi as an application: its window, geo: URIs, preferences, credits. */

#define NAVI_TYPE_APPLICATION (navi_application_get_type ())
G_DECLARE_FINAL_TYPE (NaviApplication, navi_application, NAVI, APPLICATION, CirrusApplication)

G_END_DECLS
