/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-weather"

#include "weather-window.h"

#include "weather-detail.h"
#include "weather-place-row.h"
#include "weather-search-view.h"

#include <glib/gi18n.h>

#include <string.h>

/* The window's frame, and what happens to the list of places. */

#define TICK_S 60

struct _WeatherWindow
{
  CirrusWindow parent_instance;

  CirrusApplication *application;
  GSettings *settings;
  WeatherService *service;
  char *wanted_place;  /* to show once the service is here */
  char *wanted_search; /* the same for a search */

  GtkStack *stack; /* "loading", "welcome", "places", "error" */
  CirrusShell *shell;
  GtkListBox *list;
  GtkToggleButton *edit;
  WeatherDetail *detail;
  WeatherSearchView *welcome;
  guint timer;
};

G_DEFINE_FINAL_TYPE (WeatherWindow, weather_window, CIRRUS_TYPE_WINDOW)

/* ---- The search ---- */

static void on_chosen (WeatherWindow *self, WeatherPlace *place);
static void on_here (WeatherWindow *self, double latitude_deg, double longitude_deg);

static GtkWidget *
create_search (WeatherWindow *self, gboolean welcome)
{
  GtkWidget *view = weather_search_view_new (self->service, welcome);

  g_signal_connect_object (view, "chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "here", G_CALLBACK (on_here), self, G_CONNECT_SWAPPED);
  return view;
}

static GtkWidget *
create_menu (WeatherWindow *self)
{
  return cirrus_application_create_menu_button (self->application, NULL);
}

static GtkWidget *
create_welcome_page (WeatherWindow *self)
{
  GtkWidget *page;

  self->welcome = WEATHER_SEARCH_VIEW (create_search (self, TRUE));
  page = cirrus_page_new (cirrus_application_get_title (self->application), GTK_WIDGET (self->welcome));
  cirrus_page_set_flat (CIRRUS_PAGE (page), TRUE);
  cirrus_page_pack_end (CIRRUS_PAGE (page), create_menu (self));
  return page;
}

/* Most starts never see it. */
static void
ensure_welcome (WeatherWindow *self)
{
  GtkWidget *shell;

  if (self->welcome != NULL)
    return;
  shell = cirrus_shell_new ();
  cirrus_shell_add_pane (CIRRUS_SHELL (shell), "welcome", create_welcome_page (self), 0);
  gtk_stack_add_named (self->stack, shell, "welcome");
}

/* ---- Which place is shown ---- */

static void
show_entry (WeatherWindow *self, WeatherEntry *entry)
{
  weather_detail_set_entry (self->detail, entry);
  if (entry == NULL)
    return;
  g_settings_set_string (self->settings, "selected-place", weather_entry_get_id (entry));
  for (int i = 0;; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, i);

      if (row == NULL)
        return;
      if (weather_place_row_get_entry (WEATHER_PLACE_ROW (row)) == entry)
        gtk_list_box_select_row (self->list, row);
    }
}

/* The one that was shown last, else the first. */
static WeatherEntry *
pick_entry (WeatherWindow *self)
{
  g_autofree char *selected = g_settings_get_string (self->settings, "selected-place");
  WeatherEntry *entry = NULL;

  if (*selected != '\0' && weather_service_is_listed (self->service, selected))
    return weather_service_find (self->service, selected);
  entry = g_list_model_get_item (G_LIST_MODEL (self->service), 0);
  if (entry != NULL)
    g_object_unref (entry); /* the service holds it */
  return entry;
}

static gboolean
is_listed (WeatherWindow *self, WeatherEntry *entry)
{
  return entry != NULL && weather_service_is_listed (self->service, weather_entry_get_id (entry));
}

static void
update_stack (WeatherWindow *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->service));

  if (!weather_service_get_loaded (self->service))
    return;
  if (n == 0)
    {
      weather_detail_set_entry (self->detail, NULL);
      ensure_welcome (self);
      gtk_stack_set_visible_child_name (self->stack, "welcome");
      weather_search_view_focus (self->welcome);
      return;
    }
  if (!is_listed (self, weather_detail_get_entry (self->detail)))
    show_entry (self, pick_entry (self));
  gtk_stack_set_visible_child_name (self->stack, "places");
}

/* ---- Refreshing what is due ---- */

static void
on_due_refreshed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!weather_service_refresh_finish (WEATHER_SERVICE (source), result, NULL, &error))
    g_debug ("Not refreshed: %s", error->message);
}

