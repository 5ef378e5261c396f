/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-rules.h"
#include "navi-graph.h"
#include "navi-varint.h"

#include <string.h>

/* Reads a region's rules and finds what counts at a moment. */

enum
{
  MOST_KEPT = 8, /* moments that were asked for lately */
};

typedef struct
{
  NaviGraphCommon common;
  guint32 most[NAVI_N_SIZES][2];
} WayOutcome;

typedef struct
{
  guint32 access;
  guint32 most[NAVI_N_SIZES];
} NodeOutcome;

typedef struct
{
  guint32 n_clauses;
  guint32 first_clause;
} Choice;

typedef struct
{
  guint32 n_choices;
  guint32 first_choice;
  guint32 first_variant;
  guint32 n_variants;
} Rule;

/* A way, node or turn. */
typedef struct
{
  guint32 index;
  guint32 rule;
  guint32 first_cell;
  guint32 n_cells;
} Subject;

typedef struct
{
  NaviProfile profile;
  NaviLocalTime at;
  guint32 sizes[NAVI_N_SIZES];
  NaviRules *rules; /* (nullable) */
} Kept;

struct _NaviRulebook
{
  const NaviGraph *graph;
  GPtrArray *texts;         /* char, until they are first asked about */
  GPtrArray *conditions;    /* NaviCondition; NULL until then; guarded by the lock, as what follows it */
  GMutex lock;
  GQueue kept;              /* Kept, the last used first */
  GArray *way_outcomes;     /* WayOutcome */
  GArray *node_outcomes;    /* NodeOutcome */
  GArray *clauses;          /* guint32 */
  GArray *choices;          /* Choice */
  GArray *variants;         /* guint32 */
  GArray *rules;            /* Rule */
  GArray *ways;             /* Subject, as the next two */
  GArray *nodes;
  GArray *turns;
  GArray *cells;            /* guint32 */
};

/* ---- Reading ---- */

typedef struct
{
  const guint8 *at;
  const guint8 *end;
  gboolean is_bad;
} Reader;

static guint32
read_number (Reader *reader)
{
  guint64 value = 0;

  if (!navi_varint_read (&reader->at, reader->end, &value) || value > G_MAXINT32)
    {
      reader->is_bad = TRUE;
      reader->at = reader->end;
      return 0;
    }
  return (guint32) value;
}

/* How many items follow: each takes a byte at least. */
static guint32
read_count (Reader *reader)
{
  guint32 n = read_number (reader);

  reader->is_bad |= n > (gsize) (reader->end - reader->at);
  return reader->is_bad ? 0 : n;
}

/* A number below @limit. */
static guint32
read_index (Reader *reader, guint32 limit)
{
  guint32 index = read_number (reader);

  reader->is_bad |= index >= limit;
  return index;
}

static void
read_texts (NaviRulebook *self, Reader *reader)
{
  for (guint32 n = read_count (reader); n > 0 && !reader->is_bad; n--)
    {
      guint32 length = read_count (reader);
      g_ptr_array_add (self->texts, g_strndup ((const char *) reader->at, length));
      reader->at += length;
    }
}

static void
read_way_outcomes (NaviRulebook *self, Reader *reader)
{
  for (guint32 n = read_count (reader); n > 0 && !reader->is_bad; n--)
    {
      WayOutcome outcome = { 0 };
      if ((gsize) (reader->end - reader->at) < sizeof outcome.common)
        {
          reader->is_bad = TRUE;
          return;
        }
      memcpy (&outcome.common, reader->at, sizeof outcome.common);
      reader->at += sizeof outcome.common;
      for (guint direction = 0; direction < 2; direction++)
        {
          guint32 mask = read_number (reader);
          for (guint size = 0; size < NAVI_N_SIZES; size++)
            outcome.most[size][direction] = (mask >> size & 1) != 0 ? read_number (reader) : 0;
        }
      g_array_append_val (self->way_outcomes, outcome);
    }
}

