/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-fix.h"

G_BEGIN_DECLS

/* A recording as a list of fixes: an NMEA log or a GPX file (track, else route, else way points; the file's own content decides).
 *
 * A GPX file without times is given some, as if driven at 50 km/h; speed and bearing are worked out where it has none.
 *
 * Threading: any thread; reading a file blocks.  Ownership: as said.  Errors: NOT_FOUND (no such file), CORRUPT (GPX that is not
 * well-formed), INVALID (no position in it), TOO_LARGE (over HAL_TRACK_MAX_BYTES).
 * Source: GPX 1.1 schema; NMEA 0183 (hal-nmea.h). */

#define HAL_TRACK_MAX_BYTES (256 * 1024 * 1024)

/* Returns: (transfer full) (element-type CloudFix): at least one fix, or NULL and @error. */
GPtrArray *hal_track_load (const char *path, GError **error);
GPtrArray *hal_track_parse (const void *bytes, gsize length, GError **error);

/* The two formats alone; an NMEA log may hold no fix (an empty list).  Returns: (transfer full) (element-type CloudFix) */
GPtrArray *hal_track_parse_nmea (const void *bytes, gsize length);
GPtrArray *hal_track_parse_gpx (const void *bytes, gsize length, GError **error);

G_END_DECLS
