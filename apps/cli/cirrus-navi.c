/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus"

#include "cirrus-navi.h"
#include "cirrus-navi-map.h"

#include "cloud-error.h"
#include "navi-import.h"
#include "navi-lanes.h"
#include "navi-router.h"
#include "navi-search.h"
#include "navi-sentence.h"
#include "navi-threads.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The verbs of Navi's engine. */

static const char usage[]
    = "usage: cirrus navi import [--name NAME] [--events] [--memory MB] [--threads N] IN.osm[.pbf|.gz|.bz2] OUT.region\n"
      "                         killed or terminated, the same command goes on where it was; interrupted (Ctrl-C), it leaves nothing\n"
      "                         [--events]      its progress as JSON, an object a line, before the last one\n"
      "                         [--memory MB]   stay below that, about, and take longer\n"
      "       cirrus navi route --region R [--profile car|bicycle|foot] [--json] [--language en|zh] LON,LAT LON,LAT [LON,LAT...]\n"
      "                         [--avoid toll,ferry,motorway,unpaved,tunnel,border]   a must: else there is no route\n"
      "                         [--rather-not toll[=SECONDS],...]                 unless another way is so much longer\n"
      "                         [--block LON,LAT[,METRES][;...]]                  this road, or all roads around\n"
      "                         [--block-ahead METRES]                            from the next junction on\n"
      "                         [--alternatives N]                                up to N other good routes\n"
      "                         [--speed motorway=80,residential=110,...]         percent of the usual speed\n"
      "                         [--depart YYYY-MM-DDTHH:MM[Z|+HH:MM]]             what is open then (now); without a zone local time\n"
      "                         [--vehicle height=3.5,width=2.2,length=7,weight=3.5t,axleload=2t]   also 11'6\", 7500kg, 16000lbs\n"
      "                         [--each]                  a route for each line of standard input: LON,LAT LON,LAT [LON,LAT...]\n"
      "       cirrus navi search --region R [--near LON,LAT] [--limit N] [--typing] [--json] TEXT\n"
      "                         [--open] [--time YYYY-MM-DDTHH:MM:SS]             only what is open now, or at a local time\n"
      "       cirrus navi reverse --region R [--json] LON,LAT           what is there: place, address, street, town\n"
      "       cirrus navi render --region R --center LON,LAT --zoom Z --size WxH [--dark] [--track FILE] OUT.png\n"
      "       cirrus navi match --region R [--profile car|bicycle|foot] [--json] [--gpx OUT.gpx] FILE.(nmea|gpx)\n"
      "                                                                           the roads that a recording was driven on\n"
      "       cirrus navi plan --to LON,LAT [--name NAME] [--from LON,LAT]   the route that the window opens with\n"
      "       cirrus navi plan --clear\n";

enum
{
  MAX_OPTIONS = 16,
  MAX_WORDS = 128,
};

/* Options begin with two dashes; a word that begins with one is a coordinate west of Greenwich. */
typedef struct
{
  const char *names[MAX_OPTIONS]; /* what the verb knows; one that ends in "=" takes a value */
  const char *values[MAX_OPTIONS];
  const char *words[MAX_WORDS];
  guint n_words;
} Arguments;

static gboolean
set_option (Arguments *self, int argc, char **argv, int *at, GError **error)
{
  const char *text = argv[*at] + 2;

  for (guint i = 0; self->names[i] != NULL; i++)
    {
      gsize length = strcspn (self->names[i], "=");
      gboolean takes_value = self->names[i][length] == '=';
      if (strncmp (text, self->names[i], length) != 0 || (text[length] != '\0' && text[length] != '='))
        continue;
      if (!takes_value)
        self->values[i] = text[length] == '\0' ? "" : NULL;
      else if (text[length] == '=')
        self->values[i] = text + length + 1;
      else if (*at + 1 < argc)
        self->values[i] = argv[++*at];
      if (self->values[i] == NULL)
        g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, takes_value ? "%s wants a value" : "%s takes no value", argv[*at]);
      return self->values[i] != NULL;
    }
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "there is no option %s here, or it is not supported yet", argv[*at]);
  return FALSE;
}

