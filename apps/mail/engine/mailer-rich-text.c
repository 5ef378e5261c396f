/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-rich-text-private.h"

#include <string.h>

/* Blocks of styled text, and their building. */

#define MAX_BLOCKS 20000
#define MAX_TEXT_BYTES (2 * 1024 * 1024)
#define MAX_LINK_BYTES 4096

struct _MailerRichText
{
  gatomicrefcount ref_count;
  GPtrArray *blocks;     /* (element-type MailerBlock) */
  GStringChunk *strings; /* links, each once */
  guint n_remote, n_trackers;
  gboolean truncated;
};

struct _MailerRichTextBuilder
{
  MailerRichText *result;
  GString *text;
  GArray *spans;
  gsize total_bytes;
};

G_DEFINE_BOXED_TYPE (MailerRichText, mailer_rich_text, mailer_rich_text_ref, mailer_rich_text_unref)

static void
block_free (gpointer data)
{
  MailerBlock *block = data;

  g_free ((char *) block->text);
  g_free ((MailerSpan *) block->spans);
  g_free ((char *) block->content_id);
  g_free (block);
}

/* ---- Links ---- */

char *
mailer_link_sanitize (const char *url)
{
  static const char *const schemes[] = { "http://", "https://", "mailto:", "tel:", "geo:", "mid:" };
  GString *clean;

  if (url == NULL)
    return NULL;
  while (g_ascii_isspace (*url))
    url++;
  if (strlen (url) > MAX_LINK_BYTES || !g_utf8_validate (url, -1, NULL))
    return NULL;
  clean = g_string_new (NULL);
  for (const char *p = url; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\n' || c == '\r' || c == '\t')
        continue;
      if (c < 0x21 || c == '"' || c == '<' || c == '>' || c == 0x7f || (c >= 0x80 && !g_unichar_isalnum (c)))
        for (const char *q = p; q < g_utf8_next_char (p); q++)
          g_string_append_printf (clean, "%%%02X", (guchar) *q);
      else
        g_string_append_unichar (clean, c);
    }
  while (clean->len >= 3 && g_str_has_suffix (clean->str, "%20"))
    g_string_truncate (clean, clean->len - 3);
  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_ascii_strncasecmp (clean->str, schemes[i], strlen (schemes[i])) == 0 && clean->len > strlen (schemes[i]))
      return g_string_free (clean, FALSE);
  g_string_free (clean, TRUE);
  return NULL;
}

/* The host of an http address or of text that looks like one, without www.; NULL if it is none. */
static char *
host_of (const char *text)
{
  const char *start = strstr (text, "://");
  gsize n;
  char *host;

  start = start != NULL ? start + 3 : text;
  n = strcspn (start, "/?#:\\ \t\n");
  if (memchr (start, '@', n) != NULL)
    {
      const char *at = g_strrstr_len (start, n, "@");

      n -= at + 1 - start;
      start = at + 1;
    }
  if (memchr (start, '.', n) == NULL || n < 4)
    return NULL;
  host = g_utf8_strdown (start, n);
  if (g_str_has_prefix (host, "www."))
    memmove (host, host + 4, strlen (host) - 3);
  if (*host == '\0')
    g_clear_pointer (&host, g_free);
  return host;
}

static gboolean
is_deceptive (const char *text, gsize length, const char *link)
{
  g_autofree char *shown_text = g_strstrip (g_strndup (text, length));
  g_autofree char *shown = NULL;
  g_autofree char *real = NULL;

  if (g_ascii_strncasecmp (link, "http", 4) != 0 || strpbrk (shown_text, " \t\n@") != NULL)
    return FALSE;
  shown = host_of (shown_text);
  real = host_of (link);
  if (shown == NULL || real == NULL || strstr (shown, "..") != NULL || !g_ascii_isalpha (shown[strlen (shown) - 1]))
    return FALSE;
  if (g_str_has_suffix (real, shown) && (strlen (real) == strlen (shown) || real[strlen (real) - strlen (shown) - 1] == '.'))
    return FALSE;
  return !(g_str_has_suffix (shown, real) && shown[strlen (shown) - strlen (real) - 1] == '.');
}

/* ---- Building ---- */

MailerRichTextBuilder *
mailer_rich_text_builder_new (void)
{
  MailerRichTextBuilder *self = g_new0 (MailerRichTextBuilder, 1);

  self->result = g_new0 (MailerRichText, 1);
  g_atomic_ref_count_init (&self->result->ref_count);
  self->result->blocks = g_ptr_array_new_with_free_func (block_free);
  self->result->strings = g_string_chunk_new (1024);
  self->text = g_string_new (NULL);
  self->spans = g_array_new (FALSE, FALSE, sizeof (MailerSpan));
  return self;
}

