/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

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

/* Whom the restriction is for, and what it says of them; a particular one (restriction:bicycle) beside a general one adds to it. */
static guint
find_profiles (const NaviOsmTags *tags, const char **value)
{
  const char *except = navi_osm_tag (tags, "except");
  guint profiles = 0;

  *value = navi_osm_tag (tags, "restriction");
  if (*value != NULL)
    profiles = 1 << NAVI_CAR | 1 << NAVI_BICYCLE;
  for (guint i = 0; i < tags->n_items; i++)
    if (g_str_has_prefix (tags->items[i].key, "restriction:"))
      {
        guint own = profiles_of_key (tags->items[i].key + strlen ("restriction:"));
        if (own != 0 && (*value == NULL || strcmp (*value, tags->items[i].value) == 0))
          {
            *value = tags->items[i].value;
            profiles |= own;
          }
      }
  if (except != NULL)
    {
      g_auto (GStrv) names = g_strsplit (except, ";", 16);
      for (guint i = 0; names[i] != NULL; i++)
        profiles &= ~profiles_of_key (g_strstrip (names[i]));
    }
  return profiles;
}

static gboolean
is_timed (const NaviOsmTags *tags)
{
  static const char *const keys[] = { "day_on", "day_off", "hour_on", "hour_off" };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (navi_osm_tag (tags, keys[i]) != NULL)
      return TRUE;
  return FALSE;
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

NaviRestriction *
navi_restriction_parse (const NaviOsmRelation *relation)
{
  const char *type = navi_osm_tag (&relation->tags, "type");
  const char *value;
  NaviRestriction *self;
  guint profiles;

  if (type == NULL || strcmp (type, "restriction") != 0 || is_timed (&relation->tags))
    return NULL;
  profiles = find_profiles (&relation->tags, &value);
  if (profiles == 0 || (!g_str_has_prefix (value, "no_") && !g_str_has_prefix (value, "only_")))
    return NULL;
  self = g_new0 (NaviRestriction, 1);
  self->id = relation->id;
  self->profiles = (guint8) profiles;
  self->is_only = g_str_has_prefix (value, "only_");
  self->is_u_turn = strcmp (value, "no_u_turn") == 0;
  self->from = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->via = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->to = g_array_new (FALSE, FALSE, sizeof (gint64));
  add_members (self, relation);
  if (is_sound (self))
    return self;
  navi_restriction_free (self);
  return NULL;
}

void
navi_restriction_free (NaviRestriction *self)
{
  g_array_unref (self->from);
  g_array_unref (self->via);
  g_array_unref (self->to);
  g_free (self);
}
