/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-partition.h"
#include "navi-geo.h"
#include "navi-threads.h"

#include <string.h>

/* Inertial flow, part by part. */

enum
{
  PROGRESS_EVERY_US = 200000,
  SMALL_PART = 4096, /* is cut down in one go */
  SOURCE_SHARE = 4, /* a quarter of the nodes on either side */
};

/* A cell of a level has at most 1 << shift nodes. */
static const guint8 level_shifts[] = { 6, 9, 12, 15, 18, 21 };

G_STATIC_ASSERT (G_N_ELEMENTS (level_shifts) <= NAVI_CELLS_MAX_LEVELS);

/* An edge as one of its ends sees it. */
typedef struct
{
  guint32 id;     /* edge * 2 + 0 at its first end, + 1 at its second */
  guint32 target; /* the other end */
} Half;

/* A piece of the network that is still to be cut. */
typedef struct
{
  guint32 place;    /* the first number that its nodes get */
  guint32 parent_n; /* nodes of the part that it was cut from */
  guint32 n;
  guint32 n_edges;
  guint32 *ids;     /* of its nodes, in the network */
  gint32 *x;
  gint32 *y;
  guint32 *ends;    /* two for each edge */
  guint32 *first;   /* n + 1: where a node's half edges begin */
  Half *halves;
} Part;

typedef struct
{
  guint32 *order;
  guint8 *marks; /* for each new number: a bit for each level of which a cell begins there */
  GThreadPool *pool;
  GCancellable *cancellable;
  GMutex lock;
  GCond done;
  guint n_open;
  guint64 n_done; /* nodes of the parts that were cut */
} Partition;

static void
part_free (Part *part)
{
  g_free (part->ids);
  g_free (part->x);
  g_free (part->y);
  g_free (part->ends);
  g_free (part->first);
  g_free (part->halves);
  g_free (part);
}

static Part *
part_new (guint32 n, guint32 n_edges, guint32 place, guint32 parent_n)
{
  Part *part = g_new0 (Part, 1);

  part->n = n;
  part->n_edges = n_edges;
  part->place = place;
  part->parent_n = parent_n;
  part->ids = g_new (guint32, n);
  part->x = g_new (gint32, n);
  part->y = g_new (gint32, n);
  part->ends = g_new (guint32, 2 * (gsize) n_edges + 1);
  return part;
}

static void
index_halves (Part *part)
{
  guint32 *at = g_new0 (guint32, (gsize) part->n + 2);

  part->halves = g_new (Half, 2 * (gsize) part->n_edges + 1);
  for (guint32 i = 0; i < 2 * part->n_edges; i++)
    at[part->ends[i] + 2]++;
  for (guint32 i = 2; i < part->n + 2; i++)
    at[i] += at[i - 1];
  for (guint32 i = 0; i < 2 * part->n_edges; i++)
    part->halves[at[part->ends[i] + 1]++] = (Half){ i, part->ends[i ^ 1] };
  part->first = at;
}

/* ---- Flow ---- */

typedef enum
{
  SIDE_FREE,
  SIDE_SOURCE,
  SIDE_SINK,
} Side;

typedef struct
{
  const Part *part;
  guint8 *sides;   /* Side of each node */
  gint8 *flow;     /* of each edge, from its first end to its second: -1, 0, 1 */
  guint32 *depth;  /* 0: not reached */
  guint32 *current; /* the half edge to look at next */
  guint32 *queue;
  guint32 *path;   /* half edges */
  guint32 n_queue;
} Flow;

/* TRUE if more can flow along the half edge, away from its node. */
static inline gboolean
has_room (const Flow *self, guint32 half)
{
  return (half & 1) == 0 ? self->flow[half >> 1] < 1 : self->flow[half >> 1] > -1;
}

static void
reach (Flow *self, guint32 node, guint32 depth)
{
  self->depth[node] = depth;
  self->current[node] = self->part->first[node];
  self->queue[self->n_queue++] = node;
}

/* Begins a search at the nodes of one side that have a neighbour on another. */
static void
reach_border (Flow *self, Side side)
{
  const Part *part = self->part;

  memset (self->depth, 0, part->n * sizeof (guint32));
  self->n_queue = 0;
  for (guint32 node = 0; node < part->n; node++)
    for (guint32 i = part->first[node]; self->sides[node] == side && i < part->first[node + 1]; i++)
      if (self->sides[part->halves[i].target] != side)
        {
          reach (self, node, 1);
          break;
        }
}

