/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "cloud-fix.h"

G_BEGIN_DECLS

/* HalSource: one way to learn the position.  One file implements one source; HalGps chooses between them.
 *
 * A source does nothing until it is started, and nothing after it was stopped or has failed; it can be started again.  While it
 * runs it tells what it has through the hal_source_emit_* functions, which are the signals "fix" (CloudFix *),
 * "satellites" (GArray of CloudSatellite), "nmea" (const char *) and "failed" (const GError *).
 *
 * Threading: the main context; a source that needs threads of its own hands over to it.
 * Ownership: what a signal carries belongs to the source; take a reference.
 * Errors: "failed" with NOT_FOUND: not present or at its end, don't come back by yourself; all else: try again later. */

#define HAL_TYPE_SOURCE (hal_source_get_type ())
G_DECLARE_INTERFACE (HalSource, hal_source, HAL, SOURCE, GObject)

/**
 * HalSourceCapabilities: what a source can tell or do.
 */
typedef enum
{
  HAL_SOURCE_ALTITUDE = 1 << 0,
  HAL_SOURCE_SPEED = 1 << 1,
  HAL_SOURCE_SATELLITES = 1 << 2,
  HAL_SOURCE_NMEA = 1 << 3,
  HAL_SOURCE_INTERVAL = 1 << 4, /* obeys the interval: saves power */
  HAL_SOURCE_TIME = 1 << 5,
} HalSourceCapabilities;

/**
 * HalSourceDemand:
 * @interval_ms: a fix this often serves everybody; 0: as often as there is one
 * @accuracy_m: no better is needed; 0: the best
 * @satellites: somebody looks at the sky
 * @nmea: somebody wants the raw sentences
 */
typedef struct
{
  guint interval_ms;
  double accuracy_m;
  gboolean satellites;
  gboolean nmea;
} HalSourceDemand;

struct _HalSourceInterface
{
  GTypeInterface parent_interface;

  const char *(*get_name) (HalSource *self);
  HalSourceCapabilities (*get_capabilities) (HalSource *self);
  /* Also called while running, with a changed demand. */
  void (*start) (HalSource *self, const HalSourceDemand *demand);
  void (*stop) (HalSource *self);
};

/* Returns: (transfer none): a short stable name ("gpsd") */
const char *hal_source_get_name (HalSource *self);
HalSourceCapabilities hal_source_get_capabilities (HalSource *self);
void hal_source_start (HalSource *self, const HalSourceDemand *demand);
void hal_source_stop (HalSource *self);

/* For implementations. */
void hal_source_emit_fix (HalSource *self, CloudFix *fix);
void hal_source_emit_satellites (HalSource *self, GArray *satellites);
void hal_source_emit_nmea (HalSource *self, const char *sentence);
void hal_source_emit_failed (HalSource *self, const GError *error);

G_END_DECLS
