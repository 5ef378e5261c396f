/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-map-render.h"
#include "navi-map-style.h"

#include <math.h>

/* The ground of the map, painted with cairo from the cells of all regions. */

#define MAX_LATITUDE_DEG 85.05112878

typedef struct
{
  const NaviMapCell *cell;
  NaviMapProjection projection;
  guint first_of_kind[NAVI_MAP_N_KINDS + 1]; /* into the cell's features */
} CellView;

typedef struct
{
  cairo_t *cr;
  const NaviMapFrame *frame;
  const NaviMapStyle *style;
  CellView *views;
  guint n_views;
  double px; /* device pixels per map pixel */
} Job;

double
navi_map_world_x (double lon_deg, double world)
{
  return (lon_deg + 180) / 360 * world;
}

double
navi_map_world_y (double lat_deg, double world)
{
  double s = sin (CLAMP (lat_deg, -MAX_LATITUDE_DEG, MAX_LATITUDE_DEG) * G_PI / 180);

  return (0.5 - log ((1 + s) / (1 - s)) / (4 * G_PI)) * world;
}

double
navi_map_world_lon_deg (double x, double world)
{
  return x / world * 360 - 180;
}

double
navi_map_world_lat_deg (double y, double world)
{
  return atan (sinh (G_PI * (1 - 2 * y / world))) * 180 / G_PI;
}

double
navi_map_frame_world (const NaviMapFrame *frame)
{
  return 256 * frame->scale * pow (2, frame->zoom);
}

void
navi_map_projection_init (NaviMapProjection *self, const NaviMapCell *cell, const NaviMapFrame *frame)
{
  double world = navi_map_frame_world (frame);
  double unit_deg = navi_map_levels[cell->level].unit_e7 * 1e-7;
  double west_deg = (double) navi_map_cell_west_e7 (cell->level, cell->col) * 1e-7;
  double south_deg = (double) navi_map_cell_south_e7 (cell->level, cell->row) * 1e-7;

  self->x0 = navi_map_world_x (west_deg, world) - frame->x;
  self->kx = unit_deg / 360 * world;
  for (int i = 0; i <= NAVI_MAP_PROJECTION_STEPS; i++)
    {
      double units = (double) i * (NAVI_MAP_CELL_UNITS + 2 * NAVI_MAP_CELL_MARGIN) / NAVI_MAP_PROJECTION_STEPS - NAVI_MAP_CELL_MARGIN;

      self->ys[i] = navi_map_world_y (south_deg + units * unit_deg, world) - frame->y;
    }
}

GPtrArray *
navi_map_frame_cells (GPtrArray *regions, const NaviMapFrame *frame, double margin_px)
{
  double world = navi_map_frame_world (frame);
  int level = navi_map_level_for_zoom ((int) floor (frame->zoom + 0.01));
  GPtrArray *cells = g_ptr_array_new_with_free_func ((GDestroyNotify) navi_map_cell_unref);

  for (guint i = 0; i < regions->len; i++)
    {
      GPtrArray *of_region = navi_map_data_get_cells (g_ptr_array_index (regions, i), level,
                                                      navi_map_world_lat_deg (frame->y + frame->height + margin_px, world),
                                                      navi_map_world_lon_deg (frame->x - margin_px, world),
                                                      navi_map_world_lat_deg (frame->y - margin_px, world),
                                                      navi_map_world_lon_deg (frame->x + frame->width + margin_px, world));

      g_ptr_array_extend_and_steal (cells, of_region);
    }
  return cells;
}

static void
set_color (cairo_t *cr, NaviMapColor color)
{
  cairo_set_source_rgb (cr, (color >> 16 & 0xff) / 255.0, (color >> 8 & 0xff) / 255.0, (color & 0xff) / 255.0);
}

static void
view_init (CellView *view, const NaviMapCell *cell, const NaviMapFrame *frame)
{
  guint at = 0;

  view->cell = cell;
  navi_map_projection_init (&view->projection, cell, frame);
  for (int kind = 0; kind <= NAVI_MAP_N_KINDS; kind++)
    {
      while (at < cell->n_features && cell->features[at].kind < kind)
        at++;
      view->first_of_kind[kind] = at;
    }
}