gboolean
mailer_rich_text_builder_is_full (MailerRichTextBuilder *self)
{
  return self->result->blocks->len >= MAX_BLOCKS || self->total_bytes + self->text->len >= MAX_TEXT_BYTES;
}

void
mailer_rich_text_builder_append (MailerRichTextBuilder *self, const char *text, gsize length, MailerSpanFlags flags, const char *link)
{
  MailerSpan span = { self->text->len, self->text->len + length, flags, NULL };
  MailerSpan *last = self->spans->len > 0 ? &g_array_index (self->spans, MailerSpan, self->spans->len - 1) : NULL;

  if (length == 0)
    return;
  if (mailer_rich_text_builder_is_full (self))
    {
      self->result->truncated = TRUE;
      return;
    }
  g_string_append_len (self->text, text, length);
  if (flags == 0 && link == NULL)
    return;
  span.link = link != NULL ? g_string_chunk_insert_const (self->result->strings, link) : NULL;
  if (last != NULL && last->end_byte == span.start_byte && last->flags == flags && last->link == span.link)
    last->end_byte = span.end_byte;
  else
    g_array_append_val (self->spans, span);
}

gboolean
mailer_rich_text_builder_is_empty (MailerRichTextBuilder *self)
{
  return self->text->len == 0;
}

static MailerBlock *
add_block (MailerRichTextBuilder *self, const MailerBlockStyle *style, const char *text)
{
  MailerBlock *block = g_new0 (MailerBlock, 1);

  block->kind = style->kind;
  block->level = style->level;
  block->number = style->number;
  block->quote_depth = style->quote_depth;
  block->text = g_strdup (text);
  self->total_bytes += strlen (text) + 1;
  g_ptr_array_add (self->result->blocks, block);
  return block;
}

void
mailer_rich_text_builder_end_block (MailerRichTextBuilder *self, const MailerBlockStyle *style)
{
  gsize length = self->text->len;
  MailerBlock *block;
  guint n = 0;

  while (length > 0 && g_ascii_isspace (self->text->str[length - 1]))
    length--;
  g_string_truncate (self->text, length);
  if (length > 0 && self->result->blocks->len < MAX_BLOCKS)
    {
      block = add_block (self, style, self->text->str);
      for (guint i = 0; i < self->spans->len; i++)
        {
          MailerSpan *span = &g_array_index (self->spans, MailerSpan, i);

          span->end_byte = MIN (span->end_byte, length);
          if (span->start_byte >= span->end_byte)
            continue;
          if (span->link != NULL && is_deceptive (self->text->str + span->start_byte, span->end_byte - span->start_byte, span->link))
            span->flags |= MAILER_SPAN_DECEPTIVE;
          g_array_index (self->spans, MailerSpan, n++) = *span;
        }
      block->n_spans = n;
      block->spans = g_memdup2 (self->spans->data, n * sizeof (MailerSpan));
    }
  else if (length > 0)
    self->result->truncated = TRUE;
  g_string_truncate (self->text, 0);
  g_array_set_size (self->spans, 0);
}

void
mailer_rich_text_builder_add_rule (MailerRichTextBuilder *self, guint quote_depth)
{
  MailerBlockStyle style = { MAILER_BLOCK_RULE, 0, 0, quote_depth };

  if (self->result->blocks->len < MAX_BLOCKS)
    add_block (self, &style, "");
}

void
mailer_rich_text_builder_add_image (MailerRichTextBuilder *self, const char *alt, const char *content_id, const char *link, guint quote_depth)
{
  MailerBlockStyle style = { MAILER_BLOCK_IMAGE, 0, 0, quote_depth };
  MailerBlock *block;

  if (mailer_rich_text_builder_is_full (self))
    {
      self->result->truncated = TRUE;
      return;
    }
  block = add_block (self, &style, alt);
  block->content_id = g_strdup (content_id);
  if (link != NULL)
    {
      MailerSpan span = { 0, strlen (alt), 0, g_string_chunk_insert_const (self->result->strings, link) };

      block->n_spans = 1;
      block->spans = g_memdup2 (&span, sizeof span);
    }
}

void
mailer_rich_text_builder_count_remote (MailerRichTextBuilder *self, gboolean tracker)
{
  self->result->n_remote++;
  if (tracker)
    self->result->n_trackers++;
}

void
mailer_rich_text_builder_set_truncated (MailerRichTextBuilder *self)
{
  self->result->truncated = TRUE;
}

