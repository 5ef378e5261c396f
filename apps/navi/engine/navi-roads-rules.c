/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-condition.h"
#include "navi-roads.h"
#include "navi-rules.h"
#include "navi-varint.h"

#include <string.h>

/* Turns conditional tags and limits of size into the rules of a region (navi-rules.h).
 *
 * What a way or a node is under each combination of its conditions is found by reading its tags anew, with the value of each conditional key
 * in the place of the plain one: so the hierarchy of keys holds among conditional ones too. */

/* Byte strings that are kept once, in the order of their first use. */
typedef struct
{
  GPtrArray *items;    /* GBytes */
  GHashTable *indices; /* GBytes -> index */
} Interned;

struct _NaviRoadsRules
{
  Interned texts;
  Interned way_outcomes;
  Interned node_outcomes;
  Interned rules;
};

/* A key that conditions decide. */
typedef struct
{
  char *key;       /* without ":conditional" */
  GArray *clauses; /* NaviConditionalClause */
} Choice;

/* ---- Tables ---- */

static void
interned_init (Interned *self)
{
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->indices = g_hash_table_new (g_bytes_hash, g_bytes_equal);
}

static void
interned_clear (Interned *self)
{
  g_hash_table_unref (self->indices);
  g_ptr_array_unref (self->items);
}

static guint32
intern (Interned *self, gconstpointer data, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  gpointer found;

  if (g_hash_table_lookup_extended (self->indices, bytes, NULL, &found))
    return GPOINTER_TO_UINT (found);
  g_hash_table_insert (self->indices, bytes, GUINT_TO_POINTER (self->items->len));
  g_ptr_array_add (self->items, g_steal_pointer (&bytes));
  return self->items->len - 1;
}

static void
append_interned (const Interned *self, gboolean with_lengths, GByteArray *bytes)
{
  navi_varint_append (bytes, self->items->len);
  for (guint i = 0; i < self->items->len; i++)
    {
      gsize length;
      gconstpointer data = g_bytes_get_data (g_ptr_array_index (self->items, i), &length);
      if (with_lengths)
        navi_varint_append (bytes, length);
      g_byte_array_append (bytes, data, (guint) length);
    }
}

NaviRoadsRules *
navi_roads_rules_new (void)
{
  NaviRoadsRules *self = g_new0 (NaviRoadsRules, 1);

  interned_init (&self->texts);
  interned_init (&self->way_outcomes);
  interned_init (&self->node_outcomes);
  interned_init (&self->rules);
  return self;
}

void
navi_roads_rules_free (NaviRoadsRules *self)
{
  interned_clear (&self->texts);
  interned_clear (&self->way_outcomes);
  interned_clear (&self->node_outcomes);
  interned_clear (&self->rules);
  g_free (self);
}

gboolean
navi_roads_rules_is_empty (const NaviRoadsRules *self)
{
  return self->rules.items->len == 0;
}

void
navi_roads_rules_append_tables (const NaviRoadsRules *self, GByteArray *bytes)
{
  append_interned (&self->texts, TRUE, bytes);
  append_interned (&self->way_outcomes, FALSE, bytes);
  append_interned (&self->node_outcomes, FALSE, bytes);
  append_interned (&self->rules, FALSE, bytes);
}

/* ---- Choices ---- */

static void
choice_free (gpointer data)
{
  Choice *choice = data;

  g_free (choice->key);
  g_array_unref (choice->clauses);
  g_free (choice);
}

static gboolean
is_one_of (const char *word, gsize length, const char *const *words)
{
  for (gsize i = 0; words[i] != NULL; i++)
    if (strlen (words[i]) == length && strncmp (word, words[i], length) == 0)
      return TRUE;
  return FALSE;
}

/* Whether the key (without ":conditional") says something of ours; "maxspeed:hgv" does not. */
static gboolean
concerns_us (const char *key)
{
  static const char *const first[]
      = { "access", "vehicle",   "motor_vehicle", "double_tracked_motor_vehicle", "motorcar",  "bicycle",     "foot", "oneway",
          "maxspeed", "maxheight", "maxwidth",      "maxlength",                    "maxweight", "maxaxleload", "toll", NULL };
  static const char *const next[]
      = { "forward", "backward", "physical", "vehicle", "motor_vehicle", "double_tracked_motor_vehicle", "motorcar", "bicycle", "foot", NULL };
  gsize length = strcspn (key, ":");

  if (!is_one_of (key, length, first))
    return FALSE;
  for (key += length; *key == ':'; key += length)
    {
      key++;
      length = strcspn (key, ":");
      if (!is_one_of (key, length, next))
        return FALSE;
    }
  return TRUE;
}

