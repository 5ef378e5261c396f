/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-tile-cache.h"
#include "navi-map-render.h"

#include <gio/gio.h>

/* Tiles of the map, made by workers and kept least recently used last. */

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

typedef struct
{
  int zoom;
  int x;
  int y;
} Key;

typedef struct
{
  Key key;
  cairo_surface_t *surface; /* NULL: empty */
  gsize bytes;
  GList link;
} Tile;

/* What a worker needs: nothing that the main thread changes but @frame. */
typedef struct
{
  Key key;
  GPtrArray *regions;
  gboolean dark;
  double scale;
  guint generation;
  int wanted_in_frame;
  int *frame; /* the cache's counter, read atomically */
} Job;

struct _NaviTileCache
{
  GObject parent_instance;
  GPtrArray *regions;
  gboolean dark;
  double scale;
  guint generation;
  int frame;
  GHashTable *tiles;   /* Key -> Tile */
  GQueue recent;       /* Tile.link, most recently used first */
  GHashTable *pending; /* Key -> itself */
  gsize bytes;
  GThreadPool *pool;
};

G_DEFINE_FINAL_TYPE (NaviTileCache, navi_tile_cache, G_TYPE_OBJECT)

static guint
key_hash (gconstpointer data)
{
  const Key *key = data;

  return (guint) key->zoom * 0x9e3779b1u ^ (guint) key->x * 0x85ebca6bu ^ (guint) key->y * 0xc2b2ae35u;
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  const Key *x = a;
  const Key *y = b;

  return x->zoom == y->zoom && x->x == y->x && x->y == y->y;
}

static void
tile_free (gpointer data)
{
  Tile *tile = data;

  if (tile->surface != NULL)
    cairo_surface_destroy (tile->surface);
  g_free (tile);
}

static void
job_free (gpointer data)
{
  Job *job = data;

  g_ptr_array_unref (job->regions);
  g_free (job);
}

/* ---- Worker ---- */

static void
draw_tile (gpointer data, gpointer user_data)
{
  g_autoptr (GTask) task = data;
  Job *job = g_task_get_task_data (task);

  /* The map has moved on: whoever still wants the tile asks again. */
  if (g_atomic_int_get (job->frame) - job->wanted_in_frame > 4)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Out of sight");
      return;
    }
  g_task_return_pointer (task,
                         navi_map_render_tile (job->regions, job->key.zoom, job->key.x, job->key.y, job->scale, job->dark),
                         (GDestroyNotify) cairo_surface_destroy);
}

/* ---- Main thread ---- */

static void
drop_oldest (NaviTileCache *self)
{
  GList *link = g_queue_pop_tail_link (&self->recent);
  Tile *tile = link->data;

  self->bytes -= tile->bytes;
  g_hash_table_remove (self->tiles, &tile->key);
}

static void
on_tile_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  NaviTileCache *self = NAVI_TILE_CACHE (source);
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  cairo_surface_t *surface = g_task_propagate_pointer (G_TASK (result), &error);
  Tile *tile;

  if (job->generation != self->generation)
    {
      g_clear_pointer (&surface, cairo_surface_destroy);
      return;
    }
  g_hash_table_remove (self->pending, &job->key);
  if (error == NULL)
    {
      tile = g_new0 (Tile, 1);
      tile->key = job->key;
      tile->surface = surface;
      tile->link.data = tile;
      if (surface != NULL)
        tile->bytes = (gsize) cairo_image_surface_get_stride (surface) * cairo_image_surface_get_height (surface);
      g_hash_table_insert (self->tiles, &tile->key, tile);
      g_queue_push_head_link (&self->recent, &tile->link);
      self->bytes += tile->bytes;
      while (self->bytes > NAVI_TILE_CACHE_MAX_BYTES)
        drop_oldest (self);
    }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
