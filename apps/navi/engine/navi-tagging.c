/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-tagging.h"

/* The tables and rules by which tags become access and speed. */

/* What may use a kind of way if nothing else is said. */
enum
{
  CAR = 1 << NAVI_CAR,
  BICYCLE = 1 << NAVI_BICYCLE,
  FOOT = 1 << NAVI_FOOT,
  ALL = CAR | BICYCLE | FOOT,
  PUSH = 1 << 3, /* a bicycle may be pushed */
};

typedef struct
{
  const char *value;
  NaviRoadClass road_class;
  guint8 is_link;
  guint8 users;
  guint8 car_kmh;     /* without a sign */
  guint8 car_cap_kmh; /* whatever the sign says */
  guint8 bicycle_kmh;
} Kind;

static const Kind kinds[] = {
  { "motorway", NAVI_ROAD_MOTORWAY, 0, CAR, 105, 130, 0 },
  { "motorway_link", NAVI_ROAD_MOTORWAY, 1, CAR, 55, 80, 0 },
  { "trunk", NAVI_ROAD_TRUNK, 0, ALL, 85, 110, 15 },
  { "trunk_link", NAVI_ROAD_TRUNK, 1, ALL, 45, 70, 15 },
  { "primary", NAVI_ROAD_PRIMARY, 0, ALL, 60, 90, 17 },
  { "primary_link", NAVI_ROAD_PRIMARY, 1, ALL, 40, 60, 17 },
  { "secondary", NAVI_ROAD_SECONDARY, 0, ALL, 52, 85, 18 },
  { "secondary_link", NAVI_ROAD_SECONDARY, 1, ALL, 35, 60, 18 },
  { "tertiary", NAVI_ROAD_TERTIARY, 0, ALL, 44, 75, 18 },
  { "tertiary_link", NAVI_ROAD_TERTIARY, 1, ALL, 30, 50, 18 },
  { "unclassified", NAVI_ROAD_UNCLASSIFIED, 0, ALL, 35, 60, 18 },
  { "residential", NAVI_ROAD_RESIDENTIAL, 0, ALL, 27, 40, 18 },
  { "living_street", NAVI_ROAD_LIVING_STREET, 0, ALL, 10, 15, 12 },
  { "service", NAVI_ROAD_SERVICE, 0, ALL, 15, 30, 16 },
  { "road", NAVI_ROAD_UNCLASSIFIED, 0, ALL, 25, 50, 16 },
  { "track", NAVI_ROAD_TRACK, 0, ALL, 15, 40, 13 },
  { "pedestrian", NAVI_ROAD_PEDESTRIAN, 0, FOOT | PUSH, 8, 10, 6 },
  { "cycleway", NAVI_ROAD_CYCLEWAY, 0, BICYCLE | FOOT, 8, 10, 18 },
  { "footway", NAVI_ROAD_FOOTWAY, 0, FOOT | PUSH, 8, 10, 8 },
  { "bridleway", NAVI_ROAD_PATH, 0, FOOT | PUSH, 8, 10, 8 },
  { "path", NAVI_ROAD_PATH, 0, FOOT | BICYCLE, 8, 10, 12 },
  { "steps", NAVI_ROAD_STEPS, 0, FOOT | PUSH, 0, 0, 2 },
  { "busway", NAVI_ROAD_SERVICE, 0, 0, 15, 50, 16 }, /* of others only those that are named */
  { "elevator", NAVI_ROAD_FOOTWAY, 0, FOOT | PUSH, 0, 0, 2 },
  { "corridor", NAVI_ROAD_FOOTWAY, 0, FOOT, 0, 0, 5 },
  { "platform", NAVI_ROAD_FOOTWAY, 0, FOOT, 0, 0, 5 }, /* the last */
};

enum
{
  WALK_DKMH = 50,
  PUSH_DKMH = 40,
};

