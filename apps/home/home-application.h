/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cirrus-application.h"

G_BEGIN_DECLS

/* HomeApplication: the desktop's stand-in for a phone's home screen: the date and a card for each of the four apps.
 *
 * Threading: the main thread. */

#define HOME_TYPE_APPLICATION (home_application_get_type ())
G_DECLARE_FINAL_TYPE (HomeApplication, home_application, HOME, APPLICATION, CirrusApplication)

G_END_DECLS