static gboolean
is_visible (const Job *job, const CellView *view, const NaviMapFeature *feature, double margin)
{
  const NaviMapProjection *p = &view->projection;

  return navi_map_project_x (p, feature->most.x) >= -margin && navi_map_project_x (p, feature->least.x) <= job->frame->width + margin &&
         navi_map_project_y (p, feature->least.y) >= -margin && navi_map_project_y (p, feature->most.y) <= job->frame->height + margin;
}

/* Adds the feature's rings to the current path; points closer than a third of a pixel to the last are skipped. */
static void
add_path (const Job *job, const CellView *view, const NaviMapFeature *feature, gboolean closed)
{
  const NaviMapCell *cell = view->cell;

  for (guint i = 0; i < feature->n_rings; i++)
    {
      const NaviMapRing *ring = &cell->rings[feature->first_ring + i];
      const NaviMapXY *points = cell->points + ring->first_point;
      double last_x = 0, last_y = 0;

      for (guint k = 0; k < ring->n_points; k++)
        {
          double x = navi_map_project_x (&view->projection, points[k].x);
          double y = navi_map_project_y (&view->projection, points[k].y);

          if (k == 0)
            cairo_move_to (job->cr, x, y);
          else if (k + 1 < ring->n_points && fabs (x - last_x) + fabs (y - last_y) < 0.33)
            continue;
          else
            cairo_line_to (job->cr, x, y);
          last_x = x;
          last_y = y;
        }
      if (closed)
        cairo_close_path (job->cr);
    }
}

/* ---- Areas ---- */

static void
draw_area_kind (const Job *job, int kind)
{
  const NaviMapPaint *paint = &job->style->paints[kind];
  gboolean any = FALSE;

  if (job->frame->zoom < navi_map_style_area_zoom (kind) - 0.01)
    return;
  for (guint v = 0; v < job->n_views; v++)
    {
      const CellView *view = &job->views[v];

      for (guint i = view->first_of_kind[kind]; i < view->first_of_kind[kind + 1]; i++)
        if (is_visible (job, view, &view->cell->features[i], 2))
          {
            add_path (job, view, &view->cell->features[i], TRUE);
            any = TRUE;
          }
    }
  if (!any)
    return;
  set_color (job->cr, paint->fill);
  if (paint->line == NAVI_MAP_NO_COLOR)
    {
      cairo_fill (job->cr);
      return;
    }
  cairo_fill_preserve (job->cr);
  set_color (job->cr, paint->line);
  cairo_set_line_width (job->cr, 0.7 * job->px);
  cairo_stroke (job->cr);
}

/* ---- Lines ---- */

typedef enum
{
  PASS_CASING,
  PASS_FILL,
} Pass;

typedef struct
{
  int kind;
  guint flags; /* of NAVI_MAP_FLAG_LINK, _MINOR, _BRIDGE, _TUNNEL */
  int layer;
} LineGroup;

#define GROUP_FLAGS (NAVI_MAP_FLAG_LINK | NAVI_MAP_FLAG_MINOR | NAVI_MAP_FLAG_BRIDGE | NAVI_MAP_FLAG_TUNNEL)

static gboolean
add_group_path (const Job *job, const LineGroup *group, double margin)
{
  gboolean any = FALSE;

  for (guint v = 0; v < job->n_views; v++)
    {
      const CellView *view = &job->views[v];

      for (guint i = view->first_of_kind[group->kind]; i < view->first_of_kind[group->kind + 1]; i++)
        {
          const NaviMapFeature *feature = &view->cell->features[i];

          if (feature->layer != group->layer || (feature->flags & GROUP_FLAGS) != group->flags ||
              !is_visible (job, view, feature, margin))
            continue;
          add_path (job, view, feature, FALSE);
          any = TRUE;
        }
    }
  return any;
}

