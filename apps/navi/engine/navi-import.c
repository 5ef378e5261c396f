/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-import.h"
#include "navi-import-map.h"
#include "navi-import-passes.h"
#include "navi-multipolygon.h"

#include "config.h"

#include "cloud-error.h"

/* Runs the import: reads the file three times (what is there, where it is, what it is made of) and lets the passes build their sections.
 *
 * Memory is bounded by the nodes that ways use (16 bytes each), whatever their ids are, and by what the passes keep. */

static NaviImportPass *(*const pass_constructors[]) (const char *spool_dir, GError **error) = {
  navi_import_map_new,
  navi_places_pass_new,
  navi_roads_pass_new,
};

enum
{
  N_PASSES = G_N_ELEMENTS (pass_constructors),
  FIRST_COMPACTION = 1 << 18,
  N_BANDS = 360,
};

/* How far west and east a one-degree band of longitude is filled. */
typedef struct
{
  gint32 west;
  gint32 east;
  gboolean is_used;
} Band;

typedef struct
{
  NaviOsmReader *reader;
  NaviImportPass *passes[N_PASSES];
  NaviMultipolygons *areas;
  GArray *ids; /* gint64: the nodes that ways use, sorted after the first reading */
  guint compact_at;
  gint32 *lats;
  gint32 *lons;
  guint cursor; /* where the next node of a sorted file is found */
  GArray *points;
  gint32 south;
  gint32 north;
  Band bands[N_BANDS];
  NaviImportProgress progress;
  gpointer progress_data;
  double done_before;
  double done_share;
  GError *area_error;
} Import;

static gint
compare_ids (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;
  return left < right ? -1 : left > right;
}

static void
compact_ids (Import *import)
{
  gint64 *ids = (gint64 *) import->ids->data;
  guint kept = 0;

  qsort (ids, import->ids->len, sizeof (gint64), compare_ids);
  for (guint i = 0; i < import->ids->len; i++)
    if (kept == 0 || ids[kept - 1] != ids[i])
      ids[kept++] = ids[i];
  g_array_set_size (import->ids, kept);
  import->compact_at = MAX (FIRST_COMPACTION, kept + kept / 2);
}

static guint32
find_node (Import *import, gint64 id)
{
  const gint64 *ids = (const gint64 *) import->ids->data;
  guint low = 0, high = import->ids->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (ids[middle] == id)
        return middle;
      if (ids[middle] < id)
        low = middle + 1;
      else
        high = middle;
    }
  return NAVI_IMPORT_NO_NODE;
}

/* As find_node(), but at once where nodes come in the order of their ids. */
static guint32
find_next_node (Import *import, gint64 id)
{
  const gint64 *ids = (const gint64 *) import->ids->data;
  guint at = import->cursor;

  for (guint steps = 0; at < import->ids->len && steps < 8; at++, steps++)
    {
      if (ids[at] == id)
        {
          import->cursor = at + 1;
          return at;
        }
      if (ids[at] > id && (at == 0 || ids[at - 1] < id))
        {
          import->cursor = at;
          return NAVI_IMPORT_NO_NODE;
        }
    }
  at = find_node (import, id);
  if (at != NAVI_IMPORT_NO_NODE)
    import->cursor = at + 1;
  return at;
}

static void
extend_bounds (Import *import, gint32 lat_e7, gint32 lon_e7)
{
  Band *band = &import->bands[MIN ((lon_e7 + G_GINT64_CONSTANT (1800000000)) / 10000000, N_BANDS - 1)];

  import->south = MIN (import->south, lat_e7);
  import->north = MAX (import->north, lat_e7);
  band->west = band->is_used ? MIN (band->west, lon_e7) : lon_e7;
  band->east = band->is_used ? MAX (band->east, lon_e7) : lon_e7;
  band->is_used = TRUE;
}

/* The bounds begin after the widest stretch of longitude that holds nothing, so that they may cross the antimeridian. */
static char *
format_bounds (Import *import)
{
  guint best_gap = 0, first = N_BANDS, run = 0;

  for (guint i = 0; i < 2 * N_BANDS; i++)
    {
      if (!import->bands[i % N_BANDS].is_used)
        {
          run++;
          continue;
        }
      if (first == N_BANDS || run > best_gap)
        {
          first = i % N_BANDS;
          best_gap = i < N_BANDS && run == i ? 0 : run;
        }
      run = 0;
    }
  if (first == N_BANDS)
    return NULL;
  for (guint i = N_BANDS; i-- > 0;)
    {
      const Band *last = &import->bands[(first + i) % N_BANDS];
      if (last->is_used)
        return g_strdup_printf ("%d,%d,%d,%d", import->bands[first].west, import->south, last->east, import->north);
    }
  return NULL;
}

static gboolean
on_first_way (const NaviOsmWay *way, gpointer user_data, GError **error)
{
  Import *import = user_data;

  g_array_append_vals (import->ids, way->refs, way->n_refs);
  if (import->ids->len >= import->compact_at)
    compact_ids (import);
  if (import->ids->len >= NAVI_IMPORT_NO_NODE / 4)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_TOO_LARGE, "The file has too many nodes: import a smaller extract");
      return FALSE;
    }
  return TRUE;
}

