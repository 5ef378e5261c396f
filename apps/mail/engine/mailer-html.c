/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-html.h"

#include "mailer-rich-text-private.h"

#include <libxml/HTMLparser.h>

#include <string.h>

/* The sanitizer: libxml2's parser calls for each tag and piece of text; a small stack of what is open decides what becomes of it.  No
 * document is built, so that memory follows the text kept and not the markup. */

#define MAX_DEPTH 256
#define MAX_PARSER_DEPTH 256
#define MAX_TAG_WORK (20 * 1000 * 1000) /* tags times open elements: each tag makes libxml2 look through what is open */
#define MAX_ELEMENTS 200000
#define CHUNK_BYTES 4096
#define MAX_ALT_BYTES 300

typedef enum
{
  DO_NOTHING,
  DO_SKIP,      /* with all that is in it */
  DO_BREAK,     /* starts and ends a block */
  DO_HEADING,
  DO_STYLE,
  DO_LINK,
  DO_LIST,
  DO_ITEM,
  DO_QUOTE,
  DO_PRE,
  DO_ROW,
  DO_CELL,
  DO_LINE_END,
  DO_RULE,
  DO_IMAGE,
  DO_REMOTE,    /* counts what it would load, shows nothing */
} Action;

typedef struct
{
  const char *name;
  Action action;
  guint detail; /* heading level, span flag, 1 for an ordered list */
} Tag;

/* Sorted by name. */
static const Tag tags[] = {
  { "a", DO_LINK, 0 },          { "address", DO_BREAK, 0 },   { "applet", DO_SKIP, 0 },      { "article", DO_BREAK, 0 },
  { "aside", DO_BREAK, 0 },     { "audio", DO_REMOTE, 0 },    { "b", DO_STYLE, MAILER_SPAN_BOLD },
  { "blockquote", DO_QUOTE, 0 }, { "body", DO_BREAK, 0 },      { "br", DO_LINE_END, 0 },      { "canvas", DO_SKIP, 0 },
  { "caption", DO_BREAK, 0 },   { "center", DO_BREAK, 0 },    { "cite", DO_STYLE, MAILER_SPAN_ITALIC },
  { "code", DO_STYLE, MAILER_SPAN_CODE }, { "datalist", DO_SKIP, 0 }, { "dd", DO_BREAK, 0 }, { "del", DO_STYLE, MAILER_SPAN_STRIKE },
  { "dir", DO_LIST, 0 },        { "div", DO_BREAK, 0 },       { "dl", DO_BREAK, 0 },         { "dt", DO_BREAK, 0 },
  { "em", DO_STYLE, MAILER_SPAN_ITALIC }, { "embed", DO_REMOTE, 0 }, { "fieldset", DO_BREAK, 0 }, { "figcaption", DO_BREAK, 0 },
  { "figure", DO_BREAK, 0 },    { "footer", DO_BREAK, 0 },    { "form", DO_BREAK, 0 },       { "frame", DO_REMOTE, 0 },
  { "h1", DO_HEADING, 1 },      { "h2", DO_HEADING, 2 },      { "h3", DO_HEADING, 3 },       { "h4", DO_HEADING, 4 },
  { "h5", DO_HEADING, 5 },      { "h6", DO_HEADING, 6 },      { "header", DO_BREAK, 0 },     { "hr", DO_RULE, 0 },
  { "i", DO_STYLE, MAILER_SPAN_ITALIC }, { "iframe", DO_REMOTE, 0 }, { "img", DO_IMAGE, 0 },  { "ins", DO_STYLE, MAILER_SPAN_UNDERLINE },
  { "kbd", DO_STYLE, MAILER_SPAN_CODE }, { "li", DO_ITEM, 0 }, { "link", DO_REMOTE, 0 },      { "main", DO_BREAK, 0 },
  { "map", DO_SKIP, 0 },        { "math", DO_SKIP, 0 },       { "menu", DO_LIST, 0 },        { "nav", DO_BREAK, 0 },
  { "object", DO_SKIP, 0 },     { "ol", DO_LIST, 1 },         { "option", DO_BREAK, 0 },     { "p", DO_BREAK, 0 },
  { "pre", DO_PRE, 0 },         { "s", DO_STYLE, MAILER_SPAN_STRIKE }, { "samp", DO_STYLE, MAILER_SPAN_CODE },
  { "script", DO_SKIP, 0 },     { "section", DO_BREAK, 0 },   { "strike", DO_STYLE, MAILER_SPAN_STRIKE },
  { "strong", DO_STYLE, MAILER_SPAN_BOLD }, { "style", DO_SKIP, 0 }, { "svg", DO_SKIP, 0 },  { "table", DO_BREAK, 0 },
  { "td", DO_CELL, 0 },         { "template", DO_SKIP, 0 },   { "textarea", DO_BREAK, 0 },   { "th", DO_CELL, MAILER_SPAN_BOLD },
  { "title", DO_SKIP, 0 },      { "tr", DO_ROW, 0 },          { "tt", DO_STYLE, MAILER_SPAN_CODE }, { "u", DO_STYLE, MAILER_SPAN_UNDERLINE },
  { "ul", DO_LIST, 0 },         { "video", DO_REMOTE, 0 },
};