MailerRichText *
mailer_rich_text_builder_finish (MailerRichTextBuilder *self)
{
  MailerRichText *result = self->result;

  g_string_free (self->text, TRUE);
  g_array_unref (self->spans);
  g_free (self);
  return result;
}

/* ---- Plain text ---- */

/* The length of an address that starts at @p ("https://...", "www....", "someone@example.org"); 0 if none does. */
static gsize
link_length_at (const char *line, const char *p, const char *end)
{
  const char *q = p;
  gboolean web = g_ascii_strncasecmp (p, "http://", 7) == 0 || g_ascii_strncasecmp (p, "https://", 8) == 0 || g_ascii_strncasecmp (p, "www.", 4) == 0;

  if (p > line && (g_ascii_isalnum (p[-1]) || p[-1] == '.' || p[-1] == '-' || p[-1] == '_' || p[-1] == '@'))
    return 0;
  if (web)
    {
      while (q < end && (guchar) *q > 0x20 && (guchar) *q < 0x7f && strchr ("<>\"{}|\\^`", *q) == NULL)
        q++;
    }
  else
    {
      const char *at;

      while (q < end && q - p < 64 && (g_ascii_isalnum (*q) || strchr (".+-_", *q) != NULL) && *q != '\0')
        q++;
      if (q == p || q >= end || *q != '@')
        return 0;
      at = q++;
      while (q < end && q - at < 254 && (g_ascii_isalnum (*q) || *q == '.' || *q == '-'))
        q++;
      if (memchr (at, '.', q - at) == NULL)
        return 0;
    }
  while (q > p && strchr (".,;:!?)]'", q[-1]) != NULL && !(q[-1] == ')' && memchr (p, '(', q - p) != NULL))
    q--;
  return q - p > 6 ? (gsize) (q - p) : 0;
}

static void
append_line (MailerRichTextBuilder *builder, const char *line, const char *end)
{
  const char *plain = line;

  for (const char *p = line; p < end;)
    {
      gsize n = g_ascii_isalnum (*p) ? link_length_at (line, p, end) : 0;
      g_autofree char *word = NULL;
      g_autofree char *url = NULL;
      g_autofree char *link = NULL;

      if (n == 0)
        {
          p++;
          continue;
        }
      mailer_rich_text_builder_append (builder, plain, p - plain, 0, NULL);
      word = g_strndup (p, n);
      url = g_ascii_strncasecmp (word, "http", 4) == 0 && strstr (word, "://") != NULL ? g_strdup (word)
            : strchr (word, '@') != NULL && g_ascii_strncasecmp (word, "www.", 4) != 0 ? g_strconcat ("mailto:", word, NULL)
                                                                                       : g_strconcat ("http://", word, NULL);
      link = mailer_link_sanitize (url);
      mailer_rich_text_builder_append (builder, p, n, 0, link);
      plain = p = p + n;
    }
  mailer_rich_text_builder_append (builder, plain, end - plain, 0, NULL);
}

MailerRichText *
mailer_rich_text_new_from_text (const char *text)
{
  MailerRichTextBuilder *builder = mailer_rich_text_builder_new ();
  MailerBlockStyle style = { MAILER_BLOCK_PARAGRAPH, 0, 0, 0 };

  g_return_val_if_fail (text != NULL, NULL);

  for (const char *p = text; *p != '\0' && !mailer_rich_text_builder_is_full (builder);)
    {
      const char *eol = strchrnul (p, '\n');
      const char *q = p;
      guint depth = 0;

      while (q < eol && (*q == '>' || (*q == ' ' && q + 1 < eol && q[1] == '>')))
        depth += *q++ == '>';
      if (depth > 0 && q < eol && *q == ' ')
        q++;
      if (depth != style.quote_depth || q == eol)
        mailer_rich_text_builder_end_block (builder, &style);
      style.quote_depth = MIN (depth, 20);
      if (q < eol)
        {
          if (!mailer_rich_text_builder_is_empty (builder))
            mailer_rich_text_builder_append (builder, "\n", 1, 0, NULL);
          append_line (builder, q, eol);
        }
      p = *eol != '\0' ? eol + 1 : eol;
      if (*p != '\0' && mailer_rich_text_builder_is_full (builder))
        mailer_rich_text_builder_set_truncated (builder);
    }
  mailer_rich_text_builder_end_block (builder, &style);
  return mailer_rich_text_builder_finish (builder);
}

/* ---- Reading ---- */

MailerRichText *
mailer_rich_text_ref (MailerRichText *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
mailer_rich_text_unref (MailerRichText *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->blocks);
  g_string_chunk_free (self->strings);
  g_free (self);
}