static gboolean
parse_arguments (Arguments *self, int argc, char **argv, const char *wanted, GError **error)
{
  gboolean only_words = FALSE;

  for (int i = 1; i < argc; i++)
    {
      if (!only_words && strcmp (argv[i], "--") == 0)
        only_words = TRUE;
      else if (!only_words && g_str_has_prefix (argv[i], "--"))
        {
          if (!set_option (self, argc, argv, &i, error))
            return FALSE;
        }
      else if (self->n_words < MAX_WORDS - 1) /* the last one stays NULL */
        self->words[self->n_words++] = argv[i];
      else
        {
          g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "these are more than %d arguments", MAX_WORDS - 1);
          return FALSE;
        }
    }
  return cirrus_check_words (self->words, wanted, error);
}

static const char *
option (const Arguments *self, const char *name)
{
  for (guint i = 0; self->names[i] != NULL; i++)
    if (strcmp (self->names[i], name) == 0)
      return self->values[i];
  g_return_val_if_reached (NULL);
}

/* FALSE: it is missing. */
static gboolean
need_region (const Arguments *self, GError **error)
{
  if (option (self, "region=") != NULL)
    return TRUE;
  g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "--region is missing: the file of a map");
  return FALSE;
}

/* A number with as many decimals as mean something. */
static json_t *
rounded (double value, double per_unit)
{
  return json_real (round (value * per_unit) / per_unit);
}

typedef struct
{
  gboolean has_terminal;
  gboolean has_events;
  gint64 begun_us;
  double begun_at; /* where it went on from an import that was killed */
  int percent;     /* as shown; -1: nothing yet */
} ImportDisplay;

/* -1 while it is too early to tell. */
static int
estimate_left_s (const ImportDisplay *self, double done)
{
  double elapsed_s = (double) (g_get_monotonic_time () - self->begun_us) / 1e6, moved = done - self->begun_at;

  return elapsed_s > 1.0 && moved > 0.05 ? (int) ceil (elapsed_s * (1.0 - done) / moved) : -1;
}

static void
show_on_terminal (const char *phase, int percent, int left_s)
{
  fprintf (stderr, "\r%3d %% %-10s", percent, phase);
  if (left_s > 0 && percent < 100)
    fprintf (stderr, "%d:%02d left ", left_s / 60, left_s % 60);
  else
    fprintf (stderr, "%-10s", "");
  if (percent == 100)
    fputc ('\n', stderr);
}

static void
on_import_progress (const char *phase, double done, gpointer user_data)
{
  ImportDisplay *self = user_data;
  int percent = (int) (done * 100), left_s;

  if (percent == self->percent)
    return;
  if (self->percent < 0)
    self->begun_at = done;
  self->percent = percent;
  left_s = estimate_left_s (self, done);
  if (self->has_terminal)
    show_on_terminal (phase, percent, left_s);
  if (self->has_events)
    {
      cirrus_print_json (json_pack ("{s:s, s:o, s:o}", "phase", phase, "done", rounded (percent / 100.0, 100), "remaining_s",
                                    left_s >= 0 ? json_integer (left_s) : json_null ()));
    }
}

/* Ctrl-C is the user, who wants no import; SIGTERM the end of a session, after which it may go on. */
static gpointer
wait_for_interrupt (gpointer user_data)
{
  GCancellable *cancellable = user_data;
  sigset_t signals;
  int number;

  sigemptyset (&signals);
  sigaddset (&signals, SIGINT);
  sigaddset (&signals, SIGTERM);
  while (sigwait (&signals, &number) == 0)
    {
      if (number == SIGTERM)
        {
          fputs ("stopped: the same command goes on from here\n", stderr);
          _exit (CIRRUS_EXIT_FAILED);
        }
      g_cancellable_cancel (cancellable);
    }
  return NULL;
}

/* A cancellable that Ctrl-C cancels, from now to the end of the process: a thread waits for the signal, which all others leave to it. */
static GCancellable *
cancel_on_interrupt (void)
{
  GCancellable *cancellable = g_cancellable_new ();
  sigset_t signals;

  sigemptyset (&signals);
  sigaddset (&signals, SIGINT);
  sigaddset (&signals, SIGTERM);
  pthread_sigmask (SIG_BLOCK, &signals, NULL);
  g_thread_unref (g_thread_new ("interrupt", wait_for_interrupt, cancellable));
  return cancellable;
}

