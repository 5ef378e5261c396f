/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-map-builder.h"
#include "navi-map-cell.h"
#include "navi-map-sea.h"

#include "cloud-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

/* From the importer's features to the map's cells. */

/* A feature generalized for one level, as it lies in the spool file; strings and geometry follow. */
typedef struct
{
  guint8 kind;
  guint8 flags;
  gint8 layer;
  guint8 rank;
  guint32 name_bytes;
  guint32 ref_bytes;
  guint32 n_rings;
} SpoolHead;

/* That the feature at @offset touches a cell. */
typedef struct
{
  guint64 offset;
  gint32 row;
  gint32 col;
  guint8 level;
  guint8 kind;
} Entry;

struct _NaviMapBuilder
{
  int fd;
  GByteArray *pending; /* of the spool, not yet in the file */
  guint64 spooled;     /* bytes in the file */
  GArray *entries;
  NaviMapSea *sea;
  NaviMapRect bounds; /* of all that is drawn */
  GArray *simple;      /* scratch: a simplified ring */
  GArray *oriented;    /* scratch: the rings of an area, turned the right way */
  GArray *kept_points; /* scratch: the rings that stay on this level */
  GArray *kept_sizes;
};

enum
{
  SPOOL_FLUSH_BYTES = 1 << 20,
  COMPRESSION_LEVEL = 19,
  /* Half a pixel on the finest zoom that a level serves, when drawn at twice the pixels; the last level keeps a fifth of a metre. */
  SIMPLIFY_UNITS = 10,
  SIMPLIFY_UNITS_LAST = 2,
  /* Areas smaller than this in both directions are left out: about two pixels on the level's finest zoom. */
  MIN_AREA_UNITS = 80,
};

NaviMapBuilder *
navi_map_builder_new (const char *spool_dir, GError **error)
{
  NaviMapBuilder *self;
  int fd = open (spool_dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      /* Not every file system has O_TMPFILE. */
      g_autofree char *path = g_build_filename (spool_dir, ".navi-map-XXXXXX", NULL);

      fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
      if (fd >= 0)
        unlink (path);
    }
  if (fd < 0)
    {
      int saved = errno;

      g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (saved), "Cannot make a temporary file in %s: %s", spool_dir,
                   g_strerror (saved));
      return NULL;
    }
  self = g_new0 (NaviMapBuilder, 1);
  self->fd = fd;
  self->pending = g_byte_array_new ();
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  self->sea = navi_map_sea_new ();
  self->bounds = (NaviMapRect){ G_MAXINT64, G_MAXINT64, G_MININT64, G_MININT64 };
  self->simple = g_array_new (FALSE, FALSE, sizeof (NaviMapPoint));
  self->oriented = g_array_new (FALSE, FALSE, sizeof (NaviMapPoint));
  self->kept_points = g_array_new (FALSE, FALSE, sizeof (NaviMapPoint));
  self->kept_sizes = g_array_new (FALSE, FALSE, sizeof (guint));
  return self;
}

void
navi_map_builder_free (NaviMapBuilder *self)
{
  if (self == NULL)
    return;
  close (self->fd);
  g_byte_array_unref (self->pending);
  g_array_unref (self->entries);
  navi_map_sea_free (self->sea);
  g_array_unref (self->simple);
  g_array_unref (self->oriented);
  g_array_unref (self->kept_points);
  g_array_unref (self->kept_sizes);
  g_free (self);
}

static gboolean
flush_spool (NaviMapBuilder *self, GError **error)
{
  gsize done = 0;

  while (done < self->pending->len)
    {
      gssize n = write (self->fd, self->pending->data + done, self->pending->len - done);

      if (n < 0 && errno != EINTR)
        {
          int saved = errno;

          g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (saved), "Cannot write the temporary map data: %s",
                       g_strerror (saved));
          return FALSE;
        }
      done += n > 0 ? n : 0;
    }
  self->spooled += self->pending->len;
  g_byte_array_set_size (self->pending, 0);
  return TRUE;
}

/* ---- What is shown from which zoom on ---- */