static gboolean
on_relation (const NaviOsmRelation *relation, gpointer user_data, GError **error)
{
  Import *import = user_data;

  navi_multipolygons_add_relation (import->areas, relation);
  for (guint i = 0; i < N_PASSES; i++)
    if (import->passes[i]->relation != NULL && !import->passes[i]->relation (import->passes[i], relation, error))
      return FALSE;
  return TRUE;
}

static gboolean
on_node (const NaviOsmNode *node, gpointer user_data, GError **error)
{
  Import *import = user_data;
  NaviImportNode shown = { node->id, find_next_node (import, node->id), node->lat_e7, node->lon_e7, node->tags };

  if (shown.index != NAVI_IMPORT_NO_NODE)
    {
      import->lats[shown.index] = node->lat_e7;
      import->lons[shown.index] = node->lon_e7;
    }
  if (shown.index != NAVI_IMPORT_NO_NODE || node->tags.n_items > 0)
    extend_bounds (import, node->lat_e7, node->lon_e7);
  for (guint i = 0; i < N_PASSES && node->tags.n_items > 0; i++)
    if (import->passes[i]->node != NULL && !import->passes[i]->node (import->passes[i], &shown, error))
      return FALSE;
  return TRUE;
}

static gboolean
show_way (Import *import, const NaviOsmWay *way, gboolean is_complete, GError **error)
{
  const NaviImportPoint *points = (const NaviImportPoint *) import->points->data;
  guint n_points = import->points->len;
  NaviImportWay shown = { .id = way->id, .points = points, .n_points = n_points, .is_complete = is_complete, .tags = way->tags };

  if (n_points < 2)
    return TRUE;
  shown.node_ids = (const gint64 *) import->ids->data;
  shown.is_closed = is_complete && n_points >= 4 && points[0].index == points[n_points - 1].index;
  shown.is_outer_of_area = is_complete && navi_multipolygons_add_way (import->areas, way, points, n_points);
  if (way->tags.n_items == 0)
    return TRUE;
  for (guint i = 0; i < N_PASSES; i++)
    if (import->passes[i]->way != NULL && !import->passes[i]->way (import->passes[i], &shown, error))
      return FALSE;
  return TRUE;
}

static gboolean
on_second_way (const NaviOsmWay *way, gpointer user_data, GError **error)
{
  Import *import = user_data;
  gboolean is_complete = TRUE;

  g_array_set_size (import->points, 0);
  for (guint i = 0; i < way->n_refs; i++)
    {
      NaviImportPoint point = { .index = find_next_node (import, way->refs[i]) };
      g_assert (point.index != NAVI_IMPORT_NO_NODE);
      point.lat_e7 = import->lats[point.index];
      point.lon_e7 = import->lons[point.index];
      if (point.lat_e7 != G_MAXINT32)
        {
          /* Some ways name a node twice in a row. */
          if (import->points->len == 0 || g_array_index (import->points, NaviImportPoint, import->points->len - 1).index != point.index)
            g_array_append_val (import->points, point);
          continue;
        }
      is_complete = FALSE;
      if (!show_way (import, way, FALSE, error))
        return FALSE;
      g_array_set_size (import->points, 0);
    }
  return show_way (import, way, is_complete, error);
}

static gboolean
on_area (const NaviImportArea *area, gpointer user_data)
{
  Import *import = user_data;

  for (guint i = 0; i < N_PASSES; i++)
    if (import->passes[i]->area != NULL && !import->passes[i]->area (import->passes[i], area, &import->area_error))
      return FALSE;
  return TRUE;
}

static void
on_progress (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  Import *import = user_data;

  if (import->progress != NULL)
    import->progress ("reading", import->done_before + import->done_share * (double) done_bytes / (double) MAX (total_bytes, 1),
                      import->progress_data);
}

static void
begin_phase (Import *import, double done, double share)
{
  import->done_before = done;
  import->done_share = share;
}

