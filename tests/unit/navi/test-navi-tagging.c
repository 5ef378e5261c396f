/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-tagging.h"

#include <string.h>

/* The tagging rules as OpenStreetMap's wiki writes them.  Each group names the page and the section that its expectations come from. */

/* "key=value key=value", an underscore in a value stays one, "~" is a blank. */
typedef struct
{
  NaviOsmTags tags;
  NaviOsmTag items[16];
  char **words;
} Tags;

static void
tags_init (Tags *self, const char *text)
{
  memset (self, 0, sizeof *self);
  self->words = g_strsplit (text, " ", -1);
  for (guint i = 0; self->words[i] != NULL; i++)
    {
      char *value = strchr (self->words[i], '=');
      g_assert_nonnull (value);
      *value++ = '\0';
      g_strdelimit (value, "~", ' ');
      g_assert_cmpuint (i, <, G_N_ELEMENTS (self->items));
      self->items[self->tags.n_items++] = (NaviOsmTag){ self->words[i], value };
    }
  self->tags.items = self->items;
}

static void
tags_clear (Tags *self)
{
  g_strfreev (self->words);
}

typedef struct
{
  const char *tags;
  const char *access; /* car, bicycle, foot: along and against: y(es), e(nds only), n(o) */
} AccessCase;

static void
assert_access (const AccessCase *cases, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      Tags tags;
      NaviRoad road;
      char got[9] = "nn nn nn";
      tags_init (&tags, cases[i].tags);
      if (navi_tagging_road (&tags.tags, &road))
        for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
          for (guint direction = 0; direction < 2; direction++)
            {
              got[profile * 3 + direction] = "ney"[road.access[profile][direction]];
              g_assert_cmpint (road.access[profile][direction] == NAVI_ACCESS_NO, ==, road.speed_dkmh[profile][direction] == 0);
            }
      if (strcmp (got, cases[i].access) != 0)
        g_test_message ("%s", cases[i].tags);
      g_assert_cmpstr (got, ==, cases[i].access);
      tags_clear (&tags);
    }
}

#define ASSERT_ACCESS(cases) assert_access (cases, G_N_ELEMENTS (cases))