static int
first_zoom_of_line (const NaviMapClass *class)
{
  gboolean minor = class->flags & NAVI_MAP_FLAG_MINOR;

  if (class->flags & NAVI_MAP_FLAG_LINK)
    return class->kind >= NAVI_MAP_ROAD_TRUNK ? 11 : 13;
  switch (class->kind)
    {
    case NAVI_MAP_ROAD_MOTORWAY:
    case NAVI_MAP_LINE_COAST:
    case NAVI_MAP_LINE_BORDER:
      return 5;
    case NAVI_MAP_ROAD_TRUNK:
      return 6;
    case NAVI_MAP_LINE_BORDER_STATE:
      return 7;
    case NAVI_MAP_ROAD_PRIMARY:
    case NAVI_MAP_LINE_RIVER:
    case NAVI_MAP_LINE_FERRY:
      return 8;
    case NAVI_MAP_LINE_RAIL:
      return minor ? 14 : 9;
    case NAVI_MAP_ROAD_SECONDARY:
      return 10;
    case NAVI_MAP_ROAD_TERTIARY:
    case NAVI_MAP_LINE_CANAL:
    case NAVI_MAP_LINE_RUNWAY:
      return 11;
    case NAVI_MAP_ROAD_UNCLASSIFIED:
    case NAVI_MAP_LINE_AERIALWAY:
      return 12;
    case NAVI_MAP_ROAD_RESIDENTIAL:
    case NAVI_MAP_ROAD_LIVING:
    case NAVI_MAP_ROAD_PEDESTRIAN:
    case NAVI_MAP_LINE_TRAM:
      return 13;
    case NAVI_MAP_LINE_STREAM:
      return minor ? 14 : 13;
    default:
      return 14;
    }
}

static int
first_zoom_of_area (const NaviMapClass *class)
{
  switch (class->kind)
    {
    case NAVI_MAP_AREA_WATER:
    case NAVI_MAP_AREA_ISLAND:
      return class->flags & NAVI_MAP_FLAG_MINOR ? 14 : 6;
    case NAVI_MAP_AREA_GLACIER:
    case NAVI_MAP_AREA_FOREST:
      return 8;
    case NAVI_MAP_AREA_RESIDENTIAL:
      return 9;
    case NAVI_MAP_AREA_COMMERCIAL:
    case NAVI_MAP_AREA_INDUSTRIAL:
    case NAVI_MAP_AREA_PARK:
    case NAVI_MAP_AREA_AERODROME:
      return 11;
    case NAVI_MAP_AREA_FARMLAND:
    case NAVI_MAP_AREA_GRASS:
    case NAVI_MAP_AREA_SAND:
    case NAVI_MAP_AREA_ROCK:
    case NAVI_MAP_AREA_WETLAND:
    case NAVI_MAP_AREA_CEMETERY:
    case NAVI_MAP_AREA_RUNWAY:
      return 12;
    case NAVI_MAP_AREA_INSTITUTION:
    case NAVI_MAP_AREA_PEDESTRIAN:
    case NAVI_MAP_AREA_PIER:
    case NAVI_MAP_AREA_PITCH:
      return 13;
    default:
      return 14;
    }
}

static int
first_zoom_of_point (const NaviMapClass *class)
{
  switch (class->kind)
    {
    case NAVI_MAP_PLACE_COUNTRY:
    case NAVI_MAP_PLACE_CITY:
      return 5;
    case NAVI_MAP_PLACE_TOWN:
      return 8;
    case NAVI_MAP_PLACE_VILLAGE:
    case NAVI_MAP_PLACE_ISLAND:
    case NAVI_MAP_POI_AIRPORT:
      return 10;
    case NAVI_MAP_PLACE_SUBURB:
    case NAVI_MAP_PEAK:
    case NAVI_MAP_LABEL_WATER:
      return 12;
    case NAVI_MAP_PLACE_HAMLET:
    case NAVI_MAP_POI_STATION:
    case NAVI_MAP_POI_HOSPITAL:
    case NAVI_MAP_LABEL_GREEN:
    case NAVI_MAP_JUNCTION:
      return 13;
    default:
      return 14;
    }
}

