/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-extract.h"
#include "cloud-error.h"
#include "search-url.h"
#include "search-xml.h"

#include <libxml/HTMLparser.h>
#include <string.h>

/* libxml2 makes a tree of whatever comes; the tree is walked twice: to find the main element, and to write down its paragraphs. */

#define DEPTH_MAX 200
#define TEXT_MAX_BYTES (2 * 1024 * 1024)

typedef struct
{
  GString *text;
  GString *kinds;
  GString *paragraph; /* the one at hand */
  SearchParagraph kind;
  gboolean verbatim;
} Writer;

static gboolean
is_one_of (const xmlNode *node, const char *const *names)
{
  for (gsize i = 0; node->type == XML_ELEMENT_NODE && names[i] != NULL; i++)
    if (g_ascii_strcasecmp ((const char *) node->name, names[i]) == 0)
      return TRUE;
  return FALSE;
}

/* Never part of the text, wherever it stands. */
static gboolean
is_dropped (xmlNode *node)
{
  static const char *const names[] = { "script", "style", "noscript", "template", "iframe", "object", "svg", "math", "canvas", "audio", "video", "nav",
                                       "form", "button", "input", "select", "textarea", "dialog", "aside", "footer", "head", NULL };
  g_autofree char *hidden = NULL;
  g_autofree char *role = NULL;
  g_autofree char *style = NULL;

  if (node->type != XML_ELEMENT_NODE)
    return node->type == XML_COMMENT_NODE || node->type == XML_PI_NODE;
  if (is_one_of (node, names))
    return TRUE;
  hidden = search_xml_attribute (node, "aria-hidden");
  role = search_xml_attribute (node, "role");
  style = search_xml_attribute (node, "style");
  return xmlHasProp (node, BAD_CAST "hidden") != NULL || g_strcmp0 (hidden, "true") == 0 || g_strcmp0 (role, "navigation") == 0 ||
         g_strcmp0 (role, "search") == 0 || g_strcmp0 (role, "banner") == 0 || g_strcmp0 (role, "contentinfo") == 0 ||
         (style != NULL && (strstr (style, "display:none") != NULL || strstr (style, "display: none") != NULL));
}

static gboolean
is_link (const xmlNode *node)
{
  return node->type == XML_ELEMENT_NODE && g_ascii_strcasecmp ((const char *) node->name, "a") == 0;
}

/* ---- Which element ---- */

/* Characters of text below @node, those in links apart. */
static void
measure (xmlNode *node, guint depth, gboolean in_link, gsize *outside, gsize *inside)
{
  if (depth > DEPTH_MAX || is_dropped (node))
    return;
  if (node->type == XML_TEXT_NODE && node->content != NULL)
    *(in_link ? inside : outside) += strlen ((const char *) node->content);
  for (xmlNode *child = node->children; child != NULL; child = child->next)
    measure (child, depth + 1, in_link || is_link (node), outside, inside);
}

/* An element's own paragraphs count whole, its children's by half: the element that holds the article directly wins. */
static double
score_paragraphs (xmlNode *node, guint depth, xmlNode **best, double *best_score)
{
  static const char *const paragraphs[] = { "p", "pre", "li", "blockquote", "dd", "h2", "h3", "td", NULL };
  double own = 0;
  double below = 0;

  if (depth > DEPTH_MAX || is_dropped (node) || node->type != XML_ELEMENT_NODE)
    return 0;
  for (xmlNode *child = node->children; child != NULL; child = child->next)
    if (is_one_of (child, paragraphs))
      {
        gsize outside = 0;
        gsize inside = 0;

        measure (child, depth + 1, FALSE, &outside, &inside);
        own += outside > inside ? (double) outside - inside : 0;
      }
    else
      below += score_paragraphs (child, depth + 1, best, best_score);
  own += below / 2;
  if (own > *best_score)
    {
      *best_score = own;
      *best = node;
    }
  return own;
}

static xmlNode *
find_element (xmlNode *node, guint depth, gboolean (*wanted) (xmlNode *))
{
  xmlNode *found = NULL;

  if (depth > DEPTH_MAX || node->type != XML_ELEMENT_NODE)
    return NULL;
  if (wanted (node))
    return node;
  for (xmlNode *child = node->children; child != NULL && found == NULL; child = child->next)
    found = find_element (child, depth + 1, wanted);
  return found;
}

static gboolean
is_main (xmlNode *node)
{
  g_autofree char *role = search_xml_attribute (node, "role");

  return is_one_of (node, (const char *const[]) { "article", "main", NULL }) || g_strcmp0 (role, "main") == 0;
}

