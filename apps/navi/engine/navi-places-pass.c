/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-geo.h"
#include "navi-import-passes.h"
#include "navi-kinds.h"
#include "navi-places.h"

/* The pass that gathers what is searched: settlements, points of interest, houses, and the pieces of named streets. */

/* A house that is a node which ways use: the ends of lines of interpolated addresses are such. */
typedef struct
{
  guint32 node;
  guint32 house;
} NodeHouse;

typedef struct
{
  NaviImportPass base;
  NaviPlaces places;
  GArray *node_houses; /* NodeHouse, sorted when the first way comes */
  gboolean is_sorted;
} PlacesPass;

guint32
navi_places_intern (NaviPlaces *self, const char *text)
{
  gpointer found;
  guint32 offset;

  if (text == NULL || *text == '\0')
    return 0;
  if (g_hash_table_lookup_extended (self->offsets, text, NULL, &found))
    return GPOINTER_TO_UINT (found);
  offset = self->strings->len;
  g_byte_array_append (self->strings, (const guint8 *) text, (guint) strlen (text) + 1);
  g_hash_table_insert (self->offsets, g_strdup (text), GUINT_TO_POINTER (offset));
  return offset;
}

static guint32
intern_tag (NaviPlaces *self, const NaviOsmTags *tags, const char *const *keys)
{
  for (guint i = 0; keys[i] != NULL; i++)
    {
      const char *value = navi_osm_tag (tags, keys[i]);
      if (value != NULL && *value != '\0')
        return navi_places_intern (self, value);
    }
  return 0;
}

static guint32
intern_names (NaviPlaces *self, const NaviOsmTags *tags, const char *const *keys)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; keys[i] != NULL; i++)
    {
      const char *value = navi_osm_tag (tags, keys[i]);
      if (value != NULL)
        g_string_append_printf (text, "%s\n", value);
    }
  return navi_places_intern (self, text->str);
}

static const char *const names[] = { "name", "brand", NULL };
static const char *const names_en[] = { "name:en", NULL };
static const char *const names_zh[] = { "name:zh", "name:zh-Hans", "name:zh-Hant", NULL };
static const char *const other_names[]
    = { "alt_name",     "short_name",   "official_name", "loc_name", "old_name", "int_name", "alt_name:en", "alt_name:zh",
        "name:zh-Hans", "name:zh-Hant", "ref",           "iata",     "operator", "brand",    NULL };

static void
set_names (NaviPlaces *self, const NaviOsmTags *tags, NaviPlaceDraft *draft)
{
  draft->name = intern_tag (self, tags, names);
  draft->name_en = intern_tag (self, tags, names_en);
  draft->name_zh = intern_tag (self, tags, names_zh);
  draft->more = intern_names (self, tags, other_names);
}

static void
set_address (NaviPlaces *self, const NaviOsmTags *tags, NaviPlaceDraft *draft)
{
  static const char *const streets[] = { "addr:street", "addr:place", NULL };
  static const char *const numbers[] = { "addr:housenumber", "addr:housename", NULL };
  static const char *const cities[] = { "addr:city", "addr:suburb", "addr:village", "addr:town", NULL };

  draft->street = intern_tag (self, tags, streets);
  draft->number = intern_tag (self, tags, numbers);
  draft->city = intern_tag (self, tags, cities);
}

static void
set_details (NaviPlaces *self, const NaviOsmTags *tags, NaviPlaceDraft *draft)
{
  static const char *const keys[NAVI_N_PLACE_DETAILS][3] = { { "addr:postcode", NULL },
                                                             { "opening_hours", NULL },
                                                             { "phone", "contact:phone", NULL },
                                                             { "website", "contact:website", NULL },
                                                             { "wheelchair", NULL },
                                                             { "cuisine", NULL } };

  for (guint i = 0; i < NAVI_N_PLACE_DETAILS; i++)
    draft->details[i] = intern_tag (self, tags, keys[i]);
}