/* ---- Names ---- */

/* "name", or "name US en US zh" where a translation differs; (transfer full) (nullable). */
static char *
full_name (const NaviOsmTags *tags)
{
  const char *name = navi_osm_tag (tags, "name");
  const char *en = navi_osm_tag (tags, "name:en");
  const char *zh = navi_osm_tag (tags, "name:zh");

  if (zh == NULL)
    zh = navi_osm_tag (tags, "name:zh-Hans");
  if (name == NULL)
    name = en;
  if (name == NULL || strchr (name, '\x1f') != NULL)
    return NULL;
  if (g_strcmp0 (en, name) == 0)
    en = NULL;
  if (g_strcmp0 (zh, name) == 0)
    zh = NULL;
  if (en == NULL && zh == NULL)
    return g_strdup (name);
  return g_strdup_printf ("%s\x1f%s\x1f%s", name, en != NULL ? en : "", zh != NULL ? zh : "");
}

/* What a point's sign says: the name, a house number, the number of an exit, the height of a peak with its name. */
static char *
point_text (const NaviOsmTags *tags, const NaviMapClass *class)
{
  if (class->kind == NAVI_MAP_HOUSE_NUMBER)
    return g_strdup (navi_osm_tag (tags, "addr:housenumber"));
  if (class->kind == NAVI_MAP_JUNCTION)
    return g_strdup (navi_osm_tag (tags, "ref"));
  return full_name (tags);
}

/* ---- Spooling ---- */

static guint64
spool (NaviMapBuilder *self, const NaviMapClass *class, const char *name, const char *ref, const NaviMapPoint *points,
       const guint *ring_sizes, guint n_rings)
{
  guint64 offset = self->spooled + self->pending->len;
  SpoolHead head = { class->kind, class->flags, class->layer, class->rank, 0, 0, n_rings };
  guint total = 0;

  head.name_bytes = name != NULL ? (guint32) strlen (name) + 1 : 0;
  head.ref_bytes = ref != NULL ? (guint32) strlen (ref) + 1 : 0;
  for (guint i = 0; i < n_rings; i++)
    total += ring_sizes[i];
  g_byte_array_append (self->pending, (const guint8 *) &head, sizeof head);
  g_byte_array_append (self->pending, (const guint8 *) ring_sizes, n_rings * sizeof (guint));
  g_byte_array_append (self->pending, (const guint8 *) points, total * sizeof (NaviMapPoint));
  if (name != NULL)
    g_byte_array_append (self->pending, (const guint8 *) name, head.name_bytes);
  if (ref != NULL)
    g_byte_array_append (self->pending, (const guint8 *) ref, head.ref_bytes);
  while (self->pending->len % sizeof (guint64) != 0)
    g_byte_array_append (self->pending, (const guint8 *) "", 1);
  return offset;
}

static void
add_entry (NaviMapBuilder *self, int level, int kind, gint32 row, gint32 col, guint64 offset)
{
  Entry entry = { offset, row, col, (guint8) level, (guint8) kind };

  g_array_append_val (self->entries, entry);
}

/* The cells whose margins the box reaches. */
static void
cover_box (NaviMapBuilder *self, int level, int kind, const NaviMapRect *box, guint64 offset)
{
  gint64 margin = (gint64) NAVI_MAP_CELL_MARGIN * navi_map_levels[level].unit_e7;
  gint32 row_to = navi_map_cell_row (level, box->north_e7 + margin);
  gint32 col_to = navi_map_cell_col (level, box->east_e7 + margin);

  for (gint32 row = navi_map_cell_row (level, box->south_e7 - margin); row <= row_to; row++)
    for (gint32 col = navi_map_cell_col (level, box->west_e7 - margin); col <= col_to; col++)
      add_entry (self, level, kind, row, col, offset);
}