static gboolean
is_body (xmlNode *node)
{
  return is_one_of (node, (const char *const[]) { "body", NULL });
}

static xmlNode *
choose_main (xmlNode *root)
{
  xmlNode *named = find_element (root, 0, is_main);
  xmlNode *body = find_element (root, 0, is_body);
  xmlNode *best = NULL;
  double best_score = 0;
  gsize outside = 0;
  gsize inside = 0;

  if (named != NULL)
    measure (named, 0, FALSE, &outside, &inside);
  if (outside >= 80) /* not an empty shell that a script was meant to fill */
    return named;
  score_paragraphs (body != NULL ? body : root, 0, &best, &best_score);
  if (best_score >= 80)
    return best;
  return body != NULL ? body : root;
}

/* ---- Its paragraphs ---- */

static void
end_paragraph (Writer *writer, SearchParagraph next)
{
  g_autofree char *text = g_strdup (writer->paragraph->str);

  g_strstrip (text);
  if (text[0] != '\0' && writer->text->len < TEXT_MAX_BYTES)
    {
      if (writer->text->len > 0)
        g_string_append (writer->text, "\n\n");
      g_string_append (writer->text, text);
      g_string_append_c (writer->kinds, writer->kind);
    }
  g_string_truncate (writer->paragraph, 0);
  writer->kind = next;
}

static void
write_text (Writer *writer, const char *content)
{
  g_autofree char *valid = g_utf8_make_valid (content, -1);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GString *out = writer->paragraph;

      if (writer->verbatim && c == '\n')
        {
          /* An empty line parts paragraphs: inside code one blank keeps it together. */
          g_string_append (out, out->len > 0 && out->str[out->len - 1] == '\n' ? " \n" : "\n");
          continue;
        }
      if (g_unichar_isspace (c))
        {
          if (out->len > 0 && (writer->verbatim || !g_ascii_isspace (out->str[out->len - 1])))
            g_string_append_c (out, ' ');
        }
      else if (!g_unichar_iscntrl (c))
        g_string_append_unichar (out, c);
    }
}

static SearchParagraph
kind_of_block (const xmlNode *node, SearchParagraph around)
{
  static const char *const headings[] = { "h1", "h2", "h3", "h4", "h5", "h6", "caption", "summary", NULL };

  if (is_one_of (node, headings))
    return SEARCH_PARAGRAPH_HEADING;
  if (is_one_of (node, (const char *const[]) { "li", "dd", NULL }))
    return SEARCH_PARAGRAPH_ITEM;
  if (is_one_of (node, (const char *const[]) { "blockquote", NULL }))
    return SEARCH_PARAGRAPH_QUOTE;
  if (is_one_of (node, (const char *const[]) { "pre", NULL }))
    return SEARCH_PARAGRAPH_CODE;
  return around;
}

static gboolean
is_block (const xmlNode *node)
{
  static const char *const names[] = { "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
                                       "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre",
                                       "section", "summary", "table", "tbody", "thead", "tr", "ul", "br", NULL };

  return is_one_of (node, names);
}

static void
write_node (Writer *writer, xmlNode *node, guint depth, SearchParagraph around)
{
  gboolean block;
  gboolean verbatim = writer->verbatim;
  SearchParagraph kind;

  if (depth > DEPTH_MAX || is_dropped (node))
    return;
  if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
    {
      write_text (writer, node->content != NULL ? (const char *) node->content : "");
      return;
    }
  if (node->type != XML_ELEMENT_NODE)
    return;
  kind = kind_of_block (node, around);
  block = is_block (node);
  if (block && !(verbatim && node->children == NULL))
    end_paragraph (writer, kind);
  else if (is_one_of (node, (const char *const[]) { "td", "th", "img", NULL }))
    write_text (writer, " ");
  writer->verbatim = verbatim || kind == SEARCH_PARAGRAPH_CODE;
  for (xmlNode *child = node->children; child != NULL; child = child->next)
    write_node (writer, child, depth + 1, kind);
  writer->verbatim = verbatim;
  if (block && !(verbatim && node->children == NULL))
    end_paragraph (writer, around);
}

