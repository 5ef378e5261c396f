/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-plain.h"

#include <libxml/HTMLparser.h>
#include <string.h>

/* One pass drops tags and resolves entities; when what is left looks like HTML again, it was escaped twice. */

static gboolean
starts_tag (const char *p)
{
  return p[0] == '<' && (g_ascii_isalpha (p[1]) || p[1] == '!' || (p[1] == '/' && g_ascii_isalpha (p[2])));
}

/* Tags that end a word; <b> and its like do not. */
static gboolean
is_block_tag (const char *p)
{
  static const char *const names[] = { "br", "p", "div", "li", "ul", "ol", "td", "tr", "th", "h1", "h2", "h3", "h4", "hr", "img", "dd", "dt" };
  const char *name = p + (p[1] == '/' ? 2 : 1);
  gsize length = 0;

  while (g_ascii_isalnum (name[length]))
    length++;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (strlen (names[i]) == length && g_ascii_strncasecmp (name, names[i], length) == 0)
      return TRUE;
  return FALSE;
}

static const char *
skip_tag (const char *p)
{
  const char *end = g_str_has_prefix (p, "<!--") ? strstr (p, "-->") : strchr (p, '>');

  if (end == NULL)
    return p + strlen (p);
  return end + (*end == '-' ? 3 : 1);
}

static gunichar
numeric_entity (const char *p)
{
  gboolean hex = p[2] == 'x' || p[2] == 'X';
  guint64 value = g_ascii_strtoull (p + (hex ? 3 : 2), NULL, hex ? 16 : 10);

  return value > 0 && value <= 0x10FFFF && g_unichar_validate ((gunichar) value) ? (gunichar) value : 0xFFFD;
}

/* Appends what the entity at @p stands for; returns what follows it, or NULL if it is none. */
static const char *
take_entity (const char *p, GString *out)
{
  gsize length = strcspn (p + 1, "; &<\t\n");
  char name[32];
  const htmlEntityDesc *entity;

  if (p[1 + length] != ';' || length == 0 || length >= sizeof name)
    return NULL;
  if (p[1] == '#')
    {
      g_string_append_unichar (out, numeric_entity (p));
      return p + length + 2;
    }
  memcpy (name, p + 1, length);
  name[length] = '\0';
  entity = htmlEntityLookup (BAD_CAST name);
  if (entity == NULL && strcmp (name, "apos") != 0)
    return NULL;
  g_string_append_unichar (out, entity != NULL ? entity->value : '\'');
  return p + length + 2;
}

static char *
strip_once (const char *html, gboolean *again)
{
  GString *out = g_string_new (NULL);

  for (const char *p = html; *p != '\0';)
    {
      const char *after = *p == '&' ? take_entity (p, out) : NULL;

      if (after != NULL)
        {
          p = after;
          continue;
        }
      if (starts_tag (p))
        {
          if (is_block_tag (p))
            g_string_append_c (out, ' ');
          p = skip_tag (p);
          continue;
        }
      g_string_append_c (out, *p++);
    }
  *again = FALSE;
  for (const char *p = strchr (out->str, '<'); p != NULL && !*again; p = strchr (p + 1, '<'))
    *again = starts_tag (p) && strchr (p, '>') != NULL;
  return g_string_free (out, FALSE);
}

static char *
squeeze (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_isspace (c) && !g_unichar_iscntrl (c) && c != 0x200B)
        g_string_append_unichar (out, c);
      else if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c (out, ' ');
    }
  if (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  return g_string_free (out, FALSE);
}

char *
search_plain_from_html (const char *html)
{
  g_autofree char *text = NULL;
  g_autofree char *valid = NULL;
  gboolean again;

  if (html == NULL)
    return g_strdup ("");
  text = strip_once (html, &again);
  if (again)
    {
      g_autofree char *twice = g_steal_pointer (&text);

      text = strip_once (twice, &again);
    }
  valid = g_utf8_make_valid (text, -1);
  return squeeze (valid);
}
