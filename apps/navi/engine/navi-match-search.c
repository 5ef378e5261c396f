/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-match"

#include "navi-match-search.h"
#include "navi-heap.h"

/* A label stands for a state at the beginning of its arc.  Their table is emptied by counting up its stamp, so that a search
 * costs what it touches. */

enum
{
  N_SLOTS = NAVI_MATCH_MAX_LABELS * 2,
  NO_LABEL = -1,
  /* Targets that need no label. */
  LABEL_AHEAD = -2,  /* on the same arc */
  LABEL_TURNED = -3, /* on it, the other way round */
};

typedef struct
{
  guint32 state;
  guint32 cost_cm;
  guint16 n_uturns;
  guint16 is_settled;
  gint parent; /* NO_LABEL: comes from the source */
} Label;

typedef struct
{
  guint32 stamp;
  guint32 label;
} Slot;

struct _NaviMatchSearch
{
  const NaviGraph *graph;
  NaviMetric metric;
  NaviHeap heap;
  Slot *slots;
  Label *labels;
  guint n_labels;
  guint32 stamp;
  /* The present question. */
  guint32 source;
  guint32 source_cm;
  guint32 bound_cm;
  guint n_missing;
};

NaviMatchSearch *
navi_match_search_new (const NaviGraph *graph, NaviProfile profile)
{
  NaviMatchSearch *self = g_new0 (NaviMatchSearch, 1);

  self->graph = graph;
  self->metric.profile = profile;
  self->slots = g_new0 (Slot, N_SLOTS);
  self->labels = g_new (Label, NAVI_MATCH_MAX_LABELS);
  return self;
}

void
navi_match_search_free (NaviMatchSearch *self)
{
  navi_heap_clear (&self->heap);
  g_free (self->slots);
  g_free (self->labels);
  g_free (self);
}

/* (nullable): NULL if there is no room for one more */
static Label *
ensure_label (NaviMatchSearch *self, guint32 state)
{
  guint at = (guint) ((state * 2654435769u) >> 18) % N_SLOTS;
  Label *label;

  for (; self->slots[at].stamp == self->stamp; at = (at + 1) % N_SLOTS)
    if (self->labels[self->slots[at].label].state == state)
      return &self->labels[self->slots[at].label];
  if (self->n_labels == NAVI_MATCH_MAX_LABELS)
    return NULL;
  self->slots[at] = (Slot){ self->stamp, self->n_labels };
  label = &self->labels[self->n_labels++];
  *label = (Label){ state, G_MAXUINT32, 0, FALSE, NO_LABEL };
  return label;
}

static void
reach (NaviMatchSearch *self, guint32 state, guint64 cost_cm, guint n_uturns, gint parent)
{
  Label *label = cost_cm <= self->bound_cm ? ensure_label (self, state) : NULL;

  if (label == NULL || cost_cm >= label->cost_cm)
    return;
  label->cost_cm = (guint32) cost_cm;
  label->n_uturns = (guint16) MIN (n_uturns, G_MAXUINT16);
  label->parent = parent;
  navi_heap_push (&self->heap, label->cost_cm, (guint32) (label - self->labels));
}

/* To all arcs that one may go to from the end of the arc of @state. */
static void
expand (NaviMatchSearch *self, guint32 state, guint64 cost_cm, guint n_uturns, gint label)
{
  const NaviGraph *graph = self->graph;
  NaviProfile profile = self->metric.profile;
  guint32 n, first, arc = navi_graph_state_arc (graph, profile, state);
  const guint32 *exceptions = navi_graph_exceptions (graph, profile, state, &n);
  guint32 end = navi_graph_out_arcs (graph, navi_graph_head (graph, arc), &first);

  for (guint32 i = first; i < end; i++)
    {
      guint32 next = navi_graph_out_arc (graph, i), next_state = navi_graph_next_state (graph, &self->metric, exceptions, n, next);
      gboolean is_uturn = next == (arc ^ 1);
      if (next_state == NAVI_TURN_FORBIDDEN || navi_graph_arc_ms (graph, &self->metric, next) == 0
          || navi_graph_turn_ms (graph, &self->metric, arc, next) == NAVI_NO_TURN)
        continue;
      reach (self, next_state, cost_cm + (is_uturn ? NAVI_MATCH_UTURN_CM : 0), n_uturns + is_uturn, label);
    }
}

static void
set_found (NaviMatchSearch *self, NaviMatchTarget *target, guint32 cost_cm, guint n_uturns, guint32 state, gint label)
{
  target->is_found = TRUE;
  target->cost_cm = cost_cm;
  target->n_uturns = n_uturns;
  target->length_cm = cost_cm - n_uturns * NAVI_MATCH_UTURN_CM;
  target->state = state;
  target->label = (guint32) label;
  self->n_missing--;
}

