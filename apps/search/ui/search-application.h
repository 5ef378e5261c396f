/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cirrus-application.h"

G_BEGIN_DECLS

/* SearchApplication: the window of Search.
 *
 * Actions: "app.search" (s), "app.show-page" (x), "app.show-saved": also called by the service when the desktop's search is answered.
 *
 * Threading: the main thread. */

#define SEARCH_TYPE_APPLICATION (search_application_get_type ())
G_DECLARE_FINAL_TYPE (SearchApplication, search_application, SEARCH, APPLICATION, CirrusApplication)

G_END_DECLS
