/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-partition.h"

/* The cells that a road network is cut into: on grids whose best cuts are known. */

enum
{
  SIDE = 48,
};

typedef struct
{
  NaviPartitionNode *nodes;
  guint32 n_nodes;
  GArray *edges;
  guint32 *order;
  GArray *words;
  NaviCells cells;
} Fixture;

static void
add_edge (Fixture *self, guint32 a, guint32 b)
{
  NaviPartitionEdge edge = { a, b };
  g_array_append_val (self->edges, edge);
}

/* Two square grids with three roads between them. */
static void
set_up (Fixture *self, gconstpointer data)
{
  const guint32 n = SIDE * SIDE;

  self->n_nodes = 2 * n;
  self->nodes = g_new (NaviPartitionNode, self->n_nodes);
  self->order = g_new (guint32, self->n_nodes);
  self->edges = g_array_new (FALSE, FALSE, sizeof (NaviPartitionEdge));
  for (guint32 i = 0; i < self->n_nodes; i++)
    {
      gint32 x = (gint32) (i % SIDE), y = (gint32) (i % n / SIDE), grid = (gint32) (i / n);
      self->nodes[i] = (NaviPartitionNode){ 470000000 + y * 1000, 90000000 + x * 1000 + grid * SIDE * 1000 };
      if (x + 1 < SIDE)
        add_edge (self, i, i + 1);
      if (y + 1 < SIDE)
        add_edge (self, i, i + SIDE);
      if (grid == 0 && x + 1 == SIDE && y % 16 == 8)
        add_edge (self, i, i + n - SIDE + 1);
    }
  self->words = navi_partition (self->nodes, self->n_nodes, (const NaviPartitionEdge *) self->edges->data, self->edges->len, self->order, NULL, NULL, NULL, NULL);
  g_assert_nonnull (self->words);
  g_assert_true (navi_cells_init (&self->cells, (const guint32 *) self->words->data, self->words->len, self->n_nodes));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_free (self->nodes);
  g_free (self->order);
  g_array_unref (self->edges);
  g_array_unref (self->words);
}

static guint32 *
invert (const Fixture *self)
{
  guint32 *number = g_new (guint32, self->n_nodes);

  for (guint32 i = 0; i < self->n_nodes; i++)
    number[i] = G_MAXUINT32;
  for (guint32 i = 0; i < self->n_nodes; i++)
    {
      g_assert_cmpuint (self->order[i], <, self->n_nodes);
      g_assert_cmpuint (number[self->order[i]], ==, G_MAXUINT32);
      number[self->order[i]] = i;
    }
  return number;
}

static guint
count_cuts (const Fixture *self, const guint32 *number, guint level)
{
  guint n = 0;

  for (guint i = 0; i < self->edges->len; i++)
    {
      const NaviPartitionEdge *edge = &g_array_index (self->edges, NaviPartitionEdge, i);
      n += navi_cells_find (&self->cells, level, number[edge->a]) != navi_cells_find (&self->cells, level, number[edge->b]);
    }
  return n;
}

static void
test_cells (Fixture *self, gconstpointer data)
{
  static const guint32 most[] = { 1 << 6, 1 << 9, 1 << 12 };
  g_autofree guint32 *number = invert (self);

  g_assert_cmpuint (self->cells.n_levels, ==, 3);
  for (guint level = 0; level < self->cells.n_levels; level++)
    for (guint32 i = 0; i < self->cells.n_cells[level]; i++)
      {
        guint32 first = self->cells.first_node[level][i], end = self->cells.first_node[level][i + 1];
        g_assert_cmpuint (end - first, <=, most[level]);
        g_assert_cmpuint (navi_cells_find (&self->cells, level, first), ==, i);
        g_assert_cmpuint (navi_cells_find (&self->cells, level, end - 1), ==, i);
      }
  /* The highest level has the two grids; the smallest cells are worth having: about four times the side of a square of 64. */
  g_assert_cmpuint (self->cells.n_cells[2], ==, 2);
  g_assert_cmpuint (count_cuts (self, number, 2), ==, 3);
  g_assert_cmpuint (count_cuts (self, number, 0), <, self->cells.n_cells[0] * 18);
}

static void
test_same_again (Fixture *self, gconstpointer data)
{
  g_autofree guint32 *order = g_new (guint32, self->n_nodes);
  g_autoptr (GArray) words = navi_partition (self->nodes, self->n_nodes, (const NaviPartitionEdge *) self->edges->data, self->edges->len, order, NULL, NULL, NULL, NULL);

  g_assert_cmpmem (order, self->n_nodes * 4, self->order, self->n_nodes * 4);
  g_assert_cmpmem (words->data, words->len * 4, self->words->data, self->words->len * 4);
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (navi_partition (self->nodes, self->n_nodes, (const NaviPartitionEdge *) self->edges->data, self->edges->len, self->order, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* No roads between the nodes, all at one place, or just one node. */
static void
test_odd_networks (void)
{
  g_autofree NaviPartitionNode *nodes = g_new0 (NaviPartitionNode, 1000);
  g_autofree guint32 *order = g_new (guint32, 1000);

  for (guint32 n = 1; n <= 1000; n += 333)
    {
      const NaviPartitionEdge loop = { 0, 0 };
      g_autoptr (GArray) words = navi_partition (nodes, n, &loop, 1, order, NULL, NULL, NULL, NULL);
      NaviCells cells;
      g_assert_true (navi_cells_init (&cells, (const guint32 *) words->data, words->len, n));
    }
}

static void
test_damage (Fixture *self, gconstpointer data)
{
  guint32 *words = (guint32 *) self->words->data;
  NaviCells cells;

  g_assert_false (navi_cells_init (&cells, words, self->words->len, self->n_nodes + 1));
  g_assert_false (navi_cells_init (&cells, words, 0, self->n_nodes));
  for (guint i = 0; i < MIN (self->words->len, 64); i++)
    for (guint bit = 0; bit < 32; bit += 5)
      {
        words[i] ^= 1u << bit;
        g_assert_false (i < 4 && navi_cells_init (&cells, words, self->words->len, self->n_nodes));
        words[i] ^= 1u << bit;
        g_assert_false (navi_cells_init (&cells, words, i, self->n_nodes));
      }
  words[5] = words[6]; /* an empty cell */
  g_assert_false (navi_cells_init (&cells, words, self->words->len, self->n_nodes));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/navi/partition/cells", Fixture, NULL, set_up, test_cells, tear_down);
  g_test_add ("/navi/partition/same-again", Fixture, NULL, set_up, test_same_again, tear_down);
  g_test_add ("/navi/partition/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);
  g_test_add ("/navi/partition/damage", Fixture, NULL, set_up, test_damage, tear_down);
  g_test_add_func ("/navi/partition/odd-networks", test_odd_networks);
  return g_test_run ();
}