/* Targets on the source's own road. */
static void
try_own_road (NaviMatchSearch *self, guint32 back_cm, NaviMatchTarget *targets, guint n_targets)
{
  guint32 arc = navi_graph_state_arc (self->graph, self->metric.profile, self->source);
  guint32 length_cm = navi_graph_edge (self->graph, arc)->length_cm, at_cm = self->source_cm;

  for (guint i = 0; i < n_targets; i++)
    {
      guint32 target_cm = targets[i].at_cm;
      if (targets[i].arc == arc && target_cm + (guint64) back_cm >= at_cm)
        set_found (self, &targets[i], target_cm > at_cm ? target_cm - at_cm : 0, 0, self->source, LABEL_AHEAD);
      else if (targets[i].arc == (arc ^ 1))
        {
          guint32 there_cm = length_cm - MIN (target_cm, length_cm);
          guint32 way_cm = there_cm > at_cm ? there_cm - at_cm : at_cm - there_cm;
          if (way_cm + NAVI_MATCH_UTURN_CM <= self->bound_cm)
            set_found (self, &targets[i], way_cm + NAVI_MATCH_UTURN_CM, 1, targets[i].arc, LABEL_TURNED);
        }
    }
}

static void
settle (NaviMatchSearch *self, const Label *label, guint32 arc, NaviMatchTarget *targets, guint n_targets)
{
  for (guint i = 0; i < n_targets; i++)
    if (targets[i].arc == arc && !targets[i].is_found && label->cost_cm + (guint64) targets[i].at_cm <= self->bound_cm)
      set_found (self, &targets[i], label->cost_cm + targets[i].at_cm, label->n_uturns, label->state,
                 (gint) (label - self->labels));
}

void
navi_match_search_run (NaviMatchSearch *self, guint32 state, guint32 at_cm, guint32 back_cm, guint32 bound_cm,
                       NaviMatchTarget *targets, guint n_targets)
{
  guint32 arc = navi_graph_state_arc (self->graph, self->metric.profile, state),
          length_cm = navi_graph_edge (self->graph, arc)->length_cm;

  self->source = state;
  self->source_cm = MIN (at_cm, length_cm);
  self->bound_cm = bound_cm;
  self->heap.n = 0;
  self->n_labels = 0;
  self->n_missing = n_targets;
  if (++self->stamp == 0)
    {
      memset (self->slots, 0, N_SLOTS * sizeof *self->slots);
      self->stamp = 1;
    }
  for (guint i = 0; i < n_targets; i++)
    targets[i].is_found = FALSE;
  try_own_road (self, back_cm, targets, n_targets);
  expand (self, state, length_cm - self->source_cm, 0, NO_LABEL);
  while (self->heap.n > 0 && self->n_missing > 0)
    {
      guint32 at = navi_heap_entry_label (navi_heap_pop (&self->heap));
      Label *label = &self->labels[at];
      if (label->is_settled)
        continue;
      label->is_settled = TRUE;
      arc = navi_graph_state_arc (self->graph, self->metric.profile, label->state);
      settle (self, label, arc, targets, n_targets);
      expand (self, label->state, (guint64) label->cost_cm + navi_graph_edge (self->graph, arc)->length_cm, label->n_uturns,
              (gint) at);
    }
}

static void
append_arc (GArray *arcs, guint32 arc, guint32 from_cm, guint32 to_cm)
{
  NaviMatchedArc entry = { arc, from_cm / 100.0, MAX (from_cm, to_cm) / 100.0 };
  g_array_append_val (arcs, entry);
}

void
navi_match_search_append_path (const NaviMatchSearch *self, const NaviMatchTarget *target, GArray *arcs)
{
  guint32 arc = navi_graph_state_arc (self->graph, self->metric.profile, self->source);
  guint32 length_cm = navi_graph_edge (self->graph, arc)->length_cm;
  gint at = (gint) target->label;
  guint first;

  g_return_if_fail (target->is_found);

  if (at == LABEL_AHEAD)
    {
      append_arc (arcs, arc, self->source_cm, target->at_cm);
      return;
    }
  if (at == LABEL_TURNED)
    {
      guint32 there_cm = length_cm - MIN (target->at_cm, length_cm);
      append_arc (arcs, arc, self->source_cm, there_cm);
      append_arc (arcs, target->arc, MIN (length_cm - self->source_cm, target->at_cm), target->at_cm);
      return;
    }
  append_arc (arcs, arc, self->source_cm, length_cm);
  first = arcs->len;
  for (; at != NO_LABEL; at = self->labels[at].parent)
    {
      guint32 own = navi_graph_state_arc (self->graph, self->metric.profile, self->labels[at].state);
      append_arc (arcs, own, 0, at == (gint) target->label ? target->at_cm : navi_graph_edge (self->graph, own)->length_cm);
    }
  for (guint i = first, j = arcs->len; i + 1 < j; i++)
    {
      NaviMatchedArc swap = g_array_index (arcs, NaviMatchedArc, i);
      g_array_index (arcs, NaviMatchedArc, i) = g_array_index (arcs, NaviMatchedArc, --j);
      g_array_index (arcs, NaviMatchedArc, j) = swap;
    }
}