static void
grow (NaviMapRect *box, NaviMapPoint p)
{
  box->south_e7 = MIN (box->south_e7, p.lat_e7);
  box->north_e7 = MAX (box->north_e7, p.lat_e7);
  box->west_e7 = MIN (box->west_e7, p.lon_e7);
  box->east_e7 = MAX (box->east_e7, p.lon_e7);
}

static NaviMapRect
box_of (const NaviMapPoint *points, guint n)
{
  NaviMapRect box = { points[0].lat_e7, points[0].lon_e7, points[0].lat_e7, points[0].lon_e7 };

  for (guint i = 1; i < n; i++)
    grow (&box, points[i]);
  return box;
}

gboolean
navi_map_builder_add_node (NaviMapBuilder *self, NaviMapPoint at, const NaviOsmTags *tags, GError **error)
{
  static const guint one = 1;
  NaviMapClass class;
  g_autofree char *name = NULL;
  guint64 offset;
  int first_zoom;

  if (tags->n_items == 0 || !navi_map_classify_point (tags, &class))
    return TRUE;
  name = point_text (tags, &class);
  first_zoom = first_zoom_of_point (&class);
  offset = spool (self, &class, name, NULL, &at, &one, 1);
  for (int level = 0; level < NAVI_MAP_N_LEVELS; level++)
    if (navi_map_levels[level].max_zoom >= first_zoom)
      add_entry (self, level, class.kind, navi_map_cell_row (level, at.lat_e7), navi_map_cell_col (level, at.lon_e7), offset);
  return self->pending->len < SPOOL_FLUSH_BYTES || flush_spool (self, error);
}

static gint32
tolerance_e7 (int level)
{
  int units = level == NAVI_MAP_N_LEVELS - 1 ? SIMPLIFY_UNITS_LAST : SIMPLIFY_UNITS;

  return units * navi_map_levels[level].unit_e7;
}

/* A long road crosses many cells of its bounding box without touching most: enter it piece by piece. */
static void
cover_line (NaviMapBuilder *self, int level, int kind, const NaviMapPoint *points, guint n, guint64 offset)
{
  guint first_entry = self->entries->len;
  NaviMapRect box = box_of (points, n);
  gint64 cell = navi_map_cell_size_e7 (level);

  if (box.north_e7 - box.south_e7 < cell && box.east_e7 - box.west_e7 < cell)
    {
      cover_box (self, level, kind, &box, offset);
      return;
    }
  for (guint i = 1; i < n; i++)
    {
      NaviMapRect segment = box_of (points + i - 1, 2);
      guint before = self->entries->len;

      cover_box (self, level, kind, &segment, offset);
      /* Drop what the feature has already; neighbouring segments share nearly all. */
      for (guint e = before; e < self->entries->len;)
        {
          const Entry *new_entry = &g_array_index (self->entries, Entry, e);
          gboolean known = FALSE;

          for (guint old = before; old-- > first_entry && !known;)
            {
              const Entry *entry = &g_array_index (self->entries, Entry, old);

              known = entry->row == new_entry->row && entry->col == new_entry->col;
            }
          if (known)
            g_array_remove_index_fast (self->entries, e);
          else
            e++;
        }
    }
}

gboolean
navi_map_builder_add_line (NaviMapBuilder *self, const NaviMapPoint *points, guint n, const NaviOsmTags *tags, GError **error)
{
  NaviMapClass class;
  g_autofree char *name = NULL;
  const char *ref = NULL;
  int first_zoom;

  if (n < 2 || !navi_map_classify_line (tags, &class))
    return TRUE;
  first_zoom = first_zoom_of_line (&class);
  name = full_name (tags);
  for (guint i = 0; i < n; i++)
    grow (&self->bounds, points[i]);
  if (class.kind == NAVI_MAP_LINE_COAST)
    navi_map_sea_add (self->sea, points, n);
  if (class.kind >= NAVI_MAP_ROAD_TERTIARY && navi_map_kind_is_road (class.kind))
    ref = navi_osm_tag (tags, "ref");
  for (int level = 0; level < NAVI_MAP_N_LEVELS; level++)
    {
      guint64 offset;
      guint kept;

      if (navi_map_levels[level].max_zoom < first_zoom)
        continue;
      navi_map_simplify (points, n, tolerance_e7 (level), self->simple);
      kept = self->simple->len;
      offset = spool (self, &class, name, ref, (NaviMapPoint *) (void *) self->simple->data, &kept, 1);
      cover_line (self, level, class.kind, (NaviMapPoint *) (void *) self->simple->data, kept, offset);
    }
  return self->pending->len < SPOOL_FLUSH_BYTES || flush_spool (self, error);
}

