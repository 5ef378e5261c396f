/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-import.h"
#include "navi-import-map.h"
#include "navi-import-passes.h"
#include "navi-multipolygon.h"

#include "config.h"

#include "cloud-error.h"

#include <malloc.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Runs the import: reads the file three times (what is there, where it is, what it is made of) and lets the passes build their sections.
 *
 * Memory is bounded by the nodes that ways use (16 bytes each), whatever their ids are, and by what the passes keep.  What is done is noted
 * after each pass. */

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
  KEEP_IN_HEAP_BYTES = 128 * 1024, /* what is larger goes back to the system as soon as it is freed */
  MB = 1 << 20,
  ROOM_FACTOR = 10, /* what an import needs on the disk, times its input: 6.5 for the worst that was measured */
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
  const NaviImportOptions *options;
  NaviImportWork *work;
  NaviOsmReader *reader;
  NaviImportPass *passes[N_PASSES]; /* NULL before n_done, and from n_read on */
  guint n_done; /* passes whose sections are written */
  guint n_read; /* passes that are done after this reading */
  double shares[N_PASSES]; /* of the whole import */
  double reading_share;    /* of each of them */
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
  double done; /* as told; never falls */
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
  for (guint i = import->n_done; i < import->n_read; i++)
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
  for (guint i = import->n_done; i < import->n_read && node->tags.n_items > 0; i++)
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
  for (guint i = import->n_done; i < import->n_read; i++)
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

  for (guint i = import->n_done; i < import->n_read; i++)
    if (import->passes[i]->area != NULL && !import->passes[i]->area (import->passes[i], area, &import->area_error))
      return FALSE;
  return TRUE;
}

static void
tell (Import *import, const char *phase, double done)
{
  import->done = MAX (import->done, done);
  if (import->options->progress != NULL)
    import->options->progress (phase, import->done, import->options->user_data);
}

static void
free_passes (Import *import, guint first, guint end)
{
  for (guint i = first; i < end; i++)
    if (import->passes[i] != NULL)
      {
        import->passes[i]->free (import->passes[i]);
        import->passes[i] = NULL;
      }
}

/* What the process has in memory now. */
static guint64
resident_bytes (void)
{
  g_autofree char *text = NULL;
  unsigned long pages = 0;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL) || sscanf (text, "%*u %lu", &pages) != 1)
    return 0;
  return (guint64) pages * (guint64) sysconf (_SC_PAGESIZE);
}

/* A quarter of what there is belongs to the building. */
static gboolean
is_short_of_memory (const Import *import)
{
  return import->options->memory_mb > 0 && resident_bytes () > (guint64) import->options->memory_mb * MB / 4 * 3;
}

static void
on_progress (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  Import *import = user_data;

  if (import->n_read > import->n_done + 1 && is_short_of_memory (import))
    {
      g_debug ("the pass of %s is put off", import->passes[import->n_read - 1]->name);
      free_passes (import, import->n_read - 1, import->n_read);
      import->n_read--;
    }
  tell (import, "reading", import->done_before + import->done_share * (double) done_bytes / (double) MAX (total_bytes, 1));
}

static void
begin_phase (Import *import, double done, double share)
{
  import->done_before = done;
  import->done_share = share;
}

static gboolean
make_passes (Import *import, GError **error)
{
  guint all = 0;

  import->n_read = import->n_done;
  for (guint i = 0; i < N_PASSES; i++)
    {
      NaviImportPass *pass = pass_constructors[i](navi_import_work_get_folder (import->work), error);
      if (pass == NULL)
        return FALSE;
      pass->work = import->work;
      pass->is_small = import->options->memory_mb > 0;
      import->shares[i] = pass->share;
      all += pass->share;
      import->passes[i] = pass;
    }
  for (guint i = 0; i < N_PASSES; i++)
    import->shares[i] /= all;
  import->reading_share = 1.0 - all / 100.0;
  free_passes (import, 0, import->n_done);
  import->n_read = N_PASSES;
  return TRUE;
}

/* How much of the import the passes from @first on are. */
static double
share_of (const Import *import, guint first, guint end)
{
  double share = 0;

  for (guint i = first; i < end; i++)
    share += import->shares[i];
  return share;
}

