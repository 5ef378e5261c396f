/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hal-source.h"

G_BEGIN_DECLS

/* HalSourceGpsd: the fixes of a running gpsd, over its JSON socket.
 *
 * Threading, Ownership: as HalSource; nothing blocks.  Errors: OFFLINE (nobody listens, connection lost), PROTOCOL (it is not
 * a gpsd).
 * Source: gpsd_json(5), protocol 3 */

#define HAL_TYPE_SOURCE_GPSD (hal_source_gpsd_get_type ())
G_DECLARE_FINAL_TYPE (HalSourceGpsd, hal_source_gpsd, HAL, SOURCE_GPSD, GObject)

/* @address: "host:port".  Returns: (transfer full) */
HalSource *hal_source_gpsd_new (const char *address);

G_END_DECLS