typedef struct
{
  const char *value;
  NaviAccess access;
} AccessValue;

static const AccessValue access_values[] = {
  { "yes", NAVI_ACCESS_YES },       { "permissive", NAVI_ACCESS_YES },  { "designated", NAVI_ACCESS_YES }, { "official", NAVI_ACCESS_YES },
  { "public", NAVI_ACCESS_YES },    { "discouraged", NAVI_ACCESS_YES }, { "1", NAVI_ACCESS_YES },          { "true", NAVI_ACCESS_YES },
  { "optional_sidepath", NAVI_ACCESS_YES },
  { "destination", NAVI_ACCESS_ENDS }, { "private", NAVI_ACCESS_ENDS }, { "customers", NAVI_ACCESS_ENDS }, { "delivery", NAVI_ACCESS_ENDS },
  { "permit", NAVI_ACCESS_ENDS },   { "residents", NAVI_ACCESS_ENDS },  { "resident", NAVI_ACCESS_ENDS },  { "visitors", NAVI_ACCESS_ENDS },
  { "employees", NAVI_ACCESS_ENDS }, { "no", NAVI_ACCESS_NO },          { "agricultural", NAVI_ACCESS_NO }, { "forestry", NAVI_ACCESS_NO },
  { "agricultural;forestry", NAVI_ACCESS_NO }, { "military", NAVI_ACCESS_NO }, { "emergency", NAVI_ACCESS_NO }, { "bus", NAVI_ACCESS_NO },
  { "psv", NAVI_ACCESS_NO },        { "hov", NAVI_ACCESS_NO },          { "restricted", NAVI_ACCESS_NO },  { "use_sidepath", NAVI_ACCESS_NO },
  { "closed", NAVI_ACCESS_NO },     { "false", NAVI_ACCESS_NO },        { "0", NAVI_ACCESS_NO },           { "taxi", NAVI_ACCESS_NO },
};

/* From the general to the particular: the last one that is tagged counts. */
static const char *const access_keys[NAVI_N_PROFILES][6] = {
  { "access", "vehicle", "motor_vehicle", "double_tracked_motor_vehicle", "motorcar", NULL },
  { "access", "vehicle", "bicycle", NULL },
  { "access", "foot", NULL },
};

static gboolean
parse_access (const char *value, NaviAccess *access)
{
  for (gsize i = 0; i < G_N_ELEMENTS (access_values); i++)
    if (strcmp (value, access_values[i].value) == 0)
      {
        *access = access_values[i].access;
        return TRUE;
      }
  if (strchr (value, ';') != NULL)
    {
      /* Of several values the kindest counts. */
      g_auto (GStrv) parts = g_strsplit (value, ";", 8);
      gboolean known = FALSE;
      for (guint i = 0; parts[i] != NULL; i++)
        {
          NaviAccess one;
          if (strchr (parts[i], ';') == NULL && parse_access (g_strstrip (parts[i]), &one))
            {
              *access = known ? MAX (*access, one) : one;
              known = TRUE;
            }
        }
      return known;
    }
  return FALSE;
}

/* What the tags say of @profile: the value of the most particular key, with or without @suffix (":forward"); NULL if
 * nothing.  @rank: which of its keys said it. */
static const char *
find_access (const NaviOsmTags *tags, NaviProfile profile, const char *suffix, NaviAccess *access, guint *rank)
{
  const char *found = NULL;

  for (guint i = 0; access_keys[profile][i] != NULL; i++)
    {
      char key[40];
      const char *value;
      g_snprintf (key, sizeof key, "%s%s", access_keys[profile][i], suffix);
      value = navi_osm_tag (tags, key);
      if (value != NULL && strcmp (value, "dismount") == 0)
        value = profile == NAVI_BICYCLE ? value : NULL;
      else if (value != NULL && !parse_access (value, access))
        value = NULL;
      if (value == NULL)
        continue;
      found = value;
      *rank = i;
    }
  return found;
}