/* Breadth first from the source; TRUE if the sink is reached. */
static gboolean
find_depths (Flow *self)
{
  const Part *part = self->part;
  guint32 limit = G_MAXUINT32;

  reach_border (self, SIDE_SOURCE);
  for (guint32 at = 0; at < self->n_queue; at++)
    {
      guint32 node = self->queue[at], depth = self->depth[node];
      if (depth >= limit)
        break;
      for (guint32 i = part->first[node]; i < part->first[node + 1]; i++)
        {
          guint32 next = part->halves[i].target;
          if (self->depth[next] != 0 || self->sides[next] == SIDE_SOURCE || !has_room (self, part->halves[i].id))
            continue;
          reach (self, next, depth + 1);
          if (self->sides[next] == SIDE_SINK)
            limit = depth + 1;
        }
    }
  return limit != G_MAXUINT32;
}

/* One path from @source to the sink along rising depths; TRUE if there is one, which is then filled. */
static gboolean
augment (Flow *self, guint32 source)
{
  const Part *part = self->part;
  guint32 n_path = 0, node = source;

  for (;;)
    {
      guint32 half = G_MAXUINT32;
      for (; self->current[node] < part->first[node + 1]; self->current[node]++)
        {
          const Half *candidate = &part->halves[self->current[node]];
          if (self->depth[candidate->target] == self->depth[node] + 1 && self->sides[candidate->target] != SIDE_SOURCE
              && has_room (self, candidate->id))
            {
              half = candidate->id;
              break;
            }
        }
      if (half == G_MAXUINT32)
        {
          if (n_path == 0)
            return FALSE;
          node = part->ends[self->path[--n_path]];
          self->current[node]++;
          continue;
        }
      self->path[n_path++] = half;
      node = part->ends[half ^ 1];
      if (self->sides[node] != SIDE_SINK)
        continue;
      for (guint32 i = 0; i < n_path; i++)
        self->flow[self->path[i] >> 1] += (self->path[i] & 1) == 0 ? 1 : -1;
      return TRUE;
    }
}

/* The size of the smallest cut between source and sink, or @limit if it is not smaller. */
static guint32
max_flow (Flow *self, guint32 limit)
{
  guint32 flow = 0;

  memset (self->flow, 0, self->part->n_edges);
  while (flow < limit && find_depths (self))
    for (guint32 i = 0; i < self->n_queue && self->depth[self->queue[i]] == 1 && flow < limit; i++)
      while (flow < limit && augment (self, self->queue[i]))
        flow++;
  return flow;
}

/* After a whole flow: which nodes the source still reaches, or the sink is still reached from; returns how many. */
static guint32
reach_all (Flow *self, Side side, guint8 *reached)
{
  const Part *part = self->part;
  guint32 n = 0;

  reach_border (self, side);
  for (guint32 at = 0; at < self->n_queue; at++)
    {
      guint32 node = self->queue[at];
      for (guint32 i = part->first[node]; i < part->first[node + 1]; i++)
        {
          guint32 half = part->halves[i].id, next = part->halves[i].target;
          if (self->depth[next] == 0 && self->sides[next] != side && has_room (self, side == SIDE_SOURCE ? half : half ^ 1))
            reach (self, next, 1);
        }
    }
  for (guint32 node = 0; node < part->n; node++)
    {
      reached[node] = self->sides[node] == side || self->depth[node] != 0;
      n += reached[node];
    }
  return n;
}

/* ---- Directions ---- */

typedef struct
{
  gint64 key;
  guint32 node;
} Projection;

static inline gboolean
projection_less (const Projection *a, const Projection *b)
{
  return a->key != b->key ? a->key < b->key : a->node < b->node;
}

