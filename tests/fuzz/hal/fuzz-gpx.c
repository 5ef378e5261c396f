/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hal-track.h"

#include <math.h>
#include <stdint.h>

/* Any bytes as a GPX file: an error or fixes inside the world. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) fixes = hal_track_parse_gpx (data, size, &error);

  g_assert_true ((fixes == NULL) == (error != NULL));
  for (guint i = 0; fixes != NULL && i < fixes->len; i++)
    {
      const CloudFix *fix = fixes->pdata[i];

      g_assert_true (fabs (fix->latitude_deg) <= 90 && fabs (fix->longitude_deg) <= 180);
    }
  return 0;
}