static void
test_access (void)
{
  /* Key:access, "Transport mode restrictions": the tag of the more particular mode overrides that of its category: access, vehicle,
   * motor_vehicle, double_tracked_motor_vehicle, motorcar; access, vehicle, bicycle; access, foot. */
  static const AccessCase hierarchy[] = {
    { "highway=residential", "yy yy yy" },
    { "highway=residential access=no", "nn nn nn" },
    { "highway=residential access=no vehicle=yes", "yy yy nn" },
    { "highway=residential vehicle=no motor_vehicle=yes", "yy nn yy" },
    { "highway=residential motor_vehicle=no motorcar=yes", "yy yy yy" },
    { "highway=residential motor_vehicle=yes double_tracked_motor_vehicle=no", "nn yy yy" },
    { "highway=residential double_tracked_motor_vehicle=no motorcar=yes", "yy yy yy" },
    { "highway=residential motorcycle=no hgv=no moped=no", "yy yy yy" },
    { "highway=residential access=no foot=yes bicycle=designated", "nn yy yy" },
    { "highway=residential access:backward=no", "yn yn yn" },
    { "highway=residential motor_vehicle:forward=no", "ny yy yy" },
    { "highway=residential motor_vehicle=no motor_vehicle:backward=yes", "ny yy yy" },
    { "highway=footway foot:backward=no", "nn yn yn" },
  };
  /* Key:access, "List of possible values". */
  static const AccessCase values[] = {
    { "highway=residential access=permissive", "yy yy yy" },
    { "highway=residential motor_vehicle=designated", "yy yy yy" },
    { "highway=residential motor_vehicle=discouraged", "yy yy yy" },
    { "highway=residential motor_vehicle=destination", "ee yy yy" },
    { "highway=residential access=private", "ee ee ee" },
    { "highway=residential access=permit", "ee ee ee" },
    { "highway=residential access=customers foot=yes", "ee ee yy" },
    { "highway=residential motor_vehicle=delivery", "ee yy yy" },
    { "highway=residential motor_vehicle=agricultural;forestry", "nn yy yy" },
    { "highway=residential access=unknown", "yy yy yy" },
    { "highway=residential bicycle=use_sidepath", "yy nn yy" },
    { "highway=residential bicycle=optional_sidepath", "yy yy yy" },
    { "highway=residential foot=use_sidepath", "yy yy nn" },
    { "highway=residential bicycle=dismount", "yy yy yy" },
    { "highway=residential motor_vehicle=no;destination", "ee yy yy" },
  };
  /* Tag:highway=*, "Access" of each, and OSM tags for routing/Access restrictions, "Default". */
  static const AccessCase kinds[] = {
    { "highway=motorway", "yn nn nn" },
    { "highway=motorway_link", "yy nn nn" },
    { "highway=trunk motorroad=yes", "yy nn nn" },
    { "highway=trunk motorroad=yes bicycle=yes", "yy yy nn" },
    { "highway=living_street", "yy yy yy" },
    { "highway=pedestrian", "nn yy yy" },
    { "highway=pedestrian bicycle=no", "nn nn yy" },
    { "highway=cycleway", "nn yy yy" },
    { "highway=cycleway foot=no", "nn yy nn" },
    { "highway=footway access=yes", "nn yy yy" },
    { "highway=path horse=yes", "nn yy yy" },
    { "highway=busway", "nn nn nn" },
    { "highway=busway bicycle=yes", "nn yy nn" },
    { "highway=bus_guideway", "nn nn nn" },
    { "highway=raceway", "nn nn nn" },
    { "highway=escape", "nn nn nn" },
    { "highway=elevator", "nn yy yy" },
    { "highway=service service=driveway", "yy yy yy" },
    { "highway=service service=emergency_access access=no", "nn nn nn" },
    { "railway=platform", "nn nn yy" },
    { "man_made=pier", "nn nn yy" },
    { "building=yes", "nn nn nn" },
  };
  /* Key:construction, "Usage"; Tag:highway=construction; Tag:highway=proposed. */
  static const AccessCase works[] = {
    { "highway=construction construction=primary", "nn nn nn" },
    { "highway=proposed proposed=primary", "nn nn nn" },
    { "highway=primary construction=yes", "nn nn nn" },
    { "highway=primary construction=minor", "yy yy yy" },
    { "highway=primary construction=widening", "yy yy yy" },
    { "highway=primary construction=no", "yy yy yy" },
  };
  /* Key:smoothness, "Values": impassable is for "no wheeled vehicle", very_horrible for tractors and mountain bikes. */
  static const AccessCase rough[] = {
    { "highway=track smoothness=bad", "yy yy yy" },
    { "highway=track smoothness=horrible", "yy yy yy" },
    { "highway=track smoothness=very_horrible", "nn yy yy" },
    { "highway=track smoothness=impassable", "nn nn yy" },
    { "highway=track impassable=yes", "nn nn nn" },
  };

  ASSERT_ACCESS (hierarchy);
  ASSERT_ACCESS (values);
  ASSERT_ACCESS (kinds);
  ASSERT_ACCESS (works);
  ASSERT_ACCESS (rough);
}

