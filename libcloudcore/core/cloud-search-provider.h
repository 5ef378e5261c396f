/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* CloudSearchProvider: an app's answers to the desktop's search and to Cirrus Search, org.gnome.Shell.SearchProvider2.
 *
 * The app's service gives functions; this puts them on the bus, keeps the service alive while a question is open (if there is a default
 * GApplication), and cancels a question that a newer one from the same asker replaces.
 *
 * Threading: the thread and main context that exported it.
 * Ownership: @user_data must outlive the provider; strings and metas given back are taken over.
 * Errors: what the functions return becomes a D-Bus error; the desktop then shows nothing of this app.
 * Source: https://developer.gnome.org/documentation/tutorials/search-provider.html */

/* One result as it is shown. */
typedef struct
{
  char *id;
  char *name;        /* one line, plain text */
  char *description; /* (nullable): one or two lines, plain text */
  char *icon;        /* (nullable): as g_icon_new_for_string() reads it: a themed name or a file */
  char *uri;         /* (nullable): what opens it ("mid:...", "geo:...", "https:..."); Cirrus Search opens that itself (vardict key "cirrus-uri") */
} CloudSearchMeta;

CloudSearchMeta *cloud_search_meta_new (const char *id, const char *name, const char *description, const char *icon, const char *uri);
void cloud_search_meta_free (CloudSearchMeta *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CloudSearchMeta, cloud_search_meta_free)

typedef struct
{
  /* @terms: what was typed, split at blanks; the last one may be unfinished.  @previous: (nullable): the ids found for the terms before, to look only in
   * them if that is quicker.  The finish function gives a strv of ids, best first; 20 are plenty. */
  void (*search_async) (gpointer user_data, const char *const *terms, const char *const *previous, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer callback_data);
  char **(*search_finish) (gpointer user_data, GAsyncResult *result, GError **error);

  /* The finish function gives a (transfer full) array of CloudSearchMeta with cloud_search_meta_free as its free function; ids that are gone are
   * left out. */
  void (*metas_async) (gpointer user_data, const char *const *ids, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer callback_data);
  GPtrArray *(*metas_finish) (gpointer user_data, GAsyncResult *result, GError **error);

  /* Open the result; open the app's own search.  @timestamp: of the event, for focus. */
  void (*activate) (gpointer user_data, const char *id, const char *const *terms, guint32 timestamp);
  void (*launch) (gpointer user_data, const char *const *terms, guint32 timestamp);
} CloudSearchProviderFuncs;

#define CLOUD_TYPE_SEARCH_PROVIDER (cloud_search_provider_get_type ())
G_DECLARE_FINAL_TYPE (CloudSearchProvider, cloud_search_provider, CLOUD, SEARCH_PROVIDER, GObject)

/* @funcs must stay (a static const). */
CloudSearchProvider *cloud_search_provider_new (const CloudSearchProviderFuncs *funcs, gpointer user_data);

/* @path: "/org/cirrussuite/Mail/SearchProvider", as the .ini file in <datadir>/gnome-shell/search-providers says. */
gboolean cloud_search_provider_export (CloudSearchProvider *self, GDBusConnection *bus, const char *path, GError **error);

/* Also done by the last unref; open questions are cancelled. */
void cloud_search_provider_unexport (CloudSearchProvider *self);

G_END_DECLS
