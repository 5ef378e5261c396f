/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* CirrusStoragePage: a preferences page that shows what an app keeps on the device and clears it.  Add it in
 * CirrusApplicationClass.fill_preferences.
 *
 * Threading: the main thread, except CirrusStorageEntry.measure.  Ownership: GtkWidget's. */

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
 */
typedef struct
{
  const char *title;
  const char *subtitle;
  const char *question;
  guint64 (*measure) (gpointer user_data);
  void (*clear_async) (gpointer user_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data);
  gboolean (*clear_finish) (gpointer user_data, GAsyncResult *result, GError **error);
} CirrusStorageEntry;

GtkWidget *cirrus_storage_page_new (void);

/* Adds a row for @entry (strings copied); @user_data is freed by @destroy (nullable) with the page. */
void cirrus_storage_page_add (CirrusStoragePage *self, const CirrusStorageEntry *entry, gpointer user_data, GDestroyNotify destroy);

/* The bytes of all files below @path, links not followed; any thread. */
guint64 cirrus_storage_measure_folder (const char *path);

G_END_DECLS