static void
read_node_outcomes (NaviRulebook *self, Reader *reader)
{
  for (guint32 n = read_count (reader); n > 0 && !reader->is_bad; n--)
    {
      NodeOutcome outcome = { .access = read_number (reader) };
      guint32 mask = read_number (reader);
      for (guint size = 0; size < NAVI_N_SIZES; size++)
        outcome.most[size] = (mask >> size & 1) != 0 ? read_number (reader) : 0;
      g_array_append_val (self->node_outcomes, outcome);
    }
}

static void
read_rules (NaviRulebook *self, Reader *reader)
{
  for (guint32 n = read_count (reader); n > 0 && !reader->is_bad; n--)
    {
      Rule rule = { read_count (reader), self->choices->len, self->variants->len, 1 };
      for (guint32 i = 0; i < rule.n_choices && !reader->is_bad; i++)
        {
          Choice choice = { read_count (reader), self->clauses->len };
          for (guint32 j = 0; j < choice.n_clauses; j++)
            {
              guint32 condition = read_index (reader, self->texts->len);
              g_array_append_val (self->clauses, condition);
            }
          g_array_append_val (self->choices, choice);
          reader->is_bad |= choice.n_clauses >= NAVI_RULE_MOST_VARIANTS;
          rule.n_variants *= choice.n_clauses + 1;
          reader->is_bad |= rule.n_variants > NAVI_RULE_MOST_VARIANTS;
        }
      for (guint32 i = 0; i < rule.n_variants && !reader->is_bad; i++)
        {
          guint32 variant = read_number (reader);
          g_array_append_val (self->variants, variant);
        }
      g_array_append_val (self->rules, rule);
    }
}

/* The variants of a rule must be below @limit. */
static gboolean
check_rule (const NaviRulebook *self, guint32 index, guint32 limit)
{
  const Rule *rule;

  if (index >= self->rules->len)
    return FALSE;
  rule = &g_array_index (self->rules, Rule, index);
  for (guint32 i = 0; i < rule->n_variants; i++)
    if (g_array_index (self->variants, guint32, rule->first_variant + i) >= limit)
      return FALSE;
  return TRUE;
}

static void
read_cells (NaviRulebook *self, Reader *reader, Subject *subject)
{
  guint32 cell = 0, n = read_count (reader);

  subject->first_cell = self->cells->len;
  for (guint32 i = 0; i < n && !reader->is_bad; i++)
    {
      guint32 more = read_number (reader);
      reader->is_bad |= more >= self->graph->levels.n_cells[0] - cell;
      cell += more;
      g_array_append_val (self->cells, cell);
    }
  subject->n_cells = self->cells->len - subject->first_cell;
}

/* @limit: how many ways or nodes there are; 0: turns are numbered as they come. */
static void
read_subjects (NaviRulebook *self, Reader *reader, GArray *subjects, guint32 limit, guint32 n_outcomes, gboolean has_cells)
{
  guint32 at = 0;

  for (guint32 n = read_count (reader), i = 0; i < n && !reader->is_bad; i++)
    {
      Subject subject = { .index = i };
      if (limit > 0)
        {
          guint32 more = read_number (reader);
          reader->is_bad |= more >= limit - at || (i > 0 && more == 0);
          subject.index = at += more;
        }
      subject.rule = read_number (reader);
      reader->is_bad |= !check_rule (self, subject.rule, n_outcomes);
      if (has_cells)
        read_cells (self, reader, &subject);
      g_array_append_val (subjects, subject);
    }
}