/* Which way the traffic of @profile goes: 1 along, -1 against, 0 both, 2 none now (reversible). */
static int
oneway_of (const NaviOsmTags *tags, const Kind *kind, NaviProfile profile)
{
  static const char *const keys[NAVI_N_PROFILES][5] = {
    { "oneway", "oneway:vehicle", "oneway:motor_vehicle", "oneway:motorcar", NULL },
    { "oneway", "oneway:vehicle", "oneway:bicycle", NULL },
    { "conveying", "oneway:foot", NULL }, /* escalators go one way */
  };
  int direction = 0;

  if (profile != NAVI_FOOT
      && (navi_osm_tag_is (tags, "junction", "roundabout") || navi_osm_tag_is (tags, "junction", "circular")
          || (kind != NULL && kind->road_class == NAVI_ROAD_MOTORWAY && !kind->is_link)))
    direction = 1;
  for (guint i = 0; keys[profile][i] != NULL; i++)
    {
      const char *value = navi_osm_tag (tags, keys[profile][i]);
      if (value == NULL)
        continue;
      if (strcmp (value, "yes") == 0 || strcmp (value, "true") == 0 || strcmp (value, "1") == 0)
        direction = strcmp (keys[profile][i], "conveying") == 0 ? direction : 1;
      else if (strcmp (value, "forward") == 0)
        direction = 1;
      else if (strcmp (value, "-1") == 0 || strcmp (value, "reverse") == 0 || strcmp (value, "backward") == 0)
        direction = -1;
      else if (strcmp (value, "no") == 0 || strcmp (value, "false") == 0 || strcmp (value, "0") == 0 || strcmp (value, "alternating") == 0)
        direction = 0;
      else if (strcmp (value, "reversible") == 0)
        direction = 2;
    }
  return direction;
}

/* Bicycles that may go against a one-way street, as the wiki's page on cycleways has it, unless oneway:bicycle says what they may. */
static gboolean
has_contraflow (const NaviOsmTags *tags)
{
  static const char *const keys[] = { "cycleway", "cycleway:left", "cycleway:right", "cycleway:both" };
  static const char *const lanes[] = { "cycleway:left:oneway", "cycleway:right:oneway", "cycleway:both:oneway" };

  if (navi_osm_tag (tags, "oneway:bicycle") != NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const char *value = navi_osm_tag (tags, keys[i]);
      if (value != NULL && g_str_has_prefix (value, "opposite"))
        return TRUE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (lanes); i++)
    {
      const char *value = navi_osm_tag (tags, lanes[i]);
      if (value != NULL && (strcmp (value, "no") == 0 || strcmp (value, "-1") == 0))
        return TRUE;
    }
  return navi_osm_tag_is (tags, "bicycle:backward", "yes");
}

/* ---- Speeds ---- */

typedef struct
{
  const char *key;
  const char *value;
  guint8 kmh; /* of a car; 0: as fast as anywhere */
  guint8 is_unpaved;
} SurfaceRule;

