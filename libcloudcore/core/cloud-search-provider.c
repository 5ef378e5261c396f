/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-core"

#include "cloud-search-provider.h"
#include "cloud-shell-search-provider2.h"

/* From D-Bus methods to an app's functions and back. */

struct _CloudSearchProvider
{
  GObject parent_instance;

  const CloudSearchProviderFuncs *funcs;
  gpointer user_data;
  CloudShellSearchProvider2 *skeleton; /* NULL when not exported */
  GHashTable *searches;                /* sender -> GCancellable of its latest search */
  GCancellable *cancellable;           /* of everything else */
};

G_DEFINE_TYPE (CloudSearchProvider, cloud_search_provider, G_TYPE_OBJECT)

/* One open D-Bus call. */
typedef struct
{
  CloudSearchProvider *self;
  GDBusMethodInvocation *invocation;
  GCancellable *cancellable;
  GApplication *held;
  gboolean subsearch;
} Call;

CloudSearchMeta *
cloud_search_meta_new (const char *id, const char *name, const char *description, const char *icon, const char *uri)
{
  CloudSearchMeta *self = g_new0 (CloudSearchMeta, 1);

  g_return_val_if_fail (id != NULL && name != NULL, NULL);
  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->description = g_strdup (description);
  self->icon = g_strdup (icon);
  self->uri = g_strdup (uri);
  return self;
}

void
cloud_search_meta_free (CloudSearchMeta *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->description);
  g_free (self->icon);
  g_free (self->uri);
  g_free (self);
}

static GApplication *
hold_application (void)
{
  GApplication *application = g_application_get_default ();

  if (application == NULL)
    return NULL;
  g_application_hold (application);
  return g_object_ref (application);
}

static Call *
call_new (CloudSearchProvider *self, GDBusMethodInvocation *invocation, GCancellable *cancellable)
{
  Call *call = g_new0 (Call, 1);

  call->self = g_object_ref (self);
  call->invocation = invocation;
  call->cancellable = g_object_ref (cancellable);
  call->held = hold_application ();
  return call;
}

static void
call_free (Call *call)
{
  if (call->held != NULL)
    {
      g_application_release (call->held);
      g_object_unref (call->held);
    }
  g_object_unref (call->cancellable);
  g_object_unref (call->self);
  g_free (call);
}

static void
call_fail (Call *call, const GError *error)
{
  g_dbus_method_invocation_return_dbus_error (call->invocation,
                                              g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                                                  ? "org.freedesktop.DBus.Error.Timeout"
                                                  : "org.freedesktop.DBus.Error.Failed",
                                              error != NULL ? error->message : "The search failed");
  call_free (call);
}

static void
on_search_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  CloudSearchProvider *self = call->self;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) ids = self->funcs->search_finish (self->user_data, result, &error);
  const char *sender = g_dbus_method_invocation_get_sender (call->invocation);
  static const char *const nothing[] = { NULL };

  if (g_hash_table_lookup (self->searches, sender) == call->cancellable)
    g_hash_table_remove (self->searches, sender);
  if (error != NULL)
    {
      call_fail (call, error);
      return;
    }
  if (call->subsearch)
    cloud_shell_search_provider2_complete_get_subsearch_result_set (self->skeleton, call->invocation,
                                                                    ids != NULL ? (const char *const *) ids : nothing);
  else
    cloud_shell_search_provider2_complete_get_initial_result_set (self->skeleton, call->invocation,
                                                                  ids != NULL ? (const char *const *) ids : nothing);
  call_free (call);
}

static void
begin_search (CloudSearchProvider *self, GDBusMethodInvocation *invocation, const char *const *terms, const char *const *previous)
{
  const char *sender = g_dbus_method_invocation_get_sender (invocation);
  GCancellable *former = g_hash_table_lookup (self->searches, sender);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Call *call = call_new (self, invocation, cancellable);

  call->subsearch = previous != NULL;
  if (former != NULL)
    {
      g_autoptr (GCancellable) cancelled = g_object_ref (former);

      g_hash_table_remove (self->searches, sender);
      g_cancellable_cancel (cancelled);
    }
  g_hash_table_insert (self->searches, g_strdup (sender), g_object_ref (cancellable));
  self->funcs->search_async (self->user_data, terms, previous, cancellable, on_search_ready, call);
}

static gboolean
on_get_initial_result_set (CloudSearchProvider *self, GDBusMethodInvocation *invocation, const char *const *terms)
{
  begin_search (self, invocation, terms, NULL);
  return TRUE;
}

static gboolean
on_get_subsearch_result_set (CloudSearchProvider *self, GDBusMethodInvocation *invocation, const char *const *previous,
                             const char *const *terms)
{
  begin_search (self, invocation, terms, previous);
  return TRUE;
}

