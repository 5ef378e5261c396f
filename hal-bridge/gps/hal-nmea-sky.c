/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "hal-gps"

#include "hal-nmea-sky.h"

#include <math.h>

/* Which satellites there are, from sentences that number them in several ways. */

static CloudConstellation
constellation_of_talker (const char *address)
{
  static const struct
  {
    char talker[3];
    CloudConstellation constellation;
  } talkers[] = {
    { "GP", CLOUD_CONSTELLATION_GPS },    { "GL", CLOUD_CONSTELLATION_GLONASS }, { "GA", CLOUD_CONSTELLATION_GALILEO },
    { "GB", CLOUD_CONSTELLATION_BEIDOU }, { "BD", CLOUD_CONSTELLATION_BEIDOU },  { "GQ", CLOUD_CONSTELLATION_QZSS },
    { "QZ", CLOUD_CONSTELLATION_QZSS },   { "GI", CLOUD_CONSTELLATION_NAVIC },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (talkers); i++)
    if (strncmp (address, talkers[i].talker, 2) == 0)
      return talkers[i].constellation;
  return CLOUD_CONSTELLATION_UNKNOWN;
}

/* Numbers beyond a constellation's own range name another one; returns the number within its constellation. */
static guint
number_in_constellation (const char *address, int system, guint number, CloudConstellation *constellation)
{
  static const CloudConstellation systems[] = { CLOUD_CONSTELLATION_UNKNOWN, CLOUD_CONSTELLATION_GPS,
                                                CLOUD_CONSTELLATION_GLONASS, CLOUD_CONSTELLATION_GALILEO,
                                                CLOUD_CONSTELLATION_BEIDOU,  CLOUD_CONSTELLATION_QZSS,
                                                CLOUD_CONSTELLATION_NAVIC };
  static const struct
  {
    guint first, last, base;
    CloudConstellation constellation;
  } ranges[] = {
    { 33, 64, 0, CLOUD_CONSTELLATION_SBAS },       { 65, 96, 64, CLOUD_CONSTELLATION_GLONASS },
    { 120, 158, 87, CLOUD_CONSTELLATION_SBAS },    { 193, 200, 192, CLOUD_CONSTELLATION_QZSS },
    { 201, 264, 200, CLOUD_CONSTELLATION_BEIDOU }, { 301, 336, 300, CLOUD_CONSTELLATION_GALILEO },
    { 401, 464, 400, CLOUD_CONSTELLATION_BEIDOU },
  };
  CloudConstellation named = system > 0 ? systems[system] : constellation_of_talker (address);

  /* BeiDou numbers its own up to 63. */
  if (named == CLOUD_CONSTELLATION_BEIDOU && number < 64)
    {
      *constellation = named;
      return number;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    if (number >= ranges[i].first && number <= ranges[i].last)
      {
        *constellation = ranges[i].constellation;
        return number - ranges[i].base;
      }
  *constellation = named != CLOUD_CONSTELLATION_UNKNOWN ? named : number <= 32 ? CLOUD_CONSTELLATION_GPS : named;
  return number;
}

static gboolean
is_used (const HalNmeaSky *sky, const CloudSatellite *satellite)
{
  for (guint i = 0; i < sky->n_used; i++)
    if (sky->used[i].constellation == satellite->constellation && sky->used[i].number == satellite->number)
      return TRUE;
  return FALSE;
}

void
hal_nmea_sky_begin (HalNmeaSky *sky, const char *address, int signal)
{
  guint kept = 0;

  for (guint i = 0; i < sky->n_seen; i++)
    if (strncmp (sky->seen[i].talker, address, 2) != 0 || sky->seen[i].signal != signal)
      sky->seen[kept++] = sky->seen[i];
  sky->n_seen = kept;
}

void
hal_nmea_sky_add (HalNmeaSky *sky, const char *address, int signal, const CloudSatellite *satellite)
{
  CloudSatellite *added;

  if (sky->n_seen == CLOUD_SATELLITES_MAX)
    return;
  sky->seen[sky->n_seen].talker[0] = address[0];
  sky->seen[sky->n_seen].talker[1] = address[1];
  sky->seen[sky->n_seen].signal = signal;
  added = &sky->seen[sky->n_seen++].satellite;
  *added = *satellite;
  added->number = number_in_constellation (address, 0, satellite->number, &added->constellation);
}

void
hal_nmea_sky_end (HalNmeaSky *sky)
{
  sky->changed = TRUE;
}

void
hal_nmea_sky_clear_used (HalNmeaSky *sky)
{
  sky->n_used = 0;
}

void
hal_nmea_sky_use (HalNmeaSky *sky, const char *address, int system, guint number)
{
  if (sky->n_used == CLOUD_SATELLITES_MAX)
    return;
  sky->used[sky->n_used].number = number_in_constellation (address, system, number, &sky->used[sky->n_used].constellation);
  sky->n_used++;
}

gboolean
hal_nmea_sky_is_changed (HalNmeaSky *sky)
{
  gboolean changed = sky->changed;

  sky->changed = FALSE;
  return changed;
}

guint
hal_nmea_sky_collect (const HalNmeaSky *sky, CloudSatellite *satellites)
{
  guint n = 0;

  for (guint i = 0; i < sky->n_seen; i++)
    {
      const CloudSatellite *seen = &sky->seen[i].satellite;
      guint j = 0;

      while (j < n && (satellites[j].constellation != seen->constellation || satellites[j].number != seen->number))
        j++;
      if (j == n)
        satellites[n++] = *seen;
      else if (isnan (satellites[j].cn0_dbhz) || seen->cn0_dbhz > satellites[j].cn0_dbhz)
        satellites[j].cn0_dbhz = seen->cn0_dbhz;
      satellites[j].used = is_used (sky, seen);
    }
  return n;
}

void
hal_nmea_sky_count (const HalNmeaSky *sky, int *used, int *in_view)
{
  CloudSatellite satellites[CLOUD_SATELLITES_MAX];
  guint n = hal_nmea_sky_collect (sky, satellites);

  if (sky->n_used > 0)
    *used = MAX (*used, (int) sky->n_used);
  if (n > 0)
    *in_view = (int) n;
}
