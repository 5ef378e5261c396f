/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-fix.h"

G_BEGIN_DECLS

/* HalNmeaSky: the satellites that GSV and GSA sentences speak of, over all constellations.  A part of HalNmea.
 *
 * GSV comes as one series of messages for each talker and signal; a series replaces the former one of the same kind.
 *
 * Threading: as HalNmea.  Ownership: plain data without pointers.  Errors: what is too much is dropped.
 * Source: NMEA 0183 4.11, satellite numbering as in gpsd's "NMEA Revealed". */

typedef struct
{
  struct
  {
    char talker[3];
    int signal;
    CloudSatellite satellite;
  } seen[CLOUD_SATELLITES_MAX];
  guint n_seen;
  struct
  {
    CloudConstellation constellation;
    guint number;
  } used[CLOUD_SATELLITES_MAX];
  guint n_used;
  gboolean changed;
} HalNmeaSky;

/* @address: the sentence's address field ("GPGSV"); @signal: the signal number of NMEA 4.10 or 0. */
void hal_nmea_sky_begin (HalNmeaSky *sky, const char *address, int signal);
void hal_nmea_sky_add (HalNmeaSky *sky, const char *address, int signal, const CloudSatellite *satellite);
void hal_nmea_sky_end (HalNmeaSky *sky);

void hal_nmea_sky_clear_used (HalNmeaSky *sky);

/* @system: GSA's system number (1 GPS ... 6 NavIC) or 0. */
void hal_nmea_sky_use (HalNmeaSky *sky, const char *address, int system, guint number);

/* TRUE once after each complete series. */
gboolean hal_nmea_sky_is_changed (HalNmeaSky *sky);

/* Fills @satellites (CLOUD_SATELLITES_MAX) with each satellite once, its strongest signal; returns how many. */
guint hal_nmea_sky_collect (const HalNmeaSky *sky, CloudSatellite *satellites);

/* Raises *@used to the satellites marked as used and sets *@in_view, if they are known. */
void hal_nmea_sky_count (const HalNmeaSky *sky, int *used, int *in_view);

G_END_DECLS
