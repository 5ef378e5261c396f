/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-map-layer.h"
#include "navi-map-render.h"
#include "navi-map-style.h"
#include "navi-tile-cache.h"

#include <math.h>

/* One ShumateLayer that draws all of our map: tiles, then the route, then labels. */

#define LABEL_MARGIN_PX 160
#define MAX_TILE_ZOOM 18
#define ROUTE_REACH_PX 16 /* a finger's */
#define ROUTE_MAX_POINTS 4000 /* on screen; more are thinned out */

typedef struct
{
  double x; /* in a world of width 1 */
  double y;
} WorldPoint;

struct _NaviMapLayer
{
  ShumateLayer parent_instance;
  NaviTileCache *tiles;
  GPtrArray *regions;
  gboolean dark;
  char *language;
  GPtrArray *routes; /* GArray of WorldPoint */
  guint chosen;      /* of them */

  NaviMapLabels *labels;     /* (nullable) */
  NaviMapView labelled_view; /* what they were placed for */
  gboolean labels_stale;     /* something but the view has changed */
  gboolean labelling;        /* a worker is at it */
  NaviMapLabeler *labeler;   /* lent to the worker meanwhile */
  gboolean was_idle;
};

enum
{
  PROP_IDLE = 1,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (NaviMapLayer, navi_map_layer, SHUMATE_TYPE_LAYER)

void
navi_map_layer_get_view (NaviMapLayer *self, NaviMapView *view)
{
  ShumateViewport *viewport = shumate_layer_get_viewport (SHUMATE_LAYER (self));
  ShumateMapSource *source = shumate_viewport_get_reference_map_source (viewport);
  double zoom = shumate_viewport_get_zoom_level (viewport);
  /* Between two whole zooms libshumate grows tiles linearly: the world is wider than 256 * 2^zoom. */
  double world = source != NULL ? shumate_map_source_get_tile_size_at_zoom (source, zoom) *
                                    shumate_map_source_get_column_count (source, (guint) zoom)
                                : 256 * pow (2, zoom);

  view->lat_deg = shumate_location_get_latitude (SHUMATE_LOCATION (viewport));
  view->lon_deg = shumate_location_get_longitude (SHUMATE_LOCATION (viewport));
  view->zoom = log2 (world / 256);
  view->rotation_rad = shumate_viewport_get_rotation (viewport);
  view->width = MAX (1, gtk_widget_get_width (GTK_WIDGET (self)));
  view->height = MAX (1, gtk_widget_get_height (GTK_WIDGET (self)));
}

/* ---- Labels ---- */

typedef struct
{
  NaviMapLabeler *labeler;
  GPtrArray *regions;
  NaviMapView view;
  gboolean dark;
} LabelJob;

static void
label_job_free (gpointer data)
{
  LabelJob *job = data;

  g_clear_pointer (&job->labeler, navi_map_labeler_free);
  g_ptr_array_unref (job->regions);
  g_free (job);
}

static void
place_labels (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LabelJob *job = data;

  g_task_return_pointer (task, navi_map_labeler_layout (job->labeler, job->regions, &job->view, LABEL_MARGIN_PX, job->dark),
                         (GDestroyNotify) navi_map_labels_unref);
}

static void update_idle (NaviMapLayer *self);

static void
on_labels_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  NaviMapLayer *self = NAVI_MAP_LAYER (source);
  LabelJob *job = g_task_get_task_data (G_TASK (result));
  NaviMapLabels *labels = g_task_propagate_pointer (G_TASK (result), NULL);