/* Moves the @k least of @n items to the front, in any order. */
static void
select_least (Projection *items, guint32 n, guint32 k)
{
  guint32 low = 0, high = n;

  while (high - low > 1)
    {
      Projection a = items[low], b = items[low + (high - low) / 2], c = items[high - 1], pivot;
      guint32 i = low, j = high - 1;
      if (projection_less (&b, &a))
        pivot = projection_less (&c, &b) ? b : projection_less (&c, &a) ? c : a;
      else
        pivot = projection_less (&c, &a) ? a : projection_less (&c, &b) ? c : b;
      for (;;)
        {
          Projection swap;
          while (projection_less (&items[i], &pivot))
            i++;
          while (projection_less (&pivot, &items[j]))
            j--;
          if (i >= j)
            break;
          swap = items[i];
          items[i++] = items[j];
          items[j--] = swap;
        }
      /* Items before i are at most the pivot, those from i on at least. */
      if (i == low)
        i++;
      if (k <= i)
        high = i;
      if (k >= i)
        low = i;
      if (k == i)
        return;
    }
}

static const gint8 directions[][2] = { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 1, -1 }, { 2, 1 }, { 1, 2 }, { 2, -1 }, { 1, -2 } };

static void
set_sides (Flow *self, guint direction, Projection *items)
{
  const Part *part = self->part;
  guint32 share = MAX (part->n / SOURCE_SHARE, 1);

  for (guint32 i = 0; i < part->n; i++)
    items[i] = (Projection){ (gint64) directions[direction][0] * part->x[i] + (gint64) directions[direction][1] * part->y[i], i };
  select_least (items, part->n, share);
  select_least (items + share, part->n - share, part->n - 2 * share);
  memset (self->sides, SIDE_FREE, part->n);
  for (guint32 i = 0; i < share; i++)
    {
      self->sides[items[i].node] = SIDE_SOURCE;
      self->sides[items[part->n - 1 - i].node] = SIDE_SINK;
    }
}

static guint32
unevenness (guint32 n, guint32 n_first)
{
  return n_first * 2 > n ? n_first * 2 - n : n - n_first * 2;
}

/* The best of the cuts in some directions. */
typedef struct
{
  const Part *part;
  guint first_direction;
  guint end_direction;
  guint32 cut; /* edges */
  guint32 unevenness;
  guint8 *second; /* for each node whether it belongs to the second half */
} Cut;

static void
flow_init (Flow *flow, const Part *part)
{
  flow->part = part;
  flow->sides = g_new (guint8, part->n);
  flow->flow = g_new (gint8, part->n_edges + 1);
  flow->depth = g_new (guint32, part->n);
  flow->current = g_new (guint32, part->n);
  flow->queue = g_new (guint32, part->n);
  flow->path = g_new (guint32, part->n + 1);
}

static void
flow_clear (Flow *flow)
{
  g_free (flow->sides);
  g_free (flow->flow);
  g_free (flow->depth);
  g_free (flow->current);
  g_free (flow->queue);
  g_free (flow->path);
}

static gpointer
find_cut (gpointer data)
{
  Cut *best = data;
  const Part *part = best->part;
  g_autofree Projection *items = g_new (Projection, part->n);
  g_autofree guint8 *second = g_new (guint8, part->n);
  Flow flow = { 0 };

  flow_init (&flow, part);
  best->second = g_new0 (guint8, part->n);
  best->cut = G_MAXUINT32 - 1;
  best->unevenness = G_MAXUINT32;
  for (guint direction = best->first_direction; direction < best->end_direction; direction++)
    {
      guint32 cut;
      set_sides (&flow, direction, items);
      cut = max_flow (&flow, best->cut + 1);
      for (guint turn = 0; cut <= best->cut && turn < 2; turn++)
        {
          guint32 n = reach_all (&flow, turn == 0 ? SIDE_SOURCE : SIDE_SINK, second);
          if (cut == best->cut && unevenness (part->n, n) >= best->unevenness)
            continue;
          best->cut = cut;
          best->unevenness = unevenness (part->n, n);
          for (guint32 i = 0; i < part->n; i++)
            best->second[i] = turn == 0 ? !second[i] : second[i];
        }
    }
  flow_clear (&flow);
  return NULL;
}

/* Says for each node of the part whether it belongs to the second half.  The whole network, which nobody else works on, is looked at by two,
 * or in two goes; of equal cuts the first direction's is taken, so the result is the same. */
