/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-customize.h"
#include "navi-metrics.h"
#include "navi-roads-build.h"

/* The overlays of the three profiles, with the weights of each that has no wishes. */

static gboolean
write_profile (NaviRoadsBuild *self, NaviProfile profile, NaviRegionWriter *writer, GCancellable *cancellable, GError **error)
{
  const NaviMetric metric = { .profile = profile };
  g_autoptr (NaviOverlay) overlay = navi_overlay_build (&self->graph, profile);
  g_autoptr (NaviWeights) weights = navi_customize (overlay, &metric, cancellable);
  g_autoptr (GByteArray) points = NULL;
  g_autoptr (GByteArray) matrices = NULL;

  if (weights == NULL)
    {
      g_cancellable_set_error_if_cancelled (cancellable, error);
      return FALSE;
    }
  points = navi_overlay_write (overlay);
  matrices = navi_weights_write (weights);
  return navi_region_writer_add (writer, NAVI_SECTION_OVERLAY_CAR + profile, 0, points->data, points->len, error)
         && navi_region_writer_add (writer, NAVI_SECTION_WEIGHTS_CAR + profile, 0, matrices->data, matrices->len, error);
}

gboolean
navi_roads_build_overlays (NaviRoadsBuild *self, NaviRegionWriter *writer, GCancellable *cancellable, GError **error)
{
  g_autoptr (GArray) traits = NULL;

  if (self->graph.n_nodes == 0)
    return TRUE;
  traits = navi_metrics_list_traits (&self->graph);
  if (!navi_region_writer_add (writer, NAVI_SECTION_CELL_TRAITS, sizeof (guint32), traits->data, traits->len * sizeof (guint32), error))
    return FALSE;
  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    if (!write_profile (self, (NaviProfile) profile, writer, cancellable, error))
      return FALSE;
  return TRUE;
}
