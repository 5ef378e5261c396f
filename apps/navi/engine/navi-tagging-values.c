/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-tagging.h"

#include <string.h>

/* What the values of tags mean that are quantities: speeds, durations, lengths, weights, slopes.  In whole numbers, so that they are the same
 * on each machine. */

enum
{
  MOST_WHOLE = 1000000, /* beyond that a number means nothing on a road */
};

/* A decimal number in thousandths, *end behind it; -1 if none stands there.  A comma is a point that somebody took for one. */
static gint64
read_milli (const char *text, const char **end)
{
  gint64 whole = 0, part = 0, unit = 100;
  const char *at = text;

  for (; g_ascii_isdigit (*at); at++)
    whole = MIN (whole * 10 + (*at - '0'), MOST_WHOLE);
  if (at == text)
    return -1;
  if ((*at == '.' || *at == ',') && g_ascii_isdigit (at[1]))
    for (at++; g_ascii_isdigit (*at); at++, unit /= 10)
      part += (*at - '0') * unit;
  *end = at;
  return whole * 1000 + part;
}

static const char *
skip_blanks (const char *at)
{
  while (*at == ' ')
    at++;
  return at;
}

/* ---- Speeds ---- */

typedef struct
{
  const char *country;
  guint8 urban, rural, trunk, motorway, living_street;
} CountrySpeeds;

enum
{
  NONE = NAVI_SPEED_NO_LIMIT_KMH,
};

/* Where nothing is known of a country, as in most of them. */
static const CountrySpeeds usual_speeds = { "", 50, 90, 100, 120, 10 };

/* Source: https://wiki.openstreetmap.org/wiki/Speed_limits, "Country code/category conversion table", and .../Default_speed_limits.  A
 * region ("BE-VLG") comes before its country. */
static const CountrySpeeds country_speeds[] = {
  { "AR", 40, 110, 120, 130, 20 },  { "AT", 50, 100, 100, 130, 5 },  { "AU", 50, 100, 110, 110, 10 },  { "BE-BRU", 30, 70, 90, 120, 20 },
  { "BE-VLG", 50, 70, 120, 120, 20 }, { "BE", 50, 90, 120, 120, 20 }, { "BG", 50, 90, 120, 140, 20 }, { "BY", 60, 90, 90, 110, 20 },
  { "CA", 50, 80, 100, 100, 10 },   { "CH", 50, 80, 100, 120, 20 },  { "CZ", 50, 90, 110, 130, 20 },   { "DE", 50, 100, 100, NONE, 7 },
  { "DK", 50, 80, 80, 130, 15 },    { "EE", 50, 90, 90, 110, 20 },   { "ES", 50, 90, 90, 120, 20 },    { "FI", 50, 80, 100, 120, 20 },
  { "FR", 50, 80, 110, 130, 20 },   { "GB", 48, 97, 113, 113, 10 },  { "GR", 50, 90, 110, 130, 20 },   { "HR", 50, 90, 110, 130, 10 },
  { "HU", 50, 90, 110, 130, 20 },   { "IE", 50, 80, 100, 120, 10 },  { "IL", 50, 80, 90, 110, 20 },    { "IT", 50, 90, 110, 130, 10 },
  { "JP", 60, 60, 60, 100, 10 },    { "LI", 50, 80, 80, 120, 20 },   { "LT", 50, 90, 120, 130, 20 },   { "LU", 50, 90, 90, 130, 20 },
  { "LV", 50, 90, 90, 90, 20 },     { "MD", 50, 90, 90, 110, 20 },   { "NL", 50, 80, 100, 130, 15 },   { "NO", 50, 80, 80, 110, 10 },
  { "NZ", 50, 100, 100, 100, 10 },  { "PH", 40, 80, 80, 100, 10 },   { "PL", 50, 90, 100, 140, 20 },   { "PT", 50, 90, 100, 120, 20 },
  { "RO", 50, 90, 100, 130, 20 },   { "RS", 50, 80, 100, 130, 10 },  { "RU", 60, 90, 90, 110, 20 },    { "SE", 50, 70, 70, 110, 7 },
  { "SI", 50, 90, 110, 130, 10 },   { "SK", 50, 90, 90, 130, 20 },   { "TR", 50, 90, 110, 120, 20 },   { "UA", 50, 90, 110, 130, 20 },
  { "UK", 48, 97, 113, 113, 10 },   { "UZ", 70, 100, 100, 100, 20 }, { "ZA", 60, 100, 120, 120, 10 },
};