static const SurfaceRule surface_rules[] = {
  { "surface", "unpaved", 35, 1 },       { "surface", "compacted", 50, 1 },      { "surface", "fine_gravel", 40, 1 },
  { "surface", "gravel", 35, 1 },        { "surface", "pebblestone", 25, 1 },    { "surface", "dirt", 22, 1 },
  { "surface", "earth", 22, 1 },         { "surface", "ground", 22, 1 },         { "surface", "grass", 15, 1 },
  { "surface", "sand", 12, 1 },          { "surface", "mud", 8, 1 },             { "surface", "rock", 10, 1 },
  { "surface", "clay", 22, 1 },          { "surface", "shells", 25, 1 },         { "surface", "salt", 40, 1 },
  { "surface", "stepping_stones", 5, 1 }, { "surface", "snow", 15, 1 },          { "surface", "ice", 10, 1 },
  { "surface", "wood", 20, 0 },          { "surface", "woodchips", 10, 1 },      { "surface", "grass_paver", 20, 0 },
  { "surface", "cobblestone", 30, 0 },   { "surface", "cobblestone:flattened", 40, 0 }, { "surface", "sett", 40, 0 },
  { "surface", "unhewn_cobblestone", 15, 0 }, { "surface", "bricks", 45, 0 },    { "surface", "concrete:lanes", 40, 0 },
  { "surface", "concrete:plates", 60, 0 }, { "surface", "metal", 40, 0 },        { "surface", "metal_grid", 30, 0 },
  { "tracktype", "grade1", 40, 0 },      { "tracktype", "grade2", 25, 1 },       { "tracktype", "grade3", 18, 1 },
  { "tracktype", "grade4", 12, 1 },      { "tracktype", "grade5", 8, 1 },        { "smoothness", "intermediate", 60, 0 },
  { "smoothness", "bad", 30, 0 },        { "smoothness", "very_bad", 15, 0 },    { "smoothness", "horrible", 8, 0 },
  { "smoothness", "very_horrible", 5, 0 },
};

/* 0: nothing is said. */
static guint
surface_kmh (const NaviOsmTags *tags, gboolean *is_unpaved)
{
  guint slowest = 0;

  *is_unpaved = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (surface_rules); i++)
    if (navi_osm_tag_is (tags, surface_rules[i].key, surface_rules[i].value))
      {
        slowest = slowest == 0 ? surface_rules[i].kmh : MIN (slowest, surface_rules[i].kmh);
        *is_unpaved |= surface_rules[i].is_unpaved;
      }
  return slowest;
}

static guint
car_dkmh (const NaviOsmTags *tags, const Kind *kind, guint limit_kmh, guint surface)
{
  guint kmh = kind->car_kmh;

  if (limit_kmh > 0)
    kmh = MIN (limit_kmh * 9 / 10, kind->car_cap_kmh);
  else if (navi_osm_tag_is (tags, "service", "parking_aisle") || navi_osm_tag_is (tags, "service", "drive-through"))
    kmh = 8;
  else if (navi_osm_tag_is (tags, "service", "driveway") || navi_osm_tag_is (tags, "service", "alley"))
    kmh = 10;
  if (surface > 0)
    kmh = MIN (kmh, surface);
  return MAX (kmh, 1) * 10;
}

static guint
bicycle_dkmh (const Kind *kind, guint limit_kmh, guint surface, gint incline_percent)
{
  guint dkmh = kind->bicycle_kmh * 10;

  if (surface > 0 && surface < 60)
    dkmh = MIN (dkmh, 50 + surface * 3);
  /* Uphill at an even power, but no slower than one pushes; downhill a third faster at most, and no faster where it is steep. */
  if (incline_percent > 0)
    dkmh = MAX (dkmh * 10 / (10 + (guint) incline_percent), MIN (dkmh, PUSH_DKMH));
  else if (incline_percent < 0)
    dkmh = dkmh * (100 + 3 * (guint) MIN (-incline_percent, 10)) / 100;
  if (limit_kmh > 0)
    dkmh = MIN (dkmh, limit_kmh * 10);
  return MAX (dkmh, 20);
}

static guint
foot_dkmh (const NaviOsmTags *tags, const Kind *kind)
{
  const char *sac = navi_osm_tag (tags, "sac_scale");

  if (kind->road_class == NAVI_ROAD_STEPS)
    return 30;
  if (sac == NULL || strcmp (sac, "hiking") == 0 || strcmp (sac, "strolling") == 0)
    return kind->road_class == NAVI_ROAD_PATH ? 45 : WALK_DKMH;
  if (strcmp (sac, "mountain_hiking") == 0)
    return 35;
  return strcmp (sac, "demanding_mountain_hiking") == 0 ? 25 : 15;
}