  self->labelling = FALSE;
  if (self->labeler == NULL)
    self->labeler = g_steal_pointer (&job->labeler);
  g_clear_pointer (&self->labels, navi_map_labels_unref);
  self->labels = labels;
  self->labelled_view = job->view;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Labels stay where they are on the earth while the map moves a little; they are placed anew when it has moved further, turned or zoomed. */
static gboolean
labels_fit (NaviMapLayer *self, const NaviMapView *view)
{
  const NaviMapView *old = &self->labelled_view;
  double world = 256 * pow (2, view->zoom);
  double moved = hypot (navi_map_world_x (view->lon_deg, world) - navi_map_world_x (old->lon_deg, world),
                        navi_map_world_y (view->lat_deg, world) - navi_map_world_y (old->lat_deg, world));

  return self->labels != NULL && !self->labels_stale && old->width == view->width && old->height == view->height &&
         fabs (old->zoom - view->zoom) < 0.02 && fabs (remainder (old->rotation_rad - view->rotation_rad, 2 * G_PI)) < 0.03 &&
         moved < LABEL_MARGIN_PX / 3.0;
}

static void
request_labels (NaviMapLayer *self, const NaviMapView *view)
{
  LabelJob *job;
  g_autoptr (GTask) task = NULL;

  if (self->labelling || labels_fit (self, view))
    return;
  self->labelling = TRUE;
  self->labels_stale = FALSE;
  job = g_new0 (LabelJob, 1);
  job->labeler = g_steal_pointer (&self->labeler);
  if (job->labeler == NULL)
    job->labeler = navi_map_labeler_new (self->language, gtk_widget_get_scale_factor (GTK_WIDGET (self)));
  job->regions = g_ptr_array_ref (self->regions);
  job->view = *view;
  job->dark = self->dark;
  task = g_task_new (self, NULL, on_labels_ready, NULL);
  g_task_set_task_data (task, job, label_job_free);
  g_task_run_in_thread (task, place_labels);
}

/* ---- Drawing ---- */

typedef struct
{
  NaviMapLayer *self;
  cairo_t *cr;
  const NaviMapView *view;
  double world; /* in map pixels */
  double center_x;
  double center_y;
  int tile_zoom;
  double tile_px; /* a tile's width in map pixels */
  gboolean whole_pixels;
} Frame;

static void
set_color (cairo_t *cr, guint32 color)
{
  cairo_set_source_rgb (cr, (color >> 16 & 0xff) / 255.0, (color >> 8 & 0xff) / 255.0, (color & 0xff) / 255.0);
}

/* Paints the part of @surface (a tile of @zoom at @x, @y) that covers the given tile of the frame's zoom. */
static void
paint_surface (const Frame *frame, cairo_surface_t *surface, int zoom, int x, int y)
{
  double px = frame->world / (1 << zoom); /* its width on the screen */
  double left = x * px - frame->center_x;
  double top = y * px - frame->center_y;
  double scale = px / cairo_image_surface_get_width (surface);
  cairo_t *cr = frame->cr;

  cairo_save (cr);
  if (frame->whole_pixels)
    {
      left = floor (left + 0.5);
      top = floor (top + 0.5);
    }
  cairo_translate (cr, left, top);
  cairo_scale (cr, scale, scale);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), frame->whole_pixels ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_BILINEAR);
  /* Between turned or scaled tiles the background would shine through: each reaches half a pixel over its edges. */
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  if (frame->whole_pixels)
    cairo_rectangle (cr, 0, 0, px / scale, px / scale);
  else
    cairo_rectangle (cr, -0.5 / scale, -0.5 / scale, (px + 1) / scale, (px + 1) / scale);
  cairo_fill (cr);
  cairo_restore (cr);
}

static void
clip_to_tile (const Frame *frame, int x, int y)
{
  cairo_rectangle (frame->cr, x * frame->tile_px - frame->center_x, y * frame->tile_px - frame->center_y, frame->tile_px + 0.5,
                   frame->tile_px + 0.5);
  cairo_clip (frame->cr);
}

/* The nearest larger tile that is here, or else the four smaller ones. */
static void
paint_stand_in (const Frame *frame, int x, int y)
{
  cairo_surface_t *surface;

  cairo_save (frame->cr);
  clip_to_tile (frame, x, y);
  for (int up = 1; up <= 6 && up <= frame->tile_zoom; up++)
    if (navi_tile_cache_get (frame->self->tiles, frame->tile_zoom - up, x >> up, y >> up, FALSE, &surface))
      {
        if (surface != NULL)
          paint_surface (frame, surface, frame->tile_zoom - up, x >> up, y >> up);
        break;
      }
  for (int child = 0; child < 4; child++)
    if (navi_tile_cache_get (frame->self->tiles, frame->tile_zoom + 1, 2 * x + child % 2, 2 * y + child / 2, FALSE, &surface) &&
        surface != NULL)
      paint_surface (frame, surface, frame->tile_zoom + 1, 2 * x + child % 2, 2 * y + child / 2);
  cairo_restore (frame->cr);
}