static double
signed_area (const NaviMapPoint *points, guint n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    {
      NaviMapPoint a = points[i];
      NaviMapPoint b = points[i + 1 < n ? i + 1 : 0];

      sum += ((double) a.lon_e7 - points[0].lon_e7) * ((double) b.lat_e7 - points[0].lat_e7) -
             ((double) b.lon_e7 - points[0].lon_e7) * ((double) a.lat_e7 - points[0].lat_e7);
    }
  return sum;
}

static gboolean
contains (const NaviMapPoint *points, guint n, NaviMapPoint p)
{
  gboolean in = FALSE;

  for (guint i = 0; i < n; i++)
    {
      NaviMapPoint a = points[i > 0 ? i - 1 : n - 1];
      NaviMapPoint b = points[i];

      if ((a.lat_e7 > p.lat_e7) != (b.lat_e7 > p.lat_e7) &&
          p.lon_e7 < a.lon_e7 + ((gint64) b.lon_e7 - a.lon_e7) * ((gint64) p.lat_e7 - a.lat_e7) / ((gint64) b.lat_e7 - a.lat_e7))
        in = !in;
    }
  return in;
}

/* Outer rings run against the clock and inner ones with it, so that any number of areas can be filled at once by the non-zero rule.
 * A ring is an inner one if it lies in an odd number of the others.  Replaces oriented. */
static const NaviMapPoint *
orient_rings (NaviMapBuilder *self, const NaviMapPoint *points, const guint *ring_sizes, guint n_rings)
{
  const NaviMapPoint *ring = points;

  g_array_set_size (self->oriented, 0);
  for (guint i = 0; i < n_rings; ring += ring_sizes[i], i++)
    {
      const NaviMapPoint *other = points;
      gboolean inner = FALSE;
      gboolean against_clock = signed_area (ring, ring_sizes[i]) > 0;

      for (guint k = 0; k < n_rings; other += ring_sizes[k], k++)
        if (k != i && ring_sizes[i] > 0 && contains (other, ring_sizes[k], ring[0]))
          inner = !inner;
      if (against_clock != inner)
        g_array_append_vals (self->oriented, ring, ring_sizes[i]);
      else
        for (guint k = ring_sizes[i]; k-- > 0;)
          g_array_append_val (self->oriented, ring[k]);
    }
  return (const NaviMapPoint *) (void *) self->oriented->data;
}

/* Simplifies each ring for @level into kept_points and kept_sizes; FALSE if nothing is large enough to show. */
static gboolean
keep_rings (NaviMapBuilder *self, int level, const NaviMapPoint *points, const guint *ring_sizes, guint n_rings)
{
  gint64 least = level == NAVI_MAP_N_LEVELS - 1 ? 0 : (gint64) MIN_AREA_UNITS * navi_map_levels[level].unit_e7;

  g_array_set_size (self->kept_points, 0);
  g_array_set_size (self->kept_sizes, 0);
  for (guint i = 0; i < n_rings; points += ring_sizes[i], i++)
    {
      NaviMapRect box;

      if (ring_sizes[i] < 3)
        continue;
      box = box_of (points, ring_sizes[i]);
      if (box.north_e7 - box.south_e7 < least && box.east_e7 - box.west_e7 < least)
        {
          if (i == 0 && n_rings == 1)
            return FALSE;
          continue;
        }
      navi_map_simplify (points, ring_sizes[i], tolerance_e7 (level), self->simple);
      if (self->simple->len < 3)
        continue;
      g_array_append_vals (self->kept_points, self->simple->data, self->simple->len);
      g_array_append_val (self->kept_sizes, self->simple->len);
    }
  return self->kept_sizes->len > 0;
}

