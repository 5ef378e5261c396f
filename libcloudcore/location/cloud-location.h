/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "cloud-fix.h"

G_BEGIN_DECLS

/* CloudLocation: the position for an app, from hal-bridge.
 *
 * Say what is needed (cloud_location_start) and listen to "fix"; say cloud_location_stop when nothing on the screen shows it
 * any more: the GPS runs only while somebody needs it.  Disposing stops too, and a process that dies is forgotten by the bridge
 * at once.  The bridge is started through the bus; when it dies it is started again and the need repeated (after 0.25 s at first,
 * 30 s at most); the last fix stays, with its age.
 *
 * Properties: "fix" (CloudFix, NULL before the first), "state" (int, CloudLocationState), "reason" (int,
 * CloudLocationReason).  Signals: "fix-received" (CloudFix *) for each fix as it arrives (notify::fix comes with it) and
 * "satellites-received" if the need asks for satellites.
 *
 * Threading: belongs to the GMainContext that was the thread's default when it was made; signals arrive there.  Nothing blocks.
 * Errors: none are returned; the state and the reason say what is wrong, for the UI to put into words.
 * Source: hal-bridge/dbus/org.cirrussuite.HalBridge.xml */

/**
 * CloudLocationState:
 * @CLOUD_LOCATION_OFF: nothing is asked for, or a one-shot need was met
 * @CLOUD_LOCATION_SEARCHING: asked; no position (or none for a while): see cloud_location_get_state_since
 * @CLOUD_LOCATION_FIX: positions arrive
 * @CLOUD_LOCATION_UNAVAILABLE: none can come now: see the reason; it goes on trying
 */
typedef enum
{
  CLOUD_LOCATION_OFF,
  CLOUD_LOCATION_SEARCHING,
  CLOUD_LOCATION_FIX,
  CLOUD_LOCATION_UNAVAILABLE,
} CloudLocationState;

/**
 * CloudLocationReason:
 * @CLOUD_LOCATION_REASON_NONE: nothing is wrong
 * @CLOUD_LOCATION_REASON_NO_BUS: there is no session bus
 * @CLOUD_LOCATION_REASON_NO_BRIDGE: hal-bridge is not installed or does not start
 * @CLOUD_LOCATION_REASON_NO_SOURCE: the bridge runs, but the device has no position source
 * @CLOUD_LOCATION_REASON_SOURCE_FAILED: there is one, and it does not work now
 */
typedef enum
{
  CLOUD_LOCATION_REASON_NONE,
  CLOUD_LOCATION_REASON_NO_BUS,
  CLOUD_LOCATION_REASON_NO_BRIDGE,
  CLOUD_LOCATION_REASON_NO_SOURCE,
  CLOUD_LOCATION_REASON_SOURCE_FAILED,
} CloudLocationReason;

/**
 * CloudLocationNeed:
 * @interval_ms: a fix at least this often, if the source can (1000: driving; 0: each one there is)
 * @accuracy_m: no better than this is needed; 0: as good as there is
 * @one_shot: one fix of that accuracy, then stop
 * @satellites: also "satellites-received"
 */
typedef struct
{
  guint interval_ms;
  double accuracy_m;
  gboolean one_shot;
  gboolean satellites;
} CloudLocationNeed;

#define CLOUD_TYPE_LOCATION (cloud_location_get_type ())
G_DECLARE_FINAL_TYPE (CloudLocation, cloud_location, CLOUD, LOCATION, GObject)

/* @app_name: (nullable): who asks, shown by `cirrus hal status`; NULL: the program's name.  Returns: (transfer full) */
CloudLocation *cloud_location_new (const char *app_name);

/* The same on a connection of the caller's (tests).  Returns: (transfer full) */
CloudLocation *cloud_location_new_for_connection (GDBusConnection *connection, const char *app_name);

/* Asks; again to change what is asked. */
void cloud_location_start (CloudLocation *self, const CloudLocationNeed *need);
void cloud_location_stop (CloudLocation *self);

/* Returns: (transfer none) (nullable): the latest; valid until the next comes (take a reference to keep it). */
CloudFix *cloud_location_get_fix (CloudLocation *self);

CloudLocationState cloud_location_get_state (CloudLocation *self);
CloudLocationReason cloud_location_get_reason (CloudLocation *self);

/* UTC microseconds when the state was entered ("searching since"). */
gint64 cloud_location_get_state_since (CloudLocation *self);

/* Returns: (transfer none): what was last received, possibly none. */
const CloudSatellite *cloud_location_get_satellites (CloudLocation *self, guint *n_satellites);

G_END_DECLS
