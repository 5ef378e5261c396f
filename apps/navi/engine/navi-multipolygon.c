/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-multipolygon.h"

/* Joins the ways of multipolygon relations to rings. */

typedef struct
{
  gint64 way;
  gboolean is_inner;
} Member;

typedef struct
{
  gint64 id;
  GArray *members; /* Member, in the relation's order */
  GArray *tags;    /* NaviOsmTag, strings in the chunk */
  gboolean is_untagged;
} Relation;

typedef struct
{
  gint64 id;
  guint first;
  guint n_points;
  gint outer_of; /* index of the untagged relation that takes its tags, or -1 */
} Way;

struct _NaviMultipolygons
{
  GStringChunk *strings;
  GPtrArray *relations; /* Relation */
  GArray *ways;         /* Way, sorted by id */
  GArray *points;       /* NaviImportPoint of all of them */
};

static void
relation_free (gpointer data)
{
  Relation *relation = data;

  g_array_unref (relation->members);
  g_array_unref (relation->tags);
  g_free (relation);
}

static void
copy_tags (NaviMultipolygons *self, Relation *relation, const NaviOsmTags *tags)
{
  for (guint i = 0; i < tags->n_items; i++)
    {
      NaviOsmTag tag = { g_string_chunk_insert_const (self->strings, tags->items[i].key),
                         g_string_chunk_insert_const (self->strings, tags->items[i].value) };
      g_array_append_val (relation->tags, tag);
    }
}

static gboolean
has_meaning (const NaviOsmTags *tags)
{
  static const char *const meaningless[] = { "type", "source", "created_by", "note", "fixme", "FIXME", "comment", NULL };

  for (guint i = 0; i < tags->n_items; i++)
    if (!g_strv_contains (meaningless, tags->items[i].key) && !g_str_has_prefix (tags->items[i].key, "source:"))
      return TRUE;
  return FALSE;
}

NaviMultipolygons *
navi_multipolygons_new (void)
{
  NaviMultipolygons *self = g_new0 (NaviMultipolygons, 1);

  self->strings = g_string_chunk_new (4096);
  self->relations = g_ptr_array_new_with_free_func (relation_free);
  self->ways = g_array_new (FALSE, FALSE, sizeof (Way));
  self->points = g_array_new (FALSE, FALSE, sizeof (NaviImportPoint));
  return self;
}

void
navi_multipolygons_add_relation (NaviMultipolygons *self, const NaviOsmRelation *relation)
{
  const char *type = navi_osm_tag (&relation->tags, "type");
  Relation *copy;

  if (type == NULL || (strcmp (type, "multipolygon") != 0 && strcmp (type, "boundary") != 0))
    return;
  copy = g_new0 (Relation, 1);
  copy->id = relation->id;
  copy->members = g_array_new (FALSE, FALSE, sizeof (Member));
  copy->tags = g_array_new (FALSE, FALSE, sizeof (NaviOsmTag));
  copy->is_untagged = !has_meaning (&relation->tags);
  copy_tags (self, copy, &relation->tags);
  g_ptr_array_add (self->relations, copy);
  for (guint i = 0; i < relation->n_members; i++)
    {
      const NaviOsmMember *member = &relation->members[i];
      Member ours = { member->ref, strcmp (member->role, "inner") == 0 || strcmp (member->role, "enclave") == 0 };
      if (member->type == NAVI_OSM_WAY
          && (ours.is_inner || *member->role == '\0' || strcmp (member->role, "outer") == 0 || strcmp (member->role, "exclave") == 0))
        g_array_append_val (copy->members, ours);
    }
}

static gint
compare_ways (gconstpointer a, gconstpointer b)
{
  const Way *left = a, *right = b;

  if (left->id != right->id)
    return left->id < right->id ? -1 : 1;
  return right->outer_of - left->outer_of;
}