/* A whole number that an option gives, 0 if it is not given; FALSE if it is none, or out of bounds. */
static gboolean
parse_bounded (const Arguments *arguments, const char *name, guint least, guint most, guint *number, GError **error)
{
  const char *text = option (arguments, name);
  guint64 value = 0;

  *number = 0;
  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, least, most, &value, NULL))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "--%.*s wants a number from %u to %u", (int) strlen (name) - 1, name, least, most);
      return FALSE;
    }
  *number = (guint) value;
  return TRUE;
}

static gboolean
parse_import (const Arguments *arguments, NaviImportOptions *options, GError **error)
{
  guint threads;

  if (!parse_bounded (arguments, "memory=", 16, 1 << 20, &options->memory_mb, error)
      || !parse_bounded (arguments, "threads=", 1, 16, &threads, error))
    return FALSE;
  options->name = option (arguments, "name=");
  /* Each thread has memory of its own. */
  navi_set_threads (threads == 0 && options->memory_mb > 0 ? 1 : threads);
  return TRUE;
}

static int
run_import (int argc, char **argv)
{
  Arguments arguments = { .names = { "name=", "json", "events", "memory=", "threads=" } };
  ImportDisplay display = { isatty (STDERR_FILENO) != 0, FALSE, g_get_monotonic_time (), 0, -1 };
  NaviImportOptions options = { .progress = on_import_progress, .user_data = &display };
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviRegion) region = NULL;

  if (!parse_arguments (&arguments, argc, argv, "IN.osm OUT.region", &error) || !parse_import (&arguments, &options, &error))
    return cirrus_usage_error (usage, error);
  display.has_events = option (&arguments, "events") != NULL;
  if (!navi_import (arguments.words[0], arguments.words[1], &options, cancel_on_interrupt (), &error))
    {
      if (display.has_terminal && display.percent >= 0)
        fputc ('\n', stderr);
      cirrus_fail (error);
      return CIRRUS_EXIT_FAILED;
    }
  region = navi_region_open (arguments.words[1], &error);
  if (region == NULL)
    return cirrus_fail (error);
  cirrus_print_json (json_pack ("{s:s, s:s, s:I}", "region", arguments.words[1], "name", navi_region_get_name (region), "bytes",
                                (json_int_t) navi_region_get_size_bytes (region)));
  return CIRRUS_EXIT_DONE;
}

static json_t *
coordinate_to_json (double lat_deg, double lon_deg)
{
  return json_pack ("[o, o]", rounded (lon_deg, 1e7), rounded (lat_deg, 1e7));
}

static void
set_text (json_t *json, const char *key, const char *text)
{
  if (text != NULL && *text != '\0')
    json_object_set_new (json, key, json_string (text));
}

/* From the left; NULL if nothing is known of them. */
static json_t *
lanes_to_json (const NaviStepData *data)
{
  NaviLane lanes[NAVI_MAX_LANES];
  guint n = navi_lanes_read (data->turn_lanes, data->modifier, lanes);
  json_t *list = n > 0 ? json_array () : NULL;

  for (guint i = 0; i < n; i++)
    {
      g_auto (GStrv) words = navi_lane_get_words (&lanes[i]);
      json_t *indications = json_array ();
      for (guint j = 0; words[j] != NULL; j++)
        json_array_append_new (indications, json_string (words[j]));
      json_array_append_new (list, json_pack ("{s:o, s:b}", "indications", indications, "usable", lanes[i].is_usable));
    }
  return list;
}

static json_t *
step_to_json (NaviStep *step, NaviLanguage language)
{
  g_autofree char *sentence = navi_sentence_for_step (step, language);
  g_autofree char *which_lanes = navi_sentence_for_lanes (step, language);
  const NaviStepData *data = navi_step_get_data (step);
  json_t *lanes = lanes_to_json (data);
  json_t *json = json_pack ("{s:s, s:s, s:s, s:o, s:o, s:o, s:i}", "name", data->name, "maneuver", navi_maneuver_to_string (data->maneuver),
                            "modifier", navi_modifier_to_string (data->modifier), "distance_m", rounded (data->distance_m, 10), "duration_s",
                            rounded (data->duration_s, 10), "location", coordinate_to_json (data->lat_deg, data->lon_deg), "geometry_index",
                            (int) data->first_point);

  set_text (json, "instruction", sentence);
  set_text (json, "ref", data->ref);
  set_text (json, "destination", data->destination);
  set_text (json, "destination_ref", data->destination_ref);
  set_text (json, "exit_ref", data->exit_ref);
  set_text (json, "turn_lanes", data->turn_lanes);
  if (lanes != NULL)
    json_object_set_new (json, "lanes", lanes);
  set_text (json, "lanes_instruction", which_lanes);
  if (data->exit > 0)
    json_object_set_new (json, "exit", json_integer (data->exit));
  if (data->limit_kmh > 0 && data->limit_kmh < 255)
    json_object_set_new (json, "limit_kmh", json_integer (data->limit_kmh));
  if ((data->flags & NAVI_STEP_HAS_FERRY) != 0)
    json_object_set_new (json, "ferry", json_true ());
  if ((data->flags & NAVI_STEP_HAS_TOLL) != 0)
    json_object_set_new (json, "toll", json_true ());
  if ((data->flags & NAVI_STEP_HAS_TUNNEL) != 0)
    json_object_set_new (json, "tunnel", json_true ());
  return json;
}

