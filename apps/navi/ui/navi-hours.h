/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-opening-hours.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Opening hours in words: whether it is open now and until when, and, unfolded, the coming week.
 *
 * The place is taken to be in the device's time zone.
 *
 * Threading: the main thread.  Ownership: the caller's; a floating widget. */

/* "Open until 18:00", "Closed, opens Monday 08:00".  (transfer full) */
char *navi_hours_say (const NaviOpeningHours *hours, const NaviLocalTime *now);

/* "08:00–12:00, 14:00–18:00", "Closed": the day of @day.  (transfer full) */
char *navi_hours_say_day (const NaviOpeningHours *hours, const NaviLocalTime *day);

/* (nullable): NULL where @text is not understood and is better shown as it is. */
GtkWidget *navi_hours_new (const char *text, gint64 now_unix_us);

G_END_DECLS
