/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* NaviHeap: a queue of labels by rising cost, with four children a node.  A label whose cost fell is pushed again; its outdated entry is for the
 * reader to drop when it comes up.
 *
 * Threading: one thread.
 * Ownership: zeroed memory is an empty heap; navi_heap_clear() frees what it holds. */

typedef struct
{
  guint64 *entries; /* cost << 32 | label */
  guint n;
  guint n_allocated;
} NaviHeap;

static inline void
navi_heap_clear (NaviHeap *self)
{
  g_clear_pointer (&self->entries, g_free);
  self->n = self->n_allocated = 0;
}

static inline guint32
navi_heap_entry_cost (guint64 entry)
{
  return (guint32) (entry >> 32);
}

static inline guint32
navi_heap_entry_label (guint64 entry)
{
  return (guint32) entry;
}

static inline void
navi_heap_push (NaviHeap *self, guint32 cost, guint32 label)
{
  guint64 entry = (guint64) cost << 32 | label;
  guint at = self->n++;

  if (self->n > self->n_allocated)
    {
      self->n_allocated = MAX (64, self->n_allocated * 2);
      self->entries = g_renew (guint64, self->entries, self->n_allocated);
    }
  while (at > 0 && self->entries[(at - 1) / 4] > entry)
    {
      self->entries[at] = self->entries[(at - 1) / 4];
      at = (at - 1) / 4;
    }
  self->entries[at] = entry;
}

/* The least cost; G_MAXUINT32 if the heap is empty. */
static inline guint32
navi_heap_least (const NaviHeap *self)
{
  return self->n > 0 ? navi_heap_entry_cost (self->entries[0]) : G_MAXUINT32;
}

/* Of a heap that is not empty. */
static inline guint64
navi_heap_pop (NaviHeap *self)
{
  guint64 top = self->entries[0], last = self->entries[--self->n];
  guint at = 0;

  for (;;)
    {
      guint first = at * 4 + 1, end = MIN (first + 4, self->n), least = first;
      if (first >= self->n)
        break;
      for (guint child = first + 1; child < end; child++)
        if (self->entries[child] < self->entries[least])
          least = child;
      if (self->entries[least] >= last)
        break;
      self->entries[at] = self->entries[least];
      at = least;
    }
  if (self->n > 0)
    self->entries[at] = last;
  return top;
}

G_END_DECLS