static json_t *
stretches_to_json (NaviRoute *route)
{
  json_t *list = json_array ();
  guint n_stretches;
  const NaviStretch *stretches = navi_route_get_stretches (route, &n_stretches);

  for (guint i = 0; i < n_stretches; i++)
    {
      guint limit = stretches[i].limit_kmh;
      json_array_append_new (list, json_pack ("{s:i, s:o, s:o, s:b, s:b}", "geometry_index", (int) stretches[i].first_point, "distance_m",
                                              rounded (stretches[i].distance_m, 10), "limit_kmh",
                                              limit > 0 && limit < 255 ? json_integer (limit) : json_null (), "no_limit", limit == 255, "tunnel",
                                              stretches[i].is_tunnel));
    }
  return list;
}

static json_t *
remained_to_json (NaviRoute *route)
{
  json_t *list = json_array ();
  guint n_points, n_remained;
  const NaviCoordinate *points = navi_route_get_geometry (route, &n_points);
  const NaviRemained *remained = navi_route_get_remained (route, &n_remained);

  for (guint i = 0; i < n_remained; i++)
    {
      const NaviCoordinate *at = &points[remained[i].first_point];
      gboolean is_only_way = remained[i].longer_s < 0;
      json_array_append_new (list, json_pack ("{s:s, s:s, s:o, s:i, s:o, s:s, s:o}", "what", navi_avoid_to_string (remained[i].what), "name",
                                              remained[i].names->local, "location", coordinate_to_json (at->lat_deg, at->lon_deg), "geometry_index",
                                              (int) remained[i].first_point, "distance_m", rounded (remained[i].distance_m, 10), "why",
                                              is_only_way ? "only-way" : "shorter", "longer_s",
                                              is_only_way ? json_null () : rounded (remained[i].longer_s, 10)));
    }
  return list;
}

static json_t *
route_to_json (NaviRoute *route, NaviLanguage language)
{
  json_t *geometry = json_array (), *legs = json_array ();
  guint n_points, n_legs;
  const NaviCoordinate *points = navi_route_get_geometry (route, &n_points);
  const NaviLeg *all_legs = navi_route_get_legs (route, &n_legs);
  GListModel *steps = navi_route_get_steps (route);

  for (guint i = 0; i < n_points; i++)
    json_array_append_new (geometry, coordinate_to_json (points[i].lat_deg, points[i].lon_deg));
  for (guint i = 0; i < n_legs; i++)
    {
      json_t *leg_steps = json_array ();
      for (guint j = 0; j < all_legs[i].n_steps; j++)
        {
          g_autoptr (NaviStep) step = g_list_model_get_item (steps, all_legs[i].first_step + j);
          json_array_append_new (leg_steps, step_to_json (step, language));
        }
      json_array_append_new (legs, json_pack ("{s:o, s:o, s:o}", "distance_m", rounded (all_legs[i].distance_m, 10), "duration_s",
                                              rounded (all_legs[i].duration_s, 1000), "steps", leg_steps));
    }
  return json_pack ("{s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "distance_m", rounded (navi_route_get_distance_m (route), 10), "duration_s",
                    rounded (navi_route_get_duration_s (route), 1000), "profile", navi_profile_to_string (navi_route_get_profile (route)),
                    "geometry", geometry, "legs", legs, "stretches", stretches_to_json (route), "remained",
                    remained_to_json (route));
}

