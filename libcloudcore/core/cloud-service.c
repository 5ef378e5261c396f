/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-core"

#include "cloud-service.h"
#include "config.h"

#include <glib-unix.h>

#include <signal.h>

/* A GApplication in service mode that ends when idle and ends well when told to. */

#define IDLE_TIMEOUT_MS 10000

typedef struct
{
  char *app;
  guint signal_ids[3];
  CloudSearchProvider *provider; /* (nullable) */
} CloudServicePrivate;

G_DEFINE_TYPE_WITH_PRIVATE (CloudService, cloud_service, G_TYPE_APPLICATION)

enum
{
  SIGNAL_EXPORT,
  SIGNAL_STOP,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const int end_signals[] = { SIGTERM, SIGINT, SIGHUP };

static gboolean
on_end_signal (gpointer user_data)
{
  CloudService *self = CLOUD_SERVICE (user_data);

  g_signal_emit (self, signals[SIGNAL_STOP], 0);
  g_application_quit (G_APPLICATION (self));
  return G_SOURCE_CONTINUE;
}

static gboolean
cloud_service_dbus_register (GApplication *app, GDBusConnection *connection, const char *object_path, GError **error)
{
  g_autoptr (GError) local = NULL;
  gboolean ok = TRUE;

  if (!G_APPLICATION_CLASS (cloud_service_parent_class)->dbus_register (app, connection, object_path, error))
    return FALSE;
  if (g_signal_has_handler_pending (app, signals[SIGNAL_EXPORT], 0, FALSE))
    g_signal_emit (app, signals[SIGNAL_EXPORT], 0, connection, &local, &ok);
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else if (!ok)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The service's objects could not be exported");
  return ok;
}

static void
cloud_service_startup (GApplication *app)
{
  CloudServicePrivate *priv = cloud_service_get_instance_private (CLOUD_SERVICE (app));

  for (gsize i = 0; i < G_N_ELEMENTS (end_signals); i++)
    priv->signal_ids[i] = g_unix_signal_add (end_signals[i], on_end_signal, app);
  G_APPLICATION_CLASS (cloud_service_parent_class)->startup (app);
}

static void
cloud_service_shutdown (GApplication *app)
{
  CloudServicePrivate *priv = cloud_service_get_instance_private (CLOUD_SERVICE (app));

  for (gsize i = 0; i < G_N_ELEMENTS (end_signals); i++)
    g_clear_handle_id (&priv->signal_ids[i], g_source_remove);
  G_APPLICATION_CLASS (cloud_service_parent_class)->shutdown (app);
}

/* The first handler of "shutdown": no question reaches what the app's own handlers put away. */
static void
on_shutdown (CloudService *self)
{
  CloudServicePrivate *priv = cloud_service_get_instance_private (self);

  if (priv->provider != NULL)
    cloud_search_provider_unexport (priv->provider);
  g_clear_object (&priv->provider);
}

static void
cloud_service_activate (GApplication *app)
{
  /* Started by hand or by the bus: there is nothing to show. */
}

static void
cloud_service_finalize (GObject *object)
{
  CloudServicePrivate *priv = cloud_service_get_instance_private (CLOUD_SERVICE (object));

  g_clear_object (&priv->provider);
  g_free (priv->app);
  G_OBJECT_CLASS (cloud_service_parent_class)->finalize (object);
}

static void
cloud_service_class_init (CloudServiceClass *klass)
{
  GApplicationClass *app_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cloud_service_finalize;
  app_class->dbus_register = cloud_service_dbus_register;
  app_class->startup = cloud_service_startup;
  app_class->shutdown = cloud_service_shutdown;
  app_class->activate = cloud_service_activate;
  signals[SIGNAL_EXPORT] = g_signal_new ("export", CLOUD_TYPE_SERVICE, G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_first_wins, NULL, NULL,
                                         G_TYPE_BOOLEAN, 2, G_TYPE_DBUS_CONNECTION, G_TYPE_POINTER);
  signals[SIGNAL_STOP] = g_signal_new ("stop", CLOUD_TYPE_SERVICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cloud_service_init (CloudService *self)
{
  g_application_set_inactivity_timeout (G_APPLICATION (self), IDLE_TIMEOUT_MS);
  g_signal_connect (self, "shutdown", G_CALLBACK (on_shutdown), NULL);
}

CloudService *
cloud_service_new (const char *app)
{
  g_autofree char *id = NULL;
  CloudService *self;
  CloudServicePrivate *priv;

  g_return_val_if_fail (app != NULL, NULL);

  id = g_strdup_printf ("%s.%s.Service", CIRRUS_ID_PREFIX, app);
  self = g_object_new (CLOUD_TYPE_SERVICE, "application-id", id, "flags", G_APPLICATION_IS_SERVICE, NULL);
  priv = cloud_service_get_instance_private (self);
  priv->app = g_strdup (app);
  return self;
}

gboolean
cloud_service_export_answers (CloudService *self, GDBusConnection *bus, const CloudSearchProviderFuncs *funcs, gpointer user_data, GError **error)
{
  CloudServicePrivate *priv = cloud_service_get_instance_private (self);
  g_autofree char *path = NULL;

  g_return_val_if_fail (CLOUD_IS_SERVICE (self) && priv->provider == NULL && funcs != NULL, FALSE);

  path = g_strdup_printf ("%s/%s/SearchProvider", CIRRUS_ID_PATH, priv->app);
  priv->provider = cloud_search_provider_new (funcs, user_data);
  return cloud_search_provider_export (priv->provider, bus, path, error);
}

void
cloud_service_set_idle_timeout_ms (CloudService *self, guint timeout_ms)
{
  g_return_if_fail (CLOUD_IS_SERVICE (self));
  g_application_set_inactivity_timeout (G_APPLICATION (self), timeout_ms);
}

void
cloud_service_touch (CloudService *self)
{
  g_return_if_fail (CLOUD_IS_SERVICE (self));
  g_application_hold (G_APPLICATION (self));
  g_application_release (G_APPLICATION (self));
}
