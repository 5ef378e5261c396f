/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-map-icons.h"

/* Own glyphs on a grid of 16, as paths in the letters of SVG (absolute M L H V Q Z), and the badges around them. */

typedef enum
{
  HUE_TRANSPORT,
  HUE_HEALTH,
  HUE_SERVICE,
  HUE_FOOD,
  HUE_SHOP,
  HUE_LEISURE,
  HUE_CULTURE,
  N_HUES,
} Hue;

static const guint32 day_hues[N_HUES] = { 0x3b78c9, 0xd34f4a, 0x5a6b84, 0xd57a1f, 0x9a57ad, 0x3f8f47, 0x8c6743 };
static const guint32 night_hues[N_HUES] = { 0x5b93dc, 0xe0736f, 0x8292ab, 0xdf9647, 0xb57bc6, 0x62aa69, 0xb08a64 };

static const struct
{
  const char *glyph;
  Hue hue;
} icons[] = {
#define ICON(name) [NAVI_MAP_POI_##name - NAVI_MAP_POI_FIRST]
  ICON (STATION) = { "M5 2.5 H11 L12.2 4 V10.5 L11 12 H5 L3.8 10.5 V4 Z M5.3 4.5 V7.5 H10.7 V4.5 Z M4.6 14 L5.8 12.5 H10.2 L11.4 14 Z",
                     HUE_TRANSPORT },
  ICON (BUS) = { "M4 3 H12 V12 H11.2 V13.6 H9.6 V12 H6.4 V13.6 H4.8 V12 H4 Z M5.2 4.5 V8 H10.8 V4.5 Z", HUE_TRANSPORT },
  ICON (FERRY) = { "M2.5 9.5 H13.5 L11.5 13.5 H4.5 Z M5 8.5 V5.5 H11 V8.5 Z M7.2 5 V2.5 H8.8 V5 Z", HUE_TRANSPORT },
  ICON (AIRPORT) = { "M8 1.8 L9 3 V6.3 L14 9.5 V11 L9 9.3 V12.3 L10.5 13.4 V14.4 L8 13.7 L5.5 14.4 V13.4 L7 12.3 V9.3 L2 11 V9.5 L7 "
                     "6.3 V3 Z",
                     HUE_TRANSPORT },
  ICON (HOSPITAL) = { "M6.3 3 H9.7 V6.3 H13 V9.7 H9.7 V13 H6.3 V9.7 H3 V6.3 H6.3 Z", HUE_HEALTH },
  ICON (PHARMACY) = { "M6.8 2.6 H9.2 V5.4 H12 V7.8 H9.2 V10.6 H6.8 V7.8 H4 V5.4 H6.8 Z M4 12 H12 V13.4 H4 Z", HUE_HEALTH },
  ICON (DOCTOR) = { "M7 3 H9 V7 H13 V9 H9 V13 H7 V9 H3 V7 H7 Z", HUE_HEALTH },
  ICON (POLICE) = { "M8 2 L13 4 V8 Q13 12 8 14.2 Q3 12 3 8 V4 Z M8 5 L6.9 7.2 L4.8 7.5 L6.4 9 L6 11.2 L8 10.1 L10 11.2 L9.6 9 L11.2 "
                    "7.5 L9.1 7.2 Z",
                    HUE_SERVICE },
  ICON (FIRE) = { "M8 1.8 Q12.5 5.5 12.3 9.6 Q12 13.8 8 14.2 Q4 13.8 3.7 9.6 Q3.8 7 5.6 5.6 Q5.8 7.4 7 7.8 Q6.6 4.2 8 1.8 Z",
                  HUE_SERVICE },
  ICON (TOWNHALL) = { "M8 2 L14 5.5 V6.8 H2 V5.5 Z M3.2 7.8 H5 V12 H3.2 Z M7.1 7.8 H8.9 V12 H7.1 Z M11 7.8 H12.8 V12 H11 Z M2 13 H14 "
                      "V14.2 H2 Z",
                      HUE_SERVICE },
  ICON (POST) = { "M2.5 4.2 H13.5 V5.2 L8 9 L2.5 5.2 Z M2.5 6.8 L8 10.5 L13.5 6.8 V12 H2.5 Z", HUE_SERVICE },
  ICON (BANK) = { "M8 2.3 Q13.7 2.3 13.7 8 Q13.7 13.7 8 13.7 Q2.3 13.7 2.3 8 Q2.3 2.3 8 2.3 Z M6 4.8 V6 H7.3 V11.2 H8.7 V6 H10 V4.8 Z",
                  HUE_SERVICE },
  ICON (FUEL) = { "M3.5 2.8 H9.5 V13.2 H3.5 Z M4.7 4.2 V7 H8.3 V4.2 Z M10.2 6.5 H11.2 V11.2 H12 V6 L10.6 4.4 L11.3 3.6 L13 5.6 V12.4 "
                  "H10.2 Z",
                  HUE_TRANSPORT },
  ICON (CHARGING) = { "M9 1.8 L4 9 H7.4 L6.6 14.2 L12 6.6 H8.6 Z", HUE_TRANSPORT },
  ICON (PARKING) = { "M5 3 H9 Q12 3 12 6.2 Q12 9.4 9 9.4 H7 V13 H5 Z M7 5 V7.5 H8.8 Q10 7.5 10 6.2 Q10 5 8.8 5 Z", HUE_TRANSPORT },
  ICON (RESTAURANT) = { "M4 2.5 H5 V6 H5.6 V2.5 H6.6 V6 H7.2 V2.5 H8.2 V6.5 Q8.2 8 6.8 8.3 V13.5 H5.4 V8.3 Q4 8 4 6.5 Z M10 2.5 Q12.2 "
                        "3.5 12.2 7.5 V9 H11.3 V13.5 H10 Z",
                        HUE_FOOD },
  ICON (CAFE) = { "M3 5 H11 V6 H12.2 Q14 6 14 7.8 Q14 9.8 12 9.8 H10.9 Q10.4 11.5 8.8 11.5 H5.2 Q3 11.5 3 9 Z M11 7.2 V8.6 H12 Q12.8 "
                  "8.6 12.8 7.8 Q12.8 7.2 12.2 7.2 Z M3 12.4 H11 V13.4 H3 Z",
                  HUE_FOOD },
  ICON (BAR) = { "M3 3 H13 L8.8 8.3 V12.4 H11 V13.5 H5 V12.4 H7.2 V8.3 Z", HUE_FOOD },
  ICON (HOTEL) = { "M2 4 H3.3 V9 H7 V6 H11.5 Q14 6 14 8.5 V12.5 H12.7 V10.7 H3.3 V12.5 H2 Z M5.2 5.8 Q6.5 5.8 6.5 7.1 Q6.5 8.4 5.2 8.4 "
                   "Q3.9 8.4 3.9 7.1 Q3.9 5.8 5.2 5.8 Z",
                   HUE_SHOP },
  ICON (CAMPING) = { "M8 3 L14 13 H10 L8 9.2 L6 13 H2 Z", HUE_LEISURE },
  ICON (SUPERMARKET) = { "M2 3 H4.2 L4.8 5 H13.5 L12.2 9.8 H5.8 L6 10.8 H12 V12 H5 L3.3 4.2 H2 Z M6.2 12.5 H7.6 V13.9 H6.2 Z M10.4 12.5 "
                         "H11.8 V13.9 H10.4 Z",
                         HUE_SHOP },
  ICON (SHOP) = { "M4 5.5 H12 L12.8 13.5 H3.2 Z M5.8 5 Q5.8 2.3 8 2.3 Q10.2 2.3 10.2 5 H9.1 Q9.1 3.4 8 3.4 Q6.9 3.4 6.9 5 Z", HUE_SHOP },
  ICON (SCHOOL) = { "M8 3 L15 6.3 L8 9.6 L1 6.3 Z M4 8.8 L8 10.7 L12 8.8 V11.3 Q10 13 8 13 Q6 13 4 11.3 Z", HUE_CULTURE },
  ICON (LIBRARY) = { "M2.5 3.8 Q5.5 3 7.5 4.3 V12.8 Q5.5 11.5 2.5 12.2 Z M13.5 3.8 Q10.5 3 8.5 4.3 V12.8 Q10.5 11.5 13.5 12.2 Z",
                     HUE_CULTURE },
  ICON (MUSEUM) = { "M8 2.2 L13.8 5 V6.2 H2.2 V5 Z M3 7.2 H4.6 V12 H3 Z M5.8 7.2 H7.4 V12 H5.8 Z M8.6 7.2 H10.2 V12 H8.6 Z M11.4 7.2 "
                    "H13 V12 H11.4 Z M2.2 12.8 H13.8 V14 H2.2 Z",
                    HUE_CULTURE },
  ICON (THEATRE) = { "M3 3.5 Q8 5 13 3.5 V8 Q13 13 8 14 Q3 13 3 8 Z M5 6.4 H7 V7.4 H5 Z M9 6.4 H11 V7.4 H9 Z M5.5 9.3 H10.5 Q10 11.5 8 "
                     "11.5 Q6 11.5 5.5 9.3 Z",
                     HUE_CULTURE },
  ICON (ATTRACTION) = { "M8 2 L9.8 6 L14 6.4 L10.8 9.2 L11.8 13.5 L8 11.2 L4.2 13.5 L5.2 9.2 L2 6.4 L6.2 6 Z", HUE_CULTURE },
  ICON (VIEWPOINT) = { "M1.8 8 Q8 1.8 14.2 8 Q8 14.2 1.8 8 Z M8 5.6 Q10.4 5.6 10.4 8 Q10.4 10.4 8 10.4 Q5.6 10.4 5.6 8 Q5.6 5.6 8 5.6 Z",
                       HUE_LEISURE },
  ICON (MONUMENT) = { "M7 2.5 H9 L10 11 H6 Z M4 12 H12 V13.8 H4 Z", HUE_CULTURE },
  ICON (CASTLE) = { "M3 3 H5 V4.5 H7 V3 H9 V4.5 H11 V3 H13 V13 H9.3 V10.5 Q9.3 9.2 8 9.2 Q6.7 9.2 6.7 10.5 V13 H3 Z", HUE_CULTURE },
  ICON (WORSHIP) = { "M8 1.8 L11 5.4 V7 L13.4 8.6 V13.6 H9.4 V10.6 H6.6 V13.6 H2.6 V8.6 L5 7 V5.4 Z", HUE_CULTURE },
  ICON (SPORT) = { "M8 2.5 Q13.5 2.5 13.5 8 Q13.5 13.5 8 13.5 Q2.5 13.5 2.5 8 Q2.5 2.5 8 2.5 Z M8 5.4 L5.6 7.2 L6.5 10 H9.5 L10.4 7.2 Z",
                   HUE_LEISURE },
  ICON (SWIMMING) = { "M2 9.5 Q4 8 6 9.5 Q8 11 10 9.5 Q12 8 14 9.5 V11.4 Q12 9.9 10 11.4 Q8 12.9 6 11.4 Q4 9.9 2 11.4 Z M4.6 3.6 H8.5 L11 "
                      "7.5 L9.6 8.4 L8 7.2 L6 8.4 L4.5 7.8 L6.8 5.1 H4.6 Z",
                      HUE_LEISURE },
  ICON (PLAYGROUND) = { "M3 13 V4 H4.2 V6 H11.8 V4 H13 V13 H11.8 V7.2 H9.6 V11 H6.4 V7.2 H4.2 V13 Z", HUE_LEISURE },
  ICON (TOILETS) = { "M4.5 2.5 H6.5 V4.5 H4.5 Z M4 5 H7 V9.5 H6.3 V13.5 H4.7 V9.5 H4 Z M9.5 2.5 H11.5 V4.5 H9.5 Z M9.8 5 H11.2 L12.6 10 "
                     "H11.4 V13.5 H9.6 V10 H8.4 Z",
                     HUE_SERVICE },
  ICON (INFORMATION) = { "M7 2.5 H9 V4.5 H7 Z M5.8 6 H9 V11.8 H10.2 V13.3 H5.8 V11.8 H7 V7.5 H5.8 Z", HUE_SERVICE },
#undef ICON
};

