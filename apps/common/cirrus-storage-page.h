/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* CirrusStoragePage: a preferences page that shows what an app keeps on the device and clears it.  Add it in
 * CirrusApplicationClass.fill_preferences.  What was freed is told in a toast; the sizes shown are measured anew.
 *
 * Threading: the main thread, except CirrusStorageEntry's measure and clearable.  Ownership: GtkWidget's. */

#define CIRRUS_TYPE_STORAGE_PAGE (cirrus_storage_page_get_type ())
G_DECLARE_FINAL_TYPE (CirrusStoragePage, cirrus_storage_page, CIRRUS, STORAGE_PAGE, AdwPreferencesPage)

/**
 * CirrusStorageEntry:
 * @title: what is kept ("Forecasts"), translated
 * @subtitle: what clearing it means ("Fetched again when there is a network"), translated
 * @question: (nullable): asked before clearing what cannot be fetched again; NULL clears at once
 * @measure: bytes in use; called on a worker thread with the entry's data, so it touches only what that thread may
 * @clear_async: (nullable): clears it; NULL where there is nothing to clear by hand
 * @clear_finish: (nullable): FALSE and an error when it could not be cleared
 * @clearable: (nullable): how many of these bytes clearing frees, about; as measure; NULL: all of them.  The question says it
 * @progress: (nullable): from 0 to 1, while it clears; asked for on the main thread.  Clearing that has it takes long: it can be stopped, and goes on
 *   when the page is closed
 * @open: (nullable): leads to the page where the user decides about the parts; @row is in the preferences window, which is closed afterwards
 */
typedef struct
{
  const char *title;
  const char *subtitle;
  const char *question;
  guint64 (*measure) (gpointer user_data);
  void (*clear_async) (gpointer user_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data);
  gboolean (*clear_finish) (gpointer user_data, GAsyncResult *result, GError **error);
  guint64 (*clearable) (gpointer user_data);
  double (*progress) (gpointer user_data);
  void (*open) (gpointer user_data, GtkWidget *row);
} CirrusStorageEntry;

GtkWidget *cirrus_storage_page_new (void);

/* Adds a row for @entry (strings copied); @user_data is freed by @destroy (nullable) with the page. */
void cirrus_storage_page_add (CirrusStoragePage *self, const CirrusStorageEntry *entry, gpointer user_data, GDestroyNotify destroy);

/* The bytes of all files below @path, links not followed; any thread. */
guint64 cirrus_storage_measure_folder (const char *path);

G_END_DECLS
