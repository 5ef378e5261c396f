/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-text.h"

#include <string.h>

/* Plain text of messages. */

#define MAX_PREFIXES 20
#define MAX_ATTRIBUTION_BYTES 300

static const char *
next_line (const char *eol)
{
  return *eol != '\0' ? eol + 1 : eol;
}

char *
mailer_text_normalize (const char *text)
{
  GString *out;

  g_return_val_if_fail (text != NULL, NULL);

  out = g_string_sized_new (strlen (text));
  for (const char *p = text; *p != '\0'; p++)
    if (*p == '\r')
      {
        if (p[1] != '\n')
          g_string_append_c (out, '\n');
      }
    else if ((guchar) *p >= 0x20 || *p == '\n' || *p == '\t')
      g_string_append_c (out, *p);
  return g_string_free (out, FALSE);
}

char *
mailer_text_unflow (const char *text, gboolean delsp)
{
  GString *out = g_string_sized_new (strlen (text));
  int open_depth = -1; /* quote depth of the paragraph that a soft line end keeps open */

  for (const char *p = text; *p != '\0';)
    {
      const char *eol = strchrnul (p, '\n');
      const char *end = eol;
      int depth = 0;
      gboolean signature, soft;

      for (; p < end && *p == '>'; p++)
        depth++;
      if (p < end && *p == ' ')
        p++; /* space-stuffing */
      signature = end - p == 3 && strncmp (p, "-- ", 3) == 0;
      soft = end > p && end[-1] == ' ' && !signature;
      if (soft && delsp)
        end--;
      if (open_depth != depth || signature)
        {
          if (open_depth >= 0)
            g_string_append_c (out, '\n');
          for (int i = 0; i < depth; i++)
            g_string_append_c (out, '>');
          if (depth > 0)
            g_string_append_c (out, ' ');
        }
      g_string_append_len (out, p, end - p);
      open_depth = soft ? depth : -1;
      if (!soft && *eol != '\0')
        g_string_append_c (out, '\n');
      p = next_line (eol);
    }
  return g_string_free (out, FALSE);
}

/* "Anna:", "Am Montag schrieb Anna:", "李娜：": whatever ends with a colon right above what is quoted, an empty line between them or none. */
static gboolean
introduces_quote (const char *line, const char *eol)
{
  const char *next = next_line (eol);

  while (eol > line && g_ascii_isspace (eol[-1]))
    eol--;
  if (eol - line < 2 || eol - line > MAX_ATTRIBUTION_BYTES || (eol[-1] != ':' && !(eol - line > 3 && strncmp (eol - 3, "：", 3) == 0)))
    return FALSE;
  if (*next == '\n')
    next++;
  return *next == '>';
}

static gboolean
is_attribution (const char *line, const char *eol)
{
  gsize length = eol - line;

  if (introduces_quote (line, eol))
    return TRUE;
  /* Broken into two lines, it is known by the second. */
  if (g_str_has_prefix (line, "On ") && introduces_quote (next_line (eol), strchrnul (next_line (eol), '\n')))
    return TRUE;
  while (length > 0 && g_ascii_isspace (line[length - 1]))
    length--;
  return (length > 7 && g_str_has_prefix (line, "On ") && strncmp (line + length - 6, "wrote:", 6) == 0) ||
         g_str_has_prefix (line, "-----Original Message") || g_str_has_prefix (line, "----- Original Message") ||
         (length > 9 && length < 300 && strncmp (line + length - strlen ("写道："), "写道：", strlen ("写道：")) == 0);
}

char *
mailer_text_preview (const char *text, guint max_chars)
{
  GString *out = g_string_new (NULL);
  guint n = 0;
  gboolean blank = TRUE;

  g_return_val_if_fail (text != NULL, NULL);

  for (const char *p = text; *p != '\0' && n < max_chars;)
    {
      const char *eol = strchrnul (p, '\n');

      if (strncmp (p, "-- \n", 4) == 0)
        break;
      if (*p != '>' && !is_attribution (p, eol))
        for (const char *q = p; q < eol && n < max_chars; q = g_utf8_next_char (q))
          {
            gunichar c = g_utf8_get_char (q);

            if (g_unichar_isspace (c) || c == 0x200b || c == 0x200c || c == 0xfeff || c == 0xad || c == 0x34f)
              {
                if (!blank)
                  g_string_append_c (out, ' '), n++;
                blank = TRUE;
                continue;
              }
            g_string_append_unichar (out, c);
            n++;
            blank = FALSE;
          }
      if (!blank)
        g_string_append_c (out, ' '), n++;
      blank = TRUE;
      p = next_line (eol);
    }
  g_strchomp (out->str);
  return g_string_free (out, FALSE);
}

/* Skips one reply or forward mark at @p ("Re:", "RE[2]:", "回复：", "AW:"); NULL if there is none. */
static const char *
skip_mark (const char *p)
{
  static const char *const marks[] = { "re", "fwd", "fw", "aw", "wg", "sv", "vs", "tr", "rif", "回复", "回覆", "答复", "转发", "轉寄", "返信", "転送" };

  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      gsize n = strlen (marks[i]);
      const char *q = p + n;

      if (g_ascii_strncasecmp (p, marks[i], n) != 0)
        continue;
      if (*q == '[')
        q = strchrnul (q, ']') + (strchr (q, ']') != NULL);
      while (*q == ' ')
        q++;
      if (*q == ':')
        return q + 1;
      if (g_str_has_prefix (q, "：")) /* the full-width colon */
        return q + strlen ("：");
    }
  return NULL;
}

char *
mailer_text_base_subject (const char *subject, gboolean *is_reply)
{
  const char *p = subject != NULL ? subject : "";
  gboolean reply = FALSE;
  g_autofree char *folded = NULL;

  for (int i = 0; i < MAX_PREFIXES; i++)
    {
      const char *next, *close;

      while (*p == ' ')
        p++;
      next = skip_mark (p);
      close = *p == '[' ? strchr (p, ']') : NULL;
      if (next != NULL)
        reply = TRUE;
      else if (close != NULL && close[1] != '\0')
        next = close + 1;
      else
        break;
      p = next;
    }
  if (is_reply != NULL)
    *is_reply = reply;
  folded = g_utf8_casefold (p, -1);
  return g_strstrip (g_steal_pointer (&folded));
}

char *
mailer_text_quote (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *p = text; *p != '\0';)
    {
      const char *eol = strchrnul (p, '\n');

      g_string_append (out, *p == '>' ? ">" : "> ");
      g_string_append_len (out, p, eol - p);
      g_string_append_c (out, '\n');
      p = next_line (eol);
    }
  return g_string_free (out, FALSE);
}
