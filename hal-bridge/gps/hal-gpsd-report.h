/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-fix.h"

G_BEGIN_DECLS

/* What gpsd says, one line of JSON at a time.
 *
 * Threading: any.  Ownership: as said.  Errors: a line that makes no sense is HAL_GPSD_NOTHING.
 * Source: gpsd_json(5) of gpsd 3.22 */

typedef enum
{
  HAL_GPSD_NOTHING,
  HAL_GPSD_VERSION,
  HAL_GPSD_FIX,
  HAL_GPSD_NO_FIX,
  HAL_GPSD_SATELLITES,
  HAL_GPSD_DEVICES, /* n_devices says how many receivers gpsd has */
} HalGpsdKind;

/**
 * HalGpsdReport:
 * @fix: (nullable): for FIX; without satellite counts; time_unix_us is 0 if gpsd knows no date
 * @satellites: (nullable) (element-type CloudSatellite): for SATELLITES
 * @n_used: for SATELLITES, or -1
 */
typedef struct
{
  HalGpsdKind kind;
  CloudFix *fix;
  GArray *satellites;
  int n_used;
  guint n_devices;
} HalGpsdReport;

/* Reads one line into @report, which hal_gpsd_report_clear empties. */
void hal_gpsd_report_parse (HalGpsdReport *report, const char *line, gsize length);
void hal_gpsd_report_clear (HalGpsdReport *report);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HalGpsdReport, hal_gpsd_report_clear)

G_END_DECLS