void
navi_multipolygons_end_relations (NaviMultipolygons *self)
{
  guint kept = 0;

  for (guint r = 0; r < self->relations->len; r++)
    {
      Relation *relation = g_ptr_array_index (self->relations, r);
      for (guint i = 0; i < relation->members->len; i++)
        {
          Member *member = &g_array_index (relation->members, Member, i);
          Way way = { .id = member->way, .outer_of = relation->is_untagged && !member->is_inner ? (gint) r : -1 };
          g_array_append_val (self->ways, way);
        }
    }
  g_array_sort (self->ways, compare_ways);
  for (guint i = 0; i < self->ways->len; i++)
    {
      Way *way = &g_array_index (self->ways, Way, i);
      if (kept == 0 || g_array_index (self->ways, Way, kept - 1).id != way->id)
        g_array_index (self->ways, Way, kept++) = *way;
    }
  g_array_set_size (self->ways, kept);
}

static Way *
find_way (NaviMultipolygons *self, gint64 id)
{
  guint low = 0, high = self->ways->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      Way *way = &g_array_index (self->ways, Way, middle);
      if (way->id == id)
        return way;
      if (way->id < id)
        low = middle + 1;
      else
        high = middle;
    }
  return NULL;
}

gboolean
navi_multipolygons_add_way (NaviMultipolygons *self, const NaviOsmWay *osm_way, const NaviImportPoint *points, guint n_points)
{
  Way *way = find_way (self, osm_way->id);
  Relation *relation;

  if (way == NULL || way->n_points > 0 || n_points < 2)
    return FALSE;
  way->first = self->points->len;
  way->n_points = n_points;
  g_array_append_vals (self->points, points, n_points);
  if (way->outer_of < 0 || !has_meaning (&osm_way->tags))
    return FALSE;
  relation = g_ptr_array_index (self->relations, (guint) way->outer_of);
  if (!relation->is_untagged)
    return FALSE;
  relation->is_untagged = FALSE;
  copy_tags (self, relation, &osm_way->tags);
  return TRUE;
}

/* The ways of one relation while they are being joined. */
typedef struct
{
  NaviMultipolygons *owner;
  GPtrArray *ways;   /* Way */
  GArray *inner;     /* gboolean, for each of them */
  GArray *used;      /* gboolean */
  GArray *points;    /* of all rings */
  GArray *rings;     /* NaviImportRing, first point as an index until all is known */
} Joiner;

static const NaviImportPoint *
way_point (Joiner *joiner, const Way *way, gboolean last)
{
  return &g_array_index (joiner->owner->points, NaviImportPoint, way->first + (last ? way->n_points - 1 : 0));
}

static void
append_way (Joiner *joiner, guint index, gboolean reversed)
{
  const Way *way = g_ptr_array_index (joiner->ways, index);

  g_array_index (joiner->used, gboolean, index) = TRUE;
  for (guint i = 0; i + 1 < way->n_points; i++)
    {
      guint at = way->first + (reversed ? way->n_points - 1 - i : i);
      NaviImportPoint point = g_array_index (joiner->owner->points, NaviImportPoint, at);
      g_array_append_val (joiner->points, point);
    }
}

/* Finds an unused way of the same kind that has an end at @node. */
static gboolean
find_next (Joiner *joiner, guint32 node, gboolean is_inner, guint *index, gboolean *reversed)
{
  for (guint i = 0; i < joiner->ways->len; i++)
    {
      const Way *way = g_ptr_array_index (joiner->ways, i);
      if (g_array_index (joiner->used, gboolean, i) || g_array_index (joiner->inner, gboolean, i) != is_inner)
        continue;
      *reversed = way_point (joiner, way, FALSE)->index != node;
      if (*reversed && way_point (joiner, way, TRUE)->index != node)
        continue;
      *index = i;
      return TRUE;
    }
  return FALSE;
}

