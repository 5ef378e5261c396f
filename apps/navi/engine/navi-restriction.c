/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-condition.h"
#include "navi-roads.h"

/* Turn restriction relations.  Source: https://wiki.openstreetmap.org/wiki/Relation:restriction */

static guint
profiles_of_key (const char *key)
{
  static const struct
  {
    const char *name;
    guint8 profiles;
  } vehicles[] = {
    { "motorcar", 1 << NAVI_CAR },
    { "motor_vehicle", 1 << NAVI_CAR },
    { "vehicle", 1 << NAVI_CAR | 1 << NAVI_BICYCLE },
    { "bicycle", 1 << NAVI_BICYCLE },
    { "foot", 1 << NAVI_FOOT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vehicles); i++)
    if (strcmp (key, vehicles[i].name) == 0)
      return vehicles[i].profiles;
  return 0;
}

/* What a relation says to a profile. */
typedef struct
{
  const char *value;       /* (nullable) */
  const char *conditional; /* (nullable) */
} Said;

/* From the general to the particular: the last one that is tagged counts.  The general one is for vehicles. */
static const char *const keys[NAVI_N_PROFILES][4] = {
  { "restriction", "restriction:vehicle", "restriction:motor_vehicle", "restriction:motorcar" },
  { "restriction", "restriction:vehicle", "restriction:bicycle", NULL },
  { "restriction:foot", NULL, NULL, NULL },
};

static gboolean
is_excepted (const NaviOsmTags *tags, NaviProfile profile)
{
  const char *except = navi_osm_tag (tags, "except");
  g_auto (GStrv) names = g_strsplit (except != NULL ? except : "", ";", 16);

  for (guint i = 0; names[i] != NULL; i++)
    if ((profiles_of_key (g_strstrip (names[i])) >> profile & 1) != 0)
      return TRUE;
  return FALSE;
}

static Said
find_said (const NaviOsmTags *tags, NaviProfile profile)
{
  Said said = { NULL, NULL };

  for (guint i = 0; i < G_N_ELEMENTS (keys[profile]) && keys[profile][i] != NULL && !is_excepted (tags, profile); i++)
    {
      g_autofree char *conditional_key = g_strconcat (keys[profile][i], ":conditional", NULL);
      const char *value = navi_osm_tag (tags, keys[profile][i]), *conditional = navi_osm_tag (tags, conditional_key);
      said.value = value != NULL ? value : said.value;
      said.conditional = conditional != NULL ? conditional : said.conditional;
    }
  return said;
}

/* "Mo-Fr 07:00-09:00" of the older tags day_on, day_off, hour_on and hour_off; NULL if there are none.  (transfer full) */
static char *
read_old_times (const NaviOsmTags *tags)
{
  const char *day_on = navi_osm_tag (tags, "day_on"), *day_off = navi_osm_tag (tags, "day_off");
  const char *hour_on = navi_osm_tag (tags, "hour_on"), *hour_off = navi_osm_tag (tags, "hour_off");
  GString *out;

  if (day_on == NULL && day_off == NULL && hour_on == NULL && hour_off == NULL)
    return NULL;
  out = g_string_new (NULL);
  if (day_on != NULL)
    g_string_append_printf (out, "%.2s-%.2s ", day_on, day_off != NULL ? day_off : day_on);
  if (hour_on != NULL || hour_off != NULL)
    g_string_append_printf (out, "%s-%s", hour_on != NULL ? hour_on : "00:00", hour_off != NULL ? hour_off : "24:00");
  return g_string_free (out, FALSE);
}

static void
add_members (NaviRestriction *self, const NaviOsmRelation *relation)
{
  for (guint i = 0; i < relation->n_members; i++)
    {
      const NaviOsmMember *member = &relation->members[i];
      if (member->type == NAVI_OSM_NODE && strcmp (member->role, "via") == 0)
        self->via_node = member->ref;
      else if (member->type == NAVI_OSM_WAY && strcmp (member->role, "from") == 0)
        g_array_append_val (self->from, member->ref);
      else if (member->type == NAVI_OSM_WAY && strcmp (member->role, "via") == 0)
        g_array_append_val (self->via, member->ref);
      else if (member->type == NAVI_OSM_WAY && strcmp (member->role, "to") == 0)
        g_array_append_val (self->to, member->ref);
    }
}