/* "2;4" are two houses at one place. */
static void
add_house (NaviPlaces *self, const NaviPlaceDraft *draft)
{
  g_auto (GStrv) numbers = NULL;

  if (draft->street == 0 || draft->number == 0)
    return;
  numbers = g_strsplit_set (navi_places_string (self, draft->number), ";,", 16);
  for (guint i = 0; numbers[i] != NULL; i++)
    {
      NaviHouseDraft house = { draft->lat_e7,
                               draft->lon_e7,
                               draft->street,
                               navi_places_intern (self, g_strstrip (numbers[i])),
                               draft->city,
                               draft->details[NAVI_DETAIL_POSTCODE],
                               0,
                               FALSE };
      if (house.number != 0)
        g_array_append_val (self->houses, house);
    }
}

static guint32
settlement_radius_m (const char *kind)
{
  static const struct
  {
    const char *kind;
    guint32 km;
  } radii[] = { { "city", 15 }, { "town", 8 }, { "municipality", 6 }, { "village", 5 } };

  for (gsize i = 0; i < G_N_ELEMENTS (radii); i++)
    if (strcmp (kind, radii[i].kind) == 0)
      return radii[i].km * 1000;
  return 0;
}

/* Settlements are taken from their nodes; an area of the same name would be a second one. */
static gboolean
is_wanted (const NaviKind *kind, const NaviPlaceDraft *draft, gboolean is_node)
{
  if (draft->name == 0 && draft->name_en == 0 && draft->name_zh == 0)
    return kind->without_name;
  return is_node || strcmp (kind->key, "place") != 0 || kind->importance == 40 || strcmp (kind->value, "island") == 0
         || strcmp (kind->value, "islet") == 0;
}

/* What has an article is known beyond its neighbourhood; of settlements the larger is. */
static guint8
importance_of (const NaviKind *kind, const NaviOsmTags *tags, gboolean is_settlement)
{
  const char *population = navi_osm_tag (tags, "population");
  guint importance = kind->importance;

  if (navi_osm_tag (tags, "wikipedia") != NULL)
    importance += 5;
  else if (navi_osm_tag (tags, "wikidata") != NULL)
    importance += 3;
  if (is_settlement && population != NULL)
    for (gint64 people = g_ascii_strtoll (population, NULL, 10) / 1000; people > 0 && importance < 99; people /= 4)
      importance++;
  return (guint8) MIN (importance, 100);
}

static void
add_place (PlacesPass *pass, const NaviOsmTags *tags, gint32 lat_e7, gint32 lon_e7, gboolean is_node, guint32 node)
{
  NaviPlaces *self = &pass->places;
  const NaviKind *kind = navi_kind_of (tags);
  NaviPlaceDraft draft = { .lat_e7 = lat_e7, .lon_e7 = lon_e7 };
  NodeHouse node_house = { node, self->houses->len };

  set_address (self, tags, &draft);
  set_details (self, tags, &draft);
  add_house (self, &draft);
  if (node != NAVI_IMPORT_NO_NODE && self->houses->len > node_house.house)
    g_array_append_val (pass->node_houses, node_house);
  if (kind == NULL)
    return;
  set_names (self, tags, &draft);
  if (is_wanted (kind, &draft, is_node))
    {
      const char *word = kind->value != NULL ? kind->value : kind->key;
      gboolean is_settlement = strcmp (kind->key, "place") == 0;
      draft.kind = navi_places_intern (self, word);
      draft.type = is_settlement ? NAVI_PLACE_SETTLEMENT : NAVI_PLACE_POI;
      draft.importance = importance_of (kind, tags, is_settlement);
      draft.radius_m = is_settlement ? settlement_radius_m (word) : 0;
      g_array_append_val (self->drafts, draft);
    }
}

static gboolean
on_node (NaviImportPass *pass, const NaviImportNode *node, GError **error)
{
  add_place ((PlacesPass *) pass, &node->tags, node->lat_e7, node->lon_e7, TRUE, node->index);
  return TRUE;
}