gboolean
navi_map_builder_add_area (NaviMapBuilder *self, const NaviMapPoint *points, const guint *ring_sizes, guint n_rings,
                           const NaviOsmTags *tags, GError **error)
{
  NaviMapClass class;
  NaviMapClass sign;

  if (n_rings == 0 || ring_sizes[0] < 3)
    return TRUE;
  if (navi_map_classify_point (tags, &sign) &&
      !navi_map_builder_add_node (self, navi_map_label_point (points, ring_sizes[0]), tags, error))
    return FALSE;
  if (!navi_map_classify_area (tags, &class))
    return TRUE;
  points = orient_rings (self, points, ring_sizes, n_rings);
  for (int level = 0; level < NAVI_MAP_N_LEVELS; level++)
    {
      const NaviMapPoint *kept;
      NaviMapRect box;
      guint64 offset;

      if (navi_map_levels[level].max_zoom < first_zoom_of_area (&class) || !keep_rings (self, level, points, ring_sizes, n_rings))
        continue;
      kept = (NaviMapPoint *) (void *) self->kept_points->data;
      box = box_of (kept, self->kept_points->len);
      offset = spool (self, &class, NULL, NULL, kept, (guint *) (void *) self->kept_sizes->data, self->kept_sizes->len);
      cover_box (self, level, class.kind, &box, offset);
    }
  return self->pending->len < SPOOL_FLUSH_BYTES || flush_spool (self, error);
}

/* ---- Writing the cells ---- */

typedef struct
{
  NaviMapCellWriter *writer;
  NaviMapRect rect; /* the cell with its margin */
  gint64 south_e7;
  gint64 west_e7;
  gint32 unit_e7;
  GArray *clipped;
  GArray *scratch;
  GArray *xy;
  GArray *parts;       /* points (NaviMapXY) of the rings of the current feature */
  GArray *part_sizes;
} CellJob;

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *x = a;
  const Entry *y = b;

#define BY(field)                                                                                                                          \
  if (x->field != y->field)                                                                                                                \
  return x->field < y->field ? -1 : 1
  BY (level);
  BY (row);
  BY (col);
  BY (kind);
  BY (offset);
#undef BY
  return 0;
}

static gint32
to_units (gint64 value_e7, gint64 origin_e7, gint32 unit_e7)
{
  gint64 d = value_e7 - origin_e7;

  /* Round to the nearest, halves up, also below zero. */
  return (gint32) ((d + unit_e7 / 2 + (gint64) unit_e7 * 4 * NAVI_MAP_CELL_UNITS) / unit_e7 - 4 * NAVI_MAP_CELL_UNITS);
}

static NaviMapXY
to_xy (const CellJob *job, NaviMapPoint p)
{
  return (NaviMapXY){ to_units (p.lon_e7, job->west_e7, job->unit_e7), to_units (p.lat_e7, job->south_e7, job->unit_e7) };
}

/* Adds the points as one ring of the current feature, those dropped that fall on their predecessor; at least @least must remain. */
static void
add_part (CellJob *job, const NaviMapPoint *points, guint n, guint least)
{
  guint first = job->parts->len;
  guint kept;

  for (guint i = 0; i < n; i++)
    {
      NaviMapXY xy = to_xy (job, points[i]);
      const NaviMapXY *last = job->parts->len > first ? &g_array_index (job->parts, NaviMapXY, job->parts->len - 1) : NULL;

      if (last == NULL || last->x != xy.x || last->y != xy.y)
        g_array_append_val (job->parts, xy);
    }
  kept = job->parts->len - first;
  if (kept < least)
    g_array_set_size (job->parts, first);
  else
    g_array_append_val (job->part_sizes, kept);
}

static void
on_line_part (const NaviMapPoint *points, guint n, gpointer user_data)
{
  add_part (user_data, points, n, 2);
}

