/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-weather"

#include "weather-place-row.h"

#include "cirrus-common.h"
#include "weather-look.h"
#include "weather-sky.h"
#include "weather-sun.h"

#include "cloud-time.h"

#include <glib/gi18n.h>

#include <math.h>

/* A card of the list of places. */

#define RANGE_CHARS 9 /* of a font's average, for "−12° / −16°": all alike wide, so that the pictures beside them form a column */
#define OLD_US (G_GINT64_CONSTANT (3) * 3600 * G_USEC_PER_SEC)

struct _WeatherPlaceRow
{
  GtkListBoxRow parent_instance;

  WeatherEntry *entry;
  GSettings *settings;
  WeatherSky *sky;
  GtkLabel *name;
  GtkLabel *note;
  GtkImage *icon;
  GtkLabel *temperature;
  GtkLabel *range;
  GtkWidget *figures;
  GtkWidget *buttons;
};

enum
{
  REMOVE,
  MOVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WeatherPlaceRow, weather_place_row, GTK_TYPE_LIST_BOX_ROW)

static char *
note_text (WeatherPlaceRow *self, WeatherForecast *forecast, const WeatherPoint *now, const WeatherUnits *units, gboolean is_day,
           gint64 at)
{
  gint64 fetched = forecast != NULL ? weather_forecast_get_fetched_unix_us (forecast) : 0;
  g_autofree char *age = NULL;

  if (forecast == NULL)
    return g_strdup (weather_entry_get_failure (self->entry) >= 0 ? _ ("The forecast comes with the network")
                                                                  : _ ("No forecast yet"));
  if (weather_entry_get_failure (self->entry) < 0 && at - fetched < OLD_US)
    return g_strdup (weather_condition_text (now->condition, is_day));
  age = cirrus_format_age (fetched, at);
  /* Translators: what the weather is, and how old the data are: "Rain · fetched 5 hours ago" */
  return g_strdup_printf (_ ("%s · fetched %s"), weather_condition_text (now->condition, is_day), age);
}

static void
set_figures (WeatherPlaceRow *self, WeatherForecast *forecast, const WeatherPoint *now, const WeatherUnits *units, gint64 at)
{
  const WeatherDay *today = forecast != NULL ? weather_forecast_find_day (forecast, at) : NULL;
  g_autofree char *temperature = weather_units_temperature (units, now->temperature_c);
  g_autofree char *high = weather_units_temperature (units, today != NULL ? today->max_c : NAN);
  g_autofree char *low = weather_units_temperature (units, today != NULL ? today->min_c : NAN);
  g_autofree char *range = today != NULL ? g_strdup_printf ("%s / %s", high, low) : g_strdup ("");

  gtk_label_set_text (self->temperature, temperature);
  gtk_label_set_text (self->range, range);
}

void
weather_place_row_update (WeatherPlaceRow *self)
{
  WeatherPlace *place;
  WeatherForecast *forecast;
  gint64 at = cloud_time_now_unix_us ();
  WeatherUnits units;
  WeatherPoint now;
  double elevation;
  g_autofree char *note = NULL;
  g_autofree char *spoken = NULL;

  g_return_if_fail (WEATHER_IS_PLACE_ROW (self));

  place = weather_entry_get_place (self->entry);
  forecast = weather_entry_get_forecast (self->entry);
  elevation = weather_sun_elevation_deg (weather_place_get_latitude_deg (place), weather_place_get_longitude_deg (place), at);
  if (forecast == NULL || !weather_forecast_at (forecast, at, &now))
    weather_point_init (&now);
  weather_units_from_settings (&units, self->settings);
  weather_sky_set (self->sky, now.condition, elevation);
  gtk_label_set_text (self->name, weather_place_get_name (place));
  note = note_text (self, forecast, &now, &units, elevation > -0.833, at);
  gtk_label_set_text (self->note, note);
  gtk_image_set_from_icon_name (self->icon, weather_look_icon (now.condition, elevation > -0.833));
  set_figures (self, forecast, &now, &units, at);
  spoken = g_strdup_printf ("%s, %s, %s", weather_place_get_name (place), gtk_label_get_text (self->temperature), note);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
on_up (WeatherPlaceRow *self)
{
  g_signal_emit (self, signals[MOVE], 0, -1);
}

static void
on_down (WeatherPlaceRow *self)
{
  g_signal_emit (self, signals[MOVE], 0, 1);
}

static void
on_remove (WeatherPlaceRow *self)
{
  g_signal_emit (self, signals[REMOVE], 0);
}

static void
add_button (WeatherPlaceRow *self, const char *icon_name, const char *label, void (*on_clicked) (WeatherPlaceRow *self))
{
  GtkWidget *button = cirrus_icon_button_new (icon_name, label, NULL);

  gtk_widget_add_css_class (button, "circular");
  gtk_widget_add_css_class (button, "weather-edit");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (on_clicked), self);
  gtk_box_append (GTK_BOX (self->buttons), button);
}

