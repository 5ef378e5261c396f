/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-weather"

#include "weather-search-view.h"

#include "cirrus-common.h"
#include "weather-places.h"

#include "cloud-location.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* An entry, the hits as one types, and two ways further: the Internet and the device's position. */

#define MOST_HITS 30

struct _WeatherSearchView
{
  GtkWidget parent_instance;

  WeatherService *service;
  GCancellable *cancellable; /* of the search under way */
  CloudLocation *location;
  gulong fix_handler;

  GtkWidget *box;
  GtkSearchEntry *entry;
  CirrusStatusView *empty;
  GtkListBox *list;
  GPtrArray *hits; /* of WeatherPlace, in the order of the list's first rows */
  GtkWidget *online_row;
  GtkWidget *here_row;
  GtkSpinner *here_spinner;
  gboolean welcome;
};

enum
{
  CHOSEN,
  HERE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WeatherSearchView, weather_search_view, GTK_TYPE_WIDGET)

/* ---- The position ---- */

static void
stop_location (WeatherSearchView *self)
{
  g_clear_signal_handler (&self->fix_handler, self->location);
  if (self->location != NULL)
    cloud_location_stop (self->location);
  g_clear_object (&self->location);
  gtk_spinner_set_spinning (self->here_spinner, FALSE);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->here_row), _ ("From the device's receiver; nobody else is asked"));
}

static void
on_fix (WeatherSearchView *self, CloudFix *fix)
{
  double latitude = fix->latitude_deg, longitude = fix->longitude_deg;

  stop_location (self);
  g_signal_emit (self, signals[HERE], 0, latitude, longitude);
}

static void
on_location_state (WeatherSearchView *self)
{
  if (self->location == NULL || cloud_location_get_state (self->location) != CLOUD_LOCATION_UNAVAILABLE)
    return;
  stop_location (self);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->here_row), _ ("There is no position now. Search by name instead."));
}

/* The search goes on meanwhile: a fix may take minutes under a roof. */
static void
start_location (WeatherSearchView *self)
{
  CloudLocationNeed need = { .accuracy_m = 5000, .one_shot = TRUE };

  if (self->location != NULL)
    {
      stop_location (self);
      return;
    }
  self->location = cloud_location_new ("Weather");
  self->fix_handler = g_signal_connect_swapped (self->location, "fix-received", G_CALLBACK (on_fix), self);
  g_signal_connect_object (self->location, "notify::state", G_CALLBACK (on_location_state), self, G_CONNECT_SWAPPED);
  gtk_spinner_set_spinning (self->here_spinner, TRUE);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->here_row), _ ("Looking for satellites… go on searching meanwhile"));
  cloud_location_start (self->location, &need);
}

/* ---- Hits ---- */

static GtkWidget *
create_hit_row (WeatherPlace *place)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *name = g_markup_escape_text (weather_place_get_name (place), -1);
  const char *region = weather_place_get_region (place);
  g_autofree char *subtitle = g_markup_escape_text (region != NULL ? region : "", -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("mark-location-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  return row;
}

static gboolean
has_hit (WeatherSearchView *self, WeatherPlace *place)
{
  for (guint i = 0; i < self->hits->len; i++)
    if (weather_place_distance_m (self->hits->pdata[i], weather_place_get_latitude_deg (place),
                                  weather_place_get_longitude_deg (place))
        < 3000)
      return TRUE;
  return FALSE;
}

static void
add_hits (WeatherSearchView *self, GPtrArray *places)
{
  for (guint i = 0; i < places->len; i++)
    if (!has_hit (self, places->pdata[i]))
      {
        gtk_list_box_insert (self->list, create_hit_row (places->pdata[i]), (int) self->hits->len);
        g_ptr_array_add (self->hits, g_object_ref (places->pdata[i]));
      }
}

static void
clear_hits (WeatherSearchView *self)
{
  for (guint i = 0; i < self->hits->len; i++)
    gtk_list_box_remove (self->list, GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, 0)));
  g_ptr_array_set_size (self->hits, 0);
}

static void
set_online_row (WeatherSearchView *self, const char *title, const char *subtitle, gboolean sensitive)
{
  g_autofree char *escaped = g_markup_escape_text (title, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->online_row), escaped);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->online_row), subtitle);
  gtk_widget_set_sensitive (self->online_row, sensitive);
}

static void
offer_online (WeatherSearchView *self, const char *text)
{
  /* Translators: %s is what was typed */
  g_autofree char *title = g_strdup_printf (_ ("Search the Internet for “%s”"), text);
  /* Translators: %s is a service ("Open-Meteo") */
  g_autofree char *words
      = g_strdup_printf (_ ("Villages too; asks %s"), _ (weather_source_get_name (weather_service_get_source (self->service))));
  g_autofree char *subtitle = cirrus_space_scripts (words);

  set_online_row (self, title, subtitle, TRUE);
}

static void
on_hits (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WeatherSearchView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) places = weather_places_search_finish (result, &error);

  if (places == NULL)
    return; /* cancelled: a newer search is under way */
  clear_hits (self);
  add_hits (self, places);
  offer_online (self, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
}

static void
on_online_hits (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WeatherSearchView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) places = weather_source_search_finish (WEATHER_SOURCE (source), result, &error);
  guint before = self->hits->len;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (places == NULL)
    {
      set_online_row (self, cirrus_error_title (error), cirrus_error_sentence (error), TRUE);
      return;
    }
  add_hits (self, places);
  if (self->hits->len == before)
    set_online_row (self, _ ("Nothing more found"), _ ("Check the spelling, or try a larger place nearby"), FALSE);
  else
    set_online_row (self, _ ("That is all"), "", FALSE);
}