static void
write_feature (CellJob *job, const guint8 *record)
{
  SpoolHead head;
  const guint *sizes = (const guint *) (const void *) (record + sizeof head);
  const NaviMapPoint *points;
  const char *name;
  const char *ref;
  NaviMapClass class;
  guint total = 0;

  memcpy (&head, record, sizeof head);
  for (guint i = 0; i < head.n_rings; i++)
    total += sizes[i];
  points = (const NaviMapPoint *) (const void *) (sizes + head.n_rings);
  name = head.name_bytes > 0 ? (const char *) (points + total) : NULL;
  ref = head.ref_bytes > 0 ? (const char *) (points + total) + head.name_bytes : NULL;
  class = (NaviMapClass){ head.kind, head.flags, head.layer, head.rank };

  if (navi_map_kind_is_point (head.kind))
    {
      navi_map_cell_writer_add_point (job->writer, &class, name, to_xy (job, points[0]));
      return;
    }
  g_array_set_size (job->parts, 0);
  g_array_set_size (job->part_sizes, 0);
  if (navi_map_kind_is_area (head.kind))
    for (guint i = 0; i < head.n_rings; points += sizes[i], i++)
      {
        navi_map_clip_ring (points, sizes[i], &job->rect, job->clipped, job->scratch);
        add_part (job, (NaviMapPoint *) (void *) job->clipped->data, job->clipped->len, 3);
      }
  else
    navi_map_clip_line (points, total, &job->rect, job->scratch, on_line_part, job);
  if (job->part_sizes->len == 0)
    return;
  navi_map_cell_writer_begin (job->writer, &class, name, ref, job->part_sizes->len);
  for (guint i = 0, at = 0; i < job->part_sizes->len; i++)
    {
      guint n = g_array_index (job->part_sizes, guint, i);

      navi_map_cell_writer_add_ring (job->writer, &g_array_index (job->parts, NaviMapXY, at), n);
      at += n;
    }
}

static void
append_u32 (GByteArray *out, guint32 value)
{
  value = GUINT32_TO_LE (value);
  g_byte_array_append (out, (const guint8 *) &value, sizeof value);
}

static void
append_u64 (GByteArray *out, guint64 value)
{
  value = GUINT64_TO_LE (value);
  g_byte_array_append (out, (const guint8 *) &value, sizeof value);
}

typedef struct
{
  ZSTD_CCtx *zstd;
  GByteArray *index;
  guint64 offset;
  guint32 n_cells;
  NaviMapWriteFunc write;
  gpointer user_data;
} Output;

static gboolean
write_cell (Output *out, const Entry *entry, const GByteArray *block, GError **error)
{
  gsize bound = ZSTD_compressBound (block->len);
  g_autofree guint8 *packed = g_malloc (bound);
  gsize n = ZSTD_compress2 (out->zstd, packed, bound, block->data, block->len);

  g_assert (!ZSTD_isError (n));
  append_u32 (out->index, entry->level);
  append_u32 (out->index, entry->row);
  append_u32 (out->index, entry->col);
  append_u32 (out->index, (guint32) n);
  append_u64 (out->index, out->offset);
  out->offset += n;
  out->n_cells++;
  return out->write (packed, n, out->user_data, error);
}

static void
begin_cell (CellJob *job, const Entry *entry)
{
  gint64 margin;

  job->unit_e7 = navi_map_levels[entry->level].unit_e7;
  job->south_e7 = navi_map_cell_south_e7 (entry->level, entry->row);
  job->west_e7 = navi_map_cell_west_e7 (entry->level, entry->col);
  margin = (gint64) NAVI_MAP_CELL_MARGIN * job->unit_e7;
  job->rect = (NaviMapRect){ job->south_e7 - margin, job->west_e7 - margin,
                             job->south_e7 + navi_map_cell_size_e7 (entry->level) + margin,
                             job->west_e7 + navi_map_cell_size_e7 (entry->level) + margin };
}

