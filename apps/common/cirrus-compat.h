/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What later GTK and libadwaita move: opening addresses, choosing files, asking.  A port touches this file (and cirrus-shell.c).
 *
 * Threading: the main thread.  Ownership: as each function says.  Errors: none; a refused choice is a NULL or FALSE answer. */

/* Opens @uri with whatever handles it ("geo:", "mailto:", "mid:", "https:"). */
void cirrus_open_uri (GtkWidget *widget, const char *uri);

/* @yes: the user chose the button that was named. */
typedef void (*CirrusAnswer) (gboolean yes, gpointer user_data);

/* A question with "Cancel" and one button named @label (red when @destructive). */
void cirrus_ask (GtkWidget *widget, const char *heading, const char *body, const char *label, gboolean destructive, CirrusAnswer answer,
                 gpointer user_data);

/* @file: (nullable) (transfer none): what was chosen, NULL when nothing was. */
typedef void (*CirrusFileChosen) (GFile *file, gpointer user_data);

/* @filter: (nullable): shown as the only kind of file. */
void cirrus_choose_file (GtkWidget *widget, const char *title, GtkFileFilter *filter, CirrusFileChosen chosen, gpointer user_data);
void cirrus_choose_folder (GtkWidget *widget, const char *title, CirrusFileChosen chosen, gpointer user_data);
void cirrus_save_file (GtkWidget *widget, const char *title, const char *suggested_name, CirrusFileChosen chosen, gpointer user_data);

/* Several files to open at once; @files: (element-type GFile), empty when nothing was chosen. */
typedef void (*CirrusFilesChosen) (GListModel *files, gpointer user_data);
void cirrus_choose_files (GtkWidget *widget, const char *title, CirrusFilesChosen chosen, gpointer user_data);

/* An AdwPasswordEntryRow whose "show" button has a name, which libadwaita 1.2 does not give it. Returns: (transfer floating) */
GtkWidget *cirrus_password_row_new (void);

G_END_DECLS
