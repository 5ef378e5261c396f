/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-weather"

#include "weather-look.h"

#include <math.h>

/* Tables of colours and icons. */

typedef enum
{
  SKY_CLEAR,
  SKY_BROKEN,
  SKY_OVERCAST,
  SKY_FOG,
  SKY_RAIN,
  SKY_STORM,
  SKY_SNOW,
  N_SKIES,
} Sky;

/* Top and bottom as 0xRRGGBB, by night, twilight and day. */
static const guint32 skies[N_SKIES][WEATHER_N_HOURS][2] = {
  [SKY_CLEAR] = { { 0x0a1836, 0x24406f }, { 0x2c3d78, 0x9c5360 }, { 0x174f94, 0x2b74c0 } },
  [SKY_BROKEN] = { { 0x101b35, 0x2f4465 }, { 0x35416f, 0x87535f }, { 0x245689, 0x4a74a0 } },
  [SKY_OVERCAST] = { { 0x161e2d, 0x303b4e }, { 0x343d54, 0x5d5868 }, { 0x415369, 0x61738a } },
  [SKY_FOG] = { { 0x1e242d, 0x3a434e }, { 0x3d4452, 0x625e68 }, { 0x505c69, 0x69747f } },
  [SKY_RAIN] = { { 0x0f1828, 0x28374d }, { 0x273350, 0x4d4f68 }, { 0x2d4460, 0x4c657f } },
  [SKY_STORM] = { { 0x10121f, 0x2b2d47 }, { 0x252845, 0x45405e }, { 0x262f48, 0x474f6b } },
  [SKY_SNOW] = { { 0x1a2540, 0x3b4b68 }, { 0x38456a, 0x675f76 }, { 0x48607f, 0x617891 } },
};

static const guint8 sky_of[WEATHER_N_CONDITIONS] = {
  [WEATHER_CONDITION_UNKNOWN] = SKY_BROKEN,     [WEATHER_CONDITION_CLEAR] = SKY_CLEAR,
  [WEATHER_CONDITION_MOSTLY_CLEAR] = SKY_CLEAR, [WEATHER_CONDITION_PARTLY_CLOUDY] = SKY_BROKEN,
  [WEATHER_CONDITION_CLOUDY] = SKY_OVERCAST,    [WEATHER_CONDITION_FOG] = SKY_FOG,
  [WEATHER_CONDITION_DRIZZLE] = SKY_RAIN,       [WEATHER_CONDITION_RAIN] = SKY_RAIN,
  [WEATHER_CONDITION_HEAVY_RAIN] = SKY_STORM,   [WEATHER_CONDITION_SHOWERS] = SKY_RAIN,
  [WEATHER_CONDITION_SLEET] = SKY_SNOW,         [WEATHER_CONDITION_SNOW] = SKY_SNOW,
  [WEATHER_CONDITION_HEAVY_SNOW] = SKY_SNOW,    [WEATHER_CONDITION_SNOW_SHOWERS] = SKY_SNOW,
  [WEATHER_CONDITION_THUNDER] = SKY_STORM,      [WEATHER_CONDITION_HAIL] = SKY_STORM,
};

WeatherHour
weather_look_hour (double sun_elevation_deg)
{
  if (sun_elevation_deg < -7)
    return WEATHER_HOUR_NIGHT;
  return sun_elevation_deg < 4 ? WEATHER_HOUR_TWILIGHT : WEATHER_HOUR_DAY;
}

static void
from_rgb (guint32 rgb, float shade, WeatherColor *color)
{
  color->red = (float) (rgb >> 16 & 0xff) / 255 * shade;
  color->green = (float) (rgb >> 8 & 0xff) / 255 * shade;
  color->blue = (float) (rgb & 0xff) / 255 * shade;
}

