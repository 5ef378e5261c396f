/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-roads-build.h"

#include <zlib.h>

/* The partition of the roads, the longest step of an import: taken from the work folder if an import that was killed got so far. */

/* What is kept begins with this; the order and the words of the cells follow. */
typedef struct
{
  guint32 crc; /* of what was cut */
  guint32 n_nodes;
} Head;

static guint32
checksum (const NaviPartitionNode *nodes, guint32 n_nodes, const NaviPartitionEdge *edges, guint32 n_edges)
{
  guint32 crc = (guint32) crc32_z (0, (const guint8 *) nodes, n_nodes * sizeof *nodes);

  return (guint32) crc32_z (crc, (const guint8 *) edges, n_edges * sizeof *edges);
}

/* (transfer full) (nullable) */
static GArray *
find (NaviImportWork *work, Head wanted, guint32 *order)
{
  g_autoptr (GBytes) bytes = navi_import_work_find (work, NAVI_WORK_CUT);
  gsize length = 0, order_bytes = wanted.n_nodes * sizeof *order;
  const guint8 *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
  GArray *words;

  if (length < sizeof wanted + order_bytes || memcmp (data, &wanted, sizeof wanted) != 0)
    return NULL;
  g_debug ("the roads are cut already");
  memcpy (order, data + sizeof wanted, order_bytes);
  words = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_array_append_vals (words, data + sizeof wanted + order_bytes, (guint) ((length - sizeof wanted - order_bytes) / sizeof (guint32)));
  return words;
}

static gboolean
keep (NaviImportWork *work, Head head, const guint32 *order, const GArray *words, GError **error)
{
  GByteArray *bytes = g_byte_array_new ();
  g_autoptr (GBytes) kept = NULL;

  g_byte_array_append (bytes, (const guint8 *) &head, sizeof head);
  g_byte_array_append (bytes, (const guint8 *) order, head.n_nodes * (guint) sizeof *order);
  g_byte_array_append (bytes, (const guint8 *) words->data, words->len * (guint) sizeof (guint32));
  kept = g_byte_array_free_to_bytes (bytes);
  return navi_import_work_keep (work, NAVI_WORK_CUT, kept, error);
}

GArray *
navi_roads_build_cut (NaviRoadsBuild *self, const NaviPartitionNode *nodes, guint32 n_nodes, const NaviPartitionEdge *edges, guint32 n_edges,
                      guint32 *order, NaviPartitionProgress progress, GCancellable *cancellable, GError **error)
{
  Head head = { checksum (nodes, n_nodes, edges, n_edges), n_nodes };
  g_autoptr (GArray) words = find (self->pass->work, head, order);

  if (words == NULL)
    {
      words = navi_partition (nodes, n_nodes, edges, n_edges, order, progress, self, cancellable, error);
      if (words == NULL || !keep (self->pass->work, head, order, words, error))
        return NULL;
    }
  return g_steal_pointer (&words);
}
