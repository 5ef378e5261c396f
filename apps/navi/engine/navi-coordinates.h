/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Positions as people write them, and geo: URIs.
 *
 * Understood are decimal degrees ("47.141, 9.521", "47,141 9,521", "N 47.141 E 9.521"), degrees and minutes ("47°8.46'N 9°31.26'E"), degrees,
 * minutes and seconds with or without their signs ("47 8 27.6 N, 9 31 15.6 E"), the same in Chinese ("北纬47度8分27.6秒，东经9°31′15.6″"), full width
 * or half, with or without brackets and words before them ("lat: 47.141, lon: 9.521"), full plus codes ("8FVF4GRC+CC") and the addresses
 * of well-known maps ("https://www.openstreetmap.org/#map=15/47.141/9.521").  Latitude comes first unless letters say
 * otherwise or only the other order is on the globe.
 *
 * A house number or a postcode is no position: without letters or signs both numbers need their decimals.
 *
 * Threading: pure functions.  Errors: FALSE if the text is nothing of this.
 * Source: ISO 6709 annex D, RFC 5870, https://github.com/google/open-location-code */

gboolean navi_coordinates_parse (const char *text, double *lat_deg, double *lon_deg);

/* What a geo: URI says. */
typedef struct
{
  gboolean has_position; /* "geo:0,0?q=TEXT" has none */
  double lat_deg;
  double lon_deg;
  double uncertainty_m; /* negative: not said */
  char *label;          /* (nullable) "?q=LAT,LON(LABEL)" */
  char *text;           /* (nullable) "?q=TEXT": what is to be looked for, near the position if there is one */
} NaviGeoUri;

/* FALSE if it is no geo: URI, or one in another reference system than WGS 84.  On success navi_geo_uri_clear() it. */
gboolean navi_geo_uri_parse (const char *uri, NaviGeoUri *parsed);
void navi_geo_uri_clear (NaviGeoUri *parsed);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NaviGeoUri, navi_geo_uri_clear)

G_END_DECLS