static void
refresh_due (WeatherWindow *self)
{
  weather_service_refresh_async (self->service, NULL, WEATHER_REFRESH_WHEN_DUE, NULL, on_due_refreshed, NULL);
}

static gboolean
on_tick (gpointer user_data)
{
  WeatherWindow *self = user_data;

  for (int i = 0; self->service != NULL; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, i);

      if (row == NULL)
        break;
      weather_place_row_update (WEATHER_PLACE_ROW (row));
    }
  if (self->service != NULL)
    refresh_due (self);
  return G_SOURCE_CONTINUE;
}

/* ---- Adding, moving, removing ---- */

typedef struct
{
  WeatherWindow *window;
  char *id;
} Added;

static void
on_added (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Added *added = user_data;
  WeatherWindow *self = added->window;
  g_autoptr (GError) error = NULL;
  gboolean done = weather_service_change_finish (WEATHER_SERVICE (source), result, &error);

  if (self->service != NULL && done)
    {
      cirrus_shell_pop_all (self->shell);
      weather_window_show_place (self, added->id);
      weather_service_refresh_async (self->service, added->id, WEATHER_REFRESH_ASKED, NULL, on_due_refreshed, NULL);
    }
  else if (self->service != NULL)
    cirrus_toast (GTK_WIDGET (self->stack), cirrus_error_sentence (error));
  g_object_unref (added->window);
  g_free (added->id);
  g_free (added);
}

static Added *
added_new (WeatherWindow *self, const char *id)
{
  Added *added = g_new0 (Added, 1);

  added->window = g_object_ref (self);
  added->id = g_strdup (id);
  return added;
}

static void
on_chosen (WeatherWindow *self, WeatherPlace *place)
{
  weather_service_add_async (self->service, place, on_added, added_new (self, weather_place_get_id (place)));
}

static void
on_here (WeatherWindow *self, double latitude_deg, double longitude_deg)
{
  weather_service_set_here_async (self->service, latitude_deg, longitude_deg, on_added, added_new (self, WEATHER_PLACE_HERE));
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WeatherWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!weather_service_change_finish (WEATHER_SERVICE (source), result, &error) && self->service != NULL)
    cirrus_toast (GTK_WIDGET (self->stack), cirrus_error_sentence (error));
}

/* What Undo needs.  The toast lives in the window: it must not keep it. */
typedef struct
{
  WeatherService *service;
  GWeakRef window;
  WeatherPlace *place;
  guint position;
} Removed;

static Removed *
removed_new (WeatherWindow *window, WeatherPlace *place, guint position)
{
  Removed *removed = g_new0 (Removed, 1);

  removed->service = g_object_ref (window->service);
  g_weak_ref_init (&removed->window, window);
  removed->place = g_object_ref (place);
  removed->position = position;
  return removed;
}

static void
removed_free (Removed *removed)
{
  g_object_unref (removed->service);
  g_weak_ref_clear (&removed->window);
  g_object_unref (removed->place);
  g_free (removed);
}

static void
on_put_back (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Removed *removed = user_data;
  g_autoptr (WeatherWindow) window = g_weak_ref_get (&removed->window);
  g_autoptr (GError) error = NULL;

  if (!weather_service_change_finish (WEATHER_SERVICE (source), result, &error))
    {
      if (window != NULL && window->service != NULL)
        cirrus_toast (GTK_WIDGET (window->stack), cirrus_error_sentence (error));
    }
  else if (window != NULL)
    weather_service_move_async (removed->service, weather_place_get_id (removed->place), removed->position, on_changed,
                                g_object_ref (window));
  removed_free (removed);
}

static void
on_undo (Removed *removed)
{
  g_autoptr (WeatherWindow) window = g_weak_ref_get (&removed->window);

  if (window != NULL && window->service != NULL)
    weather_service_add_async (removed->service, removed->place, on_put_back,
                               removed_new (window, removed->place, removed->position));
}

static void
on_row_remove (WeatherWindow *self, WeatherPlaceRow *row)
{
  WeatherPlace *place = weather_entry_get_place (weather_place_row_get_entry (row));
  guint position = (guint) gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));
  /* Translators: %s is a place */
  g_autofree char *sentence = g_strdup_printf (_ ("%s removed"), weather_place_get_name (place));

  cirrus_toast_with_button (GTK_WIDGET (self->stack), sentence, _ ("Undo"), G_CALLBACK (on_undo), G_CALLBACK (removed_free),
                            removed_new (self, place, position));
  weather_service_remove_async (self->service, weather_place_get_id (place), on_changed, g_object_ref (self));
}

