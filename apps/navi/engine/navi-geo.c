/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi"

#include "navi-geo.h"

/* Distances and directions with integers only. */

/* The cosine of whole degrees, times 2^30. */
static const gint32 cosines[91] = {
  1073741824, 1073578288, 1073087729, 1072270298, 1071126243, 1069655912, 1067859754, 1065738315,
  1063292242, 1060522280, 1057429273, 1054014162, 1050277989, 1046221891, 1041847103, 1037154959,
  1032146887, 1026824413, 1021189159, 1015242840, 1008987269, 1002424350, 995556083, 988384560,
  980911966, 973140576, 965072759, 956710970, 948057759, 939115760, 929887697, 920376381,
  910584710, 900515665, 890172315, 879557810, 868675383, 857528349, 846120104, 834454122,
  822533958, 810363241, 797945680, 785285058, 772385229, 759250125, 745883746, 732290163,
  718473518, 704438018, 690187940, 675727625, 661061475, 646193961, 631129609, 615873009,
  600428808, 584801711, 568996477, 553017922, 536870912, 520560366, 504091252, 487468587,
  470697435, 453782903, 436730145, 419544355, 402230767, 384794656, 367241333, 349576144,
  331804471, 313931728, 295963357, 277904834, 259761657, 241539355, 223243478, 204879599,
  186453311, 167970228, 149435979, 130856211, 112236583, 93582766, 74900443, 56195305,
  37473049, 18739379, 0,
};

/* tan ((k + 1/2) / 256 of a turn), times 2^16: where the sectors of the first eighth meet. */
static const guint32 sector_tangents[32] = {
  804, 2414, 4026, 5644, 7268, 8901, 10545, 12202,
  13874, 15564, 17273, 19005, 20762, 22546, 24360, 26208,
  28093, 30018, 31986, 34002, 36071, 38196, 40382, 42636,
  44963, 47369, 49863, 52451, 55144, 57950, 60880, 63947,
};

guint64
navi_geo_isqrt (guint64 value)
{
  guint64 result = 0, bit = G_GUINT64_CONSTANT (1) << 62;

  while (bit > value)
    bit >>= 2;
  for (; bit != 0; bit >>= 2)
    {
      if (value >= result + bit)
        {
          value -= result + bit;
          result = (result >> 1) + bit;
        }
      else
        result >>= 1;
    }
  return result;
}

gint32
navi_geo_cos_q30 (gint32 lat_e7)
{
  guint32 lat = (guint32) MIN (ABS ((gint64) lat_e7), 900000000);
  guint32 degree = lat / 10000000;
  gint64 rest = lat % 10000000;

  if (degree >= 90)
    return 0;
  return (gint32) (cosines[degree] + (cosines[degree + 1] - cosines[degree]) * rest / 10000000);
}

gint64
navi_geo_lon_difference (gint32 from_e7, gint32 to_e7)
{
  gint64 difference = (gint64) to_e7 - from_e7;

  if (difference > 1800000000)
    difference -= G_GINT64_CONSTANT (3600000000);
  else if (difference < -1800000000)
    difference += G_GINT64_CONSTANT (3600000000);
  return difference;
}

/* The way east and north in 1e-7 degrees of latitude. */
static void
difference (gint32 lat_a_e7, gint32 lon_a_e7, gint32 lat_b_e7, gint32 lon_b_e7, gint64 *east, gint64 *north)
{
  gint32 middle = (gint32) (((gint64) lat_a_e7 + lat_b_e7) / 2);

  *north = (gint64) lat_b_e7 - lat_a_e7;
  *east = navi_geo_lon_difference (lon_a_e7, lon_b_e7) * navi_geo_cos_q30 (middle) / (1 << 30);
}

/* A 1e-7 degree of latitude is 1.1119508 cm. */
guint64
navi_geo_distance_mm (gint32 lat_a_e7, gint32 lon_a_e7, gint32 lat_b_e7, gint32 lon_b_e7)
{
  gint64 east, north;

  difference (lat_a_e7, lon_a_e7, lat_b_e7, lon_b_e7, &east, &north);
  if (ABS (east) < 10000000 && ABS (north) < 10000000)
    {
      /* Up to one degree: sixteen times finer than the coordinates. */
      gint32 middle = (gint32) (((gint64) lat_a_e7 + lat_b_e7) / 2);
      east = navi_geo_lon_difference (lon_a_e7, lon_b_e7) * navi_geo_cos_q30 (middle) / (1 << 26);
      north *= 16;
      return (navi_geo_isqrt ((guint64) (east * east + north * north)) * 111195080 + 80000000) / 160000000;
    }
  return navi_geo_isqrt ((guint64) (east * east + north * north)) * 111195080 / 10000000;
}

/* The sector of the first eighth, 0 to 32, in which @side / @forward <= 1 lies. */
static guint
sector (guint64 side, guint64 forward)
{
  guint32 tangent;
  guint low = 0, high = 32;

  if (forward == 0)
    return 0;
  tangent = (guint32) (side * 65536 / forward);
  while (low < high)
    {
      guint middle = (low + high) / 2;
      if (tangent >= sector_tangents[middle])
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

guint8
navi_geo_bearing (gint32 lat_a_e7, gint32 lon_a_e7, gint32 lat_b_e7, gint32 lon_b_e7)
{
  gint64 east, north;
  guint64 x, y;
  guint angle;

  difference (lat_a_e7, lon_a_e7, lat_b_e7, lon_b_e7, &east, &north);
  x = (guint64) ABS (east);
  y = (guint64) ABS (north);
  angle = y >= x ? sector (x, y) : 64 - sector (y, x);
  if (north < 0)
    angle = 128 - angle;
  if (east < 0)
    angle = 256 - angle;
  return (guint8) angle;
}

gint
navi_geo_turn (guint8 from_bearing, guint8 to_bearing)
{
  return (gint8) (guint8) (to_bearing - from_bearing);
}