/* (element-type Choice): at most as many as give NAVI_RULE_MOST_VARIANTS. */
static GPtrArray *
find_choices (const NaviOsmTags *tags)
{
  GPtrArray *choices = g_ptr_array_new_with_free_func (choice_free);
  guint n_variants = 1;

  for (guint i = 0; i < tags->n_items; i++)
    {
      const char *key = tags->items[i].key;
      Choice *choice;
      if (!g_str_has_suffix (key, ":conditional"))
        continue;
      choice = g_new0 (Choice, 1);
      choice->key = g_strndup (key, strlen (key) - strlen (":conditional"));
      choice->clauses = navi_conditional_parse (tags->items[i].value);
      if (concerns_us (choice->key) && choice->clauses->len > 0 && n_variants * (choice->clauses->len + 1) <= NAVI_RULE_MOST_VARIANTS)
        {
          n_variants *= choice->clauses->len + 1;
          g_ptr_array_add (choices, choice);
        }
      else
        choice_free (choice);
    }
  return choices;
}

static guint
count_outcomes (const GPtrArray *choices, guint index)
{
  return ((const Choice *) g_ptr_array_index ((GPtrArray *) choices, index))->clauses->len + 1;
}

static guint
count_variants (const GPtrArray *choices)
{
  guint n = 1;

  for (guint i = 0; i < choices->len; i++)
    n *= count_outcomes (choices, i);
  return n;
}

/* The tags of a variant: its values before all others, as the first of a key counts.  A value that opens to some ("yes @ delivery") never holds,
 * and so is no variant that comes.  (transfer full): to be freed with g_free() */
static NaviOsmTag *
make_tags (const NaviOsmTags *tags, const GPtrArray *choices, guint variant, NaviOsmTags *made)
{
  NaviOsmTag *items = g_new (NaviOsmTag, tags->n_items + choices->len + 1);

  made->items = items;
  made->n_items = 0;
  for (guint i = choices->len; i > 0; i--)
    {
      const Choice *choice = g_ptr_array_index ((GPtrArray *) choices, i - 1);
      guint outcome = variant % (choice->clauses->len + 1);
      variant /= choice->clauses->len + 1;
      if (outcome > 0)
        items[made->n_items++] = (NaviOsmTag){ choice->key, g_array_index (choice->clauses, NaviConditionalClause, outcome - 1).value };
    }
  memcpy (items + made->n_items, tags->items, tags->n_items * sizeof *items);
  made->n_items += tags->n_items;
  return items;
}

/* ---- Rules ---- */

/* Takes away each choice that changes nothing. */
static void
drop_idle_choices (GPtrArray *choices, GArray *variants)
{
  for (guint i = choices->len; i > 0; i--)
    {
      guint n = count_outcomes (choices, i - 1), stride = 1, kept = 0;
      gboolean is_idle = TRUE;
      for (guint j = i; j < choices->len; j++)
        stride *= count_outcomes (choices, j);
      for (guint at = 0; at < variants->len && is_idle; at++)
        is_idle = g_array_index (variants, guint32, at) == g_array_index (variants, guint32, at - at / stride % n * stride);
      if (!is_idle)
        continue;
      for (guint at = 0; at < variants->len; at++)
        if (at / stride % n == 0)
          g_array_index (variants, guint32, kept++) = g_array_index (variants, guint32, at);
      g_array_set_size (variants, kept);
      g_ptr_array_remove_index (choices, i - 1);
    }
}

static guint32
add_rule (NaviRoadsRules *self, const GPtrArray *choices, const GArray *variants)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  navi_varint_append (bytes, choices->len);
  for (guint i = 0; i < choices->len; i++)
    {
      const Choice *choice = g_ptr_array_index ((GPtrArray *) choices, i);
      navi_varint_append (bytes, choice->clauses->len);
      for (guint j = 0; j < choice->clauses->len; j++)
        {
          const char *text = g_array_index (choice->clauses, NaviConditionalClause, j).condition;
          navi_varint_append (bytes, intern (&self->texts, text, strlen (text)));
        }
    }
  for (guint i = 0; i < variants->len; i++)
    navi_varint_append (bytes, g_array_index (variants, guint32, i));
  return intern (&self->rules, bytes->data, bytes->len) + 1;
}

