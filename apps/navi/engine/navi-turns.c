/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-turns.h"
#include "navi-graph-format.h"

/* Compiles forbidden sequences of arcs.  The trie holds the sequences without their last arc; at most a few thousand of them exist, so its
 * children are found by a linear walk. */

typedef struct
{
  guint32 arc; /* the last one */
  guint32 word;
} Forbidden;

typedef struct
{
  guint32 arc;
  gint parent;     /* -1: a first arc */
  gint child;      /* first child, -1 if none */
  gint next;       /* next sibling, -1 if none */
  gint fail;       /* the state of the longest proper suffix that is a prefix of a sequence; -1: none */
  guint depth;     /* arcs in it */
  guint32 state;   /* its number in the section */
  GArray *forbidden; /* Forbidden */
} Prefix;

struct _NaviTurns
{
  guint32 n_arcs;
  GArray *prefixes;    /* Prefix */
  GHashTable *roots;   /* arc -> index + 1; looked up only, never walked */
};

NaviTurns *
navi_turns_new (guint32 n_arcs)
{
  NaviTurns *self = g_new0 (NaviTurns, 1);

  self->n_arcs = n_arcs;
  self->prefixes = g_array_new (FALSE, TRUE, sizeof (Prefix));
  self->roots = g_hash_table_new (NULL, NULL);
  return self;
}

static Prefix *
prefix_at (NaviTurns *self, gint index)
{
  return &g_array_index (self->prefixes, Prefix, (guint) index);
}

static gint
find_root (NaviTurns *self, guint32 arc)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (self->roots, GUINT_TO_POINTER (arc))) - 1;
}

static gint
find_child (NaviTurns *self, gint parent, guint32 arc)
{
  gint child = parent < 0 ? find_root (self, arc) : prefix_at (self, parent)->child;

  while (parent >= 0 && child >= 0 && prefix_at (self, child)->arc != arc)
    child = prefix_at (self, child)->next;
  return child;
}

static gint
ensure_child (NaviTurns *self, gint parent, guint32 arc)
{
  gint child = find_child (self, parent, arc);
  Prefix prefix = { .arc = arc, .parent = parent, .child = -1, .next = -1, .fail = -1, .depth = 1 };

  if (child >= 0)
    return child;
  child = (gint) self->prefixes->len;
  prefix.forbidden = g_array_new (FALSE, FALSE, sizeof (Forbidden));
  if (parent >= 0)
    {
      prefix.depth = prefix_at (self, parent)->depth + 1;
      prefix.next = prefix_at (self, parent)->child;
      prefix_at (self, parent)->child = child;
    }
  else
    g_hash_table_insert (self->roots, GUINT_TO_POINTER (arc), GINT_TO_POINTER (child + 1));
  g_array_append_val (self->prefixes, prefix);
  return child;
}

void
navi_turns_forbid (NaviTurns *self, const guint32 *arcs, guint n_arcs, guint32 word)
{
  Forbidden forbidden = { 0, word };
  gint prefix = -1;

  g_return_if_fail (self != NULL && n_arcs >= 2);

  for (guint i = 0; i + 1 < n_arcs; i++)
    {
      g_return_if_fail (arcs[i] < self->n_arcs);
      prefix = ensure_child (self, prefix, arcs[i]);
    }
  forbidden.arc = arcs[n_arcs - 1];
  g_array_append_val (prefix_at (self, prefix)->forbidden, forbidden);
}

/* Where the automaton goes from @prefix by @arc, if to a prefix of a sequence; -1: to the arc's plain state. */
static gint
go (NaviTurns *self, gint prefix, guint32 arc)
{
  for (; prefix >= 0; prefix = prefix_at (self, prefix)->fail)
    {
      gint child = find_child (self, prefix, arc);
      if (child >= 0)
        return child;
    }
  return find_root (self, arc);
}

/* Breadth first: a prefix's fail state is shorter than itself. */
static void
link_fails (NaviTurns *self, guint max_depth)
{
  for (guint depth = 2; depth <= max_depth; depth++)
    for (guint i = 0; i < self->prefixes->len; i++)
      {
        Prefix *prefix = prefix_at (self, (gint) i);
        if (prefix->depth == depth)
          prefix->fail = go (self, prefix_at (self, prefix->parent)->fail, prefix->arc);
      }
}