request (NaviTileCache *self, const Key *key)
{
  Job *job = g_new0 (Job, 1);
  GTask *task = g_task_new (self, NULL, on_tile_ready, NULL);

  job->key = *key;
  job->regions = g_ptr_array_ref (self->regions);
  job->dark = self->dark;
  job->scale = self->scale;
  job->generation = self->generation;
  job->wanted_in_frame = self->frame;
  job->frame = &self->frame; /* the task keeps the cache alive */
  g_task_set_task_data (task, job, job_free);
  g_hash_table_add (self->pending, g_memdup2 (key, sizeof *key));
  g_thread_pool_push (self->pool, task, NULL);
}

void
navi_tile_cache_trim (NaviTileCache *self)
{
  g_return_if_fail (NAVI_IS_TILE_CACHE (self));

  self->generation++;
  while (self->recent.length > 0)
    drop_oldest (self);
  g_hash_table_remove_all (self->pending);
}

void
navi_tile_cache_set_regions (NaviTileCache *self, GPtrArray *regions)
{
  g_return_if_fail (NAVI_IS_TILE_CACHE (self));
  g_return_if_fail (regions != NULL);

  navi_tile_cache_trim (self);
  g_ptr_array_ref (regions);
  g_ptr_array_unref (self->regions);
  self->regions = regions;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
navi_tile_cache_set_look (NaviTileCache *self, gboolean dark, double scale)
{
  g_return_if_fail (NAVI_IS_TILE_CACHE (self));

  if (dark == self->dark && scale == self->scale)
    return;
  self->dark = dark;
  self->scale = scale;
  navi_tile_cache_trim (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
navi_tile_cache_begin_frame (NaviTileCache *self)
{
  g_return_if_fail (NAVI_IS_TILE_CACHE (self));
  g_atomic_int_inc (&self->frame);
}

gboolean
navi_tile_cache_get (NaviTileCache *self, int zoom, int x, int y, gboolean want, cairo_surface_t **surface)
{
  Key key = { zoom, x, y };
  Tile *tile;

  g_return_val_if_fail (NAVI_IS_TILE_CACHE (self), FALSE);

  tile = g_hash_table_lookup (self->tiles, &key);
  *surface = tile != NULL ? tile->surface : NULL;
  if (tile != NULL)
    {
      g_queue_unlink (&self->recent, &tile->link);
      g_queue_push_head_link (&self->recent, &tile->link);
    }
  else if (want && self->regions->len > 0 && !g_hash_table_contains (self->pending, &key))
    request (self, &key);
  return tile != NULL;
}

gboolean
navi_tile_cache_is_idle (NaviTileCache *self)
{
  g_return_val_if_fail (NAVI_IS_TILE_CACHE (self), TRUE);
  return g_hash_table_size (self->pending) == 0;
}

static void
navi_tile_cache_finalize (GObject *object)
{
  NaviTileCache *self = NAVI_TILE_CACHE (object);

  /* No job is left: each holds a reference on us. */
  g_thread_pool_free (self->pool, FALSE, FALSE);
  g_hash_table_unref (self->tiles);
  g_hash_table_unref (self->pending);
  g_ptr_array_unref (self->regions);
  G_OBJECT_CLASS (navi_tile_cache_parent_class)->finalize (object);
}

static void
navi_tile_cache_class_init (NaviTileCacheClass *class)
{
  G_OBJECT_CLASS (class)->finalize = navi_tile_cache_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
navi_tile_cache_init (NaviTileCache *self)
{
  self->scale = 1;
  self->regions = g_ptr_array_new_with_free_func ((GDestroyNotify) navi_map_data_unref);
  self->tiles = g_hash_table_new_full (key_hash, key_equal, NULL, tile_free);
  self->pending = g_hash_table_new_full (key_hash, key_equal, g_free, NULL);
  g_queue_init (&self->recent);
  self->pool = g_thread_pool_new (draw_tile, NULL, 2, FALSE, NULL);
}

NaviTileCache *
navi_tile_cache_new (void)
{
  return g_object_new (NAVI_TYPE_TILE_CACHE, NULL);
}
