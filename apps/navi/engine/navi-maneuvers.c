/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-geo.h"
#include "navi-route-private.h"

/* Decides where on a leg a driver must be told something, and what.
 *
 * A step begins at each change of the street's name, at ramps, ferries and roundabouts, and where the road that is followed is not the
 * one that a driver would follow by himself; none where it simply bends, where a lesser street leaves it, and where it is without a name for
 * a while.  Angles are in 256ths of a turn. */

enum
{
  ALIKE = 3,     /* 4 degrees: nobody sees which of two bends less */
  AHEAD = 8,     /* 11 degrees: nobody sees it bend */
  BEND = 14,     /* 20 degrees: who goes straight ahead leaves the road */
  STRAIGHT = 18, /* 25 degrees */
  SHALLOW = 29,  /* 41 degrees: still an arm of a fork */
  SLIGHT = 32,   /* 45 degrees */
  FULL = 85,     /* 120 degrees */
  BACK = 120,
};

typedef struct
{
  const NaviGraph *graph;
  const NaviMetric *metric;
  const NaviLegArc *arcs;
  guint n_arcs;
  const NaviCoordinate *geometry;
  GListStore *steps;
  NaviStepData step; /* the one being measured */
  gboolean has_step;
  char **sign;       /* of the step: places, numbers, exit */
  const NaviGraphWay *road; /* (nullable): what the driver believes to be on, NULL: a road without name and number */
} Builder;

/* Where else one could go. */
typedef struct
{
  guint n;                /* ways out besides the one taken and the way back */
  guint n_comparable;     /* of these, about as important as the one taken */
  gint straightest;       /* the smallest turn among the comparable, as a magnitude; 128: none */
  gint rival;             /* the same among those that are at least as important */
  gboolean has_left;      /* a comparable one to the left (right) of the one taken */
  gboolean has_right;
  gboolean rival_is_right; /* of the one taken */
} Others;

static NaviModifier
modifier_of (gint turn)
{
  gint size = ABS (turn);

  if (size < STRAIGHT - 4)
    return NAVI_MODIFIER_STRAIGHT;
  if (size >= BACK)
    return NAVI_MODIFIER_UTURN;
  if (size < SLIGHT)
    return turn > 0 ? NAVI_MODIFIER_SLIGHT_RIGHT : NAVI_MODIFIER_SLIGHT_LEFT;
  if (size < FULL)
    return turn > 0 ? NAVI_MODIFIER_RIGHT : NAVI_MODIFIER_LEFT;
  return turn > 0 ? NAVI_MODIFIER_SHARP_RIGHT : NAVI_MODIFIER_SHARP_LEFT;
}

static gboolean
has_flag (Builder *self, guint32 arc, guint flag)
{
  return (navi_graph_way (self->graph, arc)->flags & flag) != 0;
}

static gint
turn_between (Builder *self, guint32 from, guint32 to)
{
  if (to == (from ^ 1))
    return -128;
  return navi_geo_turn (navi_graph_last_bearing (self->graph, from), navi_graph_first_bearing (self->graph, to));
}

static gboolean
has_label (const NaviGraphWay *way)
{
  return way->name != 0 || way->ref != 0;
}

/* By name, else by number. */
static gboolean
is_same_road (const NaviGraphWay *a, const NaviGraphWay *b)
{
  if (a->name != 0 && b->name != 0)
    return a->name == b->name;
  return a->ref != 0 && a->ref == b->ref;
}

/* The lower the more important. */
static guint
rank_of (const NaviGraphWay *way)
{
  guint road_class = way->road_class == NAVI_ROAD_UNCLASSIFIED ? NAVI_ROAD_RESIDENTIAL : way->road_class;

  return road_class + ((way->flags & NAVI_ROAD_IS_LINK) != 0 ? NAVI_N_ROAD_CLASSES : 0);
}

/* Both carriageways of a street lead a person on foot along it. */
static gboolean
is_other_half (Builder *self, guint32 arc, guint32 to, gint turn, gint taken)
{
  return self->metric->profile == NAVI_FOOT && ABS (turn) < SHALLOW && ABS (taken) < SHALLOW
         && is_same_road (navi_graph_way (self->graph, arc), navi_graph_way (self->graph, to));
}

static void
note_rival (Others *others, gint turn, gint taken)
{
  if (ABS (turn) >= others->rival)
    return;
  others->rival = ABS (turn);
  others->rival_is_right = turn > taken;
}