static gint
compare_entries (gconstpointer a, gconstpointer b)
{
  const guint32 *left = a, *right = b;

  if (left[0] != right[0])
    return left[0] < right[0] ? -1 : 1;
  return left[1] > right[1] ? -1 : left[1] < right[1]; /* FORBIDDEN first, then rules, then where it leads */
}

/* The exceptions of one prefix: its own and those of all that it ends with. */
static void
collect_entries (NaviTurns *self, gint index, GArray *entries)
{
  guint32 start = entries->len, kept = start;

  for (gint at = index; at >= 0; at = prefix_at (self, at)->fail)
    {
      const Prefix *prefix = prefix_at (self, at);
      for (guint i = 0; i < prefix->forbidden->len; i++)
        {
          const Forbidden *forbidden = &g_array_index (prefix->forbidden, Forbidden, i);
          guint32 entry[2] = { forbidden->arc, forbidden->word };
          g_array_append_val (entries, entry);
        }
      for (gint child = prefix->child; child >= 0; child = prefix_at (self, child)->next)
        {
          guint32 entry[2] = { prefix_at (self, child)->arc, 0 };
          entry[1] = prefix_at (self, go (self, index, entry[0]))->state;
          g_array_append_val (entries, entry);
        }
    }
  if (entries->len > start)
    qsort (entries->data + start * 8, entries->len - start, 8, compare_entries);
  for (guint i = start; i < entries->len; i++)
    {
      const guint32 *entry = (const guint32 *) entries->data + i * 2;
      guint32 *last = (guint32 *) entries->data + kept * 2;
      if (kept > start && last[-2] == entry[0] && (last[-1] == NAVI_TURN_FORBIDDEN || last[-1] == entry[1]))
        continue;
      last[0] = entry[0];
      last[1] = entry[1];
      kept++;
    }
  g_array_set_size (entries, kept);
}

static gint
compare_keys (gconstpointer a, gconstpointer b, gpointer user_data)
{
  guint32 left = prefix_at (user_data, *(const gint *) a)->state, right = prefix_at (user_data, *(const gint *) b)->state;
  return left < right ? -1 : left > right;
}

static guint
number_states (NaviTurns *self, GArray *words)
{
  guint32 n_extra = 0;
  guint max_depth = 0;

  for (guint i = 0; i < self->prefixes->len; i++)
    {
      Prefix *prefix = prefix_at (self, (gint) i);
      max_depth = MAX (max_depth, prefix->depth);
      prefix->state = prefix->depth == 1 ? prefix->arc : self->n_arcs + n_extra++;
      if (prefix->depth > 1)
        g_array_append_val (words, prefix->arc);
    }
  g_array_index (words, guint32, 0) = n_extra;
  return max_depth;
}

GArray *
navi_turns_compile (NaviTurns *self)
{
  const guint32 header[3] = { 0, self->prefixes->len, 0 };
  GArray *words = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, 8);
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (gint));
  g_autoptr (GArray) first = g_array_new (FALSE, FALSE, sizeof (guint32));

  g_array_append_vals (words, header, 3);
  link_fails (self, number_states (self, words));
  for (gint i = 0; i < (gint) self->prefixes->len; i++)
    g_array_append_val (order, i);
  g_array_sort_with_data (order, compare_keys, self);
  for (guint i = 0; i < order->len; i++)
    {
      gint index = g_array_index (order, gint, i);
      g_array_append_val (words, prefix_at (self, index)->state);
      g_array_append_val (first, entries->len);
      collect_entries (self, index, entries);
    }
  g_array_append_val (first, entries->len);
  g_array_append_vals (words, first->data, first->len);
  g_array_append_vals (words, entries->data, entries->len * 2);
  g_array_index (words, guint32, 2) = entries->len;
  return words;
}

void
navi_turns_free (NaviTurns *self)
{
  for (guint i = 0; i < self->prefixes->len; i++)
    g_array_unref (prefix_at (self, (gint) i)->forbidden);
  g_array_unref (self->prefixes);
  g_hash_table_unref (self->roots);
  g_free (self);
}