/* What is posted for a car: of the most particular key, in one direction. */
static guint
read_limit (const NaviOsmTags *tags, const char *suffix)
{
  static const char *const own[] = { "maxspeed:motorcar", "maxspeed:motor_vehicle", "maxspeed" };
  static const char *const implicit[] = { "maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic" };
  guint kmh = 0;

  for (gsize i = 0; kmh == 0 && i < G_N_ELEMENTS (own); i++)
    {
      char key[40];
      const char *value;
      g_snprintf (key, sizeof key, "%s%s", own[i], suffix);
      value = navi_osm_tag (tags, key);
      value = value != NULL && navi_tagging_parse_speed_kmh (value) != 0 ? value : navi_osm_tag (tags, own[i]);
      kmh = value != NULL ? navi_tagging_parse_speed_kmh (value) : 0;
    }
  for (gsize i = 0; kmh == 0 && i < G_N_ELEMENTS (implicit); i++)
    {
      const char *value = navi_osm_tag (tags, implicit[i]);
      kmh = value != NULL ? navi_tagging_parse_speed_kmh (value) : 0;
    }
  return kmh;
}

/* ---- Sizes ---- */

/* What "below_default" stands for: the default is 4 m and more where there is one. */
#define BELOW_DEFAULT_HEIGHT_MM 3990

/* The least of what is posted and what fits. */
static guint32
read_most (const NaviOsmTags *tags, NaviSize size, const char *suffix)
{
  static const char *const ends[] = { "", ":physical" };
  guint32 most = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      char key[48];
      const char *value;
      guint32 own;
      g_snprintf (key, sizeof key, "max%s%s%s", navi_size_to_string (size), ends[i], suffix);
      value = navi_osm_tag (tags, key);
      if (value == NULL)
        continue;
      own = navi_tagging_parse_size (size, value);
      if (size == NAVI_SIZE_HEIGHT && strcmp (value, "below_default") == 0)
        own = BELOW_DEFAULT_HEIGHT_MM;
      if (own != 0)
        most = most == 0 ? own : MIN (most, own);
    }
  return most;
}

static void
set_most (const NaviOsmTags *tags, NaviRoad *road)
{
  static const char *const suffixes[2] = { ":forward", ":backward" };

  for (guint size = 0; size < NAVI_N_SIZES; size++)
    {
      guint32 general = read_most (tags, (NaviSize) size, "");
      for (guint direction = 0; direction < 2; direction++)
        {
          guint32 own = read_most (tags, (NaviSize) size, suffixes[direction]);
          road->most[size][direction] = own != 0 ? own : general;
        }
    }
}

/* ---- Access ---- */

/* A road under works is open if they are small. */
static gboolean
is_closed_to_all (const NaviOsmTags *tags)
{
  const char *works = navi_osm_tag (tags, "construction");

  return navi_osm_tag_is (tags, "impassable", "yes") || navi_osm_tag_is (tags, "status", "impassable")
         || (works != NULL && strcmp (works, "no") != 0 && strcmp (works, "minor") != 0 && strcmp (works, "widening") != 0);
}

/* What is too rough for the wheels of a profile. */
static gboolean
is_too_rough (const NaviOsmTags *tags, NaviProfile profile)
{
  return profile != NAVI_FOOT
         && (navi_osm_tag_is (tags, "smoothness", "impassable") || (profile == NAVI_CAR && navi_osm_tag_is (tags, "smoothness", "very_horrible")));
}

