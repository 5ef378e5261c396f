/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-weather"

#include "weather-daily.h"

#include "weather-look.h"

#include <glib/gi18n.h>

#include <math.h>

/* Rows of labels, and a small widget that draws the bar. */

#define N_ROWS 10
#define BAR_HEIGHT 6

/* ---- The bar ---- */

#define WEATHER_TYPE_RANGE_BAR (weather_range_bar_get_type ())
G_DECLARE_FINAL_TYPE (WeatherRangeBar, weather_range_bar, WEATHER, RANGE_BAR, GtkWidget)

struct _WeatherRangeBar
{
  GtkWidget parent_instance;

  double scale_low_c, scale_high_c;
  double min_c, max_c;
  double now_c; /* NaN: no mark */
};

G_DEFINE_FINAL_TYPE (WeatherRangeBar, weather_range_bar, GTK_TYPE_WIDGET)

static float
bar_x (WeatherRangeBar *self, float width, double celsius)
{
  double span = MAX (self->scale_high_c - self->scale_low_c, 1);
  float part = (float) CLAMP ((celsius - self->scale_low_c) / span, 0, 1);

  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL ? width - part * width : part * width;
}

static GdkRGBA
temperature_color (double celsius)
{
  WeatherColor color;

  weather_look_temperature (celsius, &color);
  return (GdkRGBA){ color.red, color.green, color.blue, 1 };
}

static void
fill_rounded (GtkSnapshot *snapshot, const graphene_rect_t *area, const GdkRGBA *from, const GdkRGBA *to)
{
  GskRoundedRect rounded;
  float left = area->origin.x, right = area->origin.x + area->size.width;

  gsk_rounded_rect_init_from_rect (&rounded, area, area->size.height / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_linear_gradient (snapshot, area, &GRAPHENE_POINT_INIT (left, 0), &GRAPHENE_POINT_INIT (right, 0),
                                       (GskColorStop[]){ { 0, *from }, { 1, *to } }, 2);
  gtk_snapshot_pop (snapshot);
}

static void
weather_range_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WeatherRangeBar *self = WEATHER_RANGE_BAR (widget);
  float width = (float) gtk_widget_get_width (widget);
  float y = ((float) gtk_widget_get_height (widget) - BAR_HEIGHT) / 2;
  GdkRGBA track = { 0, 0, 0, 0.22f }, white = { 1, 1, 1, 1 }, edge = { 0.1f, 0.15f, 0.25f, 0.9f };
  GdkRGBA low = temperature_color (self->min_c), high = temperature_color (self->max_c);
  float from = bar_x (self, width, self->min_c), to = bar_x (self, width, self->max_c);

  fill_rounded (snapshot, &GRAPHENE_RECT_INIT (0, y, width, BAR_HEIGHT), &track, &track);
  if (isnan (self->min_c) || isnan (self->max_c))
    return;
  if (from > to)
    {
      float swap = from;
      GdkRGBA color = low;

      from = to;
      to = swap;
      low = high;
      high = color;
    }
  fill_rounded (snapshot, &GRAPHENE_RECT_INIT (MIN (from, width - BAR_HEIGHT), y, MAX (to - from, BAR_HEIGHT), BAR_HEIGHT), &low,
                &high);
  if (!isnan (self->now_c))
    {
      float x = bar_x (self, width, CLAMP (self->now_c, self->min_c, self->max_c));

      x = CLAMP (x, BAR_HEIGHT / 2.0f, width - BAR_HEIGHT / 2.0f);
      fill_rounded (snapshot, &GRAPHENE_RECT_INIT (x - 5, y - 2, 10, 10), &edge, &edge);
      fill_rounded (snapshot, &GRAPHENE_RECT_INIT (x - 3.5f, y - 0.5f, 7, 7), &white, &white);
    }
}

static void
weather_range_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                           int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 60 : 12;
}

static void
weather_range_bar_class_init (WeatherRangeBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = weather_range_bar_snapshot;
  widget_class->measure = weather_range_bar_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
weather_range_bar_init (WeatherRangeBar *self)
{
}

/* ---- The rows ---- */

typedef struct
{
  GtkWidget *row;
  GtkLabel *weekday;
  GtkImage *icon;
  GtkLabel *chance;
  GtkLabel *low;
  GtkLabel *high;
  WeatherRangeBar *bar;
} Row;

struct _WeatherDaily
{
  GtkWidget parent_instance;

  GtkBox *box;
  Row rows[N_ROWS];
};

G_DEFINE_FINAL_TYPE (WeatherDaily, weather_daily, GTK_TYPE_WIDGET)

static GtkLabel *
add_label (GtkWidget *row, int width_chars, float xalign, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_width_chars (GTK_LABEL (label), width_chars);
  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_widget_add_css_class (label, "numeric");
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (row), label);
  return GTK_LABEL (label);
}

