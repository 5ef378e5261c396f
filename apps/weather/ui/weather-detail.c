/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-weather"

#include "weather-detail.h"

#include "cirrus-common.h"
#include "weather-daily.h"
#include "weather-hourly.h"
#include "weather-look.h"
#include "weather-sentence.h"
#include "weather-sky.h"
#include "weather-sun.h"
#include "weather-tiles.h"

#include "cloud-time.h"

#include <glib/gi18n.h>

#include <math.h>

/* One place, top to bottom, under its sky. */

#define TICK_S 60
#define OLD_US (G_GINT64_CONSTANT (3) * 3600 * G_USEC_PER_SEC)

struct _WeatherDetail
{
  GtkWidget parent_instance;

  WeatherService *service;
  GSettings *settings;
  WeatherEntry *entry;
  WeatherUnits units;
  guint timer;

  WeatherSky *sky;
  CirrusPage *page;
  CirrusOfflineBanner *banner;
  GtkStack *refresh;
  GtkSpinner *spinner;
  GtkScrolledWindow *scrolled;
  GtkStack *stack;
  CirrusStatusView *waiting;
  GtkWidget *hero;
  GtkImage *icon;
  GtkLabel *temperature;
  GtkLabel *condition;
  GtkLabel *range;
  GtkLabel *sentence;
  CirrusAgeChip *age;
  GtkWidget *made_up;
  GtkWidget *hours_card;
  WeatherHourly *hourly;
  GtkWidget *days_card;
  WeatherDaily *daily;
  WeatherTiles *tiles;
  GtkLabel *credit;
};

G_DEFINE_FINAL_TYPE (WeatherDetail, weather_detail, GTK_TYPE_WIDGET)

/* ---- Showing ---- */

