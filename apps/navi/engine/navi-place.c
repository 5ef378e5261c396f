/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-search"

#include "navi-place.h"
#include "navi-coordinates.h"
#include "navi-kinds.h"

#include <string.h>

/* Something that a search found. */

struct _NaviPlace
{
  GObject parent_instance;

  NaviPlaceData data;
};

enum
{
  PROP_0,
  PROP_NAME,
  PROP_KIND,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (NaviPlace, navi_place, G_TYPE_OBJECT)

/* All strings of the data, to copy and to free them alike. */
static const gsize string_offsets[] = {
  G_STRUCT_OFFSET (NaviPlaceData, kind),          G_STRUCT_OFFSET (NaviPlaceData, name),
  G_STRUCT_OFFSET (NaviPlaceData, name_en),       G_STRUCT_OFFSET (NaviPlaceData, name_zh),
  G_STRUCT_OFFSET (NaviPlaceData, street),        G_STRUCT_OFFSET (NaviPlaceData, street_en),
  G_STRUCT_OFFSET (NaviPlaceData, street_zh),     G_STRUCT_OFFSET (NaviPlaceData, number),
  G_STRUCT_OFFSET (NaviPlaceData, postcode),      G_STRUCT_OFFSET (NaviPlaceData, city),
  G_STRUCT_OFFSET (NaviPlaceData, city_en),       G_STRUCT_OFFSET (NaviPlaceData, city_zh),
  G_STRUCT_OFFSET (NaviPlaceData, opening_hours), G_STRUCT_OFFSET (NaviPlaceData, phone),
  G_STRUCT_OFFSET (NaviPlaceData, website),       G_STRUCT_OFFSET (NaviPlaceData, wheelchair),
  G_STRUCT_OFFSET (NaviPlaceData, cuisine),
};

static void
navi_place_finalize (GObject *object)
{
  NaviPlace *self = NAVI_PLACE (object);

  for (gsize i = 0; i < G_N_ELEMENTS (string_offsets); i++)
    g_free (G_STRUCT_MEMBER (char *, &self->data, string_offsets[i]));
  G_OBJECT_CLASS (navi_place_parent_class)->finalize (object);
}

static void
navi_place_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  NaviPlace *self = NAVI_PLACE (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->data.name);
      break;
    case PROP_KIND:
      g_value_set_string (value, self->data.kind);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
navi_place_class_init (NaviPlaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = navi_place_finalize;
  object_class->get_property = navi_place_get_property;
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_KIND] = g_param_spec_string ("kind", NULL, NULL, "", G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
navi_place_init (NaviPlace *self)
{
}

NaviPlace *
navi_place_new (const NaviPlaceData *data)
{
  NaviPlace *self;

  g_return_val_if_fail (data != NULL, NULL);

  self = g_object_new (NAVI_TYPE_PLACE, NULL);
  self->data = *data;
  for (gsize i = 0; i < G_N_ELEMENTS (string_offsets); i++)
    {
      char **text = &G_STRUCT_MEMBER (char *, &self->data, string_offsets[i]);
      *text = g_strdup (*text != NULL ? *text : "");
    }
  return self;
}

const NaviPlaceData *
navi_place_get_data (NaviPlace *self)
{
  g_return_val_if_fail (NAVI_IS_PLACE (self), NULL);
  return &self->data;
}

static const char *
static_label (const NaviPlaceData *data, gboolean is_zh)
{
  static const char *const others[][3]
      = { { "street", "Street", "街道" }, { "house", "House", "门牌" }, { "coordinate", "Point on the map", "地图上的点" } };
  const NaviKind *kind = navi_kind_by_value (data->kind);

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (strcmp (data->kind, others[i][0]) == 0)
      return others[i][is_zh ? 2 : 1];
  return kind == NULL ? "" : is_zh ? kind->label_zh : kind->label_en;
}

NaviNames *
navi_place_get_names (NaviPlace *self)
{
  g_return_val_if_fail (NAVI_IS_PLACE (self), NULL);
  return navi_names_new (self->data.name, self->data.name_en, self->data.name_zh);
}

const char *
navi_place_get_name (NaviPlace *self, const char *language)
{
  const char *name;

  g_return_val_if_fail (NAVI_IS_PLACE (self), NULL);

  name = navi_names_pick (&(NaviNames){ self->data.name, self->data.name_en, self->data.name_zh }, language, NULL);
  return *name != '\0' ? name : static_label (&self->data, language != NULL && g_str_has_prefix (language, "zh"));
}

const char *
navi_place_get_other_name (NaviPlace *self, const char *language)
{
  g_return_val_if_fail (NAVI_IS_PLACE (self), NULL);
  return navi_names_get_other (&(NaviNames){ self->data.name, self->data.name_en, self->data.name_zh }, language);
}

char *
navi_place_get_kind_label (NaviPlace *self, const char *language)
{
  g_return_val_if_fail (NAVI_IS_PLACE (self), NULL);
  return g_strdup (static_label (&self->data, language != NULL && g_str_has_prefix (language, "zh")));
}

/* Chinese addresses go from the large to the small, the others as in most of Europe. */
static gboolean
is_han (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_get_script (g_utf8_get_char (text)) == G_UNICODE_SCRIPT_HAN)
      return TRUE;
  return FALSE;
}

/* English and French put the number first, and their streets say what they are in a word of their own. */
static gboolean
is_number_first (const char *street)
{
  static const char *const english[]
      = { "street", "road",      "avenue",  "lane",  "drive",   "way",  "close", "court", "crescent", "terrace", "quay", "walk",
          "square", "boulevard", "highway", "place", "parkway", "rise", "view",  "link",  "st",       "rd",      "ave" };
  static const char *const french[] = { "rue",   "avenue",  "boulevard", "quai",  "place", "chemin",  "allée",
                                        "allee", "impasse", "square",    "cours", "route", "passage", "sentier" };
  g_autofree char *lower = g_utf8_strdown (street, -1);
  const char *last = strrchr (lower, ' ');
  char *first_end = strchr (lower, ' ');

  if (first_end == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (english); i++)
    if (strcmp (last + 1, english[i]) == 0)
      return TRUE;
  *first_end = '\0';
  for (gsize i = 0; i < G_N_ELEMENTS (french); i++)
    if (strcmp (lower, french[i]) == 0)
      return TRUE;
  return FALSE;
}

char *
navi_place_join_street (const char *street, const char *number)
{
  g_return_val_if_fail (street != NULL && number != NULL, NULL);

  if (*street == '\0' || *number == '\0')
    return g_strconcat (street, number, NULL);
  if (is_han (street))
    return g_strconcat (street, number, g_ascii_isdigit (number[strlen (number) - 1]) ? "号" : "", NULL);
  return is_number_first (street) ? g_strdup_printf ("%s %s", number, street) : g_strdup_printf ("%s %s", street, number);
}

char *
navi_place_get_address (NaviPlace *self, const char *language)
{
  const NaviPlaceData *data;
  const char *street_name, *city;
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *street = NULL;

  g_return_val_if_fail (NAVI_IS_PLACE (self), NULL);

  data = &self->data;
  street_name = navi_names_pick (&(NaviNames){ data->street, data->street_en, data->street_zh }, language, NULL);
  city = navi_names_pick (&(NaviNames){ data->city, data->city_en, data->city_zh }, language, NULL);
  street = navi_place_join_street (street_name, data->number);
  if (is_han (*street_name != '\0' ? street_name : city))
    {
      g_string_append_printf (out, "%s%s", city, street);
      return g_string_free (g_steal_pointer (&out), FALSE);
    }
  g_string_append (out, street);
  if (*data->postcode != '\0')
    g_string_append_printf (out, "%s%s", out->len > 0 ? ", " : "", data->postcode);
  if (*city != '\0')
    g_string_append_printf (out, "%s%s", *data->postcode != '\0' ? " " : out->len > 0 ? ", " : "", city);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
navi_place_get_uri (NaviPlace *self)
{
  char lat[G_ASCII_DTOSTR_BUF_SIZE], lon[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *name = NULL;

  g_return_val_if_fail (NAVI_IS_PLACE (self), NULL);

  g_ascii_formatd (lat, sizeof lat, "%.7f", self->data.lat_deg);
  g_ascii_formatd (lon, sizeof lon, "%.7f", self->data.lon_deg);
  if (*self->data.name == '\0')
    return g_strdup_printf ("geo:%s,%s", lat, lon);
  name = g_uri_escape_string (self->data.name, NULL, FALSE);
  return g_strdup_printf ("geo:%s,%s?q=%s,%s(%s)", lat, lon, lat, lon, name);
}

/* "geo:LAT,LON[;...][?...&q=LAT,LON(NAME)]"; a "geo:0,0?q=LAT,LON" means what q says. */
NaviPlace *
navi_place_new_from_uri (const char *uri)
{
  NaviPlaceData data = { .type = NAVI_PLACE_COORDINATE, .kind = "coordinate", .distance_m = -1 };
  g_auto (NaviGeoUri) parsed = { 0 };

  g_return_val_if_fail (uri != NULL, NULL);

  if (!navi_geo_uri_parse (uri, &parsed) || !parsed.has_position)
    return NULL;
  data.lat_deg = parsed.lat_deg;
  data.lon_deg = parsed.lon_deg;
  data.name = parsed.label;
  return navi_place_new (&data);
}