/* A page as a rule begins by repeating its title; a reader shows that once. */
static void
drop_repeated_title (SearchExtract *self)
{
  const char *end = strstr (self->text, "\n\n");
  g_autofree char *first = NULL;

  if (self->kinds[0] != SEARCH_PARAGRAPH_HEADING || end == NULL)
    return;
  first = g_strndup (self->text, end - self->text);
  if (strstr (self->title, first) == NULL)
    return;
  memmove (self->text, end + 2, strlen (end + 2) + 1);
  memmove (self->kinds, self->kinds + 1, strlen (self->kinds));
}

static void
write_main (SearchExtract *self, xmlNode *main_node)
{
  Writer writer = { g_string_new (NULL), g_string_new (NULL), g_string_new (NULL), SEARCH_PARAGRAPH_TEXT, FALSE };

  write_node (&writer, main_node, 0, SEARCH_PARAGRAPH_TEXT);
  end_paragraph (&writer, SEARCH_PARAGRAPH_TEXT);
  g_string_free (writer.paragraph, TRUE);
  self->text = g_string_free (writer.text, FALSE);
  self->kinds = g_string_free (writer.kinds, FALSE);
  drop_repeated_title (self);
}

/* ---- What the page says of itself ---- */

static void
read_link (SearchExtract *self, xmlNode *node, const char *url)
{
  g_autofree char *rel = search_xml_attribute (node, "rel");
  g_autofree char *type = search_xml_attribute (node, "type");
  g_autofree char *href = search_xml_attribute (node, "href");
  g_autofree char *target = href != NULL ? search_url_resolve (url, href) : NULL;

  if (rel == NULL || target == NULL)
    return;
  if (g_ascii_strcasecmp (rel, "search") == 0 && self->opensearch_url == NULL && type != NULL && strstr (type, "opensearchdescription") != NULL)
    self->opensearch_url = g_steal_pointer (&target);
  else if (g_ascii_strcasecmp (rel, "EditURI") == 0 && self->mediawiki_api == NULL && strstr (target, "api.php") != NULL)
    {
      *(strstr (target, "api.php") + strlen ("api.php")) = '\0';
      self->mediawiki_api = g_steal_pointer (&target);
    }
  else if (g_ascii_strcasecmp (rel, "canonical") == 0 && self->canonical_url == NULL)
    self->canonical_url = search_url_clean (target);
}

static void
read_meta (SearchExtract *self, xmlNode *node, char **og_title)
{
  g_autofree char *name = search_xml_attribute (node, "name");
  g_autofree char *property = search_xml_attribute (node, "property");
  g_autofree char *content = search_xml_attribute (node, "content");

  if (content == NULL)
    return;
  if (name != NULL && g_ascii_strcasecmp (name, "generator") == 0 && g_ascii_strncasecmp (content, "searx", 5) == 0)
    self->is_searx = TRUE;
  if (g_strcmp0 (property, "og:title") == 0 && *og_title == NULL)
    *og_title = g_steal_pointer (&content);
}

static void
read_head (SearchExtract *self, xmlNode *node, guint depth, const char *url, char **og_title, char **heading)
{
  if (depth > DEPTH_MAX || node->type != XML_ELEMENT_NODE)
    return;
  if (is_one_of (node, (const char *const[]) { "title", NULL }) && self->title == NULL)
    self->title = search_xml_text (node);
  else if (is_one_of (node, (const char *const[]) { "link", NULL }))
    read_link (self, node, url);
  else if (is_one_of (node, (const char *const[]) { "meta", NULL }))
    read_meta (self, node, og_title);
  else if (is_one_of (node, (const char *const[]) { "h1", NULL }) && *heading == NULL)
    *heading = search_xml_text (node);
  else if (is_one_of (node, (const char *const[]) { "html", NULL }) && self->language == NULL)
    self->language = search_xml_attribute (node, "lang");
  for (xmlNode *child = node->children; child != NULL; child = child->next)
    read_head (self, child, depth + 1, url, og_title, heading);
}

static char *
squeezed (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n", -1);
  g_autoptr (GString) out = g_string_new (NULL);

  for (gsize i = 0; words[i] != NULL; i++)
    if (words[i][0] != '\0')
      g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "", words[i]);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
choose_title (SearchExtract *self, const char *og_title, const char *heading, const char *url)
{
  const char *title = self->title != NULL && self->title[0] != '\0' ? self->title : og_title != NULL ? og_title : heading;
  g_autofree char *own = g_steal_pointer (&self->title);
  g_autofree char *display = NULL;

  if (title == NULL || title[0] == '\0')
    title = display = search_url_display (url);
  self->title = squeezed (title != NULL ? title : url != NULL ? url : "");
}

