/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus"

#include "cirrus-navi-map.h"
#include "hal-track.h"

#include "cloud-error.h"
#include "cloud-time.h"
#include "navi-trace.h"

#include <math.h>

/* `cirrus navi match`: a recording laid on the roads. */

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

static const char usage[]
    = "usage: cirrus navi match --region R [--profile car|bicycle|foot] [--json] [--gpx OUT.gpx] FILE.(nmea|gpx)\n";

static json_t *
rounded (double value, double per_unit)
{
  return isfinite (value) ? json_real (round (value * per_unit) / per_unit) : json_null ();
}

/* A recording that never tells the date gives the time of day alone. */
static json_t *
time_to_json (gint64 unix_us)
{
  g_autofree char *text = cloud_time_format_utc (unix_us);

  return json_string (unix_us < DAY_US ? strchr (text, 'T') : text);
}

static const char *
name_of (const NaviGraph *graph, guint32 arc)
{
  return navi_graph_string (graph, navi_graph_way (graph, arc)->name);
}

static const char *
ref_of (const NaviGraph *graph, guint32 arc)
{
  return navi_graph_string (graph, navi_graph_way (graph, arc)->ref);
}

static json_t *
match_to_json (const NaviMatch *match, const NaviGraph *graph)
{
  json_t *json
      = json_pack ("{s:i, s:o, s:b, s:o, s:o}", "fix", (int) match->serial, "time", time_to_json (match->time_unix_us), "on_road",
                   match->is_on_road, "lon", rounded (match->lon_deg, 1e7), "lat", rounded (match->lat_deg, 1e7));

  json_object_set_new (json, "bearing_deg", rounded (match->bearing_deg, 10));
  json_object_set_new (json, "confidence", rounded (match->confidence, 1000));
  if (!match->is_on_road)
    return json;
  json_object_set_new (json, "distance_m", rounded (match->distance_m, 10));
  json_object_set_new (json, "edge", json_integer (match->arc >> 1));
  json_object_set_new (json, "forward", json_boolean ((match->arc & 1) == 0));
  json_object_set_new (json, "at_m", rounded (match->at_m, 10));
  json_object_set_new (json, "name", json_string (name_of (graph, match->arc)));
  return json;
}

/* The streets of a piece, one after the other. */
static json_t *
roads_to_json (const NaviMatchedArc *arcs, guint n, const NaviGraph *graph)
{
  json_t *roads = json_array ();

  for (guint i = 0; i < n;)
    {
      const char *name = name_of (graph, arcs[i].arc), *ref = ref_of (graph, arcs[i].arc);
      double length_m = 0;
      for (; i < n && strcmp (name, name_of (graph, arcs[i].arc)) == 0 && strcmp (ref, ref_of (graph, arcs[i].arc)) == 0; i++)
        length_m += arcs[i].to_m - arcs[i].from_m;
      json_array_append_new (roads,
                             json_pack ("{s:s, s:s, s:o}", "name", name, "ref", ref, "distance_m", rounded (length_m, 10)));
    }
  return roads;
}

static json_t *
edges_to_json (const NaviMatchedArc *arcs, guint n)
{
  json_t *edges = json_array ();

  for (guint i = 0; i < n; i++)
    json_array_append_new (edges,
                           json_pack ("{s:i, s:b, s:o, s:o}", "edge", (int) (arcs[i].arc >> 1), "forward", (arcs[i].arc & 1) == 0,
                                      "from_m", rounded (arcs[i].from_m, 100), "to_m", rounded (arcs[i].to_m, 100)));
  return edges;
}

static json_t *
piece_to_json (NaviTrace *trace, const NaviTracePiece *piece, const NaviGraph *graph)
{
  guint n;
  const NaviTracePoint *points = navi_trace_get_points (trace, &n);
  const NaviMatchedArc *arcs = navi_trace_get_arcs (trace, &n) + piece->first_arc;
  json_t *geometry = json_array (), *json;

  for (guint i = piece->first_point; i < piece->first_point + piece->n_points; i++)
    json_array_append_new (geometry, json_pack ("[o, o]", rounded (points[i].lon_deg, 1e7), rounded (points[i].lat_deg, 1e7)));
  json = json_pack ("{s:b, s:o, s:i, s:i, s:o}", "on_road", piece->is_on_road, "distance_m", rounded (piece->distance_m, 10),
                    "first_match", (int) piece->first_match, "n_matches", (int) piece->n_matches, "geometry", geometry);
  if (piece->is_on_road)
    {
      json_object_set_new (json, "roads", roads_to_json (arcs, piece->n_arcs, graph));
      json_object_set_new (json, "edges", edges_to_json (arcs, piece->n_arcs));
    }
  return json;
}