void
weather_look_sky (WeatherCondition condition, WeatherHour hour, gboolean dark, WeatherColor *top, WeatherColor *bottom)
{
  const guint32 *pair;
  float shade = dark ? 0.72f : 1;

  g_return_if_fail ((guint) condition < WEATHER_N_CONDITIONS && (guint) hour < WEATHER_N_HOURS);

  pair = skies[sky_of[condition]][hour];
  from_rgb (pair[0], shade, top);
  from_rgb (pair[1], shade, bottom);
}

const char *
weather_look_icon (WeatherCondition condition, gboolean is_day)
{
  static const char *const names[WEATHER_N_CONDITIONS][2] = {
    [WEATHER_CONDITION_UNKNOWN] = { "cirrus-weather-unknown", NULL },
    [WEATHER_CONDITION_CLEAR] = { "cirrus-weather-clear-day", "cirrus-weather-clear-night" },
    [WEATHER_CONDITION_MOSTLY_CLEAR] = { "cirrus-weather-mostly-clear-day", "cirrus-weather-mostly-clear-night" },
    [WEATHER_CONDITION_PARTLY_CLOUDY] = { "cirrus-weather-partly-cloudy-day", "cirrus-weather-partly-cloudy-night" },
    [WEATHER_CONDITION_CLOUDY] = { "cirrus-weather-cloudy", NULL },
    [WEATHER_CONDITION_FOG] = { "cirrus-weather-fog", NULL },
    [WEATHER_CONDITION_DRIZZLE] = { "cirrus-weather-drizzle", NULL },
    [WEATHER_CONDITION_RAIN] = { "cirrus-weather-rain", NULL },
    [WEATHER_CONDITION_HEAVY_RAIN] = { "cirrus-weather-heavy-rain", NULL },
    [WEATHER_CONDITION_SHOWERS] = { "cirrus-weather-showers-day", "cirrus-weather-showers-night" },
    [WEATHER_CONDITION_SLEET] = { "cirrus-weather-sleet", NULL },
    [WEATHER_CONDITION_SNOW] = { "cirrus-weather-snow", NULL },
    [WEATHER_CONDITION_HEAVY_SNOW] = { "cirrus-weather-heavy-snow", NULL },
    [WEATHER_CONDITION_SNOW_SHOWERS] = { "cirrus-weather-snow-showers-day", "cirrus-weather-snow-showers-night" },
    [WEATHER_CONDITION_THUNDER] = { "cirrus-weather-thunder", NULL },
    [WEATHER_CONDITION_HAIL] = { "cirrus-weather-hail", NULL },
  };

  g_return_val_if_fail ((guint) condition < WEATHER_N_CONDITIONS, names[0][0]);

  return is_day || names[condition][1] == NULL ? names[condition][0] : names[condition][1];
}

void
weather_look_temperature (double celsius, WeatherColor *color)
{
  static const struct
  {
    double celsius;
    guint32 rgb;
  } stops[] = {
    { -20, 0xa48cff }, { -5, 0x78b4ff }, { 5, 0x62d4f0 }, { 14, 0x7fe0a8 }, { 21, 0xffe066 }, { 28, 0xffa94d }, { 36, 0xff6b5e },
  };
  guint last = G_N_ELEMENTS (stops) - 1;
  WeatherColor low, high;
  float part;
  guint i = 0;

  if (!(celsius > stops[0].celsius))
    {
      from_rgb (stops[0].rgb, 1, color);
      return;
    }
  while (i < last && celsius > stops[i + 1].celsius)
    i++;
  if (i == last)
    {
      from_rgb (stops[last].rgb, 1, color);
      return;
    }
  part = (float) ((celsius - stops[i].celsius) / (stops[i + 1].celsius - stops[i].celsius));
  from_rgb (stops[i].rgb, 1, &low);
  from_rgb (stops[i + 1].rgb, 1, &high);
  color->red = low.red + (high.red - low.red) * part;
  color->green = low.green + (high.green - low.green) * part;
  color->blue = low.blue + (high.blue - low.blue) * part;
}
