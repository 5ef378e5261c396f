/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus"

#include "cirrus-navi-map.h"
#include "hal-track.h"

#include "cloud-error.h"
#include "cloud-settings.h"
#include "cloud-status.h"
#include "navi-map-labels.h"
#include "navi-map-render.h"
#include "navi-plan.h"
#include "navi-router.h"

#include <math.h>
#include <stdio.h>

/* `cirrus navi render` and `cirrus navi plan`. */

#define MAX_SIDE 8192
#define TRACK_PAUSE_US (180 * G_USEC_PER_SEC)

static const char render_usage[] = "usage: cirrus navi render --region R --center LON,LAT --zoom Z --size WxH [--dark] [--scale N] [--rotate DEGREES]\n"
                                   "                          [--language en|zh] [--no-labels] [--track FILE.(nmea|gpx)]... OUT.png\n";
static const char plan_usage[] = "usage: cirrus navi plan --to LON,LAT [--name NAME [--name-en NAME] [--name-zh NAME]] [--from LON,LAT] [--profile car|bicycle|foot]\n"
                                 "       cirrus navi plan --clear\n";

gboolean
cirrus_navi_parse_point (const char *text, const char *name, double *lat_deg, double *lon_deg, GError **error)
{
  const char *rest = text;
  char *end = NULL;

  *lat_deg = NAN;
  *lon_deg = g_ascii_strtod (rest, &end);
  if (end != rest && *end == ',')
    {
      rest = end + 1;
      *lat_deg = g_ascii_strtod (rest, &end);
    }
  if (end != rest && *end == '\0' && fabs (*lat_deg) <= 90 && fabs (*lon_deg) <= 180)
    return TRUE;
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "%s must be LON,LAT in degrees (9.52,47.14), not \"%s\"", name, text);
  return FALSE;
}

typedef struct
{
  char *region;
  char *center;
  char *size;
  char *language;
  char **tracks;
  double zoom;
  double scale;
  double rotate_deg;
  gboolean dark;
  gboolean no_labels;
} RenderOptions;

static void
render_options_clear (RenderOptions *options)
{
  g_free (options->region);
  g_free (options->center);
  g_free (options->size);
  g_free (options->language);
  g_strfreev (options->tracks);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RenderOptions, render_options_clear)

