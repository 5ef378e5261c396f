/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-search-provider.h"

G_BEGIN_DECLS

/* CloudSearchProviderClient: asks every installed app that answers org.gnome.Shell.SearchProvider2, ours and anybody's.
 *
 * Apps are found by their .ini files in gnome-shell/search-providers below XDG_DATA_HOME and XDG_DATA_DIRS (the first file of a name counts).  All are
 * asked at the same time, each within its own time; one that is slow, crashes or is not there any more costs the others nothing and, after failing,
 * is left alone for a while that grows.
 *
 * Threading: the thread and main context that made it.  Ownership: see each function.  Errors: reported per app, never as a whole.
 * Source: GNOME Shell's remoteSearch.js; XDG Base Directory Specification. */

/* ---- One app that answers ---- */

#define CLOUD_TYPE_SEARCH_PROVIDER_INFO (cloud_search_provider_info_get_type ())
G_DECLARE_FINAL_TYPE (CloudSearchProviderInfo, cloud_search_provider_info, CLOUD, SEARCH_PROVIDER_INFO, GObject)

const char *cloud_search_provider_info_get_desktop_id (CloudSearchProviderInfo *self);
const char *cloud_search_provider_info_get_bus_name (CloudSearchProviderInfo *self);
const char *cloud_search_provider_info_get_name (CloudSearchProviderInfo *self); /* the app's, translated */
GIcon *cloud_search_provider_info_get_icon (CloudSearchProviderInfo *self);      /* (transfer none) (nullable) */
/* FALSE: its .ini file says that users switch it on themselves (DefaultDisabled). */
gboolean cloud_search_provider_info_get_default_enabled (CloudSearchProviderInfo *self);

/* ---- All of them ---- */

#define CLOUD_TYPE_SEARCH_PROVIDER_CLIENT (cloud_search_provider_client_get_type ())
G_DECLARE_FINAL_TYPE (CloudSearchProviderClient, cloud_search_provider_client, CLOUD, SEARCH_PROVIDER_CLIENT, GObject)

/* @bus: (nullable): the session bus if NULL (when there is none, no app answers).
 * @own_desktop_id: (nullable): the app that asks and shall not be asked. */
CloudSearchProviderClient *cloud_search_provider_client_new (GDBusConnection *bus, const char *own_desktop_id);

/* (transfer none): a GListModel of CloudSearchProviderInfo, sorted by name. */
GListModel *cloud_search_provider_client_get_providers (CloudSearchProviderClient *self);

/* Only those for which this is TRUE are asked; without it, all that are enabled by default. */
typedef gboolean (*CloudSearchProviderFilter) (CloudSearchProviderInfo *info, gpointer user_data);
void cloud_search_provider_client_set_filter (CloudSearchProviderClient *self, CloudSearchProviderFilter filter, gpointer user_data);

/* One app's answer: @metas (element-type CloudSearchMeta) best first, empty if it found nothing, or NULL with @error.  After the last one it is
 * called once more with @info NULL.  Never called any more once the search is cancelled, nor before cloud_search_provider_client_search() returned. */
typedef void (*CloudSearchAnswerFunc) (CloudSearchProviderInfo *info, const GPtrArray *metas, const GError *error, gpointer user_data);

/* @typed: split at blanks for the apps.  @max_each: results per app.  @timeout_ms: for each app, starting it included. */
void cloud_search_provider_client_search (CloudSearchProviderClient *self, const char *typed, guint max_each, guint timeout_ms,
                                          GCancellable *cancellable, CloudSearchAnswerFunc func, gpointer user_data,
                                          GDestroyNotify destroy);

/* Asks the app to open a result, or to show its own search. */
void cloud_search_provider_client_activate (CloudSearchProviderClient *self, CloudSearchProviderInfo *info, const char *id, const char *typed);
void cloud_search_provider_client_launch (CloudSearchProviderClient *self, CloudSearchProviderInfo *info, const char *typed);

G_END_DECLS
