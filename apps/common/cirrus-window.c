/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-ui"

#include "cirrus-window.h"

#include "cirrus-theme.h"
#include "cloud-paths.h"

#include <glib/gi18n.h>

/* Size, toasts, and nothing else. */

enum
{
  PROP_BODY = 1,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

#define DEFAULT_WIDTH 1040
#define DEFAULT_HEIGHT 720
/* Long enough to read it, find the button and reach it. */
#define BUTTON_TOAST_S 10

typedef struct
{
  AdwToastOverlay *toasts;
} CirrusWindowPrivate;

G_DEFINE_TYPE_WITH_PRIVATE (CirrusWindow, cirrus_window, ADW_TYPE_APPLICATION_WINDOW)

static AdwToastOverlay *
get_toasts (CirrusWindow *self)
{
  return ((CirrusWindowPrivate *) cirrus_window_get_instance_private (self))->toasts;
}

/* The size of the last window, by application, in one key file of the profile. */

static char *
size_file (void)
{
  g_autofree char *dir = cloud_paths_config_dir ("common");

  return g_build_filename (dir, "windows.ini", NULL);
}

static void
restore_size (CirrusWindow *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = size_file ();
  int width = 0;
  int height = 0;

  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    {
      width = g_key_file_get_integer (file, g_get_prgname (), "width", NULL);
      height = g_key_file_get_integer (file, g_get_prgname (), "height", NULL);
      if (g_key_file_get_boolean (file, g_get_prgname (), "maximized", NULL))
        gtk_window_maximize (GTK_WINDOW (self));
    }
  cirrus_theme_fit_window (GTK_WINDOW (self), width >= 360 ? width : DEFAULT_WIDTH, height >= 360 ? height : DEFAULT_HEIGHT);
}

static gboolean
cirrus_window_close_request (GtkWindow *window)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = size_file ();
  int width = 0;
  int height = 0;

  if (!cirrus_theme_is_small_screen ())
    {
      g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
      gtk_window_get_default_size (window, &width, &height);
      g_key_file_set_integer (file, g_get_prgname (), "width", width);
      g_key_file_set_integer (file, g_get_prgname (), "height", height);
      g_key_file_set_boolean (file, g_get_prgname (), "maximized", gtk_window_is_maximized (window));
      g_key_file_save_to_file (file, path, NULL);
    }
  return GTK_WINDOW_CLASS (cirrus_window_parent_class)->close_request (window);
}

/* Lifecycle */

static void
cirrus_window_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_BODY)
    g_value_set_object (value, adw_toast_overlay_get_child (get_toasts (CIRRUS_WINDOW (object))));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cirrus_window_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_BODY)
    cirrus_window_set_body (CIRRUS_WINDOW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cirrus_window_class_init (CirrusWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = cirrus_window_get_property;
  object_class->set_property = cirrus_window_set_property;
  GTK_WINDOW_CLASS (klass)->close_request = cirrus_window_close_request;
  props[PROP_BODY] = g_param_spec_object ("body", NULL, NULL, GTK_TYPE_WIDGET, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
cirrus_window_init (CirrusWindow *self)
{
  CirrusWindowPrivate *priv = cirrus_window_get_instance_private (self);

  priv->toasts = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self), GTK_WIDGET (priv->toasts));
  gtk_widget_set_size_request (GTK_WIDGET (self), 360, 360);
  restore_size (self);
}

/* Public functions */

GtkWidget *
cirrus_window_new (GtkApplication *application, const char *title)
{
  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);
  return g_object_new (CIRRUS_TYPE_WINDOW, "application", application, "title", title, NULL);
}

void
cirrus_window_set_body (CirrusWindow *self, GtkWidget *body)
{
  g_return_if_fail (CIRRUS_IS_WINDOW (self));
  g_return_if_fail (body == NULL || GTK_IS_WIDGET (body));

  adw_toast_overlay_set_child (get_toasts (self), body);
}

/* What ends after its page was left is said in the window that is still there.  Returns: (nullable). */
static GtkWidget *
find_toasts (GtkWidget *widget)
{
  GtkWidget *overlay = CIRRUS_IS_WINDOW (widget) ? NULL : gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
  GApplication *application = g_application_get_default ();

  if (overlay != NULL)
    return overlay;
  if (!CIRRUS_IS_WINDOW (widget))
    widget = GTK_IS_APPLICATION (application) ? GTK_WIDGET (gtk_application_get_active_window (GTK_APPLICATION (application))) : NULL;
  return CIRRUS_IS_WINDOW (widget) ? GTK_WIDGET (get_toasts (CIRRUS_WINDOW (widget))) : NULL;
}

/* libadwaita 1.2 gives the close button of a toast no name, and cuts a sentence that is wider than a phone. */
static void
mend_toast (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    {
      gtk_label_set_wrap (GTK_LABEL (widget), TRUE);
      gtk_label_set_lines (GTK_LABEL (widget), 3);
    }
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (widget)), "window-close-symbolic") == 0)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Close"), -1);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    mend_toast (child);
}

static gboolean
on_toast_shown (GtkWidget *overlay, GdkFrameClock *clock, gpointer user_data)
{
  GtkWidget *body = adw_toast_overlay_get_child (ADW_TOAST_OVERLAY (overlay));

  for (GtkWidget *child = gtk_widget_get_first_child (overlay); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (child != body)
      mend_toast (child);
  return G_SOURCE_REMOVE;
}

/* A toast that waited behind another is shown when that is gone. */
static void
on_toast_dismissed (GtkWidget *overlay)
{
  gtk_widget_add_tick_callback (overlay, on_toast_shown, NULL, NULL);
}

void
cirrus_toast (GtkWidget *widget, const char *sentence)
{
  cirrus_toast_with_button (widget, sentence, NULL, NULL, NULL, NULL);
}

void
cirrus_toast_with_button (GtkWidget *widget, const char *sentence, const char *button, GCallback on_button, GCallback on_gone,
                          gpointer user_data)
{
  GtkWidget *overlay = NULL;
  g_autofree char *escaped = NULL;
  AdwToast *toast = NULL;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (sentence != NULL);

  overlay = find_toasts (widget);
  if (overlay == NULL)
    {
      if (on_gone != NULL)
        ((void (*) (gpointer)) on_gone) (user_data);
      return;
    }
  escaped = g_markup_escape_text (sentence, -1);
  toast = adw_toast_new (escaped);
  adw_toast_set_button_label (toast, button);
  if (button != NULL)
    adw_toast_set_timeout (toast, BUTTON_TOAST_S);
  if (on_button != NULL)
    g_signal_connect_swapped (toast, "button-clicked", on_button, user_data);
  if (on_gone != NULL)
    g_signal_connect_swapped (toast, "dismissed", on_gone, user_data);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (on_toast_dismissed), overlay, G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
  on_toast_shown (overlay, NULL, NULL);
}
