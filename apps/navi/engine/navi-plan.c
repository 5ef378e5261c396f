/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-plan.h"

#include "cloud-status.h"

#include <string.h>

/* The plan in the settings. */

static char *
names_key (const char *key)
{
  return g_strconcat (key, "-names", NULL);
}

void
navi_plan_save_end (GSettings *settings, const char *key, const NaviNames *names, double lat_deg, double lon_deg)
{
  static const NaviNames nothing = { "", "", "" };
  g_autofree char *other = names_key (key);

  g_return_if_fail (G_IS_SETTINGS (settings));

  if (names == NULL)
    {
      names = &nothing;
      lat_deg = lon_deg = 0;
    }
  g_settings_set (settings, key, "(sdd)", names->local, lat_deg, lon_deg);
  g_settings_set (settings, other, "(sss)", names->local, names->en, names->zh);
}

NaviNames *
navi_plan_load_end (GSettings *settings, const char *key, double *lat_deg, double *lon_deg)
{
  g_autofree char *name = NULL, *local = NULL, *en = NULL, *zh = NULL, *other = names_key (key);

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  g_settings_get (settings, key, "(sdd)", &name, lat_deg, lon_deg);
  if (*lat_deg == 0 && *lon_deg == 0)
    return NULL;
  g_settings_get (settings, other, "(sss)", &local, &en, &zh);
  return strcmp (local, name) == 0 ? navi_names_new (local, en, zh) : navi_names_new (name, NULL, NULL);
}

static void
add_name (GVariantDict *parameters, const char *key, const NaviNames *names, const char *language)
{
  const char *name = navi_names_pick (names, language, NULL);

  if (language == NULL || strcmp (name, navi_names_pick (names, NULL, NULL)) != 0)
    g_variant_dict_insert (parameters, key, "s", name);
}

void
navi_plan_write_status (const NaviNames *destination, double distance_m)
{
  GVariantDict parameters;

  g_return_if_fail (destination != NULL);

  g_variant_dict_init (&parameters, NULL);
  add_name (&parameters, "name", destination, NULL);
  add_name (&parameters, "name-en", destination, "en");
  add_name (&parameters, "name-zh", destination, "zh");
  if (distance_m >= 0)
    g_variant_dict_insert (&parameters, "distance_m", "d", distance_m);
  cloud_status_write ("navi", "next-stop", g_variant_dict_end (&parameters), NULL);
}