guint
mailer_rich_text_get_n_blocks (const MailerRichText *self)
{
  return self->blocks->len;
}

const MailerBlock *
mailer_rich_text_get_block (const MailerRichText *self, guint index)
{
  g_return_val_if_fail (index < self->blocks->len, NULL);
  return g_ptr_array_index (self->blocks, index);
}

guint
mailer_rich_text_get_n_remote (const MailerRichText *self)
{
  return self->n_remote;
}

guint
mailer_rich_text_get_n_trackers (const MailerRichText *self)
{
  return self->n_trackers;
}

gboolean
mailer_rich_text_is_truncated (const MailerRichText *self)
{
  return self->truncated;
}

/* @text with @prefix at the start of each line. */
static void
append_prefixed (GString *out, const char *prefix, const char *text)
{
  for (const char *p = text;;)
    {
      const char *eol = strchrnul (p, '\n');

      g_string_append (out, prefix);
      g_string_append_len (out, p, eol - p);
      g_string_append_c (out, '\n');
      if (*eol == '\0')
        return;
      p = eol + 1;
    }
}

char *
mailer_rich_text_to_text (const MailerRichText *self)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < self->blocks->len; i++)
    {
      const MailerBlock *block = g_ptr_array_index (self->blocks, i);
      const MailerBlock *before = i > 0 ? g_ptr_array_index (self->blocks, i - 1) : NULL;
      g_autoptr (GString) prefix = g_string_new (NULL);
      gboolean tight = before != NULL && before->kind == block->kind && (block->kind == MAILER_BLOCK_ROW || block->kind == MAILER_BLOCK_LIST_ITEM);

      if (block->kind == MAILER_BLOCK_IMAGE && *block->text == '\0')
        continue;
      for (guint d = 0; d < block->quote_depth; d++)
        g_string_append_c (prefix, '>');
      if (block->quote_depth > 0)
        g_string_append_c (prefix, ' ');
      if (out->len > 0 && !tight)
        g_string_append_c (out, '\n');
      if (block->kind == MAILER_BLOCK_LIST_ITEM && block->number > 0)
        g_string_append_printf (prefix, "%u. ", block->number);
      else if (block->kind == MAILER_BLOCK_LIST_ITEM)
        g_string_append (prefix, "- ");
      append_prefixed (out, prefix->str, block->kind == MAILER_BLOCK_RULE ? "---" : block->text);
    }
  return g_string_free (out, FALSE);
}

static void
append_span (GString *out, const char *text, const MailerSpan *span)
{
  g_autofree char *escaped = g_markup_escape_text (text + span->start_byte, span->end_byte - span->start_byte);
  static const struct
  {
    MailerSpanFlags flag;
    const char *tag;
  } tags[] = {
    { MAILER_SPAN_BOLD, "b" }, { MAILER_SPAN_ITALIC, "i" }, { MAILER_SPAN_UNDERLINE, "u" }, { MAILER_SPAN_STRIKE, "s" }, { MAILER_SPAN_CODE, "tt" },
  };

  if (span->link != NULL)
    {
      g_autofree char *href = g_markup_escape_text (span->link, -1);

      g_string_append_printf (out, "<a href=\"%s\">", href);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (tags); i++)
    if (span->flags & tags[i].flag)
      g_string_append_printf (out, "<%s>", tags[i].tag);
  g_string_append (out, escaped);
  for (gsize i = G_N_ELEMENTS (tags); i-- > 0;)
    if (span->flags & tags[i].flag)
      g_string_append_printf (out, "</%s>", tags[i].tag);
  if (span->link != NULL)
    g_string_append (out, "</a>");
  if ((span->flags & MAILER_SPAN_DECEPTIVE) && span->link != NULL)
    {
      g_autofree char *host = host_of (span->link);
      g_autofree char *shown = host != NULL ? g_markup_escape_text (host, -1) : NULL;

      if (shown != NULL)
        g_string_append_printf (out, " [%s]", shown);
    }
}

char *
mailer_block_to_markup (const MailerBlock *block)
{
  GString *out = g_string_new (NULL);
  guint at = 0;

  g_return_val_if_fail (block != NULL, NULL);

  for (guint i = 0; i < block->n_spans; i++)
    {
      g_autofree char *plain = g_markup_escape_text (block->text + at, block->spans[i].start_byte - at);

      g_string_append (out, plain);
      append_span (out, block->text, &block->spans[i]);
      at = block->spans[i].end_byte;
    }
  if (block->text[at] != '\0')
    {
      g_autofree char *plain = g_markup_escape_text (block->text + at, -1);

      g_string_append (out, plain);
    }
  return g_string_free (out, FALSE);
}
