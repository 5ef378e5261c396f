/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather"

#include "weather-sun.h"

#include <math.h>

/* The sun's place in the sky.  Rise and set are found as crossings of the horizon within the day that is asked for, not from a
 * closed formula: so a day with no rise, with no set, or near a pole needs no case of its own. */

#define HORIZON_DEG (-0.833)
#define STEP_US (10 * G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)

static double
to_rad (double deg)
{
  return deg * G_PI / 180;
}

static double
to_deg (double rad)
{
  return rad * 180 / G_PI;
}

/* Declination (radians) and equation of time (minutes). */
static void
solar_position (gint64 unix_us, double *declination, double *equation_min)
{
  double julian_century = ((double) unix_us / G_USEC_PER_SEC / 86400.0 + 2440587.5 - 2451545.0) / 36525.0;
  double t = julian_century;
  double mean_longitude = fmod (280.46646 + t * (36000.76983 + t * 0.0003032), 360);
  double mean_anomaly = to_rad (357.52911 + t * (35999.05029 - 0.0001537 * t));
  double eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t);
  double centre = sin (mean_anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t))
                  + sin (2 * mean_anomaly) * (0.019993 - 0.000101 * t) + sin (3 * mean_anomaly) * 0.000289;
  double node = to_rad (125.04 - 1934.136 * t);
  double apparent_longitude = to_rad (mean_longitude + centre - 0.00569 - 0.00478 * sin (node));
  double mean_obliquity = 23 + (26 + (21.448 - t * (46.815 + t * (0.00059 - t * 0.001813))) / 60) / 60;
  double obliquity = to_rad (mean_obliquity + 0.00256 * cos (node));
  double y = tan (obliquity / 2) * tan (obliquity / 2);
  double longitude = to_rad (mean_longitude);

  *declination = asin (sin (obliquity) * sin (apparent_longitude));
  *equation_min = 4
                  * to_deg (y * sin (2 * longitude) - 2 * eccentricity * sin (mean_anomaly)
                            + 4 * eccentricity * y * sin (mean_anomaly) * cos (2 * longitude) - 0.5 * y * y * sin (4 * longitude)
                            - 1.25 * eccentricity * eccentricity * sin (2 * mean_anomaly));
}

double
weather_sun_elevation_deg (double latitude_deg, double longitude_deg, gint64 unix_us)
{
  double declination, equation_min;
  double day_min, hour_angle, sine;
  gint64 day_us = G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC;

  solar_position (unix_us, &declination, &equation_min);
  day_min = (double) (((unix_us % day_us) + day_us) % day_us) / G_USEC_PER_SEC / 60;
  hour_angle = to_rad ((day_min + equation_min + 4 * longitude_deg) / 4 - 180);
  sine = sin (to_rad (latitude_deg)) * sin (declination) + cos (to_rad (latitude_deg)) * cos (declination) * cos (hour_angle);
  return to_deg (asin (CLAMP (sine, -1, 1)));
}

gboolean
weather_sun_is_up (double latitude_deg, double longitude_deg, gint64 unix_us)
{
  return weather_sun_elevation_deg (latitude_deg, longitude_deg, unix_us) > HORIZON_DEG;
}

static gint64
find_crossing (double latitude_deg, double longitude_deg, gint64 below_or_above, gint64 other_side)
{
  gboolean first_up = weather_sun_is_up (latitude_deg, longitude_deg, below_or_above);

  while (other_side - below_or_above > G_USEC_PER_SEC)
    {
      gint64 middle = below_or_above + (other_side - below_or_above) / 2;

      if (weather_sun_is_up (latitude_deg, longitude_deg, middle) == first_up)
        below_or_above = middle;
      else
        other_side = middle;
    }
  return other_side;
}

static gint64
find_noon (double latitude_deg, double longitude_deg, gint64 low, gint64 high)
{
  while (high - low > G_USEC_PER_SEC)
    {
      gint64 third = (high - low) / 3;

      if (weather_sun_elevation_deg (latitude_deg, longitude_deg, low + third)
          < weather_sun_elevation_deg (latitude_deg, longitude_deg, high - third))
        low += third;
      else
        high -= third;
    }
  return low;
}

void
weather_sun_day (double latitude_deg, double longitude_deg, gint64 start_unix_us, gint64 end_unix_us, WeatherSunDay *day)
{
  double highest = -INFINITY;
  gint64 highest_at = start_unix_us;
  gboolean was_up;

  g_return_if_fail (day != NULL && end_unix_us > start_unix_us);

  *day = (WeatherSunDay){ 0 };
  was_up = weather_sun_is_up (latitude_deg, longitude_deg, start_unix_us);
  day->kind = was_up ? WEATHER_SUN_ALWAYS_UP : WEATHER_SUN_ALWAYS_DOWN;
  for (gint64 at = start_unix_us; at < end_unix_us; at += STEP_US)
    {
      gint64 next = MIN (at + STEP_US, end_unix_us);
      double elevation = weather_sun_elevation_deg (latitude_deg, longitude_deg, at);
      gboolean is_up = weather_sun_is_up (latitude_deg, longitude_deg, next);

      if (elevation > highest)
        {
          highest = elevation;
          highest_at = at;
        }
      if (is_up == was_up)
        continue;
      day->kind = WEATHER_SUN_RISES_AND_SETS;
      if (is_up && day->rise_unix_us == 0)
        day->rise_unix_us = find_crossing (latitude_deg, longitude_deg, at, next);
      else if (!is_up)
        day->set_unix_us = find_crossing (latitude_deg, longitude_deg, at, next);
      was_up = is_up;
    }
  day->noon_unix_us = find_noon (latitude_deg, longitude_deg, MAX (start_unix_us, highest_at - STEP_US),
                                 MIN (end_unix_us, highest_at + STEP_US));
  day->noon_elevation_deg = weather_sun_elevation_deg (latitude_deg, longitude_deg, day->noon_unix_us);
}