static void
set_access (const NaviOsmTags *tags, const Kind *kind, NaviProfile profile, NaviRoad *road, gboolean push[2])
{
  static const char *const suffixes[2] = { ":forward", ":backward" };
  NaviAccess general = (kind->users >> profile & 1) != 0 ? NAVI_ACCESS_YES : NAVI_ACCESS_NO;
  gboolean may_push = profile == NAVI_BICYCLE && (kind->users & PUSH) != 0;
  guint rank = 0;
  const char *said;

  if (profile != NAVI_CAR && navi_osm_tag_is (tags, "motorroad", "yes"))
    general = NAVI_ACCESS_NO;
  said = find_access (tags, profile, "", &general, &rank);
  /* "access=yes" on a footway opens nothing that its kind does not. */
  if (said != NULL && rank == 0 && (kind->users >> profile & 1) == 0 && strcmp (said, "dismount") != 0)
    general = NAVI_ACCESS_NO;
  for (guint direction = 0; direction < 2; direction++)
    {
      NaviAccess access = general;
      const char *directed = find_access (tags, profile, suffixes[direction], &access, &rank);
      const char *value = directed != NULL ? directed : said;
      gboolean dismount = value != NULL && strcmp (value, "dismount") == 0;
      if (profile == NAVI_BICYCLE && (dismount || (access == NAVI_ACCESS_NO && may_push && (value == NULL || rank < 2))))
        {
          /* On foot with the bicycle beside one. */
          access = road->access[NAVI_FOOT][direction];
          push[direction] = TRUE;
        }
      road->access[profile][direction] = is_too_rough (tags, profile) ? NAVI_ACCESS_NO : access;
    }
}

static void
apply_oneway (const NaviOsmTags *tags, const Kind *kind, NaviProfile profile, NaviRoad *road, const gboolean push[2])
{
  int direction = oneway_of (tags, kind, profile);

  if (direction == 2)
    road->access[profile][0] = road->access[profile][1] = NAVI_ACCESS_NO;
  if (profile == NAVI_CAR && direction != 0)
    road->flags |= NAVI_ROAD_IS_ONEWAY;
  if (profile == NAVI_BICYCLE && direction != 0 && direction != 2 && (push[0] || push[1] || has_contraflow (tags)))
    return;
  if (direction == 1)
    road->access[profile][1] = NAVI_ACCESS_NO;
  else if (direction == -1)
    road->access[profile][0] = NAVI_ACCESS_NO;
}

static void
set_speeds (const NaviOsmTags *tags, const Kind *kind, NaviRoad *road, const gboolean push[2])
{
  gboolean is_unpaved;
  guint surface = surface_kmh (tags, &is_unpaved);
  const char *slope = navi_osm_tag (tags, "incline");
  gint incline = slope != NULL ? navi_tagging_parse_incline_percent (slope) : 0;

  if (is_unpaved || (kind->road_class == NAVI_ROAD_TRACK && surface == 0 && navi_osm_tag (tags, "surface") == NULL))
    road->flags |= NAVI_ROAD_IS_UNPAVED;
  for (guint direction = 0; direction < 2; direction++)
    {
      guint limit = road->limit_kmh[direction];
      road->speed_dkmh[NAVI_CAR][direction] = (guint16) car_dkmh (tags, kind, limit == NAVI_SPEED_NO_LIMIT_KMH ? 145 : limit, surface);
      road->speed_dkmh[NAVI_BICYCLE][direction]
          = (guint16) (push[direction] ? (kind->road_class == NAVI_ROAD_STEPS ? 20 : PUSH_DKMH)
                                       : bicycle_dkmh (kind, limit, surface, direction == 0 ? incline : -incline));
      road->speed_dkmh[NAVI_FOOT][direction] = (guint16) foot_dkmh (tags, kind);
    }
}

/* For cars; the most particular key counts. */
static gboolean
has_toll (const NaviOsmTags *tags)
{
  static const char *const keys[] = { "toll:motorcar", "toll:motor_vehicle", "toll" };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const char *value = navi_osm_tag (tags, keys[i]);
      if (value != NULL && (strcmp (value, "yes") == 0 || strcmp (value, "no") == 0))
        return *value == 'y';
    }
  return FALSE;
}

