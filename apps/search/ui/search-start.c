/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-start.h"

#include "cirrus-common.h"
#include "search-row.h"

#include <glib/gi18n.h>

/* Two lists that are made anew when something kept changes. */

#define RECENT_MAX 8

struct _SearchStart
{
  GtkWidget parent_instance;

  SearchEngine *engine;
  GCancellable *cancellable;
  GtkWidget *box;
  GtkWidget *welcome;
  GtkWidget *recent;
  GtkListBox *recent_list;
  GtkListBox *kept_list;
  guint n_pages;
};

G_DEFINE_FINAL_TYPE (SearchStart, search_start, GTK_TYPE_WIDGET)

static guint ask_signal;

static void
clear_list (GtkListBox *list)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, 0)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
}

static void
on_forgotten (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SearchStart) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!search_engine_forget_finish (SEARCH_ENGINE (source), result, &error) && cirrus_error_sentence (error) != NULL)
    cirrus_toast (GTK_WIDGET (self), cirrus_error_sentence (error));
}

static void
on_remove_clicked (GtkButton *button, SearchStart *self)
{
  search_engine_forget_async (self->engine, g_object_get_data (G_OBJECT (button), "text"), 0, on_forgotten, g_object_ref (self));
}

static void
on_clear_answered (gboolean yes, gpointer user_data)
{
  g_autoptr (SearchStart) self = user_data;

  if (yes && self->engine != NULL)
    search_engine_forget_async (self->engine, NULL, 0, on_forgotten, g_object_ref (self));
}

static void
on_clear_clicked (GtkButton *button, SearchStart *self)
{
  cirrus_ask (GTK_WIDGET (self), _ ("Clear Recent Searches?"), _ ("They will no longer be suggested."), _ ("Clear"), TRUE, on_clear_answered,
              g_object_ref (self));
}

static GtkWidget *
recent_row_new (SearchStart *self, const char *text)
{
  g_autofree char *label = g_strdup_printf (_ ("Forget “%s”"), text);
  GtkWidget *remove = cirrus_icon_button_new ("window-close-symbolic", label, NULL);
  GtkWidget *row = search_row_new ("document-open-recent-symbolic", text, NULL, remove);

  g_object_set_data_full (G_OBJECT (remove), "text", g_strdup (text), g_free);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (on_remove_clicked), self, 0);
  g_object_set_data_full (G_OBJECT (row), "text", g_strdup (text), g_free);
  return row;
}

static void
on_recent_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SearchStart) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) texts = search_store_list_finish (NULL, result, &error);
  guint n = texts != NULL ? texts->len : 0;

  if (self->engine == NULL || error != NULL)
    return;
  clear_list (self->recent_list);
  for (guint i = 0; i < n; i++)
    gtk_list_box_append (self->recent_list, recent_row_new (self, g_ptr_array_index (texts, i)));
  gtk_widget_set_visible (self->recent, n > 0);
  gtk_widget_set_visible (self->welcome, n == 0);
}

static char *
join_names (GListModel *model, const char *(*get_name) (gpointer item), gboolean (*is_wanted) (gpointer item))
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (model, i);

      /* Translators: between the names of a list */
      if (is_wanted (item))
        g_string_append_printf (names, "%s%s", names->len > 0 ? _ (", ") : "", get_name (item));
    }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
append_kept_row (SearchStart *self, const char *icon_name, const char *title, const char *subtitle, const char *action)
{
  GtkWidget *row = search_row_new (icon_name, title, subtitle, gtk_image_new_from_icon_name ("go-next-symbolic"));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), action);
  gtk_list_box_append (self->kept_list, row);
}

