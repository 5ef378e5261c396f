/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi"

#include "navi-condition.h"

#include <string.h>

/* Reads conditional tags and tells when they hold. */

enum
{
  MOST_CLAUSES = 32,
  MOST_PARTS = 8,
};

typedef enum
{
  LESS,
  LESS_OR_EQUAL,
  EQUAL,
  GREATER_OR_EQUAL,
  GREATER,
} Comparison;

/* Opening hours, or else the comparison of a size. */
typedef struct
{
  NaviOpeningHours *hours; /* (nullable) */
  NaviSize size;
  Comparison comparison;
  guint32 than;
} Part;

struct _NaviCondition
{
  Part parts[MOST_PARTS];
  guint n_parts;
  gboolean never;
};

/* ---- Reading conditions ---- */

/* Takes away blanks and the brackets around all of it, in place. */
static char *
strip (char *text)
{
  for (;;)
    {
      gsize length;
      gint depth = 1;
      g_strstrip (text);
      length = strlen (text);
      if (length < 2 || text[0] != '(' || text[length - 1] != ')')
        return text;
      for (gsize i = 1; i + 1 < length && depth > 0; i++)
        depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
      if (depth != 1)
        return text; /* "(a) AND (b)" */
      text[length - 1] = '\0';
      text++;
    }
}

static gboolean
read_comparison (const char *text, Part *part)
{
  static const struct
  {
    const char *sign;
    Comparison comparison;
  } signs[] = { { "<=", LESS_OR_EQUAL }, { ">=", GREATER_OR_EQUAL }, { "<", LESS }, { ">", GREATER }, { "==", EQUAL }, { "=", EQUAL } };

  for (guint size = 0; size < NAVI_N_SIZES; size++)
    {
      const char *name = navi_size_to_string ((NaviSize) size), *at;
      if (!g_str_has_prefix (text, name))
        continue;
      for (at = text + strlen (name); *at == ' ';)
        at++;
      for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
        if (g_str_has_prefix (at, signs[i].sign))
          {
            part->size = (NaviSize) size;
            part->comparison = signs[i].comparison;
            part->than = navi_tagging_parse_size ((NaviSize) size, at + strlen (signs[i].sign));
            return part->than != 0;
          }
    }
  return FALSE;
}

static gboolean
add_part (NaviCondition *self, char *text)
{
  Part *part = &self->parts[self->n_parts];

  if (self->n_parts == MOST_PARTS)
    return FALSE;
  text = strip (text);
  if (!read_comparison (text, part))
    part->hours = navi_opening_hours_parse (text);
  if (part->hours == NULL && part->than == 0)
    return FALSE;
  self->n_parts++;
  return TRUE;
}

/* Where an "AND" between two blanks or brackets begins; NULL if there is none. */
static char *
find_and (char *text)
{
  for (char *at = text; *at != '\0'; at++)
    if (g_ascii_strncasecmp (at, "AND", 3) == 0 && at > text && strchr (" )", at[-1]) != NULL && at[3] != '\0' && strchr (" (", at[3]) != NULL)
      return at;
  return NULL;
}

NaviCondition *
navi_condition_parse (const char *text)
{
  NaviCondition *self = g_new0 (NaviCondition, 1);
  g_autofree char *copy = g_strdup (text);
  char *rest = strip (copy);

  g_return_val_if_fail (text != NULL, NULL);

  while (rest != NULL && !self->never)
    {
      char *end = find_and (rest);
      if (end != NULL)
        *end = '\0';
      self->never = !add_part (self, rest);
      rest = end != NULL ? end + 3 : NULL;
    }
  return self;
}

void
navi_condition_free (NaviCondition *self)
{
  for (guint i = 0; i < MOST_PARTS; i++)
    navi_opening_hours_free (self->parts[i].hours);
  g_free (self);
}

static gboolean
compare (const Part *part, guint32 size)
{
  switch (part->comparison)
    {
    case LESS:
      return size < part->than;
    case LESS_OR_EQUAL:
      return size <= part->than;
    case EQUAL:
      return size == part->than;
    case GREATER_OR_EQUAL:
      return size >= part->than;
    case GREATER:
    default:
      return size > part->than;
    }
}

gboolean
navi_condition_holds (const NaviCondition *self, const NaviCircumstances *circumstances)
{
  g_return_val_if_fail (self != NULL && circumstances != NULL, FALSE);

  for (guint i = 0; i < self->n_parts && !self->never; i++)
    {
      const Part *part = &self->parts[i];
      if (part->hours != NULL ? navi_opening_hours_at (part->hours, &circumstances->at) != NAVI_HOURS_OPEN
                              : circumstances->sizes[part->size] == 0 || !compare (part, circumstances->sizes[part->size]))
        return FALSE;
    }
  return !self->never;
}

/* ---- Conditional tags ---- */

static void
clear_clause (gpointer data)
{
  NaviConditionalClause *clause = data;

  g_free (clause->value);
  g_free (clause->condition);
}

/* Where the next semicolon outside of brackets is, or the end. */
static const char *
find_end (const char *text)
{
  gint depth = 0;

  for (; *text != '\0' && (*text != ';' || depth > 0); text++)
    depth = MAX (depth + (*text == '(' ? 1 : *text == ')' ? -1 : 0), 0);
  return text;
}

/* "no @ 07:00-09:00; 16:00-18:00" without brackets: the second piece belongs to the first one's condition. */
static void
add_clause (GArray *clauses, const char *text, gsize length)
{
  g_autofree char *piece = g_strndup (text, length);
  char *at = strchr (piece, '@');
  NaviConditionalClause clause;

  g_strstrip (piece);
  if (at == NULL)
    {
      NaviConditionalClause *last = clauses->len > 0 ? &g_array_index (clauses, NaviConditionalClause, clauses->len - 1) : NULL;
      if (last != NULL && *piece != '\0')
        {
          char *longer = g_strconcat (last->condition, "; ", piece, NULL);
          g_free (last->condition);
          last->condition = longer;
        }
      return;
    }
  at = strchr (piece, '@');
  *at++ = '\0';
  clause.value = g_strdup (g_strstrip (piece));
  clause.condition = g_strdup (strip (at));
  g_array_append_val (clauses, clause);
}

GArray *
navi_conditional_parse (const char *text)
{
  GArray *clauses = g_array_new (FALSE, FALSE, sizeof (NaviConditionalClause));

  g_array_set_clear_func (clauses, clear_clause);
  while (*text != '\0' && clauses->len < MOST_CLAUSES)
    {
      const char *end = find_end (text);
      add_clause (clauses, text, (gsize) (end - text));
      text = *end == ';' ? end + 1 : end;
    }
  return clauses;
}