static void
on_row_move (WeatherWindow *self, int step, WeatherPlaceRow *row)
{
  int position = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)) + step;

  if (position >= 0)
    weather_service_move_async (self->service, weather_entry_get_id (weather_place_row_get_entry (row)), (guint) position,
                                on_changed, g_object_ref (self));
}

/* ---- The list ---- */

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  WeatherWindow *self = user_data;
  GtkWidget *row = weather_place_row_new (item, self->settings);

  weather_place_row_set_editing (WEATHER_PLACE_ROW (row), gtk_toggle_button_get_active (self->edit));
  g_signal_connect_object (row, "remove", G_CALLBACK (on_row_remove), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "move", G_CALLBACK (on_row_move), self, G_CONNECT_SWAPPED);
  return row;
}

static void
on_edit_toggled (WeatherWindow *self)
{
  gboolean editing = gtk_toggle_button_get_active (self->edit);

  for (int i = 0; gtk_list_box_get_row_at_index (self->list, i) != NULL; i++)
    weather_place_row_set_editing (WEATHER_PLACE_ROW (gtk_list_box_get_row_at_index (self->list, i)), editing);
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, WeatherWindow *self)
{
  if (gtk_toggle_button_get_active (self->edit))
    return;
  show_entry (self, weather_place_row_get_entry (WEATHER_PLACE_ROW (row)));
  cirrus_shell_show_pane (self->shell, "weather");
}

static void
on_settings_changed (WeatherWindow *self)
{
  for (int i = 0; gtk_list_box_get_row_at_index (self->list, i) != NULL; i++)
    weather_place_row_update (WEATHER_PLACE_ROW (gtk_list_box_get_row_at_index (self->list, i)));
}

/* ---- Search ---- */

void
weather_window_search (WeatherWindow *self, const char *text)
{
  WeatherSearchView *view;

  g_return_if_fail (WEATHER_IS_WINDOW (self) && text != NULL);

  if (self->service == NULL || !weather_service_get_loaded (self->service))
    {
      g_free (self->wanted_search);
      self->wanted_search = g_strdup (text);
      return;
    }
  if (g_list_model_get_n_items (G_LIST_MODEL (self->service)) == 0)
    view = self->welcome;
  else
    {
      cirrus_shell_pop_all (self->shell);
      view = WEATHER_SEARCH_VIEW (create_search (self, FALSE));
      cirrus_shell_push (self->shell, cirrus_page_new (_ ("Add a Place"), GTK_WIDGET (view)));
    }
  weather_search_view_set_text (view, text);
  weather_search_view_focus (view);
}

static void
on_add_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  weather_window_search (WEATHER_WINDOW (widget), "");
}

void
weather_window_show_place (WeatherWindow *self, const char *id)
{
  g_return_if_fail (WEATHER_IS_WINDOW (self) && id != NULL);

  if (self->service == NULL || !weather_service_get_loaded (self->service))
    {
      g_free (self->wanted_place);
      self->wanted_place = g_strdup (id);
      return;
    }
  if (!weather_service_is_listed (self->service, id))
    return;
  show_entry (self, weather_service_find (self->service, id));
  cirrus_shell_show_pane (self->shell, "weather");
}

/* ---- Building ---- */

static GtkWidget *
create_places_page (WeatherWindow *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *chip = cirrus_sample_chip_new ();
  GtkWidget *page;

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "weather-places");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Places"), -1);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (on_row_activated), self);
  gtk_widget_set_halign (chip, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (column), chip);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), column);
  page = cirrus_page_new (_ ("Places"), scrolled);
  self->edit = GTK_TOGGLE_BUTTON (gtk_toggle_button_new ());
  gtk_button_set_icon_name (GTK_BUTTON (self->edit), "document-edit-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->edit), _ ("Edit the list"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->edit), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Edit the list"), -1);
  g_signal_connect_swapped (self->edit, "toggled", G_CALLBACK (on_edit_toggled), self);
  cirrus_page_pack_start (CIRRUS_PAGE (page), cirrus_icon_button_new ("list-add-symbolic", _ ("Add a place"), "weather.add"));
  cirrus_page_pack_end (CIRRUS_PAGE (page), GTK_WIDGET (self->edit));
  cirrus_page_set_flat (CIRRUS_PAGE (page), TRUE);
  return page;
}

/* A mark on the chosen row makes sense only while its page is beside the list. */
static void
on_layout_changed (WeatherWindow *self)
{
  if (cirrus_shell_get_folded (self->shell))
    gtk_widget_remove_css_class (GTK_WIDGET (self->list), "beside");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->list), "beside");
}