/* "no_entry" may have several ways to come from and "no_exit" several to go to, the others one each. */
static gboolean
is_sound (const NaviRestriction *self)
{
  return self->from->len >= 1 && self->to->len >= 1 && (self->via_node != 0) != (self->via->len > 0) && self->via->len <= 16
         && self->from->len <= 64 && self->to->len <= 64;
}

static gboolean
is_known (const char *value)
{
  return g_str_has_prefix (value, "no_") || g_str_has_prefix (value, "only_");
}

/* @turn_rule: as in NaviRestriction */
static void
add_restriction (const NaviOsmRelation *relation, NaviRoads *roads, guint profiles, const char *value, guint32 turn_rule)
{
  NaviRestriction *self = g_new0 (NaviRestriction, 1);

  self->id = relation->id;
  self->profiles = (guint8) profiles;
  self->is_only = g_str_has_prefix (value, "only_");
  self->is_u_turn = strcmp (value, "no_u_turn") == 0;
  self->turn_rule = turn_rule;
  self->from = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->via = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->to = g_array_new (FALSE, FALSE, sizeof (gint64));
  add_members (self, relation);
  if (is_sound (self))
    g_ptr_array_add (roads->restrictions, self);
  else
    navi_restriction_free (self);
}

/* One restriction for each value that may count at some time. */
static void
add_conditional (const NaviOsmRelation *relation, NaviRoads *roads, guint profiles, const Said *said)
{
  g_autoptr (GArray) clauses = navi_conditional_parse (said->conditional);
  g_autoptr (GPtrArray) values = g_ptr_array_new ();

  if (said->value != NULL)
    g_ptr_array_add (values, (gpointer) said->value);
  for (guint i = 0; i < clauses->len; i++)
    {
      char *value = g_array_index (clauses, NaviConditionalClause, i).value;
      if (!g_ptr_array_find_with_equal_func (values, value, g_str_equal, NULL))
        g_ptr_array_add (values, value);
    }
  for (guint i = 0; i < values->len; i++)
    {
      const char *value = g_ptr_array_index (values, i);
      gboolean otherwise = said->value != NULL && strcmp (value, said->value) == 0;
      guint32 rule, turn_rule;
      if (!is_known (value))
        continue;
      rule = navi_roads_rules_add_turn (roads->rules, said->conditional, value, otherwise) - 1;
      g_array_append_val (roads->turn_rules, rule);
      turn_rule = roads->turn_rules->len;
      add_restriction (relation, roads, profiles, value, turn_rule);
    }
}

void
navi_restriction_parse (const NaviOsmRelation *relation, NaviRoads *roads)
{
  const char *type = navi_osm_tag (&relation->tags, "type");
  g_autofree char *times = NULL;
  guint done = 0;

  if (type == NULL || strcmp (type, "restriction") != 0)
    return;
  times = read_old_times (&relation->tags);
  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    {
      Said said = find_said (&relation->tags, (NaviProfile) profile);
      g_autofree char *timed = times != NULL && said.value != NULL ? g_strdup_printf ("%s @ (%s)", said.value, times) : NULL;
      guint profiles = 0;
      if ((done >> profile & 1) != 0)
        continue;
      for (guint other = profile; other < NAVI_N_PROFILES; other++)
        {
          Said same = find_said (&relation->tags, (NaviProfile) other);
          if (g_strcmp0 (same.value, said.value) == 0 && g_strcmp0 (same.conditional, said.conditional) == 0)
            profiles |= 1u << other;
        }
      done |= profiles;
      if (timed != NULL)
        said = (Said){ NULL, timed };
      if (said.conditional != NULL)
        add_conditional (relation, roads, profiles, &said);
      else if (said.value != NULL && is_known (said.value))
        add_restriction (relation, roads, profiles, said.value, 0);
    }
}

void
navi_restriction_free (NaviRestriction *self)
{
  g_array_unref (self->from);
  g_array_unref (self->via);
  g_array_unref (self->to);
  g_free (self);
}
