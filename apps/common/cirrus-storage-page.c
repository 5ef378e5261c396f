/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-ui"

#include "cirrus-storage-page.h"

#include "cirrus-compat.h"
#include "cirrus-text.h"
#include "cirrus-window.h"

#include <glib/gi18n.h>

/* A row for each kind of data: its size, counted on a worker thread, and a button that clears it. */

struct _CirrusStoragePage
{
  AdwPreferencesPage parent;

  AdwPreferencesGroup *group;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (CirrusStoragePage, cirrus_storage_page, ADW_TYPE_PREFERENCES_PAGE)

/* Counted by references: the row, a running measurement and a running clearing each hold it. */
typedef struct
{
  CirrusStorageEntry entry;
  gpointer user_data;
  GDestroyNotify destroy;
  char *title;
  char *question;
  GWeakRef row;
  GWeakRef size;
  GWeakRef button;
  GCancellable *cancellable;
} Item;

static void
item_clear (gpointer data)
{
  Item *item = data;

  if (item->destroy != NULL)
    item->destroy (item->user_data);
  g_free (item->title);
  g_free (item->question);
  g_weak_ref_clear (&item->row);
  g_weak_ref_clear (&item->size);
  g_weak_ref_clear (&item->button);
  g_object_unref (item->cancellable);
}

static void
item_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, item_clear);
}

static void
item_unref_closure (gpointer data, GClosure *closure)
{
  item_unref (data);
}

static void
measure_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Item *item = task_data;

  g_task_return_int (task, (gssize) MIN (item->entry.measure (item->user_data), G_MAXSSIZE));
}

static void
on_measured (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Item *item = g_task_get_task_data (G_TASK (result));
  g_autoptr (GtkLabel) size = g_weak_ref_get (&item->size);
  g_autoptr (GtkWidget) button = g_weak_ref_get (&item->button);
  gssize bytes = g_task_propagate_int (G_TASK (result), NULL);
  g_autofree char *text = cirrus_format_size ((guint64) MAX (0, bytes));

  if (size != NULL)
    gtk_label_set_label (size, text);
  if (button != NULL)
    gtk_widget_set_sensitive (button, bytes > 0);
}

static void
measure (Item *item)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_measured, NULL);

  g_task_set_task_data (task, g_atomic_rc_box_acquire (item), item_unref);
  g_task_run_in_thread (task, measure_in_thread);
}

static void
on_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Item *item = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GtkWidget) row = g_weak_ref_get (&item->row);
  gboolean done = item->entry.clear_finish == NULL || item->entry.clear_finish (item->user_data, result, &error);

  if (row != NULL)
    {
      measure (item);
      if (!done && error != NULL && cirrus_error_sentence (error) != NULL)
        cirrus_toast (row, cirrus_error_sentence (error));
    }
  item_unref (item);
}

static void
clear_now (Item *item)
{
  g_autoptr (GtkWidget) button = g_weak_ref_get (&item->button);

  if (button != NULL)
    gtk_widget_set_sensitive (button, FALSE);
  item->entry.clear_async (item->user_data, item->cancellable, on_cleared, g_atomic_rc_box_acquire (item));
}

static void
on_answer (gboolean yes, gpointer user_data)
{
  Item *item = user_data;

  if (yes)
    clear_now (item);
  item_unref (item);
}

static void
on_clear_clicked (GtkButton *button, gpointer user_data)
{
  Item *item = user_data;

  if (item->question == NULL)
    clear_now (item);
  else
    cirrus_ask (GTK_WIDGET (button), item->title, item->question, _ ("Clear"), TRUE, on_answer, g_atomic_rc_box_acquire (item));
}

/* Lifecycle */

static void
cirrus_storage_page_dispose (GObject *object)
{
  CirrusStoragePage *self = CIRRUS_STORAGE_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (cirrus_storage_page_parent_class)->dispose (object);
}

static void
cirrus_storage_page_class_init (CirrusStoragePageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cirrus_storage_page_dispose;
}

static void
cirrus_storage_page_init (CirrusStoragePage *self)
{
  self->cancellable = g_cancellable_new ();
  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_page_set_name (ADW_PREFERENCES_PAGE (self), "storage");
  adw_preferences_page_set_title (ADW_PREFERENCES_PAGE (self), _ ("Storage"));
  adw_preferences_page_set_icon_name (ADW_PREFERENCES_PAGE (self), "cirrus-storage-symbolic");
  adw_preferences_group_set_title (self->group, _ ("Kept on This Device"));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (self), self->group);
}

/* Public functions */

GtkWidget *
cirrus_storage_page_new (void)
{
  return g_object_new (CIRRUS_TYPE_STORAGE_PAGE, NULL);
}

void
cirrus_storage_page_add (CirrusStoragePage *self, const CirrusStorageEntry *entry, gpointer user_data, GDestroyNotify destroy)
{
  Item *item = NULL;
  GtkWidget *row = NULL;
  GtkWidget *size = NULL;

  g_return_if_fail (CIRRUS_IS_STORAGE_PAGE (self));
  g_return_if_fail (entry != NULL && entry->title != NULL && entry->measure != NULL);

  row = adw_action_row_new ();
  size = gtk_label_new ("…");
  gtk_widget_add_css_class (size, "numeric");
  gtk_widget_add_css_class (size, "dim-label");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), entry->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), entry->subtitle != NULL ? entry->subtitle : "");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), size);

  item = g_atomic_rc_box_new0 (Item);
  item->entry = *entry;
  item->user_data = user_data;
  item->destroy = destroy;
  item->title = g_strdup (entry->title);
  item->question = g_strdup (entry->question);
  item->cancellable = g_object_ref (self->cancellable);
  g_weak_ref_init (&item->row, row);
  g_weak_ref_init (&item->size, size);
  g_weak_ref_init (&item->button, NULL);
  if (entry->clear_async != NULL)
    {
      GtkWidget *button = gtk_button_new_with_label (_ ("Clear"));
      /* Translators: %s is a kind of data, as "Forecasts" */
      g_autofree char *label = g_strdup_printf (_ ("Clear %s"), entry->title);

      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
      g_signal_connect_data (button, "clicked", G_CALLBACK (on_clear_clicked), g_atomic_rc_box_acquire (item), item_unref_closure, 0);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
      g_weak_ref_set (&item->button, button);
    }
  adw_preferences_group_add (self->group, row);
  measure (item);
  g_object_set_data_full (G_OBJECT (row), "cirrus-storage-item", item, item_unref);
}

guint64
cirrus_storage_measure_folder (const char *path)
{
  g_autoptr (GFile) folder = NULL;
  guint64 size_bytes = 0;

  g_return_val_if_fail (path != NULL, 0);

  folder = g_file_new_for_path (path);
  g_file_measure_disk_usage (folder, G_FILE_MEASURE_NONE, NULL, NULL, NULL, &size_bytes, NULL, NULL, NULL);
  return size_bytes;
}
