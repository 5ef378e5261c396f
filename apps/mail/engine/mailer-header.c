/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-header.h"

#include "mailer-charset.h"

#include <string.h>

/* Tolerant reading of header values. */

#define MAX_VALUE_BYTES (256 * 1024)
#define MAX_WORD_BYTES 4096 /* far above RFC 2047's 75: senders ignore that; bounds the search for an end */
#define MAX_NAME_BYTES 512

/* ---- Encoded words ---- */

typedef struct
{
  const char *charset;
  gsize charset_length;
  char encoding;
  const char *text;
  gsize text_length;
} EncodedWord;

/* Reads =?charset[*language]?B|Q?text?= at @p; returns the end, or NULL if there is none.  Blanks inside Q text are tolerated. */
static const char *
read_encoded_word (const char *p, const char *end, EncodedWord *word)
{
  const char *q, *close;

  if (end - p < 8 || p[0] != '=' || p[1] != '?')
    return NULL;
  q = memchr (p + 2, '?', MIN (end - p - 2, 80));
  if (q == NULL || q == p + 2 || end - q < 4 || q[2] != '?' || strchr ("bBqQ", q[1]) == NULL)
    return NULL;
  word->charset = p + 2;
  word->charset_length = q - p - 2;
  if (memchr (word->charset, '*', word->charset_length) != NULL)
    word->charset_length = (const char *) memchr (word->charset, '*', word->charset_length) - word->charset;
  word->encoding = g_ascii_toupper (q[1]);
  word->text = q + 3;
  end = MIN (end, word->text + MAX_WORD_BYTES);
  for (close = word->text; close + 1 < end && !(close[0] == '?' && close[1] == '='); close++)
    ;
  if (close + 1 >= end)
    return NULL;
  word->text_length = close - word->text;
  return close + 2;
}

static void
append_quoted (GString *out, const char *text, gsize length, char escape, gboolean underscore)
{
  for (gsize i = 0; i < length; i++)
    if (text[i] == escape && i + 2 < length && g_ascii_isxdigit (text[i + 1]) && g_ascii_isxdigit (text[i + 2]))
      {
        g_string_append_c (out, (char) (g_ascii_xdigit_value (text[i + 1]) * 16 + g_ascii_xdigit_value (text[i + 2])));
        i += 2;
      }
    else
      g_string_append_c (out, underscore && text[i] == '_' ? ' ' : text[i]);
}

static void
append_word_bytes (GString *out, const EncodedWord *word)
{
  if (word->encoding == 'Q')
    {
      append_quoted (out, word->text, word->text_length, '=', TRUE);
      return;
    }
  int state = 0;
  guint save = 0;
  g_autofree guchar *bytes = g_malloc (word->text_length / 4 * 3 + 6);
  gsize n = g_base64_decode_step (word->text, word->text_length, bytes, &state, &save);

  /* Padding that a sender left out. */
  if (state != 0)
    n += g_base64_decode_step ("====", 4 - (ABS (state) % 4), bytes + n, &state, &save);
  g_string_append_len (out, (char *) bytes, n);
}

static void
flush_bytes (GString *out, GString *bytes, const char *charset)
{
  g_autofree char *text = NULL;

  if (bytes->len == 0)
    return;
  text = mailer_charset_to_utf8 (bytes->str, bytes->len, charset);
  g_string_append (out, text);
  g_string_truncate (bytes, 0);
}

static gboolean
is_blank (const char *from, const char *to)
{
  for (; from < to; from++)
    if (!g_ascii_isspace (*from))
      return FALSE;
  return TRUE;
}

/* Decodes encoded words; neighbours of one charset are joined as bytes first, because senders cut characters in two. */
static char *
decode_span (const char *raw, gsize length, const char *fallback_charset)
{
  const char *end = raw + length;
  const char *plain = raw;
  GString *out = g_string_sized_new (length + 8);
  g_autoptr (GString) bytes = g_string_new (NULL);
  g_autofree char *charset = NULL;

  for (const char *p = raw; p < end;)
    {
      EncodedWord word;
      const char *after = *p == '=' ? read_encoded_word (p, end, &word) : NULL;
      g_autofree char *name = NULL;

      if (after == NULL)
        {
          p++;
          continue;
        }
      name = g_strndup (word.charset, word.charset_length);
      if (charset == NULL || !is_blank (plain, p) || g_ascii_strcasecmp (charset, name) != 0)
        {
          if (bytes->len > 0)
            flush_bytes (out, bytes, charset);
          if (charset == NULL || !is_blank (plain, p))
            {
              g_string_append_len (bytes, plain, p - plain);
              flush_bytes (out, bytes, fallback_charset);
            }
          g_free (charset);
          charset = g_steal_pointer (&name);
        }
      append_word_bytes (bytes, &word);
      plain = p = after;
    }
  flush_bytes (out, bytes, charset);
  g_string_append_len (bytes, plain, end - plain);
  flush_bytes (out, bytes, fallback_charset);
  return g_string_free (out, FALSE);
}

