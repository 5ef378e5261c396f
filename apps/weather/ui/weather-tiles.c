/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-weather"

#include "weather-tiles.h"

#include "weather-sun-arc.h"
#include "weather-sun.h"

#include <glib/gi18n.h>

#include <math.h>

/* A grid of captions, figures and a line of what they mean. */

typedef enum
{
  TILE_WIND,
  TILE_RAIN,
  TILE_UV,
  TILE_HUMIDITY,
  TILE_PRESSURE,
  TILE_VISIBILITY,
  N_TILES,
} Tile;

typedef struct
{
  GtkWidget *box;
  GtkLabel *value;
  GtkLabel *note;
} TileWidgets;

struct _WeatherTiles
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkWidget *flow;
  TileWidgets tiles[N_TILES];
  WeatherSunArc *arc;
  GtkLabel *rise;
  GtkLabel *set;
};

G_DEFINE_FINAL_TYPE (WeatherTiles, weather_tiles, GTK_TYPE_WIDGET)

static GtkWidget *
create_caption (const char *icon_name, const char *title)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *image = gtk_image_new_from_icon_name (icon_name);
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_add_css_class (box, "weather-caption");
  return box;
}

static void
create_tile (WeatherTiles *self, Tile tile, const char *icon_name, const char *title)
{
  TileWidgets *widgets = &self->tiles[tile];
  GtkWidget *child = gtk_flow_box_child_new ();

  widgets->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  widgets->value = GTK_LABEL (gtk_label_new (NULL));
  widgets->note = GTK_LABEL (gtk_label_new (NULL));
  gtk_box_append (GTK_BOX (widgets->box), create_caption (icon_name, title));
  gtk_label_set_xalign (widgets->value, 0);
  gtk_label_set_xalign (widgets->note, 0);
  gtk_label_set_wrap (widgets->note, TRUE);
  gtk_label_set_width_chars (widgets->note, 12);
  gtk_label_set_max_width_chars (widgets->note, 24);
  gtk_widget_add_css_class (GTK_WIDGET (widgets->value), "weather-figure");
  gtk_widget_add_css_class (GTK_WIDGET (widgets->note), "weather-quiet");
  gtk_box_append (GTK_BOX (widgets->box), GTK_WIDGET (widgets->value));
  gtk_box_append (GTK_BOX (widgets->box), GTK_WIDGET (widgets->note));
  gtk_widget_add_css_class (widgets->box, "weather-card");
  gtk_widget_add_css_class (widgets->box, "weather-tile");
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), widgets->box);
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_append (GTK_FLOW_BOX (self->flow), child);
}

/* As wide as all tiles: the way of the sun. */
static GtkWidget *
create_sun (WeatherTiles *self)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *labels = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->arc = WEATHER_SUN_ARC (weather_sun_arc_new ());
  self->rise = GTK_LABEL (gtk_label_new (NULL));
  self->set = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->rise, 0);
  gtk_label_set_xalign (self->set, 1);
  gtk_widget_set_hexpand (GTK_WIDGET (self->rise), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->rise), "weather-sun-time");
  gtk_widget_add_css_class (GTK_WIDGET (self->set), "weather-sun-time");
  gtk_box_append (GTK_BOX (labels), GTK_WIDGET (self->rise));
  gtk_box_append (GTK_BOX (labels), GTK_WIDGET (self->set));
  gtk_box_append (GTK_BOX (card), create_caption ("cirrus-weather-sunrise-symbolic", _ ("Sun")));
  gtk_box_append (GTK_BOX (card), GTK_WIDGET (self->arc));
  gtk_box_append (GTK_BOX (card), labels);
  gtk_widget_add_css_class (card, "weather-card");
  return card;
}

static void
weather_tiles_dispose (GObject *object)
{
  WeatherTiles *self = WEATHER_TILES (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (weather_tiles_parent_class)->dispose (object);
}

static void
weather_tiles_class_init (WeatherTilesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = weather_tiles_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
weather_tiles_init (WeatherTiles *self)
{
  self->flow = gtk_flow_box_new ();
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (self->flow), TRUE);
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (self->flow), 2);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->flow), 3);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (self->flow), 12);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->flow), 12);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_box_append (GTK_BOX (self->box), create_sun (self));
  gtk_box_append (GTK_BOX (self->box), self->flow);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  create_tile (self, TILE_WIND, "cirrus-weather-breeze-symbolic", _ ("Wind"));
  create_tile (self, TILE_RAIN, "cirrus-weather-umbrella-symbolic", _ ("Rain today"));
  create_tile (self, TILE_UV, "cirrus-weather-uv-symbolic", _ ("UV index"));
  create_tile (self, TILE_HUMIDITY, "cirrus-weather-drop-symbolic", _ ("Humidity"));
  create_tile (self, TILE_PRESSURE, "cirrus-weather-gauge-symbolic", _ ("Pressure"));
  create_tile (self, TILE_VISIBILITY, "cirrus-weather-eye-symbolic", _ ("Visibility"));
}

GtkWidget *
weather_tiles_new (void)
{
  return g_object_new (WEATHER_TYPE_TILES, NULL);
}

static void
set_tile (WeatherTiles *self, Tile tile, gboolean known, const char *value, const char *note)
{
  gtk_label_set_text (self->tiles[tile].value, value);
  gtk_label_set_text (self->tiles[tile].note, note);
  gtk_widget_set_visible (gtk_widget_get_parent (self->tiles[tile].box), known);
}