static guint8
street_importance (const char *highway)
{
  static const struct
  {
    const char *value;
    guint8 importance;
  } rules[] = { { "motorway", 34 },   { "trunk", 34 },        { "primary", 36 },     { "secondary", 35 },    { "tertiary", 33 },
                { "pedestrian", 33 }, { "unclassified", 31 }, { "residential", 31 }, { "living_street", 31 } };

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (strcmp (highway, rules[i].value) == 0)
      return rules[i].importance;
  return 24;
}

enum
{
  PIECE_MM = 1500 * 1000, /* so that the squares which join pieces touch */
};

static guint64
length_mm (const NaviImportWay *way, guint first, guint last)
{
  guint64 length = 0;

  for (guint i = first; i < last; i++)
    length += navi_geo_distance_mm (way->points[i].lat_e7, way->points[i].lon_e7, way->points[i + 1].lat_e7,
                                    way->points[i + 1].lon_e7);
  return length;
}

/* A piece in the middle of the way, and on a long way more of them all along it. */
static void
add_pieces (NaviPlaces *self, const NaviImportWay *way, NaviStreetPiece piece)
{
  guint64 total = length_mm (way, 0, way->n_points - 1), next = total < 2 * PIECE_MM ? total / 2 : PIECE_MM / 2, at = 0;

  for (guint i = 0; i + 1 < way->n_points; i++)
    {
      at += length_mm (way, i, i + 1);
      if (at < next)
        continue;
      piece.lat_e7 = way->points[i + 1].lat_e7;
      piece.lon_e7 = way->points[i + 1].lon_e7;
      if (total < 2 * PIECE_MM && way->n_points > 2)
        {
          piece.lat_e7 = way->points[way->n_points / 2].lat_e7;
          piece.lon_e7 = way->points[way->n_points / 2].lon_e7;
        }
      g_array_append_val (self->pieces, piece);
      if (total < 2 * PIECE_MM)
        return;
      next = at + PIECE_MM;
    }
}

/* "A 3;E 60": each number is a road of its own, besides the names of its streets. */
static void
add_refs (NaviPlaces *self, const NaviImportWay *way, const char *highway, NaviStreetPiece *piece)
{
  const char *ref = navi_osm_tag (&way->tags, "ref");
  g_auto (GStrv) refs = g_strsplit (ref != NULL ? ref : "", ";", 8);

  piece->name_en = piece->name_zh = piece->more = 0;
  piece->kind = navi_places_intern (self, "road");
  piece->importance = street_importance (highway);
  for (guint i = 0; refs[i] != NULL; i++)
    {
      piece->name = navi_places_intern (self, g_strstrip (refs[i]));
      if (piece->name != 0)
        add_pieces (self, way, *piece);
    }
}

static void
add_street (NaviPlaces *self, const NaviImportWay *way, const char *highway)
{
  static const char *const street_names[] = { "name", NULL };
  static const char *const others[] = { "alt_name",    "short_name",  "official_name", "loc_name",     "old_name", "int_name",
                                        "alt_name:en", "alt_name:zh", "name:zh-Hans",  "name:zh-Hant", NULL };
  NaviStreetPiece piece = { .importance = street_importance (highway) };

  piece.name = intern_tag (self, &way->tags, street_names);
  if (piece.name != 0)
    {
      piece.name_en = intern_tag (self, &way->tags, names_en);
      piece.name_zh = intern_tag (self, &way->tags, names_zh);
      piece.more = intern_names (self, &way->tags, others);
      piece.kind = navi_places_intern (self, "street");
      add_pieces (self, way, piece);
    }
  if (piece.importance > 30)
    add_refs (self, way, highway, &piece);
}

static gint
compare_node_houses (gconstpointer a, gconstpointer b)
{
  const NodeHouse *left = a, *right = b;

  return left->node < right->node ? -1 : left->node > right->node;
}

