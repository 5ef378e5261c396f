/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather"

#include "weather-units.h"

#include <glib/gi18n-lib.h>

#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <string.h>

/* Numbers, times and conditions in words, in one place for window, service and command line. */

#define NOT_SAID "–"

static gboolean
locale_is (int category, const char *territory)
{
  const char *name = setlocale (category, NULL);
  const char *at = name != NULL ? strchr (name, '_') : NULL;

  return at != NULL && strncmp (at + 1, territory, 2) == 0;
}

void
weather_units_from_locale (WeatherUnits *units)
{
  const char *clock = nl_langinfo (T_FMT);
  gboolean american = locale_is (LC_MEASUREMENT, "US");
  gboolean miles = american || locale_is (LC_MEASUREMENT, "GB") || locale_is (LC_MEASUREMENT, "LR");

  units->temperature = american ? WEATHER_TEMPERATURE_FAHRENHEIT : WEATHER_TEMPERATURE_CELSIUS;
  units->speed = miles ? WEATHER_SPEED_MPH : WEATHER_SPEED_KMH;
  if (locale_is (LC_MEASUREMENT, "CN"))
    units->speed = WEATHER_SPEED_BEAUFORT; /* forecasts there speak of grades of wind */
  units->pressure = american ? WEATHER_PRESSURE_INHG : WEATHER_PRESSURE_HPA;
  units->inches = american;
  units->miles = miles;
  units->clock_24h = strstr (clock, "%r") == NULL && strstr (clock, "%I") == NULL && strstr (clock, "%l") == NULL;
}

static int
chosen (GSettings *settings, const char *key)
{
  return g_settings_get_enum (settings, key) - 1; /* 0 is "auto" */
}

void
weather_units_from_settings (WeatherUnits *units, GSettings *settings)
{
  int choice;

  g_return_if_fail (units != NULL && G_IS_SETTINGS (settings));

  weather_units_from_locale (units);
  if ((choice = chosen (settings, "temperature-unit")) >= 0)
    units->temperature = choice;
  if ((choice = chosen (settings, "speed-unit")) >= 0)
    units->speed = choice;
  if ((choice = chosen (settings, "pressure-unit")) >= 0)
    units->pressure = choice;
  if ((choice = chosen (settings, "rain-unit")) >= 0)
    units->inches = choice == 1;
  if ((choice = chosen (settings, "distance-unit")) >= 0)
    units->miles = choice == 1;
  if ((choice = chosen (settings, "clock")) >= 0)
    units->clock_24h = choice == 0;
}

double
weather_units_convert_temperature (const WeatherUnits *units, double celsius)
{
  return round (units->temperature == WEATHER_TEMPERATURE_FAHRENHEIT ? celsius * 9 / 5 + 32 : celsius);
}

static char *
format_degrees (double degrees, const char *suffix)
{
  return g_strdup_printf ("%s%.0f%s", degrees < -0.5 ? "−" : "", fabs (degrees), suffix);
}

char *
weather_units_temperature (const WeatherUnits *units, double celsius)
{
  double value = weather_units_convert_temperature (units, celsius);

  return isnan (value) ? g_strdup (NOT_SAID) : format_degrees (value, "°");
}

char *
weather_units_temperature_full (const WeatherUnits *units, double celsius)
{
  double value = weather_units_convert_temperature (units, celsius);

  if (isnan (value))
    return g_strdup (NOT_SAID);
  return format_degrees (value, units->temperature == WEATHER_TEMPERATURE_FAHRENHEIT ? " °F" : " °C");
}

char *
weather_units_temperature_step (const WeatherUnits *units, double difference_c)
{
  double step = units->temperature == WEATHER_TEMPERATURE_FAHRENHEIT ? difference_c * 9 / 5 : difference_c;

  return isnan (step) ? g_strdup (NOT_SAID) : g_strdup_printf ("%.0f°", fabs (round (step)));
}

int
weather_beaufort (double mps)
{
  static const double upper[] = { 0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7 };
  int grade = 0;

  while (grade < (int) G_N_ELEMENTS (upper) && mps >= upper[grade])
    grade++;
  return grade;
}