/* ---- Bytes ---- */

static char *
charset_of (const char *content_type)
{
  const char *at = content_type != NULL ? strstr (content_type, "charset=") : NULL;
  gsize length;

  if (at == NULL)
    return NULL;
  at += strlen ("charset=") + (at[strlen ("charset=")] == '"');
  length = strcspn (at, "\"; ");
  return length > 0 && length < 40 ? g_strndup (at, length) : NULL;
}

static char *
mime_of (const char *content_type)
{
  return content_type != NULL ? g_ascii_strdown (content_type, (gssize) strcspn (content_type, "; ")) : g_strdup ("text/html");
}

static char *
bytes_to_text (const char *data, gsize length, const char *charset)
{
  g_autofree char *converted = charset != NULL && g_ascii_strcasecmp (charset, "utf-8") != 0
                                   ? g_convert_with_fallback (data, length, "UTF-8", charset, "\357\277\275", NULL, NULL, NULL)
                                   : NULL;

  return converted != NULL ? g_steal_pointer (&converted) : g_utf8_make_valid (data, length);
}

static void
extract_plain (SearchExtract *self, const char *data, gsize length, const char *charset, const char *url)
{
  g_autofree char *text = bytes_to_text (data, length, charset);
  g_auto (GStrv) parts = NULL;
  Writer writer = { g_string_new (NULL), g_string_new (NULL), g_string_new (NULL), SEARCH_PARAGRAPH_TEXT, FALSE };

  parts = g_strsplit (text, "\n\n", -1);
  for (gsize i = 0; parts[i] != NULL; i++)
    {
      write_text (&writer, parts[i]);
      end_paragraph (&writer, SEARCH_PARAGRAPH_TEXT);
    }
  g_string_free (writer.paragraph, TRUE);
  self->text = g_string_free (writer.text, FALSE);
  self->kinds = g_string_free (writer.kinds, FALSE);
  choose_title (self, NULL, NULL, url);
}

static gboolean
extract_html (SearchExtract *self, const char *data, gsize length, const char *charset, const char *url)
{
  htmlDocPtr doc = htmlReadMemory (data, (int) length, NULL, charset,
                                   HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
  xmlNode *root = doc != NULL ? xmlDocGetRootElement (doc) : NULL;
  g_autofree char *og_title = NULL;
  g_autofree char *heading = NULL;

  if (root != NULL)
    {
      read_head (self, root, 0, url, &og_title, &heading);
      choose_title (self, og_title, heading, url);
      write_main (self, choose_main (root));
    }
  if (doc != NULL)
    xmlFreeDoc (doc);
  return root != NULL;
}

SearchExtract *
search_extract_page (GBytes *bytes, const char *content_type, const char *url, GError **error)
{
  g_autoptr (SearchExtract) self = g_new0 (SearchExtract, 1);
  g_autofree char *mime = mime_of (content_type);
  g_autofree char *charset = charset_of (content_type);
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  if (strcmp (mime, "text/plain") == 0)
    extract_plain (self, data, length, charset, url);
  else if (strcmp (mime, "text/html") != 0 && strcmp (mime, "application/xhtml+xml") != 0)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED, "%s cannot be kept as text", mime);
      return NULL;
    }
  else if (length == 0 || length > G_MAXINT || !extract_html (self, data, length, charset, url))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "There is nothing readable in the page");
      return NULL;
    }
  return g_steal_pointer (&self);
}

typedef struct
{
  GBytes *bytes;
  char *content_type;
  char *url;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_bytes_unref (job->bytes);
  g_free (job->content_type);
  g_free (job->url);
  g_free (job);
}

static void
extract_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  SearchExtract *extract = search_extract_page (job->bytes, job->content_type, job->url, &error);

  if (extract != NULL)
    g_task_return_pointer (task, extract, (GDestroyNotify) search_extract_free);
  else
    g_task_return_error (task, error);
}

void
search_extract_page_async (GBytes *bytes, const char *content_type, const char *url, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->bytes = g_bytes_ref (bytes);
  job->content_type = g_strdup (content_type);
  job->url = g_strdup (url);
  g_task_set_source_tag (task, search_extract_page_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, extract_in_thread);
}

SearchExtract *
search_extract_page_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, search_extract_page_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
search_extract_free (SearchExtract *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->text);
  g_free (self->kinds);
  g_free (self->language);
  g_free (self->canonical_url);
  g_free (self->opensearch_url);
  g_free (self->mediawiki_api);
  g_free (self);
}