static GtkLabel *
add_label (GtkWidget *box, const char *css_class, float xalign)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label), xalign == 0 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
build (WeatherPlaceRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *figures = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->name = add_label (texts, "weather-place-name", 0);
  self->note = add_label (texts, "weather-quiet", 0);
  gtk_label_set_wrap (self->note, TRUE); /* the age of old data must be read in a narrow list too */
  gtk_label_set_lines (self->note, 3);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  self->temperature = add_label (figures, "weather-place-temperature", 1);
  self->range = add_label (figures, "weather-quiet", 1);
  gtk_label_set_width_chars (self->range, RANGE_CHARS);
  gtk_widget_set_valign (figures, GTK_ALIGN_CENTER);
  self->figures = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  self->icon = GTK_IMAGE (gtk_image_new ());
  gtk_image_set_pixel_size (self->icon, 44);
  gtk_box_append (GTK_BOX (self->figures), GTK_WIDGET (self->icon));
  gtk_box_append (GTK_BOX (self->figures), figures);
  self->buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  add_button (self, "go-up-symbolic", _ ("Move up"), on_up);
  add_button (self, "go-down-symbolic", _ ("Move down"), on_down);
  add_button (self, "user-trash-symbolic", _ ("Remove"), on_remove);
  gtk_widget_set_visible (self->buttons, FALSE);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_box_append (GTK_BOX (box), self->figures);
  gtk_box_append (GTK_BOX (box), self->buttons);
  gtk_widget_add_css_class (box, "weather-place");
  self->sky = WEATHER_SKY (weather_sky_new (box, 14));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), GTK_WIDGET (self->sky));
}

static void
weather_place_row_dispose (GObject *object)
{
  WeatherPlaceRow *self = WEATHER_PLACE_ROW (object);

  g_clear_object (&self->entry);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (weather_place_row_parent_class)->dispose (object);
}

static void
weather_place_row_class_init (WeatherPlaceRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = weather_place_row_dispose;
  signals[REMOVE] = g_signal_new ("remove", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MOVE]
      = g_signal_new ("move", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
weather_place_row_init (WeatherPlaceRow *self)
{
}

GtkWidget *
weather_place_row_new (WeatherEntry *entry, GSettings *settings)
{
  WeatherPlaceRow *self = g_object_new (WEATHER_TYPE_PLACE_ROW, NULL);

  self->entry = g_object_ref (entry);
  self->settings = g_object_ref (settings);
  build (self);
  g_signal_connect_object (entry, "notify", G_CALLBACK (weather_place_row_update), self, G_CONNECT_SWAPPED);
  weather_place_row_update (self);
  return GTK_WIDGET (self);
}

WeatherEntry *
weather_place_row_get_entry (WeatherPlaceRow *self)
{
  g_return_val_if_fail (WEATHER_IS_PLACE_ROW (self), NULL);
  return self->entry;
}

void
weather_place_row_set_editing (WeatherPlaceRow *self, gboolean editing)
{
  g_return_if_fail (WEATHER_IS_PLACE_ROW (self));
  gtk_widget_set_visible (self->buttons, editing);
  gtk_widget_set_visible (self->figures, !editing);
}
