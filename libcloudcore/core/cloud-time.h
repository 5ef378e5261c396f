/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Time in engines is a gint64 of UTC microseconds since 1970 ("_unix_us"): time_t has 32 bits on the reference phone.
 *
 * Threading: any thread. */

/* Now, in UTC microseconds.  CIRRUS_FAKE_TIME (seconds since 1970) fixes the clock for tests of whole programs. */
gint64 cloud_time_now_unix_us (void);

/* (transfer full): RFC 3339 in UTC, to the second, or to the millisecond where there is a fraction: "2026-11-23T20:15:00Z". */
char *cloud_time_format_utc (gint64 unix_us);

/* Parses RFC 3339 / ISO 8601 with offset (UTC where there is none); FALSE if @text is no time. */
gboolean cloud_time_parse (const char *text, gint64 *unix_us);

G_END_DECLS
