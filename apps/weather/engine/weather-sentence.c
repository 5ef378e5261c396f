/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather"

#include "weather-sentence.h"

#include <glib/gi18n-lib.h>

#include <math.h>

/* Says in a few words what somebody about to leave the house wants to know: will it rain, when, and is it colder than yesterday.
 */

#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define LOOK_AHEAD_US (18 * HOUR_US)
#define SPELL_MOST_US (30 * HOUR_US)
#define NOTABLE_STEP_C 2.0
#define STORM_GUST_MPS 17.0
#define EVENING_HOUR 18

/* An hour counts as wet if something measurable falls and is likely; without numbers its condition decides. */
static gboolean
is_wet (const WeatherPoint *hour)
{
  if (!isnan (hour->precipitation_mm))
    return hour->precipitation_mm >= WEATHER_WET_HOUR_MM
           && (isnan (hour->precipitation_chance_pct) || hour->precipitation_chance_pct >= WEATHER_WET_CHANCE_PCT);
  return weather_condition_is_wet (hour->condition);
}

/* What falls: the provider's word, else by temperature. */
static WeatherCondition
what_falls (const WeatherPoint *hour)
{
  if (weather_condition_is_wet (hour->condition))
    return hour->condition;
  return !isnan (hour->temperature_c) && hour->temperature_c <= 0.5 ? WEATHER_CONDITION_SNOW : WEATHER_CONDITION_RAIN;
}

/* Which of two kinds names a spell that has both. */
static WeatherCondition
worse (WeatherCondition a, WeatherCondition b)
{
  static const guint8 weight[WEATHER_N_CONDITIONS] = {
    [WEATHER_CONDITION_DRIZZLE] = 1,    [WEATHER_CONDITION_SHOWERS] = 2,      [WEATHER_CONDITION_RAIN] = 3,
    [WEATHER_CONDITION_HEAVY_RAIN] = 4, [WEATHER_CONDITION_SNOW_SHOWERS] = 5, [WEATHER_CONDITION_SNOW] = 6,
    [WEATHER_CONDITION_HEAVY_SNOW] = 7, [WEATHER_CONDITION_SLEET] = 8,        [WEATHER_CONDITION_THUNDER] = 9,
    [WEATHER_CONDITION_HAIL] = 10,
  };

  return weight[b] > weight[a] ? b : a;
}

gboolean
weather_find_spell (WeatherForecast *forecast, gint64 from_unix_us, gint64 until_unix_us, WeatherSpell *spell)
{
  const WeatherPoint *hours;
  guint n;
  gboolean found = FALSE;

  g_return_val_if_fail (WEATHER_IS_FORECAST (forecast) && spell != NULL, FALSE);

  hours = weather_forecast_get_hourly (forecast, &n);
  for (guint i = 0; i < n; i++)
    {
      const WeatherPoint *hour = &hours[i];

      if (hour->start_unix_us + HOUR_US <= from_unix_us)
        continue;
      if (found && (!is_wet (hour) || hour->start_unix_us > spell->end_unix_us))
        {
          spell->open_ended = FALSE;
          return TRUE;
        }
      if (!found && hour->start_unix_us >= until_unix_us)
        return FALSE;
      if (!is_wet (hour))
        continue;
      if (!found)
        *spell = (WeatherSpell){ what_falls (hour), hour->start_unix_us, 0, TRUE };
      found = TRUE;
      spell->condition = worse (spell->condition, what_falls (hour));
      spell->end_unix_us = hour->start_unix_us + HOUR_US;
      if (spell->end_unix_us - from_unix_us > SPELL_MOST_US)
        return TRUE;
    }
  return found;
}

static gboolean
same_day (WeatherForecast *forecast, gint64 a, gint64 b)
{
  WeatherDay first, second;

  weather_day_at (weather_forecast_get_zone (forecast), a, &first);
  weather_day_at (weather_forecast_get_zone (forecast), b, &second);
  return first.start_unix_us == second.start_unix_us;
}

