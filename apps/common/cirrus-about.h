/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The About window: version, licence, credits.  An app adds its own data sources in CirrusApplicationClass.fill_about, with
 * adw_about_window_add_legal_section (or cirrus_about_window_add_source).
 *
 * Threading: the main thread. */

/* @name: "Mail", ...; @title: the same, translated. Returns: (transfer none), as every toplevel. */
AdwAboutWindow *cirrus_about_window_new (const char *name, const char *title);

/* What all apps owe to others: libraries, fonts, icons.  Last. */
void cirrus_about_window_add_common (AdwAboutWindow *about);

/* A source of data: "© OpenStreetMap contributors", its licence's name ("ODbL 1.0") and address. */
void cirrus_about_window_add_source (AdwAboutWindow *about, const char *title, const char *copyright, const char *licence, const char *url);

G_END_DECLS
