/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-route-view.h"

/* Ends, lines and the view of them. */

#define MARGIN_PX 72

static void
show_ends (NaviMarkerLayer *markers, NaviPlanner *planner)
{
  double lat_deg, lon_deg;

  if (navi_planner_get_destination (planner, &lat_deg, &lon_deg))
    navi_marker_layer_show (markers, NAVI_MARKER_DESTINATION, lat_deg, lon_deg);
  else
    navi_marker_layer_hide (markers, NAVI_MARKER_DESTINATION);
  if (navi_planner_get_start (planner, &lat_deg, &lon_deg))
    navi_marker_layer_show (markers, NAVI_MARKER_START, lat_deg, lon_deg);
  else
    navi_marker_layer_hide (markers, NAVI_MARKER_START);
}

void
navi_route_view_show (NaviCanvas *canvas, NaviPlanner *planner)
{
  guint chosen;
  GPtrArray *routes = navi_planner_get_routes (planner, &chosen);

  show_ends (navi_canvas_get_markers (canvas), planner);
  navi_map_layer_set_routes (navi_canvas_get_map_layer (canvas), routes, chosen);
}

void
navi_route_view_fit (NaviCanvas *canvas, NaviPlanner *planner, int bottom_px)
{
  double south = 90, west = 180, north = -90, east = -180;
  guint chosen;
  GPtrArray *routes = navi_planner_get_routes (planner, &chosen);

  for (guint i = 0; routes != NULL && i < routes->len; i++)
    {
      guint n_points;
      const NaviCoordinate *points = navi_route_get_geometry (g_ptr_array_index (routes, i), &n_points);

      for (guint k = 0; k < n_points; k++)
        {
          south = MIN (south, points[k].lat_deg);
          north = MAX (north, points[k].lat_deg);
          west = MIN (west, points[k].lon_deg);
          east = MAX (east, points[k].lon_deg);
        }
    }
  if (south <= north)
    navi_canvas_fit (canvas, south, west, north, east, MARGIN_PX, bottom_px);
}