/* The best route, and the others in it. */
static json_t *
routes_to_json (GPtrArray *routes, gboolean with_alternatives, NaviLanguage language)
{
  NaviRoute *best = g_ptr_array_index (routes, 0);
  json_t *json = route_to_json (best, language), *list;

  if (!with_alternatives)
    return json;
  set_text (json, "via", navi_route_get_via (best)->local);
  list = json_array ();
  for (guint i = 1; i < routes->len; i++)
    {
      NaviRoute *route = g_ptr_array_index (routes, i);
      g_autofree char *difference = navi_sentence_for_alternative (best, route, language);
      json_t *other = route_to_json (route, language);
      set_text (other, "via", navi_route_get_via (route)->local);
      json_object_set_new (other, "difference", json_string (difference));
      json_object_set_new (other, "longer_s", rounded (navi_route_get_duration_s (route) - navi_route_get_duration_s (best), 10));
      json_array_append_new (list, other);
    }
  json_object_set_new (json, "alternatives", list);
  return json;
}

static gboolean
wish_error (const char *what, const char *value, GError **error)
{
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "%s, not \"%s\"", what, value);
  return FALSE;
}

static gboolean
set_wishes (NaviRouteRequest *request, const Arguments *arguments, GError **error)
{
  const char *prices = option (arguments, "rather-not="), *blocks = option (arguments, "block="), *speeds = option (arguments, "speed=");
  const char *ahead = option (arguments, "block-ahead=");
  const char *alternatives = option (arguments, "alternatives=");
  guint64 ahead_m = 0, n_alternatives = 0;

  if (alternatives != NULL && !g_ascii_string_to_unsigned (alternatives, 10, 0, 5, &n_alternatives, NULL))
    return wish_error ("--alternatives must be a number up to 5", alternatives, error);
  navi_route_request_set_alternatives (request, (guint) n_alternatives);
  if (ahead != NULL && !g_ascii_string_to_unsigned (ahead, 10, 1, 1000000, &ahead_m, NULL))
    return wish_error ("--block-ahead must be a number of metres", ahead, error);
  navi_route_request_block_ahead (request, (double) ahead_m);
  if (prices != NULL && !navi_route_request_parse_prices (request, prices))
    return wish_error ("--rather-not knows toll, ferry, motorway, unpaved, tunnel and border, each alone or with seconds as in toll=600", prices, error);
  if (blocks != NULL && !navi_route_request_parse_blocks (request, blocks))
    return wish_error ("--block must be LON,LAT or LON,LAT,METRES, several with a semicolon between", blocks, error);
  if (speeds != NULL && !navi_route_request_parse_speeds (request, speeds))
    return wish_error ("--speed must be a class of road and 10 to 250 percent, as in motorway=80", speeds, error);
  return TRUE;
}

static NaviLocalTime
local_time_of (GDateTime *time)
{
  return (NaviLocalTime){ g_date_time_get_year (time), g_date_time_get_month (time), g_date_time_get_day_of_month (time),
                          g_date_time_get_hour (time) * 60 + g_date_time_get_minute (time) };
}

/* A time of @option, or now: without a zone it is what clocks at the place show, else it is brought to the device's zone. */
static gboolean
read_time (const char *option, const char *text, NaviLocalTime *at, GError **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  /* "2026-11-24T07:30" lacks the seconds that GLib wants. */
  g_autofree char *whole = text != NULL && strlen (text) == strlen ("2026-11-24T07:30") ? g_strconcat (text, ":00", NULL) : g_strdup (text);
  g_autoptr (GDateTime) time = whole != NULL ? g_date_time_new_from_iso8601 (whole, zone) : g_date_time_new_now (zone);
  g_autoptr (GDateTime) local = time != NULL ? g_date_time_to_timezone (time, zone) : NULL;

  if (local == NULL)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "%s is %s and should be YYYY-MM-DDTHH:MM or YYYY-MM-DDTHH:MM:SS", option, text);
      return FALSE;
    }
  *at = local_time_of (local);
  return TRUE;
}

/* When one goes, and in what. */
static gboolean
set_moment (NaviRouteRequest *request, NaviProfile profile, const Arguments *arguments, GError **error)
{
  const char *vehicle = option (arguments, "vehicle=");
  NaviLocalTime depart;

  if (!read_time ("--depart", option (arguments, "depart="), &depart, error))
    return FALSE;
  navi_route_request_set_depart (request, &depart);
  if (vehicle != NULL && profile == NAVI_FOOT)
    return wish_error ("--vehicle is for --profile car or bicycle", vehicle, error);
  if (vehicle != NULL && !navi_route_request_parse_vehicle (request, vehicle))
    return wish_error ("--vehicle knows height, width, length, weight and axleload, as in height=3.5,weight=7.5t", vehicle, error);
  return TRUE;
}