char *
weather_units_speed (const WeatherUnits *units, double mps)
{
  if (isnan (mps))
    return g_strdup (NOT_SAID);
  switch (units->speed)
    {
    case WEATHER_SPEED_MPS:
      return g_strdup_printf (_ ("%.0f m/s"), mps);
    case WEATHER_SPEED_MPH:
      return g_strdup_printf (_ ("%.0f mph"), mps / 0.44704);
    case WEATHER_SPEED_KNOTS:
      return g_strdup_printf (_ ("%.0f kn"), mps * 3600 / 1852);
    case WEATHER_SPEED_BEAUFORT:
      /* Translators: a grade of wind on the Beaufort scale, 0 to 12 */
      return g_strdup_printf (_ ("force %d"), weather_beaufort (mps));
    case WEATHER_SPEED_KMH:
    default:
      return g_strdup_printf (_ ("%.0f km/h"), mps * 3.6);
    }
}

char *
weather_units_rain (const WeatherUnits *units, double mm)
{
  if (isnan (mm))
    return g_strdup (NOT_SAID);
  if (units->inches)
    return g_strdup_printf (_ ("%.2f in"), mm / 25.4);
  return mm >= 10 ? g_strdup_printf (_ ("%.0f mm"), mm) : g_strdup_printf (_ ("%.1f mm"), mm);
}

char *
weather_units_pressure (const WeatherUnits *units, double hpa)
{
  if (isnan (hpa))
    return g_strdup (NOT_SAID);
  if (units->pressure == WEATHER_PRESSURE_INHG)
    return g_strdup_printf (_ ("%.2f inHg"), hpa / 33.8638866667);
  if (units->pressure == WEATHER_PRESSURE_MMHG)
    return g_strdup_printf (_ ("%.0f mmHg"), hpa / 1.33322387415);
  return g_strdup_printf (_ ("%.0f hPa"), hpa);
}

char *
weather_units_distance (const WeatherUnits *units, double m)
{
  double value = m / (units->miles ? 1609.344 : 1000);

  if (isnan (m))
    return g_strdup (NOT_SAID);
  if (units->miles)
    return value >= 10 ? g_strdup_printf (_ ("%.0f mi"), value) : g_strdup_printf (_ ("%.1f mi"), value);
  return value >= 10 ? g_strdup_printf (_ ("%.0f km"), value) : g_strdup_printf (_ ("%.1f km"), value);
}

char *
weather_units_percent (const WeatherUnits *units, double percent)
{
  /* Translators: a percentage; %.0f is the number, %% the sign */
  return isnan (percent) ? g_strdup (NOT_SAID) : g_strdup_printf (_ ("%.0f%%"), percent);
}

