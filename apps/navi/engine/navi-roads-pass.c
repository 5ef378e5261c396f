/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-geo.h"
#include "navi-import-passes.h"
#include "navi-roads.h"

/* The pass that gathers roads: ways that somebody may use, nodes that stop somebody, and turn restrictions. */

typedef struct
{
  NaviImportPass base;
  NaviRoads roads;
  GHashTable *string_offsets; /* looked up only, never walked: the order of the file decides what is stored where */
  GHashTable *attribute_indices;
  gboolean has_members; /* the arrays of what restrictions name are sorted */
} RoadsPass;

static gint
compare_ids (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;
  return left < right ? -1 : left > right;
}

static void
sort_unique (GArray *ids)
{
  guint kept = 0;

  g_array_sort (ids, compare_ids);
  for (guint i = 0; i < ids->len; i++)
    if (kept == 0 || g_array_index (ids, gint64, kept - 1) != g_array_index (ids, gint64, i))
      g_array_index (ids, gint64, kept++) = g_array_index (ids, gint64, i);
  g_array_set_size (ids, kept);
}

gint
navi_roads_find (const GArray *ids, gint64 id)
{
  guint low = 0, high = ids->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      gint64 at = g_array_index (ids, gint64, middle);
      if (at == id)
        return (gint) middle;
      if (at < id)
        low = middle + 1;
      else
        high = middle;
    }
  return -1;
}

/* After all relations: who is named by them. */
static void
end_relations (RoadsPass *self)
{
  NaviRoads *roads = &self->roads;
  const guint32 none = NAVI_IMPORT_NO_NODE;

  if (self->has_members)
    return;
  self->has_members = TRUE;
  for (guint i = 0; i < roads->restrictions->len; i++)
    {
      const NaviRestriction *restriction = g_ptr_array_index (roads->restrictions, i);
      g_array_append_vals (roads->member_ways, restriction->from->data, restriction->from->len);
      g_array_append_vals (roads->member_ways, restriction->via->data, restriction->via->len);
      g_array_append_vals (roads->member_ways, restriction->to->data, restriction->to->len);
      if (restriction->via_node != 0)
        g_array_append_val (roads->via_nodes, restriction->via_node);
    }
  sort_unique (roads->border_ways);
  sort_unique (roads->member_ways);
  sort_unique (roads->via_nodes);
  for (guint i = 0; i < roads->via_nodes->len; i++)
    g_array_append_val (roads->via_indices, none);
}

/* Of a country. */
static gboolean
is_border (const NaviOsmTags *tags)
{
  return navi_osm_tag_is (tags, "boundary", "administrative") && navi_osm_tag_is (tags, "admin_level", "2");
}

static gboolean
on_relation (NaviImportPass *pass, const NaviOsmRelation *relation, GError **error)
{
  RoadsPass *self = (RoadsPass *) pass;

  navi_restriction_parse (relation, &self->roads);
  if (is_border (&relation->tags))
    for (guint i = 0; i < relation->n_members; i++)
      if (relation->members[i].type == NAVI_OSM_WAY)
        g_array_append_val (self->roads.border_ways, relation->members[i].ref);
  return TRUE;
}

static gboolean
on_node (NaviImportPass *pass, const NaviImportNode *node, GError **error)
{
  RoadsPass *self = (RoadsPass *) pass;
  NaviCrossing crossing;
  NaviRoadsCrossing ours = { .index = node->index };

  gboolean matters;

  if (node->index == NAVI_IMPORT_NO_NODE)
    return TRUE;
  matters = navi_tagging_crossing (&node->tags, &crossing);
  ours.rule = navi_roads_rules_add_node (self->roads.rules, &node->tags);
  if (!matters && ours.rule == 0)
    return TRUE;
  ours.stops = (guint16) crossing.stops;
  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    ours.access |= (guint16) (crossing.access[profile] << (profile * 2));
  g_array_append_val (self->roads.crossings, ours);
  return TRUE;
}

static guint32
intern (RoadsPass *self, const char *text)
{
  gpointer found;
  guint32 offset;

  if (text == NULL || *text == '\0')
    return 0;
  if (g_hash_table_lookup_extended (self->string_offsets, text, NULL, &found))
    return GPOINTER_TO_UINT (found);
  offset = self->roads.strings->len;
  g_byte_array_append (self->roads.strings, (const guint8 *) text, (guint) strlen (text) + 1);
  g_hash_table_insert (self->string_offsets, g_strdup (text), GUINT_TO_POINTER (offset));
  return offset;
}

static guint32
intern_tag (RoadsPass *self, const NaviOsmTags *tags, const char *key, const char *other_key)
{
  const char *value = navi_osm_tag (tags, key);

  return intern (self, value != NULL || other_key == NULL ? value : navi_osm_tag (tags, other_key));
}

/* What edges may share: the same attributes under the same rule. */
typedef struct
{
  NaviGraphWay way;
  guint32 rule;
} Attributes;

