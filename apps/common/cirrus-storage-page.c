/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-ui"

#include "cirrus-storage-page.h"

#include "cirrus-compat.h"
#include "cirrus-text.h"
#include "cirrus-window.h"

#include <glib/gi18n.h>

/* A row for each kind of data: its size, counted on a worker thread, and a button that clears it. */

#define PROGRESS_MS 100
#define PROGRESS_WIDTH 64

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
  GWeakRef bar;    /* where there is progress to show */
  GWeakRef button;
  GCancellable *cancellable; /* of the clearing that runs, or of the page */
  gboolean clearing;
  guint64 bytes, clearable_bytes, bytes_before;
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
  g_weak_ref_clear (&item->bar);
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

/* ---- Measuring ---- */

typedef struct
{
  Item *item;
  guint64 bytes, clearable_bytes;
} Measurement;

static void
measurement_free (gpointer data)
{
  item_unref (((Measurement *) data)->item);
  g_free (data);
}

static void
measure_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Measurement *measurement = task_data;
  Item *item = measurement->item;

  measurement->bytes = item->entry.measure (item->user_data);
  measurement->clearable_bytes = item->entry.clearable != NULL ? item->entry.clearable (item->user_data) : measurement->bytes;
  g_task_return_boolean (task, TRUE);
}

static void
tell_freed (Item *item, GtkWidget *row)
{
  guint64 freed = item->bytes_before > item->bytes ? item->bytes_before - item->bytes : 0;
  g_autofree char *size = cirrus_format_size (freed);
  /* Translators: %s is a size ("3.4 MB") */
  g_autofree char *text = g_strdup_printf (_ ("%s freed"), size);

  item->bytes_before = 0;
  if (freed > 0)
    cirrus_toast (row, text);
}

static void
on_measured (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Measurement *measurement = g_task_get_task_data (G_TASK (result));
  Item *item = measurement->item;
  g_autoptr (GtkWidget) row = g_weak_ref_get (&item->row);
  g_autoptr (GtkLabel) size = g_weak_ref_get (&item->size);
  g_autoptr (GtkWidget) button = g_weak_ref_get (&item->button);
  g_autofree char *text = cirrus_format_size (measurement->bytes);

  item->bytes = measurement->bytes;
  item->clearable_bytes = measurement->clearable_bytes;
  if (size != NULL)
    gtk_label_set_label (size, text);
  if (button != NULL && !item->clearing)
    gtk_widget_set_sensitive (button, item->clearable_bytes > 0);
  if (row != NULL && item->bytes_before > 0 && !item->clearing)
    tell_freed (item, row);
  /* Here, not where the worker happens to let go of the task: the entry's data may belong to this thread. */
  g_task_set_task_data (G_TASK (result), NULL, NULL);
}

static void
measure (Item *item)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_measured, NULL);
  Measurement *measurement = g_new0 (Measurement, 1);

  measurement->item = g_atomic_rc_box_acquire (item);
  g_task_set_task_data (task, measurement, measurement_free);
  g_task_run_in_thread (task, measure_in_thread);
}

/* What one row clears may have lain beside what another one shows. */
static void
measure_all (GtkWidget *row)
{
  for (GtkWidget *other = gtk_widget_get_first_child (gtk_widget_get_parent (row)); other != NULL; other = gtk_widget_get_next_sibling (other))
    {
      Item *item = g_object_get_data (G_OBJECT (other), "cirrus-storage-item");

      if (item != NULL)
        measure (item);
    }
}

/* ---- Clearing ---- */

static void
name_button (Item *item, GtkWidget *button)
{
  /* Translators: %s is a kind of data, as "Forecasts" */
  g_autofree char *name = g_strdup_printf (item->clearing ? _ ("Stop clearing %s") : _ ("Clear %s"), item->title);

  gtk_button_set_label (GTK_BUTTON (button), item->clearing ? C_ ("clearing", "Stop") : _ ("Clear"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* Between the row at rest and the row at work. */
static void
show_clearing (Item *item)
{
  g_autoptr (GtkWidget) size = g_weak_ref_get (&item->size);
  g_autoptr (GtkWidget) bar = g_weak_ref_get (&item->bar);
  g_autoptr (GtkWidget) button = g_weak_ref_get (&item->button);

  if (bar != NULL && size != NULL)
    {
      gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (bar), 0);
      gtk_widget_set_visible (bar, item->clearing);
      gtk_widget_set_visible (size, !item->clearing);
    }
  if (button == NULL)
    return;
  gtk_widget_set_sensitive (button, item->clearing && item->entry.progress != NULL);
  if (item->entry.progress != NULL)
    name_button (item, button);
}

static gboolean
on_progress (gpointer user_data)
{
  Item *item = user_data;
  g_autoptr (GtkProgressBar) bar = g_weak_ref_get (&item->bar);

  if (!item->clearing || bar == NULL)
    return G_SOURCE_REMOVE;
  gtk_progress_bar_set_fraction (bar, item->entry.progress (item->user_data));
  return G_SOURCE_CONTINUE;
}

static void
on_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Item *item = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GtkWidget) row = g_weak_ref_get (&item->row);
  gboolean done = item->entry.clear_finish == NULL || item->entry.clear_finish (item->user_data, result, &error);

  item->clearing = FALSE;
  if (row != NULL)
    {
      show_clearing (item);
      measure_all (row);
      if (!done && error != NULL && cirrus_error_sentence (error) != NULL)
        cirrus_toast (row, cirrus_error_sentence (error));
    }
  item_unref (item);
}