/* The number of the house at a node, 0 if there is none or it is no plain number. */
static guint32
number_at (PlacesPass *pass, guint32 node, guint32 *house)
{
  const NodeHouse wanted = { node, 0 };
  const char *suffix;
  guint at;

  if (!g_array_binary_search (pass->node_houses, &wanted, compare_node_houses, &at))
    return 0;
  *house = g_array_index (pass->node_houses, NodeHouse, at).house;
  return navi_places_number (
      navi_places_string (&pass->places, g_array_index (pass->places.houses, NaviHouseDraft, *house).number), &suffix);
}

/* The bends of a line between two numbers get the numbers in between, so that what is guessed later follows the line. */
static void
add_between (PlacesPass *pass, const NaviImportWay *way, guint first, guint last, gint64 step)
{
  guint32 house = 0, other = 0;
  gint64 from = number_at (pass, way->points[first].index, &house), to = number_at (pass, way->points[last].index, &other),
         before = from;
  guint64 total = MAX (length_mm (way, first, last), 1);
  NaviHouseDraft draft = g_array_index (pass->places.houses, NaviHouseDraft, house);

  draft.is_approximate = TRUE;
  for (guint i = first + 1; i < last; i++)
    {
      gint64 number = from + (to - from) * (gint64) length_mm (way, first, i) / (gint64) total / step * step;
      char text[24];
      if (number == before || number == to)
        continue;
      before = number;
      g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, number);
      draft.number = navi_places_intern (&pass->places, text);
      draft.lat_e7 = way->points[i].lat_e7;
      draft.lon_e7 = way->points[i].lon_e7;
      g_array_append_val (pass->places.houses, draft);
    }
}

static void
add_interpolation (PlacesPass *pass, const NaviImportWay *way, const char *how)
{
  gint64 step = strcmp (how, "even") == 0 || strcmp (how, "odd") == 0 ? 2
                : strcmp (how, "all") == 0                            ? 1
                                                                      : g_ascii_strtoll (how, NULL, 10);
  guint last = G_MAXUINT;
  guint32 house;

  if (step < 1 || step > 100)
    return;
  if (!pass->is_sorted)
    g_array_sort (pass->node_houses, compare_node_houses);
  pass->is_sorted = TRUE;
  for (guint i = 0; i < way->n_points; i++)
    {
      if (number_at (pass, way->points[i].index, &house) == 0)
        continue;
      if (last != G_MAXUINT && i > last + 1)
        add_between (pass, way, last, i, step);
      last = i;
    }
}

static void
middle_of (const NaviImportPoint *points, guint n_points, gint32 *lat_e7, gint32 *lon_e7)
{
  gint64 lat = 0, lon = 0;

  for (guint i = 0; i < n_points; i++)
    {
      lat += points[i].lat_e7;
      lon += points[i].lon_e7;
    }
  *lat_e7 = (gint32) (lat / n_points);
  *lon_e7 = (gint32) (lon / n_points);
}

static gboolean
on_way (NaviImportPass *pass, const NaviImportWay *way, GError **error)
{
  PlacesPass *self = (PlacesPass *) pass;
  const char *highway = navi_osm_tag (&way->tags, "highway");
  const char *interpolation = navi_osm_tag (&way->tags, "addr:interpolation");
  gint32 lat_e7, lon_e7;

  if (interpolation != NULL)
    add_interpolation (self, way, interpolation);
  if (highway != NULL && strcmp (highway, "services") != 0 && strcmp (highway, "rest_area") != 0)
    {
      if (strcmp (highway, "platform") != 0 && strcmp (highway, "proposed") != 0)
        add_street (&self->places, way, highway);
      return TRUE;
    }
  if (!way->is_closed || way->is_outer_of_area)
    return TRUE;
  middle_of (way->points, way->n_points - 1, &lat_e7, &lon_e7);
  add_place (self, &way->tags, lat_e7, lon_e7, FALSE, NAVI_IMPORT_NO_NODE);
  return TRUE;
}

enum
{
  RING_STEP_MM = 60 * 1000, /* bounds need not be more exact than that */
};

