/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-ui"

#include "cirrus-shortcuts.h"

#include "cirrus-theme.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* A plain list of keys and what they do: GtkShortcutsWindow wants 700 px, which a phone does not have. */

typedef struct
{
  char *accel;
  char *title;
} Shortcut;

struct _CirrusShortcuts
{
  GPtrArray *items;
};

static void
shortcut_free (gpointer data)
{
  Shortcut *item = data;

  g_free (item->accel);
  g_free (item->title);
  g_free (item);
}

CirrusShortcuts *
cirrus_shortcuts_new (void)
{
  CirrusShortcuts *self = g_new0 (CirrusShortcuts, 1);

  self->items = g_ptr_array_new_with_free_func (shortcut_free);
  return self;
}

void
cirrus_shortcuts_free (CirrusShortcuts *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->items);
  g_free (self);
}

void
cirrus_shortcuts_add (CirrusShortcuts *self, const char *accel, const char *title)
{
  Shortcut *item = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (accel != NULL && title != NULL);

  item = g_new0 (Shortcut, 1);
  item->accel = g_strdup (accel);
  item->title = g_strdup (title);
  g_ptr_array_insert (self->items, self->items->len >= 4 ? (int) self->items->len - 4 : -1, item);
}

void
cirrus_shortcuts_show (CirrusShortcuts *self, GtkWindow *parent)
{
  GtkWidget *window = NULL;
  GtkWidget *page = NULL;
  GtkWidget *group = NULL;

  g_return_if_fail (self != NULL);

  window = adw_preferences_window_new ();
  page = adw_preferences_page_new ();
  group = adw_preferences_group_new ();
  adw_preferences_page_set_title (ADW_PREFERENCES_PAGE (page), _ ("Keyboard Shortcuts"));
  adw_preferences_page_set_icon_name (ADW_PREFERENCES_PAGE (page), "input-keyboard-symbolic");
  for (guint i = 0; i < self->items->len; i++)
    {
      Shortcut *item = g_ptr_array_index (self->items, i);
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *label = gtk_shortcut_label_new (item->accel);

      gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), item->title);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
    }
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), ADW_PREFERENCES_PAGE (page));
  adw_preferences_window_set_search_enabled (ADW_PREFERENCES_WINDOW (window), FALSE);
  gtk_window_set_title (GTK_WINDOW (window), _ ("Keyboard Shortcuts"));
  cirrus_theme_fit_window (GTK_WINDOW (window), 480, 560);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_present (GTK_WINDOW (window));
}