G_STATIC_ASSERT (G_N_ELEMENTS (icons) == NAVI_MAP_POI_LAST - NAVI_MAP_POI_FIRST + 1);

static double
next_number (const char **at)
{
  char *end;
  double value = g_ascii_strtod (*at, &end);

  *at = end;
  return value;
}

/* Q is a quadratic curve; cairo knows cubic ones. */
static void
quadratic_to (cairo_t *cr, double cx, double cy, double x, double y)
{
  double x0, y0;

  cairo_get_current_point (cr, &x0, &y0);
  cairo_curve_to (cr, x0 + 2.0 / 3 * (cx - x0), y0 + 2.0 / 3 * (cy - y0), x + 2.0 / 3 * (cx - x), y + 2.0 / 3 * (cy - y), x, y);
}

static void
add_glyph (cairo_t *cr, const char *at)
{
  while (*at != '\0')
    {
      char letter = *at++;
      double x, y, a, b;

      cairo_get_current_point (cr, &x, &y);
      switch (letter)
        {
        case 'M':
          x = next_number (&at);
          cairo_move_to (cr, x, next_number (&at));
          break;
        case 'L':
          x = next_number (&at);
          cairo_line_to (cr, x, next_number (&at));
          break;
        case 'H':
          cairo_line_to (cr, next_number (&at), y);
          break;
        case 'V':
          cairo_line_to (cr, x, next_number (&at));
          break;
        case 'Q':
          a = next_number (&at);
          b = next_number (&at);
          x = next_number (&at);
          quadratic_to (cr, a, b, x, next_number (&at));
          break;
        case 'Z':
          cairo_close_path (cr);
          break;
        default:
          break;
        }
    }
}