static void
set_label (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static char *
range_text (WeatherDetail *self, WeatherForecast *forecast, const WeatherPoint *now, gint64 at)
{
  const WeatherDay *today = weather_forecast_find_day (forecast, at);
  g_autofree char *feels = weather_units_temperature (&self->units, now->feels_like_c);
  g_autofree char *high = today != NULL ? weather_units_temperature (&self->units, today->max_c) : NULL;
  g_autofree char *low = today != NULL ? weather_units_temperature (&self->units, today->min_c) : NULL;

  if (today == NULL || isnan (today->max_c) || isnan (today->min_c))
    return isnan (now->feels_like_c) ? NULL : g_strdup_printf (_ ("Feels like %s"), feels);
  if (isnan (now->feels_like_c))
    /* Translators: the day's highest and lowest temperature */
    return g_strdup_printf (_ ("High %s · Low %s"), high, low);
  /* Translators: the day's highest and lowest temperature, and what it feels like now */
  return g_strdup_printf (_ ("High %s · Low %s · Feels like %s"), high, low, feels);
}

static void
show_hero (WeatherDetail *self, WeatherForecast *forecast, gint64 at)
{
  WeatherPlace *place = weather_entry_get_place (self->entry);
  double latitude = weather_place_get_latitude_deg (place), longitude = weather_place_get_longitude_deg (place);
  gboolean is_day = weather_sun_is_up (latitude, longitude, at);
  g_autofree char *sentence = weather_sentence (forecast, &self->units, at);
  WeatherPoint now;

  if (!weather_forecast_at (forecast, at, &now))
    weather_point_init (&now);
  weather_sky_set (self->sky, now.condition, weather_sun_elevation_deg (latitude, longitude, at));
  if (!isnan (now.temperature_c))
    {
      g_autofree char *temperature = weather_units_temperature (&self->units, now.temperature_c);
      g_autofree char *range = range_text (self, forecast, &now, at);

      set_label (self->temperature, temperature);
      set_label (self->condition, weather_condition_text (now.condition, is_day));
      set_label (self->range, range);
    }
  else
    {
      set_label (self->temperature, "–");
      set_label (self->condition, _ ("The forecast does not reach today any more"));
      set_label (self->range, NULL);
    }
  gtk_image_set_from_icon_name (self->icon, weather_look_icon (now.condition, is_day));
  set_label (self->sentence, sentence);
}

static void
show_age (WeatherDetail *self, WeatherForecast *forecast, gint64 at)
{
  gint64 fetched = weather_forecast_get_fetched_unix_us (forecast);
  int failure = weather_entry_get_failure (self->entry);
  gboolean old = at - fetched > OLD_US;

  cirrus_age_chip_set_time (self->age, fetched);
  cirrus_age_chip_set_stale (self->age, failure >= 0 || old);
  gtk_widget_set_visible (self->made_up, weather_forecast_is_synthetic (forecast));
  if (failure >= 0)
    {
      g_autoptr (GError) error = g_error_new_literal (CLOUD_ERROR, failure, "");
      g_autofree char *age = cirrus_format_age (fetched, at);
      /* Translators: what went wrong ("No Connection"), and the age of the data on screen */
      g_autofree char *words = g_strdup_printf (_ ("%s. Showing the forecast fetched %s."), cirrus_error_title (error), age);
      g_autofree char *text = cirrus_space_scripts (words);

      cirrus_offline_banner_set_text (self->banner, text, _ ("Try Again"));
    }
  cirrus_offline_banner_set_revealed (self->banner, failure >= 0);
}

static void
show_forecast (WeatherDetail *self, WeatherForecast *forecast, gint64 at)
{
  const char *credit = weather_forecast_get_credit (forecast);

  show_hero (self, forecast, at);
  show_age (self, forecast, at);
  gtk_widget_set_visible (self->hours_card, weather_hourly_set (self->hourly, forecast, &self->units, at));
  gtk_widget_set_visible (self->days_card, weather_daily_set (self->daily, forecast, &self->units, at));
  set_label (self->credit, credit != NULL && *credit != '\0' ? _ (credit) : NULL);
  gtk_stack_set_visible_child_name (self->stack, "forecast");
}

/* No forecast yet: what can be said without one, and why there is none. */
static void
show_waiting (WeatherDetail *self, gint64 at)
{
  WeatherPlace *place = weather_entry_get_place (self->entry);
  int failure = weather_entry_get_failure (self->entry);

  weather_sky_set (
      self->sky, WEATHER_CONDITION_UNKNOWN,
      weather_sun_elevation_deg (weather_place_get_latitude_deg (place), weather_place_get_longitude_deg (place), at));
  cirrus_offline_banner_set_revealed (self->banner, FALSE);
  gtk_widget_set_visible (self->hours_card, FALSE);
  gtk_widget_set_visible (self->days_card, FALSE);
  set_label (self->credit, NULL);
  if (failure >= 0)
    {
      g_autoptr (GError) error = g_error_new_literal (CLOUD_ERROR, failure, "");

      cirrus_status_view_set (self->waiting, failure == CLOUD_ERROR_OFFLINE ? "offline" : "error", cirrus_error_title (error),
                              failure == CLOUD_ERROR_OFFLINE
                                  ? _ ("The forecast comes with the network. The sun is already right.")
                                  : cirrus_error_sentence (error),
                              _ ("Try Again"));
    }
  else
    cirrus_status_view_set (self->waiting, "weather", _ ("Fetching the forecast"), _ ("This takes a few seconds."), NULL);
  gtk_stack_set_visible_child_name (self->stack, "waiting");
}

static void
update (WeatherDetail *self)
{
  WeatherForecast *forecast;
  WeatherPlace *place;
  gint64 at = cloud_time_now_unix_us ();

  if (self->entry == NULL)
    return;
  place = weather_entry_get_place (self->entry);
  forecast = weather_entry_get_forecast (self->entry);
  cirrus_page_set_title (self->page, weather_place_get_name (place));
  cirrus_page_set_subtitle (self->page, weather_place_is_here (place) ? _ ("Where you are") : weather_place_get_region (place));
  if (forecast != NULL)
    show_forecast (self, forecast, at);
  else
    show_waiting (self, at);
  weather_tiles_set (self->tiles, place, forecast, &self->units, at);
  gtk_stack_set_visible_child_name (self->refresh, weather_entry_get_refreshing (self->entry) ? "busy" : "idle");
  gtk_spinner_set_spinning (self->spinner, weather_entry_get_refreshing (self->entry));
}

static void
on_settings_changed (WeatherDetail *self)
{
  weather_units_from_settings (&self->units, self->settings);
  update (self);
}

/* ---- Refreshing ---- */

static void
on_refreshed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WeatherDetail) self = user_data;
  g_autoptr (GError) error = NULL;
  guint n_fetched = 0;
  gboolean done = weather_service_refresh_finish (WEATHER_SERVICE (source), result, &n_fetched, &error);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (!done && cirrus_error_sentence (error) != NULL)
    cirrus_toast (GTK_WIDGET (self), cirrus_error_sentence (error));
  else if (done && n_fetched == 0 && self->entry != NULL && weather_entry_get_failure (self->entry) >= 0)
    cirrus_toast (GTK_WIDGET (self), _ ("The weather service asked to wait a little."));
  else if (done && n_fetched == 0)
    cirrus_toast (GTK_WIDGET (self), _ ("There is nothing newer yet."));
}

