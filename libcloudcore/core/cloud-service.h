/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-search-provider.h"

G_BEGIN_DECLS

/* CloudService: the base of an app's `cirrus-<app>-service`, the process without a window that goes on with what must go on: the
 * outbox, new mail, refresh, answers to searches.
 *
 * It is a GApplication in service mode that owns <id prefix>.<App>.Service, is started by D-Bus when somebody calls it, and ends by itself some
 * seconds after the last work.  Work is g_application_hold() and g_application_release(), in pairs; a hold-release pair around each call
 * that D-Bus brings keeps it for another while.  SIGTERM, SIGINT and SIGHUP end it in order: "stop" is emitted, then
 * GApplication::shutdown, where the app closes its stores.
 *
 *     int main (int argc, char **argv)
 *     {
 *       g_autoptr (CloudService) service = NULL;
 *
 *       cloud_log_init ("cirrus-mail-service");
 *       service = cloud_service_new ("Mail");
 *       g_signal_connect (service, "export", G_CALLBACK (on_export), NULL);     // put objects on the bus
 *       g_signal_connect (service, "startup", G_CALLBACK (on_startup), NULL);   // open stores, ask for leases
 *       g_signal_connect (service, "shutdown", G_CALLBACK (on_shutdown), NULL);
 *       return g_application_run (G_APPLICATION (service), argc, argv);
 *     }
 *
 * Threading: the main thread.  Ownership: as GApplication.  Errors: a failing "export" ends the program with status 1, as does a missing bus.
 *
 * Signal "export" (CloudService *, GDBusConnection *, GError **error) -> gboolean: before the name is owned, so that no call comes too early.
 * Signal "stop" (CloudService *): asked to end by a signal; cancel what runs.
 * Source: D-Bus specification "Message Bus Starting Services"; GApplication, G_APPLICATION_IS_SERVICE. */

#define CLOUD_TYPE_SERVICE (cloud_service_get_type ())
G_DECLARE_DERIVABLE_TYPE (CloudService, cloud_service, CLOUD, SERVICE, GApplication)

struct _CloudServiceClass
{
  GApplicationClass parent_class;
};

/* @app: "Mail", "Search", "Weather" or "Navi".  Returns: (transfer full) */
CloudService *cloud_service_new (const char *app);

/* In "export": answers the desktop's search at <id path>/<App>/SearchProvider, as the .ini file of the app says.  Taken off the bus, and open
 * questions cancelled, before the app's handlers of "shutdown" run; @user_data is theirs to free. */
gboolean cloud_service_export_answers (CloudService *self, GDBusConnection *bus, const CloudSearchProviderFuncs *funcs, gpointer user_data, GError **error);

/* How long it stays without work; 10 s by default. */
void cloud_service_set_idle_timeout_ms (CloudService *self, guint timeout_ms);

/* Somebody used the service: the time-out begins anew. */
void cloud_service_touch (CloudService *self);

G_END_DECLS