static json_t *
trace_to_json (NaviTrace *trace, NaviProfile profile, guint n_fixes, const NaviGraph *graph)
{
  guint n_matches, n_pieces, n_on_road = 0;
  const NaviMatch *matches = navi_trace_get_matches (trace, &n_matches);
  const NaviTracePiece *pieces = navi_trace_get_pieces (trace, &n_pieces);
  json_t *list = json_array (), *parts = json_array ();
  double distance_m = 0;

  for (guint i = 0; i < n_pieces; i++)
    {
      distance_m += pieces[i].is_on_road ? pieces[i].distance_m : 0;
      json_array_append_new (parts, piece_to_json (trace, &pieces[i], graph));
    }
  for (guint i = 0; i < n_matches; i++)
    {
      n_on_road += matches[i].is_on_road;
      json_array_append_new (list, match_to_json (&matches[i], graph));
    }
  return json_pack ("{s:s, s:i, s:i, s:i, s:o, s:o, s:o, s:o, s:o}", "profile", navi_profile_to_string (profile), "fixes",
                    (int) n_fixes, "on_road", (int) n_on_road, "unusable", (int) navi_trace_get_n_unusable (trace), "distance_m",
                    rounded (distance_m, 10), "sigma_m", rounded (navi_trace_get_sigma_m (trace), 10), "beta_m",
                    rounded (navi_trace_get_beta_m (trace), 10), "pieces", parts, "matches", list);
}

/* Each piece is a segment of one track. */
static gboolean
write_gpx (NaviTrace *trace, const char *path, GError **error)
{
  g_autoptr (GString) out
      = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<gpx version=\"1.1\" creator=\"Cirrus\" xmlns=\"http://www.topografix.com/GPX/1/1\">\n<trk>\n");
  guint n_pieces, n_points;
  const NaviTracePiece *pieces = navi_trace_get_pieces (trace, &n_pieces);
  const NaviTracePoint *points = navi_trace_get_points (trace, &n_points);

  for (guint i = 0; i < n_pieces; i++)
    {
      g_string_append (out, "<trkseg>\n");
      for (guint j = pieces[i].first_point; j < pieces[i].first_point + pieces[i].n_points; j++)
        {
          g_autofree char *time = cloud_time_format_utc (points[j].time_unix_us);
          char lat[G_ASCII_DTOSTR_BUF_SIZE], lon[G_ASCII_DTOSTR_BUF_SIZE];
          g_string_append_printf (out, "<trkpt lat=\"%s\" lon=\"%s\"><time>%s</time></trkpt>\n",
                                  g_ascii_formatd (lat, sizeof lat, "%.7f", points[j].lat_deg),
                                  g_ascii_formatd (lon, sizeof lon, "%.7f", points[j].lon_deg), time);
        }
      g_string_append (out, "</trkseg>\n");
    }
  g_string_append (out, "</trk>\n</gpx>\n");
  return g_file_set_contents (path, out->str, (gssize) out->len, error);
}

typedef struct
{
  char *region;
  char *profile;
  char *gpx;
  gboolean json;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->region);
  g_free (self->profile);
  g_free (self->gpx);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static int
match (const Options *options, NaviProfile profile, const char *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) fixes = hal_track_load (file, &error);
  g_autoptr (NaviRegion) region = fixes != NULL ? navi_region_open (options->region, &error) : NULL;
  g_autoptr (NaviRouter) router = region != NULL ? navi_router_new (region, &error) : NULL;
  g_autoptr (NaviTrace) trace = NULL;
  const NaviGraph *graph;

  if (router == NULL)
    {
      cirrus_fail (error);
      return CIRRUS_EXIT_FAILED;
    }
  trace = navi_trace_match (router, profile, fixes, NULL, &error);
  if (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND))
    return cirrus_no_answer ("no-match", error->message);
  if (trace == NULL || (options->gpx != NULL && !write_gpx (trace, options->gpx, &error)))
    {
      cirrus_fail (error);
      return CIRRUS_EXIT_FAILED;
    }
  graph = navi_router_get_graph (router);
  navi_graph_enter (graph);
  cirrus_print_json (trace_to_json (trace, profile, fixes->len, graph));
  navi_graph_leave (graph);
  return CIRRUS_EXIT_DONE;
}

int
cirrus_navi_match (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "region", 0, 0, G_OPTION_ARG_FILENAME, &options.region, NULL, NULL },
    { "profile", 0, 0, G_OPTION_ARG_STRING, &options.profile, NULL, NULL },
    { "gpx", 0, 0, G_OPTION_ARG_FILENAME, &options.gpx, NULL, NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, NULL, NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  NaviProfile profile = NAVI_CAR;

  if (!cirrus_parse (entries, &argc, &argv, "FILE", &error))
    return cirrus_usage_error (usage, error);
  if (options.region == NULL)
    return cirrus_usage (usage, "--region is missing: the file of a map");
  if (options.profile != NULL && !navi_profile_from_string (options.profile, &profile))
    return cirrus_usage (usage, "--profile must be car, bicycle or foot, not \"%s\"", options.profile);
  return match (&options, profile, argv[1]);
}