static guint8 *
bisect (const Part *part)
{
  gboolean by_two = part->parent_n == G_MAXUINT32 && part->n > SMALL_PART;
  guint n_directions = G_N_ELEMENTS (directions), middle = by_two ? n_directions / 2 : n_directions;
  Cut cuts[2] = { { .part = part, .end_direction = middle }, { .part = part, .first_direction = middle, .end_direction = n_directions } };
  GThread *helper = by_two && navi_threads () > 1 ? g_thread_new ("bisect", find_cut, &cuts[1]) : NULL;
  guint better = 0;

  find_cut (&cuts[0]);
  if (by_two)
    {
      if (helper != NULL)
        g_thread_join (helper);
      else
        find_cut (&cuts[1]);
      better = cuts[1].cut < cuts[0].cut || (cuts[1].cut == cuts[0].cut && cuts[1].unevenness < cuts[0].unevenness);
      g_free (cuts[1 - better].second);
    }
  return cuts[better].second;
}

/* ---- Parts ---- */

/* The half of the part that @second says, with the edges that lie in it. */
static Part *
take_half (const Part *part, const guint8 *second, guint8 which, guint32 place)
{
  g_autofree guint32 *number = g_new (guint32, part->n);
  guint32 n = 0, n_edges = 0;
  Part *half;

  for (guint32 i = 0; i < part->n; i++)
    if (second[i] == which)
      number[i] = n++;
  for (guint32 i = 0; i < part->n_edges; i++)
    n_edges += second[part->ends[2 * i]] == which && second[part->ends[2 * i + 1]] == which;
  half = part_new (n, n_edges, place, part->n);
  for (guint32 i = 0; i < part->n; i++)
    if (second[i] == which)
      {
        half->ids[number[i]] = part->ids[i];
        half->x[number[i]] = part->x[i];
        half->y[number[i]] = part->y[i];
      }
  n_edges = 0;
  for (guint32 i = 0; i < part->n_edges; i++)
    {
      guint32 a = part->ends[2 * i], b = part->ends[2 * i + 1];
      if (second[a] != which || second[b] != which)
        continue;
      half->ends[2 * n_edges] = number[a];
      half->ends[2 * n_edges + 1] = number[b];
      n_edges++;
    }
  return half;
}

static void
mark (Partition *self, const Part *part)
{
  for (guint level = 0; level < G_N_ELEMENTS (level_shifts); level++)
    if (part->n <= 1u << level_shifts[level] && part->parent_n > 1u << level_shifts[level])
      self->marks[part->place] |= (guint8) (1u << level);
}

static void
add_part (Partition *self, Part *part)
{
  g_mutex_lock (&self->lock);
  self->n_open++;
  g_mutex_unlock (&self->lock);
  g_thread_pool_push (self->pool, part, NULL);
}

/* Cuts the part down to the smallest cells; large halves are left to the pool. */
static void
cut_part (Partition *self, Part *part)
{
  g_autofree guint8 *second = NULL;
  Part *halves[2];

  mark (self, part);
  if (part->n <= 1u << level_shifts[0] || g_cancellable_is_cancelled (self->cancellable))
    {
      memcpy (self->order + part->place, part->ids, part->n * sizeof (guint32));
      part_free (part);
      return;
    }
  index_halves (part);
  second = bisect (part);
  halves[0] = take_half (part, second, 0, part->place);
  halves[1] = take_half (part, second, 1, part->place + halves[0]->n);
  part_free (part);
  for (guint i = 0; i < 2; i++)
    if (halves[i]->n > SMALL_PART)
      add_part (self, halves[i]);
    else
      cut_part (self, halves[i]);
}

/* How many nodes are in all the parts that come of @n nodes, about. */
static guint64
work_of (guint32 n)
{
  return (guint64) n * (g_bit_storage (n) > level_shifts[0] ? g_bit_storage (n) - level_shifts[0] : 1);
}

static void
work (gpointer data, gpointer user_data)
{
  Partition *self = user_data;
  guint32 n = ((const Part *) data)->n;

  cut_part (self, data);
  g_mutex_lock (&self->lock);
  /* The halves of a part that was cut in two tell for themselves, unless they were small. */
  self->n_done += n > 2 * SMALL_PART ? n : work_of (n);
  if (--self->n_open == 0)
    g_cond_signal (&self->done);
  g_mutex_unlock (&self->lock);
}

