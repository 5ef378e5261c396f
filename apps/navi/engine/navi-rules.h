/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-condition.h"
#include "navi-graph-format.h"

G_BEGIN_DECLS

/* NaviRulebook: what of a region's roads depends on the time or on the vehicle: conditional tags and limits of size.
 *
 * What the tags say without their conditions is in the graph.  A rulebook says for a few of its ways, nodes and turn restrictions what is
 * otherwise when, and in which cells that matters, so that the weights of a moment are those of the region with a few cells made anew.
 * NaviRules is a rulebook at one moment for one profile and vehicle: nothing in it changes while a route is searched, as if one were there
 * at once.
 *
 * A rule is a list of choices, each a list of conditions; a choice's outcome is the number of the last condition that holds, 0 if none does; the
 * outcomes of all choices, as the digits of a number, say which of the rule's variants counts.  The section is a sequence of varints
 * (navi-varint.h), each table with its length before it:
 *     texts of conditions: length and bytes;
 *     outcomes of ways: the 20 bytes of NaviGraphCommon, sizes (a byte of which are there along the way, one against it, and these);
 *     outcomes of nodes: access as in NaviGraphNode, sizes (a byte of which are there, and these);
 *     rules: number of choices, for each the number of its conditions and these; then the variants (as many as there are outcomes of all
 *         choices): of a way or a node the number of an outcome, of a turn 1 if it is forbidden;
 *     ways: difference to the last one, rule, number of cells, differences of these;
 *     nodes: difference to the last one, rule;
 *     turns: rule, number of cells, differences of these.
 *
 * Threading: any thread.
 * Ownership: a rulebook must live as long as its graph; rules are counted.
 * Errors: NULL for a section that does not fit the graph. */

typedef struct _NaviRulebook NaviRulebook;
typedef struct _NaviGraph NaviGraph;

/* A rule has at most so many variants. */
#define NAVI_RULE_MOST_VARIANTS 64

/* An exception of turns that counts only while a rule says so (navi-graph-format.h). */
#define NAVI_TURN_RULE (1u << 31)

/* A vehicle that is too much for a road is a trait of it, as a toll is (NaviAvoid in navi-graph.h): this one for NAVI_SIZE_HEIGHT. */
#define NAVI_TOO_MUCH_SHIFT 6

typedef struct
{
  guint32 way;
  guint32 too_much[2]; /* against the way's direction: [1] */
  NaviGraphWay record; /* without strings */
} NaviRuledWay;

typedef struct
{
  guint32 node;
  guint32 too_much;
  guint32 access; /* as in NaviGraphNode */
} NaviRuledNode;

typedef struct
{
  gatomicrefcount references;
  NaviProfile profile;
  guint too_much;    /* of all */
  GArray *ways;      /* NaviRuledWay: those that are not as in the graph, rising */
  GArray *nodes;     /* NaviRuledNode, likewise */
  GByteArray *turns; /* of each rule of turns whether it counts */
  GArray *cells;     /* guint32: cells of level 0 in which something is not as in the graph, rising */
} NaviRules;

/* Returns: (transfer full) (nullable) */
NaviRulebook *navi_rulebook_read (const NaviGraph *graph, const guint8 *bytes, gsize n_bytes);
void navi_rulebook_free (NaviRulebook *self);

/* What counts at a time, for a vehicle of which some sizes are known (0: not).  The same object is given again while nothing changes.
 * Returns: (transfer full) (nullable): NULL if all is as in the graph */
NaviRules *navi_rulebook_get (NaviRulebook *self, NaviProfile profile, const NaviLocalTime *at, const guint32 sizes[NAVI_N_SIZES]);

/* As if all were open that ever is: for what must not depend on the time.  (transfer full) */
NaviRules *navi_rulebook_get_open (NaviRulebook *self, NaviProfile profile);

NaviRules *navi_rules_ref (NaviRules *self);
void navi_rules_unref (NaviRules *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviRules, navi_rules_unref)

/* (transfer none) (nullable): NULL if it is as in the graph */
const NaviRuledWay *navi_rules_find_way (const NaviRules *self, guint32 way);
const NaviRuledNode *navi_rules_find_node (const NaviRules *self, guint32 node);

/* @word: the second word of an exception with NAVI_TURN_RULE. */
static inline gboolean
navi_rules_forbids (const NaviRules *self, guint32 word)
{
  guint32 turn = word & ~NAVI_TURN_RULE;
  return self != NULL && turn < self->turns->len && self->turns->data[turn] != 0;
}

G_END_DECLS