NaviRulebook *
navi_rulebook_read (const NaviGraph *graph, const guint8 *bytes, gsize n_bytes)
{
  NaviRulebook *self = g_new0 (NaviRulebook, 1);
  Reader reader = { bytes, bytes + n_bytes, FALSE };

  self->graph = graph;
  g_mutex_init (&self->lock);
  g_queue_init (&self->kept);
  self->texts = g_ptr_array_new_with_free_func (g_free);
  self->way_outcomes = g_array_new (FALSE, FALSE, sizeof (WayOutcome));
  self->node_outcomes = g_array_new (FALSE, FALSE, sizeof (NodeOutcome));
  self->clauses = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->choices = g_array_new (FALSE, FALSE, sizeof (Choice));
  self->variants = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->rules = g_array_new (FALSE, FALSE, sizeof (Rule));
  self->ways = g_array_new (FALSE, FALSE, sizeof (Subject));
  self->nodes = g_array_new (FALSE, FALSE, sizeof (Subject));
  self->turns = g_array_new (FALSE, FALSE, sizeof (Subject));
  self->cells = g_array_new (FALSE, FALSE, sizeof (guint32));
  read_texts (self, &reader);
  read_way_outcomes (self, &reader);
  read_node_outcomes (self, &reader);
  read_rules (self, &reader);
  read_subjects (self, &reader, self->ways, graph->n_ways, self->way_outcomes->len, TRUE);
  read_subjects (self, &reader, self->nodes, graph->n_nodes, self->node_outcomes->len, FALSE);
  read_subjects (self, &reader, self->turns, 0, 2, TRUE);
  if (!reader.is_bad && reader.at == reader.end)
    return self;
  navi_rulebook_free (self);
  return NULL;
}

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  g_clear_pointer (&kept->rules, navi_rules_unref);
  g_free (kept);
}

