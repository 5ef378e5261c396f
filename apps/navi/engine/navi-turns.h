/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* NaviTurns: forbidden sequences of arcs, compiled into the exceptions of a region's section of turns (navi-graph-format.h).
 *
 * A sequence of two arcs forbids a turn.  A longer one forbids its last turn only to those who came all the way: its states are those of
 * Aho and Corasick's automaton, whose states of one arc are the arcs themselves.
 *
 * Threading: one thread.
 * Source: A. Aho, M. Corasick: Efficient string matching, CACM 18 (1975). */

typedef struct _NaviTurns NaviTurns;

NaviTurns *navi_turns_new (guint32 n_arcs);

/* @n_arcs >= 2; @word: NAVI_TURN_FORBIDDEN, or NAVI_TURN_RULE and the number of a rule of turns */
void navi_turns_forbid (NaviTurns *self, const guint32 *arcs, guint n_arcs, guint32 word);

/* The words of the section; (transfer full) (element-type guint32) */
GArray *navi_turns_compile (NaviTurns *self);

void navi_turns_free (NaviTurns *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviTurns, navi_turns_free)

G_END_DECLS