static void
set_sun (WeatherTiles *self, WeatherPlace *place, GTimeZone *zone, const WeatherUnits *units, gint64 now)
{
  double latitude = weather_place_get_latitude_deg (place), longitude = weather_place_get_longitude_deg (place);
  g_autofree char *rise = NULL, *set = NULL, *rise_text = NULL, *set_text = NULL;
  WeatherDay today;
  WeatherSunDay sun;

  weather_day_at (zone, now, &today);
  weather_sun_day (latitude, longitude, today.start_unix_us, today.end_unix_us, &sun);
  weather_sun_arc_set (self->arc, latitude, longitude, today.start_unix_us, today.end_unix_us, now);
  if (sun.kind != WEATHER_SUN_RISES_AND_SETS)
    {
      gtk_label_set_text (self->rise, sun.kind == WEATHER_SUN_ALWAYS_UP ? _ ("The sun does not set today")
                                                                        : _ ("The sun does not rise today"));
      gtk_label_set_text (self->set, "");
      return;
    }
  rise = sun.rise_unix_us != 0 ? weather_units_clock (units, zone, sun.rise_unix_us) : g_strdup ("–");
  set = sun.set_unix_us != 0 ? weather_units_clock (units, zone, sun.set_unix_us) : g_strdup ("–");
  /* Translators: %s is a time of day */
  rise_text = g_strdup_printf (_ ("Rises %s"), rise);
  set_text = g_strdup_printf (_ ("Sets %s"), set);
  gtk_label_set_text (self->rise, rise_text);
  gtk_label_set_text (self->set, set_text);
}

static void
set_wind (WeatherTiles *self, const WeatherPoint *now, const WeatherUnits *units)
{
  g_autofree char *speed = weather_units_speed (units, now->wind_mps);
  g_autofree char *gust = weather_units_speed (units, now->gust_mps);
  g_autofree char *note = NULL;
  const char *from = weather_wind_from_text (now->wind_from_deg);

  if (isnan (now->gust_mps))
    /* Translators: %s is where the wind comes from: "from the north-west" */
    note = g_strdup_printf (_ ("from the %s"), from);
  else
    /* Translators: where the wind comes from, and the speed of its gusts */
    note = g_strdup_printf (_ ("from the %s, gusts %s"), from, gust);
  set_tile (self, TILE_WIND, !isnan (now->wind_mps), speed, note);
}

static void
set_rain (WeatherTiles *self, const WeatherDay *today, const WeatherUnits *units)
{
  double mm = today != NULL ? today->precipitation_mm : NAN;
  double chance_pct = today != NULL ? today->precipitation_chance_pct : NAN;
  g_autofree char *amount = weather_units_rain (units, mm);
  g_autofree char *chance = weather_units_percent (units, chance_pct);
  g_autofree char *note = isnan (chance_pct) ? g_strdup ("") : g_strdup_printf (_ ("Chance %s"), chance);
  gboolean dry = !weather_shows_rain (mm) && !weather_shows_chance (chance_pct) && !isnan (chance_pct);

  set_tile (self, TILE_RAIN, !isnan (mm), amount, dry ? _ ("None expected") : note);
}

static void
set_uv (WeatherTiles *self, const WeatherPoint *now, const WeatherDay *today)
{
  double most = today != NULL ? today->uv_max : NAN;
  g_autofree char *value = isnan (now->uv_index) ? g_strdup ("") : g_strdup_printf ("%.0f", now->uv_index);
  /* Translators: how strong the sun burns, and the day's highest UV index: "Moderate, up to 5 today" */
  g_autofree char *note = isnan (most) ? g_strdup (weather_uv_text (now->uv_index))
                                       : g_strdup_printf (_ ("%s, up to %.0f today"), weather_uv_text (now->uv_index), most);

  set_tile (self, TILE_UV, !isnan (now->uv_index), value, note);
}

static void
set_air (WeatherTiles *self, const WeatherPoint *now, const WeatherUnits *units)
{
  g_autofree char *humidity = weather_units_percent (units, now->humidity_pct);
  g_autofree char *dew = weather_units_temperature (units, now->dew_point_c);
  g_autofree char *dew_note = isnan (now->dew_point_c) ? g_strdup ("") : g_strdup_printf (_ ("Dew point %s"), dew);
  g_autofree char *pressure = weather_units_pressure (units, now->pressure_hpa);
  g_autofree char *visibility = weather_units_distance (units, now->visibility_m);

  set_tile (self, TILE_HUMIDITY, !isnan (now->humidity_pct), humidity, dew_note);
  set_tile (self, TILE_PRESSURE, !isnan (now->pressure_hpa), pressure,
            now->pressure_hpa >= 1020  ? _ ("High")
            : now->pressure_hpa < 1005 ? _ ("Low")
                                       : _ ("Normal"));
  set_tile (self, TILE_VISIBILITY, !isnan (now->visibility_m), visibility,
            now->visibility_m >= 10000  ? _ ("Clear view")
            : now->visibility_m >= 4000 ? _ ("Haze")
                                        : _ ("Poor view"));
}

void
weather_tiles_set (WeatherTiles *self, WeatherPlace *place, WeatherForecast *forecast, const WeatherUnits *units,
                   gint64 now_unix_us)
{
  g_autoptr (GTimeZone) zone = NULL;
  const WeatherDay *today = NULL;
  WeatherPoint now;

  g_return_if_fail (WEATHER_IS_TILES (self) && WEATHER_IS_PLACE (place));

  zone = forecast != NULL ? g_time_zone_ref (weather_forecast_get_zone (forecast)) : weather_place_dup_zone (place, 0);
  weather_point_init (&now);
  if (forecast != NULL)
    {
      if (!weather_forecast_at (forecast, now_unix_us, &now))
        weather_point_init (&now);
      today = weather_forecast_find_day (forecast, now_unix_us);
    }
  set_sun (self, place, zone, units, now_unix_us);
  set_wind (self, &now, units);
  set_rain (self, today, units);
  set_uv (self, &now, today);
  set_air (self, &now, units);
}