static Others
look_around (Builder *self, guint32 from, guint32 to)
{
  Others others = { .straightest = 128, .rival = 128 };
  guint8 road_class = navi_graph_way (self->graph, to)->road_class;
  gint taken = turn_between (self, from, to);
  guint32 first, end = navi_graph_out_arcs (self->graph, navi_graph_head (self->graph, from), &first);

  for (guint32 i = first; i < end; i++)
    {
      guint32 arc = navi_graph_out_arc (self->graph, i);
      gint turn = turn_between (self, from, arc);
      if (arc == to || arc == (from ^ 1) || navi_graph_arc_ms (self->graph, self->metric, arc) == 0
          || navi_graph_turn_ms (self->graph, self->metric, from, arc) == NAVI_NO_TURN)
        continue;
      others.n++;
      if (navi_graph_way (self->graph, arc)->road_class > MAX (road_class + 1, NAVI_ROAD_RESIDENTIAL)
          || is_other_half (self, arc, to, turn, taken))
        continue;
      others.n_comparable++;
      others.straightest = MIN (others.straightest, ABS (turn));
      others.has_left |= turn < taken;
      others.has_right |= turn > taken;
      if (rank_of (navi_graph_way (self->graph, arc)) <= rank_of (navi_graph_way (self->graph, to)))
        note_rival (&others, turn, taken);
    }
  return others;
}

/* What a driver still believes to be on after coming onto @way without being told. */
static void
go_on (Builder *self, const NaviGraphWay *way)
{
  if (has_label (way) && (self->road == NULL || self->road->name == 0 || way->name != 0))
    self->road = way;
}

static void
end_step (Builder *self)
{
  g_autoptr (NaviStep) step = NULL;

  if (!self->has_step)
    return;
  step = navi_step_new (&self->step);
  g_list_store_append (self->steps, step);
  g_clear_pointer (&self->sign, g_strfreev);
  self->has_step = FALSE;
}

static void
set_sign (Builder *self, const char *text)
{
  guint n;

  self->sign = g_strsplit (text, "\t", 3);
  n = g_strv_length (self->sign);
  self->step.destination = n > 0 ? self->sign[0] : "";
  self->step.destination_ref = n > 1 ? self->sign[1] : "";
  self->step.exit_ref = n > 2 ? self->sign[2] : "";
}

/* Names that change while a step lasts do not happen, except inside a roundabout, whose step is named after the road one leaves it by. */
static void
begin_step (Builder *self, NaviManeuver maneuver, NaviModifier modifier, guint index, guint named_by, guint exit)
{
  const NaviLegArc *at = &self->arcs[index];
  guint32 arc = self->arcs[named_by].arc;
  const NaviGraphWay *way = navi_graph_way (self->graph, arc);
  const NaviGraph *graph = self->graph;

  end_step (self);
  self->step = (NaviStepData){
    .maneuver = maneuver,
    .modifier = modifier,
    .name = navi_graph_string (graph, way->name),
    .name_en = navi_graph_string (graph, way->name_en),
    .name_zh = navi_graph_string (graph, way->name_zh),
    .ref = navi_graph_string (graph, way->ref),
    .lat_deg = self->geometry[at->first_point].lat_deg,
    .lon_deg = self->geometry[at->first_point].lon_deg,
    .bearing_deg = (navi_graph_first_bearing (graph, at->arc) * 360u + 128) / 256 % 360,
    .exit = exit,
    .road_class = way->road_class,
    .limit_kmh = way->limit_kmh[arc & 1],
    .first_point = at->first_point,
  };
  set_sign (self, navi_graph_string (graph, way->destination[arc & 1]));
  if (index > 0)
    {
      guint32 before = self->arcs[index - 1].arc;
      if (self->metric->profile != NAVI_FOOT)
        self->step.turn_lanes = navi_graph_string (graph, navi_graph_way (graph, before)->turn_lanes[before & 1]);
      self->step.stays = self->road != NULL && is_same_road (self->road, way);
    }
  self->road = has_label (way) ? way : NULL;
  self->has_step = TRUE;
}

static void
add_arc (Builder *self, guint index)
{
  const NaviLegArc *arc = &self->arcs[index];
  const NaviGraphWay *way = navi_graph_way (self->graph, arc->arc);

  self->step.distance_m += arc->distance_m;
  self->step.duration_s += arc->duration_s;
  self->step.flags |= way->road_class == NAVI_ROAD_FERRY ? NAVI_STEP_HAS_FERRY : 0;
  self->step.flags |= (way->flags & NAVI_ROAD_IS_TOLL) != 0 ? NAVI_STEP_HAS_TOLL : 0;
  self->step.flags |= (way->flags & NAVI_ROAD_IS_TUNNEL) != 0 ? NAVI_STEP_HAS_TUNNEL : 0;
  self->step.flags |= (way->flags & NAVI_ROAD_IS_UNPAVED) != 0 ? NAVI_STEP_HAS_UNPAVED : 0;
}

