/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-maps-page.h"

#include "cirrus-common.h"
#include "cloud-error.h"

#include <glib/gi18n.h>
#include <string.h>

/* Installed maps, and how new ones come in: chosen by the user on the device, no network needed. */

typedef struct
{
  NaviRegions *regions;
  NaviImporter *importer;
  GtkListBox *list;
  GtkWidget *progress_row;
  GtkProgressBar *bar;
} MapsPage;

static GQuark cancellable_quark (void);
G_DEFINE_QUARK (navi-maps-cancellable, cancellable)

typedef struct
{
  GtkWidget *widget;
  NaviImporter *importer;
  GtkFileChooserNative *chooser;
  NaviRegions *regions;
} ImportJob;

static void
import_job_free (ImportJob *job)
{
  g_clear_object (&job->widget);
  g_clear_object (&job->importer);
  g_clear_object (&job->chooser);
  g_clear_object (&job->regions);
  g_free (job);
}

static void
on_imported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ImportJob *job = user_data;
  g_autoptr (GError) error = NULL;

  if (navi_importer_import_finish (NAVI_IMPORTER (source), result, &error))
    {
      navi_regions_refresh (job->regions);
      cirrus_toast (job->widget, _ ("The map is ready"));
    }
  else if (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_INVALID))
    cirrus_toast (job->widget, _ ("This is neither an OpenStreetMap extract nor a map of Navi"));
  else if (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT))
    cirrus_toast (job->widget, _ ("The file is damaged or incomplete: get it again"));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    cirrus_toast (job->widget, cirrus_error_sentence (error));
  import_job_free (job);
}

static void
on_file_chosen (ImportJob *job, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (job->chooser)) : NULL;
  g_autofree char *in = file != NULL ? g_file_get_path (file) : NULL;
  g_autofree char *out = NULL;
  GCancellable *cancellable;

  if (in == NULL)
    {
      import_job_free (job);
      return;
    }
  out = navi_regions_get_path_for (job->regions, in);
  cancellable = g_cancellable_new ();
  g_object_set_qdata_full (G_OBJECT (job->importer), cancellable_quark (), cancellable, g_object_unref);
  navi_importer_import_async (job->importer, in, out, NULL, cancellable, on_imported, job);
}

/* Where a browser puts what it fetched; (transfer full). */
static GFile *
first_folder (void)
{
  const char *downloads = g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD);

  return g_file_new_for_path (downloads != NULL && g_file_test (downloads, G_FILE_TEST_IS_DIR) ? downloads : g_get_home_dir ());
}

void
navi_maps_import_file (GtkWidget *widget, NaviRegions *regions, NaviImporter *importer)
{
  g_autoptr (GFile) folder = NULL;
  ImportJob *job;
  g_autoptr (GtkFileFilter) maps = NULL;

  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (navi_importer_get_busy (importer))
    {
      cirrus_toast (widget, _ ("A map is being imported: one at a time"));
      return;
    }
  job = g_new0 (ImportJob, 1);
  folder = first_folder ();
  maps = gtk_file_filter_new ();
  gtk_file_filter_set_name (maps, _ ("Maps"));
  for (const char *const *pattern = (const char *const[]){ "*.osm.pbf", "*.pbf", "*.osm", "*.osm.gz", "*.osm.bz2", "*.region", NULL };
       *pattern != NULL; pattern++)
    gtk_file_filter_add_pattern (maps, *pattern);
  job->widget = g_object_ref (widget);
  job->importer = g_object_ref (importer);
  job->regions = g_object_ref (regions);
  job->chooser = gtk_file_chooser_native_new (_ ("Import a Map"), GTK_WINDOW (gtk_widget_get_root (widget)), GTK_FILE_CHOOSER_ACTION_OPEN,
                                              _ ("_Import"), NULL);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (job->chooser), maps);
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (job->chooser), folder, NULL); /* else it lists what was used recently: no maps */
  g_signal_connect_swapped (job->chooser, "response", G_CALLBACK (on_file_chosen), job);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (job->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (job->chooser));
}

/* ---- The list ---- */

typedef struct
{
  GtkWidget *widget;
  NaviRegions *regions;
  NaviRegion *region;
} RemoveJob;

static void
on_remove_answer (RemoveJob *job, const char *response)
{
  g_autoptr (GError) error = NULL;

  if (strcmp (response, "remove") == 0 && !navi_regions_remove (job->regions, job->region, &error))
    cirrus_toast (job->widget, cirrus_error_sentence (error));
  g_object_unref (job->widget);
  g_object_unref (job->regions);
  g_object_unref (job->region);
  g_free (job);
}