static const CountrySpeeds *
find_country (const char *value)
{
  for (gsize i = 0; i < G_N_ELEMENTS (country_speeds); i++)
    {
      gsize length = strlen (country_speeds[i].country);
      if (g_ascii_strncasecmp (value, country_speeds[i].country, length) == 0 && (value[length] == ':' || value[length] == '-'))
        return &country_speeds[i];
    }
  return &usual_speeds;
}

/* "DE:urban", "urban", "GB:nsl_dual", "DE:zone:30", "FR:zone30", "DE:30": what a kind of place says. */
static guint
parse_implicit_kmh (const char *value)
{
  const CountrySpeeds *country = find_country (value);
  const char *kind = strrchr (value, ':'), *end;
  gint64 milli;

  kind = kind != NULL ? kind + 1 : value;
  if (strcmp (kind, "none") == 0 || strcmp (kind, "unlimited") == 0)
    return NONE;
  if (strcmp (kind, "walk") == 0)
    return 10;
  if (strcmp (kind, "living_street") == 0)
    return country->living_street;
  if (strcmp (kind, "urban") == 0 || strcmp (kind, "nsl_restricted") == 0)
    return country->urban;
  if (strcmp (kind, "rural") == 0 || strcmp (kind, "nsl_single") == 0)
    return country->rural;
  if (strcmp (kind, "trunk") == 0 || strcmp (kind, "nsl_dual") == 0 || strcmp (kind, "national") == 0)
    return country->trunk;
  if (strcmp (kind, "expressway") == 0)
    return strcmp (country->country, "PL") == 0 ? 120 : country->trunk;
  if (strcmp (kind, "motorway") == 0)
    return country->motorway;
  if (strcmp (kind, "bicycle_road") == 0)
    return 30;
  milli = read_milli (g_str_has_prefix (kind, "zone") ? kind + strlen ("zone") : kind, &end);
  return milli > 0 ? (guint) MIN (milli / 1000, 150) : 0;
}

guint
navi_tagging_parse_speed_kmh (const char *value)
{
  const char *end;
  gint64 number = read_milli (value, &end);

  if (number < 0)
    return parse_implicit_kmh (value);
  number = MIN (number / 1000, 1000);
  end = skip_blanks (end);
  if (g_str_has_prefix (end, "mph"))
    number = (number * 1609 + 500) / 1000;
  else if (g_str_has_prefix (end, "knots"))
    number = (number * 1852 + 500) / 1000;
  return (guint) MIN (number, 250);
}

/* ---- Durations ---- */

guint32
navi_tagging_parse_duration_s (const char *value)
{
  gint64 parts[3] = { 0 };
  guint n = 0;
  char *end;

  if (g_str_has_prefix (value, "PT"))
    {
      gint64 seconds = 0;
      for (value += 2; *value != '\0'; value = end + 1)
        {
          gint64 number = MIN (g_ascii_strtoll (value, &end, 10), 1000000);
          if (end == value || *end == '\0' || number < 0)
            return 0;
          seconds += number * (*end == 'H' ? 3600 : *end == 'M' ? 60 : 1);
        }
      return (guint32) MIN (seconds, 30 * 86400);
    }
  for (;;)
    {
      parts[n] = g_ascii_strtoll (value, &end, 10);
      if (end == value || parts[n] < 0 || parts[n] > 100000)
        return 0;
      n++;
      if (*end != ':' || n == 3)
        break;
      value = end + 1;
    }
  if (*end != '\0')
    return 0;
  if (n == 1)
    return (guint32) parts[0] * 60;
  return (guint32) (parts[0] * 3600 + parts[1] * 60 + parts[2]);
}

/* ---- Lengths and weights ---- */

/* TRUE if nothing but blanks follows. */
static gboolean
ends_with (const char *at, const char *unit)
{
  return g_str_has_prefix (at, unit) && *skip_blanks (at + strlen (unit)) == '\0';
}

