/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-import-passes.h"
#include "navi-kinds.h"
#include "navi-places.h"

/* The pass that gathers what is searched: settlements, points of interest, houses, and the pieces of named streets. */

typedef struct
{
  NaviImportPass base;
  NaviPlaces places;
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

static void
set_names (NaviPlaces *self, const NaviOsmTags *tags, NaviPlaceDraft *draft)
{
  static const char *const names[] = { "name", "brand", NULL };
  static const char *const names_en[] = { "name:en", NULL };
  static const char *const names_zh[] = { "name:zh", "name:zh-Hans", "name:zh-Hant", NULL };
  static const char *const others[] = { "alt_name", "short_name", "official_name", "loc_name", "old_name", "int_name", "alt_name:en",
                                        "alt_name:zh", "name:zh-Hans", "name:zh-Hant", "ref", "iata", "operator" };
  g_autoptr (GString) more = g_string_new (NULL);

  draft->record.name = intern_tag (self, tags, names);
  draft->record.name_en = intern_tag (self, tags, names_en);
  draft->record.name_zh = intern_tag (self, tags, names_zh);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      const char *value = navi_osm_tag (tags, others[i]);
      if (value != NULL)
        g_string_append_printf (more, "%s\n", value);
    }
  if (more->len > 0)
    draft->more = g_string_chunk_insert (self->chunk, more->str);
}

static void
set_address (NaviPlaces *self, const NaviOsmTags *tags, NaviPlaceDraft *draft)
{
  static const char *const streets[] = { "addr:street", "addr:place", NULL };
  static const char *const numbers[] = { "addr:housenumber", "addr:housename", NULL };
  static const char *const cities[] = { "addr:city", "addr:suburb", "addr:village", "addr:town", NULL };

  draft->record.street = intern_tag (self, tags, streets);
  draft->record.number = intern_tag (self, tags, numbers);
  draft->record.city = intern_tag (self, tags, cities);
}

static void
set_details (NaviPlaces *self, const NaviOsmTags *tags, NaviPlaceDraft *draft)
{
  static const char *const keys[NAVI_N_PLACE_DETAILS][3]
      = { { "addr:postcode", NULL },           { "opening_hours", NULL }, { "phone", "contact:phone", NULL },
          { "website", "contact:website", NULL }, { "wheelchair", NULL },    { "cuisine", NULL } };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gboolean any = FALSE;

  for (guint i = 0; i < NAVI_N_PLACE_DETAILS; i++)
    {
      const char *value = NULL;
      for (guint j = 0; value == NULL && keys[i][j] != NULL; j++)
        value = navi_osm_tag (tags, keys[i][j]);
      any |= value != NULL;
      value = value != NULL ? value : "";
      g_byte_array_append (bytes, (const guint8 *) value, (guint) strlen (value) + 1);
    }
  if (!any)
    return;
  draft->record.details = self->strings->len;
  g_byte_array_append (self->strings, bytes->data, bytes->len);
}

static gint64
settlement_radius_mm (const char *kind)
{
  static const struct
  {
    const char *kind;
    gint64 km;
  } radii[] = { { "city", 15 }, { "town", 8 }, { "municipality", 6 }, { "village", 5 } };

  for (gsize i = 0; i < G_N_ELEMENTS (radii); i++)
    if (strcmp (kind, radii[i].kind) == 0)
      return radii[i].km * 1000 * 1000;
  return 0;
}

/* Settlements are taken from their nodes; an area of the same name would be a second one. */
static gboolean
is_wanted (const NaviKind *kind, const NaviPlaceDraft *draft, gboolean is_node)
{
  if (draft->record.name == 0 && draft->record.name_en == 0 && draft->record.name_zh == 0)
    return kind->without_name;
  return is_node || strcmp (kind->key, "place") != 0 || kind->importance == 40 || strcmp (kind->value, "island") == 0
         || strcmp (kind->value, "islet") == 0;
}