static gboolean
write_cells (NaviMapBuilder *self, const guint8 *spooled, CellJob *job, Output *out, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < self->entries->len;)
    {
      const Entry *first = &g_array_index (self->entries, Entry, i);
      const Entry *entry = first;
      g_autoptr (GByteArray) block = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      begin_cell (job, first);
      while (i < self->entries->len && entry->level == first->level && entry->row == first->row && entry->col == first->col)
        {
          write_feature (job, spooled + entry->offset);
          if (++i < self->entries->len)
            entry = &g_array_index (self->entries, Entry, i);
        }
      block = navi_map_cell_writer_finish (job->writer);
      if (block != NULL && !write_cell (out, first, block, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_all (NaviMapBuilder *self, const guint8 *spooled, Output *out, GCancellable *cancellable, GError **error)
{
  CellJob job = { 0 };
  gboolean ok;

  job.writer = navi_map_cell_writer_new ();
  job.clipped = g_array_new (FALSE, FALSE, sizeof (NaviMapPoint));
  job.scratch = g_array_new (FALSE, FALSE, sizeof (NaviMapPoint));
  job.parts = g_array_new (FALSE, FALSE, sizeof (NaviMapXY));
  job.part_sizes = g_array_new (FALSE, FALSE, sizeof (guint));
  ok = write_cells (self, spooled, &job, out, cancellable, error);
  navi_map_cell_writer_free (job.writer);
  g_array_unref (job.clipped);
  g_array_unref (job.scratch);
  g_array_unref (job.parts);
  g_array_unref (job.part_sizes);
  return ok;
}

typedef struct
{
  NaviMapBuilder *builder;
  int level;
} SeaJob;

static void
on_sea_cell (gint32 row, gint32 col, const NaviMapPoint *points, const guint *ring_sizes, guint n_rings, gpointer user_data)
{
  static const NaviMapClass water = { .kind = NAVI_MAP_AREA_WATER };
  SeaJob *job = user_data;

  add_entry (job->builder, job->level, water.kind, row, col, spool (job->builder, &water, NULL, NULL, points, ring_sizes, n_rings));
}

static gboolean
add_sea (NaviMapBuilder *self, GError **error)
{
  for (int level = 0; level < NAVI_MAP_N_LEVELS; level++)
    {
      SeaJob job = { self, level };

      navi_map_sea_build (self->sea, level, &self->bounds, tolerance_e7 (level), on_sea_cell, &job);
      if (!flush_spool (self, error))
        return FALSE;
    }
  return TRUE;
}

GBytes *
navi_map_builder_finish (NaviMapBuilder *self, NaviMapWriteFunc write, gpointer user_data, GCancellable *cancellable, GError **error)
{
  Output out = { .write = write, .user_data = user_data };
  guint8 *spooled = NULL;
  gboolean ok;

  g_return_val_if_fail (self != NULL && write != NULL, NULL);

  if (!add_sea (self, error))
    return NULL;
  g_array_sort (self->entries, compare_entries);
  if (self->spooled > 0)
    {
      spooled = mmap (NULL, self->spooled, PROT_READ, MAP_SHARED, self->fd, 0);
      if (spooled == MAP_FAILED)
        {
          g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NO_SPACE, "Cannot map the temporary map data: %s", g_strerror (errno));
          return NULL;
        }
    }
  out.zstd = ZSTD_createCCtx ();
  ZSTD_CCtx_setParameter (out.zstd, ZSTD_c_compressionLevel, COMPRESSION_LEVEL);
  ZSTD_CCtx_setParameter (out.zstd, ZSTD_c_checksumFlag, 1);
  out.index = g_byte_array_new ();
  append_u32 (out.index, 0);
  append_u32 (out.index, 0);
  ok = write_all (self, spooled, &out, cancellable, error);
  if (spooled != NULL)
    munmap (spooled, self->spooled);
  ZSTD_freeCCtx (out.zstd);
  out.n_cells = GUINT32_TO_LE (out.n_cells);
  memcpy (out.index->data, &out.n_cells, sizeof out.n_cells);
  if (!ok)
    {
      g_byte_array_unref (out.index);
      return NULL;
    }
  return g_byte_array_free_to_bytes (out.index);
}