static guint
attributes_hash (gconstpointer data)
{
  const guint8 *bytes = data;
  guint hash = 5381;

  for (gsize i = 0; i < sizeof (Attributes); i++)
    hash = hash * 33 + bytes[i];
  return hash;
}

static gboolean
attributes_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (Attributes)) == 0;
}

/* What the signs say, as navi-graph-format.h has it.  @suffix: ":forward", ":backward" or "" */
static guint32
intern_sign (RoadsPass *self, const NaviOsmTags *tags, const char *suffix)
{
  static const char *const keys[] = { "destination", "destination:ref", "junction:ref" };
  g_autoptr (GString) sign = g_string_new (NULL);
  guint n_tabs = 0;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *key = g_strconcat (keys[i], suffix, NULL);
      const char *value = navi_osm_tag (tags, key);
      gsize start;
      if (value == NULL || *value == '\0')
        continue;
      for (; n_tabs < i; n_tabs++)
        g_string_append_c (sign, '\t');
      start = sign->len;
      g_string_append (sign, value);
      g_strdelimit (sign->str + start, "\t", ' ');
    }
  return intern (self, sign->str);
}

static void
fill_strings (RoadsPass *self, const NaviOsmTags *tags, const NaviRoad *road, NaviGraphWay *way)
{
  gboolean oneway = (road->flags & NAVI_ROAD_IS_ONEWAY) != 0;
  guint only = oneway && road->access[NAVI_CAR][0] == NAVI_ACCESS_NO ? 1 : 0;

  way->name = intern_tag (self, tags, "name", NULL);
  way->name_en = intern_tag (self, tags, "name:en", NULL);
  way->name_zh = intern_tag (self, tags, "name:zh", "name:zh-Hans");
  way->ref = intern_tag (self, tags, "ref", NULL);
  way->destination[0] = intern_sign (self, tags, ":forward");
  way->destination[1] = intern_sign (self, tags, ":backward");
  way->turn_lanes[0] = intern_tag (self, tags, "turn:lanes:forward", NULL);
  way->turn_lanes[1] = intern_tag (self, tags, "turn:lanes:backward", NULL);
  if (oneway)
    {
      way->destination[only] = intern_sign (self, tags, "");
      way->turn_lanes[only] = intern_tag (self, tags, "turn:lanes", NULL);
    }
}

static guint16
ferry_dkmh (const NaviImportWay *way, guint32 duration_s, guint16 otherwise)
{
  guint64 mm = 0;

  if (duration_s == 0 || !way->is_complete)
    return otherwise;
  for (guint i = 1; i < way->n_points; i++)
    mm += navi_geo_distance_mm (way->points[i - 1].lat_e7, way->points[i - 1].lon_e7, way->points[i].lat_e7, way->points[i].lon_e7);
  return (guint16) CLAMP (mm * 36 / ((guint64) duration_s * 1000), 1, 1000);
}

void
navi_roads_fill_common (const NaviImportWay *way, const NaviRoad *road, NaviGraphWay *attributes)
{
  attributes->road_class = (guint8) road->road_class;
  attributes->flags = (guint8) road->flags;
  attributes->lanes = road->lanes;
  for (guint direction = 0; direction < 2; direction++)
    {
      attributes->limit_kmh[direction] = road->limit_kmh[direction];
      for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
        {
          guint16 speed = road->speed_dkmh[profile][direction];
          attributes->access |= (guint16) (road->access[profile][direction] << (profile * 4 + direction * 2));
          attributes->speed_dkmh[profile][direction] = speed != 0 ? ferry_dkmh (way, road->duration_s, speed) : 0;
        }
    }
}

static guint32
intern_attributes (RoadsPass *self, const NaviImportWay *way, const NaviRoad *road, guint32 rule)
{
  Attributes attributes;
  gpointer found;
  guint32 index = self->roads.attributes->len;

  memset (&attributes, 0, sizeof attributes);
  fill_strings (self, &way->tags, road, &attributes.way);
  navi_roads_fill_common (way, road, &attributes.way);
  attributes.way.has_rules = rule != 0;
  attributes.rule = rule;
  if (g_hash_table_lookup_extended (self->attribute_indices, &attributes, NULL, &found))
    return GPOINTER_TO_UINT (found);
  g_array_append_val (self->roads.attributes, attributes.way);
  if (rule != 0)
    {
      NaviRoadsRuled ruled = { index, rule - 1 };
      g_array_append_val (self->roads.ruled_ways, ruled);
    }
  g_hash_table_insert (self->attribute_indices, g_memdup2 (&attributes, sizeof attributes), GUINT_TO_POINTER (index));
  return index;
}

static void
note_via_nodes (RoadsPass *self, const NaviImportWay *way)
{
  for (guint i = 0; i < way->n_points; i++)
    {
      gint at = navi_roads_find (self->roads.via_nodes, way->node_ids[way->points[i].index]);
      if (at >= 0)
        g_array_index (self->roads.via_indices, guint32, (guint) at) = way->points[i].index;
    }
}