/* Errors: INVALID, with a message for the user. */
static NaviRouteRequest *
make_request (const Arguments *arguments, GError **error)
{
  g_autoptr (NaviRouteRequest) request = NULL;
  NaviProfile profile = NAVI_CAR;
  guint avoid = 0;

  if (option (arguments, "profile=") != NULL && !navi_profile_from_string (option (arguments, "profile="), &profile))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "--profile must be car, bicycle or foot, not \"%s\"", option (arguments, "profile="));
      return NULL;
    }
  if (option (arguments, "avoid=") != NULL && !navi_avoid_from_string (option (arguments, "avoid="), &avoid))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "--avoid knows toll, ferry, motorway, unpaved, tunnel and border, with commas between, not \"%s\"",
                   option (arguments, "avoid="));
      return NULL;
    }
  request = navi_route_request_new (profile);
  navi_route_request_set_avoid (request, avoid);
  if (!set_wishes (request, arguments, error) || !set_moment (request, profile, arguments, error))
    return NULL;
  for (guint i = 0; i < arguments->n_words; i++)
    {
      double lat_deg, lon_deg;
      if (!cirrus_navi_parse_point (arguments->words[i], "a place of the route", &lat_deg, &lon_deg, error))
        return NULL;
      navi_route_request_add_point (request, lat_deg, lon_deg);
    }
  return g_steal_pointer (&request);
}

/* Where on @way what stands in the way does. */
static json_t *
obstacles_to_json (NaviRoute *way)
{
  json_t *list = json_array ();
  guint n_points, n_remained;
  const NaviCoordinate *points = navi_route_get_geometry (way, &n_points);
  const NaviRemained *remained = navi_route_get_remained (way, &n_remained);

  for (guint i = 0; i < n_remained; i++)
    {
      const NaviCoordinate *at = &points[remained[i].first_point];
      json_array_append_new (list, json_pack ("{s:s, s:s, s:o}", "what", navi_avoid_to_string (remained[i].what), "name", remained[i].names->local,
                                              "location", coordinate_to_json (at->lat_deg, at->lon_deg)));
    }
  return list;
}

/* No route: if something that was to be avoided, or that the vehicle is too much for, stood in the way, its name. */
static int
fail_route (NaviRouter *router, const NaviRouteRequest *request, const GError *error)
{
  guint obstacles;
  json_t *because;
  g_autoptr (NaviRoute) way = NULL;
  g_autoptr (GString) names = NULL;

  if (!g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND))
    {
      cirrus_fail (error);
      return CIRRUS_EXIT_FAILED;
    }
  obstacles = router != NULL ? navi_router_find_obstacles (router, request, NULL, &way) : 0;
  if (obstacles == 0)
    return cirrus_no_answer ("no-route", error->message);
  because = json_array ();
  names = g_string_new (NULL);
  for (guint i = 0; obstacles >> i != 0; i++)
    if ((obstacles >> i & 1) != 0)
      {
        const char *name = navi_avoid_to_string ((NaviAvoid) (1u << i));
        json_array_append_new (because, json_string (name));
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
      }
  cirrus_print_json (json_pack ("{s:s, s:o, s:o}", "error", "no-route", "because", because, "obstacles", obstacles_to_json (way)));
  fprintf (stderr, "cirrus: No way leads there without what is to be avoided: %s\n", names->str);
  return CIRRUS_EXIT_NO_ANSWER;
}

static int
answer_route (NaviRouter *router, const Arguments *arguments, NaviLanguage language, const NaviRouteRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) routes = navi_router_route_all (router, request, NULL, &error);

  if (routes == NULL)
    return fail_route (router, request, error);
  cirrus_print_json (routes_to_json (routes, option (arguments, "alternatives=") != NULL, language));
  return CIRRUS_EXIT_DONE;
}

