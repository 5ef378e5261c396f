/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* NaviLabels: what a search has reached, by keys that are spread over a large range.
 *
 * Threading: one thread.
 * Ownership: zeroed memory is an empty set; navi_labels_clear() frees what it holds. */

#define NAVI_NO_LABEL G_MAXUINT32

typedef struct
{
  guint32 key;
  guint32 cost;   /* G_MAXUINT32: made, but not yet reached */
  guint32 parent; /* label, or NAVI_NO_LABEL where the search began */
  guint32 how;    /* for the search */
} NaviLabel;

typedef struct
{
  NaviLabel *labels;
  guint n;
  guint32 *slots; /* label + 1 */
  guint n_slots;
  guint shift; /* 32 less the bits of a slot's number */
} NaviLabels;

static inline void
navi_labels_clear (NaviLabels *self)
{
  g_clear_pointer (&self->labels, g_free);
  g_clear_pointer (&self->slots, g_free);
  self->n = self->n_slots = 0;
}

static inline guint
navi_labels_slot (const NaviLabels *self, guint32 key)
{
  guint slot = (key * 0x9e3779b1u) >> self->shift;

  while (self->slots[slot] != 0 && self->labels[self->slots[slot] - 1].key != key)
    slot = (slot + 1) & (self->n_slots - 1);
  return slot;
}

/* Makes room for more, at least @n labels. */
static inline void
navi_labels_grow (NaviLabels *self, guint n)
{
  self->n_slots = MAX (self->n_slots * 2, 64);
  while (self->n_slots / 2 < n)
    self->n_slots *= 2;
  self->shift = (guint) __builtin_clz (self->n_slots) + 1;
  g_free (self->slots);
  self->slots = g_new0 (guint32, self->n_slots);
  self->labels = g_renew (NaviLabel, self->labels, self->n_slots / 2);
  for (guint i = 0; i < self->n; i++)
    self->slots[navi_labels_slot (self, self->labels[i].key)] = i + 1;
}

/* Forgets all labels and keeps the room. */
static inline void
navi_labels_empty (NaviLabels *self)
{
  self->n = 0;
  if (self->n_slots > 0)
    memset (self->slots, 0, self->n_slots * sizeof (guint32));
}

/* Of a set that has room. */
static inline guint32
navi_labels_find (const NaviLabels *self, guint32 key)
{
  return self->slots[navi_labels_slot (self, key)] - 1;
}

/* The label of a key, which is made if there is none.  Labels may move. */
static inline guint32
navi_labels_ensure (NaviLabels *self, guint32 key)
{
  guint slot;

  if (self->n == self->n_slots / 2)
    navi_labels_grow (self, 1);
  slot = navi_labels_slot (self, key);
  if (self->slots[slot] != 0)
    return self->slots[slot] - 1;
  self->labels[self->n] = (NaviLabel){ key, G_MAXUINT32, NAVI_NO_LABEL, 0 };
  self->slots[slot] = ++self->n;
  return self->n - 1;
}

G_END_DECLS