static char *
say_spell (WeatherForecast *forecast, const WeatherUnits *units, const WeatherSpell *spell, gint64 now_unix_us)
{
  const char *what = weather_condition_text (spell->condition, TRUE);
  GTimeZone *zone = weather_forecast_get_zone (forecast);
  g_autofree char *start = weather_units_hour (units, zone, spell->start_unix_us);
  g_autofree char *end = weather_units_hour (units, zone, spell->end_unix_us);
  g_autofree char *end_day = NULL;
  gboolean ends_today = same_day (forecast, now_unix_us, spell->end_unix_us - 1);

  if (!ends_today && !spell->open_ended)
    {
      g_autofree char *weekday = weather_units_weekday (zone, spell->end_unix_us);

      /* Translators: a weekday and a time of day: "Tue 05:00" */
      end_day = g_strdup_printf (_ ("%s %s"), weekday, end);
    }
  if (spell->start_unix_us <= now_unix_us)
    {
      if (spell->open_ended)
        /* Translators: %s is a kind of weather ("Rain") that goes on longer than is known */
        return g_strdup_printf (_ ("%s, and no end in sight"), what);
      /* Translators: a kind of weather that is on, and when it ends: "Rain until 17:00" */
      return g_strdup_printf (_ ("%s until %s"), what, ends_today ? end : end_day);
    }
  if (!same_day (forecast, now_unix_us, spell->start_unix_us))
    /* Translators: "Rain tomorrow from 07:00" */
    return g_strdup_printf (_ ("%s tomorrow from %s"), what, start);
  if (!ends_today || spell->open_ended)
    /* Translators: "Rain from 22:00" */
    return g_strdup_printf (_ ("%s from %s"), what, start);
  /* Translators: "Rain 15:00 to 17:00" */
  return g_strdup_printf (_ ("%s %s to %s"), what, start, end);
}

/* What the screen shows of rain between two moments. */
typedef struct
{
  double chance_pct; /* the highest, 0 if none is shown */
  gboolean any;      /* a chance, an amount or a picture of rain is shown */
} Shown;

static void
add_shown (Shown *shown, double chance_pct, double mm, WeatherCondition condition)
{
  if (weather_shows_chance (chance_pct) && chance_pct > shown->chance_pct)
    shown->chance_pct = chance_pct;
  shown->any |= weather_shows_chance (chance_pct) || weather_shows_rain (mm) || weather_condition_is_wet (condition);
}

static Shown
find_shown (WeatherForecast *forecast, gint64 from_unix_us, gint64 until_unix_us)
{
  Shown shown = { 0, FALSE };
  guint n;
  const WeatherPoint *hours = weather_forecast_get_hourly (forecast, &n);
  const WeatherDay *days;

  for (guint i = 0; i < n; i++)
    if (hours[i].start_unix_us + HOUR_US > from_unix_us && hours[i].start_unix_us < until_unix_us)
      add_shown (&shown, hours[i].precipitation_chance_pct, hours[i].precipitation_mm, hours[i].condition);
  days = weather_forecast_get_daily (forecast, &n);
  for (guint i = 0; i < n; i++)
    if (days[i].end_unix_us > from_unix_us && days[i].start_unix_us < until_unix_us)
      add_shown (&shown, days[i].precipitation_chance_pct, days[i].precipitation_mm, days[i].condition);
  return shown;
}

static char *
say_until (const WeatherUnits *units, const Shown *shown, const char *weekday)
{
  g_autofree char *chance = weather_units_percent (units, shown->chance_pct);

  if (!shown->any)
    /* Translators: "Dry until Thursday" */
    return g_strdup_printf (_ ("Dry until %s"), weekday);
  if (shown->chance_pct == 0)
    /* Translators: some drops, but less than a millimetre a day: "Little rain until Thursday" */
    return g_strdup_printf (_ ("Little rain until %s"), weekday);
  if (shown->chance_pct < WEATHER_WET_CHANCE_PCT)
    /* Translators: a weekday and the highest chance until then: "Rain unlikely until Thursday (chance up to 30%)" */
    return g_strdup_printf (_ ("Rain unlikely until %s (chance up to %s)"), weekday, chance);
  /* Translators: a weekday and the highest chance until then: "Little rain until Thursday (chance up to 70%)" */
  return g_strdup_printf (_ ("Little rain until %s (chance up to %s)"), weekday, chance);
}

static char *
say_for_days (const WeatherUnits *units, const Shown *shown)
{
  g_autofree char *chance = weather_units_percent (units, shown->chance_pct);

  if (!shown->any)
    return g_strdup (_ ("Dry for the coming days"));
  if (shown->chance_pct == 0)
    return g_strdup (_ ("Little rain in the coming days"));
  if (shown->chance_pct < WEATHER_WET_CHANCE_PCT)
    /* Translators: %s is the highest chance: "Rain unlikely in the coming days (chance up to 30%)" */
    return g_strdup_printf (_ ("Rain unlikely in the coming days (chance up to %s)"), chance);
  return g_strdup_printf (_ ("Little rain in the coming days (chance up to %s)"), chance);
}