/* A route, or why there is none, for each line of standard input. */
static int
answer_each (NaviRouter *router, Arguments *arguments, NaviLanguage language)
{
  g_autofree char *line = NULL; /* getline's */
  size_t size = 0;
  int worst = CIRRUS_EXIT_DONE;

  while (getline (&line, &size, stdin) >= 0)
    {
      g_auto (GStrv) words = g_strsplit_set (g_strstrip (line), " \t", MAX_WORDS - 1);
      g_autoptr (NaviRouteRequest) request = NULL;
      g_autoptr (GError) error = NULL;
      int code = CIRRUS_EXIT_USAGE;
      arguments->n_words = 0;
      for (guint i = 0; words[i] != NULL; i++)
        if (*words[i] != '\0')
          arguments->words[arguments->n_words++] = words[i];
      request = make_request (arguments, &error);
      if (request == NULL || arguments->n_words < 2)
        {
          cirrus_print_json (json_pack ("{s:s}", "error", "invalid"));
          fprintf (stderr, "cirrus: %s\n", error != NULL ? error->message : "a route wants two places or more");
        }
      else
        code = answer_route (router, arguments, language, request);
      worst = MAX (worst, code);
      arguments->n_words = 0;
    }
  return worst;
}

static int
run_route (int argc, char **argv)
{
  Arguments arguments = { .names = { "region=", "profile=", "avoid=", "rather-not=", "block=", "block-ahead=", "alternatives=", "speed=", "depart=",
                                    "vehicle=", "language=", "json", "each" } };
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviRegion) region = NULL;
  g_autoptr (NaviRouter) router = NULL;
  g_autoptr (NaviRouteRequest) request = NULL;
  gboolean is_each = g_strv_contains ((const char *const *) argv, "--each"), known = TRUE;
  NaviLanguage language;

  if (!parse_arguments (&arguments, argc, argv, is_each ? "" : "LON,LAT LON,LAT...", &error) || !need_region (&arguments, &error))
    return cirrus_usage_error (usage, error);
  language = navi_language_from_string (option (&arguments, "language="), option (&arguments, "language=") != NULL ? &known : NULL);
  if (!known)
    return cirrus_usage (usage, "--language must be en or zh, not \"%s\"", option (&arguments, "language="));
  request = make_request (&arguments, &error);
  if (request == NULL)
    return cirrus_usage_error (usage, error);
  region = navi_region_open (option (&arguments, "region="), &error);
  if (region == NULL)
    {
      cirrus_fail (error);
      return CIRRUS_EXIT_FAILED;
    }
  router = navi_router_new (region, &error);
  if (router == NULL)
    return fail_route (router, request, error);
  return is_each ? answer_each (router, &arguments, language) : answer_route (router, &arguments, language, request);
}

/* Says whether it is open, where that is known. */
static void
set_open (json_t *json, const NaviPlaceData *data, const NaviLocalTime *at)
{
  g_autoptr (NaviOpeningHours) hours = navi_opening_hours_parse (data->opening_hours);
  NaviHoursState state = hours != NULL ? navi_opening_hours_at (hours, at) : NAVI_HOURS_UNKNOWN;

  if (state != NAVI_HOURS_UNKNOWN)
    json_object_set_new (json, "open", json_boolean (state == NAVI_HOURS_OPEN));
}

static json_t *
place_to_json (NaviPlace *place, const NaviLocalTime *at)
{
  const NaviPlaceData *data = navi_place_get_data (place);
  g_autofree char *address = navi_place_get_address (place, NULL);
  g_autofree char *uri = navi_place_get_uri (place);
  json_t *json = json_pack ("{s:s, s:s, s:o, s:o, s:s}", "name", data->name, "kind", data->kind, "lat", rounded (data->lat_deg, 1e7), "lon",
                            rounded (data->lon_deg, 1e7), "address", address);

  set_text (json, "name_en", data->name_en);
  set_text (json, "name_zh", data->name_zh);
  set_text (json, "street", data->street);
  set_text (json, "housenumber", data->number);
  set_text (json, "postcode", data->postcode);
  set_text (json, "city", data->city);
  set_text (json, "opening_hours", data->opening_hours);
  set_text (json, "phone", data->phone);
  set_text (json, "website", data->website);
  set_text (json, "wheelchair", data->wheelchair);
  set_text (json, "cuisine", data->cuisine);
  set_text (json, "uri", uri);
  set_open (json, data, at);
  if (data->is_approximate)
    json_object_set_new (json, "approximate", json_true ());
  if (data->distance_m >= 0)
    json_object_set_new (json, "distance_m", rounded (data->distance_m, 1));
  return json;
}

