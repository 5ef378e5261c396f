/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi"

#include "navi-geo.h"

#include <math.h>

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

/* tan ((k + 1/2) / 256 of a turn), times 2^32: where the sectors of the first eighth meet. */
static const guint32 sector_tangents[32] = {
  52709825U, 158193013U, 263867125U, 369860470U, 476302903U, 583326475U,
  691066090U, 799660202U, 909251552U, 1019987941U, 1132023069U, 1245517435U,
  1360639313U, 1477565823U, 1596484109U, 1717592634U, 1841102627U, 1967239691U,
  2096245606U, 2228380366U, 2363924468U, 2503181524U, 2646481221U, 2794182724U,
  2946678568U, 3104399153U, 3267817948U, 3437457531U, 3613896654U, 3797778511U,
  3989820493U, 4190825720U,
};

guint64
navi_geo_isqrt (guint64 value)
{
  /* A square root is rounded exactly wherever floating point follows IEEE 754; and whatever it gives is put right. */
  guint64 root = MIN ((guint64) sqrt ((double) value), G_MAXUINT32);

  while (root * root > value)
    root--;
  while (root < G_MAXUINT32 && (root + 1) * (root + 1) <= value)
    root++;
  return root;
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
  guint64 tangent;
  guint low = 0, high = 32;

  if (forward == 0)
    return 0;
  tangent = (side << 32) / forward; /* side is below 2^32 */
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
  gint32 middle = (gint32) (((gint64) lat_a_e7 + lat_b_e7) / 2);
  gint64 north = (gint64) lat_b_e7 - lat_a_e7, lon = navi_geo_lon_difference (lon_a_e7, lon_b_e7);
  gint64 scale = ABS (lon) < 10000000 && ABS (north) < 10000000 ? 256 : 1;
  gint64 east = lon * navi_geo_cos_q30 (middle) / ((1 << 30) / scale);
  guint64 x, y;
  guint angle;

  north *= scale;
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
