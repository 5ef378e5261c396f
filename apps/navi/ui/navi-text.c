/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-text.h"
#include "navi-map-kind.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

/* Words and icons of Navi's window. */

const char *
navi_text_language (void)
{
  const char *const *languages = g_get_language_names ();

  return g_str_has_prefix (languages[0], "zh") ? "zh" : "en";
}

static const char *
sided (NaviModifier modifier, const char *left, const char *right)
{
  return modifier >= NAVI_MODIFIER_SHARP_LEFT ? left : right;
}

static const char *
turn_icon (NaviModifier modifier)
{
  static const char *const icons[NAVI_N_MODIFIERS] = {
    [NAVI_MODIFIER_STRAIGHT] = "navi-turn-straight-symbolic",
    [NAVI_MODIFIER_SLIGHT_RIGHT] = "navi-turn-slight-right-symbolic",
    [NAVI_MODIFIER_RIGHT] = "navi-turn-right-symbolic",
    [NAVI_MODIFIER_SHARP_RIGHT] = "navi-turn-sharp-right-symbolic",
    [NAVI_MODIFIER_UTURN] = "navi-uturn-left-symbolic",
    [NAVI_MODIFIER_SHARP_LEFT] = "navi-turn-sharp-left-symbolic",
    [NAVI_MODIFIER_LEFT] = "navi-turn-left-symbolic",
    [NAVI_MODIFIER_SLIGHT_LEFT] = "navi-turn-slight-left-symbolic",
  };

  return icons[modifier];
}

const char *
navi_text_step_icon (NaviStep *step)
{
  const NaviStepData *data = navi_step_get_data (step);

  if (data->flags & NAVI_STEP_HAS_FERRY)
    return "navi-ferry-symbolic";
  switch (data->maneuver)
    {
    case NAVI_MANEUVER_DEPART:
      return "navi-depart-symbolic";
    case NAVI_MANEUVER_ARRIVE:
      return "navi-arrive-symbolic";
    case NAVI_MANEUVER_ROUNDABOUT:
    case NAVI_MANEUVER_ROTARY:
      return "navi-roundabout-symbolic";
    case NAVI_MANEUVER_FORK:
      return sided (data->modifier, "navi-fork-left-symbolic", "navi-fork-right-symbolic");
    case NAVI_MANEUVER_ON_RAMP:
    case NAVI_MANEUVER_OFF_RAMP:
      return sided (data->modifier, "navi-ramp-left-symbolic", "navi-ramp-right-symbolic");
    case NAVI_MANEUVER_MERGE:
      return sided (data->modifier, "navi-merge-left-symbolic", "navi-merge-right-symbolic");
    default:
      return turn_icon (data->modifier);
    }
}