static void
join_from (Joiner *joiner, guint start)
{
  const Way *way = g_ptr_array_index (joiner->ways, start);
  gboolean is_inner = g_array_index (joiner->inner, gboolean, start);
  guint32 first_node = way_point (joiner, way, FALSE)->index;
  guint32 node = way_point (joiner, way, TRUE)->index;
  guint first_point = joiner->points->len;
  NaviImportRing ring = { .is_inner = is_inner };
  guint index;
  gboolean reversed;

  append_way (joiner, start, FALSE);
  while (node != first_node && find_next (joiner, node, is_inner, &index, &reversed))
    {
      append_way (joiner, index, reversed);
      node = way_point (joiner, g_ptr_array_index (joiner->ways, index), !reversed)->index;
    }
  ring.n_points = joiner->points->len - first_point;
  ring.points = GSIZE_TO_POINTER (first_point);
  if (node == first_node && ring.n_points >= 3)
    g_array_append_val (joiner->rings, ring);
  else
    g_array_set_size (joiner->points, first_point);
}

static void
gather_ways (Joiner *joiner, const Relation *relation)
{
  const gboolean no = FALSE;

  g_ptr_array_set_size (joiner->ways, 0);
  g_array_set_size (joiner->inner, 0);
  g_array_set_size (joiner->used, 0);
  g_array_set_size (joiner->points, 0);
  g_array_set_size (joiner->rings, 0);
  for (guint i = 0; i < relation->members->len; i++)
    {
      const Member *member = &g_array_index (relation->members, Member, i);
      Way *way = find_way (joiner->owner, member->way);
      if (way == NULL || way->n_points == 0)
        continue;
      g_ptr_array_add (joiner->ways, way);
      g_array_append_val (joiner->inner, member->is_inner);
      g_array_append_val (joiner->used, no);
    }
}

static gboolean
give_area (Joiner *joiner, const Relation *relation, NaviMultipolygonsFunc func, gpointer user_data)
{
  NaviImportArea area = { .id = relation->id, .tags = { (const NaviOsmTag *) relation->tags->data, relation->tags->len } };
  guint n_outer;

  gather_ways (joiner, relation);
  for (int inner = 0; inner < 2; inner++)
    {
      for (guint i = 0; i < joiner->ways->len; i++)
        if (!g_array_index (joiner->used, gboolean, i) && g_array_index (joiner->inner, gboolean, i) == (inner != 0))
          join_from (joiner, i);
      if (inner == 0)
        n_outer = joiner->rings->len;
      if (n_outer == 0)
        return TRUE;
    }
  for (guint i = 0; i < joiner->rings->len; i++)
    {
      NaviImportRing *ring = &g_array_index (joiner->rings, NaviImportRing, i);
      ring->points = (const NaviImportPoint *) joiner->points->data + GPOINTER_TO_SIZE (ring->points);
    }
  area.rings = (const NaviImportRing *) joiner->rings->data;
  area.n_rings = joiner->rings->len;
  return func (&area, user_data);
}

gboolean
navi_multipolygons_foreach (NaviMultipolygons *self, NaviMultipolygonsFunc func, gpointer user_data)
{
  Joiner joiner = { .owner = self };
  gboolean go_on = TRUE;

  joiner.ways = g_ptr_array_new ();
  joiner.inner = g_array_new (FALSE, FALSE, sizeof (gboolean));
  joiner.used = g_array_new (FALSE, FALSE, sizeof (gboolean));
  joiner.points = g_array_new (FALSE, FALSE, sizeof (NaviImportPoint));
  joiner.rings = g_array_new (FALSE, FALSE, sizeof (NaviImportRing));
  for (guint i = 0; go_on && i < self->relations->len; i++)
    go_on = give_area (&joiner, g_ptr_array_index (self->relations, i), func, user_data);
  g_ptr_array_unref (joiner.ways);
  g_array_unref (joiner.inner);
  g_array_unref (joiner.used);
  g_array_unref (joiner.points);
  g_array_unref (joiner.rings);
  return go_on;
}

void
navi_multipolygons_free (NaviMultipolygons *self)
{
  g_string_chunk_free (self->strings);
  g_ptr_array_unref (self->relations);
  g_array_unref (self->ways);
  g_array_unref (self->points);
  g_free (self);
}
