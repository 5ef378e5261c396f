/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-ui"

#include "cirrus-theme.h"

#include "cirrus-common-icon-resources.h"
#include "cirrus-common-resources.h"

#include <adwaita.h>

#include <string.h>

/* The look that all windows share.  A desktop that has an opinion (fonts, window buttons, colour scheme) is followed; where nobody
 * has set any, GTK's fallbacks would show DejaVu and Japanese forms of Han characters, so we choose. */

#define SMALL_SCREEN_WIDTH 720

struct _CirrusTheme
{
  const char *name;
  GSettings *settings;
  GtkCssProvider *common;
  GtkCssProvider *accent;
  gulong on_dark;
};

static const struct
{
  const char *name;
  const char *bg, *fg;           /* light: fill under white text, text on white; both at least 4.5:1 */
  const char *dark_bg, *dark_fg; /* the same on the dark window */
} accents[] = {
  { "Mail", "#1c66c9", "#1a5fb4", "#2a72d4", "#83b6f5" },
  { "Search", "#7b45b8", "#6c3aa6", "#8450c2", "#c7a4f2" },
  { "Weather", "#0b73a8", "#0a6a9b", "#137bb0", "#7bcbf3" },
  { "Navi", "#1b7a46", "#18703f", "#21824c", "#7fd6a4" },
  { "Home", "#3b5a86", "#34517a", "#47689a", "#a3bfe6" },
};

void
cirrus_theme_init_languages (void)
{
  const char *const *names = g_get_language_names ();

  if (g_getenv ("PANGO_LANGUAGE") != NULL)
    return;
  for (gsize i = 0; names[i] != NULL; i++)
    if (g_str_has_prefix (names[i], "zh") || g_str_has_prefix (names[i], "ja") || g_str_has_prefix (names[i], "ko"))
      return;
  g_setenv ("PANGO_LANGUAGE", "en:zh-cn", FALSE);
}

void
cirrus_theme_register_resources (void)
{
  static gsize done;

  if (g_once_init_enter (&done))
    {
      cirrus_common_register_resource ();
      cirrus_common_icons_register_resource ();
      g_once_init_leave (&done, 1);
    }
}

static void
choose_where_nobody_did (GtkSettings *settings)
{
  g_autofree char *font = NULL;
  g_autofree char *buttons = NULL;

  g_object_get (settings, "gtk-font-name", &font, "gtk-decoration-layout", &buttons, NULL);
  if (font == NULL || g_str_has_prefix (font, "Sans ") || g_str_has_prefix (font, "DejaVu"))
    g_object_set (settings, "gtk-font-name", "Cantarell,WenQuanYi Micro Hei 11", NULL);
  if (g_strcmp0 (buttons, "menu:minimize,maximize,close") == 0)
    g_object_set (settings, "gtk-decoration-layout", ":close", NULL);
}

static void
load_accent (CirrusTheme *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  gsize n = 0;
  g_autofree char *css = NULL;

  while (n + 1 < G_N_ELEMENTS (accents) && strcmp (accents[n].name, self->name) != 0)
    n++;
  css = g_strdup_printf ("@define-color accent_bg_color %s; @define-color accent_fg_color #ffffff; @define-color accent_color %s;"
                         "@define-color cirrus_shade_color %s; @define-color cirrus_skeleton_color %s;",
                         dark ? accents[n].dark_bg : accents[n].bg, dark ? accents[n].dark_fg : accents[n].fg,
                         dark ? "rgba(0,0,0,0.5)" : "rgba(0,0,0,0.16)", dark ? "rgba(255,255,255,0.1)" : "rgba(0,0,0,0.08)");
  gtk_css_provider_load_from_data (self->accent, css, -1);
}

static void
on_scheme_changed (CirrusTheme *self)
{
  g_autofree char *scheme = g_settings_get_string (self->settings, "color-scheme");
  AdwColorScheme value = ADW_COLOR_SCHEME_DEFAULT;

  if (strcmp (scheme, "light") == 0)
    value = ADW_COLOR_SCHEME_FORCE_LIGHT;
  else if (strcmp (scheme, "dark") == 0)
    value = ADW_COLOR_SCHEME_FORCE_DARK;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), value);
}

CirrusTheme *
cirrus_theme_new (const char *name, GSettings *settings)
{
  GdkDisplay *display = gdk_display_get_default ();
  CirrusTheme *self = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (display != NULL, NULL);

  self = g_new0 (CirrusTheme, 1);
  self->name = g_intern_string (name);
  self->settings = g_object_ref (settings);
  self->common = gtk_css_provider_new ();
  self->accent = gtk_css_provider_new ();
  cirrus_theme_register_resources ();
  choose_where_nobody_did (gtk_settings_get_for_display (display));
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (display), "/org/cirrussuite/common/icons");
  g_signal_connect_swapped (settings, "changed::color-scheme", G_CALLBACK (on_scheme_changed), self);
  on_scheme_changed (self);
  self->on_dark = g_signal_connect_swapped (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (load_accent), self);
  load_accent (self);
  gtk_css_provider_load_from_resource (self->common, "/org/cirrussuite/common/style.css");
  /* Below the app's own sheet, which AdwApplication adds at the application's priority. */
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (self->accent), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION - 2);
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (self->common), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION - 1);
  return self;
}

void
cirrus_theme_free (CirrusTheme *self)
{
  g_return_if_fail (self != NULL);

  g_signal_handler_disconnect (adw_style_manager_get_default (), self->on_dark);
  g_signal_handlers_disconnect_by_data (self->settings, self);
  g_object_unref (self->settings);
  g_object_unref (self->common);
  g_object_unref (self->accent);
  g_free (self);
}

static gboolean
get_screen_size (int *width, int *height)
{
  GdkDisplay *display = gdk_display_get_default ();
  GListModel *monitors = display != NULL ? gdk_display_get_monitors (display) : NULL;
  g_autoptr (GdkMonitor) monitor = monitors != NULL ? g_list_model_get_item (monitors, 0) : NULL;
  GdkRectangle area;

  if (monitor == NULL)
    return FALSE;
  gdk_monitor_get_geometry (monitor, &area);
  *width = area.width;
  *height = area.height;
  return area.width > 0 && area.height > 0;
}

gboolean
cirrus_theme_is_small_screen (void)
{
  int width = 0;
  int height = 0;

  return get_screen_size (&width, &height) && width < SMALL_SCREEN_WIDTH;
}

void
cirrus_theme_fit_window (GtkWindow *window, int width, int height)
{
  int screen_width = 0;
  int screen_height = 0;

  g_return_if_fail (GTK_IS_WINDOW (window));

  if (get_screen_size (&screen_width, &screen_height))
    {
      gboolean fill = screen_width < SMALL_SCREEN_WIDTH;

      /* Without a frame: a phone's shell maximizes windows, and where none runs the frame would eat into the picture. */
      if (fill)
        gtk_widget_add_css_class (GTK_WIDGET (window), "fills-screen");
      width = fill ? screen_width : MIN (width, screen_width);
      height = fill ? screen_height : MIN (height, screen_height);
    }
  gtk_window_set_default_size (window, width, height);
}