/* Which exit of the roundabout that begins at @index is taken; *leave is the first arc after it, n_arcs if the leg ends inside. */
static guint
count_exits (Builder *self, guint index, guint *leave)
{
  guint n = 0;

  for (guint i = index; i < self->n_arcs; i++)
    {
      guint32 first, end;
      if (!has_flag (self, self->arcs[i].arc, NAVI_ROAD_IS_ROUNDABOUT))
        {
          *leave = i;
          return n;
        }
      end = navi_graph_out_arcs (self->graph, navi_graph_head (self->graph, self->arcs[i].arc), &first);
      for (guint32 j = first; j < end; j++)
        {
          guint32 arc = navi_graph_out_arc (self->graph, j);
          if (has_flag (self, arc, NAVI_ROAD_IS_ROUNDABOUT) || navi_graph_arc_ms (self->graph, self->metric, arc) == 0)
            continue;
          n++;
          break;
        }
    }
  *leave = self->n_arcs;
  return 0;
}

/* Returns the index of the last arc that the step covers for certain. */
static guint
take_roundabout (Builder *self, guint index)
{
  guint leave, exit = count_exits (self, index, &leave);
  guint32 before = self->arcs[index - 1].arc, inside = self->arcs[index].arc;
  guint named_by = leave < self->n_arcs ? leave : index;
  NaviManeuver maneuver = navi_graph_way (self->graph, inside)->name != 0 ? NAVI_MANEUVER_ROTARY : NAVI_MANEUVER_ROUNDABOUT;

  begin_step (self, maneuver, modifier_of (turn_between (self, before, self->arcs[named_by].arc)), index, named_by, exit);
  for (guint i = index; i <= named_by; i++)
    add_arc (self, i);
  for (guint i = named_by + 1; leave == self->n_arcs && i < self->n_arcs; i++)
    add_arc (self, i);
  return leave < self->n_arcs ? leave : self->n_arcs - 1;
}

static gboolean
is_ramp (const NaviGraphWay *way)
{
  return (way->flags & NAVI_ROAD_IS_LINK) != 0 && way->road_class <= NAVI_ROAD_TRUNK;
}

static gboolean
is_fast (const NaviGraphWay *way)
{
  return (way->flags & NAVI_ROAD_IS_LINK) == 0 && way->road_class <= NAVI_ROAD_TRUNK;
}

/* Two arms of one road: neither is the one that everybody would take. */
static gboolean
is_fork (Builder *self, guint32 to, gint turn, const Others *others)
{
  const NaviGraphWay *after = navi_graph_way (self->graph, to);
  gint size = ABS (turn);

  if (size >= SHALLOW || others->straightest >= SHALLOW)
    return FALSE;
  if (others->rival >= SHALLOW)
    return size >= BEND && others->straightest + ALIKE < size;
  if (is_fast (after) || is_ramp (after))
    return TRUE;
  return others->rival < size + ALIKE || (size >= AHEAD && others->rival < size + AHEAD && others->rival_is_right == (turn < 0));
}

static NaviModifier
fork_side (const Others *others)
{
  gboolean is_left = others->rival < SHALLOW ? others->rival_is_right : !others->has_left;

  return is_left ? NAVI_MODIFIER_SLIGHT_LEFT : NAVI_MODIFIER_SLIGHT_RIGHT;
}

/* What to say where the name changes. */
static NaviManeuver
at_new_name (Builder *self, guint32 to, gint turn, const Others *others, NaviModifier *modifier)
{
  if (others->n == 0)
    return NAVI_MANEUVER_NEW_NAME;
  if (is_fork (self, to, turn, others))
    {
      *modifier = fork_side (others);
      return NAVI_MANEUVER_FORK;
    }
  if (ABS (turn) < STRAIGHT)
    return NAVI_MANEUVER_NEW_NAME;
  if (ABS (turn) >= SLIGHT && others->n_comparable > 0 && others->straightest >= SLIGHT && (turn > 0 ? others->has_left : others->has_right))
    return NAVI_MANEUVER_END_OF_ROAD;
  return NAVI_MANEUVER_TURN;
}