static void
test_oneway (void)
{
  /* Key:oneway, "How to map" and "Values": for vehicles, not for people on foot; -1; reversible is closed unless a condition says which
   * way; alternating is open both ways. */
  static const AccessCase plain[] = {
    { "highway=residential oneway=yes", "yn yn yy" },
    { "highway=residential oneway=-1", "ny ny yy" },
    { "highway=residential oneway=no", "yy yy yy" },
    { "highway=residential oneway=reversible", "nn nn yy" },
    { "highway=residential oneway=alternating", "yy yy yy" },
    { "highway=residential oneway:motorcar=yes", "yn yy yy" },
    { "highway=residential oneway:foot=yes", "yy yy yn" },
  };
  /* Key:oneway, "Implied oneway restriction"; Tag:junction=roundabout; Tag:junction=circular; Tag:highway=motorway. */
  static const AccessCase implied[] = {
    { "highway=residential junction=roundabout", "yn yn yy" },
    { "highway=residential junction=circular", "yn yn yy" },
    { "highway=residential junction=roundabout oneway=no", "yy yy yy" },
    { "highway=motorway oneway=no", "yy nn nn" },
    { "highway=motorway oneway=-1", "ny nn nn" },
  };
  /* Key:oneway:bicycle; Key:cycleway, "Cycle tracks and lanes in one-way streets"; Bicycle, "Contraflow". */
  static const AccessCase contraflow[] = {
    { "highway=residential oneway=yes oneway:bicycle=no", "yn yy yy" },
    { "highway=residential oneway=yes cycleway=opposite", "yn yy yy" },
    { "highway=residential oneway=yes cycleway=opposite_lane", "yn yy yy" },
    { "highway=residential oneway=yes cycleway:left=opposite_track", "yn yy yy" },
    { "highway=residential oneway=yes cycleway:left=lane cycleway:left:oneway=-1", "yn yy yy" },
    { "highway=residential oneway=yes cycleway:both=lane cycleway:both:oneway=no", "yn yy yy" },
    { "highway=residential oneway=yes cycleway:right=lane", "yn yn yy" },
    { "highway=residential oneway=yes oneway:bicycle=yes cycleway=opposite", "yn yn yy" },
    { "highway=residential oneway=-1 oneway:bicycle=no", "ny yy yy" },
    { "highway=residential oneway=yes bicycle:backward=yes", "yn yy yy" },
    { "highway=residential oneway=no oneway:bicycle=yes", "yy yn yy" },
    /* A bicycle that is pushed goes as people on foot go (Key:bicycle, dismount). */
    { "highway=pedestrian oneway=yes motor_vehicle=yes", "yn yy yy" },
  };
  /* Key:conveying, "Values": an escalator or a moving pavement carries one way. */
  static const AccessCase escalators[] = {
    { "highway=steps conveying=forward", "nn yn yn" },
    { "highway=steps conveying=backward", "nn ny ny" },
    { "highway=steps conveying=yes", "nn yy yy" },
    { "highway=steps conveying=reversible", "nn nn nn" },
  };

  ASSERT_ACCESS (plain);
  ASSERT_ACCESS (implied);
  ASSERT_ACCESS (contraflow);
  ASSERT_ACCESS (escalators);
}

static void
test_ferries (void)
{
  /* Tag:route=ferry, "Tags to use on ways": foot, bicycle, motor_vehicle say whom it takes. */
  static const AccessCase cases[] = {
    { "route=ferry", "yy yy yy" },
    { "route=ferry motor_vehicle=no", "nn yy yy" },
    { "route=ferry foot=yes", "nn yy yy" },
    { "route=ferry foot=yes bicycle=no", "nn nn yy" },
    { "route=ferry foot=yes motorcar=yes", "yy yy yy" },
    { "route=ferry access=private", "ee ee ee" },
    { "route=ferry motor_vehicle=yes oneway=yes", "yn yn yy" },
    { "route=bus", "nn nn nn" },
  };
  /* Key:duration, "Format": hh:mm, hh:mm:ss, minutes, or ISO 8601. */
  static const struct
  {
    const char *value;
    guint32 seconds;
  } durations[] = { { "00:20", 1200 }, { "20", 1200 },      { "01:30", 5400 }, { "01:30:10", 5410 }, { "PT1H30M", 5400 },
                    { "26:00", 93600 }, { "PT45S", 45 },    { "soon", 0 },     { "1:2:3:4", 0 },     { "-5", 0 } };

  ASSERT_ACCESS (cases);
  for (gsize i = 0; i < G_N_ELEMENTS (durations); i++)
    g_assert_cmpuint (navi_tagging_parse_duration_s (durations[i].value), ==, durations[i].seconds);
}