char *
navi_text_coordinates (double lat_deg, double lon_deg)
{
  char lat[G_ASCII_DTOSTR_BUF_SIZE];
  char lon[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup_printf ("%s, %s", g_ascii_formatd (lat, sizeof lat, "%.5f", lat_deg), g_ascii_formatd (lon, sizeof lon, "%.5f", lon_deg));
}

const char *
navi_text_map_kind (int kind)
{
  static const struct
  {
    int kind;
    const char *text;
  } words[] = {
    { NAVI_MAP_PLACE_CITY, N_ ("City") },
    { NAVI_MAP_PLACE_TOWN, N_ ("Town") },
    { NAVI_MAP_PLACE_VILLAGE, N_ ("Village") },
    { NAVI_MAP_PLACE_SUBURB, N_ ("Quarter") },
    { NAVI_MAP_PLACE_HAMLET, N_ ("Hamlet") },
    { NAVI_MAP_PLACE_ISLAND, N_ ("Island") },
    { NAVI_MAP_LABEL_WATER, N_ ("Water") },
    { NAVI_MAP_LABEL_GREEN, N_ ("Park or forest") },
    { NAVI_MAP_HOUSE_NUMBER, N_ ("House") },
    { NAVI_MAP_JUNCTION, N_ ("Motorway exit") },
    { NAVI_MAP_PEAK, N_ ("Peak") },
    { NAVI_MAP_POI_STATION, N_ ("Station") },
    { NAVI_MAP_POI_BUS, N_ ("Stop") },
    { NAVI_MAP_POI_FERRY, N_ ("Ferry") },
    { NAVI_MAP_POI_AIRPORT, N_ ("Airport") },
    { NAVI_MAP_POI_HOSPITAL, N_ ("Hospital") },
    { NAVI_MAP_POI_PHARMACY, N_ ("Pharmacy") },
    { NAVI_MAP_POI_DOCTOR, N_ ("Doctor") },
    { NAVI_MAP_POI_POLICE, N_ ("Police") },
    { NAVI_MAP_POI_FIRE, N_ ("Fire station") },
    { NAVI_MAP_POI_TOWNHALL, N_ ("Town hall") },
    { NAVI_MAP_POI_POST, N_ ("Post office") },
    { NAVI_MAP_POI_BANK, N_ ("Bank") },
    { NAVI_MAP_POI_FUEL, N_ ("Fuel") },
    { NAVI_MAP_POI_CHARGING, N_ ("Charging station") },
    { NAVI_MAP_POI_PARKING, N_ ("Parking") },
    { NAVI_MAP_POI_RESTAURANT, N_ ("Restaurant") },
    { NAVI_MAP_POI_CAFE, N_ ("Café") },
    { NAVI_MAP_POI_BAR, N_ ("Bar") },
    { NAVI_MAP_POI_HOTEL, N_ ("Hotel") },
    { NAVI_MAP_POI_CAMPING, N_ ("Camping") },
    { NAVI_MAP_POI_SUPERMARKET, N_ ("Supermarket") },
    { NAVI_MAP_POI_SHOP, N_ ("Shop") },
    { NAVI_MAP_POI_SCHOOL, N_ ("School") },
    { NAVI_MAP_POI_LIBRARY, N_ ("Library") },
    { NAVI_MAP_POI_MUSEUM, N_ ("Museum") },
    { NAVI_MAP_POI_THEATRE, N_ ("Theatre or cinema") },
    { NAVI_MAP_POI_ATTRACTION, N_ ("Sight") },
    { NAVI_MAP_POI_VIEWPOINT, N_ ("Viewpoint") },
    { NAVI_MAP_POI_MONUMENT, N_ ("Monument") },
    { NAVI_MAP_POI_CASTLE, N_ ("Castle") },
    { NAVI_MAP_POI_WORSHIP, N_ ("Place of worship") },
    { NAVI_MAP_POI_SPORT, N_ ("Sports") },
    { NAVI_MAP_POI_SWIMMING, N_ ("Swimming") },
    { NAVI_MAP_POI_PLAYGROUND, N_ ("Playground") },
    { NAVI_MAP_POI_TOILETS, N_ ("Toilets") },
    { NAVI_MAP_POI_INFORMATION, N_ ("Information") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].kind == kind)
      return _ (words[i].text);
  return NULL;
}

char *
navi_text_join (const char *const *texts, guint n_texts)
{
  GString *out = g_string_new (NULL);
  g_autofree char *before = g_strdup ("");

  for (guint i = 0; i < n_texts; i++)
    {
      g_autofree char *folded = g_utf8_casefold (texts[i] != NULL ? texts[i] : "", -1);
      if (*folded == '\0' || strcmp (folded, before) == 0)
        continue;
      g_string_append_printf (out, "%s%s", out->len > 0 ? " · " : "", texts[i]);
      g_free (before);
      before = g_steal_pointer (&folded);
    }
  return g_string_free (out, FALSE);
}

static void
add_detail (GStrvBuilder *details, const char *icon, const char *text)
{
  if (text == NULL || *text == '\0')
    return;
  g_strv_builder_add (details, icon);
  g_strv_builder_add (details, text);
}

GStrv
navi_text_place_details (NaviPlace *place)
{
  const NaviPlaceData *data = navi_place_get_data (place);
  g_autoptr (GStrvBuilder) details = g_strv_builder_new ();
  g_autofree char *address = navi_place_get_address (place, navi_text_language ());

  if (data->type != NAVI_PLACE_HOUSE || *data->city != '\0' || *data->postcode != '\0')
    add_detail (details, "mark-location-symbolic", address);
  if (data->is_approximate)
    add_detail (details, "dialog-information-symbolic", _ ("This number is not on the map: the place is approximate"));
  add_detail (details, "preferences-system-time-symbolic", data->opening_hours);
  add_detail (details, "call-start-symbolic", data->phone);
  add_detail (details, "web-browser-symbolic", data->website);
  return g_strv_builder_end (details);
}