/* Line ends and other control characters become one blank; directional overrides, which make a text look like another, go. */
static char *
tidy (char *text)
{
  GString *out = g_string_sized_new (strlen (text));
  gboolean blank = TRUE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
        continue;
      if (c < 0x20 || c == 0x7f || c == ' ' || (c >= 0x80 && c < 0xa0))
        {
          if (!blank)
            g_string_append_c (out, ' ');
          blank = TRUE;
          continue;
        }
      g_string_append_unichar (out, c);
      blank = FALSE;
    }
  while (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  g_free (text);
  return g_string_free (out, FALSE);
}

char *
mailer_header_decode (const char *raw, const char *fallback_charset)
{
  if (raw == NULL)
    return g_strdup ("");
  return tidy (decode_span (raw, MIN (strlen (raw), MAX_VALUE_BYTES), fallback_charset));
}

/* ---- Addresses ---- */

MailerAddress *
mailer_address_new (const char *name, const char *address)
{
  MailerAddress *self = g_new0 (MailerAddress, 1);

  self->name = g_strdup (name != NULL ? name : "");
  self->address = g_strdup (address != NULL ? address : "");
  return self;
}

MailerAddress *
mailer_address_copy (const MailerAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return mailer_address_new (self->name, self->address);
}

void
mailer_address_free (MailerAddress *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->address);
  g_free (self);
}

char *
mailer_address_format (const MailerAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (*self->name == '\0')
    return g_strdup (self->address);
  if (strpbrk (self->name, "()<>[]:;@\\,.\"") != NULL)
    {
      GString *quoted = g_string_new ("\"");

      for (const char *p = self->name; *p != '\0'; p++)
        {
          if (*p == '"' || *p == '\\')
            g_string_append_c (quoted, '\\');
          g_string_append_c (quoted, *p);
        }
      g_string_append_printf (quoted, "\" <%s>", self->address);
      return g_string_free (quoted, FALSE);
    }
  return g_strdup_printf ("%s <%s>", self->name, self->address);
}

char *
mailer_address_display (const MailerAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return g_strdup (*self->name != '\0' ? self->name : self->address);
}

char *
mailer_addresses_format (const GPtrArray *addresses)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; addresses != NULL && i < addresses->len; i++)
    {
      g_autofree char *one = mailer_address_format (g_ptr_array_index (addresses, i));

      if (i > 0)
        g_string_append (out, ", ");
      g_string_append (out, one);
    }
  return g_string_free (out, FALSE);
}

/* What one address is being read into. */
typedef struct
{
  GString *phrase;  /* raw text outside <> and comments */
  GString *angle;   /* raw text inside <> */
  GString *comment; /* text of the first comment */
  gboolean has_angle;
} AddressDraft;

/* The quoted string at @p (on its quote): unescaped onto @out; returns the position of its closing quote or the end. */
static const char *
read_quoted (const char *p, const char *end, GString *out)
{
  for (p++; p < end && *p != '"'; p++)
    {
      if (*p == '\\' && p + 1 < end)
        p++;
      if (*p != '\r' && *p != '\n')
        g_string_append_c (out, *p);
    }
  return p;
}

static const char *
read_comment (const char *p, const char *end, GString *out)
{
  int depth = 1;

  for (p++; p < end; p++)
    {
      if (*p == '\\' && p + 1 < end)
        p++;
      else if (*p == '(')
        depth++;
      else if (*p == ')' && --depth == 0)
        break;
      if (out != NULL)
        g_string_append_c (out, *p);
    }
  return p;
}

