/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-index"

#include "cloud-snippet.h"
#include "cloud-find.h"

#include <string.h>

/* Chooses the window of the text with most of the query in it, then copies it with blanks squeezed, moving the highlights along. */

/* The text shown before the first hit, in characters, so that it is read in its sentence. */
#define LEAD_CHARS 24

typedef struct
{
  GString *out;
  GArray *ranges;
  const GArray *hits;
  guint next_hit;
  gsize covered_to; /* original bytes up to here are highlighted */
} Copier;

/* The hit that begins the best window of @max_bytes: most different phrases, then most hits, then the earliest. */
static guint
best_window (const GArray *hits, gsize max_bytes)
{
  guint best = 0;
  guint best_score = 0;

  for (guint i = 0; i < hits->len; i++)
    {
      const CloudFindHit *first = &g_array_index (hits, CloudFindHit, i);
      guint64 phrases = 0;
      guint n = 0;
      guint score;

      for (guint k = i; k < hits->len && n < 16; k++)
        {
          const CloudFindHit *hit = &g_array_index (hits, CloudFindHit, k);

          if (hit->end_byte > first->start_byte + max_bytes)
            break;
          phrases |= G_GUINT64_CONSTANT (1) << hit->phrase;
          n++;
        }
      score = __builtin_popcountll (phrases) * 32 + n;
      if (score > best_score)
        {
          best_score = score;
          best = i;
        }
    }
  return best;
}

static gsize
next_char (const char *text, gsize length, gsize at, gunichar *c)
{
  *c = g_utf8_get_char_validated (text + at, length - at);
  if (*c >= (gunichar) -2 || *c == 0)
    {
      *c = text[at] == '\0' ? ' ' : 0xFFFD;
      return at + 1;
    }
  return at + g_unichar_to_utf8 (*c, NULL);
}

/* Some characters before @hit_byte, at the beginning of a sentence or at least of a word. */
static gsize
window_start (const char *text, gsize hit_byte)
{
  gsize at = hit_byte;
  gsize word = hit_byte;

  for (guint n = 0; n < LEAD_CHARS && at > 0; n++)
    {
      const char *before = g_utf8_find_prev_char (text, text + at);
      gunichar c = before != NULL ? g_utf8_get_char_validated (before, text + at - before) : (gunichar) -1;

      if (c >= (gunichar) -2)
        return word;
      if (c == 0x3002 || c == 0xFF01 || c == 0xFF1F || (g_unichar_isspace (c) && before > text && strchr (".!?", before[-1])))
        return at;
      if (g_unichar_isspace (c) || c >= 0x2E80)
        word = at;
      at = before - text;
    }
  return at == 0 ? 0 : word;
}

/* Opens or prolongs the highlight if the original bytes from @at belong to a hit. */
static void
mark_char (Copier *self, gsize at, gsize out_start, gsize out_end)
{
  CloudSnippetRange *last = self->ranges->len > 0 ? &g_array_index (self->ranges, CloudSnippetRange, self->ranges->len - 1) : NULL;

  while (self->next_hit < self->hits->len && g_array_index (self->hits, CloudFindHit, self->next_hit).start_byte <= at)
    {
      self->covered_to = MAX (self->covered_to, g_array_index (self->hits, CloudFindHit, self->next_hit).end_byte);
      self->next_hit++;
    }
  if (at >= self->covered_to)
    return;
  if (last != NULL && last->end_byte == out_start)
    {
      last->end_byte = out_end;
      return;
    }
  g_array_append_val (self->ranges, ((CloudSnippetRange) { out_start, out_end }));
}

static void
copy_window (Copier *self, const char *text, gsize length, gsize at, guint max_chars)
{
  gboolean blank = TRUE;
  guint n = 0;

  if (at > 0)
    g_string_append (self->out, "…");
  while (at < length && n < max_chars)
    {
      gunichar c;
      gsize next = next_char (text, length, at, &c);
      gsize out_start = self->out->len;

      if (g_unichar_isspace (c) || g_unichar_iscntrl (c))
        {
          if (!blank)
            g_string_append_c (self->out, ' ');
          blank = TRUE;
        }
      else
        {
          g_string_append_unichar (self->out, c);
          mark_char (self, at, out_start, self->out->len);
          blank = FALSE;
        }
      n += self->out->len > out_start ? 1 : 0;
      at = next;
    }
  if (blank && self->out->len > 0 && self->out->str[self->out->len - 1] == ' ')
    g_string_truncate (self->out, self->out->len - 1);
  while (at < length && g_ascii_isspace (text[at]))
    at++;
  if (at < length)
    g_string_append (self->out, "…");
}

char *
cloud_snippet_new (const char *text, gssize length_bytes, const CloudQuery *query, guint max_chars, GArray **ranges)
{
  gsize length = length_bytes < 0 ? strlen (text) : (gsize) length_bytes;
  g_autoptr (GArray) hits = NULL;
  Copier copier = { g_string_new (NULL), g_array_new (FALSE, FALSE, sizeof (CloudSnippetRange)), NULL, 0, 0 };
  gsize start = 0;

  g_return_val_if_fail (text != NULL && query != NULL && max_chars > 0, NULL);

  hits = cloud_find_in_text (query, text, length);
  copier.hits = hits;
  if (hits->len > 0)
    {
      const CloudFindHit *first = &g_array_index (hits, CloudFindHit, best_window (hits, max_chars));

      start = window_start (text, first->start_byte);
    }
  copy_window (&copier, text, length, start, max_chars);
  if (ranges != NULL)
    *ranges = g_steal_pointer (&copier.ranges);
  else
    g_array_unref (copier.ranges);
  return g_string_free (copier.out, FALSE);
}

GArray *
cloud_snippet_highlight (const char *text, const CloudQuery *query)
{
  g_autoptr (GArray) hits = NULL;
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (CloudSnippetRange));

  g_return_val_if_fail (text != NULL && query != NULL, ranges);

  hits = cloud_find_in_text (query, text, -1);
  for (guint i = 0; i < hits->len; i++)
    {
      const CloudFindHit *hit = &g_array_index (hits, CloudFindHit, i);
      CloudSnippetRange *last = ranges->len > 0 ? &g_array_index (ranges, CloudSnippetRange, ranges->len - 1) : NULL;

      if (last != NULL && hit->start_byte <= last->end_byte)
        last->end_byte = MAX (last->end_byte, hit->end_byte);
      else
        g_array_append_val (ranges, ((CloudSnippetRange) { hit->start_byte, hit->end_byte }));
    }
  return ranges;
}

static void
append_escaped (GString *out, const char *text, gsize length)
{
  g_autofree char *escaped = g_markup_escape_text (text, length);

  g_string_append (out, escaped);
}

char *
cloud_snippet_to_markup (const char *text, const GArray *ranges, const char *open, const char *close)
{
  g_autoptr (GString) out = g_string_new (NULL);
  gsize at = 0;
  gsize length;

  g_return_val_if_fail (text != NULL && open != NULL && close != NULL, NULL);

  length = strlen (text);
  for (guint i = 0; ranges != NULL && i < ranges->len; i++)
    {
      const CloudSnippetRange *range = &g_array_index (ranges, CloudSnippetRange, i);

      g_return_val_if_fail (range->start_byte >= at && range->end_byte <= length, NULL);
      append_escaped (out, text + at, range->start_byte - at);
      g_string_append (out, open);
      append_escaped (out, text + range->start_byte, range->end_byte - range->start_byte);
      g_string_append (out, close);
      at = range->end_byte;
    }
  append_escaped (out, text + at, length - at);
  return g_string_free (g_steal_pointer (&out), FALSE);
}