/* The first day with rain worth the word, after some without: "Dry until Thursday", if nothing below says otherwise. */
static char *
say_dry (WeatherForecast *forecast, const WeatherUnits *units, gint64 now_unix_us)
{
  const WeatherDay *days;
  guint n, ahead = 0;
  Shown shown;

  days = weather_forecast_get_daily (forecast, &n);
  for (guint i = 0; i < n; i++)
    {
      if (days[i].end_unix_us <= now_unix_us)
        continue;
      if (isnan (days[i].precipitation_mm))
        return NULL;
      if (days[i].precipitation_mm >= WEATHER_WET_DAY_MM)
        {
          g_autofree char *weekday = NULL;

          if (ahead < 2 || ahead > 6)
            return NULL;
          weekday = weather_units_weekday_full (weather_forecast_get_zone (forecast), days[i].start_unix_us);
          shown = find_shown (forecast, now_unix_us, days[i].start_unix_us);
          return say_until (units, &shown, weekday);
        }
      ahead++;
    }
  if (ahead < 5)
    return NULL;
  shown = find_shown (forecast, now_unix_us, G_MAXINT64);
  return say_for_days (units, &shown);
}

static char *
say_sky (WeatherForecast *forecast, gint64 now_unix_us)
{
  const WeatherDay *today = weather_forecast_find_day (forecast, now_unix_us);
  WeatherPoint point;

  if (weather_forecast_at (forecast, now_unix_us, &point) && point.condition != WEATHER_CONDITION_UNKNOWN)
    return g_strdup (weather_condition_text (point.condition, point.is_day != 0));
  if (today != NULL && today->condition != WEATHER_CONDITION_UNKNOWN)
    return g_strdup (weather_condition_text (today->condition, TRUE));
  return NULL;
}

static const WeatherDay *
day_beside (WeatherForecast *forecast, const WeatherDay *day, int step)
{
  return weather_forecast_find_day (forecast, step < 0 ? day->start_unix_us - 1 : day->end_unix_us);
}

/* Until the evening today beside yesterday, then tomorrow beside today. */
static char *
say_change (WeatherForecast *forecast, const WeatherUnits *units, gint64 now_unix_us)
{
  const WeatherDay *today = weather_forecast_find_day (forecast, now_unix_us);
  const WeatherDay *other;
  g_autofree char *step = NULL;
  gboolean evening;
  double difference;

  if (today == NULL)
    return NULL;
  evening = now_unix_us - today->start_unix_us >= EVENING_HOUR * HOUR_US;
  other = day_beside (forecast, today, evening ? 1 : -1);
  if (other == NULL)
    return NULL;
  difference = evening ? other->max_c - today->max_c : today->max_c - other->max_c;
  if (!(fabs (difference) >= NOTABLE_STEP_C))
    return NULL;
  step = weather_units_temperature_step (units, difference);
  if (evening)
    /* Translators: %s is a number of degrees: "tomorrow 4° warmer" */
    return g_strdup_printf (difference > 0 ? _ ("tomorrow %s warmer") : _ ("tomorrow %s colder"), step);
  /* Translators: %s is a number of degrees: "4° colder than yesterday" */
  return g_strdup_printf (difference > 0 ? _ ("%s warmer than yesterday") : _ ("%s colder than yesterday"), step);
}

static char *
say_storm (WeatherForecast *forecast, const WeatherUnits *units, gint64 now_unix_us)
{
  const WeatherPoint *hours;
  double most = 0;
  guint n;
  g_autofree char *speed = NULL;

  hours = weather_forecast_get_hourly (forecast, &n);
  for (guint i = 0; i < n; i++)
    if (hours[i].start_unix_us + HOUR_US > now_unix_us && hours[i].start_unix_us < now_unix_us + LOOK_AHEAD_US
        && hours[i].gust_mps > most)
      most = hours[i].gust_mps;
  if (most < STORM_GUST_MPS)
    return NULL;
  speed = weather_units_speed (units, most);
  /* Translators: %s is a speed: "gusts of 70 km/h" */
  return g_strdup_printf (_ ("gusts of %s"), speed);
}

static char *
join (char *first, char *second)
{
  char *joined;

  if (first == NULL || second == NULL)
    return first != NULL ? first : second;
  /* Translators: joins two halves of a sentence: "Rain 15:00 to 17:00, 4° colder than yesterday" */
  joined = g_strdup_printf (_ ("%s, %s"), first, second);
  g_free (first);
  g_free (second);
  return joined;
}

char *
weather_sentence (WeatherForecast *forecast, const WeatherUnits *units, gint64 now_unix_us)
{
  WeatherSpell spell;
  char *first = NULL, *second;

  g_return_val_if_fail (WEATHER_IS_FORECAST (forecast) && units != NULL, NULL);

  if (weather_find_spell (forecast, now_unix_us, now_unix_us + LOOK_AHEAD_US, &spell))
    first = say_spell (forecast, units, &spell, now_unix_us);
  if (first == NULL)
    first = say_dry (forecast, units, now_unix_us);
  if (first == NULL)
    first = say_sky (forecast, now_unix_us);
  if (first == NULL)
    return NULL;
  second = say_storm (forecast, units, now_unix_us);
  if (second == NULL)
    second = say_change (forecast, units, now_unix_us);
  return join (first, second);
}
