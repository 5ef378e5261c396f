/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-core"

#include "cloud-search-provider-client.h"
#include "cloud-error.h"
#include "cloud-shell-search-provider2.h"

#include <gio/gdesktopappinfo.h>

#include <string.h>

/* Finds the .ini files, asks each app for ids and then for what they look like, and counts failures. */

#define INTERFACE "org.gnome.Shell.SearchProvider2"
#define GROUP "Shell Search Provider"
#define REST_FIRST_S 15
#define REST_MAX_S 600

struct _CloudSearchProviderInfo
{
  GObject parent_instance;

  char *desktop_id;
  char *bus_name;
  char *object_path;
  char *name;
  GIcon *icon;
  gboolean default_enabled;
  guint failures;
  gint64 rest_until_us; /* monotonic */
};

G_DEFINE_TYPE (CloudSearchProviderInfo, cloud_search_provider_info, G_TYPE_OBJECT)

struct _CloudSearchProviderClient
{
  GObject parent_instance;

  GDBusConnection *bus; /* NULL: none */
  GListStore *providers;
  CloudSearchProviderFilter filter;
  gpointer filter_data;
};

G_DEFINE_TYPE (CloudSearchProviderClient, cloud_search_provider_client, G_TYPE_OBJECT)

/* A search in all apps; each open question holds a reference. */
typedef struct
{
  gatomicrefcount refs;
  CloudSearchProviderClient *client;
  GCancellable *cancellable;
  char **terms;
  guint max_each;
  guint timeout_ms;
  CloudSearchAnswerFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
} Search;

/* One app's part of it. */
typedef struct
{
  Search *search;
  CloudSearchProviderInfo *info;
  gint64 deadline_us; /* monotonic */
} Question;

/* ---- One app ---- */

static void
cloud_search_provider_info_finalize (GObject *object)
{
  CloudSearchProviderInfo *self = CLOUD_SEARCH_PROVIDER_INFO (object);

  g_free (self->desktop_id);
  g_free (self->bus_name);
  g_free (self->object_path);
  g_free (self->name);
  g_clear_object (&self->icon);
  G_OBJECT_CLASS (cloud_search_provider_info_parent_class)->finalize (object);
}

static void
cloud_search_provider_info_class_init (CloudSearchProviderInfoClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cloud_search_provider_info_finalize;
}

static void
cloud_search_provider_info_init (CloudSearchProviderInfo *self)
{
}

const char *
cloud_search_provider_info_get_desktop_id (CloudSearchProviderInfo *self)
{
  g_return_val_if_fail (CLOUD_IS_SEARCH_PROVIDER_INFO (self), NULL);
  return self->desktop_id;
}

const char *
cloud_search_provider_info_get_bus_name (CloudSearchProviderInfo *self)
{
  g_return_val_if_fail (CLOUD_IS_SEARCH_PROVIDER_INFO (self), NULL);
  return self->bus_name;
}

const char *
cloud_search_provider_info_get_name (CloudSearchProviderInfo *self)
{
  g_return_val_if_fail (CLOUD_IS_SEARCH_PROVIDER_INFO (self), NULL);
  return self->name;
}

GIcon *
cloud_search_provider_info_get_icon (CloudSearchProviderInfo *self)
{
  g_return_val_if_fail (CLOUD_IS_SEARCH_PROVIDER_INFO (self), NULL);
  return self->icon;
}

gboolean
cloud_search_provider_info_get_default_enabled (CloudSearchProviderInfo *self)
{
  g_return_val_if_fail (CLOUD_IS_SEARCH_PROVIDER_INFO (self), FALSE);
  return self->default_enabled;
}

/* "org.example.Maps.desktop" is called "Maps" where its desktop file is missing. */
static char *
name_from_id (const char *desktop_id)
{
  gsize length = strlen (desktop_id) - (g_str_has_suffix (desktop_id, ".desktop") ? strlen (".desktop") : 0);
  g_autofree char *id = g_strndup (desktop_id, length);
  const char *dot = strrchr (id, '.');

  return g_strdup (dot != NULL && dot[1] != '\0' ? dot + 1 : id);
}