static void
on_providers_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SearchStart) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) providers = search_store_list_finish (NULL, result, &error);
  g_autoptr (GListStore) list = g_list_store_new (SEARCH_TYPE_PROVIDER);
  g_autofree char *web = NULL;
  g_autofree char *apps = NULL;
  g_autofree char *pages = NULL;

  if (self->engine == NULL || providers == NULL)
    return;
  for (guint i = 0; i < providers->len; i++)
    g_list_store_append (list, g_ptr_array_index (providers, i));
  web = join_names (G_LIST_MODEL (list), (gpointer) search_provider_get_name, (gpointer) search_provider_get_enabled);
  apps = join_names (cloud_search_provider_client_get_providers (search_engine_get_apps (self->engine)),
                     (gpointer) cloud_search_provider_info_get_name, (gpointer) cloud_search_provider_info_get_default_enabled);
  pages = self->n_pages > 0 ? g_strdup_printf (ngettext ("%u page, readable offline", "%u pages, readable offline", self->n_pages), self->n_pages)
                            : g_strdup (_ ("Pages you save can be read and searched offline"));
  clear_list (self->kept_list);
  append_kept_row (self, "cirrus-reader-symbolic", _ ("Saved Pages"), pages, "app.show-saved");
  append_kept_row (self, "phone-symbolic", _ ("This Device"), apps[0] != '\0' ? apps : _ ("No app answers searches yet"), "app.preferences");
  append_kept_row (self, "cirrus-globe-symbolic", _ ("Web"), web[0] != '\0' ? web : _ ("No Web search is set up"), "app.preferences");
}

static void
on_pages_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SearchStart) self = user_data;
  g_autoptr (GPtrArray) pages = search_store_list_finish (NULL, result, NULL);

  if (self->engine == NULL)
    return;
  self->n_pages = pages != NULL ? pages->len : 0;
  search_store_list_providers_async (search_engine_get_store (self->engine), self->cancellable, on_providers_ready, g_object_ref (self));
}

static void
reload (SearchStart *self)
{
  SearchStore *store = search_engine_get_store (self->engine);

  if (store == NULL)
    return;
  search_store_list_history_async (store, "", RECENT_MAX, self->cancellable, on_recent_ready, g_object_ref (self));
  search_store_list_pages_async (store, self->cancellable, on_pages_ready, g_object_ref (self));
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, SearchStart *self)
{
  const char *text = g_object_get_data (G_OBJECT (row), "text");

  if (text != NULL)
    g_signal_emit (self, ask_signal, 0, text);
}

static void
search_start_dispose (GObject *object)
{
  SearchStart *self = SEARCH_START (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (search_start_parent_class)->dispose (object);
}

static void
search_start_finalize (GObject *object)
{
  g_object_unref (SEARCH_START (object)->cancellable);
  G_OBJECT_CLASS (search_start_parent_class)->finalize (object);
}

static void
search_start_class_init (SearchStartClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = search_start_dispose;
  G_OBJECT_CLASS (klass)->finalize = search_start_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  ask_signal = g_signal_new ("ask", SEARCH_TYPE_START, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
search_start_init (SearchStart *self)
{
  GtkWidget *clear = gtk_button_new_with_label (_ ("Clear All"));

  self->cancellable = g_cancellable_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->welcome = cirrus_status_view_new ("search", _ ("One Box for Everything"), _ ("The Web, and what is on this device."), NULL);
  cirrus_status_view_set_compact (CIRRUS_STATUS_VIEW (self->welcome), TRUE);
  gtk_widget_set_visible (self->welcome, FALSE);
  gtk_widget_add_css_class (clear, "flat");
  gtk_widget_add_css_class (clear, "search-clear");
  g_signal_connect_object (clear, "clicked", G_CALLBACK (on_clear_clicked), self, 0);
  self->recent = search_section_new (_ ("Recent"), clear, &self->recent_list);
  gtk_widget_set_visible (self->recent, FALSE);
  g_signal_connect_object (self->recent_list, "row-activated", G_CALLBACK (on_row_activated), self, 0);
  gtk_box_append (GTK_BOX (self->box), self->welcome);
  gtk_box_append (GTK_BOX (self->box), self->recent);
  gtk_box_append (GTK_BOX (self->box), search_section_new (_ ("Where Search Looks"), NULL, &self->kept_list));
}

GtkWidget *
search_start_new (void)
{
  return g_object_new (SEARCH_TYPE_START, NULL);
}

void
search_start_set_engine (SearchStart *self, SearchEngine *engine)
{
  g_return_if_fail (SEARCH_IS_START (self) && SEARCH_IS_ENGINE (engine));

  g_set_object (&self->engine, engine);
  g_signal_connect_object (engine, "changed", G_CALLBACK (reload), self, G_CONNECT_SWAPPED);
  reload (self);
}