static GCancellable *
renew_cancellable (WeatherSearchView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  return self->cancellable;
}

static void
search_online (WeatherSearchView *self)
{
  const char *const *languages = g_get_language_names ();
  g_autofree char *language = g_strndup (languages[0], 2);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  set_online_row (self, _ ("Searching…"), "", FALSE);
  weather_source_search_async (weather_service_get_source (self->service), text, *language == 'C' ? "en" : language,
                               renew_cancellable (self), on_online_hits, g_object_ref (self));
}

static void
on_search_changed (WeatherSearchView *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));

  gtk_widget_set_visible (self->online_row, *text != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->empty), *text == '\0' && self->welcome);
  if (*text == '\0')
    {
      renew_cancellable (self);
      clear_hits (self);
      return;
    }
  weather_places_search_async (text, MOST_HITS, renew_cancellable (self), on_hits, g_object_ref (self));
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, WeatherSearchView *self)
{
  guint index = (guint) gtk_list_box_row_get_index (row);

  if (GTK_WIDGET (row) == self->here_row)
    start_location (self);
  else if (GTK_WIDGET (row) == self->online_row)
    search_online (self);
  else if (index < self->hits->len)
    {
      g_autoptr (WeatherPlace) place = g_object_ref (self->hits->pdata[index]);

      g_signal_emit (self, signals[CHOSEN], 0, place);
    }
}

static void
on_entry_activated (WeatherSearchView *self)
{
  if (self->hits->len > 0)
    {
      g_autoptr (WeatherPlace) place = g_object_ref (self->hits->pdata[0]);

      g_signal_emit (self, signals[CHOSEN], 0, place);
    }
  else if (gtk_widget_get_visible (self->online_row) && gtk_widget_get_sensitive (self->online_row))
    search_online (self);
}

/* ---- Building ---- */

static GtkWidget *
create_way_row (const char *icon_name, const char *title)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (icon_name));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  return row;
}

static GtkWidget *
create_results (WeatherSearchView *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_widget_set_valign (GTK_WIDGET (self->list), GTK_ALIGN_START);
  self->online_row = create_way_row ("system-search-symbolic", "");
  gtk_widget_set_visible (self->online_row, FALSE);
  self->here_row = create_way_row ("find-location-symbolic", _ ("Where I am"));
  self->here_spinner = GTK_SPINNER (gtk_spinner_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->here_spinner), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Looking for the position"), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->here_row), GTK_WIDGET (self->here_spinner));
  gtk_list_box_append (self->list, self->online_row);
  gtk_list_box_append (self->list, self->here_row);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (on_row_activated), self);
  self->empty = CIRRUS_STATUS_VIEW (
      cirrus_status_view_new ("places", _ ("Which Place?"), _ ("Cities are found here without a network."), NULL));
  cirrus_status_view_set_compact (self->empty, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->empty), self->welcome);
  gtk_widget_set_margin_start (column, 12);
  gtk_widget_set_margin_end (column, 12);
  gtk_widget_set_margin_top (column, 12);
  gtk_widget_set_margin_bottom (column, 18);
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->empty));
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 560);
  adw_clamp_set_child (ADW_CLAMP (clamp), column);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}

static void
build (WeatherSearchView *self)
{
  GtkWidget *clamp = adw_clamp_new ();

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->entry = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->entry, "placeholder-text", _ ("City"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Search for a place"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->entry), "weather-search");
  g_signal_connect_swapped (self->entry, "search-changed", G_CALLBACK (on_search_changed), self);
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (on_entry_activated), self);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 560);
  adw_clamp_set_child (ADW_CLAMP (clamp), GTK_WIDGET (self->entry));
  gtk_box_append (GTK_BOX (self->box), clamp);
  gtk_box_append (GTK_BOX (self->box), create_results (self));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->here_row), _ ("From the device's receiver; nobody else is asked"));
}

static void
weather_search_view_unmap (GtkWidget *widget)
{
  stop_location (WEATHER_SEARCH_VIEW (widget));
  GTK_WIDGET_CLASS (weather_search_view_parent_class)->unmap (widget);
}

static void
weather_search_view_dispose (GObject *object)
{
  WeatherSearchView *self = WEATHER_SEARCH_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_signal_handler (&self->fix_handler, self->location);
  g_clear_object (&self->location);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->service);
  G_OBJECT_CLASS (weather_search_view_parent_class)->dispose (object);
}

static void
weather_search_view_finalize (GObject *object)
{
  g_ptr_array_unref (WEATHER_SEARCH_VIEW (object)->hits);
  weather_places_forget ();
  G_OBJECT_CLASS (weather_search_view_parent_class)->finalize (object);
}

static void
weather_search_view_class_init (WeatherSearchViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = weather_search_view_dispose;
  object_class->finalize = weather_search_view_finalize;
  widget_class->unmap = weather_search_view_unmap;
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  WEATHER_TYPE_PLACE);
  signals[HERE] = g_signal_new ("here", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
weather_search_view_init (WeatherSearchView *self)
{
  self->hits = g_ptr_array_new_with_free_func (g_object_unref);
}

GtkWidget *
weather_search_view_new (WeatherService *service, gboolean welcome)
{
  WeatherSearchView *self = g_object_new (WEATHER_TYPE_SEARCH_VIEW, NULL);

  self->service = g_object_ref (service);
  self->welcome = welcome;
  build (self);
  return GTK_WIDGET (self);
}

void
weather_search_view_set_text (WeatherSearchView *self, const char *text)
{
  g_return_if_fail (WEATHER_IS_SEARCH_VIEW (self) && text != NULL);

  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
}

void
weather_search_view_focus (WeatherSearchView *self)
{
  g_return_if_fail (WEATHER_IS_SEARCH_VIEW (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}
