/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "gallery"

#include "cirrus-common.h"

#include "cloud-error.h"
#include "cloud-time.h"

#include <string.h>

/* Every common widget in one window, each on a page of its own, for the UI test: what apps show, without an app. */

#define GALLERY_TYPE_APPLICATION (gallery_application_get_type ())
G_DECLARE_FINAL_TYPE (GalleryApplication, gallery_application, GALLERY, APPLICATION, CirrusApplication)

struct _GalleryApplication
{
  CirrusApplication parent;
};

G_DEFINE_FINAL_TYPE (GalleryApplication, gallery_application, CIRRUS_TYPE_APPLICATION)

static guint64 kept_bytes = 3400000;

static guint64
measure_kept (gpointer user_data)
{
  return kept_bytes;
}

static void
clear_kept (gpointer user_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, callback_data);

  kept_bytes = 0;
  g_task_return_boolean (task, TRUE);
}

static gboolean
clear_kept_finish (gpointer user_data, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Takes until it is stopped. */
static void
on_stopped (GCancellable *cancellable, gpointer user_data)
{
  g_task_return_error_if_cancelled (user_data);
}

static void
clear_slowly (gpointer data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, callback_data);

  g_cancellable_connect (cancellable, G_CALLBACK (on_stopped), task, g_object_unref);
}

static double
get_progress (gpointer data)
{
  return 0.4;
}

static guint64
measure_clearable (gpointer data)
{
  return 1200000;
}

static void
gallery_application_fill_preferences (CirrusApplication *app, AdwPreferencesWindow *window)
{
  static const CirrusStorageEntry entry = { "Forecasts", "Fetched again when there is a network", "They cannot be seen offline until then.",
                                            measure_kept, clear_kept, clear_kept_finish };
  static const CirrusStorageEntry slow = { .title = "Letters",
                                           .subtitle = "Fetched again when they are opened",
                                           .question = "Remove the letters?",
                                           .measure = measure_kept,
                                           .clearable = measure_clearable,
                                           .clear_async = clear_slowly,
                                           .clear_finish = clear_kept_finish,
                                           .progress = get_progress };
  GtkWidget *page = cirrus_storage_page_new ();

  cirrus_storage_page_add (CIRRUS_STORAGE_PAGE (page), &slow, NULL, NULL);
  cirrus_storage_page_add (CIRRUS_STORAGE_PAGE (page), &entry, NULL, NULL);
  adw_preferences_window_add (window, ADW_PREFERENCES_PAGE (page));
}

static void
on_toast_gone (gpointer user_data)
{
  g_print ("The toast is gone.\n");
}

static void
on_activated (GtkWidget *view)
{
  cirrus_toast_with_button (view, "Tried again", "Undo", NULL, G_CALLBACK (on_toast_gone), NULL);
}

static GtkWidget *
create_states (void)
{
  static const char *const pictures[] = { "empty", "mail", "search", "pages", "places", "map", "weather", "offline", "error", "welcome" };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (pictures); i++)
    {
      GtkWidget *view = cirrus_status_view_new (pictures[i], pictures[i], "One sentence that says what to do next.", "One Button");

      cirrus_status_view_set_compact (CIRRUS_STATUS_VIEW (view), TRUE);
      gtk_widget_set_size_request (view, -1, 420);
      g_signal_connect (view, "activated", G_CALLBACK (on_activated), NULL);
      gtk_box_append (GTK_BOX (box), view);
    }
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  return scrolled;
}

static GtkWidget *
create_error (void)
{
  g_autoptr (GError) error = g_error_new_literal (CLOUD_ERROR, CLOUD_ERROR_OFFLINE, "ECONNREFUSED");
  GtkWidget *view = cirrus_status_view_new (NULL, NULL, NULL, NULL);

  cirrus_status_view_set_error (CIRRUS_STATUS_VIEW (view), error);
  g_signal_connect (view, "activated", G_CALLBACK (on_activated), NULL);
  return view;
}