static void
finish_address (AddressDraft *draft, GPtrArray *list, const char *fallback_charset)
{
  g_autofree char *phrase = tidy (decode_span (draft->phrase->str, draft->phrase->len, fallback_charset));
  g_autofree char *angle = tidy (decode_span (draft->angle->str, draft->angle->len, fallback_charset));
  g_autofree char *comment = tidy (decode_span (draft->comment->str, draft->comment->len, fallback_charset));

  if (draft->has_angle)
    {
      gsize n = strlen (phrase);

      if (n >= 2 && phrase[0] == '\'' && phrase[n - 1] == '\'')
        {
          phrase[n - 1] = '\0';
          memmove (phrase, phrase + 1, n - 1);
        }
      if (*phrase != '\0' || *angle != '\0')
        g_ptr_array_add (list, mailer_address_new (*phrase != '\0' ? phrase : comment, angle));
    }
  else if (strchr (phrase, '@') != NULL && strchr (phrase, ' ') == NULL)
    g_ptr_array_add (list, mailer_address_new (comment, phrase));
  else if (*phrase != '\0')
    g_ptr_array_add (list, mailer_address_new (phrase, ""));
  g_string_truncate (draft->phrase, 0);
  g_string_truncate (draft->angle, 0);
  g_string_truncate (draft->comment, 0);
  draft->has_angle = FALSE;
}

/* TRUE if an unquoted comma at @p belongs to a name ("Doe, John <x@y>"): no address so far, and the next '<' comes before the next '@' and comma. */
static gboolean
comma_in_name (const AddressDraft *draft, const char *p, const char *end)
{
  const char *angle, *comma, *at;

  if (draft->has_angle || draft->phrase->len == 0 || memchr (draft->phrase->str, '@', draft->phrase->len) != NULL)
    return FALSE;
  p++;
  end = MIN (end, p + MAX_NAME_BYTES);
  angle = memchr (p, '<', end - p);
  comma = memchr (p, ',', end - p);
  at = memchr (p, '@', end - p);
  return angle != NULL && (comma == NULL || angle < comma) && (at == NULL || angle < at);
}

GPtrArray *
mailer_header_parse_addresses (const char *raw, const char *fallback_charset, guint max)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) mailer_address_free);
  AddressDraft draft = { g_string_new (NULL), g_string_new (NULL), g_string_new (NULL), FALSE };
  const char *end = raw != NULL ? raw + MIN (strlen (raw), MAX_VALUE_BYTES) : NULL;

  for (const char *p = raw; p != NULL && p < end && list->len < max; p++)
    {
      EncodedWord word;
      const char *after = *p == '=' ? read_encoded_word (p, end, &word) : NULL;

      if (after != NULL)
        {
          g_string_append_len (draft.phrase, p, after - p);
          p = after - 1;
        }
      else if (*p == '"')
        p = read_quoted (p, end, draft.phrase);
      else if (*p == '(')
        p = read_comment (p, end, draft.comment->len == 0 ? draft.comment : NULL);
      else if (*p == '<')
        {
          draft.has_angle = TRUE;
          for (p++; p < end && *p != '>' && *p != ','; p++)
            if (!g_ascii_isspace (*p))
              g_string_append_c (draft.angle, *p);
        }
      else if (*p == ':' && !draft.has_angle && memchr (draft.phrase->str, '@', draft.phrase->len) == NULL)
        g_string_truncate (draft.phrase, 0); /* the name of a group */
      else if ((*p == ',' && !comma_in_name (&draft, p, end)) || *p == ';')
        finish_address (&draft, list, fallback_charset);
      else
        g_string_append_c (draft.phrase, *p);
    }
  if (list->len < max)
    finish_address (&draft, list, fallback_charset);
  g_string_free (draft.phrase, TRUE);
  g_string_free (draft.angle, TRUE);
  g_string_free (draft.comment, TRUE);
  return list;
}

/* ---- Parameters ---- */

typedef struct
{
  GString *plain;    /* name=value, or name*N=value joined */
  GString *extended; /* percent-decoded bytes of name*=, name*N*= */
  char *charset;
} ParamDraft;

/* One value: a quoted string or a token up to the next semicolon (blanks inside a bare file name are tolerated). */
static const char *
read_param_value (const char *p, const char *end, GString *value)
{
  while (p < end && g_ascii_isspace (*p))
    p++;
  if (p < end && *p == '"')
    {
      p = read_quoted (p, end, value);
      while (p < end && *p != ';')
        p++;
      return p;
    }
  while (p < end && *p != ';')
    {
      EncodedWord word;
      const char *after = *p == '=' ? read_encoded_word (p, end, &word) : NULL;

      if (after == NULL)
        after = p + 1;
      g_string_append_len (value, p, after - p);
      p = after;
    }
  g_strchomp (value->str);
  g_string_set_size (value, strlen (value->str));
  return p;
}

