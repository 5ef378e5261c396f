/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hal-gpsd-report.h"

#include <math.h>
#include <stdint.h>

/* Any bytes as a line from gpsd. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_auto (HalGpsdReport) report = { 0 };

  hal_gpsd_report_parse (&report, (const char *) data, size);
  if (report.kind == HAL_GPSD_FIX)
    g_assert_true (fabs (report.fix->latitude_deg) <= 90 && fabs (report.fix->longitude_deg) <= 180);
  if (report.kind == HAL_GPSD_SATELLITES)
    g_assert_cmpuint (report.satellites->len, <=, CLOUD_SATELLITES_MAX);
  return 0;
}