static void
add_ring (NaviPlaces *self, guint32 name, const NaviImportRing *ring)
{
  NaviTownRing town = { name, self->ring_points->len / 2, 0, G_MAXINT32, G_MAXINT32, G_MININT32, G_MININT32 };
  const NaviImportPoint *last = NULL;

  for (guint i = 0; i < ring->n_points; i++)
    {
      const NaviImportPoint *point = &ring->points[i];
      if (last != NULL && navi_geo_distance_mm (last->lat_e7, last->lon_e7, point->lat_e7, point->lon_e7) < RING_STEP_MM)
        continue;
      last = point;
      g_array_append_val (self->ring_points, point->lat_e7);
      g_array_append_val (self->ring_points, point->lon_e7);
      town.south_e7 = MIN (town.south_e7, point->lat_e7);
      town.north_e7 = MAX (town.north_e7, point->lat_e7);
      town.west_e7 = MIN (town.west_e7, point->lon_e7);
      town.east_e7 = MAX (town.east_e7, point->lon_e7);
      town.n_points++;
    }
  g_array_append_val (self->rings, town);
}

/* The bounds of municipalities and what is like them in size. */
static void
add_bounds (NaviPlaces *self, const NaviImportArea *area)
{
  const char *boundary = navi_osm_tag (&area->tags, "boundary"), *level = navi_osm_tag (&area->tags, "admin_level");
  const char *name = navi_osm_tag (&area->tags, "name");

  if (name == NULL || level == NULL || g_strcmp0 (boundary, "administrative") != 0 || strlen (level) != 1 || *level < '5'
      || *level > '9')
    return;
  for (guint i = 0; i < area->n_rings; i++)
    if (!area->rings[i].is_inner)
      add_ring (self, navi_places_intern (self, name), &area->rings[i]);
}

static gboolean
on_area (NaviImportPass *pass, const NaviImportArea *area, GError **error)
{
  gint32 lat_e7, lon_e7;

  add_bounds (&((PlacesPass *) pass)->places, area);
  middle_of (area->rings[0].points, area->rings[0].n_points, &lat_e7, &lon_e7);
  add_place ((PlacesPass *) pass, &area->tags, lat_e7, lon_e7, FALSE, NAVI_IMPORT_NO_NODE);
  return TRUE;
}

static gboolean
finish (NaviImportPass *pass, NaviRegionWriter *writer, GCancellable *cancellable, GError **error)
{
  return navi_places_build (&((PlacesPass *) pass)->places, writer, cancellable, error);
}

static void
free_pass (NaviImportPass *pass)
{
  NaviPlaces *places = &((PlacesPass *) pass)->places;

  g_array_unref (places->drafts);
  g_array_unref (places->pieces);
  g_array_unref (places->houses);
  g_array_unref (places->rings);
  g_array_unref (places->ring_points);
  g_array_unref (((PlacesPass *) pass)->node_houses);
  g_byte_array_unref (places->strings);
  g_hash_table_unref (places->offsets);
  g_free (pass);
}

NaviImportPass *
navi_places_pass_new (const char *spool_dir, GError **error)
{
  PlacesPass *self = g_new0 (PlacesPass, 1);

  self->base = (NaviImportPass){
    .name = "places",
    .share = 5,
    .node = on_node,
    .way = on_way,
    .area = on_area,
    .finish = finish,
    .free = free_pass,
  };
  self->places.drafts = g_array_new (FALSE, FALSE, sizeof (NaviPlaceDraft));
  self->places.pieces = g_array_new (FALSE, FALSE, sizeof (NaviStreetPiece));
  self->places.houses = g_array_new (FALSE, FALSE, sizeof (NaviHouseDraft));
  self->places.rings = g_array_new (FALSE, FALSE, sizeof (NaviTownRing));
  self->places.ring_points = g_array_new (FALSE, FALSE, sizeof (gint32));
  self->node_houses = g_array_new (FALSE, FALSE, sizeof (NodeHouse));
  self->places.strings = g_byte_array_new ();
  g_byte_array_append (self->places.strings, (const guint8 *) "", 1);
  self->places.offsets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return &self->base;
}
