/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-wishes.h"
#include "navi-route.h"

#include <string.h>

/* Wishes in the settings. */

#define KEY "wishes"
#define DETOUR "detour"

static void
read_one (NaviWishes *wishes, const char *name, guint32 seconds)
{
  guint avoid;

  if (strcmp (name, DETOUR) == 0)
    {
      wishes->detour_s = CLAMP (seconds, 60, G_MAXUINT16);
      return;
    }
  if (!navi_avoid_from_string (name, &avoid))
    return; /* of another release */
  for (guint i = 0; i < NAVI_N_AVOIDS; i++)
    if ((avoid >> i & 1) != 0)
      wishes->wish[i] = seconds == 0 ? NAVI_WISH_NEVER : NAVI_WISH_RATHER_NOT;
}

void
navi_wishes_load (GSettings *settings, NaviProfile profile, NaviWishes *wishes)
{
  g_autoptr (GVariant) all = NULL;
  g_autoptr (GVariantIter) iter = NULL;
  const char *name;
  guint32 seconds;

  g_return_if_fail (G_IS_SETTINGS (settings) && wishes != NULL);

  *wishes = (NaviWishes){ .detour_s = NAVI_USUAL_DETOUR_S };
  all = g_settings_get_value (settings, KEY);
  if (!g_variant_lookup (all, navi_profile_to_string (profile), "a{su}", &iter))
    return;
  while (g_variant_iter_next (iter, "{&su}", &name, &seconds))
    read_one (wishes, name, seconds);
}

static GVariant *
wishes_to_variant (const NaviWishes *self)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{su}"));
  for (guint i = 0; i < NAVI_N_AVOIDS; i++)
    if (self->wish[i] != NAVI_WISH_ALLOWED)
      g_variant_builder_add (&builder, "{su}", navi_avoid_to_string ((NaviAvoid) (1u << i)),
                             self->wish[i] == NAVI_WISH_NEVER ? 0 : self->detour_s);
  g_variant_builder_add (&builder, "{su}", DETOUR, self->detour_s);
  return g_variant_builder_end (&builder);
}

void
navi_wishes_save (GSettings *settings, NaviProfile profile, const NaviWishes *wishes)
{
  GVariantBuilder builder;

  g_return_if_fail (G_IS_SETTINGS (settings) && wishes != NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{sa{su}}"));
  for (guint i = 0; i < NAVI_N_PROFILES; i++)
    {
      NaviWishes other;
      navi_wishes_load (settings, (NaviProfile) i, &other);
      g_variant_builder_add (&builder, "{s@a{su}}", navi_profile_to_string ((NaviProfile) i),
                             wishes_to_variant (i == profile ? wishes : &other));
    }
  g_settings_set_value (settings, KEY, g_variant_builder_end (&builder));
}

guint
navi_wishes_get (const NaviWishes *self, NaviWish wish)
{
  guint what = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < NAVI_N_AVOIDS; i++)
    what |= self->wish[i] == wish ? 1u << i : 0;
  return what;
}

void
navi_wishes_apply (const NaviWishes *self, NaviRouteRequest *request)
{
  g_return_if_fail (self != NULL && request != NULL);

  navi_route_request_set_avoid (request, navi_wishes_get (self, NAVI_WISH_NEVER));
  for (guint i = 0; i < NAVI_N_AVOIDS; i++)
    navi_route_request_set_price (request, (NaviAvoid) (1u << i), self->wish[i] == NAVI_WISH_RATHER_NOT ? self->detour_s : 0);
}