/* "12'6\"", "12'": @feet_milli was read, @at stands behind the first sign. */
static guint32
read_inches (gint64 feet_milli, const char *at)
{
  gint64 inches_milli = 0;
  const char *end = skip_blanks (at);

  if (*end != '\0')
    {
      inches_milli = read_milli (end, &end);
      if (inches_milli < 0 || (!ends_with (end, "\"") && !ends_with (end, "''") && !ends_with (end, "in") && *end != '\0'))
        return 0;
    }
  return (guint32) ((feet_milli * 3048 + inches_milli * 254 + 5000) / 10000);
}

guint32
navi_tagging_parse_length_mm (const char *value)
{
  static const struct
  {
    const char *unit;
    guint32 tenths_mm;
  } units[] = { { "m", 10000 }, { "cm", 100 }, { "mm", 10 }, { "ft", 3048 }, { "feet", 3048 }, { "in", 254 }, { "km", 10000000 }, { "", 10000 } };
  const char *end;
  gint64 milli = read_milli (skip_blanks (value), &end);

  if (milli < 0)
    return 0;
  if (*end == '\'' && end[1] != '\'')
    return read_inches (milli, end + 1);
  if (ends_with (end, "\""))
    return (guint32) ((milli * 254 + 5000) / 10000);
  end = skip_blanks (end);
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (ends_with (end, units[i].unit))
      return (guint32) MIN ((milli * units[i].tenths_mm + 5000) / 10000, G_MAXINT32);
  return 0;
}

guint32
navi_tagging_parse_weight_kg (const char *value)
{
  static const struct
  {
    const char *unit;
    guint32 grams;
  } units[] = { { "t", 1000000 }, { "kg", 1000 },      { "lbs", 454 },   { "lb", 454 },
                { "st", 907185 }, { "lt", 1016047 },   { "cwt", 50802 }, { "", 1000000 } };
  const char *end;
  gint64 milli = read_milli (skip_blanks (value), &end);

  if (milli < 0)
    return 0;
  end = skip_blanks (end);
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (ends_with (end, units[i].unit))
      {
        /* A pound is 453.59237 g. */
        if (units[i].grams == 454)
          return (guint32) MIN ((milli * 45359237 / 100000 + 500000) / 1000000, G_MAXINT32);
        return (guint32) MIN ((milli * units[i].grams + 500000) / 1000000, G_MAXINT32);
      }
  return 0;
}

const char *
navi_size_to_string (NaviSize size)
{
  static const char *const names[NAVI_N_SIZES] = { "height", "width", "length", "weight", "axleload" };

  g_return_val_if_fail (size < NAVI_N_SIZES, NULL);
  return names[size];
}

guint32
navi_tagging_parse_size (NaviSize size, const char *value)
{
  return size < NAVI_SIZE_WEIGHT ? navi_tagging_parse_length_mm (value) : navi_tagging_parse_weight_kg (value);
}

/* ---- Slopes ---- */

/* Hundred times the tangent of whole degrees. */
static const guint8 percent_of_degree[] = { 0, 2, 3, 5, 7, 9, 11, 12, 14, 16, 18, 19, 21, 23, 25, 27, 29, 31, 32, 34, 36, 38, 40, 42, 45, 47 };

gint
navi_tagging_parse_incline_percent (const char *value)
{
  gboolean is_down = *value == '-';
  const char *end;
  gint64 milli;

  if (strcmp (value, "up") == 0)
    return NAVI_INCLINE_UNKNOWN_PERCENT;
  if (strcmp (value, "down") == 0)
    return -NAVI_INCLINE_UNKNOWN_PERCENT;
  milli = read_milli (value + (*value == '-' || *value == '+' ? 1 : 0), &end);
  if (milli < 0)
    return 0;
  if (g_str_has_prefix (end, "°"))
    milli = percent_of_degree[MIN (milli / 1000, (gint64) G_N_ELEMENTS (percent_of_degree) - 1)] * 1000;
  else if (strcmp (skip_blanks (end), "%") != 0)
    return 0;
  milli = MIN (milli, 45000);
  return (gint) (is_down ? -milli / 1000 : milli / 1000);
}