static GtkWidget *
create_chips (void)
{
  g_autoptr (GError) error = g_error_new_literal (CLOUD_ERROR, CLOUD_ERROR_OFFLINE, "ECONNREFUSED");
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *banner = cirrus_offline_banner_new ();
  GtkWidget *chip = cirrus_age_chip_new ();
  GtkWidget *pill = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *round = cirrus_icon_button_new ("find-location-symbolic", "My position", NULL);
  GtkWidget *figure = gtk_label_new ("18°");
  GtkWidget *sentence = gtk_label_new ("Rather two lines of the same length, so that no word stands alone at the end");

  cirrus_offline_banner_set_error (CIRRUS_OFFLINE_BANNER (banner), error);
  cirrus_age_chip_set_time (CIRRUS_AGE_CHIP (chip), cloud_time_now_unix_us () - 5 * G_TIME_SPAN_MINUTE);
  cirrus_age_chip_set_stale (CIRRUS_AGE_CHIP (chip), TRUE);
  gtk_widget_add_css_class (pill, "search-pill");
  gtk_widget_add_css_class (round, "round-button");
  gtk_widget_set_halign (round, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (figure, "figure");
  gtk_widget_set_margin_start (pill, 12);
  gtk_widget_set_margin_end (pill, 12);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), "Search here");
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, "Search", -1);
  gtk_box_append (GTK_BOX (pill), cirrus_icon_button_new ("edit-find-symbolic", "Find", NULL));
  gtk_box_append (GTK_BOX (pill), entry);
  gtk_box_append (GTK_BOX (box), banner);
  gtk_box_append (GTK_BOX (box), chip);
  gtk_box_append (GTK_BOX (box), figure);
  gtk_box_append (GTK_BOX (box), pill);
  gtk_label_set_wrap (GTK_LABEL (sentence), TRUE);
  gtk_label_set_justify (GTK_LABEL (sentence), GTK_JUSTIFY_CENTER);
  gtk_box_append (GTK_BOX (box), cirrus_balanced_new (sentence));
  gtk_box_append (GTK_BOX (box), round);
  gtk_box_append (GTK_BOX (box), cirrus_skeleton_list_new (5, 72, TRUE));
  return box;
}

static GtkWidget *
create_icons (void)
{
  static const char *const names[] = { "cirrus-outbox-symbolic", "cirrus-inbox-symbolic", "cirrus-archive-symbolic",
                                       "cirrus-draft-symbolic", "cirrus-reader-symbolic", "cirrus-globe-symbolic", "cirrus-private-symbolic",
                                       "cirrus-appearance-symbolic", "cirrus-storage-symbolic", "cirrus-offline-symbolic" };
  GtkWidget *flow = gtk_flow_box_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GtkWidget *image = gtk_image_new_from_icon_name (names[i]);

      gtk_image_set_pixel_size (GTK_IMAGE (image), 64);
      gtk_flow_box_append (GTK_FLOW_BOX (flow), image);
    }
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (flow), GTK_SELECTION_NONE);
  return flow;
}

static void
on_row (GtkWidget *row, gpointer user_data)
{
  CirrusShell *shell = cirrus_shell_get_for (row);
  const char *name = user_data;

  if (strcmp (name, "Chips") == 0)
    cirrus_shell_push (shell, cirrus_page_new (name, create_chips ()));
  else if (strcmp (name, "States") == 0)
    cirrus_shell_push (shell, cirrus_page_new (name, create_states ()));
  else if (strcmp (name, "Icons") == 0)
    cirrus_shell_push (shell, cirrus_page_new (name, create_icons ()));
  else
    cirrus_shell_show_pane (shell, "detail");
}

static GtkWindow *
gallery_application_create_window (CirrusApplication *app)
{
  static const char *const rows[] = { "Detail", "Chips", "States", "Icons" };
  GtkWidget *window = cirrus_window_new (GTK_APPLICATION (app), "Gallery");
  GtkWidget *shell = cirrus_shell_new ();
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *list = cirrus_page_new ("Gallery", group);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), rows[i]);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      g_signal_connect (row, "activated", G_CALLBACK (on_row), (gpointer) rows[i]);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
    }
  gtk_widget_set_margin_start (group, 12);
  gtk_widget_set_margin_end (group, 12);
  gtk_widget_set_margin_top (group, 12);
  cirrus_page_pack_end (CIRRUS_PAGE (list), cirrus_application_create_menu_button (app, NULL));
  cirrus_shell_add_pane (CIRRUS_SHELL (shell), "list", list, 320);
  cirrus_shell_add_pane (CIRRUS_SHELL (shell), "detail", cirrus_page_new ("Detail", create_error ()), 0);
  cirrus_window_set_body (CIRRUS_WINDOW (window), shell);
  return GTK_WINDOW (window);
}

static void
gallery_application_class_init (GalleryApplicationClass *klass)
{
  CIRRUS_APPLICATION_CLASS (klass)->create_window = gallery_application_create_window;
  CIRRUS_APPLICATION_CLASS (klass)->fill_preferences = gallery_application_fill_preferences;
}

static void
gallery_application_init (GalleryApplication *self)
{
}

int
main (int argc, char **argv)
{
  return cirrus_application_run (GALLERY_TYPE_APPLICATION, argc > 1 ? argv[1] : "Weather", 1, argv);
}