static void
create_row (WeatherDaily *self, Row *row)
{
  row->row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_add_css_class (row->row, "weather-day");
  row->weekday = add_label (row->row, 6, 0, "heading");
  row->icon = GTK_IMAGE (gtk_image_new ());
  gtk_image_set_pixel_size (row->icon, 30);
  gtk_box_append (GTK_BOX (row->row), GTK_WIDGET (row->icon));
  row->chance = add_label (row->row, 4, 0.5f, "weather-chance");
  row->low = add_label (row->row, 4, 1, "weather-quiet");
  row->bar = g_object_new (WEATHER_TYPE_RANGE_BAR, "hexpand", TRUE, NULL);
  gtk_box_append (GTK_BOX (row->row), GTK_WIDGET (row->bar));
  row->high = add_label (row->row, 4, 0, "heading");
  gtk_box_append (self->box, row->row);
}

static void
speak_row (Row *row, const WeatherDay *day, const WeatherUnits *units, GTimeZone *zone, gboolean is_today)
{
  g_autofree char *weekday = is_today ? g_strdup (_ ("Today")) : weather_units_weekday_full (zone, day->start_unix_us);
  g_autofree char *low = weather_units_temperature (units, day->min_c);
  g_autofree char *high = weather_units_temperature (units, day->max_c);
  g_autofree char *chance = weather_units_percent (units, day->precipitation_chance_pct);
  /* Translators: read aloud: weekday, what the weather is, lowest and highest temperature, chance of rain */
  g_autofree char *spoken = g_strdup_printf (_ ("%s: %s, %s to %s, chance of rain %s"), weekday,
                                             weather_condition_text (day->condition, TRUE), low, high, chance);

  gtk_widget_set_tooltip_text (row->row, spoken);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
fill_row (Row *row, const WeatherDay *day, const WeatherUnits *units, GTimeZone *zone, gboolean is_today)
{
  g_autofree char *weekday = is_today ? g_strdup (_ ("Today")) : weather_units_weekday (zone, day->start_unix_us);
  g_autofree char *low = weather_units_temperature (units, day->min_c);
  g_autofree char *high = weather_units_temperature (units, day->max_c);
  g_autofree char *chance = weather_shows_chance (day->precipitation_chance_pct)
                                ? weather_units_percent (units, day->precipitation_chance_pct)
                                : g_strdup ("");

  gtk_label_set_text (row->weekday, weekday);
  gtk_label_set_text (row->low, low);
  gtk_label_set_text (row->high, high);
  gtk_label_set_text (row->chance, chance);
  gtk_image_set_from_icon_name (row->icon, weather_look_icon (day->condition, TRUE));
  row->bar->min_c = day->min_c;
  row->bar->max_c = day->max_c;
  speak_row (row, day, units, zone, is_today);
}

static void
weather_daily_dispose (GObject *object)
{
  WeatherDaily *self = WEATHER_DAILY (object);

  if (self->box != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->box));
  self->box = NULL;
  G_OBJECT_CLASS (weather_daily_parent_class)->dispose (object);
}

static void
weather_daily_class_init (WeatherDailyClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = weather_daily_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
weather_daily_init (WeatherDaily *self)
{
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  gtk_widget_set_parent (GTK_WIDGET (self->box), GTK_WIDGET (self));
  for (guint i = 0; i < N_ROWS; i++)
    create_row (self, &self->rows[i]);
}

GtkWidget *
weather_daily_new (void)
{
  return g_object_new (WEATHER_TYPE_DAILY, NULL);
}

static void
set_scale (WeatherDaily *self, guint n, double now_c)
{
  double low = INFINITY, high = -INFINITY;

  for (guint i = 0; i < n; i++)
    {
      if (self->rows[i].bar->min_c < low)
        low = self->rows[i].bar->min_c;
      if (self->rows[i].bar->max_c > high)
        high = self->rows[i].bar->max_c;
    }
  for (guint i = 0; i < N_ROWS; i++)
    {
      Row *row = &self->rows[i];

      row->bar->scale_low_c = isfinite (low) ? low : 0;
      row->bar->scale_high_c = isfinite (high) ? high : 1;
      row->bar->now_c = i == 0 ? now_c : NAN;
      gtk_widget_queue_draw (GTK_WIDGET (row->bar));
      gtk_widget_set_visible (row->row, i < n);
    }
}

gboolean
weather_daily_set (WeatherDaily *self, WeatherForecast *forecast, const WeatherUnits *units, gint64 now_unix_us)
{
  GTimeZone *zone;
  const WeatherDay *days;
  WeatherPoint now;
  guint n, shown = 0;

  g_return_val_if_fail (WEATHER_IS_DAILY (self) && WEATHER_IS_FORECAST (forecast), FALSE);

  zone = weather_forecast_get_zone (forecast);
  days = weather_forecast_get_daily (forecast, &n);
  for (guint i = 0; i < n && shown < N_ROWS; i++)
    if (days[i].end_unix_us > now_unix_us)
      {
        fill_row (&self->rows[shown], &days[i], units, zone, days[i].start_unix_us <= now_unix_us);
        shown++;
      }
  set_scale (self, shown, weather_forecast_at (forecast, now_unix_us, &now) ? now.temperature_c : NAN);
  return shown > 0;
}
