/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-ui"

#include "cirrus-about.h"

#include "cirrus-theme.h"
#include "config.h"

#include <glib/gi18n.h>

/* Who made it, under which licences, and from what. */

AdwAboutWindow *
cirrus_about_window_new (const char *name, const char *title)
{
  g_autofree char *icon = NULL;
  GtkWidget *about = NULL;

  g_return_val_if_fail (name != NULL && title != NULL, NULL);

  icon = g_strconcat (CIRRUS_ID_PREFIX ".", name, NULL);
  about = g_object_new (ADW_TYPE_ABOUT_WINDOW,
                        "application-name", title,
                        "application-icon", icon,
                        "version", CIRRUS_VERSION,
                        "developer-name", _ ("The Cirrus project"),
                        "website", CIRRUS_CONTACT,
                        "license-type", GTK_LICENSE_GPL_3_0,
                        "copyright", "© 2026 The Cirrus project",
                        "translator-credits", _ ("translator-credits"),
                        "modal", TRUE,
                        NULL);
  cirrus_theme_fit_window (GTK_WINDOW (about), 360, 640);
  return ADW_ABOUT_WINDOW (about);
}

void
cirrus_about_window_add_common (AdwAboutWindow *about)
{
  g_return_if_fail (ADW_IS_ABOUT_WINDOW (about));

  adw_about_window_add_legal_section (about, _ ("Libraries"), "GTK, libadwaita, GLib, libsecret, libxml2, libcurl, SQLite, Jansson, zstd",
                                      GTK_LICENSE_CUSTOM, _ ("Free software; each under its own licence (LGPL, MIT, BSD, curl, public domain)."));
  adw_about_window_add_legal_section (about, _ ("Fonts and icons"), "Cantarell, WenQuanYi Micro Hei, Adwaita icons", GTK_LICENSE_CUSTOM,
                                      _ ("SIL Open Font License, Apache License 2.0 or GPL 3 with font exception, CC BY-SA 3.0."));
}

void
cirrus_about_window_add_source (AdwAboutWindow *about, const char *title, const char *copyright, const char *licence, const char *url)
{
  g_autofree char *text = NULL;

  g_return_if_fail (ADW_IS_ABOUT_WINDOW (about));
  g_return_if_fail (title != NULL && licence != NULL && url != NULL);

  text = g_markup_printf_escaped ("<a href=\"%s\">%s</a>", url, licence);
  adw_about_window_add_legal_section (about, title, copyright, GTK_LICENSE_CUSTOM, text);
}