static void
add_place (NaviPlaces *self, const NaviOsmTags *tags, gint32 lat_e7, gint32 lon_e7, gboolean is_node)
{
  const NaviKind *kind = navi_kind_of (tags);
  NaviPlaceDraft draft = { .record = { .lat_e7 = lat_e7, .lon_e7 = lon_e7 } };

  if (kind != NULL)
    {
      set_names (self, tags, &draft);
      if (is_wanted (kind, &draft, is_node))
        {
          const char *word = kind->value != NULL ? kind->value : kind->key;
          gboolean is_settlement = strcmp (kind->key, "place") == 0;
          draft.record.kind = navi_places_intern (self, word);
          draft.record.type = is_settlement ? NAVI_PLACE_SETTLEMENT : NAVI_PLACE_POI;
          draft.record.importance = kind->importance;
          draft.radius_mm = is_settlement ? settlement_radius_mm (word) : 0;
          set_address (self, tags, &draft);
          set_details (self, tags, &draft);
          g_array_append_val (self->drafts, draft);
          return;
        }
    }
  set_address (self, tags, &draft);
  if (draft.record.number == 0 || draft.record.street == 0)
    return;
  draft.more = NULL;
  draft.record.name = draft.record.name_en = draft.record.name_zh = 0;
  draft.record.kind = navi_places_intern (self, "house");
  draft.record.type = NAVI_PLACE_HOUSE;
  draft.record.importance = 20;
  set_details (self, tags, &draft);
  g_array_append_val (self->drafts, draft);
}

static gboolean
on_node (NaviImportPass *pass, const NaviImportNode *node, GError **error)
{
  add_place (&((PlacesPass *) pass)->places, &node->tags, node->lat_e7, node->lon_e7, TRUE);
  return TRUE;
}

static guint8
street_importance (const char *highway)
{
  static const struct
  {
    const char *value;
    guint8 importance;
  } rules[] = { { "motorway", 34 }, { "trunk", 34 },       { "primary", 36 },    { "secondary", 35 }, { "tertiary", 33 },
                { "pedestrian", 33 }, { "unclassified", 31 }, { "residential", 31 }, { "living_street", 31 } };

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (strcmp (highway, rules[i].value) == 0)
      return rules[i].importance;
  return 24;
}

static void
add_street (NaviPlaces *self, const NaviImportWay *way, const char *highway)
{
  const NaviImportPoint *middle = &way->points[way->n_points / 2];
  NaviPlaceDraft draft = { .record = { .lat_e7 = middle->lat_e7, .lon_e7 = middle->lon_e7, .type = NAVI_PLACE_STREET } };

  set_names (self, &way->tags, &draft);
  if (draft.record.name == 0)
    return;
  draft.record.kind = navi_places_intern (self, "street");
  draft.record.importance = street_importance (highway);
  g_array_append_val (self->streets, draft);
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
  NaviPlaces *self = &((PlacesPass *) pass)->places;
  const char *highway = navi_osm_tag (&way->tags, "highway");
  gint32 lat_e7, lon_e7;

  if (highway != NULL && strcmp (highway, "services") != 0 && strcmp (highway, "rest_area") != 0)
    {
      if (strcmp (highway, "platform") != 0 && strcmp (highway, "proposed") != 0)
        add_street (self, way, highway);
      return TRUE;
    }
  if (!way->is_closed || way->is_outer_of_area)
    return TRUE;
  middle_of (way->points, way->n_points - 1, &lat_e7, &lon_e7);
  add_place (self, &way->tags, lat_e7, lon_e7, FALSE);
  return TRUE;
}

static gboolean
on_area (NaviImportPass *pass, const NaviImportArea *area, GError **error)
{
  gint32 lat_e7, lon_e7;

  middle_of (area->rings[0].points, area->rings[0].n_points, &lat_e7, &lon_e7);
  add_place (&((PlacesPass *) pass)->places, &area->tags, lat_e7, lon_e7, FALSE);
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
  g_array_unref (places->streets);
  g_byte_array_unref (places->strings);
  g_hash_table_unref (places->offsets);
  g_string_chunk_free (places->chunk);
  g_free (pass);
}

NaviImportPass *
navi_places_pass_new (const char *spool_dir, GError **error)
{
  PlacesPass *self = g_new0 (PlacesPass, 1);

  self->base = (NaviImportPass){ .name = "places", .node = on_node, .way = on_way, .area = on_area, .finish = finish, .free = free_pass };
  self->places.drafts = g_array_new (FALSE, FALSE, sizeof (NaviPlaceDraft));
  self->places.streets = g_array_new (FALSE, FALSE, sizeof (NaviPlaceDraft));
  self->places.strings = g_byte_array_new ();
  g_byte_array_append (self->places.strings, (const guint8 *) "", 1);
  self->places.offsets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->places.chunk = g_string_chunk_new (4096);
  return &self->base;
}
