/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi"

#include "navi-threads.h"

enum
{
  USUAL = 2,
  MOST = 16,
};

static gint n_threads; /* 0: as usual */

guint
navi_threads (void)
{
  gint n = g_atomic_int_get (&n_threads);

  return n > 0 ? (guint) n : USUAL;
}

void
navi_set_threads (guint n)
{
  g_atomic_int_set (&n_threads, (gint) MIN (n, MOST));
}