static gboolean
append_sizes (GByteArray *bytes, const guint32 *most, guint stride)
{
  guint mask = 0;

  for (guint size = 0; size < NAVI_N_SIZES; size++)
    mask |= most[size * stride] != 0 ? 1u << size : 0;
  navi_varint_append (bytes, mask);
  for (guint size = 0; size < NAVI_N_SIZES; size++)
    if (most[size * stride] != 0)
      navi_varint_append (bytes, most[size * stride]);
  return mask != 0;
}

static guint32
add_way_outcome (NaviRoadsRules *self, const NaviImportWay *way, const NaviRoad *road, gboolean *has_sizes)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  NaviGraphWay record;

  memset (&record, 0, sizeof record);
  navi_roads_fill_common (way, road, &record);
  record.has_rules = 1;
  g_byte_array_append (bytes, (const guint8 *) &record.speed_dkmh, sizeof (NaviGraphCommon));
  for (guint direction = 0; direction < 2; direction++)
    *has_sizes |= append_sizes (bytes, &road->most[0][direction], 2);
  return intern (&self->way_outcomes, bytes->data, bytes->len);
}

guint32
navi_roads_rules_add_way (NaviRoadsRules *self, const NaviImportWay *way, gboolean *is_usable)
{
  g_autoptr (GPtrArray) choices = find_choices (&way->tags);
  g_autoptr (GArray) variants = g_array_new (FALSE, FALSE, sizeof (guint32));
  gboolean has_sizes = FALSE;
  NaviRoad road;

  *is_usable = navi_tagging_road (&way->tags, &road);
  for (guint size = 0; size < NAVI_N_SIZES; size++)
    has_sizes |= road.most[size][0] != 0 || road.most[size][1] != 0;
  if (choices->len == 0 && (!has_sizes || !*is_usable))
    return 0;
  for (guint i = 0, n = count_variants (choices); i < n; i++)
    {
      NaviOsmTags made;
      g_autofree NaviOsmTag *items = make_tags (&way->tags, choices, i, &made);
      guint32 outcome;
      *is_usable |= navi_tagging_road (&made, &road);
      outcome = add_way_outcome (self, way, &road, &has_sizes);
      g_array_append_val (variants, outcome);
    }
  drop_idle_choices (choices, variants);
  return *is_usable && (choices->len > 0 || has_sizes) ? add_rule (self, choices, variants) : 0;
}

guint32
navi_roads_rules_add_node (NaviRoadsRules *self, const NaviOsmTags *tags)
{
  g_autoptr (GPtrArray) choices = find_choices (tags);
  g_autoptr (GArray) variants = g_array_new (FALSE, FALSE, sizeof (guint32));
  gboolean has_sizes = FALSE;
  NaviCrossing crossing;

  navi_tagging_crossing (tags, &crossing);
  for (guint size = 0; size < NAVI_N_SIZES; size++)
    has_sizes |= crossing.most[size] != 0;
  if (choices->len == 0 && !has_sizes)
    return 0;
  for (guint i = 0, n = count_variants (choices); i < n; i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      NaviOsmTags made;
      g_autofree NaviOsmTag *items = make_tags (tags, choices, i, &made);
      guint32 access = 0, outcome;
      navi_tagging_crossing (&made, &crossing);
      for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
        access |= (guint32) crossing.access[profile] << (profile * 2);
      navi_varint_append (bytes, access);
      has_sizes |= append_sizes (bytes, crossing.most, 1);
      outcome = intern (&self->node_outcomes, bytes->data, bytes->len);
      g_array_append_val (variants, outcome);
    }
  drop_idle_choices (choices, variants);
  return choices->len > 0 || has_sizes ? add_rule (self, choices, variants) : 0;
}

guint32
navi_roads_rules_add_turn (NaviRoadsRules *self, const char *conditional, const char *value, gboolean otherwise)
{
  g_autoptr (GPtrArray) choices = g_ptr_array_new_with_free_func (choice_free);
  g_autoptr (GArray) variants = g_array_new (FALSE, FALSE, sizeof (guint32));
  Choice *choice = g_new0 (Choice, 1);
  guint32 counts = otherwise ? 1 : 0;

  choice->clauses = navi_conditional_parse (conditional);
  g_array_set_size (choice->clauses, MIN (choice->clauses->len, NAVI_RULE_MOST_VARIANTS - 1));
  g_ptr_array_add (choices, choice);
  g_array_append_val (variants, counts);
  for (guint i = 0; i < choice->clauses->len; i++)
    {
      counts = strcmp (g_array_index (choice->clauses, NaviConditionalClause, i).value, value) == 0 ? 1 : 0;
      g_array_append_val (variants, counts);
    }
  return add_rule (self, choices, variants);
}
