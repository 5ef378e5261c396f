/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-location"

#include "cloud-fix.h"

#include <math.h>

/* The values of a fix and of a satellite, and their form on the bus. */

G_DEFINE_BOXED_TYPE (CloudFix, cloud_fix, cloud_fix_ref, cloud_fix_unref)

static const struct
{
  const char *key;
  gsize offset;
} doubles[] = {
  { "latitude", G_STRUCT_OFFSET (CloudFix, latitude_deg) },
  { "longitude", G_STRUCT_OFFSET (CloudFix, longitude_deg) },
  { "altitude-ellipsoid", G_STRUCT_OFFSET (CloudFix, altitude_ellipsoid_m) },
  { "altitude-sea", G_STRUCT_OFFSET (CloudFix, altitude_sea_m) },
  { "speed", G_STRUCT_OFFSET (CloudFix, speed_mps) },
  { "bearing", G_STRUCT_OFFSET (CloudFix, bearing_deg) },
  { "accuracy", G_STRUCT_OFFSET (CloudFix, accuracy_m) },
  { "accuracy-vertical", G_STRUCT_OFFSET (CloudFix, vertical_accuracy_m) },
};

void
cloud_fix_values_init (CloudFix *values)
{
  g_return_if_fail (values != NULL);

  *values = (CloudFix){ .satellites_used = -1, .satellites_in_view = -1 };
  for (gsize i = 0; i < G_N_ELEMENTS (doubles); i++)
    G_STRUCT_MEMBER (double, values, doubles[i].offset) = NAN;
}

CloudFix *
cloud_fix_new (const CloudFix *values)
{
  CloudFix *fix;

  g_return_val_if_fail (values != NULL, NULL);

  fix = g_atomic_rc_box_new (CloudFix);
  *fix = *values;
  fix->source = g_intern_string (values->source != NULL ? values->source : "");
  return fix;
}

CloudFix *
cloud_fix_ref (CloudFix *fix)
{
  return g_atomic_rc_box_acquire (fix);
}

void
cloud_fix_unref (CloudFix *fix)
{
  g_atomic_rc_box_release (fix);
}

gint64
cloud_fix_get_age_us (const CloudFix *fix)
{
  g_return_val_if_fail (fix != NULL, 0);

  return MAX (0, g_get_monotonic_time () - fix->monotonic_us);
}

GVariant *
cloud_fix_to_variant (const CloudFix *fix)
{
  GVariantBuilder builder;

  g_return_val_if_fail (fix != NULL, NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (gsize i = 0; i < G_N_ELEMENTS (doubles); i++)
    {
      double value = *(const double *) G_STRUCT_MEMBER_P (fix, doubles[i].offset);

      if (isfinite (value))
        g_variant_builder_add (&builder, "{sv}", doubles[i].key, g_variant_new_double (value));
    }
  g_variant_builder_add (&builder, "{sv}", "time", g_variant_new_int64 (fix->time_unix_us));
  g_variant_builder_add (&builder, "{sv}", "monotonic", g_variant_new_int64 (fix->monotonic_us));
  g_variant_builder_add (&builder, "{sv}", "age", g_variant_new_int64 (cloud_fix_get_age_us (fix)));
  if (fix->satellites_used >= 0)
    g_variant_builder_add (&builder, "{sv}", "satellites-used", g_variant_new_uint32 (fix->satellites_used));
  if (fix->satellites_in_view >= 0)
    g_variant_builder_add (&builder, "{sv}", "satellites-in-view", g_variant_new_uint32 (fix->satellites_in_view));
  g_variant_builder_add (&builder, "{sv}", "mode", g_variant_new_uint32 (fix->mode));
  g_variant_builder_add (&builder, "{sv}", "source", g_variant_new_string (fix->source));
  return g_variant_builder_end (&builder);
}

static int
lookup_count (GVariant *variant, const char *key)
{
  guint32 count = 0;

  return g_variant_lookup (variant, key, "u", &count) && count <= G_MAXINT ? (int) count : -1;
}

CloudFix *
cloud_fix_from_variant (GVariant *variant)
{
  CloudFix values;
  const char *source = NULL;

  g_return_val_if_fail (variant != NULL, NULL);

  if (!g_variant_is_of_type (variant, G_VARIANT_TYPE_VARDICT))
    return NULL;
  cloud_fix_values_init (&values);
  for (gsize i = 0; i < G_N_ELEMENTS (doubles); i++)
    g_variant_lookup (variant, doubles[i].key, "d", &G_STRUCT_MEMBER (double, &values, doubles[i].offset));
  if (!(fabs (values.latitude_deg) <= 90) || !(fabs (values.longitude_deg) <= 180))
    return NULL;
  values.monotonic_us = g_get_monotonic_time ();
  g_variant_lookup (variant, "time", "x", &values.time_unix_us);
  g_variant_lookup (variant, "monotonic", "x", &values.monotonic_us);
  g_variant_lookup (variant, "mode", "u", &values.mode);
  g_variant_lookup (variant, "source", "&s", &source);
  values.satellites_used = lookup_count (variant, "satellites-used");
  values.satellites_in_view = lookup_count (variant, "satellites-in-view");
  values.source = source;
  return cloud_fix_new (&values);
}

const char *
cloud_constellation_get_name (CloudConstellation constellation)
{
  static const char *const names[] = { "?", "GPS", "SBAS", "GLONASS", "QZSS", "BeiDou", "Galileo", "NavIC" };

  return names[(guint) constellation < G_N_ELEMENTS (names) ? constellation : 0];
}

GVariant *
cloud_satellites_to_variant (const CloudSatellite *satellites, guint n_satellites)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(uudddb)"));
  for (guint i = 0; i < n_satellites; i++)
    g_variant_builder_add (&builder, "(uudddb)", (guint) satellites[i].constellation, satellites[i].number,
                           satellites[i].elevation_deg, satellites[i].azimuth_deg, satellites[i].cn0_dbhz,
                           satellites[i].used);
  return g_variant_builder_end (&builder);
}

GArray *
cloud_satellites_from_variant (GVariant *variant)
{
  GArray *satellites = g_array_new (FALSE, FALSE, sizeof (CloudSatellite));
  GVariantIter iter;
  CloudSatellite satellite;
  guint constellation;

  g_return_val_if_fail (variant != NULL, satellites);

  if (!g_variant_is_of_type (variant, G_VARIANT_TYPE ("a(uudddb)")))
    return satellites;
  g_variant_iter_init (&iter, variant);
  while (satellites->len < CLOUD_SATELLITES_MAX
         && g_variant_iter_next (&iter, "(uudddb)", &constellation, &satellite.number, &satellite.elevation_deg,
                                 &satellite.azimuth_deg, &satellite.cn0_dbhz, &satellite.used))
    {
      satellite.constellation = constellation <= CLOUD_CONSTELLATION_NAVIC ? constellation : CLOUD_CONSTELLATION_UNKNOWN;
      g_array_append_val (satellites, satellite);
    }
  return satellites;
}