static void
paint_tiles (const Frame *frame)
{
  const NaviMapView *view = frame->view;
  double half_w = view->width / 2.0;
  double half_h = view->height / 2.0;
  int n = 1 << frame->tile_zoom;
  int x_from, x_to, y_from, y_to;

  if (view->rotation_rad != 0)
    half_w = half_h = hypot (half_w, half_h);
  x_from = MAX (0, (int) floor ((frame->center_x - half_w) / frame->tile_px));
  x_to = MIN (n - 1, (int) floor ((frame->center_x + half_w) / frame->tile_px));
  y_from = MAX (0, (int) floor ((frame->center_y - half_h) / frame->tile_px));
  y_to = MIN (n - 1, (int) floor ((frame->center_y + half_h) / frame->tile_px));
  navi_tile_cache_begin_frame (frame->self->tiles);
  for (int y = y_from; y <= y_to; y++)
    for (int x = x_from; x <= x_to; x++)
      {
        cairo_surface_t *surface;

        if (!navi_tile_cache_get (frame->self->tiles, frame->tile_zoom, x, y, TRUE, &surface))
          paint_stand_in (frame, x, y);
        else if (surface != NULL)
          paint_surface (frame, surface, frame->tile_zoom, x, y);
      }
}

/* Adds the route's course to the path: only what is near the view, no two points closer than a pixel. */
static gboolean
add_route_path (const Frame *frame, const GArray *route)
{
  double reach = hypot (frame->view->width, frame->view->height) / 2 + 40;
  double last_x = 0, last_y = 0;
  gboolean drawing = FALSE;
  guint n = 0;

  for (guint i = 0; i < route->len && n < ROUTE_MAX_POINTS; i++)
    {
      const WorldPoint *p = &g_array_index (route, WorldPoint, i);
      double x = p->x * frame->world - frame->center_x;
      double y = p->y * frame->world - frame->center_y;
      gboolean outside = i > 0 && ((x < -reach && last_x < -reach) || (x > reach && last_x > reach) || (y < -reach && last_y < -reach) ||
                                   (y > reach && last_y > reach));

      if (drawing && !outside && i + 1 < route->len && fabs (x - last_x) + fabs (y - last_y) < 1)
        continue;
      if (outside || i == 0)
        cairo_move_to (frame->cr, x, y);
      else
        {
          if (!drawing)
            cairo_move_to (frame->cr, last_x, last_y);
          cairo_line_to (frame->cr, x, y);
          n++;
        }
      drawing = !outside;
      last_x = x;
      last_y = y;
    }
  return n > 0;
}

static void
paint_route (const Frame *frame, guint index)
{
  static const guint32 colors[2][2] = { { 0x1a73e8, 0x8fb4e3 }, { 0x4aa3ff, 0x4a6b92 } }; /* by day and night: the chosen one, another */
  const GArray *route = g_ptr_array_index (frame->self->routes, index);
  gboolean is_chosen = index == frame->self->chosen;
  double width = CLAMP ((frame->view->zoom - 9) * 1.1, 4, 9);

  if (route->len < 2 || !add_route_path (frame, route))
    return;
  cairo_set_line_cap (frame->cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (frame->cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_width (frame->cr, width + 3);
  set_color (frame->cr, frame->self->dark ? 0x0b2a4a : 0xffffff);
  cairo_stroke_preserve (frame->cr);
  cairo_set_line_width (frame->cr, width);
  set_color (frame->cr, colors[frame->self->dark ? 1 : 0][is_chosen ? 0 : 1]);
  cairo_stroke (frame->cr);
}

static void
paint_routes (const Frame *frame)
{
  for (guint i = 0; i < frame->self->routes->len; i++)
    if (i != frame->self->chosen)
      paint_route (frame, i);
  if (frame->self->chosen < frame->self->routes->len)
    paint_route (frame, frame->self->chosen);
}

static void
navi_map_layer_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  NaviMapLayer *self = NAVI_MAP_LAYER (widget);
  int scale = gtk_widget_get_scale_factor (widget);
  NaviMapView view;
  Frame frame = { .self = self, .view = &view };

  navi_map_layer_get_view (self, &view);
  navi_tile_cache_set_look (self->tiles, self->dark, scale);
  frame.world = 256 * pow (2, view.zoom);
  frame.center_x = navi_map_world_x (view.lon_deg, frame.world);
  frame.center_y = navi_map_world_y (view.lat_deg, frame.world);
  frame.tile_zoom = CLAMP ((int) floor (view.zoom + 0.01), 0, MAX_TILE_ZOOM);
  frame.tile_px = frame.world / (1 << frame.tile_zoom);
  frame.whole_pixels = view.rotation_rad == 0 && fabs (frame.tile_px - 256) < 0.01;
  if (frame.whole_pixels)
    {
      frame.center_x = floor (frame.center_x * scale + 0.5) / scale + (view.width % 2) * 0.5;
      frame.center_y = floor (frame.center_y * scale + 0.5) / scale + (view.height % 2) * 0.5;
    }
  frame.cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, view.width, view.height));
  set_color (frame.cr, navi_map_style_get (self->dark)->land);
  cairo_paint (frame.cr);
  cairo_save (frame.cr);
  cairo_translate (frame.cr, view.width / 2.0, view.height / 2.0);
  cairo_rotate (frame.cr, view.rotation_rad);
  paint_tiles (&frame);
  paint_routes (&frame);
  cairo_restore (frame.cr);
  if (self->labels != NULL && fabs (self->labelled_view.zoom - view.zoom) < 0.7)
    navi_map_labels_draw (self->labels, frame.cr, &view);
  cairo_destroy (frame.cr);
  request_labels (self, &view);
  update_idle (self);
}

