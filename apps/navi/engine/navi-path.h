/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-graph.h"

G_BEGIN_DECLS

/* What a search is asked for and what it gives. */

/* One end of a search: a point on an arc. */
typedef struct
{
  guint32 arc;
  guint32 before_ms; /* from the arc's beginning to the point */
  guint32 after_ms;  /* from the point to the arc's end */
} NaviArcPoint;

typedef struct
{
  guint32 cost_ms;
  GArray *arcs;    /* guint32, from the origin's to the target's; NULL if there is no way */
  guint n_settled; /* labels that the search looked at */
} NaviPath;

static inline void
navi_path_clear (NaviPath *path)
{
  g_clear_pointer (&path->arcs, g_array_unref);
}

G_END_DECLS