/* Where a border lies at sea, ships may go. */
static void
note_border (RoadsPass *self, const NaviImportWay *way)
{
  if ((!is_border (&way->tags) && navi_roads_find (self->roads.border_ways, way->id) < 0) || navi_osm_tag_is (&way->tags, "maritime", "yes"))
    return;
  for (guint i = 1; i < way->n_points; i++)
    for (guint end = 0; end < 2; end++)
      {
        const NaviImportPoint *at = &way->points[i - 1 + end];
        NaviPoint point = { at->lat_e7, at->lon_e7 };
        g_array_append_val (self->roads.border_points, point);
      }
}

static gboolean
on_way (NaviImportPass *pass, const NaviImportWay *way, GError **error)
{
  RoadsPass *self = (RoadsPass *) pass;
  NaviRoadsWay ours = { .first_point = self->roads.points->len, .n_points = way->n_points };
  gboolean is_usable;
  guint32 rule;
  NaviRoad road;

  end_relations (self);
  note_border (self, way);
  navi_tagging_road (&way->tags, &road);
  rule = navi_roads_rules_add_way (self->roads.rules, way, &is_usable);
  if (!is_usable)
    return TRUE;
  ours.way = intern_attributes (self, way, &road, rule);
  ours.member = navi_roads_find (self->roads.member_ways, way->id);
  if (ours.member >= 0)
    note_via_nodes (self, way);
  g_array_append_vals (self->roads.points, way->points, way->n_points);
  g_array_append_val (self->roads.ways, ours);
  return TRUE;
}

static gboolean
finish (NaviImportPass *pass, NaviRegionWriter *writer, GCancellable *cancellable, GError **error)
{
  RoadsPass *self = (RoadsPass *) pass;

  end_relations (self);
  g_clear_pointer (&self->string_offsets, g_hash_table_unref);
  g_clear_pointer (&self->attribute_indices, g_hash_table_unref);
  return navi_roads_build (&self->roads, pass, writer, cancellable, error);
}

static void
free_pass (NaviImportPass *pass)
{
  RoadsPass *self = (RoadsPass *) pass;
  NaviRoads *roads = &self->roads;

  g_clear_pointer (&self->string_offsets, g_hash_table_unref);
  g_clear_pointer (&self->attribute_indices, g_hash_table_unref);
  g_clear_pointer (&roads->points, g_array_unref);
  g_clear_pointer (&roads->ways, g_array_unref);
  g_clear_pointer (&roads->attributes, g_array_unref);
  g_clear_pointer (&roads->rules, navi_roads_rules_free);
  g_clear_pointer (&roads->ruled_ways, g_array_unref);
  g_clear_pointer (&roads->turn_rules, g_array_unref);
  g_clear_pointer (&roads->strings, g_byte_array_unref);
  g_clear_pointer (&roads->crossings, g_array_unref);
  g_clear_pointer (&roads->border_points, g_array_unref);
  g_clear_pointer (&roads->border_ways, g_array_unref);
  g_clear_pointer (&roads->restrictions, g_ptr_array_unref);
  g_clear_pointer (&roads->member_ways, g_array_unref);
  g_clear_pointer (&roads->via_nodes, g_array_unref);
  g_clear_pointer (&roads->via_indices, g_array_unref);
  g_free (self);
}

NaviImportPass *
navi_roads_pass_new (const char *spool_dir, GError **error)
{
  RoadsPass *self = g_new0 (RoadsPass, 1);
  NaviRoads *roads = &self->roads;

  self->base = (NaviImportPass){
    .name = "roads", .share = 50, .relation = on_relation, .node = on_node, .way = on_way, .finish = finish, .free = free_pass,
  };
  self->string_offsets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->attribute_indices = g_hash_table_new_full (attributes_hash, attributes_equal, g_free, NULL);
  roads->points = g_array_new (FALSE, FALSE, sizeof (NaviImportPoint));
  roads->ways = g_array_new (FALSE, FALSE, sizeof (NaviRoadsWay));
  roads->attributes = g_array_new (FALSE, FALSE, sizeof (NaviGraphWay));
  roads->rules = navi_roads_rules_new ();
  roads->ruled_ways = g_array_new (FALSE, FALSE, sizeof (NaviRoadsRuled));
  roads->turn_rules = g_array_new (FALSE, FALSE, sizeof (guint32));
  roads->strings = g_byte_array_new ();
  g_byte_array_append (roads->strings, (const guint8 *) "", 1);
  roads->crossings = g_array_new (FALSE, FALSE, sizeof (NaviRoadsCrossing));
  roads->border_points = g_array_new (FALSE, FALSE, sizeof (NaviPoint));
  roads->border_ways = g_array_new (FALSE, FALSE, sizeof (gint64));
  roads->restrictions = g_ptr_array_new_with_free_func ((GDestroyNotify) navi_restriction_free);
  roads->member_ways = g_array_new (FALSE, FALSE, sizeof (gint64));
  roads->via_nodes = g_array_new (FALSE, FALSE, sizeof (gint64));
  roads->via_indices = g_array_new (FALSE, FALSE, sizeof (guint32));
  return &self->base;
}