static void
take_extended (ParamDraft *draft, GString *value, gboolean first)
{
  const char *text = value->str;
  const char *quote = first ? strchr (text, '\'') : NULL;
  const char *quote2 = quote != NULL ? strchr (quote + 1, '\'') : NULL;

  if (quote2 != NULL)
    {
      g_free (draft->charset);
      draft->charset = g_strndup (text, quote - text);
      text = quote2 + 1;
    }
  append_quoted (draft->extended, text, strlen (text), '%', FALSE);
}

/* Takes a parameter called @found with @value if it is @name, or a continuation or extended form of it. */
static void
take_param (ParamDraft *draft, const char *found, const char *name, GString *value)
{
  gsize n = strlen (name);
  const char *star;

  if (g_ascii_strncasecmp (found, name, n) != 0)
    return;
  if (found[n] == '\0')
    {
      if (draft->plain->len == 0)
        g_string_append_len (draft->plain, value->str, value->len);
      return;
    }
  if (found[n] != '*')
    return;
  star = found + n + 1;
  if (*star == '\0')
    take_extended (draft, value, TRUE);
  else if (g_str_has_suffix (star, "*"))
    take_extended (draft, value, draft->extended->len == 0);
  else if (draft->extended->len > 0)
    g_string_append_len (draft->extended, value->str, value->len);
  else
    g_string_append_len (draft->plain, value->str, value->len);
}

char *
mailer_header_get_param (const char *raw, const char *name, const char *fallback_charset)
{
  ParamDraft draft = { 0 };
  g_autoptr (GString) value = g_string_new (NULL);
  const char *end, *p;
  char *result = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  if (raw == NULL)
    return NULL;
  draft.plain = g_string_new (NULL);
  draft.extended = g_string_new (NULL);
  end = raw + MIN (strlen (raw), MAX_VALUE_BYTES);
  p = memchr (raw, ';', end - raw);
  while (p != NULL && p < end)
    {
      const char *equals = memchr (p, '=', end - p);
      g_autofree char *found = NULL;

      if (equals == NULL)
        break;
      for (const char *q = p + 1; q < equals; q++)
        if (*q == ';')
          p = q;
      found = g_strstrip (g_strndup (p + 1, equals - p - 1));
      g_string_truncate (value, 0);
      p = read_param_value (equals + 1, end, value);
      take_param (&draft, found, name, value);
    }
  if (draft.extended->len > 0)
    result = tidy (mailer_charset_to_utf8 (draft.extended->str, draft.extended->len, draft.charset != NULL ? draft.charset : fallback_charset));
  else if (draft.plain->len > 0)
    result = mailer_header_decode (draft.plain->str, fallback_charset);
  g_string_free (draft.plain, TRUE);
  g_string_free (draft.extended, TRUE);
  g_free (draft.charset);
  return result;
}

char **
mailer_header_parse_ids (const char *raw, guint max)
{
  GPtrArray *ids = g_ptr_array_new ();
  const char *p = raw;

  while (p != NULL && ids->len < max)
    {
      const char *open = strchr (p, '<');
      const char *close = open != NULL ? strchr (open, '>') : NULL;

      if (close == NULL)
        break;
      if (close > open + 1 && close - open < 1000)
        {
          char *id = g_utf8_make_valid (open + 1, close - open - 1);
          char *to = id;

          for (const char *from = id; *from != '\0'; from++)
            if (!g_ascii_isspace (*from))
              *to++ = *from;
          *to = '\0';
          g_ptr_array_add (ids, id);
        }
      p = close + 1;
    }
  if (ids->len == 0 && raw != NULL && max > 0)
    {
      g_autofree char *bare = g_strstrip (g_utf8_make_valid (raw, -1));

      if (*bare != '\0' && strpbrk (bare, " \t\r\n<>") == NULL && strlen (bare) < 1000)
        g_ptr_array_add (ids, g_steal_pointer (&bare));
    }
  g_ptr_array_add (ids, NULL);
  return (char **) g_ptr_array_free (ids, FALSE);
}