static int
print_places (GListModel *places, const NaviLocalTime *at)
{
  json_t *results = json_array ();
  guint n = g_list_model_get_n_items (places);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (NaviPlace) place = g_list_model_get_item (places, i);
      json_array_append_new (results, place_to_json (place, at));
    }
  cirrus_print_json (json_pack ("{s:o}", "results", results));
  return n > 0 ? CIRRUS_EXIT_DONE : CIRRUS_EXIT_NO_ANSWER;
}

static gboolean
make_query (const Arguments *arguments, const char *text, const NaviLocalTime *at, NaviSearchQuery *query, GError **error)
{
  const char *near = option (arguments, "near="), *limit = option (arguments, "limit=");
  gint64 number = 0;

  *query = (NaviSearchQuery){ .text = text, .typing = option (arguments, "typing") != NULL };
  query->open_now = option (arguments, "open") != NULL;
  query->now = at;
  query->has_near = near != NULL;
  if (near != NULL && !cirrus_navi_parse_point (near, "--near", &query->near_lat_deg, &query->near_lon_deg, error))
    return FALSE;
  if (limit != NULL && !cirrus_parse_number (limit, "--limit", 1, 1000, &number, error))
    return FALSE;
  query->limit = (guint) number;
  return TRUE;
}

static int
run_search (int argc, char **argv)
{
  Arguments arguments = { .names = { "region=", "near=", "limit=", "typing", "open", "time=", "json" } };
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviRegion) region = NULL;
  g_autoptr (NaviSearch) search = NULL;
  g_autoptr (GListModel) places = NULL;
  g_autofree char *text = NULL;
  NaviSearchQuery query;
  NaviLocalTime at;

  if (!parse_arguments (&arguments, argc, argv, "TEXT...", &error) || !need_region (&arguments, &error))
    return cirrus_usage_error (usage, error);
  text = g_strjoinv (" ", (char **) arguments.words);
  if (!read_time ("--time", option (&arguments, "time="), &at, &error) || !make_query (&arguments, text, &at, &query, &error))
    return cirrus_usage_error (usage, error);
  region = navi_region_open (option (&arguments, "region="), &error);
  search = region != NULL ? navi_search_new (region, &error) : NULL;
  places = search != NULL ? navi_search_find (search, &query, NULL, &error) : NULL;
  if (places != NULL)
    return print_places (places, &at);
  cirrus_fail (error);
  return CIRRUS_EXIT_FAILED;
}

static int
run_reverse (int argc, char **argv)
{
  Arguments arguments = { .names = { "region=", "json" } };
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviRegion) region = NULL;
  g_autoptr (NaviSearch) search = NULL;
  g_autoptr (GListModel) places = NULL;
  double lat_deg, lon_deg;
  NaviLocalTime at;

  if (!parse_arguments (&arguments, argc, argv, "LON,LAT", &error) || !need_region (&arguments, &error)
      || !cirrus_navi_parse_point (arguments.words[0], "the place", &lat_deg, &lon_deg, &error) || !read_time (NULL, NULL, &at, &error))
    return cirrus_usage_error (usage, error);
  region = navi_region_open (option (&arguments, "region="), &error);
  search = region != NULL ? navi_search_new (region, &error) : NULL;
  places = search != NULL ? navi_search_reverse (search, lat_deg, lon_deg, &error) : NULL;
  if (places != NULL)
    return print_places (places, &at);
  cirrus_fail (error);
  return CIRRUS_EXIT_FAILED;
}

int
cirrus_navi (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    int (*run) (int argc, char **argv);
  } verbs[] = {
    { "import", run_import },
    { "route", run_route },
    { "search", run_search },
    { "reverse", run_reverse },
    { "render", cirrus_navi_render },
    { "match", cirrus_navi_match },
    { "plan", cirrus_navi_plan },
  };

  if (argc >= 2 && strcmp (argv[1], "--help") == 0)
    {
      fputs (usage, stdout);
      return CIRRUS_EXIT_DONE;
    }
  for (gsize i = 0; argc >= 2 && i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (argv[1], verbs[i].name) == 0)
      return verbs[i].run (argc - 1, argv + 1);
  return cirrus_usage_verb (usage, argc, argv);
}