static gint
compare_edges (gconstpointer a, gconstpointer b)
{
  const NaviPartitionEdge *left = a, *right = b;

  if (left->a != right->a)
    return left->a < right->a ? -1 : 1;
  return left->b < right->b ? -1 : left->b > right->b;
}

/* Edges in the order of their nodes: the flow then walks through memory as it walks through the network. */
static void
set_root_edges (Part *root, const NaviPartitionEdge *edges, guint32 n_edges)
{
  g_autofree NaviPartitionEdge *sorted = g_new (NaviPartitionEdge, n_edges + 1);
  guint32 n = 0;

  for (guint32 i = 0; i < n_edges; i++)
    if (edges[i].a != edges[i].b)
      sorted[n++] = (NaviPartitionEdge){ MIN (edges[i].a, edges[i].b), MAX (edges[i].a, edges[i].b) };
  qsort (sorted, n, sizeof *sorted, compare_edges);
  for (guint32 i = 0; i < n; i++)
    {
      root->ends[2 * i] = sorted[i].a;
      root->ends[2 * i + 1] = sorted[i].b;
    }
  root->n_edges = n;
}

static Part *
make_root (const NaviPartitionNode *nodes, guint32 n_nodes, const NaviPartitionEdge *edges, guint32 n_edges)
{
  Part *root = part_new (n_nodes, n_edges, 0, G_MAXUINT32);

  for (guint32 i = 0; i < n_nodes; i++)
    {
      root->ids[i] = i;
      /* Parallels keep their lengths, so directions mean the same everywhere. */
      root->x[i] = (gint32) (navi_geo_lon_difference (nodes[0].lon_e7, nodes[i].lon_e7) * navi_geo_cos_q30 (nodes[i].lat_e7) / (1 << 30));
      root->y[i] = nodes[i].lat_e7;
    }
  set_root_edges (root, edges, n_edges);
  return root;
}

static GArray *
list_cells (const guint8 *marks, guint32 n_nodes)
{
  GArray *words = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 n_levels = 1;

  /* The first level always, the others while they cut. */
  while (n_levels < G_N_ELEMENTS (level_shifts) && n_nodes > 1u << level_shifts[n_levels])
    n_levels++;
  g_array_append_val (words, n_levels);
  g_array_set_size (words, 1 + n_levels);
  for (guint level = 0; level < n_levels; level++)
    {
      guint32 n = 0;
      for (guint32 i = 0; i < n_nodes; i++)
        if ((marks[i] >> level & 1) != 0)
          {
            g_array_append_val (words, i);
            n++;
          }
      g_array_append_val (words, n_nodes);
      g_array_index (words, guint32, 1 + level) = n;
    }
  return words;
}

static void
wait_for_parts (Partition *self, guint64 all, NaviPartitionProgress progress, gpointer user_data)
{
  g_mutex_lock (&self->lock);
  while (self->n_open > 0)
    {
      double done = MIN ((double) self->n_done / (double) all, 1.0);

      if (g_cond_wait_until (&self->done, &self->lock, g_get_monotonic_time () + PROGRESS_EVERY_US) || progress == NULL)
        continue;
      g_mutex_unlock (&self->lock);
      progress (done, user_data);
      g_mutex_lock (&self->lock);
    }
  g_mutex_unlock (&self->lock);
}

GArray *
navi_partition (const NaviPartitionNode *nodes, guint32 n_nodes, const NaviPartitionEdge *edges, guint32 n_edges, guint32 *order,
                NaviPartitionProgress progress, gpointer user_data, GCancellable *cancellable, GError **error)
{
  Partition self = { .order = order, .cancellable = cancellable };
  GArray *words = NULL;

  g_return_val_if_fail (n_nodes > 0, NULL);

  self.marks = g_new0 (guint8, n_nodes);
  g_mutex_init (&self.lock);
  g_cond_init (&self.done);
  self.pool = g_thread_pool_new (work, &self, (gint) navi_threads (), FALSE, NULL);
  add_part (&self, make_root (nodes, n_nodes, edges, n_edges));
  wait_for_parts (&self, work_of (n_nodes), progress, user_data);
  g_thread_pool_free (self.pool, FALSE, TRUE);
  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    words = list_cells (self.marks, n_nodes);
  g_cond_clear (&self.done);
  g_mutex_clear (&self.lock);
  g_free (self.marks);
  return words;
}