/* What one open element changed. */
typedef struct
{
  const Tag *tag; /* (nullable) */
  char name[16];
  MailerSpanFlags old_flags;
  char *old_link;
  gboolean set_link;
  guint old_number;
  guint old_ordered;
  MailerBlockKind old_kind;
  guint old_level;
} Frame;

typedef struct
{
  htmlParserCtxtPtr parser;
  MailerRichTextBuilder *builder;
  GArray *stack;
  guint overflow;   /* open elements deeper than MAX_DEPTH */
  guint n_elements;
  guint skip_depth; /* > 0: inside something that is not shown: how many elements deep */
  gboolean blank;   /* a blank is due before the next word */
  gboolean spaced;  /* it has been written already */
  guint in_pre;
  guint quote_depth;
  guint list_depth;
  guint number;     /* of the next item; 0 in a list of bullets */
  gboolean in_row;
  MailerBlockKind kind;
  guint level;
  guint item_number;
  MailerSpanFlags flags;
  char *link;
} Sanitizer;

static int
compare_tag (const void *key, const void *element)
{
  return g_ascii_strcasecmp (key, ((const Tag *) element)->name);
}

static const Tag *
find_tag (const char *name)
{
  return bsearch (name, tags, G_N_ELEMENTS (tags), sizeof tags[0], compare_tag);
}

static const char *
attribute (const xmlChar **atts, const char *name)
{
  for (guint i = 0; atts != NULL && atts[i] != NULL; i += 2)
    if (g_ascii_strcasecmp ((const char *) atts[i], name) == 0)
      return atts[i + 1] != NULL ? (const char *) atts[i + 1] : "";
  return NULL;
}

static void
end_block (Sanitizer *self)
{
  MailerBlockStyle style = { self->in_pre > 0 ? MAILER_BLOCK_PREFORMATTED : self->kind, self->level, self->item_number, self->quote_depth };

  if (self->in_row && self->kind == MAILER_BLOCK_PARAGRAPH && self->in_pre == 0)
    style.kind = MAILER_BLOCK_ROW;
  if (style.kind == MAILER_BLOCK_LIST_ITEM)
    {
      style.level = MAX (self->list_depth, 1);
      /* The item's further paragraphs bear no mark. */
      if (!mailer_rich_text_builder_is_empty (self->builder))
        self->kind = MAILER_BLOCK_PARAGRAPH;
    }
  mailer_rich_text_builder_end_block (self->builder, &style);
  self->blank = FALSE;
  self->spaced = FALSE;
}

static void
append_plain (Sanitizer *self, const char *text, gsize length)
{
  mailer_rich_text_builder_append (self->builder, text, length, self->flags, self->link);
}

static void
append_blank (Sanitizer *self)
{
  if (self->blank && !self->spaced && !mailer_rich_text_builder_is_empty (self->builder))
    {
      append_plain (self, " ", 1);
      self->spaced = TRUE;
    }
  self->blank = FALSE;
}

/* ---- What is remote, what is hidden ---- */

