/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hal-gps.h"

G_BEGIN_DECLS

/* HalBridgeService: the D-Bus side of the bridge: who needs what, and what each is sent.
 *
 * Signal "idle": nobody has needed or asked anything for the idle time; the program may end.
 *
 * Threading: the main context.  Ownership: keeps the HalGps.  Errors: exporting fails as GDBus says.
 * Source: dbus/org.cirrussuite.HalBridge.xml */

#define HAL_TYPE_BRIDGE_SERVICE (hal_bridge_service_get_type ())
G_DECLARE_FINAL_TYPE (HalBridgeService, hal_bridge_service, HAL, BRIDGE_SERVICE, GObject)

/* @idle_s: how long to wait for a client.  Returns: (transfer full) */
HalBridgeService *hal_bridge_service_new (HalGps *gps, guint idle_s);

gboolean hal_bridge_service_export (HalBridgeService *self, GDBusConnection *connection, GError **error);

G_END_DECLS