static CloudSearchProviderInfo *
info_from_file (const char *path)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (CloudSearchProviderInfo) self = NULL;
  g_autoptr (GDesktopAppInfo) app = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL) || g_key_file_get_integer (file, GROUP, "Version", NULL) < 2)
    return NULL;
  self = g_object_new (CLOUD_TYPE_SEARCH_PROVIDER_INFO, NULL);
  self->desktop_id = g_key_file_get_string (file, GROUP, "DesktopId", NULL);
  self->bus_name = g_key_file_get_string (file, GROUP, "BusName", NULL);
  self->object_path = g_key_file_get_string (file, GROUP, "ObjectPath", NULL);
  self->default_enabled = !g_key_file_get_boolean (file, GROUP, "DefaultDisabled", NULL);
  if (self->desktop_id == NULL || self->bus_name == NULL || self->object_path == NULL || !g_dbus_is_name (self->bus_name) ||
      g_dbus_is_unique_name (self->bus_name) || !g_variant_is_object_path (self->object_path))
    return NULL;
  app = g_desktop_app_info_new (self->desktop_id);
  self->name = app != NULL ? g_strdup (g_app_info_get_display_name (G_APP_INFO (app))) : name_from_id (self->desktop_id);
  if (app != NULL && g_app_info_get_icon (G_APP_INFO (app)) != NULL)
    self->icon = g_object_ref (g_app_info_get_icon (G_APP_INFO (app)));
  return g_steal_pointer (&self);
}

static void
note_success (CloudSearchProviderInfo *self)
{
  self->failures = 0;
  self->rest_until_us = 0;
}

static void
note_failure (CloudSearchProviderInfo *self)
{
  guint rest_s = MIN (REST_FIRST_S << MIN (self->failures, 6), REST_MAX_S);

  self->failures++;
  self->rest_until_us = g_get_monotonic_time () + (gint64) rest_s * G_USEC_PER_SEC;
}

/* ---- A search ---- */

static void
search_unref (Search *search)
{
  if (!g_atomic_ref_count_dec (&search->refs))
    return;
  if (!g_cancellable_is_cancelled (search->cancellable))
    search->func (NULL, NULL, NULL, search->user_data);
  if (search->destroy != NULL)
    search->destroy (search->user_data);
  g_object_unref (search->cancellable);
  g_object_unref (search->client);
  g_strfreev (search->terms);
  g_free (search);
}

static void
question_free (Question *question)
{
  search_unref (question->search);
  g_object_unref (question->info);
  g_free (question);
}

static void
answer (Question *question, const GPtrArray *metas, GError *error)
{
  Search *search = question->search;

  if (!g_cancellable_is_cancelled (search->cancellable))
    {
      if (error != NULL)
        {
          gboolean late = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY);

          g_debug ("%s does not answer: %s", question->info->desktop_id, error->message);
          error->domain = CLOUD_ERROR;
          error->code = late ? CLOUD_ERROR_TRY_LATER : CLOUD_ERROR_PROTOCOL;
          note_failure (question->info);
        }
      else
        note_success (question->info);
      search->func (question->info, metas, error, search->user_data);
    }
  question_free (question);
}

static char *
lookup_string (GVariant *dict, const char *key)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (dict, key, G_VARIANT_TYPE_STRING);

  return value != NULL ? g_variant_dup_string (value, NULL) : NULL;
}

static char *
lookup_icon (GVariant *dict)
{
  g_autoptr (GVariant) serialized = g_variant_lookup_value (dict, "icon", NULL);
  g_autoptr (GIcon) icon = serialized != NULL ? g_icon_deserialize (serialized) : NULL;

  if (icon != NULL)
    return g_icon_to_string (icon);
  return lookup_string (dict, "gicon");
}

static GPtrArray *
metas_from_variant (GVariant *list)
{
  GPtrArray *metas = g_ptr_array_new_with_free_func ((GDestroyNotify) cloud_search_meta_free);
  GVariantIter iter;
  GVariant *dict;

  g_variant_iter_init (&iter, list);
  while (g_variant_iter_next (&iter, "@a{sv}", &dict))
    {
      CloudSearchMeta *meta = g_new0 (CloudSearchMeta, 1);

      meta->id = lookup_string (dict, "id");
      meta->name = lookup_string (dict, "name");
      meta->description = lookup_string (dict, "description");
      meta->icon = lookup_icon (dict);
      meta->uri = lookup_string (dict, "cirrus-uri");
      if (meta->id != NULL && meta->name != NULL)
        g_ptr_array_add (metas, meta);
      else
        cloud_search_meta_free (meta);
      g_variant_unref (dict);
    }
  return metas;
}