static void
on_items_changed (WeatherWindow *self)
{
  update_stack (self);
}

static void
on_loaded (WeatherWindow *self)
{
  g_autofree char *place = g_steal_pointer (&self->wanted_place);
  g_autofree char *search = g_steal_pointer (&self->wanted_search);

  update_stack (self);
  if (place != NULL)
    weather_window_show_place (self, place);
  if (search != NULL)
    weather_window_search (self, search);
  refresh_due (self);
}

void
weather_window_set_service (WeatherWindow *self, WeatherService *service)
{
  g_return_if_fail (WEATHER_IS_WINDOW (self) && WEATHER_IS_SERVICE (service) && self->service == NULL);

  self->service = g_object_ref (service);
  cirrus_shell_add_pane (self->shell, "places", create_places_page (self), 330);
  self->detail = WEATHER_DETAIL (weather_detail_new (service, self->settings, create_menu (self)));
  cirrus_shell_add_pane (self->shell, "weather", GTK_WIDGET (self->detail), 0);
  cirrus_shell_show_pane (self->shell, "weather");
  g_signal_connect_object (self->shell, "layout-changed", G_CALLBACK (on_layout_changed), self, G_CONNECT_SWAPPED);
  on_layout_changed (self);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (service), create_row, self, NULL);
  g_signal_connect_object (service, "items-changed", G_CALLBACK (on_items_changed), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->settings, "changed", G_CALLBACK (on_settings_changed), self, G_CONNECT_SWAPPED);
  if (weather_service_get_loaded (service))
    on_loaded (self);
  else
    g_signal_connect_object (service, "notify::loaded", G_CALLBACK (on_loaded), self, G_CONNECT_SWAPPED);
}

void
weather_window_set_error (WeatherWindow *self, const GError *error)
{
  GtkWidget *status = cirrus_status_view_new ("error", "", "", NULL);
  GtkWidget *shell = cirrus_shell_new ();

  g_return_if_fail (WEATHER_IS_WINDOW (self));

  cirrus_status_view_set_error (CIRRUS_STATUS_VIEW (status), error);
  cirrus_status_view_set_action_name (CIRRUS_STATUS_VIEW (status), "app.retry");
  cirrus_shell_add_pane (CIRRUS_SHELL (shell), "error",
                         cirrus_page_new (cirrus_application_get_title (self->application), status), 0);
  gtk_stack_add_named (self->stack, shell, "error");
  gtk_stack_set_visible_child_name (self->stack, "error");
}

static void
weather_window_map (GtkWidget *widget)
{
  WeatherWindow *self = WEATHER_WINDOW (widget);

  GTK_WIDGET_CLASS (weather_window_parent_class)->map (widget);
  self->timer = g_timeout_add_seconds (TICK_S, on_tick, self);
}

static void
weather_window_unmap (GtkWidget *widget)
{
  WeatherWindow *self = WEATHER_WINDOW (widget);

  g_clear_handle_id (&self->timer, g_source_remove);
  GTK_WIDGET_CLASS (weather_window_parent_class)->unmap (widget);
}

static void
weather_window_dispose (GObject *object)
{
  WeatherWindow *self = WEATHER_WINDOW (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->service);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->wanted_place, g_free);
  g_clear_pointer (&self->wanted_search, g_free);
  G_OBJECT_CLASS (weather_window_parent_class)->dispose (object);
}

static void
weather_window_class_init (WeatherWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = weather_window_dispose;
  widget_class->map = weather_window_map;
  widget_class->unmap = weather_window_unmap;
  gtk_widget_class_install_action (widget_class, "weather.add", NULL, on_add_action);
}

static void
weather_window_init (WeatherWindow *self)
{
}

GtkWidget *
weather_window_new (CirrusApplication *application, GSettings *settings)
{
  WeatherWindow *self
      = g_object_new (WEATHER_TYPE_WINDOW, "application", application, "title", cirrus_application_get_title (application), NULL);

  self->application = application;
  self->settings = g_object_ref (settings);
  self->stack = GTK_STACK (gtk_stack_new ());
  self->shell = CIRRUS_SHELL (cirrus_shell_new ());
  gtk_stack_add_named (self->stack, gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "loading");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->shell), "places");
  cirrus_window_set_body (CIRRUS_WINDOW (self), GTK_WIDGET (self->stack));
  return GTK_WIDGET (self);
}