static void
test_speed_values (void)
{
  /* Key:maxspeed, "Values" and "Units"; Speed limits, "Country code/category conversion table"; Key:zone:maxspeed. */
  static const struct
  {
    const char *value;
    guint kmh;
  } cases[] = {
    { "50", 50 },           { "50 km/h", 50 },       { "30 mph", 48 },       { "70mph", 113 },      { "10 knots", 19 },    { "7.5", 7 },
    { "none", 255 },        { "walk", 10 },          { "DE:walk", 10 },      { "signals", 0 },      { "variable", 0 },     { "", 0 },
    { "urban", 50 },        { "DE:urban", 50 },      { "DE:rural", 100 },    { "DE:motorway", 255 }, { "AT:motorway", 130 }, { "CH:rural", 80 },
    { "CH:trunk", 100 },    { "RU:urban", 60 },      { "RU:motorway", 110 }, { "FR:rural", 80 },    { "GB:nsl_single", 97 }, { "GB:nsl_dual", 113 },
    { "UK:motorway", 113 }, { "PL:motorway", 140 },  { "PL:expressway", 120 }, { "BE-VLG:rural", 70 }, { "BE:rural", 90 }, { "NL:living_street", 15 },
    { "DE:zone:30", 30 },   { "DE:zone30", 30 },     { "FR:zone30", 30 },    { "DE:30", 30 },       { "zone:20", 20 },     { "DE:bicycle_road", 30 },
    { "LI:urban", 50 },     { "XX:rural", 90 },      { "999999999999", 250 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      if (navi_tagging_parse_speed_kmh (cases[i].value) != cases[i].kmh)
        g_test_message ("%s", cases[i].value);
      g_assert_cmpuint (navi_tagging_parse_speed_kmh (cases[i].value), ==, cases[i].kmh);
    }
}

static void
test_speed_limits (void)
{
  /* Key:maxspeed, "Tagging": :forward and :backward, motorcar; Key:source:maxspeed, Key:maxspeed:type, Key:zone:traffic where there is no number. */
  static const struct
  {
    const char *tags;
    guint along;
    guint against;
  } cases[] = {
    { "highway=primary", 0, 0 },
    { "highway=primary maxspeed=70", 70, 70 },
    { "highway=primary maxspeed=70 maxspeed:forward=50", 50, 70 },
    { "highway=primary maxspeed:backward=30", 0, 30 },
    { "highway=primary maxspeed=70 maxspeed:hgv=50", 70, 70 },
    { "highway=primary maxspeed=70 maxspeed:motorcar=60", 60, 60 },
    { "highway=primary maxspeed=signals source:maxspeed=AT:rural", 100, 100 },
    { "highway=primary maxspeed:type=GB:nsl_single", 97, 97 },
    { "highway=primary zone:traffic=DE:urban", 50, 50 },
    { "highway=primary zone:maxspeed=DE:30", 30, 30 },
    { "highway=motorway maxspeed=none", 255, 255 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Tags tags;
      NaviRoad road;
      tags_init (&tags, cases[i].tags);
      g_test_message ("%s", cases[i].tags);
      g_assert_true (navi_tagging_road (&tags.tags, &road));
      g_assert_cmpuint (road.limit_kmh[0], ==, cases[i].along);
      g_assert_cmpuint (road.limit_kmh[1], ==, cases[i].against);
      tags_clear (&tags);
    }
}

/* How fast a profile goes along and against; tells which of two roads is faster. */
static guint
speed_of (const char *text, NaviProfile profile, guint direction)
{
  Tags tags;
  NaviRoad road;

  tags_init (&tags, text);
  g_assert_true (navi_tagging_road (&tags.tags, &road));
  tags_clear (&tags);
  return road.speed_dkmh[profile][direction];
}

static void
test_surface_and_incline (void)
{
  /* Key:surface, "Values"; Key:tracktype: from grade1 (solid) to grade5 (soft); Key:smoothness: from excellent to very_horrible.  None
   * is faster than the one before, and the last is slower than the first, for a car and for a bicycle. */
  static const char *const orders[][6] = {
    { "highway=tertiary surface=asphalt", "highway=tertiary surface=compacted", "highway=tertiary surface=gravel", "highway=tertiary surface=sand", NULL },
    { "highway=track tracktype=grade2", "highway=track tracktype=grade3", "highway=track tracktype=grade4", "highway=track tracktype=grade5", NULL },
    { "highway=tertiary smoothness=good", "highway=tertiary smoothness=bad", "highway=tertiary smoothness=very_bad", "highway=tertiary smoothness=horrible",
      NULL },
    { "highway=tertiary surface=paving_stones", "highway=tertiary surface=cobblestone", "highway=tertiary surface=unhewn_cobblestone", NULL },
  };
  /* Key:incline, "Values": percent, degrees, up and down, in the way's direction. */
  static const struct
  {
    const char *value;
    gint percent;
  } inclines[] = { { "10%", 10 }, { "10 %", 10 }, { "-7.5%", -7 }, { "5°", 9 }, { "-5°", -9 }, { "up", 6 }, { "down", -6 },
                   { "0%", 0 },   { "yes", 0 },   { "steep", 0 },  { "12", 0 }, { "400%", 45 }, { "89°", 45 } };

  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    for (guint profile = NAVI_CAR; profile <= NAVI_BICYCLE; profile++)
      {
        guint j = 1;
        for (; orders[i][j] != NULL; j++)
          g_assert_cmpuint (speed_of (orders[i][j], profile, 0), <=, speed_of (orders[i][j - 1], profile, 0));
        g_assert_cmpuint (speed_of (orders[i][j - 1], profile, 0), <, speed_of (orders[i][0], profile, 0));
      }
  for (gsize i = 0; i < G_N_ELEMENTS (inclines); i++)
    g_assert_cmpint (navi_tagging_parse_incline_percent (inclines[i].value), ==, inclines[i].percent);
  g_assert_cmpuint (speed_of ("highway=tertiary", NAVI_BICYCLE, 0), ==, 180);
  g_assert_cmpuint (speed_of ("highway=tertiary incline=10%", NAVI_BICYCLE, 0), ==, 90);
  g_assert_cmpuint (speed_of ("highway=tertiary incline=10%", NAVI_BICYCLE, 1), ==, 234);
  g_assert_cmpuint (speed_of ("highway=tertiary incline=-10%", NAVI_BICYCLE, 1), ==, 90);
  g_assert_cmpuint (speed_of ("highway=tertiary incline=45%", NAVI_BICYCLE, 0), ==, 40);
  g_assert_cmpuint (speed_of ("highway=tertiary incline=10%", NAVI_CAR, 0), ==, speed_of ("highway=tertiary", NAVI_CAR, 0));
}

static void
test_lengths_and_weights (void)
{
  /* Key:maxheight, "How to map"; Key:maxweight, "Units"; Map features/Units. */
  static const struct
  {
    const char *value;
    guint32 mm;
    guint32 kg;
  } cases[] = {
    { "3.8", 3800, 3800 },      { "3 m", 3000, 0 },       { "3.5m", 3500, 0 },    { "6'7\"", 2007, 0 },     { "12'", 3658, 0 },
    { "12'6\"", 3810, 0 },      { "11 ft", 3353, 0 },     { "350 cm", 3500, 0 },  { "2,2", 2200, 2200 },    { "7.5", 7500, 7500 },
    { "7.5 t", 0, 7500 },       { "3.5t", 0, 3500 },      { "7500 kg", 0, 7500 }, { "16000 lbs", 0, 7257 }, { "8 st", 0, 7257 },
    { "default", 0, 0 },        { "none", 0, 0 },         { "-3", 0, 0 },         { "", 0, 0 },             { "3 apples", 0, 0 },
    { "12'6", 3810, 0 },        { "90\"", 2286, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].value);
      g_assert_cmpuint (navi_tagging_parse_length_mm (cases[i].value), ==, cases[i].mm);
      g_assert_cmpuint (navi_tagging_parse_weight_kg (cases[i].value), ==, cases[i].kg);
    }
}

static void
test_toll (void)
{
  /* Key:toll, "Tagging": the vehicle's own key counts before the general one. */
  static const struct
  {
    const char *tags;
    gboolean has_toll;
  } cases[] = {
    { "highway=motorway toll=yes", TRUE },
    { "highway=motorway toll=no", FALSE },
    { "highway=motorway toll:hgv=yes", FALSE },
    { "highway=motorway toll:motorcar=yes", TRUE },
    { "highway=motorway toll=yes toll:motorcar=no", FALSE },
    { "highway=motorway toll=no toll:motor_vehicle=yes", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Tags tags;
      NaviRoad road;
      tags_init (&tags, cases[i].tags);
      g_assert_true (navi_tagging_road (&tags.tags, &road));
      g_test_message ("%s", cases[i].tags);
      g_assert_cmpint ((road.flags & NAVI_ROAD_IS_TOLL) != 0, ==, cases[i].has_toll);
      tags_clear (&tags);
    }
}

static void
test_crossings (void)
{
  /* Key:barrier, "Values" and each barrier's "Access"; Key:access on it counts first; Key:locked; Tag:highway=traffic_signals, "Direction". */
  static const struct
  {
    const char *tags;
    const char *access; /* car, bicycle, foot */
    guint stops;
  } cases[] = {
    { "barrier=bollard", "nyy", 0 },
    { "barrier=bollard motor_vehicle=yes", "yyy", 0 },
    { "barrier=gate", "yyy", 0 },
    { "barrier=gate access=private", "eee", 0 },
    { "barrier=gate access=private foot=yes", "eey", 0 },
    { "barrier=gate locked=yes", "eee", 0 },
    { "barrier=gate locked=yes foot=yes", "eey", 0 },
    { "barrier=lift_gate vehicle=no", "nny", 0 },
    { "barrier=stile", "nny", 0 },
    { "barrier=wicket_gate", "nyy", 0 },
    { "barrier=cattle_grid", "yyy", 0 },
    { "barrier=height_restrictor", "yyy", 0 },
    { "barrier=guard_rail", "nnn", 0 },
    { "barrier=toll_booth", "yyy", NAVI_STOP_TOLL },
    { "barrier=border_control", "yyy", NAVI_STOP_BORDER },
    { "highway=traffic_signals", "yyy", NAVI_STOP_SIGNALS_FORWARD | NAVI_STOP_SIGNALS_BACKWARD },
    { "highway=traffic_signals traffic_signals:direction=both", "yyy", NAVI_STOP_SIGNALS_FORWARD | NAVI_STOP_SIGNALS_BACKWARD },
    { "highway=traffic_signals traffic_signals:direction=forward", "yyy", NAVI_STOP_SIGNALS_FORWARD },
    { "highway=traffic_signals traffic_signals:direction=backward", "yyy", NAVI_STOP_SIGNALS_BACKWARD },
    { "highway=crossing access=no", "yyy", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Tags tags;
      NaviCrossing crossing;
      gboolean matters;
      char got[4] = "";
      tags_init (&tags, cases[i].tags);
      matters = navi_tagging_crossing (&tags.tags, &crossing);
      for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
        got[profile] = "ney"[crossing.access[profile]];
      g_test_message ("%s", cases[i].tags);
      g_assert_cmpstr (got, ==, cases[i].access);
      g_assert_cmpuint (crossing.stops, ==, cases[i].stops);
      g_assert_cmpint (matters, ==, cases[i].stops != 0 || strcmp (got, "yyy") != 0);
      tags_clear (&tags);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/navi/tagging/access", test_access);
  g_test_add_func ("/navi/tagging/oneway", test_oneway);
  g_test_add_func ("/navi/tagging/ferries", test_ferries);
  g_test_add_func ("/navi/tagging/speed-values", test_speed_values);
  g_test_add_func ("/navi/tagging/speed-limits", test_speed_limits);
  g_test_add_func ("/navi/tagging/surface-and-incline", test_surface_and_incline);
  g_test_add_func ("/navi/tagging/lengths-and-weights", test_lengths_and_weights);
  g_test_add_func ("/navi/tagging/toll", test_toll);
  g_test_add_func ("/navi/tagging/crossings", test_crossings);
  return g_test_run ();
}