static void
mix_with_land (const Job *job, NaviMapColor color)
{
  NaviMapColor land = job->style->land;
  double part = 0.45;

  cairo_set_source_rgb (job->cr, ((color >> 16 & 0xff) * part + (land >> 16 & 0xff) * (1 - part)) / 255,
                        ((color >> 8 & 0xff) * part + (land >> 8 & 0xff) * (1 - part)) / 255,
                        ((color & 0xff) * part + (land & 0xff) * (1 - part)) / 255);
}

static void
set_line_color (const Job *job, const LineGroup *group, NaviMapColor color)
{
  if (group->flags & NAVI_MAP_FLAG_TUNNEL)
    mix_with_land (job, color);
  else
    set_color (job->cr, color);
}

static void
stroke_casing (const Job *job, const LineGroup *group, double width, double casing)
{
  static const double tunnel_dash[] = { 4, 3 };
  double dash[] = { tunnel_dash[0] * job->px, tunnel_dash[1] * job->px };
  gboolean bridge = group->flags & NAVI_MAP_FLAG_BRIDGE;

  set_line_color (job, group, bridge ? job->style->text_quiet : job->style->paints[group->kind].line);
  cairo_set_line_width (job->cr, (width + 2 * casing + (bridge ? 0.6 : 0)) * job->px);
  cairo_set_line_cap (job->cr, bridge || group->flags & NAVI_MAP_FLAG_TUNNEL ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
  if (group->flags & NAVI_MAP_FLAG_TUNNEL)
    cairo_set_dash (job->cr, dash, 2, 0);
  cairo_stroke (job->cr);
  cairo_set_dash (job->cr, NULL, 0, 0);
}

/* A dark line with light dashes on it, as maps have drawn railways for a century. */
static void
stroke_rail (const Job *job, const LineGroup *group, double width)
{
  const NaviMapPaint *paint = &job->style->paints[group->kind];
  double dash[] = { 6 * job->px, 6 * job->px };

  set_line_color (job, group, paint->line);
  cairo_set_line_cap (job->cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_line_width (job->cr, width * job->px);
  if (job->frame->zoom < 13 || group->flags & NAVI_MAP_FLAG_MINOR)
    {
      cairo_stroke (job->cr);
      return;
    }
  cairo_stroke_preserve (job->cr);
  set_color (job->cr, paint->fill);
  cairo_set_line_width (job->cr, width * 0.55 * job->px);
  cairo_set_dash (job->cr, dash, 2, 0);
  cairo_stroke (job->cr);
  cairo_set_dash (job->cr, NULL, 0, 0);
}

static void
stroke_fill (const Job *job, const LineGroup *group, double width)
{
  const double *dash = navi_map_style_dash (group->kind, job->frame->zoom);
  double scaled[2];

  if (group->kind == NAVI_MAP_LINE_RAIL)
    {
      stroke_rail (job, group, width);
      return;
    }
  set_line_color (job, group, job->style->paints[group->kind].fill);
  cairo_set_line_width (job->cr, width * job->px);
  cairo_set_line_cap (job->cr, dash != NULL ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
  if (dash != NULL)
    {
      scaled[0] = dash[0] * job->px;
      scaled[1] = dash[1] * job->px;
      cairo_set_dash (job->cr, scaled, 2, 0);
    }
  cairo_stroke (job->cr);
  cairo_set_dash (job->cr, NULL, 0, 0);
}

static void
draw_group (const Job *job, const LineGroup *group, Pass pass)
{
  double width = navi_map_style_line_width (group->kind, group->flags, job->frame->zoom);
  double casing = navi_map_style_casing_width (group->kind, width, job->frame->zoom);

  if (width <= 0 || (pass == PASS_CASING && casing <= 0))
    return;
  if (!add_group_path (job, group, (width + 4) * job->px))
    return;
  if (pass == PASS_CASING)
    stroke_casing (job, group, width, casing);
  else
    stroke_fill (job, group, width);
}

/* Draws the kind's features of one layer, those with the same flags in one stroke. */
static void
draw_kind (const Job *job, int kind, int layer, Pass pass)
{
  guint64 seen = 0; /* one bit for each combination of GROUP_FLAGS, all below 64 */

  for (guint v = 0; v < job->n_views; v++)
    for (guint i = job->views[v].first_of_kind[kind]; i < job->views[v].first_of_kind[kind + 1]; i++)
      {
        const NaviMapFeature *feature = &job->views[v].cell->features[i];
        guint flags = feature->flags & GROUP_FLAGS;

        if (feature->layer != layer || seen & (G_GUINT64_CONSTANT (1) << flags))
          continue;
        seen |= G_GUINT64_CONSTANT (1) << flags;
        draw_group (job, &(LineGroup){ kind, flags, layer }, pass);
      }
}

static guint
layers_present (const Job *job)
{
  guint present = 0;

  for (guint v = 0; v < job->n_views; v++)
    {
      const CellView *view = &job->views[v];

      for (guint i = view->first_of_kind[NAVI_MAP_LINE_RAIL]; i < view->first_of_kind[NAVI_MAP_ROAD_LAST + 1]; i++)
        present |= 1u << (view->cell->features[i].layer + 5);
    }
  return present;
}

static void
draw_ways (const Job *job)
{
  guint present = layers_present (job);

  for (int layer = -5; layer <= 5; layer++)
    {
      if (!(present & (1u << (layer + 5))))
        continue;
      for (int kind = NAVI_MAP_ROAD_CONSTRUCTION; kind <= NAVI_MAP_ROAD_LAST; kind++)
        draw_kind (job, kind, layer, PASS_CASING);
      for (int kind = NAVI_MAP_LINE_RUNWAY; kind <= NAVI_MAP_LINE_TAXIWAY; kind++)
        draw_kind (job, kind, layer, PASS_FILL);
      for (int kind = NAVI_MAP_ROAD_CONSTRUCTION; kind <= NAVI_MAP_ROAD_LAST; kind++)
        draw_kind (job, kind, layer, PASS_FILL);
      for (int kind = NAVI_MAP_LINE_RAIL; kind <= NAVI_MAP_LINE_AERIALWAY; kind++)
        draw_kind (job, kind, layer, PASS_FILL);
    }
}

static void
draw_water_lines (const Job *job)
{
  for (int kind = NAVI_MAP_LINE_STREAM; kind <= NAVI_MAP_LINE_COAST; kind++)
    for (int layer = -5; layer <= 5; layer++)
      draw_kind (job, kind, layer, PASS_FILL);
}

/* ---- One-way arrows ---- */

static void
draw_arrow (const Job *job, double x, double y, double dx, double dy, double length)
{
  cairo_t *cr = job->cr;
  double half = length / 2;
  double wing = length * 0.28;

  cairo_move_to (cr, x - dx * half, y - dy * half);
  cairo_line_to (cr, x + dx * half, y + dy * half);
  cairo_move_to (cr, x + dx * (half - wing) - dy * wing, y + dy * (half - wing) + dx * wing);
  cairo_line_to (cr, x + dx * half, y + dy * half);
  cairo_line_to (cr, x + dx * (half - wing) + dy * wing, y + dy * (half - wing) - dx * wing);
}

static void
add_arrows (const Job *job, const CellView *view, const NaviMapFeature *feature, double every)
{
  const NaviMapCell *cell = view->cell;
  double direction = feature->flags & NAVI_MAP_FLAG_BACKWARD ? -1 : 1;

  for (guint r = 0; r < feature->n_rings; r++)
    {
      const NaviMapRing *ring = &cell->rings[feature->first_ring + r];
      double to_next = every / 2;

      for (guint i = 1; i < ring->n_points; i++)
        {
          const NaviMapXY *a = &cell->points[ring->first_point + i - 1];
          const NaviMapXY *b = a + 1;
          double ax = navi_map_project_x (&view->projection, a->x), ay = navi_map_project_y (&view->projection, a->y);
          double dx = navi_map_project_x (&view->projection, b->x) - ax, dy = navi_map_project_y (&view->projection, b->y) - ay;
          double length = hypot (dx, dy);

          if (length <= 0)
            continue;
          for (; to_next < length; to_next += every)
            draw_arrow (job, ax + dx * to_next / length, ay + dy * to_next / length, direction * dx / length, direction * dy / length,
                        9 * job->px);
          to_next -= length;
        }
    }
}

static void
draw_arrows (const Job *job)
{
  if (job->frame->zoom < 15.9)
    return;
  for (int kind = NAVI_MAP_ROAD_SERVICE; kind <= NAVI_MAP_ROAD_TRUNK; kind++)
    for (guint v = 0; v < job->n_views; v++)
      {
        const CellView *view = &job->views[v];

        for (guint i = view->first_of_kind[kind]; i < view->first_of_kind[kind + 1]; i++)
          if (view->cell->features[i].flags & NAVI_MAP_FLAG_ONEWAY && is_visible (job, view, &view->cell->features[i], 8))
            add_arrows (job, view, &view->cell->features[i], 120 * job->px);
      }
  set_color (job->cr, job->style->arrow);
  cairo_set_line_width (job->cr, 1.1 * job->px);
  cairo_set_line_cap (job->cr, CAIRO_LINE_CAP_ROUND);
  cairo_stroke (job->cr);
}

/* ---- All ---- */

static void
draw_all (const Job *job)
{
  cairo_set_fill_rule (job->cr, CAIRO_FILL_RULE_WINDING);
  cairo_set_line_join (job->cr, CAIRO_LINE_JOIN_ROUND);
  for (int kind = NAVI_MAP_AREA_RESIDENTIAL; kind <= NAVI_MAP_AREA_ISLAND; kind++)
    draw_area_kind (job, kind);
  draw_water_lines (job);
  for (int kind = NAVI_MAP_AREA_ISLAND + 1; kind <= NAVI_MAP_AREA_LAST; kind++)
    draw_area_kind (job, kind);
  draw_kind (job, NAVI_MAP_LINE_FERRY, 0, PASS_FILL);
  draw_ways (job);
  draw_arrows (job);
  for (int kind = NAVI_MAP_LINE_BORDER; kind <= NAVI_MAP_LINE_BORDER_STATE; kind++)
    draw_kind (job, kind, 0, PASS_FILL);
}

static void
render_cells (cairo_t *cr, GPtrArray *cells, const NaviMapFrame *frame, gboolean dark)
{
  Job job = { .cr = cr, .frame = frame, .style = navi_map_style_get (dark), .px = frame->scale, .n_views = cells->len };

  job.views = g_new (CellView, cells->len);
  for (guint i = 0; i < cells->len; i++)
    view_init (&job.views[i], g_ptr_array_index (cells, i), frame);
  cairo_save (cr);
  set_color (cr, job.style->land);
  cairo_paint (cr);
  draw_all (&job);
  cairo_restore (cr);
  g_free (job.views);
}

/* How far beyond the frame a line may run whose width reaches into it. */
static double
reach_px (const NaviMapFrame *frame)
{
  return (frame->zoom < 17.9 ? 16 : 48) * frame->scale;
}

void
navi_map_render (cairo_t *cr, GPtrArray *regions, const NaviMapFrame *frame, gboolean dark)
{
  g_autoptr (GPtrArray) cells = NULL;

  g_return_if_fail (cr != NULL && regions != NULL && frame != NULL);

  cells = navi_map_frame_cells (regions, frame, reach_px (frame));
  render_cells (cr, cells, frame, dark);
}

cairo_surface_t *
navi_map_render_tile (GPtrArray *regions, int zoom, int x, int y, double scale, gboolean dark)
{
  int size = (int) (256 * scale);
  NaviMapFrame frame = { (double) x * size, (double) y * size, size, size, zoom, scale };
  g_autoptr (GPtrArray) cells = NULL;
  cairo_surface_t *surface;
  cairo_t *cr;

  g_return_val_if_fail (regions != NULL, NULL);

  cells = navi_map_frame_cells (regions, &frame, reach_px (&frame));
  if (cells->len == 0)
    return NULL;
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, size, size);
  cr = cairo_create (surface);
  render_cells (cr, cells, &frame, dark);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}