static void
set_flags (const NaviOsmTags *tags, NaviRoad *road)
{
  static const char *const structures[] = { "tunnel", "bridge" };
  static const guint structure_flags[] = { NAVI_ROAD_IS_TUNNEL, NAVI_ROAD_IS_BRIDGE };
  const char *lanes = navi_osm_tag (tags, "lanes");

  if (navi_osm_tag_is (tags, "junction", "roundabout") || navi_osm_tag_is (tags, "junction", "circular"))
    road->flags |= NAVI_ROAD_IS_ROUNDABOUT;
  if (has_toll (tags))
    road->flags |= NAVI_ROAD_IS_TOLL;
  for (gsize i = 0; i < G_N_ELEMENTS (structures); i++)
    {
      const char *value = navi_osm_tag (tags, structures[i]);
      if (value != NULL && strcmp (value, "no") != 0)
        road->flags |= structure_flags[i];
    }
  if (lanes != NULL)
    road->lanes = (guint8) CLAMP (g_ascii_strtoll (lanes, NULL, 10), 0, 30);
}

/* Ferries carry cars if they say so, or if they say nothing of anybody. */
static const Kind *
ferry_kind (const NaviOsmTags *tags)
{
  static const Kind for_all = { "ferry", NAVI_ROAD_FERRY, 0, ALL, 15, 40, 15 };
  static const Kind on_foot = { "ferry", NAVI_ROAD_FERRY, 0, FOOT | PUSH, 15, 40, 15 };

  if (!navi_osm_tag_is (tags, "route", "ferry") && !navi_osm_tag_is (tags, "route", "shuttle_train"))
    return NULL;
  if (navi_osm_tag (tags, "foot") == NULL && navi_osm_tag (tags, "bicycle") == NULL)
    return &for_all;
  return &on_foot;
}

static void
set_ferry_speeds (const NaviOsmTags *tags, NaviRoad *road)
{
  const char *duration = navi_osm_tag (tags, "duration");

  road->duration_s = duration != NULL ? navi_tagging_parse_duration_s (duration) : 0;
  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    road->speed_dkmh[profile][0] = road->speed_dkmh[profile][1] = 150;
}

static const Kind *
find_kind (const NaviOsmTags *tags)
{
  const char *highway = navi_osm_tag (tags, "highway");

  for (gsize i = 0; highway != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (highway, kinds[i].value) == 0)
      return &kinds[i];
  if (highway == NULL && (navi_osm_tag_is (tags, "railway", "platform") || navi_osm_tag_is (tags, "public_transport", "platform")
                          || navi_osm_tag_is (tags, "man_made", "pier")))
    return &kinds[G_N_ELEMENTS (kinds) - 1];
  return highway == NULL ? ferry_kind (tags) : NULL;
}

gboolean
navi_tagging_road (const NaviOsmTags *tags, NaviRoad *road)
{
  const Kind *kind = find_kind (tags);
  /* Foot first: where a bicycle is pushed, it goes as people on foot go. */
  static const NaviProfile order[] = { NAVI_FOOT, NAVI_CAR, NAVI_BICYCLE };
  gboolean push[2] = { FALSE, FALSE };
  gboolean usable = FALSE;

  memset (road, 0, sizeof *road);
  if (kind == NULL || is_closed_to_all (tags))
    return FALSE;
  road->road_class = kind->road_class;
  road->flags = kind->is_link ? NAVI_ROAD_IS_LINK : 0;
  set_flags (tags, road);
  set_most (tags, road);
  road->limit_kmh[0] = (guint8) read_limit (tags, ":forward");
  road->limit_kmh[1] = (guint8) read_limit (tags, ":backward");
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    {
      set_access (tags, kind, order[i], road, push);
      apply_oneway (tags, kind, order[i], road, push);
    }
  set_speeds (tags, kind, road, push);
  if (kind->road_class == NAVI_ROAD_FERRY)
    set_ferry_speeds (tags, road);
  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    for (guint direction = 0; direction < 2; direction++)
      if (road->access[profile][direction] == NAVI_ACCESS_NO)
        road->speed_dkmh[profile][direction] = 0;
      else
        usable = TRUE;
  return usable;
}