/* What to say where the name stays; NAVI_N_MANEUVERS: nothing. */
static NaviManeuver
at_same_name (Builder *self, guint32 to, gint turn, const Others *others, NaviModifier *modifier)
{
  if (others->n_comparable == 0)
    return NAVI_N_MANEUVERS;
  if (is_fork (self, to, turn, others))
    {
      *modifier = fork_side (others);
      return NAVI_MANEUVER_FORK;
    }
  if (ABS (turn) < SHALLOW)
    return NAVI_N_MANEUVERS;
  if (has_label (navi_graph_way (self->graph, to)))
    return others->straightest + 12 < ABS (turn) ? NAVI_MANEUVER_CONTINUE : NAVI_N_MANEUVERS;
  return others->straightest >= SLIGHT ? NAVI_MANEUVER_END_OF_ROAD : NAVI_MANEUVER_TURN;
}

static NaviManeuver
decide (Builder *self, guint32 from, guint32 to, NaviModifier *modifier)
{
  const NaviGraphWay *before = navi_graph_way (self->graph, from), *after = navi_graph_way (self->graph, to);
  Others others = look_around (self, from, to);
  gint turn = turn_between (self, from, to);
  gboolean is_labelled = has_label (after);
  NaviManeuver maneuver;

  *modifier = modifier_of (turn);
  if (to == (from ^ 1))
    return NAVI_MANEUVER_TURN;
  if (self->metric->profile == NAVI_CAR && is_ramp (after) && !is_ramp (before))
    {
      if (*modifier == NAVI_MODIFIER_STRAIGHT && others.n > 0)
        *modifier = fork_side (&others);
      return is_fast (before) ? NAVI_MANEUVER_OFF_RAMP : NAVI_MANEUVER_ON_RAMP;
    }
  if (self->metric->profile == NAVI_CAR && is_ramp (before) && is_fast (after) && ABS (turn) < SLIGHT)
    return NAVI_MANEUVER_MERGE;
  if ((before->road_class == NAVI_ROAD_FERRY) != (after->road_class == NAVI_ROAD_FERRY) && before->name == after->name)
    return NAVI_MANEUVER_CONTINUE;
  if (self->road != NULL ? is_labelled && is_same_road (self->road, after) : !is_labelled)
    return at_same_name (self, to, turn, &others, modifier);
  maneuver = at_new_name (self, to, turn, &others, modifier);
  /* A name that ends is nothing to be told. */
  return maneuver == NAVI_MANEUVER_NEW_NAME && !is_labelled ? NAVI_N_MANEUVERS : maneuver;
}

static void
arrive (Builder *self, const NaviSnap *to, guint last_point)
{
  guint32 arc = self->arcs[self->n_arcs - 1].arc;
  NaviModifier side = NAVI_MODIFIER_STRAIGHT;

  if (to->distance_m >= 3.0)
    side = to->is_right == ((arc & 1) == 0) ? NAVI_MODIFIER_RIGHT : NAVI_MODIFIER_LEFT;
  begin_step (self, NAVI_MANEUVER_ARRIVE, side, self->n_arcs - 1, self->n_arcs - 1, 0);
  self->step.first_point = last_point;
  self->step.lat_deg = self->geometry[last_point].lat_deg;
  self->step.lon_deg = self->geometry[last_point].lon_deg;
  self->step.turn_lanes = NULL;
  end_step (self);
}

void
navi_maneuvers_append (const NaviGraph *graph, const NaviMetric *metric, const NaviLegArc *arcs, guint n_arcs, const NaviSnap *to,
                       const NaviCoordinate *geometry, guint last_point, GListStore *steps)
{
  Builder self = { .graph = graph, .metric = metric, .arcs = arcs, .n_arcs = n_arcs, .geometry = geometry, .steps = steps };

  begin_step (&self, NAVI_MANEUVER_DEPART, NAVI_MODIFIER_STRAIGHT, 0, 0, 0);
  add_arc (&self, 0);
  for (guint i = 1; i < n_arcs; i++)
    {
      NaviModifier modifier;
      NaviManeuver maneuver;
      if (has_flag (&self, arcs[i].arc, NAVI_ROAD_IS_ROUNDABOUT) && !has_flag (&self, arcs[i - 1].arc, NAVI_ROAD_IS_ROUNDABOUT))
        {
          i = take_roundabout (&self, i);
          continue;
        }
      maneuver = decide (&self, arcs[i - 1].arc, arcs[i].arc, &modifier);
      if (maneuver != NAVI_N_MANEUVERS)
        begin_step (&self, maneuver, modifier, i, i, 0);
      else
        go_on (&self, navi_graph_way (graph, arcs[i].arc));
      add_arc (&self, i);
    }
  arrive (&self, to, last_point);
}