static void
ask (Question *question, const char *method, GVariant *parameters, const char *reply_type, GAsyncReadyCallback callback)
{
  gint64 left_ms = (question->deadline_us - g_get_monotonic_time ()) / 1000;

  g_dbus_connection_call (question->search->client->bus, question->info->bus_name, question->info->object_path, INTERFACE, method,
                          parameters, G_VARIANT_TYPE (reply_type), G_DBUS_CALL_FLAGS_NONE, (int) CLAMP (left_ms, 1, G_MAXINT),
                          question->search->cancellable, callback, question);
}

static void
on_metas_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) list = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
  g_autoptr (GPtrArray) metas = list != NULL ? metas_from_variant (list) : NULL;

  answer (question, metas, error);
}

static void
on_ids_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autofree const char **ids = NULL;

  if (reply == NULL)
    {
      answer (question, NULL, error);
      return;
    }
  g_variant_get (reply, "(^a&s)", &ids);
  if (g_strv_length ((char **) ids) > question->search->max_each)
    ids[question->search->max_each] = NULL;
  if (ids[0] == NULL)
    {
      g_autoptr (GPtrArray) nothing = g_ptr_array_new ();

      answer (question, nothing, NULL);
      return;
    }
  ask (question, "GetResultMetas", g_variant_new ("(^as)", ids), "(aa{sv})", on_metas_ready);
}

static char **
split_terms (const char *typed)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *valid = g_utf8_make_valid (typed, -1);
  g_auto (GStrv) parts = g_strsplit_set (valid, " \t\n\r", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    if (parts[i][0] != '\0')
      g_strv_builder_add (builder, parts[i]);
  return g_strv_builder_end (builder);
}

static gboolean
is_asked (CloudSearchProviderClient *self, CloudSearchProviderInfo *info)
{
  gboolean enabled = self->filter != NULL ? self->filter (info, self->filter_data) : info->default_enabled;

  return enabled && info->rest_until_us <= g_get_monotonic_time ();
}

static gboolean
on_idle_release (gpointer user_data)
{
  search_unref (user_data);
  return G_SOURCE_REMOVE;
}

/* The search's own reference ends only after the caller has it back in hand. */
static void
release_later (Search *search)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_idle_release, search, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

void
cloud_search_provider_client_search (CloudSearchProviderClient *self, const char *typed, guint max_each, guint timeout_ms,
                                     GCancellable *cancellable, CloudSearchAnswerFunc func, gpointer user_data, GDestroyNotify destroy)
{
  Search *search;

  g_return_if_fail (CLOUD_IS_SEARCH_PROVIDER_CLIENT (self));
  g_return_if_fail (typed != NULL && func != NULL && max_each > 0);

  search = g_new0 (Search, 1);
  g_atomic_ref_count_init (&search->refs);
  search->client = g_object_ref (self);
  search->cancellable = cancellable != NULL ? g_object_ref (cancellable) : g_cancellable_new ();
  search->terms = split_terms (typed);
  search->max_each = max_each;
  search->timeout_ms = timeout_ms;
  search->func = func;
  search->user_data = user_data;
  search->destroy = destroy;
  for (guint i = 0; self->bus != NULL && search->terms[0] != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->providers)); i++)
    {
      g_autoptr (CloudSearchProviderInfo) info = g_list_model_get_item (G_LIST_MODEL (self->providers), i);
      Question *question;

      if (!is_asked (self, info))
        continue;
      question = g_new0 (Question, 1);
      g_atomic_ref_count_inc (&search->refs);
      question->search = search;
      question->info = g_steal_pointer (&info);
      question->deadline_us = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
      ask (question, "GetInitialResultSet", g_variant_new ("(^as)", search->terms), "(as)", on_ids_ready);
    }
  release_later (search);
}