static guint
barrier_users (const char *barrier)
{
  static const struct
  {
    const char *value;
    guint users;
  } barriers[] = {
    { "bollard", BICYCLE | FOOT },       { "block", BICYCLE | FOOT },         { "jersey_barrier", BICYCLE | FOOT },
    { "cycle_barrier", BICYCLE | FOOT }, { "motorcycle_barrier", BICYCLE | FOOT }, { "bus_trap", BICYCLE | FOOT },
    { "sump_buster", BICYCLE | FOOT },   { "planter", BICYCLE | FOOT },       { "barrier_board", BICYCLE | FOOT },
    { "chain", BICYCLE | FOOT },         { "rope", BICYCLE | FOOT },          { "log", BICYCLE | FOOT },
    { "debris", BICYCLE | FOOT },        { "yes", BICYCLE | FOOT },           { "delineators", BICYCLE | FOOT },
    { "bump_gate", ALL },                { "wicket_gate", BICYCLE | FOOT },   { "guard_rail", 0 },
    { "cable_barrier", 0 },              { "handrail", 0 },                   { "tank_trap", BICYCLE | FOOT },
    { "stile", FOOT },                   { "kissing_gate", FOOT },            { "turnstile", FOOT },
    { "full-height_turnstile", FOOT },   { "hampshire_gate", ALL },           { "horse_stile", FOOT },
    { "wall", 0 },                       { "fence", 0 },                      { "hedge", 0 },
    { "ditch", 0 },                      { "retaining_wall", 0 },             { "city_wall", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (barriers); i++)
    if (strcmp (barrier, barriers[i].value) == 0)
      return barriers[i].users;
  return ALL;
}

gboolean
navi_tagging_crossing (const NaviOsmTags *tags, NaviCrossing *crossing)
{
  const char *barrier = navi_osm_tag (tags, "barrier");
  guint users = barrier != NULL ? barrier_users (barrier) : ALL;
  gboolean matters = FALSE;

  memset (crossing, 0, sizeof *crossing);
  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    {
      NaviAccess access = (users >> profile & 1) != 0 ? NAVI_ACCESS_YES : NAVI_ACCESS_NO;
      guint rank;
      const char *said = barrier != NULL ? find_access (tags, profile, "", &access, &rank) : NULL;
      if (said == NULL && barrier != NULL && access == NAVI_ACCESS_YES && navi_osm_tag_is (tags, "locked", "yes"))
        access = NAVI_ACCESS_ENDS;
      if (said != NULL && strcmp (said, "dismount") == 0)
        access = NAVI_ACCESS_YES;
      crossing->access[profile] = access;
      matters |= access != NAVI_ACCESS_YES;
    }
  if (navi_osm_tag_is (tags, "highway", "traffic_signals"))
    {
      const char *direction = navi_osm_tag (tags, "traffic_signals:direction");
      if (direction == NULL || strcmp (direction, "backward") != 0)
        crossing->stops |= NAVI_STOP_SIGNALS_FORWARD;
      if (direction == NULL || strcmp (direction, "forward") != 0)
        crossing->stops |= NAVI_STOP_SIGNALS_BACKWARD;
    }
  if (barrier != NULL && strcmp (barrier, "toll_booth") == 0)
    crossing->stops |= NAVI_STOP_TOLL;
  if (barrier != NULL && strcmp (barrier, "border_control") == 0)
    crossing->stops |= NAVI_STOP_BORDER;
  for (guint size = 0; size < NAVI_N_SIZES; size++)
    crossing->most[size] = read_most (tags, (NaviSize) size, "");
  return matters || crossing->stops != 0;
}
