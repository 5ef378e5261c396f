/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-map-builder-private.h"
#include "navi-map-detail.h"

#include "cloud-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Gathers the importer's features. */

enum
{
  SPOOL_FLUSH_BYTES = 1 << 20,
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
  self->entries = g_array_new (FALSE, FALSE, sizeof (NaviMapEntry));
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

gboolean
navi_map_builder_flush (NaviMapBuilder *self, GError **error)
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

guint64
navi_map_builder_spool (NaviMapBuilder *self, const NaviMapClass *class, const char *name, const char *ref,
                        const NaviMapPoint *points, const guint *ring_sizes, guint n_rings)
{
  guint64 offset = self->spooled + self->pending->len;
  NaviMapSpoolHead head = { class->kind, class->flags, class->layer, class->rank, 0, 0, n_rings };
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

void
navi_map_builder_add_entry (NaviMapBuilder *self, int level, int kind, gint32 row, gint32 col, guint64 offset)
{
  NaviMapEntry entry = { offset, row, col, (guint8) level, (guint8) kind };

  g_array_append_val (self->entries, entry);
}

/* The cells that the box reaches. */
static void
cover_box (NaviMapBuilder *self, int level, int kind, const NaviMapRect *box, guint64 offset)
{
  gint32 row_to = navi_map_cell_row (level, box->north_e7);
  gint32 col_to = navi_map_cell_col (level, box->east_e7);

  for (gint32 row = navi_map_cell_row (level, box->south_e7); row <= row_to; row++)
    for (gint32 col = navi_map_cell_col (level, box->west_e7); col <= col_to; col++)
      navi_map_builder_add_entry (self, level, kind, row, col, offset);
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
  first_zoom = navi_map_first_zoom_of_point (&class);
  offset = navi_map_builder_spool (self, &class, name, NULL, &at, &one, 1);
  for (int level = 0; level < NAVI_MAP_N_LEVELS; level++)
    if (navi_map_levels[level].max_zoom >= first_zoom)
      navi_map_builder_add_entry (self, level, class.kind, navi_map_cell_row (level, at.lat_e7), navi_map_cell_col (level, at.lon_e7), offset);
  return self->pending->len < SPOOL_FLUSH_BYTES || navi_map_builder_flush (self, error);
}

gint32
navi_map_tolerance_e7 (int level)
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
          const NaviMapEntry *new_entry = &g_array_index (self->entries, NaviMapEntry, e);
          gboolean known = FALSE;

          for (guint old = before; old-- > first_entry && !known;)
            {
              const NaviMapEntry *entry = &g_array_index (self->entries, NaviMapEntry, old);

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
  guint64 offset;
  int first_zoom;

  if (n < 2 || !navi_map_classify_line (tags, &class))
    return TRUE;
  first_zoom = navi_map_first_zoom_of_line (&class);
  name = navi_map_has_name (&class, NAVI_MAP_N_LEVELS - 1) ? full_name (tags) : NULL;
  for (guint i = 0; i < n; i++)
    grow (&self->bounds, points[i]);
  if (class.kind == NAVI_MAP_LINE_COAST)
    navi_map_sea_add (self->sea, points, n);
  if (navi_map_has_ref (&class, NAVI_MAP_N_LEVELS - 1))
    ref = navi_osm_tag (tags, "ref");
  /* Whole: lines are joined before they are simplified. */
  offset = navi_map_builder_spool (self, &class, name, ref, points, &n, 1);
  for (int level = 0; level < NAVI_MAP_N_LEVELS; level++)
    if (navi_map_levels[level].max_zoom >= first_zoom)
      cover_line (self, level, class.kind, points, n, offset);
  return self->pending->len < SPOOL_FLUSH_BYTES || navi_map_builder_flush (self, error);
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
      gboolean against_clock = navi_map_signed_area (ring, ring_sizes[i]) > 0;

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
      navi_map_simplify (points, ring_sizes[i], navi_map_tolerance_e7 (level), self->simple);
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

      if (navi_map_levels[level].max_zoom < navi_map_first_zoom_of_area (&class) || !keep_rings (self, level, points, ring_sizes, n_rings))
        continue;
      kept = (NaviMapPoint *) (void *) self->kept_points->data;
      box = box_of (kept, self->kept_points->len);
      offset = navi_map_builder_spool (self, &class, NULL, NULL, kept, (guint *) (void *) self->kept_sizes->data, self->kept_sizes->len);
      cover_box (self, level, class.kind, &box, offset);
    }
  return self->pending->len < SPOOL_FLUSH_BYTES || navi_map_builder_flush (self, error);
}