static void
clear_now (Item *item)
{
  item->clearing = TRUE;
  item->bytes_before = item->bytes;
  if (item->entry.progress != NULL)
    {
      g_object_unref (item->cancellable);
      item->cancellable = g_cancellable_new ();
      g_timeout_add_full (G_PRIORITY_DEFAULT, PROGRESS_MS, on_progress, g_atomic_rc_box_acquire (item), item_unref);
    }
  show_clearing (item);
  item->entry.clear_async (item->user_data, item->cancellable, on_cleared, g_atomic_rc_box_acquire (item));
}

static void
on_answer (gboolean yes, gpointer user_data)
{
  Item *item = user_data;

  if (yes && !item->clearing)
    clear_now (item);
  item_unref (item);
}

static void
ask (Item *item, GtkWidget *button)
{
  g_autofree char *size = cirrus_format_size (item->clearable_bytes);
  /* Translators: a question about clearing ("Remove ...?"), and how much room that makes ("3.4 MB") */
  g_autofree char *measured = g_strdup_printf (_ ("%s\n\nThis frees about %s."), item->question, size);

  cirrus_ask (button, item->title, item->entry.clearable != NULL ? measured : item->question, _ ("Clear"), TRUE, on_answer, g_atomic_rc_box_acquire (item));
}

static void
on_clear_clicked (GtkButton *button, gpointer user_data)
{
  Item *item = user_data;

  if (item->clearing)
    g_cancellable_cancel (item->cancellable);
  else if (item->question == NULL)
    clear_now (item);
  else
    ask (item, GTK_WIDGET (button));
}

static void
on_row_activated (GtkWidget *row, gpointer user_data)
{
  Item *item = user_data;
  GtkRoot *window = gtk_widget_get_root (row);

  item->entry.open (item->user_data, row);
  if (GTK_IS_WINDOW (window))
    gtk_window_close (GTK_WINDOW (window));
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

static Item *
item_new (const CirrusStorageEntry *entry, gpointer user_data, GDestroyNotify destroy, GCancellable *cancellable)
{
  Item *item = g_atomic_rc_box_new0 (Item);

  item->entry = *entry;
  item->user_data = user_data;
  item->destroy = destroy;
  item->title = g_strdup (entry->title);
  item->question = g_strdup (entry->question);
  item->cancellable = g_object_ref (cancellable);
  g_weak_ref_init (&item->row, NULL);
  g_weak_ref_init (&item->size, NULL);
  g_weak_ref_init (&item->bar, NULL);
  g_weak_ref_init (&item->button, NULL);
  return item;
}

static void
add_progress (Item *item, GtkWidget *row)
{
  GtkWidget *bar = gtk_progress_bar_new ();

  gtk_widget_add_css_class (bar, "storage");
  gtk_widget_set_size_request (bar, PROGRESS_WIDTH, -1);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (bar, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, item->title, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), bar);
  g_weak_ref_set (&item->bar, bar);
}

static void
add_button (Item *item, GtkWidget *row)
{
  GtkWidget *button = gtk_button_new ();

  name_button (item, button);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_sensitive (button, FALSE);
  g_signal_connect_data (button, "clicked", G_CALLBACK (on_clear_clicked), g_atomic_rc_box_acquire (item), item_unref_closure, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  g_weak_ref_set (&item->button, button);
}

static void
make_activatable (Item *item, GtkWidget *row)
{
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  g_signal_connect_data (row, "activated", G_CALLBACK (on_row_activated), g_atomic_rc_box_acquire (item), item_unref_closure, 0);
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

  item = item_new (entry, user_data, destroy, self->cancellable);
  g_weak_ref_set (&item->row, row);
  g_weak_ref_set (&item->size, size);
  if (entry->progress != NULL)
    add_progress (item, row);
  if (entry->clear_async != NULL)
    add_button (item, row);
  if (entry->open != NULL)
    make_activatable (item, row);
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
