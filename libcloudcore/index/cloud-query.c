/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-index"

#include "cloud-query.h"
#include "cloud-find.h"
#include "cloud-text.h"

#include <string.h>

/* From typed text to phrases, and from phrases to an FTS5 expression in which everything is quoted. */

/* More words than anybody types; an index need not suffer a pasted novel. */
#define PHRASES_MAX 24
#define TERMS_MAX 64

typedef struct
{
  char **terms;
  gboolean prefix;
} Phrase;

struct _CloudQuery
{
  gatomicrefcount refs;
  GArray *phrases; /* Phrase */
  guint n_terms;
};

static void
phrase_clear (gpointer data)
{
  g_strfreev (((Phrase *) data)->terms);
}

typedef struct
{
  GPtrArray *terms;
  gsize end_byte;
  gsize length;
} Collector;

static gboolean
collect_term (const char *term, gsize term_bytes, gsize start_byte, gsize end_byte, guint position, gpointer user_data)
{
  Collector *collector = user_data;

  g_ptr_array_add (collector->terms, g_strndup (term, term_bytes));
  collector->end_byte = end_byte;
  return TRUE;
}

/* A prefix makes sense only for a word that more letters can follow: not after "word." or a Chinese character. */
static gboolean
may_go_on (const Collector *collector)
{
  const char *last = g_ptr_array_index (collector->terms, collector->terms->len - 1);
  gunichar first = g_utf8_get_char (last);

  if (collector->end_byte != collector->length)
    return FALSE;
  return g_utf8_strlen (last, -1) > 1 || first < 0x0E00 || (first > 0x0EFF && first < 0x1000);
}

static void
add_phrase (CloudQuery *self, const char *text, gsize length, gboolean prefix)
{
  Collector collector = { g_ptr_array_new_with_free_func (g_free), 0, length };

  if (self->phrases->len < PHRASES_MAX)
    cloud_text_tokenize (text, length, CLOUD_TEXT_QUERY, collect_term, &collector);
  if (collector.terms->len > 0 && self->n_terms + collector.terms->len <= TERMS_MAX)
    {
      Phrase phrase = { NULL, prefix && may_go_on (&collector) };

      self->n_terms += collector.terms->len;
      g_ptr_array_add (collector.terms, NULL);
      phrase.terms = (char **) g_ptr_array_steal (collector.terms, NULL);
      g_array_append_val (self->phrases, phrase);
    }
  g_ptr_array_unref (collector.terms);
}

static gboolean
is_quote (gunichar c)
{
  return c == '"' || c == 0x201C || c == 0x201D || c == 0xFF02;
}

static gunichar
char_at (const char *p, const char *end, gsize *bytes)
{
  gunichar c = g_utf8_get_char_validated (p, end - p);

  if (c >= (gunichar) -2)
    {
      *bytes = 1;
      return 0xFFFD;
    }
  *bytes = g_unichar_to_utf8 (c, NULL);
  return c;
}

CloudQuery *
cloud_query_new (const char *typed, gboolean typing)
{
  CloudQuery *self = g_new0 (CloudQuery, 1);
  const char *end;
  const char *start;
  gboolean quoted = FALSE;
  gsize bytes;

  g_return_val_if_fail (typed != NULL, NULL);

  g_atomic_ref_count_init (&self->refs);
  self->phrases = g_array_new (FALSE, FALSE, sizeof (Phrase));
  g_array_set_clear_func (self->phrases, phrase_clear);
  end = typed + strlen (typed);
  start = typed;
  for (const char *p = typed; p < end; p += bytes)
    {
      gunichar c = char_at (p, end, &bytes);

      if (!is_quote (c) && (quoted || !g_unichar_isspace (c)))
        continue;
      add_phrase (self, start, p - start, FALSE);
      start = p + bytes;
      quoted = is_quote (c) ? !quoted : quoted;
    }
  add_phrase (self, start, end - start, typing);
  return self;
}

CloudQuery *
cloud_query_ref (CloudQuery *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
cloud_query_unref (CloudQuery *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->phrases);
  g_free (self);
}

gboolean
cloud_query_is_empty (const CloudQuery *self)
{
  return cloud_query_get_n_phrases (self) == 0;
}

guint
cloud_query_get_n_phrases (const CloudQuery *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->phrases->len;
}

const char *const *
cloud_query_get_phrase (const CloudQuery *self, guint index, gboolean *prefix)
{
  const Phrase *phrase;

  g_return_val_if_fail (self != NULL && index < self->phrases->len, NULL);

  phrase = &g_array_index (self->phrases, Phrase, index);
  if (prefix != NULL)
    *prefix = phrase->prefix;
  return (const char *const *) phrase->terms;
}

char *
cloud_query_to_match (const CloudQuery *self, const char *columns)
{
  g_autoptr (GString) match = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, NULL);

  if (self->phrases->len == 0)
    return NULL;
  if (columns != NULL)
    g_string_append_printf (match, "{%s} : (", columns);
  for (guint i = 0; i < self->phrases->len; i++)
    {
      const Phrase *phrase = &g_array_index (self->phrases, Phrase, i);

      g_string_append (match, i > 0 ? " AND \"" : "\"");
      /* Folded terms hold no quotes; the tokenizer splits them at the blanks again. */
      for (guint k = 0; phrase->terms[k] != NULL; k++)
        g_string_append_printf (match, "%s%s", k > 0 ? " " : "", phrase->terms[k]);
      g_string_append (match, phrase->prefix ? "\"*" : "\"");
    }
  if (columns != NULL)
    g_string_append_c (match, ')');
  return g_string_free (g_steal_pointer (&match), FALSE);
}

gboolean
cloud_query_matches (const CloudQuery *self, const char *text, gssize length_bytes)
{
  g_autoptr (GArray) hits = NULL;
  guint64 seen = 0;

  g_return_val_if_fail (self != NULL, FALSE);

  hits = cloud_find_in_text (self, text, length_bytes);
  for (guint i = 0; i < hits->len; i++)
    seen |= G_GUINT64_CONSTANT (1) << g_array_index (hits, CloudFindHit, i).phrase;
  return seen == (G_GUINT64_CONSTANT (1) << self->phrases->len) - 1;
}
