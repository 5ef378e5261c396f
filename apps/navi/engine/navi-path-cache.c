/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-path-cache.h"

#include <string.h>

/* Items lie in a ring; a slot knows where, and is worth nothing once the ring has come round. */

enum
{
  N_SLOTS = 1 << 15,
  N_ITEMS = 1 << 18,
  MOST_ITEMS = 1 << 10, /* of one step */
};

typedef struct
{
  guint32 entry;
  guint32 exit;
  guint64 place; /* counted from the beginning of time; 0: nothing */
  guint32 n;
  guint32 level;
} Slot;

struct _NaviPathCache
{
  GMutex lock;
  Slot *slots;
  guint32 *items;
  guint64 end; /* where the next items go */
};

NaviPathCache *
navi_path_cache_new (void)
{
  NaviPathCache *self = g_new0 (NaviPathCache, 1);

  g_mutex_init (&self->lock);
  self->slots = g_new0 (Slot, N_SLOTS);
  self->items = g_new0 (guint32, N_ITEMS);
  self->end = N_ITEMS;
  return self;
}

void
navi_path_cache_free (NaviPathCache *self)
{
  g_mutex_clear (&self->lock);
  g_free (self->slots);
  g_free (self->items);
  g_free (self);
}

gboolean
navi_path_cache_try_lock (NaviPathCache *self)
{
  return g_mutex_trylock (&self->lock);
}

void
navi_path_cache_unlock (NaviPathCache *self)
{
  g_mutex_unlock (&self->lock);
}

static Slot *
find_slot (NaviPathCache *self, guint level, guint32 entry, guint32 exit)
{
  guint32 hash = (entry * 0x9e3779b1u) ^ (exit * 0x85ebca6bu) ^ level * 0xc2b2ae35u;

  return &self->slots[(hash ^ hash >> 15) & (N_SLOTS - 1)];
}

const guint32 *
navi_path_cache_get (NaviPathCache *self, guint level, guint32 entry, guint32 exit, guint *n)
{
  const Slot *slot = find_slot (self, level, entry, exit);

  if (slot->entry != entry || slot->exit != exit || slot->level != level || slot->place == 0 || slot->place + N_ITEMS < self->end)
    return NULL;
  *n = slot->n;
  return self->items + slot->place % N_ITEMS;
}

void
navi_path_cache_put (NaviPathCache *self, guint level, guint32 entry, guint32 exit, const guint32 *items, guint n)
{
  if (n > MOST_ITEMS)
    return;
  /* Not across the ring's end. */
  if (self->end % N_ITEMS + n > N_ITEMS)
    self->end += N_ITEMS - self->end % N_ITEMS;
  memcpy (self->items + self->end % N_ITEMS, items, n * sizeof *items);
  *find_slot (self, level, entry, exit) = (Slot){ entry, exit, self->end, n, level };
  self->end += n;
}