static GVariant *
metas_to_variant (const GPtrArray *metas)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; metas != NULL && i < metas->len; i++)
    {
      const CloudSearchMeta *meta = g_ptr_array_index (metas, i);

      g_variant_builder_open (&builder, G_VARIANT_TYPE ("a{sv}"));
      g_variant_builder_add (&builder, "{sv}", "id", g_variant_new_string (meta->id));
      g_variant_builder_add (&builder, "{sv}", "name", g_variant_new_string (meta->name));
      if (meta->description != NULL)
        g_variant_builder_add (&builder, "{sv}", "description", g_variant_new_string (meta->description));
      if (meta->icon != NULL)
        g_variant_builder_add (&builder, "{sv}", "gicon", g_variant_new_string (meta->icon));
      if (meta->uri != NULL)
        g_variant_builder_add (&builder, "{sv}", "cirrus-uri", g_variant_new_string (meta->uri));
      g_variant_builder_close (&builder);
    }
  return g_variant_builder_end (&builder);
}

static void
on_metas_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) metas = call->self->funcs->metas_finish (call->self->user_data, result, &error);

  if (error != NULL)
    {
      call_fail (call, error);
      return;
    }
  cloud_shell_search_provider2_complete_get_result_metas (call->self->skeleton, call->invocation, metas_to_variant (metas));
  call_free (call);
}

static gboolean
on_get_result_metas (CloudSearchProvider *self, GDBusMethodInvocation *invocation, const char *const *ids)
{
  self->funcs->metas_async (self->user_data, ids, self->cancellable, on_metas_ready, call_new (self, invocation, self->cancellable));
  return TRUE;
}

static gboolean
on_activate_result (CloudSearchProvider *self, GDBusMethodInvocation *invocation, const char *id, const char *const *terms, guint timestamp)
{
  g_autoptr (GApplication) held = hold_application ();

  self->funcs->activate (self->user_data, id, terms, timestamp);
  cloud_shell_search_provider2_complete_activate_result (self->skeleton, invocation);
  if (held != NULL)
    g_application_release (held);
  return TRUE;
}

static gboolean
on_launch_search (CloudSearchProvider *self, GDBusMethodInvocation *invocation, const char *const *terms, guint timestamp)
{
  g_autoptr (GApplication) held = hold_application ();

  self->funcs->launch (self->user_data, terms, timestamp);
  cloud_shell_search_provider2_complete_launch_search (self->skeleton, invocation);
  if (held != NULL)
    g_application_release (held);
  return TRUE;
}

static void
cloud_search_provider_dispose (GObject *object)
{
  cloud_search_provider_unexport (CLOUD_SEARCH_PROVIDER (object));
  G_OBJECT_CLASS (cloud_search_provider_parent_class)->dispose (object);
}

static void
cloud_search_provider_finalize (GObject *object)
{
  CloudSearchProvider *self = CLOUD_SEARCH_PROVIDER (object);

  g_clear_object (&self->skeleton);
  g_hash_table_unref (self->searches);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (cloud_search_provider_parent_class)->finalize (object);
}

static void
cloud_search_provider_class_init (CloudSearchProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cloud_search_provider_dispose;
  G_OBJECT_CLASS (klass)->finalize = cloud_search_provider_finalize;
}

static void
cloud_search_provider_init (CloudSearchProvider *self)
{
  self->skeleton = cloud_shell_search_provider2_skeleton_new ();
  self->searches = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->cancellable = g_cancellable_new ();
  g_signal_connect_swapped (self->skeleton, "handle-get-initial-result-set", G_CALLBACK (on_get_initial_result_set), self);
  g_signal_connect_swapped (self->skeleton, "handle-get-subsearch-result-set", G_CALLBACK (on_get_subsearch_result_set), self);
  g_signal_connect_swapped (self->skeleton, "handle-get-result-metas", G_CALLBACK (on_get_result_metas), self);
  g_signal_connect_swapped (self->skeleton, "handle-activate-result", G_CALLBACK (on_activate_result), self);
  g_signal_connect_swapped (self->skeleton, "handle-launch-search", G_CALLBACK (on_launch_search), self);
}

CloudSearchProvider *
cloud_search_provider_new (const CloudSearchProviderFuncs *funcs, gpointer user_data)
{
  CloudSearchProvider *self;

  g_return_val_if_fail (funcs != NULL, NULL);

  self = g_object_new (CLOUD_TYPE_SEARCH_PROVIDER, NULL);
  self->funcs = funcs;
  self->user_data = user_data;
  return self;
}

gboolean
cloud_search_provider_export (CloudSearchProvider *self, GDBusConnection *bus, const char *path, GError **error)
{
  g_return_val_if_fail (CLOUD_IS_SEARCH_PROVIDER (self), FALSE);
  return g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), bus, path, error);
}

void
cloud_search_provider_unexport (CloudSearchProvider *self)
{
  GHashTableIter iter;
  gpointer cancellable;

  g_return_if_fail (CLOUD_IS_SEARCH_PROVIDER (self));

  if (g_dbus_interface_skeleton_get_connection (G_DBUS_INTERFACE_SKELETON (self->skeleton)) != NULL)
    g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  g_cancellable_cancel (self->cancellable);
  g_hash_table_iter_init (&iter, self->searches);
  while (g_hash_table_iter_next (&iter, NULL, &cancellable))
    g_cancellable_cancel (cancellable);
}