static void
on_remove (GtkWidget *button, NaviRegion *region)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (button)), NULL, NULL);
  RemoveJob *job = g_new0 (RemoveJob, 1);

  job->widget = g_object_ref (gtk_widget_get_ancestor (button, CIRRUS_TYPE_WINDOW));
  job->regions = g_object_ref (g_object_get_data (G_OBJECT (button), "navi-regions"));
  job->region = g_object_ref (region);
  adw_message_dialog_format_heading (ADW_MESSAGE_DIALOG (dialog), _ ("Remove “%s”?"), navi_region_get_name (region));
  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), _ ("The map can be imported again from its file."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "remove", _ ("_Remove"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "remove", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_swapped (dialog, "response", G_CALLBACK (on_remove_answer), job);
  gtk_window_present (GTK_WINDOW (dialog));
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  NaviRegion *region = item;
  MapsPage *page = user_data;
  g_autofree char *size = cirrus_format_size (navi_region_get_size_bytes (region));
  const char *time = navi_region_get_meta (region, "source-time");
  g_autofree char *subtitle = time != NULL ? g_strdup_printf ("%s · %.10s", size, time) : g_strdup (size);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = cirrus_icon_button_new ("user-trash-symbolic", _ ("Remove"), NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), navi_region_get_name (region));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  g_object_set_data (G_OBJECT (button), "navi-regions", page->regions);
  g_signal_connect_data (button, "clicked", G_CALLBACK (on_remove), g_object_ref (region), (GClosureNotify) g_object_unref, 0);
  return row;
}

static void
on_progress (MapsPage *page)
{
  int remaining_s = navi_importer_get_remaining_s (page->importer);
  g_autofree char *time = remaining_s >= 0 ? cirrus_format_duration (remaining_s) : NULL;
  /* Translators: the time that an import still takes: "about 2 min left" */
  g_autofree char *text = time != NULL ? g_strdup_printf (_ ("about %s left"), time) : g_strdup (_ ("Importing…"));

  gtk_widget_set_visible (page->progress_row, navi_importer_get_busy (page->importer));
  gtk_progress_bar_set_fraction (page->bar, navi_importer_get_progress (page->importer));
  gtk_progress_bar_set_text (page->bar, text);
}

static void
on_cancel (MapsPage *page)
{
  GCancellable *cancellable = g_object_get_qdata (G_OBJECT (page->importer), cancellable_quark ());

  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
}

static void
on_import (GtkWidget *button, MapsPage *page)
{
  navi_maps_import_file (gtk_widget_get_ancestor (button, CIRRUS_TYPE_WINDOW), page->regions, page->importer);
}

static GtkWidget *
create_progress (MapsPage *page)
{
  GtkWidget *cancel = gtk_button_new_with_label (_ ("Cancel"));

  page->progress_row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  page->bar = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_progress_bar_set_show_text (page->bar, TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (page->bar), TRUE);
  gtk_widget_set_valign (GTK_WIDGET (page->bar), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (page->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Import"), -1);
  gtk_box_append (GTK_BOX (page->progress_row), GTK_WIDGET (page->bar));
  gtk_box_append (GTK_BOX (page->progress_row), cancel);
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (on_cancel), page);
  return page->progress_row;
}

static void
maps_page_free (gpointer data)
{
  MapsPage *page = data;

  g_signal_handlers_disconnect_by_data (page->importer, page);
  g_object_unref (page->regions);
  g_object_unref (page->importer);
  g_free (page);
}

GtkWidget *
navi_maps_page_new (NaviRegions *regions, NaviImporter *importer)
{
  MapsPage *page = g_new0 (MapsPage, 1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *import = gtk_button_new_with_label (_ ("Import a Map…"));
  GtkWidget *hint = gtk_label_new (_ ("Maps are files on this device: an OpenStreetMap extract (.osm.pbf) or a map made by Navi (.region). No network is needed."));
  GtkWidget *widget;

  page->regions = g_object_ref (regions);
  page->importer = g_object_ref (importer);
  page->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (page->list, GTK_SELECTION_NONE);
  gtk_list_box_bind_model (page->list, G_LIST_MODEL (regions), create_row, page, NULL);
  gtk_list_box_set_placeholder (page->list, cirrus_status_view_new ("map", _ ("No Map Yet"), _ ("Import one to search and drive offline."), NULL));
  gtk_accessible_update_property (GTK_ACCESSIBLE (page->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Installed maps"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (page->list), "boxed-list");
  gtk_label_set_wrap (GTK_LABEL (hint), TRUE);
  gtk_label_set_xalign (GTK_LABEL (hint), 0);
  gtk_widget_add_css_class (hint, "dim-label");
  gtk_widget_add_css_class (hint, "caption");
  gtk_widget_set_halign (import, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (import, "pill");
  gtk_widget_add_css_class (import, "suggested-action");
  gtk_widget_add_css_class (box, "navi-maps");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (page->list));
  gtk_box_append (GTK_BOX (box), create_progress (page));
  gtk_box_append (GTK_BOX (box), import);
  gtk_box_append (GTK_BOX (box), hint);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  widget = cirrus_page_new (_ ("Maps"), scrolled);
  g_object_set_data_full (G_OBJECT (widget), "navi-maps-page", page, maps_page_free);
  g_signal_connect (import, "clicked", G_CALLBACK (on_import), page);
  g_signal_connect_swapped (importer, "notify", G_CALLBACK (on_progress), page);
  on_progress (page);
  return widget;
}