static GDateTime *
local_time (GTimeZone *zone, gint64 unix_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (unix_us / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
}

static char *
format_time (GTimeZone *zone, gint64 unix_us, const char *format)
{
  g_autoptr (GDateTime) time = local_time (zone, unix_us);
  char *text = time != NULL ? g_date_time_format (time, format) : NULL;

  return text != NULL ? text : g_strdup (NOT_SAID);
}

char *
weather_units_clock (const WeatherUnits *units, GTimeZone *zone, gint64 unix_us)
{
  /* Translators: a time of day on the 24-hour and on the 12-hour clock, for strftime */
  return format_time (zone, unix_us, units->clock_24h ? _ ("%H:%M") : _ ("%-I:%M %p"));
}

char *
weather_units_hour (const WeatherUnits *units, GTimeZone *zone, gint64 unix_us)
{
  /* Translators: a full hour on the 24-hour and on the 12-hour clock, for strftime */
  return format_time (zone, unix_us, units->clock_24h ? _ ("%H:00") : _ ("%-I %p"));
}

char *
weather_units_weekday (GTimeZone *zone, gint64 unix_us)
{
  /* Translators: the short name of a weekday, for strftime; where %a alone is too short, add to it: in Chinese "周%a" */
  return format_time (zone, unix_us, C_ ("short weekday", "%a"));
}

char *
weather_units_weekday_full (GTimeZone *zone, gint64 unix_us)
{
  return format_time (zone, unix_us, "%A");
}

const char *
weather_condition_text (WeatherCondition condition, gboolean is_day)
{
  switch (condition)
    {
    case WEATHER_CONDITION_CLEAR:
      return is_day ? _ ("Sunny") : _ ("Clear");
    case WEATHER_CONDITION_MOSTLY_CLEAR:
      return is_day ? _ ("Mostly sunny") : _ ("Mostly clear");
    case WEATHER_CONDITION_PARTLY_CLOUDY:
      return _ ("Partly cloudy");
    case WEATHER_CONDITION_CLOUDY:
      return _ ("Cloudy");
    case WEATHER_CONDITION_FOG:
      return _ ("Fog");
    case WEATHER_CONDITION_DRIZZLE:
      return _ ("Drizzle");
    case WEATHER_CONDITION_RAIN:
      return _ ("Rain");
    case WEATHER_CONDITION_HEAVY_RAIN:
      return _ ("Heavy rain");
    case WEATHER_CONDITION_SHOWERS:
      return _ ("Showers");
    case WEATHER_CONDITION_SLEET:
      return _ ("Sleet");
    case WEATHER_CONDITION_SNOW:
      return _ ("Snow");
    case WEATHER_CONDITION_HEAVY_SNOW:
      return _ ("Heavy snow");
    case WEATHER_CONDITION_SNOW_SHOWERS:
      return _ ("Snow showers");
    case WEATHER_CONDITION_THUNDER:
      return _ ("Thunderstorm");
    case WEATHER_CONDITION_HAIL:
      return _ ("Thunderstorm with hail");
    case WEATHER_CONDITION_UNKNOWN:
    case WEATHER_N_CONDITIONS:
      break;
    }
  return _ ("Not known");
}

static int
octant (double from_deg)
{
  return isfinite (from_deg) ? (int) floor (fmod (fmod (from_deg, 360) + 360 + 22.5, 360) / 45) : -1;
}

const char *
weather_wind_from_text (double from_deg)
{
  static const char *const names[] = {
    N_ ("north"), N_ ("north-east"), N_ ("east"), N_ ("south-east"),
    N_ ("south"), N_ ("south-west"), N_ ("west"), N_ ("north-west"),
  };
  int index = octant (from_deg);

  return index >= 0 ? _ (names[index]) : NOT_SAID;
}

const char *
weather_wind_from_short (double from_deg)
{
  static const char *const names[] = {
    /* Translators: the points of the compass, from which the wind blows */
    NC_ ("compass", "N"), NC_ ("compass", "NE"), NC_ ("compass", "E"), NC_ ("compass", "SE"),
    NC_ ("compass", "S"), NC_ ("compass", "SW"), NC_ ("compass", "W"), NC_ ("compass", "NW"),
  };
  int index = octant (from_deg);

  return index >= 0 ? g_dpgettext2 (GETTEXT_PACKAGE, "compass", names[index]) : NOT_SAID;
}

const char *
weather_uv_text (double uv_index)
{
  if (isnan (uv_index))
    return NOT_SAID;
  if (uv_index < 2.5)
    return C_ ("uv", "Low");
  if (uv_index < 5.5)
    return C_ ("uv", "Moderate");
  if (uv_index < 7.5)
    return C_ ("uv", "High");
  return uv_index < 10.5 ? C_ ("uv", "Very high") : C_ ("uv", "Extreme");
}

char *
weather_age_text (gint64 now_unix_us, gint64 then_unix_us)
{
  gint64 minutes = (now_unix_us - then_unix_us) / (60 * G_USEC_PER_SEC);
  gint64 hours = minutes / 60;
  gint64 days = hours / 24;

  if (minutes < 1)
    return g_strdup (_ ("just now"));
  if (hours < 1)
    return g_strdup_printf (ngettext ("%d minute ago", "%d minutes ago", (gulong) minutes), (int) minutes);
  if (hours < 48)
    return g_strdup_printf (ngettext ("%d hour ago", "%d hours ago", (gulong) hours), (int) hours);
  return g_strdup_printf (ngettext ("%d day ago", "%d days ago", (gulong) days), (int) days);
}