/* A recording as a dot for each fix, joined unless minutes lie between them. */
static void
draw_track (cairo_t *cr, GPtrArray *fixes, const NaviMapFrame *frame, guint color)
{
  static const double colors[][3] = { { 0.85, 0.2, 0.1 }, { 0.1, 0.3, 0.9 }, { 0.5, 0.1, 0.6 } };
  const double *rgb = colors[color % G_N_ELEMENTS (colors)];
  double world = navi_map_frame_world (frame);

  cairo_set_source_rgb (cr, rgb[0], rgb[1], rgb[2]);
  cairo_set_line_width (cr, 1.5 * frame->scale);
  for (guint i = 0; i < fixes->len; i++)
    {
      const CloudFix *fix = fixes->pdata[i], *last = i > 0 ? fixes->pdata[i - 1] : NULL;
      double x = navi_map_world_x (fix->longitude_deg, world) - frame->x, y = navi_map_world_y (fix->latitude_deg, world) - frame->y;
      if (last != NULL && fix->time_unix_us - last->time_unix_us < TRACK_PAUSE_US)
        {
          cairo_move_to (cr, navi_map_world_x (last->longitude_deg, world) - frame->x, navi_map_world_y (last->latitude_deg, world) - frame->y);
          cairo_line_to (cr, x, y);
          cairo_stroke (cr);
        }
      cairo_arc (cr, x, y, 2.2 * frame->scale, 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

static void
draw (cairo_t *cr, GPtrArray *maps, GPtrArray *tracks, const NaviMapView *view, const RenderOptions *options)
{
  /* The ground is drawn large enough to be turned. */
  int side = options->rotate_deg != 0 ? (int) ceil (hypot (view->width, view->height)) : 0;
  int width = MAX (side, view->width);
  int height = MAX (side, view->height);
  NaviMapFrame frame = { .width = (int) (width * options->scale), .height = (int) (height * options->scale), .zoom = view->zoom,
                         .scale = options->scale };
  double world = navi_map_frame_world (&frame);

  frame.x = navi_map_world_x (view->lon_deg, world) - frame.width / 2.0;
  frame.y = navi_map_world_y (view->lat_deg, world) - frame.height / 2.0;
  cairo_save (cr);
  cairo_translate (cr, view->width * options->scale / 2, view->height * options->scale / 2);
  cairo_rotate (cr, view->rotation_rad);
  cairo_translate (cr, -frame.width / 2.0, -frame.height / 2.0);
  navi_map_render (cr, maps, &frame, options->dark);
  for (guint i = 0; i < tracks->len; i++)
    draw_track (cr, tracks->pdata[i], &frame, i);
  cairo_restore (cr);
  if (!options->no_labels)
    {
      g_autoptr (NaviMapLabeler) labeler = navi_map_labeler_new (options->language, options->scale);
      g_autoptr (NaviMapLabels) labels = navi_map_labeler_layout (labeler, maps, view, 0, options->dark);

      cairo_scale (cr, options->scale, options->scale);
      navi_map_labels_draw (labels, cr, view);
    }
}

/* (element-type GPtrArray of CloudFix) (transfer full) (nullable) */
static GPtrArray *
load_tracks (char **files, GError **error)
{
  g_autoptr (GPtrArray) tracks = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; files != NULL && files[i] != NULL; i++)
    {
      GPtrArray *fixes = hal_track_load (files[i], error);
      if (fixes == NULL)
        return NULL;
      g_ptr_array_add (tracks, fixes);
    }
  return g_steal_pointer (&tracks);
}

static int
render (const RenderOptions *options, const NaviMapView *view, const char *out)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviRegion) region = navi_region_open (options->region, &error);
  g_autoptr (GPtrArray) maps = g_ptr_array_new_with_free_func ((GDestroyNotify) navi_map_data_unref);
  g_autoptr (GPtrArray) tracks = region != NULL ? load_tracks (options->tracks, &error) : NULL;
  NaviMapData *map = tracks != NULL ? navi_map_data_new_for_region (region, &error) : NULL;
  cairo_surface_t *surface;
  cairo_status_t status;
  cairo_t *cr;

  if (map == NULL)
    {
      cirrus_fail (error);
      return CIRRUS_EXIT_FAILED;
    }
  g_ptr_array_add (maps, map);
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) (view->width * options->scale), (int) (view->height * options->scale));
  cr = cairo_create (surface);
  draw (cr, maps, tracks, view, options);
  cairo_destroy (cr);
  status = cairo_surface_write_to_png (surface, out);
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    {
      cirrus_print_json (json_pack ("{s:s, s:i, s:i}", "file", out, "width", (int) (view->width * options->scale), "height",
                                    (int) (view->height * options->scale)));
      return CIRRUS_EXIT_DONE;
    }
  fprintf (stderr, "cirrus: cannot write %s: %s\n", out, cairo_status_to_string (status));
  return CIRRUS_EXIT_FAILED;
}

/* Reads the centre and the size into @view.  Errors: INVALID, with a message for the user. */
static gboolean
check_render (const RenderOptions *options, NaviMapView *view, GError **error)
{
  const char *missing = options->region == NULL   ? "--region"
                        : options->center == NULL ? "--center"
                        : options->size == NULL   ? "--size"
                        : options->zoom == -1     ? "--zoom"
                                                  : NULL;

  if (missing != NULL)
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "%s is missing", missing);
  else if (!cirrus_navi_parse_point (options->center, "--center", &view->lat_deg, &view->lon_deg, error))
    return FALSE;
  else if (sscanf (options->size, "%dx%d", &view->width, &view->height) != 2 || view->width < 1 || view->height < 1 || view->width > MAX_SIDE ||
           view->height > MAX_SIDE)
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "--size must be WIDTHxHEIGHT, at most %dx%d, not \"%s\"", MAX_SIDE, MAX_SIDE, options->size);
  else if (!(options->zoom >= 0 && options->zoom <= 22))
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "--zoom must be from 0 to 22, not %g", options->zoom);
  else if (!(options->scale >= 0.5 && options->scale <= 4))
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "--scale must be from 0.5 to 4, not %g", options->scale);
  else
    return TRUE;
  return FALSE;
}