void
navi_rulebook_free (NaviRulebook *self)
{
  g_queue_clear_full (&self->kept, kept_free);
  g_clear_pointer (&self->conditions, g_ptr_array_unref);
  g_ptr_array_unref (self->texts);
  g_array_unref (self->way_outcomes);
  g_array_unref (self->node_outcomes);
  g_array_unref (self->clauses);
  g_array_unref (self->choices);
  g_array_unref (self->variants);
  g_array_unref (self->rules);
  g_array_unref (self->ways);
  g_array_unref (self->nodes);
  g_array_unref (self->turns);
  g_array_unref (self->cells);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* ---- Rules ---- */

static NaviRules *
rules_new (NaviProfile profile)
{
  NaviRules *self = g_new0 (NaviRules, 1);

  g_atomic_ref_count_init (&self->references);
  self->profile = profile;
  self->ways = g_array_new (FALSE, TRUE, sizeof (NaviRuledWay));
  self->nodes = g_array_new (FALSE, TRUE, sizeof (NaviRuledNode));
  self->turns = g_byte_array_new ();
  self->cells = g_array_new (FALSE, FALSE, sizeof (guint32));
  return self;
}

NaviRules *
navi_rules_ref (NaviRules *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
navi_rules_unref (NaviRules *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_array_unref (self->ways);
  g_array_unref (self->nodes);
  g_byte_array_unref (self->turns);
  g_array_unref (self->cells);
  g_free (self);
}

/* The item whose first word is @key, in an array that rises by it. */
static gconstpointer
find (const GArray *items, gsize item_bytes, guint32 key)
{
  guint low = 0, high = items->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      gconstpointer item = items->data + middle * item_bytes;
      guint32 at = *(const guint32 *) item;
      if (at == key)
        return item;
      if (at < key)
        low = middle + 1;
      else
        high = middle;
    }
  return NULL;
}

const NaviRuledWay *
navi_rules_find_way (const NaviRules *self, guint32 way)
{
  return find (self->ways, sizeof (NaviRuledWay), way);
}

const NaviRuledNode *
navi_rules_find_node (const NaviRules *self, guint32 node)
{
  return find (self->nodes, sizeof (NaviRuledNode), node);
}

static gint
compare_words (gconstpointer a, gconstpointer b)
{
  guint32 left = *(const guint32 *) a, right = *(const guint32 *) b;
  return left < right ? -1 : left > right;
}

static void
sort_cells (GArray *cells)
{
  guint kept = 0;

  g_array_sort (cells, compare_words);
  for (guint i = 0; i < cells->len; i++)
    if (kept == 0 || g_array_index (cells, guint32, kept - 1) != g_array_index (cells, guint32, i))
      g_array_index (cells, guint32, kept++) = g_array_index (cells, guint32, i);
  g_array_set_size (cells, kept);
}

static gboolean
same_items (const GArray *a, const GArray *b, gsize item_bytes)
{
  return a->len == b->len && (a->len == 0 || memcmp (a->data, b->data, a->len * item_bytes) == 0);
}

static gboolean
same_rules (const NaviRules *a, const NaviRules *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return a->profile == b->profile && same_items (a->ways, b->ways, sizeof (NaviRuledWay))
         && same_items (a->nodes, b->nodes, sizeof (NaviRuledNode)) && a->turns->len == b->turns->len
         && memcmp (a->turns->data, b->turns->data, a->turns->len) == 0;
}

/* ---- A moment ---- */

typedef struct
{
  NaviRulebook *book;
  NaviRules *rules;
  const guint32 *sizes;
  guint8 *holds; /* of each condition */
} Moment;

/* The number of the variant that counts. */
static guint32
decide (const Moment *self, guint32 index)
{
  const NaviRulebook *book = self->book;
  const Rule *rule = &g_array_index (book->rules, Rule, index);
  guint32 at = 0;

  for (guint32 i = 0; i < rule->n_choices; i++)
    {
      const Choice *choice = &g_array_index (book->choices, Choice, rule->first_choice + i);
      guint32 outcome = choice->n_clauses;
      while (outcome > 0 && !self->holds[g_array_index (book->clauses, guint32, choice->first_clause + outcome - 1)])
        outcome--;
      at = at * (choice->n_clauses + 1) + outcome;
    }
  return g_array_index (book->variants, guint32, rule->first_variant + at);
}

/* The variant without any condition. */
static guint32
variant_at (const NaviRulebook *book, guint32 rule, guint32 index)
{
  return g_array_index (book->variants, guint32, g_array_index (book->rules, Rule, rule).first_variant + index);
}

static guint32
find_too_much (const Moment *self, const guint32 *most, guint stride)
{
  guint32 too_much = 0;

  for (guint size = 0; size < NAVI_N_SIZES && self->rules->profile != NAVI_FOOT; size++)
    if (most[size * stride] != 0 && self->sizes[size] > most[size * stride])
      too_much |= 1u << (NAVI_TOO_MUCH_SHIFT + size);
  return too_much;
}

static void
append_cells (const Moment *self, const Subject *subject)
{
  if (subject->n_cells > 0)
    g_array_append_vals (self->rules->cells, &g_array_index (self->book->cells, guint32, subject->first_cell), subject->n_cells);
}

/* What a profile's search sees of two records. */
static gboolean
is_same_for (NaviProfile profile, const NaviGraphWay *a, const NaviGraphWay *b)
{
  return memcmp (a->speed_dkmh[profile], b->speed_dkmh[profile], sizeof a->speed_dkmh[profile]) == 0
         && (a->access >> (profile * 4) & 0xf) == (b->access >> (profile * 4) & 0xf) && a->flags == b->flags && a->road_class == b->road_class;
}

static void
set_record (NaviGraphWay *record, const WayOutcome *outcome)
{
  memset (record, 0, sizeof *record);
  memcpy (record->speed_dkmh, &outcome->common, sizeof outcome->common);
}

static void
add_way (const Moment *self, const Subject *subject)
{
  const WayOutcome *outcomes = (const WayOutcome *) (gpointer) self->book->way_outcomes->data;
  const WayOutcome *now = &outcomes[decide (self, subject->rule)];
  NaviRuledWay way = { .way = subject->index };
  NaviGraphWay plain;

  set_record (&way.record, now);
  set_record (&plain, &outcomes[variant_at (self->book, subject->rule, 0)]);
  for (guint direction = 0; direction < 2; direction++)
    way.too_much[direction] = find_too_much (self, &now->most[0][direction], 2);
  if (way.too_much[0] == 0 && way.too_much[1] == 0 && is_same_for (self->rules->profile, &plain, &way.record))
    return;
  self->rules->too_much |= way.too_much[0] | way.too_much[1];
  g_array_append_val (self->rules->ways, way);
  append_cells (self, subject);
}

static void
add_node (const Moment *self, const Subject *subject)
{
  const NodeOutcome *outcomes = (const NodeOutcome *) (gpointer) self->book->node_outcomes->data;
  const NodeOutcome *now = &outcomes[decide (self, subject->rule)];
  NaviRuledNode node = { subject->index, find_too_much (self, now->most, 1), now->access };
  guint32 cell;

  if (node.too_much == 0
      && ((now->access ^ outcomes[variant_at (self->book, subject->rule, 0)].access) >> (self->rules->profile * 2) & 3) == 0)
    return;
  cell = navi_cells_find (&self->book->graph->levels, 0, node.node);
  self->rules->too_much |= node.too_much;
  g_array_append_val (self->rules->nodes, node);
  g_array_append_val (self->rules->cells, cell);
}

/* A turn's restriction counts if the variant says so; in the region's weights no such restriction does, unless it is lifted only by conditions. */
static void
add_turn (const Moment *self, const Subject *subject)
{
  guint8 counts = (guint8) decide (self, subject->rule);

  g_byte_array_append (self->rules->turns, &counts, 1);
  if (counts != 0)
    append_cells (self, subject);
}

/* With the lock held. */
static guint8 *
find_what_holds (NaviRulebook *self, const NaviCircumstances *circumstances)
{
  guint8 *holds = g_new0 (guint8, self->texts->len + 1);

  if (self->conditions == NULL)
    {
      self->conditions = g_ptr_array_new_with_free_func ((GDestroyNotify) navi_condition_free);
      for (guint i = 0; i < self->texts->len; i++)
        g_ptr_array_add (self->conditions, navi_condition_parse (g_ptr_array_index (self->texts, i)));
    }
  for (guint i = 0; i < self->texts->len; i++)
    holds[i] = navi_condition_holds (g_ptr_array_index (self->conditions, i), circumstances) ? 1 : 0;
  return holds;
}

/* What conditions are told of a vehicle of which nothing is known. */
static const guint32 usual_sizes[NAVI_N_PROFILES][NAVI_N_SIZES] = {
  { 1600, 1900, 4500, 1600, 900 },
  { 1800, 700, 1900, 100, 60 },
  { 0 },
};

/* With the lock held; (transfer full) (nullable) */
static NaviRules *
find_rules (NaviRulebook *self, const Kept *wanted)
{
  NaviCircumstances circumstances = { .at = wanted->at };
  g_autofree guint8 *holds = NULL;
  Moment moment = { self, rules_new (wanted->profile), wanted->sizes, NULL };
  NaviRules *rules = moment.rules;

  for (guint size = 0; size < NAVI_N_SIZES; size++)
    circumstances.sizes[size] = wanted->sizes[size] != 0 ? wanted->sizes[size] : usual_sizes[wanted->profile][size];
  moment.holds = holds = find_what_holds (self, &circumstances);
  for (guint i = 0; i < self->ways->len; i++)
    add_way (&moment, &g_array_index (self->ways, Subject, i));
  for (guint i = 0; i < self->nodes->len; i++)
    add_node (&moment, &g_array_index (self->nodes, Subject, i));
  for (guint i = 0; i < self->turns->len; i++)
    add_turn (&moment, &g_array_index (self->turns, Subject, i));
  sort_cells (rules->cells);
  if (rules->cells->len == 0)
    g_clear_pointer (&rules, navi_rules_unref);
  for (GList *link = self->kept.head; link != NULL; link = link->next)
    {
      Kept *kept = link->data;
      if (rules == NULL || !same_rules (kept->rules, rules))
        continue;
      navi_rules_unref (rules);
      return navi_rules_ref (kept->rules);
    }
  return rules;
}

static gboolean
is_same_moment (const Kept *a, const Kept *b)
{
  return a->profile == b->profile && memcmp (&a->at, &b->at, sizeof a->at) == 0 && memcmp (a->sizes, b->sizes, sizeof a->sizes) == 0;
}

NaviRules *
navi_rulebook_get (NaviRulebook *self, NaviProfile profile, const NaviLocalTime *at, const guint32 sizes[NAVI_N_SIZES])
{
  Kept *kept = g_new0 (Kept, 1);
  NaviRules *rules;

  kept->profile = profile;
  kept->at = *at;
  memcpy (kept->sizes, sizes, sizeof kept->sizes);
  g_mutex_lock (&self->lock);
  for (GList *link = self->kept.head; link != NULL; link = link->next)
    if (is_same_moment (link->data, kept))
      {
        g_free (kept);
        kept = link->data;
        g_queue_unlink (&self->kept, link);
        g_queue_push_head_link (&self->kept, link);
        rules = kept->rules != NULL ? navi_rules_ref (kept->rules) : NULL;
        g_mutex_unlock (&self->lock);
        return rules;
      }
  kept->rules = find_rules (self, kept);
  rules = kept->rules != NULL ? navi_rules_ref (kept->rules) : NULL;
  g_queue_push_head (&self->kept, kept);
  if (self->kept.length > MOST_KEPT)
    kept_free (g_queue_pop_tail (&self->kept));
  g_mutex_unlock (&self->lock);
  return rules;
}

/* ---- Whatever the moment ---- */

static void
open_way (const NaviRulebook *self, const Subject *subject, NaviGraphWay *record)
{
  const WayOutcome *outcomes = (const WayOutcome *) (gpointer) self->way_outcomes->data;
  guint32 n = g_array_index (self->rules, Rule, subject->rule).n_variants;

  set_record (record, &outcomes[variant_at (self, subject->rule, 0)]);
  for (guint32 i = 1; i < n; i++)
    {
      NaviGraphWay other;
      set_record (&other, &outcomes[variant_at (self, subject->rule, i)]);
      for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
        for (guint direction = 0; direction < 2; direction++)
          {
            guint shift = profile * 4 + direction * 2;
            guint access = MAX (record->access >> shift & 3, other.access >> shift & 3);
            record->access = (guint16) ((record->access & ~(3u << shift)) | access << shift);
            record->speed_dkmh[profile][direction] = MAX (record->speed_dkmh[profile][direction], other.speed_dkmh[profile][direction]);
          }
    }
}

static guint32
open_node (const NaviRulebook *self, const Subject *subject)
{
  const NodeOutcome *outcomes = (const NodeOutcome *) (gpointer) self->node_outcomes->data;
  guint32 n = g_array_index (self->rules, Rule, subject->rule).n_variants, access = 0;

  for (guint32 i = 0; i < n; i++)
    for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
      {
        guint32 own = outcomes[variant_at (self, subject->rule, i)].access >> (profile * 2) & 3, so_far = access >> (profile * 2) & 3;
        access |= MAX (own, so_far) << (profile * 2);
        access &= ~((MAX (own, so_far) ^ 3) << (profile * 2));
      }
  return access;
}

NaviRules *
navi_rulebook_get_open (NaviRulebook *self, NaviProfile profile)
{
  NaviRules *rules = rules_new (profile);

  for (guint i = 0; i < self->ways->len; i++)
    {
      NaviRuledWay way = { .way = g_array_index (self->ways, Subject, i).index };
      open_way (self, &g_array_index (self->ways, Subject, i), &way.record);
      g_array_append_val (rules->ways, way);
    }
  for (guint i = 0; i < self->nodes->len; i++)
    {
      NaviRuledNode node = { .node = g_array_index (self->nodes, Subject, i).index };
      node.access = open_node (self, &g_array_index (self->nodes, Subject, i));
      g_array_append_val (rules->nodes, node);
    }
  return rules;
}
