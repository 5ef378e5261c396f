/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-status.h"

G_BEGIN_DECLS

/* The live line of an app in words, made from the status that it left (cloud-status.h).
 *
 * Threading: the main thread.  Ownership: (transfer full). */

/* @app: "mail", "weather", "navi" or "search"; @status: (nullable): nothing known yet, which gives a line that says what the app does. */
char *home_line_for (const char *app, const CloudStatus *status, gint64 now_unix_us);

G_END_DECLS