static void
refresh (WeatherDetail *self)
{
  if (self->entry != NULL && !weather_entry_get_refreshing (self->entry))
    weather_service_refresh_async (self->service, weather_entry_get_id (self->entry), WEATHER_REFRESH_ASKED, NULL, on_refreshed,
                                   g_object_ref (self));
}

static void
on_edge_overshot (GtkScrolledWindow *scrolled, GtkPositionType edge, WeatherDetail *self)
{
  if (edge == GTK_POS_TOP)
    refresh (self);
}

static void
on_refresh_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  refresh (WEATHER_DETAIL (widget));
}

/* ---- Time ---- */

static gboolean
on_tick (gpointer user_data)
{
  update (user_data);
  return G_SOURCE_CONTINUE;
}

static void
weather_detail_map (GtkWidget *widget)
{
  WeatherDetail *self = WEATHER_DETAIL (widget);

  GTK_WIDGET_CLASS (weather_detail_parent_class)->map (widget);
  update (self);
  self->timer = g_timeout_add_seconds (TICK_S, on_tick, self);
}

static void
weather_detail_unmap (GtkWidget *widget)
{
  WeatherDetail *self = WEATHER_DETAIL (widget);

  g_clear_handle_id (&self->timer, g_source_remove);
  GTK_WIDGET_CLASS (weather_detail_parent_class)->unmap (widget);
}

/* ---- Building ---- */

static GtkLabel *
add_label (GtkWidget *box, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), cirrus_balanced_new (label));
  return GTK_LABEL (label);
}

static GtkWidget *
create_hero (WeatherDetail *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *chips = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->icon = GTK_IMAGE (gtk_image_new ());
  gtk_image_set_pixel_size (self->icon, 84);
  gtk_box_append (GTK_BOX (top), GTK_WIDGET (self->icon));
  self->temperature = add_label (top, "weather-temperature");
  gtk_widget_set_halign (top, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), top);
  self->condition = add_label (box, "weather-condition");
  self->range = add_label (box, "weather-range");
  self->sentence = add_label (box, "weather-sentence");
  self->age = CIRRUS_AGE_CHIP (cirrus_age_chip_new ());
  self->made_up = gtk_label_new (_ ("Sample data"));
  gtk_widget_add_css_class (self->made_up, "chip");
  gtk_widget_set_halign (chips, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (chips, 8);
  gtk_box_append (GTK_BOX (chips), GTK_WIDGET (self->age));
  gtk_box_append (GTK_BOX (chips), self->made_up);
  gtk_box_append (GTK_BOX (box), chips);
  gtk_widget_add_css_class (box, "weather-hero");
  return box;
}

static GtkWidget *
create_card (const char *icon_name, const char *title, GtkWidget *content)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *caption = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_append (GTK_BOX (caption), gtk_image_new_from_icon_name (icon_name));
  gtk_box_append (GTK_BOX (caption), gtk_label_new (title));
  gtk_widget_add_css_class (caption, "weather-caption");
  gtk_box_append (GTK_BOX (card), caption);
  gtk_box_append (GTK_BOX (card), content);
  gtk_widget_add_css_class (card, "weather-card");
  return card;
}

static GtkWidget *
create_column (WeatherDetail *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *clamp = adw_clamp_new ();

  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  self->hero = create_hero (self);
  self->waiting = CIRRUS_STATUS_VIEW (cirrus_status_view_new ("weather", "", "", NULL));
  cirrus_status_view_set_compact (self->waiting, TRUE);
  g_signal_connect_swapped (self->waiting, "activated", G_CALLBACK (refresh), self);
  gtk_stack_add_named (self->stack, self->hero, "forecast");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->waiting), "waiting");
  self->hourly = WEATHER_HOURLY (weather_hourly_new ());
  self->daily = WEATHER_DAILY (weather_daily_new ());
  self->tiles = WEATHER_TILES (weather_tiles_new ());
  self->hours_card = create_card ("cirrus-weather-hours-symbolic", _ ("Hour by hour"), GTK_WIDGET (self->hourly));
  self->days_card = create_card ("cirrus-weather-days-symbolic", _ ("Ten days"), GTK_WIDGET (self->daily));
  gtk_widget_add_css_class (self->hours_card, "weather-strip");
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->stack));
  gtk_box_append (GTK_BOX (column), self->hours_card);
  gtk_box_append (GTK_BOX (column), self->days_card);
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->tiles));
  self->credit = add_label (column, "weather-credit");
  gtk_widget_add_css_class (column, "weather-column");
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 680);
  adw_clamp_set_child (ADW_CLAMP (clamp), column);
  return clamp;
}