/* ---- State ---- */

gboolean
navi_map_layer_is_idle (NaviMapLayer *self)
{
  g_return_val_if_fail (NAVI_IS_MAP_LAYER (self), TRUE);
  return navi_tile_cache_is_idle (self->tiles) && !self->labelling && self->labels != NULL;
}

static void
update_idle (NaviMapLayer *self)
{
  gboolean idle = navi_map_layer_is_idle (self);

  if (idle == self->was_idle)
    return;
  self->was_idle = idle;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IDLE]);
}

static void
relabel (NaviMapLayer *self)
{
  self->labels_stale = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
navi_map_layer_set_regions (NaviMapLayer *self, GPtrArray *regions)
{
  g_return_if_fail (NAVI_IS_MAP_LAYER (self));
  g_return_if_fail (regions != NULL);

  g_ptr_array_ref (regions);
  g_ptr_array_unref (self->regions);
  self->regions = regions;
  navi_tile_cache_set_regions (self->tiles, regions);
  relabel (self);
}

void
navi_map_layer_set_dark (NaviMapLayer *self, gboolean dark)
{
  g_return_if_fail (NAVI_IS_MAP_LAYER (self));

  if (self->dark == dark)
    return;
  self->dark = dark;
  g_clear_pointer (&self->labels, navi_map_labels_unref);
  relabel (self);
}

void
navi_map_layer_set_language (NaviMapLayer *self, const char *language)
{
  g_return_if_fail (NAVI_IS_MAP_LAYER (self));

  if (g_strcmp0 (self->language, language) == 0)
    return;
  g_free (self->language);
  self->language = g_strdup (language);
  g_clear_pointer (&self->labeler, navi_map_labeler_free);
  relabel (self);
}

void
navi_map_layer_set_routes (NaviMapLayer *self, GPtrArray *routes, guint chosen)
{
  g_return_if_fail (NAVI_IS_MAP_LAYER (self));

  g_ptr_array_set_size (self->routes, 0);
  self->chosen = chosen;
  for (guint i = 0; routes != NULL && i < routes->len; i++)
    {
      GArray *line = g_array_new (FALSE, FALSE, sizeof (WorldPoint));
      guint n_points;
      const NaviCoordinate *points = navi_route_get_geometry (g_ptr_array_index (routes, i), &n_points);

      for (guint k = 0; k < n_points; k++)
        {
          WorldPoint p = { navi_map_world_x (points[k].lon_deg, 1), navi_map_world_y (points[k].lat_deg, 1) };

          g_array_append_val (line, p);
        }
      g_ptr_array_add (self->routes, line);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static double
distance_to_segment (WorldPoint p, WorldPoint a, WorldPoint b)
{
  double length = hypot (b.x - a.x, b.y - a.y);
  double t = length > 0 ? CLAMP (((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / (length * length), 0, 1) : 0;

  return hypot (a.x + t * (b.x - a.x) - p.x, a.y + t * (b.y - a.y) - p.y);
}

static double
distance_to_line (WorldPoint p, const GArray *line)
{
  double best = G_MAXDOUBLE;

  for (guint i = 1; i < line->len; i++)
    best = MIN (best, distance_to_segment (p, g_array_index (line, WorldPoint, i - 1), g_array_index (line, WorldPoint, i)));
  return best;
}

int
navi_map_layer_pick_route (NaviMapLayer *self, double x, double y)
{
  NaviMapView view;
  double world, dx, dy, c, s, best;
  WorldPoint p;
  int picked = -1;

  g_return_val_if_fail (NAVI_IS_MAP_LAYER (self), -1);

  navi_map_layer_get_view (self, &view);
  world = 256 * pow (2, view.zoom);
  dx = (x - view.width / 2.0) / world;
  dy = (y - view.height / 2.0) / world;
  c = cos (view.rotation_rad);
  s = sin (view.rotation_rad);
  p = (WorldPoint){ navi_map_world_x (view.lon_deg, 1) + dx * c + dy * s, navi_map_world_y (view.lat_deg, 1) - dx * s + dy * c };
  best = ROUTE_REACH_PX / world;
  if (self->chosen < self->routes->len && distance_to_line (p, g_ptr_array_index (self->routes, self->chosen)) <= best)
    return -1;
  for (guint i = 0; i < self->routes->len; i++)
    {
      double distance = distance_to_line (p, g_ptr_array_index (self->routes, i));
      if (distance > best)
        continue;
      best = distance;
      picked = (int) i;
    }
  return picked;
}

gboolean
navi_map_layer_pick (NaviMapLayer *self, double x, double y, int *kind, NaviNames **names, double *lat_deg, double *lon_deg)
{
  NaviMapView view;

  g_return_val_if_fail (NAVI_IS_MAP_LAYER (self), FALSE);

  if (self->labels == NULL)
    return FALSE;
  navi_map_layer_get_view (self, &view);
  return navi_map_labels_pick (self->labels, &view, x, y, kind, names, lat_deg, lon_deg);
}

void
navi_map_layer_trim (NaviMapLayer *self)
{
  g_return_if_fail (NAVI_IS_MAP_LAYER (self));

  navi_tile_cache_trim (self->tiles);
  g_clear_pointer (&self->labels, navi_map_labels_unref);
  g_clear_pointer (&self->labeler, navi_map_labeler_free);
  for (guint i = 0; i < self->regions->len; i++)
    navi_map_data_trim (g_ptr_array_index (self->regions, i));
}

static void
navi_map_layer_constructed (GObject *object)
{
  ShumateViewport *viewport = shumate_layer_get_viewport (SHUMATE_LAYER (object));

  G_OBJECT_CLASS (navi_map_layer_parent_class)->constructed (object);
  g_signal_connect_object (viewport, "notify", G_CALLBACK (gtk_widget_queue_draw), object, G_CONNECT_SWAPPED);
}

static void
navi_map_layer_finalize (GObject *object)
{
  NaviMapLayer *self = NAVI_MAP_LAYER (object);

  g_object_unref (self->tiles);
  g_ptr_array_unref (self->regions);
  g_ptr_array_unref (self->routes);
  g_clear_pointer (&self->labels, navi_map_labels_unref);
  g_clear_pointer (&self->labeler, navi_map_labeler_free);
  g_free (self->language);
  G_OBJECT_CLASS (navi_map_layer_parent_class)->finalize (object);
}

static void
navi_map_layer_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_IDLE)
    g_value_set_boolean (value, navi_map_layer_is_idle (NAVI_MAP_LAYER (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
navi_map_layer_class_init (NaviMapLayerClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->constructed = navi_map_layer_constructed;
  object_class->finalize = navi_map_layer_finalize;
  object_class->get_property = navi_map_layer_get_property;
  GTK_WIDGET_CLASS (class)->snapshot = navi_map_layer_snapshot;
  props[PROP_IDLE] = g_param_spec_boolean ("idle", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
navi_map_layer_init (NaviMapLayer *self)
{
  self->tiles = navi_tile_cache_new ();
  self->regions = g_ptr_array_new_with_free_func ((GDestroyNotify) navi_map_data_unref);
  self->routes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect_object (self->tiles, "changed", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

NaviMapLayer *
navi_map_layer_new (ShumateViewport *viewport)
{
  g_return_val_if_fail (SHUMATE_IS_VIEWPORT (viewport), NULL);
  return g_object_new (NAVI_TYPE_MAP_LAYER, "viewport", viewport, NULL);
}