int
cirrus_navi_render (int argc, char **argv)
{
  g_auto (RenderOptions) options = { .zoom = -1, .scale = 1 };
  const GOptionEntry entries[] = {
    { "region", 0, 0, G_OPTION_ARG_FILENAME, &options.region, NULL, NULL },
    { "center", 0, 0, G_OPTION_ARG_STRING, &options.center, NULL, NULL },
    { "zoom", 0, 0, G_OPTION_ARG_DOUBLE, &options.zoom, NULL, NULL },
    { "size", 0, 0, G_OPTION_ARG_STRING, &options.size, NULL, NULL },
    { "scale", 0, 0, G_OPTION_ARG_DOUBLE, &options.scale, NULL, NULL },
    { "rotate", 0, 0, G_OPTION_ARG_DOUBLE, &options.rotate_deg, NULL, NULL },
    { "language", 0, 0, G_OPTION_ARG_STRING, &options.language, NULL, NULL },
    { "track", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.tracks, NULL, NULL },
    { "dark", 0, 0, G_OPTION_ARG_NONE, &options.dark, NULL, NULL },
    { "no-labels", 0, 0, G_OPTION_ARG_NONE, &options.no_labels, NULL, NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  NaviMapView view = { 0 };

  if (!cirrus_parse (entries, &argc, &argv, "OUT.png", &error) || !check_render (&options, &view, &error))
    return cirrus_usage_error (render_usage, error);
  view.zoom = options.zoom;
  view.rotation_rad = options.rotate_deg * G_PI / 180;
  return render (&options, &view, argv[1]);
}

int
cirrus_navi_plan (int argc, char **argv)
{
  g_autofree char *to = NULL;
  g_autofree char *from = NULL;
  g_autofree char *name = NULL;
  g_autofree char *name_en = NULL;
  g_autofree char *name_zh = NULL;
  g_autofree char *profile = NULL;
  gboolean clear = FALSE;
  const GOptionEntry entries[] = {
    { "to", 0, 0, G_OPTION_ARG_STRING, &to, NULL, NULL },
    { "from", 0, 0, G_OPTION_ARG_STRING, &from, NULL, NULL },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, NULL, NULL },
    { "name-en", 0, 0, G_OPTION_ARG_STRING, &name_en, NULL, NULL },
    { "name-zh", 0, 0, G_OPTION_ARG_STRING, &name_zh, NULL, NULL },
    { "profile", 0, 0, G_OPTION_ARG_STRING, &profile, NULL, NULL },
    { "clear", 0, 0, G_OPTION_ARG_NONE, &clear, NULL, NULL },
    { NULL },
  };
  NaviProfile known_profile;
  double to_lat = 0, to_lon = 0, from_lat = 0, from_lon = 0;
  g_autoptr (NaviNames) names = NULL;
  g_autoptr (NaviNames) unnamed = navi_names_new (NULL, NULL, NULL);
  g_autoptr (GSettings) settings = NULL;
  g_autoptr (GError) error = NULL;

  if (!cirrus_parse (entries, &argc, &argv, "", &error) || (to != NULL && !cirrus_navi_parse_point (to, "--to", &to_lat, &to_lon, &error)) ||
      (from != NULL && !cirrus_navi_parse_point (from, "--from", &from_lat, &from_lon, &error)))
    return cirrus_usage_error (plan_usage, error);
  if (clear == (to != NULL))
    return cirrus_usage (plan_usage, clear ? "either --to or --clear, not both" : "--to is missing: where the route ends");
  if (profile != NULL && !navi_profile_from_string (profile, &known_profile))
    return cirrus_usage (plan_usage, "--profile must be car, bicycle or foot, not \"%s\"", profile);
  settings = cloud_settings_new ("Navi");
  if (profile != NULL)
    g_settings_set_string (settings, "profile", profile);
  names = navi_names_new (name, name_en, name_zh);
  navi_plan_save_end (settings, "plan-destination", clear ? NULL : names, to_lat, to_lon);
  navi_plan_save_end (settings, "plan-start", from != NULL ? unnamed : NULL, from_lat, from_lon);
  g_settings_sync ();
  /* The home window's line, until the app's window finds the route and knows its length. */
  if (clear)
    cloud_status_remove ("navi");
  else
    navi_plan_write_status (names, -1);
  cirrus_print_json (clear ? json_pack ("{s:n}", "destination")
                           : json_pack ("{s:{s:s?, s:f, s:f}}", "destination", "name", name, "lat", to_lat, "lon", to_lon));
  return CIRRUS_EXIT_DONE;
}