static GtkWidget *
create_refresh (WeatherDetail *self)
{
  GtkWidget *button = cirrus_icon_button_new ("view-refresh-symbolic", _ ("Refresh"), "detail.refresh");

  self->refresh = GTK_STACK (gtk_stack_new ());
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  gtk_widget_set_size_request (GTK_WIDGET (self->spinner), 36, 36);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Refreshing"), -1);
  gtk_stack_add_named (self->refresh, button, "idle");
  gtk_stack_add_named (self->refresh, GTK_WIDGET (self->spinner), "busy");
  return GTK_WIDGET (self->refresh);
}

static void
build (WeatherDetail *self, GtkWidget *menu_button)
{
  self->scrolled = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  gtk_scrolled_window_set_policy (self->scrolled, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (self->scrolled, create_column (self));
  g_signal_connect (self->scrolled, "edge-overshot", G_CALLBACK (on_edge_overshot), self);
  self->page = CIRRUS_PAGE (cirrus_page_new ("", GTK_WIDGET (self->scrolled)));
  cirrus_page_set_flat (self->page, TRUE);
  cirrus_page_pack_end (self->page, menu_button);
  cirrus_page_pack_end (self->page, create_refresh (self));
  self->banner = CIRRUS_OFFLINE_BANNER (cirrus_offline_banner_new ());
  g_signal_connect_swapped (self->banner, "retry", G_CALLBACK (refresh), self);
  cirrus_page_add_top (self->page, GTK_WIDGET (self->banner));
  self->sky = WEATHER_SKY (weather_sky_new (GTK_WIDGET (self->page), 0));
  gtk_widget_set_parent (GTK_WIDGET (self->sky), GTK_WIDGET (self));
}

static void
weather_detail_dispose (GObject *object)
{
  WeatherDetail *self = WEATHER_DETAIL (object);

  weather_detail_set_entry (self, NULL);
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->sky != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->sky));
  self->sky = NULL;
  g_clear_object (&self->service);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (weather_detail_parent_class)->dispose (object);
}

static void
weather_detail_class_init (WeatherDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = weather_detail_dispose;
  widget_class->map = weather_detail_map;
  widget_class->unmap = weather_detail_unmap;
  gtk_widget_class_install_action (widget_class, "detail.refresh", NULL, on_refresh_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
weather_detail_init (WeatherDetail *self)
{
}

GtkWidget *
weather_detail_new (WeatherService *service, GSettings *settings, GtkWidget *menu_button)
{
  WeatherDetail *self = g_object_new (WEATHER_TYPE_DETAIL, NULL);

  self->service = g_object_ref (service);
  self->settings = g_object_ref (settings);
  weather_units_from_settings (&self->units, settings);
  build (self, menu_button);
  g_signal_connect_object (settings, "changed", G_CALLBACK (on_settings_changed), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/* Also where it still moves from a finger's push. */
static void
scroll_to_top (WeatherDetail *self)
{
  gtk_scrolled_window_set_kinetic_scrolling (self->scrolled, FALSE);
  gtk_scrolled_window_set_kinetic_scrolling (self->scrolled, TRUE);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled), 0);
  weather_hourly_rewind (self->hourly);
}

void
weather_detail_set_entry (WeatherDetail *self, WeatherEntry *entry)
{
  g_return_if_fail (WEATHER_IS_DETAIL (self));

  if (self->entry == entry)
    return;
  if (self->entry != NULL)
    g_signal_handlers_disconnect_by_func (self->entry, update, self);
  g_set_object (&self->entry, entry);
  if (entry == NULL)
    return;
  g_signal_connect_swapped (entry, "notify", G_CALLBACK (update), self);
  scroll_to_top (self);
  update (self);
}

WeatherEntry *
weather_detail_get_entry (WeatherDetail *self)
{
  g_return_val_if_fail (WEATHER_IS_DETAIL (self), NULL);
  return self->entry;
}