guint32
navi_map_icon_color (int kind, gboolean dark)
{
  g_return_val_if_fail (navi_map_kind_is_poi (kind), 0);
  return (dark ? night_hues : day_hues)[icons[kind - NAVI_MAP_POI_FIRST].hue];
}

void
navi_map_icon_draw (cairo_t *cr, int kind, gboolean dark)
{
  guint32 color;

  g_return_if_fail (navi_map_kind_is_poi (kind));

  color = (dark ? night_hues : day_hues)[icons[kind - NAVI_MAP_POI_FIRST].hue];
  cairo_save (cr);
  cairo_new_path (cr);
  cairo_arc (cr, 0, 0, NAVI_MAP_ICON_SIZE / 2.0, 0, 2 * G_PI);
  if (dark)
    cairo_set_source_rgb (cr, 0x14 / 255.0, 0x17 / 255.0, 0x1c / 255.0);
  else
    cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_fill (cr);
  cairo_arc (cr, 0, 0, NAVI_MAP_ICON_SIZE / 2.0 - 1.2, 0, 2 * G_PI);
  cairo_set_source_rgb (cr, (color >> 16 & 0xff) / 255.0, (color >> 8 & 0xff) / 255.0, (color & 0xff) / 255.0);
  cairo_fill (cr);
  cairo_scale (cr, 0.78, 0.78);
  cairo_translate (cr, -8, -8);
  add_glyph (cr, icons[kind - NAVI_MAP_POI_FIRST].glyph);
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
  if (dark)
    cairo_set_source_rgb (cr, 0x14 / 255.0, 0x17 / 255.0, 0x1c / 255.0);
  else
    cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_fill (cr);
  cairo_restore (cr);
}