/* The reading from @from to @to of it, for the passes that it is for. */
static void
begin_reading (Import *import, double from, double to)
{
  double all = import->reading_share * share_of (import, import->n_done, import->n_read);

  begin_phase (import, share_of (import, 0, import->n_done) + all * from, all * (to - from));
}

/* Frees what a reading leaves behind, so that another one may begin. */
static void
end_reading (Import *import)
{
  g_clear_pointer (&import->areas, navi_multipolygons_free);
  g_clear_pointer (&import->ids, g_array_unref);
  g_clear_pointer (&import->points, g_array_unref);
  g_clear_pointer (&import->lats, g_free);
  g_clear_pointer (&import->lons, g_free);
}

static gboolean
read_all (Import *import, GCancellable *cancellable, GError **error)
{
  const NaviOsmHandler first = { .way = on_first_way, .relation = on_relation };
  const NaviOsmHandler second = { .node = on_node };
  const NaviOsmHandler third = { .way = on_second_way };

  import->areas = navi_multipolygons_new ();
  import->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  import->points = g_array_new (FALSE, FALSE, sizeof (NaviImportPoint));
  import->compact_at = FIRST_COMPACTION;
  begin_reading (import, 0.0, 0.2);
  if (!navi_osm_reader_run (import->reader, &first, import, cancellable, error))
    return FALSE;
  compact_ids (import);
  navi_multipolygons_end_relations (import->areas);
  import->lats = g_new (gint32, import->ids->len + 1);
  import->lons = g_new (gint32, import->ids->len + 1);
  for (guint i = 0; i < import->ids->len; i++)
    import->lats[i] = import->lons[i] = G_MAXINT32;
  begin_reading (import, 0.2, 0.4);
  import->cursor = 0;
  if (!navi_osm_reader_run (import->reader, &second, import, cancellable, error))
    return FALSE;
  begin_reading (import, 0.4, 1.0);
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
set_meta (Import *import, NaviRegionWriter *writer)
{
  const char *time = navi_osm_reader_get_source_time (import->reader);
  g_autofree char *bounds = format_bounds (import);

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
set_name (Import *import, NaviRegionWriter *writer, const char *in)
{
  g_autofree char *base = g_path_get_basename (in);
  g_autofree char *own_name = g_filename_display_name (base);
  char *dot = strstr (own_name, ".osm");

  if (dot != NULL && dot != own_name)
    *dot = '\0';
  navi_region_writer_set_meta (writer, "name", import->options->name != NULL ? import->options->name : own_name);
}

static void
on_pass_progress (double done, gpointer user_data)
{
  Import *import = user_data;

  tell (import, "building", import->done_before + import->done_share * done);
}

/* ---- Going on after a kill ---- */

/* Notes that the first n_done passes are in the file. */
static gboolean
note_done (Import *import, NaviRegionWriter *writer, GError **error)
{
  guint32 n_done = import->n_done;
  g_autoptr (GBytes) state = navi_region_writer_save (writer, error);
  g_autoptr (GBytes) note = NULL;
  GByteArray *bytes;

  if (state == NULL)
    return FALSE;
  bytes = g_byte_array_new ();
  g_byte_array_append (bytes, (const guint8 *) &n_done, sizeof n_done);
  g_byte_array_append (bytes, g_bytes_get_data (state, NULL), (guint) g_bytes_get_size (state));
  note = g_byte_array_free_to_bytes (bytes);
  return navi_import_work_keep (import->work, NAVI_WORK_DONE, note, error);
}

/* The writer as it was when the last pass was done; a new one if there is none.  (transfer full) (nullable) */
static NaviRegionWriter *
open_writer (Import *import, const char *out, GError **error)
{
  const char *part = navi_import_work_get_part (import->work);
  g_autoptr (GBytes) note = navi_import_work_find (import->work, NAVI_WORK_DONE);
  gsize bytes = 0;
  const guint8 *data = note != NULL ? g_bytes_get_data (note, &bytes) : NULL;
  guint32 n_done = 0;

  if (bytes > sizeof n_done)
    memcpy (&n_done, data, sizeof n_done);
  if (n_done > 0 && n_done <= N_PASSES)
    {
      g_autoptr (GBytes) state = g_bytes_new_from_bytes (note, sizeof n_done, bytes - sizeof n_done);
      g_autoptr (GError) unfit = NULL;
      NaviRegionWriter *writer = navi_region_writer_new_in (out, part, state, &unfit);
      if (writer != NULL)
        {
          g_debug ("%u passes are done already", n_done);
          import->n_done = n_done;
          return writer;
        }
      g_debug ("what was done before is done again: %s", unfit->message);
    }
  return navi_region_writer_new_in (out, part, NULL, error);
}

/* Lets the passes that have seen everything write their sections. */
static gboolean
build (Import *import, NaviRegionWriter *writer, GCancellable *cancellable, GError **error)
{
  while (import->n_done < import->n_read)
    {
      NaviImportPass *pass = import->passes[import->n_done];
      double share = import->shares[import->n_done], round = share_of (import, import->n_done, import->n_read);
      /* Of those that were read together, the building of the ones that are left is still to be done. */
      begin_phase (import, share_of (import, 0, import->n_read) - round * (1.0 - import->reading_share), share * (1.0 - import->reading_share));
      on_pass_progress (0.0, import);
      pass->tell = on_pass_progress;
      pass->tell_data = import;
      if (g_cancellable_set_error_if_cancelled (cancellable, error) || !pass->finish (pass, writer, cancellable, error))
        return FALSE;
      /* What the sections were made of is not needed for the next ones. */
      pass->free (pass);
      import->passes[import->n_done++] = NULL;
      if (!note_done (import, writer, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
run (Import *import, const char *in, const char *out, GCancellable *cancellable, GError **error)
{
  g_autoptr (NaviRegionWriter) writer = open_writer (import, out, error);

  if (writer == NULL)
    return FALSE;
  while (import->n_done < N_PASSES)
    {
      gboolean ok = make_passes (import, error) && read_all (import, cancellable, error);
      end_reading (import);
      malloc_trim (0);
      if (!ok)
        return FALSE;
      set_meta (import, writer);
      if (!build (import, writer, cancellable, error))
        return FALSE;
    }
  set_name (import, writer, in);
  if (g_cancellable_set_error_if_cancelled (cancellable, error) || !navi_region_writer_commit (writer, error))
    return FALSE;
  tell (import, "building", 1.0);
  return TRUE;
}

/* Says how much room there must be, and that going on is possible. */
static void
explain_no_space (GError **error, const char *in, const char *out)
{
  g_autofree char *folder = g_path_get_dirname (out);
  g_autofree char *size = NULL;
  struct stat info;

  if (error == NULL || !g_error_matches (*error, CLOUD_ERROR, CLOUD_ERROR_NO_SPACE) || stat (in, &info) != 0)
    return;
  size = g_format_size ((guint64) info.st_size * ROOM_FACTOR);
  g_prefix_error (error, "%s has no room for the import, which needs about %s there: make room, or import to another disk. ", folder, size);
}

gboolean
navi_import (const char *in, const char *out, const NaviImportOptions *options, GCancellable *cancellable, GError **error)
{
  g_autoptr (NaviOsmReader) reader = NULL;
  g_autoptr (NaviImportWork) work = NULL;
  Import *import;
  gboolean ok;

  g_return_val_if_fail (in != NULL && out != NULL && options != NULL, FALSE);

#ifdef M_MMAP_THRESHOLD
  mallopt (M_MMAP_THRESHOLD, KEEP_IN_HEAP_BYTES);
#endif
  reader = navi_osm_reader_open (in, error);
  if (reader == NULL)
    return FALSE;
  work = navi_import_work_open (in, out, error);
  if (work == NULL)
    {
      explain_no_space (error, in, out);
      return FALSE;
    }
  import = g_new0 (Import, 1);
  import->options = options;
  import->work = work;
  import->reader = reader;
  import->south = G_MAXINT32;
  import->north = G_MININT32;
  navi_osm_reader_set_progress (reader, on_progress, import);
  ok = run (import, in, out, cancellable, error);
  free_passes (import, 0, N_PASSES);
  g_free (import);
  /* A kill leaves the work to go on from; whoever gets here knows how it ended. */
  navi_import_work_remove (work);
  if (!ok)
    explain_no_space (error, in, out);
  return ok;
}

gboolean
navi_import_run (const char *in, const char *out, const char *name, NaviImportProgress progress, gpointer user_data, GCancellable *cancellable,
                 GError **error)
{
  const NaviImportOptions options = { .name = name, .progress = progress, .user_data = user_data };

  return navi_import (in, out, &options, cancellable, error);
}