static gboolean
has_style (const char *style, const char *property, const char *value)
{
  const char *p = style;

  while (p != NULL && (p = strcasestr (p, property)) != NULL)
    {
      p += strlen (property);
      while (g_ascii_isspace (*p) || *p == ':')
        p++;
      if (g_ascii_strncasecmp (p, value, strlen (value)) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_hidden (const xmlChar **atts)
{
  const char *style = attribute (atts, "style");

  return attribute (atts, "hidden") != NULL || has_style (style, "display", "none") || has_style (style, "visibility", "hidden") ||
         has_style (style, "mso-hide", "all") || has_style (style, "font-size", "0px") || has_style (style, "font-size", "0;");
}

static gboolean
is_remote_url (const char *url)
{
  return url != NULL && (g_ascii_strncasecmp (url, "http", 4) == 0 || g_str_has_prefix (url, "//") || g_ascii_strncasecmp (url, "ftp:", 4) == 0);
}

static void
count_remote (Sanitizer *self, const xmlChar **atts)
{
  static const char *const names[] = { "src", "href", "background", "poster", "data", "srcset" };
  const char *style = attribute (atts, "style");
  const char *url = style != NULL ? strcasestr (style, "url(") : NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (is_remote_url (attribute (atts, names[i])))
      {
        mailer_rich_text_builder_count_remote (self->builder, FALSE);
        return;
      }
  if (url != NULL && strcasestr (url, "http") != NULL)
    mailer_rich_text_builder_count_remote (self->builder, FALSE);
}

static gboolean
is_tiny (const char *length)
{
  return length != NULL && g_ascii_isdigit (*length) && g_ascii_strtoull (length, NULL, 10) <= 2 && strchr (length, '%') == NULL;
}

static void
take_image (Sanitizer *self, const xmlChar **atts)
{
  const char *src = attribute (atts, "src");
  const char *alt = attribute (atts, "alt");
  const char *style = attribute (atts, "style");
  gboolean tiny = is_tiny (attribute (atts, "width")) || is_tiny (attribute (atts, "height")) || is_hidden (atts) ||
                  has_style (style, "width", "1px") || has_style (style, "height", "1px") || has_style (style, "width", "0");
  gboolean embedded = src != NULL && g_ascii_strncasecmp (src, "cid:", 4) == 0;
  g_autofree char *text = NULL;
  g_autofree char *content_id = NULL;

  if (is_remote_url (src))
    mailer_rich_text_builder_count_remote (self->builder, tiny);
  if (tiny || (!embedded && (alt == NULL || *g_strchug (text = g_strdup (alt)) == '\0')))
    return;
  g_free (text);
  text = g_utf8_make_valid (alt != NULL ? alt : "", MIN (alt != NULL ? strlen (alt) : 0, MAX_ALT_BYTES));
  g_strstrip (g_strdelimit (text, "\r\n\t", ' '));
  content_id = embedded ? g_uri_unescape_string (src + 4, NULL) : NULL;
  end_block (self);
  mailer_rich_text_builder_add_image (self->builder, text, content_id, self->link, self->quote_depth);
}

/* ---- Tags ---- */

static void
open_block (Sanitizer *self, MailerBlockKind kind, guint level)
{
  end_block (self);
  self->kind = kind;
  self->level = level;
}

static void
open_link (Sanitizer *self, Frame *frame, const xmlChar **atts)
{
  g_autofree char *link = mailer_link_sanitize (attribute (atts, "href"));

  frame->set_link = TRUE;
  frame->old_link = g_steal_pointer (&self->link);
  self->link = g_steal_pointer (&link);
}

static void
open_item (Sanitizer *self)
{
  open_block (self, MAILER_BLOCK_LIST_ITEM, self->list_depth);
  self->item_number = self->number;
  if (self->number > 0)
    self->number++;
}

static void
open_list (Sanitizer *self, const xmlChar **atts, gboolean ordered)
{
  const char *start = attribute (atts, "start");

  end_block (self);
  self->list_depth++;
  self->number = !ordered ? 0 : start != NULL ? CLAMP (g_ascii_strtoll (start, NULL, 10), 1, 1000000) : 1;
}

static void
apply_open (Sanitizer *self, Frame *frame, const Tag *tag, const xmlChar **atts)
{
  switch (tag->action)
    {
    case DO_BREAK:
      end_block (self);
      break;
    case DO_HEADING:
      open_block (self, MAILER_BLOCK_HEADING, tag->detail);
      break;
    case DO_STYLE:
      append_blank (self);
      self->flags |= tag->detail;
      break;
    case DO_LINK:
      /* The blank before a link is no part of it, and not underlined. */
      append_blank (self);
      open_link (self, frame, atts);
      break;
    case DO_LIST:
      open_list (self, atts, tag->detail == 1);
      break;
    case DO_ITEM:
      open_item (self);
      break;
    case DO_QUOTE:
      end_block (self);
      self->quote_depth++;
      break;
    case DO_PRE:
      end_block (self);
      self->in_pre++;
      break;
    case DO_ROW:
      end_block (self);
      self->in_row = TRUE;
      break;
    case DO_CELL:
      if (!mailer_rich_text_builder_is_empty (self->builder))
        append_plain (self, "\t", 1);
      self->blank = FALSE;
      self->spaced = TRUE;
      self->flags |= tag->detail;
      break;
    case DO_LINE_END:
      if (!mailer_rich_text_builder_is_empty (self->builder))
        append_plain (self, "\n", 1);
      self->blank = FALSE;
      self->spaced = TRUE;
      break;
    case DO_RULE:
      end_block (self);
      mailer_rich_text_builder_add_rule (self->builder, self->quote_depth);
      break;
    case DO_IMAGE:
      take_image (self, atts);
      break;
    case DO_NOTHING:
    case DO_SKIP:
    case DO_REMOTE:
      break;
    }
}

static void
on_start (void *data, const xmlChar *name, const xmlChar **atts)
{
  Sanitizer *self = data;
  const Tag *tag = find_tag ((const char *) name);
  Frame frame = { .tag = tag,
                  .old_flags = self->flags,
                  .old_number = self->number,
                  .old_ordered = self->in_row,
                  .old_kind = self->kind,
                  .old_level = self->level };

  if (++self->n_elements > MAX_ELEMENTS || mailer_rich_text_builder_is_full (self->builder))
    {
      mailer_rich_text_builder_set_truncated (self->builder);
      xmlStopParser (self->parser);
      return;
    }
  if (self->stack->len >= MAX_DEPTH)
    {
      self->overflow++;
      return;
    }
  g_strlcpy (frame.name, (const char *) name, sizeof frame.name);
  if (tag == NULL || tag->action != DO_IMAGE)
    if (tag == NULL || tag->action != DO_LINK)
      count_remote (self, atts);
  if (self->skip_depth > 0 || (tag != NULL && (tag->action == DO_SKIP || tag->action == DO_REMOTE)) ||
      (is_hidden (atts) && !(tag != NULL && tag->action == DO_IMAGE)))
    self->skip_depth++;
  else if (tag != NULL)
    apply_open (self, &frame, tag, atts);
  g_array_append_val (self->stack, frame);
}

static void
apply_close (Sanitizer *self, Frame *frame)
{
  Action action = frame->tag != NULL ? frame->tag->action : DO_NOTHING;

  if (action == DO_BREAK || action == DO_HEADING || action == DO_LIST || action == DO_ITEM || action == DO_QUOTE || action == DO_PRE || action == DO_ROW)
    end_block (self);
  if (action == DO_LIST)
    {
      self->list_depth--;
      self->number = frame->old_number;
    }
  else if (action == DO_QUOTE)
    self->quote_depth--;
  else if (action == DO_PRE)
    self->in_pre--;
  else if (action == DO_ROW)
    self->in_row = frame->old_ordered;
  if (action == DO_HEADING || action == DO_ITEM)
    {
      self->kind = action == DO_ITEM ? MAILER_BLOCK_PARAGRAPH : frame->old_kind;
      self->level = frame->old_level;
    }
  self->flags = frame->old_flags;
  if (frame->set_link)
    {
      g_free (self->link);
      self->link = g_steal_pointer (&frame->old_link);
    }
}

static void
pop_frame (Sanitizer *self)
{
  Frame *frame = &g_array_index (self->stack, Frame, self->stack->len - 1);

  if (self->skip_depth > 0)
    self->skip_depth--;
  else
    apply_close (self, frame);
  g_free (frame->old_link);
  g_array_set_size (self->stack, self->stack->len - 1);
}

static void
on_end (void *data, const xmlChar *name)
{
  Sanitizer *self = data;

  if (self->overflow > 0)
    {
      self->overflow--;
      return;
    }
  for (guint i = self->stack->len; i-- > 0;)
    if (g_ascii_strncasecmp (g_array_index (self->stack, Frame, i).name, (const char *) name, sizeof ((Frame *) 0)->name - 1) == 0)
      {
        while (self->stack->len > i)
          pop_frame (self);
        return;
      }
}

/* ---- Text ---- */

static void
append_folded (Sanitizer *self, const char *text, gsize length)
{
  const char *end = text + length;

  for (const char *p = text; p < end;)
    {
      const char *q = p;

      while (q < end && !g_ascii_isspace (*q))
        q++;
      if (q > p)
        {
          append_blank (self);
          append_plain (self, p, q - p);
          self->spaced = FALSE;
        }
      if (q < end)
        self->blank = TRUE;
      while (q < end && g_ascii_isspace (*q))
        q++;
      p = q;
    }
}

/* Directional overrides and invisible fillers make a text look like another; they go. */
static gboolean
is_deceiving_char (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200b || c == 0xfeff || c == 0xad || c == 0x34f ||
         (c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f || (c >= 0x80 && c < 0xa0);
}

static void
on_characters (void *data, const xmlChar *bytes, int length)
{
  Sanitizer *self = data;
  g_autofree char *valid = NULL;
  g_autoptr (GString) clean = NULL;

  if (self->skip_depth > 0 || length <= 0)
    return;
  valid = g_utf8_make_valid ((const char *) bytes, length);
  clean = g_string_sized_new (length);
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == 0xa0)
        g_string_append_c (clean, ' ');
      else if (!is_deceiving_char (c))
        g_string_append_len (clean, p, g_utf8_next_char (p) - p);
    }
  if (self->in_pre > 0)
    {
      append_plain (self, clean->str, clean->len);
      self->spaced = FALSE;
    }
  else
    append_folded (self, clean->str, clean->len);
}

static void
ignore_text (void *data, const xmlChar *bytes, int length)
{
}

/* The rest of a document nested beyond reason: its text without its tags. */
static void
append_stripped (Sanitizer *self, const char *html, gsize at)
{
  const char *tag = g_strrstr_len (html, at, "<");

  self->skip_depth = 0;
  html += at;
  if (tag != NULL && memchr (tag, '>', html - tag) == NULL)
    html = strchr (html, '>') != NULL ? strchr (html, '>') + 1 : html + strlen (html);
  while (*html != '\0' && !mailer_rich_text_builder_is_full (self->builder))
    {
      const char *open = strchrnul (html, '<');
      const char *close;

      on_characters (self, (const xmlChar *) html, MIN (open - html, G_MAXINT));
      if (*open == '\0')
        break;
      close = strchr (open, '>');
      if (close == NULL)
        break;
      self->blank = TRUE;
      html = close + 1;
    }
  mailer_rich_text_builder_set_truncated (self->builder);
}

static guint
count_tags (const char *html, gsize length)
{
  guint n = 0;

  for (gsize i = 0; i < length; i++)
    n += html[i] == '<';
  return n;
}

static void
init_parser_once (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      xmlInitParser ();
      g_once_init_leave (&once, 1);
    }
}

MailerRichText *
mailer_html_parse (const char *html)
{
  Sanitizer self = { .kind = MAILER_BLOCK_PARAGRAPH };
  xmlSAXHandler sax = { .startElement = on_start,
                        .endElement = on_end,
                        .characters = on_characters,
                        .ignorableWhitespace = on_characters,
                        .cdataBlock = ignore_text,
                        .initialized = 1 };
  gsize length;
  gsize at = 0;
  guint64 work = 0;

  g_return_val_if_fail (html != NULL, NULL);

  init_parser_once ();
  length = strlen (html);
  self.builder = mailer_rich_text_builder_new ();
  self.stack = g_array_new (FALSE, FALSE, sizeof (Frame));
  self.parser = htmlCreatePushParserCtxt (&sax, &self, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
  htmlCtxtUseOptions (self.parser, HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_RECOVER | HTML_PARSE_IGNORE_ENC);
  while (at < length && !self.parser->disableSAX && self.parser->nameNr < MAX_PARSER_DEPTH && work < MAX_TAG_WORK)
    {
      gsize n = MIN (CHUNK_BYTES, length - at);

      work += (guint64) count_tags (html + at, n) * self.parser->nameNr;
      htmlParseChunk (self.parser, html + at, n, 0);
      at += n;
    }
  if (self.parser->nameNr >= MAX_PARSER_DEPTH || work >= MAX_TAG_WORK)
    append_stripped (&self, html, at);
  else if (!self.parser->disableSAX)
    htmlParseChunk (self.parser, NULL, 0, 1);
  while (self.stack->len > 0)
    pop_frame (&self);
  end_block (&self);
  g_array_unref (self.stack);
  g_free (self.link);
  if (self.parser->myDoc != NULL)
    xmlFreeDoc (self.parser->myDoc);
  htmlFreeParserCtxt (self.parser);
  return mailer_rich_text_builder_finish (self.builder);
}

char *
mailer_html_to_text (const char *html)
{
  g_autoptr (MailerRichText) rich = mailer_html_parse (html);

  return mailer_rich_text_to_text (rich);
}
