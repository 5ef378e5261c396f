/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hal-source.h"

G_BEGIN_DECLS

/* HalGps: the one position of the device, from the best source that works.
 *
 * Sources are tried in the order in which they were added.  One that fails is tried again after 1 s, 2 s, ... 60 s while the next
 * best serves; once a better one gives a fix, it takes over and the others are stopped.  Nothing runs without a demand.
 *
 * Signals: "fix" (CloudFix *), "satellites" (GArray of CloudSatellite), "nmea" (const char *), "changed" (state, reason or
 * sources).
 *
 * Threading: the main context.  Ownership: transfer none unless said.  Errors: the state and the reason tell.
 * Source: dbus/org.cirrussuite.HalBridge.xml */

typedef enum
{
  HAL_GPS_OFF,
  HAL_GPS_SEARCHING,
  HAL_GPS_FIX,
  HAL_GPS_FAILED,
} HalGpsState;

#define HAL_TYPE_GPS (hal_gps_get_type ())
G_DECLARE_FINAL_TYPE (HalGps, hal_gps, HAL, GPS, GObject)

HalGps *hal_gps_new (void);

/* Best first; before the first demand. */
void hal_gps_add_source (HalGps *self, HalSource *source);

/* @demand: (nullable): what all clients together need; NULL: nobody needs anything, all stops. */
void hal_gps_set_demand (HalGps *self, const HalSourceDemand *demand);

HalGpsState hal_gps_get_state (HalGps *self);
gint64 hal_gps_get_state_since (HalGps *self);

/* "off", "searching", "fix", "failed"; "", "no-source", "source-failed"; the last failure in words or "" */
const char *hal_gps_get_state_name (HalGps *self);
const char *hal_gps_get_why (HalGps *self);
const char *hal_gps_get_why_text (HalGps *self);

/* The name of the source that serves, or "". */
const char *hal_gps_get_source_name (HalGps *self);

/* The Sources property.  Returns: (transfer floating) */
GVariant *hal_gps_get_sources (HalGps *self);

/* Returns: (nullable) */
CloudFix *hal_gps_get_fix (HalGps *self);

/* Returns: (nullable) (element-type CloudSatellite) */
GArray *hal_gps_get_satellites (HalGps *self);

G_END_DECLS