/* ---- All apps ---- */

static int
compare_names (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return g_utf8_collate (CLOUD_SEARCH_PROVIDER_INFO ((gpointer) a)->name, CLOUD_SEARCH_PROVIDER_INFO ((gpointer) b)->name);
}

static void
read_folder (CloudSearchProviderClient *self, const char *data_dir, const char *own_desktop_id, GHashTable *seen)
{
  g_autofree char *path = g_build_filename (data_dir, "gnome-shell", "search-providers", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_autoptr (CloudSearchProviderInfo) info = NULL;

      if (!g_str_has_suffix (name, ".ini") || !g_hash_table_add (seen, g_strdup (name)))
        continue;
      info = info_from_file (file);
      if (info != NULL && g_strcmp0 (info->desktop_id, own_desktop_id) != 0)
        g_list_store_insert_sorted (self->providers, info, compare_names, NULL);
    }
}

static void
cloud_search_provider_client_finalize (GObject *object)
{
  CloudSearchProviderClient *self = CLOUD_SEARCH_PROVIDER_CLIENT (object);

  g_clear_object (&self->bus);
  g_object_unref (self->providers);
  G_OBJECT_CLASS (cloud_search_provider_client_parent_class)->finalize (object);
}

static void
cloud_search_provider_client_class_init (CloudSearchProviderClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cloud_search_provider_client_finalize;
}

static void
cloud_search_provider_client_init (CloudSearchProviderClient *self)
{
  self->providers = g_list_store_new (CLOUD_TYPE_SEARCH_PROVIDER_INFO);
}

CloudSearchProviderClient *
cloud_search_provider_client_new (GDBusConnection *bus, const char *own_desktop_id)
{
  CloudSearchProviderClient *self = g_object_new (CLOUD_TYPE_SEARCH_PROVIDER_CLIENT, NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *const *dirs = g_get_system_data_dirs ();

  self->bus = bus != NULL ? g_object_ref (bus) : g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  read_folder (self, g_get_user_data_dir (), own_desktop_id, seen);
  for (gsize i = 0; dirs[i] != NULL; i++)
    read_folder (self, dirs[i], own_desktop_id, seen);
  return self;
}

GListModel *
cloud_search_provider_client_get_providers (CloudSearchProviderClient *self)
{
  g_return_val_if_fail (CLOUD_IS_SEARCH_PROVIDER_CLIENT (self), NULL);
  return G_LIST_MODEL (self->providers);
}

void
cloud_search_provider_client_set_filter (CloudSearchProviderClient *self, CloudSearchProviderFilter filter, gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_SEARCH_PROVIDER_CLIENT (self));
  self->filter = filter;
  self->filter_data = user_data;
}

static void
tell (CloudSearchProviderClient *self, CloudSearchProviderInfo *info, const char *method, GVariant *parameters)
{
  g_autoptr (GVariant) sunk = g_variant_ref_sink (parameters);

  if (self->bus != NULL)
    g_dbus_connection_call (self->bus, info->bus_name, info->object_path, INTERFACE, method, sunk, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                            NULL, NULL);
}

void
cloud_search_provider_client_activate (CloudSearchProviderClient *self, CloudSearchProviderInfo *info, const char *id, const char *typed)
{
  g_auto (GStrv) terms = NULL;

  g_return_if_fail (CLOUD_IS_SEARCH_PROVIDER_CLIENT (self) && CLOUD_IS_SEARCH_PROVIDER_INFO (info) && id != NULL && typed != NULL);
  terms = split_terms (typed);
  tell (self, info, "ActivateResult", g_variant_new ("(s^asu)", id, terms, 0));
}

void
cloud_search_provider_client_launch (CloudSearchProviderClient *self, CloudSearchProviderInfo *info, const char *typed)
{
  g_auto (GStrv) terms = NULL;

  g_return_if_fail (CLOUD_IS_SEARCH_PROVIDER_CLIENT (self) && CLOUD_IS_SEARCH_PROVIDER_INFO (info) && typed != NULL);
  terms = split_terms (typed);
  tell (self, info, "LaunchSearch", g_variant_new ("(^asu)", terms, 0));
}