static gboolean
make_passes (Import *import, const char *out, GError **error)
{
  g_autofree char *spool_dir = g_path_get_dirname (out);

  for (guint i = 0; i < N_PASSES; i++)
    {
      import->passes[i] = pass_constructors[i](spool_dir, error);
      if (import->passes[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

/* What the passes leave of the time. */
static double
reading_share (const Import *import)
{
  guint share = 100;

  for (guint i = 0; i < N_PASSES; i++)
    share -= import->passes[i]->share;
  return share / 100.0;
}

static gboolean
read_all (Import *import, GCancellable *cancellable, GError **error)
{
  const NaviOsmHandler first = { .way = on_first_way, .relation = on_relation };
  const NaviOsmHandler second = { .node = on_node };
  const NaviOsmHandler third = { .way = on_second_way };
  double share = reading_share (import);

  begin_phase (import, 0.0, 0.2 * share);
  if (!navi_osm_reader_run (import->reader, &first, import, cancellable, error))
    return FALSE;
  compact_ids (import);
  navi_multipolygons_end_relations (import->areas);
  import->lats = g_new (gint32, import->ids->len + 1);
  import->lons = g_new (gint32, import->ids->len + 1);
  for (guint i = 0; i < import->ids->len; i++)
    import->lats[i] = import->lons[i] = G_MAXINT32;
  begin_phase (import, 0.2 * share, 0.2 * share);
  if (!navi_osm_reader_run (import->reader, &second, import, cancellable, error))
    return FALSE;
  begin_phase (import, 0.4 * share, 0.6 * share);
  import->cursor = 0;
  if (!navi_osm_reader_run (import->reader, &third, import, cancellable, error))
    return FALSE;
  if (!navi_multipolygons_foreach (import->areas, on_area, import))
    {
      g_propagate_error (error, g_steal_pointer (&import->area_error));
      return FALSE;
    }
  return TRUE;
}

static void
free_what_only_reading_needs (Import *import)
{
  g_clear_pointer (&import->areas, navi_multipolygons_free);
  g_clear_pointer (&import->ids, g_array_unref);
  g_clear_pointer (&import->points, g_array_unref);
  g_clear_pointer (&import->lats, g_free);
  g_clear_pointer (&import->lons, g_free);
}

static void
set_meta (Import *import, NaviRegionWriter *writer, const char *in, const char *name)
{
  const char *time = navi_osm_reader_get_source_time (import->reader);
  g_autofree char *bounds = format_bounds (import);
  g_autofree char *base = g_path_get_basename (in);
  g_autofree char *own_name = g_filename_display_name (base);
  char *dot = strstr (own_name, ".osm");

  if (dot != NULL && dot != own_name)
    *dot = '\0';
  navi_region_writer_set_meta (writer, "name", name != NULL ? name : own_name);
  navi_region_writer_set_meta (writer, "source", "OpenStreetMap");
  navi_region_writer_set_meta (writer, "attribution", "© OpenStreetMap contributors");
  navi_region_writer_set_meta (writer, "license", "Open Database License (ODbL) 1.0, https://opendatacommons.org/licenses/odbl/1-0/");
  navi_region_writer_set_meta (writer, "generator", "cirrus " CIRRUS_VERSION);
  if (time != NULL)
    navi_region_writer_set_meta (writer, "source-time", time);
  if (bounds != NULL)
    navi_region_writer_set_meta (writer, "bounds", bounds);
}

static void
on_pass_progress (double done, gpointer user_data)
{
  Import *import = user_data;

  if (import->progress != NULL)
    import->progress ("building", import->done_before + import->done_share * done, import->progress_data);
}

static gboolean
build (Import *import, const char *in, const char *out, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (NaviRegionWriter) writer = navi_region_writer_new (out, error);
  double done = reading_share (import);

  if (writer == NULL)
    return FALSE;
  for (guint i = 0; i < N_PASSES; i++)
    {
      begin_phase (import, done, import->passes[i]->share / 100.0);
      on_pass_progress (0.0, import);
      import->passes[i]->tell = on_pass_progress;
      import->passes[i]->tell_data = import;
      done += import->done_share;
      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !import->passes[i]->finish (import->passes[i], writer, cancellable, error))
        return FALSE;
      /* What the sections were made of is not needed for the next ones. */
      import->passes[i]->free (import->passes[i]);
      import->passes[i] = NULL;
    }
  set_meta (import, writer, in, name);
  if (g_cancellable_set_error_if_cancelled (cancellable, error) || !navi_region_writer_commit (writer, error))
    return FALSE;
  if (import->progress != NULL)
    import->progress ("building", 1.0, import->progress_data);
  return TRUE;
}

gboolean
navi_import_run (const char *in, const char *out, const char *name, NaviImportProgress progress, gpointer user_data, GCancellable *cancellable,
                 GError **error)
{
  Import *import;
  g_autoptr (NaviOsmReader) reader = NULL;
  gboolean ok;

  g_return_val_if_fail (in != NULL && out != NULL, FALSE);

  reader = navi_osm_reader_open (in, error);
  if (reader == NULL)
    return FALSE;
  import = g_new0 (Import, 1);
  import->reader = reader;
  import->areas = navi_multipolygons_new ();
  import->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  import->points = g_array_new (FALSE, FALSE, sizeof (NaviImportPoint));
  import->compact_at = FIRST_COMPACTION;
  import->south = G_MAXINT32;
  import->north = G_MININT32;
  import->progress = progress;
  import->progress_data = user_data;
  navi_osm_reader_set_progress (reader, on_progress, import);
  ok = make_passes (import, out, error) && read_all (import, cancellable, error);
  free_what_only_reading_needs (import);
  ok = ok && build (import, in, out, name, cancellable, error);
  for (guint i = 0; i < N_PASSES; i++)
    if (import->passes[i] != NULL)
      import->passes[i]->free (import->passes[i]);
  g_free (import);
  return ok;
}
